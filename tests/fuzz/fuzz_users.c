/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of users. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "newswire/config.h"
#include "newswire/limits.h"
#include "newswire/users.h"

/* What is taken can be found, and is what the header promises. */
static void check(const struct nw_users *users)
{
	const struct nw_user *user;
	size_t i;

	for (i = 0; i < users->count; i++) {
		user = &users->all[i];
		if (nw_users_find(users, user->name) != user ||
		    !nw_config_is_user(user->name) || !*user->hash ||
		    strpbrk(user->hash, ":\n") ||
		    !user->salt != !user->server_key ||
		    (user->salt &&
		     (user->iterations < NW_SCRAM_ITERATIONS_MIN ||
		      strlen(user->stored_key) != 44)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_users users;
	struct nw_error err;
	struct nw_buf text;

	nw_buf_init(&text, size);
	nw_buf_add(&text, data, size);
	if (nw_users_parse(arena, "users", &text, &users, &err) == 0)
		check(&users);
	else if (err.code != NW_ERROR_CONFIG)
		abort();
	nw_buf_free(&text);
	nw_arena_free(&arena);
	return 0;
}
