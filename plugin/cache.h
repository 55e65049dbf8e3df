/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The folder of a group on disk: one file an article, named by its number, so
 * that Claws Mail's own MH code can read it; dot files beside them say what the
 * files cannot.
 *
 *	N		an article, LF line ends; complete or not there
 *	.N.replaces	article N takes the place of the number in it, whose
 *			file is still there: flags and tags are to come along.
 *			Written before N; taken away by who carried them.
 *	.N.headers	of N there are only the headers yet
 *	.newswire_deleted
 *			numbers that the user deleted, one a line, each with
 *			its Message-ID.  Written by the main thread only, read
 *			by both.
 *	.newswire_state	what the worker knows of the group.  The worker's alone.
 *
 * Numbers are those of the gateway plus an offset, which is 0 until a gateway
 * begins its numbers anew (another store under the same name): articles that
 * are here never change their numbers and none is used twice.
 *
 * Interrupted anywhere, a folder is whole again when it is opened next.  Knows
 * nothing of Claws Mail.
 */
#ifndef NEWSWIRE_PLUGIN_CACHE_H
#define NEWSWIRE_PLUGIN_CACHE_H

#include <glib.h>

struct nw_cache;

/* The worker's: makes the folder when there is none, reads what is there,
 * clears what an interruption left.  NULL and error. */
struct nw_cache *nw_cache_open(const char *dir, GError **error);
/* Throws away what is not committed; accepts NULL. */
void nw_cache_close(struct nw_cache *cache);

gboolean nw_cache_has(const struct nw_cache *cache, guint32 number);
gboolean nw_cache_has_headers_only(const struct nw_cache *cache,
				   guint32 number);
gboolean nw_cache_is_deleted(const struct nw_cache *cache, guint32 number);
/* Under whatever number. */
gboolean nw_cache_is_deleted_id(const struct nw_cache *cache,
				const char *message_id);
/* Another article that is here takes its place; its flags wait to be
 * carried. */
gboolean nw_cache_is_replaced(const struct nw_cache *cache, guint32 number);
/* Ascending, of what is here (free with g_array_unref; guint32). */
GArray *nw_cache_numbers(const struct nw_cache *cache);
/* Of guint32, as GCompareFunc. */
gint nw_cache_by_number(gconstpointer a, gconstpointer b);
/* The largest local number that was ever used. */
guint32 nw_cache_last_number(const struct nw_cache *cache);

/* What the worker keeps of a group, all in one file that is replaced as a
 * whole: set the members, then nw_cache_save(). */
struct nw_cache_state {
	guint32 offset;		/* local number = gateway's number + offset */
	guint32 low, high, count;	/* the gateway's, at the last success */
	guint32 anchor;		/* a local number, and its Message-ID: */
	char *anchor_id;	/* if it is another's, numbers began anew */
	gint32 retention_days;	/* that the skipped ones were too old for */
	GArray *skipped;	/* local numbers that were too old; guint32 */
	GArray *unwanted;	/* local numbers of what the user deleted under
				   an earlier number; guint32 */
};
struct nw_cache_state *nw_cache_state(struct nw_cache *cache);
gboolean nw_cache_save(struct nw_cache *cache, GError **error);

/* Articles are written to temporary names in batches; a commit syncs all of
 * the batch, then gives them their names.  replaces: the local number whose
 * place it takes, or 0.  The whole of an article takes the place of its
 * headers, unless the user deletes those before the commit. */
gboolean nw_cache_add(struct nw_cache *cache, guint32 number,
		      const GString *text, gboolean headers_only,
		      guint32 replaces, GError **error);
/* The file of a local number gets another number, as a link; its old name
 * stays until who carries the flags takes it away (see .N.replaces).  Part of
 * the batch. */
void nw_cache_renumber(struct nw_cache *cache, guint32 from, guint32 to);
/* How many are in the batch, and the octets of what was written. */
guint nw_cache_waiting(const struct nw_cache *cache, gsize *bytes_r);
/* How many got their names, or -1 and error; then the batch is thrown away. */
int nw_cache_commit(struct nw_cache *cache, GError **error);

/* The article is gone from the gateway and nothing replaces it. */
gboolean nw_cache_remove(struct nw_cache *cache, guint32 number,
			 GError **error);
/* The value of a header of an article that is here (free with g_free), its
 * folds undone; NULL when it has none. */
char *nw_cache_header(const struct nw_cache *cache, guint32 number,
		      const char *name);

/* The same of a text with LF line ends; the end of the field that begins at
 * field, with its folds; whether that field has the name. */
char *nw_cache_header_of(const char *text, gsize len, const char *name);
const char *nw_cache_field_end(const char *field, const char *end);
gboolean nw_cache_field_is(const char *field, const char *end,
			   const char *name);

/* The main thread's, which has no cache open: */

/* The user deleted it: it does not come back.  FALSE when that cannot be noted;
 * then it must not be deleted. */
gboolean nw_cache_forget(const char *dir, guint32 number);
/* Numbers below low are not listed any more, and need not be remembered. */
void nw_cache_forget_prune(const char *dir, guint32 low);
/* Of a name in a folder: the article's number, or 0. */
guint32 nw_cache_number(const char *name);
/* Of a name such as ".N.replaces" the number N, or 0. */
guint32 nw_cache_replaces_number(const char *name);
/* The number in .N.replaces, whose place N takes; 0 when there is none. */
guint32 nw_cache_replaced(const char *dir, guint32 number);
/* Flags and tags have been carried and stored: N replaces nothing any more. */
void nw_cache_replaced_done(const char *dir, guint32 number);
gboolean nw_cache_is_headers_only(const char *dir, guint32 number);

#endif
