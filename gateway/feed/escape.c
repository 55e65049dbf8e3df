/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "feed_private.h"
#include "newswire/utf8.h"

/* What XML 1.0 section 2.2 does not allow is never plain; of what it does, only
 * U+FFFE and U+FFFF are left out, which begin with 0xef in UTF-8. */
static bool is_plain(unsigned char c, enum nw_feed_where where)
{
	if (c >= 0x80)
		return c != 0xef;
	if (c < 0x20)
		return c == '\n' || c == '\t' || c == '\r';
	if (where == NW_WHERE_CDATA)
		return true;
	return c != '<' && c != '&' &&
	       c != (where == NW_WHERE_VALUE ? '"' : ']');
}

static bool is_allowed(uint32_t point)
{
	return point == '\t' || point == '\n' || point == '\r' ||
	       (point >= 0x20 && point < 0xd800) ||
	       (point >= 0xe000 && point <= 0xfffd) || point >= 0x10000;
}

static void add_point(struct nw_buf *out, uint32_t point)
{
	char bytes[4];

	switch (point) {
	case '<':
		nw_buf_adds(out, "&lt;");
		break;
	case '>':
		nw_buf_adds(out, "&gt;");
		break;
	case '&':
		nw_buf_adds(out, "&amp;");
		break;
	case '"':
		nw_buf_adds(out, "&quot;");
		break;
	default:
		if (is_allowed(point))
			nw_buf_add(out, bytes, nw_utf8_put(point, bytes));
		break;
	}
}

void nw_feed_escape(struct nw_buf *out, const char *text, size_t len,
		    enum nw_feed_where where)
{
	size_t at = 0, run;
	uint32_t point;

	while (at < len) {
		for (run = at;
		     run < len && is_plain((unsigned char)text[run], where);)
			run++;
		nw_buf_add(out, text + at, run - at);
		at = run;
		if (at == len)
			return;
		point = nw_utf8_next(text, len, &at);
		add_point(out, point);
		/* "]]>" ends nothing here. */
		if (point == ']' && at < len && text[at] == '>') {
			nw_buf_adds(out, "&gt;");
			at++;
		}
	}
}

static size_t name_length(const char *name, const char *end)
{
	const char *at = name;

	while (at < end && *at && !strchr(" \t\r\n;&<>\"'#%", *at))
		at++;
	return (size_t)(at - name);
}

/* The value's own references are HTML's, never declared ones: no entity is
 * made of entities. */
static void put_value(struct nw_buf *out, const char *at, const char *end)
{
	size_t used;

	for (; at < end; at += used) {
		used = *at == '&' ? nw_feed_escape_reference(out, at, end, NULL)
				  : 0;
		if (used)
			continue;
		used = 1;
		while (at + used < end && at[used] != '&')
			used++;
		nw_feed_escape(out, at, used, NW_WHERE_VALUE);
	}
}

/* A reference to an entity that the document declares. */
static size_t declared(struct nw_buf *out, const char *text, const char *end,
		       const struct nw_feed_entities *entities)
{
	const char *name = text + 1;
	size_t len = name_length(name, end), i;

	if (!len || name + len == end || name[len] != ';')
		return 0;
	for (i = 0; i < entities->count; i++) {
		const char *value = entities->list[i].value;

		if (entities->list[i].name_len != len ||
		    memcmp(entities->list[i].name, name, len) != 0)
			continue;
		put_value(out, value, value + entities->list[i].value_len);
		return len + 2;
	}
	return 0;
}

size_t nw_feed_escape_reference(struct nw_buf *out, const char *text,
				const char *end,
				const struct nw_feed_entities *entities)
{
	size_t used = 0;
	uint32_t point;

	if (entities && entities->count)
		used = declared(out, text, end, entities);
	if (used)
		return used;
	point = nw_feed_reference(text, end, &used);
	if (used)
		add_point(out, point);
	return used;
}
