/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of "newswire history" share: history.c finds the story, the
 * others print it.
 */
#ifndef NEWSWIRE_HISTORY_PRIVATE_H
#define NEWSWIRE_HISTORY_PRIVATE_H

#include <stdio.h>

#include "newswire/error.h"
#include "newswire/history.h"

/* How a history is written as text. */
struct nw_history_style {
	bool full;   /* whole texts instead of differences */
	bool colour; /* for a terminal */
};

/* A section for each revision, then what the story is now. */
int nw_history_print(FILE *out, struct nw_arena *arena,
		     const struct nw_history *history,
		     const struct nw_history_style *style,
		     struct nw_error *err);
int nw_history_print_json(FILE *out, struct nw_arena *arena,
			  const struct nw_history *history,
			  struct nw_error *err);

/* The stories of a group that were changed. */
void nw_history_print_list(FILE *out, struct nw_arena *arena,
			   const struct nw_history_line *lines, size_t count);
int nw_history_print_list_json(FILE *out, const struct nw_history_line *lines,
			       size_t count, struct nw_error *err);

/* "Ann Reed, Bo Li"; NULL when nobody is named. */
const char *nw_history_authors(struct nw_arena *arena,
			       const struct nw_version *version);
/* Whether nothing comes after a change of that kind. */
bool nw_history_is_end(enum nw_history_kind kind);
/* The version that a change leads to; of what was withdrawn, the last. */
const struct nw_version *
nw_history_version(const struct nw_history_change *change);

#endif
