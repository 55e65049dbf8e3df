/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a client sends behind POST: what is taken must be an article, and one that
 * the store can keep. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "newswire/inject.h"
#include "newswire/limits.h"
#include "newswire/wire.h"

/* Each line of it is one that may be sent (RFC 5536 section 2.2). */
static void check_lines(const struct nw_buf *article)
{
	const char *at = article->data, *end = at + article->len, *lf;

	for (; at < end; at = lf + 1) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (!lf || lf == at || lf[-1] != '\r' ||
		    lf - 1 - at > NW_LINE_OCTETS ||
		    memchr(at, '\r', (size_t)(lf - 1 - at)) ||
		    memchr(at, '\0', (size_t)(lf - at)))
			abort();
	}
}

static void check_header(const struct nw_buf *article, const char *name,
			 const char *value)
{
	const char *end = memmem(article->data, article->len, "\r\n\r\n", 4);
	const char *got;
	size_t len;

	if (!end || !nw_wire_header(article->data,
				    (size_t)(end + 2 - article->data), name,
				    &got, &len) ||
	    (value && (strlen(value) != len || memcmp(value, got, len) != 0)))
		abort();
}

static void check(const struct nw_buf *article,
		  const struct nw_injected *injected)
{
	static const char *const names[] = { "From", "Newsgroups", "Subject",
					     "Date", "Path", "Injection-Date",
					     "Injection-Info" };
	struct nw_error err;
	struct nw_buf wire, line;
	size_t i, head_len;

	check_lines(article);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		check_header(article, names[i], NULL);
	check_header(article, "Message-ID", injected->message_id);
	if (!injected->group_count || injected->group_count > NW_POST_GROUPS ||
	    strlen(injected->message_id) > NW_MESSAGE_ID_OCTETS)
		abort();
	nw_buf_init(&wire, NW_STORE_WIRE_BYTES);
	nw_buf_init(&line, NW_STORE_OVERVIEW_BYTES);
	if (nw_wire_write(&wire, article->data, article->len,
			  "news.test a.b:1", &head_len, &err) < 0 ||
	    nw_wire_overview(&line, wire.data, wire.len, head_len, &err) < 0)
		abort();
	nw_buf_free(&line);
	nw_buf_free(&wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nw_inject by = {
		.path_host = "news.test",
		.id_domain = "own.test",
		.account = "ann",
		.now_utc = 1753524900,
	};
	struct nw_arena *arena = nw_arena_new();
	struct nw_injected injected;
	struct nw_error err;
	struct nw_buf out;

	nw_buf_init(&out, NW_POST_BYTES + NW_POST_HEAD_BYTES);
	if (nw_inject(arena, (const char *)data, size, &by, &out, &injected,
		      &err) == 0)
		check(&out, &injected);
	else if (out.len || !*err.text)
		abort();
	nw_buf_free(&out);
	nw_arena_free(&arena);
	return 0;
}
