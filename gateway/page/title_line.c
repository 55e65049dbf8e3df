/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/utf8.h"
#include "title_private.h"

struct title_line title_line_make(struct nw_arena *arena, const char *text)
{
	struct title_line line = { .text = text, .key = "" };
	size_t i;

	if (!text)
		return line;
	line.key = nw_utf8_key(arena, text);
	for (i = 0; line.key[i] && line.key[i + 1]; i++) {
		unsigned pair = (unsigned char)line.key[i] * 31u +
				(unsigned char)line.key[i + 1];

		pair %= 64 * TITLE_SET;
		line.pairs[pair / 64] |= UINT64_C(1) << pair % 64;
	}
	return line;
}

bool title_line_same(const struct title_line *a, const struct title_line *b)
{
	return *a->key && !strcmp(a->key, b->key);
}

unsigned title_line_likeness(const struct title_line *a,
			     const struct title_line *b)
{
	unsigned one = 0, two = 0, both = 0;
	size_t i;

	if (title_line_same(a, b))
		return 100;
	for (i = 0; i < TITLE_SET; i++) {
		one += (unsigned)__builtin_popcountll(a->pairs[i]);
		two += (unsigned)__builtin_popcountll(b->pairs[i]);
		both += (unsigned)__builtin_popcountll(a->pairs[i] &
						       b->pairs[i]);
	}
	if (one < two)
		one = two;
	return one ? both * 100 / one : 0;
}
