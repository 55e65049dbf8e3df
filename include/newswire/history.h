/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The histories of stories: what they said before they were changed.
 *
 * Each commit of a snapshot that reads otherwise than the stored one
 * (newswire/change.h) keeps what it takes away, whether or not readers get an
 * article of it: the headline, standfirst, text and notices of the story as
 * they were, and each update as it was.  It is written in the transaction of
 * the commit; the same commit again adds nothing.  That a story was withdrawn,
 * or came back, is a revision too.
 *
 * A story has at most NW_HISTORY_REVISIONS of them, which hold at most
 * NW_HISTORY_BYTES.  Beyond that the oldest become one, which leads from the
 * first version to what came after them: the first version is never lost.
 */
#ifndef NEWSWIRE_HISTORY_H
#define NEWSWIRE_HISTORY_H

#include "newswire/store.h"

enum nw_history_kind {
	NW_HISTORY_EDITED,	/* and told by an article */
	NW_HISTORY_QUIET,	/* edited without one */
	NW_HISTORY_SLIGHT,	/* the same, for it was slight */
	NW_HISTORY_CORRECTION,
	NW_HISTORY_ADDED,	/* an update came, … */
	NW_HISTORY_REVISED,	/* was edited, … */
	NW_HISTORY_WITHDRAWN,	/* withdrawn, … */
	NW_HISTORY_RETURNED,	/* and came back */
	NW_HISTORY_GONE,	/* the story, with all its articles, … */
	NW_HISTORY_BACK,	/* which came back */
	NW_HISTORY_KINDS
};

/* "edited", "small edit", "update added" … */
extern const char *const nw_history_names[NW_HISTORY_KINDS];

/* A version of a story's own text, or of an update's (no description). */
struct nw_version {
	struct nw_texts texts;
	const struct nw_author *authors;
	size_t author_count;
};

/* One thing that a revision changed. */
struct nw_history_change {
	enum nw_history_kind kind;
	struct nw_version before, after; /* empty where there was none */
	const struct nw_update *update;	 /* NULL: the story's own text */
	const char *notice;		 /* CORRECTION: in its own words */
};

struct nw_revision {
	int64_t at_utc;		/* when it was stored */
	unsigned merged;	/* how many that were dropped it stands for,
				 * beside itself */
	struct nw_history_change *changes;
	size_t count;
};

struct nw_history {
	const struct nw_story *story;	/* as it is now */
	int64_t stored_utc;		/* when it was first stored */
	bool whole;			/* else it is older than histories are
					 * kept: earlier edits are not known */
	struct nw_version first;
	const struct nw_update **updates; /* that it had at first */
	size_t update_count;
	struct nw_revision *revisions;	/* oldest first */
	size_t count;
};

/* The history of a story: 1 and all of it in the arena, 0 when there is no
 * such story, -1. */
int nw_history_read(struct nw_store *store, struct nw_arena *arena,
		    int64_t story_id, struct nw_history *history_r,
		    struct nw_error *err);

/* The story of an article that is or ever was in the store: 1, -1, and 0 when
 * no such Message-ID is known; *story_id_r is 0 where it is known, but not of
 * which story it told. */
int nw_history_of_article(struct nw_store *store, const char *message_id,
			  int64_t *story_id_r, struct nw_error *err);

/* A story that was changed. */
struct nw_history_line {
	int64_t story_id;
	int64_t at_utc;		/* when last */
	uint64_t count;		/* how often */
	const char *title;	/* now; NULL: it has none */
	const char *message_id; /* the newest of its root, or NULL */
};

/* Those of a group, last changed first, in the arena. */
int nw_history_list(struct nw_store *store, struct nw_arena *arena,
		    int64_t group_id, struct nw_history_line **lines_r,
		    size_t *count_r, struct nw_error *err);

#endif
