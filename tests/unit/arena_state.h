/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An arena as the state of a test or of a group of tests.
 */
#ifndef NEWSWIRE_TESTS_ARENA_STATE_H
#define NEWSWIRE_TESTS_ARENA_STATE_H

#include "newswire/arena.h"

static inline int arena_setup(void **state)
{
	*state = nw_arena_new();
	return 0;
}

static inline int arena_teardown(void **state)
{
	struct nw_arena *arena = *state;

	nw_arena_free(&arena);
	return 0;
}

#endif
