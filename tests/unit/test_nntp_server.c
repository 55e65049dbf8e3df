/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The news server in bad times: too many clients, clients that leave or fall
 * asleep, a store that fails.
 */
#include "config.h"

#include "unit.h"

#include <event2/event.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "newswire/limits.h"

#include "nntp_world.h"

/* What many clients ask in one turn is read in one transaction. */
static void test_one_transaction_a_turn(void **state)
{
	struct client clients[8];
	struct world world;
	size_t i;

	(void)state;
	world_open(&world, NULL);
	for (i = 0; i < COUNT(clients); i++)
		client_greet(&clients[i], &world);
	assert_int_equal(world.store.begins, 0);
	for (i = 0; i < COUNT(clients); i++)
		client_send(&clients[i], "GROUP test.big\r\n", 16);
	world_turn(&world);
	assert_int_equal(world.store.begins, 1);
	for (i = 0; i < COUNT(clients); i++) {
		client_expect(&clients[i], &world,
			      "211 100 1 100 test.big\r\n");
		client_close(&clients[i]);
	}
	world_close(&world);
}

#define MANY 300000
#define OVER_STATUS "224 information follows\r\n"
#define FAULT "403 the store cannot be read now\r\n"

static void test_failing_store(void **state)
{
	struct client client;
	struct world world;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	client_greet(&client, &world);
	world.store.begin_fails = true;
	client_ask(&client, &world, "GROUP test.big\r\nDATE\r\nHELP x\r\n");
	client_expect(&client, &world, FAULT "111 20250726101500\r\n"
					     "501 syntax: HELP\r\n");
	world.store.begin_fails = false;
	world.store.reads_fail = true;
	client_ask(&client, &world,
		   "GROUP test.big\r\nLIST\r\nLISTGROUP test.big\r\n"
		   "NEWGROUPS 20250101 000000\r\nHEAD <a@b>\r\n"
		   "OVER <a@b>\r\nHDR :lines <a@b>\r\nSTAT\r\n");
	client_expect(&client, &world, FAULT FAULT FAULT FAULT FAULT FAULT FAULT
		      "412 no newsgroup is selected\r\n");
	world.store.reads_fail = false;
	client_ask(&client, &world, "GROUP test.big\r\n");
	client_expect(&client, &world, "211 300000 1 300000 test.big\r\n");
	world.store.reads_fail = true;
	client_ask(&client, &world,
		   "NEXT\r\nOVER\r\nXOVER 1-\r\nHDR From 1-\r\n"
		   "BODY\r\nSTAT 2\r\nGROUP test.none\r\n");
	client_expect(&client, &world,
		      FAULT FAULT FAULT FAULT FAULT FAULT FAULT);
	/* In the middle of a list there is no way to say so. */
	world.store.reads_fail = false;
	client_ask(&client, &world, "OVER 1-\r\n");
	world.store.reads_fail = true;
	client_await(&client, &world, SIZE_MAX);
	assert_true(client.ended);
	assert_memory_equal(client.got.data, OVER_STATUS "1\tabout", 32);
	assert_null(strstr(client.got.data, "\r\n.\r\n"));
	client_close(&client);
	world_close(&world);
}

/* Clients that leave at the worst moments are forgotten, and nothing else
 * happens. */
static void test_leaving_clients(void **state)
{
	static const char *const last_words[] = {
		"", "GRO", "OVER 1-\r\n", "OVER 1-\r\nOVER 1-\r\nOVER 1-\r\n",
		"ARTICLE 1\r\nQUIT", "QUIT\r\n", "QUIT\r\nOVER 1-\r\n",
	};
	const struct nw_nntp_options options = { .connections_max = 1 };
	const struct linger reset = { 1, 0 };
	struct client client;
	struct world world;
	size_t i;

	(void)state;
	world_open(&world, &options);
	world.store.big = MANY;
	for (i = 0; i < 2 * COUNT(last_words); i++) {
		client_greet(&client, &world);
		client_ask(&client, &world, "GROUP test.big\r\n");
		client_ask(&client, &world, last_words[i / 2]);
		if (i % 2)
			(void)setsockopt(client.fd, SOL_SOCKET, SO_LINGER,
					 &reset, sizeof(reset));
		client_close(&client);
		world_turn(&world);
		world_turn(&world);
	}
	world_close(&world);
}

static void test_too_many_clients(void **state)
{
	const struct nw_nntp_options options = { .connections_max = 2 };
	struct client first, second, third;
	struct world world;

	(void)state;
	world_open(&world, &options);
	client_greet(&first, &world);
	client_greet(&second, &world);
	client_connect(&third, &world);
	client_expect(&third, &world,
		      "400 too many connections, try later\r\n");
	client_expect_end(&third, &world);
	client_close(&third);
	client_ask(&first, &world, "QUIT\r\n");
	client_expect(&first, &world, "205 good-bye\r\n");
	client_expect_end(&first, &world);
	client_greet(&third, &world);
	client_ask(&second, &world, "DATE\r\n");
	client_expect(&second, &world, "111 20250726101500\r\n");
	client_close(&first);
	client_close(&second);
	client_close(&third);
	world_close(&world);
}

/* The lowest descriptor that is free, which is the number of the next one. */
static int next_descriptor(void)
{
	int fd = dup(0);

	(void)close(fd);
	return fd;
}

static void test_out_of_descriptors(void **state)
{
	struct client first, second;
	struct rlimit before, tight;
	struct world world;
	int i;

	(void)state;
	world_open(&world, NULL);
	client_greet(&first, &world);
	client_connect(&second, &world);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	tight = before;
	tight.rlim_cur = (rlim_t)next_descriptor();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	for (i = 0; i < 50; i++)
		world_turn(&world);
	client_read(&second);
	assert_int_equal(second.got.len, 0);
	assert_false(second.ended);
	client_ask(&first, &world, "DATE\r\n");
	client_expect(&first, &world, "111 20250726101500\r\n");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	client_expect(&second, &world, greeting);
	client_close(&first);
	client_close(&second);
	world_close(&world);
}

static int64_t milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* RFC 3977 section 3.1: without a word. */
static void test_idle_client(void **state)
{
	const struct nw_nntp_options options = { .idle_ms = 160 };
	struct client idle, half;
	struct world world;
	int64_t begin;

	(void)state;
	world_open(&world, &options);
	begin = milliseconds();
	client_greet(&idle, &world);
	client_greet(&half, &world);
	client_ask(&half, &world, "DAT");
	client_expect_end(&idle, &world);
	assert_true(milliseconds() - begin >= 150);
	client_expect_end(&half, &world);
	client_close(&idle);
	client_close(&half);
	world_close(&world);
}

/* "newswire nntp": the loop ends with the session, the descriptors stay. */
static void test_session_on_pipes(void **state)
{
	static const char expected[] =
		"201 news.test newswire " PACKAGE_VERSION
		" ready, no posting\r\n111 20250726101500\r\n205 good-bye\r\n";
	int in[2], out[2], in_flags, out_flags;
	char got[200] = "";
	struct nw_error err;
	struct world world;

	(void)state;
	world_open(&world, NULL);
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	in_flags = fcntl(in[0], F_GETFL);
	out_flags = fcntl(out[1], F_GETFL);
	assert_int_equal(nw_nntp_server_session(world.server, in[0], out[1],
						&err), 0);
	assert_int_equal(write(in[1], "DATE\r\nQUIT\r\n", 12), 12);
	assert_int_equal(event_base_dispatch(world.base), 0);
	assert_int_equal(read(out[0], got, sizeof(got) - 1),
			 strlen(expected));
	assert_string_equal(got, expected);
	assert_int_equal(fcntl(in[0], F_GETFL), in_flags);
	assert_int_equal(fcntl(out[1], F_GETFL), out_flags);
	world_close(&world);
	(void)close(in[0]);
	(void)close(in[1]);
	(void)close(out[0]);
	(void)close(out[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_transaction_a_turn),
		cmocka_unit_test(test_failing_store),
		cmocka_unit_test(test_leaving_clients),
		cmocka_unit_test(test_too_many_clients),
		cmocka_unit_test(test_out_of_descriptors),
		cmocka_unit_test(test_idle_client),
		cmocka_unit_test(test_session_on_pipes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
