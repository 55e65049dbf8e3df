/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The supervisor under real signals: a master in a child process of the
 * test, whose own children report their lives on a pipe, a byte each.
 */
#include "config.h"

#include "unit.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "newswire/supervisor.h"

#define PATIENCE_MS 15000

static int report;	/* the pipe's end that children write to */

static void say(char letter)
{
	if (write(report, &letter, 1) != 1)
		_exit(99);
}

/* Lives until a signal, or until its master is gone. */
static int steady(int lifeline, const struct nw_child *child, void *context)
{
	struct pollfd poll_fd = { lifeline, POLLIN, 0 };

	(void)context;
	(void)child;
	say('s');
	(void)poll(&poll_fd, 1, -1);
	say('e');
	return 0;
}

/* Dies at once, by a signal. */
static int dying(int lifeline, const struct nw_child *child, void *context)
{
	(void)lifeline;
	(void)child;
	(void)context;
	say('d');
	(void)raise(SIGKILL);
	return 0;
}

#define BEAT_MS 20
#define PATIENCE_OF_MASTER_MS 400

/* Beats, and says now and then that it lives. */
static int lively(int lifeline, const struct nw_child *child, void *context)
{
	struct pollfd poll_fd = { lifeline, POLLIN, 0 };
	int turn = 0;

	(void)context;
	assert_true(child->beats);
	do {
		nw_supervisor_beat(lifeline);
		if (turn++ % (2 * PATIENCE_OF_MASTER_MS / BEAT_MS) == 0)
			say('l');
	} while (poll(&poll_fd, 1, BEAT_MS) == 0);
	return 0;
}

/* Beats for a while, then gets stuck. */
static int stuck(int lifeline, const struct nw_child *child, void *context)
{
	int i;

	(void)context;
	(void)child;
	for (i = 0; i < 5; i++) {
		nw_supervisor_beat(lifeline);
		(void)poll(NULL, 0, BEAT_MS);
	}
	say('k');
	(void)poll(NULL, 0, -1);
	return 0;
}

static void ended(const struct nw_child *child, void *context)
{
	(void)context;
	say((char)('0' + child->number));
}

/* What systemd would hear, by its first letter; of WATCHDOG=1 nothing. */
static void notify(const char *state, void *context)
{
	(void)context;
	if (*state != 'W')
		say(*state);
}

/* Only that. */
static void notify_watchdog(const char *state, void *context)
{
	(void)context;
	if (*state == 'W')
		say(*state);
}

/* Is slow to look, so that its SIGHUP comes before it does. */
static int hearing(int lifeline, const struct nw_child *child, void *context)
{
	sigset_t hangup;
	int got;

	(void)lifeline;
	(void)child;
	(void)context;
	say('s');
	(void)poll(NULL, 0, 100);
	(void)sigemptyset(&hangup);
	(void)sigaddset(&hangup, SIGHUP);
	while (sigwait(&hangup, &got) == 0)
		say('h');
	return 1;
}

static void reload(void *context)
{
	(void)context;
	say('r');
}

struct fixture {
	pid_t master;
	int reports;
};

static void supervise(struct fixture *fixture,
		      const struct nw_supervisor *supervisor)
{
	struct nw_error err;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	fixture->master = fork();
	assert_true(fixture->master >= 0);
	if (fixture->master == 0) {
		(void)close(ends[0]);
		report = ends[1];
		_exit(nw_supervise(supervisor, &err) == 0 ? 0 : 1);
	}
	(void)close(ends[1]);
	fixture->reports = ends[0];
}

static void start(struct fixture *fixture, const struct nw_child *child)
{
	const struct nw_supervisor supervisor = {
		.children = child,
		.count = 1,
		.reload = reload,
	};

	supervise(fixture, &supervisor);
}

/* The next report; 0 at the end of all processes. */
static char next(const struct fixture *fixture)
{
	struct pollfd poll_fd = { fixture->reports, POLLIN, 0 };
	char letter = 0;

	assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
	assert_true(read(fixture->reports, &letter, 1) >= 0);
	return letter;
}

static int end(const struct fixture *fixture)
{
	int status;

	assert_int_equal(waitpid(fixture->master, &status, 0),
			 fixture->master);
	(void)close(fixture->reports);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void what_dies_is_started_again(void **state)
{
	const struct nw_child child = { .name = "dying", .run = dying };
	struct fixture fixture;

	(void)state;
	start(&fixture, &child);
	assert_int_equal(next(&fixture), 'd');
	assert_int_equal(next(&fixture), 'd');
	assert_int_equal(kill(fixture.master, SIGTERM), 0);
	assert_int_equal(end(&fixture), 0);
}

static void sigterm_ends_the_children(void **state)
{
	const struct nw_child child = { .name = "steady", .run = steady };
	struct fixture fixture;

	(void)state;
	start(&fixture, &child);
	assert_int_equal(next(&fixture), 's');
	assert_int_equal(kill(fixture.master, SIGTERM), 0);
	assert_int_equal(next(&fixture), 0);
	assert_int_equal(end(&fixture), 0);
}

static void sighup_reloads_and_restarts(void **state)
{
	const struct nw_child child = { .name = "steady", .run = steady,
					.reload_signal = SIGTERM };
	struct fixture fixture;

	(void)state;
	start(&fixture, &child);
	assert_int_equal(next(&fixture), 's');
	assert_int_equal(kill(fixture.master, SIGHUP), 0);
	assert_int_equal(next(&fixture), 'r');
	assert_int_equal(next(&fixture), 's');
	assert_int_equal(kill(fixture.master, SIGINT), 0);
	assert_int_equal(end(&fixture), 0);
}

static void sighup_is_passed_on(void **state)
{
	const struct nw_child child = { .name = "hearing", .run = hearing,
					.reload_signal = SIGHUP };
	struct fixture fixture;
	int i;

	(void)state;
	start(&fixture, &child);
	assert_int_equal(next(&fixture), 's');
	for (i = 0; i < 2; i++) {
		assert_int_equal(kill(fixture.master, SIGHUP), 0);
		assert_int_equal(next(&fixture), 'r');
		assert_int_equal(next(&fixture), 'h');
	}
	assert_int_equal(kill(fixture.master, SIGTERM), 0);
	assert_int_equal(next(&fixture), 0);
	assert_int_equal(end(&fixture), 0);
}

static void children_outlive_no_master(void **state)
{
	const struct nw_child child = { .name = "steady", .run = steady };
	struct fixture fixture;

	(void)state;
	start(&fixture, &child);
	assert_int_equal(next(&fixture), 's');
	assert_int_equal(kill(fixture.master, SIGKILL), 0);
	assert_int_equal(next(&fixture), 'e');
	assert_int_equal(next(&fixture), 0);
	assert_int_equal(end(&fixture), -1);
}

/* One that does not beat is killed and started again; one that never beats is
 * not asked to, and one that does is let alone. */
static void who_is_stuck_is_killed(void **state)
{
	const struct nw_child children[] = {
		{ .name = "steady", .run = steady },
		{ .name = "stuck", .run = stuck, .number = 7, .beats = true },
	};
	const struct nw_supervisor supervisor = {
		.children = children,
		.count = 2,
		.reload = reload,
		.ended = ended,
		.patience_ms = PATIENCE_OF_MASTER_MS,
	};
	struct fixture fixture;
	char first, second;

	(void)state;
	supervise(&fixture, &supervisor);
	first = next(&fixture);
	second = next(&fixture);
	assert_true((first == 's' && second == 'k') ||
		    (first == 'k' && second == 's'));
	assert_int_equal(next(&fixture), '7');
	assert_int_equal(next(&fixture), 'k');
	assert_int_equal(kill(fixture.master, SIGTERM), 0);
	first = next(&fixture);
	second = next(&fixture);
	assert_true((first == '7' && second == '0') ||
		    (first == '0' && second == '7'));
	assert_int_equal(end(&fixture), 0);
}

static void who_beats_lives(void **state)
{
	const struct nw_child child = { .name = "lively", .run = lively,
					.beats = true };
	const struct nw_supervisor supervisor = {
		.children = &child,
		.count = 1,
		.reload = reload,
		.ended = ended,
		.notify = notify,
		.patience_ms = PATIENCE_OF_MASTER_MS,
	};
	struct fixture fixture;

	(void)state;
	supervise(&fixture, &supervisor);
	assert_int_equal(next(&fixture), 'l');
	assert_int_equal(next(&fixture), 'R');	/* READY */
	assert_int_equal(next(&fixture), 'S');	/* STATUS */
	assert_int_equal(next(&fixture), 'l');
	assert_int_equal(next(&fixture), 'l');
	/* A master that was stopped itself blames nobody. */
	assert_int_equal(kill(fixture.master, SIGSTOP), 0);
	assert_int_equal(next(&fixture), 'l');
	assert_int_equal(next(&fixture), 'l');
	assert_int_equal(kill(fixture.master, SIGCONT), 0);
	assert_int_equal(next(&fixture), 'l');
	assert_int_equal(kill(fixture.master, SIGHUP), 0);
	assert_int_equal(next(&fixture), 'R');	/* RELOADING */
	assert_int_equal(next(&fixture), 'r');
	assert_int_equal(next(&fixture), 'R');	/* READY */
	assert_int_equal(kill(fixture.master, SIGTERM), 0);
	assert_int_equal(next(&fixture), 'S');	/* STOPPING */
	assert_int_equal(next(&fixture), '0');
	assert_int_equal(end(&fixture), 0);
}

static void watchdog_is_fed(void **state)
{
	const struct nw_child child = { .name = "lively", .run = lively,
					.beats = true };
	const struct nw_supervisor supervisor = {
		.children = &child,
		.count = 1,
		.reload = reload,
		.notify = notify_watchdog,
		.patience_ms = PATIENCE_OF_MASTER_MS,
	};
	struct fixture fixture;
	int count = 0;

	(void)state;
	supervise(&fixture, &supervisor);
	while (count < 10)
		count += next(&fixture) == 'W';
	assert_int_equal(kill(fixture.master, SIGTERM), 0);
	while (next(&fixture) != 0)
		;
	assert_int_equal(end(&fixture), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_dies_is_started_again),
		cmocka_unit_test(sigterm_ends_the_children),
		cmocka_unit_test(sighup_reloads_and_restarts),
		cmocka_unit_test(sighup_is_passed_on),
		cmocka_unit_test(children_outlive_no_master),
		cmocka_unit_test(who_is_stuck_is_killed),
		cmocka_unit_test(who_beats_lives),
		cmocka_unit_test(watchdog_is_fed),
	};

	return cmocka_run_group_tests_name("supervisor", tests, NULL, NULL);
}
