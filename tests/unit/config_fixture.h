/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A configuration file in a folder of its own, and an environment that names
 * nothing.
 */
#ifndef NEWSWIRE_TESTS_CONFIG_FIXTURE_H
#define NEWSWIRE_TESTS_CONFIG_FIXTURE_H

#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "newswire/config.h"

/* A folder of our own, and an environment that names nothing. */
struct world {
	char home[64];
	char file[96];
	struct nw_arena *arena;
	struct nw_config config;
	struct nw_error err;
};

static inline int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	if (!world)
		return -1;
	(void)snprintf(world->home, sizeof(world->home),
		       "/tmp/newswire-config.XXXXXX");
	if (!mkdtemp(world->home))
		return -1;
	(void)snprintf(world->file, sizeof(world->file), "%s/newswire.conf",
		       world->home);
	world->arena = nw_arena_new();
	(void)unsetenv("NEWSWIRE_HOME");
	(void)unsetenv("NEWSWIRE_ALLOW_PRIVATE");
	(void)unsetenv("XDG_CONFIG_HOME");
	(void)unsetenv("XDG_DATA_HOME");
	*state = world;
	return 0;
}

static inline int remove_one(const char *path, const struct stat *st, int kind,
			     struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static inline int teardown(void **state)
{
	struct world *world = *state;

	(void)nftw(world->home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	nw_arena_free(&world->arena);
	free(world);
	return 0;
}

static inline int load(struct world *world, const char *text)
{
	FILE *file = fopen(world->file, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	memset(&world->config, 0x55, sizeof(world->config));
	return nw_config_load(world->arena, world->home, &world->config,
			      &world->err);
}

#endif
