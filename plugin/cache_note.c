/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the main thread notes in a folder and reads there; it has no cache
 * open.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "cache_private.h"

#define DELETED_BYTES (16u << 20)
#define SMALL_BYTES   32
#define HEAD_BYTES    (64u << 10)
#define CUT_OFF	      "?\n"

static int open_folder(const char *dir)
{
	return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A line is "N" or "N <Message-ID>"; the number, and what is behind it. */
static guint32 read_deleted_line(char *line, const char **id_r)
{
	char *space = strchr(line, ' ');

	*id_r = space ? space + 1 : NULL;
	if (space)
		*space = '\0';
	return nw_cache_number(line);
}

/* Without the last one if that has no end, as it is half of one; what a crash
 * of the system left as NUL hides none of the others. */
static char **deleted_lines(int dir_fd)
{
	gsize len = 0, i;
	char *text =
		nw_cache_slurp(dir_fd, NW_CACHE_DELETED, DELETED_BYTES, &len);
	char *end, **lines;

	for (i = 0; text && i < len; i++)
		if (!text[i])
			text[i] = '?';
	end = text ? strrchr(text, '\n') : NULL;
	if (end)
		*end = '\0';
	lines = g_strsplit(end ? text : "", "\n", -1);
	g_free(text);
	return lines;
}

void nw_cache_read_deleted(int dir_fd, GHashTable *numbers, GHashTable *ids)
{
	char **line, **lines = deleted_lines(dir_fd);
	const char *id;
	guint32 number;

	for (line = lines; *line; line++) {
		number = read_deleted_line(*line, &id);
		if (number)
			g_hash_table_add(numbers, GUINT_TO_POINTER(number));
		if (number && id)
			g_hash_table_add(ids, g_strdup(id));
	}
	g_strfreev(lines);
}

/* Of the file that is about to be deleted; NULL. */
static char *message_id(int dir_fd, guint32 number)
{
	gsize len = 0;
	char *text = nw_cache_slurp(dir_fd, nw_cache_name(number, NULL).text,
				    HEAD_BYTES, &len);
	char *id = text ? nw_cache_header_of(text, len, "Message-ID") : NULL;

	g_free(text);
	if (id && (!*id || strpbrk(id, " \t")))
		g_clear_pointer(&id, g_free);
	return id;
}

static gboolean ends_in_mid_line(int fd, off_t size)
{
	char last = '\n';

	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

/* A line that begins with CUT_OFF, which ends one that has no end yet, so that
 * it names no number that was not meant. */
static gboolean append(int dir_fd, const char *line)
{
	int fd = openat(dir_fd, NW_CACHE_DELETED,
			O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
			0600);
	gboolean written;
	gsize len;
	off_t size;

	if (fd < 0)
		return FALSE;
	size = lseek(fd, 0, SEEK_END);
	if (!ends_in_mid_line(fd, size))
		line += strlen(CUT_OFF);
	len = strlen(line);
	written = write(fd, line, len) == (gssize)len;
	/* What is not noted whole is not noted. */
	if (!written && size >= 0)
		(void)!ftruncate(fd, size);
	return close(fd) == 0 && written;
}

gboolean nw_cache_forget(const char *dir, guint32 number)
{
	int dir_fd = open_folder(dir);
	char *id, *line;
	gboolean noted;

	if (dir_fd < 0)
		return FALSE;
	id = message_id(dir_fd, number);
	line = g_strdup_printf(CUT_OFF "%u%s%s\n", number, id ? " " : "",
			       id ? id : "");
	noted = append(dir_fd, line);
	g_free(line);
	g_free(id);
	(void)close(dir_fd);
	return noted;
}

/* The lines of numbers from low on; NULL when that is all of them. */
static char *prune(int dir_fd, guint32 low)
{
	char **line, **lines = deleted_lines(dir_fd);
	GString *kept = g_string_new(NULL);
	gboolean pruned = FALSE;
	const char *id;
	guint32 number;

	for (line = lines; *line; line++) {
		number = read_deleted_line(*line, &id);
		if (number && number < low)
			pruned = TRUE;
		else if (number)
			g_string_append_printf(kept, "%u%s%s\n", number,
					       id ? " " : "", id ? id : "");
	}
	g_strfreev(lines);
	return g_string_free(kept, !pruned);
}

void nw_cache_forget_prune(const char *dir, guint32 low)
{
	char *path = g_build_filename(dir, NW_CACHE_DELETED, NULL);
	int dir_fd = open_folder(dir);
	char *kept = dir_fd < 0 ? NULL : prune(dir_fd, low);

	if (kept)
		(void)g_file_set_contents_full(path, kept, -1,
					       G_FILE_SET_CONTENTS_CONSISTENT,
					       0600, NULL);
	if (dir_fd >= 0)
		(void)close(dir_fd);
	g_free(kept);
	g_free(path);
}

guint32 nw_cache_replaced(const char *dir, guint32 number)
{
	int dir_fd = open_folder(dir);
	gsize len = 0;
	guint32 replaced = 0;
	char *text;

	if (dir_fd < 0)
		return 0;
	text = nw_cache_slurp(dir_fd, nw_cache_name(number, "replaces").text,
			      SMALL_BYTES, &len);
	if (text)
		replaced = nw_cache_number(g_strchomp(text));
	g_free(text);
	(void)close(dir_fd);
	return replaced;
}

void nw_cache_replaced_done(const char *dir, guint32 number)
{
	int dir_fd = open_folder(dir);

	if (dir_fd < 0)
		return;
	(void)unlinkat(dir_fd, nw_cache_name(number, "replaces").text, 0);
	(void)close(dir_fd);
}

gboolean nw_cache_is_headers_only(const char *dir, guint32 number)
{
	char *path =
		g_build_filename(dir, nw_cache_name(number, "headers").text,
				 NULL);
	gboolean there = access(path, F_OK) == 0;

	g_free(path);
	return there;
}
