/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is being read at this moment, so that bytes of the web that end the
 * process which reads them are known by it.
 *
 * A mark is put into a file beside the store before something is read, and
 * taken away after that.  Who finds a mark when it begins, knows that the
 * process before it died there, and counts it; only with NW_POLL_DEATHS of
 * them in a row, something is to be let alone, for a process may also be
 * killed from outside.  The file outlives a process, not a power failure.
 */
#ifndef NEWSWIRE_SUSPECT_H
#define NEWSWIRE_SUSPECT_H

#include <stdbool.h>

#include "newswire/store.h"

struct nw_suspects;

/* NULL when the file cannot be had, or another process puts marks into it:
 * then there are none, and the functions below do nothing. */
struct nw_suspects *nw_suspects_open(const struct nw_store *store);
void nw_suspects_close(struct nw_suspects **suspects);

/* An item of a source, as in newswire/quarantine.h; key and hash "" for what
 * the source itself sends.  One at a time. */
void nw_suspect_begin(struct nw_suspects *suspects, int64_t source_id,
		      const char *key, const char *hash);
void nw_suspect_end(struct nw_suspects *suspects);
/* Whether it is to be let alone. */
bool nw_suspect_is_deadly(const struct nw_suspects *suspects,
			  int64_t source_id, const char *key,
			  const char *hash);
/* It was read to its end, or will not be read again: its deaths are
 * forgotten. */
void nw_suspect_clear(struct nw_suspects *suspects, int64_t source_id,
		      const char *key, const char *hash);

#endif
