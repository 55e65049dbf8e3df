/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of gateways in the preferences: this computer and those elsewhere,
 * with buttons to add, edit and remove one.  What is done there is done at
 * once.
 */
#ifndef NEWSWIRE_PLUGIN_GATEWAY_LIST_H
#define NEWSWIRE_PLUGIN_GATEWAY_LIST_H

#include "claws.h"

/* Its dialogs are above the window. */
GtkWidget *nw_gateway_list_new(GtkWindow *window);

#endif
