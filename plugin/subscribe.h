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

/* The web address that a URI names for a subscription, or NULL (free with
 * g_free).  "newswire://host/path" is https://host/path;
 * "newswire:https://…" and "newswire://https://…" are what follows. */
char *nw_subscribe_address(const char *uri);
/* Whether it is ours; then it is subscribed to on this computer. */
gboolean nw_subscribe_uri(const char *uri);

/* Ask for a file, then have the worker do it. */
void nw_subscribe_import(struct nw_folder *folder);
void nw_subscribe_export(struct nw_folder *folder);

#endif
