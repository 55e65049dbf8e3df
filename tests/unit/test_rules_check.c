/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "newswire rules check": each fault by its line, then the sums. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"
#include "newswire/command.h"

static const struct {
	const char *name, *text;
} files[] = {
	{ "b.example.txt", "titel: //h1\nlogin_uri: x\nbody: //div[\n" },
	{ "a.example.txt", "# fine\ntitle: //h1\nfootnotes: no\n" },
	{ "c.example.txt", "login_uri: y\nprune: perhaps\n" },
	{ "notes.md", "no: rules\n" },
};

struct world {
	char folder[64];
	struct nw_context context;
	char *argv[2];
	char said[1024];
	struct nw_error err;
};

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	char path[128];
	size_t i;

	assert_non_null(world);
	(void)snprintf(world->folder, sizeof(world->folder), "%s",
		       "/tmp/newswire-check-XXXXXX");
	assert_non_null(mkdtemp(world->folder));
	for (i = 0; i < COUNT(files); i++) {
		FILE *file;

		(void)snprintf(path, sizeof(path), "%s/%s", world->folder,
			       files[i].name);
		file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fputs(files[i].text, file) >= 0);
		assert_int_equal(fclose(file), 0);
	}
	world->context.arena = nw_arena_new();
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;
	char path[128];
	size_t i;

	for (i = 0; i < COUNT(files); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", world->folder,
			       files[i].name);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(world->folder), 0);
	nw_arena_free(&world->context.arena);
	free(world);
	return 0;
}

static int run(struct world *world, const char *operand)
{
	int result;

	world->argv[0] = nw_arena_strdup(world->context.arena, "check");
	world->argv[1] = nw_arena_strdup(world->context.arena, operand);
	world->context.argv = world->argv;
	world->context.argc = 2;
	world->context.out = fmemopen(world->said, sizeof(world->said), "w");
	assert_non_null(world->context.out);
	result = nw_command_rules.run(&world->context, &world->err);
	assert_int_equal(fclose(world->context.out), 0);
	return result;
}

static void test_folder(void **state)
{
	struct world *world = *state;
	const char *expected = nw_arena_printf(
		world->context.arena,
		"%s/b.example.txt:1: titel: there is no such directive\n"
		"%s/b.example.txt:3: body: is no XPath: something is missing "
		"at its end\n"
		"%s/c.example.txt:2: prune: must be yes or no\n"
		"not supported: login_uri: 2\n"
		"not supported: footnotes: 1\n"
		"3 files, 7 directives, 3 faults\n",
		world->folder, world->folder, world->folder);

	assert_int_equal(run(world, world->folder), -1);
	assert_int_equal(world->err.code, NW_ERROR_DATA);
	assert_string_equal(world->said, expected);
}

static void test_file(void **state)
{
	struct world *world = *state;

	assert_int_equal(run(world, nw_arena_printf(world->context.arena,
						    "%s/a.example.txt",
						    world->folder)),
			 0);
	assert_string_equal(world->said, "not supported: footnotes: 1\n"
					 "1 files, 2 directives, 0 faults\n");
}

static void test_missing(void **state)
{
	struct world *world = *state;

	assert_int_equal(run(world, "/nonexistent/rules"), -1);
	assert_int_equal(world->err.code, NW_ERROR_MISSING);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_folder),
		TEST(test_file),
		TEST(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
