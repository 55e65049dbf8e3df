/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conversations with servers for mail: what is right, and what is not trusted.
 */
#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

#include "../../gateway/deliver/mailbox_imap_private.h"
#include "../../gateway/deliver/mailbox_private.h"
#include "imapserver.h"

/* For what never comes, and for what comes on a busy machine. */
#define SHORT_MS 1000
#define LONG_MS 60000

#define ALL "AUTH=PLAIN SASL-IR LITERAL+ UIDPLUS NAMESPACE"
#define SYNCHRONOUS "AUTH=PLAIN SASL-IR UIDPLUS NAMESPACE"
#define HELLO "S: * OK hello\n"
#define CAN(what)                                                              \
	"C: CAPABILITY\nS: * CAPABILITY IMAP4rev1 " what                       \
	"\nS: % OK that is it\n"
#define IN "C: AUTHENTICATE PLAIN AGlkYQBzZSJjclxldA==\nS: % OK come in\n"
#define NAMES                                                                  \
	"C: NAMESPACE\nS: * NAMESPACE ((\"\" \"/\")) NIL NIL\nS: % OK so\n"
#define LOGIN(what) HELLO CAN(what) IN CAN(what) NAMES
#define SELECT                                                                 \
	"C: SELECT News\nS: * 3 EXISTS\nS: * 0 RECENT\n"                       \
	"S: * FLAGS (\\Seen)\nS: * OK [UIDVALIDITY 1] so\n"                    \
	"S: % OK [READ-WRITE] selected\n"
#define READY LOGIN(ALL) SELECT
#define SEARCH(id, found)                                                      \
	"C: UID SEARCH HEADER Message-ID \"" id "\"\nS: * SEARCH" found    \
	"\nS: % OK so\n"
#define DATE " \"14-Nov-2023 22:13:20 +0000\" "
#define APPEND "C: APPEND \"News\"" DATE "{40+}\nL:\n"
#define STORED "S: % OK [APPENDUID 1 9] there\n"

/* 1,024 octets, and not for us. */
#define LINE64 "* 1 FETCH (FLAGS (a-keyword-of-a-user-that-is-as-long-as-this))|"
#define LONG4 LINE64 LINE64 LINE64 LINE64
#define LONG LONG4 LONG4 LONG4 LONG4

static const struct nw_letter letter = {
	.message_id = "<new@ledger.example>",
	.bytes = "Message-ID: <new@ledger.example>\r\n\r\nx\r\n\r\n",
	.len = 40,
	.date_utc = 1700000000,
};

static bool is_far;

bool __real_imap_link_is_local(const struct imap_link *link);
bool __wrap_imap_link_is_local(const struct imap_link *link);

bool __wrap_imap_link_is_local(const struct imap_link *link)
{
	return !is_far && __real_imap_link_is_local(link);
}

enum what {
	OPEN,
	HAS,
	PUT,
	REPLACE,
	SYNC,
};

struct imap_case {
	const char *what;
	const char *script;
	enum what act;
	int result;
	enum nw_error_code code;
	const char *text;	/* in the error */
	bool far;		/* as if the server were another machine */
	bool late;		/* nothing comes in time */
};

static int act(struct nw_mailbox *mailbox, enum what what,
	       struct nw_error *err)
{
	const struct nw_mailbox_driver *driver = &nw_mailbox_imap;
	struct nw_error ignored;

	switch (what) {
	case HAS:
		return driver->has(mailbox, "<new@ledger.example>", err);
	case PUT:
		return driver->append(mailbox, &letter, err);
	case REPLACE:
		return driver->replace(mailbox, "<old@ledger.example>",
				       &letter, err);
	case SYNC:
		(void)driver->append(mailbox, &letter, &ignored);
		return driver->sync(mailbox, err);
	default:
		return 0;
	}
}

static int play(const struct imap_case *c, struct nw_error *err, bool *kept)
{
	struct scripted server;
	struct nw_target target = { .driver = &nw_mailbox_imap,
				    .name = "imap://ida@127.0.0.1/News",
				    .path = "News",
				    .host = "127.0.0.1",
				    .user = "ida",
				    .password = "se\"cr\\et" };
	struct nw_mailbox mailbox = { .target = &target, .path = "News" };
	struct imap *imap = NULL;
	int result;

	imapserver_start(&server, c->script);
	target.port = server.port;
	is_far = c->far;
	result = imap_open(&imap, &target,
			   c->late ? SHORT_MS : LONG_MS, err);
	is_far = false;
	mailbox.state = imap;
	if (!result)
		result = imap_folder_select(imap, mailbox.path, err);
	if (!result && c->act != OPEN)
		result = act(&mailbox, c->act, err);
	nw_mailbox_imap.close(&mailbox);
	*kept = scripted_end(&server);
	return result;
}

static void check(const struct imap_case *cases, size_t count)
{
	size_t i, wrong = 0;

	for (i = 0; i < count; i++) {
		struct nw_error err = { NW_ERROR_NONE, "" };
		bool kept;
		int result = play(&cases[i], &err, &kept);

		if (!kept || result != cases[i].result ||
		    (result < 0 && err.code != cases[i].code) ||
		    (cases[i].text && !strstr(err.text, cases[i].text))) {
			print_error("%s: %d, error %d: %s%s\n", cases[i].what,
				    result, (int)err.code, err.text,
				    kept ? "" : " (not as in the script)");
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static const struct imap_case good_cases[] = {
	{ "the whole way in", READY, OPEN, 0, 0, NULL, false, false },
	{ "PLAIN with a turn for the response",
	  HELLO CAN("AUTH=PLAIN") "C: AUTHENTICATE PLAIN\nS: + \n"
				  "c: AGlkYQBzZSJjclxldA==\nS: % OK in\n"
		  CAN("IDLE") "C: LIST \"\" \"\"\n"
			      "S: * LIST (\\Noselect) \".\" \"\"\nS: % OK so\n"
			      "C: SELECT News\nS: % OK so\n",
	  OPEN, 0, 0, NULL, false, false },
	{ "LOGIN where there is no PLAIN",
	  HELLO CAN("IDLE") "C: LOGIN \"ida\" \"se\\\"cr\\\\et\"\nS: % OK in\n"
		  CAN("NAMESPACE") NAMES SELECT,
	  OPEN, 0, 0, NULL, false, false },
	{ "a session that is open already",
	  "S: * PREAUTH as ida\n" CAN("NAMESPACE") NAMES SELECT, OPEN, 0, 0,
	  NULL, false, false },
	{ "a folder that is missing is made and subscribed to",
	  LOGIN(ALL) "C: SELECT News\nS: % NO [TRYCREATE] none\n"
		     "C: CREATE News\nS: % OK made\n"
		     "C: SUBSCRIBE News\nS: % OK so\n" SELECT,
	  OPEN, 0, 0, NULL, false, false },
	{ "a name that the server cannot have",
	  LOGIN(ALL) "C: SELECT News\nS: % NO none\n"
		     "C: CREATE News\nS: % NO [CANNOT] no\n",
	  OPEN, -1, NW_ERROR_IO, "make the folder: [CANNOT] no", false, false },
	{ "and no subscription is no reason to stop",
	  LOGIN(ALL) "C: SELECT News\nS: % NO none\n"
		     "C: CREATE News\nS: % OK made\n"
		     "C: SUBSCRIBE News\nS: % NO never\n" SELECT,
	  OPEN, 0, 0, NULL, false, false },
	{ "below the prefix of the user's own folders",
	  HELLO CAN(ALL) IN CAN(ALL) "C: NAMESPACE\nS: * NAMESPACE ((\"INBOX.\""
				     " \".\")) NIL NIL\nS: % OK so\n"
				     "C: SELECT \"INBOX.News\"\nS: % OK so\n",
	  OPEN, 0, 0, NULL, false, false },
	{ "a message that is there", READY SEARCH("<new@ledger.example>", " 7"),
	  HAS, 1, 0, NULL, false, false },
	{ "one that is not", READY SEARCH("<new@ledger.example>", ""), HAS, 0,
	  0, NULL, false, false },
	{ "a message is sent at once", READY APPEND STORED, PUT, 0, 0, NULL,
	  false, false },
	{ "or when the server asks for it",
	  LOGIN(SYNCHRONOUS) SELECT "C: APPEND \"News\"" DATE "{40}\n"
				    "S: + go on\nL:\n" STORED,
	  PUT, 0, 0, NULL, false, false },
	{ "what the server says of its own accord is not the answer",
	  LOGIN(SYNCHRONOUS) SELECT
	  "C: APPEND \"News\"" DATE "{40}\n"
	  "S: * 4 EXISTS\nS: * STATUS \"a\" (((((((((((\nS: + go on\nL:\n"
	  "S: * 2 EXPUNGE\nS: * 5 FETCH (FLAGS (\\Seen))\n"
	  "S: * OK [ALERT] tea\nS: * NO not you\nS: * LIST () {3}|abc\n"
	  "S: * CAPABILITY\nS: * VANISHED 7\n" STORED,
	  PUT, 0, 0, NULL, false, false },
	{ "sync asks for a checkpoint",
	  READY APPEND STORED "C: CHECK\nS: % OK so\n", SYNC, 0, 0, NULL,
	  false, false },
	{ "an old message that is not there",
	  READY SEARCH("<old@ledger.example>", ""), REPLACE, 0, 0, NULL, false, false },
	{ "one that is: the new one has its flags",
	  READY SEARCH("<old@ledger.example>", " 5 7") SEARCH(
		  "<new@ledger.example>",
		  "") "C: UID FETCH 7 FLAGS\n"
		      "S: * 1 FETCH (FLAGS (\\Answered) UID 5)\n"
		      "S: * 2 FETCH (UID 7 FLAGS (\\Seen \\Recent $Forwarded "
		      "\\Flagged Junk))\nS: % OK so\n"
		      "C: APPEND \"News\" (\\Seen $Forwarded \\Flagged "
		      "Junk)" DATE "{40+}\nL:\n" STORED
		      "C: UID STORE 7 +FLAGS.SILENT (\\Deleted)\nS: % OK so\n"
		      "C: UID EXPUNGE 7\nS: * 2 EXPUNGE\nS: % OK so\n",
	  REPLACE, 1, 0, NULL, false, false },
	{ "without UIDPLUS nothing is expunged",
	  LOGIN("AUTH=PLAIN SASL-IR LITERAL+ NAMESPACE") SELECT SEARCH(
		  "<old@ledger.example>", " 7") SEARCH("<new@ledger.example>",
						       "") "C: UID FETCH 7 "
							   "FLAGS\n"
	  "S: * 2 FETCH (UID 7 FLAGS ())\nS: % OK so\n" APPEND STORED
	  "C: UID STORE 7 +FLAGS.SILENT (\\Deleted)\nS: % OK so\n",
	  REPLACE, 1, 0, NULL, false, false },
	{ "when the new one is there only the old one goes",
	  READY SEARCH("<old@ledger.example>", " 7") SEARCH(
		  "<new@ledger.example>",
		  " 8") "C: UID STORE 7 +FLAGS.SILENT (\\Deleted)\n"
			"S: % OK so\nC: UID EXPUNGE 7\nS: % OK so\n",
	  REPLACE, 1, 0, NULL, false, false },
	{ "another client has removed it meanwhile",
	  READY SEARCH("<old@ledger.example>", " 7") SEARCH(
		  "<new@ledger.example>",
		  "") "C: UID FETCH 7 FLAGS\nS: % OK so\n" APPEND STORED
		      "C: UID STORE 7 +FLAGS.SILENT (\\Deleted)\nS: % OK so\n"
		      "C: UID EXPUNGE 7\nS: % OK so\n",
	  REPLACE, 1, 0, NULL, false, false },
};

static void what_is_right(void **state)
{
	(void)state;
	check(good_cases, COUNT(good_cases));
}

static const struct imap_case foreign_cases[] = {
	{ "a server that is shut", "S: * BYE too many\n", OPEN, -1,
	  NW_ERROR_NETWORK, "BYE too many", false, false },
	{ "no server of IMAP", "S: 220 mail.example ESMTP\n", OPEN, -1,
	  NW_ERROR_DATA, "220 mail.example", false, false },
	{ "one that closes at once", "close\n", OPEN, -1, NW_ERROR_NETWORK,
	  "closed the connection", false, false },
	{ "one that says nothing", "stall\n", OPEN, -1, NW_ERROR_NETWORK,
	  "in time", false, true },
	{ "one that drips", HELLO "C: CAPABILITY\ndrip: * OK wait|\n", OPEN, -1,
	  NW_ERROR_NETWORK, "in time", false, true },
	{ "a line without an end", "flood: * OK a\n", OPEN, -1,
	  NW_ERROR_REFUSED, "a line longer than", false, false },
};

static const struct imap_case security_cases[] = {
	{ "STARTTLS is not offered by another machine",
	  HELLO CAN("AUTH=PLAIN SASL-IR"), OPEN, -1, NW_ERROR_REFUSED,
	  "offers no STARTTLS", true, false },
	{ "nor asked of an open session",
	  "S: * PREAUTH as ida\n", OPEN, -1, NW_ERROR_REFUSED,
	  "without TLS", true, false },
	{ "what comes in clear behind the reply to STARTTLS",
	  HELLO CAN("STARTTLS AUTH=PLAIN") "C: STARTTLS\n"
	  "S: % OK begin|* CAPABILITY IMAP4rev1 AUTH=PLAIN|* PREAUTH\n",
	  OPEN, -1, NW_ERROR_REFUSED, "after STARTTLS", false, false },
	{ "STARTTLS that is refused",
	  HELLO CAN("STARTTLS AUTH=PLAIN") "C: STARTTLS\nS: % NO not today\n",
	  OPEN, -1, NW_ERROR_IO, "not today", false, false },
	{ "STARTTLS to a server without TLS",
	  HELLO CAN("STARTTLS AUTH=PLAIN") "C: STARTTLS\nS: % OK begin\n"
					   "l: 1\nP: this is no TLS at all\n"
					   "stall\n",
	  OPEN, -1, NW_ERROR_NETWORK, "TLS failed", false, false },
	{ "LOGINDISABLED", HELLO CAN("LOGINDISABLED"), OPEN, -1,
	  NW_ERROR_REFUSED, "neither AUTH=PLAIN nor LOGIN", false, false },
	{ "a wrong password is tried once",
	  HELLO CAN("AUTH=PLAIN SASL-IR") "C: AUTHENTICATE PLAIN\n"
	  "S: % NO [AUTHENTICATIONFAILED] wrong\n",
	  OPEN, -1, NW_ERROR_CONFIG, "user and password", false, false },
	{ "and the turn for it refused",
	  HELLO CAN("AUTH=PLAIN") "C: AUTHENTICATE PLAIN\nS: % BAD what\n",
	  OPEN, -1, NW_ERROR_CONFIG, "does not let ida in", false, false },
};

static void what_is_not_safe(void **state)
{
	(void)state;
	check(security_cases, COUNT(security_cases));
}

static const struct imap_case broken_cases[] = {
	{ "OK without what was asked for",
	  HELLO "C: CAPABILITY\nS: % OK\n", OPEN, -1, NW_ERROR_DATA,
	  "without CAPABILITY", false, false },
	{ "no such command", HELLO "C: CAPABILITY\nS: % BAD what\n", OPEN, -1,
	  NW_ERROR_IO, "tell its capabilities: what", false, false },
	{ "another tag", HELLO "C: CAPABILITY\nS: 99 OK\n", OPEN, -1,
	  NW_ERROR_DATA, "99 OK", false, false },
	{ "a tag without a status", HELLO "C: CAPABILITY\nS: % FINE\n", OPEN,
	  -1, NW_ERROR_DATA, "FINE", false, false },
	{ "a continuation that nobody needs",
	  HELLO "C: CAPABILITY\nS: + go on\n", OPEN, -1, NW_ERROR_DATA, "\"+\"",
	  false, false },
	{ "BYE in between", HELLO "C: CAPABILITY\nS: * BYE restart\n", OPEN, -1,
	  NW_ERROR_NETWORK, "ended the session: BYE restart", false, false },
	{ "BYE and the end", HELLO "C: CAPABILITY\nS: * BYE\nclose\n", OPEN, -1,
	  NW_ERROR_NETWORK, "ended the session", false, false },
	{ "capabilities of another kind",
	  HELLO "C: CAPABILITY\nS: * CAPABILITY (((\nS: % OK\n", OPEN, -1,
	  NW_ERROR_DATA, "", false, false },
	{ "a quoted string without an end",
	  HELLO CAN(ALL) IN CAN(ALL) "C: NAMESPACE\n"
				     "S: * NAMESPACE ((\"INBOX\nS: % OK\n",
	  OPEN, -1, NW_ERROR_DATA, "cannot be read", false, false },
	{ "a folder that nobody can make",
	  LOGIN(ALL) "C: SELECT News\nS: % NO none\n"
		     "C: CREATE News\nS: % NO [OVERQUOTA] no room\n",
	  OPEN, -1, NW_ERROR_IO, "full", false, false },
	{ "a folder that can only be read",
	  LOGIN(ALL) "C: SELECT News\nS: % OK [READ-ONLY] look\n"
		     "C: CREATE News\nS: % NO [ALREADYEXISTS] there\n",
	  OPEN, -1, NW_ERROR_IO, "may not write", false, false },
	{ "a literal of gigabytes",
	  READY "C: UID SEARCH\nS: * SEARCH {4000000000}\nstall\n", HAS, -1,
	  NW_ERROR_REFUSED, "longer than", false, false },
	{ "one in the middle of a line",
	  READY "C: UID SEARCH\nS: * SEARCH {4000000000} 1\nS: % OK\n", HAS,
	  -1, NW_ERROR_DATA, "", false, false },
	{ "parentheses in parentheses",
	  READY SEARCH("<old@ledger.example>", " 7") SEARCH(
		  "<new@ledger.example>",
		  "") "C: UID FETCH\nS: * 1 FETCH (BODYSTRUCTURE "
		      "((((((((((((((((((((\nS: % OK\n",
	  REPLACE, -1, NW_ERROR_DATA, "", false, false },
	{ "a number that is none",
	  READY "C: UID SEARCH\nS: * SEARCH 99999999999999999999 x\n"
		"S: % OK\n",
	  HAS, -1, NW_ERROR_DATA, "", false, false },
	{ "data without end",
	  READY "C: UID SEARCH\nflood: " LONG LONG "\n", HAS, -1,
	  NW_ERROR_REFUSED, "longer than", false, false },
	{ "matches without end",
	  READY "C: UID SEARCH\nflood: * SEARCH 1 2 3 4 5 6 7 8 9 10 11 12|\n",
	  HAS, -1, NW_ERROR_REFUSED, "more than", false, false },
	{ "death while the message is sent",
	  READY "C: APPEND\nl: 10\nclose\n", PUT, -1, NW_ERROR_NETWORK, "",
	  false, false },
	{ "death before the answer", READY APPEND "close\n", PUT, -1,
	  NW_ERROR_NETWORK, "", false, false },
	{ "death after the answer", READY APPEND STORED "C: CHECK\nclose\n",
	  SYNC, -1, NW_ERROR_NETWORK, "closed", false, false },
	{ "no room", READY APPEND "S: % NO [OVERQUOTA] no\n", PUT, -1,
	  NW_ERROR_IO, "full", false, false },
	{ "no room before it is sent",
	  LOGIN(SYNCHRONOUS) SELECT "C: APPEND \"News\"" DATE "{40}\n"
				    "S: % NO [OVERQUOTA] no\n",
	  PUT, -1, NW_ERROR_IO, "full", false, false },
	{ "the folder is gone", READY APPEND "S: % NO [TRYCREATE] none\n", PUT,
	  -1, NW_ERROR_IO, "deliver again", false, false },
	{ "OK to what was not sent",
	  LOGIN(SYNCHRONOUS) SELECT "C: APPEND\nS: % OK thanks\n", PUT, -1,
	  NW_ERROR_DATA, "not sent", false, false },
	{ "nobody takes the message", READY "C: APPEND\nstall\n", PUT, -1,
	  NW_ERROR_NETWORK, "in time", false, true },
	{ "no sync after a death", READY "C: APPEND\nl: 10\nclose\n", SYNC, -1,
	  NW_ERROR_NETWORK, "", false, false },
	{ "a checkpoint that fails",
	  READY APPEND STORED "C: CHECK\nS: % NO disk\n", SYNC, -1, NW_ERROR_IO,
	  "disk", false, false },
};

static void what_is_broken(void **state)
{
	(void)state;
	check(broken_cases, COUNT(broken_cases));
}

static void servers_that_are_none(void **state)
{
	(void)state;
	check(foreign_cases, COUNT(foreign_cases));
}

/* A server that leaves while it takes nothing more is not waited for: what it
 * had not read yet keeps the connection from breaking. */
static void a_server_that_leaves(void **state)
{
	static char bytes[1 << 20];
	struct imap_link link = { .fd = -1 };
	struct nw_error err;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
				    ends), 0);
	link.fd = ends[0];
	imap_link_limit(&link, SHORT_MS);
	assert_int_equal(shutdown(ends[1], SHUT_WR), 0);
	assert_int_equal(imap_link_send(&link, bytes, sizeof(bytes), &err), -1);
	assert_int_equal(err.code, NW_ERROR_NETWORK);
	assert_non_null(strstr(err.text, "closed the connection"));
	imap_link_close(&link);
	(void)close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_right),
		cmocka_unit_test(servers_that_are_none),
		cmocka_unit_test(what_is_not_safe),
		cmocka_unit_test(what_is_broken),
		cmocka_unit_test(a_server_that_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
