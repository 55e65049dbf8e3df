/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tags of a story: a list of them in JSON-LD was written by hand, a text
 * there or in a meta element is for search engines, links are what readers see.
 */
#include "config.h"

#include <string.h>

#include "extract_private.h"
#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

#define KIND_LETTERS 3		/* of a kind of tags */
#define TAG_STEPS 4		/* elements around a link that say it is one */
#define TAGS_APART 12		/* elements between two tags */
#define TAGS_SEEN 1000		/* links of tags that are looked at */
#define TAG_BYTES 60		/* longer text is no tag */
#define PHRASE_LETTERS 80	     /* nor is a longer claim */
#define TITLE_LETTERS  20 /* a shorter headline may be a topic, too */
#define WORDS_APART    3  /* ideographs between so many spaces */

/* What stands before a tag to say of what kind it is: "topic/mills". */
static size_t kind_length(const char *tag)
{
	const char *slash = strrchr(tag, '/');
	size_t len = slash ? (size_t)(slash - tag) : 0;
	size_t small = strspn(tag, "abcdefghijklmnopqrstuvwxyz-/");

	return len >= KIND_LETTERS && small > len ? len + 1 : 0;
}

bool nw_topic_is_phrase(const struct nw_page *page, const char *title,
			const char *text)
{
	size_t letters = 0, i;

	for (i = 0; text[i]; i++)
		letters += ((unsigned char)text[i] & 0xc0) != 0x80;
	if (letters < TITLE_LETTERS || letters > PHRASE_LETTERS || !title)
		return letters <= PHRASE_LETTERS;
	return strcmp(nw_utf8_key(page->arena, title),
		      nw_utf8_key(page->arena, text)) != 0;
}

/* A number is for machines, not a tag. */
static void add_topic(const struct nw_page *page, struct nw_story *story,
		      const char *text, size_t len)
{
	const char *tag = nw_utf8_line(page->arena, text, len,
				       NW_STORY_NAME_BYTES);

	if (!tag)
		return;
	tag += kind_length(tag);
	if (tag[strspn(tag, "0123456789")] &&
	    nw_topic_is_phrase(page, story->title, tag))
		nw_story_add_topic(page->arena, story, tag);
}

/* Whether each of several words begins with an ideograph: who writes these
 * without spaces parts keywords by them. */
static bool is_spaced(const char *text)
{
	size_t words = 0;

	for (; *text; text += strcspn(text, " ")) {
		text += strspn(text, " ");
		if (*text && ((unsigned char)*text < 0xe3 ||
			      (unsigned char)*text > 0xe9))
			return false;
		words += *text != '\0';
	}
	return words >= WORDS_APART;
}

/* Words between commas, as keywords are written. */
static void add_topics(const struct nw_page *page, struct nw_story *story,
		       const char *text)
{
	const char *marks = text && is_spaced(text) ? ",; " : ",;";

	while (text && *text) {
		size_t len = strcspn(text, marks);

		add_topic(page, story, text, len);
		text += len + (text[len] != '\0');
	}
}

static void from_meta(const struct nw_claims *claims, struct nw_story *story)
{
	unsigned rank = 0;
	size_t i;

	for (i = 0; i < claims->counts[NW_CLAIM_TAGS]; i++) {
		if (story->topic_count &&
		    claims->ranks[NW_CLAIM_TAGS][i] > rank)
			break;
		rank = claims->ranks[NW_CLAIM_TAGS][i];
		add_topics(claims->page, story,
			   claims->values[NW_CLAIM_TAGS][i]);
	}
}

static void add_words(const struct nw_claims *claims, struct nw_story *story,
		      const json_t *words)
{
	add_topics(claims->page, story,
		   nw_jsonld_line(claims->page->arena, json_string_value(words),
				  NW_STORY_SUMMARY_BYTES));
}

static void from_list(const struct nw_claims *claims, struct nw_story *story)
{
	const json_t *list = json_object_get(claims->article, "keywords");
	const json_t *words;
	size_t i;

	json_array_foreach(list, i, words)
		add_words(claims, story, words);
}

static void from_text(const struct nw_claims *claims, struct nw_story *story)
{
	add_words(claims, story, json_object_get(claims->article, "keywords"));
}

/* Whether a link is a tag of the story: it says so, or the list it is in. */
static bool is_tag_link(const xmlNode *node, const xmlNode *list)
{
	const char *rel = nw_dom_attr(node, "rel");
	unsigned steps;

	if (!nw_dom_is(node, "a"))
		return false;
	if (rel && nw_has_word(rel, "tag"))
		return true;
	for (steps = 0; node && list && steps < TAG_STEPS; steps++) {
		if (node == list)
			return true;
		node = node->parent;
	}
	return false;
}

static bool is_tag_list(const struct nw_page *page, const xmlNode *node)
{
	const char *class = nw_dom_attr(node, "class");

	return class && nw_words_of(page->words, class) & NW_WORD_TAGS;
}

static void from_links(const struct nw_claims *claims, struct nw_story *story)
{
	const struct nw_page *page = claims->page;
	const xmlNode *node = page->body, *list = NULL;
	unsigned apart = 0, seen = 0;
	const char *text;

	/* The first list is the story's, later ones are those of others. */
	for (; node && apart < TAGS_APART && seen < TAGS_SEEN;
	     node = nw_dom_next(node, page->body, false)) {
		apart += story->topic_count && node->type == XML_ELEMENT_NODE;
		if (is_tag_list(page, node))
			list = node;
		if (!is_tag_link(node, list))
			continue;
		seen++;
		text = nw_is_elsewhere(claims, node) ?
			       NULL :
			       nw_dom_text(page->arena, node, TAG_BYTES + 1);
		if (!text || strlen(text) > TAG_BYTES)
			continue;
		add_topic(page, story, text, strlen(text));
		apart = 0;
	}
	/* A menu of all that there are. */
	if (story->topic_count == NW_STORY_TOPICS)
		story->topic_count = 0;
}

static void note(const struct nw_claims *claims, const struct nw_story *story,
		 const char *place)
{
	struct nw_arena *arena = claims->page->arena;
	const char *text = story->topics[0];
	size_t i;

	for (i = 1; i < story->topic_count; i++)
		text = nw_arena_printf(arena, "%s, %s", text, story->topics[i]);
	nw_page_note(claims->page, "topics", place, "the first that names any",
		     text);
}

void nw_topics_read(const struct nw_claims *claims, struct nw_story *story)
{
	static const struct {
		const char *place;
		void (*read)(const struct nw_claims *, struct nw_story *);
	} sources[] = {
		{ "JSON-LD keywords, a list", from_list },
		{ "meta", from_meta },
		{ "JSON-LD keywords, a text", from_text },
		{ "links of tags", from_links },
	};
	size_t i;

	for (i = 0; i < sizeof(sources) / sizeof(sources[0]) &&
		    !story->topic_count; i++)
		sources[i].read(claims, story);
	if (claims->page->explain && story->topic_count)
		note(claims, story, sources[i - 1].place);
}
