/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/notice.h"
#include "newswire/utf8.h"
#include "polish_private.h"

/*
 * The last look at the blocks, by their words: what was said before (the
 * headline, a caption, a paragraph), and lines that sites write into every
 * article.
 */

/* A text that is compared has at least this many bytes as a key. */
#define SAID_MIN 60
/* Texts longer than this are compared by their beginning. */
#define KEY_BYTES 400
/* Letters by which texts with the same key may differ, and lengths that are
 * told apart. */
#define KEY_SLACK 4
#define LENGTHS 256
/* A key that is longer is no name. */
#define NAME_KEY_BYTES 100
/* Blocks among which the headline may stand; bytes of the key of one, and what
 * may stand before it in one line. */
#define HEADLINES 4
#define HEADLINE_MIN 20
#define KICKER_MAX 60
/* Octets of a text as it is in an address. */
#define SLUG_MIN 30
#define SLUG_MAX 200

static bool has_words(const struct nw_block *block)
{
	return block->span_count && (block->kind == NW_BLOCK_PARAGRAPH ||
				     block->kind == NW_BLOCK_HEADING ||
				     block->kind == NW_BLOCK_ITEM);
}

const char *nw_polish_key(struct nw_arena *arena, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len > KEY_BYTES)
		text = nw_arena_strndup(arena, text,
					nw_utf8_valid(text, KEY_BYTES));
	return nw_utf8_key(arena, text);
}

static void read_lines(struct nw_polish *polish)
{
	size_t i;
	bool alone;

	polish->lines = nw_arena_alloc(polish->arena,
				       (polish->body->count + 1) *
					       sizeof(*polish->lines));
	for (i = 0; i < polish->body->count; i++) {
		const struct nw_block *block = &polish->body->blocks[i];

		if (!has_words(block))
			continue;
		polish->lines[i].text = nw_spans_text(
			polish->arena, block->spans, block->span_count);
		polish->lines[i].key =
			nw_polish_key(polish->arena, polish->lines[i].text);
		polish->lines[i].notice =
			nw_notice_is(polish->lines[i].text, &alone) && !alone;
	}
}

/* Drops the blocks whose key is the text's. */
static void drop_said(struct nw_polish *polish, const char *said,
		      const char *why)
{
	const char *key = said ? nw_polish_key(polish->arena, said) : "";
	size_t i;

	if (!*key)
		return;
	for (i = 0; i < polish->body->count; i++)
		if (polish->lines[i].key && !strcmp(polish->lines[i].key, key))
			polish->lines[i].out = why;
}

/* Whether one of the page's names for itself holds the key. */
static bool is_named(const struct nw_polish *polish, const struct nw_page *page,
		     const char *key)
{
	const xmlNode *node = page->head;
	const char *name = NULL;

	for (; node; node = nw_dom_next(node, page->head, false)) {
		const char *property = nw_dom_attr(node, "property");

		if (nw_dom_is(node, "title"))
			name = nw_dom_text(polish->arena, node, KEY_BYTES);
		else if (property && !strcmp(property, "og:title"))
			name = nw_dom_attr(node, "content");
		else
			continue;
		if (name && strstr(nw_polish_key(polish->arena, name), key))
			return true;
	}
	return false;
}

static bool is_slug(const struct nw_polish *polish, const char *url,
		    const char *text)
{
	const char *slug = nw_utf8_slug(polish->arena, text, SLUG_MAX);

	return slug && strlen(slug) >= SLUG_MIN && strstr(url, slug);
}

/* Whether the page's address was made of the text: then that is a headline of
 * the story.  Umlauts have one letter there, or two. */
static bool is_address(const struct nw_polish *polish, const char *url,
		       const char *text)
{
	static const char *const umlauts[][2] = {
		{ "ä", "ae" }, { "ö", "oe" }, { "ü", "ue" },
		{ "Ä", "ae" }, { "Ö", "oe" }, { "Ü", "ue" },
	};
	char *wide = nw_arena_strndup(polish->arena, text, strlen(text)), *at;
	size_t i;

	if (!url || is_slug(polish, url, text))
		return url != NULL;
	for (i = 0; i < sizeof(umlauts) / sizeof(umlauts[0]); i++)
		while ((at = strstr(wide, umlauts[i][0])))
			memcpy(at, umlauts[i][1], 2);
	return is_slug(polish, url, wide);
}

static bool ends_with(const char *key, const char *end)
{
	size_t len = strlen(key), tail = strlen(end);

	return tail && len >= tail && len < tail + KICKER_MAX &&
	       !strcmp(key + len - tail, end);
}

/* The headline before the first paragraph, with its kicker or in the words of
 * another of the page's names. */
static void drop_headline(struct nw_polish *polish, const struct nw_page *page)
{
	const struct nw_story *story = polish->story;
	const char *title = nw_polish_key(polish->arena, story->title);
	const char *whole =
		nw_arena_printf(polish->arena, "%s%s",
				story->kicker ? nw_polish_key(polish->arena,
							      story->kicker)
					      : "",
				title);
	size_t i;

	for (i = 0; i < polish->body->count && i < HEADLINES; i++) {
		struct nw_line *line = &polish->lines[i];
		bool heading = polish->body->blocks[i].kind == NW_BLOCK_HEADING;

		if (line->out || !line->key ||
		    strlen(line->key) < HEADLINE_MIN)
			continue;
		if (heading ? ends_with(line->key, title) ||
				      is_named(polish, page, line->key) :
			      !strcmp(line->key, whole))
			line->out = "says the headline in other words";
		else if (strlen(line->text) < SLUG_MAX &&
			 is_address(polish, page->url, line->text))
			line->out = "says the headline in other words";
		else if (!heading && strlen(line->text) > CRUMB_BYTES)
			break;
	}
}

static unsigned hash_key(const char *key)
{
	unsigned hash = 2166136261u;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 16777619u;
	return hash ^ hash >> 16;
}

/* A table of keys, each with how often it was put there. */
struct keys {
	struct slot {
		const char *key;
		size_t count;
	} *slots;
	size_t size;
};

static void make_keys(struct nw_arena *arena, struct keys *keys, size_t count)
{
	keys->size = 64;
	while (keys->size < 2 * count)
		keys->size *= 2;
	keys->slots = nw_arena_alloc(arena, keys->size * sizeof(*keys->slots));
}

static struct slot *find_slot(const struct keys *keys, const char *key)
{
	size_t at = hash_key(key) & (keys->size - 1);

	while (keys->slots[at].key && strcmp(keys->slots[at].key, key))
		at = (at + 1) & (keys->size - 1);
	return &keys->slots[at];
}

static bool is_caption(const struct nw_figure *figure)
{
	return figure->caption && figure->own && !figure->out;
}

/* Looks up an element's own text. */
static struct slot *find_text(const struct nw_polish *polish,
			      const struct keys *keys,
			      const struct nw_figure *figure,
			      const char **key_r)
{
	const char *words =
		nw_dom_text(polish->arena, figure->node, KEY_BYTES);

	*key_r = nw_polish_key(polish->arena, words);
	return **key_r ? find_slot(keys, *key_r) : NULL;
}

/* The captions within top; lengths: a bit for each length that one has, and
 * those around it. */
static bool read_captions(const struct nw_polish *polish, struct keys *keys,
			  bool lengths[LENGTHS])
{
	const struct nw_figure *figure = polish->top;
	const struct nw_figure *end = polish->figures->all + polish->top->end;
	size_t count = 0;
	unsigned k;

	for (; figure < end; figure++)
		count += is_caption(figure);
	make_keys(polish->arena, keys, count);
	for (figure = polish->top; count && figure < end; figure++) {
		const char *key;
		struct slot *slot = is_caption(figure) ?
					    find_text(polish, keys, figure,
						      &key) :
					    NULL;

		if (!slot)
			continue;
		slot->key = key;
		slot->count = 1;
		for (k = 0; k <= 2 * KEY_SLACK; k++)
			lengths[(figure->own + k + LENGTHS - KEY_SLACK) %
				LENGTHS] = true;
	}
	return count;
}

/* Captions that became paragraphs, because html.c saw no picture to them; but
 * not what the article says too, outside of them. */
static void drop_captions(struct nw_polish *polish)
{
	const struct nw_figure *figure = polish->top;
	const struct nw_figure *end = polish->figures->all + polish->top->end;
	bool lengths[LENGTHS] = { false };
	struct keys captions;
	struct slot *slot;
	const char *key;
	size_t i;

	if (!read_captions(polish, &captions, lengths))
		return;
	for (; figure < end; figure++) {
		if (figure->caption || figure->out || !figure->own ||
		    !lengths[figure->own % LENGTHS])
			continue;
		slot = find_text(polish, &captions, figure, &key);
		if (slot)
			slot->count = 0;
	}
	for (i = 0; i < polish->body->count; i++) {
		key = polish->lines[i].key;
		if (key && *key && find_slot(&captions, key)->count)
			polish->lines[i].out = "a caption without its picture";
	}
}

/* A paragraph that was there before goes; so does a headline of one. */
static void drop_repeated(struct nw_polish *polish)
{
	struct keys seen;
	size_t i;

	make_keys(polish->arena, &seen, polish->body->count);
	for (i = 0; i < polish->body->count; i++) {
		struct nw_line *line = &polish->lines[i];
		struct slot *slot;

		if (line->out || !line->key ||
		    polish->body->blocks[i].kind != NW_BLOCK_PARAGRAPH ||
		    strlen(line->key) < SAID_MIN)
			continue;
		slot = find_slot(&seen, line->key);
		if (slot->count++)
			line->out = "was said before";
		slot->key = line->key;
	}
}

/* The author's name as a line of its own. */
static void drop_names(struct nw_polish *polish)
{
	const char **names = nw_bio_names(polish->arena, polish->story);
	size_t i;

	for (i = 0; i < polish->body->count; i++)
		if (polish->lines[i].key &&
		    strlen(polish->lines[i].key) < NAME_KEY_BYTES &&
		    nw_bio_is_name(names, polish->lines[i].key))
			polish->lines[i].out = "a byline";
}

static void drop_phrases(struct nw_polish *polish)
{
	size_t i;

	for (i = 0; i < polish->body->count; i++)
		if (polish->lines[i].text && !polish->lines[i].notice &&
		    (!*polish->lines[i].key ||
		     nw_phrase_is_furniture(polish->lines[i].text)))
			polish->lines[i].out =
				"a phrase that sites write into articles";
}

static void keep_rest(struct nw_polish *polish, const struct nw_page *page)
{
	size_t i, kept = 0;

	for (i = 0; i < polish->body->count; i++) {
		const struct nw_line *line = &polish->lines[i];

		if (line->text)
			nw_page_note_text(page, line->out ? "drop" : "keep",
					  line->out, line->text);
		if (!line->out)
			polish->body->blocks[kept++] = polish->body->blocks[i];
	}
	polish->body->count = kept;
}

void nw_polish(const struct nw_page *page, const struct nw_figures *figures,
	       const struct nw_figure *top, struct nw_story *story)
{
	struct nw_polish polish = {
		.arena = page->arena,
		.figures = figures,
		.top = top,
		.story = story,
		.body = &story->body,
	};

	read_lines(&polish);
	drop_said(&polish, story->title, "says the headline again");
	drop_said(&polish, story->kicker, "says the kicker again");
	drop_captions(&polish);
	drop_names(&polish);
	nw_polish_pictures(&polish);
	drop_phrases(&polish);
	drop_headline(&polish, page);
	drop_repeated(&polish);
	nw_polish_ends(&polish);
	keep_rest(&polish, page);
}
