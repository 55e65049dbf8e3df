/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session_fixture.h"

const struct nw_patience hasty = {
	.connect_ms = 1500,
	.answer_ms = 1500,
	.octets_a_second = 1000,
	.ms_an_answer = 100,
	.errand_ms = 3000,
};

void meet_as(struct meeting *meeting, const char *script,
	     struct nw_gateway *gateway)
{
	memset(meeting, 0, sizeof(*meeting));
	badserver_start(&meeting->server, script);
	gateway->port = (guint16)meeting->server.port;
	meeting->session =
		nw_session_open_with(gateway, &hasty, NULL, &meeting->error);
}

void meet(struct meeting *meeting, const char *script)
{
	struct nw_gateway gateway = { .host = (char *)(guintptr) "127.0.0.1" };

	meet_as(meeting, script, &gateway);
	if (meeting->error)
		print_message("# %s\n", meeting->error->message);
	assert_non_null(meeting->session);
}

void meet_behind(struct meeting *meeting, const char *first, const char *script)
{
	char *whole = g_strconcat(first, script, NULL);

	meet(meeting, whole);
	g_free(whole);
}

void part(struct meeting *meeting, int code, const char *words)
{
	nw_session_close(meeting->session);
	assert_true(scripted_end(&meeting->server));
	if (code < 0) {
		if (meeting->error)
			print_message("# %s\n", meeting->error->message);
		assert_null(meeting->error);
		return;
	}
	assert_non_null(meeting->error);
	if (meeting->error->code != code ||
	    !strstr(meeting->error->message, words))
		print_message("# %d: %s\n", meeting->error->code,
			      meeting->error->message);
	assert_true(meeting->error->domain == NW_SESSION_ERROR);
	assert_int_equal(meeting->error->code, code);
	assert_non_null(strstr(meeting->error->message, words));
	/* A whole sentence, on one line. */
	assert_null(strchr(meeting->error->message, '\n'));
	g_clear_error(&meeting->error);
}

GArray *numbers_to(guint32 from, guint32 to)
{
	GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint32));

	for (; from <= to; from++)
		g_array_append_val(numbers, from);
	return numbers;
}
