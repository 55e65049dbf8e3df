/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The limits of addresses and users, in one process and in several that die.
 */
#include "config.h"

#include "unit.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "newswire/nntp_limit.h"

#define SECOND INT64_C(1000000)
#define NOW (1000 * SECOND)
#define READERS 5

#define CHARGE(commands, bytes) \
	nw_nntp_limit_charge(fixture.limits, fixture.party, commands, bytes, \
			     now)

struct fixture {
	struct nw_nntp_limits *limits;
	struct nw_nntp_party *party;
};

static void open_limits(struct fixture *fixture,
			const struct nw_nntp_allowance *allowance)
{
	struct nw_net home[2];
	struct nw_nntp_limit_options options = {
		.allowances = { *allowance, *allowance },
		.unlimited = home,
		.unlimited_count = COUNT(home),
		.readers = READERS,
	};
	struct nw_error err;

	assert_true(nw_net_read("127.0.0.0/8", &home[0]));
	assert_true(nw_net_read("2001:db8::/32", &home[1]));
	assert_int_equal(nw_nntp_limits_new(&fixture->limits, &options, &err),
			 0);
}

static bool enter(struct fixture *fixture, unsigned reader, const char *text)
{
	struct nw_net net;

	assert_true(nw_net_read(text, &net));
	return nw_nntp_limit_address(fixture->limits, reader, net.octets,
				     &fixture->party);
}

static void test_connections(void **state)
{
	const struct nw_nntp_allowance two = { .connections = 2 };
	struct nw_nntp_party *first;
	struct fixture fixture;

	(void)state;
	open_limits(&fixture, &two);
	assert_true(enter(&fixture, 0, "192.0.2.1"));
	first = fixture.party;
	assert_non_null(first);
	/* Whichever process it comes to. */
	assert_true(enter(&fixture, 1, "192.0.2.1"));
	assert_ptr_equal(fixture.party, first);
	assert_false(enter(&fixture, 2, "192.0.2.1"));
	assert_null(fixture.party);
	assert_true(enter(&fixture, 2, "192.0.2.2"));
	assert_ptr_not_equal(fixture.party, first);
	nw_nntp_limit_leave(fixture.limits, 0, first);
	assert_true(enter(&fixture, 2, "192.0.2.1"));
	assert_false(enter(&fixture, 2, "192.0.2.1"));
	/* Half a network of IPv6 is one customer. */
	assert_true(enter(&fixture, 0, "2001:db9::1"));
	assert_true(enter(&fixture, 0, "2001:db9::2:1"));
	assert_false(enter(&fixture, 0, "2001:db9:0:0:ffff::"));
	assert_true(enter(&fixture, 0, "2001:db9:0:1::"));
	/* A user is no address. */
	assert_true(nw_nntp_limit_user(fixture.limits, 0, "anna",
				       &fixture.party));
	assert_true(nw_nntp_limit_user(fixture.limits, 1, "anna",
				       &fixture.party));
	assert_false(nw_nntp_limit_user(fixture.limits, 2, "anna",
					&fixture.party));
	assert_true(nw_nntp_limit_user(fixture.limits, 2, "anne",
				       &fixture.party));
	nw_nntp_limits_free(&fixture.limits);
	assert_null(fixture.limits);
}

static void test_unlimited(void **state)
{
	static const char *const addresses[] = { "127.0.0.1", "127.9.9.9",
						 "2001:db8:1::1" };
	const struct nw_nntp_allowance one = { .connections = 1 };
	const struct nw_nntp_allowance none = { .connections = 0 };
	struct fixture fixture;
	size_t i;

	(void)state;
	open_limits(&fixture, &one);
	for (i = 0; i < 10 * COUNT(addresses); i++) {
		assert_true(enter(&fixture, 0, addresses[i / 10]));
		assert_null(fixture.party);
	}
	nw_nntp_limits_free(&fixture.limits);
	open_limits(&fixture, &none);
	assert_true(enter(&fixture, 0, "192.0.2.1"));
	assert_null(fixture.party);
	nw_nntp_limits_free(&fixture.limits);
}

/* What is counted stays counted. */
static void test_change(void **state)
{
	const struct nw_nntp_allowance none = { .connections = 0 };
	struct nw_nntp_limit_options options = {
		.allowances = { { .connections = 3, .commands_s = 1 } },
		.readers = READERS,
	};
	struct nw_net many[NW_NNTP_UNLIMITED + 1] = { { .bits = 0 } };
	struct fixture fixture;
	struct nw_error err;
	int64_t now = NOW;

	(void)state;
	open_limits(&fixture, &none);
	assert_true(enter(&fixture, 0, "127.0.0.1"));
	assert_null(fixture.party);
	assert_int_equal(nw_nntp_limits_change(fixture.limits, &options, &err),
			 0);
	assert_true(enter(&fixture, 0, "127.0.0.1"));
	assert_true(enter(&fixture, 1, "127.0.0.1"));
	assert_int_equal(CHARGE(NW_NNTP_BURST_S + 6, 0), 6 * SECOND);
	options.allowances[NW_NNTP_ADDRESS] =
		(struct nw_nntp_allowance){ .connections = 2,
					    .commands_s = 2 };
	assert_int_equal(nw_nntp_limits_change(fixture.limits, &options, &err),
			 0);
	assert_int_equal(CHARGE(2, 0), 7 * SECOND);
	assert_false(enter(&fixture, 2, "127.0.0.1"));
	options.unlimited = many;
	options.unlimited_count = COUNT(many);
	assert_int_equal(nw_nntp_limits_change(fixture.limits, &options, &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_CONFIG);
	assert_false(enter(&fixture, 2, "127.0.0.1"));
	options.unlimited_count = 1;
	assert_int_equal(nw_nntp_limits_change(fixture.limits, &options, &err),
			 0);
	assert_true(enter(&fixture, 2, "127.0.0.1"));
	assert_null(fixture.party);
	nw_nntp_limits_free(&fixture.limits);
}

/* The first NW_NNTP_BURST_S come at full speed, then the rate is kept. */
static void test_rates(void **state)
{
	const struct nw_nntp_allowance allowance = { .commands_s = 10,
						     .bytes_s = 1000 };
	struct fixture fixture;
	int64_t now = NOW, wait;
	unsigned i;

	(void)state;
	open_limits(&fixture, &allowance);
	assert_true(enter(&fixture, 0, "192.0.2.1"));
	for (i = 0; i < 10 * NW_NNTP_BURST_S; i++)
		assert_int_equal(CHARGE(1, 10), 0);
	assert_int_equal(CHARGE(1, 0), SECOND / 10);
	assert_int_equal(CHARGE(0, 0), SECOND / 10);
	now += SECOND / 10;
	assert_int_equal(CHARGE(0, 0), 0);
	/* Octets, where commands are few. */
	now += 100 * SECOND;
	assert_int_equal(CHARGE(1, 1000 * NW_NNTP_BURST_S), 0);
	assert_int_equal(CHARGE(1, 500), SECOND / 2);
	/* From another process the same party. */
	assert_true(enter(&fixture, 1, "192.0.2.1"));
	assert_int_equal(CHARGE(1, 500), SECOND);
	assert_true(enter(&fixture, 1, "192.0.2.2"));
	assert_int_equal(CHARGE(1, 500), 0);
	/* One that does as it is told is held to its rate, neither less. */
	now += 1000 * SECOND;
	for (i = 0; i < 1000; i++) {
		wait = CHARGE(1, 0);
		now += wait;
	}
	assert_in_range(now - NOW, (1100 + 1000 / 10 - NW_NNTP_BURST_S) *
				   SECOND,
			(1101 + 1000 / 10 - NW_NNTP_BURST_S) * SECOND);
	nw_nntp_limits_free(&fixture.limits);
}

static bool posts(struct fixture *fixture, const char *text, const char *user,
		  bool count, int64_t now)
{
	struct nw_net net;

	assert_true(nw_net_read(text, &net));
	return nw_nntp_limit_post(fixture->limits, net.octets, user, count,
				  now);
}

/* Also of those that are not limited otherwise. */
static void test_posts(void **state)
{
	static const char *const who[][2] = {
		{ "192.0.2.1", NULL }, { "127.0.0.1", NULL },
		{ "2001:db9::1", NULL }, { "192.0.2.1", "anna" },
		{ "192.0.2.1", "ben" },
	};
	const struct nw_nntp_allowance none = { .connections = 0 };
	struct fixture fixture;
	int64_t now;
	size_t i;
	int n;

	(void)state;
	open_limits(&fixture, &none);
	for (i = 0; i < COUNT(who); i++) {
		now = NOW;
		for (n = 0; n < NW_POST_MINUTE; n++) {
			assert_true(posts(&fixture, who[i][0], who[i][1],
					  false, now));
			assert_true(posts(&fixture, who[i][0], who[i][1],
					  true, now));
		}
		assert_false(posts(&fixture, who[i][0], who[i][1], false,
				   now));
		now += 60 * SECOND / NW_POST_MINUTE;
		assert_true(posts(&fixture, who[i][0], who[i][1], true, now));
		assert_false(posts(&fixture, who[i][0], who[i][1], false,
				   now));
	}
	assert_false(posts(&fixture, "2001:db9::2", NULL, false, NOW));
	assert_false(posts(&fixture, "2001:db9::2", "ben", false, NOW));
	assert_true(posts(&fixture, "2001:db9:0:1::", NULL, false, NOW));
	now = NOW + 200 * SECOND;
	for (n = 0; n < NW_POST_MINUTE; n++)
		assert_true(posts(&fixture, "192.0.2.1", NULL, true, now));
	assert_false(posts(&fixture, "192.0.2.1", NULL, true, now));
	nw_nntp_limits_free(&fixture.limits);
}

static int errand(struct fixture *fixture, unsigned reader, const char *user)
{
	return nw_nntp_limit_errand(fixture->limits, reader, user);
}

/* Those of a user, of a reader, and of all. */
static void test_errands(void **state)
{
	const struct nw_nntp_allowance none = { .connections = 0 };
	int places[NW_ERRANDS_ALL / NW_ERRANDS][NW_ERRANDS];
	struct fixture fixture;
	unsigned reader, i;
	char user[32];

	(void)state;
	_Static_assert(READERS > NW_ERRANDS_ALL / NW_ERRANDS &&
			       NW_ERRANDS_USER == 2, "as below");
	open_limits(&fixture, &none);
	assert_int_equal(errand(&fixture, 0, "anna"), 0);
	assert_int_equal(errand(&fixture, 1, "anna"), 0);
	assert_int_equal(errand(&fixture, 2, "anna"), -1);
	nw_nntp_limit_errand_end(fixture.limits, 0, 0);
	assert_int_equal(errand(&fixture, 2, "anna"), 0);
	assert_int_equal(errand(&fixture, 0, "anna"), -1);
	/* A reader that dies takes its own along. */
	nw_nntp_limits_clear(fixture.limits, 1);
	assert_int_equal(errand(&fixture, 0, "anna"), 0);
	nw_nntp_limits_clear(fixture.limits, 0);
	nw_nntp_limits_clear(fixture.limits, 2);
	for (reader = 0; reader < COUNT(places); reader++) {
		for (i = 0; i < NW_ERRANDS; i++) {
			(void)snprintf(user, sizeof(user), "%u.%u", reader, i);
			places[reader][i] = errand(&fixture, reader, user);
			assert_in_range(places[reader][i], 0, NW_ERRANDS - 1);
		}
		assert_int_equal(errand(&fixture, reader, "anna"), -1);
	}
	assert_int_equal(errand(&fixture, reader, "anna"), -1);
	nw_nntp_limit_errand_end(fixture.limits, 1, places[1][2]);
	assert_int_equal(errand(&fixture, reader, "anna"), 0);
	nw_nntp_limits_free(&fixture.limits);
}

/* Who comes back is the same as before, as long as he owes something. */
static void test_debts_are_kept(void **state)
{
	const struct nw_nntp_allowance allowance = { .commands_s = 1 };
	struct fixture fixture;
	int64_t now = NOW;
	unsigned i;

	(void)state;
	open_limits(&fixture, &allowance);
	assert_true(enter(&fixture, 0, "192.0.2.1"));
	assert_int_equal(CHARGE(NW_NNTP_BURST_S + 5, 0), 5 * SECOND);
	nw_nntp_limit_leave(fixture.limits, 0, fixture.party);
	for (i = 0; i < 1000; i++) {
		char address[32];

		(void)snprintf(address, sizeof(address), "10.0.%u.%u",
			       i / 250, i % 250);
		assert_true(enter(&fixture, 0, address));
		nw_nntp_limit_leave(fixture.limits, 0, fixture.party);
	}
	assert_true(enter(&fixture, 0, "192.0.2.1"));
	assert_int_equal(CHARGE(0, 0), 5 * SECOND);
	nw_nntp_limits_free(&fixture.limits);
}

/* More addresses than there are places: nobody is refused for it, those that
 * are counted stay counted, and the table takes others when they have gone. */
static void test_full_table(void **state)
{
	enum { MANY = 2 * NW_NNTP_LIMITED };
	const struct nw_nntp_allowance one = { .connections = 1 };
	static struct nw_nntp_party *parties[MANY];
	struct fixture fixture;
	size_t counted = 0, i;
	char address[32];

	(void)state;
	open_limits(&fixture, &one);
	for (i = 0; i < MANY; i++) {
		(void)snprintf(address, sizeof(address), "10.%zu.%zu.%zu",
			       i >> 16, i >> 8 & 255, i & 255);
		assert_true(enter(&fixture, i % READERS, address));
		parties[i] = fixture.party;
		counted += parties[i] != NULL;
	}
	assert_true(counted > NW_NNTP_LIMITED * 9 / 10);
	for (i = 0; i < 256; i++) {
		(void)snprintf(address, sizeof(address), "10.0.0.%zu", i);
		assert_int_equal(enter(&fixture, 0, address), !parties[i]);
	}
	for (i = 0; i < MANY; i++)
		nw_nntp_limit_leave(fixture.limits, i % READERS, parties[i]);
	for (i = 0; i < 256; i++) {
		(void)snprintf(address, sizeof(address), "11.0.0.%zu", i);
		assert_true(enter(&fixture, 0, address));
		assert_non_null(fixture.party);
		assert_false(enter(&fixture, 1, address));
	}
	nw_nntp_limits_free(&fixture.limits);
}

/* A reader that comes and goes as fast as it can, until it is killed. */
static void rush(struct fixture *fixture, int ready)
{
	bool told = false;

	for (;;) {
		if (!enter(fixture, 1, "192.0.2.1") ||
		    !enter(fixture, 1, "192.0.2.1"))
			_exit(1);
		if (!told && write(ready, "", 1) == 1)
			told = true;
		nw_nntp_limit_leave(fixture->limits, 1, fixture->party);
		nw_nntp_limit_leave(fixture->limits, 1, fixture->party);
	}
}

/* Killed anywhere, also within the lock, nothing is lost and nothing hangs. */
static void test_killed_readers(void **state)
{
	const struct nw_nntp_allowance three = { .connections = 3 };
	struct fixture fixture;
	int turn, ends[2], status;
	char ready;
	pid_t pid;

	(void)state;
	open_limits(&fixture, &three);
	assert_true(enter(&fixture, 0, "192.0.2.1"));
	for (turn = 0; turn < 150; turn++) {
		assert_int_equal(pipe(ends), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			rush(&fixture, ends[1]);
		assert_int_equal(read(ends[0], &ready, 1), 1);
		(void)poll(NULL, 0, turn % 3);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		(void)close(ends[0]);
		(void)close(ends[1]);
		nw_nntp_limits_clear(fixture.limits, 1);
		assert_true(enter(&fixture, 2, "192.0.2.1"));
		assert_true(enter(&fixture, 2, "192.0.2.1"));
		assert_false(enter(&fixture, 2, "192.0.2.1"));
		nw_nntp_limits_clear(fixture.limits, 2);
	}
	nw_nntp_limits_free(&fixture.limits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_unlimited),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_posts),
		cmocka_unit_test(test_errands),
		cmocka_unit_test(test_debts_are_kept),
		cmocka_unit_test(test_full_table),
		cmocka_unit_test(test_killed_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
