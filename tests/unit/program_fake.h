/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program "newswire" of the test's own, first in PATH: a shell script that
 * notes its arguments, each in brackets, a line for each time it is run.
 */
#ifndef NEWSWIRE_TESTS_PROGRAM_FAKE_H
#define NEWSWIRE_TESTS_PROGRAM_FAKE_H

#include <glib.h>

struct program_fake {
	char *dir;
	char *path;		/* PATH as it was */
};

/* script is what it does, in sh. */
void program_fake_set_up(struct program_fake *fake, const char *script);
void program_fake_change(const struct program_fake *fake, const char *script);
void program_fake_tear_down(struct program_fake *fake);
/* What was noted since the last call (free with g_free). */
char *program_fake_noted(const struct program_fake *fake);

#endif
