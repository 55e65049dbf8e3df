/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/diff.h"
#include "newswire/utf8.h"

#include "post_private.h"

/* The table of the longest common subsequence has no more cells, and a list
 * of changes no more paragraphs. */
#define CELLS (1u << 20)
#define CHANGES 100

/* A paragraph or a word. */
struct token {
	const char *text;
	size_t len;
	const char *key;	/* equal keys, equal tokens */
	size_t key_len;
	bool gap;		/* white space follows */
	bool kept;		/* stands in both texts */
};

struct tokens {
	struct token *items;
	size_t count;
};

struct diff {
	struct nw_arena *arena;
	struct nw_body *body;
	bool failed;		/* too much to tell */
};

static bool equal(const struct token *a, const struct token *b)
{
	return a->key_len == b->key_len &&
	       (a->key == b->key || !memcmp(a->key, b->key, a->key_len));
}

static void keep(struct token *a, struct token *b)
{
	a->kept = b->kept = true;
}

/*
 * Longest common subsequence by the usual table: lengths[i][j] is that of what
 * follows i in a and j in b.  Neither text is longer than CELLS, and the
 * shorter one no longer than its root, so that a length fits 16 bits.
 */
static bool align_middle(struct tokens a, struct tokens b)
{
	size_t width = b.count + 1, i, j;
	uint16_t *lengths, *cell;

	if (!a.count || !b.count)
		return true;
	if (a.count > CELLS / width)
		return false;
	lengths = calloc((a.count + 1) * width, sizeof(*lengths));
	if (!lengths)
		return false;
	for (i = a.count; i-- > 0;)
		for (j = b.count; j-- > 0;) {
			cell = &lengths[i * width + j];
			if (equal(&a.items[i], &b.items[j]))
				*cell = (uint16_t)(cell[width + 1] + 1);
			else
				*cell = cell[1] > cell[width] ? cell[1] :
								cell[width];
		}
	for (i = j = 0; i < a.count && j < b.count;) {
		cell = &lengths[i * width + j];
		if (equal(&a.items[i], &b.items[j]))
			keep(&a.items[i++], &b.items[j++]);
		else if (cell[1] > cell[width])
			j++;
		else
			i++;
	}
	free(lengths);
	return true;
}

static bool align(struct tokens a, struct tokens b)
{
	while (a.count && b.count && equal(a.items, b.items)) {
		keep(a.items++, b.items++);
		a.count--;
		b.count--;
	}
	while (a.count && b.count &&
	       equal(&a.items[a.count - 1], &b.items[b.count - 1]))
		keep(&a.items[--a.count], &b.items[--b.count]);
	return align_middle(a, b);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Behind the word at text + at; an ideograph is a word of its own. */
static size_t word_end(const char *text, size_t len, size_t at)
{
	size_t start = at, next = at;

	while (next < len && !is_blank(text[next])) {
		bool wide;

		at = next;
		(void)nw_utf8_next(text, len, &next);
		wide = next - at > 2 && nw_utf8_width(text + at,
						      next - at) == 2;
		if (wide)
			return at == start ? next : at;
	}
	return next;
}

static struct tokens split_words(struct nw_arena *arena, const char *text)
{
	struct tokens words = { NULL, 0 };
	size_t len = strlen(text), at = 0, end;
	struct token *word;

	while (at < len && is_blank(text[at]))
		at++;
	while (at < len) {
		end = word_end(text, len, at);
		words.items = nw_arena_grow(arena, words.items, words.count,
					    sizeof(*words.items));
		word = &words.items[words.count++];
		word->text = word->key = text + at;
		word->len = word->key_len = end - at;
		for (at = end; at < len && is_blank(text[at]); at++)
			word->gap = true;
	}
	return words;
}

static struct tokens split_blocks(struct nw_arena *arena,
				  const struct nw_body *body)
{
	struct tokens blocks = { NULL, 0 };
	struct token *token;
	size_t i;

	for (i = 0; i < body->count; i++) {
		struct nw_block copy = body->blocks[i];
		const struct nw_body one = { &copy, 1 };
		char *text = nw_body_text(arena, &one);

		if (!*text)
			continue;
		blocks.items = nw_arena_grow(arena, blocks.items,
					     blocks.count,
					     sizeof(*blocks.items));
		token = &blocks.items[blocks.count++];
		token->text = text;
		token->len = strlen(text);
		token->key = nw_post_key(arena, text);
		token->key_len = strlen(token->key);
	}
	return blocks;
}

static void add_span(struct diff *diff, struct nw_block *block,
		     const char *text, size_t len, unsigned style)
{
	struct nw_span *span;

	block->spans = nw_arena_grow(diff->arena, block->spans,
				     block->span_count, sizeof(*block->spans));
	span = &block->spans[block->span_count++];
	span->text = nw_arena_strndup(diff->arena, text, len);
	span->style = style;
}

static struct nw_block *add_paragraph(struct diff *diff, const char *label)
{
	struct nw_block *block;

	if (diff->body->count >= CHANGES)
		diff->failed = true;
	block = nw_body_add(diff->arena, diff->body, NW_BLOCK_PARAGRAPH);
	if (label)
		add_span(diff, block, label, strlen(label), NW_SPAN_STRONG);
	return block;
}

static void add_run(struct diff *diff, struct nw_block *block,
		    const struct token *first, size_t count, unsigned style)
{
	const struct token *last;

	if (!count)
		return;
	last = first + count - 1;
	add_span(diff, block, first->text,
		 (size_t)(last->text + last->len - first->text), style);
	if (style)
		add_span(diff, block, " ", 1, 0);
}

/* How many words from at on are all kept, or all not. */
static size_t run_length(struct tokens words, size_t at, bool kept)
{
	size_t end = at;

	while (end < words.count && words.items[end].kept == kept)
		end++;
	return end - at;
}

static void add_words(struct diff *diff, struct tokens before,
		      struct tokens after, const char *label)
{
	struct nw_block *block = add_paragraph(diff, label);
	size_t i = 0, j = 0, count, other;

	while (i < before.count || j < after.count) {
		count = run_length(before, i, false);
		add_run(diff, block, before.items + i, count, NW_SPAN_DELETED);
		i += count;
		count = run_length(after, j, false);
		add_run(diff, block, after.items + j, count,
			NW_SPAN_INSERTED);
		j += count;
		count = run_length(before, i, true);
		other = run_length(after, j, true);
		if (other < count)
			count = other;
		add_run(diff, block, after.items + j, count, 0);
		i += count;
		j += count;
		if (count &&
		    (before.items[i - 1].gap || after.items[j - 1].gap))
			add_span(diff, block, " ", 1, 0);
	}
}

/* Whether two texts share half of their words, so that one can be read as the
 * other edited. */
static bool is_edited(struct tokens before, struct tokens after)
{
	size_t i, kept = 0;

	if (!align(before, after))
		return false;
	for (i = 0; i < after.count; i++)
		kept += after.items[i].kept;
	return 4 * kept >= before.count + after.count;
}

static void add_line(struct diff *diff, const char *label, const char *before,
		     const char *after)
{
	struct tokens old, new;

	before = before ? before : "";
	if (!after || !strcmp(nw_post_key(diff->arena, before),
			      nw_post_key(diff->arena, after)))
		return;
	old = split_words(diff->arena, before);
	new = split_words(diff->arena, after);
	(void)is_edited(old, new);
	add_words(diff, old, new, label);
}

/* One paragraph that went and one that came in its place; either may be
 * NULL. */
static void add_pair(struct diff *diff, const struct token *before,
		     const struct token *after)
{
	struct tokens old = { NULL, 0 }, new = { NULL, 0 };

	if (before)
		old = split_words(diff->arena, before->text);
	if (after)
		new = split_words(diff->arena, after->text);
	if (before && after && is_edited(old, new)) {
		add_words(diff, old, new, NULL);
		return;
	}
	if (before)
		add_span(diff, add_paragraph(diff, NULL), before->text,
			 before->len, NW_SPAN_DELETED);
	if (after)
		add_span(diff, add_paragraph(diff, NULL), after->text,
			 after->len, NW_SPAN_INSERTED);
}

static void add_blocks(struct diff *diff, struct tokens before,
		       struct tokens after)
{
	size_t i = 0, j = 0, gone, come, k;

	while (!diff->failed && (i < before.count || j < after.count)) {
		gone = run_length(before, i, false);
		come = run_length(after, j, false);
		for (k = 0; (k < gone || k < come) && !diff->failed; k++)
			add_pair(diff, k < gone ? &before.items[i + k] : NULL,
				 k < come ? &after.items[j + k] : NULL);
		i += gone;
		j += come;
		gone = run_length(before, i, true);
		come = run_length(after, j, true);
		i += gone < come ? gone : come;
		j += gone < come ? gone : come;
	}
}

const struct nw_body *nw_diff_story(struct nw_arena *arena,
				    const struct nw_story *stored,
				    const struct nw_story *fresh)
{
	struct nw_body *body = nw_arena_alloc(arena, sizeof(*body));
	struct diff diff = { .arena = arena, .body = body };
	struct tokens before = split_blocks(arena, &stored->body);
	struct tokens after = split_blocks(arena, &fresh->body);

	add_line(&diff, "Headline: ", stored->title, fresh->title);
	add_line(&diff, "Summary: ", stored->description, fresh->description);
	if (!align(before, after))
		return NULL;
	add_blocks(&diff, before, after);
	return diff.failed ? NULL : body;
}
