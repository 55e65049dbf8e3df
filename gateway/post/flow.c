/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"

#include "post_private.h"

#define SIGNATURE "--"	/* with the space behind it */

static unsigned capped(unsigned quote)
{
	return quote < NW_BLOCK_QUOTE_DEPTH ? quote : NW_BLOCK_QUOTE_DEPTH;
}

static size_t trimmed(const char *text, size_t len)
{
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return len;
}

/* RFC 3676 section 4.4: what a line without quote marks may not begin with. */
static bool needs_stuffing(const char *text, size_t len)
{
	return len && (*text == ' ' || *text == '>' ||
		       (len >= 5 && !memcmp(text, "From ", 5)));
}

/* Quote marks are followed by a space of stuffing in any case: it looks
 * better, and section 4.5 takes it away again. */
static void put_line(struct nw_flow *flow, unsigned quote, const char *text,
		     size_t len)
{
	unsigned i;

	for (i = 0; i < quote; i++)
		nw_buf_addc(flow->out, '>');
	if (len && (quote || needs_stuffing(text, len)))
		nw_buf_addc(flow->out, ' ');
	nw_buf_add(flow->out, text, len);
}

void nw_flow_blank(struct nw_flow *flow, unsigned quote)
{
	put_line(flow, capped(quote), "", 0);
	nw_buf_addc(flow->out, '\n');
}

void nw_flow_fixed(struct nw_flow *flow, unsigned quote, const char *text,
		   size_t len)
{
	put_line(flow, capped(quote), text, trimmed(text, len));
	nw_buf_addc(flow->out, '\n');
}

static bool is_wide_at(const char *text, size_t len, size_t at)
{
	size_t next = at;

	(void)nw_utf8_next(text, len, &next);
	return nw_utf8_width(text + at, next - at) == 2;
}

/* Whether a line may end before byte at for its ideographs, not for a space:
 * only DelSp=yes joins such lines without a gap. */
static bool between_ideographs(const char *text, size_t len, size_t at)
{
	size_t before = at - 1;

	while (before && ((unsigned char)text[before] & 0xc0) == 0x80)
		before--;
	return is_wide_at(text, len, before) || is_wide_at(text, len, at);
}

/* One line of a paragraph while it is cut into lines of the wire. */
struct cutter {
	struct nw_flow *flow;
	unsigned quote;
	const char *text;
	size_t len;
	const bool *marks;
	size_t columns;
};

/* The next place behind at where the line may end; len at the end. */
static size_t next_break(struct cutter *cutter, size_t at)
{
	for (at++; at < cutter->len; at++) {
		if (!cutter->marks[at])
			continue;
		if (cutter->text[at - 1] == ' ')
			return at;
		if (cutter->flow->delsp &&
		    between_ideographs(cutter->text, cutter->len, at))
			return at;
	}
	return at;
}

static bool has_ideographs(const struct cutter *cutter, size_t start,
			   size_t end)
{
	size_t at;

	for (at = start + 1; at < end; at++)
		if (cutter->marks[at] && cutter->text[at - 1] != ' ' &&
		    between_ideographs(cutter->text, cutter->len, at))
			return true;
	return false;
}

static void put_soft_line(struct cutter *cutter, size_t start, size_t end)
{
	struct nw_flow *flow = cutter->flow;

	put_line(flow, cutter->quote, cutter->text + start, end - start);
	nw_buf_adds(flow->out, flow->delsp ? " \n" : "\n");
}

/* Columns of a piece; what ends in it in spaces does not count. */
static size_t columns_of(const struct cutter *cutter, size_t start, size_t end)
{
	return nw_utf8_width(cutter->text + start,
			     trimmed(cutter->text + start, end - start));
}

/* Alone on a line that flows, it would be taken for the signature. */
static bool is_signature(const struct cutter *cutter, size_t start, size_t end)
{
	size_t len = trimmed(cutter->text + start, end - start);

	return len == strlen(SIGNATURE) &&
	       !memcmp(cutter->text + start, SIGNATURE, len);
}

static void cut(struct cutter *cutter)
{
	size_t start = 0, end = next_break(cutter, 0), next, width, more;

	width = nw_utf8_width(cutter->text, end);
	for (; end < cutter->len; end = next) {
		next = next_break(cutter, end);
		more = columns_of(cutter, end, next);
		if (width + more > cutter->columns &&
		    !is_signature(cutter, start, end)) {
			put_soft_line(cutter, start, end);
			start = end;
			width = 0;
		}
		if (more > cutter->columns &&
		    has_ideographs(cutter, end, next))
			cutter->flow->wants_delsp = true;
		width += nw_utf8_width(cutter->text + end, next - end);
	}
	nw_flow_fixed(cutter->flow, cutter->quote, cutter->text + start,
		      cutter->len - start);
}

/* A paragraph whose first piece is too long is seen here, the others above. */
static void flow_line(struct nw_flow *flow, unsigned quote, const char *text,
		      size_t len)
{
	struct cutter cutter = {
		.flow = flow,
		.quote = quote,
		.text = text,
		.len = trimmed(text, len),
		.columns = NW_TEXT_COLUMNS - (quote ? quote + 1 : 0),
	};
	size_t end;

	nw_buf_reset(&flow->marks);
	if (!cutter.len || !nw_buf_reserve(&flow->marks, cutter.len)) {
		nw_flow_blank(flow, quote);
		return;
	}
	nw_utf8_breaks(text, cutter.len, (bool *)flow->marks.data);
	cutter.marks = (const bool *)flow->marks.data;
	end = next_break(&cutter, 0);
	if (columns_of(&cutter, 0, end) > cutter.columns &&
	    has_ideographs(&cutter, 0, end))
		flow->wants_delsp = true;
	cut(&cutter);
}

void nw_flow_paragraph(struct nw_flow *flow, unsigned quote, const char *text,
		       size_t len)
{
	const char *end = text + len, *line_end;

	quote = capped(quote);
	do {
		line_end = memchr(text, '\n', (size_t)(end - text));
		if (!line_end)
			line_end = end;
		flow_line(flow, quote, text, (size_t)(line_end - text));
		text = line_end + 1;
	} while (text < end);
}
