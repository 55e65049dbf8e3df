/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wildmats (RFC 3977 section 4), and the older ones of RFC 2980.
 */
#ifndef NEWSWIRE_WILDMAT_H
#define NEWSWIRE_WILDMAT_H

#include <stdbool.h>

/* Whether name matches a list of comma-separated patterns, the rightmost
 * one that matches deciding; "!" before a pattern negates it. */
bool nw_wildmat(const char *wildmat, const char *name);

/*
 * Whether a text matches the one pattern of XPAT (RFC 2980 sections 2.9 and
 * 3.3): "[abx-z]" is a character of that set, "[^abx-z]" one that is not, "\"
 * takes the meaning from what comes next; "," and "!" have none.
 */
bool nw_wildmat_text(const char *pattern, const char *text);

#endif
