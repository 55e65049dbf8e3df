/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "letter_private.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/wire.h"

/* What becomes of a header: another name, or nothing. */
static const struct rename {
	const char *name, *other;
} renames[] = {
	{ "Path:", NULL },
	{ "Xref:", NULL },
	{ "Injection-Date:", NULL },
	{ "Injection-Info:", NULL },
	{ "Newsgroups:", "X-Newsgroups:" },
};

static const char *line_end(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));

	return lf ? lf + 1 : end;
}

/* Behind a header and its folded lines. */
static const char *header_end(const char *at, const char *end)
{
	do
		at = line_end(at, end);
	while (at < end && (*at == ' ' || *at == '\t'));
	return at;
}

static const struct rename *find(const char *at, size_t len)
{
	size_t i, name_len;

	for (i = 0; i < sizeof(renames) / sizeof(*renames); i++) {
		name_len = strlen(renames[i].name);
		if (len > name_len &&
		    !strncasecmp(at, renames[i].name, name_len))
			return &renames[i];
	}
	return NULL;
}

static void put_head(struct nw_buf *out, const char *at, const char *end)
{
	const struct rename *rename;
	const char *next;
	size_t len;

	for (; at < end; at = next) {
		next = header_end(at, end);
		rename = find(at, (size_t)(next - at));
		if (rename && !rename->other)
			continue;
		len = rename ? strlen(rename->name) : 0;
		if (rename)
			nw_buf_adds(out, rename->other);
		nw_buf_add(out, at + len, (size_t)(next - at) - len);
	}
}

int nw_letter_write(struct nw_buf *out,
		    const struct nw_stored_article *article,
		    struct nw_error *err)
{
	const char *head_end;
	struct nw_buf plain;
	int result;

	nw_buf_init(&plain, NW_STORE_WIRE_BYTES);
	result = nw_wire_read(&plain, article->wire, article->wire_len, err);
	if (!result) {
		/* No line of a head begins with a dot, so its length is the
		 * same in both forms; a shorter one is broken off. */
		head_end = plain.data + (article->head_len < plain.len
						 ? article->head_len
						 : plain.len);
		put_head(out, plain.data, head_end);
		nw_buf_add(out, head_end,
			   plain.len - (size_t)(head_end - plain.data));
		if (!nw_buf_ok(out))
			result = nw_error_set(err, NW_ERROR_REFUSED,
					      "%s: is too large",
					      article->message_id);
	}
	nw_buf_free(&plain);
	return result;
}

void nw_letter_lf(struct nw_buf *out, const char *bytes, size_t len)
{
	const char *end = bytes + len, *next;
	size_t keep;

	for (; bytes < end; bytes = next) {
		next = line_end(bytes, end);
		keep = (size_t)(next - bytes);
		if (keep > 1 && next[-1] == '\n' && next[-2] == '\r')
			keep -= 2;
		else if (next[-1] == '\n')
			keep--;
		nw_buf_add(out, bytes, keep);
		nw_buf_addc(out, '\n');
	}
}

const char *nw_letter_key(struct nw_arena *arena, const char *message_id)
{
	return nw_ident_hash(arena, message_id, strlen(message_id));
}
