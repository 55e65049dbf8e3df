/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A window "Story history": it waits, then shows the text of a history or why
 * there is none.  Closed by the user at any time, it forgets what it waits for.
 */
#ifndef NEWSWIRE_PLUGIN_STORY_WINDOW_H
#define NEWSWIRE_PLUGIN_STORY_WINDOW_H

#include "claws.h"

struct nw_story_window;

/* Opens it for a Message-ID, or NULL; it copies both. */
struct nw_story_window *nw_story_window_new(const char *message_id,
					    const char *subject);
/* Brings the one for the Message-ID to the front, if there is one. */
gboolean nw_story_window_present(const char *message_id);

/* An answer with the serial of agent.h will call one of the two below. */
void nw_story_window_wait(struct nw_story_window *window, guint serial);
void nw_story_window_show(struct nw_story_window *window, const char *text);
void nw_story_window_fail(struct nw_story_window *window, const char *why);

void nw_story_windows_close(void);

#endif
