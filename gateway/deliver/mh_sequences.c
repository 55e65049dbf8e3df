/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * .mh_sequences: lines "NAME: NUMBER[-NUMBER]…"; mh-sequence(5).
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file_private.h"
#include "mh_private.h"
#include "newswire/limits.h"

#define FILE_BYTES (4u << 20)
#define RETRY_MS 50
#define UNSEEN "unseen:"

static int lock(const char *path, int fd, struct nw_error *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000L };
	int waited_ms;

	for (waited_ms = 0; fcntl(fd, F_SETLK, &lock);
	     waited_ms += RETRY_MS) {
		if (errno != EAGAIN && errno != EACCES)
			return nw_file_fail(path, err);
		if (waited_ms >= NW_MAILBOX_LOCK_MS)
			return nw_error_set(err, NW_ERROR_BUSY,
					    "%s: another program has kept it "
					    "locked for %d s",
					    path, NW_MAILBOX_LOCK_MS / 1000);
		(void)nanosleep(&pause, NULL);
	}
	return 0;
}

/* The whole file; one that is missing is empty.  The descriptor stays open, for
 * the lock lies on it, which nmh knows. */
static int slurp(const char *path, struct nw_buf *text, int *fd_r,
		 struct nw_error *err)
{
	char *room;
	ssize_t got = 1;

	*fd_r = open(path, O_RDWR | O_CLOEXEC);
	if (*fd_r < 0)
		return errno == ENOENT ? 0 : nw_file_fail(path, err);
	if (lock(path, *fd_r, err))
		return -1;
	while (got > 0) {
		room = nw_buf_reserve(text, 4096);
		if (!room)
			return nw_error_set(err, NW_ERROR_REFUSED,
					    "%s: is too large", path);
		got = read(*fd_r, room, 4096);
		if (got < 0)
			return nw_file_fail(path, err);
		text->len += (size_t)got;
	}
	text->data[text->len] = '\0';
	return 0;
}

/* Appends the ranges of a line with the number in them: the last range grows
 * where it can. */
static void put_ranges(struct nw_buf *out, const char *line, size_t len,
		       long number)
{
	const char *last = line + len, *dash;
	char *end;
	long top;

	while (len && strchr(" \t\r", line[len - 1]))
		len--;
	last = line + len;
	while (last > line && last[-1] != ' ')
		last--;
	dash = memchr(last, '-', (size_t)(line + len - last));
	top = strtol(dash ? dash + 1 : last, &end, 10);
	if (end != line + len || top <= 0) {
		nw_buf_add(out, line, len);
		nw_buf_addf(out, " %ld", number);
	} else if (top >= number) {
		/* Left by a run that was interrupted, or another program's. */
		nw_buf_add(out, line, len);
		if (top > number)
			nw_buf_addf(out, " %ld", number);
	} else if (top == number - 1) {
		nw_buf_add(out, line,
			   (size_t)((dash ? dash : line + len) - line));
		nw_buf_addf(out, "-%ld", number);
	} else {
		nw_buf_add(out, line, len);
		nw_buf_addf(out, " %ld", number);
	}
}

static void put_all(struct nw_buf *out, const char *text, long number)
{
	bool done = false;
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (!done && !strncmp(text, UNSEEN, strlen(UNSEEN))) {
			put_ranges(out, text, len, number);
			done = true;
		} else {
			nw_buf_add(out, text, len);
		}
		nw_buf_addc(out, '\n');
	}
	if (!done)
		nw_buf_addf(out, UNSEEN " %ld\n", number);
}

static int put_file(const char *dir, const char *path,
		    const struct nw_buf *text, struct nw_error *err)
{
	char temporary[NW_PATH_BYTES];

	if (snprintf(temporary, sizeof(temporary),
		     "%s/" NW_MH_TEMPORARY "sequences", dir) >=
	    (int)sizeof(temporary))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: the path is too long", dir);
	if (nw_file_put(temporary, text, (int64_t)time(NULL), err))
		return -1;
	if (!rename(temporary, path))
		return 0;
	(void)nw_file_fail(path, err);
	(void)unlink(temporary);
	return -1;
}

int nw_mh_add_unseen(const char *dir, long number, struct nw_error *err)
{
	char path[NW_PATH_BYTES];
	struct nw_buf text, out;
	int fd = -1, result;

	if (snprintf(path, sizeof(path), "%s/.mh_sequences", dir) >=
	    (int)sizeof(path))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: the path is too long", dir);
	nw_buf_init(&text, FILE_BYTES);
	nw_buf_init(&out, 2 * FILE_BYTES);
	result = slurp(path, &text, &fd, err);
	if (!result) {
		put_all(&out, text.data, number);
		if (!nw_buf_ok(&out))
			result = nw_error_set(err, NW_ERROR_REFUSED,
					      "%s: is too large", path);
		else
			result = put_file(dir, path, &out, err);
	}
	if (fd >= 0)
		(void)close(fd);
	nw_buf_free(&out);
	nw_buf_free(&text);
	return result;
}
