/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logging in where it goes wrong: in clear over a network, by a client that
 * leaves, by one that does not wait.
 */
#include "config.h"

#include "unit.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newswire/config.h"
#include "nntp_world.h"

#include "../../gateway/serve/nntp_private.h"

/* anna: hunter2 */
static const char users[] =
	"anna:$y$j75$abcdefghijklmnopqrstu.$.F8at2qvnbnxZisggS62/VpCtBMW9L9LT"
	"3ZqbMF6Ao3:SCRAM-SHA-256$4096:MDEyMzQ1Njc4OWFiY2RlZg==$HJFePfOAb1GWw"
	"yOATbgkhasVp3hFg6hYYE7eNrTx7UA=:4t0aPsdm+OD8h/VVwxMjgry9wezSEEHf1L5k"
	"cG4VJsw=\n";

struct fixture {
	struct world world;
	char path[WORLD_PATH_BYTES];
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const struct nw_config config = {
		.access = { .users_path = fixture->path },
	};
	const struct nw_nntp_options options = { .config = &config };

	world_write_users(fixture->path, users);
	world_open(&fixture->world, &options);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	world_close(&fixture->world);
	assert_int_equal(remove(fixture->path), 0);
	free(fixture);
	return 0;
}

/* While it is set, all clients are on another machine. */
static bool is_far;

int __real_getpeername(int fd, struct sockaddr *address, socklen_t *len);
int __wrap_getpeername(int fd, struct sockaddr *address, socklen_t *len);

int __wrap_getpeername(int fd, struct sockaddr *address, socklen_t *len)
{
	const struct sockaddr_in far = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(0xc0000207), /* 192.0.2.7 */
	};

	if (!is_far)
		return __real_getpeername(fd, address, len);
	memcpy(address, &far, sizeof(far));
	*len = sizeof(far);
	return 0;
}

/* What comes until the end of a session whose client is on another machine. */
static void ask_from_afar(struct world *world, const char *commands,
			  char *got, size_t room)
{
	struct nw_error err;
	int to[2], from[2], turns;
	size_t len = 0;
	ssize_t part;

	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	assert_int_equal(write(to[1], commands, strlen(commands)),
			 (ssize_t)strlen(commands));
	is_far = true;
	assert_int_equal(nw_nntp_session_new(world->server, to[0], from[1],
					     NW_NNTP_CLIENT, &err), 0);
	for (turns = 0; turns < 10; turns++)
		world_turn(world);
	(void)close(to[1]);
	for (turns = 0; turns < 10; turns++)
		world_turn(world);
	is_far = false;
	(void)close(from[1]);
	while ((part = read(from[0], got + len, room - 1 - len)) > 0)
		len += (size_t)part;
	got[len] = '\0';
	(void)close(from[0]);
}

static void test_in_clear(void **state)
{
	struct fixture *fixture = *state;
	char got[2048];

	ask_from_afar(&fixture->world,
		      "CAPABILITIES\r\nAUTHINFO USER anna\r\n"
		      "AUTHINFO PASS hunter2\r\nAUTHINFO SASL PLAIN\r\n"
		      "AUTHINFO SASL PLAIN AGFubmEAaHVudGVyMg==\r\n"
		      "AUTHINFO SASL SCRAM-SHA-256\r\n*\r\nQUIT\r\n",
		      got, sizeof(got));
	assert_non_null(strstr(got, "\r\nAUTHINFO SASL\r\n"));
	assert_non_null(strstr(got, "\r\nSASL SCRAM-SHA-256\r\n"));
	assert_non_null(strstr(got, "\r\n.\r\n"));
	assert_string_equal(strstr(got, "\r\n.\r\n"),
			    "\r\n.\r\n"
			    "483 no password without encryption\r\n"
			    "483 no password without encryption\r\n"
			    "483 no password without encryption\r\n"
			    "483 no password without encryption\r\n"
			    "383 =\r\n481 as you wish\r\n205 good-bye\r\n");
}

/* In the middle of a check, of the pause behind it, of an exchange. */
static void test_leaving_clients(void **state)
{
	static const struct {
		const char *last_words;
		int turns;
	} samples[] = {
		{ "AUTHINFO USER anna\r\nAUTHINFO PASS hunter2\r\n", 0 },
		{ "AUTHINFO USER anna\r\nAUTHINFO PASS hunter2\r\n", 1 },
		{ "AUTHINFO USER anna\r\nAUTHINFO PASS hunter3\r\n", 1 },
		{ "AUTHINFO USER anna\r\nAUTHINFO PASS hunter3\r\n", 100 },
		{ "AUTHINFO SASL PLAIN\r\nAGFub", 2 },
		{ "AUTHINFO SASL SCRAM-SHA-256\r\n", 2 },
	};
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client client;
	size_t i;
	int n;

	for (i = 0; i < COUNT(samples); i++) {
		client_greet(&client, world);
		client_ask(&client, world, samples[i].last_words);
		for (n = 0; n < samples[i].turns; n++) {
			world_turn(world);
			(void)usleep(1000);
		}
		client_close(&client);
	}
	client_greet(&client, world);
	client_ask(&client, world, "AUTHINFO USER anna\r\n"
				   "AUTHINFO PASS hunter2\r\n");
	client_expect(&client, world, "381 now the password\r\n"
				      "281 welcome\r\n");
	client_close(&client);
}

/* What a client sends while its password is being checked waits, however much
 * it is, and takes no memory here. */
static void test_hasty_client(void **state)
{
	enum { DATES = 20000 };
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	const char reply[] = "111 20250726101500\r\n";
	struct client client;
	int i;

	client_greet(&client, world);
	client_send(&client, "AUTHINFO USER anna\r\nAUTHINFO PASS hunter3\r\n",
		    43);
	for (i = 0; i < DATES / 10; i++)
		client_send(&client, "DATE\r\nDATE\r\nDATE\r\nDATE\r\nDATE\r\n"
				     "DATE\r\nDATE\r\nDATE\r\nDATE\r\nDATE\r\n",
			    60);
	client_await(&client, world,
		     strlen("381 now the password\r\n"
			    "481 no such user or password\r\n") +
			     DATES * strlen(reply));
	assert_memory_equal(client.got.data,
			    "381 now the password\r\n"
			    "481 no such user or password\r\n111 ", 56);
	client_close(&client);
}

/* The last user goes while a client is asked for more. */
static void test_file_goes(void **state)
{
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client one, other;

	client_greet(&one, world);
	client_greet(&other, world);
	client_ask(&one, world, "AUTHINFO SASL PLAIN\r\n");
	client_expect(&one, world, "383 =\r\n");
	assert_int_equal(truncate(fixture->path, 0), 0);
	client_ask(&other, world, "AUTHINFO USER anna\r\n");
	client_expect(&other, world, "502 nobody can log in here\r\n");
	client_ask(&one, world, "AGFubmEAaHVudGVyMg==\r\n");
	client_expect(&one, world, "481 no such user or password\r\n");
	client_close(&one);
	client_close(&other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_in_clear),
		TEST(test_leaving_clients),
		TEST(test_hasty_client),
		TEST(test_file_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
