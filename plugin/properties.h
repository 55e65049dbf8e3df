/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page "Web news" of a group's properties: pictures, edits, retention,
 * check interval, keep offline, and how the group fares.
 */
#ifndef NEWSWIRE_PLUGIN_PROPERTIES_H
#define NEWSWIRE_PLUGIN_PROPERTIES_H

void nw_properties_start(void);	/* registers the page */
void nw_properties_stop(void);

#endif
