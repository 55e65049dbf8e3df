/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "page_private.h"

/*
 * What publishers write between the tags is nearly JSON: raw line ends in
 * strings, \' and other unknown escapes, commas before a closing bracket,
 * comments and CDATA marks around it, halves of surrogate pairs, an end that
 * is missing.  All that is mended here in one pass over the bytes.
 */
struct cleaner {
	const char *at, *end;
	struct nw_buf *out;
	bool quotes;		/* a quote that ends nothing is text */
	char open[NW_PAGE_JSONLD_DEPTH]; /* closing brackets to come */
	size_t depth;
};

static const char space[] = " \t\r\n";

static const char *skip_space(const struct cleaner *c, const char *at)
{
	while (at < c->end && *at && strchr(space, *at))
		at++;
	return at;
}

/* The value of four hexadecimal digits, or -1. */
static long hex4(const char *at, const char *end)
{
	char digits[5] = "", *stop;
	long value;

	if (end - at < 4)
		return -1;
	memcpy(digits, at, 4);
	value = strtol(digits, &stop, 16);
	return stop == digits + 4 && strspn(digits, "+-xX \t") == 0 ? value :
								       -1;
}

/* c->at is behind "\u".  A half of a surrogate pair and U+0000 become what
 * stands for the unreadable. */
static void clean_unicode(struct cleaner *c)
{
	long point = hex4(c->at, c->end), low = -1;

	if (point < 0) {
		nw_buf_adds(c->out, "u");
		return;
	}
	if (point >= 0xd800 && point < 0xdc00 && c->end - c->at >= 10 &&
	    c->at[4] == '\\' && c->at[5] == 'u')
		low = hex4(c->at + 6, c->end);
	if (low >= 0xdc00 && low < 0xe000) {
		nw_buf_adds(c->out, "\\u");
		nw_buf_add(c->out, c->at, 10);
		c->at += 10;
		return;
	}
	if (!point || (point >= 0xd800 && point < 0xe000)) {
		nw_buf_adds(c->out, "\\ufffd");
	} else {
		nw_buf_adds(c->out, "\\u");
		nw_buf_add(c->out, c->at, 4);
	}
	c->at += 4;
}

static void clean_escape(struct cleaner *c)
{
	char escaped = c->at < c->end ? *c->at++ : 0;

	if (!escaped)
		return;
	if (escaped == 'u') {
		clean_unicode(c);
	} else if (strchr("\"\\/bfnrt", escaped)) {
		nw_buf_addc(c->out, '\\');
		nw_buf_addc(c->out, escaped);
	} else if ((unsigned char)escaped < 0x20) {
		nw_buf_addc(c->out, ' ');
	} else {
		nw_buf_addc(c->out, escaped);
	}
}

/* Whether a quote at c->at can end a string: only a bracket, a colon, a comma
 * before the next value, or the end may follow. */
static bool ends_string(const struct cleaner *c)
{
	const char *next = skip_space(c, c->at + 1);

	if (next == c->end || strchr(":}]", *next))
		return true;
	if (*next != ',')
		return false;
	next = skip_space(c, next + 1);
	return next == c->end || strchr("\"{[]}-0123456789tfn", *next);
}

/* c->at is behind the opening quote. */
static void clean_string(struct cleaner *c)
{
	nw_buf_addc(c->out, '"');
	while (c->at < c->end && nw_buf_ok(c->out)) {
		size_t run = 0, left = (size_t)(c->end - c->at);

		while (run < left && (unsigned char)c->at[run] >= 0x20 &&
		       c->at[run] != '"' && c->at[run] != '\\')
			run++;
		nw_buf_add(c->out, c->at, run);
		c->at += run;
		if (c->at == c->end)
			break;
		if (*c->at == '"' && (!c->quotes || ends_string(c))) {
			c->at++;
			break;
		}
		if (*c->at == '\\') {
			c->at++;
			clean_escape(c);
			continue;
		}
		nw_buf_adds(c->out, *c->at == '"' ? "\\\"" : " ");
		c->at++;
	}
	nw_buf_addc(c->out, '"');
}

/* A comma that nothing follows, between brackets, is dropped. */
static void drop_comma(struct nw_buf *out)
{
	size_t len = out->len;

	while (len && strchr(space, out->data[len - 1]))
		len--;
	if (len && out->data[len - 1] == ',')
		nw_buf_cut(out, len - 1);
}

/* Returns false where the value is over. */
static bool clean_bracket(struct cleaner *c, char bracket)
{
	if (bracket == '{' || bracket == '[') {
		if (c->depth == sizeof(c->open)) {
			c->out->failed = true;
			return false;
		}
		c->open[c->depth++] = bracket == '{' ? '}' : ']';
		nw_buf_addc(c->out, bracket);
		return true;
	}
	drop_comma(c->out);
	/* Another bracket than the one that is open: believe the open. */
	if (c->depth)
		nw_buf_addc(c->out, c->open[--c->depth]);
	return c->depth != 0;
}

static void clean_value(struct cleaner *c)
{
	while (c->at < c->end && nw_buf_ok(c->out)) {
		char byte = *c->at++;

		if (byte == '"')
			clean_string(c);
		else if (byte && strchr("{}[]", byte)) {
			if (!clean_bracket(c, byte))
				return;
		} else if ((unsigned char)byte >= 0x20)
			nw_buf_addc(c->out, byte);
		else
			nw_buf_addc(c->out, ' ');
	}
	while (c->depth) {
		drop_comma(c->out);
		nw_buf_addc(c->out, c->open[--c->depth]);
	}
}

/* One value from *at on, which moves behind it. */
static json_t *load_one(const char **at, const char *end, bool quotes)
{
	struct nw_buf out;
	struct cleaner c = { .end = end, .out = &out, .quotes = quotes };
	json_t *value = NULL;

	c.at = *at;
	nw_buf_init(&out, 2 * NW_PAGE_JSONLD_BYTES);
	clean_value(&c);
	if (nw_buf_ok(&out))
		value = json_loadb(out.data, out.len, JSON_ALLOW_NUL, NULL);
	nw_buf_free(&out);
	*at = c.at;
	return value;
}

/* The bracket that the value begins with, behind a CDATA mark. */
static const char *find_start(const char *text, const char *end)
{
	static const char cdata[] = "[CDATA[";
	size_t len = sizeof(cdata) - 1;

	for (; text < end; text++) {
		if ((size_t)(end - text) > len && !memcmp(text, cdata, len))
			text += len;
		if (*text == '{' || *text == '[')
			break;
	}
	return text;
}

json_t *nw_jsonld_parse(const char *text, size_t len, size_t *used_r)
{
	const char *end = text + len, *start = find_start(text, end), *at;
	json_t *value;

	at = start;
	value = start < end ? load_one(&at, end, false) : NULL;
	if (!value && start < end) {
		at = start;
		value = load_one(&at, end, true);
	}
	*used_r = (size_t)(at - text);
	return value;
}
