/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of users in a folder of its own.
 */
#ifndef NEWSWIRE_TESTS_USERS_FIXTURE_H
#define NEWSWIRE_TESTS_USERS_FIXTURE_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newswire/users.h"

/* "hunter2" and "pencil"; the keys of the latter are those of RFC 7677. */
#define ANNA_HASH "$y$j75$abcdefghijklmnopqrstu." \
		  "$.F8at2qvnbnxZisggS62/VpCtBMW9L9LT3ZqbMF6Ao3"
#define USER_HASH "$y$j75$abcdefghijklmnopqrstu." \
		  "$9H2zzep.GGgPMQ9O6kjBT8oYqb4gclu.uqV9PnEToK2"
#define SALT "W22ZaJ0SNY7soEsUEjb6gQ=="
#define STORED_KEY "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
#define SERVER_KEY "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
#define KEYS SALT "$" STORED_KEY ":" SERVER_KEY
#define SCRAM "SCRAM-SHA-256$4096:" KEYS

struct world {
	char folder[64];
	char path[80];
	struct nw_users users;
	struct nw_error err;
};

static inline void put(const struct world *world, const char *text)
{
	FILE *file = fopen(world->path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(world->path, 0600), 0);
}

static inline void assert_holds(const struct world *world, const char *want)
{
	FILE *file = fopen(world->path, "r");
	char got[2048];
	size_t len;

	assert_non_null(file);
	len = fread(got, 1, sizeof(got) - 1, file);
	got[len] = '\0';
	(void)fclose(file);
	assert_string_equal(got, want);
}

static inline int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	if (!world)
		return -1;
	(void)snprintf(world->folder, sizeof(world->folder),
		       "/tmp/newswire-users.XXXXXX");
	if (!mkdtemp(world->folder))
		return -1;
	(void)snprintf(world->path, sizeof(world->path), "%s/users",
		       world->folder);
	*state = world;
	return 0;
}

static inline int teardown(void **state)
{
	struct world *world = *state;

	nw_users_free(&world->users);
	(void)remove(world->path);
	assert_int_equal(rmdir(world->folder), 0);
	free(world);
	return 0;
}

#endif
