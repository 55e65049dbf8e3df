/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mailboxes of one file.
 */
#include "config.h"

#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "mailbox_fixture.h"

#define FROM "From newswire@newswire.invalid Sat Jul 26 10:14:00 2025\n"
#define MESSAGE(id) \
	FROM "From: Jane Doe <jane@example.invalid>\n" \
	"Subject: About " id "\n" \
	"Date: Sat, 26 Jul 2025 10:14:00 +0000\n" \
	"Message-ID: " id "\n\nThe body of " id ".\n\n"
#define FOREIGN \
	"From someone@example.org Sat Jul 26 11:00:00 2025\n" \
	"message-id:\n <foreign@x>\n\nHello\n\n"

static void test_append(void **state)
{
	struct mailbox_fixture *fixture = *state;
	struct stat st;

	mailbox_open(fixture, "mbox", "deep/er/box");
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 0);
	mailbox_append(fixture, "<1@x>");
	mailbox_append(fixture, "<2@x>");
	assert_non_null(mailbox_read(fixture, "deep/er/box.lock"));
	mailbox_sync(fixture);
	assert_null(mailbox_read(fixture, "deep/er/box.lock"));
	assert_string_equal(mailbox_read(fixture, "deep/er/box"),
			    MESSAGE("<1@x>") MESSAGE("<2@x>"));
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<2@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<3@x>"), 0);
	assert_int_equal(stat(mailbox_path(fixture, "deep/er/box"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* A message begins behind an empty line, whatever the file ended with. */
static void test_ends(void **state)
{
	static const struct {
		const char *before, *between;
	} cases[] = {
		{ "", "" },
		{ "x", "\n\n" },
		{ "\n", "" },
		{ "x\n", "\n" },
		{ "x\n\n", "" },
		{ "xyz", "\n\n" },
	};
	struct mailbox_fixture *fixture = *state;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		mailbox_write(fixture, "box", cases[i].before);
		mailbox_open(fixture, "mbox", "box");
		mailbox_append(fixture, "<1@x>");
		mailbox_sync(fixture);
		assert_string_equal(
			mailbox_read(fixture, "box"),
			nw_arena_printf(fixture->arena, "%s%s%s",
					cases[i].before, cases[i].between,
					MESSAGE("<1@x>")));
	}
}

/* What is a message and what only looks like one. */
static void test_has(void **state)
{
	struct mailbox_fixture *fixture = *state;
	char text[4000];

	(void)snprintf(text, sizeof(text),
		       "From a Sat Jul 26 11:00:00 2025\r\n"
		       "Message-ID: <crlf@x>\r\n\r\n"
		       "Message-ID: <body@x>\r\n"
		       "From inside a paragraph\r\n"
		       "Message-ID: <inside@x>\r\n\r\n"
		       FOREIGN
		       "From b Sat Jul 26 11:00:00 2025\n"
		       "X-Long: %01500d\n"
		       "MESSAGE-ID:   <long@x>  \n"
		       "Message-ID: <second@x>\n\n"
		       "%01200d\n\n"
		       "From c Sat Jul 26 11:00:00 2025\nSubject: none\n\n", 0,
		       0);
	mailbox_write(fixture, "box", text);
	mailbox_open(fixture, "mbox", "box");
	assert_int_equal(mailbox_has(fixture, "<crlf@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<foreign@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<long@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<body@x>"), 0);
	assert_int_equal(mailbox_has(fixture, "<inside@x>"), 0);
	assert_int_equal(mailbox_has(fixture, "<second@x>"), 0);
}

static void test_replace(void **state)
{
	struct mailbox_fixture *fixture = *state;
	struct nw_letter letter = mailbox_letter(fixture, "<2@x>", "b\r\n");

	mailbox_open(fixture, "mbox", "box");
	mailbox_append(fixture, "<1@x>");
	mailbox_expect(fixture, 0,
		       nw_mailbox_replace(fixture->mailbox, "<1@x>", &letter,
					  &fixture->err));
	mailbox_sync(fixture);
	assert_string_equal(mailbox_read(fixture, "box"), MESSAGE("<1@x>"));
}

/* A batch that was interrupted at any octet: what it left in part goes, what is
 * whole before it stays, and so does what was there before. */
static void test_restore(void **state)
{
	static const char before[] = FOREIGN;
	static const char batch[] = MESSAGE("<1@x>") MESSAGE("<2@x>");
	struct mailbox_fixture *fixture = *state;
	const size_t first = strlen(MESSAGE("<1@x>"));
	size_t len;
	char *text;

	for (len = 0; len <= strlen(batch); len++) {
		mailbox_write(fixture, "box",
			      nw_arena_printf(fixture->arena, "%s%.*s",
					      before, (int)len, batch));
		mailbox_open(fixture, "mbox", "box");
		mailbox_expect(fixture, 0,
			       nw_mailbox_restore(fixture->mailbox,
						  (int64_t)strlen(before),
						  &fixture->err));
		/* Less than a beginning counts to the message before it. */
		text = mailbox_read(fixture, "box");
		assert_memory_equal(text, before, strlen(before));
		text += strlen(before);
		if (len < first + 5)
			assert_string_equal(text, "");
		else
			assert_string_equal(text, MESSAGE("<1@x>"));
		assert_int_equal(mailbox_has(fixture, "<1@x>"), *text != 0);
		assert_int_equal(mailbox_has(fixture, "<2@x>"), 0);
		assert_int_equal(mailbox_has(fixture, "<foreign@x>"), 1);
	}
}

/* What another program did meanwhile is not undone. */
static void test_restore_others(void **state)
{
	static const struct {
		const char *text;
		int64_t mark;
		int has_1, has_2;
	} cases[] = {
		/* It has written behind the batch: the last one is in doubt. */
		{ MESSAGE("<1@x>") MESSAGE("<2@x>") FOREIGN, 0, 1, 0 },
		/* It has written the file anew. */
		{ FOREIGN MESSAGE("<1@x>"), 20, 1, 0 },
		{ FOREIGN MESSAGE("<1@x>"), 0, 1, 0 },
		/* It has put a state into the last message. */
		{ MESSAGE("<1@x>") FROM "Message-ID: <2@x>\nStatus: RO\n\nx\n",
		  0, 1, 1 },
		/* It has made the file shorter. */
		{ MESSAGE("<1@x>"), 4000, 1, 0 },
	};
	struct mailbox_fixture *fixture = *state;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		mailbox_write(fixture, "box", cases[i].text);
		mailbox_open(fixture, "mbox", "box");
		mailbox_expect(fixture, 0,
			       nw_mailbox_restore(fixture->mailbox,
						  cases[i].mark,
						  &fixture->err));
		assert_string_equal(mailbox_read(fixture, "box"),
				    cases[i].text);
		assert_int_equal(mailbox_has(fixture, "<1@x>"),
				 cases[i].has_1);
		assert_int_equal(mailbox_has(fixture, "<2@x>"),
				 cases[i].has_2);
	}
}

/* A file that may not grow: cut back, a clear error, and another message that
 * has room is put there all the same. */
/* Interrupted twice, and each time another program came after it. */
static void test_restore_twice(void **state)
{
	struct mailbox_fixture *fixture = *state;

	mailbox_write(fixture, "box",
		      MESSAGE("<1@x>") MESSAGE("<2@x>") FOREIGN
		      MESSAGE("<2@x>") MESSAGE("<3@x>") FOREIGN
		      MESSAGE("<4@x>") FROM "Message-ID: <5@x>\n\nha");
	mailbox_open(fixture, "mbox", "box");
	mailbox_expect(fixture, 0,
		       nw_mailbox_restore(fixture->mailbox, 0, &fixture->err));
	assert_string_equal(mailbox_read(fixture, "box"),
			    MESSAGE("<1@x>") MESSAGE("<2@x>") FOREIGN
			    MESSAGE("<2@x>") MESSAGE("<3@x>") FOREIGN
			    MESSAGE("<4@x>"));
	assert_int_equal(mailbox_has(fixture, "<1@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<2@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<3@x>"), 0);
	assert_int_equal(mailbox_has(fixture, "<4@x>"), 1);
	assert_int_equal(mailbox_has(fixture, "<5@x>"), 0);
	/* In doubt are only those of the batch, and only while it is. */
	mailbox_append(fixture, "<3@x>");
	mailbox_sync(fixture);
	assert_int_equal(mailbox_has(fixture, "<3@x>"), 1);
}

static void test_full(void **state)
{
	struct mailbox_fixture *fixture = *state;
	struct rlimit before, limit;
	struct nw_letter letter;
	size_t size;

	mailbox_open(fixture, "mbox", "box");
	mailbox_append(fixture, "<1@x>");
	size = strlen(MESSAGE("<1@x>"));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 2 * size + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	letter = mailbox_letter(fixture, "<2@x>",
				nw_arena_printf(fixture->arena, "%0900d\r\n",
						0));
	mailbox_failed(fixture,
		       nw_mailbox_append(fixture->mailbox, &letter,
					 &fixture->err),
		       NW_ERROR_IO, "/box: the file has reached the limit");
	assert_string_equal(mailbox_read(fixture, "box"), MESSAGE("<1@x>"));
	mailbox_append(fixture, "<3@x>");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	mailbox_sync(fixture);
	assert_string_equal(mailbox_read(fixture, "box"),
			    MESSAGE("<1@x>") MESSAGE("<3@x>"));
}

static void test_unusable(void **state)
{
	struct mailbox_fixture *fixture = *state;
	int64_t mark;

	assert_int_equal(mkdir(mailbox_path(fixture, "box"), 0700), 0);
	mailbox_open(fixture, "mbox", "box");
	mailbox_failed(fixture,
		       nw_mailbox_mark(fixture->mailbox, &mark, &fixture->err),
		       NW_ERROR_IO, "/box: is a folder");
	/* No lock is left behind by what fails. */
	assert_string_equal(mailbox_list(fixture, ""), "box\n");
	assert_int_equal(mkfifo(mailbox_path(fixture, "pipe"), 0700), 0);
	mailbox_open(fixture, "mbox", "pipe");
	mailbox_failed(fixture,
		       nw_mailbox_mark(fixture->mailbox, &mark, &fixture->err),
		       NW_ERROR_IO, "/pipe: is no file");
	assert_string_equal(mailbox_list(fixture, ""), "box\npipe\n");
}

/* A process that took both locks and was killed. */
static void kill_holder(struct mailbox_fixture *fixture)
{
	int64_t mark;
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (!nw_mailbox_mark(fixture->mailbox, &mark, &fixture->err))
			(void)kill(getpid(), SIGKILL);
		_exit(1);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void test_stale_lock(void **state)
{
	struct mailbox_fixture *fixture = *state;
	time_t start = time(NULL);

	mailbox_open(fixture, "mbox", "box");
	kill_holder(fixture);
	assert_non_null(mailbox_read(fixture, "box.lock"));
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	assert_true(time(NULL) - start < 5);
	assert_string_equal(mailbox_list(fixture, ""), "box\n");
}

static void test_old_lock(void **state)
{
	struct mailbox_fixture *fixture = *state;
	const struct utimbuf old = { time(NULL) - 301, time(NULL) - 301 };

	mailbox_open(fixture, "mbox", "box");
	mailbox_write(fixture, "box.lock", "");
	assert_int_equal(utime(mailbox_path(fixture, "box.lock"), &old), 0);
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	assert_string_equal(mailbox_list(fixture, ""), "box\n");
}

/* Another program has the mailbox: it is waited for, not for ever, and nothing
 * of it is touched. */
static void test_held_lock(void **state)
{
	static const char *const held[] = { "", "1 somewhere-else\n" };
	struct mailbox_fixture *fixture = *state;
	int64_t mark;
	size_t i;

	for (i = 0; i < COUNT(held); i++) {
		mailbox_open(fixture, "mbox", "box");
		mailbox_write(fixture, "box.lock", held[i]);
		mailbox_failed(fixture,
			       nw_mailbox_mark(fixture->mailbox, &mark,
					       &fixture->err),
			       NW_ERROR_BUSY, "box.lock");
		assert_string_equal(mailbox_read(fixture, "box.lock"),
				    held[i]);
		assert_null(mailbox_read(fixture, "box"));
	}
}

/* Holds fcntl's lock for a second, as another mail program does. */
static pid_t hold_fcntl(struct mailbox_fixture *fixture)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int ready[2], fd;
	char byte = 0;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		fd = open(mailbox_path(fixture, "box"), O_RDWR | O_CREAT,
			  0600);
		if (fcntl(fd, F_SETLK, &lock) || write(ready[1], "", 1) != 1)
			_exit(1);
		(void)sleep(1);
		_exit(write(fd, FOREIGN, strlen(FOREIGN)) < 0);
	}
	assert_true(pid > 0);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	(void)close(ready[0]);
	(void)close(ready[1]);
	return pid;
}

static void test_fcntl_lock(void **state)
{
	struct mailbox_fixture *fixture = *state;
	pid_t pid = hold_fcntl(fixture);
	int status;

	mailbox_open(fixture, "mbox", "box");
	mailbox_append(fixture, "<1@x>");
	mailbox_sync(fixture);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_string_equal(mailbox_read(fixture, "box"),
			    FOREIGN MESSAGE("<1@x>"));
}

#define CASE(function) \
	cmocka_unit_test_setup_teardown(function, mailbox_setup, \
					mailbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_append),	   CASE(test_ends),
		CASE(test_has),		   CASE(test_replace),
		CASE(test_restore),	   CASE(test_restore_others),
		CASE(test_restore_twice),
		CASE(test_full),	   CASE(test_unusable),
		CASE(test_stale_lock),	   CASE(test_old_lock),
		CASE(test_held_lock),	   CASE(test_fcntl_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
