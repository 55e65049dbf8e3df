/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <libetpan/libetpan.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session.h"

#define TIMEOUT_S 60

struct nw_session {
	newsnntp *nntp;
	GPid child;
};

static int failed(GError **error, const char *what, int code)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
		    "newswire nntp: %s failed (libetpan's code %d)", what,
		    code);
	return -1;
}

/* Its standard error stays that of Claws Mail. */
static GPid start(const char *program, int socket, GError **error)
{
	const char *argv[] = { program, "nntp", "--quiet", NULL };
	GPid child = 0;

	if (!g_spawn_async_with_fds(NULL, (char **)(guintptr)argv, NULL,
				    G_SPAWN_SEARCH_PATH |
					    G_SPAWN_DO_NOT_REAP_CHILD,
				    NULL, NULL, &child, socket, socket, -1,
				    error))
		return 0;
	return child;
}

static int greet(struct nw_session *session, int socket, GError **error)
{
	mailstream *stream = mailstream_socket_open(socket);
	int code;

	session->nntp = newsnntp_new(0, NULL);
	if (!stream || !session->nntp)
		return failed(error, "making a stream", 0);
	newsnntp_set_timeout(session->nntp, TIMEOUT_S);
	code = newsnntp_connect(session->nntp, stream);
	if (code != NEWSNNTP_NO_ERROR)
		return failed(error, "the greeting", code);
	code = newsnntp_mode_reader(session->nntp);
	if (code != NEWSNNTP_NO_ERROR)
		return failed(error, "MODE READER", code);
	return 0;
}

struct nw_session *nw_session_open(const char *program, GError **error)
{
	struct nw_session *session = g_new0(struct nw_session, 1);
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
				    "no socket pair could be made");
		g_free(session);
		return NULL;
	}
	session->child = start(program, ends[1], error);
	(void)close(ends[1]);
	if (!session->child) {
		(void)close(ends[0]);
		g_free(session);
		return NULL;
	}
	if (greet(session, ends[0], error) < 0) {
		nw_session_close(session);
		return NULL;
	}
	return session;
}

void nw_session_close(struct nw_session *session)
{
	if (!session)
		return;
	if (session->nntp) {
		(void)newsnntp_quit(session->nntp);
		newsnntp_free(session->nntp);
	}
	(void)waitpid(session->child, NULL, 0);
	g_spawn_close_pid(session->child);
	g_free(session);
}

static void free_group(gpointer data)
{
	struct nw_session_group *group = data;

	g_free(group->name);
	g_free(group->description);
	g_free(group);
}

GPtrArray *nw_session_groups(struct nw_session *session, GError **error)
{
	GPtrArray *groups;
	clist *list = NULL;
	clistiter *at;
	int code = newsnntp_list_newsgroups(session->nntp, NULL, &list);

	if (code != NEWSNNTP_NO_ERROR) {
		(void)failed(error, "LIST NEWSGROUPS", code);
		return NULL;
	}
	groups = g_ptr_array_new_with_free_func(free_group);
	for (at = clist_begin(list); at; at = clist_next(at)) {
		const struct newsnntp_group_description *got =
			clist_content(at);
		struct nw_session_group *group =
			g_new0(struct nw_session_group, 1);

		group->name = g_strdup(got->grp_name);
		group->description =
			g_utf8_make_valid(got->grp_description, -1);
		g_ptr_array_add(groups, group);
	}
	newsnntp_list_newsgroups_free(list);
	return groups;
}

GArray *nw_session_numbers(struct nw_session *session, const char *group,
			   GError **error)
{
	struct newsnntp_group_info *info = NULL;
	clist *list = NULL;
	clistiter *at;
	GArray *numbers;
	int code = newsnntp_group(session->nntp, group, &info);

	if (code == NEWSNNTP_NO_ERROR) {
		newsnntp_group_free(info);
		code = newsnntp_listgroup(session->nntp, group, &list);
	}
	if (code != NEWSNNTP_NO_ERROR) {
		(void)failed(error, group, code);
		return NULL;
	}
	numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (at = clist_begin(list); at; at = clist_next(at))
		g_array_append_vals(numbers, clist_content(at), 1);
	newsnntp_listgroup_free(list);
	return numbers;
}

/* Mail folders on disk have the line ends of the system. */
static GString *with_lf(const char *text, gsize len)
{
	GString *out = g_string_sized_new(len);
	gsize i;

	for (i = 0; i < len; i++)
		if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n')
			g_string_append_c(out, text[i]);
	return out;
}

GString *nw_session_article(struct nw_session *session, guint32 number,
			    GError **error)
{
	char *text = NULL;
	size_t len = 0;
	GString *article;
	int code = newsnntp_article(session->nntp, number, &text, &len);

	if (code == NEWSNNTP_ERROR_INVALID_ARTICLE_NUMBER ||
	    code == NEWSNNTP_ERROR_ARTICLE_NOT_FOUND)
		return NULL;
	if (code != NEWSNNTP_NO_ERROR) {
		(void)failed(error, "ARTICLE", code);
		return NULL;
	}
	article = with_lf(text, len);
	newsnntp_article_free(text);
	return article;
}
