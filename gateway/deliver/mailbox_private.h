/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a kind of mailbox must be able to do.
 */
#ifndef NEWSWIRE_MAILBOX_PRIVATE_H
#define NEWSWIRE_MAILBOX_PRIVATE_H

#include "newswire/mailbox.h"

struct nw_mailbox {
	const struct nw_target *target;
	struct nw_arena *arena;	/* lives as long as the mailbox */
	const char *path;	/* target->path with the group in it */
	void *state;		/* of the driver */
};

/* Each as in newswire/mailbox.h; errors begin with the object ("/home/…: ",
 * "imap.example.org: "), the caller puts nothing before them. */
struct nw_mailbox_driver {
	const char *scheme;
	bool local;		/* its path is one of the file system */
	int (*open)(struct nw_mailbox *mailbox, struct nw_error *err);
	void (*close)(struct nw_mailbox *mailbox);
	int (*has)(struct nw_mailbox *mailbox, const char *message_id,
		   struct nw_error *err);
	int (*append)(struct nw_mailbox *mailbox,
		      const struct nw_letter *letter, struct nw_error *err);
	int (*replace)(struct nw_mailbox *mailbox,
		       const char *old_message_id,
		       const struct nw_letter *letter, struct nw_error *err);
	int (*sync)(struct nw_mailbox *mailbox, struct nw_error *err);
	/* NULL where a message is there whole or not at all; the mark is then
	 * 0. */
	int (*mark)(struct nw_mailbox *mailbox, int64_t *mark_r,
		    struct nw_error *err);
	int (*restore)(struct nw_mailbox *mailbox, int64_t mark,
		       struct nw_error *err);
};

/* What stands for the name of a group in a path. */
#define NW_TARGET_GROUP "{group}"

/* The kind of that scheme, of len characters; NULL when there is none. */
const struct nw_mailbox_driver *nw_mailbox_driver(const char *scheme,
						  size_t len);
/* nw_target_parse() but for the driver. */
int nw_target_read(struct nw_arena *arena, const char *spec,
		   struct nw_target *target_r, struct nw_error *err);

extern const struct nw_mailbox_driver nw_mailbox_mbox, nw_mailbox_maildir,
	nw_mailbox_mh, nw_mailbox_imap, nw_mailbox_imaps;

#endif
