/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes of a studio: what they may use, and that they leave none behind
 * when they die or are stopped.
 */
#include "config.h"

#include <dirent.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

#include "studio_fixture.h"

#define END_S 20 /* far less than a worker has that is stopped */

/* A field of a process's stat, by its number in proc(5), from 3 on: its state
 * as a letter, others as numbers.  0 when it is gone. */
static long stat_field(long pid, int number)
{
	char path[64], line[1024], *at = line;
	FILE *file;
	int i;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	(void)fclose(file);
	at = strrchr(line, ')');
	for (i = 2; at && i < number; i++)
		at = strchr(at + 1, ' ');
	if (!at || !at[0])
		return 0;
	return number == 3 ? at[1] : strtol(at + 1, NULL, 10);
}

/* The children of a process, at most max. */
static size_t children_of(long parent, long *pids, size_t max)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;
	long pid;

	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		pid = strtol(entry->d_name, NULL, 10);
		if (pid > 0 && stat_field(pid, 4) == parent && count < max)
			pids[count++] = pid;
	}
	(void)closedir(folder);
	return count;
}

static size_t files_open(long pid)
{
	char path[64];
	struct dirent *entry;
	size_t count = 0;
	DIR *folder;

	(void)snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder)))
		count += entry->d_name[0] != '.';
	(void)closedir(folder);
	return count;
}

/* The process that reads a picture now, 0 when there is none. */
static long find_worker(void)
{
	long keepers[NW_STUDIO_CHILDREN + 1], worker;
	size_t count = children_of(getpid(), keepers, COUNT(keepers)), i;

	assert_true(count <= NW_STUDIO_CHILDREN);
	for (i = 0; i < count; i++)
		if (children_of(keepers[i], &worker, 1) == 1)
			return worker;
	return 0;
}

/* Waits in the loop for workers, and does something to them. */
struct ambush {
	struct event *event;
	void (*act)(long worker);
	int times, done; /* as often, each time to another worker */
	long worker;
};

static void on_look(evutil_socket_t fd, short what, void *data)
{
	struct ambush *ambush = data;
	/* Seen at its work, it has its limits. */
	long worker = find_worker();

	(void)fd;
	(void)what;
	if (!worker || worker == ambush->worker ||
	    stat_field(worker, 19) <= stat_field(getpid(), 19) ||
	    stat_field(worker, 14) < 2)
		return;
	ambush->worker = worker;
	ambush->act(worker);
	if (++ambush->done == ambush->times)
		(void)event_del(ambush->event);
}

/* Orders a picture that takes long, and does that to its worker. */
static struct outcome disturb(struct fixture *fixture, void (*act)(long worker),
			      int times)
{
	struct timeval soon = { 0, 2000 };
	struct ambush ambush = { .act = act, .times = times };
	int left = 0;
	struct outcome outcome = { .left = &left };
	struct nw_buf large;

	nw_buf_init(&large, PICTURE_ROOM);
	picture_write(&large, picture_photo(4000, 3000), PICTURE_PROGRESSIVE);
	ambush.event =
		event_new(fixture->base, -1, EV_PERSIST, on_look, &ambush);
	assert_non_null(ambush.event);
	(void)event_add(ambush.event, &soon);
	order(fixture, &outcome, NW_STUDIO_PICTURE, &large);
	run(fixture);
	event_free(ambush.event);
	nw_buf_free(&large);
	assert_int_not_equal(ambush.worker, 0);
	assert_int_equal(outcome.calls, 1);
	return outcome;
}

static void crash(long worker)
{
	assert_int_equal(kill((pid_t)worker, SIGSEGV), 0);
}

static void spend(long worker)
{
	assert_int_equal(kill((pid_t)worker, SIGXCPU), 0);
}

static void end_keeper(long worker)
{
	assert_int_equal(kill((pid_t)stat_field(worker, 4), SIGKILL), 0);
}

/* A worker that dies fails its order.  A keeper that does fails none, but who
 * ends keepers again and again is told so.  The next order is served. */
static void test_deaths(void **state)
{
	static const struct {
		void (*act)(long worker);
		int times;
		const char *why;
	} cases[] = {
		{ crash, 1,
		  "ends the program that reads it, by signal 11 "
		  "(Segmentation fault)" },
		{ spend, 1, "takes too long to read, and was given up" },
		{ end_keeper, 1, NULL },
		{ end_keeper, 2, "the process that makes pictures has ended" },
	};
	struct outcome outcome;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		outcome = disturb(*state, cases[i].act, cases[i].times);
		assert_int_equal(outcome.made, !cases[i].why);
		if (cases[i].why)
			assert_string_equal(outcome.err.text, cases[i].why);
		makes_picture_and_face(state);
	}
}

/* One that is idle when it dies fails nothing. */
static void test_idle_death(void **state)
{
	long keepers[NW_STUDIO_CHILDREN];
	size_t i;

	assert_int_equal(children_of(getpid(), keepers, COUNT(keepers)),
			 NW_STUDIO_CHILDREN);
	for (i = 0; i < COUNT(keepers); i++)
		assert_int_equal(kill((pid_t)keepers[i], SIGKILL), 0);
	makes_picture_and_face(state);
}

/* Whether a file of /proc has a line that begins like that. */
static bool has_line(long pid, const char *name, const char *beginning)
{
	char path[64], line[256];
	bool found = false;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, beginning, strlen(beginning)) == 0)
			found = true;
	(void)fclose(file);
	return found;
}

static void check_limits(long worker)
{
	assert_true(has_line(worker, "limits", "Max cpu time              10"));
	assert_true(has_line(worker, "limits", "Max file size             0"));
	assert_true(has_line(worker, "limits", "Max core file size        0"));
	assert_true(has_line(worker, "limits", "Max processes             0"));
	assert_true(has_line(worker, "status", "NoNewPrivs:\t1"));
	assert_int_equal(files_open(worker), 3);
#if !defined(__SANITIZE_ADDRESS__)
	assert_true(has_line(worker, "limits", "Max open files            0"));
	assert_false(has_line(worker, "limits",
			      "Max address space         unlimited"));
#endif
}

static void test_limits(void **state)
{
	assert_true(disturb(*state, check_limits, 1).made);
}

/* Neither files nor dead processes pile up. */
static void test_many(void **state)
{
	struct fixture *fixture = *state;
	long keepers[NW_STUDIO_CHILDREN], worker;
	const char *count = getenv("NEWSWIRE_TEST_ORDERS");
	int orders = count ? (int)strtol(count, NULL, 10) : 200, left = 0, i;
	struct outcome outcome = { .left = &left };
	size_t files = files_open(getpid());
	struct nw_buf icon;

	nw_buf_init(&icon, PICTURE_ROOM);
	picture_write(&icon, picture_disc(16), PICTURE_PNG);
	for (i = 0; i < orders; i++)
		order(fixture, &outcome, NW_STUDIO_PICTURE, &icon);
	run(fixture);
	nw_buf_free(&icon);
	assert_int_equal(outcome.calls, orders);
	assert_true(outcome.made);
	assert_int_equal(files_open(getpid()), files);
	assert_int_equal(children_of(getpid(), keepers, COUNT(keepers)),
			 NW_STUDIO_CHILDREN);
	for (i = 0; i < NW_STUDIO_CHILDREN; i++) {
		assert_int_equal(children_of(keepers[i], &worker, 1), 0);
		assert_int_not_equal(stat_field(keepers[i], 3), 'Z');
	}
}

/* Waits until a process is gone, or dead and not yet buried. */
static void await_end(long pid)
{
	struct timespec pause = { 0, 5000000 };
	long state;
	int i;

	for (i = 0; i < END_S * 200; i++) {
		state = stat_field(pid, 3);
		if (!state || state == 'Z')
			return;
		(void)nanosleep(&pause, NULL);
	}
	fail_msg("process %ld lives on", pid);
}

static void stop_loop(long worker)
{
	assert_int_equal(kill((pid_t)worker, SIGSTOP), 0);
	raise(SIGUSR1);
}

static void on_signal(evutil_socket_t fd, short what, void *data)
{
	(void)fd;
	(void)what;
	(void)event_base_loopbreak(data);
}

/* Freed while it works: nobody is called, and nothing lives on. */
static void test_freed(void **state)
{
	struct fixture *fixture = *state;
	struct ambush ambush = { .act = stop_loop, .times = 1 };
	struct timeval soon = { 0, 2000 };
	struct event *signalled;
	int left = 0;
	struct outcome outcome = { .left = &left };
	struct nw_buf large;
	long keeper;

	nw_buf_init(&large, PICTURE_ROOM);
	picture_write(&large, picture_photo(4000, 3000), PICTURE_PROGRESSIVE);
	ambush.event =
		event_new(fixture->base, -1, EV_PERSIST, on_look, &ambush);
	signalled =
		evsignal_new(fixture->base, SIGUSR1, on_signal, fixture->base);
	(void)event_add(ambush.event, &soon);
	(void)event_add(signalled, NULL);
	order(fixture, &outcome, NW_STUDIO_PICTURE, &large);
	order(fixture, &outcome, NW_STUDIO_PICTURE, &large);
	order(fixture, &outcome, NW_STUDIO_PICTURE, &large);
	run(fixture);
	assert_int_not_equal(ambush.worker, 0);
	keeper = stat_field(ambush.worker, 4);
	nw_studio_free(&fixture->studio);
	assert_int_equal(outcome.calls, 0);
	await_end(ambush.worker);
	await_end(keeper);
	assert_int_equal(children_of(getpid(), &keeper, 1), 0);
	event_free(ambush.event);
	event_free(signalled);
	nw_buf_free(&large);
}

/* A poller that is killed at its work takes all with it. */
static void test_orphans(void **state)
{
	struct nw_buf large;
	long keeper = 0, worker = 0;
	int i, status;
	pid_t poller;

	(void)state;
	nw_buf_init(&large, PICTURE_ROOM);
	picture_write(&large, picture_photo(4000, 3000), PICTURE_PROGRESSIVE);
	poller = fork();
	if (poller == 0) {
		struct fixture *fixture = NULL;
		int left = 0;
		struct outcome outcome = { .left = &left };

		(void)setup((void **)&fixture);
		for (i = 0; i < 20; i++)
			order(fixture, &outcome, NW_STUDIO_PICTURE, &large);
		run(fixture);
		_exit(0);
	}
	nw_buf_free(&large);
	/* One that has begun to count ticks is past its first steps, in which
	 * it asks to end with its keeper: stopped before, it could not. */
	for (i = 0; i < PATIENCE_S * 200 && !stat_field(worker, 14); i++) {
		const struct timespec pause = { 0, 5000000 };

		(void)nanosleep(&pause, NULL);
		worker = 0;
		if (children_of(poller, &keeper, 1))
			(void)children_of(keeper, &worker, 1);
	}
	assert_int_not_equal(stat_field(worker, 14), 0);
	assert_int_equal(kill((pid_t)worker, SIGSTOP), 0);
	assert_int_equal(kill(poller, SIGKILL), 0);
	assert_int_equal(waitpid(poller, &status, 0), poller);
	assert_true(WIFSIGNALED(status));
	await_end(keeper);
	await_end(worker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_deaths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_idle_death, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_freed, setup, teardown),
		cmocka_unit_test(test_orphans),
	};

	return cmocka_run_group_tests_name("studio_worker", tests, NULL, NULL);
}
