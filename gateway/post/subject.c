/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"

#include "post_private.h"

#define SENTENCE_CHARACTERS 80

/* A shorter word before a full stop is likely an abbreviation. */
#define LAST_WORD_CHARACTERS 4

#define ELLIPSIS "\xe2\x80\xa6"
#define IDEOGRAPHIC_STOP 0x3002
#define FULLWIDTH_EXCLAMATION 0xff01
#define FULLWIDTH_QUESTION 0xff1f

static bool closes(uint32_t point)
{
	return point == '"' || point == '\'' || point == ')' ||
	       point == ']' || point == 0x2019 || point == 0x201d ||
	       point == 0xbb || point == 0x300d;
}

/* Whether a sentence ends with this mark, and at which byte: behind quotes
 * and brackets that close with it. */
static bool ends_here(const char *text, size_t len, uint32_t mark, size_t *at)
{
	size_t end = *at, next = end;
	uint32_t point;

	if (mark == IDEOGRAPHIC_STOP || mark == FULLWIDTH_EXCLAMATION ||
	    mark == FULLWIDTH_QUESTION)
		return true;
	if (mark != '.' && mark != '!' && mark != '?')
		return false;
	while (next < len) {
		point = nw_utf8_next(text, len, &next);
		if (closes(point)) {
			end = next;
			continue;
		}
		if (point != ' ' ||
		    (next < len && text[next] >= 'a' && text[next] <= 'z'))
			return false;
		break;
	}
	*at = end;
	return true;
}

size_t nw_post_sentence(const char *text, size_t len)
{
	size_t at = 0, end;
	unsigned word = 0;
	uint32_t point;

	while (at < len) {
		point = nw_utf8_next(text, len, &at);
		end = at;
		if (point == '\n' ||
		    ((point != '.' || word >= LAST_WORD_CHARACTERS) &&
		     ends_here(text, len, point, &end)))
			return end;
		word = point == '.' || point == ' ' ? 0 : word + 1;
	}
	return len;
}

/* The first sentence of a line of text, or as many of its words as fit. */
static char *first_sentence(struct nw_arena *arena, const char *text)
{
	size_t len = nw_post_sentence(text, strlen(text));
	size_t at = 0, space = 0, fits = 0;
	unsigned count;

	for (count = 0; at < len && count < SENTENCE_CHARACTERS; count++) {
		fits = at;
		if (nw_utf8_next(text, len, &at) == ' ')
			space = fits;
	}
	if (at == len)
		return nw_arena_strndup(arena, text, len);
	if (space)
		return nw_arena_printf(arena, "%.*s" ELLIPSIS, (int)space,
				       text);
	return nw_utf8_line(arena, text, len, fits + strlen(ELLIPSIS));
}

static char *one_line(struct nw_arena *arena, const char *text)
{
	return text ? nw_utf8_line(arena, text, strlen(text),
				   NW_STORY_TITLE_BYTES) : NULL;
}

/* The words that a block shows, if any. */
static char *block_line(struct nw_arena *arena, const struct nw_block *block)
{
	if (block->kind == NW_BLOCK_EMBED)
		return one_line(arena, block->embed.title);
	if (block->kind == NW_BLOCK_IMAGE)
		return block->image ?
			       one_line(arena, block->image->caption ?
						       block->image->caption :
						       block->image->alt) :
			       NULL;
	return one_line(arena, nw_block_text(arena, block));
}

static char *body_sentence(struct nw_arena *arena, const struct nw_body *body)
{
	char *line = NULL;
	size_t i;

	for (i = 0; !line && i < body->count; i++)
		line = block_line(arena, &body->blocks[i]);
	return line ? first_sentence(arena, line) : NULL;
}

const char *nw_post_subject(struct nw_arena *arena,
			    const struct nw_story *story)
{
	const char *subject = one_line(arena, story->title);

	if (!subject && story->description)
		subject = first_sentence(arena, story->description);
	if (!subject)
		subject = body_sentence(arena, &story->body);
	if (!subject)
		subject = one_line(arena, story->publisher);
	return subject ? subject : "(no title)";
}

const char *nw_post_update_subject(struct nw_arena *arena,
				   const struct nw_story *story,
				   const struct nw_update *update)
{
	const char *root = nw_post_subject(arena, story);
	const char *subject = one_line(arena, update->title);

	if (subject && strcmp(nw_post_key(arena, subject),
			      nw_post_key(arena, root)) != 0)
		return subject;
	subject = body_sentence(arena, &update->body);
	return subject ? subject : nw_arena_printf(arena, "Re: %s", root);
}
