/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * imap:// and imaps:// (RFC 3501).
 *
 * The connection is the mailbox's state; open() goes on with one that is there
 * already, so that a hundred groups of one target need one login.  A
 * server's OK to APPEND means that the message is in the folder (section
 * 6.3.11); CHECK asks that it be on the disk.
 */
#include "config.h"

#include <string.h>

#include "mailbox_imap_private.h"
#include "mailbox_private.h"
#include "newswire/limits.h"

static int name_host(const struct nw_mailbox *mailbox, struct nw_error *err)
{
	return nw_error_prefix(err, "%s", mailbox->target->host);
}

static int connect_anew(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct imap *imap;

	if (imap_open(&imap, mailbox->target, NW_IMAP_REPLY_MS, err))
		return -1;
	mailbox->state = imap;
	return imap_folder_select(imap, mailbox->path, err);
}

static void imap_mailbox_close(struct nw_mailbox *mailbox)
{
	struct imap *imap = mailbox->state;

	imap_close(&imap);
	mailbox->state = NULL;
}

/* A server may have ended a session that was idle for long. */
static int imap_mailbox_open(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct imap *kept = mailbox->state;
	int result = -1;

	if (kept)
		result = imap_folder_select(kept, mailbox->path, err);
	if (result && kept && kept->failure.code)
		imap_mailbox_close(mailbox);
	if (result && !mailbox->state)
		result = connect_anew(mailbox, err);
	if (result) {
		imap_mailbox_close(mailbox);
		return name_host(mailbox, err);
	}
	return 0;
}

static int imap_mailbox_has(struct nw_mailbox *mailbox, const char *message_id,
			    struct nw_error *err)
{
	uint32_t uid;
	int result = imap_message_find(mailbox->state, message_id, &uid, err);

	return result < 0 ? name_host(mailbox, err) : result;
}

static int imap_mailbox_append(struct nw_mailbox *mailbox,
			       const struct nw_letter *letter,
			       struct nw_error *err)
{
	if (imap_message_append(mailbox->state, letter, "", err))
		return name_host(mailbox, err);
	return 0;
}

static int copy_with_flags(struct imap *imap, uint32_t old,
			   const struct nw_letter *letter, struct nw_error *err)
{
	struct nw_buf flags;
	int result;

	nw_buf_init(&flags, NW_IMAP_FLAGS_BYTES);
	result = imap_message_flags(imap, old, &flags, err);
	if (!result)
		result = imap_message_append(imap, letter, flags.data, err);
	nw_buf_free(&flags);
	return result;
}

/* The new one is there before the old one goes.  Interrupted between the two,
 * the next time finds both and has only the old one to remove. */
static int replace(struct imap *imap, const char *old_message_id,
		   const struct nw_letter *letter, struct nw_error *err)
{
	uint32_t old, new;
	int there = imap_message_find(imap, old_message_id, &old, err);
	int done;

	if (there <= 0)
		return there;
	done = imap_message_find(imap, letter->message_id, &new, err);
	if (done < 0 || (!done && copy_with_flags(imap, old, letter, err)))
		return -1;
	/* A message cannot take its own place. */
	if (done && new == old)
		return 1;
	return imap_message_remove(imap, old, err) ? -1 : 1;
}

static int imap_mailbox_replace(struct nw_mailbox *mailbox,
				const char *old_message_id,
				const struct nw_letter *letter,
				struct nw_error *err)
{
	int result = replace(mailbox->state, old_message_id, letter, err);

	return result < 0 ? name_host(mailbox, err) : result;
}

static int imap_mailbox_sync(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct imap *imap = mailbox->state;
	int result;

	/* Nothing was stored, or the connection has died since. */
	if (!imap->changed && !imap->failure.code)
		return 0;
	imap_begin(imap, NULL, 0);
	result = mailimap_check(imap->session);
	if (imap_result(imap, result, "put the messages on its disk", err))
		return name_host(mailbox, err);
	imap->changed = false;
	return 0;
}

const struct nw_mailbox_driver nw_mailbox_imap = {
	.scheme = "imap",
	.open = imap_mailbox_open,
	.close = imap_mailbox_close,
	.has = imap_mailbox_has,
	.append = imap_mailbox_append,
	.replace = imap_mailbox_replace,
	.sync = imap_mailbox_sync,
};

const struct nw_mailbox_driver nw_mailbox_imaps = {
	.scheme = "imaps",
	.open = imap_mailbox_open,
	.close = imap_mailbox_close,
	.has = imap_mailbox_has,
	.append = imap_mailbox_append,
	.replace = imap_mailbox_replace,
	.sync = imap_mailbox_sync,
};
