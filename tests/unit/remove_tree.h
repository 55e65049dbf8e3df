/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A folder of a test goes with all that is in it.
 */
#ifndef NEWSWIRE_TESTS_REMOVE_TREE_H
#define NEWSWIRE_TESTS_REMOVE_TREE_H

#include <glib.h>
#include <glib/gstdio.h>

static inline void remove_tree(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
		g_free(inner);
	}
	if (dir)
		g_dir_close(dir);
	(void)g_remove(path);
}

#endif
