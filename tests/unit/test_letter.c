/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Articles as mail, and mail as it stands in an mbox file.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "../../gateway/deliver/letter_private.h"
#include "../../gateway/deliver/mbox_private.h"
#include "mailbox_fixture.h"
#include "newswire/limits.h"
#include "newswire/wire.h"

static const char article[] =
	"Path: news.example!not-for-mail\r\n"
	"From: Jane Doe <jane@example.invalid>\r\n"
	"Newsgroups: com.example,org.example\r\n"
	"Subject: A subject that is\r\n"
	" folded\r\n"
	"Date: Sat, 26 Jul 2025 10:14:00 +0000\r\n"
	"Message-ID: <2@x>\r\n"
	"Supersedes: <1@x>\r\n"
	"References: <0@x>\r\n"
	"\t<00@x>\r\n"
	"INJECTION-DATE: Sat, 26 Jul 2025 10:15:00 +0000\r\n"
	"Injection-Info: news.example;\r\n"
	" posting-host=\"x\"\r\n"
	"List-Id: <com.example>\r\n"
	"MIME-Version: 1.0\r\n"
	"\r\n"
	"Path: of a body\r\n"
	".\r\n"
	"..two dots\r\n"
	"Xref: of a body\r\n"
	"\303\274 in eight bits\r\n";

static const char letter[] =
	"From: Jane Doe <jane@example.invalid>\r\n"
	"X-Newsgroups: com.example,org.example\r\n"
	"Subject: A subject that is\r\n"
	" folded\r\n"
	"Date: Sat, 26 Jul 2025 10:14:00 +0000\r\n"
	"Message-ID: <2@x>\r\n"
	"Supersedes: <1@x>\r\n"
	"References: <0@x>\r\n"
	"\t<00@x>\r\n"
	"List-Id: <com.example>\r\n"
	"MIME-Version: 1.0\r\n"
	"\r\n"
	"Path: of a body\r\n"
	".\r\n"
	"..two dots\r\n"
	"Xref: of a body\r\n"
	"\303\274 in eight bits\r\n";

static void test_article(void **state)
{
	struct mailbox_fixture *fixture = *state;
	struct nw_stored_article stored = { .message_id = "<2@x>" };
	struct nw_buf wire, out;

	nw_buf_init(&wire, NW_STORE_WIRE_BYTES);
	nw_buf_init(&out, NW_STORE_WIRE_BYTES);
	mailbox_expect(fixture, 0,
		       nw_wire_write(&wire, article, strlen(article),
				     "news.example com.example:1",
				     &stored.head_len, &fixture->err));
	assert_non_null(strstr(wire.data, "Xref: news.example"));
	stored.wire = wire.data;
	stored.wire_len = wire.len;
	mailbox_expect(fixture, 0,
		       nw_letter_write(&out, &stored, &fixture->err));
	assert_string_equal(out.data, letter);
	nw_buf_free(&out);
	nw_buf_free(&wire);
}

static void test_broken(void **state)
{
	static const char wire[] = "Subject: no end\r\n\r\nbody\r\n";
	struct mailbox_fixture *fixture = *state;
	struct nw_stored_article stored = { .message_id = "<2@x>",
					    .wire = wire,
					    .wire_len = strlen(wire),
					    .head_len = 17 };
	struct nw_buf out;

	nw_buf_init(&out, NW_STORE_WIRE_BYTES);
	mailbox_failed(fixture, nw_letter_write(&out, &stored, &fixture->err),
		       NW_ERROR_DATA, "wire form");
	assert_int_equal(out.len, 0);
	nw_buf_free(&out);
}

static void test_lf(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "", "" },		  { "a", "a\n" },
		{ "a\r\n", "a\n" },	  { "a\n", "a\n" },
		{ "\r\n", "\n" },	  { "\n", "\n" },
		{ "a\r\n\r\nb", "a\n\nb\n" }, { "a\rb\r\n", "a\rb\n" },
	};
	struct nw_buf out;
	size_t i;

	(void)state;
	nw_buf_init(&out, 64);
	for (i = 0; i < COUNT(cases); i++) {
		nw_buf_reset(&out);
		nw_letter_lf(&out, cases[i].in, strlen(cases[i].in));
		assert_string_equal(out.data, cases[i].out);
	}
	nw_buf_free(&out);
}

/* One ">" more, which can be undone, whatever stood there. */
static void test_mboxrd(void **state)
{
	static const struct {
		const char *body, *quoted;
	} cases[] = {
		{ "From here\r\n", ">From here\n" },
		{ ">From here\r\n", ">>From here\n" },
		{ ">>>From here\r\n", ">>>>From here\n" },
		{ "From", "From\n" },
		{ "From:\r\n", "From:\n" },
		{ " From here\r\n", " From here\n" },
		{ "> From here\r\n", "> From here\n" },
		{ "from here\r\n", "from here\n" },
		{ "a\r\nFrom b\r\n\r\nFrom c\r\n",
		  "a\n>From b\n\n>From c\n" },
		{ ">", ">\n" },
		{ "", "" },
	};
	struct mailbox_fixture *fixture = *state;
	struct nw_buf out;
	size_t i;

	nw_buf_init(&out, 1 << 20);
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_letter one =
			mailbox_letter(fixture, "<1@x>", cases[i].body);

		nw_buf_reset(&out);
		nw_mbox_write(&out, &one);
		assert_string_equal(
			out.data,
			nw_arena_printf(fixture->arena,
				"From newswire@newswire.invalid Sat Jul 26 "
				"10:14:00 2025\n"
				"From: Jane Doe <jane@example.invalid>\n"
				"Subject: About <1@x>\n"
				"Date: Sat, 26 Jul 2025 10:14:00 +0000\n"
				"Message-ID: <1@x>\n"
				"\n"
				"%s\n", cases[i].quoted));
	}
	nw_buf_free(&out);
}

#define CASE(function) \
	cmocka_unit_test_setup_teardown(function, mailbox_setup, \
					mailbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_article),
		CASE(test_broken),
		CASE(test_lf),
		CASE(test_mboxrd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
