/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A folder of the cache, in a place of the test's own.
 */
#ifndef NEWSWIRE_TESTS_CACHE_FIXTURE_H
#define NEWSWIRE_TESTS_CACHE_FIXTURE_H

#include <glib/gstdio.h>

#include "unit.h"
#include "cache.h"
#include "remove_tree.h"

struct folder {
	char *root, *dir;
};

static inline int set_up(void **state)
{
	struct folder *folder = g_new0(struct folder, 1);

	folder->root = g_dir_make_tmp("newswire-cache-XXXXXX", NULL);
	folder->dir = g_build_filename(folder->root, "a", "group", NULL);
	*state = folder;
	return folder->root ? 0 : -1;
}

static inline int tear_down(void **state)
{
	struct folder *folder = *state;

	remove_tree(folder->root);
	g_free(folder->root);
	g_free(folder->dir);
	g_free(folder);
	return 0;
}

static inline struct nw_cache *open_cache(const struct folder *folder)
{
	GError *error = NULL;
	struct nw_cache *cache = nw_cache_open(folder->dir, &error);

	assert_null(error);
	return cache;
}

static inline void add(struct nw_cache *cache, guint32 number, const char *text,
		       guint32 replaces)
{
	GString *bytes = g_string_new(text);

	assert_true(nw_cache_add(cache, number, bytes, FALSE, replaces, NULL));
	(void)g_string_free(bytes, TRUE);
}

static inline void put(const struct folder *folder, const char *name,
		       const char *text)
{
	char *path = g_build_filename(folder->dir, name, NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	g_free(path);
}

static inline gboolean is_there(const struct folder *folder, const char *name)
{
	char *path = g_build_filename(folder->dir, name, NULL);
	gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);

	g_free(path);
	return there;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
