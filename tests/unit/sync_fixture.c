/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "remove_tree.h"
#include "sync_fixture.h"

int bench_set_up(void **state)
{
	struct bench *bench = g_new0(struct bench, 1);
	char *dir;

	bench->root = g_dir_make_tmp("newswire-sync-XXXXXX", NULL);
	if (!bench->root)
		return -1;
	bench->fake = fake_start();
	bench->group = fake_group(GROUP);
	dir = g_build_filename(bench->root, GROUP, NULL);
	bench->wish = nw_sync_wish_new(GROUP, dir);
	bench->wish->retention_days = NW_RETENTION_FOR_EVER;
	bench->told = g_string_new(NULL);
	g_free(dir);
	*state = bench;
	return 0;
}

int bench_tear_down(void **state)
{
	struct bench *bench = *state;

	remove_tree(bench->root);
	g_free(bench->root);
	nw_sync_wish_free(bench->wish);
	(void)g_string_free(bench->told, TRUE);
	g_clear_error(&bench->error);
	g_free(bench);
	fake_stop();
	return 0;
}

static gboolean on_progress(const struct nw_sync_outcome *so_far, guint done,
			    guint total, gpointer data)
{
	struct bench *bench = data;

	assert_string_equal(so_far->group, GROUP);
	assert_true(done <= total);
	return ++bench->progresses != bench->ends_at;
}

static void on_finished(const struct nw_sync_outcome *outcome, gpointer data)
{
	struct bench *bench = data;

	g_string_append_printf(bench->told, "done %s\n", outcome->group);
	bench->last = *outcome;
	bench->last.group = NULL;
}

static void on_failed(const char *group, const GError *why, gpointer data)
{
	struct bench *bench = data;

	assert_non_null(why);
	assert_true(*why->message);
	g_string_append_printf(bench->told, "failed %s\n", group);
}

gboolean bench_sync_wishes(struct bench *bench, const GPtrArray *wishes)
{
	const struct nw_sync_calls calls = {
		.progress = on_progress,
		.finished = on_finished,
		.failed = on_failed,
		.data = bench,
	};
	struct nw_session *session;
	gboolean synced;

	g_string_set_size(bench->told, 0);
	g_clear_error(&bench->error);
	bench->last = (struct nw_sync_outcome) { 0 };
	bench->progresses = 0;
	session = nw_session_open(NULL, NULL, NULL);
	g_string_set_size(bench->fake->asked, 0);
	synced = nw_sync_groups(session, wishes, &calls, &bench->error);
	nw_session_close(session);
	return synced;
}

gboolean bench_sync(struct bench *bench)
{
	GPtrArray *wishes = g_ptr_array_new();
	gboolean synced;

	g_ptr_array_add(wishes, bench->wish);
	synced = bench_sync_wishes(bench, wishes);
	g_ptr_array_unref(wishes);
	return synced;
}

void bench_expect(struct bench *bench, guint added, guint removed)
{
	assert_true(bench_sync(bench));
	assert_string_equal(bench->told->str, "done " GROUP "\n");
	assert_true(bench->last.complete);
	assert_int_equal(bench->last.added, added);
	assert_int_equal(bench->last.removed, removed);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const char *const *one = a, *const *other = b;
	guint64 n = g_ascii_strtoull(*one, NULL, 10);
	guint64 m = g_ascii_strtoull(*other, NULL, 10);

	return n != m ? (n > m) - (n < m) : strcmp(*one, *other);
}

void bench_expect_files(const struct bench *bench, const char *names)
{
	GDir *dir = g_dir_open(bench->wish->dir, 0, NULL);
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	const char *name;
	char *joined;

	assert_non_null(dir);
	while ((name = g_dir_read_name(dir)))
		if (!g_str_has_prefix(name, ".newswire_"))
			g_ptr_array_add(list, g_strdup(name));
	g_dir_close(dir);
	g_ptr_array_sort(list, by_name);
	g_ptr_array_add(list, NULL);
	joined = g_strjoinv(" ", (char **)list->pdata);
	assert_string_equal(joined, names);
	g_free(joined);
	g_ptr_array_unref(list);
}

void bench_expect_asked(const char *asked)
{
	char *was = fake_asked();

	assert_string_equal(was, asked);
	g_free(was);
}

char *bench_path(const struct bench *bench, const char *name)
{
	return g_build_filename(bench->wish->dir, name, NULL);
}

gboolean bench_has(const struct bench *bench, guint32 number, const char *text)
{
	char *name = g_strdup_printf("%u", number);
	char *path = bench_path(bench, name), *file = NULL;
	gboolean has = g_file_get_contents(path, &file, NULL, NULL) &&
		       strstr(file, text);

	g_free(file);
	g_free(path);
	g_free(name);
	return has;
}
