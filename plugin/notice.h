/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What came of something that no window waits for: for a while it stands in
 * the status bar.
 */
#ifndef NEWSWIRE_PLUGIN_NOTICE_H
#define NEWSWIRE_PLUGIN_NOTICE_H

/* Instead of the one that is shown. */
void nw_notice_show(const char *text);
void nw_notice_drop(void);

#endif
