/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The story model as data: each struct is a shape, each of its fields a row
 * that says how it is stored.  One writer (snapshot.c) and one reader
 * (snapshot_read.c) walk the rows.
 */
#ifndef NEWSWIRE_SNAPSHOT_PRIVATE_H
#define NEWSWIRE_SNAPSHOT_PRIVATE_H

#include <stddef.h>

#include "newswire/story.h"

enum snapshot_kind {
	KIND_TEXT,	/* const char *, NULL when absent */
	KIND_NEEDED,	/* const char *, never absent */
	KIND_TIME,	/* int64_t, NW_TIME_NONE when absent */
	KIND_NUMBER,	/* int64_t */
	KIND_INT,
	KIND_UNSIGNED,
	KIND_BOOL,
	KIND_BLOCK,	/* enum nw_block_kind, by name */
	KIND_TEXTS,	/* const char ** with a count */
	KIND_RECORD,	/* a struct in place */
	KIND_POINTER,	/* to one struct, or NULL */
	KIND_RECORDS,	/* array of structs with a count */
};

struct snapshot_shape;

struct snapshot_field {
	const char *key;
	enum snapshot_kind kind;
	size_t at, count_at;
	const struct snapshot_shape *shape;
};

struct snapshot_shape {
	size_t size;
	const struct snapshot_field *fields;
	size_t count;
};

/* A field of a record, and the count beside it. */
#define AT(type, record, field) \
	(*(type *)(void *)((char *)(record) + (field)->at))
#define COUNT_AT(record, field) \
	(*(size_t *)(void *)((char *)(record) + (field)->count_at))
#define CONST_AT(type, record, field) \
	(*(type const *)(const void *)((const char *)(record) + (field)->at))
#define CONST_COUNT_AT(record, field)                             \
	(*(const size_t *)(const void *)((const char *)(record) + \
					 (field)->count_at))

/* The names of the kinds of blocks. */
extern const char *const snapshot_blocks[NW_BLOCK_KINDS];

/* The shape of struct nw_story. */
extern const struct snapshot_shape snapshot_story;

#endif
