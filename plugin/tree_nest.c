/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tree_nest.h"

#define BRANCH_LABELS_MIN 2

/* Labels count, so that "a.b" comes before "a.b.c" and that before "a.b-c". */
static gint by_labels(gconstpointer a, gconstpointer b)
{
	const char *one = *(const char *const *)a;
	const char *other = *(const char *const *)b;
	guint c, d;

	while (*one && *one == *other) {
		one++;
		other++;
	}
	c = *one == '.' ? 1 : (guchar)*one;
	d = *other == '.' ? 1 : (guchar)*other;
	return c < d ? -1 : c > d;
}

/* The length of the labels that both begin with, and how many they are. */
static size_t shared(const char *one, const char *other, guint *labels_r)
{
	size_t i, length = 0;
	guint labels = 0;

	for (i = 0;; i++) {
		gboolean one_ends = !one[i] || one[i] == '.';
		gboolean other_ends = !other[i] || other[i] == '.';

		if (one_ends && other_ends) {
			length = i;
			labels++;
		}
		if (!one[i] || one[i] != other[i])
			break;
	}
	*labels_r = labels;
	return length;
}

GHashTable *nw_nest_tree(const GPtrArray *groups)
{
	GHashTable *tree = g_hash_table_new_full(g_str_hash, g_str_equal,
						 g_free, NULL);
	GPtrArray *sorted = g_ptr_array_new();
	guint i, labels;

	for (i = 0; i < groups->len; i++) {
		(void)g_hash_table_add(tree, g_strdup(groups->pdata[i]));
		g_ptr_array_add(sorted, groups->pdata[i]);
	}
	g_ptr_array_sort(sorted, by_labels);
	for (i = 1; i < sorted->len; i++) {
		const char *name = sorted->pdata[i];
		size_t length = shared(sorted->pdata[i - 1], name, &labels);

		if (labels >= BRANCH_LABELS_MIN)
			(void)g_hash_table_add(tree, g_strndup(name, length));
	}
	g_ptr_array_unref(sorted);
	return tree;
}

char *nw_nest_parent(GHashTable *tree, const char *name)
{
	char *parent = g_strdup(name), *dot;

	while ((dot = strrchr(parent, '.'))) {
		*dot = '\0';
		if (g_hash_table_contains(tree, parent))
			return parent;
	}
	g_free(parent);
	return NULL;
}

const char *nw_nest_label(const char *name, const char *parent)
{
	size_t length = parent ? strlen(parent) : 0;

	if (length && strncmp(name, parent, length) == 0 &&
	    name[length] == '.' && name[length + 1])
		return name + length + 1;
	return name;
}
