/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the news server answers, whole and octet by octet.  The dialogues on a
 * real store are in tests/nntp; here is what a client should never send.
 */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"

#include "nntp_world.h"

#define OVER_3 \
	"3\tabout number 3\tA <a@test>\tSat, 26 Jul 2025 10:15:00 +0000\t" \
	"<1.3@test>\t\t12\t1\tXref: news.test a:1\r\n"
#define OVER_9 \
	"9\tabout number 9\tA <a@test>\tSat, 26 Jul 2025 10:15:00 +0000\t" \
	"<1.9@test>\t\t12\t1\tXref: news.test a:1\r\n"
#define HEAD_3 "Message-ID: <1.3@test>\r\nSubject: about\r\n number 3\r\n"
#define GAPS "211 3 3 9 test.gaps\r\n"
#define NO_SUCH_GROUP "411 no such newsgroup here\r\n"
#define NO_GROUP "412 no newsgroup is selected\r\n"
#define NO_CURRENT "420 no article is current\r\n"
#define NO_NUMBER "423 no article has this number\r\n"
#define NO_RANGE "423 no article in that range\r\n"
#define NO_ID "430 no article has this message-id\r\n"
#define UNKNOWN "500 unknown command; HELP lists all\r\n"
#define NO_LINE "501 no such command line\r\n"
#define NOT_A_TARGET "501 neither a number, a range nor a message-id\r\n"
#define NOT_AN_ID "501 not a message-id\r\n"
#define FOLLOWS "information follows\r\n"
#define GROUPS_FOLLOW "231 new newsgroups follow\r\n"
#define DATE_SYNTAX "501 syntax: NEWGROUPS [yy]yymmdd hhmmss [GMT]\r\n"
#define NEWNEWS_SYNTAX \
	"501 syntax: NEWNEWS wildmat [yy]yymmdd hhmmss [GMT]\r\n"
#define BIG "test.big 100 1 n\r\n"
#define GAPS_LINE "test.gaps 9 3 n\r\n"
#define NONE "test.none 0 1 n\r\n"

static const struct {
	const char *sent, *got;
} dialogues[] = {
	/* lines and words */
	{ "DATE\r\n", "111 20250726101500\r\n" },
	{ "date\n", "111 20250726101500\r\n" },
	{ " \t DaTe \t \r\n", "111 20250726101500\r\n" },
	{ "\r\n\n  \r\nDATE\r\n", "111 20250726101500\r\n" },
	{ "DATE\r\nDATE\r\n", "111 20250726101500\r\n"
			      "111 20250726101500\r\n" },
	{ "DATE now\r\n", "501 syntax: DATE\r\n" },
	{ "NONSENSE\r\n", UNKNOWN },
	{ "DATES\r\nDAT\r\n", UNKNOWN UNKNOWN },
	{ "XFEATURE COMPRESS GZIP\r\n", UNKNOWN },
	{ "\xff\xfe\x80 \xc3\r\nGROUP \xff\xc3\x28\r\n",
	  UNKNOWN NO_SUCH_GROUP },
	{ "a b c d e f g h i j k l m n o p\r\n", UNKNOWN },
	{ "a b c d e f g h i j k l m n o p q r\r\n", UNKNOWN },
	{ "XPAT b c d e f g h i j k l m n o p q\r\n",
	  "501 syntax: XPAT header range|<message-id> pattern...\r\n" },
	{ "GROUP\rtest.gaps\r\n", UNKNOWN },
	/* modes */
	{ "MODE READER\r\n", "201 reader mode, no posting\r\n" },
	{ "mode reader\r\n", "201 reader mode, no posting\r\n" },
	{ "MODE STREAM\r\nMODE\r\n", "501 syntax: MODE READER\r\n"
				     "501 syntax: MODE READER\r\n" },
	{ "POST\r\n", "440 posting is not allowed here\r\n" },
	/* groups */
	{ "GROUP test.gaps\r\nSTAT\r\n", GAPS "223 3 <1.3@test>\r\n" },
	{ "GROUP test.none\r\nSTAT\r\nNEXT\r\nLAST\r\n",
	  "211 0 1 0 test.none\r\n" NO_CURRENT NO_CURRENT NO_CURRENT },
	{ "GROUP test.nine\r\nGROUP\r\nGROUP a b\r\n",
	  NO_SUCH_GROUP "501 syntax: GROUP newsgroup\r\n"
	  "501 syntax: GROUP newsgroup\r\n" },
	{ "GROUP TEST.GAPS\r\n", NO_SUCH_GROUP },
	{ "GROUP test.gaps\r\nGROUP bad\r\nSTAT 5\r\n",
	  GAPS NO_SUCH_GROUP "223 5 <1.5@test>\r\n" },
	{ "GROUP test.gaps\r\nNEXT\r\nNEXT\r\nNEXT\r\nSTAT\r\n",
	  GAPS "223 5 <1.5@test>\r\n223 9 <1.9@test>\r\n"
	  "421 no article comes after this one\r\n223 9 <1.9@test>\r\n" },
	{ "GROUP test.gaps\r\nLAST\r\nSTAT 9\r\nLAST\r\n",
	  GAPS "422 no article comes before this one\r\n"
	  "223 9 <1.9@test>\r\n223 5 <1.5@test>\r\n" },
	{ "NEXT\r\nLAST\r\nSTAT\r\nSTAT 3\r\n",
	  NO_GROUP NO_GROUP NO_GROUP NO_GROUP },
	{ "LISTGROUP\r\n", NO_GROUP },
	{ "LISTGROUP test.gaps\r\nSTAT\r\n",
	  "211 3 3 9 test.gaps list follows\r\n3\r\n5\r\n9\r\n.\r\n"
	  "223 3 <1.3@test>\r\n" },
	{ "LISTGROUP test.gaps 4-8\r\nLISTGROUP test.gaps 9\r\n",
	  "211 3 3 9 test.gaps list follows\r\n5\r\n.\r\n"
	  "211 3 3 9 test.gaps list follows\r\n9\r\n.\r\n" },
	{ "LISTGROUP test.gaps 10-\r\nLISTGROUP test.gaps 8-4\r\n",
	  "211 3 3 9 test.gaps list follows\r\n.\r\n"
	  "211 3 3 9 test.gaps list follows\r\n.\r\n" },
	{ "LISTGROUP test.gaps x\r\nLISTGROUP bad 1-\r\nSTAT\r\n",
	  "501 not a range\r\n" NO_SUCH_GROUP NO_GROUP },
	{ "GROUP test.gaps\r\nSTAT 9\r\nLISTGROUP\r\nSTAT\r\n",
	  GAPS "223 9 <1.9@test>\r\n"
	  "211 3 3 9 test.gaps list follows\r\n3\r\n5\r\n9\r\n.\r\n"
	  "223 3 <1.3@test>\r\n" },
	/* articles */
	{ "GROUP test.gaps\r\nHEAD\r\nBODY 3\r\nARTICLE <1.3@test>\r\n",
	  GAPS "221 3 <1.3@test>\r\n" HEAD_3 ".\r\n"
	  "222 3 <1.3@test>\r\n..stuffed\r\n.\r\n"
	  "220 0 <1.3@test>\r\n" HEAD_3 "\r\n..stuffed\r\n.\r\n" },
	{ "GROUP test.gaps\r\nSTAT 4\r\nSTAT\r\nSTAT <1.9@test>\r\nSTAT\r\n",
	  GAPS NO_NUMBER "223 3 <1.3@test>\r\n223 0 <1.9@test>\r\n"
	  "223 3 <1.3@test>\r\n" },
	{ "HEAD <1.3@test>\r\nHEAD <1.4@test>\r\n",
	  "221 0 <1.3@test>\r\n" HEAD_3 ".\r\n" NO_ID },
	{ "STAT <\r\nSTAT <>\r\nSTAT <a\r\nSTAT <a>b>\r\nSTAT <a\x80>\r\n",
	  NOT_AN_ID NOT_AN_ID NOT_AN_ID NOT_AN_ID NOT_AN_ID },
	{ "GROUP test.gaps\r\nSTAT 3-5\r\nSTAT a\r\nSTAT -3\r\nSTAT 3x\r\n",
	  GAPS "501 a range, not one\r\n" NOT_A_TARGET
	  "501 a range, not one\r\n" NOT_A_TARGET },
	{ "GROUP test.gaps\r\nSTAT 0\r\nSTAT 0003\r\nSTAT 9999999999999999\r\n"
	  "STAT 99999999999999999\r\nSTAT 18446744073709551619\r\n",
	  GAPS NO_NUMBER "223 3 <1.3@test>\r\n" NO_NUMBER NOT_A_TARGET
	  NOT_A_TARGET },
	/* overviews: RFC 3977 refuses what RFC 2980 lists as empty */
	{ "OVER\r\nXOVER\r\nXOVER 1-\r\nHDR Subject\r\n",
	  NO_GROUP NO_GROUP NO_GROUP NO_GROUP },
	{ "GROUP test.none\r\nOVER\r\nXOVER\r\nOVER 1-\r\nXOVER 1-\r\n",
	  "211 0 1 0 test.none\r\n" NO_CURRENT NO_CURRENT NO_RANGE
	  "224 " FOLLOWS ".\r\n" },
	{ "GROUP test.gaps\r\nXOVER\r\nOVER\r\nOVER 9-\r\nXOVER 6-10\r\n",
	  GAPS "224 " FOLLOWS OVER_3 ".\r\n" "224 " FOLLOWS OVER_3 ".\r\n"
	  "224 " FOLLOWS OVER_9 ".\r\n" "224 " FOLLOWS OVER_9 ".\r\n" },
	{ "GROUP test.gaps\r\nOVER 9-3\r\nXOVER 9-3\r\nOVER 4\r\nXOVER 4\r\n",
	  GAPS NO_RANGE "224 " FOLLOWS ".\r\n" NO_RANGE
	  "224 " FOLLOWS ".\r\n" },
	{ "OVER <1.3@test>\r\nXOVER <x@y>\r\nOVER <\r\nOVER 3-x\r\n",
	  "224 " FOLLOWS "0\ts\tf\td\t<1.3@test>\t\t1234\t56\tXref: x a:1\r\n"
	  ".\r\n" NO_ID NOT_AN_ID NOT_A_TARGET },
	{ "GROUP test.gaps\r\nHDR Subject\r\nXHDR :bytes 4-5\r\n",
	  GAPS "225 " FOLLOWS "3 Subject\r\n.\r\n"
	  "221 " FOLLOWS "5 :bytes\r\n.\r\n" },
	{ "GROUP test.gaps\r\nHDR Subject 4\r\nXHDR Subject 4\r\n",
	  GAPS NO_RANGE "221 " FOLLOWS ".\r\n" },
	{ "HDR Subject <1.3@test>\r\nXHDR subject <1.3@test>\r\n"
	  "HDR X-None <1.3@test>\r\nHDR Subject <1.4@test>\r\n",
	  "225 " FOLLOWS "0 about number 3\r\n.\r\n"
	  "221 " FOLLOWS "<1.3@test> about number 3\r\n.\r\n"
	  "225 " FOLLOWS "0 \r\n.\r\n" NO_ID },
	{ "HDR :bytes <1.3@test>\r\nHDR :LINES <1.3@test>\r\n"
	  "HDR :bytes <x@y>\r\nHDR :lines <\r\n",
	  "225 " FOLLOWS "0 1234\r\n.\r\n225 " FOLLOWS "0 56\r\n.\r\n" NO_ID
	  NOT_AN_ID },
	{ "HDR :size 1\r\nHDR a:b 1\r\nHDR \x80 1\r\nHDR\r\nHDR a b c\r\n",
	  "503 no header has such a name\r\n501 no header has such a name\r\n"
	  "501 no header has such a name\r\n"
	  "501 syntax: HDR header [range|<message-id>]\r\n"
	  "501 syntax: HDR header [range|<message-id>]\r\n" },
	/* lists */
	{ "LIST\r\n", "215 list follows\r\n" BIG GAPS_LINE NONE ".\r\n" },
	{ "LIST active *.g*,!*b*\r\n",
	  "215 list follows\r\n" GAPS_LINE ".\r\n" },
	{ "LIST NEWSGROUPS\r\n",
	  "215 list follows\r\ntest.big\tGro\xc3\x9f\r\n"
	  "test.gaps\tWith gaps\r\n.\r\n" },
	{ "LIST ACTIVE.TIMES *e\r\nLIST COUNTS *.gaps\r\n",
	  "215 list follows\r\ntest.none 1753524900 newswire\r\n.\r\n"
	  "215 list follows\r\ntest.gaps 9 3 3 n\r\n.\r\n" },
	{ "LIST HEADERS\r\nLIST HEADERS range\r\nLIST HEADERS x\r\n",
	  "215 list follows\r\n:\r\n:bytes\r\n:lines\r\n.\r\n"
	  "215 list follows\r\n:\r\n:bytes\r\n:lines\r\n.\r\n"
	  "501 unknown keyword or argument\r\n" },
	{ "LIST MOTD\r\nLIST SUBSCRIPTIONS\r\nLIST NEWS\r\n"
	  "LIST OVERVIEW.FMT x\r\nLIST ACTIVE a b\r\n",
	  "503 no such list is kept here\r\n503 no such list is kept here\r\n"
	  "501 unknown keyword or argument\r\n"
	  "501 unknown keyword or argument\r\n"
	  "501 syntax: LIST [keyword [wildmat|argument]]\r\n" },
	/* new groups: 1970, 2017-07-14 02:40:00, and this very second */
	{ "NEWGROUPS 19700101 000000 GMT\r\n",
	  GROUPS_FOLLOW BIG GAPS_LINE NONE ".\r\n" },
	{ "NEWGROUPS 170714 024000 gmt\r\nNEWGROUPS 20170714 024001\r\n",
	  GROUPS_FOLLOW BIG NONE ".\r\n" GROUPS_FOLLOW NONE ".\r\n" },
	{ "NEWGROUPS 250726 101500\r\nNEWGROUPS 250726 101501\r\n",
	  GROUPS_FOLLOW NONE ".\r\n" GROUPS_FOLLOW ".\r\n" },
	{ "NEWGROUPS 260101 000000\r\nNEWGROUPS 20240229 235960\r\n",
	  GROUPS_FOLLOW BIG GAPS_LINE NONE ".\r\n" GROUPS_FOLLOW NONE
	  ".\r\n" },
	{ "NEWGROUPS 20230229 000000\r\nNEWGROUPS 20251301 000000\r\n"
	  "NEWGROUPS 20250100 000000\r\nNEWGROUPS 20250432 000000\r\n"
	  "NEWGROUPS 20250101 240000\r\nNEWGROUPS 20250101 006000\r\n"
	  "NEWGROUPS 20250101 000061\r\nNEWGROUPS 20250101 00000\r\n"
	  "NEWGROUPS 2001010 000000\r\nNEWGROUPS 202501011 000000\r\n"
	  "NEWGROUPS 2025x101 000000\r\nNEWGROUPS 20250101 000000 CET\r\n"
	  "NEWGROUPS 20250101\r\n",
	  DATE_SYNTAX DATE_SYNTAX DATE_SYNTAX DATE_SYNTAX DATE_SYNTAX
	  DATE_SYNTAX DATE_SYNTAX DATE_SYNTAX DATE_SYNTAX DATE_SYNTAX
	  DATE_SYNTAX DATE_SYNTAX DATE_SYNTAX },

	/* patterns */
	{ "XGTITLE\r\nGROUP test.gaps\r\nXGTITLE\r\nXGTITLE *big\r\n",
	  "481 no newsgroup is selected\r\n" GAPS
	  "282 list follows\r\ntest.gaps\tWith gaps\r\n.\r\n"
	  "282 list follows\r\ntest.big\tGro\xc3\x9f\r\n.\r\n" },
	{ "NEWNEWS * 19700101 000000\r\nNEWNEWS a,!b 20250101 000000 gmt\r\n"
	  "NEWNEWS * 20250101\r\nNEWNEWS * 20250101 0\r\n",
	  "230 new articles follow\r\n<1.3@test>\r\n<1.5@test>\r\n"
	  "<1.9@test>\r\n.\r\n230 new articles follow\r\n.\r\n"
	  NEWNEWS_SYNTAX NEWNEWS_SYNTAX },
	{ "XPAT Subject 1- *\r\nGROUP test.gaps\r\n"
	  "XPAT Subject 4- *[jx]ect\r\nXPAT a 1-3 ?\r\n"
	  "XPAT Subject 1- *ECT\r\nXPAT Subject 1- Sub  ject\r\n"
	  "XPAT Subject 6-8 *\r\n",
	  NO_GROUP GAPS "221 " FOLLOWS "5 Subject\r\n9 Subject\r\n.\r\n"
	  "221 " FOLLOWS "3 a\r\n.\r\n221 " FOLLOWS ".\r\n"
	  "221 " FOLLOWS ".\r\n221 " FOLLOWS ".\r\n" },
	{ "XPAT Subject <1.3@test> *3\r\nXPAT Subject <1.3@test> *9\r\n"
	  "XPAT Subject <1.4@test> *\r\nXPAT Subject < *\r\n"
	  "XPAT Subject one *\r\nXPAT :size 1- *\r\nXPAT Subject 1-\r\n",
	  "221 " FOLLOWS "<1.3@test> about number 3\r\n.\r\n"
	  "221 " FOLLOWS ".\r\n" NO_ID NOT_AN_ID NOT_A_TARGET
	  "503 no header has such a name\r\n"
	  "501 syntax: XPAT header range|<message-id> pattern...\r\n" },
};

/* In pieces of size octets; each is answered before the next is sent. */
static void converse(const char *sent, size_t len, size_t size,
		     const char *got)
{
	struct world world;
	struct client client;
	size_t at;

	world_open(&world, NULL);
	client_connect(&client, &world);
	client_expect(&client, &world, greeting);
	for (at = 0; at < len; at += size) {
		client_send(&client, sent + at,
			    len - at < size ? len - at : size);
		world_turn(&world);
		client_read(&client);
	}
	client_expect(&client, &world, got);
	client_send(&client, "QUIT\r\nDATE\r\n", 12);
	client_expect(&client, &world, "205 good-bye\r\n");
	client_expect_end(&client, &world);
	client_close(&client);
	world_close(&world);
}

static void test_dialogues(void **state)
{
	size_t i, len;

	(void)state;
	for (i = 0; i < COUNT(dialogues); i++) {
		len = strlen(dialogues[i].sent);
		converse(dialogues[i].sent, len, len, dialogues[i].got);
		converse(dialogues[i].sent, len, 1, dialogues[i].got);
	}
}

#define TOO_LONG "501 a line has 512 octets at most\r\n"

/* A line of len octets with its end, then another command. */
static void long_line(size_t len, const char *end, const char *got)
{
	char *sent = malloc(len + 6);
	size_t sizes[] = { len + 6, 1, 511, 512, 513, 100 }, i;

	assert_non_null(sent);
	memset(sent, 'a', len);
	memcpy(sent + len - strlen(end), end, strlen(end));
	memcpy(sent + len, "DATE\r\n", 6);
	for (i = 0; i < COUNT(sizes); i++)
		converse(sent, len + 6, sizes[i], got);
	free(sent);
}

static void test_long_lines(void **state)
{
	(void)state;
	long_line(511, "\r\n", UNKNOWN "111 20250726101500\r\n");
	long_line(512, "\r\n", UNKNOWN "111 20250726101500\r\n");
	long_line(513, "\r\n", TOO_LONG "111 20250726101500\r\n");
	long_line(514, "\n", TOO_LONG "111 20250726101500\r\n");
	long_line(50000, "\r\n", TOO_LONG "111 20250726101500\r\n");
}

static void test_nul(void **state)
{
	static const char sent[] =
		"GROUP test.gaps\0x\r\n\0\r\nDATE\0\r\nSTAT\r\n";
	static const char got[] = NO_LINE NO_LINE NO_LINE NO_GROUP;

	(void)state;
	converse(sent, sizeof(sent) - 1, sizeof(sent) - 1, got);
	converse(sent, sizeof(sent) - 1, 1, got);
}

static void test_capabilities(void **state)
{
	static const char got[] =
		"101 capabilities follow\r\nVERSION 2\r\n"
		"IMPLEMENTATION newswire " PACKAGE_VERSION "\r\nHDR\r\n"
		"LIST ACTIVE ACTIVE.TIMES COUNTS HEADERS NEWSGROUPS "
		"OVERVIEW.FMT\r\nNEWNEWS\r\nOVER MSGID\r\nREADER\r\n"
		"XPAT\r\n.\r\n";

	(void)state;
	converse("CAPABILITIES\r\n", 14, 14, got);
	converse("capabilities AUTOUPDATE\r\n", 25, 25, got);
}

/* Old clients do without overviews when they see other names. */
static void test_overview_fmt(void **state)
{
	(void)state;
	converse("LIST OVERVIEW.FMT\r\n", 19, 19,
		 "215 list follows\r\nSubject:\r\nFrom:\r\nDate:\r\n"
		 "Message-ID:\r\nReferences:\r\nBytes:\r\nLines:\r\n"
		 "Xref:full\r\n.\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialogues),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_overview_fmt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
