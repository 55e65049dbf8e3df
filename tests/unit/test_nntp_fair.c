/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands that look at much and say little: they take as many turns as that
 * needs, and others are served between.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "nntp_world.h"

#define MANY 300000

/* A wildmat that is slow to match gets fewer groups in each turn. */
static void test_long_wildmat_is_fair(void **state)
{
	struct client greedy;
	struct world world;
	char line[512];
	size_t turns;

	(void)state;
	world_open(&world, NULL);
	world.store.extra_groups = 50000;
	client_greet(&greedy, &world);
	client_send(&greedy, line,
		    (size_t)snprintf(line, sizeof(line),
				     "LIST ACTIVE *%0480d\r\n", 0));
	for (turns = 0; turns < 60; turns++)
		world_turn(&world);
	client_read(&greedy);
	assert_null(strstr(greedy.got.data, "\r\n.\r\n"));
	client_expect(&greedy, &world, "215 list follows\r\n.\r\n");
	client_close(&greedy);
	world_close(&world);
}

/* The news of one group do not take the time of all others. */
static void test_news_of_one_group(void **state)
{
	static const char reply[] =
		"230 new articles follow\r\n<1.3@test>\r\n<1.5@test>\r\n"
		"<1.9@test>\r\n.\r\n";
	struct client client;
	struct world world;
	size_t turns;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	client_greet(&client, &world);
	client_ask(&client, &world, "NEWNEWS test.gaps 19700101 000000\r\n");
	for (turns = 0; turns < 5; turns++)
		world_turn(&world);
	client_read(&client);
	assert_string_equal(client.got.data, reply);
	nw_buf_reset(&client.got);
	/* A pattern does, and finds the same. */
	client_ask(&client, &world, "NEWNEWS test.g* 19700101 000000\r\n");
	for (turns = 0; turns < 5; turns++)
		world_turn(&world);
	client_read(&client);
	assert_null(strstr(client.got.data, "<1.9@test>"));
	client_expect(&client, &world, reply);
	/* Nor does a group that is not there. */
	client_ask(&client, &world, "NEWNEWS test.gone 19700101 000000\r\n");
	for (turns = 0; turns < 5; turns++)
		world_turn(&world);
	client_read(&client);
	assert_string_equal(client.got.data,
			    "230 new articles follow\r\n.\r\n");
	client_close(&client);
	world_close(&world);
}

#define NO_MATCH "221 information follows\r\n.\r\n"

/* "XPAT Subject RANGE *000…" count times at once; it is slow to fail. */
static void ask_slowly(const struct client *client, const char *range,
		       int count)
{
	struct nw_buf lines;

	nw_buf_init(&lines, 1 << 20);
	for (; count; count--)
		nw_buf_addf(&lines, "XPAT Subject %s *%0400d\r\n", range, 0);
	client_send(client, lines.data, lines.len);
	nw_buf_free(&lines);
}

/* A pattern that is slow to match gets fewer headers in each turn. */
static void test_patterns_are_fair(void **state)
{
	struct client greedy, quick;
	struct world world;
	size_t turns;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	client_greet(&greedy, &world);
	client_greet(&quick, &world);
	client_ask(&greedy, &world, "GROUP test.big\r\n");
	client_read(&greedy);
	nw_buf_reset(&greedy.got);
	ask_slowly(&greedy, "1-", 1);
	client_send(&quick, "DATE\r\n", 6);
	for (turns = 0; turns < 300; turns++)
		world_turn(&world);
	client_read(&greedy);
	assert_null(strstr(greedy.got.data, "\r\n.\r\n"));
	client_expect(&quick, &world, "111 20250726101500\r\n");
	client_expect(&greedy, &world, NO_MATCH);
	client_close(&greedy);
	client_close(&quick);
	world_close(&world);
}

static void test_many_patterns_are_fair(void **state)
{
	struct client greedy;
	struct world world;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	client_greet(&greedy, &world);
	client_ask(&greedy, &world, "GROUP test.big\r\n");
	client_read(&greedy);
	nw_buf_reset(&greedy.got);
	ask_slowly(&greedy, "1-300", 30);
	world_turn(&world);
	client_read(&greedy);
	assert_true(greedy.got.len <= 4 * strlen(NO_MATCH));
	client_await(&greedy, &world, 30 * strlen(NO_MATCH));
	client_close(&greedy);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_wildmat_is_fair),
		cmocka_unit_test(test_news_of_one_group),
		cmocka_unit_test(test_patterns_are_fair),
		cmocka_unit_test(test_many_patterns_are_fair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
