/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a session begins: greetings, capabilities, logins, compression.
 */
#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session_fixture.h"

#define CAPS   "C: CAPABILITIES\n"
#define READER CAPS "S: 101 x|VERSION 2|READER|.\n"
#define USER   "C: AUTHINFO USER anna\n"
#define PASS   "C: AUTHINFO PASS se cret\n"

/* What the server says, and the error, if code is not -1. */
static const struct {
	const char *script;
	gboolean user;
	int code;
	const char *words;
} beginnings[] = {
	{ "S: 200 hello\n" READER, FALSE, -1, "" },
	{ "S: 201\n" READER, FALSE, -1, "" },
	{ "P: 200 hello^\n" READER, FALSE, -1, "" },
	/* refusals */
	{ "S: 400 too many of you\nclose\n", FALSE, NW_SESSION_ERROR_BROKEN,
	  "too many of you" },
	{ "S: 502 not from there\nclose\n", FALSE, NW_SESSION_ERROR_REFUSED,
	  "not from there" },
	{ "close\n", FALSE, NW_SESSION_ERROR_BROKEN, "cut" },
	{ "S: SSH-2.0-OpenSSH_9.2\nclose\n", FALSE, NW_SESSION_ERROR_BROKEN,
	  "news server" },
	{ "S: 220 mail.test ESMTP\nclose\n", FALSE, NW_SESSION_ERROR_BROKEN,
	  "news server" },
	/* RFC 977 */
	{ "S: 200 old\n" CAPS "S: 500 what?\nC: MODE READER\nquiet\n"
	  "S: 200 yes\n" CAPS "S: 500 what?\n",
	  FALSE, -1, "" },
	{ "S: 200 old\n" CAPS "S: 500 what?\nC: MODE READER\n"
	  "S: 500 what?\n",
	  FALSE, -1, "" },
	/* RFC 3977 section 5.3 */
	{ "S: 200 innd\n" CAPS "S: 101 x|VERSION 2|MODE-READER|IHAVE|.\n"
	  "C: MODE READER\nquiet\nS: 201 nnrpd\n" READER,
	  FALSE, -1, "" },
	{ "S: 200 innd\n" CAPS "S: 101 x|VERSION 2|MODE-READER|.\n"
	  "C: MODE READER\nS: 502 no readers\nclose\n",
	  FALSE, NW_SESSION_ERROR_REFUSED, "no readers" },
	{ "S: 200 x\n" CAPS "S: 101 x|VERSION 2|READER|\nclose\n", FALSE,
	  NW_SESSION_ERROR_BROKEN, "cut" },
	{ "S: 200 x\n" CAPS "S: 215 x|.\nclose\n", FALSE,
	  NW_SESSION_ERROR_BROKEN, "make no sense" },
	/* logins; loopback is private */
	{ "S: 200 x\n" READER USER "S: 381 and?\n" PASS "S: 281 in\n" READER,
	  TRUE, -1, "" },
	{ "S: 200 x\n" READER USER "S: 281 no need\n" READER, TRUE, -1, "" },
	{ "S: 200 x\n" READER USER "S: 381 and?\n" PASS "S: 481 wrong\n", TRUE,
	  NW_SESSION_ERROR_LOGIN, "is wrong" },
	{ "S: 200 x\n" READER USER "S: 481 wrong\n", TRUE,
	  NW_SESSION_ERROR_LOGIN, "is wrong" },
	{ "S: 200 x\n" READER USER "S: 381 and?\n" PASS "S: 502 go\nclose\n",
	  TRUE, NW_SESSION_ERROR_LOGIN, "is wrong" },
	{ "S: 200 x\n" READER USER "S: 483 in clear?\n", TRUE,
	  NW_SESSION_ERROR_LOGIN, "choose it" },
	{ "S: 200 x\n" READER USER "S: 500 what?\n", TRUE,
	  NW_SESSION_ERROR_LOGIN, "knows no users" },
	{ "S: 200 x\n" READER USER "S: 381 and?\n" PASS "S: 400 bye\nclose\n",
	  TRUE, NW_SESSION_ERROR_BROKEN, "bye" },
	{ "S: 200 x\n" READER USER "S: 381 and?\n" PASS "S: 381 and?\nclose\n",
	  TRUE, NW_SESSION_ERROR_BROKEN, "make no sense" },
	/* a password said back */
	{ "S: 200 x\n" READER USER "S: 381 and?\n" PASS
	  "S: 400 bye se cret\nclose\n",
	  TRUE, NW_SESSION_ERROR_BROKEN, "ends the connection" },
	{ "S: 200 x\n" READER USER "S: 381 and?\n" PASS
	  "S: 403 PASS se cret failed\n",
	  TRUE, NW_SESSION_ERROR_REFUSED, "says no" },
	/* who must log in before MODE READER */
	{ "S: 200 x\n" CAPS "S: 480 who?\nC: MODE READER\nS: 480 who?\n" USER
	  "S: 381 and?\n" PASS "S: 281 in\n" READER,
	  TRUE, -1, "" },
	{ "S: 200 x\n" CAPS "S: 101 x|MODE-READER|.\nC: MODE READER\n"
	  "S: 480 who?\n" USER "S: 281 in\n" CAPS
	  "S: 101 x|MODE-READER|.\nC: MODE READER\nS: 200 y\n" READER,
	  TRUE, -1, "" },
	/* compression is offered, and then not given */
	{ "S: 200 x\n" CAPS "S: 101 x|READER|COMPRESS DEFLATE|.\n"
	  "C: COMPRESS DEFLATE\nS: 403 no memory\n",
	  FALSE, -1, "" },
	{ "S: 200 x\n" CAPS "S: 101 x|READER|COMPRESS GZIP|.\n", FALSE, -1,
	  "" },
	{ "S: 200 x\n" CAPS "S: 101 x|READER|COMPRESS DEFLATE|.\n"
	  "C: COMPRESS DEFLATE\nS: 206 now|215 in clear\nclose\n",
	  FALSE, NW_SESSION_ERROR_BROKEN, "make no sense" },
};

static void begin(void **state)
{
	struct nw_gateway gateway = { .host = (char *)(guintptr) "localhost" };
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(beginnings); i++) {
		print_message("# case %zu\n", i);
		gateway.user =
			beginnings[i].user ? (char *)(guintptr) "anna" : NULL;
		gateway.password = (char *)(guintptr) "se cret";
		meet_as(&meeting, beginnings[i].script, &gateway);
		assert_int_equal(meeting.session != NULL,
				 beginnings[i].code < 0);
		if (meeting.error)
			assert_null(strstr(meeting.error->message, "se cret"));
		part(&meeting, beginnings[i].code, beginnings[i].words);
	}
}

/* What could become a second command is not sent. */
static void odd_secrets(void **state)
{
	static const struct {
		const char *user, *password, *words;
	} odd[] = {
		{ "anna", "a\r\nQUIT", "too long or has signs" },
		{ "anna\nQUIT", "x", "too long or has signs" },
		{ "anna b", "x", "too long or has signs" },
		{ "anna", "", "no password" },
		{ "anna", NULL, "no password" },
	};
	struct nw_gateway gateway = { .host = (char *)(guintptr) "127.0.0.1" };
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(odd); i++) {
		gateway.user = (char *)(guintptr)odd[i].user;
		gateway.password = (char *)(guintptr)odd[i].password;
		meet_as(&meeting, "S: 200 x\n" READER, &gateway);
		assert_null(meeting.session);
		part(&meeting, NW_SESSION_ERROR_LOGIN, odd[i].words);
	}
}

/* A link that is neither this machine's nor encrypted: the password stays. */
static void in_clear(void **state)
{
	struct nw_gateway gateway = {
		.host = (char *)(guintptr) "news.test",
		.user = (char *)(guintptr) "anna",
		.password = (char *)(guintptr) "secret",
	};
	static const char answers[] = "200 x\r\n101 x\r\nREADER\r\n.\r\n";
	GError *error = NULL;
	char said[256] = "";
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(write(ends[0], answers, sizeof(answers) - 1),
			 sizeof(answers) - 1);
	assert_null(nw_session_begin(nw_link_adopt(ends[1], "news.test", &hasty,
						   NULL),
				     &gateway, &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_LOGIN);
	assert_non_null(strstr(error->message, "Choose STARTTLS or TLS"));
	assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
	assert_string_equal(said, "CAPABILITIES\r\n");
	g_clear_error(&error);
	(void)close(ends[0]);
}

/* Why a gateway left is known also when nothing can be sent to it any more. */
static void left_before(void **state)
{
	struct nw_gateway gateway = { .host = (char *)(guintptr) "news.test" };
	static const char answers[] = "200 x\r\n101 x\r\nREADER\r\n.\r\n"
				      "400 idle for too long\r\n";
	struct nw_session *session;
	GError *error = NULL;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(write(ends[0], answers, sizeof(answers) - 1),
			 sizeof(answers) - 1);
	session = nw_session_begin(nw_link_adopt(ends[1], "news.test", &hasty,
						 NULL),
				   &gateway, &error);
	assert_non_null(session);
	(void)close(ends[0]);
	assert_null(nw_session_groups(session, &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_BROKEN);
	assert_non_null(strstr(error->message, "idle for too long"));
	g_clear_error(&error);
	nw_session_close(session);
}

static void may_manage(void **state)
{
	struct meeting meeting;

	(void)state;
	meet(&meeting, "S: 200 x\n" READER);
	assert_false(nw_session_may_manage(meeting.session));
	part(&meeting, -1, "");
	meet(&meeting, "S: 200 x\n" CAPS
		       "S: 101 x|reader|xnewswire unsubscribe subscribe|.\n");
	assert_true(nw_session_may_manage(meeting.session));
	part(&meeting, -1, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begin),      cmocka_unit_test(odd_secrets),
		cmocka_unit_test(in_clear),   cmocka_unit_test(left_before),
		cmocka_unit_test(may_manage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
