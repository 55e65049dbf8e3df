/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FILE.lock holds the process and the host that made it.  One of a process of
 * this host that is gone is stale; one of another program, which may say
 * nothing of whose it is, when it is older than five minutes, as liblockfile
 * has it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file_private.h"
#include "mbox_private.h"
#include "newswire/limits.h"

#define STALE_S 300
#define RETRY_MS 50

static int lock_path(const char *path, const char *ending, char *lock,
		     struct nw_error *err)
{
	if (snprintf(lock, NW_PATH_BYTES, "%s.lock%s", path, ending) <
	    NW_PATH_BYTES)
		return 0;
	return nw_error_set(err, NW_ERROR_USAGE, "%s: the path is too long",
			    path);
}

static void host_name(char host[128])
{
	if (gethostname(host, 127))
		*host = '\0';
	host[127] = '\0';
}

/* Whether the lock says that a process of this host made it that is gone. */
static bool owner_is_gone(const char *lock)
{
	char text[256] = "", host[128], *end;
	int fd = open(lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t len;
	long pid;

	if (fd < 0)
		return false;
	len = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	text[len > 0 ? len : 0] = '\0';
	host_name(host);
	pid = strtol(text, &end, 10);
	if (pid <= 1 || *end != ' ' || strncmp(end + 1, host, strlen(host)) ||
	    end[1 + strlen(host)] != '\n')
		return false;
	return kill((pid_t)pid, 0) && errno == ESRCH;
}

static bool is_stale(const char *lock, struct stat *st_r)
{
	if (lstat(lock, st_r))
		return false;
	return owner_is_gone(lock) || st_r->st_mtime < time(NULL) - STALE_S;
}

/* Takes a stale lock away, under a name of our own first: another process may
 * have put a new one in its place meanwhile, which then goes back. */
static void remove_stale(const char *path, const char *lock)
{
	char ending[32], away[NW_PATH_BYTES];
	struct stat stale, taken;

	(void)snprintf(ending, sizeof(ending), ".%ld", (long)getpid());
	if (!is_stale(lock, &stale) || lock_path(path, ending, away, NULL) ||
	    rename(lock, away))
		return;
	if (!lstat(away, &taken) && (taken.st_ino != stale.st_ino ||
				     taken.st_mtime != stale.st_mtime))
		(void)link(away, lock);
	(void)unlink(away);
}

static int write_owner(int fd)
{
	char host[128], text[256];

	host_name(host);
	(void)snprintf(text, sizeof(text), "%ld %s\n", (long)getpid(), host);
	return nw_file_write_all(fd, text, strlen(text));
}

/*
 * The lock with its owner in it, at once: one that says nothing because its
 * maker was killed would keep everybody out until it is old.  1, 0 when
 * somebody else has it, -1 with errno, EOPNOTSUPP where the file system cannot.
 */
static int link_lock(const char *lock)
{
#ifdef O_TMPFILE
	char dir[NW_PATH_BYTES], unnamed[64], *slash;
	int fd, result, number;

	memcpy(dir, lock, strlen(lock) + 1);
	slash = strrchr(dir, '/');
	slash[slash == dir] = '\0';
	fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0) {
		errno = errno == EISDIR || errno == EINVAL ? EOPNOTSUPP : errno;
		return -1;
	}
	(void)snprintf(unnamed, sizeof(unnamed), "/proc/self/fd/%d", fd);
	result = write_owner(fd) ||
			 linkat(AT_FDCWD, unnamed, AT_FDCWD, lock,
				AT_SYMLINK_FOLLOW)
		 ? -1 : 1;
	number = errno;
	(void)close(fd);
	/* Without /proc. */
	errno = number == ENOENT ? EOPNOTSUPP : number;
	return result < 0 && errno == EEXIST ? 0 : result;
#else
	(void)lock;
	errno = EOPNOTSUPP;
	return -1;
#endif
}

/* 1, 0 when somebody else has it, -1. */
static int try_dot_lock(const char *lock, struct nw_error *err)
{
	int got = link_lock(lock), fd;
	bool failed;

	if (got >= 0)
		return got;
	if (errno != EOPNOTSUPP)
		return nw_file_fail(lock, err);
	fd = open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return errno == EEXIST ? 0 : nw_file_fail(lock, err);
	failed = write_owner(fd);
	if (failed)
		(void)nw_file_fail(lock, err);
	(void)close(fd);
	if (failed)
		(void)unlink(lock);
	return failed ? -1 : 1;
}

static int try_fcntl_lock(int fd, const char *path, struct nw_error *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (!fcntl(fd, F_SETLK, &lock))
		return 1;
	return errno == EAGAIN || errno == EACCES ? 0 : nw_file_fail(path, err);
}

static int give_up(const char *path, const char *what, struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_BUSY,
			    "%s: another program has kept it locked (%s) for "
			    "%d s; if none is running, remove that lock",
			    path, what, NW_MAILBOX_LOCK_MS / 1000);
}

static void pause_ms(int ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000L };

	(void)nanosleep(&pause, NULL);
}

static int open_file(const char *path, int *fd_r, struct nw_error *err)
{
	struct stat st;
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0)
		return nw_file_fail(path, err);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return nw_error_set(err, NW_ERROR_IO, "%s: is no file", path);
	}
	*fd_r = fd;
	return 0;
}

/* Asks until it is granted or the time is up. */
static int lock_file(const char *path, const char *lock, int *fd,
		     struct nw_error *err)
{
	int waited_ms, got = 0;

	for (waited_ms = 0; waited_ms < NW_MAILBOX_LOCK_MS;
	     waited_ms += RETRY_MS) {
		got = try_dot_lock(lock, err);
		if (got)
			break;
		remove_stale(path, lock);
		pause_ms(RETRY_MS);
	}
	if (got <= 0)
		return got ? -1 : give_up(path, lock, err);
	/* Only now: whoever had the lock may have put another file there. */
	for (got = open_file(path, fd, err); !got; waited_ms += RETRY_MS) {
		got = try_fcntl_lock(*fd, path, err);
		if (got > 0)
			return 0;
		if (!got && waited_ms >= NW_MAILBOX_LOCK_MS)
			got = give_up(path, "by fcntl", err);
		if (!got)
			pause_ms(RETRY_MS);
	}
	(void)unlink(lock);
	return -1;
}

int nw_mbox_lock(const char *path, int *fd_r, struct nw_error *err)
{
	char lock[NW_PATH_BYTES];
	int fd = -1;

	if (lock_path(path, "", lock, err))
		return -1;
	if (lock_file(path, lock, &fd, err)) {
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	*fd_r = fd;
	return 0;
}

void nw_mbox_unlock(const char *path, int *fd)
{
	char lock[NW_PATH_BYTES];

	if (*fd < 0)
		return;
	(void)close(*fd);
	*fd = -1;
	if (!lock_path(path, "", lock, NULL))
		(void)unlink(lock);
}
