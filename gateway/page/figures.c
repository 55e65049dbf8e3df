/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/notice.h"
#include "extract_private.h"

struct maker {
	struct nw_figure *all;
	size_t count;
	struct nw_words *words;
};

static const struct tag {
	char name[12];
	enum nw_tag tag;
	bool block;
} tags[] = {
	{ "a", NW_TAG_LINK, false },
	{ "address", NW_TAG_DIVISION, true },
	{ "article", NW_TAG_ARTICLE, true },
	{ "aside", NW_TAG_ASIDE, true },
	{ "audio", NW_TAG_HIDDEN, false },
	{ "blockquote", NW_TAG_QUOTE, true },
	{ "body", NW_TAG_DIVISION, true },
	{ "br", NW_TAG_BREAK, false },
	{ "button", NW_TAG_HIDDEN, true },
	{ "canvas", NW_TAG_HIDDEN, false },
	{ "caption", NW_TAG_CAPTION, true },
	{ "center", NW_TAG_DIVISION, true },
	{ "datalist", NW_TAG_HIDDEN, false },
	{ "dd", NW_TAG_ITEM, true },
	{ "details", NW_TAG_DETAILS, true },
	{ "dialog", NW_TAG_HIDDEN, true },
	{ "dir", NW_TAG_LIST, true },
	{ "div", NW_TAG_DIVISION, true },
	{ "dl", NW_TAG_LIST, true },
	{ "dt", NW_TAG_ITEM, true },
	{ "fieldset", NW_TAG_DIVISION, true },
	{ "figcaption", NW_TAG_CAPTION, true },
	{ "figure", NW_TAG_FIGURE, true },
	{ "footer", NW_TAG_FOOTER, true },
	{ "form", NW_TAG_FORM, true },
	{ "h1", NW_TAG_HEADING, true },
	{ "h2", NW_TAG_HEADING, true },
	{ "h3", NW_TAG_HEADING, true },
	{ "h4", NW_TAG_HEADING, true },
	{ "h5", NW_TAG_HEADING, true },
	{ "h6", NW_TAG_HEADING, true },
	{ "head", NW_TAG_DIVISION, true },
	{ "header", NW_TAG_HEADER, true },
	{ "iframe", NW_TAG_HIDDEN, false },
	{ "img", NW_TAG_IMAGE, false },
	{ "input", NW_TAG_CONTROL, false },
	{ "legend", NW_TAG_DIVISION, true },
	{ "li", NW_TAG_ITEM, true },
	{ "main", NW_TAG_MAIN, true },
	{ "math", NW_TAG_HIDDEN, false },
	{ "menu", NW_TAG_LIST, true },
	{ "nav", NW_TAG_NAV, true },
	{ "noembed", NW_TAG_HIDDEN, false },
	{ "noframes", NW_TAG_HIDDEN, false },
	{ "noscript", NW_TAG_HIDDEN, false },
	{ "object", NW_TAG_HIDDEN, false },
	{ "ol", NW_TAG_LIST, true },
	{ "option", NW_TAG_HIDDEN, false },
	{ "p", NW_TAG_PARAGRAPH, true },
	{ "picture", NW_TAG_IMAGE, false },
	{ "pre", NW_TAG_PRE, true },
	{ "script", NW_TAG_HIDDEN, false },
	{ "search", NW_TAG_FORM, true },
	{ "section", NW_TAG_SECTION, true },
	{ "select", NW_TAG_HIDDEN, false },
	{ "style", NW_TAG_HIDDEN, false },
	{ "summary", NW_TAG_DIVISION, true },
	{ "svg", NW_TAG_HIDDEN, false },
	{ "table", NW_TAG_TABLE, true },
	{ "tbody", NW_TAG_DIVISION, true },
	{ "td", NW_TAG_CELL, true },
	{ "template", NW_TAG_HIDDEN, false },
	{ "textarea", NW_TAG_HIDDEN, false },
	{ "tfoot", NW_TAG_DIVISION, true },
	{ "th", NW_TAG_CELL, true },
	{ "thead", NW_TAG_DIVISION, true },
	{ "title", NW_TAG_HIDDEN, false },
	{ "tr", NW_TAG_DIVISION, true },
	{ "ul", NW_TAG_LIST, true },
	{ "video", NW_TAG_HIDDEN, false },
};

static int compare_tag(const void *name, const void *tag)
{
	return strcmp(name, ((const struct tag *)tag)->name);
}

static bool hides(const char *name, const char *value)
{
	const char *at;

	if (!strcmp(name, "hidden"))
		return true;
	if (strcmp(name, "style"))
		return false;
	at = strcasestr(value, "display");
	at = at ? at + strlen("display") : NULL;
	return at && !strncasecmp(at + strspn(at, " :"), "none", 4);
}

/* Whether a label for those who cannot see is a headline rather than the name
 * of a part of the page. */
static bool is_sentence(const char *name, const char *value)
{
	unsigned spaces = 0;

	if (strcmp(name, "aria-label"))
		return false;
	for (; *value; value++)
		spaces += *value == ' ';
	return spaces >= 4;
}

/* What the attributes say. */
static void read_attributes(struct maker *maker, struct nw_figure *figure)
{
	static const char *const names[] = { "class", "id", "role", "itemprop",
					     "aria-label", "data-testid",
					     "data-component" };
	const xmlAttr *attr;
	size_t i;

	for (attr = figure->node->properties; attr; attr = attr->next) {
		const char *name = (const char *)attr->name;
		const char *value = "";

		if (attr->children && attr->children->content)
			value = (const char *)attr->children->content;
		if (hides(name, value))
			figure->unseen = true;
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (!strcmp(name, names[i]) &&
			    !is_sentence(name, value))
				figure->words |=
					nw_words_of(maker->words, value);
	}
}

/*
 * Letters and marks of a text.  An ideograph and what else takes three octets
 * (but the general punctuation, U+2000–U+2FFF) says about as much as two
 * letters.
 */
static unsigned measure(const unsigned char *text, unsigned *marks_r)
{
	unsigned letters = 0, marks = 0;
	bool space = false;

	for (; *text; text++) {
		if (*text <= 0x20) {
			space = true;
			continue;
		}
		if (*text >= 0x80 && *text < 0xc0)
			continue;
		letters += 1 + (space && letters);
		space = false;
		if (*text == ',' || *text == '.' || *text == ';' ||
		    *text == '!' || *text == '?' || *text == ':')
			marks += text[1] <= 0x20 || text[1] == '"' ||
				 text[1] >= 0x80;
		else if (*text >= 0xe3)
			letters++;
		/* U+3001 and U+3002; U+FF0C and the like; U+0964; U+060C. */
		if (*text == 0xe3 && text[1] == 0x80 &&
		    (text[2] == 0x81 || text[2] == 0x82))
			marks++;
		else if (*text == 0xef && text[1] == 0xbc)
			marks++;
		else if (*text == 0xe0 && text[1] == 0xa5 && text[2] == 0xa4)
			marks++;
		else if (*text == 0xd8 && text[1] == 0x8c)
			marks++;
	}
	*marks_r = marks;
	return letters;
}

static void add_text(struct maker *maker, size_t around, const char *text)
{
	struct nw_figure *figure = &maker->all[around];
	unsigned marks, letters = measure((const unsigned char *)text, &marks);
	bool link = false, hidden = false;

	if (!letters)
		return;
	while (!figure->block && figure->parent != around) {
		link = link || figure->tag == NW_TAG_LINK;
		hidden = hidden || (figure->words & NW_WORD_HIDDEN);
		around = figure->parent;
		figure = &maker->all[around];
	}
	/* A link around blocks makes links of all that is in them. */
	link = link || figure->link;
	/* For those who cannot see what is shown beside it; but a link that is
	 * laid over a card tells what the card is. */
	if (hidden && !link)
		return;
	figure->own += letters + (figure->own != 0);
	figure->own_link += link ? letters : 0;
	figure->marks += marks;
}

/* Whether a reader answers there; boxes to tick are in lists of things to do,
 * too. */
static bool is_question(const xmlNode *input)
{
	const char *type = nw_dom_attr(input, "type");

	return !type || (strcmp(type, "hidden") && strcmp(type, "checkbox"));
}

static void add_element(struct maker *maker, xmlNode *node, size_t parent)
{
	struct nw_figure *figure = &maker->all[maker->count];
	const struct tag *tag =
		bsearch(node->name, tags, sizeof(tags) / sizeof(tags[0]),
			sizeof(tags[0]), compare_tag);

	*figure = (struct nw_figure){
		.node = node,
		.parent = (unsigned)parent,
		.tag = tag ? tag->tag : NW_TAG_INLINE,
		.block = tag && tag->block,
		.control = tag && tag->tag == NW_TAG_CONTROL &&
			   is_question(node),
		.headline = tag && (tag->tag == NW_TAG_MAIN ||
				    !strcmp(tag->name, "h1")),
	};
	node->_private = figure;
	if (figure->tag != NW_TAG_LINK && figure->tag != NW_TAG_HIDDEN)
		read_attributes(maker, figure);
	/* Until the sums are made, link says that a link is around it. */
	figure->link = maker->all[parent].link ||
		       maker->all[parent].tag == NW_TAG_LINK;
	maker->count++;
}

static size_t count_elements(const xmlNode *top)
{
	const xmlNode *node = top;
	size_t count = 0;

	for (; node; node = nw_dom_next(node, top, false))
		count += node->type == XML_ELEMENT_NODE;
	return count;
}

static void walk(struct maker *maker, xmlNode *top)
{
	xmlNode *node = top;
	size_t parent = 0;

	while (node) {
		bool element = node->type == XML_ELEMENT_NODE;
		bool hidden = false;

		if (element) {
			parent = node == top ? 0 :
					       (size_t)(nw_figure_of(
								node->parent) -
							maker->all);
			add_element(maker, node, parent);
			hidden = maker->all[maker->count - 1].tag ==
				 NW_TAG_HIDDEN;
		} else if (node->content && node->parent) {
			parent = (size_t)(nw_figure_of(node->parent) -
					  maker->all);
			add_text(maker, parent, (const char *)node->content);
		}
		node = nw_dom_next(node, top, hidden);
	}
}

/* A block of prose: long enough, not a link, with the marks of sentences. */
unsigned nw_figure_own_mass(const struct nw_figure *figure)
{
	unsigned plain = figure->own - figure->own_link;

	if (figure->tag == NW_TAG_HEADING || figure->caption || plain < 25 ||
	    figure->own_link > plain)
		return 0;
	if (plain >= 80 && figure->marks)
		return plain;
	return figure->marks ? plain / 2 : plain / 4;
}

void nw_figures_weigh(struct nw_figures *figures)
{
	struct nw_figure *all = figures->all;
	size_t i;

	for (i = 0; i < figures->count; i++) {
		all[i].mass = all[i].out ? 0 : nw_figure_own_mass(&all[i]);
		all[i].items = all[i].mass >= 80;
	}
	for (i = figures->count; i-- > 1;) {
		if (all[i].out)
			continue;
		all[all[i].parent].mass += all[i].mass;
		all[all[i].parent].items += all[i].items;
	}
}

static void add_up(struct nw_figures *figures)
{
	struct nw_figure *all = figures->all;
	size_t i;

	for (i = 0; i < figures->count; i++) {
		all[i].text = all[i].own;
		all[i].link = all[i].own_link;
		all[i].end = (unsigned)i + 1;
	}
	for (i = figures->count; i-- > 1;) {
		struct nw_figure *parent = &all[all[i].parent];

		parent->text += all[i].text;
		parent->link += all[i].link;
		parent->control |= all[i].control;
		parent->headline |= all[i].headline;
		if (parent->end < all[i].end)
			parent->end = all[i].end;
	}
}

/* What holds words that are not the site's, whatever it is called: a block with
 * a notice, and what is around nothing else. */
static void find_notices(struct nw_arena *arena, struct nw_figures *figures)
{
	struct nw_figure *all = figures->all;
	const char *text;
	size_t i, at;
	bool alone;

	for (i = 1; i < figures->count; i++) {
		if (!all[i].block || !all[i].own || all[i].unseen ||
		    all[i].text > NW_NOTICE_BYTES ||
		    all[i].words & (NW_WORD_COMMENT | NW_WORD_CONSENT))
			continue;
		/* What is hidden has words, but shows none. */
		text = nw_dom_text(arena, all[i].node, NW_NOTICE_BYTES);
		if (!text || !nw_notice_is(text, &alone) || alone)
			continue;
		for (at = i;
		     at && all[at].text == all[i].text && !all[at].unseen;
		     at = all[at].parent)
			all[at].notice = true;
	}
}

void nw_figures_make(const struct nw_page *page, xmlNode *top,
		     struct nw_figures *figures)
{
	struct maker maker = { .words = page->words };
	size_t count = count_elements(top);

	maker.all = nw_arena_alloc(page->arena, count * sizeof(*maker.all));
	walk(&maker, top);
	figures->all = maker.all;
	figures->count = maker.count;
	figures->work = page->work;
	(void)nw_work_pay(page->work, count);
	add_up(figures);
	find_notices(page->arena, figures);
	nw_figures_weigh(figures);
}

void nw_figures_leave_out(struct nw_figures *figures, size_t at,
			  const char *why)
{
	size_t i;

	if (figures->all[at].notice)
		return;
	for (i = at; i < figures->all[at].end; i++)
		figures->all[i].out = why;
}

size_t nw_figures_headline(const struct nw_figures *figures, size_t before)
{
	size_t found = 0, i;

	for (i = 1; i < before; i++)
		if (!strcmp((const char *)figures->all[i].node->name, "h1"))
			found = i;
	return found;
}
