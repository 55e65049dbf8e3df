/* SPDX-License-Identifier: GPL-3.0-or-later */
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
#include "newswire/limits.h"
#include "newswire/studio.h"
#include "picture_fixture.h"

#define PATIENCE_S 120
#define END_S	   20 /* far less than a worker has that is stopped */

struct fixture {
	struct event_base *base;
	struct nw_studio *studio;
	struct nw_buf photo; /* as JPEG */
	int calls;	     /* of on_more() */
};

/* What became of an order. */
struct outcome {
	struct event_base *base;
	int calls;
	bool made;
	char type[16];
	int width, height;
	size_t len;
	struct nw_error err;
	int *left; /* orders that are awaited; the last breaks the loop */
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	(void)signal(SIGPIPE, SIG_IGN);
	fixture->base = event_base_new();
	assert_non_null(fixture->base);
	assert_int_equal(nw_studio_new(&fixture->studio, fixture->base, NULL),
			 0);
	nw_buf_init(&fixture->photo, PICTURE_ROOM);
	picture_write(&fixture->photo, picture_photo(640, 480), PICTURE_JPEG);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	nw_studio_free(&fixture->studio);
	assert_null(fixture->studio);
	event_base_free(fixture->base);
	nw_buf_free(&fixture->photo);
	free(fixture);
	return 0;
}

static void on_done(const struct nw_picture *picture,
		    const struct nw_error *err, void *context)
{
	struct outcome *outcome = context;

	outcome->calls++;
	outcome->made = picture != NULL;
	assert_true(!picture != !err);
	if (picture) {
		(void)snprintf(outcome->type, sizeof(outcome->type), "%s",
			       picture->type);
		outcome->width = picture->width;
		outcome->height = picture->height;
		outcome->len = picture->len;
		gdImageDestroy(picture_read(picture));
	} else {
		outcome->err = *err;
	}
	if (--*outcome->left == 0)
		(void)event_base_loopbreak(outcome->base);
}

static void order(struct fixture *fixture, struct outcome *outcome,
		  enum nw_studio_use use, const struct nw_buf *bytes)
{
	struct nw_studio_order order = { .use = use,
					 .bytes = bytes->data,
					 .len = bytes->len,
					 .bytes_max = NW_PICTURE_BUDGET_BYTES };

	outcome->base = fixture->base;
	++*outcome->left;
	assert_int_equal(nw_studio_order(fixture->studio, &order, on_done,
					 outcome, NULL),
			 0);
}

static void run(struct fixture *fixture)
{
	struct timeval patience = { PATIENCE_S, 0 };

	assert_int_equal(event_base_loopexit(fixture->base, &patience), 0);
	assert_int_equal(event_base_dispatch(fixture->base), 0);
}

/* Both uses, and the answer comes only from the loop. */
static void test_makes(void **state)
{
	struct fixture *fixture = *state;
	int left = 0;
	struct outcome picture = { .left = &left }, face = { .left = &left };

	order(fixture, &picture, NW_STUDIO_PICTURE, &fixture->photo);
	order(fixture, &face, NW_STUDIO_FACE, &fixture->photo);
	assert_int_equal(picture.calls + face.calls, 0);
	run(fixture);
	assert_int_equal(picture.calls, 1);
	assert_int_equal(face.calls, 1);
	assert_true(picture.made && face.made);
	assert_string_equal(picture.type, "image/jpeg");
	assert_int_equal(picture.width, 640);
	assert_int_equal(picture.height, 480);
	assert_string_equal(face.type, "image/png");
	assert_int_equal(face.width, 48);
	assert_true(face.len <= NW_FACE_BYTES);
}

/* Every decoder gets by with a child's limits. */
static void test_formats(void **state)
{
	struct fixture *fixture = *state;
	struct outcome outcome;
	struct nw_buf bytes;
	int left, format;

	nw_buf_init(&bytes, PICTURE_ROOM);
	for (format = 0; format < PICTURE_FORMATS; format++) {
		nw_buf_reset(&bytes);
		picture_write(&bytes, picture_photo(1500, 1000),
			      (enum picture_format)format);
		left = 0;
		outcome = (struct outcome) { .left = &left };
		order(fixture, &outcome, NW_STUDIO_PICTURE, &bytes);
		run(fixture);
		assert_true(outcome.made);
		assert_int_equal(outcome.width, NW_PICTURE_SIDE);
	}
	nw_buf_free(&bytes);
}

/* What a picture is not comes back in words. */
static void test_refuses(void **state)
{
	struct fixture *fixture = *state;
	int left = 0;
	struct outcome outcome = { .left = &left };
	struct nw_buf html;

	nw_buf_init(&html, 1024);
	nw_buf_adds(&html, "<!DOCTYPE html><title>Not found</title>");
	order(fixture, &outcome, NW_STUDIO_PICTURE, &html);
	run(fixture);
	nw_buf_free(&html);
	assert_int_equal(outcome.calls, 1);
	assert_false(outcome.made);
	assert_int_equal(outcome.err.code, NW_ERROR_DATA);
	assert_string_equal(outcome.err.text,
			    "is no picture (it begins like HTML)");
}

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
		test_makes(state);
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
	test_makes(state);
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

/* One that orders another from its callback. */
static void on_more(const struct nw_picture *picture,
		    const struct nw_error *err, void *context)
{
	struct fixture *fixture = context;
	const struct nw_studio_order again = { .use = NW_STUDIO_FACE,
					       .bytes = fixture->photo.data,
					       .len = fixture->photo.len };

	assert_non_null(picture);
	assert_null(err);
	if (++fixture->calls == 3)
		(void)event_base_loopbreak(fixture->base);
	else
		assert_int_equal(nw_studio_order(fixture->studio, &again,
						 on_more, fixture, NULL),
				 0);
}

static void test_more(void **state)
{
	struct fixture *fixture = *state;
	const struct nw_studio_order first = { .use = NW_STUDIO_FACE,
					       .bytes = fixture->photo.data,
					       .len = fixture->photo.len };

	assert_int_equal(nw_studio_order(fixture->studio, &first, on_more,
					 fixture, NULL),
			 0);
	run(fixture);
	assert_int_equal(fixture->calls, 3);
}

/* What waits has a limit, and is served all the same. */
static void test_queue(void **state)
{
	struct fixture *fixture = *state;
	const int most = NW_STUDIO_QUEUE_BYTES / NW_PICTURE_BYTES;
	struct nw_studio_order order_more = { .use = NW_STUDIO_PICTURE };
	int left = 0, i;
	struct outcome outcome = { .left = &left };
	struct nw_error err;
	struct nw_buf text;

	nw_buf_init(&text, NW_PICTURE_BYTES);
	while (text.len < NW_PICTURE_BYTES)
		nw_buf_adds(&text, "no picture here\n");
	for (i = 0; i < most; i++)
		order(fixture, &outcome, NW_STUDIO_PICTURE, &text);
	order_more.bytes = text.data;
	order_more.len = text.len;
	assert_int_equal(nw_studio_order(fixture->studio, &order_more, on_done,
					 &outcome, &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_BUSY);
	run(fixture);
	assert_int_equal(outcome.calls, most);
	order(fixture, &outcome, NW_STUDIO_PICTURE, &text);
	run(fixture);
	assert_int_equal(outcome.calls, most + 1);
	assert_string_equal(outcome.err.text,
			    "is no picture (it begins like text)");
	order_more.len = NW_PICTURE_BYTES + 1;
	assert_int_equal(nw_studio_order(fixture->studio, &order_more, on_done,
					 &outcome, &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_DATA);
	nw_buf_free(&text);
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
		cmocka_unit_test_setup_teardown(test_makes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_formats, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deaths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_idle_death, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_more, setup, teardown),
		cmocka_unit_test_setup_teardown(test_queue, setup, teardown),
		cmocka_unit_test_setup_teardown(test_freed, setup, teardown),
		cmocka_unit_test(test_orphans),
	};

	return cmocka_run_group_tests_name("studio", tests, NULL, NULL);
}
