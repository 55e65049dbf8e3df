/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/utf8.h"

#include "post_private.h"

/* The table of the longest common subsequence has no more cells. */
#define CELLS (1u << 20)

static bool equal(const struct nw_token *a, const struct nw_token *b)
{
	return a->key_len == b->key_len &&
	       (a->key == b->key || !memcmp(a->key, b->key, a->key_len));
}

static void keep(struct nw_token *a, struct nw_token *b)
{
	a->kept = b->kept = true;
}

/*
 * Longest common subsequence by the usual table: lengths[i][j] is that of what
 * follows i in a and j in b.  Neither text is longer than CELLS, and the
 * shorter one no longer than its root, so that a length fits 16 bits.
 */
static bool align_middle(struct nw_tokens a, struct nw_tokens b)
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
				*cell = cell[1] > cell[width] ? cell[1]
							      : cell[width];
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

bool nw_tokens_align(struct nw_tokens a, struct nw_tokens b)
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

size_t nw_tokens_run(struct nw_tokens tokens, size_t at, bool kept)
{
	size_t end = at;

	while (end < tokens.count && tokens.items[end].kept == kept)
		end++;
	return end - at;
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
		wide = next - at > 2 &&
		       nw_utf8_width(text + at, next - at) == 2;
		if (wide)
			return at == start ? next : at;
	}
	return next;
}

static struct nw_token *add_token(struct nw_arena *arena,
				  struct nw_tokens *tokens, const char *text,
				  size_t len)
{
	struct nw_token *token;

	tokens->items = nw_arena_grow(arena, tokens->items, tokens->count,
				      sizeof(*tokens->items));
	token = &tokens->items[tokens->count++];
	token->text = token->key = text;
	token->len = token->key_len = len;
	return token;
}

struct nw_tokens nw_tokens_words(struct nw_arena *arena, const char *text,
				 size_t len)
{
	struct nw_tokens words = { NULL, 0 };
	size_t at = 0, end;
	struct nw_token *word;

	while (at < len && is_blank(text[at]))
		at++;
	while (at < len) {
		end = word_end(text, len, at);
		word = add_token(arena, &words, text + at, end - at);
		for (at = end; at < len && is_blank(text[at]); at++)
			word->gap = true;
	}
	return words;
}

static void add_sentences(struct nw_arena *arena, struct nw_tokens *sentences,
			  const char *text)
{
	size_t len = strlen(text), at = 0, end;
	struct nw_token *token;

	while (at < len) {
		end = at + nw_post_sentence(text + at, len - at);
		token = add_token(arena, sentences, text + at, end - at);
		token->key =
			nw_post_key(arena, nw_arena_strndup(arena, text + at,
							    end - at));
		token->key_len = strlen(token->key);
		for (at = end; at < len && is_blank(text[at]);)
			at++;
		token->gap = at < len;
	}
}

struct nw_tokens nw_tokens_sentences(struct nw_arena *arena,
				     const struct nw_body *body)
{
	struct nw_tokens sentences = { NULL, 0 };
	size_t i;

	for (i = 0; i < body->count; i++) {
		const char *text = nw_block_text(arena, &body->blocks[i]);

		if (*text && !nw_post_is_furniture(arena, text))
			add_sentences(arena, &sentences, text);
	}
	return sentences;
}
