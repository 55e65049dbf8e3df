/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The missing articles come.
 *
 * They come in the order of their numbers: what is superseded then stands
 * before what supersedes it, a thread's root before its follow-ups, and an
 * interruption leaves no holes that a reader would stumble over.  They are
 * asked for in long runs, so that what a full disk cannot take is not fetched
 * for much longer; in a run the session keeps its window full.
 */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "sync.h"
#include "sync_private.h"

#define RUN	     1024
#define COMMIT_MAX   128
#define COMMIT_BYTES (8u << 20)
#define COMMIT_US    G_USEC_PER_SEC

struct net {
	struct nw_sync *sync;
	gboolean headers_only;
	GError *trouble; /* of this group; the rest is let go */
};

static gboolean commit(struct nw_sync *sync, GError **error)
{
	int named = nw_cache_commit(sync->cache, error);

	sync->committed_us = g_get_monotonic_time();
	if (named > 0)
		sync->outcome.added += (guint)named;
	return named >= 0;
}

static gboolean is_due(const struct nw_sync *sync)
{
	gsize bytes;
	guint waiting = nw_cache_waiting(sync->cache, &bytes);

	return waiting >= COMMIT_MAX || bytes >= COMMIT_BYTES ||
	       (waiting &&
		g_get_monotonic_time() - sync->committed_us >= COMMIT_US);
}

/* A field that speaks of the body, which is another one. */
static gboolean is_of_body(const char *field, const char *end)
{
	static const char *const names[] = { "Content-Type",
					     "Content-Transfer-Encoding",
					     "Content-Disposition",
					     "MIME-Version",
					     "Lines",
					     "Bytes" };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(names); i++)
		if (nw_cache_field_is(field, end, names[i]))
			return TRUE;
	return FALSE;
}

GString *nw_sync_headers_message(GString *head)
{
	GString *message = g_string_sized_new(head->len + 512);
	const char *at = head->str, *end = at + head->len, *next;

	for (; at < end && *at != '\n'; at = next) {
		next = nw_cache_field_end(at, end);
		if (!is_of_body(at, next))
			g_string_append_len(message, at, next - at);
	}
	if (message->len && message->str[message->len - 1] != '\n')
		g_string_append_c(message, '\n');
	g_string_append(message, "MIME-Version: 1.0\n"
				 "Content-Type: text/plain; charset=UTF-8\n"
				 "Content-Transfer-Encoding: 8bit\n"
				 "X-Newswire-Partial: headers\n\n");
	g_string_append(message,
			_("The text of this article is not on this computer "
			  "yet.  It comes when the gateway can be "
			  "reached."));
	g_string_append_c(message, '\n');
	(void)g_string_free(head, TRUE);
	return message;
}

static gboolean keep(struct net *net, guint32 local, GString *text,
		     GError **error)
{
	struct nw_sync *sync = net->sync;
	guint32 replaces = nw_cache_has(sync->cache, local)
				   ? 0
				   : nw_sync_predecessor(sync, text);

	return nw_cache_add(sync->cache, local, text, net->headers_only,
			    replaces, error) &&
	       (!is_due(sync) || commit(sync, error));
}

static gboolean catch_article(guint32 number, GString *text, gpointer data,
			      GError **error)
{
	struct net *net = data;
	struct nw_sync *sync = net->sync;
	guint32 local = nw_sync_local(sync, number);
	guint added = sync->outcome.added;

	sync->done++;
	if (text && net->headers_only)
		text = nw_sync_headers_message(text);
	if (text && !net->trouble && local)
		(void)keep(net, local, text, &net->trouble);
	if (text)
		(void)g_string_free(text, TRUE);
	return nw_sync_tell(sync, sync->outcome.added != added, error);
}

static gboolean fetch_run(struct net *net, guint from, GError **error)
{
	const GArray *missing = net->sync->missing;
	GArray *run = g_array_new(FALSE, FALSE, sizeof(guint32));
	gboolean fetched;

	g_array_append_vals(run, &g_array_index(missing, guint32, from),
			    MIN(RUN, missing->len - from));
	fetched =
		nw_session_articles(net->sync->session, run, net->headers_only,
				    catch_article, net, error);
	g_array_unref(run);
	return fetched;
}

/* What came before the session broke is kept. */
gboolean nw_sync_fetch(struct nw_sync *sync, GError **error)
{
	struct net net = { .sync = sync,
			   .headers_only = sync->wish->headers_only };
	gboolean fetched = TRUE;
	guint from;

	sync->total = sync->missing->len;
	sync->committed_us = g_get_monotonic_time();
	for (from = 0; fetched && !net.trouble && from < sync->total;
	     from += RUN)
		fetched = fetch_run(&net, from, error);
	if (!net.trouble)
		(void)commit(sync, &net.trouble);
	if (!net.trouble)
		return fetched &&
		       (!sync->total || nw_sync_tell(sync, TRUE, error));
	if (fetched)
		g_propagate_error(error, net.trouble);
	else
		g_error_free(net.trouble);
	return FALSE;
}
