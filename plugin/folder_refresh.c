/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of a folder read anew, and what its retention ends.
 */
#include "config.h"

#include "claws.h"

#include "folder_private.h"

#define SECONDS_PER_DAY (24 * 60 * 60)
#define EXPIRE_EVERY_S (60 * 60)

/* The user has said of these that they matter. */
#define KEPT (MSG_MARKED | MSG_LOCKED | MSG_WATCH_THREAD | MSG_CLABEL_FLAG_MASK)

static gint64 now_utc(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

static GSList *expired(FolderItem *item, gint64 before_utc)
{
	GSList *infos = folder_item_get_msg_list(item), *at, *old = NULL;

	for (at = infos; at; at = at->next) {
		MsgInfo *info = at->data;

		if (info->date_t > 0 && info->date_t < before_utc &&
		    !(info->flags.perm_flags & KEPT) &&
		    !nw_show_has(item, info->msgnum))
			old = g_slist_prepend(old,
					      procmsg_msginfo_new_ref(info));
	}
	procmsg_msg_list_free(infos);
	return old;
}

/* By Claws Mail, so that its windows know. */
void nw_item_expire(FolderItem *item)
{
	struct nw_item *ours = nw_item_of_group(item);
	gint64 now = now_utc();
	GSList *old;

	if (!ours || ours->retention_days <= 0 ||
	    (ours->last_expiry_utc <= now &&
	     ours->last_expiry_utc > now - EXPIRE_EVERY_S))
		return;
	ours->last_expiry_utc = now;
	old = expired(item,
		      now - (gint64)ours->retention_days * SECONDS_PER_DAY);
	ours->expiring = TRUE;
	if (old)
		(void)folder_item_remove_msgs(item, old);
	ours->expiring = FALSE;
	procmsg_msg_list_free(old);
}

void nw_item_refresh(FolderItem *item)
{
	if (!nw_item_of_group(item) || item->scanning != ITEM_NOT_SCANNING)
		return;
	if (folder_item_scan(item) < 0)
		return;
	/* Replaced articles that could not be settled at once. */
	if (!item->mtime)
		(void)folder_item_scan(item);
	nw_item_expire(item);
}
