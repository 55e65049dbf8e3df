/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "newswire/supervisor.h"

#define PAUSE_MIN_S 1
#define PAUSE_MAX_S 60
#define YOUNG_MS 10000	/* who dies younger waits longer the next time */
#define END_MS 10000	/* for ending by SIGTERM, then comes SIGKILL */

/* What is known of a child.  Times are of the monotonic clock. */
struct slot {
	pid_t pid;		/* 0: not running */
	int lifeline;		/* the master's end, while it runs */
	int64_t started_ms;
	int64_t due_ms;		/* when to start it again */
	unsigned pause_s;
	int64_t heard_ms;	/* its last beat */
	bool seen;		/* it has beaten, or ended, once */
	bool stuck;		/* it was killed for it */
};

struct master {
	const struct nw_supervisor *supervisor;
	struct slot *slots;
	sigset_t signals, before;
	unsigned patience_ms;
	int64_t looked_ms;	/* for beats */
	size_t told;		/* how many run, in the status */
	bool ready, ending;
};

static const int handled[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };

static int64_t monotonic_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void notify(const struct master *master, const char *state)
{
	const struct nw_supervisor *supervisor = master->supervisor;

	if (supervisor->notify)
		supervisor->notify(state, supervisor->context);
}

void nw_supervisor_beat(int lifeline)
{
	/* A master that is slow to listen has enough of them. */
	(void)send(lifeline, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* In the child: gives back what fork passed on, and becomes it.  An end of
 * another's lifeline would hide that the master is gone. */
static void become(struct master *master, const struct nw_child *child,
		   int lifeline)
{
	size_t i;

	for (i = 0; i < master->supervisor->count; i++)
		if (master->slots[i].pid)
			(void)close(master->slots[i].lifeline);
	if (child->reload_signal == SIGHUP)
		(void)sigaddset(&master->before, SIGHUP);
	(void)sigprocmask(SIG_SETMASK, &master->before, NULL);
	free(master->slots);
	exit(child->run(lifeline, child, master->supervisor->context));
}

/* -1 with errno. */
static int start_child(struct master *master, size_t i)
{
	struct slot *slot = &master->slots[i];
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)close(ends[0]);
		become(master, &master->supervisor->children[i], ends[1]);
	}
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return -1;
	}
	slot->pid = pid;
	slot->lifeline = ends[0];
	return 0;
}

static void start(struct master *master, size_t i)
{
	const struct nw_supervisor *supervisor = master->supervisor;
	struct slot *slot = &master->slots[i];

	slot->started_ms = slot->heard_ms = monotonic_ms();
	if (start_child(master, i) < 0) {
		nw_log(supervisor->log, NW_LOG_ERROR, "serve",
		       supervisor->children[i].name, "cannot be started: %s",
		       strerror(errno));
		slot->due_ms = slot->started_ms + PAUSE_MAX_S * 1000;
		return;
	}
	nw_log(supervisor->log, NW_LOG_DEBUG, "serve",
	       supervisor->children[i].name, "started, pid %ld",
	       (long)slot->pid);
}

static void start_due(struct master *master)
{
	int64_t now_ms = monotonic_ms();
	size_t i;

	if (master->ending)
		return;
	for (i = 0; i < master->supervisor->count; i++)
		if (!master->slots[i].pid &&
		    master->slots[i].due_ms <= now_ms)
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
	const struct nw_supervisor *supervisor = master->supervisor;
	struct slot *slot = &master->slots[i];
	int64_t now_ms = monotonic_ms();
	bool young = now_ms - slot->started_ms < YOUNG_MS;

	(void)close(slot->lifeline);
	slot->pid = 0;
	slot->due_ms = now_ms;
	slot->seen = true;
	slot->stuck = false;
	if (supervisor->ended)
		supervisor->ended(&supervisor->children[i],
				  supervisor->context);
	if (master->ending)
		return;
	/* One that ended well was asked to, by a reload. */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		slot->due_ms += young ? PAUSE_MIN_S * 1000 : 0;
		return;
	}
	slot->pause_s = !young || !slot->pause_s ? PAUSE_MIN_S
						 : 2 * slot->pause_s;
	if (slot->pause_s > PAUSE_MAX_S)
		slot->pause_s = PAUSE_MAX_S;
	slot->due_ms += INT64_C(1000) * slot->pause_s;
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

static size_t running(const struct master *master)
{
	size_t i, count = 0;

	for (i = 0; i < master->supervisor->count; i++)
		count += master->slots[i].pid != 0;
	return count;
}

static void tell_status(struct master *master)
{
	size_t now = running(master);
	char state[80];

	if (now == master->told)
		return;
	master->told = now;
	(void)snprintf(state, sizeof(state), "STATUS=%zu of %zu processes run",
		       now, master->supervisor->count);
	notify(master, state);
}

static void reload(struct master *master)
{
	const struct nw_supervisor *supervisor = master->supervisor;
	struct timespec now;
	char state[80];
	size_t i;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)snprintf(state, sizeof(state),
		       "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
		       now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000);
	notify(master, state);
	supervisor->reload(supervisor->context);
	for (i = 0; i < supervisor->count; i++)
		if (supervisor->children[i].reload_signal &&
		    master->slots[i].pid)
			(void)kill(master->slots[i].pid,
				   supervisor->children[i].reload_signal);
	notify(master, "READY=1");
}

/* Takes what a child has sent: whether it was anything. */
static bool has_beaten(int lifeline)
{
	char beats[256];
	bool any = false;

	while (recv(lifeline, beats, sizeof(beats), MSG_DONTWAIT) > 0)
		any = true;
	return any;
}

static void kill_stuck(struct master *master, size_t i)
{
	const struct nw_supervisor *supervisor = master->supervisor;

	nw_log(supervisor->log, NW_LOG_ERROR, "serve",
	       supervisor->children[i].name,
	       "is stuck for more than %u ms and is killed",
	       master->patience_ms);
	master->slots[i].stuck = true;
	(void)kill(master->slots[i].pid, SIGKILL);
}

/* Whether all that beat are well, or known not to run. */
static bool all_alive(struct master *master, int64_t now_ms, bool forgive)
{
	bool alive = true;
	size_t i;

	for (i = 0; i < master->supervisor->count; i++) {
		struct slot *slot = &master->slots[i];

		if (!slot->pid || !master->supervisor->children[i].beats)
			continue;
		if (has_beaten(slot->lifeline))
			slot->seen = true;
		else if (!forgive) {
			if (now_ms - slot->heard_ms > master->patience_ms &&
			    !slot->stuck)
				kill_stuck(master, i);
			alive = alive && !slot->stuck;
			continue;
		}
		slot->heard_ms = now_ms;
	}
	return alive;
}

static bool all_seen(const struct master *master)
{
	size_t i;

	for (i = 0; i < master->supervisor->count; i++)
		if (master->supervisor->children[i].beats &&
		    !master->slots[i].seen)
			return false;
	return true;
}

/* A master that stood still itself, because the machine did or somebody stopped
 * it, judges nobody by that time. */
static void look(struct master *master)
{
	int64_t now_ms = monotonic_ms();
	bool forgive = now_ms - master->looked_ms > master->patience_ms / 2;

	master->looked_ms = now_ms;
	if (all_alive(master, now_ms, forgive))
		notify(master, "WATCHDOG=1");
	if (!master->ready && all_seen(master)) {
		master->ready = true;
		notify(master, "READY=1");
	}
	tell_status(master);
}

/* Until something must be done without a signal. */
static struct timespec wait_time(const struct master *master)
{
	int64_t now_ms = monotonic_ms(), left_ms;
	int64_t wait_ms = master->patience_ms / NW_BEATS;
	size_t i;

	/* The first beats come soon. */
	if (!master->ready && wait_ms > NW_READY_LOOK_MS)
		wait_ms = NW_READY_LOOK_MS;
	for (i = 0; i < master->supervisor->count; i++) {
		left_ms = master->slots[i].due_ms - now_ms;
		if (!master->slots[i].pid && left_ms < wait_ms)
			wait_ms = left_ms > 0 ? left_ms : 0;
	}
	return (struct timespec){ .tv_sec = wait_ms / 1000,
				  .tv_nsec = wait_ms % 1000 * 1000000 };
}

static void watch(struct master *master)
{
	struct timespec wait;
	int got;

	master->looked_ms = monotonic_ms();
	while (!master->ending) {
		start_due(master);
		wait = wait_time(master);
		got = sigtimedwait(&master->signals, NULL, &wait);
		if (got == SIGTERM || got == SIGINT)
			master->ending = true;
		else if (got == SIGHUP)
			reload(master);
		reap(master);
		look(master);
	}
}

static void end_all(struct master *master)
{
	int64_t patience_ms = monotonic_ms() + END_MS;
	struct timespec second = { 1, 0 };

	notify(master, "STOPPING=1");
	tell(master, SIGTERM);
	while (running(master) && monotonic_ms() < patience_ms) {
		(void)sigtimedwait(&master->signals, NULL, &second);
		reap(master);
	}
	if (!running(master))
		return;
	nw_log(master->supervisor->log, NW_LOG_WARNING, "serve", NULL,
	       "a process did not end within %d s and is killed",
	       END_MS / 1000);
	tell(master, SIGKILL);
	while (running(master)) {
		(void)sigtimedwait(&master->signals, NULL, &second);
		reap(master);
	}
}

int nw_supervise(const struct nw_supervisor *supervisor, struct nw_error *err)
{
	struct master master = {
		.supervisor = supervisor,
		.patience_ms = supervisor->patience_ms
				       ? supervisor->patience_ms : NW_STUCK_MS,
	};
	size_t i;

	master.slots = calloc(supervisor->count, sizeof(*master.slots));
	if (!master.slots)
		return nw_error_errno(err, "serve");
	(void)sigemptyset(&master.signals);
	for (i = 0; i < sizeof(handled) / sizeof(handled[0]); i++)
		(void)sigaddset(&master.signals, handled[i]);
	(void)sigprocmask(SIG_BLOCK, &master.signals, &master.before);
	watch(&master);
	end_all(&master);
	(void)sigprocmask(SIG_SETMASK, &master.before, NULL);
	free(master.slots);
	return 0;
}
