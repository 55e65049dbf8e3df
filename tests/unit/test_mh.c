/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mailboxes of the kind MH.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../gateway/deliver/letter_private.h"
#include "../../gateway/deliver/mh_private.h"
#include "mailbox_fixture.h"

static void test_append(void **state)
{
	struct mailbox_fixture *fixture = *state;
	struct stat st;

	mailbox_open(fixture, "mh", "d");
	mailbox_append(fixture, "<1@x>");
	mailbox_append(fixture, "<2@x>");
	mailbox_sync(fixture);
	assert_string_equal(mailbox_list(fixture, "d"),
			    ".mh_sequences\n1\n2\n");
	assert_string_equal(mailbox_read(fixture, "d/2"),
			    "From: Jane Doe <jane@example.invalid>\n"
			    "Subject: About <2@x>\n"
			    "Date: Sat, 26 Jul 2025 10:14:00 +0000\n"
			    "Message-ID: <2@x>\n\n"
			    "The body of <2@x>.\n");
	assert_string_equal(mailbox_read(fixture, "d/.mh_sequences"),
			    "unseen: 1-2\n");
	assert_int_equal(stat(mailbox_path(fixture, "d/1"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_nlink, 1);
	assert_true(st.st_mtime == MAILBOX_DATE);
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<3@x>"), 0);
}

/* Numbers go on behind the last one, and none of another program is taken. */
static void test_numbers(void **state)
{
	struct mailbox_fixture *fixture = *state;

	assert_int_equal(mkdir(mailbox_path(fixture, "d"), 0700), 0);
	mailbox_write(fixture, "d/7", "Message-ID: <7@x>\n\nx\n");
	mailbox_write(fixture, "d/007", "x");
	mailbox_write(fixture, "d/99x", "x");
	mailbox_write(fixture, "d/,12", "x");
	mailbox_open(fixture, "mh", "d");
	mailbox_append(fixture, "<8@x>");
	/* Another program is faster. */
	mailbox_write(fixture, "d/9", "Message-ID: <9@x>\n\nx\n");
	mailbox_append(fixture, "<10@x>");
	mailbox_sync(fixture);
	assert_string_equal(mailbox_list(fixture, "d"),
			    ",12\n.mh_sequences\n007\n10\n7\n8\n9\n99x\n");
	assert_string_equal(mailbox_read(fixture, "d/9"),
			    "Message-ID: <9@x>\n\nx\n");
	assert_int_equal(mailbox_has(fixture, "<7@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<9@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<10@x>"), 1);
}

static void test_unseen(void **state)
{
	static const struct {
		const char *before, *after;
		long number;
	} cases[] = {
		{ NULL, "unseen: 5\n", 5 },
		{ "", "unseen: 5\n", 5 },
		{ "cur: 3\n", "cur: 3\nunseen: 5\n", 5 },
		{ "unseen: 4\n", "unseen: 4-5\n", 5 },
		{ "unseen: 1-4\n", "unseen: 1-5\n", 5 },
		{ "unseen: 1 3-4  \n", "unseen: 1 3-5\n", 5 },
		{ "unseen: 3\n", "unseen: 3 5\n", 5 },
		{ "unseen: 5\n", "unseen: 5\n", 5 },
		{ "unseen: 3-5\n", "unseen: 3-5\n", 5 },
		{ "unseen: 9\n", "unseen: 9 5\n", 5 },
		{ "unseen:\n", "unseen: 5\n", 5 },
		{ "unseen: x\n", "unseen: x 5\n", 5 },
		{ "unseen: 4\nflagged: 1\ncur: 4",
		  "unseen: 4-5\nflagged: 1\ncur: 4\n", 5 },
	};
	struct mailbox_fixture *fixture = *state;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		(void)unlink(mailbox_path(fixture, ".mh_sequences"));
		if (cases[i].before)
			mailbox_write(fixture, ".mh_sequences",
				      cases[i].before);
		mailbox_expect(fixture, 0,
			       nw_mh_add_unseen(fixture->dir, cases[i].number,
						&fixture->err));
		assert_string_equal(mailbox_read(fixture, ".mh_sequences"),
				    cases[i].after);
		assert_string_equal(mailbox_list(fixture, ""),
				    ".mh_sequences\n");
	}
}

/* The number stays, and with it what the sequences say. */
static void test_replace(void **state)
{
	struct mailbox_fixture *fixture = *state;

	mailbox_open(fixture, "mh", "d");
	mailbox_replace(fixture, "<1@x>", "<2@x>", 0);
	mailbox_append(fixture, "<1@x>");
	mailbox_append(fixture, "<5@x>");
	mailbox_sync(fixture);
	mailbox_write(fixture, "d/.mh_sequences", "flagged: 1\nunseen: 2\n");
	mailbox_replace(fixture, "<1@x>", "<2@x>", 1);
	assert_string_equal(mailbox_list(fixture, "d"),
			    ".mh_sequences\n1\n2\n");
	assert_string_equal(mailbox_read(fixture, "d/.mh_sequences"),
			    "flagged: 1\nunseen: 2\n");
	assert_non_null(strstr(mailbox_read(fixture, "d/1"),
			       "Message-ID: <2@x>\n\nNew.\n"));
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 0);
	/* The letter is there already: only the old one goes. */
	mailbox_replace(fixture, "<5@x>", "<2@x>", 1);
	assert_string_equal(mailbox_list(fixture, "d"), ".mh_sequences\n1\n");
}

/* What a run left that was killed between link and unlink. */
static void test_leftover(void **state)
{
	struct mailbox_fixture *fixture = *state;
	const char *name = nw_arena_printf(
		fixture->arena, "d/.newswire-%s",
		nw_letter_key(fixture->arena, "<1@x>"));

	mailbox_open(fixture, "mh", "d");
	mailbox_write(fixture, name, "half of a mess");
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 0);
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	mailbox_write(fixture, name, "half of a mess");
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 1);
	assert_string_equal(mailbox_list(fixture, "d"), ".mh_sequences\n1\n");
}

static void test_full(void **state)
{
	struct mailbox_fixture *fixture = *state;
	struct rlimit before, limit;
	struct nw_letter letter;

	mailbox_open(fixture, "mh", "d");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 100;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	letter = mailbox_letter(fixture, "<1@x>", "x\r\n");
	mailbox_failed(fixture,
		       nw_mailbox_append(fixture->mailbox, &letter,
					 &fixture->err),
		       NW_ERROR_IO, "the file has reached the limit");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_string_equal(mailbox_list(fixture, "d"), "");
}

#define CASE(function) \
	cmocka_unit_test_setup_teardown(function, mailbox_setup, \
					mailbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_append),  CASE(test_numbers),
		CASE(test_unseen),  CASE(test_replace),
		CASE(test_leftover), CASE(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
