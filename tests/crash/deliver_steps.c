/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deliver_steps.h"
#include "newswire/delivery.h"

#define FDS 256

/* What the wrapped calls share; a test is one thread. */
static struct {
	struct steps steps;
	bool written[FDS];	/* since its last fsync */
	bool lost;		/* closed like that */
	bool names;		/* changed since the last fsync of a folder */
} world;

void steps_plan(enum step_kind kind, long at)
{
	memset(&world, 0, sizeof(world));
	world.steps.kind = kind;
	world.steps.at = at;
}

const struct steps *steps_seen(void)
{
	return &world.steps;
}

/* Whether this step fails; one that is to be killed does not return. */
static bool fails(void)
{
	struct steps *steps = &world.steps;
	bool here = steps->kind != STEP_TEAR && ++steps->done == steps->at;

	if (steps->kind == STEP_KILL && here)
		(void)kill(getpid(), SIGKILL);
	if ((steps->kind == STEP_ERROR && here) ||
	    (steps->kind == STEP_FULL && steps->done >= steps->at)) {
		steps->hit = true;
		errno = steps->kind == STEP_FULL ? ENOSPC : EIO;
		return true;
	}
	return false;
}

/* A step that frees room, or that nobody could do anything about. */
static void counts(void)
{
	struct steps *steps = &world.steps;

	if (steps->kind == STEP_KILL && ++steps->done == steps->at)
		(void)kill(getpid(), SIGKILL);
}

ssize_t __real_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
ssize_t __wrap_write(int fd, const void *bytes, size_t len)
{
	struct steps *steps = &world.steps;

	if (steps->kind == STEP_TEAR && ++steps->done == steps->at) {
		(void)__real_write(fd, bytes, len / 2);
		(void)kill(getpid(), SIGKILL);
	}
	if (fails()) {
		/* What there was room for is written, and then no more. */
		if (steps->kind == STEP_FULL && steps->done == steps->at &&
		    len > 1)
			return __real_write(fd, bytes, len / 2);
		return -1;
	}
	if (fd >= 0 && fd < FDS)
		world.written[fd] = true;
	return __real_write(fd, bytes, len);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	unsigned mode = 0;
	bool created;
	va_list args;
	int fd;

	if (!(flags & O_CREAT) && (flags & O_TMPFILE) != O_TMPFILE)
		return __real_open(path, flags);
	va_start(args, flags);
	mode = va_arg(args, unsigned);
	va_end(args);
	/* One that is there needs no room. */
	created = access(path, F_OK) || !(flags & O_CREAT);
	if (created && fails())
		return -1;
	fd = __real_open(path, flags, mode);
	if (created && (flags & O_CREAT) && fd >= 0)
		world.names = true;
	if (fd >= 0 && fd < FDS)
		world.written[fd] = false;
	return fd;
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	char link[64], path[4096] = "";

	/* A lock need not be on the disk; one is made without a name. */
	if (fd >= 0 && fd < FDS && world.written[fd]) {
		(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		if (readlink(link, path, sizeof(path) - 1) < 0 ||
		    (!strstr(path, ".lock") && !strstr(path, "/#")))
			world.lost = true;
		world.written[fd] = false;
	}
	return __real_close(fd);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	struct stat st;

	if (fails())
		return -1;
	if (fd >= 0 && fd < FDS)
		world.written[fd] = false;
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode))
		world.names = false;
	return __real_fsync(fd);
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
	if (fails())
		return -1;
	world.names = true;
	return __real_rename(from, to);
}

int __real_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);
int __wrap_link(const char *from, const char *to)
{
	if (fails())
		return -1;
	world.names = true;
	return __real_link(from, to);
}

int __real_linkat(int from_dir, const char *from, int to_dir, const char *to,
		  int flags);
int __wrap_linkat(int from_dir, const char *from, int to_dir, const char *to,
		  int flags);
int __wrap_linkat(int from_dir, const char *from, int to_dir, const char *to,
		  int flags)
{
	return fails() ? -1 : __real_linkat(from_dir, from, to_dir, to, flags);
}

int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode)
{
	return access(path, F_OK) && fails() ? -1 : __real_mkdir(path, mode);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
	counts();
	return __real_unlink(path);
}

int __real_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size)
{
	counts();
	if (fd >= 0 && fd < FDS)
		world.written[fd] = true;
	return __real_ftruncate(fd, size);
}

static int fail_store(struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_IO, "the store: %s",
			    strerror(errno));
}

int __real_nw_delivery_begin(struct nw_store *store, int64_t id,
			     int64_t group_id,
			     const struct nw_delivery_cursor *cursor,
			     struct nw_error *err);
int __wrap_nw_delivery_begin(struct nw_store *store, int64_t id,
			     int64_t group_id,
			     const struct nw_delivery_cursor *cursor,
			     struct nw_error *err);
int __wrap_nw_delivery_begin(struct nw_store *store, int64_t id,
			     int64_t group_id,
			     const struct nw_delivery_cursor *cursor,
			     struct nw_error *err)
{
	if (fails())
		return fail_store(err);
	/* What became of an earlier batch that failed is told by its mailbox. */
	if (world.steps.hit)
		world.lost = world.names = false;
	return __real_nw_delivery_begin(store, id, group_id, cursor, err);
}

int __real_nw_delivery_end(struct nw_store *store, int64_t id,
			   int64_t group_id, int64_t done,
			   struct nw_error *err);
int __wrap_nw_delivery_end(struct nw_store *store, int64_t id,
			   int64_t group_id, int64_t done,
			   struct nw_error *err);
int __wrap_nw_delivery_end(struct nw_store *store, int64_t id,
			   int64_t group_id, int64_t done,
			   struct nw_error *err)
{
	size_t fd;

	for (fd = 0; fd < FDS; fd++)
		world.lost = world.lost || world.written[fd];
	if (world.lost || world.names)
		world.steps.unsynced = true;
	if (fails())
		return fail_store(err);
	return __real_nw_delivery_end(store, id, group_id, done, err);
}
