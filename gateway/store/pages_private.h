/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of SQLite read page by page, without SQLite, which stops at the first
 * page that is not whole (https://www.sqlite.org/fileformat2.html).
 *
 *	pages.c	the file and its log as an array of pages
 *	tree.c	the rows of a page, of a tree
 *
 * The file is hostile: each offset and length in it is checked.  It is opened
 * for reading and never written to.
 */
#ifndef NEWSWIRE_PAGES_PRIVATE_H
#define NEWSWIRE_PAGES_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/buf.h"
#include "newswire/error.h"

struct nw_pages {
	int file, log;
	uint32_t size;		/* of a page */
	uint32_t usable;	/* of it */
	uint32_t count;		/* pages are numbered from 1 */
	int64_t *in_log;	/* by number: where in the log the page is that
				 * takes the place of the file's; 0: nowhere */
	bool *used;		/* by number: by a tree, or as free */
	uint64_t lost;		/* pages that could not be read as one */
	uint64_t log_lost;	/* of the log */
};

int nw_pages_open(struct nw_pages *pages, const char *path,
		  struct nw_error *err);
void nw_pages_close(struct nw_pages *pages);
/* The bytes of a page; false when there is none of that number, or the disk
 * fails. */
bool nw_pages_read(const struct nw_pages *pages, uint32_t number,
		   unsigned char *bytes);
/* Marks the pages of the free list, whose rows were deleted. */
void nw_pages_mark_free(struct nw_pages *pages);

uint32_t nw_big_endian(const unsigned char *bytes, unsigned len);

#define NW_ROW_VALUES 32

enum nw_value_type {
	NW_VALUE_NULL,
	NW_VALUE_INTEGER,
	NW_VALUE_TEXT,
	NW_VALUE_BLOB,
};

struct nw_value {
	enum nw_value_type type;
	int64_t number;
	const char *bytes;	/* of text and blob */
	size_t len;
};

struct nw_record {
	bool keyed;		/* by rowid; else it is of an index */
	int64_t rowid;
	size_t count;
	struct nw_value values[NW_ROW_VALUES];
};

/* Who gets the rows. */
struct nw_row_taker {
	struct nw_pages *pages;
	/* What row points to lives as long as the call.  -1 ends the walk. */
	int (*row)(struct nw_row_taker *taker, const struct nw_record *row,
		   struct nw_error *err);
	uint64_t lost;		/* rows that could not be read */
	struct nw_buf payload;
};

/* The rows of the tree that begins at that page. */
int nw_tree_walk(struct nw_row_taker *taker, uint32_t root,
		 struct nw_error *err);
/* Those of one page, if it looks like one of a tree that holds rows. */
int nw_tree_page(struct nw_row_taker *taker, uint32_t number,
		 struct nw_error *err);

#endif
