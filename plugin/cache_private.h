/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the cache share.
 */
#ifndef NEWSWIRE_PLUGIN_CACHE_PRIVATE_H
#define NEWSWIRE_PLUGIN_CACHE_PRIVATE_H

#include "cache.h"

#define NW_CACHE_NAME_BYTES 64
#define NW_CACHE_STATE ".newswire_state"
#define NW_CACHE_DELETED ".newswire_deleted"

struct nw_cache {
	char *dir;
	int fd;			/* of the folder */
	GHashTable *here;	/* sets of numbers */
	GHashTable *headers;
	GHashTable *deleted;
	GHashTable *deleted_ids;	/* Message-IDs */
	GHashTable *replaced;	/* a number, and whose place it gives up to */
	struct nw_cache_state state;
	char *saved;		/* the state as it is on disk; NULL */
	GArray *batch;		/* struct nw_cache_entry */
	gsize batch_bytes;
};

/* An article on its way to its name. */
struct nw_cache_entry {
	guint32 number;
	guint32 replaces;	/* or 0 */
	guint32 from;		/* is linked from this number; 0: written */
	gboolean headers_only;
	gboolean over;		/* takes the place of headers under its name */
};

/* ".N.SUFFIX", or "N" when suffix is NULL. */
struct nw_cache_name {
	char text[NW_CACHE_NAME_BYTES];
};
struct nw_cache_name nw_cache_name(guint32 number, const char *suffix);

/* Sets error to what errno says of the folder; FALSE. */
gboolean nw_cache_fail(const struct nw_cache *cache, GError **error);

/* All of the file, up to a cap; NULL and errno. */
char *nw_cache_slurp(int dir_fd, const char *name, gsize max, gsize *len_r);
/* A new file of the folder with all of the text; its descriptor, or -1. */
int nw_cache_write(int dir_fd, const char *name, const char *text, gsize len);

/* The lines of .newswire_deleted into two sets. */
void nw_cache_read_deleted(int dir_fd, GHashTable *numbers, GHashTable *ids);

void nw_cache_read_state(struct nw_cache *cache);
void nw_cache_clear_state(struct nw_cache_state *state);
/* Lets go of what is not committed, with its temporary files. */
void nw_cache_drop_batch(struct nw_cache *cache);

#endif
