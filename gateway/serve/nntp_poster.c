/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Posts on their way into the store.
 *
 * A reader process has others to serve, so it never waits for its turn to
 * write: it tries again every few milliseconds, the first in the queue first,
 * and one article in a turn of the event loop.
 */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "newswire/config.h"
#include "newswire/nntp_server.h"

#include "nntp_post_private.h"

#define RETRY_MS 5

struct nw_nntp_poster {
	struct nw_store *store;	/* NULL: not opened yet */
	struct event retry;
	struct nw_nntp_posting *first, **last;
};

static int64_t clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void log_stored(struct nw_nntp_server *server,
		       const struct nw_nntp_posting *posting)
{
	char text[NW_NET_TEXT_BYTES];
	const char *from = nw_nntp_origin_text(&posting->session->origin,
					       text);
	const char *user = nw_nntp_user(posting->session);

	nw_log(server->options.log, NW_LOG_INFO, "serve",
	       posting->injected.message_id, "posted to %s%s%s%s%s%s",
	       posting->injected.groups[0],
	       posting->injected.group_count > 1 ? " and others" : "",
	       user ? " by " : "", user ? user : "",
	       from ? " from " : "", from ? from : "");
}

static int commit(struct nw_nntp_server *server,
		  const struct nw_nntp_posting *posting,
		  struct nw_commit_result *result_r, struct nw_error *err)
{
	const struct nw_commit_article article = {
		.message_id = posting->injected.message_id,
		.bytes = posting->article.data,
		.len = posting->article.len,
		.date_utc = posting->injected.date_utc,
	};
	const struct nw_commit commit = {
		.group_ids = posting->group_ids,
		.group_count = posting->injected.group_count,
		.articles = &article,
		.article_count = 1,
		.strange = true,
		.path_host = server->options.config->path_host,
		.now_utc = server->options.now(),
	};

	if (!server->poster->store &&
	    nw_store_open(&server->poster->store,
			  server->options.config->store_path,
			  NW_STORE_AT_ONCE, err) < 0)
		return -1;
	return nw_store_commit(server->poster->store, &commit, result_r, err);
}

static enum nw_nntp_outcome put(struct nw_nntp_server *server,
				struct nw_nntp_posting *posting)
{
	struct nw_commit_result result;
	struct nw_error err;

	if (commit(server, posting, &result, &err) < 0) {
		if (err.code == NW_ERROR_BUSY)
			return NW_NNTP_BUSY;
		nw_nntp_fault(server, "a post was not stored", &err);
		return NW_NNTP_UNSTORED;
	}
	if (!result.stored)
		return NW_NNTP_KNOWN;
	/* Whoever asks from now on finds it, in this turn too. */
	nw_nntp_turn_over(server);
	(void)nw_nntp_guard_post(posting->session, true);
	log_stored(server, posting);
	return NW_NNTP_STORED;
}

static void finish_first(struct nw_nntp_server *server,
			 enum nw_nntp_outcome outcome)
{
	struct nw_nntp_posting *posting = server->poster->first;

	nw_nntp_poster_forget(server, posting);
	posting->outcome = outcome;
	nw_nntp_wake(posting->session);
}

static void schedule(struct nw_nntp_poster *poster, bool busy)
{
	const struct timeval pause = { 0, busy ? RETRY_MS * 1000 : 0 };

	if (poster->first)
		(void)event_add(&poster->retry, &pause);
}

static void on_retry(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_server *server = argument;
	struct nw_nntp_poster *poster = server->poster;
	enum nw_nntp_outcome outcome;

	(void)fd;
	(void)what;
	if (!poster->first)
		return;
	outcome = put(server, poster->first);
	if (outcome != NW_NNTP_BUSY)
		finish_first(server, outcome);
	else
		while (poster->first &&
		       clock_ms() >= poster->first->deadline_ms)
			finish_first(server, NW_NNTP_BUSY);
	schedule(poster, outcome == NW_NNTP_BUSY);
}

static struct nw_nntp_poster *get(struct nw_nntp_server *server)
{
	struct nw_nntp_poster *poster = server->poster;

	if (poster)
		return poster;
	poster = calloc(1, sizeof(*poster));
	if (!poster || event_assign(&poster->retry, server->base, -1,
				    EV_TIMEOUT, on_retry, server) < 0) {
		free(poster);
		return NULL;
	}
	poster->last = &poster->first;
	server->poster = poster;
	return poster;
}

void nw_nntp_poster_free(struct nw_nntp_server *server)
{
	if (!server->poster)
		return;
	(void)event_del(&server->poster->retry);
	nw_store_close(&server->poster->store);
	free(server->poster);
	server->poster = NULL;
}

enum nw_nntp_outcome nw_nntp_poster_put(struct nw_nntp_server *server,
					struct nw_nntp_posting *posting)
{
	struct nw_nntp_poster *poster = get(server);

	if (!poster)
		return posting->outcome = NW_NNTP_UNSTORED;
	posting->outcome = poster->first ? NW_NNTP_BUSY : put(server, posting);
	if (posting->outcome != NW_NNTP_BUSY)
		return posting->outcome;
	posting->deadline_ms = clock_ms() + NW_POST_WAIT_MS;
	*poster->last = posting;
	poster->last = &posting->next;
	if (poster->first == posting)
		schedule(poster, true);
	return posting->outcome = NW_NNTP_QUEUED;
}

void nw_nntp_poster_forget(struct nw_nntp_server *server,
			   struct nw_nntp_posting *posting)
{
	struct nw_nntp_poster *poster = server->poster;
	struct nw_nntp_posting **at;

	if (!poster)
		return;
	for (at = &poster->first; *at && *at != posting; at = &(*at)->next)
		;
	if (!*at)
		return;
	*at = posting->next;
	if (!*at)
		poster->last = at;
	posting->next = NULL;
}
