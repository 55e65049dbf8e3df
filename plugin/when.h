/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A point in time as a person would say it.  Knows nothing of Claws Mail.
 */
#ifndef NEWSWIRE_PLUGIN_WHEN_H
#define NEWSWIRE_PLUGIN_WHEN_H

#include <glib.h>

/* "never" for 0, "just now", "5 minutes ago", "today at 14:05", "yesterday at
 * 14:05", "on 3 November 2026 at 14:05", by the clock of this place and in the
 * language of the user (free with g_free). */
char *nw_when_words(gint64 utc, gint64 now_utc);

#endif
