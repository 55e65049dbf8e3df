/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The window "Subscribe to web news": an address to paste, and the groups of
 * the gateway with descriptions and checkboxes, searchable; and what comes by
 * "claws-mail newswire://…" and by OPML files.
 */
#ifndef NEWSWIRE_PLUGIN_SUBSCRIBE_H
#define NEWSWIRE_PLUGIN_SUBSCRIBE_H

#include "folder.h"

/* One window at a time; folder is the gateway that it begins with, or NULL.
 * A web address on the clipboard is proposed. */
void nw_subscribe_open(struct nw_folder *folder);
void nw_subscribe_close(void);

/* Whether it is ours; then the window proposes its address (address.h) for this
 * computer.  A web page can open such a link unasked: the user confirms. */
gboolean nw_subscribe_uri(const char *uri);

/* What is asked before a group and its messages go (free with g_free). */
char *nw_subscribe_question(FolderItem *item);

/* Ask for a file, then have the worker do it; how it went stands in the status
 * bar and in the log window. */
void nw_subscribe_import(struct nw_folder *folder);
void nw_subscribe_export(struct nw_folder *folder);

#endif
