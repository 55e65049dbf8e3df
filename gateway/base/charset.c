/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "charset_private.h"
#include "newswire/charset.h"
#include "newswire/utf8.h"
#include "utf8_private.h"

#define REPLACEMENT 0xFFFD
#define CHUNK_BYTES ((size_t)64 << 10)

/* So many UTF-8 sequences to one octet that is none, and the document is
 * UTF-8, whatever it says: no other encoding makes them by chance. */
#define SEQUENCES_TO_STRAY 20

static const struct {
	char bytes[5];
	size_t len;
	const char *name;
} marks[] = {
	{ "\xef\xbb\xbf", 3, "UTF-8" },
	{ "\xff\xfe\0\0", 4, "UTF-32LE" },
	{ "\0\0\xfe\xff", 4, "UTF-32BE" },
	{ "\xff\xfe", 2, "UTF-16LE" },
	{ "\xfe\xff", 2, "UTF-16BE" },
};

/* "<" and the zero octets around it, where there is no mark. */
static const struct {
	char bytes[5];
	const char *name;
} patterns[] = {
	{ "<\0\0\0", "UTF-32LE" },
	{ "\0\0\0<", "UTF-32BE" },
	{ "<\0", "UTF-16LE" },
	{ "\0<", "UTF-16BE" },
};

struct text {
	const char *bytes;
	size_t len;
	bool valid;	/* known to be UTF-8 to its end */
};

static const struct charset *by_mark(struct text *text)
{
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (text->len < marks[i].len ||
		    memcmp(text->bytes, marks[i].bytes, marks[i].len) != 0)
			continue;
		text->bytes += marks[i].len;
		text->len -= marks[i].len;
		return charset_named(marks[i].name);
	}
	return NULL;
}

static const struct charset *by_pattern(const struct text *text)
{
	size_t i, len;

	for (i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		len = patterns[i].name[4] == '3' ? 4 : 2;
		if (text->len >= 4 &&
		    !memcmp(text->bytes, patterns[i].bytes, len) &&
		    (len == 4 || text->bytes[2] || text->bytes[3]))
			return charset_named(patterns[i].name);
	}
	return NULL;
}

static void add_point(struct nw_buf *out, uint32_t point)
{
	char bytes[4];

	nw_buf_add(out, bytes, nw_utf8_put(point, bytes));
}

/* The characters of the upper half of a single-octet encoding. */
static int read_table(const struct charset *charset, uint32_t table_r[128])
{
	iconv_t conversion = iconv_open("UTF-32LE", charset->iconv);
	size_t i;

	if (conversion == (iconv_t)-1)
		return -1;
	for (i = 0; i < 128; i++) {
		char octet = (char)(0x80 + i), *from = &octet;
		unsigned char four[8] = { 0 };
		char *to = (char *)four;
		size_t from_len = 1, to_len = sizeof(four);

		table_r[i] = REPLACEMENT;
		if (iconv(conversion, &from, &from_len, &to, &to_len) !=
			    (size_t)-1 &&
		    iconv(conversion, NULL, NULL, &to, &to_len) !=
			    (size_t)-1 && to_len == 4)
			table_r[i] = four[0] | (uint32_t)four[1] << 8 |
				     (uint32_t)four[2] << 16;
		(void)iconv(conversion, NULL, NULL, NULL, NULL);
	}
	(void)iconv_close(conversion);
	return 0;
}

static size_t ascii_run(const char *bytes, size_t len)
{
	size_t run = 0;

	while (run < len && (unsigned char)bytes[run] < 0x80)
		run++;
	return run;
}

static int convert_single(struct nw_buf *out, const struct charset *charset,
			  struct text text)
{
	uint32_t table[128];
	size_t at = 0, run;

	if (read_table(charset, table))
		return -1;
	while (at < text.len) {
		run = ascii_run(text.bytes + at, text.len - at);
		nw_buf_add(out, text.bytes + at, run);
		at += run;
		if (at < text.len)
			add_point(out, table[text.bytes[at++] & 0x7f]);
	}
	return 0;
}

/* Whether at is where a sequence begins that the end of the text cuts; one
 * octet alone is rather an accented letter of windows-1252. */
static bool is_cut(const struct text *text, size_t at)
{
	return text->len - at > 1 &&
	       utf8_is_half(text->bytes + at, text->len - at);
}

/* Valid runs are copied; an octet between them is windows-1252. */
static int repair_utf8(struct nw_buf *out, struct text text)
{
	uint32_t table[128];
	size_t at = 0, run;

	if (text.valid) {
		nw_buf_add(out, text.bytes, text.len);
		return 0;
	}
	if (read_table(charset_named("windows-1252"), table))
		return -1;
	for (;;) {
		run = nw_utf8_valid(text.bytes + at, text.len - at);
		nw_buf_add(out, text.bytes + at, run);
		at += run;
		if (at == text.len)
			break;
		if (is_cut(&text, at)) {
			add_point(out, REPLACEMENT);
			break;
		}
		add_point(out, table[text.bytes[at++] & 0x7f]);
	}
	return 0;
}

/* What iconv cannot read is skipped by the octets that one unit of the
 * encoding has. */
static void skip_bad(struct text *text, enum charset_kind kind)
{
	size_t unit = kind == CHARSET_UTF32 ? 4 : kind == CHARSET_UTF16 ? 2 : 1;

	if (unit > text->len)
		unit = text->len;
	text->bytes += unit;
	text->len -= unit;
}

/* One call of iconv; returns -1 when it cannot go on. */
static int convert_chunk(struct nw_buf *out, iconv_t conversion,
			 struct text *text, enum charset_kind kind)
{
	size_t room = out->max - out->len, to_len, done;
	char *from = (char *)(uintptr_t)text->bytes, *to;

	if (room > CHUNK_BYTES)
		room = CHUNK_BYTES;
	to_len = room;
	to = nw_buf_reserve(out, room);
	if (!to)
		return -1;
	done = iconv(conversion, &from, &text->len, &to, &to_len);
	text->bytes = from;
	out->len += room - to_len;
	out->data[out->len] = '\0';
	if (done != (size_t)-1)
		return 0;
	if (errno == E2BIG) {
		if (room < CHUNK_BYTES)
			(void)nw_buf_reserve(out, room + 1);
		return room < CHUNK_BYTES ? -1 : 0;
	}
	if (errno == EINVAL)	/* the end cuts a sequence */
		text->len = 0;
	else
		skip_bad(text, kind);
	add_point(out, REPLACEMENT);
	return 0;
}

static int convert_multi(struct nw_buf *out, const struct charset *charset,
			 struct text text)
{
	iconv_t conversion = iconv_open("UTF-8", charset->iconv);

	if (conversion == (iconv_t)-1)
		return -1;
	while (text.len &&
	       !convert_chunk(out, conversion, &text, charset->kind))
		;
	(void)iconv_close(conversion);
	return 0;
}

static int convert(struct nw_buf *out, const struct charset *charset,
		   struct text text)
{
	switch (charset->kind) {
	case CHARSET_UTF8:
		return repair_utf8(out, text);
	case CHARSET_SINGLE:
		return convert_single(out, charset, text);
	default:
		return convert_multi(out, charset, text);
	}
}

/* Counts the multi-octet sequences and the octets that belong to none. */
static void count(const struct text *text, size_t *sequences_r,
		  size_t *strays_r)
{
	size_t at = 0, start;
	uint32_t point;

	*sequences_r = *strays_r = 0;
	while (at < text->len) {
		at += ascii_run(text->bytes + at, text->len - at);
		if (at == text->len || is_cut(text, at))
			break;
		start = at;
		point = nw_utf8_next(text->bytes, text->len, &at);
		if (point == REPLACEMENT && at == start + 1)
			++*strays_r;
		else
			++*sequences_r;
	}
}

/* What a text that is not valid UTF-8 is in. */
static const struct charset *believed(const struct text *text,
				      const char *http_charset)
{
	const struct charset *charset = NULL;
	size_t sequences, strays;

	if (http_charset)
		charset = charset_find(http_charset, strlen(http_charset));
	if (!charset)
		charset = charset_declared(text->bytes, text->len);
	if (charset && charset->kind == CHARSET_UTF8)
		return charset;
	count(text, &sequences, &strays);
	if (sequences / SEQUENCES_TO_STRAY >= strays ||
	    (!charset && sequences > strays))
		return charset_named("UTF-8");
	return charset ? charset : charset_named("windows-1252");
}

/* ISO-2022-JP is valid UTF-8: only its escapes tell. */
static bool is_iso2022(const struct text *text, const char *http_charset)
{
	const struct charset *charset = NULL;

	if (!memchr(text->bytes, '\033', text->len))
		return false;
	if (http_charset)
		charset = charset_find(http_charset, strlen(http_charset));
	if (!charset)
		charset = charset_declared(text->bytes, text->len);
	return charset == charset_named("ISO-2022-JP");
}

static const struct charset *detect(struct text *text,
				    const char *http_charset)
{
	const struct charset *charset = by_mark(text);

	if (!charset)
		charset = by_pattern(text);
	if (charset && charset->kind != CHARSET_UTF8)
		return charset;
	text->valid = nw_utf8_valid(text->bytes, text->len) == text->len;
	if (charset || text->valid)
		return is_iso2022(text, http_charset)
			       ? charset_named("ISO-2022-JP")
			       : charset_named("UTF-8");
	return believed(text, http_charset);
}

int nw_charset_to_utf8(struct nw_buf *out, const char *bytes, size_t len,
		       const char *http_charset, const char **used_r,
		       struct nw_error *err)
{
	struct text text = { bytes, len, false };
	const struct charset *charset = detect(&text, http_charset);
	size_t before = out->len;

	if (convert(out, charset, text)) {
		nw_buf_cut(out, before);
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "charset: iconv does not know %s",
				    charset->iconv);
	}
	if (!nw_buf_ok(out)) {
		nw_buf_cut(out, before);
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "charset: the text has more than %zu bytes",
				    out->max);
	}
	if (used_r)
		*used_r = charset->name;
	return 0;
}
