/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "plugin/tree_nest.h"

struct row {
	const char *groups;	/* by spaces, in the order of their coming */
	const char *tree;	/* each "name<parent", sorted */
};

static const struct row rows[] = {
	{ "", "" },
	{ "com.example.news", "com.example.news<" },
	/* What only one group has is no branch. */
	{ "com.example.news org.other.news",
	  "com.example.news< org.other.news<" },
	/* Nor is a bare top-level label. */
	{ "com.example com.other", "com.example< com.other<" },
	{ "com.example.news com.example.sport",
	  "com.example< com.example.news<com.example "
	  "com.example.sport<com.example" },
	{ "com.example.sport com.other com.example.news",
	  "com.example< com.example.news<com.example "
	  "com.example.sport<com.example com.other<" },
	/* A branch has two children at least. */
	{ "com.example.news.world com.example.news.city",
	  "com.example.news< com.example.news.city<com.example.news "
	  "com.example.news.world<com.example.news" },
	{ "a.b.c.d a.b.c.e a.b.f",
	  "a.b< a.b.c<a.b a.b.c.d<a.b.c a.b.c.e<a.b.c a.b.f<a.b" },
	/* A group is the parent itself, also of one, also of one label. */
	{ "local.talk local", "local< local.talk<local" },
	{ "a.b.c a.b", "a.b< a.b.c<a.b" },
	{ "a.b.c.x a.b a.b.c.y",
	  "a.b< a.b.c<a.b a.b.c.x<a.b.c a.b.c.y<a.b.c" },
	/* Labels are whole. */
	{ "a.bc.d a.b.d", "a.b.d< a.bc.d<" },
	{ "a.b.c a.b-c a.b.d", "a.b< a.b-c< a.b.c<a.b a.b.d<a.b" },
	{ "a.b a.b", "a.b<" },
	/* Nothing good, but nothing bad either. */
	{ "a..b a..c", "a.< a..b<a. a..c<a." },
	{ "a. a.b", "a.< a.b<" },
};

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

static char *drawn(GHashTable *tree)
{
	GList *at, *names = g_list_sort(g_hash_table_get_keys(tree), by_name);
	GString *text = g_string_new(NULL);

	for (at = names; at; at = at->next) {
		char *parent = nw_nest_parent(tree, at->data);

		g_string_append_printf(text, "%s%s<%s", text->len ? " " : "",
				       (char *)at->data, parent ? parent : "");
		g_free(parent);
	}
	g_list_free(names);
	return g_string_free(text, FALSE);
}

static void groups_stand_below_what_they_share(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(rows); i++) {
		char **names = g_strsplit(rows[i].groups, " ", -1), **name;
		GPtrArray *groups = g_ptr_array_new();
		GHashTable *tree;
		char *text;

		for (name = names; *name; name++)
			if (**name)
				g_ptr_array_add(groups, *name);
		tree = nw_nest_tree(groups);
		text = drawn(tree);
		assert_string_equal(text, rows[i].tree);
		g_free(text);
		g_hash_table_unref(tree);
		g_ptr_array_unref(groups);
		g_strfreev(names);
	}
}

static void a_label_is_what_the_parent_does_not_say(void **state)
{
	(void)state;
	assert_string_equal(nw_nest_label("a.b.c", "a.b"), "c");
	assert_string_equal(nw_nest_label("a.b.c.d", "a.b"), "c.d");
	assert_string_equal(nw_nest_label("a.b.c", NULL), "a.b.c");
	assert_string_equal(nw_nest_label("a.bc", "a.b"), "a.bc");
	assert_string_equal(nw_nest_label("a.b.", "a.b"), "a.b.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_stand_below_what_they_share),
		cmocka_unit_test(a_label_is_what_the_parent_does_not_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
