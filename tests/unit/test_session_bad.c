/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What servers may say that is wrong: each has its error or is passed over, and
 * no half of an article comes through.
 */
#include "config.h"

#include <string.h>

#include "session_fixture.h"

/* The articles that came, and how. */
struct came {
	GString *texts;	 /* "number:text;", or "number:-;" of one gone */
	guint32 stop_at; /* the callback says FALSE */
};

static gboolean note(guint32 number, GString *text, gpointer data,
		     GError **error)
{
	struct came *came = data;

	g_string_append_printf(came->texts, "%u:", number);
	if (text)
		g_string_append_len(came->texts, text->str, (gssize)text->len);
	else
		g_string_append_c(came->texts, '-');
	g_string_append_c(came->texts, ';');
	if (text)
		(void)g_string_free(text, TRUE);
	if (number != came->stop_at)
		return TRUE;
	g_set_error_literal(error, NW_SESSION_ERROR, NW_SESSION_ERROR_CANCELLED,
			    "enough");
	return FALSE;
}

/* Articles 1 to 3 of a server that answers so. */
static const struct {
	const char *answers;
	const char *came;
	int code; /* -1: no error */
	const char *words;
} bodies[] = {
	{ "S: 220 1 <1@t>|A: 1||one|.\nS: 220 2 <2@t>|A: 2||two|.\n"
	  "S: 220 3 <3@t>|A: 3||three|.\n",
	  "1:A: 1\n\none\n;2:A: 2\n\ntwo\n;3:A: 3\n\nthree\n;", -1, "" },
	/* gone, by number and by what some say instead */
	{ "S: 423 no such\nS: 430 none\nS: 220 3|A: 3||.\n",
	  "1:-;2:-;3:A: 3\n\n;", -1, "" },
	/* dots, NULs, bare LFs, a dot behind a bare LF, no line end at all */
	{ "P: 220 1 x|A: 1||..|...two|~N~|^.^.end^..|.|\n"
	  "S: 220 2 <2@t>|.\nS: 220 3 <3@t>|.x|\nP: .|\n",
	  "1:A: 1\n\n.\n..two\nN\n\n.\n.end\n..\n;2:-;3:x\n\n;", -1, "" },
	/* another article than the one that was asked for */
	{ "S: 220 1 <1@t>|A: 1||.\nS: 220 3 <3@t>|A: 3||.\n", "1:A: 1\n\n;",
	  NW_SESSION_ERROR_BROKEN, "make no sense" },
	{ "S: 220 0 <1@t>|A: 1||.\n", "", NW_SESSION_ERROR_BROKEN,
	  "make no sense" },
	{ "S: 220 4294967297 <1@t>|A: 1||.\n", "", NW_SESSION_ERROR_BROKEN,
	  "make no sense" },
	/* cut off in mid-article, mid-line and mid-status */
	{ "S: 220 1 <1@t>|A: 1||.\nS: 220 2 <2@t>|A: 2||two|\nclose\n",
	  "1:A: 1\n\n;", NW_SESSION_ERROR_BROKEN, "cut the connection off" },
	{ "S: 220 1 <1@t>|A: 1||.\nP: 220 2 <2@t>|A: 2||tw\nclose\n",
	  "1:A: 1\n\n;", NW_SESSION_ERROR_BROKEN, "cut the connection off" },
	{ "P: 220 1 <1@t>|A: 1||one|.\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "cut the connection off" },
	{ "P: 22\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "cut the connection off" },
	{ "S: 220 1 <1@t>|A: 1||on\nreset\n", "", NW_SESSION_ERROR_BROKEN,
	  "broke" },
	/* it goes in the middle of all */
	{ "S: 220 1 <1@t>|A: 1||.\nS: 400 the disk is full\nclose\n",
	  "1:A: 1\n\n;", NW_SESSION_ERROR_BROKEN, "the disk is full" },
	/* a fault with one of them; the others come */
	{ "S: 220 1 <1@t>|A: 1||.\nS: 503 not now\nS: 220 3 x|A: 3||.\n",
	  "1:A: 1\n\n;3:A: 3\n\n;", NW_SESSION_ERROR_REFUSED, "not now" },
	{ "S: 480 who are you?\nS: 480 who?\nS: 480 who?\n", "",
	  NW_SESSION_ERROR_LOGIN, "who are you?" },
	{ "S: 412 no group\nS: 412 no group\nS: 412 no group\n", "",
	  NW_SESSION_ERROR_REFUSED, "no group" },
	/* garbage */
	{ "S: 222 1 <1@t>|A: 1||.\n", "", NW_SESSION_ERROR_BROKEN,
	  "make no sense" },
	{ "S: <html>\n", "", NW_SESSION_ERROR_BROKEN, "make no sense" },
	{ "S: \n", "", NW_SESSION_ERROR_BROKEN, "make no sense" },
	{ "S: 2201 x\n", "", NW_SESSION_ERROR_BROKEN, "make no sense" },
	{ "P: ~~~~|\n", "", NW_SESSION_ERROR_BROKEN, "make no sense" },
	{ "S: 999 x\n", "", NW_SESSION_ERROR_BROKEN, "make no sense" },
	{ "S: 423\xff\xfe\x01 x\n", "", NW_SESSION_ERROR_BROKEN,
	  "make no sense" },
	/* what it says is fit to be shown */
	{ "S: 503 \x1b[31mred\x07 \xff\xfe.\nS: 503 x\nS: 503 x\n", "",
	  NW_SESSION_ERROR_REFUSED, " [31mred  \xef\xbf\xbd\xef\xbf\xbd." },
};

static void fetch_case(gsize i, const char *hello)
{
	struct came came = { .texts = g_string_new(NULL) };
	GArray *numbers = numbers_to(1, 3);
	struct meeting meeting;
	gboolean good;

	print_message("# case %zu\n", i);
	meet_behind(&meeting, hello, bodies[i].answers);
	good = nw_session_articles(meeting.session, numbers, FALSE, note, &came,
				   &meeting.error);
	assert_int_equal(good, bodies[i].code < 0);
	assert_string_equal(came.texts->str, bodies[i].came);
	/* After a refusal it goes on, after the others it is over. */
	assert_int_equal(meeting.session->broken,
			 bodies[i].code == NW_SESSION_ERROR_BROKEN);
	part(&meeting, bodies[i].code, bodies[i].words);
	(void)g_string_free(came.texts, TRUE);
	g_array_unref(numbers);
}

/* Each at once, and each an octet at a time. */
static void articles(void **state)
{
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(bodies); i++) {
		fetch_case(i, HELLO "C*: 1 3 ARTICLE %\n");
		fetch_case(i, "singly\n" HELLO "C*: 1 3 ARTICLE %\n");
	}
}

static void a_callback_ends_it(void **state)
{
	struct came came = { .texts = g_string_new(NULL), .stop_at = 2 };
	GArray *numbers = numbers_to(1, 3);
	struct meeting meeting;

	(void)state;
	meet(&meeting, HELLO "C*: 1 3 HEAD %\n"
			     "S*: 1 3 221 % <%@t>|A: %|.\n");
	assert_false(nw_session_articles(meeting.session, numbers, TRUE, note,
					 &came, &meeting.error));
	assert_string_equal(came.texts->str, "1:A: 1\n;2:A: 2\n;");
	/* Nothing more can be asked. */
	assert_null(nw_session_groups(meeting.session, NULL));
	part(&meeting, NW_SESSION_ERROR_CANCELLED, "enough");
	(void)g_string_free(came.texts, TRUE);
	g_array_unref(numbers);
}

/* 128 commands come before the first answer, and 129 do not. */
static void the_window(void **state)
{
	struct came came = { .texts = g_string_new(NULL) };
	GArray *numbers = numbers_to(1, 300);
	struct meeting meeting;

	(void)state;
	meet(&meeting, HELLO "C*: 1 128 ARTICLE %\nquiet\n"
			     "S*: 1 63 220 % <%@t>|A: %|.\nquiet\n"
			     "S: 220 64 <64@t>|A: 64|.\n"
			     "C*: 129 192 ARTICLE %\nquiet\n"
			     "S*: 65 192 220 % <%@t>|A: %|.\n"
			     "C*: 193 300 ARTICLE %\n"
			     "S*: 193 300 220 % <%@t>|A: %|.\n");
	assert_true(nw_session_articles(meeting.session, numbers, FALSE, note,
					&came, &meeting.error));
	assert_true(g_str_has_suffix(came.texts->str, "300:A: 300\n;"));
	part(&meeting, -1, "");
	(void)g_string_free(came.texts, TRUE);
	g_array_unref(numbers);
}

/* One larger than any of ours is no article; what follows is. */
static void an_article_too_large(void **state)
{
	GString *script = g_string_new(HELLO "C*: 1 2 ARTICLE %\n"
					     "S: 220 1 <1@t>\n");
	struct came came = { .texts = g_string_new(NULL) };
	GArray *numbers = numbers_to(1, 2);
	struct meeting meeting;

	(void)state;
	g_string_append(script, "S*: 1 40000 ");
	while (script->len % 1024 < 1020)
		g_string_append_c(script, 'x');
	g_string_append(script, "|\nS: .\nS: 220 2 <2@t>|A: 2|.\n");
	meet(&meeting, script->str);
	assert_true(nw_session_articles(meeting.session, numbers, FALSE, note,
					&came, &meeting.error));
	assert_string_equal(came.texts->str, "1:-;2:A: 2\n;");
	part(&meeting, -1, "");
	(void)g_string_free(script, TRUE);
	(void)g_string_free(came.texts, TRUE);
	g_array_unref(numbers);
}

static void floods(void **state)
{
	static const char *const all[] = {
		/* a line, an article, a list and a status without end */
		"flood: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"S: 220 1 <1@t>\nflood: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"S: 220 1 <1@t>\nflood: A: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|",
	};
	struct came came = { .texts = g_string_new(NULL) };
	GArray *numbers = numbers_to(1, 1);
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(all); i++) {
		char *script =
			g_strconcat(HELLO "C: ARTICLE 1\n", all[i], NULL);

		meet(&meeting, script);
		assert_false(nw_session_articles(meeting.session, numbers,
						 FALSE, note, &came,
						 &meeting.error));
		assert_string_equal(came.texts->str, "");
		part(&meeting, NW_SESSION_ERROR_BROKEN,
		     i < 2 ? "a line without end" : "make no sense");
		g_free(script);
	}
	(void)g_string_free(came.texts, TRUE);
	g_array_unref(numbers);
}

/* Behind COMPRESS DEFLATE: what is no DEFLATE, what ends in the middle, and a
 * few octets that become very many. */
static const struct {
	const char *script, *words;
} compressed[] = {
	{ "P: \xff\xff\xff\xff\nstall\n", "broke" },
	{ "P: 215 in clear|\nstall\n", "broke" },
	{ "zeros\n", "a line without end" },
};

static void bad_deflate(void **state)
{
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(compressed); i++) {
		char *script =
			g_strconcat("S: 200 x\nC: CAPABILITIES\n"
				    "S: 101 x|READER|COMPRESS DEFLATE|.\n"
				    "C: COMPRESS DEFLATE\nS: 206 now\nhear\n",
				    compressed[i].script, NULL);

		meet(&meeting, script);
		assert_null(nw_session_groups(meeting.session, &meeting.error));
		part(&meeting, NW_SESSION_ERROR_BROKEN, compressed[i].words);
		g_free(script);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(articles),
		cmocka_unit_test(a_callback_ends_it),
		cmocka_unit_test(the_window),
		cmocka_unit_test(an_article_too_large),
		cmocka_unit_test(floods),
		cmocka_unit_test(bad_deflate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
