/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a call that can fail should give, and the error's text when it does not.
 */
#ifndef NEWSWIRE_TESTS_OUTCOME_H
#define NEWSWIRE_TESTS_OUTCOME_H

#include "unit.h"

#include <string.h>

#include "newswire/error.h"

/* Fails the test with the error's text unless the call gave what it should. */
static inline void outcome_check(const struct nw_error *err, int wanted,
				 int got, const char *call, const char *file,
				 int line)
{
	if (got == wanted)
		return;
	print_error("%s: %d, not %d%s%s\n", call, got, wanted,
		    got < 0 ? ": " : "", got < 0 ? err->text : "");
	_fail(file, line);
}

/* The call failed with this code, and the text names the word. */
static inline void outcome_failed(const struct nw_error *err, int got,
				  enum nw_error_code code, const char *word)
{
	assert_int_equal(got, -1);
	if (err->code != code || !strstr(err->text, word))
		fail_msg("code %d, not %d, or no \"%s\" in \"%s\"",
			 (int)err->code, (int)code, word, err->text);
}

#endif
