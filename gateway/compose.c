/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/compose.h"
#include "newswire/buf.h"
#include "newswire/html.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

/* A headline made of text: at least and at most so many bytes. */
#define SENTENCE_MIN_BYTES 20
#define SENTENCE_MAX_BYTES 120

/* How much of a description is looked for at the start of the body. */
#define OPENING_BYTES 60

/* Ids that nobody else gives by chance. */
#define UNIQUE_ID_BYTES 16

#define DAY_S 86400

/* The text of an item in blocks. */
struct text {
	struct nw_body body;
	const char *plain;
	size_t len;
	bool teaser; /* there is more on the page */
};

static bool same_key(struct nw_arena *arena, const char *a, const char *b)
{
	if (!a || !b)
		return false;
	a = nw_utf8_key(arena, a);
	return *a && strcmp(a, nw_utf8_key(arena, b)) == 0;
}

static bool same_page(struct nw_arena *arena, const char *a, const char *b)
{
	if (!a || !b)
		return false;
	a = nw_ident_key(arena, a);
	b = nw_ident_key(arena, b);
	return a && b && strcmp(a, b) == 0;
}

/* The links of a paragraph: how many, the first and the last. */
struct links {
	size_t count;
	const char *first, *last;
	bool all; /* there is no text beside them */
};

static struct links links_of(const struct nw_block *block)
{
	struct links links = { .all = true };
	size_t i;

	for (i = 0; i < block->span_count; i++) {
		const struct nw_span *span = &block->spans[i];

		if (!span->href) {
			if (span->text[strspn(span->text, " \n.,»›→")])
				links.all = false;
			continue;
		}
		if (links.last && strcmp(links.last, span->href) == 0)
			continue;
		if (!links.count++)
			links.first = span->href;
		links.last = span->href;
	}
	return links;
}

/*
 * What blogs put below each text: "Continue reading", a link to the story and
 * nothing else, and "The post … appeared first on …", a link to the story
 * and one to the front page.  Told by the links, for the words are in any
 * language.  Only the former says that the text is a teaser.
 */
static bool is_furniture(struct nw_arena *arena, const struct nw_item *item,
			 const struct nw_block *block, bool *teaser)
{
	struct links links;

	if (block->kind != NW_BLOCK_PARAGRAPH)
		return false;
	links = links_of(block);
	if (!links.count || !same_page(arena, links.first, item->url))
		return false;
	if (links.count == 1 && links.all) {
		*teaser = true;
		return true;
	}
	return links.count == 2 && nw_url_is_front_page(arena, links.last);
}

static bool ends_with(const char *text, size_t len, const char *end)
{
	size_t end_len = strlen(end);

	return len >= end_len &&
	       memcmp(text + len - end_len, end, end_len) == 0;
}

static bool is_cut_off(const char *text, size_t len)
{
	static const char *const marks[] = { "…",   "...",   "[…]", "[...]",
					     "(…)", "(...)", "… »", "...»" };
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (ends_with(text, len, marks[i]))
			return true;
	return false;
}

/* What cannot be read is no text: the page may still be. */
static struct text text_of(struct nw_arena *arena, const struct nw_item *item)
{
	struct text text = { .teaser = !item->content_html };
	const char *html =
		item->content_html ? item->content_html : item->summary_html;

	if (html && nw_html_read(arena, html, strlen(html), item->base_url,
				 &text.body, NULL) < 0)
		text.body = (struct nw_body){ NULL, 0 };
	while (text.body.count &&
	       is_furniture(arena, item, &text.body.blocks[text.body.count - 1],
			    &text.teaser))
		text.body.count--;
	text.plain = nw_body_text(arena, &text.body);
	text.len = strlen(text.plain);
	if (is_cut_off(text.plain, text.len))
		text.teaser = true;
	return text;
}

/* Behind the first sentence of a line, when it is of a headline's length. */
static size_t sentence_length(const char *line)
{
	size_t at;

	for (at = SENTENCE_MIN_BYTES; at < SENTENCE_MAX_BYTES && line[at]; at++)
		if (strchr(".!?", line[at - 1]) && line[at] == ' ')
			return at;
	return strlen(line);
}

const char *nw_compose_item_title(struct nw_arena *arena,
				  const struct nw_item *item)
{
	const char *html =
		item->summary_html ? item->summary_html : item->content_html;
	const char *line;

	if (item->title)
		return item->title;
	line = html ? nw_html_line(arena, html, NW_STORY_SUMMARY_BYTES) : NULL;
	if (!line)
		return item->url;
	if (strlen(line) <= SENTENCE_MIN_BYTES)
		return line;
	return nw_utf8_line(arena, line, sentence_length(line),
			    SENTENCE_MAX_BYTES);
}

/* What pages are called whose title is only that of their site. */
static bool is_site_name(struct nw_arena *arena, const struct nw_feed *feed,
			 const struct nw_story *page)
{
	return same_key(arena, page->title, page->publisher) ||
	       same_key(arena, page->title, feed->title);
}

static void choose_title(struct nw_arena *arena, struct nw_story *story,
			 const struct nw_feed *feed, const struct nw_item *item)
{
	const char *title = nw_compose_item_title(arena, item);

	if (title && (!story->title || is_site_name(arena, feed, story)))
		story->title = title;
}

static bool has_more(const struct nw_story *story, const struct text *text,
		     size_t page_len)
{
	if (!page_len && !story->update_count)
		return true;
	if (text->teaser || story->live)
		return false;
	if (story->paywalled)
		return text->len > page_len;
	return text->len > page_len + page_len / 4;
}

/* A teaser that opens the body says nothing of its own. */
static bool is_opening(struct nw_arena *arena, const char *line,
		       const char *body)
{
	size_t len = strlen(body);
	char *start = nw_utf8_line(arena, body,
				   len < NW_STORY_SUMMARY_BYTES
					   ? len
					   : NW_STORY_SUMMARY_BYTES,
				   NW_STORY_SUMMARY_BYTES);
	char *key = nw_utf8_key(arena, line);

	if (!start)
		return false;
	len = strlen(key);
	return len && strncmp(key, nw_utf8_key(arena, start),
			      len < OPENING_BYTES ? len : OPENING_BYTES) == 0;
}

static void choose_body(struct nw_arena *arena, struct nw_story *story,
			const struct nw_item *item)
{
	struct text text = text_of(arena, item);
	const char *page_text = nw_body_text(arena, &story->body);
	const char *summary = NULL;

	if (text.len && has_more(story, &text, strlen(page_text))) {
		story->body = text.body;
		story->paywalled = false;
		page_text = text.plain;
	}
	if (story->description)
		return;
	if (item->summary_html)
		summary = nw_html_line(arena, item->summary_html,
				       NW_STORY_SUMMARY_BYTES);
	if (summary && !is_opening(arena, summary, page_text) &&
	    !same_key(arena, summary, story->title))
		story->description = summary;
}

/* Nobody's display name is an address. */
static const char *name_of(struct nw_arena *arena,
			   const struct nw_author *author)
{
	if (author->name)
		return author->name;
	return nw_utf8_line(arena, author->email, strcspn(author->email, "@"),
			    NW_STORY_NAME_BYTES);
}

static bool has_author(const struct nw_story *story, const char *name)
{
	size_t i;

	for (i = 0; i < story->author_count; i++)
		if (strcasecmp(story->authors[i].name, name) == 0)
			return true;
	return false;
}

/* The page's, completed with what the item knows of them; the item's only
 * when the page names nobody, for a feed often names who uploaded it. */
static void choose_authors(struct nw_arena *arena, struct nw_story *story,
			   const struct nw_item *item)
{
	struct nw_author *authors = NULL, author;
	size_t count = 0, i;
	bool alone = !story->author_count;

	for (i = 0; i < story->author_count; i++)
		nw_story_add_author(arena, &authors, &count,
				    &story->authors[i]);
	for (i = 0; i < item->author_count; i++) {
		author = item->authors[i];
		author.name = name_of(arena, &author);
		if (author.name && (alone || has_author(story, author.name)))
			nw_story_add_author(arena, &authors, &count, &author);
	}
	story->authors = authors;
	story->author_count = count;
}

/* A page that only tells the day is midnight; the feed may know the hour. */
static bool is_more_precise(int64_t feed_utc, int64_t page_utc)
{
	int64_t apart = feed_utc - page_utc;

	return page_utc % DAY_S == 0 && feed_utc % DAY_S != 0 &&
	       apart > -DAY_S && apart < DAY_S;
}

static void choose_times(struct nw_story *story, const struct nw_item *item)
{
	int64_t feed_utc = item->published_utc != NW_TIME_NONE
				   ? item->published_utc
				   : item->updated_utc;

	if (feed_utc != NW_TIME_NONE &&
	    (story->published_utc == NW_TIME_NONE ||
	     is_more_precise(feed_utc, story->published_utc)))
		story->published_utc = feed_utc;
	if (story->modified_utc == NW_TIME_NONE &&
	    item->updated_utc > story->published_utc)
		story->modified_utc = item->updated_utc;
}

static void add_enclosures(struct nw_arena *arena, struct nw_story *story,
			   const struct nw_item *item)
{
	struct nw_enclosure *all = NULL;
	size_t count = 0, i, j;

	for (i = 0; i < story->enclosure_count + item->enclosure_count; i++) {
		const struct nw_enclosure *one =
			i < story->enclosure_count
				? &story->enclosures[i]
				: &item->enclosures[i - story->enclosure_count];

		/* The picture above the story is no attachment as well. */
		if (story->lead_image && one->type &&
		    strncasecmp(one->type, "image/", 6) == 0)
			continue;
		for (j = 0; j < count; j++)
			if (strcmp(all[j].url, one->url) == 0)
				break;
		if (j < count || count == NW_FEED_ENCLOSURES)
			continue;
		all = nw_arena_grow(arena, all, count, sizeof(*all));
		all[count++] = *one;
	}
	story->enclosures = all;
	story->enclosure_count = count;
}

/* An id may be "1" in every other feed as well: then it names its story only
 * together with the site. */
static void name_by_feed(struct nw_arena *arena, struct nw_story *story,
			 const struct nw_feed *feed, const struct nw_item *item)
{
	const char *home = feed->home_url ? feed->home_url : feed->feed_url;
	const char *site = home ? nw_ident_key(arena, home) : NULL;
	const char *key = nw_compose_item_key(arena, item);

	nw_story_add_alias(arena, story,
			   nw_arena_printf(arena, "%s#%s", site ? site : "",
					   key));
}

/* A URI, or long enough to be meant so (a UUID, a database's object id). */
static bool is_unique(const char *id)
{
	return strchr(id, ':') || strlen(id) >= UNIQUE_ID_BYTES;
}

static void choose_names(struct nw_arena *arena, struct nw_story *story,
			 const struct nw_feed *feed, const struct nw_item *item)
{
	const char *url = story->url ? story->url : item->url;

	story->url = url;
	/* Some sites' every page says that it is the front page. */
	if (!story->canonical_url ||
	    (url && nw_url_is_front_page(arena, story->canonical_url) &&
	     !nw_url_is_front_page(arena, url)))
		story->canonical_url = url;
	nw_story_add_alias(arena, story, item->url);
	if (!url || (item->id && !is_unique(item->id)))
		name_by_feed(arena, story, feed, item);
	else if (item->id && !same_page(arena, item->id, feed->home_url))
		nw_story_add_alias(arena, story, item->id);
}

/* Copies of the arrays that others are added to: the page keeps its own. */
static struct nw_story *copy_page(struct nw_arena *arena,
				  const struct nw_story *page)
{
	struct nw_story *story = nw_story_new(arena);
	size_t i;

	if (!page)
		return story;
	*story = *page;
	story->aliases = NULL;
	story->alias_count = 0;
	for (i = 0; i < page->alias_count; i++)
		nw_story_add_alias(arena, story, page->aliases[i]);
	story->topics = NULL;
	story->topic_count = 0;
	for (i = 0; i < page->topic_count; i++)
		nw_story_add_topic(arena, story, page->topics[i]);
	return story;
}

int nw_compose(struct nw_arena *arena, const struct nw_feed *feed,
	       const struct nw_item *item, const struct nw_story *page,
	       struct nw_story **story_r, struct nw_error *err)
{
	struct nw_story *story = copy_page(arena, page);
	size_t i;

	choose_title(arena, story, feed, item);
	if (!story->title)
		return nw_error_set(err, NW_ERROR_DATA,
				    "the item has neither a title nor a text "
				    "nor an address");
	choose_names(arena, story, feed, item);
	choose_body(arena, story, item);
	choose_authors(arena, story, item);
	choose_times(story, item);
	if (!story->publisher)
		story->publisher = feed->title;
	if (!story->language)
		story->language =
			item->language ? item->language : feed->language;
	if (!story->lead_image)
		story->lead_image = item->image;
	if (!story->icon)
		story->icon = feed->icon;
	for (i = 0; i < item->tag_count; i++)
		nw_story_add_topic(arena, story, item->tags[i]);
	add_enclosures(arena, story, item);
	*story_r = story;
	return 0;
}

char *nw_compose_item_key(struct nw_arena *arena, const struct nw_item *item)
{
	char *key = nw_ident_key(arena, item->id ? item->id : item->url);

	return key ? key : nw_compose_item_hash(arena, item);
}

char *nw_compose_item_hash(struct nw_arena *arena, const struct nw_item *item)
{
	const char *const parts[] = { item->title, item->url,
				      item->summary_html, item->content_html };
	struct nw_buf all;
	char *hash;
	size_t i;

	nw_buf_init(&all, 3 * NW_FEED_TEXT_BYTES);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i])
			nw_buf_adds(&all, parts[i]);
		nw_buf_addc(&all, '\0');
	}
	nw_buf_addf(&all, "%lld %lld %d", (long long)item->published_utc,
		    (long long)item->updated_utc, item->withdrawn);
	hash = nw_ident_hash(arena, all.data, all.len);
	nw_buf_free(&all);
	return hash;
}
