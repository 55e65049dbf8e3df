/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/html.h"

#include "body_dump.h"
#include "html_cases.h"

static void check(const struct html_case *item)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_body body = { .blocks = NULL };
	struct nw_error err = { .code = NW_ERROR_NONE };
	struct nw_buf out;

	nw_buf_init(&out, 1 << 20);
	assert_int_equal(nw_html_read(arena, item->html, strlen(item->html),
				      HTML_BASE, &body, &err),
			 0);
	body_dump(&out, &body);
	if (strcmp(out.data, item->lines))
		print_error("%s:\n", item->name);
	assert_string_equal(out.data, item->lines);
	nw_buf_free(&out);
	nw_arena_free(&arena);
}

void html_check(const struct html_case *cases, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		check(&cases[i]);
}

/* The bytes stand at the end of their memory, where a sanitizer watches. */
static void check_start(struct nw_arena *arena, const char *html, size_t len)
{
	struct nw_body body = { .blocks = NULL };
	char *copy = malloc(len ? len : 1);
	struct nw_error err;

	assert_non_null(copy);
	memcpy(copy, html, len);
	assert_int_equal(nw_html_read(arena, copy, len, HTML_BASE, &body, &err),
			 0);
	free(copy);
}

void html_check_cut(const struct html_case *cases, size_t count)
{
	struct nw_arena *arena = nw_arena_new();
	size_t i, len;

	for (i = 0; i < count; i++)
		for (len = 0; len < strlen(cases[i].html); len++)
			check_start(arena, cases[i].html, len);
	nw_arena_free(&arena);
}
