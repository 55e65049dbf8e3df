/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "session.h"
#include "sync.h"

/* Numbers that the user deleted, one a line; Claws Mail passes dot files
 * over. */
#define FORGOTTEN ".newswire_deleted"

static void free_group(gpointer data)
{
	struct nw_sync_group *group = data;

	g_free(group->name);
	g_free(group->description);
	g_free(group);
}

struct nw_sync *nw_sync_new(const char *program, const char *dir)
{
	struct nw_sync *sync = g_new0(struct nw_sync, 1);

	sync->program = g_strdup(program);
	sync->dir = g_strdup(dir);
	sync->groups = g_ptr_array_new_with_free_func(free_group);
	return sync;
}

void nw_sync_free(struct nw_sync *sync)
{
	g_free(sync->program);
	g_free(sync->dir);
	g_ptr_array_unref(sync->groups);
	g_clear_error(&sync->error);
	g_free(sync);
}

/* A file's name as a number; 0 when it is none. */
static guint32 number_of(const char *name)
{
	guint64 number = 0;

	if (!g_ascii_string_to_unsigned(name, 10, 1, G_MAXINT32, &number,
					NULL))
		return 0;
	return (guint32)number;
}

static void add_number(GHashTable *set, guint32 number)
{
	if (number)
		g_hash_table_add(set, GUINT_TO_POINTER(number));
}

static GHashTable *numbers_on_disk(const char *dir)
{
	GHashTable *set = g_hash_table_new(NULL, NULL);
	GDir *folder = g_dir_open(dir, 0, NULL);
	const char *name;

	while (folder && (name = g_dir_read_name(folder)))
		add_number(set, number_of(name));
	if (folder)
		g_dir_close(folder);
	return set;
}

static GHashTable *numbers_forgotten(const char *dir)
{
	GHashTable *set = g_hash_table_new(NULL, NULL);
	char *path = g_build_filename(dir, FORGOTTEN, NULL), *text = NULL;
	char **lines, **line;

	if (g_file_get_contents(path, &text, NULL, NULL)) {
		lines = g_strsplit(text, "\n", -1);
		for (line = lines; *line; line++)
			add_number(set, number_of(*line));
		g_strfreev(lines);
	}
	g_free(text);
	g_free(path);
	return set;
}

gboolean nw_sync_forget(const char *group_dir, guint32 number)
{
	char *path = g_build_filename(group_dir, FORGOTTEN, NULL);
	FILE *file = g_fopen(path, "a");
	gboolean written;

	g_free(path);
	if (!file)
		return FALSE;
	written = fprintf(file, "%u\n", number) > 0;
	return fclose(file) == 0 && written;
}

/* G_FILE_SET_CONTENTS_CONSISTENT writes beside, renames, and
 * G_FILE_SET_CONTENTS_DURABLE syncs before. */
static gboolean write_article(const char *dir, guint32 number,
			      const GString *text, GError **error)
{
	char *name = g_strdup_printf("%u", number);
	char *path = g_build_filename(dir, name, NULL);
	gboolean written = g_file_set_contents_full(
		path, text->str, (gssize)text->len,
		G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
		0600, error);

	g_free(path);
	g_free(name);
	return written;
}

/* 1 when it was written, 0 when it is gone meanwhile, -1. */
static int fetch_article(struct nw_session *session, const char *dir,
			 guint32 number, GError **error)
{
	GError *why = NULL;
	GString *text = nw_session_article(session, number, &why);
	int result = 0;

	if (why) {
		g_propagate_error(error, why);
		return -1;
	}
	if (text)
		result = write_article(dir, number, text, error) ? 1 : -1;
	if (text)
		(void)g_string_free(text, TRUE);
	return result;
}

/* What is left in on_disk has no article any more. */
static unsigned remove_vanished(const char *dir, GHashTable *on_disk)
{
	GHashTableIter iter;
	gpointer number;
	unsigned removed = 0;

	g_hash_table_iter_init(&iter, on_disk);
	while (g_hash_table_iter_next(&iter, &number, NULL)) {
		char *path = g_strdup_printf("%s/%u", dir,
					     GPOINTER_TO_UINT(number));

		removed += g_unlink(path) == 0;
		g_free(path);
	}
	return removed;
}

static int copy_numbers(struct nw_sync *sync, struct nw_session *session,
			const GArray *numbers, const char *dir,
			struct nw_sync_group *group)
{
	GHashTable *on_disk = numbers_on_disk(dir);
	GHashTable *forgotten = numbers_forgotten(dir);
	int got = 0;
	guint i;

	for (i = 0; i < numbers->len && got >= 0; i++) {
		guint32 number = g_array_index(numbers, guint32, i);
		gpointer key = GUINT_TO_POINTER(number);

		if (g_atomic_int_get(&sync->cancelled))
			break;
		if (g_hash_table_remove(on_disk, key) ||
		    g_hash_table_contains(forgotten, key))
			continue;
		got = fetch_article(session, dir, number, &sync->error);
		group->added += got > 0;
	}
	if (i == numbers->len && got >= 0)
		group->removed = remove_vanished(dir, on_disk);
	g_hash_table_unref(on_disk);
	g_hash_table_unref(forgotten);
	return got < 0 ? -1 : 0;
}

static int copy_group(struct nw_sync *sync, struct nw_session *session,
		      const struct nw_session_group *from)
{
	char *dir = g_build_filename(sync->dir, from->name, NULL);
	struct nw_sync_group *group = g_new0(struct nw_sync_group, 1);
	GArray *numbers = nw_session_numbers(session, from->name, &sync->error);
	int result = -1;

	group->name = g_strdup(from->name);
	group->description = g_strdup(from->description);
	g_ptr_array_add(sync->groups, group);
	if (numbers && g_mkdir_with_parents(dir, 0700) < 0)
		g_set_error(&sync->error, G_IO_ERROR, G_IO_ERROR_FAILED,
			    "%s: %s", dir, g_strerror(errno));
	else if (numbers)
		result = copy_numbers(sync, session, numbers, dir, group);
	if (numbers)
		g_array_unref(numbers);
	g_free(dir);
	return result;
}

/* A group's name becomes a folder's; the gateway is our own, but a name that
 * leads elsewhere is not followed all the same. */
static gboolean is_safe(const char *name)
{
	return *name && *name != '.' && !strpbrk(name, "/\\");
}

static void copy_all(struct nw_sync *sync, struct nw_session *session)
{
	GPtrArray *groups = nw_session_groups(session, &sync->error);
	guint i;

	for (i = 0; groups && i < groups->len; i++) {
		const struct nw_session_group *group = groups->pdata[i];

		if (g_atomic_int_get(&sync->cancelled))
			break;
		if (is_safe(group->name) &&
		    copy_group(sync, session, group) < 0)
			break;
	}
	if (groups)
		g_ptr_array_unref(groups);
}

/* Its failures stand in the gateway's own status; what is stored is copied
 * all the same. */
static void poll_sources(struct nw_sync *sync)
{
	const char *argv[] = { sync->program, "fetch", "--quiet", NULL };
	GPid child;

	if (!g_spawn_async(NULL, (char **)(guintptr)argv, NULL,
			   G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
				   G_SPAWN_DO_NOT_REAP_CHILD,
			   NULL, NULL, &child, NULL))
		return;
	g_atomic_int_set(&sync->poller, child);
	if (g_atomic_int_get(&sync->cancelled))
		(void)kill(child, SIGTERM);
	(void)waitpid(child, NULL, 0);
	g_atomic_int_set(&sync->poller, 0);
	g_spawn_close_pid(child);
}

void nw_sync_cancel(struct nw_sync *sync)
{
	gint poller;

	g_atomic_int_set(&sync->cancelled, TRUE);
	poller = g_atomic_int_get(&sync->poller);
	if (poller)
		(void)kill(poller, SIGTERM);
}

void nw_sync_run(struct nw_sync *sync)
{
	struct nw_session *session;

	poll_sources(sync);
	if (g_atomic_int_get(&sync->cancelled))
		return;
	session = nw_session_open(sync->program, &sync->error);
	if (session)
		copy_all(sync, session);
	nw_session_close(session);
}
