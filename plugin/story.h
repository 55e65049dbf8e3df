/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be asked of the selected message: the page it came from (its
 * Archived-At, RFC 5064), and how its story was changed.
 */
#ifndef NEWSWIRE_PLUGIN_STORY_H
#define NEWSWIRE_PLUGIN_STORY_H

#include "claws.h"

/* Opens it in the browser that Claws Mail knows. */
void nw_story_open_page(const MsgInfo *info);
/* A window that shows each revision of the story and the words that changed. */
void nw_story_open_history(const MsgInfo *info);

#endif
