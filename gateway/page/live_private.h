/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the live*.c files share: the entries of a live page, before and
 * while its lists are joined.
 *
 * A page may tell its updates twice: in structured data (ids, times) and in
 * the visible list (rich text, own titles, real authors).  Each is read into a
 * list of entries; the lists are joined; entries become updates.
 */
#ifndef NEWSWIRE_LIVE_PRIVATE_H
#define NEWSWIRE_LIVE_PRIVATE_H

#include "page_private.h"

/* No time of day in an entry. */
#define NW_LIVE_NO_CLOCK (-1)

struct nw_live_entry {
	const char *id;		/* permanent and in normal form, or NULL */
	const char *url;
	const char *title;
	struct nw_author *authors;
	size_t author_count;
	int64_t published_utc, modified_utc;
	bool local;		/* the times had no zone */
	bool page_time;		/* the times are those of the whole page */
	int clock;		/* minutes since midnight when only the time
				 * of day is known, else NW_LIVE_NO_CLOCK */
	int64_t day;		/* days since 1970 that a heading names, or
				 * NW_TIME_NONE */
	unsigned marks;
	const char *parent;	/* id of the entry that it answers */
	const char *text;	/* articleBody, may hold markup */
	const char *opening;	/* what it is known by without an id, as the
				 * structured data tell it; or NULL */
	xmlNode *node;		/* what shows it, or NULL */
	const xmlNode *title_node; /* below node, where the title was found */
	int64_t shown_utc;	/* when the visible entry says that it was */
	bool used;		/* joined with one of the other list */
};

struct nw_live_list {
	struct nw_live_entry *entries;
	size_t count;
};

struct nw_live {
	const struct nw_page *page;
	const struct nw_story *story;
	const char *address;	/* of the page, or NULL */
	const char *address_key; /* nw_ident_key() of it */
	const char *headline;	/* key of the page's own headline, or "" */
	const char *posting_headline; /* the same of its JSON-LD */
	int offset_s;		/* of the page's local time */
	bool offset_known;
	struct nw_author *authors; /* people who are known to write here */
	size_t author_count;
	bool posting;		/* it calls itself a LiveBlogPosting */
	int64_t coverage_end_utc;
};

/* live.c: nothing is known yet but what the story says. */
struct nw_live nw_live_open(const struct nw_page *page,
			    const struct nw_story *story);

/* Times without a zone are the page's. */
void nw_live_set_zone(const struct nw_live *live, struct nw_live_list *list);

/* live_entry.c */
/* Appends an empty entry; NULL past NW_STORY_UPDATES. */
struct nw_live_entry *nw_live_add(const struct nw_live *live,
				  struct nw_live_list *list);
/* The permanent id that a fragment, an @id or an id attribute holds, without
 * what names its kind ("block-", "post-", "live-"); NULL for none. */
const char *nw_live_id(const struct nw_live *live, const char *text);
/* Takes away ids that are no names but places ("post1" is the newest). */
void nw_live_drop_positions(struct nw_live_list *list);
/* Whether most entries say when they were. */
bool nw_live_has_times(const struct nw_live_list *list);
/* A title of an entry: no time before it, not the page's; NULL for none. */
const char *nw_live_title(const struct nw_live *live, const char *title);

/* live_jsonld.c: the entries of the page's JSON-LD, as they stand. */
void nw_live_read_jsonld(struct nw_live *live, struct nw_live_list *list);

/* live_visible.c: reads times, title, authors and marks of the entry that
 * its node shows; id and times that are already set stay. */
void nw_live_read_visible(const struct nw_live *live,
			  struct nw_live_entry *entry);

/* live_body.c: the blocks of the entry that its node shows, else those of its
 * text; nothing for one that was withdrawn. */
int nw_live_read_body(const struct nw_live *live,
		      const struct nw_live_entry *entry, struct nw_body *body,
		      struct nw_error *err);

/* live_markup.c */
/* Makes an entry of the node that shows it. */
void nw_live_take_node(const struct nw_live *live,
		       struct nw_live_entry *entry, xmlNode *node);
/* The entries that known markup shows. */
void nw_live_read_markup(const struct nw_live *live,
			 struct nw_live_list *list);

/* live_anchor.c: the entries whose elements carry ids of the known ones. */
void nw_live_read_anchors(const struct nw_live *live,
			  const struct nw_live_list *known,
			  struct nw_live_list *list);

/* live_row.c: what has a time in it, as one of several alike below one
 * parent. */
struct nw_live_child {
	const xmlNode *parent;
	xmlNode *node;
	size_t order;
};
struct nw_live_row {
	struct nw_live_child *items; /* those of one row are side by side */
	size_t count;		     /* of all */
	size_t first, size; /* of the row that was chosen, size 0: none */
};
/* Adds at, which has a time in it, and some of what is around it below top. */
void nw_live_row_add(const struct nw_live *live, struct nw_live_row *row,
		     xmlNode *at, const xmlNode *top);
/* Chooses the parent with the most alike children, of equals the first; none
 * whose first child does not fit, unless fits is NULL. */
void nw_live_row_choose(const struct nw_live *live, struct nw_live_row *row,
			bool (*fits)(const struct nw_live *live,
				     const xmlNode *node));
/* Adds an entry for each child of the row that was chosen. */
void nw_live_row_read(const struct nw_live *live,
		      const struct nw_live_row *row,
		      struct nw_live_list *list);

/* live_repeat.c: the entries of a list of alike elements with a time each.
 * Without known entries the page must look live. */
void nw_live_read_repeats(const struct nw_live *live,
			  const struct nw_live_list *known,
			  struct nw_live_list *list);

/* live_plain.c: sub-headlines that begin with a time, where the page looks
 * live.  Each entry's node is new: what belonged to it was moved there. */
void nw_live_read_plain(const struct nw_live *live,
			struct nw_live_list *list);

/* live_clock.c */
/* The time of day that text begins with, in minutes; used_r gets its bytes
 * with the unit, brackets and delimiter after it, day_r a day before it or
 * NW_TIME_NONE.  NW_LIVE_NO_CLOCK when it begins with none. */
int nw_live_clock(const char *text, size_t *used_r, int64_t *day_r);
/* The zone of the page's local times. */
void nw_live_find_zone(struct nw_live *live);
/* Gives entries that have only a time of day their day, by those that a day
 * is known of, the order, and the page's own times. */
void nw_live_set_days(const struct nw_live *live, struct nw_live_list *list);

/* live_join.c: joins the visible list into the structured one by ids, texts,
 * times and order, and marks what was used.  Returns how many were in both;
 * shift_s_r gets what the visible times are ahead of the others. */
size_t nw_live_join(const struct nw_live *live, struct nw_live_list *list,
		    struct nw_live_list *visible, int64_t *shift_s_r);

/* live_update.c: makes the story's updates of the entries. */
int nw_live_write(const struct nw_live *live, const struct nw_live_list *list,
		  struct nw_story *story, struct nw_error *err);

/* ticker_find.c: a time that an attribute data-… of an element says. */
int64_t nw_ticker_time(const xmlNode *node);
/* The entries of the page's ticker; name_r gets the heading of
 * their list, or NULL. */
void nw_ticker_find(const struct nw_live *live, struct nw_live_list *list,
		    const char **name_r);

/* live_signal.c */
/* Whether the page looks like one that is updated while things happen. */
bool nw_live_looks_live(const struct nw_live *live);
/* Whether an address is the page's, or a place in it. */
bool nw_live_is_here(const struct nw_live *live, const char *href);
/* Whether most entries are headed by links to other pages: a list of other
 * stories. */
bool nw_live_is_ticker(const struct nw_live *live,
		       const struct nw_live_list *list);
/* Takes what shows the updates, and what repeats or lists them, out of the
 * tree. */
void nw_live_remove(const struct nw_live *live,
		    const struct nw_live_list *list,
		    const struct nw_story *story);

#endif
