/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes of any charset to UTF-8, before a parser sees them.
 *
 * The order is: byte order mark, the charset of the HTTP header, the
 * declaration in the document (XML's encoding, HTML's meta), validity as UTF-8,
 * windows-1252.  A label means what the WHATWG Encoding Standard says it means:
 * iso-8859-1 is windows-1252, gb2312 is gb18030, shift_jis is cp932,
 * euc-kr is cp949.  A declaration that the bytes belie is not believed:
 * bytes that are valid UTF-8 with at least one multi-byte sequence are UTF-8,
 * and a stray windows-1252 byte in UTF-8 is read as such.  A byte that fits
 * nothing becomes U+FFFD; nothing behind it is lost.
 */
#ifndef NEWSWIRE_CHARSET_H
#define NEWSWIRE_CHARSET_H

#include <stddef.h>

#include "newswire/buf.h"
#include "newswire/error.h"

/*
 * Appends bytes to out as UTF-8 without a byte order mark.  http_charset is the
 * parameter of Content-Type, or NULL; the document's own declaration is
 * looked for in the first 1,024 bytes (WHATWG HTML section 13.2.3.2).
 * used_r, when not NULL, gets a constant string: the name of the charset
 * that was believed.  Fails when out's ceiling is met (NW_ERROR_REFUSED).
 */
int nw_charset_to_utf8(struct nw_buf *out, const char *bytes, size_t len,
		       const char *http_charset, const char **used_r,
		       struct nw_error *err);

#endif
