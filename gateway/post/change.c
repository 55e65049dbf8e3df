/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/change.h"
#include "newswire/limits.h"
#include "newswire/notice.h"

#include "post_private.h"

/* The three texts that can change, as words; "" where there is none. */
struct content {
	const char *title;
	const char *description;
	const char *body;
};

static const char *words_of(struct nw_arena *arena, const char *text)
{
	return nw_post_key(arena, text ? text : "");
}

struct notices {
	const char **words;
	size_t count;
};

static void add_notices(struct nw_arena *arena, struct notices *notices,
			const struct nw_story *story)
{
	size_t i;

	for (i = 0; i < story->correction_count; i++) {
		notices->words = nw_arena_grow(arena, notices->words,
					       notices->count,
					       sizeof(*notices->words));
		notices->words[notices->count++] =
			words_of(arena, story->corrections[i]);
	}
}

static bool is_notice(const struct notices *notices, const char *words)
{
	size_t i;

	for (i = 0; i < notices->count; i++)
		if (!strcmp(notices->words[i], words))
			return true;
	return false;
}

/* The texts without notices in the body: those are told by articles of their
 * own. */
static struct nw_texts texts_of(struct nw_arena *arena,
				const struct nw_story *story,
				const struct notices *notices)
{
	struct nw_texts texts = { story->title,
				  story->description,
				  { NULL, 0 } };
	const struct nw_body *body = &story->body;
	const char *text;
	size_t i, used;

	texts.body.blocks =
		nw_arena_alloc(arena, body->count * sizeof(*body->blocks));
	for (i = 0; i < body->count; i += used ? used : 1) {
		used = nw_notice_at(arena, body, i, &text);
		if (!used &&
		    !is_notice(notices,
			       nw_post_block_key(arena, &body->blocks[i])))
			texts.body.blocks[texts.body.count++] = body->blocks[i];
	}
	return texts;
}

/* Without gaps between blocks, so that a paragraph that is only split in two
 * is no change. */
static const char *body_words(struct nw_arena *arena,
			      const struct nw_body *body)
{
	struct nw_buf all;
	const char *words;
	size_t i;

	nw_buf_init(&all, 2 * NW_STORY_TEXT_BYTES);
	for (i = 0; i < body->count; i++)
		nw_buf_adds(&all, nw_post_block_key(arena, &body->blocks[i]));
	words = nw_arena_strndup(arena, all.data, all.len);
	nw_buf_free(&all);
	return words;
}

static struct content content_of(struct nw_arena *arena,
				 const struct nw_texts *texts)
{
	return (struct content) { words_of(arena, texts->title),
				  words_of(arena, texts->description),
				  body_words(arena, &texts->body) };
}

static struct content update_content(struct nw_arena *arena,
				     const struct nw_update *update)
{
	const struct nw_texts texts = { update->title, NULL, update->body };

	return content_of(arena, &texts);
}

static char *join(struct nw_arena *arena, struct content content)
{
	return nw_arena_printf(arena, "%s\n%s\n%s", content.title,
			       content.description, content.body);
}

char *nw_change_story_content(struct nw_arena *arena,
			      const struct nw_story *story)
{
	struct notices notices = { NULL, 0 };
	struct nw_texts texts;

	add_notices(arena, &notices, story);
	texts = texts_of(arena, story, &notices);
	return join(arena, content_of(arena, &texts));
}

char *nw_change_update_content(struct nw_arena *arena,
			       const struct nw_update *update)
{
	return join(arena, update_content(arena, update));
}

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/* A source that has no title or standfirst this time, or one of the two cut
 * short, has not changed it. */
static bool same_line(const char *stored, const char *fresh)
{
	return !strcmp(stored, fresh) || !*fresh || !*stored ||
	       starts_with(stored, fresh) || starts_with(fresh, stored);
}

/* A teaser ends with a mark that says so, or far from the end: who takes a
 * last paragraph away has not cut the text short.  A source that has no text
 * gives the standfirst in its place. */
static bool is_cut(struct content stored, struct content fresh, bool marked)
{
	const char *description =
		*fresh.description ? fresh.description : stored.description;
	bool shorter = 4 * strlen(fresh.body) <= 3 * strlen(stored.body);

	return ((marked || shorter) && starts_with(stored.body, fresh.body)) ||
	       (*stored.body && starts_with(description, fresh.body));
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	return len >= tail && !strcmp(text + len - tail, end);
}

/* Whether a body ends with an ellipsis, maybe in brackets. */
static bool is_marked(struct nw_arena *arena, const struct nw_body *body)
{
	static const char *const marks[] = { "\xe2\x80\xa6",  "...",
					     "\xe2\x80\xa6]", "...]",
					     "\xe2\x80\xa6)", "...)" };
	const char *text;
	size_t i;

	if (!body->count)
		return true;
	text = nw_block_text(arena, &body->blocks[body->count - 1]);
	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (ends_with(text, marks[i]))
			return true;
	return false;
}

static unsigned compare(struct content stored, struct content fresh,
			bool marked)
{
	unsigned change = 0;

	if (*fresh.title && strcmp(stored.title, fresh.title) != 0)
		change |= NW_CHANGE_WORDS;
	if (!same_line(stored.description, fresh.description))
		change |= NW_CHANGE_WORDS;
	if (strcmp(stored.body, fresh.body) != 0)
		change |= is_cut(stored, fresh, marked) ? NW_CHANGE_CUT
							: NW_CHANGE_WORDS;
	return change;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static const char *caption_of(const struct nw_block *block)
{
	return block->kind == NW_BLOCK_IMAGE && block->image ?
		       block->image->caption :
		       NULL;
}

/* Octet for octet, which most polls find and which costs little to see. */
static bool same_body(struct nw_arena *arena, const struct nw_body *a,
		      const struct nw_body *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (!same_text(caption_of(&a->blocks[i]),
			       caption_of(&b->blocks[i])))
			return false;
	return !strcmp(nw_body_text(arena, a), nw_body_text(arena, b));
}

unsigned nw_change_story(struct nw_arena *arena,
			 const struct nw_story *stored,
			 const struct nw_story *fresh)
{
	struct notices notices = { NULL, 0 };
	struct nw_texts before, after;
	unsigned change;

	if (same_text(stored->title, fresh->title) &&
	    same_text(stored->description, fresh->description) &&
	    same_body(arena, &stored->body, &fresh->body))
		return 0;
	/* What either calls a notice is none of the text of both. */
	add_notices(arena, &notices, stored);
	add_notices(arena, &notices, fresh);
	before = texts_of(arena, stored, &notices);
	after = texts_of(arena, fresh, &notices);
	change = compare(content_of(arena, &before), content_of(arena, &after),
			 is_marked(arena, &fresh->body) || fresh->paywalled);
	if (change == NW_CHANGE_WORDS &&
	    nw_post_is_slight(arena, &before, &after))
		change |= NW_CHANGE_SLIGHT;
	return change;
}

unsigned nw_change_update(struct nw_arena *arena,
			  const struct nw_update *stored,
			  const struct nw_update *fresh)
{
	if (same_text(stored->title, fresh->title) &&
	    same_body(arena, &stored->body, &fresh->body))
		return 0;
	return compare(update_content(arena, stored),
		       update_content(arena, fresh),
		       is_marked(arena, &fresh->body));
}
