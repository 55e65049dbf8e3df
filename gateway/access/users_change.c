/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "newswire/users.h"

/* A change on its way. */
struct change {
	char path[NW_PATH_BYTES];   /* of the file itself, not of a link */
	char beside[NW_PATH_BYTES]; /* of the new one; "": there is none yet */
	int folder;		    /* locked while we are at it */
	struct nw_buf text;
	struct stat st;		    /* st_mode 0: it was missing */
};

static int find_file(struct change *change, const char *path,
		     struct nw_error *err)
{
	if (realpath(path, change->path))
		return 0;
	if (errno != ENOENT)
		return nw_error_errno(err, "%s", path);
	if (strlen(path) >= sizeof(change->path))
		return nw_error_set(err, NW_ERROR_IO, "%s: is too long", path);
	memcpy(change->path, path, strlen(path) + 1);
	return 0;
}

/* Two who change it at once do so in turn. */
static int lock_folder(struct change *change, struct nw_error *err)
{
	char *slash = strrchr(change->path, '/');

	if (!slash)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "%s: is not absolute", change->path);
	*slash = '\0';
	change->folder = open(slash == change->path ? "/" : change->path,
			      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*slash = '/';
	if (change->folder < 0 || flock(change->folder, LOCK_EX) < 0)
		return nw_error_errno(err, "the folder of %s", change->path);
	return 0;
}

static int read_file(struct change *change, struct nw_arena *arena,
		     struct nw_users *users_r, struct nw_error *err)
{
	struct nw_buf *text = &change->text;

	if (nw_users_read(change->path, text, &change->st, err) < 0)
		return -1;
	if (text->len && text->data[text->len - 1] != '\n')
		nw_buf_addc(text, '\n');
	if (!nw_buf_ok(text))
		return nw_error_set(err, NW_ERROR_CONFIG, "%s: is too long",
				    change->path);
	return nw_users_parse(arena, change->path, text, users_r, err);
}

/* Where line number (from 1) begins. */
static size_t begin_of(const struct nw_buf *text, int line)
{
	const char *at = text->data;

	while (--line > 0)
		at = strchr(at, '\n') + 1;
	return (size_t)(at - text->data);
}

/* The text with the line of the user changed. */
static void edit(const struct nw_buf *text, const struct nw_user *user,
		 const char *line, struct nw_buf *out)
{
	size_t begin = user ? begin_of(text, user->line) : text->len;
	size_t end = user ? begin_of(text, user->line + 1) : text->len;

	nw_buf_add(out, text->data, begin);
	nw_buf_adds(out, line);
	nw_buf_add(out, text->data + end, text->len - end);
}

static int write_all(int fd, const struct nw_buf *text)
{
	size_t at = 0;
	ssize_t put;

	while (at < text->len) {
		put = write(fd, text->data + at, text->len - at);
		if (put < 0 && errno != EINTR)
			return -1;
		if (put > 0)
			at += (size_t)put;
	}
	return fsync(fd);
}

/* The new file is for whom the old one was. */
static int keep_owner(int fd, const struct stat *st)
{
	if (!st->st_mode)
		return 0;	/* there was none; mkstemp(3) makes it 0600 */
	if ((st->st_uid != geteuid() || st->st_gid != getegid()) &&
	    fchown(fd, st->st_uid, st->st_gid) < 0)
		return -1;
	return fchmod(fd, st->st_mode & 07777);
}

static int write_beside(struct change *change, const struct nw_buf *text,
			struct nw_error *err)
{
	int fd, failed, len;

	len = snprintf(change->beside, sizeof(change->beside), "%s.XXXXXX",
		       change->path);
	fd = len < (int)sizeof(change->beside) ? mkstemp(change->beside) : -1;
	if (fd < 0) {
		change->beside[0] = '\0';
		return nw_error_errno(err, "beside %s", change->path);
	}
	failed = keep_owner(fd, &change->st) < 0 || write_all(fd, text) < 0;
	if (failed)
		nw_error_errno(err, "%s", change->beside);
	if (close(fd) < 0 && !failed)
		failed = nw_error_errno(err, "%s", change->beside);
	return failed ? -1 : 0;
}

static int put_in_place(struct change *change, const struct nw_buf *text,
			struct nw_error *err)
{
	if (!nw_buf_ok(text))
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: would be longer than %u bytes",
				    change->path, NW_USERS_BYTES);
	if (write_beside(change, text, err) < 0)
		return -1;
	if (rename(change->beside, change->path) < 0)
		return nw_error_errno(err, "%s", change->path);
	change->beside[0] = '\0';
	if (fsync(change->folder) < 0)
		return nw_error_errno(err, "the folder of %s", change->path);
	return 0;
}

/* The file as it will be. */
static int edit_file(struct change *change, const char *name,
		     const char *secret, struct nw_buf *out,
		     struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	const struct nw_user *user = NULL;
	struct nw_users users;
	int result = read_file(change, arena, &users, err);

	if (result >= 0)
		user = nw_users_find(&users, name);
	if (result >= 0 && !user && !secret)
		result = nw_error_set(err, NW_ERROR_MISSING,
				      "%s: there is no user %s", change->path,
				      name);
	if (result >= 0)
		edit(&change->text, user,
		     secret ? nw_arena_printf(arena, "%s:%s\n", name, secret)
			    : "", out);
	nw_arena_free(&arena);
	return result;
}

int nw_users_change(const char *path, const char *name, const char *secret,
		    struct nw_error *err)
{
	struct change change = { .folder = -1 };
	struct nw_buf out;
	int result = -1;

	nw_buf_init(&change.text, NW_USERS_BYTES);
	nw_buf_init(&out, NW_USERS_BYTES);
	if (find_file(&change, path, err) == 0 &&
	    lock_folder(&change, err) == 0 &&
	    edit_file(&change, name, secret, &out, err) == 0)
		result = put_in_place(&change, &out, err);
	if (change.beside[0])
		(void)unlink(change.beside);
	if (change.folder >= 0)
		(void)close(change.folder);
	nw_buf_free(&out);
	nw_buf_free(&change.text);
	return result;
}
