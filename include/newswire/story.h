/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The story: one piece of journalism, as an immutable snapshot.
 *
 * feed/ and page/ make it, post/ writes it, the store keeps it.  Every string
 * is clean UTF-8 (newswire/utf8.h) in the arena of the story, one line unless
 * it says otherwise; NULL means "not known", never "".  URLs are absolute
 * and normalised.  Times are UTC seconds or NW_TIME_NONE.  Arrays may be NULL
 * when their count is 0; they grow by nw_arena_grow().
 */
#ifndef NEWSWIRE_STORY_H
#define NEWSWIRE_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/arena.h"
#include "newswire/date.h"

struct nw_author {
	const char *name;	/* a person or an organisation, no "By" */
	const char *url;
	const char *role;	/* "Reporter" */
	const char *bio;	/* may be several sentences, one line */
	const char *avatar;	/* URL of a picture */
	const char *email;	/* only where the source publishes it */
};

struct nw_image {
	const char *url;
	const char *alt;	/* NULL when it only repeats the caption */
	const char *caption;	/* without the credit */
	const char *credit;	/* "Jane Doe / Agency" */
	int width, height;	/* pixels, 0: not known */
};

/* Marks on a run of characters; they combine. */
enum nw_span_style {
	NW_SPAN_STRONG = 1 << 0,
	NW_SPAN_EMPHASIS = 1 << 1,
	NW_SPAN_CODE = 1 << 2,
	NW_SPAN_SUB = 1 << 3,
	NW_SPAN_SUPER = 1 << 4,
	NW_SPAN_DELETED = 1 << 5,
	NW_SPAN_INSERTED = 1 << 6,
};

/*
 * A run of characters of one look.  Within a block the spans' texts follow
 * each other without anything between them; white space is already
 * collapsed across them.  "\n" in a text is a line break that was meant (br).
 */
struct nw_span {
	const char *text;
	const char *href;	/* absolute URL of the link, or NULL */
	unsigned style;		/* enum nw_span_style */
};

enum nw_block_kind {
	NW_BLOCK_PARAGRAPH,
	NW_BLOCK_HEADING,	/* level 2–6 */
	NW_BLOCK_ITEM,		/* of a list; level = depth from 1 */
	NW_BLOCK_CODE,		/* one span whose text keeps its lines */
	NW_BLOCK_TABLE,
	NW_BLOCK_IMAGE,
	NW_BLOCK_EMBED,		/* a video, a post: a link with a title */
	NW_BLOCK_RULE,
	NW_BLOCK_KINDS
};

struct nw_cell {
	const struct nw_span *spans;
	size_t span_count;
	bool header;
};

struct nw_row {
	struct nw_cell *cells;
	size_t cell_count;
};

struct nw_table {
	struct nw_row *rows;
	size_t row_count;
};

struct nw_embed {
	const char *url;
	const char *title;	/* NULL: say the host instead */
};

/*
 * A block of the body.  The body is a flat list; nesting is told by quote
 * (block quotes around it) and level.  A paragraph within a list item has the
 * item's level; outside of lists level is 0.
 */
struct nw_block {
	enum nw_block_kind kind;
	unsigned quote;
	unsigned level;
	int ordinal;			/* item: its number; 0 a bullet */
	struct nw_span *spans;		/* PARAGRAPH, HEADING, ITEM, CODE */
	size_t span_count;
	const struct nw_table *table;	/* TABLE */
	const struct nw_image *image;	/* IMAGE */
	struct nw_embed embed;		/* EMBED */
};

struct nw_body {
	struct nw_block *blocks;
	size_t count;
};

enum nw_update_mark {
	NW_UPDATE_KEY_EVENT = 1 << 0,
	NW_UPDATE_PINNED = 1 << 1,
	NW_UPDATE_BREAKING = 1 << 2,
	NW_UPDATE_SUMMARY = 1 << 3,
	NW_UPDATE_WITHDRAWN = 1 << 4,	/* a tombstone of the publisher */
};

/* One dated entry of a live page or developing story. */
struct nw_update {
	const char *key;	/* the publisher's permanent id, else derived;
				 * unique in its story, never NULL */
	bool derived_key;	/* made of time and text, which an edit may
				 * change */
	bool unshown;		/* the page's structured data tell it, its text
				 * does not show it: the body may lack parts */
	const char *url;	/* deep link */
	const char *title;	/* its own, NULL when it has none */
	struct nw_author *authors;
	size_t author_count;
	int64_t published_utc;
	int64_t modified_utc;
	unsigned marks;		/* enum nw_update_mark */
	const char *parent_key;	/* the update that it answers */
	struct nw_body body;

	/* What thread (newswire/thread.h) keeps in the stored snapshot: the
	 * Message-ID readers see now, when that was posted, how often it was
	 * superseded, and in how many complete polls in a row the page lacked
	 * the update, though older and younger ones stood there. */
	const char *message_id;
	int64_t posted_utc;
	unsigned revision;
	unsigned absences;
};

struct nw_enclosure {
	const char *url;
	const char *type;	/* media type */
	int64_t bytes;		/* 0: not known */
	const char *title;
};

/* The texts of a story that an edit changes. */
struct nw_texts {
	const char *title;
	const char *description;
	struct nw_body body;
};

struct nw_story {
	const char *url;	   /* where it was fetched from */
	const char *canonical_url; /* what it says of itself, else url */
	const char **aliases;	   /* other names: guid, og:url, AMP */
	size_t alias_count;

	const char *title;
	const char *kicker;	   /* "News Feed", above the headline */
	const char *description;   /* the standfirst */
	struct nw_author *authors;
	size_t author_count;
	const char *publisher;
	const char *language;	   /* BCP 47 */
	const char *section;
	const char **topics;
	size_t topic_count;
	int64_t published_utc;
	int64_t modified_utc;
	int64_t expires_utc;
	bool paywalled;		   /* the body is a teaser */

	const struct nw_image *lead_image; /* also first in the body where the
					    * page shows it there */
	const char *icon;	   /* URL of the site's; not kept in the
				    * stored snapshot */
	struct nw_body body;
	const char **corrections;  /* notices in their own words */
	size_t correction_count;
	struct nw_enclosure *enclosures;
	size_t enclosure_count;

	bool live;		   /* a live page, whether or not it has
				    * updates yet */
	int64_t coverage_end_utc;
	struct nw_update *updates; /* oldest first */
	size_t update_count;
	bool updates_partial;	   /* further pages of updates were not read */

	/* Kept by thread in the stored snapshot: the first Message-ID of the
	 * root, the newest one of it (NULL while the story is withdrawn by its
	 * publisher), when readers were last told of the
	 * story's own text, how often it was revised, and what they were
	 * told, where that is not what the story says now. */
	const char *root_id;
	const char *message_id;
	int64_t posted_utc;
	unsigned revision;
	const struct nw_texts *posted;
	bool withdrawn;

	/* Kept by the pipeline in the stored snapshot: how often further pages
	 * of updates were asked for in vain, 0 when none is missing, and the
	 * time of the newest update before those that are (NW_TIME_NONE: all
	 * to the first one). */
	unsigned gap_tries;
	int64_t gap_utc;
};

/* An empty story: all NULL and 0, times NW_TIME_NONE. */
struct nw_story *nw_story_new(struct nw_arena *arena);

/* The text of a body without marks: blocks separated by blank lines, images
 * and embeds left out; code and tables by lines.  For comparing, counting and
 * the JSON's body_text.  "" for an empty body. */
char *nw_body_text(struct nw_arena *arena, const struct nw_body *body);
/* The same of one block. */
char *nw_block_text(struct nw_arena *arena, const struct nw_block *block);
/* The text of the spans of one block, paragraph or cell. */
char *nw_spans_text(struct nw_arena *arena, const struct nw_span *spans,
		    size_t count);

/* Appends and returns a zeroed block. */
struct nw_block *nw_body_add(struct nw_arena *arena, struct nw_body *body,
			     enum nw_block_kind kind);

/* Adds an alias, a topic or an author unless it is NULL, already there or
 * past its cap (an author is already there when the name is; the empty
 * fields of the first are then filled from the second).  Names are the same in
 * any case; strings are copied. */
void nw_story_add_alias(struct nw_arena *arena, struct nw_story *story,
			const char *alias);
void nw_story_add_topic(struct nw_arena *arena, struct nw_story *story,
			const char *topic);
void nw_story_add_author(struct nw_arena *arena, struct nw_author **authors,
			 size_t *count, const struct nw_author *author);

#endif
