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
static int steady(int lifeline, void *context)
{
	struct pollfd poll_fd = { lifeline, POLLIN, 0 };

	(void)context;
	say('s');
	(void)poll(&poll_fd, 1, -1);
	say('e');
	return 0;
}

/* Dies at once, by a signal. */
static int dying(int lifeline, void *context)
{
	(void)lifeline;
	(void)context;
	say('d');
	(void)raise(SIGKILL);
	return 0;
}

/* Is slow to look, so that its SIGHUP comes before it does. */
static int hearing(int lifeline, void *context)
{
	sigset_t hangup;
	int got;

	(void)lifeline;
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

static void start(struct fixture *fixture, const struct nw_child *child)
{
	struct nw_supervisor supervisor = { child, 1, NULL, reload, NULL };
	struct nw_error err;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	fixture->master = fork();
	assert_true(fixture->master >= 0);
	if (fixture->master == 0) {
		(void)close(ends[0]);
		report = ends[1];
		_exit(nw_supervise(&supervisor, &err) == 0 ? 0 : 1);
	}
	(void)close(ends[1]);
	fixture->reports = ends[0];
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
	const struct nw_child child = { "dying", dying, 0 };
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
	const struct nw_child child = { "steady", steady, 0 };
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
	const struct nw_child child = { "steady", steady, SIGTERM };
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
	const struct nw_child child = { "hearing", hearing, SIGHUP };
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
	const struct nw_child child = { "steady", steady, 0 };
	struct fixture fixture;

	(void)state;
	start(&fixture, &child);
	assert_int_equal(next(&fixture), 's');
	assert_int_equal(kill(fixture.master, SIGKILL), 0);
	assert_int_equal(next(&fixture), 'e');
	assert_int_equal(next(&fixture), 0);
	assert_int_equal(end(&fixture), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_dies_is_started_again),
		cmocka_unit_test(sigterm_ends_the_children),
		cmocka_unit_test(sighup_reloads_and_restarts),
		cmocka_unit_test(sighup_is_passed_on),
		cmocka_unit_test(children_outlive_no_master),
	};

	return cmocka_run_group_tests_name("supervisor", tests, NULL, NULL);
}
