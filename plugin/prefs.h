/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page Plugins > Newswire of the preferences: how often to check, and the
 * gateways elsewhere.
 */
#ifndef NEWSWIRE_PLUGIN_PREFS_H
#define NEWSWIRE_PLUGIN_PREFS_H

#include <glib.h>

/* Read from clawsrc at start; never NULL. */
struct nw_prefs {
	gint check_minutes;	/* 0: only when asked */
	gboolean check_at_start;
};
const struct nw_prefs *nw_prefs(void);

void nw_prefs_start(void);	/* reads, registers the page */
void nw_prefs_stop(void);

#endif
