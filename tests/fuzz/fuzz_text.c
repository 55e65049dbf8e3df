/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as text in any charset, as a date, as a URL and as a wildmat. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "newswire/charset.h"
#include "newswire/date.h"
#include "newswire/ident.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "newswire/wildmat.h"

/* What is normalised once stays as it is. */
static void check_url(struct nw_arena *arena, const char *text)
{
	const char *url = nw_url_resolve(arena, "https://a.example/b/c", text);
	const char *again = url ? nw_url_resolve(arena, NULL, url) : NULL;
	const char *group;

	if (!url)
		return;
	if (!again || strcmp(url, again) != 0)
		abort();
	if (nw_ident_group(arena, url, &group, NULL) == 0 &&
	    nw_ident_group_check(group, NULL) < 0)
		abort();
}

static void check_line(struct nw_arena *arena, const char *text, size_t len)
{
	const char *line = nw_utf8_line(arena, text, len, 64);
	size_t line_len = line ? strlen(line) : 0;

	if (!line)
		return;
	if (line_len > 64 + 3 || nw_utf8_valid(line, line_len) != line_len ||
	    strpbrk(line, "\r\n\t"))
		abort();
	(void)nw_ident_key(arena, line);
	(void)nw_utf8_key(arena, line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_arena *arena = nw_arena_new();
	char *text = nw_arena_strndup(arena, (const char *)data, size);
	struct nw_date date;
	struct nw_buf out;

	nw_buf_init(&out, 1 << 20);
	if (nw_charset_to_utf8(&out, text, size, NULL, NULL, NULL) == 0 &&
	    nw_utf8_valid(out.data, out.len) != out.len)
		abort();
	check_line(arena, text, size);
	check_url(arena, text);
	(void)nw_date_parse(text, size, &date);
	/* Patterns of a client are short: a command line has 512 octets. */
	if (size < 512)
		(void)nw_wildmat(text, "com.example.news.world");
	nw_buf_free(&out);
	nw_arena_free(&arena);
	return 0;
}
