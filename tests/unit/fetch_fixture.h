/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fetcher, a web server that answers in all ways a path can name, and what
 * the fetcher's callback saw.
 */
#ifndef NEWSWIRE_TESTS_FETCH_FIXTURE_H
#define NEWSWIRE_TESTS_FETCH_FIXTURE_H

#include "httpserver.h"
#include "newswire/arena.h"
#include "newswire/fetch.h"

#define CAP_BYTES 100000

/* What came back, copied out of the reply. */
struct seen {
	unsigned calls;
	bool replied;
	struct nw_fetch_reply reply;
	struct nw_error err;
};

struct fixture {
	struct nw_arena *arena;
	struct event_base *base;
	struct httpserver *server;
	struct nw_fetch_policy policy;
	struct nw_fetcher *fetcher;
	struct seen seen;
};

int fetch_setup(void **state);
int fetch_teardown(void **state);

/* Makes the fetcher, by the fixture's policy, unless it is there. */
void need_fetcher(struct fixture *fixture);
/* The URL of a path of the server. */
const char *at(struct fixture *fixture, const char *path);
/* The nw_fetch_done that fills fixture->seen. */
void on_done(const struct nw_fetch_reply *reply, const struct nw_error *err,
	     void *context);
void run_until_idle(struct fixture *fixture);
/* One GET up to its end, which is in fixture->seen. */
void get_request(struct fixture *fixture,
		 const struct nw_fetch_request *request);
void get(struct fixture *fixture, const char *path);

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, fetch_setup, fetch_teardown)

#endif
