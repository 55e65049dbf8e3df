/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clients that want too much: connections, commands, octets, time.  Those of
 * the test are 127.0.0.1 and 127.0.0.2, who are counted here.
 */
#include "config.h"

#include "unit.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "newswire/nntp_limit.h"

#include "nntp_world.h"

#define DATE_REPLY "111 20250726101500\r\n"
#define TOO_MANY "400 too many connections from your address\r\n"

static struct nw_nntp_limits *
make_limits(const struct nw_nntp_allowance *address)
{
	const struct nw_nntp_limit_options options = {
		.allowances = { *address },
		.readers = 2,
	};
	struct nw_nntp_limits *limits;
	struct nw_error err;

	assert_int_equal(nw_nntp_limits_new(&limits, &options, &err), 0);
	return limits;
}

static int64_t milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void rest(struct world *world, int64_t ms)
{
	int64_t end = milliseconds() + ms;

	while (milliseconds() < end) {
		world_turn(world);
		(void)poll(NULL, 0, 1);
	}
}

/* As client_greet(), from 127.0.0.2. */
static void greet_other(struct client *client, struct world *world)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)world->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const struct sockaddr_in from = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1),
	};

	client_connect(client, world);
	(void)close(client->fd);
	rest(world, 5);
	client->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(client->fd, (const void *)&from, sizeof(from)),
			 0);
	assert_int_equal(connect(client->fd, (void *)&to, sizeof(to)), 0);
	assert_int_equal(fcntl(client->fd, F_SETFL, O_NONBLOCK), 0);
	client_expect(client, world, greeting);
}

static void test_connections(void **state)
{
	const struct nw_nntp_allowance two = { .connections = 2 };
	struct nw_nntp_options options = { .limits = make_limits(&two) };
	struct client first, second, third, other;
	struct world world, sibling;

	(void)state;
	world_open(&world, &options);
	options.reader = 1;
	world_open(&sibling, &options);
	client_greet(&first, &world);
	client_greet(&second, &sibling);
	client_connect(&third, &world);
	client_expect(&third, &world, TOO_MANY);
	client_expect_end(&third, &world);
	client_close(&third);
	client_connect(&third, &sibling);
	client_expect(&third, &sibling, TOO_MANY);
	client_expect_end(&third, &sibling);
	client_close(&third);
	client_ask(&second, &sibling, "QUIT\r\n");
	client_expect(&second, &sibling, "205 good-bye\r\n");
	client_expect_end(&second, &sibling);
	greet_other(&other, &sibling);
	client_greet(&third, &world);
	client_ask(&first, &world, "DATE\r\n");
	client_expect(&first, &world, DATE_REPLY);
	client_close(&first);
	client_close(&second);
	client_close(&third);
	client_close(&other);
	world_close(&world);
	world_close(&sibling);
	nw_nntp_limits_free(&options.limits);
}

/* For whom one reader has no place, another may have one. */
static void test_room_elsewhere(void **state)
{
	const struct nw_nntp_allowance none = { .connections = 0 };
	struct nw_nntp_options options = { .limits = make_limits(&none),
					   .connections_max = 1 };
	struct client first, second;
	struct world world;

	(void)state;
	world_open(&world, &options);
	client_greet(&first, &world);
	client_connect(&second, &world);
	rest(&world, 300);
	client_read(&second);
	assert_int_equal(second.got.len, 0);
	assert_false(second.ended);
	client_ask(&first, &world, "DATE\r\n");
	client_expect(&first, &world, DATE_REPLY);
	/* The other is full as well. */
	nw_nntp_limits_tell(options.limits, 1, 1);
	client_expect(&second, &world,
		      "400 too many connections, try later\r\n");
	client_expect_end(&second, &world);
	client_close(&second);
	client_close(&first);
	rest(&world, 5);
	client_greet(&first, &world);
	client_close(&first);
	world_close(&world);
	nw_nntp_limits_free(&options.limits);
}

/* How long the client waits for text, while one of another address gets its
 * answers at once. */
static int64_t delay(struct client *client, struct world *world,
		     const char *text, size_t len)
{
	int64_t begin = milliseconds(), asked;
	struct client other;

	greet_other(&other, world);
	do {
		asked = milliseconds();
		client_ask(&other, world, "DATE\r\n");
		client_expect(&other, world, DATE_REPLY);
		assert_true(milliseconds() - asked < 500);
		rest(world, 10);
		client_read(client);
		assert_false(client->ended);
	} while (client->got.len < len);
	assert_int_equal(client->got.len, len);
	if (text)
		assert_string_equal(client->got.data, text);
	client_close(&other);
	return milliseconds() - begin;
}

/* 1,000 commands a second, of which ten seconds go at once: then a turn of
 * some, and a pause of as long as it should have taken. */
static void test_command_rate(void **state)
{
	enum { BURST = 1000 * NW_NNTP_BURST_S, AHEAD = 1000 };
	const struct nw_nntp_allowance rate = { .commands_s = 1000 };
	struct nw_nntp_options options = { .limits = make_limits(&rate),
					   .idle_ms = 80 };
	struct nw_buf sent, expected;
	struct client client;
	struct world world;
	int64_t ms;
	int i;

	(void)state;
	nw_buf_init(&sent, 1 << 20);
	nw_buf_init(&expected, 1 << 20);
	for (i = 0; i < BURST + AHEAD; i++)
		nw_buf_adds(&sent, "DATE\r\n");
	for (i = 0; i < BURST + AHEAD; i++)
		nw_buf_adds(&expected, DATE_REPLY);
	world_open(&world, &options);
	client_greet(&client, &world);
	client_send(&client, sent.data, sent.len);
	/* Who waits for us is not idle. */
	ms = delay(&client, &world, expected.data, expected.len);
	assert_in_range(ms, AHEAD * 6 / 10, AHEAD + 2000);
	client_close(&client);
	world_close(&world);
	nw_nntp_limits_free(&options.limits);
	nw_buf_free(&sent);
	nw_buf_free(&expected);
}

static void test_byte_rate(void **state)
{
	enum { RATE = 100000, AHEAD = 50000, EACH = 10000 };
	const struct nw_nntp_allowance rate = { .bytes_s = RATE };
	struct nw_nntp_options options = { .limits = make_limits(&rate) };
	struct client client;
	struct world world;
	size_t one;
	int64_t ms;
	int i;

	(void)state;
	world_open(&world, &options);
	world.store.body_bytes = EACH;
	client_greet(&client, &world);
	client_ask(&client, &world, "BODY <2.1@test>\r\n");
	client_await(&client, &world, EACH);
	one = client.got.len;
	nw_buf_shift(&client.got, one);
	for (i = 0; i < (RATE * NW_NNTP_BURST_S + AHEAD) / EACH; i++)
		client_send(&client, "BODY <2.1@test>\r\n", 17);
	ms = delay(&client, &world, NULL, one * (size_t)i);
	/* The last piece, of 128 kB at most, is paid for behind it. */
	assert_in_range(ms, 10, 3000);
	client_send(&client, "DATE\r\n", 6);
	nw_buf_shift(&client.got, client.got.len);
	ms += delay(&client, &world, DATE_REPLY, strlen(DATE_REPLY));
	assert_in_range(ms, AHEAD * INT64_C(1000) / RATE, 4000);
	client_close(&client);
	world_close(&world);
	nw_nntp_limits_free(&options.limits);
}

/* Sends one octet after the other, until the server has enough or all have
 * been sent. */
static bool drip(struct client *client, struct world *world, const char *text,
		 int64_t ms)
{
	int64_t end = milliseconds() + ms;

	while (milliseconds() < end && !client->ended) {
		if (*text)
			client_send(client, text++, 1);
		rest(world, 10);
		client_read(client);
	}
	return client->ended;
}

/* A command must be whole in time, however it comes. */
static void test_endless_command(void **state)
{
	const struct nw_nntp_options options = { .command_ms = 160 };
	struct client half, quiet, lively, skipped;
	char line[2 * NW_NNTP_LINE_OCTETS];
	struct world world;
	int64_t begin = milliseconds();

	(void)state;
	world_open(&world, &options);
	client_greet(&half, &world);
	assert_true(drip(&half, &world,
			 "GROUP test.test.test.test.test.test.test.test.test.",
			 2000));
	assert_in_range(milliseconds() - begin, 150, 600);
	assert_int_equal(half.got.len, 0);
	/* So must the end of a line that is too long for one. */
	memset(line, 'x', sizeof(line));
	client_greet(&skipped, &world);
	client_send(&skipped, line, sizeof(line));
	client_expect(&skipped, &world, "501 a line has 512 octets at most"
					"\r\n");
	assert_true(drip(&skipped, &world, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
			 2000));
	/* These two are in order: one says nothing, one much, in pieces. */
	client_greet(&quiet, &world);
	client_greet(&lively, &world);
	assert_false(drip(&lively, &world, "DATE\r\nDATE\r\nDATE\r\nDATE\r\n"
					   "DATE\r\nDATE\r\nDATE\r\nDATE\r\n",
			  600));
	client_read(&quiet);
	assert_false(quiet.ended);
	client_close(&half);
	client_close(&skipped);
	client_close(&quiet);
	client_close(&lively);
	world_close(&world);
}

#define MANY 300000

/* Takes some octets each turn. */
static bool sip(struct client *client, struct world *world, size_t octets,
		int64_t ms)
{
	int64_t end = milliseconds() + ms;
	char bytes[65536];
	ssize_t got = 1;

	assert_true(octets <= sizeof(bytes));
	while (milliseconds() < end && got != 0) {
		rest(world, 10);
		if (octets)
			got = read(client->fd, bytes, octets);
	}
	return got == 0;
}

static void ask_for_much(struct client *client, struct world *world)
{
	int i;

	client_greet(client, world);
	client_ask(client, world, "GROUP test.big\r\n");
	for (i = 0; i < 4; i++)
		client_ask(client, world, "OVER 1-\r\n");
}

/* Who takes nothing, or one octet now and then, is gone in time: the server
 * keeps nothing for him.  Who takes it slowly gets it all. */
static void test_slow_readers(void **state)
{
	const struct nw_nntp_options options = { .stall_ms = 400 };
	struct client none, few, enough;
	struct world world;
	int64_t begin;

	(void)state;
	world_open(&world, &options);
	world.store.big = MANY;
	ask_for_much(&none, &world);
	assert_false(sip(&none, &world, 0, 300));
	rest(&world, 500);
	client_read(&none);
	assert_true(none.ended);
	assert_true(none.got.len < 80000000);
	ask_for_much(&few, &world);
	begin = milliseconds();
	(void)sip(&few, &world, 1, 1000);
	client_read(&few);
	assert_true(few.ended);
	ask_for_much(&enough, &world);
	begin = milliseconds();
	assert_false(sip(&enough, &world, 65536, 1500));
	assert_true(milliseconds() - begin >= 1500);
	client_read(&enough);
	assert_false(enough.ended);
	client_close(&none);
	client_close(&few);
	client_close(&enough);
	world_close(&world);
}

/* Reads what the kernel has, which comes in any case. */
static void drain(struct client *client)
{
	struct pollfd poll_fd = { .fd = client->fd, .events = POLLIN };

	while (!client->ended && poll(&poll_fd, 1, 100) > 0)
		client_read(client);
}

/* All together may not leave more than the server has memory for, here that
 * of one: who has waited longest goes, who takes what he asks for is served. */
static void test_many_stalled(void **state)
{
	const struct nw_nntp_options options = { .stall_ms = 80000,
						 .queued_max = 1 };
	struct client stalled[5], quick;
	struct world world;
	size_t i;
	int turn;

	(void)state;
	world_open(&world, &options);
	world.store.big = MANY;
	client_greet(&quick, &world);
	for (i = 0; i < COUNT(stalled); i++) {
		ask_for_much(&stalled[i], &world);
		/* Until the kernel takes no more. */
		for (turn = 0; turn < 500; turn++)
			world_turn(&world);
		client_ask(&quick, &world, "DATE\r\n");
		client_expect(&quick, &world, DATE_REPLY);
	}
	for (i = 0; i < COUNT(stalled); i++) {
		drain(&stalled[i]);
		assert_int_equal(stalled[i].ended, i < COUNT(stalled) - 1);
		client_close(&stalled[i]);
	}
	client_close(&quick);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_room_elsewhere),
		cmocka_unit_test(test_command_rate),
		cmocka_unit_test(test_byte_rate),
		cmocka_unit_test(test_endless_command),
		cmocka_unit_test(test_slow_readers),
		cmocka_unit_test(test_many_stalled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
