/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose turn it is to be asked, by a clock that the test sets.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"
#include "../../gateway/fetch/fetch_private.h"

#define REQUESTS 16
#define PAUSE_MS 100

struct world {
	struct nw_fetch_queue queue;
	struct nw_fetch requests[REQUESTS];
	size_t count;
	int64_t wait_ms;
};

/* Puts one request for each letter: a host by that name. */
static void put(struct world *world, const char *hosts)
{
	char name[2] = "";

	for (; *hosts; hosts++) {
		struct nw_fetch *fetch = &world->requests[world->count++];

		name[0] = *hosts;
		assert_int_equal(nw_fetch_queue_put(&world->queue, fetch, name,
						    false),
				 0);
	}
}

/* Takes what may start now: its host, or '-'. */
static char take(struct world *world, int64_t now_ms, struct nw_fetch **fetch_r)
{
	struct nw_fetch *fetch = nw_fetch_queue_take(&world->queue, now_ms,
						     &world->wait_ms);

	if (fetch_r)
		*fetch_r = fetch;
	return fetch ? fetch->host->name[0] : '-';
}

/* The hosts of all that may start now. */
static void assert_taken(struct world *world, int64_t now_ms, const char *hosts)
{
	char taken[REQUESTS + 1] = "", host;
	size_t len = 0;

	while ((host = take(world, now_ms, NULL)) != '-')
		taken[len++] = host;
	taken[len] = '\0';
	assert_string_equal(taken, hosts);
}

static int setup(void **state)
{
	static struct world world;

	world = (struct world){ .count = 0 };
	nw_fetch_queue_init(&world.queue, 1);
	*state = &world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	while (nw_fetch_queue_end(&world->queue))
		continue;
	assert_null(world->queue.hosts);
	assert_int_equal(world->queue.waiting_count, 0);
	return 0;
}

static void one_request_a_host(void **state)
{
	struct world *world = *state;

	put(world, "aabbac");
	assert_taken(world, 0, "abc");
	assert_true(world->wait_ms == -1);
	assert_int_equal(world->queue.waiting_count, 3);
	nw_fetch_queue_done(&world->requests[0], 0, 0);
	assert_taken(world, 0, "a");
	world->queue.per_host = 2;
	assert_taken(world, 0, "ba");
}

static void a_pause_is_kept_to_the_millisecond(void **state)
{
	struct world *world = *state;
	struct nw_fetch *fetch;

	put(world, "aab");
	assert_int_equal(take(world, 50, &fetch), 'a');
	assert_int_equal(take(world, 50, NULL), 'b');
	nw_fetch_queue_done(fetch, 70, PAUSE_MS);
	assert_taken(world, 70, "");
	assert_true(world->wait_ms == PAUSE_MS);
	assert_taken(world, 169, "");
	assert_true(world->wait_ms == 1);
	assert_taken(world, 170, "a");
}

/* Also for a host that nothing waited for when its request ended. */
static void a_pause_is_remembered(void **state)
{
	struct world *world = *state;
	struct nw_fetch *fetch;

	put(world, "a");
	assert_int_equal(take(world, 0, &fetch), 'a');
	nw_fetch_queue_done(fetch, 0, PAUSE_MS);
	assert_taken(world, 10, "");
	assert_true(world->wait_ms == -1);
	put(world, "a");
	assert_taken(world, 99, "");
	assert_taken(world, 100, "a");
	nw_fetch_queue_done(&world->requests[1], 100, PAUSE_MS);
	assert_taken(world, 200, "");
	assert_null(world->queue.hosts);
}

/* However much waits for the first one. */
static void hosts_take_turns(void **state)
{
	struct world *world = *state;
	struct nw_fetch *fetch;
	char order[7] = "";
	int i;

	put(world, "aaaaabbc");
	for (i = 0; i < 6; i++) {
		order[i] = take(world, i, &fetch);
		nw_fetch_queue_done(fetch, i, 0);
	}
	assert_string_equal(order, "abcaba");
}

static void a_redirect_goes_first(void **state)
{
	struct world *world = *state;
	struct nw_fetch *hop = &world->requests[REQUESTS - 1], *fetch;

	put(world, "ab");
	assert_int_equal(nw_fetch_queue_put(&world->queue, hop, "b", true), 0);
	assert_int_equal(nw_fetch_queue_put(&world->queue, hop - 1, "c", true),
			 0);
	put(world, "c");
	assert_int_equal(take(world, 0, NULL), 'a');
	assert_int_equal(take(world, 0, &fetch), 'b');
	assert_ptr_equal(fetch, hop);
	assert_int_equal(take(world, 0, &fetch), 'c');
	assert_ptr_equal(fetch, hop - 1);
	nw_fetch_queue_done(fetch, 0, 0);
	nw_fetch_queue_done(hop, 0, 0);
	assert_taken(world, 0, "bc");
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_request_a_host),
		TEST(a_pause_is_kept_to_the_millisecond),
		TEST(a_pause_is_remembered),
		TEST(hosts_take_turns),
		TEST(a_redirect_goes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
