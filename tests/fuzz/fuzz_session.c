/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a news server says to the plugin, from its greeting on.  The first octet
 * is no part of it: with bit 0 all is DEFLATE, with bit 1 a user logs in, and
 * bits 2 on say where among the commands it begins. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../plugin/link_private.h"
#include "../../plugin/session_private.h"
#include "fuzz.h"

#define MAX_BYTES 60000 /* that a socket pair holds without a reader */

static const struct nw_patience brief = {
	.connect_ms = 1000,
	.answer_ms = 1000,
	.octets_a_second = 1000,
	.ms_an_answer = 1000,
	.errand_ms = 1000,
};

static void need(gboolean holds)
{
	if (!holds)
		abort();
}

/* What every call promises of its error. */
static void check(gboolean good, GError **error)
{
	need(good == !*error);
	if (*error) {
		need((*error)->domain == NW_SESSION_ERROR);
		need(g_utf8_validate((*error)->message, -1, NULL));
		need(!strpbrk((*error)->message, "\r\n"));
	}
	g_clear_error(error);
}

static void groups(struct nw_session *session)
{
	GError *error = NULL;
	GPtrArray *list = nw_session_groups(session, &error);
	guint i;

	check(list != NULL, &error);
	for (i = 0; list && i < list->len; i++) {
		const struct nw_session_group *group = list->pdata[i];

		need(!strpbrk(group->name, "/\\ \r\n\t") &&
		     *group->name != '.' && *group->name);
		need(group->high <= NW_SESSION_NUMBER_MAX);
		need(!group->description ||
		     g_utf8_validate(group->description, -1, NULL));
	}
	if (list)
		g_ptr_array_unref(list);
}

static void counts(struct nw_session *session)
{
	struct nw_session_group all[] = { { .name = (char *)(guintptr) "a" },
					  { .name = (char *)(guintptr) "b" } };
	GPtrArray *list = g_ptr_array_new();
	GError *error = NULL;

	g_ptr_array_add(list, &all[0]);
	g_ptr_array_add(list, &all[1]);
	check(nw_session_counts(session, list, &error), &error);
	need(all[0].high <= NW_SESSION_NUMBER_MAX);
	g_ptr_array_unref(list);
}

static void numbers(struct nw_session *session)
{
	GError *error = NULL;
	struct nw_session_numbers *list =
		nw_session_numbers(session, "a", 2, 1, &error);
	guint i;

	check(list != NULL, &error);
	for (i = 0; list && i < list->numbers->len; i++) {
		guint32 number = g_array_index(list->numbers, guint32, i);

		need(number >= 2 && number <= NW_SESSION_NUMBER_MAX);
		need(!i ||
		     number > g_array_index(list->numbers, guint32, i - 1));
		need(list->low <= number && number <= list->high);
	}
	need(!list || !list->anchor_id || list->anchor_id[0] == '<');
	nw_session_numbers_free(list);
}

static gboolean see(const struct nw_session_overview *line, gpointer data)
{
	guint32 *last = data;

	need(line->number > *last && line->number <= 100);
	need(line->message_id[0] == '<' && line->date);
	*last = line->number;
	return TRUE;
}

static void overviews(struct nw_session *session)
{
	GError *error = NULL;
	guint32 last = 2;

	check(nw_session_overviews(session, 3, 100, see, &last, &error),
	      &error);
}

static gboolean take(guint32 number, GString *text, gpointer data,
		     GError **error)
{
	guint32 *last = data;

	(void)error;
	/* One that is refused is passed over. */
	need(number > *last);
	*last = number;
	if (!text)
		return TRUE;
	need(text->len && text->str[text->len - 1] == '\n');
	need(strlen(text->str) == text->len);
	(void)g_string_free(text, TRUE);
	return TRUE;
}

static void articles(struct nw_session *session)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(guint32));
	GError *error = NULL;
	guint32 number, last = 0;

	for (number = 1; number <= 3; number++)
		g_array_append_val(list, number);
	if (nw_session_articles(session, list, FALSE, take, &last, &error))
		need(last == 3);
	else
		need(error != NULL);
	check(!error, &error);
	g_array_unref(list);
}

static void manage(struct nw_session *session)
{
	GError *error = NULL;
	char *text = nw_session_subscribe(session, "http://a.test/", &error);

	check(text != NULL, &error);
	need(!text || !strpbrk(text, "/\\ \r\n"));
	g_free(text);
	check(nw_session_unsubscribe(session, "a", &error), &error);
	text = nw_session_history(session, "<1@a>", &error);
	check(text != NULL, &error);
	need(!text || g_utf8_validate(text, -1, NULL));
	g_free(text);
}

static void (*const calls[])(struct nw_session *session) = {
	groups, counts, numbers, overviews, articles, manage,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_gateway gateway = {
		.host = (char *)(guintptr) "a.test",
		.password = (char *)(guintptr) "secret",
	};
	struct nw_session *session = NULL;
	struct nw_link *link;
	GError *error = NULL;
	int ends[2];
	size_t i;

	if (size < 2 || size > MAX_BYTES ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return 0;
	need(write(ends[0], data + 1, size - 1) == (ssize_t)size - 1);
	(void)shutdown(ends[0], SHUT_WR);
	if (data[0] & 2)
		gateway.user = (char *)(guintptr) "anna";
	link = nw_link_adopt(ends[1], "a.test", &brief, NULL);
	link->loopback = TRUE;
	if (data[0] & 1)
		need(nw_link_deflate(link, NULL));
	session = nw_session_begin(link, &gateway, &error);
	check(session != NULL, &error);
	for (i = 0; session && i < G_N_ELEMENTS(calls); i++)
		calls[(i + data[0] / 4) % G_N_ELEMENTS(calls)](session);
	nw_session_close(session);
	(void)close(ends[0]);
	return 0;
}
