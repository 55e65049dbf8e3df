/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mailbox_fixture.h"
#include "newswire/buf.h"

#define FILE_BYTES (16u << 20)

int mailbox_setup(void **state)
{
	struct mailbox_fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	(void)snprintf(fixture->dir, sizeof(fixture->dir),
		       "/tmp/newswire-mailbox-XXXXXX");
	assert_non_null(mkdtemp(fixture->dir));
	fixture->arena = nw_arena_new();
	/* As the program does, for what runs into a limit. */
	(void)signal(SIGXFSZ, SIG_IGN);
	*state = fixture;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int what,
		      struct FTW *ftw)
{
	(void)st;
	(void)what;
	(void)ftw;
	return remove(path);
}

void mailbox_remove(const char *dir)
{
	(void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int mailbox_teardown(void **state)
{
	struct mailbox_fixture *fixture = *state;

	nw_mailbox_close(&fixture->mailbox);
	mailbox_remove(fixture->dir);
	nw_arena_free(&fixture->arena);
	free(fixture);
	return 0;
}

void mailbox_failed(const struct mailbox_fixture *fixture, int got,
		    enum nw_error_code code, const char *word)
{
	outcome_failed(&fixture->err, got, code, word);
}

void mailbox_open(struct mailbox_fixture *fixture, const char *scheme,
		  const char *path)
{
	nw_mailbox_close(&fixture->mailbox);
	mailbox_expect(fixture, 0,
		       nw_target_parse(fixture->arena,
				       nw_arena_printf(fixture->arena,
						       "%s:%s/%s", scheme,
						       fixture->dir, path),
				       &fixture->target, &fixture->err));
	mailbox_expect(fixture, 0,
		       nw_mailbox_open(&fixture->mailbox, &fixture->target,
				       "com.example", &fixture->err));
}

struct nw_letter mailbox_letter(struct mailbox_fixture *fixture,
				const char *message_id, const char *body)
{
	struct nw_letter letter = {
		.message_id = message_id,
		.date_utc = MAILBOX_DATE,
	};

	letter.bytes = nw_arena_printf(fixture->arena,
		"From: Jane Doe <jane@example.invalid>\r\n"
		"Subject: About %s\r\n"
		"Date: Sat, 26 Jul 2025 10:14:00 +0000\r\n"
		"Message-ID: %s\r\n"
		"\r\n"
		"%s", message_id, message_id, body);
	letter.len = strlen(letter.bytes);
	return letter;
}

void mailbox_append(struct mailbox_fixture *fixture, const char *message_id)
{
	struct nw_letter letter = mailbox_letter(
		fixture, message_id,
		nw_arena_printf(fixture->arena, "The body of %s.\r\n",
				message_id));

	mailbox_expect(fixture, 0,
		       nw_mailbox_append(fixture->mailbox, &letter,
					 &fixture->err));
}

void mailbox_sync(struct mailbox_fixture *fixture)
{
	mailbox_expect(fixture, 0,
		       nw_mailbox_sync(fixture->mailbox, &fixture->err));
}

void mailbox_replace(struct mailbox_fixture *fixture, const char *old,
		     const char *new, int wanted)
{
	struct nw_letter letter = mailbox_letter(fixture, new, "New.\r\n");

	mailbox_expect(fixture, wanted,
		       nw_mailbox_replace(fixture->mailbox, old, &letter,
					  &fixture->err));
	mailbox_sync(fixture);
}

int mailbox_has(struct mailbox_fixture *fixture, const char *message_id)
{
	int found = nw_mailbox_has(fixture->mailbox, message_id,
				   &fixture->err);

	if (found < 0)
		fail_msg("%s", fixture->err.text);
	return found;
}

const char *mailbox_path(struct mailbox_fixture *fixture, const char *name)
{
	return nw_arena_printf(fixture->arena, "%s/%s", fixture->dir, name);
}

char *mailbox_read(struct mailbox_fixture *fixture, const char *name)
{
	FILE *file = fopen(mailbox_path(fixture, name), "re");
	char bytes[4096], *copy;
	struct nw_buf text;
	size_t len;

	if (!file)
		return NULL;
	nw_buf_init(&text, FILE_BYTES);
	while ((len = fread(bytes, 1, sizeof(bytes), file)) > 0)
		nw_buf_add(&text, bytes, len);
	(void)fclose(file);
	assert_true(nw_buf_ok(&text));
	copy = nw_arena_strndup(fixture->arena, text.data, text.len);
	nw_buf_free(&text);
	return copy;
}

void mailbox_write(struct mailbox_fixture *fixture, const char *name,
		   const char *text)
{
	FILE *file = fopen(mailbox_path(fixture, name), "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

char *mailbox_list(struct mailbox_fixture *fixture, const char *name)
{
	struct dirent **names;
	struct nw_buf text;
	char *copy;
	int count, i;

	nw_buf_init(&text, FILE_BYTES);
	count = scandir(mailbox_path(fixture, name), &names, NULL, alphasort);
	assert_true(count >= 0);
	for (i = 0; i < count; i++) {
		if (strcmp(names[i]->d_name, ".") &&
		    strcmp(names[i]->d_name, ".."))
			nw_buf_addf(&text, "%s\n", names[i]->d_name);
		free(names[i]);
	}
	free(names);
	copy = nw_arena_strdup(fixture->arena, text.data);
	nw_buf_free(&text);
	return copy;
}
