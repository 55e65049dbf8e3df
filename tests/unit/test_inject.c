/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "newswire/date.h"
#include "newswire/inject.h"
#include "newswire/limits.h"

#define NOW INT64_C(1753524900) /* Sat, 26 Jul 2025 10:15:00 +0000 */
#define DATE_NOW "Sat, 26 Jul 2025 10:15:00 +0000"

#define FROM "From: Ann <ann@example.org>\r\n"
#define GROUPS "Newsgroups: local.talk\r\n"
#define SUBJECT "Subject: Re: Harbour\r\n"
#define TEXT "\r\nWell said.\r\n"
#define LEAST FROM GROUPS SUBJECT
#define INFO "Injection-Info: news.test\r\n"
#define INJECTED "Injection-Date: " DATE_NOW "\r\n" INFO
#define OWN_ID "Message-ID: <p.g5dqr77xogo5lf46zb25k3gsfa@own.test>\r\n"
#define OWN "Path: news.test!.POSTED!not-for-mail\r\n"

static const struct nw_inject plain = {
	.path_host = "news.test",
	.id_domain = "own.test",
	.now_utc = NOW,
};

struct result {
	struct nw_arena *arena;
	struct nw_buf out;
	struct nw_injected injected;
	struct nw_error err;
	int code;
};

static void inject(struct result *result, const char *proto, size_t len,
		   const struct nw_inject *by)
{
	result->arena = nw_arena_new();
	nw_buf_init(&result->out, 2 * (size_t)NW_POST_BYTES);
	result->err.text[0] = '\0';
	result->code = nw_inject(result->arena, proto, len, by, &result->out,
				 &result->injected, &result->err);
}

static void result_free(struct result *result)
{
	nw_buf_free(&result->out);
	nw_arena_free(&result->arena);
}

static void assert_refused(const char *proto, size_t len, const char *why)
{
	struct result result;

	inject(&result, proto, len, &plain);
	if (result.code != -1 || strcmp(result.err.text, why) != 0)
		fail_msg("of %s\nexpected: %s\ngot: %s", proto, why,
			 result.err.text);
	assert_int_equal(result.out.len, 0);
	result_free(&result);
}

/* Headers that are refused when they stand behind LEAST. */
static const struct refused {
	const char *header, *why;
} refused[] = {
	{ "Xref: a b:1\r\n", "Xref: is for the server to write" },
	{ "Injection-Info: a\r\n",
	  "Injection-Info: is for the server to write" },
	{ "Control: cancel <a@b>\r\n",
	  "Control: no article is cancelled or replaced by posting here" },
	{ "sUPERSEDES: <a@b>\r\n",
	  "Supersedes: no article is cancelled or replaced by posting here" },
	{ "Approved: me@example.org\r\n",
	  "Approved: no newsgroup here is moderated" },
	{ "Bcc: me@example.org\r\n", "Bcc: everybody would see it" },
	{ "NNTP-Posting-Host: a\r\n",
	  "NNTP-Posting-Host: is obsolete, leave it out" },
	{ "x-trace: a\r\n", "X-Trace: is obsolete, leave it out" },
	{ "Also-Control: a\r\n", "Also-Control: is obsolete, leave it out" },
	/* each once */
	{ FROM, "From: stands there twice" },
	{ "SUBJECT: again\r\n", "Subject: stands there twice" },
	{ "Organization: A\r\nOrganization: B\r\n",
	  "Organization: stands there twice" },
	{ "MIME-Version: 1.0\r\nMime-Version: 1.0\r\n",
	  "MIME-Version: stands there twice" },
	/* Message-ID */
	{ "Message-ID: 1@example.org\r\n",
	  "Message-ID: must look like <words@example.org>" },
	{ "Message-ID: <1>\r\n",
	  "Message-ID: must look like <words@example.org>" },
	{ "Message-ID: <@example.org>\r\n",
	  "Message-ID: must look like <words@example.org>" },
	{ "Message-ID: <a..b@example.org>\r\n",
	  "Message-ID: must look like <words@example.org>" },
	{ "Message-ID: <a b@example.org>\r\n",
	  "Message-ID: must look like <words@example.org>" },
	{ "Message-ID: <a. b@example.org>\r\n",
	  "Message-ID: must look like <words@example.org>" },
	{ "Message-ID: <a@b@example.org>\r\n",
	  "Message-ID: must look like <words@example.org>" },
	{ "Message-ID: <a@[b>c]>\r\n",
	  "Message-ID: must look like <words@example.org>" },
	{ "Message-ID: <a@b> <c@d>\r\n",
	  "Message-ID: must look like <words@example.org>" },
	{ "Message-ID: <s.abcdefghijklmnopqrstuvwxyz@OWN.test>\r\n",
	  "Message-ID: its right side is this server's own" },
	/* References */
	{ "References: yesterday's\r\n", "References: must be Message-IDs" },
	{ "References: <a@b> and <c@d>\r\n",
	  "References: must be Message-IDs" },
	{ "References: <a@b\r\n", "References: must be Message-IDs" },
	{ "References: <ab>\r\n", "References: must be Message-IDs" },
	/* dates */
	{ "Date: today\r\n",
	  "Date: must look like Sat, 26 Jul 2025 10:15:00 +0000" },
	{ "Date: 2025-07-26T10:15:00Z\r\n",
	  "Date: must look like Sat, 26 Jul 2025 10:15:00 +0000" },
	{ "Date: Sat, 26 Jul 2025\r\n",
	  "Date: must look like Sat, 26 Jul 2025 10:15:00 +0000" },
	{ "Date: Sat, 26 Jul 2025 10:15:00\r\n",
	  "Date: must look like Sat, 26 Jul 2025 10:15:00 +0000" },
	{ "Date: Sat, 31 Feb 2025 10:15:00 +0000\r\n",
	  "Date: must look like Sat, 26 Jul 2025 10:15:00 +0000" },
	{ "Date: Sun, 27 Jul 2025 10:15:01 +0000\r\n",
	  "Date: is in the future; is your clock right?" },
	{ "Date: Sat, 12 Jul 2025 10:14:59 +0000\r\n",
	  "Date: is too long ago; is your clock right?" },
	{ "Expires: soon\r\n",
	  "Expires: must look like Sat, 26 Jul 2025 10:15:00 +0000" },
	{ "Injection-Date: " DATE_NOW "\r\n", "Message-ID: is missing" },
	{ "Injection-Date: " DATE_NOW "\r\nMessage-ID: <a@b>\r\n",
	  "Date: is missing" },
	{ "Injection-Date: Sat, 12 Jul 2025 10:14:59 +0000\r\n",
	  "Injection-Date: is too long ago; is your clock right?" },
	/* Path */
	{ "Path: a!.POSTED!b\r\n",
	  "Path: must be names with \"!\" between them, and not say where it "
	  "was posted" },
	{ "Path: a!!b\r\n",
	  "Path: must be names with \"!\" between them, and not say where it "
	  "was posted" },
	{ "Path: a b\r\n",
	  "Path: must be names with \"!\" between them, and not say where it "
	  "was posted" },
	/* people */
	{ "Sender: nobody\r\n",
	  "Sender: must look like Ann <ann@example.org>" },
	{ "Reply-To: Ann <ann>\r\n",
	  "Reply-To: must look like Ann <ann@example.org>" },
	{ "Reply-To: <ann@>\r\n",
	  "Reply-To: must look like Ann <ann@example.org>" },
	{ "Reply-To: \"Ann <ann@example.org>\r\n",
	  "Reply-To: must look like Ann <ann@example.org>" },
	{ "Reply-To: (a (b) ann@example.org\r\n",
	  "Reply-To: must look like Ann <ann@example.org>" },
	{ "Reply-To: ann@example.org,\r\n",
	  "Reply-To: must look like Ann <ann@example.org>" },
	{ "Reply-To: Ann [at] <ann@example.org>\r\n",
	  "Reply-To: must look like Ann <ann@example.org>" },
	{ "Reply-To: ann@example.org Ann\r\n",
	  "Reply-To: must look like Ann <ann@example.org>" },
	{ "Reply-To: <ann@example.org> <bob@example.org>\r\n",
	  "Reply-To: must look like Ann <ann@example.org>" },
	/* Followup-To */
	{ "Followup-To: a,,b\r\n",
	  "Followup-To: \"\" is no name of a newsgroup" },
	{ "Followup-To: a b\r\n",
	  "Followup-To: \"a b\" is no name of a newsgroup" },
	/* how a line must look */
	{ "X-A:b\r\n", "header: line 4 has no space behind the colon" },
	{ "X A: b\r\n",
	  "header: line 4 does not begin with a name and a colon" },
	{ ": b\r\n", "header: line 4 does not begin with a name and a colon" },
	{ "words\r\n",
	  "header: line 4 does not begin with a name and a colon" },
	{ "X-\xc3\xbc: b\r\n",
	  "header: line 4 does not begin with a name and a colon" },
	{ "X-A: b\r\n  \r\n c\r\n",
	  "header: line 4 or one that goes on with it is empty" },
	{ "X-A: b\x1b[31m\r\n", "header: line 4 holds a control character" },
	{ "X-A: b\x7f\r\n", "header: line 4 holds a control character" },
	{ "X-A: a\r\n b\r\nX-B: \xff\r\n", "header: line 6 is not UTF-8" },
	{ "X-A: a\rb\r\n",
	  "article: line 4 has a line end that is not CR LF" },
	{ "X-A: a\nb\r\n",
	  "article: line 4 has a line end that is not CR LF" },
};

static void test_refused(void **state)
{
	char proto[1024];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refused); i++) {
		(void)snprintf(proto, sizeof(proto), LEAST "%s" TEXT,
			       refused[i].header);
		assert_refused(proto, strlen(proto), refused[i].why);
	}
}

/* Whole articles that are refused. */
static const struct refused articles[] = {
	{ "", "article: has no empty line between header and text" },
	{ "\r\n", "article: has no empty line between header and text" },
	{ TEXT, "article: has no empty line between header and text" },
	{ LEAST, "article: has no empty line between header and text" },
	{ LEAST "\r\n", "article: has no text" },
	{ "\r\n" TEXT,
	  "header: line 1 does not begin with a name and a colon" },
	{ " a: b\r\n" TEXT,
	  "header: line 1 does not begin with a name and a colon" },
	{ GROUPS SUBJECT TEXT, "From: is missing" },
	{ FROM SUBJECT TEXT, "Newsgroups: is missing" },
	{ FROM GROUPS TEXT, "Subject: is missing" },
	{ FROM GROUPS "Subject: \r\n" TEXT, "Subject: is missing" },
	{ FROM GROUPS "Subject:\r\n \r\n" TEXT, "Subject: is missing" },
	{ FROM SUBJECT "Newsgroups: a,\r\n" TEXT,
	  "Newsgroups: \"\" is no name of a newsgroup" },
	{ FROM SUBJECT "Newsgroups: a b\r\n" TEXT,
	  "Newsgroups: \"a b\" is no name of a newsgroup" },
	{ FROM SUBJECT "Newsgroups: a..b\r\n" TEXT,
	  "Newsgroups: \"a..b\" is no name of a newsgroup" },
	{ FROM SUBJECT "Newsgroups: a.*\r\n" TEXT,
	  "Newsgroups: \"a.*\" is no name of a newsgroup" },
	{ FROM SUBJECT "Newsgroups: a,b, a\r\n" TEXT,
	  "Newsgroups: \"a\" stands there twice" },
	{ FROM SUBJECT "Newsgroups: a,b,c,d,e,f,g,h,i,j,k\r\n" TEXT,
	  "Newsgroups: are too many" },
	{ LEAST "\r\nlonely\n\r\n",
	  "article: line 5 has a line end that is not CR LF" },
	{ LEAST "\r\na\rb\r\n",
	  "article: line 5 has a line end that is not CR LF" },
	{ LEAST "\r\ncut",
	  "article: line 5 has a line end that is not CR LF" },
};

static void test_articles(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(articles); i++)
		assert_refused(articles[i].header, strlen(articles[i].header),
			       articles[i].why);
	assert_refused(LEAST "\r\na\0b\r\n", sizeof(LEAST "\r\na\0b\r\n") - 1,
		       "article: line 5 holds a NUL");
}

static void test_long(void **state)
{
	struct nw_buf proto;
	struct result result;
	size_t i;

	(void)state;
	nw_buf_init(&proto, NW_POST_BYTES);
	nw_buf_adds(&proto, LEAST "\r\n");
	for (i = 0; i < NW_LINE_OCTETS; i++)
		nw_buf_addc(&proto, '.');
	nw_buf_adds(&proto, "\r\n");
	inject(&result, proto.data, proto.len, &plain);
	assert_int_equal(result.code, 0);
	result_free(&result);
	nw_buf_cut(&proto, proto.len - 2);
	nw_buf_adds(&proto, ".\r\n");
	assert_refused(proto.data, proto.len,
		       "article: line 5 is longer than 998 octets");
	nw_buf_reset(&proto);
	nw_buf_adds(&proto, LEAST);
	while (proto.len <= NW_POST_HEAD_BYTES)
		nw_buf_adds(&proto, "X-Padding: padding\r\n");
	nw_buf_adds(&proto, TEXT);
	assert_refused(proto.data, proto.len,
		       "header: is longer than 32768 octets");
	nw_buf_free(&proto);
}

/* What comes in, and what comes out of it whole. */
static const struct taken {
	const char *proto, *article, *message_id;
	int64_t date_utc;
} taken[] = {
	{ LEAST TEXT, OWN LEAST OWN_ID "Date: " DATE_NOW "\r\n" INJECTED TEXT,
	  "<p.g5dqr77xogo5lf46zb25k3gsfa@own.test>", NOW },
	/* what the client says of itself stays; so do MIME and 8 bits */
	{ LEAST "Message-ID: <1@client.test>\r\n"
	  "Date: Sat, 26 Jul 2025 12:14:00 +0200 (CEST)\r\n"
	  "References: <a@b>\r\n <c@d> <strange..id@e>\r\n"
	  "MIME-Version: 1.0\r\n"
	  "Content-Type: text/plain; charset=iso-8859-1\r\n"
	  "X-Face: a\r\nX-Face: b\r\n\r\n.\xfc\r\n\r\n-- \r\nAnn\r\n",
	  OWN LEAST "Message-ID: <1@client.test>\r\n"
	  "Date: Sat, 26 Jul 2025 12:14:00 +0200 (CEST)\r\n"
	  "References: <a@b>\r\n <c@d> <strange..id@e>\r\n"
	  "MIME-Version: 1.0\r\n"
	  "Content-Type: text/plain; charset=iso-8859-1\r\n"
	  "X-Face: a\r\nX-Face: b\r\n" INJECTED
	  "\r\n.\xfc\r\n\r\n-- \r\nAnn\r\n",
	  "<1@client.test>", NOW - 60 },
	/* empty ones go; Path is put in front */
	{ "Path: client.test!ann\r\nSummary: \r\nFollowup-To:\r\n " "\r\n"
	  LEAST TEXT,
	  "Path: news.test!.POSTED!client.test!ann\r\n" LEAST OWN_ID
	  "Date: " DATE_NOW "\r\n" INJECTED TEXT,
	  "<p.g5dqr77xogo5lf46zb25k3gsfa@own.test>", NOW },
	/* injected elsewhere too (RFC 5537 section 3.4.2) */
	{ LEAST "Message-ID: <1@[::1]>\r\nDate: 26 Jul 2025 10:14 GMT\r\n"
	  "Injection-Date: Fri, 25 Jul 2025 10:15:00 +0000\r\n" TEXT,
	  OWN LEAST "Message-ID: <1@[::1]>\r\n"
	  "Date: 26 Jul 2025 10:14 GMT\r\n"
	  "Injection-Date: Fri, 25 Jul 2025 10:15:00 +0000\r\n" INFO TEXT,
	  "<1@[::1]>", NOW - 60 },
};

static void test_taken(void **state)
{
	struct result result;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(taken); i++) {
		inject(&result, taken[i].proto, strlen(taken[i].proto),
		       &plain);
		assert_string_equal(result.err.text, "");
		assert_string_equal(result.out.data, taken[i].article);
		assert_string_equal(result.injected.message_id,
				    taken[i].message_id);
		assert_int_equal(result.injected.date_utc, taken[i].date_utc);
		assert_int_equal(result.injected.group_count, 1);
		assert_string_equal(result.injected.groups[0], "local.talk");
		result_free(&result);
	}
}

/* Headers that are taken as they are, in place of From or behind LEAST. */
static const char *const fine[] = {
	"Reply-To: ann@example.org\r\n",
	"Reply-To: ann@example.org (Ann (the first) \\) of her name)\r\n",
	"Reply-To: \"Ann \\\"A\\\" <b>, C\" <\"ann b\"@example.org>\r\n",
	"Reply-To: =?UTF-8?Q?=C3=84nn?= <ann+news@example.org>\r\n",
	"Reply-To: \xc3\x84nn B. <ann@b\xc3\xbc" "cher.example>\r\n",
	"Reply-To: a@example.org,\r\n\tBob\r\n <b@[192.0.2.1]>\r\n",
	"Followup-To: poster\r\n",
	"Followup-To: a.b, c.d-e+f_g\r\n",
	"Message-ID: <a.b+c$1@[192.0.2.1]>\r\n",
	"Message-ID: <1@notown.test>\r\n",
	"References: <a@b><c@d>\r\n",
	"Date: Sat, 26 Jul 2025 10:15 UT\r\n",
	"Date: Sun, 27 Jul 2025 10:15:00 +0000\r\n",
	"Date: Sat, 12 Jul 2025 10:15:00 +0000\r\n",
	"Expires: Mon, 26 Jul 2027 10:15:00 +0000\r\n",
	"X-A: \xe6\x96\xb0\xe8\x81\x9e\r\n",
	"User-Agent: slrn/1.0.3\r\nLines: 1\r\nOrganization: none\r\n",
};

static void test_fine(void **state)
{
	struct result result;
	char proto[1024];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(fine); i++) {
		(void)snprintf(proto, sizeof(proto), LEAST "%s" TEXT, fine[i]);
		inject(&result, proto, strlen(proto), &plain);
		assert_string_equal(result.err.text, "");
		assert_non_null(strstr(result.out.data, fine[i]));
		result_free(&result);
	}
}

static void test_groups(void **state)
{
	static const char proto[] = FROM SUBJECT
		"Newsgroups: a.b,\r\n\tc.d , e\r\n" TEXT;
	struct result result;

	(void)state;
	inject(&result, proto, sizeof(proto) - 1, &plain);
	assert_int_equal(result.code, 0);
	assert_int_equal(result.injected.group_count, 3);
	assert_string_equal(result.injected.groups[0], "a.b");
	assert_string_equal(result.injected.groups[1], "c.d");
	assert_string_equal(result.injected.groups[2], "e");
	result_free(&result);
}

/* Who posted it is told in quoted strings, whatever the name. */
static void test_info(void **state)
{
	struct nw_inject by = plain;
	struct result result;

	(void)state;
	by.account = "a\"b\\c\r\nBcc: \xc3\xbc";
	by.host = "2001:db8::1";
	inject(&result, LEAST TEXT, sizeof(LEAST TEXT) - 1, &by);
	assert_int_equal(result.code, 0);
	assert_non_null(strstr(result.out.data,
			       "\r\nInjection-Info: news.test;\r\n"
			       " posting-host=\"2001:db8::1\";\r\n"
			       " posting-account=\"a\\\"b\\\\c??Bcc: ??\"\r\n"
			       "\r\nWell"));
	result_free(&result);
}

/* Nobody can guess the next Message-ID. */
static void test_chance(void **state)
{
	struct nw_inject by = plain;
	struct result one, other;

	(void)state;
	inject(&one, LEAST TEXT, sizeof(LEAST TEXT) - 1, &by);
	by.chance[NW_INJECT_CHANCE_OCTETS - 1]++;
	inject(&other, LEAST TEXT, sizeof(LEAST TEXT) - 1, &by);
	assert_string_not_equal(one.injected.message_id,
				other.injected.message_id);
	result_free(&one);
	result_free(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),	cmocka_unit_test(test_articles),
		cmocka_unit_test(test_long),	cmocka_unit_test(test_taken),
		cmocka_unit_test(test_fine),	cmocka_unit_test(test_groups),
		cmocka_unit_test(test_info),	cmocka_unit_test(test_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
