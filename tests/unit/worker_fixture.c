/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/wait.h>

#include "unit.h"
#include "worker_fixture.h"

#define SECOND	 G_USEC_PER_SEC
#define PATIENCE (20 * SECOND)

static void hand_over(struct nw_report *report)
{
	struct shop *shop = report->owner;

	g_async_queue_push(shop->reports, report);
}

static void free_report(gpointer report)
{
	nw_report_free(report);
}

static int set_up(void **state)
{
	struct shop *shop = g_new0(struct shop, 1);

	if (bench_set_up((void **)&shop->bench) < 0)
		return -1;
	program_fake_set_up(&shop->program, "true");
	shop->reports = g_async_queue_new_full(free_report);
	*state = shop;
	return 0;
}

int shop_set_up_here(void **state)
{
	int result = set_up(state);
	struct shop *shop = *state;

	shop->worker = nw_worker_new(&shop->gateway, hand_over, shop);
	return result;
}

int shop_set_up_there(void **state)
{
	int result = set_up(state);
	struct shop *shop = *state;

	shop->gateway.host = (char *)"news.example";
	shop->worker = nw_worker_new(&shop->gateway, hand_over, shop);
	return result;
}

int shop_tear_down(void **state)
{
	struct shop *shop = *state;

	nw_worker_stop(shop->worker);
	assert_int_equal(shop->bench->fake->opened, shop->bench->fake->closed);
	g_async_queue_unref(shop->reports);
	program_fake_tear_down(&shop->program);
	(void)bench_tear_down((void **)&shop->bench);
	g_free(shop);
	return waitpid(-1, NULL, WNOHANG) < 0 ? 0 : -1;
}

struct nw_report *shop_next(struct shop *shop)
{
	struct nw_report *report =
		g_async_queue_timeout_pop(shop->reports, PATIENCE);

	assert_non_null(report);
	assert_ptr_equal(report->owner, shop);
	return report;
}

struct nw_report *shop_await(struct shop *shop, enum nw_report_kind kind)
{
	struct nw_report *report;

	while ((report = shop_next(shop))->kind != kind)
		nw_report_free(report);
	return report;
}

struct nw_report *shop_do(struct shop *shop, struct nw_job *job)
{
	guint serial = nw_worker_ask(shop->worker, job);
	struct nw_report *done = shop_await(shop, NW_REPORT_DONE);

	assert_int_not_equal(serial, 0);
	assert_int_equal(done->serial, serial);
	return done;
}

void shop_expect_done(struct shop *shop, struct nw_job *job, const char *text)
{
	struct nw_report *done = shop_do(shop, job);

	assert_null(done->error);
	if (text)
		assert_string_equal(done->text, text);
	nw_report_free(done);
}

void shop_expect_error(struct shop *shop, struct nw_job *job, const char *words)
{
	struct nw_report *done = shop_do(shop, job);

	assert_non_null(done->error);
	assert_non_null(strstr(done->error->message, words));
	nw_report_free(done);
}

void shop_expect_noted(struct shop *shop, const char *lines)
{
	char *noted = program_fake_noted(&shop->program);

	assert_string_equal(noted, lines);
	g_free(noted);
}

struct nw_job *shop_check(struct shop *shop)
{
	struct nw_job *job = nw_job_new(NW_JOB_CHECK, NULL);
	struct nw_sync_wish *wish =
		nw_sync_wish_new(GROUP, shop->bench->wish->dir);

	wish->retention_days = NW_RETENTION_FOR_EVER;
	g_ptr_array_add(job->wishes, wish);
	return job;
}
