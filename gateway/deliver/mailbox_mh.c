/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MH: a folder, and a file with a number for each message.
 *
 * A message is written under a name that no reader looks at and then linked to
 * the next number, which fails where another program was faster.  It is in the
 * sequence "unseen" before that, so that no interruption leaves one that
 * looks read; readers pass over a number without a file.
 *
 * libetpan's driver was tried and is not used: it syncs nothing, keeps CRLF,
 * leaves half a file behind on a full disk, and knows no sequences.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_private.h"
#include "letter_private.h"
#include "mailbox_private.h"
#include "mh_private.h"
#include "newswire/limits.h"

/* Numbers that other programs may take while one is sought. */
#define TRIES 1000

struct mh {
	long last;		/* 0: not known */
	struct nw_arena *arena;	/* of messages; NULL: not read */
	struct nw_mh_message *messages;
	size_t count;
	struct nw_buf bytes;
	bool changed;
};

static int open_mh(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct mh *mh;

	if (strlen(mailbox->path) + 64 > NW_PATH_BYTES)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: the path is too long", mailbox->path);
	if (nw_file_make_dir(mailbox->path, NULL, err))
		return -1;
	mh = nw_arena_alloc(mailbox->arena, sizeof(*mh));
	nw_buf_init(&mh->bytes, NW_STORE_WIRE_BYTES);
	mailbox->state = mh;
	return 0;
}

static void forget(struct mh *mh)
{
	nw_arena_free(&mh->arena);
	mh->messages = NULL;
	mh->count = 0;
}

static void close_mh(struct nw_mailbox *mailbox)
{
	struct mh *mh = mailbox->state;

	forget(mh);
	nw_buf_free(&mh->bytes);
}

/* 1 and the message, 0, -1. */
static int find(struct nw_mailbox *mailbox, const char *message_id,
		const struct nw_mh_message **message_r, struct nw_error *err)
{
	struct mh *mh = mailbox->state;

	if (!mh->arena) {
		mh->arena = nw_arena_new();
		if (nw_mh_index(mh->arena, mailbox->path, &mh->messages,
				&mh->count, err)) {
			forget(mh);
			return -1;
		}
	}
	*message_r = nw_mh_find(mh->messages, mh->count, message_id);
	return *message_r != NULL;
}

static void temporary_path(char path[NW_PATH_BYTES], struct nw_mailbox *mailbox,
			   const char *message_id)
{
	struct nw_arena *arena = nw_arena_new();

	(void)snprintf(path, NW_PATH_BYTES, "%s/" NW_MH_TEMPORARY "%s",
		       mailbox->path, nw_letter_key(arena, message_id));
	nw_arena_free(&arena);
}

static void number_path(char path[NW_PATH_BYTES], struct nw_mailbox *mailbox,
			long number)
{
	(void)snprintf(path, NW_PATH_BYTES, "%s/%ld", mailbox->path, number);
}

static int has(struct nw_mailbox *mailbox, const char *message_id,
	       struct nw_error *err)
{
	const struct nw_mh_message *message;
	int found = find(mailbox, message_id, &message, err);
	char path[NW_PATH_BYTES];

	/* An interrupted run may have left its first name. */
	temporary_path(path, mailbox, message_id);
	if (found > 0)
		(void)unlink(path);
	return found;
}

/* Onto the disk, under a name that no reader looks at. */
static int write_letter(struct nw_mailbox *mailbox,
			const struct nw_letter *letter,
			char path_r[NW_PATH_BYTES], struct nw_error *err)
{
	struct mh *mh = mailbox->state;

	nw_buf_reset(&mh->bytes);
	nw_letter_lf(&mh->bytes, letter->bytes, letter->len);
	if (!nw_buf_ok(&mh->bytes))
		return nw_error_set(err, NW_ERROR_REFUSED, "%s: is too large",
				    letter->message_id);
	temporary_path(path_r, mailbox, letter->message_id);
	mh->changed = true;
	return nw_file_put(path_r, &mh->bytes, letter->date_utc, err);
}

/* Gives the file the next number that is free. */
static int give_number(struct nw_mailbox *mailbox, const char *temporary,
		       struct nw_error *err)
{
	struct mh *mh = mailbox->state;
	char path[NW_PATH_BYTES];
	int tries;

	if (!mh->last && nw_mh_last(mailbox->path, &mh->last, err))
		return -1;
	for (tries = 0; tries < TRIES; tries++) {
		if (nw_mh_add_unseen(mailbox->path, mh->last + 1, err))
			return -1;
		number_path(path, mailbox, ++mh->last);
		if (!link(temporary, path))
			return 0;
		if (errno != EEXIST)
			return nw_file_fail(path, err);
	}
	return nw_error_set(err, NW_ERROR_BUSY,
			    "%s: other programs take all numbers",
			    mailbox->path);
}

static int append(struct nw_mailbox *mailbox, const struct nw_letter *letter,
		  struct nw_error *err)
{
	char temporary[NW_PATH_BYTES];
	int result;

	if (write_letter(mailbox, letter, temporary, err))
		return -1;
	result = give_number(mailbox, temporary, err);
	(void)unlink(temporary);
	return result;
}

static int replace(struct nw_mailbox *mailbox, const char *old_message_id,
		   const struct nw_letter *letter, struct nw_error *err)
{
	const struct nw_mh_message *old, *other;
	char temporary[NW_PATH_BYTES], path[NW_PATH_BYTES];
	int found = find(mailbox, old_message_id, &old, err);

	if (found <= 0)
		return found;
	number_path(path, mailbox, old->number);
	found = find(mailbox, letter->message_id, &other, err);
	if (found < 0)
		return -1;
	if (found) {
		if (unlink(path) && errno != ENOENT)
			return nw_file_fail(path, err);
	} else {
		if (write_letter(mailbox, letter, temporary, err))
			return -1;
		if (rename(temporary, path)) {
			(void)nw_file_fail(path, err);
			(void)unlink(temporary);
			return -1;
		}
	}
	return 1;
}

static int sync_mh(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct mh *mh = mailbox->state;

	/* Others may do what they like until the next batch; within one, no
	 * message is looked for that it has brought. */
	mh->last = 0;
	forget(mh);
	if (!mh->changed)
		return 0;
	if (nw_file_sync_dir(mailbox->path, err))
		return -1;
	mh->changed = false;
	return 0;
}

const struct nw_mailbox_driver nw_mailbox_mh = {
	.scheme = "mh",
	.local = true,
	.open = open_mh,
	.close = close_mh,
	.has = has,
	.append = append,
	.replace = replace,
	.sync = sync_mh,
};
