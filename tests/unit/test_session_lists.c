/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists, counts, numbers and overviews of servers that are old, odd or wrong,
 * and XNEWSWIRE.
 */
#include "config.h"

#include <string.h>

#include "session_fixture.h"

/* A case: what the server answers to the commands of a call, what comes of it,
 * and the error, if code is not -1. */
struct row {
	const char *script;
	const char *result;
	int code;
	const char *words;
};

#define LISTS "C: LIST ACTIVE\nC: LIST NEWSGROUPS\n"

static const struct row lists[] = {
	{ LISTS "S: 215 a|b.two 0000000009 0000000002 y|a.one 3 1 n|.\n"
		"S: 215 d|a.one\tThe first|b.two   Second |c.x no|.\n",
	  "a.one 1-3 3 The first;b.two 2-9 8 Second ;", -1, "" },
	/* no descriptions, none of some, and what is no UTF-8 */
	{ LISTS "S: 215 a|a.one 3 1 y|.\nS: 503 not kept\n",
	  "a.one 1-3 3 (none);", -1, "" },
	{ LISTS "S: 215 a|a.one 3 1 y|b 0 1 y|.\n"
		"S: 215 d|b\tGr\xfc\xdf"
		"e\x01|b again|.\n",
	  "a.one 1-3 3 (none);b 1-0 0 Gr\xef\xbf\xbd\xef\xbf\xbd"
	  "e ;",
	  -1, "" },
	/* names that would be paths, or none */
	{ LISTS
	  "S: 215 a|../../etc 3 1 y|a/b 3 1 y|..hidden 3 1 y|a\\b 3 1 y|"
	  "a\x01g 3 1 y|a~b 3 1 y| 3 1 y|..a 3 1 y|\xff\xfe 3 1 y|good 3 1|.\n"
	  "S: 215 d|.\n",
	  "good 1-3 3 (none);", -1, "" },
	/* numbers that no article has, missing ones, twice the same */
	{ LISTS "S: 215 a|a 2147483648 1 y|b 99999999999999999999 1|c -3 1 y|d|"
		"e x y z|f 5|g 2147483647 2147483647 y|g 1 1 y|.\n"
		"S: 215 d|.\n",
	  "g 2147483647-2147483647 1 (none);", -1, "" },
	{ LISTS "S: 503 no lists\nS: 215 d|a.one One|.\n", "",
	  NW_SESSION_ERROR_REFUSED, "no lists" },
	{ LISTS "S: 480 log in\nS: 480 log in\n", "", NW_SESSION_ERROR_LOGIN,
	  "log in" },
	{ LISTS "S: 215 a|a.one 3 1 y|\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "cut" },
	{ LISTS "S: 215 a|a.one 3 1 y|.\nS: 400 bye\nclose\n", "",
	  NW_SESSION_ERROR_BROKEN, "bye" },
	{ LISTS "S: 211 a|.\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "make no sense" },
};

static char *show_groups(const GPtrArray *groups)
{
	GString *text = g_string_new(NULL);
	guint i;

	for (i = 0; groups && i < groups->len; i++) {
		const struct nw_session_group *group = groups->pdata[i];

		g_string_append_printf(text, "%s %u-%u %u %s;", group->name,
				       group->low, group->high, group->count,
				       group->description ? group->description
							  : "(none)");
	}
	return g_string_free(text, FALSE);
}

/* Of two runs through a table the second gets an octet at a time. */
static void meet_row(struct meeting *meeting, const struct row *row,
		     gboolean singly)
{
	print_message("# %.30s…\n", row->result);
	meet_behind(meeting, singly ? "singly\n" HELLO : HELLO, row->script);
}

static void groups(void **state)
{
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < 2 * COUNT(lists); i++) {
		const struct row *row = &lists[i % COUNT(lists)];
		GPtrArray *got;
		char *shown;

		meet_row(&meeting, row, i >= COUNT(lists));
		got = nw_session_groups(meeting.session, &meeting.error);
		shown = show_groups(got);
		assert_string_equal(shown, row->result);
		g_free(shown);
		if (got)
			g_ptr_array_unref(got);
		part(&meeting, row->code, row->words);
	}
}

#define THREE "C: GROUP a\nC: GROUP b\nC: GROUP c\nquiet\n"

static const struct row counted[] = {
	{ THREE "S: 211 2 1 3 a\nS: 411 none\nS: 211 0 8 7 c selected\n",
	  "a 1-3 2 ;b 1-0 0 ;c 8-7 0 ;", -1, "" },
	{ THREE "S: 211 0 0 0 a\nS: 502 not for you\nS: 211 9 1 3\n",
	  "a 0-0 0 ;b 1-0 0 ;c 1-3 9 ;", -1, "" },
	/* too large, and nonsense, are as if not there */
	{ THREE "S: 211 5 1 2147483648 a\nS: 211 x y z b\nS: 211 1 3 3 c\n",
	  "a 1-0 0 ;b 1-0 0 ;c 3-3 1 ;", -1, "" },
	/* one that wants another login is not there for this user; all: no */
	{ THREE "S: 211 2 1 3 a\nS: 480 log in\nS: 211 1 3 3 c\n",
	  "a 1-3 2 ;b 1-0 0 ;c 3-3 1 ;", -1, "" },
	{ THREE "S: 480 log in\nS: 480 log in\nS: 480 log in\n",
	  "a 1-0 0 ;b 1-0 0 ;c 1-0 0 ;", NW_SESSION_ERROR_LOGIN, "log in" },
	{ THREE "S: 211 2 1 3 a\nS: 403 disk\nS: 211 1 3 3 c\n",
	  "a 1-3 2 ;b 1-0 0 ;c 3-3 1 ;", NW_SESSION_ERROR_REFUSED, "disk" },
	/* answers in another order than the commands */
	{ THREE "S: 211 2 1 3 b\nclose\n", "a 1-0 0 ;b 0-0 0 ;c 0-0 0 ;",
	  NW_SESSION_ERROR_BROKEN, "make no sense" },
	{ THREE "S: 211\nclose\n", "a 1-0 0 ;b 0-0 0 ;c 0-0 0 ;",
	  NW_SESSION_ERROR_BROKEN, "make no sense" },
	{ THREE "S: 211 2 1 3 a\nS: 400 bye\nclose\n",
	  "a 1-3 2 ;b 0-0 0 ;c 0-0 0 ;", NW_SESSION_ERROR_BROKEN, "bye" },
};

static char *word(const char *literal)
{
	return (char *)(guintptr)literal;
}

static void counts(void **state)
{
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < 2 * COUNT(counted); i++) {
		const struct row *row = &counted[i % COUNT(counted)];
		struct nw_session_group all[] = {
			{ .name = word("a"), .description = word("") },
			{ .name = word("b"), .description = word("") },
			{ .name = word("c"), .description = word("") },
		};
		GPtrArray *asked = g_ptr_array_new();
		char *shown;
		gsize j;

		for (j = 0; j < COUNT(all); j++)
			g_ptr_array_add(asked, &all[j]);
		meet_row(&meeting, row, i >= COUNT(counted));
		assert_int_equal(nw_session_counts(meeting.session, asked,
						   &meeting.error),
				 row->code < 0);
		shown = show_groups(asked);
		assert_string_equal(shown, row->result);
		g_free(shown);
		g_ptr_array_unref(asked);
		part(&meeting, row->code, row->words);
	}
}

#define FROM5	"C: GROUP g\nC: LISTGROUP g 5-\nC: STAT 2\nquiet\n"
#define GROUP_G "S: 211 9 1 20 g\n"

static const struct row listed[] = {
	{ FROM5 GROUP_G "S: 211 9 1 20 g|5|7|20|.\nS: 223 2 <2@t> there\n",
	  "1-20 <2@t> 5 7 20 ", -1, "" },
	/* no anchor, or another article, or no Message-ID */
	{ FROM5 GROUP_G "S: 211 9 1 20 g|.\nS: 423 no\n", "1-20 (none) ", -1,
	  "" },
	{ FROM5 GROUP_G "S: 211 9 1 20 g|.\nS: 223 3 <3@t>\n", "1-20 (none) ",
	  -1, "" },
	{ FROM5 GROUP_G "S: 211 9 1 20 g|.\nS: 223 2 <2 @t>\n", "1-20 (none) ",
	  -1, "" },
	/* out of order, twice, outside, too large, none */
	{ FROM5 GROUP_G "S: 211 l|9|5|7|7|3|-1|0|2147483648|x||12 z|30|.\n"
			"S: 423 no\n",
	  "1-30 (none) 5 7 9 12 30 ", -1, "" },
	/* LISTGROUP of RFC 2980 */
	{ FROM5 GROUP_G "S: 501 no ranges\nS: 423 no\nC: LISTGROUP g\n"
			"S: 211 list|1|5|20|.\n",
	  "1-20 (none) 5 20 ", -1, "" },
	{ FROM5 GROUP_G "S: 500 what?\nS: 423 no\nC: LISTGROUP g\n"
			"S: 500 what?\n",
	  "", NW_SESSION_ERROR_REFUSED, "what?" },
	{ FROM5 "S: 411 no g\nS: 411 no g\nS: 412 no group\n", "",
	  NW_SESSION_ERROR_REFUSED, "no g" },
	/* a fault with the anchor is not another store */
	{ FROM5 GROUP_G "S: 211 l|5|.\nS: 403 disk\n", "",
	  NW_SESSION_ERROR_REFUSED, "disk" },
	{ FROM5 "S: 480 log in\nS: 480 log in\nS: 480 log in\n", "",
	  NW_SESSION_ERROR_LOGIN, "log in" },
	{ FROM5 "S: 211 9 1 2147483648 g\nS: 211 l|5|2147483648|.\n"
		"S: 423 no\n",
	  "", NW_SESSION_ERROR_REFUSED, "too large" },
	{ FROM5 "S: 211 9 one 20 g\nS: 501 no ranges\nS: 423 no\n", "",
	  NW_SESSION_ERROR_REFUSED, "too large" },
	{ FROM5 GROUP_G "S: 211 l|5|\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "cut" },
	{ FROM5 "S: 411 no g\nS: 400 bye\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "bye" },
};

static void numbers(void **state)
{
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < 2 * COUNT(listed); i++) {
		const struct row *row = &listed[i % COUNT(listed)];
		GString *shown = g_string_new(NULL);
		struct nw_session_numbers *got;
		guint j;

		meet_row(&meeting, row, i >= COUNT(listed));
		got = nw_session_numbers(meeting.session, "g", 5, 2,
					 &meeting.error);
		if (got)
			g_string_printf(shown, "%u-%u %s ", got->low, got->high,
					got->anchor_id ? got->anchor_id
						       : "(none)");
		for (j = 0; got && j < got->numbers->len; j++)
			g_string_append_printf(shown, "%u ",
					       g_array_index(got->numbers,
							     guint32, j));
		assert_string_equal(shown->str, row->result);
		nw_session_numbers_free(got);
		(void)g_string_free(shown, TRUE);
		part(&meeting, row->code, row->words);
	}
}

/* Nothing that is no name goes to the server. */
static void no_names(void **state)
{
	static const char *const names[] = { "", "a b", "a\r\nQUIT", "../a",
					     "a\x7f" };
	struct meeting meeting;
	gsize i;

	(void)state;
	meet(&meeting, HELLO);
	for (i = 0; i < COUNT(names); i++) {
		assert_null(nw_session_numbers(meeting.session, names[i], 1, 0,
					       &meeting.error));
		assert_int_equal(meeting.error->code, NW_SESSION_ERROR_REFUSED);
		g_clear_error(&meeting.error);
	}
	assert_null(nw_session_subscribe(meeting.session, "http://a\r\nQUIT",
					 &meeting.error));
	part(&meeting, NW_SESSION_ERROR_REFUSED, "no address");
}

#define OVER "C: OVER 3-9\n"

static const struct row seen[] = {
	{ OVER "S: 224 x|3\tS\tF\tD3\t<3@t>\tR\t900\t9\tXref: x|"
	       "9\t\t\t\t<9@t>\t\t\t|.\n",
	  "3 <3@t> D3 900;9 <9@t>  0;", -1, "" },
	{ OVER "S: 423 none there\n", "", -1, "" },
	{ OVER "S: 420 none\n", "", -1, "" },
	/* XOVER of RFC 2980 */
	{ OVER
	  "S: 500 what?\nC: XOVER 3-9\nS: 224 x|4\tS\tF\tD\t<4@t>\t\t1|.\n",
	  "4 <4@t> D 1;", -1, "" },
	{ OVER "S: 503 no\nC: XOVER 3-9\nS: 503 no\n", "",
	  NW_SESSION_ERROR_REFUSED, "says no" },
	/* out of the range, out of order, cut short, without a Message-ID */
	{ OVER "S: 224 x|2\tS\tF\tD\t<2@t>\t\t1|10\tS\tF\tD\t<10@t>\t\t1|"
	       "5\tS\tF\tD\t<5@t>\t\t1|4\tS\tF\tD\t<4@t>\t\t1|6\tS\tF\tD|6|"
	       "7\tS\tF\tD\t7@t\t\t1|8\tS\tF\tD\t<8@t>|99999999999\t|~|.\n",
	  "5 <5@t> D 1;8 <8@t> D 0;", -1, "" },
	{ OVER "S: 412 no group\n", "", NW_SESSION_ERROR_REFUSED, "no group" },
	{ OVER "S: 224 x|3\tS\tF\tD3\t<3@t>\nclose\n", "3 <3@t> D3 0;",
	  NW_SESSION_ERROR_BROKEN, "cut" },
	{ OVER "S: 220 x|.\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "make no sense" },
};

static gboolean show_overview(const struct nw_session_overview *line,
			      gpointer data)
{
	g_string_append_printf(data, "%u %s %s %u;", line->number,
			       line->message_id, line->date, line->octets);
	return TRUE;
}

static void overviews(void **state)
{
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < 2 * COUNT(seen); i++) {
		const struct row *row = &seen[i % COUNT(seen)];
		GString *shown = g_string_new(NULL);

		meet_row(&meeting, row, i >= COUNT(seen));
		assert_int_equal(nw_session_overviews(meeting.session, 3, 9,
						      show_overview, shown,
						      &meeting.error),
				 row->code < 0);
		assert_string_equal(shown->str, row->result);
		(void)g_string_free(shown, TRUE);
		part(&meeting, row->code, row->words);
	}
}

#define URL	  "http://a.test/feed"
#define SUBSCRIBE "C: XNEWSWIRE SUBSCRIBE " URL "\n"

static const struct row subscribed[] = {
	{ SUBSCRIBE "S: 291 test.a feeds it\n", "test.a", -1, "" },
	{ SUBSCRIBE "S: 291 test.a\n", "test.a", -1, "" },
	{ SUBSCRIBE "S: 491 there is no feed in it\n", "",
	  NW_SESSION_ERROR_REFUSED, "there is no feed in it" },
	{ SUBSCRIBE "S: 502 not you\n", "", NW_SESSION_ERROR_REFUSED,
	  "not you" },
	{ SUBSCRIBE "S: 291 ../test.a\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "make no sense" },
	{ SUBSCRIBE "S: 291\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "make no sense" },
	{ SUBSCRIBE "S: 215 x|.\nclose\n", "", NW_SESSION_ERROR_BROKEN,
	  "make no sense" },
};

static void subscribing(void **state)
{
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < 2 * COUNT(subscribed); i++) {
		const struct row *row = &subscribed[i % COUNT(subscribed)];
		char *group;

		meet_row(&meeting, row, i >= COUNT(subscribed));
		group = nw_session_subscribe(meeting.session, URL,
					     &meeting.error);
		assert_string_equal(group ? group : "", row->result);
		g_free(group);
		part(&meeting, row->code, row->words);
	}
}

static void unsubscribing_and_history(void **state)
{
	struct meeting meeting;
	char *text;

	(void)state;
	meet(&meeting, HELLO "C: XNEWSWIRE UNSUBSCRIBE test.a\nS: 292 gone\n"
			     "C: XNEWSWIRE UNSUBSCRIBE test.a\n"
			     "S: 491 no such\n"
			     "C: XNEWSWIRE HISTORY <1@t>\n"
			     "S: 293 follows|one|..two~|\xff|.\n");
	assert_true(nw_session_unsubscribe(meeting.session, "test.a",
					   &meeting.error));
	assert_false(nw_session_unsubscribe(meeting.session, "test.a",
					    &meeting.error));
	g_clear_error(&meeting.error);
	text = nw_session_history(meeting.session, "<1@t>", &meeting.error);
	assert_string_equal(text, "one\n.two\x7f\n\xef\xbf\xbd\n");
	g_free(text);
	part(&meeting, -1, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups),
		cmocka_unit_test(counts),
		cmocka_unit_test(numbers),
		cmocka_unit_test(no_names),
		cmocka_unit_test(overviews),
		cmocka_unit_test(subscribing),
		cmocka_unit_test(unsubscribing_and_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
