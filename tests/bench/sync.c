/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast a group of a gateway comes into a folder, and what a check with
 * nothing new costs then.
 *
 *	bench_sync HOST PORT GROUP FOLDER
 *	bench_sync - - GROUP FOLDER		this computer's newswire
 *
 * A password goes by NEWSWIRE_BENCH_USER and NEWSWIRE_BENCH_PASSWORD.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "gateway.h"
#include "session.h"
#include "sync.h"

struct run {
	guint added;
	gboolean complete;
};

static void finished(const struct nw_sync_outcome *outcome, gpointer data)
{
	struct run *run = data;

	run->added = outcome->added;
	run->complete = outcome->complete;
}

static void failed(const char *group, const GError *why, gpointer data)
{
	(void)data;
	(void)fprintf(stderr, "bench: sync: %s: %s\n", group, why->message);
}

static double seconds(void)
{
	return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

static gboolean sync_once(struct nw_session *session, const GPtrArray *wishes,
			  struct run *run, double *took_r)
{
	const struct nw_sync_calls calls = { .finished = finished,
					     .failed = failed,
					     .data = run };
	GError *error = NULL;
	double began = seconds();

	*run = (struct run) { 0, FALSE };
	(void)nw_sync_groups(session, wishes, &calls, &error);
	*took_r = seconds() - began;
	if (error) {
		(void)fprintf(stderr, "bench: sync: %s\n", error->message);
		g_error_free(error);
	}
	return run->complete;
}

static int measure(struct nw_session *session, const GPtrArray *wishes,
		   double connected_s)
{
	double took_s, again_s;
	struct run run, again;

	if (!sync_once(session, wishes, &run, &took_s) ||
	    !sync_once(session, wishes, &again, &again_s))
		return EX_IOERR;
	(void)printf("bench: sync: connected in %.3f s\n"
		     "bench: sync: %u articles in %.3f s, %.0f articles/s\n"
		     "bench: sync: nothing new in %.3f s\n",
		     connected_s, run.added, took_s, run.added / took_s,
		     again_s);
	return EX_OK;
}

int main(int argc, char **argv)
{
	struct nw_gateway gateway = { .security = NW_SECURITY_NONE };
	GPtrArray *wishes = g_ptr_array_new_with_free_func(nw_sync_wish_free);
	GError *error = NULL;
	struct nw_session *session;
	double began = seconds();
	int code = EX_UNAVAILABLE;

	if (argc != 5) {
		(void)fputs("Usage: bench_sync HOST PORT GROUP FOLDER\n",
			    stderr);
		return EX_USAGE;
	}
	gateway.host = strcmp(argv[1], "-") ? argv[1] : NULL;
	gateway.port = (guint16)g_ascii_strtoull(argv[2], NULL, 10);
	gateway.user = getenv("NEWSWIRE_BENCH_USER");
	gateway.password = getenv("NEWSWIRE_BENCH_PASSWORD");
	g_ptr_array_add(wishes, nw_sync_wish_new(argv[3], argv[4]));
	((struct nw_sync_wish *)wishes->pdata[0])->retention_days =
		NW_RETENTION_FOR_EVER;
	session = nw_session_open(&gateway, NULL, &error);
	if (session)
		code = measure(session, wishes, seconds() - began);
	else
		(void)fprintf(stderr, "bench: sync: %s\n", error->message);
	g_clear_error(&error);
	nw_session_close(session);
	g_ptr_array_unref(wishes);
	return code;
}
