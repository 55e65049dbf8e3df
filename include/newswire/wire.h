/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Articles as they go over the wire (RFC 3977 section 3.1.1) and their
 * overview lines (section 8.3.2).
 *
 * The wire form is what ARTICLE sends behind its status line: CRLF lines,
 * dot-stuffed, ended by ".\r\n".
 */
#ifndef NEWSWIRE_WIRE_H
#define NEWSWIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "newswire/buf.h"
#include "newswire/error.h"

/*
 * Appends the wire form of an article (CRLF or LF line ends).  xref, when
 * not NULL, is the value of an Xref header that replaces any the
 * article has.  head_len_r gets the octets of the head in the wire form,
 * without the empty line.
 */
int nw_wire_write(struct nw_buf *out, const char *article, size_t len,
		  const char *xref, size_t *head_len_r,
		  struct nw_error *err);

/* Whether these octets are what nw_wire_write() makes, head_len included;
 * NW_ERROR_DATA says what is wrong, as a part of a sentence. */
int nw_wire_check(const char *wire, size_t len, size_t head_len,
		  struct nw_error *err);

/* Appends the article without dot-stuffing and terminator, CRLF line ends. */
int nw_wire_read(struct nw_buf *out, const char *wire, size_t len,
		 struct nw_error *err);

/*
 * Appends an overview line without the number: seven fields and "Xref: …",
 * each behind a tab, then CRLF:
 * "\tSubject\tFrom\tDate\tMessage-ID\tReferences\t bytes\tlines\tXref:
 * …\r\n".  Tabs, CR, LF and NUL inside a field become spaces (RFC 3977 section
 * 8.3.2).
 */
int nw_wire_overview(struct nw_buf *out, const char *wire, size_t len,
		     size_t head_len, struct nw_error *err);

/*
 * Finds the first header of that name (any case) in a head: its value, folded
 * lines included, without the white space around it.
 */
bool nw_wire_header(const char *head, size_t head_len, const char *name,
		    const char **value_r, size_t *len_r);

/* Appends a header's value unfolded, as HDR and overviews show it. */
void nw_wire_unfold(struct nw_buf *out, const char *value, size_t len);

/* The next word of a header's value, folded or not, such as "group:number"
 * of an Xref (RFC 5536 section 3.2.14), NULL at the end; *at moves on. */
const char *nw_wire_word(const char **at, const char *end, size_t *len_r);

#endif
