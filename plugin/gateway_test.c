/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "gateway_test.h"
#include "i18n.h"

struct nw_gateway_test {
	struct nw_worker *worker;
	nw_gateway_test_fn *answer;
	gpointer data;
	/* Written by the worker's thread; to be read when that has ended, or by
	 * the source itself. */
	guint source;
	struct nw_report *done;
};

/* Its thread has ended: what it handed over is ours alone. */
static void end(struct nw_gateway_test *test)
{
	nw_worker_stop(test->worker);
	test->worker = NULL;
}

static char *words_of(const struct nw_report *done)
{
	guint count = done->groups ? done->groups->len : 0;

	if (done->error)
		return g_strdup(done->error->message);
	if (done->may_manage)
		return g_strdup_printf(
			ngettext("It works: %u group; subscribing by web "
				 "address is allowed.",
				 "It works: %u groups; subscribing by web "
				 "address is allowed.", count), count);
	return g_strdup_printf(
		ngettext("It works: %u group; subscribing by web address is "
			 "not allowed.",
			 "It works: %u groups; subscribing by web address is "
			 "not allowed.", count), count);
}

static gboolean deliver(gpointer data)
{
	struct nw_gateway_test *test = data;
	char *words;
	gboolean good;

	end(test);
	words = words_of(test->done);
	good = !test->done->error;
	test->answer(good, words, test->data);
	g_free(words);
	nw_report_free(test->done);
	g_free(test);
	return G_SOURCE_REMOVE;
}

/* In the worker's thread. */
static void hand_over(struct nw_report *report)
{
	struct nw_gateway_test *test = report->owner;

	if (report->kind != NW_REPORT_DONE || test->done) {
		nw_report_free(report);
		return;
	}
	test->done = report;
	test->source = gdk_threads_add_idle(deliver, test);
}

struct nw_gateway_test *nw_gateway_test_start(const struct nw_gateway *gateway,
					      nw_gateway_test_fn *answer,
					      gpointer data)
{
	struct nw_gateway_test *test = g_new0(struct nw_gateway_test, 1);

	test->answer = answer;
	test->data = data;
	test->worker = nw_worker_new(gateway, hand_over, test);
	(void)nw_worker_ask(test->worker, nw_job_new(NW_JOB_GROUPS, NULL));
	return test;
}

void nw_gateway_test_stop(struct nw_gateway_test *test)
{
	if (!test)
		return;
	end(test);
	if (test->source)
		(void)g_source_remove(test->source);
	if (test->done)
		nw_report_free(test->done);
	g_free(test);
}
