/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/html.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "html_private.h"

static const struct nw_html_options no_options;

int nw_html_blocks(struct nw_arena *arena, const xmlNode *node,
		   const struct nw_html_options *options, struct nw_body *body,
		   struct nw_error *err)
{
	struct nw_html_reader reader;
	const char *refused;

	nw_html_reader_init(&reader, arena, options ? options : &no_options,
			    NW_HTML_BLOCKS);
	reader.body = *body;
	nw_html_walk(&reader, node);
	nw_html_flush(&reader);
	refused = reader.refused;
	if (refused && options && options->work) {
		options->work->over = refused;
		refused = NULL;
	}
	if (!refused)
		*body = reader.body;
	nw_html_reader_free(&reader);
	if (refused)
		return nw_error_set(err, NW_ERROR_REFUSED, "HTML: %s", refused);
	return 0;
}

char *nw_html_text_line(struct nw_arena *arena, const xmlNode *node,
			const struct nw_html_options *options, size_t max)
{
	struct nw_html_reader reader;
	char *line;

	nw_html_reader_init(&reader, arena, options ? options : &no_options,
			    NW_HTML_LINE);
	nw_html_walk(&reader, node);
	line = nw_utf8_line(arena, reader.text.data, reader.text.len, max);
	nw_html_reader_free(&reader);
	return line;
}

/* A fragment begins in the body, so that white space and what else may not
 * stand in a head begins none. */
static xmlDoc *parse(const char *html, size_t len, struct nw_error *err)
{
	struct nw_buf buf;
	xmlDoc *doc = NULL;

	nw_buf_init(&buf, 2 * (size_t)NW_FETCH_BODY_BYTES);
	nw_buf_adds(&buf, "<html><body>");
	nw_buf_add(&buf, html, len);
	doc = nw_page_parse(buf.data, buf.len, NULL, err);
	nw_buf_free(&buf);
	return doc;
}

int nw_html_read(struct nw_arena *arena, const char *html, size_t len,
		 const char *base, struct nw_body *body, struct nw_error *err)
{
	struct nw_html_options options = { .base = base };
	xmlDoc *doc;
	int result;

	if (len > NW_FETCH_BODY_BYTES)
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "HTML: %zu bytes are too many", len);
	doc = parse(html, len, err);
	if (!doc)
		return -1;
	result = nw_html_blocks(arena, (const xmlNode *)doc, &options, body,
				err);
	xmlFreeDoc(doc);
	return result;
}

char *nw_html_line(struct nw_arena *arena, const char *html, size_t max)
{
	size_t len = html ? strlen(html) : 0;
	xmlDoc *doc;
	char *line;

	if (!html || !strpbrk(html, "<&"))
		return nw_utf8_line(arena, html, len, max);
	doc = len <= NW_FETCH_BODY_BYTES ? parse(html, len, NULL) : NULL;
	if (!doc)
		return NULL;
	line = nw_html_text_line(arena, (const xmlNode *)doc, NULL, max);
	xmlFreeDoc(doc);
	return line;
}
