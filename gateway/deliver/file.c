/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_private.h"
#include "newswire/limits.h"

static const struct remedy {
	int number;
	const char *text;
} remedies[] = {
	{ ENOSPC, "the disk is full; make room, and delivery goes on where it "
		  "was" },
	{ EDQUOT, "the quota is used up; make room, and delivery goes on "
		  "where it was" },
	{ EFBIG, "the file has reached the limit of its size (ulimit -f)" },
	{ EACCES, "this user may not write there; change its permissions or "
		  "deliver elsewhere" },
	{ EPERM, "this user may not write there; change its permissions or "
		 "deliver elsewhere" },
	{ EROFS, "the file system may not be written to; deliver elsewhere" },
	{ ENOTDIR, "a part of its path is no folder; deliver elsewhere" },
	{ EISDIR, "is a folder; name a file in it" },
};

int nw_file_fail(const char *path, struct nw_error *err)
{
	size_t i;

	for (i = 0; i < sizeof(remedies) / sizeof(*remedies); i++)
		if (remedies[i].number == errno)
			return nw_error_set(err, NW_ERROR_IO, "%s: %s", path,
					    remedies[i].text);
	return nw_error_errno(err, "%s", path);
}

static int make_one(const char *path, bool *made_r, struct nw_error *err)
{
	struct stat st;

	*made_r = !mkdir(path, 0700);
	if (*made_r)
		return 0;
	if (errno != EEXIST)
		return nw_file_fail(path, err);
	if (stat(path, &st))
		return nw_file_fail(path, err);
	if (S_ISDIR(st.st_mode))
		return 0;
	errno = ENOTDIR;
	return nw_file_fail(path, err);
}

static int copy_path(const char *path, char copy_r[NW_PATH_BYTES],
		     struct nw_error *err)
{
	size_t len = strlen(path);

	if (len >= NW_PATH_BYTES)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%.64s…: the path is too long", path);
	memcpy(copy_r, path, len + 1);
	return 0;
}

int nw_file_make_parents(const char *path, struct nw_error *err)
{
	char copy[NW_PATH_BYTES], *slash;
	struct stat st;
	bool made;

	if (copy_path(path, copy, err))
		return -1;
	/* Mostly all are there; then none of those above need be looked at,
	 * which may be none of ours. */
	slash = strrchr(copy, '/');
	if (!slash || slash == copy)
		return 0;
	*slash = '\0';
	if (!stat(copy, &st) && S_ISDIR(st.st_mode))
		return 0;
	*slash = '/';
	for (slash = strchr(copy + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (make_one(copy, &made, err) ||
		    (made && nw_file_sync_parent(copy, err)))
			return -1;
		*slash = '/';
	}
	return 0;
}

int nw_file_make_dir(const char *path, bool *made_r, struct nw_error *err)
{
	bool made = false;

	if (nw_file_make_parents(path, err) || make_one(path, &made, err) ||
	    (made && nw_file_sync_parent(path, err)))
		return -1;
	if (made_r)
		*made_r = made;
	return 0;
}

int nw_file_sync_dir(const char *path, struct nw_error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed;

	if (fd < 0)
		return nw_file_fail(path, err);
	/* Some file systems cannot, and need not. */
	failed = fsync(fd) && errno != EINVAL && errno != ENOTSUP;
	if (failed)
		(void)nw_file_fail(path, err);
	(void)close(fd);
	return failed ? -1 : 0;
}

int nw_file_sync_parent(const char *path, struct nw_error *err)
{
	char copy[NW_PATH_BYTES], *slash;

	if (copy_path(path, copy, err))
		return -1;
	slash = strrchr(copy, '/');
	if (!slash)
		return 0;
	slash[slash == copy] = '\0';
	return nw_file_sync_dir(copy, err);
}

int nw_file_write_all(int fd, const char *bytes, size_t len)
{
	ssize_t written;

	while (len) {
		written = write(fd, bytes, len);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		len -= (size_t)written;
	}
	return 0;
}

int nw_file_put(const char *path, const struct nw_buf *bytes, int64_t utc,
		struct nw_error *err)
{
	const struct timespec times[2] = { { .tv_sec = (time_t)utc },
					   { .tv_sec = (time_t)utc } };
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool failed;

	if (fd < 0)
		return nw_file_fail(path, err);
	failed = nw_file_write_all(fd, bytes->data, bytes->len) ||
		 futimens(fd, times) || fsync(fd);
	if (failed)
		(void)nw_file_fail(path, err);
	if (close(fd) && !failed) {
		(void)nw_file_fail(path, err);
		failed = true;
	}
	if (failed)
		(void)unlink(path);
	return failed ? -1 : 0;
}
