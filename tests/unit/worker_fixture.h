/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker with a fake gateway and a fake program, and what it reports.
 */
#ifndef NEWSWIRE_TESTS_WORKER_FIXTURE_H
#define NEWSWIRE_TESTS_WORKER_FIXTURE_H

#include "program_fake.h"
#include "sync_fixture.h"
#include "worker.h"

/* A bench with a worker, whose reports are kept in their order. */
struct shop {
	struct bench *bench;
	struct program_fake program;
	struct nw_gateway gateway;
	struct nw_worker *worker;
	GAsyncQueue *reports;
};

int shop_set_up_here(void **state);	/* of this computer */
int shop_set_up_there(void **state);	/* of a gateway elsewhere */
/* Nothing is left open or unreaped. */
int shop_tear_down(void **state);

struct nw_report *shop_next(struct shop *shop);
/* The report of a kind; those before it are dropped. */
struct nw_report *shop_await(struct shop *shop, enum nw_report_kind kind);
/* The report of its end. */
struct nw_report *shop_do(struct shop *shop, struct nw_job *job);
/* It must end well, with this text or whatever for NULL. */
void shop_expect_done(struct shop *shop, struct nw_job *job, const char *text);
/* It must fail with these words. */
void shop_expect_error(struct shop *shop, struct nw_job *job,
		       const char *words);
/* What the program was run with. */
void shop_expect_noted(struct shop *shop, const char *lines);
/* A check of GROUP. */
struct nw_job *shop_check(struct shop *shop);

#define HERE(name) \
	cmocka_unit_test_setup_teardown(name, shop_set_up_here, shop_tear_down)
#define THERE(name) \
	cmocka_unit_test_setup_teardown(name, shop_set_up_there, \
					shop_tear_down)

#endif
