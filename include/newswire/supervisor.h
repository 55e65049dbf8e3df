/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A master and its children: forks them, starts again what dies, ends all.
 *
 * The master has no event loop and touches no input from outside: it waits for
 * signals.  SIGTERM and SIGINT end the children, then the master; SIGHUP
 * calls reload and tells the children that want to know; a child that ends by
 * itself is started again, after a pause that doubles while it dies young.
 * Children hold the read end of a pipe, their lifeline: its end of
 * file says that the master is gone, however it went.
 */
#ifndef NEWSWIRE_SUPERVISOR_H
#define NEWSWIRE_SUPERVISOR_H

#include <stdbool.h>
#include <stddef.h>

#include "newswire/error.h"
#include "newswire/log.h"

struct nw_child {
	const char *name;	/* "poller"; for the log */
	/* Runs in the child with default signal handling; its result is the
	 * exit code. */
	int (*run)(int lifeline, void *context);
	/* What it gets on a reload: SIGTERM, to be started anew; SIGHUP,
	 * which is blocked until the child lets it come; 0: nothing. */
	int reload_signal;
};

struct nw_supervisor {
	const struct nw_child *children;
	size_t count;
	void *context;		 /* of run and reload */
	void (*reload)(void *context);
	const struct nw_log *log;
};

/* Runs until it is told to end.  Returns 0, or -1 when it could not start. */
int nw_supervise(const struct nw_supervisor *supervisor, struct nw_error *err);

#endif
