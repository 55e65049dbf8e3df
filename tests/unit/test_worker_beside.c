/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a worker does while newswire looks at the web.  The program stands at
 * gates, so that what happens meanwhile is no matter of time.
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"
#include "worker_fixture.h"

#define SECOND G_USEC_PER_SEC
#define OTHER  "org.example.other"

/* A pipe at which the program stands until it is opened. */
struct gate {
	char *path;
	int fd;
};

static struct gate gate_build(const struct shop *shop, const char *name)
{
	struct gate gate = {
		.path = g_build_filename(shop->bench->root, name, NULL),
		.fd = -1,
	};

	assert_int_equal(mkfifo(gate.path, 0600), 0);
	return gate;
}

/* Until the program stands at it. */
static void gate_await(struct gate *gate)
{
	gate->fd = open(gate->path, O_WRONLY | O_CLOEXEC);
	assert_true(gate->fd >= 0);
}

static void gate_leave(struct gate *gate)
{
	(void)close(gate->fd);
	g_free(gate->path);
}

/* Once and for all. */
static void gate_open(struct gate *gate)
{
	(void)unlink(gate->path);
	assert_int_equal(write(gate->fd, "go\n", 3), 3);
	gate_leave(gate);
}

/* What the program does; a case that ends in "wait NAME" stands at that
 * gate. */
static void program_does(struct shop *shop, const char *cases)
{
	char *script = g_strdup_printf("root='%s'\n"
				       "wait() { if [ -p \"$root/$1\" ]; then "
				       "read go <\"$root/$1\"; fi; }\n"
				       "case \"$*\" in\n%s\n"
				       "*list*) printf '" GROUP
				       "\\tfeed\\n" OTHER "\\tfeed\\n"
				       "org.x\\tfeed\\n';;\n"
				       "*fetch*) wait gate;;\n"
				       "esac\n",
				       shop->bench->root, cases);

	program_fake_change(&shop->program, script);
	g_free(script);
}

static guint ask(struct shop *shop, enum nw_job_kind kind, const char *text)
{
	return nw_worker_ask(shop->worker, nw_job_new(kind, text));
}

static guint ask_check(struct shop *shop, const char *group, gboolean by_user)
{
	struct nw_job *job = nw_job_new(NW_JOB_CHECK, NULL);
	char *dir = g_build_filename(shop->bench->root, group, NULL);

	job->by_user = by_user;
	g_ptr_array_add(job->wishes, nw_sync_wish_new(group, dir));
	g_free(dir);
	return nw_worker_ask(shop->worker, job);
}

/* A check of GROUP for which newswire stands at the gate. */
static guint begin(struct shop *shop, struct gate *gate_r, gboolean by_user)
{
	guint serial;

	*gate_r = gate_build(shop, "gate");
	serial = ask_check(shop, GROUP, by_user);
	gate_await(gate_r);
	return serial;
}

/* The next end is this one's, and it is a good one. */
static void expect_end(struct shop *shop, guint serial)
{
	struct nw_report *done = shop_await(shop, NW_REPORT_DONE);

	assert_int_equal(done->serial, serial);
	assert_null(done->error);
	nw_report_free(done);
}

static struct nw_job *article(struct shop *shop)
{
	struct nw_job *job = nw_job_new(NW_JOB_ARTICLE, NULL);

	g_ptr_array_add(job->wishes,
			nw_sync_wish_new(GROUP, shop->bench->wish->dir));
	job->number = 1;
	return job;
}

/* Of the one article there are only the headers. */
static void have_headers(struct shop *shop)
{
	struct nw_job *job = shop_check(shop);

	(void)fake_add(shop->bench->group, "<a@x>", NULL);
	((struct nw_sync_wish *)job->wishes->pdata[0])->headers_only = TRUE;
	shop_expect_done(shop, job, NULL);
	bench_expect_files(shop->bench, ".1.headers 1");
}

static void a_long_poll_holds_up_nothing_else(void **state)
{
	struct shop *shop = *state;
	struct nw_job *change = nw_job_new(NW_JOB_CHANGE, GROUP);
	char *path = g_build_filename(shop->bench->root, "x.opml", NULL);
	struct gate gate;
	guint check;

	program_does(shop, "*history*) echo text;;\n"
			   "*subscribe*) printf 'org.a\\tfeed\\tu\\tn\\n';;");
	have_headers(shop);
	check = begin(shop, &gate, FALSE);
	shop_expect_done(shop, article(shop), NULL);
	bench_expect_files(shop->bench, "1");
	shop_expect_done(shop, nw_job_new(NW_JOB_GROUPS, NULL), NULL);
	shop_expect_done(shop, nw_job_new(NW_JOB_SUBSCRIBE, "u"), "org.a");
	shop_expect_done(shop, nw_job_new(NW_JOB_UNSUBSCRIBE, GROUP), NULL);
	change->edits = g_strdup("ignore");
	shop_expect_done(shop, change, NULL);
	shop_expect_done(shop, nw_job_new(NW_JOB_HISTORY, "<a@x>"), "text\n");
	shop_expect_done(shop, nw_job_new(NW_JOB_EXPORT, path), NULL);
	shop_expect_done(shop, nw_job_new(NW_JOB_IMPORT, path), NULL);
	(void)fake_add(shop->bench->group, "<b@x>", NULL);
	gate_open(&gate);
	expect_end(shop, check);
	bench_expect_files(shop->bench, "1 2");
	g_free(path);
}

static void the_check_says_again_what_it_waits_for(void **state)
{
	struct shop *shop = *state;
	struct nw_report *first, *again;
	struct gate gate;
	guint check;

	program_does(shop, "");
	check = begin(shop, &gate, FALSE);
	first = shop_await(shop, NW_REPORT_PHASE);
	shop_expect_done(shop, nw_job_new(NW_JOB_GROUPS, NULL), NULL);
	again = shop_next(shop);
	assert_int_equal(again->kind, NW_REPORT_PHASE);
	assert_int_equal(again->serial, check);
	assert_string_equal(again->text, first->text);
	nw_report_free(again);
	nw_report_free(first);
	gate_open(&gate);
	expect_end(shop, check);
}

/* Not only what is asked for later. */
static void what_waits_already_is_done_as_well(void **state)
{
	struct shop *shop = *state;
	struct gate gate = gate_build(shop, "gate");
	struct gate other = gate_build(shop, "other");
	guint first, check, late;

	program_does(shop, "*history*) wait other;;");
	first = ask(shop, NW_JOB_HISTORY, "<a@x>");
	gate_await(&other);
	check = ask_check(shop, GROUP, FALSE);
	late = ask(shop, NW_JOB_SUBSCRIBE, "u");
	gate_open(&other);
	expect_end(shop, first);
	expect_end(shop, late);
	gate_await(&gate);
	gate_open(&gate);
	expect_end(shop, check);
}

static void what_was_just_subscribed_to_is_fetched_meanwhile(void **state)
{
	struct shop *shop = *state;
	struct gate gate;
	guint check;
	char *dir;

	program_does(shop, "*fetch*" OTHER "*) ;;");
	(void)fake_add(fake_group(OTHER), "<o@x>", NULL);
	check = begin(shop, &gate, FALSE);
	shop_expect_noted(shop, "[--quiet][fetch]\n");
	expect_end(shop, ask_check(shop, OTHER, TRUE));
	shop_expect_noted(shop, "[--quiet][list]\n"
				"[--quiet][fetch][--][" OTHER "]\n");
	dir = g_build_filename(shop->bench->root, OTHER, "1", NULL);
	assert_true(g_file_test(dir, G_FILE_TEST_EXISTS));
	gate_open(&gate);
	expect_end(shop, check);
	g_free(dir);
}

/* They would poll what is being polled, or what is not due.  They come in the
 * order in which they were asked for. */
static void other_checks_wait(void **state)
{
	struct shop *shop = *state;
	struct nw_job *more = shop_check(shop);
	guint check, same, clock, both;
	struct gate gate;

	program_does(shop, "");
	check = begin(shop, &gate, FALSE);
	same = ask_check(shop, GROUP, TRUE);
	clock = ask_check(shop, OTHER, FALSE);
	more->by_user = TRUE;
	g_ptr_array_add(more->wishes,
			nw_sync_wish_new(OTHER, shop->bench->root));
	both = nw_worker_ask(shop->worker, more);
	shop_expect_done(shop, nw_job_new(NW_JOB_GROUPS, NULL), NULL);
	gate_open(&gate);
	expect_end(shop, check);
	expect_end(shop, same);
	expect_end(shop, clock);
	expect_end(shop, both);
}

/* In a check that is done meanwhile no other check is, but all else. */
static void a_check_within_a_check_holds_up_nothing_either(void **state)
{
	struct shop *shop = *state;
	struct gate gate, inner = gate_build(shop, "inner");
	guint check, within, third;

	program_does(shop,
		     "*fetch*" OTHER "*) wait inner;;\n*fetch*org.x*) ;;");
	check = begin(shop, &gate, FALSE);
	within = ask_check(shop, OTHER, TRUE);
	gate_await(&inner);
	third = ask_check(shop, "org.x", TRUE);
	shop_expect_done(shop, nw_job_new(NW_JOB_HISTORY, "<a@x>"), NULL);
	/* Both are under way. */
	assert_int_equal(ask_check(shop, GROUP, FALSE), check);
	assert_int_equal(ask_check(shop, OTHER, TRUE), within);
	gate_open(&inner);
	expect_end(shop, within);
	expect_end(shop, third);
	gate_open(&gate);
	expect_end(shop, check);
}

static void what_fails_meanwhile_fails_alone(void **state)
{
	struct shop *shop = *state;
	struct gate gate;
	guint check;

	program_does(shop,
		     "*subscribe*) echo 'newswire: no feed' >&2; exit 1;;");
	(void)fake_add(shop->bench->group, "<a@x>", NULL);
	check = begin(shop, &gate, FALSE);
	shop_expect_error(shop, nw_job_new(NW_JOB_SUBSCRIBE, "u"), "no feed");
	gate_open(&gate);
	expect_end(shop, check);
	bench_expect_files(shop->bench, "1");
}

/* The group was gone before newswire had looked up what it was to poll. */
static void what_is_unsubscribed_from_spoils_no_poll(void **state)
{
	struct shop *shop = *state;
	struct nw_job *both = shop_check(shop);
	struct gate gate = gate_build(shop, "gate");
	guint check;

	program_does(shop,
		     "*unsubscribe*) >\"$root/gone\";;\n"
		     "*list*) printf '" OTHER "\\tfeed\\norg.x\\tfeed\\n'\n"
		     "[ -e \"$root/gone\" ] ||"
		     " printf '" GROUP "\\tfeed\\n';;\n"
		     "*fetch*" GROUP "*) wait gate\n"
		     "[ ! -e \"$root/gone\" ] || exit 1;;");
	both->by_user = TRUE;
	g_ptr_array_add(both->wishes,
			nw_sync_wish_new(OTHER, shop->bench->root));
	check = nw_worker_ask(shop->worker, both);
	gate_await(&gate);
	shop_expect_done(shop, nw_job_new(NW_JOB_UNSUBSCRIBE, GROUP), NULL);
	gate_open(&gate);
	expect_end(shop, check);
	shop_expect_noted(shop, "[--quiet][list]\n"
				"[--quiet][fetch][--][" OTHER "][" GROUP "]\n"
				"[--quiet][unsubscribe][--][" GROUP "]\n"
				"[--quiet][list]\n"
				"[--quiet][fetch][--][" OTHER "]\n");
}

/* What changes subscriptions keeps its order, and a check is another. */
static void a_slow_address_keeps_nothing_from_being_read(void **state)
{
	struct shop *shop = *state;
	struct gate gate = gate_build(shop, "slow");
	guint address, gone, check;

	program_does(shop, "*unsubscribe*|*list*) ;;\n"
			   "*subscribe*) wait slow;;");
	have_headers(shop);
	address = ask(shop, NW_JOB_SUBSCRIBE, "u");
	gate_await(&gate);
	gone = ask(shop, NW_JOB_UNSUBSCRIBE, GROUP);
	check = ask_check(shop, GROUP, TRUE);
	shop_expect_done(shop, article(shop), NULL);
	shop_expect_done(shop, nw_job_new(NW_JOB_GROUPS, NULL), NULL);
	shop_expect_done(shop, nw_job_new(NW_JOB_HISTORY, "<a@x>"), NULL);
	gate_open(&gate);
	expect_end(shop, address);
	expect_end(shop, gone);
	expect_end(shop, check);
}

/* Of all that is under way. */
static void stopping_ends_what_is_done_meanwhile(void **state)
{
	struct shop *shop = *state;
	struct gate gate, inner = gate_build(shop, "inner");
	struct gate innermost = gate_build(shop, "innermost");
	gint64 began;

	program_does(shop, "*fetch*" OTHER "*) wait inner;;\n"
			   "*subscribe*) wait innermost;;");
	(void)begin(shop, &gate, FALSE);
	(void)ask_check(shop, OTHER, TRUE);
	gate_await(&inner);
	(void)ask(shop, NW_JOB_SUBSCRIBE, "u");
	gate_await(&innermost);
	(void)ask(shop, NW_JOB_HISTORY, "<a@x>");
	began = g_get_monotonic_time();
	nw_worker_stop(shop->worker);
	shop->worker = NULL;
	assert_true(g_get_monotonic_time() - began < SECOND);
	shop_expect_noted(shop, "[--quiet][fetch]\n[--quiet][list]\n"
				"[--quiet][fetch][--][" OTHER "]\n"
				"[--quiet][subscribe][--again][--layout][mixed]"
				"[--][u]\n");
	gate_leave(&gate);
	gate_leave(&inner);
	gate_leave(&innermost);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(a_long_poll_holds_up_nothing_else),
		HERE(the_check_says_again_what_it_waits_for),
		HERE(what_waits_already_is_done_as_well),
		HERE(what_was_just_subscribed_to_is_fetched_meanwhile),
		HERE(other_checks_wait),
		HERE(a_check_within_a_check_holds_up_nothing_either),
		HERE(what_fails_meanwhile_fails_alone),
		HERE(what_is_unsubscribed_from_spoils_no_poll),
		HERE(a_slow_address_keeps_nothing_from_being_read),
		HERE(stopping_ends_what_is_done_meanwhile),
	};

	return cmocka_run_group_tests_name("worker_beside", tests, NULL, NULL);
}
