/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "newswire/supervisor.h"

#define PAUSE_MIN_S 1
#define PAUSE_MAX_S 60
#define YOUNG_S 10	/* who dies younger waits longer the next time */
#define END_S 10	/* for ending by SIGTERM, then comes SIGKILL */

/* What is known of a running child. */
struct slot {
	pid_t pid;		/* 0: not running */
	time_t started;		/* by the monotonic clock */
	time_t due;		/* when to start it again */
	unsigned pause_s;
};

struct master {
	const struct nw_supervisor *supervisor;
	struct slot *slots;
	sigset_t signals, before;
	int lifeline[2];
	bool ending;
};

static const int handled[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };

static time_t monotonic(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* In the child: gives back what fork passed on, and becomes it. */
static void become(struct master *master, const struct nw_child *child)
{
	int lifeline = master->lifeline[0];

	(void)close(master->lifeline[1]);
	if (child->reload_signal == SIGHUP)
		(void)sigaddset(&master->before, SIGHUP);
	(void)sigprocmask(SIG_SETMASK, &master->before, NULL);
	free(master->slots);
	exit(child->run(lifeline, master->supervisor->context));
}

static void start(struct master *master, size_t i)
{
	const struct nw_supervisor *supervisor = master->supervisor;
	struct slot *slot = &master->slots[i];
	pid_t pid = fork();

	if (pid == 0)
		become(master, &supervisor->children[i]);
	slot->started = monotonic();
	if (pid < 0) {
		nw_log(supervisor->log, NW_LOG_ERROR, "serve",
		       supervisor->children[i].name, "cannot be started: %s",
		       strerror(errno));
		slot->due = slot->started + PAUSE_MAX_S;
		return;
	}
	slot->pid = pid;
	nw_log(supervisor->log, NW_LOG_DEBUG, "serve",
	       supervisor->children[i].name, "started, pid %ld", (long)pid);
}

static void start_due(struct master *master)
{
	time_t now = monotonic();
	size_t i;

	if (master->ending)
		return;
	for (i = 0; i < master->supervisor->count; i++)
		if (!master->slots[i].pid && master->slots[i].due <= now)
			start(master, i);
}

static void tell(struct master *master, int signal_number)
{
	size_t i;

	for (i = 0; i < master->supervisor->count; i++)
		if (master->slots[i].pid)
			(void)kill(master->slots[i].pid, signal_number);
}

static void log_end(struct master *master, size_t i, int status)
{
	const char *name = master->supervisor->children[i].name;
	const struct nw_log *log = master->supervisor->log;
	unsigned pause_s = master->slots[i].pause_s;

	if (WIFSIGNALED(status))
		nw_log(log, NW_LOG_ERROR, "serve", name,
		       "ended by signal %d (%s), starting again in %u s",
		       WTERMSIG(status), strsignal(WTERMSIG(status)), pause_s);
	else
		nw_log(log, NW_LOG_ERROR, "serve", name,
		       "ended with code %d, starting again in %u s",
		       WEXITSTATUS(status), pause_s);
}

static void ended(struct master *master, size_t i, int status)
{
	struct slot *slot = &master->slots[i];
	time_t now = monotonic();
	bool young = now - slot->started < YOUNG_S;

	slot->pid = 0;
	slot->due = now;
	if (master->ending)
		return;
	/* One that ended well was asked to, by a reload. */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		slot->due = young ? now + PAUSE_MIN_S : now;
		return;
	}
	slot->pause_s = !young || !slot->pause_s ? PAUSE_MIN_S
						 : 2 * slot->pause_s;
	if (slot->pause_s > PAUSE_MAX_S)
		slot->pause_s = PAUSE_MAX_S;
	slot->due = now + (time_t)slot->pause_s;
	log_end(master, i, status);
}

static void reap(struct master *master)
{
	size_t i;
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < master->supervisor->count; i++)
			if (master->slots[i].pid == pid)
				ended(master, i, status);
}

static bool any_running(const struct master *master)
{
	size_t i;

	for (i = 0; i < master->supervisor->count; i++)
		if (master->slots[i].pid)
			return true;
	return false;
}

static void reload(struct master *master)
{
	const struct nw_supervisor *supervisor = master->supervisor;
	size_t i;

	supervisor->reload(supervisor->context);
	for (i = 0; i < supervisor->count; i++)
		if (supervisor->children[i].reload_signal &&
		    master->slots[i].pid)
			(void)kill(master->slots[i].pid,
				   supervisor->children[i].reload_signal);
}

/* Seconds until something must be done without a signal. */
static time_t wait_s(const struct master *master)
{
	time_t now = monotonic(), wait = 3600, left;
	size_t i;

	for (i = 0; i < master->supervisor->count; i++) {
		left = master->slots[i].due - now;
		if (!master->slots[i].pid && left < wait)
			wait = left;
	}
	return wait > 0 ? wait : 0;
}

static void watch(struct master *master)
{
	struct timespec wait = { 0, 0 };
	int got;

	while (!master->ending) {
		start_due(master);
		wait.tv_sec = wait_s(master);
		got = sigtimedwait(&master->signals, NULL, &wait);
		if (got == SIGTERM || got == SIGINT)
			master->ending = true;
		else if (got == SIGHUP)
			reload(master);
		reap(master);
	}
}

static void end_all(struct master *master)
{
	time_t patience = monotonic() + END_S;
	struct timespec second = { 1, 0 };

	tell(master, SIGTERM);
	while (any_running(master) && monotonic() < patience) {
		(void)sigtimedwait(&master->signals, NULL, &second);
		reap(master);
	}
	if (!any_running(master))
		return;
	nw_log(master->supervisor->log, NW_LOG_WARNING, "serve", NULL,
	       "a process did not end within %d s and is killed", END_S);
	tell(master, SIGKILL);
	while (any_running(master)) {
		(void)sigtimedwait(&master->signals, NULL, &second);
		reap(master);
	}
}

int nw_supervise(const struct nw_supervisor *supervisor, struct nw_error *err)
{
	struct master master = { .supervisor = supervisor };
	size_t i;

	if (pipe(master.lifeline) < 0)
		return nw_error_errno(err, "pipe");
	(void)fcntl(master.lifeline[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(master.lifeline[1], F_SETFD, FD_CLOEXEC);
	master.slots = calloc(supervisor->count, sizeof(*master.slots));
	if (!master.slots) {
		(void)close(master.lifeline[0]);
		(void)close(master.lifeline[1]);
		return nw_error_errno(err, "serve");
	}
	(void)sigemptyset(&master.signals);
	for (i = 0; i < sizeof(handled) / sizeof(handled[0]); i++)
		(void)sigaddset(&master.signals, handled[i]);
	(void)sigprocmask(SIG_BLOCK, &master.signals, &master.before);
	watch(&master);
	end_all(&master);
	(void)sigprocmask(SIG_SETMASK, &master.before, NULL);
	(void)close(master.lifeline[0]);
	(void)close(master.lifeline[1]);
	free(master.slots);
	return 0;
}
