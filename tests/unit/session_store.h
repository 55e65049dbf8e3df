/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A home of newswire with a store of known articles, and this build's newswire
 * in PATH.
 */
#ifndef NEWSWIRE_TESTS_SESSION_STORE_H
#define NEWSWIRE_TESTS_SESSION_STORE_H

#include <glib.h>

void store_open(void);
void store_close(void);
const char *store_home(void);

/* Instead of this build's newswire, a shell script that is called like it. */
void store_fake(const char *script);
void store_real(void);

/* A group with articles 1 to count; their texts begin with ".", "..two" and
 * "Text of N", their ids are <N.GROUP@news.test>. */
void store_fill(const char *group, const char *description, guint count);

#endif
