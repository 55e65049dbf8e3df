/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A story as JSON: what the store keeps of it.
 *
 * The keys are the names of the fields of newswire/story.h; absent means
 * NULL, 0 or NW_TIME_NONE, and an unknown key is passed over, so that an older
 * store opens in a newer program and the other way round.  The
 * bytes are deterministic: equal stories give equal bytes.
 */
#ifndef NEWSWIRE_SNAPSHOT_H
#define NEWSWIRE_SNAPSHOT_H

#include "newswire/buf.h"
#include "newswire/error.h"
#include "newswire/story.h"

/* Appends the story; fails when out's ceiling is met. */
int nw_snapshot_write(struct nw_buf *out, const struct nw_story *story,
		      struct nw_error *err);
/* Reads what nw_snapshot_write() wrote; NW_ERROR_DATA for anything else. */
int nw_snapshot_read(struct nw_arena *arena, const char *json, size_t len,
		     struct nw_story **story_r, struct nw_error *err);

#endif
