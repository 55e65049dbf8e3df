/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program newswire on this computer, run for one command.  It is looked
 * for in PATH, then where it was installed.  Runs in the worker's thread and
 * knows nothing of Claws Mail.
 */
#ifndef NEWSWIRE_PLUGIN_PROGRAM_H
#define NEWSWIRE_PLUGIN_PROGRAM_H

#include <gio/gio.h>

/* The path of the program, or NULL and an error of NW_SESSION_ERROR that says
 * what to install (free with g_free). */
char *nw_program_find(GError **error);

/* Runs "newswire ARGUMENT…" (a NULL ends them) and waits.  Its standard output
 * (free with g_free; UTF-8), or NULL and error: its last line on standard
 * error, without the name of the command's area, is the message.  Cancelling
 * ends it with SIGTERM and, if need be, SIGKILL. */
char *nw_program_run(const char *const *arguments, GCancellable *cancel,
		     GError **error);

/* What is done while a program runs: call(data) whenever fd can be read, which
 * call sees to.  The program is not heard meanwhile, and waits when it has much
 * to say. */
struct nw_program_meanwhile {
	int fd;			/* or -1 */
	void (*call)(gpointer data);
	gpointer data;
};
/* The same as nw_program_run(); meanwhile may be NULL. */
char *nw_program_run_meanwhile(const char *const *arguments,
			       const struct nw_program_meanwhile *meanwhile,
			       GCancellable *cancel, GError **error);

#endif
