/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every wait has an end: silence, a drip of octets, two sides that both send,
 * and a cancellation from another thread.
 */
#include "config.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session_fixture.h"

#define ENOUGH_MS  4000 /* the hasty patience is 1500 */
#define AT_ONCE_MS 500

static gint64 now_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

static gboolean drop(guint32 number, GString *text, gpointer data,
		     GError **error)
{
	(void)number;
	(void)error;
	*(guint *)data += 1;
	if (text)
		(void)g_string_free(text, TRUE);
	return TRUE;
}

/* Ways to keep a reader waiting. */
static const char *const slow[] = {
	"stall\n",
	"drip: 20 2\n",
	"P: 220 1 x|A: \ndrip: 20 x\n",
	"P: 220 1 x|\ndrip: 20 A: x|\n",
	"S: 220 1 x|A: 1\nstall\n",
};

static void too_slow(void **state)
{
	GArray *numbers = numbers_to(1, 1);
	struct meeting meeting;
	guint came = 0;
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(slow); i++) {
		char *script =
			g_strconcat(HELLO "C: ARTICLE 1\n", slow[i], NULL);
		gint64 start;

		meet(&meeting, script);
		start = now_ms();
		assert_false(nw_session_articles(meeting.session, numbers,
						 FALSE, drop, &came,
						 &meeting.error));
		assert_in_range(now_ms() - start, 1000, ENOUGH_MS);
		part(&meeting, NW_SESSION_ERROR_BROKEN, "too slowly");
		g_free(script);
	}
	assert_int_equal(came, 0);
	g_array_unref(numbers);
}

/* 3 octets each 20 ms are less than 1000 a second; but each answer that is
 * whole gives time for the next, so that much comes through. */
static void slow_but_going_on(void **state)
{
	GArray *numbers = numbers_to(1, 40);
	struct meeting meeting;
	guint came = 0;
	gint64 start;

	(void)state;
	meet(&meeting, HELLO "C*: 1 40 ARTICLE %\ndrip: 4 423 none|\n");
	start = now_ms();
	assert_true(nw_session_articles(meeting.session, numbers, FALSE, drop,
					&came, &meeting.error));
	assert_int_equal(came, 40);
	/* Longer than the patience with one answer. */
	assert_true(now_ms() - start > 1600);
	part(&meeting, -1, "");
	g_array_unref(numbers);
}

static void never_greets(void **state)
{
	struct nw_gateway gateway = { .host = (char *)(guintptr) "127.0.0.1" };
	struct meeting meeting;
	gint64 start = now_ms();

	(void)state;
	meet_as(&meeting, "stall\n", &gateway);
	assert_in_range(now_ms() - start, 1000, ENOUGH_MS);
	part(&meeting, NW_SESSION_ERROR_BROKEN, "too slowly");
}

/* Cancellation */

struct canceller {
	GCancellable *cancel;
	gint64 when_ms;
};

static gpointer cancel_later(gpointer data)
{
	struct canceller *canceller = data;

	/* Only to be sure that the other thread waits by then; if it does not
	 * yet, the test holds as well. */
	g_usleep(100000);
	canceller->when_ms = now_ms();
	g_cancellable_cancel(canceller->cancel);
	return NULL;
}

static const char *const held_up[] = {
	"stall\n",
	HELLO "C: ARTICLE 1\nstall\n",
	HELLO "C: ARTICLE 1\ndrip: 5 x\n",
	HELLO
	"C: ARTICLE 1\nS: 220 1 x\nflood: A: xxxxxxxxxxxxxxxxxxxxxxxxx|\n",
};

static void cancelled(void **state)
{
	GArray *numbers = numbers_to(1, 1);
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(held_up); i++) {
		struct canceller canceller = { .cancel = g_cancellable_new() };
		struct meeting meeting = { .session = NULL };
		struct nw_gateway gateway = {
			.host = (char *)(guintptr) "127.0.0.1",
		};
		guint came = 0;
		GThread *thread;

		badserver_start(&meeting.server, held_up[i]);
		gateway.port = (guint16)meeting.server.port;
		thread = g_thread_new("cancel", cancel_later, &canceller);
		meeting.session = nw_session_open(&gateway, canceller.cancel,
						  &meeting.error);
		if (meeting.session)
			assert_false(nw_session_articles(meeting.session,
							 numbers, FALSE, drop,
							 &came,
							 &meeting.error));
		(void)g_thread_join(thread);
		assert_in_range(now_ms() - canceller.when_ms, 0, AT_ONCE_MS);
		part(&meeting, NW_SESSION_ERROR_CANCELLED, "Cancelled");
		g_object_unref(canceller.cancel);
	}
	g_array_unref(numbers);
}

/* A machine that does not answer at all: a queue of connections that is full
 * drops what comes. */
static int full_queue(guint16 *port_r, int waiting[4])
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	gsize i;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&address,
			      sizeof(address)),
			 0);
	assert_int_equal(listen(listener, 0), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address,
				     &len),
			 0);
	*port_r = ntohs(address.sin_port);
	for (i = 0; i < 4; i++) {
		waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(waiting[i], (struct sockaddr *)&address,
			      sizeof(address));
	}
	return listener;
}

static void no_connection(void **state)
{
	struct canceller canceller = { .cancel = g_cancellable_new() };
	struct nw_gateway gateway = { .host = (char *)(guintptr) "127.0.0.1" };
	GError *error = NULL;
	int waiting[4], listener = full_queue(&gateway.port, waiting);
	GThread *thread = g_thread_new("cancel", cancel_later, &canceller);
	gint64 start;
	gsize i;

	(void)state;
	assert_null(nw_session_open(&gateway, canceller.cancel, &error));
	(void)g_thread_join(thread);
	assert_in_range(now_ms() - canceller.when_ms, 0, AT_ONCE_MS);
	assert_int_equal(error->code, NW_SESSION_ERROR_CANCELLED);
	g_clear_error(&error);
	start = now_ms();
	assert_null(nw_session_open_with(&gateway, &hasty, NULL, &error));
	assert_in_range(now_ms() - start, 500, ENOUGH_MS);
	assert_int_equal(error->code, NW_SESSION_ERROR_NETWORK);
	g_clear_error(&error);
	g_object_unref(canceller.cancel);
	for (i = 0; i < 4; i++)
		(void)close(waiting[i]);
	(void)close(listener);
}

static void not_reached(void **state)
{
	struct nw_gateway gateway = {
		.host = (char *)(guintptr) "127.0.0.1",
	};
	GError *error = NULL;
	struct scripted server;

	(void)state;
	/* A port that was free a moment ago. */
	badserver_start(&server, "close\n");
	gateway.port = (guint16)server.port;
	assert_null(nw_session_open(&gateway, NULL, &error));
	g_clear_error(&error);
	assert_true(scripted_end(&server));
	assert_null(nw_session_open(&gateway, NULL, &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_NETWORK);
	assert_non_null(strstr(error->message, "Connection refused"));
	g_clear_error(&error);
	gateway.host = (char *)(guintptr) "no.such.host.invalid";
	assert_null(nw_session_open(&gateway, NULL, &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_NETWORK);
	assert_non_null(strstr(error->message, "cannot be found"));
	g_clear_error(&error);
}

/* Thousands of groups: all commands go before any answer is needed, through
 * sockets that hold a small part of them, to a server that answers before it
 * has read the rest. */
#define GROUPS 20000

static gpointer answer_all(gpointer data)
{
	int fd = GPOINTER_TO_INT(data);
	FILE *in = fdopen(fd, "r+");
	char line[512];
	guint answered = 0;

	while (in && fgets(line, sizeof(line), in)) {
		char *answer = NULL;
		gsize len;

		if (!strncmp(line, "GROUP ", 6))
			answer = g_strdup_printf("211 1 1 %u %s", ++answered,
						 line + 6);
		else if (!strncmp(line, "CAP", 3))
			answer = g_strdup("101 x\r\nREADER\r\n.\r\n");
		else
			break;
		len = strlen(answer);
		if (write(fd, answer, len) != (ssize_t)len)
			break;
		g_free(answer);
	}
	if (in)
		(void)fclose(in);
	return GUINT_TO_POINTER(answered);
}

static void many_groups(void **state)
{
	struct nw_gateway gateway = { .host = (char *)(guintptr) "news.test" };
	GPtrArray *groups = g_ptr_array_new();
	struct nw_session *session;
	struct nw_session_group *all = g_new0(struct nw_session_group, GROUPS);
	int ends[2], small = 4096;
	GThread *server;
	guint i;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	for (i = 0; i < 2; i++)
		(void)setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &small,
				 sizeof(small));
	for (i = 0; i < GROUPS; i++) {
		all[i].name = g_strdup_printf(
			"test.a.group.with.quite.a.long.name.%u", i);
		g_ptr_array_add(groups, &all[i]);
	}
	assert_int_equal(write(ends[0], "200 x\r\n", 7), 7);
	server = g_thread_new("server", answer_all, GINT_TO_POINTER(ends[0]));
	session = nw_session_begin(nw_link_adopt(ends[1], "x", &hasty, NULL),
				   &gateway, NULL);
	assert_true(nw_session_counts(session, groups, NULL));
	for (i = 0; i < GROUPS; i++) {
		assert_int_equal(all[i].high, i + 1);
		g_free(all[i].name);
	}
	nw_session_close(session);
	assert_int_equal(GPOINTER_TO_UINT(g_thread_join(server)), GROUPS);
	g_ptr_array_unref(groups);
	g_free(all);
}

/* A check is one round trip: all commands are there before the first answer. */
static void one_round_trip(void **state)
{
	GPtrArray *groups = g_ptr_array_new();
	struct nw_session_group all[500];
	struct meeting meeting;
	gsize i;

	(void)state;
	memset(all, 0, sizeof(all));
	for (i = 0; i < COUNT(all); i++) {
		all[i].name = g_strdup_printf("test.%zu", i + 1);
		g_ptr_array_add(groups, &all[i]);
	}
	meet(&meeting, HELLO "C*: 1 500 GROUP test.%\nquiet\n"
			     "S*: 1 500 211 1 1 % test.%\n");
	assert_true(nw_session_counts(meeting.session, groups, &meeting.error));
	assert_int_equal(all[499].high, 500);
	part(&meeting, -1, "");
	for (i = 0; i < COUNT(all); i++)
		g_free(all[i].name);
	g_ptr_array_unref(groups);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_slow),
		cmocka_unit_test(slow_but_going_on),
		cmocka_unit_test(never_greets),
		cmocka_unit_test(cancelled),
		cmocka_unit_test(no_connection),
		cmocka_unit_test(not_reached),
		cmocka_unit_test(many_groups),
		cmocka_unit_test(one_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
