/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a file of users is written anew.
 */
#include "config.h"

#include "users_fixture.h"

static void change(struct world *world, const char *name, const char *secret)
{
	assert_int_equal(nw_users_change(world->path, name, secret,
					 &world->err), 0);
}

static void test_makes(void **state)
{
	struct world *world = *state;
	struct stat st;

	change(world, "anna", ANNA_HASH);
	assert_holds(world, "anna:" ANNA_HASH "\n");
	assert_int_equal(stat(world->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* Other lines, comments and the mode stay. */
static void test_keeps(void **state)
{
	struct world *world = *state;
	struct stat st;

	put(world, "# a\nben:" ANNA_HASH "\n\nanna:" ANNA_HASH "\n# z");
	assert_int_equal(chmod(world->path, 0640), 0);
	change(world, "ben", USER_HASH);
	assert_holds(world, "# a\nben:" USER_HASH "\n\nanna:" ANNA_HASH
			    "\n# z\n");
	change(world, "cleo", USER_HASH);
	assert_holds(world, "# a\nben:" USER_HASH "\n\nanna:" ANNA_HASH
			    "\n# z\ncleo:" USER_HASH "\n");
	change(world, "anna", NULL);
	assert_holds(world, "# a\nben:" USER_HASH "\n\n# z\ncleo:" USER_HASH
			    "\n");
	change(world, "ben", NULL);
	change(world, "cleo", NULL);
	assert_holds(world, "# a\n\n# z\n");
	assert_int_equal(stat(world->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

/* What cannot be read is not made worse. */
static void test_refuses(void **state)
{
	struct world *world = *state;

	put(world, "ben\n");
	assert_int_equal(nw_users_change(world->path, "anna", ANNA_HASH,
					 &world->err), -1);
	assert_non_null(strstr(world->err.text, "users:1: there is no"));
	assert_holds(world, "ben\n");
	put(world, "");
	assert_int_equal(nw_users_change(world->path, "anna", NULL,
					 &world->err), -1);
	assert_int_equal(world->err.code, NW_ERROR_MISSING);
	assert_int_equal(nw_users_change("/nowhere/at/all/users", "anna",
					 ANNA_HASH, &world->err), -1);
	assert_int_equal(world->err.code, NW_ERROR_MISSING);
}

/* A link stays one; the file behind it is the one that is written. */
static void test_link(void **state)
{
	struct world *world = *state;
	char link_path[128];
	struct stat st;

	put(world, "ben:" ANNA_HASH "\n");
	(void)snprintf(link_path, sizeof(link_path), "%s/link",
		       world->folder);
	assert_int_equal(symlink("users", link_path), 0);
	assert_int_equal(nw_users_change(link_path, "ben", USER_HASH,
					 &world->err), 0);
	assert_holds(world, "ben:" USER_HASH "\n");
	assert_int_equal(lstat(link_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(remove(link_path), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_makes),
		TEST(test_keeps),
		TEST(test_refuses),
		TEST(test_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
