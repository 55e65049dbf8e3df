/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a configuration says about who may do what.
 */
#include "config.h"

#include "config_fixture.h"

static void test_nothing_is_said(void **state)
{
	struct world *world = *state;
	const struct nw_config_access *access = &world->config.access;
	char users[96];

	assert_int_equal(load(world, "readers = 1\n"), 0);
	assert_null(access->read);
	assert_null(access->post);
	assert_int_equal(access->user_count, 0);
	(void)snprintf(users, sizeof(users), "%s/users", world->home);
	assert_string_equal(access->users_path, users);
}

/* A list that is there and empty is not one that is missing. */
static void test_lists(void **state)
{
	static const struct {
		const char *text, *read, *post;
	} samples[] = {
		{ "read = {}\n", "", NULL },
		{ "read = {\"com.*\", \"!com.x.*\"}\n", "com.*,!com.x.*",
		  NULL },
		{ "read = \"*\"\npost = {}\n", "*", "" },
		{ "read = {a}\nread = {b}\n", "b", NULL },
		{ "user \"x\" { read = {y} post = {} }\n", NULL, NULL },
	};
	struct world *world = *state;
	size_t i;

	for (i = 0; i < COUNT(samples); i++) {
		assert_int_equal(load(world, samples[i].text), 0);
		if (samples[i].read)
			assert_string_equal(world->config.access.read,
					    samples[i].read);
		else
			assert_null(world->config.access.read);
		if (samples[i].post)
			assert_string_equal(world->config.access.post,
					    samples[i].post);
		else
			assert_null(world->config.access.post);
	}
}

static void test_users(void **state)
{
	struct world *world = *state;
	const struct nw_config_access *access = &world->config.access;

	assert_int_equal(load(world,
			      "users-file = /etc/news/users # theirs\n"
			      "user \"anna\" {\n"
			      "	read = {\"com.*\", \"org.*\"}\n"
			      "	post = com.talk\n"
			      "	manage = yes\n"
			      "}\n"
			      "user J\xc3\xbcrgen {}\n"), 0);
	assert_string_equal(access->users_path, "/etc/news/users");
	assert_int_equal(access->user_count, 2);
	assert_string_equal(access->users[0].name, "anna");
	assert_int_equal(access->users[0].line, 2);
	assert_string_equal(access->users[0].read, "com.*,org.*");
	assert_string_equal(access->users[0].post, "com.talk");
	assert_string_equal(access->users[1].name, "J\xc3\xbcrgen");
	assert_int_equal(access->users[1].line, 7);
	assert_true(access->users[0].manage);
	assert_false(access->users[1].manage);
	assert_null(access->users[1].read);
	assert_null(access->users[1].post);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *starts;
	} samples[] = {
		{ "read = {a, \"\"}\n", 1, "read: must be a group" },
		{ "users-file = users\n", 1, "users-file: must be an absol" },
		{ "\nuser \"a b\" {}\n", 2, "user: is no name of a user" },
		{ "user \"a:b\" {}\n", 1, "user: is no name of a user" },
		{ "user \"#a\" {}\n", 1, "user: is no name of a user" },
		{ "user \"\\xff\" {}\n", 1, "user: is no name of a user" },
		{ "user a {}\nuser a {}\n", 2, "" },
		{ "user a {\n post = {\"\"}\n}\n", 2, "post: must be a gro" },
		{ "user a {\n manage = perhaps\n}\n", 2, "manage: invalid " },
		{ "manage = yes\n", 1, "manage: no such option" },
		{ "user a {\n\n listen = 1\n}\n", 3, "listen: no such opti" },
		{ "user a {\n read = x\n", 1, "syntax: the brace is not" },
	};
	struct world *world = *state;
	char want[160];
	size_t i;

	for (i = 0; i < COUNT(samples); i++) {
		if (!load(world, samples[i].text))
			fail_msg("\"%s\" was taken", samples[i].text);
		(void)snprintf(want, sizeof(want), "%s:%d: %s", world->file,
			       samples[i].line, samples[i].starts);
		if (strncmp(world->err.text, want, strlen(want)))
			fail_msg("\"%s\": %s", samples[i].text,
				 world->err.text);
	}
}

static void test_names(void **state)
{
	char longest[66];

	(void)state;
	memset(longest, 'a', 65);
	longest[64] = '\0';
	assert_true(nw_config_is_user(longest));
	longest[64] = 'a';
	longest[65] = '\0';
	assert_false(nw_config_is_user(longest));
	assert_false(nw_config_is_user(""));
	assert_true(nw_config_is_user("a#"));
	assert_false(nw_config_is_user("a\tb"));
	assert_false(nw_config_is_user("a\x7f"));
	assert_false(nw_config_is_user("\xc3"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_is_said),
		TEST(test_lists),
		TEST(test_users),
		TEST(test_refused),
		TEST(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
