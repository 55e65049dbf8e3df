/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wildmats (RFC 3977 section 4).
 */
#ifndef NEWSWIRE_WILDMAT_H
#define NEWSWIRE_WILDMAT_H

#include <stdbool.h>

/* Whether name matches a list of comma-separated patterns, the rightmost
 * one that matches deciding; "!" before a pattern negates it. */
bool nw_wildmat(const char *wildmat, const char *name);

#endif
