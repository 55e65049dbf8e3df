/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What foreign HTML becomes in a message: reads a fragment from standard input
 * and writes the markup made of its blocks to standard output, for the
 * checker of hostile HTML.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "newswire/arena.h"
#include "newswire/buf.h"
#include "newswire/html.h"
#include "newswire/hypertext.h"
#include "newswire/limits.h"

static int read_all(struct nw_buf *in, FILE *file)
{
	char chunk[16 << 10];
	size_t len;

	while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
		nw_buf_add(in, chunk, len);
	return ferror(file) || !nw_buf_ok(in) ? -1 : 0;
}

static int clean(const struct nw_buf *in, struct nw_buf *out,
		 struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_body body = { .blocks = NULL };
	int result;

	result = nw_html_read(arena, in->data, in->len, NULL, &body, err);
	if (result == 0)
		result = nw_hypertext_body(out, &body, err);
	nw_arena_free(&arena);
	return result;
}

int main(void)
{
	struct nw_error err = { .code = NW_ERROR_NONE };
	struct nw_buf in, out;
	int status = EX_OK;

	nw_buf_init(&in, NW_FETCH_BODY_BYTES);
	nw_buf_init(&out, NW_MESSAGE_BYTES);
	if (read_all(&in, stdin) < 0) {
		(void)fprintf(stderr, "htmlclean: cannot read the input\n");
		status = EX_IOERR;
	} else if (clean(&in, &out, &err) < 0) {
		(void)fprintf(stderr, "htmlclean: %s\n", err.text);
		status = nw_error_exit(&err);
	} else if (fwrite(out.data, 1, out.len, stdout) != out.len ||
		   fflush(stdout) == EOF) {
		status = EX_IOERR;
	}
	nw_buf_free(&in);
	nw_buf_free(&out);
	return status;
}
