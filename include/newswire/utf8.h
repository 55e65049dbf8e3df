/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text of the web as clean UTF-8: validity, white space, width, case.
 *
 * "Clean" text is what the story model holds: valid UTF-8 in NFC, without
 * control characters, bidirectional overrides, soft hyphens, byte order marks
 * or noncharacters.
 */
#ifndef NEWSWIRE_UTF8_H
#define NEWSWIRE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/arena.h"

/* Length of the longest prefix of bytes that is valid UTF-8 (RFC 3629: no
 * surrogates, no overlong forms). */
size_t nw_utf8_valid(const char *bytes, size_t len);

/* Code point at *at (< len), which moves behind it; 0xFFFD for an invalid
 * byte, which counts as one. */
uint32_t nw_utf8_next(const char *bytes, size_t len, size_t *at);
/* Writes a code point; returns the octets, 0 for one that cannot be
 * encoded. */
size_t nw_utf8_put(uint32_t point, char bytes_r[4]);

/*
 * One clean line: runs of white space (also U+00A0, U+2028 and line ends)
 * become one space, the ends are trimmed, what is not clean is dropped, an
 * invalid byte becomes U+FFFD, and the result is cut to max bytes between two
 * grapheme clusters (with "…" where something was cut).  NULL when nothing is
 * left or text is NULL.
 */
char *nw_utf8_line(struct nw_arena *arena, const char *text, size_t len,
		   size_t max);

/* The same without collapsing white space: line feeds and tabs stay (code
 * blocks); CR LF and CR become LF. */
char *nw_utf8_lines(struct nw_arena *arena, const char *text, size_t len,
		    size_t max);

/* White space of any kind in Unicode, zero-width space included (which
 * nw_utf8_line drops, as it takes no room). */
bool nw_utf8_is_space(uint32_t point);

/* A key for comparing: case folded, only letters and digits, NFKC; "" for
 * text without any. */
char *nw_utf8_key(struct nw_arena *arena, const char *text);

/* Makes text fit for a terminal, in place: each control character, also those
 * that turn the direction of writing, and each invalid byte becomes "?"; half
 * a sequence at the end is dropped. */
void nw_utf8_printable(char *text);

/* Columns on a terminal (East Asian wide characters two). */
size_t nw_utf8_width(const char *text, size_t len);

/*
 * Where a line of text without line feeds may be broken (UAX #14): marks_r[i]
 * becomes true where it may end before byte i.  Text that is all ASCII
 * breaks behind spaces only, other text also between ideographs.
 */
void nw_utf8_breaks(const char *text, size_t len, bool *marks_r);

/* The words of a text in lower-case ASCII letters and digits (and "+") with
 * "-" between them, accents dropped, at most max bytes: for names of groups
 * and the local part of an address.  NULL when nothing is left. */
char *nw_utf8_slug(struct nw_arena *arena, const char *text, size_t max);

#endif
