/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"
#include "program_fake.h"
#include "sync_fixture.h"
#include "worker.h"

#define SECOND	 G_USEC_PER_SEC
#define PATIENCE (20 * SECOND)

/* A bench with a worker, whose reports are kept in their order. */
struct shop {
	struct bench *bench;
	struct program_fake program;
	struct nw_gateway gateway;
	struct nw_worker *worker;
	GAsyncQueue *reports;
};

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

static int set_up_here(void **state)
{
	int result = set_up(state);
	struct shop *shop = *state;

	shop->worker = nw_worker_new(&shop->gateway, hand_over, shop);
	return result;
}

static int set_up_there(void **state)
{
	int result = set_up(state);
	struct shop *shop = *state;

	shop->gateway.host = (char *)"news.example";
	shop->worker = nw_worker_new(&shop->gateway, hand_over, shop);
	return result;
}

static int tear_down(void **state)
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

static struct nw_report *next_report(struct shop *shop)
{
	struct nw_report *report =
		g_async_queue_timeout_pop(shop->reports, PATIENCE);

	assert_non_null(report);
	assert_ptr_equal(report->owner, shop);
	return report;
}

/* The report of a kind; those before it are dropped. */
static struct nw_report *await(struct shop *shop, enum nw_report_kind kind)
{
	struct nw_report *report;

	while ((report = next_report(shop))->kind != kind)
		nw_report_free(report);
	return report;
}

static struct nw_report *do_job(struct shop *shop, struct nw_job *job)
{
	guint serial = nw_worker_ask(shop->worker, job);
	struct nw_report *done = await(shop, NW_REPORT_DONE);

	assert_int_not_equal(serial, 0);
	assert_int_equal(done->serial, serial);
	return done;
}

static void expect_done(struct shop *shop, struct nw_job *job, const char *text)
{
	struct nw_report *done = do_job(shop, job);

	assert_null(done->error);
	if (text)
		assert_string_equal(done->text, text);
	nw_report_free(done);
}

static void expect_error(struct shop *shop, struct nw_job *job,
			 const char *words)
{
	struct nw_report *done = do_job(shop, job);

	assert_non_null(done->error);
	assert_non_null(strstr(done->error->message, words));
	nw_report_free(done);
}

static void expect_noted(struct shop *shop, const char *lines)
{
	char *noted = program_fake_noted(&shop->program);

	assert_string_equal(noted, lines);
	g_free(noted);
}

static struct nw_job *check_of(struct shop *shop)
{
	struct nw_job *job = nw_job_new(NW_JOB_CHECK, NULL);
	struct nw_sync_wish *wish =
		nw_sync_wish_new(GROUP, shop->bench->wish->dir);

	wish->retention_days = NW_RETENTION_FOR_EVER;
	g_ptr_array_add(job->wishes, wish);
	return job;
}

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
	serial = nw_worker_ask(shop->worker, check_of(shop));
	for (i = 0; i < COUNT(kinds); i++) {
		struct nw_report *report = next_report(shop);

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
	expect_noted(shop, "[--quiet][fetch]\n");
	bench_expect_asked("open\ncounts\nnumbers " GROUP
			   " 1- 0\narticles 1\ngroups\n");
}

static void a_check_by_the_user_polls_what_is_not_due(void **state)
{
	struct shop *shop = *state;
	struct nw_job *job = check_of(shop);

	program_fake_change(&shop->program,
			    "[ $2 = list ] && printf '" GROUP "\\tfeed\\n'");
	job->by_user = TRUE;
	expect_error(shop, job, "without saying why");
	expect_noted(shop, "[--quiet][list]\n[--quiet][fetch][--all]\n");
	program_fake_change(&shop->program,
			    "[ $2 = list ] && printf '" GROUP
			    "\\tfeed\\norg.example.other\\tfeed\\n'; true");
	job = check_of(shop);
	job->by_user = TRUE;
	/* Its source is not subscribed to any more. */
	g_ptr_array_add(job->wishes, nw_sync_wish_new("org.example.left",
						      shop->bench->root));
	expect_done(shop, job, NULL);
	expect_noted(shop,
		     "[--quiet][list]\n[--quiet][fetch][--][" GROUP "]\n");
}

static void a_failed_poll_keeps_nothing_back(void **state)
{
	struct shop *shop = *state;

	program_fake_change(&shop->program,
			    "echo 'newswire: 1 of 2 failed' >&2; exit 1");
	(void)fake_add(shop->bench->group, "<a@x>", NULL);
	expect_error(shop, check_of(shop), "1 of 2 failed");
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
		expect_done(shop, job, NULL);
		if (!round)
			g_free(fake_asked());
	}
	bench_expect_asked("counts\n");
}

static void a_held_session_is_opened_anew(void **state)
{
	struct shop *shop = *state;

	expect_done(shop, check_of(shop), NULL);
	expect_done(shop, check_of(shop), NULL);
	bench_expect_asked("open\ncounts\ncounts\n");
	shop->bench->fake->stale = TRUE;
	expect_done(shop, check_of(shop), NULL);
	bench_expect_asked("counts\nopen\ncounts\n");
}

/* One that breaks while it works is an error, and the next check goes on. */
static void a_broken_session_is_an_error(void **state)
{
	struct shop *shop = *state;
	guint i;

	for (i = 0; i < 100; i++) {
		char *id = g_strdup_printf("<a%u@x>", i);

		(void)fake_add(shop->bench->group, id, NULL);
		g_free(id);
	}
	shop->bench->fake->cut_after = 70;
	expect_error(shop, check_of(shop), "the fake says no");
	shop->bench->fake->cut_after = -1;
	expect_done(shop, check_of(shop), NULL);
	assert_true(bench_has(shop->bench, 100, "Text of <a99@x>"));
}

static void checks_join(void **state)
{
	struct shop *shop = *state;
	struct nw_job *more = check_of(shop), *other = check_of(shop);
	struct nw_report *progress;
	guint first, joined, asked;

	(void)fake_add(shop->bench->group, "<a@x>", NULL);
	(void)fake_add(shop->bench->group, "<b@x>", NULL);
	shop->bench->fake->hang_after = 1;
	first = nw_worker_ask(shop->worker, check_of(shop));
	progress = await(shop, NW_REPORT_PROGRESS);
	nw_report_free(progress);
	joined = nw_worker_ask(shop->worker, check_of(shop));
	assert_int_equal(joined, first);
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
	(void)nw_worker_ask(shop->worker, check_of(shop));
	(void)nw_worker_ask(shop->worker, nw_job_new(NW_JOB_GROUPS, NULL));
	nw_report_free(await(shop, NW_REPORT_PROGRESS));
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
	(void)nw_worker_ask(shop->worker, check_of(shop));
	nw_report_free(await(shop, NW_REPORT_PHASE));
	began = g_get_monotonic_time();
	nw_worker_stop(shop->worker);
	shop->worker = NULL;
	assert_true(g_get_monotonic_time() - began < SECOND);
}

static void this_computer_is_managed_by_the_program(void **state)
{
	struct shop *shop = *state;
	struct nw_job *change = nw_job_new(NW_JOB_CHANGE, GROUP);
	char *path = g_build_filename(shop->bench->root, "x.opml", NULL);
	char *text = NULL, *noted;

	program_fake_change(&shop->program, "printf 'org.a\\tfeed\\tu\\tn\\n'");
	expect_done(shop, nw_job_new(NW_JOB_SUBSCRIBE, "--url"), "org.a");
	expect_done(shop, nw_job_new(NW_JOB_UNSUBSCRIBE, "-g"), NULL);
	expect_done(shop, nw_job_new(NW_JOB_HISTORY, "<a@x>"),
		    "org.a\tfeed\tu\tn\n");
	change->edits = g_strdup("supersede");
	expect_done(shop, change, NULL);
	expect_done(shop, nw_job_new(NW_JOB_IMPORT, "/-x.opml"), NULL);
	assert_true(g_file_set_contents(path, "old", -1, NULL));
	expect_done(shop, nw_job_new(NW_JOB_EXPORT, path), NULL);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_string_equal(text, "org.a\tfeed\tu\tn\n");
	noted = program_fake_noted(&shop->program);
	assert_string_equal(noted,
			    "[--quiet][subscribe][--again][--layout][mixed]"
			    "[--][--url]\n"
			    "[--quiet][unsubscribe][--][-g]\n"
			    "[--quiet][history][--][<a@x>]\n"
			    "[--quiet][subscribe][--edits][supersede][--]"
			    "[" GROUP "]\n"
			    "[--quiet][import][--layout][mixed][--]"
			    "[/-x.opml]\n"
			    "[--quiet][export]\n");
	g_free(noted);
	g_free(text);
	g_free(path);
}

static void what_cannot_be_subscribed_to_says_why(void **state)
{
	struct shop *shop = *state;

	program_fake_change(&shop->program,
			    "echo 'newswire: no feed' >&2; exit 1");
	expect_error(shop, nw_job_new(NW_JOB_SUBSCRIBE, "http://a/"),
		     "no feed");
}

/* While a check runs and another waits, what the user looks at comes next. */
static void what_is_looked_at_comes_first(void **state)
{
	struct shop *shop = *state;
	struct nw_job *other = nw_job_new(NW_JOB_CHECK, NULL);
	char *gate = g_build_filename(shop->bench->root, "gate", NULL);
	char *script = g_strdup_printf(
		"[ $2 = history ] || read go <'%s'; echo text", gate);
	struct nw_report *done;
	guint asked;
	int fd;

	assert_int_equal(mkfifo(gate, 0600), 0);
	fd = open(gate, O_RDWR);
	program_fake_change(&shop->program, script);
	(void)nw_worker_ask(shop->worker, check_of(shop));
	nw_report_free(await(shop, NW_REPORT_PHASE));
	g_ptr_array_add(other->wishes, nw_sync_wish_new("org.example.other",
							shop->bench->root));
	(void)nw_worker_ask(shop->worker, other);
	asked = nw_worker_ask(shop->worker,
			      nw_job_new(NW_JOB_HISTORY, "<a@x>"));
	assert_int_equal(write(fd, "go\ngo\n", 6), 6);
	nw_report_free(await(shop, NW_REPORT_DONE));
	done = await(shop, NW_REPORT_DONE);
	assert_int_equal(done->serial, asked);
	assert_string_equal(done->text, "text\n");
	nw_report_free(done);
	nw_report_free(await(shop, NW_REPORT_DONE));
	(void)close(fd);
	g_free(script);
	g_free(gate);
}

static void elsewhere_is_managed_by_the_session(void **state)
{
	struct shop *shop = *state;

	expect_done(shop, nw_job_new(NW_JOB_SUBSCRIBE, "https://a.example"),
		    "org.example.fed");
	expect_error(shop, nw_job_new(NW_JOB_SUBSCRIBE, "https://refused/"),
		     "says no");
	expect_done(shop, nw_job_new(NW_JOB_UNSUBSCRIBE, GROUP), NULL);
	expect_done(shop, nw_job_new(NW_JOB_HISTORY, "<a@x>"), "A history.\n");
	expect_error(shop, nw_job_new(NW_JOB_CHANGE, GROUP), "at the gateway");
	bench_expect_asked("open\nsubscribe https://a.example\n"
			   "subscribe https://refused/\n"
			   "unsubscribe " GROUP "\nhistory <a@x>\n");
	expect_noted(shop, "");
}

static void opml_goes_there_and_back(void **state)
{
	struct shop *shop = *state;
	struct nw_job *export;
	struct nw_report *done;
	char *path = g_build_filename(shop->bench->root, "x.opml", NULL);

	export = nw_job_new(NW_JOB_EXPORT, path);
	g_ptr_array_add(export->wishes, nw_sync_wish_new(GROUP, "/x"));
	expect_done(shop, export, NULL);
	done = do_job(shop, nw_job_new(NW_JOB_IMPORT, path));
	assert_null(done->error);
	assert_int_equal(done->groups->len, 1);
	assert_string_equal(
		((struct nw_session_group *)done->groups->pdata[0])->name,
		GROUP);
	nw_report_free(done);
	assert_true(g_file_set_contents(
		path,
		"<opml><outline xmlUrl='https://refused/'/>"
		"<outline xmlUrl='nntp://other.example/a.b'/>"
		"<outline text='A' xmlUrl='https://a.example'/></opml>",
		-1, NULL));
	expect_error(shop, nw_job_new(NW_JOB_IMPORT, path),
		     "does not take web addresses");
	shop->bench->fake->manages = TRUE;
	done = do_job(shop, nw_job_new(NW_JOB_IMPORT, path));
	assert_non_null(done->error);
	assert_int_equal(done->groups->len, 1);
	assert_string_equal(
		((struct nw_session_group *)done->groups->pdata[0])->name,
		"org.example.fed");
	nw_report_free(done);
	g_free(path);
}

#define HERE(name) cmocka_unit_test_setup_teardown(name, set_up_here, tear_down)
#define THERE(name) \
	cmocka_unit_test_setup_teardown(name, set_up_there, tear_down)

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
		HERE(this_computer_is_managed_by_the_program),
		HERE(what_cannot_be_subscribed_to_says_why),
		HERE(what_is_looked_at_comes_first),
		THERE(elsewhere_is_managed_by_the_session),
		THERE(opml_goes_there_and_back),
	};

	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
