/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "newswire/helper.h"
#include "newswire/limits.h"
#include "studio_private.h"

#define NICENESS 5

/* What a worker leaves behind, in memory that its keeper shares. */
struct result {
	struct nw_studio_answer answer;
	char bytes[NW_PICTURE_BUDGET_BYTES];
};

struct keeper {
	int fd;
	struct nw_studio_request request;
	char *bytes;
	struct result *result;
};

static void limit(int resource, rlim_t value)
{
	struct rlimit limits = { value, value };

	if (setrlimit(resource, &limits) < 0)
		_exit(1);
}

/* Bytes of address space in use: what was inherited is no one's fault. */
static rlim_t addresses(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	char line[64] = "";

	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	(void)fclose(file);
	return (rlim_t)strtoull(line, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Without a file that it could open, a process that it could start, or a
 * privilege that it could gain. */
static void confine(void)
{
	struct rlimit seconds = { NW_STUDIO_CPU_S, NW_STUDIO_CPU_S + 1 };

	if (!NW_SANITIZED) {
		limit(RLIMIT_AS, addresses() + NW_STUDIO_MEMORY_BYTES);
		limit(RLIMIT_NOFILE, 0);
	}
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NPROC, 0);
	if (setrlimit(RLIMIT_CPU, &seconds) < 0)
		_exit(1);
#ifdef __linux__
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		_exit(1);
#endif
}

static int make(const struct keeper *keeper, struct nw_buf *out,
		struct nw_error *err)
{
	const struct nw_studio_request *request = &keeper->request;
	struct nw_picture picture;

	if (request->use == NW_STUDIO_FACE)
		return nw_picture_face(out, keeper->bytes, request->len,
				       &picture, err);
	return nw_picture_remake(out, keeper->bytes, request->len,
				 request->bytes_max, &picture, err);
}

/* In the worker. */
static void work(const struct keeper *keeper) __attribute__((noreturn));
static void work(const struct keeper *keeper)
{
	struct nw_studio_answer *answer = &keeper->result->answer;
	struct nw_error err = { 0 };
	struct nw_buf out;

	nw_buf_init(&out, sizeof(keeper->result->bytes));
	if (make(keeper, &out, &err) < 0) {
		answer->err = err;
		_exit(0);
	}
	memcpy(keeper->result->bytes, out.data, out.len);
	answer->len = (uint32_t)out.len;
	answer->err.code = NW_ERROR_NONE;
	_exit(0);
}

static pid_t start_worker(const struct keeper *keeper)
{
	pid_t parent = getpid(), pid = fork();

	if (pid != 0)
		return pid;
	nw_helper_die_with(parent);
	confine();
	(void)close(keeper->fd);
	work(keeper);
}

static time_t monotonic_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Until the worker has ended, by itself or by its time.  SIGCHLD is blocked, so
 * that none is missed between a look and the wait. */
static int wait_for(pid_t pid)
{
	time_t end = monotonic_s() + NW_STUDIO_CLOCK_S, now;
	struct timespec patience = { 0, 0 };
	sigset_t child;
	int status;

	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	while (waitpid(pid, &status, WNOHANG) != pid) {
		now = monotonic_s();
		if (now >= end)
			(void)kill(pid, SIGKILL);
		patience.tv_sec = now < end ? end - now : 1;
		(void)sigtimedwait(&child, NULL, &patience);
	}
	return status;
}

static void tell_end(struct nw_error *err, int status)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (number == SIGXCPU || number == SIGKILL)
		nw_error_set(err, NW_ERROR_DATA,
			     "takes too long to read, and was given up");
	else if (number)
		nw_error_set(
			err, NW_ERROR_DATA,
			"ends the program that reads it, by signal %d (%s)",
			number, strsignal(number));
	else if (WEXITSTATUS(status) != 0)
		nw_error_set(err, NW_ERROR_DATA,
			     "ends the program that reads it, with code %d",
			     WEXITSTATUS(status));
}

/* Fills the keeper's result. */
static void serve(struct keeper *keeper)
{
	struct nw_studio_answer *answer = &keeper->result->answer;
	pid_t pid;

	memset(answer, 0, sizeof(*answer));
	/* What stands when a worker ends well without a word. */
	nw_error_set(&answer->err, NW_ERROR_INTERNAL, "was not read");
	pid = start_worker(keeper);
	if (pid < 0)
		nw_error_errno(&answer->err, "no process can be started");
	else
		tell_end(&answer->err, wait_for(pid));
	answer->err.text[sizeof(answer->err.text) - 1] = '\0';
	if (answer->err.code != NW_ERROR_NONE ||
	    answer->len > sizeof(keeper->result->bytes))
		answer->len = 0;
}

static int read_all(int fd, void *bytes, size_t len)
{
	char *to = bytes;
	ssize_t got;

	for (; len; to += got, len -= (size_t)got) {
		got = read(fd, to, len);
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got <= 0)
			return -1;
	}
	return 0;
}

static int write_all(int fd, const void *bytes, size_t len)
{
	const char *from = bytes;
	ssize_t put;

	for (; len; from += put, len -= (size_t)put) {
		put = write(fd, from, len);
		if (put < 0 && errno == EINTR)
			put = 0;
		else if (put <= 0)
			return -1;
	}
	return 0;
}

static int serve_one(struct keeper *keeper)
{
	struct nw_studio_request *request = &keeper->request;
	int result;

	if (read_all(keeper->fd, request, sizeof(*request)) < 0 ||
	    request->len > NW_PICTURE_BYTES)
		return -1;
	keeper->bytes = malloc(request->len + 1u);
	if (!keeper->bytes)
		return -1;
	result = read_all(keeper->fd, keeper->bytes, request->len);
	if (result == 0) {
		serve(keeper);
		result = write_all(keeper->fd, &keeper->result->answer,
				   sizeof(keeper->result->answer));
	}
	free(keeper->bytes);
	keeper->bytes = NULL;
	return result < 0 ? -1
			  : write_all(keeper->fd, keeper->result->bytes,
				      keeper->result->answer.len);
}

/* So that it can wait for one. */
static void hold_child_signals(void)
{
	sigset_t held;

	(void)sigemptyset(&held);
	(void)sigaddset(&held, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &held, NULL);
}

void nw_studio_keep(int fd, pid_t parent)
{
	struct keeper keeper = { .fd = NW_HELPER_FD };

	nw_helper_begin(fd, parent, NICENESS);
	hold_child_signals();
	keeper.result =
		mmap(NULL, sizeof(*keeper.result), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (keeper.result == MAP_FAILED)
		_exit(1);
	while (serve_one(&keeper) == 0)
		continue;
	_exit(0);
}
