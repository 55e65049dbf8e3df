/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a group fares, for its properties: where it comes from, when it was read
 * last, what that brought, and what went wrong.
 */
#ifndef NEWSWIRE_PLUGIN_FARE_H
#define NEWSWIRE_PLUGIN_FARE_H

#include "folder.h"

/* Rows of names and values, which can be selected and copied. */
GtkWidget *nw_fare_new(struct nw_item *item);

#endif
