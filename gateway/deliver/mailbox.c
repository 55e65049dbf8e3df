/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mailbox_private.h"
#include "newswire/buf.h"
#include "newswire/limits.h"

static const struct nw_mailbox_driver *const drivers[] = {
	&nw_mailbox_mbox,
	&nw_mailbox_maildir,
	&nw_mailbox_mh,
	&nw_mailbox_imap,
	&nw_mailbox_imaps,
};

const struct nw_mailbox_driver *nw_mailbox_driver(const char *scheme,
						  size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		if (strlen(drivers[i]->scheme) == len &&
		    !strncmp(drivers[i]->scheme, scheme, len))
			return drivers[i];
	return NULL;
}

/* Whatever a store holds, no name of a group leads out of its folder. */
static int check_group(const char *group, struct nw_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789+-_.";
	size_t len = strlen(group);

	if (len && len <= NW_GROUP_OCTETS && strspn(group, allowed) == len &&
	    *group != '.' && !strstr(group, ".."))
		return 0;
	return nw_error_set(err, NW_ERROR_REFUSED,
			    "%s: the name of this group can be no file", group);
}

static int expand(struct nw_mailbox *mailbox, const char *group,
		  struct nw_error *err)
{
	const char *path = mailbox->target->path, *next;
	struct nw_buf out;
	int result = 0;

	if (check_group(group, err))
		return -1;
	nw_buf_init(&out, NW_PATH_BYTES - 1);
	while ((next = strstr(path, NW_TARGET_GROUP))) {
		nw_buf_add(&out, path, (size_t)(next - path));
		nw_buf_adds(&out, group);
		path = next + strlen(NW_TARGET_GROUP);
	}
	nw_buf_adds(&out, path);
	if (nw_buf_ok(&out))
		mailbox->path = nw_arena_strdup(mailbox->arena, out.data);
	else
		result = nw_error_set(err, NW_ERROR_USAGE,
				      "%s: too long with %s in it",
				      mailbox->target->name, group);
	nw_buf_free(&out);
	return result;
}

int nw_mailbox_open(struct nw_mailbox **mailbox_r,
		    const struct nw_target *target, const char *group,
		    struct nw_error *err)
{
	struct nw_mailbox *mailbox = calloc(1, sizeof(*mailbox));

	if (!mailbox)
		return nw_error_errno(err, "%s", target->name);
	mailbox->target = target;
	mailbox->arena = nw_arena_new();
	if (expand(mailbox, group, err) ||
	    target->driver->open(mailbox, err)) {
		nw_arena_free(&mailbox->arena);
		free(mailbox);
		return -1;
	}
	*mailbox_r = mailbox;
	return 0;
}

/* A driver of a server goes on with the state that it finds. */
int nw_mailbox_change(struct nw_mailbox **mailbox, const char *group,
		      struct nw_error *err)
{
	const struct nw_target *target = (*mailbox)->target;

	if (target->driver->local) {
		nw_mailbox_close(mailbox);
		return nw_mailbox_open(mailbox, target, group, err);
	}
	if (!expand(*mailbox, group, err) &&
	    !target->driver->open(*mailbox, err))
		return 0;
	nw_mailbox_close(mailbox);
	return -1;
}

void nw_mailbox_close(struct nw_mailbox **mailbox)
{
	if (!*mailbox)
		return;
	(*mailbox)->target->driver->close(*mailbox);
	nw_arena_free(&(*mailbox)->arena);
	free(*mailbox);
	*mailbox = NULL;
}

int nw_mailbox_has(struct nw_mailbox *mailbox, const char *message_id,
		   struct nw_error *err)
{
	return mailbox->target->driver->has(mailbox, message_id, err);
}

int nw_mailbox_append(struct nw_mailbox *mailbox,
		      const struct nw_letter *letter, struct nw_error *err)
{
	return mailbox->target->driver->append(mailbox, letter, err);
}

int nw_mailbox_replace(struct nw_mailbox *mailbox, const char *old_message_id,
		       const struct nw_letter *letter, struct nw_error *err)
{
	/* A message cannot take its own place; to remove the old one would be
	 * to lose it. */
	if (!strcmp(old_message_id, letter->message_id))
		return nw_mailbox_has(mailbox, old_message_id, err);
	return mailbox->target->driver->replace(mailbox, old_message_id,
						letter, err);
}

int nw_mailbox_sync(struct nw_mailbox *mailbox, struct nw_error *err)
{
	return mailbox->target->driver->sync(mailbox, err);
}

int nw_mailbox_mark(struct nw_mailbox *mailbox, int64_t *mark_r,
		    struct nw_error *err)
{
	if (mailbox->target->driver->mark)
		return mailbox->target->driver->mark(mailbox, mark_r, err);
	*mark_r = 0;
	return 0;
}

int nw_mailbox_restore(struct nw_mailbox *mailbox, int64_t mark,
		       struct nw_error *err)
{
	return mailbox->target->driver->restore
		       ? mailbox->target->driver->restore(mailbox, mark, err)
		       : 0;
}
