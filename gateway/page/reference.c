/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/utf8.h"
#include "page_private.h"

/*
 * Character references that libxml2 does not know, or reads otherwise than
 * browsers do.
 */

/* References that the parser does not know, and what they stand for. */
static const struct reference {
	const char *name;	/* with ";" */
	const char *text;
} references[] = {
	{ "NewLine;", " " },	{ "Tab;", " " },
	{ "apos;", "'" },	{ "ast;", "*" },
	{ "bsol;", "\\" },	{ "colon;", ":" },
	{ "comma;", "," },	{ "commat;", "@" },
	{ "dollar;", "$" },	{ "equals;", "=" },
	{ "excl;", "!" },	{ "grave;", "`" },
	{ "lbrace;", "{" },	{ "lbrack;", "[" },
	{ "lcub;", "{" },	{ "lowbar;", "_" },
	{ "lpar;", "(" },	{ "lsqb;", "[" },
	{ "nbsp;", "\xc2\xa0" }, { "num;", "#" },
	{ "percnt;", "%" },	{ "period;", "." },
	{ "plus;", "+" },	{ "quest;", "?" },
	{ "rbrace;", "}" },	{ "rbrack;", "]" },
	{ "rcub;", "}" },	{ "rpar;", ")" },
	{ "rsqb;", "]" },	{ "semi;", ";" },
	{ "sol;", "/" },	{ "verbar;", "|" },
	{ "vert;", "|" },
};

/* What the octets 0x80–0x9F are in windows-1252. */
static const uint16_t windows_1252[32] = {
	0x20ac, 0x81,	0x201a, 0x192,	0x201e, 0x2026, 0x2020, 0x2021,
	0x2c6,	0x2030, 0x160,	0x2039, 0x152,	0x8d,	0x17d,	0x8f,
	0x90,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x2dc,	0x2122, 0x161,	0x203a, 0x153,	0x9d,	0x17e,	0x178,
};

/* "&#128;" to "&#159;" and "&#x80;" to "&#x9f;": the octets consumed, 0 when
 * it is another. */
static size_t put_windows(struct nw_buf *out, const char *at, const char *end)
{
	static const char digits[] = "0123456789abcdef";
	unsigned value = 0, base = 10;
	const char *start = at, *digit;
	char bytes[4];

	at += 2;
	if (at < end && (*at == 'x' || *at == 'X')) {
		base = 16;
		at++;
	}
	for (; at < end && *at; at++) {
		digit = strchr(digits, tolower((unsigned char)*at));
		if (!digit || digit - digits >= (ptrdiff_t)base || value > 999)
			break;
		value = value * base + (unsigned)(digit - digits);
	}
	if (value < 0x80 || value > 0x9f)
		return 0;
	if (at < end && *at == ';')
		at++;
	nw_buf_add(out, bytes,
		   nw_utf8_put(windows_1252[value - 0x80], bytes));
	return (size_t)(at - start);
}

/* The octets of the reference at "&" that were replaced, or 0. */
static size_t put_reference(struct nw_buf *out, const char *at,
			    const char *end)
{
	size_t i;

	if (end - at > 2 && at[1] == '#')
		return put_windows(out, at, end);
	for (i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		size_t len = strlen(references[i].name);

		if ((size_t)(end - at) > len &&
		    !memcmp(at + 1, references[i].name, len)) {
			nw_buf_adds(out, references[i].text);
			return len + 1;
		}
	}
	return 0;
}

void nw_page_put_text(struct nw_buf *out, const char *at, const char *end)
{
	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		size_t used;

		if (!stop) {
			nw_buf_add(out, at, (size_t)(end - at));
			return;
		}
		nw_buf_add(out, at, (size_t)(stop - at));
		used = put_reference(out, stop, end);
		if (!used)
			nw_buf_addc(out, '&');
		at = stop + (used ? used : 1);
	}
}
