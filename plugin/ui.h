/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plugin's menu item, its timer, and the one worker thread that syncs.
 */
#ifndef NEWSWIRE_PLUGIN_UI_H
#define NEWSWIRE_PLUGIN_UI_H

/* Adds "Check web news" to the Tools menu, checks once, and then regularly
 * while Claws Mail is online. */
void nw_ui_start(void);
/* Takes it away; ends and joins a sync that is under way. */
void nw_ui_stop(void);

#endif
