/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * newswire itself, run as a child for one command of a client.
 *
 * What a reader process may not do, and what others would have to wait for, is
 * done by another process: it fetches and writes to the store.  The session
 * waits, and all others go on.  The child has nothing of its parent but two
 * pipes, ends with it, and is ended when it prints too much, takes too long, or
 * nobody waits for it any more.
 */
#ifndef NEWSWIRE_NNTP_ERRAND_PRIVATE_H
#define NEWSWIRE_NNTP_ERRAND_PRIVATE_H

#include "nntp_private.h"

enum nw_nntp_errand_end {
	NW_NNTP_ERRAND_RUNS,
	NW_NNTP_ERRAND_ENDED,	/* by itself, with a code */
	NW_NNTP_ERRAND_KILLED,	/* not by us */
	NW_NNTP_ERRAND_LARGE,	/* it printed more than NW_ERRAND_BYTES */
	NW_NNTP_ERRAND_LATE,
};

struct nw_nntp_errand {
	struct nw_nntp_errand *next, **link;
	struct nw_nntp_server *server;
	struct nw_nntp_session *session; /* NULL: it has gone */
	int place;		/* where it is counted (nntp_limit.h) */
	pid_t pid;		/* 0: it is no more */
	int fds[2];		/* its standard output and error; -1: closed */
	struct event readable[2];
	struct event look;	/* at the client, the time, the child */
	int64_t deadline_ms;
	bool stopping;		/* it was killed, or has said all */
	enum nw_nntp_errand_end end;
	int code;		/* of exit(3) */
	struct nw_buf output;
	size_t words_len;	/* the end of what it said on standard error */
	char words[NW_ERRAND_WORDS_BYTES + 1];
};

/*
 * Runs "newswire --quiet WORD…" (a NULL ends them) for the session, which must
 * wait: it is woken when session->errand has come to its end.  Fails with
 * NW_ERROR_BUSY when there are too many.
 */
int nw_nntp_errand_begin(struct nw_nntp_session *session,
			 const char *const *words, struct nw_error *err);
/* It is not needed any more, or not any more for its session, which may have
 * none. */
void nw_nntp_errand_drop(struct nw_nntp_session *session);
/* Ends all that there are. */
void nw_nntp_errands_free(struct nw_nntp_server *server);
/* Its last line on standard error, as one that may be sent, without the name of
 * the program; good as long as the errand is. */
const char *nw_nntp_errand_reason(struct nw_nntp_errand *errand);

#endif
