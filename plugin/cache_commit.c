/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Articles on their way to their names.
 *
 * What is said beside an article (.N.replaces, .N.headers) is on the disk
 * before the article has its name, so that whoever sees the one sees the other.
 * A batch is synced as a whole where the system can (syncfs of Linux): file by
 * file each would cost a flush of the disk's cache, which on a busy disk makes
 * seconds of two thousand articles.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "cache_private.h"

/* From so many files on all of the file system is synced at once. */
#define FEW 4

static void take_away(const struct nw_cache *cache, guint32 number,
		      const char *suffix)
{
	(void)unlinkat(cache->fd, nw_cache_name(number, suffix).text, 0);
}

/* So that the disk is at work while the next article comes. */
static gboolean start_writing(int fd)
{
#ifdef SYNC_FILE_RANGE_WRITE
	(void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
	return close(fd) == 0;
}

static void add_entry(struct nw_cache *cache,
		      const struct nw_cache_entry *entry)
{
	g_array_append_vals(cache->batch, entry, 1);
}

gboolean nw_cache_add(struct nw_cache *cache, guint32 number,
		      const GString *text, gboolean headers_only,
		      guint32 replaces, GError **error)
{
	const struct nw_cache_entry entry = {
		.number = number,
		.replaces = replaces,
		.headers_only = headers_only,
		.over = nw_cache_has(cache, number),
	};
	int fd = nw_cache_write(cache->fd, nw_cache_name(number, "tmp").text,
				text->str, text->len);

	if (fd < 0 || !start_writing(fd))
		return nw_cache_fail(cache, error);
	cache->batch_bytes += text->len;
	add_entry(cache, &entry);
	return TRUE;
}

void nw_cache_renumber(struct nw_cache *cache, guint32 from, guint32 to)
{
	const struct nw_cache_entry entry = {
		.number = to,
		.replaces = from,
		.from = from,
		.headers_only = nw_cache_has_headers_only(cache, from),
	};

	add_entry(cache, &entry);
}

guint nw_cache_waiting(const struct nw_cache *cache, gsize *bytes_r)
{
	*bytes_r = cache->batch_bytes;
	return cache->batch->len;
}

/* Not every file system can sync a folder alone; that is no failure. */
static gboolean sync_folder(const struct nw_cache *cache)
{
	return fsync(cache->fd) == 0 || errno == EINVAL;
}

static void forget_batch(struct nw_cache *cache)
{
	g_array_set_size(cache->batch, 0);
	cache->batch_bytes = 0;
}

/* From the entry at on, without a name for them. */
static void drop_from(struct nw_cache *cache, guint at)
{
	for (; at < cache->batch->len; at++) {
		const struct nw_cache_entry *entry =
			&g_array_index(cache->batch, struct nw_cache_entry, at);

		take_away(cache, entry->number, "tmp");
		if (entry->over)
			continue;
		take_away(cache, entry->number, "replaces");
		take_away(cache, entry->number, "headers");
	}
	forget_batch(cache);
}

void nw_cache_drop_batch(struct nw_cache *cache)
{
	drop_from(cache, 0);
}

static gboolean say_beside(const struct nw_cache *cache, guint32 number,
			   const char *suffix, guint32 said)
{
	char text[NW_CACHE_NAME_BYTES] = "";
	int fd;

	if (said)
		(void)g_snprintf(text, sizeof(text), "%u\n", said);
	fd = nw_cache_write(cache->fd, nw_cache_name(number, suffix).text, text,
			    strlen(text));
	return fd >= 0 && start_writing(fd);
}

static gboolean sync_file(const struct nw_cache *cache, guint32 number,
			  const char *suffix)
{
	int fd = openat(cache->fd, nw_cache_name(number, suffix).text,
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	gboolean synced = fd >= 0 && fdatasync(fd) == 0;
	int why = errno;

	if (fd >= 0)
		(void)close(fd);
	errno = why;
	return synced;
}

static gboolean sync_entry(const struct nw_cache *cache,
			   const struct nw_cache_entry *entry)
{
	return (entry->from || sync_file(cache, entry->number, "tmp")) &&
	       (!entry->replaces ||
		sync_file(cache, entry->number, "replaces")) &&
	       (!entry->headers_only ||
		sync_file(cache, entry->number, "headers"));
}

static gboolean sync_each(const struct nw_cache *cache)
{
	gboolean synced = TRUE;
	guint i;

	for (i = 0; i < cache->batch->len && synced; i++)
		synced = sync_entry(cache,
				    &g_array_index(cache->batch,
						   struct nw_cache_entry, i));
	return synced && sync_folder(cache);
}

/* FALSE and errno. */
static gboolean sync_batch(const struct nw_cache *cache)
{
	guint i;

	for (i = 0; i < cache->batch->len; i++) {
		const struct nw_cache_entry *entry =
			&g_array_index(cache->batch, struct nw_cache_entry, i);

		if ((entry->replaces &&
		     !say_beside(cache, entry->number, "replaces",
				 entry->replaces)) ||
		    (entry->headers_only &&
		     !say_beside(cache, entry->number, "headers", 0)))
			return FALSE;
	}
#ifdef __linux__
	if (cache->batch->len > FEW)
		return syncfs(cache->fd) == 0;
#endif
	return sync_each(cache);
}

/* 1 when it has its name, 0 when the user deleted meanwhile what it was to
 * complete, -1 and errno. */
static int give_name(struct nw_cache *cache, const struct nw_cache_entry *entry)
{
	struct nw_cache_name name = nw_cache_name(entry->number, NULL);
	struct nw_cache_name tmp = nw_cache_name(entry->number, "tmp");

	if (entry->from) {
		tmp = nw_cache_name(entry->from, NULL);
		if (linkat(cache->fd, tmp.text, cache->fd, name.text, 0) < 0 &&
		    errno != EEXIST)
			return -1;
		return 1;
	}
	if (entry->over && faccessat(cache->fd, name.text, F_OK, 0) < 0) {
		(void)unlinkat(cache->fd, tmp.text, 0);
		return 0;
	}
	return renameat(cache->fd, tmp.text, cache->fd, name.text) < 0 ? -1 : 1;
}

static void note_named(struct nw_cache *cache,
		       const struct nw_cache_entry *entry)
{
	gpointer number = GUINT_TO_POINTER(entry->number);

	g_hash_table_add(cache->here, number);
	if (entry->headers_only)
		g_hash_table_add(cache->headers, number);
	else if (g_hash_table_remove(cache->headers, number))
		take_away(cache, entry->number, "headers");
	if (entry->replaces)
		g_hash_table_insert(cache->replaced,
				    GUINT_TO_POINTER(entry->replaces), number);
}

int nw_cache_commit(struct nw_cache *cache, GError **error)
{
	int named = 0, result = 0;
	guint i;

	if (!cache->batch->len)
		return 0;
	if (!sync_batch(cache)) {
		(void)nw_cache_fail(cache, error);
		drop_from(cache, 0);
		return -1;
	}
	for (i = 0; i < cache->batch->len && result >= 0; i++) {
		const struct nw_cache_entry *entry =
			&g_array_index(cache->batch, struct nw_cache_entry, i);

		result = give_name(cache, entry);
		if (result > 0)
			note_named(cache, entry);
		named += result > 0;
	}
	if (result < 0 || !sync_folder(cache)) {
		(void)nw_cache_fail(cache, error);
		drop_from(cache, result < 0 ? i - 1 : i);
		return -1;
	}
	forget_batch(cache);
	return named;
}

gboolean nw_cache_remove(struct nw_cache *cache, guint32 number, GError **error)
{
	gpointer key = GUINT_TO_POINTER(number);

	if (unlinkat(cache->fd, nw_cache_name(number, NULL).text, 0) < 0 &&
	    errno != ENOENT)
		return nw_cache_fail(cache, error);
	g_hash_table_remove(cache->here, key);
	if (g_hash_table_remove(cache->headers, key))
		take_away(cache, number, "headers");
	take_away(cache, number, "replaces");
	return TRUE;
}
