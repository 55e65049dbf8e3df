/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a user writes for a mailbox.
 */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../gateway/deliver/mailbox_private.h"
#include "mailbox_fixture.h"

static void test_good(void **state)
{
	static const struct {
		const char *spec, *name, *path, *user, *host;
		unsigned port;
	} cases[] = {
		{ "mbox:/a/b", "mbox:/a/b", "/a/b", NULL, NULL, 0 },
		{ "mbox:/a//./b/", "mbox:/a/b", "/a/b", NULL, NULL, 0 },
		{ "mbox:/a/../b", "mbox:/a/../b", "/a/../b", NULL, NULL, 0 },
		{ "maildir:/n/{group}", "maildir:/n/{group}", "/n/{group}",
		  NULL, NULL, 0 },
		{ "maildir:/n/.x.{group}", "maildir:/n/.x.{group}",
		  "/n/.x.{group}", NULL, NULL, 0 },
		{ "maildir:~/n", "maildir:/home/me/n", "/home/me/n", NULL,
		  NULL, 0 },
		{ "mh:n o", "mh:/n o", "/n o", NULL, NULL, 0 },
		{ "mbox:a:b", "mbox:/a:b", "/a:b", NULL, NULL, 0 },
		{ "imap://h/f", "imap://h/f", "f", NULL, "h", 143 },
		{ "imap://h:143/f", "imap://h/f", "f", NULL, "h", 143 },
		{ "imaps://h:143/f", "imaps://h:143/f", "f", NULL, "h", 143 },
		{ "imaps://me@Mail.Example.ORG/News/{group}",
		  "imaps://me@mail.example.org/News/{group}", "News/{group}",
		  "me", "mail.example.org", 993 },
		{ "imap://me@x.org@h/f", "imap://me%40x.org@h/f", "f",
		  "me@x.org", "h", 143 },
		{ "imap://me%40x.org@h/f", "imap://me%40x.org@h/f", "f",
		  "me@x.org", "h", 143 },
		{ "imap://[::1]:1143/f", "imap://[::1]:1143/f", "f", NULL,
		  "::1", 1143 },
		{ "imap://[::1]/f%20g%25", "imap://[::1]/f%20g%25", "f g%",
		  NULL, "::1", 143 },
		{ "imap://h/Nachrichten%C3%BC", "imap://h/Nachrichten\303\274",
		  "Nachrichten\303\274", NULL, "h", 143 },
	};
	struct mailbox_fixture *fixture = *state;
	struct nw_target target;
	size_t i;

	assert_int_equal(setenv("HOME", "/home/me", 1), 0);
	assert_int_equal(chdir("/"), 0);
	for (i = 0; i < COUNT(cases); i++) {
		mailbox_expect(fixture, 0,
			       nw_target_read(fixture->arena, cases[i].spec,
					      &target, &fixture->err));
		assert_string_equal(target.spec, cases[i].spec);
		assert_string_equal(target.name, cases[i].name);
		assert_string_equal(target.path, cases[i].path);
		assert_int_equal(target.port, cases[i].port);
		assert_int_equal(!target.user, !cases[i].user);
		if (target.user)
			assert_string_equal(target.user, cases[i].user);
		assert_int_equal(!target.host, !cases[i].host);
		if (target.host)
			assert_string_equal(target.host, cases[i].host);
		assert_int_equal(nw_target_is_per_group(&target),
				 strstr(cases[i].spec, "{group}") != NULL);
	}
}

static void test_bad(void **state)
{
	static const struct {
		const char *spec, *word;
	} cases[] = {
		{ "", "is no target" },
		{ "/home/me/News", "is no target" },
		{ "Mbox:/a", "is no target" },
		{ "mboxes:/a", "is no target" },
		{ "pop3://h/f", "for example maildir:" },
		{ "mbox", "is no target" },
		{ "mbox:", "names no path" },
		{ "mbox:/", "names no path" },
		{ "mbox:///.", "names no path" },
		{ "mbox:/a\n", "control character" },
		{ "mh:/n/{grp}", "only {group}" },
		{ "mh:/n/{group", "only {group}" },
		{ "mh:/n/group}", "only {group}" },
		{ "imap:/h/f", "must begin with imap://" },
		{ "imap://h", "names no folder" },
		{ "imap://h/", "names no folder" },
		{ "imap:///f", "names no host" },
		{ "imap://@h/f", "names no user" },
		{ "imap://me:secret@h/f", "no password" },
		{ "imap://h:0/f", "port" },
		{ "imap://h:/f", "port" },
		{ "imap://h:65536/f", "port" },
		{ "imap://h:99999999999999999999/f", "port" },
		{ "imap://h:1x/f", "port" },
		{ "imap://h h/f", "names no host" },
		{ "imap://h%00/f", "names no host" },
		{ "imap://[::1/f", "no IPv6" },
		{ "imap://[::1]x/f", "no IPv6" },
		{ "imap://[evil.example]/f", "names no host" },
		{ "imap://me%0d@h/f", "names no user" },
		{ "imap://h/f%", "percent-encoded" },
		{ "imap://h/f%4", "percent-encoded" },
		{ "imap://h/f%zz", "percent-encoded" },
		{ "imap://h/f%00", "percent-encoded" },
		{ "imap://h/f%0A", "percent-encoded" },
		{ "imap://h/f%FF", "percent-encoded" },
		{ "imap://h/{grp}", "only {group}" },
	};
	struct mailbox_fixture *fixture = *state;
	struct nw_target target;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		mailbox_failed(fixture,
			       nw_target_read(fixture->arena, cases[i].spec,
					      &target, &fixture->err),
			       NW_ERROR_USAGE, cases[i].word);
		/* Whatever is wrong with it: no password gets into a log. */
		if (strstr(cases[i].word, "password"))
			assert_null(strstr(fixture->err.text, "secret"));
	}
}

static void test_long(void **state)
{
	struct mailbox_fixture *fixture = *state;
	struct nw_target target;
	char spec[5000];

	memset(spec, 'a', sizeof(spec) - 1);
	spec[sizeof(spec) - 1] = '\0';
	memcpy(spec, "mbox:/", 6);
	mailbox_failed(fixture,
		       nw_target_read(fixture->arena, spec, &target,
				      &fixture->err),
		       NW_ERROR_USAGE, "too long");
	memcpy(spec, "imap://h/", 9);
	mailbox_failed(fixture,
		       nw_target_read(fixture->arena, spec, &target,
				      &fixture->err),
		       NW_ERROR_USAGE, "too long");
}

static void test_group(void **state)
{
	static const char *const bad[] = { "", "..", "a/../b", "/etc", "a/b",
					   ".hidden", "a..b", "a b", "a\nb",
					   "{group}", "\303\274" };
	struct mailbox_fixture *fixture = *state;
	struct nw_mailbox *mailbox = NULL;
	size_t i;

	mailbox_open(fixture, "maildir", "x/{group}/{group}");
	assert_string_equal(mailbox_list(fixture, "x/com.example/com.example"),
			    "cur\nnew\ntmp\n");
	for (i = 0; i < COUNT(bad); i++)
		mailbox_failed(fixture,
			       nw_mailbox_open(&mailbox, &fixture->target,
					       bad[i], &fixture->err),
			       NW_ERROR_REFUSED, "can be no file");
	assert_string_equal(mailbox_list(fixture, "x"), "com.example\n");
	assert_string_equal(mailbox_list(fixture, ""), "x\n");
}

#define CASE(function) \
	cmocka_unit_test_setup_teardown(function, mailbox_setup, \
					mailbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_good),
		CASE(test_bad),
		CASE(test_long),
		CASE(test_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
