/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialog of a gateway elsewhere: where it is, how to get in, and whether
 * that works.
 */
#ifndef NEWSWIRE_PLUGIN_GATEWAY_DIALOG_H
#define NEWSWIRE_PLUGIN_GATEWAY_DIALOG_H

#include "folder.h"

/* Opens it above Claws Mail's window for a new gateway (NULL) or one that is
 * there; that of this computer has no settings, and nothing is opened.  One
 * dialog at a time: an open one is shown. */
void nw_gateway_dialog_open(struct nw_folder *folder);
/* The same above another window; changed is called after a gateway was added
 * or changed, unless data, a widget, is gone by then. */
void nw_gateway_dialog_open_above(GtkWindow *parent, struct nw_folder *folder,
				  void (*changed)(GtkWidget *widget),
				  GtkWidget *widget);
/* Without a change; nothing when none is open. */
void nw_gateway_dialog_close(void);

#endif
