/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mailboxes that articles are delivered to.
 *
 *	mbox:FILE			one file, mboxrd; locked by FILE.lock
 *					and by fcntl
 *	maildir:DIR			cr.yp.to/proto/maildir.html
 *	mh:DIR				a file for each message
 *	imap://[USER@]HOST[:PORT]/FOLDER	RFC 3501; STARTTLS, which is not
 *					asked of a loopback address
 *	imaps://[USER@]HOST[:PORT]/FOLDER	TLS from the start
 *
 * "{group}" in a path or folder is the name of the group, so that one target
 * serves all.  Messages are written as mail, with the line ends of the kind of
 * mailbox.
 *
 * One mailbox is open at a time to one process.  What is appended is on the
 * disk (or in the server's hands) once nw_mailbox_sync() returns 0, and not
 * before.
 */
#ifndef NEWSWIRE_MAILBOX_H
#define NEWSWIRE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/arena.h"
#include "newswire/error.h"

/* Where to deliver, as a user wrote it, taken apart. */
struct nw_target {
	const char *spec;	/* as written */
	const char *name;	/* the same place is the same name, however it
				 * was written: an absolute path, no default
				 * port; what the store and messages call it */
	const struct nw_mailbox_driver *driver;
	const char *path;	/* of the file system, or the IMAP folder's
				 * name in UTF-8, with "{group}" in it */
	const char *user, *host; /* IMAP; NULL */
	unsigned port;
	/* IMAP; what nw_target_parse() leaves NULL and its caller may fill. */
	const char *password;	/* NULL: of the file or the environment */
	const char *password_file;
	const char *ca_file;	/* of certificates to believe; NULL: the
				 * system's */
};

/* A message on its way. */
struct nw_letter {
	const char *message_id;	/* with its angle brackets */
	const char *bytes;	/* CRLF line ends */
	size_t len;
	int64_t date_utc;	/* INTERNALDATE, the time of the file */
};

struct nw_mailbox;

/* NW_ERROR_USAGE says what is wrong with a target, and for one that is none
 * how they are written.  A path is made absolute by the working folder; "~/" at
 * its beginning is $HOME. */
int nw_target_parse(struct nw_arena *arena, const char *spec,
		    struct nw_target *target_r, struct nw_error *err);

/* Whether each group has a mailbox of its own: "{group}" is in the path. */
bool nw_target_is_per_group(const struct nw_target *target);

/* Opens the mailbox of a group, which is made when it is missing.  Errors
 * name the target and what to do. */
int nw_mailbox_open(struct nw_mailbox **mailbox_r,
		    const struct nw_target *target, const char *group,
		    struct nw_error *err);
/* Opens the mailbox of another group of the same target in the place of one
 * that is open; a connection to a server goes on.  When it fails, none is
 * open. */
int nw_mailbox_change(struct nw_mailbox **mailbox, const char *group,
		      struct nw_error *err);
void nw_mailbox_close(struct nw_mailbox **mailbox);

/* Whether a message with that id is there: 1, 0, -1. */
int nw_mailbox_has(struct nw_mailbox *mailbox, const char *message_id,
		   struct nw_error *err);
int nw_mailbox_append(struct nw_mailbox *mailbox,
		      const struct nw_letter *letter, struct nw_error *err);
/*
 * Puts the letter in the place of a message, which keeps its flags (read,
 * answered, flagged; IMAP keywords): 1, or 0 when that message is not there or
 * the kind of mailbox cannot (mbox), and nothing was done; -1.  Interrupted, it
 * leaves the old one, both, or the new one; when the letter itself is there
 * already, only the old message goes.  A letter that names itself is put
 * nowhere: 1 when it is there.
 */
int nw_mailbox_replace(struct nw_mailbox *mailbox, const char *old_message_id,
		       const struct nw_letter *letter, struct nw_error *err);
int nw_mailbox_sync(struct nw_mailbox *mailbox, struct nw_error *err);

/*
 * Before a batch: where it begins, for nw_mailbox_restore().  After a batch
 * that was interrupted: takes away what it left there in part, so that
 * nw_mailbox_has() is true of whole messages only.
 */
int nw_mailbox_mark(struct nw_mailbox *mailbox, int64_t *mark_r,
		    struct nw_error *err);
int nw_mailbox_restore(struct nw_mailbox *mailbox, int64_t mark,
		       struct nw_error *err);

#endif
