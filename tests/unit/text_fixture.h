/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts of posts for tests to look at, in an arena that is the state.
 */
#ifndef NEWSWIRE_TESTS_TEXT_FIXTURE_H
#define NEWSWIRE_TESTS_TEXT_FIXTURE_H

#include "unit.h"

#include "arena_state.h"
#include "model.h"
#include "newswire/limits.h"
#include "newswire/text.h"

#define LOREM \
	"The council met on Monday evening and voted, by nineteen to four, " \
	"to keep the old mill open until the spring; residents applauded."
#define HAN "\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87"
#define SOURCE "\nSource: https://a.example/s\n"

static inline char *text_of(void **state, const struct nw_story *story,
			    const struct nw_post *post, bool *delsp)
{
	struct nw_error err;
	struct nw_buf out;
	char *text;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_text_write(&out, story, post, delsp, &err), 0);
	text = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	return text;
}

#endif
