/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The news server under load and under attack: slow clients, many clients,
 * clients that leave, a store that fails.
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

static void greet(struct client *client, struct world *world)
{
	client_connect(client, world);
	client_expect(client, world, greeting);
}

static void ask(struct client *client, struct world *world, const char *text)
{
	client_send(client, text, strlen(text));
	world_turn(world);
}

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
	world_close(&world);
	nw_buf_free(&sent);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

/* What many clients ask in one turn is read in one transaction. */
static void test_one_transaction_a_turn(void **state)
{
	struct client clients[8];
	struct world world;
	size_t i;

	(void)state;
	world_open(&world, NULL);
	for (i = 0; i < COUNT(clients); i++)
		greet(&clients[i], &world);
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
	greet(&client, &world);
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

#define MANY 300000
#define LINE_MIN 100
#define OVER_STATUS "224 information follows\r\n"

/*
 * A client that asks for much and takes nothing: the server makes what the
 * sockets and its own buffer hold, then stops; others are served all the
 * while; at the end the slow one gets every line.
 */
static void test_slow_client(void **state)
{
	struct client slow, quick;
	struct world world;
	size_t made, i;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	greet(&slow, &world);
	greet(&quick, &world);
	ask(&slow, &world, "GROUP test.big\r\n");
	client_expect(&slow, &world, "211 300000 1 300000 test.big\r\n");
	ask(&slow, &world, "OVER 1-\r\nDATE\r\n");
	for (i = 0; i < 1000; i++)
		world_turn(&world);
	made = world.store.made;
	assert_true(made < (size_t)MANY * LINE_MIN / 2);
	for (i = 0; i < 100; i++) {
		ask(&quick, &world, "DATE\r\n");
		client_expect(&quick, &world, "111 20250726101500\r\n");
	}
	assert_int_equal(world.store.made, made);
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
	greet(&greedy, &world);
	greet(&quick, &world);
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
	ask(&greedy, &world, "LIST ACTIVE\r\n");
	client_await(&greedy, &world, 50000 * 19);
	while (strcmp(greedy.got.data + greedy.got.len - 5, "\r\n.\r\n"))
		client_await(&greedy, &world, greedy.got.len + 1);
	assert_non_null(strstr(greedy.got.data,
			       "\r\nextra.49999 0 1 n\r\ntest.big "));
	client_close(&greedy);
	client_close(&quick);
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
	greet(&client, &world);
	ask(&client, &world, "GROUP test.big\r\nBODY 7\r\nSTAT\r\n");
	client_expect(&client, &world, "211 100 1 100 test.big\r\n"
				       "222 7 <2.7@test>\r\n");
	len = 11 + body + 3;
	client_await(&client, &world, len + 18);
	assert_string_equal(client.got.data + len, "223 7 <2.7@test>\r\n");
	nw_buf_cut(&client.got, len);
	check_body(client.got.data, body / 10);
	nw_buf_reset(&client.got);
	ask(&client, &world, "ARTICLE <2.8@test>\r\nHEAD <2.9@test>\r\n");
	while (strlen(client.got.data) < 6 ||
	       strcmp(client.got.data + client.got.len - 14,
		      " number 9\r\n.\r\n"))
		client_await(&client, &world, client.got.len + 1);
	assert_memory_equal(client.got.data, "220 0 <2.8@test>\r\n", 18);
	assert_true(article_octets(&client) > body);
	client_close(&client);
	world_close(&world);
}

/* Half an article cannot be completed: the connection ends, and no client takes
 * what it has for whole. */
static void test_article_goes_meanwhile(void **state)
{
	struct client client;
	struct world world;

	(void)state;
	world_open(&world, NULL);
	world.store.body_bytes = 30000000;
	greet(&client, &world);
	ask(&client, &world, "ARTICLE <2.7@test>\r\n");
	world.store.gone = "<2.7@test>";
	client_await(&client, &world, SIZE_MAX);
	assert_true(client.ended);
	assert_true(client.got.len > 1000);
	assert_memory_not_equal(client.got.data + client.got.len - 5,
				"\r\n.\r\n", 5);
	client_close(&client);
	world_close(&world);
}

#define FAULT "403 the store cannot be read now\r\n"

static void test_failing_store(void **state)
{
	struct client client;
	struct world world;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	greet(&client, &world);
	world.store.begin_fails = true;
	ask(&client, &world, "GROUP test.big\r\nDATE\r\nHELP x\r\n");
	client_expect(&client, &world, FAULT "111 20250726101500\r\n"
					     "501 syntax: HELP \r\n");
	world.store.begin_fails = false;
	world.store.reads_fail = true;
	ask(&client, &world, "GROUP test.big\r\nLIST\r\nLISTGROUP test.big\r\n"
			     "NEWGROUPS 20250101 000000\r\nHEAD <a@b>\r\n"
			     "OVER <a@b>\r\nHDR :lines <a@b>\r\nSTAT\r\n");
	client_expect(&client, &world, FAULT FAULT FAULT FAULT FAULT FAULT FAULT
		      "412 no newsgroup is selected\r\n");
	world.store.reads_fail = false;
	ask(&client, &world, "GROUP test.big\r\n");
	client_expect(&client, &world, "211 300000 1 300000 test.big\r\n");
	world.store.reads_fail = true;
	ask(&client, &world, "NEXT\r\nOVER\r\nXOVER 1-\r\nHDR From 1-\r\n"
			     "BODY\r\nSTAT 2\r\nGROUP test.none\r\n");
	client_expect(&client, &world,
		      FAULT FAULT FAULT FAULT FAULT FAULT FAULT);
	/* In the middle of a list there is no way to say so. */
	world.store.reads_fail = false;
	ask(&client, &world, "OVER 1-\r\n");
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
		greet(&client, &world);
		ask(&client, &world, "GROUP test.big\r\n");
		ask(&client, &world, last_words[i / 2]);
		if (i % 2)
			(void)setsockopt(client.fd, SOL_SOCKET, SO_LINGER,
					 &reset, sizeof(reset));
		client_close(&client);
		world_turn(&world);
		world_turn(&world);
	}
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
	greet(&client, &world);
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

static void test_too_many_clients(void **state)
{
	const struct nw_nntp_options options = { .connections_max = 2 };
	struct client first, second, third;
	struct world world;

	(void)state;
	world_open(&world, &options);
	greet(&first, &world);
	greet(&second, &world);
	client_connect(&third, &world);
	client_expect(&third, &world,
		      "400 too many connections, try later\r\n");
	client_expect_end(&third, &world);
	client_close(&third);
	ask(&first, &world, "QUIT\r\n");
	client_expect(&first, &world, "205 good-bye\r\n");
	client_expect_end(&first, &world);
	greet(&third, &world);
	ask(&second, &world, "DATE\r\n");
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
	greet(&first, &world);
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
	ask(&first, &world, "DATE\r\n");
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
	greet(&idle, &world);
	greet(&half, &world);
	ask(&half, &world, "DAT");
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

static const struct {
	const char *where;
	enum nw_error_code code; /* NW_ERROR_NONE: it works */
} places[] = {
	{ "0", NW_ERROR_NONE },
	{ "127.0.0.1:0", NW_ERROR_NONE },
	{ "[127.0.0.1]:0", NW_ERROR_NONE },
	{ "localhost:0", NW_ERROR_NONE },
	{ "", NW_ERROR_CONFIG },
	{ ":", NW_ERROR_CONFIG },
	{ ":119", NW_ERROR_CONFIG },
	{ "127.0.0.1:", NW_ERROR_CONFIG },
	{ "127.0.0.1:nntp", NW_ERROR_CONFIG },
	{ "127.0.0.1:-1", NW_ERROR_CONFIG },
	{ "127.0.0.1:123456", NW_ERROR_CONFIG },
	{ "::1:119", NW_ERROR_CONFIG },
	{ "[::1]", NW_ERROR_CONFIG },
	{ "[]:1", NW_ERROR_CONFIG },
	{ "127.0.0.1", NW_ERROR_CONFIG },
	{ "256.0.0.1:0", NW_ERROR_CONFIG },
	{ "192.0.2.1:0", NW_ERROR_IO },
};

static void test_listen_socket(void **state)
{
	struct nw_error err;
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < COUNT(places); i++) {
		err.code = NW_ERROR_NONE;
		fd = nw_nntp_listen_socket(places[i].where, &err);
		if (err.code != places[i].code ||
		    (fd >= 0) != (err.code == NW_ERROR_NONE))
			fail_msg("\"%s\": %d: %s", places[i].where, err.code,
				 err.text);
		if (fd < 0)
			continue;
		assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
		(void)close(fd);
	}
}

static void test_address_in_use(void **state)
{
	struct world world;
	struct nw_error err;
	char where[40];

	(void)state;
	world_open(&world, NULL);
	(void)snprintf(where, sizeof(where), "127.0.0.1:%u", world.port);
	assert_int_equal(nw_nntp_listen_socket(where, &err), -1);
	assert_int_equal(err.code, NW_ERROR_BUSY);
	assert_non_null(strstr(err.text, where));
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_write_a_batch),
		cmocka_unit_test(test_one_transaction_a_turn),
		cmocka_unit_test(test_pipelining),
		cmocka_unit_test(test_slow_client),
		cmocka_unit_test(test_long_list_is_fair),
		cmocka_unit_test(test_large_article),
		cmocka_unit_test(test_article_goes_meanwhile),
		cmocka_unit_test(test_failing_store),
		cmocka_unit_test(test_leaving_clients),
		cmocka_unit_test(test_half_closed),
		cmocka_unit_test(test_too_many_clients),
		cmocka_unit_test(test_out_of_descriptors),
		cmocka_unit_test(test_idle_client),
		cmocka_unit_test(test_session_on_pipes),
		cmocka_unit_test(test_listen_socket),
		cmocka_unit_test(test_address_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
