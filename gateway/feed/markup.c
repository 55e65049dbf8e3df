/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

/* A line is made of at most this much HTML. */
#define LINE_HTML_BYTES (16u << 10)
#define NAME_MAX_BYTES	16
#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Elements that HTML has gained since libxml2's table was made. */
static const char *const newer[] = {
	"article", "aside",  "audio",	"details", "figcaption",
	"figure",  "footer", "header",	"main",	   "mark",
	"math",	   "nav",    "picture", "section", "source",
	"summary", "svg",    "time",	"video"
};
/* Elements whose text is none. */
static const char *const hidden[] = { "script", "style", "template" };
/* Elements that do not set their text apart from the text before them. */
static const char *const inlines[] = {
	"a",	  "abbr", "acronym", "b",    "bdi",  "bdo",   "big",  "blink",
	"cite",	  "code", "del",     "dfn",  "em",   "font",  "i",    "ins",
	"kbd",	  "mark", "q",	     "s",    "samp", "small", "span", "strike",
	"strong", "sub",  "sup",     "time", "tt",   "u",     "var",  "wbr"
};

/* windows-1252, 0x80 to 0x9f. */
static const uint16_t windows[32] = {
	0x20ac, 0,	0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,	0x017d, 0,
	0,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,	0x017e, 0x0178,
};

uint32_t nw_feed_code_point(unsigned long number)
{
	if (number >= 0x80 && number <= 0x9f)
		return windows[number - 0x80];
	if (number > 0x10ffff || (number >= 0xd800 && number <= 0xdfff))
		return 0;
	return (uint32_t)number;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int digit_value(char c, int base)
{
	int value = is_digit(c)		   ? c - '0'
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10
					   : base;

	return value < base ? value : -1;
}

/* "#" digits, or "#x" hexadecimal digits; the ";" may be missing. */
static uint32_t numeric(const char *text, const char *end, size_t *used_r)
{
	const char *at = text + 2;
	unsigned long number = 0;
	int base = 10, value;

	if (at < end && (*at == 'x' || *at == 'X')) {
		base = 16;
		at++;
	}
	if (at == end || digit_value(*at, base) < 0)
		return 0;
	for (; at < end && (value = digit_value(*at, base)) >= 0; at++)
		if (number <= 0x10ffff)
			number = number * (unsigned)base + (unsigned)value;
	if (at < end && *at == ';')
		at++;
	*used_r = (size_t)(at - text);
	return nw_feed_code_point(number);
}

uint32_t nw_feed_reference(const char *text, const char *end, size_t *used_r)
{
	char name[NAME_MAX_BYTES];
	const htmlEntityDesc *entity;
	size_t len = 0;

	*used_r = 0;
	if (end - text < 3)
		return 0;
	if (text[1] == '#')
		return numeric(text, end, used_r);
	while (text + 1 + len < end && len < sizeof(name) - 1 &&
	       (is_letter(text[1 + len]) || is_digit(text[1 + len]))) {
		name[len] = text[1 + len];
		len++;
	}
	name[len] = '\0';
	if (!len || text + 1 + len == end || text[1 + len] != ';')
		return 0;
	entity = htmlEntityLookup((const xmlChar *)name);
	if (!entity)
		return 0;
	*used_r = len + 2;
	return entity->value;
}

static bool is_in(const char *name, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* The name of the tag at text ("<…"), in lower case; "" when it is none. */
static void tag_name(const char *text, const char *end,
		     char name_r[NAME_MAX_BYTES])
{
	const char *at = text + 1 + (text + 1 < end && text[1] == '/');
	size_t len = 0;

	while (at < end && len < NAME_MAX_BYTES - 1 &&
	       (is_letter(*at) || (len && is_digit(*at)))) {
		name_r[len] = *at;
		if (*at >= 'A' && *at <= 'Z')
			name_r[len] = (char)(*at + ('a' - 'A'));
		len++;
		at++;
	}
	if (at == end || (is_letter(*at) && len == NAME_MAX_BYTES - 1))
		len = 0;
	name_r[len] = '\0';
}

static bool is_html_element(const char *name)
{
	return htmlTagLookup((const xmlChar *)name) ||
	       is_in(name, newer, COUNT(newer));
}

/* Behind the ">" of a tag; quotes are looked through where they are paired.
 * NULL when it does not end. */
static const char *tag_end(const char *at, const char *end)
{
	const char *close = memchr(at, '>', (size_t)(end - at)), *quote;

	for (; close && at < close; at++) {
		if (*at != '"' && *at != '\'')
			continue;
		quote = memchr(at + 1, *at, (size_t)(end - at - 1));
		if (!quote)
			break;
		at = quote;
		if (quote > close)
			close = memchr(quote, '>', (size_t)(end - quote));
	}
	return close ? close + 1 : NULL;
}

static const char *comment_end(const char *at, const char *end)
{
	const char *close = memmem(at, (size_t)(end - at), "-->", 3);

	if (close)
		return close + 3;
	close = memchr(at, '>', (size_t)(end - at));
	return close ? close + 1 : end;
}

/* Behind the end tag of a hidden element, or the end. */
static const char *hidden_end(const char *at, const char *end, const char *name)
{
	char found[NAME_MAX_BYTES];
	const char *behind;

	while ((at = memchr(at, '<', (size_t)(end - at)))) {
		tag_name(at, end, found);
		if (at + 1 < end && at[1] == '/' && strcmp(found, name) == 0) {
			behind = tag_end(at, end);
			return behind ? behind : end;
		}
		at++;
	}
	return end;
}

/* The "<" at at: text, or something that ends at what is returned. */
static const char *strip_tag(struct nw_buf *out, const char *at,
			     const char *end, enum nw_feed_mode mode)
{
	char name[NAME_MAX_BYTES];
	const char *behind = NULL;

	if (end - at >= 4 && memcmp(at, "<!--", 4) == 0)
		return comment_end(at + 4, end);
	tag_name(at, end, name);
	if (*name && (mode == NW_MODE_HTML || is_html_element(name)))
		behind = tag_end(at, end);
	if (!behind) {
		nw_buf_addc(out, '<');
		return at + 1;
	}
	if (!is_in(name, inlines, COUNT(inlines)))
		nw_buf_addc(out, ' ');
	if (at[1] != '/' && behind[-2] != '/' &&
	    is_in(name, hidden, COUNT(hidden)))
		behind = hidden_end(behind, end, name);
	return behind;
}

static const char *decode(struct nw_buf *out, const char *at, const char *end)
{
	char bytes[4];
	size_t used;
	uint32_t point = nw_feed_reference(at, end, &used);

	if (!used) {
		nw_buf_addc(out, '&');
		return at + 1;
	}
	nw_buf_add(out, bytes, nw_utf8_put(point, bytes));
	return at + used;
}

static void strip(struct nw_buf *out, const char *at, const char *end,
		  enum nw_feed_mode mode)
{
	const char *run;

	while (at < end) {
		for (run = at; run < end && *run != '<' && *run != '&';)
			run++;
		nw_buf_add(out, at, (size_t)(run - at));
		at = run;
		if (at < end)
			at = *at == '<' ? strip_tag(out, at, end, mode)
					: decode(out, at, end);
	}
}

/*
 * Numbers of windows-1252 that were meant as characters arrive as C1
 * controls (U+0080 to U+009F), for XML allows them.  In UTF-8 each of these
 * is 0xc2 and its own number.
 */
static const char *find_c1(const char *at, const char *end)
{
	while ((at = memchr(at, 0xc2, (size_t)(end - at)))) {
		if (at + 1 < end && (unsigned char)at[1] <= 0x9f)
			return at;
		at++;
	}
	return NULL;
}

static void demoronize(struct nw_buf *out, const char *at, const char *end)
{
	char bytes[4];
	const char *c1;
	uint32_t point;

	while ((c1 = find_c1(at, end))) {
		nw_buf_add(out, at, (size_t)(c1 - at));
		point = nw_feed_code_point((unsigned char)c1[1]);
		if (point)
			nw_buf_add(out, bytes, nw_utf8_put(point, bytes));
		at = c1 + 2;
	}
	nw_buf_add(out, at, (size_t)(end - at));
}

static char *clean_copy(struct nw_arena *arena, const char *at, const char *end)
{
	struct nw_buf fixed;
	char *copy;

	if (!find_c1(at, end))
		return nw_arena_strndup(arena, at, (size_t)(end - at));
	nw_buf_init(&fixed, 2 * (size_t)(end - at));
	demoronize(&fixed, at, end);
	copy = nw_arena_strndup(arena, fixed.data, fixed.len);
	nw_buf_free(&fixed);
	return copy;
}

char *nw_feed_line(struct nw_arena *arena, const struct nw_feed_text *text,
		   size_t max)
{
	size_t len = text->len < LINE_HTML_BYTES ? text->len : LINE_HTML_BYTES;
	struct nw_buf plain, fixed;
	char *line;

	nw_buf_init(&plain, 2 * LINE_HTML_BYTES);
	nw_buf_init(&fixed, 4 * LINE_HTML_BYTES);
	if (text->mode == NW_MODE_TEXT || text->mode == NW_MODE_LINES)
		nw_buf_add(&plain, text->bytes, len);
	else
		strip(&plain, text->bytes, text->bytes + len, text->mode);
	demoronize(&fixed, plain.data, plain.data + plain.len);
	line = nw_utf8_line(arena, fixed.data, fixed.len, max);
	nw_buf_free(&plain);
	nw_buf_free(&fixed);
	return line;
}

/* Whether there is a tag or a reference of HTML in a text. */
static bool looks_like_html(const char *at, const char *end)
{
	char name[NAME_MAX_BYTES];
	size_t used;

	for (; at < end; at++) {
		if (*at == '<') {
			tag_name(at, end, name);
			if (*name && is_html_element(name))
				return true;
		} else if (*at == '&') {
			(void)nw_feed_reference(at, end, &used);
			if (used)
				return true;
		}
	}
	return false;
}

/* The line end at at: one that was meant, a part of an empty line, or only
 * one of the source. */
static void put_line_end(struct nw_buf *out, const char *at, const char *end,
			 enum nw_feed_mode mode)
{
	const char *next = at + 1;

	while (next < end && (*next == ' ' || *next == '\t' || *next == '\r'))
		next++;
	if (mode == NW_MODE_LINES || mode == NW_MODE_GUESS_LINES)
		nw_buf_adds(out, "<br>");
	else if (next < end && *next == '\n')
		nw_buf_adds(out, "<br><br>");
	nw_buf_addc(out, '\n');
}

static void put_plain(struct nw_buf *out, const char *at, const char *end,
		      enum nw_feed_mode mode)
{
	for (; at < end; at++) {
		switch (*at) {
		case '<':
			nw_buf_adds(out, "&lt;");
			break;
		case '>':
			nw_buf_adds(out, "&gt;");
			break;
		case '&':
			nw_buf_adds(out, "&amp;");
			break;
		case '\n':
			put_line_end(out, at, end, mode);
			break;
		default:
			nw_buf_addc(out, *at);
			break;
		}
	}
}

static bool is_guess(enum nw_feed_mode mode)
{
	return mode == NW_MODE_GUESS || mode == NW_MODE_GUESS_LINES;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char *nw_feed_html(struct nw_arena *arena, const struct nw_feed_text *text)
{
	const char *at = text->bytes, *end = at + text->len;
	struct nw_buf html;
	char *copy;

	while (at < end && is_space(*at))
		at++;
	while (end > at && is_space(end[-1]))
		end--;
	if (at == end)
		return NULL;
	if ((size_t)(end - at) > NW_FEED_TEXT_BYTES)
		end = at + nw_utf8_valid(at, NW_FEED_TEXT_BYTES);
	if (text->mode == NW_MODE_HTML ||
	    (is_guess(text->mode) && looks_like_html(at, end)))
		return clean_copy(arena, at, end);
	/* Room for what escaping makes of the longest text. */
	nw_buf_init(&html, 5 * NW_FEED_TEXT_BYTES);
	put_plain(&html, at, end, text->mode);
	copy = clean_copy(arena, html.data, html.data + html.len);
	nw_buf_free(&html);
	return copy;
}
