/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "newswire/recover.h"

/* The octets of a file that SQLite locks: who has it open in WAL mode holds
 * a lock among them (its file format, section 2.7 of "lockingv3"). */
#define LOCKED_FROM 0x40000000
#define LOCKED_LEN 512

int nw_store_is_free(const char *path, struct nw_error *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
			      .l_start = LOCKED_FROM, .l_len = LOCKED_LEN };
	int fd = open(path, O_RDONLY | O_CLOEXEC), result = 0;

	if (fd < 0)
		return nw_error_errno(err, "%s", path);
	if (fcntl(fd, F_GETLK, &lock))
		result = nw_error_errno(err, "%s", path);
	else if (lock.l_type != F_UNLCK)
		result = nw_error_set(err, NW_ERROR_BUSY,
				      "%s: process %ld has it open; end "
				      "newswire serve first",
				      path, (long)lock.l_pid);
	(void)close(fd);
	return result;
}

static int sync_folder(const char *path, struct nw_error *err)
{
	const char *slash = strrchr(path, '/');
	char folder[NW_PATH_BYTES] = ".";
	int fd, result;

	if (slash)
		(void)snprintf(folder, sizeof(folder), "%.*s",
			       (int)(slash - path) + 1, path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return nw_error_errno(err, "%s", folder);
	result = fsync(fd) ? nw_error_errno(err, "%s", folder) : 0;
	(void)close(fd);
	return result;
}

static int name(char *out, const char *path, const char *ending,
		struct nw_error *err)
{
	if (snprintf(out, NW_PATH_BYTES, "%s%s", path, ending) < NW_PATH_BYTES)
		return 0;
	return nw_error_set(err, NW_ERROR_IO, "%s: too long a name", path);
}

/*
 * In an order that leaves a store under the name at every moment: the old file
 * gets a second name, its log follows (the new store must not find it), and
 * the new one takes the first name.
 */
int nw_store_replace(const char *path, const char *recovered, int64_t now_utc,
		     char *kept_r, struct nw_error *err)
{
	char ending[48], old_log[NW_PATH_BYTES], new_log[NW_PATH_BYTES];
	char memory[NW_PATH_BYTES];
	const time_t now = (time_t)now_utc;
	struct tm date;

	if (nw_store_is_free(path, err))
		return -1;
	(void)strftime(ending, sizeof(ending), ".damaged-%Y%m%dT%H%M%SZ",
		       gmtime_r(&now, &date));
	if (name(kept_r, path, ending, err) ||
	    name(old_log, path, "-wal", err) ||
	    name(new_log, kept_r, "-wal", err) ||
	    name(memory, path, "-shm", err))
		return -1;
	if (link(path, kept_r))
		return nw_error_errno(err, "%s", kept_r);
	if (rename(old_log, new_log) && errno != ENOENT)
		return nw_error_errno(err, "%s", old_log);
	if (unlink(memory) && errno != ENOENT)
		return nw_error_errno(err, "%s", memory);
	if (rename(recovered, path))
		return nw_error_errno(err, "%s", path);
	return sync_folder(path, err);
}
