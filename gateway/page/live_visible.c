/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "html_private.h"
#include "live_private.h"

/* Words in classes. */
static const char *const title_words[] = {
	"title", "headline", "heading", NULL
};
static const char *const author_words[] = {
	"author", "authors", "byline", "contributor", "autor", "writer", NULL
};
static const char *const name_words[] = { "name", NULL };
static const char *const label_words[] = {
	"label", "badge", "flag", "marker", NULL
};
static const char *const time_words[] = {
	"time", "timestamp", "date", "datetime", NULL
};
static const char *const changed_words[] = {
	"modified", "updated", "edited", NULL
};

/* What the text of a label, or a class of an entry, says, as a key. */
static const struct label {
	const char *key;
	enum nw_update_mark mark;
} labels[] = {
	{ "keyevent", NW_UPDATE_KEY_EVENT },
	{ "keymoment", NW_UPDATE_KEY_EVENT },
	{ "highlight", NW_UPDATE_KEY_EVENT },
	{ "breaking", NW_UPDATE_BREAKING },
	{ "eilmeldung", NW_UPDATE_BREAKING },
	{ "pinned", NW_UPDATE_PINNED },
	{ "sticky", NW_UPDATE_PINNED },
	{ "summary", NW_UPDATE_SUMMARY },
};

/* A walk over an entry, until its text begins. */
struct look {
	const struct nw_live *live;
	struct nw_live_entry *entry;
	bool begun; /* its text has begun */
};

/* Whether nothing but text stands before node below top. */
static bool is_first(const xmlNode *node, const xmlNode *top)
{
	const xmlNode *before;

	for (; node != top; node = node->parent)
		for (before = node->prev; before; before = before->prev)
			if (before->type == XML_ELEMENT_NODE)
				return false;
	return true;
}

/* Entries hold related stories as articles of their own; the first article in
 * an item of a list is the entry. */
static bool is_other_article(const xmlNode *node,
			     const struct nw_live_entry *entry)
{
	return nw_dom_is(node, "article") && !is_first(node, entry->node);
}

static bool is_heading(const xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE &&
	       nw_html_element(node)->treatment == NW_HTML_HEADING;
}

static unsigned marks_of(struct nw_arena *arena, const char *text, bool whole)
{
	unsigned marks = 0;
	const char *key;
	size_t i;

	if (!text || !*text)
		return 0;
	key = nw_utf8_key(arena, text);
	for (i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (whole ? !strncmp(key, labels[i].key,
				     strlen(labels[i].key)) &&
				    strlen(key) < strlen(labels[i].key) + 8
			  : strstr(key, labels[i].key) != NULL)
			marks |= labels[i].mark;
	return marks;
}

/* Whether a time is that of a change: by its class, or the word before it. */
static bool is_change(const xmlNode *node)
{
	static const char *const words[] = {
		"pdated", "ktualisiert", "odifi", "ctualiz", "ggiornat"
	};
	const xmlNode *before = node->prev;
	size_t i;

	if (nw_html_has_word(node, "class", changed_words) ||
	    nw_html_has_word(node, "itemprop", changed_words) ||
	    (node->parent &&
	     nw_html_has_word(node->parent, "class", changed_words)))
		return true;
	for (i = 0;
	     before && before->content && i < sizeof(words) / sizeof(*words);
	     i++)
		if (strstr((const char *)before->content, words[i]))
			return true;
	return false;
}

static void set_time(struct nw_live_entry *entry, bool change,
		     const struct nw_date *date)
{
	int64_t *place = change ? &entry->modified_utc : &entry->published_utc;

	if (*place != NW_TIME_NONE)
		return;
	*place = date->utc;
	entry->local = !date->has_zone;
}

static void read_time(struct look *look, const xmlNode *node)
{
	static const char *const attributes[] = {
		"datetime", "content", "data-timestamp", "data-datetime"
	};
	char *text =
		nw_dom_text(look->live->page->arena, node, 2 * NW_DATE_BYTES);
	struct nw_live_entry *entry = look->entry;
	struct nw_date date;
	size_t i, used;
	int64_t day;

	for (i = 0; i < 4; i++) {
		const char *said = nw_dom_attr(node, attributes[i]);

		if (said && nw_date_parse(said, strlen(said), &date) == 0 &&
		    date.has_time) {
			set_time(entry, is_change(node), &date);
			return;
		}
	}
	if (!text || is_change(node))
		return;
	/* "18:05 (IST)" */
	for (i = 0; text[i]; i++)
		if (text[i] == '(' || text[i] == ')')
			text[i] = ' ';
	if (nw_date_parse(text, strlen(text), &date) == 0 && date.has_time)
		set_time(entry, false, &date);
	else if (entry->clock < 0)
		entry->clock = nw_live_clock(text, &used, &day);
}

/* A time element, or what is one by its class as it stands in the head of an
 * entry. */
static bool is_time(const xmlNode *node)
{
	return nw_dom_is(node, "time") ||
	       (nw_html_has_word(node, "class", time_words) &&
		!nw_dom_find(node, "time") && !nw_dom_find(node, "p"));
}

/* Microdata of the entry that stands in an attribute. */
static void read_property(struct look *look, const xmlNode *node)
{
	struct nw_arena *arena = look->live->page->arena;
	const char *name = nw_dom_attr(node, "itemprop");
	const char *value = nw_dom_attr(node, "content");
	struct nw_live_entry *entry = look->entry;
	struct nw_date date;
	bool change;

	if (!name || !value || !*value)
		return;
	change = !strcmp(name, "dateModified");
	if ((change || !strcmp(name, "datePublished")) &&
	    nw_date_parse(value, strlen(value), &date) == 0)
		set_time(entry, change, &date);
	else if (!strcmp(name, "headline") && !entry->title)
		entry->title =
			nw_live_title(look->live,
				      nw_jsonld_line(arena, value,
						     NW_STORY_TITLE_BYTES));
	else if (!strcmp(name, "articleBody") && !entry->text)
		entry->text = value;
}

static bool skip_in_title(const xmlNode *node, void *context)
{
	(void)context;
	return nw_dom_is(node, "time") ||
	       nw_html_has_word(node, "class", label_words);
}

static void read_title(struct look *look, const xmlNode *node)
{
	const struct nw_html_options options = { .skip = skip_in_title };
	struct nw_live_entry *entry = look->entry;
	char *text;

	if (look->begun || entry->title_node)
		return;
	text = nw_html_text_line(look->live->page->arena, node, &options,
				 NW_STORY_TITLE_BYTES);
	if (!text)
		return;
	entry->title_node = node;
	entry->title = nw_live_title(look->live, text);
}

/* The name within a byline, where it is marked. */
static const xmlNode *find_name(const xmlNode *top)
{
	enum { LOOKS = 24 };
	const xmlNode *node = top;
	unsigned looks;

	for (looks = 0; node && looks < LOOKS; looks++) {
		const char *rel = nw_dom_attr(node, "rel");

		if ((rel && !strcmp(rel, "author")) ||
		    nw_html_has_word(node, "itemprop", name_words) ||
		    nw_html_has_word(node, "class", name_words))
			return node;
		node = nw_dom_next(node, top, false);
	}
	return top;
}

static bool is_author(const xmlNode *node)
{
	const char *rel = nw_dom_attr(node, "rel");

	return (rel && !strcmp(rel, "author")) ||
	       nw_html_has_word(node, "itemprop", author_words) ||
	       nw_html_has_word(node, "class", author_words);
}

static void read_author(struct look *look, const xmlNode *node)
{
	enum { NAME_BYTES = 100 };
	struct nw_arena *arena = look->live->page->arena;
	struct nw_live_entry *entry = look->entry;
	const xmlNode *name = find_name(node);
	const char *href = nw_dom_attr(name, "href");
	struct nw_author author = { 0 };
	const char *text = nw_dom_attr(name, "content");

	if (!text)
		text = nw_dom_text(arena, name, NAME_BYTES);
	if (!text || strlen(text) >= NAME_BYTES)
		return;
	if (href)
		author.url =
			nw_url_resolve(arena, look->live->page->base, href);
	nw_byline_add(arena, text, &author, &entry->authors,
		      &entry->author_count);
}

/* A marked word in the head of an entry: a label, or who wrote it. */
static void read_mark(struct look *look, const xmlNode *node)
{
	struct nw_arena *arena = look->live->page->arena;
	unsigned marks =
		marks_of(arena, nw_dom_text(arena, node, NW_STORY_NAME_BYTES),
			 true);

	look->entry->marks |= marks;
	if (!marks && nw_dom_is(node, "mark"))
		read_author(look, node);
}

/* A name in the head of an entry, whatever the markup, is who wrote it. */
static void read_name(struct look *look, const xmlNode *text)
{
	enum { NAME_BYTES = 100 };
	const struct nw_live *live = look->live;
	const char *line;
	size_t len, i;

	if (look->begun || !text->content || !live->author_count)
		return;
	len = strlen((const char *)text->content);
	if (len < 3 || len > NAME_BYTES)
		return;
	line = nw_utf8_line(live->page->arena, (const char *)text->content, len,
			    NAME_BYTES);
	for (i = 0; line && i < live->author_count; i++)
		if (!strcmp(line, live->authors[i].name))
			nw_story_add_author(live->page->arena,
					    &look->entry->authors,
					    &look->entry->author_count,
					    &live->authors[i]);
}

/* The link to the entry itself. */
static void read_link(struct look *look, const xmlNode *node)
{
	const char *href = nw_dom_attr(node, "href");
	struct nw_live_entry *entry = look->entry;
	const char *id;

	if (!href || !strchr(href, '#'))
		return;
	id = nw_live_id(look->live, href);
	if (!id)
		return;
	if (nw_dom_has_class(node, "u-in-reply-to"))
		entry->parent = id;
	else if (!entry->url && entry->id && !strcmp(id, entry->id))
		entry->url = nw_url_resolve(look->live->page->arena,
					    look->live->page->base, href);
}

static bool has_letters(const xmlNode *top)
{
	const xmlNode *node = top;
	const unsigned char *at;

	for (; node; node = nw_dom_next(node, top, nw_dom_is_hidden(node)))
		if (node->type == XML_TEXT_NODE && node->content)
			for (at = node->content; *at; at++)
				if (isalnum(*at) || *at >= 0x80)
					return true;
	return false;
}

/* The parser ends a heading where a paragraph in it begins. */
static bool follows_empty_heading(const xmlNode *node)
{
	const xmlNode *before = node->prev;

	while (before && before->type != XML_ELEMENT_NODE)
		before = before->prev;
	return before && is_heading(before) && !has_letters(before);
}

/* Looks at one element; returns whether what is below it matters. */
static bool look_at(struct look *look, const xmlNode *node)
{
	if (nw_dom_is_hidden(node) || is_other_article(node, look->entry))
		return false;
	read_property(look, node);
	if (is_time(node))
		read_time(look, node);
	else if (is_heading(node))
		read_title(look, node);
	else if (nw_dom_is(node, "a"))
		read_link(look, node);
	if (is_author(node)) {
		read_author(look, node);
		return false;
	}
	if (look->begun)
		return true;
	if (nw_dom_is(node, "mark") ||
	    nw_html_has_word(node, "class", label_words))
		read_mark(look, node);
	else if (nw_dom_is(node, "p") && follows_empty_heading(node))
		read_title(look, node);
	else if ((nw_html_has_word(node, "class", title_words) ||
		  nw_html_has_word(node, "itemprop", title_words)) &&
		 !nw_dom_find(node, "p"))
		read_title(look, node);
	else if (nw_dom_is(node, "p") || nw_dom_is(node, "li") ||
		 nw_dom_is(node, "figure"))
		look->begun = has_letters(node);
	return true;
}

void nw_live_read_visible(const struct nw_live *live,
			  struct nw_live_entry *entry)
{
	struct nw_arena *arena = live->page->arena;
	struct look look = { .live = live, .entry = entry };
	const xmlNode *top = entry->node, *node;

	entry->marks |= marks_of(arena, nw_dom_attr(top, "class"), false) |
			marks_of(arena, nw_dom_attr(top, "data-type"), false);
	if (nw_dom_attr(top, "data-tombstone"))
		entry->marks |= NW_UPDATE_WITHDRAWN;
	node = nw_dom_next(top, top, false);
	while (node) {
		bool below =
			node->type == XML_ELEMENT_NODE && look_at(&look, node);

		if (node->type == XML_TEXT_NODE)
			read_name(&look, node);
		if (nw_dom_is(node, "blockquote") || nw_dom_is(node, "table"))
			below = false;
		node = nw_dom_next(node, top, !below);
	}
}
