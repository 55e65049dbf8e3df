/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the mbox driver share.
 */
#ifndef NEWSWIRE_MBOX_PRIVATE_H
#define NEWSWIRE_MBOX_PRIVATE_H

#include "newswire/arena.h"
#include "newswire/buf.h"
#include "newswire/error.h"
#include "newswire/mailbox.h"

/* mbox_lock.c: opens the file for reading and appending, made when it is
 * missing, under both locks that mail programs know: FILE.lock and fcntl.
 * NW_ERROR_BUSY when others keep them. */
int nw_mbox_lock(const char *path, int *fd_r, struct nw_error *err);
/* Closes the file and gives both back. */
void nw_mbox_unlock(const char *path, int *fd);

/* The line that begins a message of ours, up to the date (RFC 4155). */
#define NW_MBOX_FROM "From newswire@newswire.invalid "

/* A message as it stands in the file: mboxrd, LF, with an empty line behind. */
void nw_mbox_write(struct nw_buf *out, const struct nw_letter *letter);

/* mbox_scan.c */

/* A message in a file. */
struct nw_mbox_message {
	int64_t start;
	bool ours;		/* begins with NW_MBOX_FROM */
	bool touched;		/* a mail reader wrote its state into it */
	const char *message_id;	/* in the arena; NULL: none */
};

/* All messages from offset on, in their order.  What stands before the first
 * "From " line is none. */
int nw_mbox_scan(struct nw_arena *arena, int fd, int64_t offset,
		 struct nw_mbox_message **messages_r, size_t *count_r);

#endif
