/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "i18n.h"
#include "program.h"
#include "session.h"

#define PROGRAM		"newswire"
#define OUTPUT_BYTES	(64u << 20) /* an OPML file's cap in newswire */
#define COMPLAINT_BYTES 8192u	    /* the end of it is kept */
#define CHUNK_BYTES	16384
#define ARGUMENTS_MAX	100000
#define GRACE_US	(G_USEC_PER_SEC / 2) /* from SIGTERM to SIGKILL */
#define REAP_MS		10

struct child {
	GPid pid;
	gboolean reaped;
	int status;
	int ends[2]; /* of its standard output and error; -1 */
	GString *said[2];
	gboolean too_much;
	GCancellable *cancel;
	const struct nw_program_meanwhile *meanwhile; /* or NULL */
};

char *nw_program_find(GError **error)
{
	char *path = g_find_program_in_path(PROGRAM);

	if (path)
		return path;
	if (access(BINDIR "/" PROGRAM, X_OK) == 0)
		return g_strdup(BINDIR "/" PROGRAM);
	g_set_error_literal(error, NW_SESSION_ERROR, NW_SESSION_ERROR_START,
			    _("The program newswire is not installed on this "
			      "computer.  Install the package newswire, or "
			      "add a gateway elsewhere."));
	return NULL;
}

static char **make_argv(const char *const *arguments, GError **error)
{
	char *path = nw_program_find(error);
	GPtrArray *argv;

	if (!path)
		return NULL;
	argv = g_ptr_array_new();
	g_ptr_array_add(argv, path);
	while (*arguments && argv->len < ARGUMENTS_MAX)
		g_ptr_array_add(argv, g_strdup(*arguments++));
	g_ptr_array_add(argv, NULL);
	return (char **)g_ptr_array_free(argv, FALSE);
}

static gboolean start(struct child *child, const char *const *arguments,
		      GError **error)
{
	char **argv = make_argv(arguments, error);
	GError *why = NULL;

	if (!argv)
		return FALSE;
	if (!g_spawn_async_with_pipes(NULL, argv, NULL,
				      G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
				      &child->pid, NULL, &child->ends[0],
				      &child->ends[1], &why)) {
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_START,
			    _("The program newswire cannot be started: %s"),
			    why->message);
		g_error_free(why);
	}
	g_strfreev(argv);
	return child->pid != 0;
}

/* Of what it complains the end counts, of its output all. */
static void keep(struct child *child, int end, const char *bytes, gsize len)
{
	GString *said = child->said[end];

	g_string_append_len(said, bytes, (gssize)len);
	if (end == 0 && said->len > OUTPUT_BYTES)
		child->too_much = TRUE;
	if (end == 1 && said->len > 2 * COMPLAINT_BYTES)
		g_string_erase(said, 0, (gssize)(said->len - COMPLAINT_BYTES));
}

static void hear(struct child *child, int end)
{
	char bytes[CHUNK_BYTES];
	gssize got = read(child->ends[end], bytes, sizeof(bytes));

	if (got > 0) {
		keep(child, end, bytes, (gsize)got);
	} else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
		(void)close(child->ends[end]);
		child->ends[end] = -1;
	}
}

static gboolean is_cancelled(const struct child *child)
{
	return g_cancellable_is_cancelled(child->cancel);
}

/* Until it has closed both ends, says too much or is not wanted any more. */
static void listen_to(struct child *child, int cancel_fd)
{
	const struct nw_program_meanwhile *meanwhile = child->meanwhile;

	while ((child->ends[0] >= 0 || child->ends[1] >= 0) &&
	       !child->too_much && !is_cancelled(child)) {
		struct pollfd fds[] = {
			{ .fd = child->ends[0], .events = POLLIN },
			{ .fd = child->ends[1], .events = POLLIN },
			{ .fd = cancel_fd, .events = POLLIN },
			{ .fd = meanwhile ? meanwhile->fd : -1,
			  .events = POLLIN },
		};

		if (poll(fds, G_N_ELEMENTS(fds), -1) < 0 && errno != EINTR)
			return;
		if (fds[0].revents)
			hear(child, 0);
		if (fds[1].revents)
			hear(child, 1);
		if (fds[3].revents)
			meanwhile->call(meanwhile->data);
	}
}

static gboolean reap(struct child *child, int options)
{
	pid_t got;

	do
		got = waitpid(child->pid, &child->status, options);
	while (got < 0 && errno == EINTR);
	child->reaped = got != 0;
	return child->reaped;
}

/* It has closed its output, and so is about to end. */
static void await_end(struct child *child, int cancel_fd)
{
	struct pollfd wake = { .fd = cancel_fd, .events = POLLIN };

	while (!reap(child, WNOHANG) && !is_cancelled(child) &&
	       !child->too_much)
		(void)poll(&wake, 1, REAP_MS);
}

static void end(struct child *child)
{
	gint64 until_us = g_get_monotonic_time() + GRACE_US;

	if (child->reaped)
		return;
	(void)kill(child->pid, SIGTERM);
	while (!reap(child, WNOHANG)) {
		if (g_get_monotonic_time() >= until_us) {
			(void)kill(child->pid, SIGKILL);
			(void)reap(child, 0);
			return;
		}
		g_usleep(REAP_MS * 1000);
	}
}

static const char *skip_area(const char *line, const char *area)
{
	gsize len = strlen(area);

	return strncmp(line, area, len) == 0 && line[len] == ':' &&
			       line[len + 1] == ' '
		       ? line + len + 2
		       : line;
}

/* The last line of its standard error, without what names the program. */
static char *complaint(GString *said, const char *command)
{
	const char *line;
	char *text, *last;

	(void)g_strchomp(said->str);
	text = g_utf8_make_valid(said->str, -1);
	line = strrchr(text, '\n');
	line = skip_area(line ? line + 1 : text, PROGRAM);
	last = g_strdup(*line ? skip_area(line, command)
			      : _("The program newswire failed without "
				  "saying why."));
	g_free(text);
	return last;
}

static char *judge(struct child *child, const char *command, GError **error)
{
	char *why;

	if (is_cancelled(child)) {
		g_set_error_literal(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_CANCELLED,
				    _("Cancelled."));
	} else if (child->too_much) {
		g_set_error_literal(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_REFUSED,
				    _("The program newswire says more than "
				      "can be right."));
	} else if (!WIFEXITED(child->status) ||
		   WEXITSTATUS(child->status) != 0) {
		why = complaint(child->said[1], command);
		g_set_error_literal(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_REFUSED, why);
		g_free(why);
	} else {
		return g_utf8_make_valid(child->said[0]->str,
					 (gssize)child->said[0]->len);
	}
	return NULL;
}

/* The first word that is no option. */
static const char *command_of(const char *const *arguments)
{
	while (*arguments && **arguments == '-')
		arguments++;
	return *arguments ? *arguments : "";
}

static void run(struct child *child)
{
	int cancel_fd =
		child->cancel ? g_cancellable_get_fd(child->cancel) : -1;

	listen_to(child, cancel_fd);
	await_end(child, cancel_fd);
	end(child);
	if (cancel_fd >= 0)
		g_cancellable_release_fd(child->cancel);
}

char *nw_program_run_meanwhile(const char *const *arguments,
			       const struct nw_program_meanwhile *meanwhile,
			       GCancellable *cancel, GError **error)
{
	struct child child = { .ends = { -1, -1 },
			       .cancel = cancel,
			       .meanwhile = meanwhile };
	char *output = NULL;
	int i;

	child.said[0] = g_string_new(NULL);
	child.said[1] = g_string_new(NULL);
	if (start(&child, arguments, error)) {
		run(&child);
		output = judge(&child, command_of(arguments), error);
		g_spawn_close_pid(child.pid);
	}
	for (i = 0; i < 2; i++) {
		if (child.ends[i] >= 0)
			(void)close(child.ends[i]);
		(void)g_string_free(child.said[i], TRUE);
	}
	return output;
}

char *nw_program_run(const char *const *arguments, GCancellable *cancel,
		     GError **error)
{
	return nw_program_run_meanwhile(arguments, NULL, cancel, error);
}
