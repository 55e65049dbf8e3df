/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A charset that the server names, a line feed, then bytes: as text in that
 * charset.  What comes out is UTF-8, and comes out of itself again.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "newswire/arena.h"
#include "newswire/charset.h"
#include "newswire/utf8.h"

#define OUT_BYTES (1u << 20)

/* Whether the first bytes are those of a mark or of another UTF. */
static bool has_mark(const struct nw_buf *text)
{
	return memchr(text->data, '\0', text->len < 4 ? text->len : 4) ||
	       strncmp(text->data, "\xef\xbb\xbf", 3) == 0;
}

static void check_again(const struct nw_buf *text)
{
	struct nw_buf again;

	if (has_mark(text))
		return;
	nw_buf_init(&again, OUT_BYTES);
	if (nw_charset_to_utf8(&again, text->data, text->len, "utf-8", NULL,
			       NULL) < 0)
		abort();
	if (again.len != text->len ||
	    memcmp(again.data, text->data, text->len) != 0)
		abort();
	nw_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	const char *end = size ? memchr(bytes, '\n', size) : NULL;
	size_t head = end ? (size_t)(end - bytes) : 0;
	size_t rest = end ? head + 1 : 0;
	struct nw_arena *arena = nw_arena_new();
	const char *label = nw_arena_strndup(arena, bytes, head);
	const char *used = NULL;
	struct nw_buf text;

	nw_buf_init(&text, OUT_BYTES);
	if (nw_charset_to_utf8(&text, bytes + rest, size - rest,
			       *label ? label : NULL, &used, NULL) == 0) {
		if (!used || nw_utf8_valid(text.data, text.len) != text.len)
			abort();
		check_again(&text);
	} else if (text.len) {
		abort();
	}
	nw_buf_free(&text);
	nw_arena_free(&arena);
	return 0;
}
