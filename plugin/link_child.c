/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "i18n.h"
#include "link_private.h"
#include "program.h"
#include "session.h"

#define WORDS_MAX 4096 /* that are read of the end of its standard error */
#define AREA	  "newswire: " /* before each of its lines there */
#define END_MS	  2000 /* that it may take to end by itself, and by SIGTERM */
#define STEP_MS	  5

/* A file without a name: unlike a pipe it never makes the child wait. */
static int words_file(void)
{
	char *path = NULL;
	int fd = g_file_open_tmp(NULL, &path, NULL);

	if (fd < 0)
		return -1;
	(void)g_unlink(path);
	g_free(path);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

static gboolean start(const char *program, int socket, int words_fd,
		      GPid *child_r, GError **error)
{
	const char *argv[] = { program, "nntp", "--quiet", NULL };
	GError *why = NULL;

	if (g_spawn_async_with_fds(NULL, (char **)(guintptr)argv, NULL,
				   G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
				   child_r, socket, socket, words_fd, &why))
		return TRUE;
	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_START,
		    _("newswire cannot be started: %s."), why->message);
	g_error_free(why);
	return FALSE;
}

struct nw_link *nw_link_open_child(const struct nw_patience *patience,
				   GCancellable *cancel, GError **error)
{
	char *program = nw_program_find(error);
	struct nw_link *link = NULL;
	int ends[2], words_fd;
	GPid child;

	if (!program)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_START,
			    _("newswire cannot be started: %s."),
			    g_strerror(errno));
		g_free(program);
		return NULL;
	}
	words_fd = words_file();
	if (start(program, ends[1], words_fd, &child, error)) {
		link = nw_link_adopt(ends[0], _("newswire on this computer"),
				     patience, cancel);
		link->child = child;
		link->words_fd = words_fd;
	} else {
		(void)close(ends[0]);
		if (words_fd >= 0)
			(void)close(words_fd);
	}
	(void)close(ends[1]);
	g_free(program);
	return link;
}

/* Whether it has ended; then it is no child any more. */
static gboolean has_ended(struct nw_link *link, gint64 within_ms)
{
	gint64 until = g_get_monotonic_time() + within_ms * 1000;
	pid_t ended;

	while (!(ended = waitpid(link->child, NULL, WNOHANG)) ||
	       (ended < 0 && errno == EINTR)) {
		if (g_get_monotonic_time() >= until)
			return FALSE;
		g_usleep(STEP_MS * 1000);
	}
	link->child = 0;
	return TRUE;
}

void nw_link_reap(struct nw_link *link, gboolean hurry)
{
	if (!hurry && has_ended(link, END_MS))
		return;
	(void)kill(link->child, SIGTERM);
	if (has_ended(link, END_MS))
		return;
	(void)kill(link->child, SIGKILL);
	while (waitpid(link->child, NULL, 0) < 0 && errno == EINTR)
		;
	link->child = 0;
}

char *nw_link_last_words(const struct nw_link *link)
{
	char words[WORDS_MAX + 1];
	off_t size =
		link->words_fd < 0 ? -1 : lseek(link->words_fd, 0, SEEK_END);
	ssize_t got;
	char *line, *shown;

	if (size <= 0)
		return NULL;
	got = pread(link->words_fd, words, WORDS_MAX, MAX(0, size - WORDS_MAX));
	if (got <= 0)
		return NULL;
	words[got] = '\0';
	g_strchomp(words);
	line = strrchr(words, '\n');
	line = line ? line + 1 : words;
	if (g_str_has_prefix(line, AREA))
		line += strlen(AREA);
	shown = nw_link_shown(line);
	if (*shown)
		return shown;
	g_free(shown);
	return NULL;
}
