/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The menus and the toolbar item.  Each entry is a row of one table in ui.c and
 * calls one function of another file.
 */
#ifndef NEWSWIRE_PLUGIN_UI_H
#define NEWSWIRE_PLUGIN_UI_H

/* Adds them; their names, which tests rely on:
 *	Tools:		Check web news; Subscribe to web news…;
 *			Import web news subscriptions…;
 *			Export web news subscriptions…
 *	Message:	Original page; Story history
 *	folder popup:	Check web news; Subscribe to web news…; of a group also
 *			Rename…; Unsubscribe…; of a gateway elsewhere also
 *			Gateway settings…
 *	toolbar:	Check web news
 */
void nw_ui_start(void);
void nw_ui_stop(void);

#endif
