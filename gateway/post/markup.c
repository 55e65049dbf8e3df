/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"

#include "hypertext_private.h"

/* A space behind this column ends the line; where none comes in time, a line
 * end inside of a tag does. */
#define BREAK_COLUMN 64
#define BREAK_AT_LATEST 900
#define SOFT_BREAK "<wbr\n>"

/* An address that long would not fit on a line, and is no reader's loss. */
#define HREF_OCTETS 850

static size_t column(const struct nw_hyper *html)
{
	return html->out->len - html->line;
}

void nw_hyper_adds(struct nw_hyper *html, const char *markup)
{
	const char *lf = strrchr(markup, '\n');

	nw_buf_adds(html->out, markup);
	if (lf)
		html->line = html->out->len - strlen(lf + 1);
}

static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Whether a byte goes through as it is and never ends a line. */
static bool is_plain(char c)
{
	return ((unsigned char)c > ' ' && c != 0x7f && !escape_of(c));
}

/* Bytes that stay together. */
static void put_piece(struct nw_hyper *html, const char *piece, size_t len)
{
	if (column(html) + len > BREAK_AT_LATEST)
		nw_hyper_adds(html, SOFT_BREAK);
	nw_buf_add(html->out, piece, len);
}

/* So many of the bytes at text as may stay together: a word, cut between two
 * characters where it is longer than a line. */
static size_t piece_length(const char *text)
{
	size_t len = 0;

	while (is_plain(text[len]) && len < BREAK_AT_LATEST / 2)
		len++;
	while (len > 1 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void put_space(struct nw_hyper *html)
{
	if (column(html) > BREAK_COLUMN && !html->preformatted)
		nw_hyper_adds(html, "\n");
	else
		put_piece(html, " ", 1);
}

void nw_hyper_text(struct nw_hyper *html, const char *text)
{
	const char *escape;
	size_t len;

	for (; *text; text += len) {
		len = piece_length(text);
		if (len) {
			put_piece(html, text, len);
			continue;
		}
		len = 1;
		escape = escape_of(*text);
		if (escape)
			put_piece(html, escape, strlen(escape));
		else if (*text == '\n')
			nw_hyper_adds(html, html->preformatted ? "\n" :
								"<br>\n");
		else if (*text == '\t' && html->preformatted)
			put_piece(html, text, 1);
		else if (*text == ' ' || *text == '\t')
			put_space(html);
	}
}

static size_t escaped_length(const char *text)
{
	size_t len = 0;

	for (; *text; text++)
		len += escape_of(*text) ? strlen(escape_of(*text)) : 1;
	return len;
}

/* The line end inside of the tag leaves the whole line to the address. */
bool nw_hyper_open_link(struct nw_hyper *html, const char *href)
{
	const char *url = nw_post_href(html->arena, href, html->own);

	if (!url || escaped_length(url) > HREF_OCTETS)
		return false;
	if (column(html) + escaped_length(url) > BREAK_COLUMN)
		nw_hyper_adds(html, "<a\nhref=\"");
	else
		nw_hyper_adds(html, "<a href=\"");
	nw_hyper_text(html, url);
	nw_hyper_adds(html, "\">");
	return true;
}

void nw_hyper_link(struct nw_hyper *html, const char *href, const char *words)
{
	bool open = nw_hyper_open_link(html, href);

	if (!words && open)
		words = nw_post_link_name(html->arena, href);
	nw_hyper_text(html, words ? words : "");
	if (open)
		nw_hyper_adds(html, "</a>");
}
