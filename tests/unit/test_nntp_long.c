/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Long replies and many commands at once: how much is made in one turn, sent
 * in one write, and queued for a client that is slow.
 */
#include "config.h"

#include "unit.h"

#include <event2/event.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "newswire/limits.h"

#include "nntp_world.h"

#define MANY 300000
#define LINE_MIN 100
#define OVER_STATUS "224 information follows\r\n"

/* Wakes at the end of the octets that come, so that one read shows what one
 * write has sent. */
static ssize_t receive_packet(struct world *world, int fd, char *bytes,
			      size_t size)
{
	ssize_t got = -1;
	int i;

	for (i = 0; i < 100 && got < 0; i++) {
		world_turn(world);
		got = recv(fd, bytes, size, MSG_DONTWAIT);
	}
	return got;
}

/* A socket that keeps the borders of writes shows how many there were. */
static void test_one_write_a_batch(void **state)
{
	static char bytes[65536];
	struct nw_buf sent;
	struct nw_error err;
	struct world world;
	int pair[2], i;
	ssize_t got;

	(void)state;
	nw_buf_init(&sent, 4096);
	nw_buf_adds(&sent, "GROUP test.big\r\n");
	for (i = 1; i <= 32; i++)
		nw_buf_addf(&sent, "ARTICLE %d\r\n", i);
	world_open(&world, NULL);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_int_equal(nw_nntp_server_session(world.server, pair[1], pair[1],
						&err), 0);
	got = receive_packet(&world, pair[0], bytes, sizeof(bytes));
	assert_int_equal(got, strlen(greeting));
	assert_memory_equal(bytes, greeting, strlen(greeting));
	assert_int_equal(send(pair[0], sent.data, sent.len, 0), sent.len);
	world.store.begins = 0;
	got = receive_packet(&world, pair[0], bytes, sizeof(bytes) - 1);
	assert_true(got > 32 * 60);
	bytes[got] = '\0';
	assert_memory_equal(bytes, "211 100 1 100 test.big\r\n", 24);
	assert_non_null(strstr(bytes, "\r\n220 32 <2.32@test>\r\n"));
	assert_memory_equal(bytes + got - 5, "\r\n.\r\n", 5);
	assert_int_equal(world.store.begins, 1);
	assert_true(fcntl(pair[1], F_GETFL) & O_NONBLOCK);
	world_close(&world);
	assert_false(fcntl(pair[1], F_GETFL) & O_NONBLOCK);
	nw_buf_free(&sent);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void test_pipelining(void **state)
{
	struct world world;
	struct client client;
	struct nw_buf sent, expected;
	int i;

	(void)state;
	nw_buf_init(&sent, 1 << 20);
	nw_buf_init(&expected, 1 << 20);
	nw_buf_adds(&sent, "GROUP test.big\r\n");
	nw_buf_adds(&expected, "211 100 1 100 test.big\r\n");
	for (i = 0; i < 5000; i++) {
		nw_buf_addf(&sent, "STAT %d\r\nNEXT\r\n", i % 99 + 1);
		nw_buf_addf(&expected,
			    "223 %d <2.%d@test>\r\n223 %d <2.%d@test>\r\n",
			    i % 99 + 1, i % 99 + 1, i % 99 + 2, i % 99 + 2);
	}
	nw_buf_adds(&sent, "QUIT\r\n");
	nw_buf_adds(&expected, "205 good-bye\r\n");
	world_open(&world, NULL);
	client_greet(&client, &world);
	client_send(&client, sent.data, sent.len);
	client_expect(&client, &world, expected.data);
	client_expect_end(&client, &world);
	client_close(&client);
	world_close(&world);
	nw_buf_free(&sent);
	nw_buf_free(&expected);
}

/* The list of the articles first to last, with a terminator. */
static void check_list(const struct nw_buf *got, const char *status,
		       int64_t first, int64_t last)
{
	const char *at = got->data + strlen(status);
	char number[32];

	assert_memory_equal(got->data, status, strlen(status));
	for (; first <= last; first++) {
		(void)snprintf(number, sizeof(number), "%" PRId64 "\t", first);
		if (strncmp(at, number, strlen(number)))
			fail_msg("no line of %s at: %.40s", number, at);
		at = strchr(at, '\n') + 1;
	}
	assert_string_equal(at, ".\r\n");
}

/*
 * A client that asks for much and takes nothing: the server makes what the
 * sockets and its own buffer hold, then stops; others are served all the
 * while; at the end the slow one gets every line.
 */
static void test_slow_client(void **state)
{
	struct client slow, quick;
	struct world world;
	size_t i;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	client_greet(&slow, &world);
	client_greet(&quick, &world);
	client_ask(&slow, &world, "GROUP test.big\r\n");
	client_expect(&slow, &world, "211 300000 1 300000 test.big\r\n");
	client_ask(&slow, &world, "OVER 1-\r\nDATE\r\n");
	for (i = 0; i < 1000; i++)
		world_turn(&world);
	for (i = 0; i < 100; i++) {
		client_ask(&quick, &world, "DATE\r\n");
		client_expect(&quick, &world, "111 20250726101500\r\n");
	}
	/* One buffer and what the sockets hold, which may grow a while. */
	assert_true(world.store.made < (size_t)MANY * LINE_MIN / 2);
	while (slow.got.len < strlen(OVER_STATUS) ||
	       strcmp(slow.got.data + slow.got.len - 20,
		      "111 20250726101500\r\n")) {
		client_await(&slow, &world, slow.got.len + 1);
		assert_false(slow.ended);
		/* Never more than one buffer and what the sockets hold. */
		assert_true(world.store.made <
			    slow.got.len + (size_t)MANY * LINE_MIN / 2);
	}
	nw_buf_cut(&slow.got, slow.got.len - 20);
	check_list(&slow.got, OVER_STATUS, 1, MANY);
	client_close(&slow);
	client_close(&quick);
	world_close(&world);
}

/* A long list goes out while the same turn serves others. */
static void test_long_list_is_fair(void **state)
{
	struct client greedy, quick;
	struct world world;
	size_t turns;

	(void)state;
	world_open(&world, NULL);
	world.store.extra_groups = 50000;
	client_greet(&greedy, &world);
	client_greet(&quick, &world);
	client_send(&greedy, "LIST ACTIVE none.*\r\n", 20);
	client_send(&quick, "DATE\r\n", 6);
	for (turns = 0; !greedy.got.len || turns < 10; turns++) {
		world_turn(&world);
		client_read(&greedy);
		client_read(&quick);
		if (turns == 5) {
			assert_string_equal(quick.got.data,
					    "111 20250726101500\r\n");
			assert_null(strstr(greedy.got.data, "\r\n.\r\n"));
		}
	}
	client_expect(&greedy, &world, "215 list follows\r\n.\r\n");
	client_ask(&greedy, &world, "LIST ACTIVE\r\n");
	client_await(&greedy, &world, 50000 * 19);
	while (strcmp(greedy.got.data + greedy.got.len - 5, "\r\n.\r\n"))
		client_await(&greedy, &world, greedy.got.len + 1);
	assert_non_null(strstr(greedy.got.data,
			       "\r\nextra.49999 0 1 n\r\ntest.big "));
	client_close(&greedy);
	client_close(&quick);
	world_close(&world);
}

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

/* Many short commands are as much work as one long one. */
static void test_many_walks_are_fair(void **state)
{
	static const char walk[] = "LIST ACTIVE none.*\r\n";
	static const char reply[] = "215 list follows\r\n.\r\n";
	struct client greedy;
	struct nw_buf walks;
	struct world world;
	int i;

	(void)state;
	world_open(&world, NULL);
	world.store.extra_groups = 1000;
	client_greet(&greedy, &world);
	nw_buf_init(&walks, 1 << 20);
	for (i = 0; i < 500; i++)
		nw_buf_adds(&walks, walk);
	/* At once: of several, the kernel would hold back all but one. */
	client_send(&greedy, walks.data, walks.len);
	nw_buf_free(&walks);
	world_turn(&world);
	client_read(&greedy);
	assert_true(greedy.got.len <= 4 * strlen(reply));
	client_await(&greedy, &world, 500 * strlen(reply));
	assert_int_equal(greedy.got.len, 500 * strlen(reply));
	client_close(&greedy);
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

static size_t article_octets(const struct client *client)
{
	const char *line = strchr(client->got.data, '\n');

	return line ? client->got.len - (size_t)(line + 1 - client->got.data)
		    : 0;
}

static void check_body(const char *body, size_t lines)
{
	char line[16];
	size_t i;

	assert_memory_equal(body, "..stuffed\r\n", 11);
	body += 11;
	for (i = 0; i < lines; i++, body += 10) {
		(void)snprintf(line, sizeof(line), "%08zu\r\n", i);
		assert_memory_equal(body, line, 10);
	}
	assert_string_equal(body, ".\r\n");
}

/* An article that is larger than all that may be queued for a client. */
static void test_large_article(void **state)
{
	const size_t body = 3000000;
	struct client client;
	struct world world;
	size_t len;

	(void)state;
	world_open(&world, NULL);
	world.store.body_bytes = body;
	client_greet(&client, &world);
	client_ask(&client, &world,
		   "GROUP test.big\r\nBODY 7\r\nSTAT\r\n");
	client_expect(&client, &world, "211 100 1 100 test.big\r\n"
				       "222 7 <2.7@test>\r\n");
	len = 11 + body + 3;
	client_await(&client, &world, len + 18);
	assert_string_equal(client.got.data + len, "223 7 <2.7@test>\r\n");
	nw_buf_cut(&client.got, len);
	check_body(client.got.data, body / 10);
	nw_buf_reset(&client.got);
	client_ask(&client, &world,
		   "ARTICLE <2.8@test>\r\nHEAD <2.9@test>\r\n");
	while (strlen(client.got.data) < 6 ||
	       strcmp(client.got.data + client.got.len - 14,
		      " number 9\r\n.\r\n"))
		client_await(&client, &world, client.got.len + 1);
	assert_memory_equal(client.got.data, "220 0 <2.8@test>\r\n", 18);
	assert_true(article_octets(&client) > body);
	client_close(&client);
	world_close(&world);
}

/* Half an article cannot be completed: the connection ends, and no client
 * takes what it has for whole. */
static void test_article_goes_meanwhile(void **state)
{
	struct client client;
	struct world world;

	(void)state;
	world_open(&world, NULL);
	world.store.body_bytes = 30000000;
	client_greet(&client, &world);
	client_ask(&client, &world, "ARTICLE <2.7@test>\r\n");
	world.store.gone = "<2.7@test>";
	client_await(&client, &world, SIZE_MAX);
	assert_true(client.ended);
	assert_true(client.got.len > 1000);
	assert_memory_not_equal(client.got.data + client.got.len - 5,
				"\r\n.\r\n", 5);
	client_close(&client);
	world_close(&world);
}

/* Who has said all, and closed that half, gets all replies. */
static void test_half_closed(void **state)
{
	struct client client;
	struct world world;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	client_greet(&client, &world);
	client_send(&client, "GROUP test.big\r\nOVER 2-\r\nDATE\r\nDA", 33);
	assert_int_equal(shutdown(client.fd, SHUT_WR), 0);
	client_expect(&client, &world, "211 300000 1 300000 test.big\r\n");
	client_await(&client, &world, SIZE_MAX);
	assert_true(client.ended);
	assert_string_equal(client.got.data + client.got.len - 25,
			    "\r\n.\r\n111 20250726101500\r\n");
	nw_buf_cut(&client.got, client.got.len - 20);
	check_list(&client.got, OVER_STATUS, 2, MANY);
	client_close(&client);
	world_close(&world);
}

/* A pipe takes a little at a time, at any border. */
static void test_slow_pipe(void **state)
{
	static const char sent[] = "GROUP test.big\r\nOVER 1-\r\n";
	static const char group[] = "211 30000 1 30000 test.big\r\n";
	const size_t head = strlen(greeting) + strlen(group);
	int in[2], out[2], reads;
	struct world world;
	struct nw_error err;
	struct nw_buf got;
	char bytes[777];
	ssize_t len;

	(void)state;
	world_open(&world, NULL);
	world.store.big = 30000;
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	assert_int_equal(nw_nntp_server_session(world.server, in[0], out[1],
						&err), 0);
	assert_int_equal(write(in[1], sent, strlen(sent)), strlen(sent));
	(void)close(in[1]);
	nw_buf_init(&got, 64 << 20);
	for (reads = 0; !event_base_got_exit(world.base); reads++) {
		world_turn(&world);
		assert_int_equal(fcntl(out[0], F_SETFL, O_NONBLOCK), 0);
		len = read(out[0], bytes, 1 + (size_t)reads % sizeof(bytes));
		if (len > 0)
			nw_buf_add(&got, bytes, (size_t)len);
	}
	while ((len = read(out[0], bytes, sizeof(bytes))) > 0)
		nw_buf_add(&got, bytes, (size_t)len);
	assert_true(nw_buf_ok(&got) && got.len > head);
	nw_buf_shift(&got, head);
	check_list(&got, OVER_STATUS, 1, 30000);
	nw_buf_free(&got);
	world_close(&world);
	(void)close(in[0]);
	(void)close(out[0]);
	(void)close(out[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_write_a_batch),
		cmocka_unit_test(test_pipelining),
		cmocka_unit_test(test_slow_client),
		cmocka_unit_test(test_long_list_is_fair),
		cmocka_unit_test(test_long_wildmat_is_fair),
		cmocka_unit_test(test_many_walks_are_fair),
		cmocka_unit_test(test_patterns_are_fair),
		cmocka_unit_test(test_many_patterns_are_fair),
		cmocka_unit_test(test_large_article),
		cmocka_unit_test(test_article_goes_meanwhile),
		cmocka_unit_test(test_half_closed),
		cmocka_unit_test(test_slow_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
