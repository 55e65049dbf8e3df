/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mailboxes of the kind Maildir.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../gateway/deliver/letter_private.h"
#include "mailbox_fixture.h"

static const char *name_of(struct mailbox_fixture *fixture,
			   const char *message_id)
{
	return nw_arena_printf(fixture->arena, "1753524840.%s.newswire",
			       nw_letter_key(fixture->arena, message_id));
}

/* From new to a folder, with flags. */
static void move_to(struct mailbox_fixture *fixture, const char *folder,
		    const char *message_id, const char *flags)
{
	const char *name = name_of(fixture, message_id);
	const char *from = nw_arena_printf(fixture->arena, "d/new/%s", name);
	const char *to = nw_arena_printf(fixture->arena, "d/%s/%s%s", folder,
					 name, flags);

	assert_int_equal(rename(mailbox_path(fixture, from),
				mailbox_path(fixture, to)),
			 0);
}

/* As most readers do. */
static void move(struct mailbox_fixture *fixture, const char *message_id,
		 const char *flags)
{
	move_to(fixture, "cur", message_id, flags);
}

static void test_append(void **state)
{
	struct mailbox_fixture *fixture = *state;
	const char *name = name_of(fixture, "<1@x>");
	struct stat st;

	mailbox_open(fixture, "maildir", "d");
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 0);
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	assert_string_equal(mailbox_list(fixture, "d"), "cur\nnew\ntmp\n");
	assert_string_equal(mailbox_list(fixture, "d/tmp"), "");
	assert_string_equal(mailbox_list(fixture, "d/new"),
			    nw_arena_printf(fixture->arena, "%s\n", name));
	name = nw_arena_printf(fixture->arena, "d/new/%s", name);
	assert_string_equal(mailbox_read(fixture, name),
			    "From: Jane Doe <jane@example.invalid>\n"
			    "Subject: About <1@x>\n"
			    "Date: Sat, 26 Jul 2025 10:14:00 +0000\n"
			    "Message-ID: <1@x>\n\n"
			    "The body of <1@x>.\n");
	assert_int_equal(stat(mailbox_path(fixture, name), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(st.st_mtime == MAILBOX_DATE);
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 1);
	move(fixture, "<1@x>", ":2,RS");
	mailbox_open(fixture, "maildir", "d");
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<2@x>"), 0);
}

static void test_plus(void **state)
{
	struct mailbox_fixture *fixture = *state;

	mailbox_open(fixture, "maildir", "m/.{group}");
	assert_string_equal(mailbox_list(fixture, "m"), ".com.example\n");
	assert_string_equal(mailbox_list(fixture, "m/.com.example"),
			    "cur\nmaildirfolder\nnew\ntmp\n");
}

/* The new one has the old one's flags and place, and is the only one. */
static void test_replace(void **state)
{
	struct mailbox_fixture *fixture = *state;

	mailbox_open(fixture, "maildir", "d");
	mailbox_replace(fixture, "<1@x>", "<2@x>", 0);
	assert_string_equal(mailbox_list(fixture, "d/new"), "");
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	mailbox_replace(fixture, "<1@x>", "<2@x>", 1);
	assert_string_equal(mailbox_list(fixture, "d/new"),
			    nw_arena_printf(fixture->arena, "%s\n",
					    name_of(fixture, "<2@x>")));
	move(fixture, "<2@x>", ":2,FRS");
	mailbox_replace(fixture, "<2@x>", "<3@x>", 1);
	assert_string_equal(mailbox_list(fixture, "d/new"), "");
	assert_string_equal(mailbox_list(fixture, "d/cur"),
			    nw_arena_printf(fixture->arena, "%s:2,FRS\n",
					    name_of(fixture, "<3@x>")));
	assert_string_equal(mailbox_list(fixture, "d/tmp"), "");
	assert_int_equal(mailbox_has(fixture, "<2@x>"), 0);
}

/* Nothing can take its own place: it stays. */
static void test_replace_itself(void **state)
{
	struct mailbox_fixture *fixture = *state;

	mailbox_open(fixture, "maildir", "d");
	mailbox_replace(fixture, "<1@x>", "<1@x>", 0);
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	mailbox_replace(fixture, "<1@x>", "<1@x>", 1);
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 1);
}

/* mutt flags an unread message where it is. */
static void test_replace_flagged_in_new(void **state)
{
	struct mailbox_fixture *fixture = *state;

	mailbox_open(fixture, "maildir", "d");
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	move_to(fixture, "new", "<1@x>", ":2,F");
	mailbox_open(fixture, "maildir", "d");
	mailbox_replace(fixture, "<1@x>", "<2@x>", 1);
	assert_string_equal(mailbox_list(fixture, "d/new"),
			    nw_arena_printf(fixture->arena, "%s:2,F\n",
					    name_of(fixture, "<2@x>")));
	assert_string_equal(mailbox_list(fixture, "d/cur"), "");
}

/* Interrupted between its two halves: both are there, and the flags are on the
 * new one already. */
static void test_replace_again(void **state)
{
	struct mailbox_fixture *fixture = *state;

	mailbox_open(fixture, "maildir", "d");
	mailbox_append(fixture, "<1@x>");
	mailbox_append(fixture, "<2@x>");
	mailbox_sync(fixture);
	move(fixture, "<1@x>", ":2,S");
	move(fixture, "<2@x>", ":2,S");
	mailbox_replace(fixture, "<1@x>", "<2@x>", 1);
	assert_string_equal(mailbox_list(fixture, "d/cur"),
			    nw_arena_printf(fixture->arena, "%s:2,S\n",
					    name_of(fixture, "<2@x>")));
	assert_string_equal(mailbox_list(fixture, "d/new"), "");
}

/* A reader gives the old one flags between the look and the replacement. */
static void test_moved_meanwhile(void **state)
{
	struct mailbox_fixture *fixture = *state;

	mailbox_open(fixture, "maildir", "d");
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 1);
	move(fixture, "<1@x>", ":2,S");
	mailbox_replace(fixture, "<1@x>", "<2@x>", 1);
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 0);
	assert_int_equal(mailbox_has(fixture, "<2@x>"), 1);
	assert_string_equal(mailbox_list(fixture, "d/cur"), "");
}

/* Files of others, and names that only look like ours. */
static void test_others(void **state)
{
	struct mailbox_fixture *fixture = *state;
	const char *key = nw_letter_key(fixture->arena, "<1@x>");
	size_t i;
	const char *names[] = {
		"d/new/1.x.host", "d/cur/2.y.host:2,S",
		nw_arena_printf(fixture->arena, "d/cur/%s.newswire", key),
		nw_arena_printf(fixture->arena, "d/cur/.%s.newswire", key),
		nw_arena_printf(fixture->arena, "d/cur/1.%s.newswired", key),
		nw_arena_printf(fixture->arena, "d/cur/1.%s", key),
		nw_arena_printf(fixture->arena, "d/tmp/1.%s.newswire", key),
	};

	mailbox_open(fixture, "maildir", "d");
	for (i = 0; i < COUNT(names); i++)
		mailbox_write(fixture, names[i], "x");
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 0);
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	for (i = 0; i < COUNT(names); i++)
		assert_string_equal(mailbox_read(fixture, names[i]), "x");
}

static void test_full(void **state)
{
	struct mailbox_fixture *fixture = *state;
	struct rlimit before, limit;
	struct nw_letter letter;

	mailbox_open(fixture, "maildir", "d");
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
	assert_non_null(strstr(fixture->err.text, "/d/tmp/"));
	assert_string_equal(mailbox_list(fixture, "d/tmp"), "");
	assert_string_equal(mailbox_list(fixture, "d/new"), "");
}

static void test_unusable(void **state)
{
	struct mailbox_fixture *fixture = *state;
	struct nw_mailbox *mailbox = NULL;

	mailbox_open(fixture, "maildir", "x/d");
	mailbox_write(fixture, "file", "x");
	fixture->target.path = mailbox_path(fixture, "file/d");
	mailbox_failed(fixture,
		       nw_mailbox_open(&mailbox, &fixture->target,
				       "com.example", &fixture->err),
		       NW_ERROR_IO, "no folder");
	fixture->target.path = mailbox_path(fixture, "file");
	mailbox_failed(fixture,
		       nw_mailbox_open(&mailbox, &fixture->target,
				       "com.example", &fixture->err),
		       NW_ERROR_IO, "/file: a part of its path is no folder");
}

#define CASE(function) \
	cmocka_unit_test_setup_teardown(function, mailbox_setup, \
					mailbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_append),	    CASE(test_plus),
		CASE(test_replace),	    CASE(test_replace_again),
		CASE(test_replace_flagged_in_new), CASE(test_replace_itself),
		CASE(test_moved_meanwhile), CASE(test_others),
		CASE(test_full),	    CASE(test_unusable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
