/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"
#include "worker_fixture.h"

#define SECOND G_USEC_PER_SEC

static void a_check_tells_what_it_does(void **state)
{
	static const enum nw_report_kind kinds[] = {
		NW_REPORT_PHASE, NW_REPORT_PHASE, NW_REPORT_PROGRESS,
		NW_REPORT_GROUP, NW_REPORT_DONE,
	};
	struct shop *shop = *state;
	guint serial;
	gsize i;

	(void)fake_add(shop->bench->group, "<a@x>", NULL);
	serial = nw_worker_ask(shop->worker, shop_check(shop));
	for (i = 0; i < COUNT(kinds); i++) {
		struct nw_report *report = shop_next(shop);

		assert_int_equal(report->kind, kinds[i]);
		assert_int_equal(report->serial, serial);
		assert_int_equal(report->job, NW_JOB_CHECK);
		assert_null(report->error);
		if (report->kind == NW_REPORT_GROUP) {
			assert_string_equal(report->outcome.group, GROUP);
			assert_int_equal(report->outcome.added, 1);
		}
		if (report->kind == NW_REPORT_DONE)
			assert_int_equal(report->groups->len, 1);
		nw_report_free(report);
	}
	shop_expect_noted(shop, "[--quiet][fetch]\n");
	bench_expect_asked("open\ncounts\nnumbers " GROUP
			   " 1- 0\narticles 1\ngroups\n");
}

static void a_check_by_the_user_polls_what_is_not_due(void **state)
{
	struct shop *shop = *state;
	struct nw_job *job = shop_check(shop);

	program_fake_change(&shop->program,
			    "[ $2 = list ] && printf '" GROUP "\\tfeed\\n'");
	job->by_user = TRUE;
	shop_expect_error(shop, job, "without saying why");
	shop_expect_noted(shop, "[--quiet][list]\n[--quiet][fetch][--all]\n");
	program_fake_change(&shop->program,
			    "[ $2 = list ] && printf '" GROUP
			    "\\tfeed\\norg.example.other\\tfeed\\n'; true");
	job = shop_check(shop);
	job->by_user = TRUE;
	/* Its source is not subscribed to any more. */
	g_ptr_array_add(job->wishes, nw_sync_wish_new("org.example.left",
						      shop->bench->root));
	shop_expect_done(shop, job, NULL);
	shop_expect_noted(shop,
			  "[--quiet][list]\n[--quiet][fetch][--][" GROUP "]\n");
}

static void a_failed_poll_keeps_nothing_back(void **state)
{
	struct shop *shop = *state;

	program_fake_change(&shop->program,
			    "echo 'newswire: 1 of 2 failed' >&2; exit 1");
	(void)fake_add(shop->bench->group, "<a@x>", NULL);
	shop_expect_error(shop, shop_check(shop), "1 of 2 failed");
	bench_expect_files(shop->bench, "1");
}

static void fifty_groups_are_one_round_trip(void **state)
{
	struct shop *shop = *state;
	guint round, i;

	for (round = 0; round < 2; round++) {
		struct nw_job *job = nw_job_new(NW_JOB_CHECK, NULL);

		for (i = 0; i < 50; i++) {
			char *name = g_strdup_printf("org.example.g%u", i);
			char *dir =
				g_build_filename(shop->bench->root, name, NULL);

			if (!round)
				(void)fake_add(fake_group(name), "<a@x>", NULL);
			g_ptr_array_add(job->wishes,
					nw_sync_wish_new(name, dir));
			g_free(dir);
			g_free(name);
		}
		shop_expect_done(shop, job, NULL);
		if (!round)
			g_free(fake_asked());
	}
	bench_expect_asked("counts\n");
}

static void a_held_session_is_opened_anew(void **state)
{
	struct shop *shop = *state;

	shop_expect_done(shop, shop_check(shop), NULL);
	shop_expect_done(shop, shop_check(shop), NULL);
	bench_expect_asked("open\ncounts\ncounts\n");
	shop->bench->fake->stale = TRUE;
	shop_expect_done(shop, shop_check(shop), NULL);
	bench_expect_asked("counts\nopen\ncounts\n");
}

/* One that breaks while it works is an error, and the next check goes on. */
static void a_broken_session_is_an_error(void **state)
{
	struct shop *shop = *state;
	guint i;

	shop_expect_done(shop, shop_check(shop), NULL);
	for (i = 0; i < 100; i++) {
		char *id = g_strdup_printf("<a%u@x>", i);

		(void)fake_add(shop->bench->group, id, NULL);
		g_free(id);
	}
	shop->bench->fake->cut_after = 70;
	shop_expect_error(shop, shop_check(shop), "the fake says no");
	assert_int_equal(shop->bench->fake->opened, 1);
	shop->bench->fake->cut_after = -1;
	shop_expect_done(shop, shop_check(shop), NULL);
	assert_true(bench_has(shop->bench, 100, "Text of <a99@x>"));
}

static void checks_join(void **state)
{
	struct shop *shop = *state;
	struct nw_job *more = shop_check(shop), *other = shop_check(shop);
	struct nw_job *wanted = shop_check(shop);
	struct nw_report *progress;
	guint first, joined, asked;

	(void)fake_add(shop->bench->group, "<a@x>", NULL);
	(void)fake_add(shop->bench->group, "<b@x>", NULL);
	shop->bench->fake->hang_after = 1;
	first = nw_worker_ask(shop->worker, shop_check(shop));
	progress = shop_await(shop, NW_REPORT_PROGRESS);
	nw_report_free(progress);
	joined = nw_worker_ask(shop->worker, shop_check(shop));
	assert_int_equal(joined, first);
	/* What the user wants to be polled now is not polled by the other. */
	wanted->by_user = TRUE;
	asked = nw_worker_ask(shop->worker, wanted);
	assert_int_not_equal(asked, first);
	/* What it wants else is another check. */
	((struct nw_sync_wish *)other->wishes->pdata[0])->headers_only = TRUE;
	asked = nw_worker_ask(shop->worker, other);
	assert_int_not_equal(asked, first);
	g_ptr_array_add(more->wishes, nw_sync_wish_new("org.example.more",
						       shop->bench->root));
	assert_int_not_equal(nw_worker_ask(shop->worker, more), asked);
}

static void stopping_ends_what_is_under_way(void **state)
{
	struct shop *shop = *state;
	gint64 began;

	(void)fake_add(shop->bench->group, "<a@x>", NULL);
	(void)fake_add(shop->bench->group, "<b@x>", NULL);
	shop->bench->fake->hang_after = 1;
	(void)nw_worker_ask(shop->worker, shop_check(shop));
	(void)nw_worker_ask(shop->worker, nw_job_new(NW_JOB_GROUPS, NULL));
	nw_report_free(shop_await(shop, NW_REPORT_PROGRESS));
	began = g_get_monotonic_time();
	nw_worker_stop(shop->worker);
	shop->worker = NULL;
	assert_true(g_get_monotonic_time() - began < SECOND);
	/* What had come is kept. */
	bench_expect_files(shop->bench, "1");
}

static void stopping_ends_the_program(void **state)
{
	struct shop *shop = *state;
	gint64 began;

	program_fake_change(&shop->program,
			    "trap '' TERM; while :; do sleep 60; done");
	(void)nw_worker_ask(shop->worker, shop_check(shop));
	nw_report_free(shop_await(shop, NW_REPORT_PHASE));
	began = g_get_monotonic_time();
	nw_worker_stop(shop->worker);
	shop->worker = NULL;
	assert_true(g_get_monotonic_time() - began < SECOND);
}

/* Behind what was asked for before, but for checks. */
static void what_is_looked_at_comes_first(void **state)
{
	struct shop *shop = *state;
	char *gate = g_build_filename(shop->bench->root, "gate", NULL);
	char *script =
		g_strdup_printf("[ $2 != unsubscribe ] || read go <'%s'; "
				"echo text",
				gate);
	struct nw_report *done;
	guint first, asked;
	int fd;

	assert_int_equal(mkfifo(gate, 0600), 0);
	fd = open(gate, O_RDWR);
	program_fake_change(&shop->program, script);
	first = nw_worker_ask(shop->worker,
			      nw_job_new(NW_JOB_UNSUBSCRIBE, GROUP));
	nw_report_free(shop_await(shop, NW_REPORT_PHASE));
	(void)nw_worker_ask(shop->worker, shop_check(shop));
	asked = nw_worker_ask(shop->worker,
			      nw_job_new(NW_JOB_HISTORY, "<a@x>"));
	assert_int_equal(write(fd, "go\n", 3), 3);
	done = shop_await(shop, NW_REPORT_DONE);
	assert_int_equal(done->serial, first);
	nw_report_free(done);
	done = shop_await(shop, NW_REPORT_DONE);
	assert_int_equal(done->serial, asked);
	assert_string_equal(done->text, "text\n");
	nw_report_free(done);
	nw_report_free(shop_await(shop, NW_REPORT_DONE));
	(void)close(fd);
	g_free(script);
	g_free(gate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(a_check_tells_what_it_does),
		HERE(a_check_by_the_user_polls_what_is_not_due),
		HERE(a_failed_poll_keeps_nothing_back),
		THERE(fifty_groups_are_one_round_trip),
		THERE(a_held_session_is_opened_anew),
		THERE(a_broken_session_is_an_error),
		THERE(checks_join),
		THERE(stopping_ends_what_is_under_way),
		HERE(stopping_ends_the_program),
		HERE(what_is_looked_at_comes_first),
	};

	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
