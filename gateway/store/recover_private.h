/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the recovery share.
 *
 *	recover.c		the whole of it
 *	recover_accept.c	the tables, what a row of each tells
 *	recover_row.c		from a row of the damaged store to the new one
 *	recover_rebuild.c	what follows from these rows
 *	recover_replace.c	the new store in the place of the old one
 */
#ifndef NEWSWIRE_RECOVER_PRIVATE_H
#define NEWSWIRE_RECOVER_PRIVATE_H

#include "newswire/recover.h"
#include "pages_private.h"
#include "store_private.h"

#define NW_RECOVER_TABLES 17

struct nw_recover;
struct nw_recover_table;

/* A table of ours, and its columns in the new store. */
struct nw_recover_table {
	const char *name;
	bool keyed;	/* has a rowid */
	bool distinct;	/* its rows are known by their shape alone */
	/* Whether the row is sound; keeps what else it tells. */
	bool (*accept)(struct nw_recover *recover, const struct nw_record *row);
	const char *instead; /* the table that gets it for that one; "": none,
			      * all that it tells is kept by accept() */
};

struct nw_recover_columns {
	size_t count, least; /* rows from before a migration have fewer */
	int key;	     /* the one that is the rowid, or -1 */
	const char *names[NW_ROW_VALUES];
	enum nw_value_type types[NW_ROW_VALUES]; /* NULL: any */
	bool needed[NW_ROW_VALUES];
	sqlite3_stmt *inserts[NW_ROW_VALUES + 1]; /* by how many columns */
	uint64_t saved, refused;
	uint32_t root;
};

struct nw_recover {
	struct nw_row_taker taker;
	struct nw_pages pages;
	struct nw_store *store;	/* the new one */
	const struct nw_recover_watch *watch;
	struct nw_recover_columns columns[NW_RECOVER_TABLES];
	size_t present;		/* the table whose tree is walked */
	bool orphans;		/* pages without a tree are looked through */
	bool forgot;		/* something could not be remembered */
	int64_t sequence;	/* the last id of a source; 0: lost */
	/* What is remembered of rows, whether or not they are saved. */
	sqlite3_stmt *xref, *mark, *key, *head, *line, *known;
	struct nw_arena *arena;
};

/* recover_accept.c */
extern const struct nw_recover_table nw_recover_tables[NW_RECOVER_TABLES];

/* recover_row.c */

/* What each table of the new store looks like. */
int nw_recover_learn(struct nw_recover *recover, struct nw_error *err);
int nw_recover_row(struct nw_recover *recover, const struct nw_record *row,
		   struct nw_error *err);
void nw_recover_forget(struct nw_recover *recover);

/* recover_rebuild.c */
int nw_recover_rebuild(struct nw_recover *recover, int64_t now_utc,
		       struct nw_error *err);
/* An integer that SQL gives. */
int nw_recover_ask(struct nw_recover *recover, const char *sql,
		   int64_t *value_r, struct nw_error *err);

/* recover.c */
void nw_recover_progress(const struct nw_recover *recover, uint64_t done,
			 uint64_t total, const char *part);

#endif
