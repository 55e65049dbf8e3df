/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

/* Appends the next piece, and the end behind the last: whether there may be
 * more, or -1. */
static int make_piece(struct nw_nntp_session *session, struct nw_nntp_job *job,
		      struct nw_error *err)
{
	size_t begin = session->reply->len;
	int more = job->more(session, job, err);

	if (more < 0)
		return -1;
	job->made += session->reply->len - begin;
	if (job->gzip)
		return nw_nntp_gzip_piece(session, job, begin, !more,
					  err) < 0 ? -1 : more;
	if (!more)
		nw_buf_adds(session->reply, job->end);
	return more;
}

int nw_nntp_long(struct nw_nntp_session *session, struct nw_nntp_job *job,
		 struct nw_error *err)
{
	int more = make_piece(session, job, err);

	if (more <= 0)
		return more;
	session->job = malloc(sizeof(*session->job));
	if (!session->job)
		return nw_error_errno(err, "serve");
	*session->job = *job;
	return 0;
}

void nw_nntp_job_continue(struct nw_nntp_session *session)
{
	struct nw_error err;
	int more = nw_nntp_turn(session->server, &err);

	if (more == 0)
		more = make_piece(session, session->job, &err);
	if (more > 0)
		return;
	free(session->job);
	session->job = NULL;
	if (more == 0)
		return;
	nw_nntp_fault(session->server, "a reply was broken off", &err);
	nw_nntp_session_state(session, NW_NNTP_CLOSING);
}
