/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a file of users may say, and when it is read again.
 */
#include "config.h"

#include "users_fixture.h"

#include "newswire/limits.h"

static void test_lines(void **state)
{
	struct world *world = *state;
	const struct nw_user *user;

	put(world, "# ours\r\n\nzoe:" ANNA_HASH "\r\n"
		   "J\xc3\xbcrgen:" ANNA_HASH "\n"
		   "user:" USER_HASH ":" SCRAM);
	assert_int_equal(nw_users_refresh(&world->users, world->path,
					  &world->err), 0);
	assert_int_equal(world->users.count, 3);
	user = nw_users_find(&world->users, "zoe");
	assert_non_null(user);
	assert_string_equal(user->hash, ANNA_HASH);
	assert_int_equal(user->line, 3);
	assert_null(user->salt);
	assert_non_null(nw_users_find(&world->users, "J\xc3\xbcrgen"));
	user = nw_users_find(&world->users, "user");
	assert_non_null(user);
	assert_ptr_equal(user, world->users.scram);
	assert_string_equal(user->hash, USER_HASH);
	assert_string_equal(user->salt, SALT);
	assert_string_equal(user->stored_key, STORED_KEY);
	assert_string_equal(user->server_key, SERVER_KEY);
	assert_int_equal(user->iterations, 4096);
	assert_null(nw_users_find(&world->users, "User"));
	assert_null(nw_users_find(&world->users, ""));
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *why;
	} samples[] = {
		{ "anna\n", 1, "there is no \":\"" },
		{ "anna\n", 1, "newswire passwd writes another" },
		{ "\n:" ANNA_HASH "\n", 2, "is no name of a user" },
		{ "a b:" ANNA_HASH "\n", 1, "is no name of a user" },
		{ " anna:" ANNA_HASH "\n", 1, "is no name of a user" },
		{ "\xff:" ANNA_HASH "\n", 1, "is no name of a user" },
		{ "anna:\n", 1, "the hash is none of crypt(5)" },
		{ "anna:hunter2\n", 1, "the hash is none of crypt(5)" },
		{ "anna:*\n", 1, "the hash is none of crypt(5)" },
		{ "anna:$1$abcdefgh$irWbblnpmw.5z7wgBnprh0\n", 1, "weak" },
		{ "anna:ab1Zf6Pds.fXA\n", 1, "weak" },
		{ "anna:" ANNA_HASH ":\n", 1, "is not of SCRAM-SHA-256" },
		{ "anna:" ANNA_HASH ":SCRAM-SHA-1$4096:" KEYS, 1,
		  "is not of SCRAM-SHA-256" },
		{ "a:" ANNA_HASH ":" SCRAM ":x", 1, "a SCRAM key is no" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$4096:" SALT "$" STORED_KEY,
		  1, "a SCRAM key is no" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$4096:" SALT "$" SALT ":"
		  SERVER_KEY, 1, "a SCRAM key is no" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$4096", 1,
		  "a SCRAM key is no" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$4096:$" STORED_KEY ":"
		  SERVER_KEY, 1, "the salt of SCRAM" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$4096:abc$" STORED_KEY ":"
		  SERVER_KEY, 1, "the salt of SCRAM" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$4096:====$" STORED_KEY ":"
		  SERVER_KEY, 1, "the salt of SCRAM" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$4095:" KEYS, 1,
		  "the iterations of SCRAM" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$10000001:" KEYS, 1,
		  "the iterations of SCRAM" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$99999999999999:" KEYS, 1,
		  "the iterations of SCRAM" },
		{ "a:" ANNA_HASH ":SCRAM-SHA-256$-4096:" KEYS, 1,
		  "the iterations of SCRAM" },
		{ "a:" ANNA_HASH "\nb:" ANNA_HASH "\na:" USER_HASH "\n", 3,
		  "a stands in line 1 as well" },
	};
	struct world *world = *state;
	char want[160];
	size_t i;

	for (i = 0; i < COUNT(samples); i++) {
		put(world, samples[i].text);
		nw_users_free(&world->users);
		if (!nw_users_refresh(&world->users, world->path,
				      &world->err))
			fail_msg("\"%s\" was taken", samples[i].text);
		assert_int_equal(world->err.code, NW_ERROR_CONFIG);
		(void)snprintf(want, sizeof(want), "%s:%d: ", world->path,
			       samples[i].line);
		if (strncmp(world->err.text, want, strlen(want)) ||
		    !strstr(world->err.text, samples[i].why))
			fail_msg("\"%s\": %s", samples[i].text,
				 world->err.text);
		assert_int_equal(world->users.count, 0);
	}
}

static void test_modes(void **state)
{
	static const struct {
		mode_t mode;
		bool taken;
	} samples[] = {
		{ 0600, true },	 { 0400, true },  { 0640, true },
		{ 0644, false }, { 0660, false }, { 0602, false },
		{ 0601, false },
	};
	struct world *world = *state;
	size_t i;

	for (i = 0; i < COUNT(samples); i++) {
		put(world, "anna:" ANNA_HASH "\n");
		assert_int_equal(chmod(world->path, samples[i].mode), 0);
		nw_users_free(&world->users);
		assert_int_equal(nw_users_refresh(&world->users, world->path,
						  &world->err),
				 samples[i].taken ? 0 : -1);
		if (!samples[i].taken)
			assert_non_null(strstr(world->err.text, "chmod 600"));
	}
}

/* It is read when it has changed; what cannot be read is told once and changes
 * nothing. */
static void test_refresh(void **state)
{
	struct world *world = *state;
	struct nw_users *users = &world->users;

	assert_int_equal(nw_users_refresh(users, world->path, &world->err), 0);
	assert_int_equal(users->count, 0);
	put(world, "anna:" ANNA_HASH "\n");
	assert_int_equal(nw_users_refresh(users, world->path, &world->err), 0);
	assert_int_equal(users->count, 1);
	put(world, "anna:" ANNA_HASH "\nben\n");
	assert_int_equal(nw_users_refresh(users, world->path, &world->err),
			 -1);
	assert_int_equal(users->count, 1);
	assert_int_equal(nw_users_refresh(users, world->path, &world->err), 0);
	assert_int_equal(users->count, 1);
	put(world, "anna:" ANNA_HASH "\nben:" USER_HASH "\n");
	assert_int_equal(nw_users_refresh(users, world->path, &world->err), 0);
	assert_non_null(nw_users_find(users, "ben"));
	assert_int_equal(remove(world->path), 0);
	assert_int_equal(nw_users_refresh(users, world->path, &world->err), 0);
	assert_int_equal(users->count, 0);
	assert_null(nw_users_find(users, "ben"));
}

static void test_no_text(void **state)
{
	struct world *world = *state;
	struct nw_arena *arena = nw_arena_new();
	struct nw_users users;
	struct nw_buf text;

	nw_buf_init(&text, 64);
	nw_buf_add(&text, "a\0b", 3);
	assert_int_equal(nw_users_parse(arena, "x", &text, &users,
					&world->err), -1);
	assert_string_equal(world->err.text, "x: is no text");
	nw_buf_free(&text);
	nw_arena_free(&arena);
	/* A FIFO is nothing to wait for. */
	assert_int_equal(mkfifo(world->path, 0600), 0);
	assert_int_equal(nw_users_refresh(&world->users, world->path,
					  &world->err), -1);
	assert_non_null(strstr(world->err.text, "is no file"));
}

static void test_caps(void **state)
{
	struct world *world = *state;
	FILE *file;
	int i;

	put(world, "");
	file = fopen(world->path, "w");
	assert_non_null(file);
	for (i = 0; i <= NW_USERS; i++)
		assert_true(fprintf(file, "user%d:" ANNA_HASH "\n", i) > 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(nw_users_refresh(&world->users, world->path,
					  &world->err), -1);
	assert_non_null(strstr(world->err.text, ":10001: too many users"));
	put(world, "# much\n");
	assert_int_equal(truncate(world->path, NW_USERS_BYTES + 1), 0);
	assert_int_equal(nw_users_refresh(&world->users, world->path,
					  &world->err), -1);
	assert_non_null(strstr(world->err.text, "is longer than 4194304"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_lines),   TEST(test_refused), TEST(test_modes),
		TEST(test_refresh), TEST(test_no_text), TEST(test_caps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
