/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "polish_private.h"

/* The last lines, which may speak of the site. */
#define ENDINGS 6
/* Of these, the very last ones, which may be about the authors. */
#define BIOS 3
/* A teaser is shorter. */
#define TEASER_BYTES 2500
/* How many short lines without an end there may be at the end, and before the
 * text. */
#define CRUMBS 3
#define LABEL_BYTES 40
/* A heading with so many letters is no sub-headline, before the text and behind
 * a paragraph; octets of a key by which one is known as the standfirst. */
#define DECK_LETTERS   70
#define DECK_SECOND    100
#define DECK_KEY_BYTES 40

static size_t count_lines(const struct nw_polish *polish)
{
	size_t i, count = 0;

	for (i = 0; i < polish->body->count; i++)
		count += !polish->lines[i].out && polish->lines[i].text;
	return count;
}

static void drop_closing(struct nw_polish *polish, struct nw_line *line,
			 bool last)
{
	if (line->notice)
		return;
	if (nw_phrase_is_wall(line->text)) {
		line->out = "an offer to read on";
		polish->wall = true;
	} else if (nw_phrase_is_closing(line->text)) {
		line->out = "at the end, about the site";
	} else if (last && nw_bio_take_line(polish->arena, polish->story,
					    line->text)) {
		line->out = "at the end, about an author";
	}
}

/* A page that is for subscribers only may hold all of its story: then there
 * is no rest. */
static void judge_wall(struct nw_polish *polish)
{
	size_t i, bytes = 0;

	for (i = 0; i < polish->body->count; i++)
		if (polish->lines[i].text && !polish->lines[i].out)
			bytes += strlen(polish->lines[i].text);
	if (polish->wall)
		polish->story->paywalled = true;
	else if (bytes > TEASER_BYTES)
		polish->story->paywalled = false;
}

/* Words at the end about the site: among the last ENDINGS lines, and not in
 * the first half of a short text. */
static void drop_closings(struct nw_polish *polish)
{
	size_t i = polish->body->count, most = count_lines(polish) / 2;
	size_t seen = 0;

	if (most > ENDINGS)
		most = ENDINGS;
	while (i-- > 0 && seen < most) {
		struct nw_line *line = &polish->lines[i];

		if (!line->out && line->text)
			drop_closing(polish, line, seen++ < BIOS);
	}
}

/* Sub-headlines, rules and lines that announce something, where nothing
 * follows. */
static bool ends_open(const struct nw_polish *polish, size_t i)
{
	const struct nw_block *block = &polish->body->blocks[i];
	const char *text = polish->lines[i].text;

	if (block->kind == NW_BLOCK_HEADING || block->kind == NW_BLOCK_RULE)
		return true;
	/* "– Jane" signs a letter. */
	return block->kind == NW_BLOCK_PARAGRAPH && text &&
	       !polish->lines[i].notice && strncmp(text, "–", 3) != 0 &&
	       strncmp(text, "—", 3) != 0 && strlen(text) < CRUMB_BYTES &&
	       nw_phrase_is_open(text);
}

static void drop_end(struct nw_polish *polish)
{
	size_t i = polish->body->count, crumbs = 0, last = i, k;

	for (; i > 0; i--) {
		if (polish->lines[i - 1].out)
			continue;
		if (!ends_open(polish, i - 1))
			break;
		crumbs += polish->body->blocks[i - 1].kind ==
			  NW_BLOCK_PARAGRAPH;
		last = i - 1;
	}
	/* Many such lines are a list, and a part of the article. */
	if (crumbs > CRUMBS || !i)
		return;
	for (k = last; k < polish->body->count; k++)
		if (!polish->lines[k].out)
			polish->lines[k].out = "at the end, heads nothing";
}

static bool is_link(const struct nw_block *block)
{
	size_t i;

	for (i = 0; i < block->span_count; i++)
		if (!block->spans[i].href &&
		    block->spans[i]
			    .text[strspn(block->spans[i].text, " \n>|\u2192")])
			return false;
	return block->span_count != 0;
}

/* A line before the text that tells the section, a name or what a reader can
 * click: short, and without the mark that ends a sentence.  Headings and items
 * are more, unless they are links. */
static bool is_label(const struct nw_polish *polish, size_t i)
{
	const struct nw_block *block = &polish->body->blocks[i];
	const char *text = polish->lines[i].text;

	return text && !polish->lines[i].notice && strlen(text) < LABEL_BYTES &&
	       nw_phrase_is_open(text) &&
	       (block->kind == NW_BLOCK_PARAGRAPH || is_link(block));
}

/* Labels before the first paragraph of prose; links before anything. */
static void drop_start(struct nw_polish *polish)
{
	size_t i, labels = 0;
	bool prose;

	for (i = 0; i < polish->body->count; i++) {
		if (polish->lines[i].out || !polish->lines[i].text)
			continue;
		if (!is_label(polish, i))
			break;
		labels++;
	}
	if (!labels || labels > CRUMBS || i == polish->body->count)
		return;
	prose = polish->body->blocks[i].kind == NW_BLOCK_PARAGRAPH;
	while (i-- > 0)
		if (polish->lines[i].text && !polish->lines[i].out &&
		    (prose || is_link(&polish->body->blocks[i])))
			polish->lines[i].out = "a label before the text";
}

/* Letters; an ideograph or a syllable counts for two. */
static size_t count_letters(const char *text)
{
	size_t letters = 0;

	for (; *text; text++)
		letters += (((unsigned char)*text & 0xc0) != 0x80) +
			   ((unsigned char)*text >= 0xe3);
	return letters;
}

/* The first block with words from one on; the count when there is none. */
static size_t next_line(const struct nw_polish *polish, size_t i)
{
	while (i < polish->body->count &&
	       (!polish->lines[i].text || polish->lines[i].out))
		i++;
	return i;
}

/* A heading before the text that is longer than sub-headlines are, or says what
 * the page says of its story, is the standfirst; a description that is only a
 * few words then is that of the site. */
static void take_deck(struct nw_polish *polish)
{
	struct nw_story *story = polish->story;
	const char *said = story->description;
	const char *key = said ? nw_polish_key(polish->arena, said) : "";
	size_t i = next_line(polish, 0), letters;
	struct nw_block *block;
	bool first = true, same;

	/* A site may have two, and one of them is a paragraph. */
	if (i < polish->body->count &&
	    polish->body->blocks[i].kind == NW_BLOCK_PARAGRAPH) {
		i = next_line(polish, i + 1);
		first = false;
	}
	if (i == polish->body->count ||
	    polish->body->blocks[i].kind != NW_BLOCK_HEADING)
		return;
	block = &polish->body->blocks[i];
	letters = count_letters(polish->lines[i].text);
	same = *key && !strncmp(key, polish->lines[i].key, DECK_KEY_BYTES);
	if (!same && letters < (first ? DECK_LETTERS : DECK_SECOND))
		return;
	block->kind = NW_BLOCK_PARAGRAPH;
	block->level = 0;
	if (first && !same && said && nw_phrase_is_open(said) &&
	    count_letters(said) < letters)
		story->description = polish->lines[i].text;
}

/* A rule parts what is before it from what is behind. */
static void drop_rules(struct nw_polish *polish)
{
	size_t i;

	for (i = 0; i < polish->body->count; i++) {
		if (polish->lines[i].text && !polish->lines[i].out)
			return;
		if (polish->body->blocks[i].kind == NW_BLOCK_RULE)
			polish->lines[i].out = "a rule before the text";
	}
}

void nw_polish_ends(struct nw_polish *polish)
{
	drop_closings(polish);
	drop_end(polish);
	drop_start(polish);
	drop_rules(polish);
	take_deck(polish);
	judge_wall(polish);
}
