/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which articles a poll brings: a pure function of the stored story, the
 * fresh one and the clock.
 *
 *	a new story		a root
 *	a new update		a follow-up of the root, at its own time
 *	an edited update	an article that supersedes the earlier one
 *	a withdrawn update	a cancel of its article; withdrawn by a
 *				tombstone, or when two polls in a row lacked
 *				it though an older and a younger one stood
 *				there
 *	an edited story		by the source's setting: a follow-up with the
 *				new text, one that supersedes, or nothing
 *	a withdrawn story	all its articles go; when it comes back, a new
 *				root that names the first one, and its updates,
 *				with ids of their own
 *	a correction notice	a follow-up in its own words, whatever that
 *				setting says; in an update, shown above it
 *
 * Nothing changed gives no article.  What changed is asked of
 * newswire/change.h; a slight edit of a story is stored without an article, and
 * the next one is compared with what readers were told.  An update, and a
 * live page's own text, is revised at most once in update_pause_s: an edit
 * that comes sooner goes out with a later poll, unless it brings a correction.
 * An update without a permanent id is known again by its time and words when it
 * was edited.  References always name the root's first id first, but
 * for those of a root that answers another story (RFC 4685): it follows that
 * one's.
 */
#ifndef NEWSWIRE_THREAD_H
#define NEWSWIRE_THREAD_H

#include "newswire/error.h"
#include "newswire/story.h"

enum nw_edits {
	NW_EDITS_FOLLOW_UP,
	NW_EDITS_SUPERSEDE,
	NW_EDITS_IGNORE,
	NW_EDITS_COUNT
};

/* "follow-up", "supersede", "ignore". */
extern const char *const nw_edits_names[NW_EDITS_COUNT];

enum nw_post_kind {
	NW_POST_ROOT,	    /* the story; with supersedes: a newer root */
	NW_POST_EDIT,	    /* a follow-up with the edited story */
	NW_POST_CORRECTION, /* a follow-up with a notice */
	NW_POST_UPDATE,	    /* with supersedes: an edited update */
	NW_POST_CANCEL,	    /* no message: the one it names goes */
	NW_POST_KINDS
};

/* One article to be: what a message needs beside the story. */
struct nw_post {
	enum nw_post_kind kind;
	const char *message_id;	  /* CANCEL: of the article that goes */
	const char *supersedes;	  /* or NULL */
	const char **references;
	size_t reference_count;
	const char *subject;
	int64_t date_utc;
	const char *update_key;	       /* NULL: the story itself */
	const struct nw_update *update; /* in the thread's story, or NULL */
	const char *notice;		/* CORRECTION: its text; UPDATE: of
					* a correction in it, or NULL */
	int64_t updated_utc;		/* EDIT, and with supersedes: when it
					* changed; else NW_TIME_NONE */
	const struct nw_body *changes; /* EDIT: newswire/diff.h, or NULL */
};

struct nw_thread_options {
	const char *id_domain;
	enum nw_edits edits;
	int64_t now_utc;
	int64_t update_pause_s; /* between two revisions of an update */
	const char *parent_id; /* of the story that this one answers, or NULL */
};

struct nw_thread {
	struct nw_story *story;	/* the snapshot to store */
	struct nw_post *posts;	/* in the order they are numbered: the root
				 * first, then by date */
	size_t post_count;
	bool changed;		/* whether the snapshot must be stored */
	bool waits;		/* for another poll, though the page may stay
				 * as it is: an edit came too soon, or an
				 * update is missing for the first time */
};

/*
 * Plans; stored is NULL for a story that is not in the store.  Updates of the
 * stored story that the fresh one lacks are kept.  All results live in the
 * arena and may point into both stories.
 */
int nw_thread_plan(struct nw_arena *arena, const struct nw_story *stored,
		   const struct nw_story *fresh,
		   const struct nw_thread_options *options,
		   struct nw_thread *thread_r, struct nw_error *err);

/* The snapshot of a story that its publisher took back, all of whose articles
 * go: a copy in the arena. */
struct nw_story *nw_thread_withdraw(struct nw_arena *arena,
				    const struct nw_story *stored);

#endif
