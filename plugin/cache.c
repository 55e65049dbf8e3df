/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening a folder, and what is in it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "cache_private.h"

#define HEAD_BYTES (256u << 10) /* of an article, that are searched */

struct nw_cache_name nw_cache_name(guint32 number, const char *suffix)
{
	struct nw_cache_name name;

	if (suffix)
		(void)g_snprintf(name.text, sizeof(name.text), ".%u.%s", number,
				 suffix);
	else
		(void)g_snprintf(name.text, sizeof(name.text), "%u", number);
	return name;
}

gboolean nw_cache_fail(const struct nw_cache *cache, GError **error)
{
	int why = errno;

	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: %s",
		    cache->dir, g_strerror(why));
	return FALSE;
}

/* The number of ".N.SUFFIX"; 0 when it is none. */
static guint32 number_before(const char *name, const char *suffix)
{
	char digits[NW_CACHE_NAME_BYTES];
	gsize len;

	if (*name != '.')
		return 0;
	len = strcspn(++name, ".");
	if (!name[len] || strcmp(name + len + 1, suffix) != 0 ||
	    len >= sizeof(digits))
		return 0;
	memcpy(digits, name, len);
	digits[len] = '\0';
	return nw_cache_number(digits);
}

guint32 nw_cache_number(const char *name)
{
	guint64 number = 0;

	if (*name == '0' ||
	    !g_ascii_string_to_unsigned(name, 10, 1, G_MAXINT32, &number, NULL))
		return 0;
	return (guint32)number;
}

guint32 nw_cache_replaces_number(const char *name)
{
	return number_before(name, "replaces");
}

static void note(GHashTable *set, guint32 number)
{
	if (number)
		g_hash_table_add(set, GUINT_TO_POINTER(number));
}

static gboolean has(GHashTable *set, guint32 number)
{
	return g_hash_table_contains(set, GUINT_TO_POINTER(number));
}

static void note_name(struct nw_cache *cache, const char *name,
		      GHashTable *replacing)
{
	note(cache->here, nw_cache_number(name));
	note(cache->headers, number_before(name, "headers"));
	note(replacing, nw_cache_replaces_number(name));
	if (number_before(name, "tmp") ||
	    strcmp(name, NW_CACHE_STATE ".tmp") == 0)
		(void)unlinkat(cache->fd, name, 0);
}

/* Notes beside an article that never got its name say nothing. */
static void drop_orphans(struct nw_cache *cache, GHashTable *set,
			 const char *suffix)
{
	GHashTableIter iter;
	gpointer number;

	g_hash_table_iter_init(&iter, set);
	while (g_hash_table_iter_next(&iter, &number, NULL)) {
		if (g_hash_table_contains(cache->here, number))
			continue;
		(void)unlinkat(
			cache->fd,
			nw_cache_name(GPOINTER_TO_UINT(number), suffix).text,
			0);
		g_hash_table_iter_remove(&iter);
	}
}

static void read_replaced(struct nw_cache *cache, GHashTable *replacing)
{
	GHashTableIter iter;
	gpointer number;
	guint32 from;

	g_hash_table_iter_init(&iter, replacing);
	while (g_hash_table_iter_next(&iter, &number, NULL)) {
		from = nw_cache_replaced(cache->dir, GPOINTER_TO_UINT(number));
		if (from)
			g_hash_table_insert(cache->replaced,
					    GUINT_TO_POINTER(from), number);
	}
}

static gboolean read_folder(struct nw_cache *cache, GError **error)
{
	GDir *folder = g_dir_open(cache->dir, 0, error);
	GHashTable *replacing;
	const char *name;

	if (!folder)
		return FALSE;
	replacing = g_hash_table_new(NULL, NULL);
	while ((name = g_dir_read_name(folder)))
		note_name(cache, name, replacing);
	g_dir_close(folder);
	drop_orphans(cache, cache->headers, "headers");
	drop_orphans(cache, replacing, "replaces");
	read_replaced(cache, replacing);
	g_hash_table_unref(replacing);
	return TRUE;
}

struct nw_cache *nw_cache_open(const char *dir, GError **error)
{
	struct nw_cache *cache = g_new0(struct nw_cache, 1);

	cache->dir = g_strdup(dir);
	cache->here = g_hash_table_new(NULL, NULL);
	cache->headers = g_hash_table_new(NULL, NULL);
	cache->deleted = g_hash_table_new(NULL, NULL);
	cache->deleted_ids =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	cache->replaced = g_hash_table_new(NULL, NULL);
	cache->batch = g_array_new(FALSE, FALSE, sizeof(struct nw_cache_entry));
	cache->fd = -1;
	if (g_mkdir_with_parents(dir, 0700) == 0)
		cache->fd = g_open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (cache->fd < 0)
		(void)nw_cache_fail(cache, error);
	if (cache->fd < 0 || !read_folder(cache, error)) {
		nw_cache_close(cache);
		return NULL;
	}
	nw_cache_read_deleted(cache->fd, cache->deleted, cache->deleted_ids);
	nw_cache_read_state(cache);
	return cache;
}

void nw_cache_close(struct nw_cache *cache)
{
	if (!cache)
		return;
	nw_cache_drop_batch(cache);
	g_array_unref(cache->batch);
	nw_cache_clear_state(&cache->state);
	g_hash_table_unref(cache->here);
	g_hash_table_unref(cache->headers);
	g_hash_table_unref(cache->deleted);
	g_hash_table_unref(cache->deleted_ids);
	g_hash_table_unref(cache->replaced);
	if (cache->fd >= 0)
		(void)close(cache->fd);
	g_free(cache->saved);
	g_free(cache->dir);
	g_free(cache);
}

gboolean nw_cache_has(const struct nw_cache *cache, guint32 number)
{
	return has(cache->here, number);
}

gboolean nw_cache_has_headers_only(const struct nw_cache *cache, guint32 number)
{
	return has(cache->headers, number);
}

gboolean nw_cache_is_deleted(const struct nw_cache *cache, guint32 number)
{
	return has(cache->deleted, number);
}

gboolean nw_cache_is_deleted_id(const struct nw_cache *cache,
				const char *message_id)
{
	return g_hash_table_contains(cache->deleted_ids, message_id);
}

gboolean nw_cache_is_replaced(const struct nw_cache *cache, guint32 number)
{
	return has(cache->replaced, number);
}

gint nw_cache_by_number(gconstpointer a, gconstpointer b)
{
	const guint32 *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

static void add_keys(GArray *numbers, GHashTable *set)
{
	GHashTableIter iter;
	gpointer key;
	guint32 number;

	g_hash_table_iter_init(&iter, set);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		number = GPOINTER_TO_UINT(key);
		g_array_append_val(numbers, number);
	}
	g_array_sort(numbers, nw_cache_by_number);
}

GArray *nw_cache_numbers(const struct nw_cache *cache)
{
	GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint32));

	add_keys(numbers, cache->here);
	return numbers;
}

guint32 nw_cache_last_number(const struct nw_cache *cache)
{
	const struct nw_cache_state *state = &cache->state;
	GArray *numbers = nw_cache_numbers(cache);
	guint64 last = (guint64)state->offset + state->high;

	add_keys(numbers, cache->deleted);
	g_array_append_vals(numbers, state->skipped->data, state->skipped->len);
	g_array_append_vals(numbers, state->unwanted->data,
			    state->unwanted->len);
	g_array_sort(numbers, nw_cache_by_number);
	if (numbers->len)
		last = MAX(last,
			   g_array_index(numbers, guint32, numbers->len - 1));
	g_array_unref(numbers);
	return (guint32)MIN(last, G_MAXINT32);
}

char *nw_cache_header(const struct nw_cache *cache, guint32 number,
		      const char *name)
{
	gsize len = 0;
	char *text = nw_cache_slurp(cache->fd, nw_cache_name(number, NULL).text,
				    HEAD_BYTES, &len);
	char *value = text ? nw_cache_header_of(text, len, name) : NULL;

	g_free(text);
	return value;
}
