/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drives one mailbox by lines on standard input, and answers each by a line:
 * "ok", "0", "1" or "error: …".
 *
 *	mailboxput (imap|imaps) HOST PORT USER [CA-FILE [PASSWORD-FILE]]
 *
 *	open FOLDER		has ID
 *	append FILE ID DATE	replace OLD-ID FILE ID DATE
 *	sync			close
 *
 * A folder may have spaces in it; the other words have none.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../gateway/deliver/mailbox_private.h"
#include "newswire/buf.h"
#include "newswire/limits.h"

static struct nw_mailbox mailbox;
static bool is_open;

static int read_file(const char *path, struct nw_buf *bytes)
{
	FILE *file = fopen(path, "rb");
	char block[65536];
	size_t got;

	if (!file)
		return -1;
	while ((got = fread(block, 1, sizeof(block), file)) > 0)
		nw_buf_add(bytes, block, got);
	return fclose(file);
}

static int put(const char *old, char *words[3], struct nw_error *err)
{
	const struct nw_mailbox_driver *driver = mailbox.target->driver;
	struct nw_letter letter = { .message_id = words[1] };
	struct nw_buf bytes;
	int result;

	nw_buf_init(&bytes, NW_MESSAGE_BYTES);
	if (read_file(words[0], &bytes))
		return nw_error_errno(err, "%s", words[0]);
	letter.bytes = bytes.data;
	letter.len = bytes.len;
	letter.date_utc = strtoll(words[2], NULL, 10);
	result = old ? driver->replace(&mailbox, old, &letter, err)
		     : driver->append(&mailbox, &letter, err);
	nw_buf_free(&bytes);
	return result;
}

/* What is open stays so for the driver to take over. */
static int open_mailbox(const char *folder, struct nw_error *err)
{
	mailbox.path = nw_arena_strdup(mailbox.arena, folder);
	is_open = mailbox.target->driver->open(&mailbox, err) == 0;
	return is_open ? 0 : -1;
}

static int obey(char *line, struct nw_error *err)
{
	const struct nw_mailbox_driver *driver = mailbox.target->driver;
	char *words[5] = { NULL }, *at;
	size_t count = 0;

	if (!strncmp(line, "open ", 5))
		return open_mailbox(line + 5, err);
	for (at = line; at && count < 5;) {
		words[count++] = at;
		at = strchr(at, ' ');
		if (at)
			*at++ = '\0';
	}
	if (!is_open)
		return nw_error_set(err, NW_ERROR_USAGE, "nothing is open");
	if (!strcmp(words[0], "append") && count == 4)
		return put(NULL, words + 1, err);
	if (!strcmp(words[0], "replace") && count == 5)
		return put(words[1], words + 2, err);
	if (!strcmp(words[0], "has") && count == 2)
		return driver->has(&mailbox, words[1], err);
	if (!strcmp(words[0], "sync"))
		return driver->sync(&mailbox, err);
	if (!strcmp(words[0], "close")) {
		driver->close(&mailbox);
		is_open = false;
		return 0;
	}
	return nw_error_set(err, NW_ERROR_USAGE, "%s: no such command", line);
}

static void answer(const char *line, int result, const struct nw_error *err)
{
	if (result < 0)
		printf("error: %s\n", err->text);
	else if (!strncmp(line, "has", 3) || !strncmp(line, "replace", 7))
		printf("%d\n", result);
	else
		printf("ok\n");
	(void)fflush(stdout);
}

int main(int argc, char **argv)
{
	struct nw_target target = { .name = "the target" };
	struct nw_error err;
	char line[8192];

	if (argc < 5)
		return 64;
	target.driver =
		strcmp(argv[1], "imaps") ? &nw_mailbox_imap : &nw_mailbox_imaps;
	target.host = argv[2];
	target.port = (unsigned)strtoul(argv[3], NULL, 10);
	target.user = argv[4];
	target.ca_file = argc > 5 && *argv[5] ? argv[5] : NULL;
	target.password_file = argc > 6 ? argv[6] : NULL;
	mailbox.target = &target;
	mailbox.arena = nw_arena_new();
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		answer(line, obey(line, &err), &err);
	}
	if (is_open)
		target.driver->close(&mailbox);
	nw_arena_free(&mailbox.arena);
	return 0;
}
