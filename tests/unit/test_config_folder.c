/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the configuration and the data are looked for, and who makes the
 * folder.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_fixture.h"

#define NOBODY 65534

static void test_folder_of_environment(void **state)
{
	struct world *world = *state;
	struct nw_config config;

	assert_int_equal(setenv("NEWSWIRE_HOME", world->home, 1), 0);
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.config_path, world->file);
	assert_string_equal(config.data_dir, world->home);
	/* --home comes first. */
	assert_int_equal(nw_config_load(world->arena, "/nowhere", &config,
					&world->err), 0);
	assert_string_equal(config.config_path, "/nowhere/newswire.conf");
	assert_string_equal(config.store_path, "/nowhere/newswire.db");
}

static void test_folder_of_root(void **state)
{
	struct world *world = *state;
	struct nw_config config;

	if (geteuid() || !access("/etc/newswire/newswire.conf", F_OK))
		skip();
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.config_path, "/etc/newswire/newswire.conf");
	assert_string_equal(config.store_path, "/var/lib/newswire/newswire.db");
}

static void check_folder_of_user(struct world *world)
{
	struct nw_config config;

	(void)setenv("HOME", "/home/of-nobody", 1);
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.config_path,
			    "/home/of-nobody/.config/newswire/newswire.conf");
	assert_string_equal(config.data_dir,
			    "/home/of-nobody/.local/share/newswire");
	(void)setenv("XDG_CONFIG_HOME", "/c", 1);
	(void)setenv("XDG_DATA_HOME", "/d", 1);
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.config_path, "/c/newswire/newswire.conf");
	assert_string_equal(config.store_path, "/d/newswire/newswire.db");
	/* A path that is not absolute is ignored. */
	(void)setenv("XDG_DATA_HOME", "d", 1);
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.data_dir,
			    "/home/of-nobody/.local/share/newswire");
}

static void test_folder_of_user(void **state)
{
	const char *home = getenv("HOME");
	char *saved = home ? strdup(home) : NULL;
	bool root = !geteuid();

	if (root)
		assert_int_equal(seteuid(NOBODY), 0);
	check_folder_of_user(*state);
	if (root)
		assert_int_equal(seteuid(0), 0);
	if (saved)
		(void)setenv("HOME", saved, 1);
	free(saved);
}

static void test_make_dir(void **state)
{
	struct world *world = *state;
	struct nw_config config = { .data_dir = NULL };
	char path[160];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/a/b/c", world->home);
	config.data_dir = path;
	assert_int_equal(nw_config_make_dir(&config, &world->err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(nw_config_make_dir(&config, &world->err), 0);
	assert_int_equal(load(world, ""), 0);
	config.data_dir = world->file;
	assert_int_equal(nw_config_make_dir(&config, &world->err), -1);
	assert_int_equal(world->err.code, NW_ERROR_IO);
	(void)snprintf(path, sizeof(path), "%s/newswire.conf/a", world->home);
	config.data_dir = path;
	assert_int_equal(nw_config_make_dir(&config, &world->err), -1);
	assert_non_null(strstr(world->err.text, "newswire.conf"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_folder_of_environment),
		TEST(test_folder_of_root),
		TEST(test_folder_of_user),
		TEST(test_make_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
