/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The encodings that the web uses, and where a document names its own.
 */
#ifndef NEWSWIRE_CHARSET_PRIVATE_H
#define NEWSWIRE_CHARSET_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

enum charset_kind {
	CHARSET_UTF8,
	CHARSET_UTF16,
	CHARSET_UTF32,
	CHARSET_SINGLE,		/* one octet, one character; ASCII below 128 */
	CHARSET_MULTI,
};

struct charset {
	const char *name;	/* as the WHATWG Encoding Standard calls it */
	const char *iconv;
	enum charset_kind kind;
	const char *labels;	/* each between two spaces, lower case */
};

/* What a label names (WHATWG Encoding section 4.2); NULL when it is none. */
const struct charset *charset_find(const char *label, size_t len);
/* One that is surely there, by its name. */
const struct charset *charset_named(const char *name);

/* The encoding that the document declares in its first octets (an XML
 * declaration, HTML's meta), or NULL. */
const struct charset *charset_declared(const char *bytes, size_t len);

#endif
