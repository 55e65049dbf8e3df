/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A master and its children: forks them, starts again what dies or gets stuck,
 * ends all.
 *
 * The master has no event loop and touches no input from outside: it waits for
 * signals.  SIGTERM and SIGINT end the children, then the master; SIGHUP
 * calls reload and tells the children that want to know; a child that ends by
 * itself is started again, after a pause that doubles while it dies young.
 *
 * Each child holds one end of a pair of sockets, its lifeline.  Its end of file
 * says that the master is gone, however it went.  A child that beats sends an
 * octet now and then, from where its work is done; one that sends none for too
 * long is killed, and so started again.
 *
 * notify hears what sd_notify(3) wants to hear: READY=1 when each child that
 * beats did so once, or ended; RELOADING=1, STOPPING=1, STATUS=…; and again and
 * again WATCHDOG=1, while no such child is stuck.
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
	int (*run)(int lifeline, const struct nw_child *child, void *context);
	unsigned number;	/* which of several alike, for run and ended */
	/* What it gets on a reload: SIGTERM, to be started anew; SIGHUP,
	 * which is blocked until the child lets it come; 0: nothing. */
	int reload_signal;
	bool beats;
};

struct nw_supervisor {
	const struct nw_child *children;
	size_t count;
	void *context;		 /* of what follows */
	void (*reload)(void *context);
	/* A child has gone and is not started again yet; NULL: no matter. */
	void (*ended)(const struct nw_child *child, void *context);
	/* NULL: nobody listens. */
	void (*notify)(const char *state, void *context);
	const struct nw_log *log;
	unsigned patience_ms;	 /* with a child that beats; 0: NW_STUCK_MS */
};

/* Runs until it is told to end.  Returns 0, or -1 when it could not start. */
int nw_supervise(const struct nw_supervisor *supervisor, struct nw_error *err);

/* In a child: it is not stuck.  To be called NW_BEATS times or more in the
 * supervisor's patience. */
void nw_supervisor_beat(int lifeline);

#endif
