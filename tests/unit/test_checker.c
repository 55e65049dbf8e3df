/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that checks passwords, and what happens when it does not.
 */
#include "config.h"

#include "unit.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newswire/checker.h"
#include "newswire/limits.h"

#define HASH "$y$j75$abcdefghijklmnopqrstu." \
	     "$.F8at2qvnbnxZisggS62/VpCtBMW9L9LT3ZqbMF6Ao3" /* hunter2 */
/* Of another password, and slow: tens of seconds of computing. */
#define SLOW_HASH "$6$rounds=99999999$abcdefghijklmnop$x"

struct fixture {
	struct event_base *base;
	struct nw_checker *checker;
	struct nw_error err;
	/* In the order in which they came: the asker, then the result. */
	char got[4 * NW_CHECKER_QUEUE];
};

struct asker {
	struct fixture *fixture;
	char name;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->base = event_base_new();
	assert_int_equal(nw_checker_new(&fixture->checker, fixture->base,
					&fixture->err), 0);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	nw_checker_free(&fixture->checker);
	assert_null(fixture->checker);
	event_base_free(fixture->base);
	free(fixture);
	return 0;
}

static void done(enum nw_checked result, void *context)
{
	static const char letters[] = { [NW_CHECKED_WRONG] = '-',
					[NW_CHECKED_RIGHT] = '+',
					[NW_CHECKED_NOT] = '?' };
	struct asker *asker = context;
	char *got = asker->fixture->got + strlen(asker->fixture->got);

	got[0] = asker->name;
	got[1] = letters[result];
}

/* Until so many answers came. */
static void await(struct fixture *fixture, size_t answers)
{
	int turns;

	for (turns = 0; strlen(fixture->got) < 2 * answers && turns < 10000;
	     turns++)
		(void)event_base_loop(fixture->base, EVLOOP_ONCE);
	assert_int_equal(strlen(fixture->got), 2 * answers);
}

static struct nw_check *ask(struct asker *asker, const char *password,
			    bool never)
{
	const struct nw_checker_order order = { .password = password,
						.hash = HASH,
						.never = never,
						.place = 7 };
	struct nw_check *check = NULL;

	assert_int_equal(nw_checker_ask(asker->fixture->checker, &order, done,
					asker, &check, &asker->fixture->err),
			 0);
	return check;
}

static void test_answers(void **state)
{
	struct fixture *fixture = *state;
	struct asker a = { fixture, 'a' }, b = { fixture, 'b' };
	struct asker c = { fixture, 'c' };

	(void)ask(&a, "hunter2", false);
	(void)ask(&b, "hunter3", false);
	(void)ask(&c, "hunter2", true);
	(void)ask(&a, "", false);
	await(fixture, 4);
	assert_string_equal(fixture->got, "a+b-c-a-");
}

static void test_cancel(void **state)
{
	struct fixture *fixture = *state;
	struct asker a = { fixture, 'a' }, b = { fixture, 'b' };
	struct asker c = { fixture, 'c' };
	struct nw_check *first = ask(&a, "hunter2", false), *second;

	second = ask(&b, "hunter2", false);
	(void)ask(&c, "hunter2", false);
	/* The child has the first; the second waits. */
	(void)event_base_loop(fixture->base, EVLOOP_NONBLOCK);
	nw_check_cancel(first);
	nw_check_cancel(second);
	await(fixture, 1);
	assert_string_equal(fixture->got, "c+");
}

static void test_caps(void **state)
{
	struct fixture *fixture = *state;
	struct asker a = { fixture, 'a' };
	struct nw_checker_order order = { .password = "x", .hash = HASH };
	struct nw_check *check;
	char long_text[NW_NNTP_LINE_OCTETS + 1];
	unsigned i;

	for (i = 0; i < NW_CHECKER_PLACE; i++)
		(void)ask(&a, "x", false);
	order.place = 7;
	assert_int_equal(nw_checker_ask(fixture->checker, &order, done, &a,
					&check, &fixture->err), -1);
	assert_int_equal(fixture->err.code, NW_ERROR_BUSY);
	for (; i < NW_CHECKER_QUEUE; i++) {
		order.place = 8 + i;
		assert_int_equal(nw_checker_ask(fixture->checker, &order,
						done, &a, &check,
						&fixture->err), 0);
	}
	order.place = 6;
	assert_int_equal(nw_checker_ask(fixture->checker, &order, done, &a,
					&check, &fixture->err), -1);
	assert_int_equal(fixture->err.code, NW_ERROR_BUSY);
	await(fixture, NW_CHECKER_QUEUE);
	memset(long_text, 'x', sizeof(long_text));
	long_text[sizeof(long_text) - 1] = '\0';
	order.password = long_text;
	assert_int_equal(nw_checker_ask(fixture->checker, &order, done, &a,
					&check, &fixture->err), -1);
	assert_int_equal(fixture->err.code, NW_ERROR_DATA);
}

/* How many children this process has, and the last of them. */
static int child(pid_t *pid_r)
{
	char path[64], line[256] = "";
	FILE *file;
	char *end;
	int count = 0;
	long pid;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/children",
		       (int)getpid());
	file = fopen(path, "r");
	assert_non_null(file);
	(void)fgets(line, sizeof(line), file);
	(void)fclose(file);
	for (pid = strtol(line, &end, 10); pid; pid = strtol(end, &end, 10)) {
		*pid_r = (pid_t)pid;
		count++;
	}
	return count;
}

/* Ends the child, and waits until another one has what it had. */
static void kill_busy(struct fixture *fixture)
{
	pid_t pid, before;
	int turns;

	assert_int_equal(child(&before), 1);
	assert_int_equal(kill(before, SIGKILL), 0);
	for (turns = 0, pid = before; turns < 100 && pid == before; turns++) {
		(void)event_base_loop(fixture->base, EVLOOP_ONCE);
		(void)child(&pid);
	}
	assert_int_not_equal(pid, before);
}

/* It is started when it is needed; one that is killed fails nothing, two that
 * are fail what they had. */
static void test_killed(void **state)
{
	struct fixture *fixture = *state;
	struct asker a = { fixture, 'a' }, b = { fixture, 'b' };
	struct asker c = { fixture, 'c' };
	const struct nw_checker_order slow = { .password = "x",
					       .hash = SLOW_HASH };
	struct nw_check *check;
	pid_t pid = 0;

	assert_int_equal(child(&pid), 0);
	(void)ask(&a, "hunter2", false);
	await(fixture, 1);
	assert_int_equal(child(&pid), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	(void)ask(&b, "hunter2", false);
	await(fixture, 2);
	assert_int_equal(nw_checker_ask(fixture->checker, &slow, done, &c,
					&check, &fixture->err), 0);
	(void)ask(&a, "hunter2", false);
	(void)event_base_loop(fixture->base, EVLOOP_NONBLOCK);
	kill_busy(fixture);
	assert_int_equal(strlen(fixture->got), 4);
	assert_int_equal(child(&pid), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	await(fixture, 4);
	assert_string_equal(fixture->got, "a+b+c?a+");
	assert_int_equal(child(&pid), 1);
	nw_checker_free(&fixture->checker);
	assert_int_equal(child(&pid), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_answers),
		TEST(test_cancel),
		TEST(test_caps),
		TEST(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
