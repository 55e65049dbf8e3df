/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newswire/date.h"
#include "newswire/log.h"
#include "newswire/utf8.h"

#define E "\xe2\x80\xa6"

struct world {
	struct nw_log log;
	int read_fd;
	char text[PIPE_BUF + 1];
};

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	int fds[2];

	if (!world || pipe(fds))
		return -1;
	world->read_fd = fds[0];
	world->log = (struct nw_log){ .fd = fds[1], .level = NW_LOG_INFO };
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	(void)close(world->read_fd);
	(void)close(world->log.fd);
	free(world);
	return 0;
}

/* What one write left in the pipe; "" when there was none. */
static const char *written(struct world *world)
{
	ssize_t len;

	assert_int_equal(write(world->log.fd, "", 1), 1);
	len = read(world->read_fd, world->text, sizeof(world->text));
	assert_true(len > 0 && !world->text[len - 1]);
	return world->text;
}

static void test_line(void **state)
{
	struct world *world = *state;

	nw_log(&world->log, NW_LOG_INFO, "fetch", "https://h/", "status %d",
	       503);
	assert_string_equal(written(world), "fetch: https://h/: status 503\n");
	nw_log(&world->log, NW_LOG_ERROR, "store", NULL, "closed");
	assert_string_equal(written(world), "store: closed\n");
	nw_log(NULL, NW_LOG_ERROR, "store", NULL, "closed");
	assert_string_equal(written(world), "");
}

static void test_level(void **state)
{
	struct world *world = *state;

	nw_log(&world->log, NW_LOG_DEBUG, "a", NULL, "b");
	assert_string_equal(written(world), "");
	world->log.level = NW_LOG_WARNING;
	nw_log(&world->log, NW_LOG_INFO, "a", NULL, "b");
	assert_string_equal(written(world), "");
	nw_log(&world->log, NW_LOG_WARNING, "a", NULL, "b");
	assert_string_equal(written(world), "a: b\n");
}

static void test_clean(void **state)
{
	struct world *world = *state;

	nw_log(&world->log, NW_LOG_INFO, "a\n", "b\r\nc\x1b[2J", "%s",
	       "d\ne\xc2\x9b\xff\xc3\xa9");
	assert_string_equal(written(world),
			    "a?: b??c?[2J: d?e??\xc3\xa9\n");
}

static void test_color(void **state)
{
	struct world *world = *state;

	world->log.color = true;
	nw_log(&world->log, NW_LOG_ERROR, "a", NULL, "b");
	assert_string_equal(written(world), "\033[31ma: b\033[0m\n");
	nw_log(&world->log, NW_LOG_INFO, "a", NULL, "b");
	assert_string_equal(written(world), "a: b\n");
}

static void test_stamp(void **state)
{
	struct world *world = *state;
	struct nw_date date;
	const char *line;

	world->log.stamp = true;
	nw_log(&world->log, NW_LOG_INFO, "a", NULL, "b");
	line = written(world);
	assert_int_equal(strlen(line), 20 + 6);
	assert_string_equal(line + 20, " a: b\n");
	assert_int_equal(nw_date_parse(line, 20, &date), 0);
	assert_true(date.has_zone);
}

/* A text that is too long is cut between two characters, not dropped, and the
 * line still is one write that no other process can part. */
static void test_long(void **state)
{
	struct world *world = *state;
	const size_t len = 100000;
	char *text = malloc(len + 1);
	const char *line;
	size_t i;

	assert_non_null(text);
	for (i = 0; i + 2 <= len; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	text[len] = '\0';
	world->log.stamp = true;
	world->log.color = true;
	for (i = 0; i < 4; i++) {
		nw_log(&world->log, NW_LOG_ERROR, i & 1 ? text : "area",
		       i & 2 ? text : "object", "%.*s%s", (int)i, "abc", text);
		line = written(world);
		assert_true(strlen(line) > 2000);
		assert_true(strlen(line) <= PIPE_BUF);
		assert_true(i & 2 || strstr(line, ": object: "));
		assert_non_null(strstr(line, E "\033[0m\n"));
		assert_int_equal(nw_utf8_valid(line, strlen(line)),
				 strlen(line));
		assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	}
	/* One that just fits is whole. */
	world->log.stamp = world->log.color = false;
	text[2000] = '\0';
	nw_log(&world->log, NW_LOG_ERROR, "a", NULL, "%s", text);
	line = written(world);
	assert_memory_equal(line + 3, text, 2000);
	assert_string_equal(line + 2003, "\n");
	free(text);
}

static void test_init(void **state)
{
	struct nw_log log;

	(void)state;
	nw_log_init(&log, false);
	assert_int_equal(log.fd, STDERR_FILENO);
	assert_int_equal(log.level, NW_LOG_INFO);
	assert_false(log.stamp);
	nw_log_init(&log, true);
	assert_int_equal(log.level, NW_LOG_WARNING);
	assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
	nw_log_init(&log, false);
	assert_false(log.color);
	(void)unsetenv("NO_COLOR");
}

/* A pipe is no terminal: progress stays silent. */
static void test_no_progress(void **state)
{
	struct world *world = *state;

	nw_log_progress(&world->log, "fetch", 1, 2, "x");
	nw_log_progress(&world->log, "fetch", 2, 2, NULL);
	nw_log_progress(NULL, "fetch", 1, 2, "x");
	assert_string_equal(written(world), "");
}

static void test_progress(void **state)
{
	struct world *world = *state;
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	char bytes[256] = "";

	if (master < 0 || grantpt(master) || unlockpt(master))
		skip();
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0)
		skip();
	world->log = (struct nw_log){ .fd = slave, .level = NW_LOG_INFO };
	nw_log_progress(&world->log, "fetch", 1, 2, "a\nb");
	assert_true(read(master, bytes, sizeof(bytes) - 1) > 0);
	assert_string_equal(bytes, "\r\033[Kfetch: 1 of 2, a?b");
	memset(bytes, 0, sizeof(bytes));
	nw_log_progress(&world->log, "fetch", 2, 2, NULL);
	assert_true(read(master, bytes, sizeof(bytes) - 1) > 0);
	assert_string_equal(bytes, "\r\033[K");
	(void)close(master);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_line),
		TEST(test_level),
		TEST(test_clean),
		TEST(test_color),
		TEST(test_stamp),
		TEST(test_long),
		TEST(test_init),
		TEST(test_no_progress),
		TEST(test_progress),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
