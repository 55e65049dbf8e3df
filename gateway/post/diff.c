/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/diff.h"

#include "post_private.h"

/* A list of changes has no more paragraphs. */
#define CHANGES 100
/* Sentences that went and came at one place are compared each with each when
 * there are not more pairs … */
#define PAIRS 1024
/* … and as long as the words of all of them together give not more pairs. */
#define WORD_PAIRS (8u << 20)

struct diff {
	struct nw_arena *arena;
	struct nw_body *body;
	bool failed;		/* too much to tell */
	size_t word_pairs;	/* that may still be compared */
};

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
		    const struct nw_token *first, size_t count, unsigned style)
{
	const struct nw_token *last;

	if (!count)
		return;
	last = first + count - 1;
	add_span(diff, block, first->text,
		 (size_t)(last->text + last->len - first->text), style);
	if (style)
		add_span(diff, block, " ", 1, 0);
}

/* Those from at on; a text without any has no place to point to. */
static const struct nw_token *tokens_from(struct nw_tokens tokens, size_t at)
{
	return tokens.count ? tokens.items + at : NULL;
}

static void add_words(struct diff *diff, struct nw_tokens before,
		      struct nw_tokens after, const char *label)
{
	struct nw_block *block = add_paragraph(diff, label);
	size_t i = 0, j = 0, count, other;

	while (i < before.count || j < after.count) {
		count = nw_tokens_run(before, i, false);
		add_run(diff, block, tokens_from(before, i), count,
			NW_SPAN_DELETED);
		i += count;
		count = nw_tokens_run(after, j, false);
		add_run(diff, block, tokens_from(after, j), count,
			NW_SPAN_INSERTED);
		j += count;
		count = nw_tokens_run(before, i, true);
		other = nw_tokens_run(after, j, true);
		if (other < count)
			count = other;
		add_run(diff, block, tokens_from(after, j), count, 0);
		i += count;
		j += count;
		if (count &&
		    (before.items[i - 1].gap || after.items[j - 1].gap))
			add_span(diff, block, " ", 1, 0);
	}
}

static void forget(struct nw_tokens words)
{
	while (words.count)
		words.items[--words.count].kept = false;
}

/* How many words two sentences share, if that is half of them, so that one can
 * be read as the other edited; else 0. */
static size_t count_shared(struct diff *diff, struct nw_tokens before,
			   struct nw_tokens after)
{
	size_t i, kept = 0;

	if (!before.count || after.count > diff->word_pairs / before.count)
		return 0;
	diff->word_pairs -= before.count * after.count;
	forget(before);
	forget(after);
	if (!nw_tokens_align(before, after))
		return 0;
	for (i = 0; i < after.count; i++)
		kept += after.items[i].kept;
	return 4 * kept >= before.count + after.count ? kept : 0;
}

static void add_line(struct diff *diff, const char *label, const char *before,
		     const char *after)
{
	struct nw_tokens old, new;

	before = before ? before : "";
	if (!after || !strcmp(nw_post_key(diff->arena, before),
			      nw_post_key(diff->arena, after)))
		return;
	old = nw_tokens_words(diff->arena, before, strlen(before));
	new = nw_tokens_words(diff->arena, after, strlen(after));
	(void)nw_tokens_align(old, new);
	add_words(diff, old, new, label);
}

static struct nw_tokens words_of(struct diff *diff,
				 const struct nw_token *sentence)
{
	return nw_tokens_words(diff->arena, sentence->text, sentence->len);
}

/* A sentence that was reworded. */
static void add_pair(struct diff *diff, const struct nw_token *before,
		     const struct nw_token *after)
{
	struct nw_tokens old = words_of(diff, before);
	struct nw_tokens new = words_of(diff, after);

	(void)nw_tokens_align(old, new);
	add_words(diff, old, new, NULL);
}

/* Sentences that all went, or all came: those of one paragraph together. */
static void add_sentences(struct diff *diff, const struct nw_token *sentences,
			  size_t count, unsigned style)
{
	size_t at, end;

	for (at = 0; at < count && !diff->failed; at = end) {
		const struct nw_token *last;

		for (end = at + 1; end < count && sentences[end - 1].gap;)
			end++;
		last = &sentences[end - 1];
		add_span(diff, add_paragraph(diff, NULL), sentences[at].text,
			 (size_t)(last->text + last->len - sentences[at].text),
			 style);
	}
}

/* What went and what came at one place. */
struct place {
	const struct nw_token *before, *after;
	size_t gone, come;
};

static struct nw_tokens *
all_words(struct diff *diff, const struct nw_token *sentences, size_t count)
{
	struct nw_tokens *words =
		nw_arena_alloc(diff->arena, count * sizeof(*words));
	size_t i;

	for (i = 0; i < count; i++)
		words[i] = words_of(diff, &sentences[i]);
	return words;
}

/* How many words each two sentences share. */
static size_t *share(struct diff *diff, const struct place *place)
{
	struct nw_tokens *before = all_words(diff, place->before, place->gone);
	struct nw_tokens *after = all_words(diff, place->after, place->come);
	size_t *shared, i, j;

	shared = nw_arena_alloc(diff->arena,
				place->gone * place->come * sizeof(*shared));
	for (i = 0; i < place->gone; i++)
		for (j = 0; j < place->come; j++)
			shared[i * place->come + j] =
				count_shared(diff, before[i], after[j]);
	return shared;
}

/* Which sentence came for which one that went, in order, so that most words
 * are shared; best[i][j] is how many of those from i and j on are. */
static size_t *choose(struct diff *diff, const struct place *place,
		      const size_t *shared)
{
	size_t width = place->come + 1, i, j, both;
	size_t *best = nw_arena_alloc(diff->arena, (place->gone + 1) * width *
							   sizeof(*best));

	for (i = place->gone; i-- > 0;)
		for (j = place->come; j-- > 0;) {
			size_t *cell = &best[i * width + j];

			*cell = cell[1] > cell[width] ? cell[1] : cell[width];
			both = shared[i * place->come + j];
			if (both && both + cell[width + 1] > *cell)
				*cell = both + cell[width + 1];
		}
	return best;
}

/* Sentences without a counterpart, then, if there is one, a pair. */
static void add_until_pair(struct diff *diff, struct place *place, size_t gone,
			   size_t come, bool pair)
{
	add_sentences(diff, place->before, gone, NW_SPAN_DELETED);
	add_sentences(diff, place->after, come, NW_SPAN_INSERTED);
	if (gone)
		place->before += gone;
	if (come)
		place->after += come;
	if (pair)
		add_pair(diff, place->before++, place->after++);
}

static void add_place(struct diff *diff, struct place place)
{
	size_t width = place.come + 1, i = 0, j = 0, from = 0, start = 0;
	size_t *shared, *best, both;

	if (!place.gone || !place.come || place.gone * place.come > PAIRS) {
		add_until_pair(diff, &place, place.gone, place.come, false);
		return;
	}
	shared = share(diff, &place);
	best = choose(diff, &place, shared);
	while (i < place.gone && j < place.come) {
		const size_t *cell = &best[i * width + j];

		both = shared[i * place.come + j];
		if (both && *cell == both + cell[width + 1]) {
			add_until_pair(diff, &place, i - from, j - start, true);
			from = ++i;
			start = ++j;
		} else if (*cell == cell[width]) {
			i++;
		} else {
			j++;
		}
	}
	add_until_pair(diff, &place, place.gone - from, place.come - start,
		       false);
}

static void add_body(struct diff *diff, struct nw_tokens before,
		     struct nw_tokens after)
{
	size_t i = 0, j = 0, kept, same;

	while (!diff->failed && (i < before.count || j < after.count)) {
		const struct place place = {
			tokens_from(before, i),
			tokens_from(after, j),
			nw_tokens_run(before, i, false),
			nw_tokens_run(after, j, false),
		};

		add_place(diff, place);
		i += place.gone;
		j += place.come;
		kept = nw_tokens_run(before, i, true);
		same = nw_tokens_run(after, j, true);
		i += kept < same ? kept : same;
		j += kept < same ? kept : same;
	}
}

const struct nw_body *nw_diff_story(struct nw_arena *arena,
				    const struct nw_texts *before,
				    const struct nw_texts *after)
{
	struct nw_body *body = nw_arena_alloc(arena, sizeof(*body));
	struct diff diff = { .arena = arena,
			     .body = body,
			     .word_pairs = WORD_PAIRS };
	struct nw_tokens old = nw_tokens_sentences(arena, &before->body);
	struct nw_tokens new = nw_tokens_sentences(arena, &after->body);

	add_line(&diff, "Headline: ", before->title, after->title);
	add_line(&diff, "Summary: ", before->description, after->description);
	if (!nw_tokens_align(old, new))
		return NULL;
	add_body(&diff, old, new);
	return diff.failed ? NULL : body;
}
