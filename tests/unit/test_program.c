/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"
#include "program.h"
#include "program_fake.h"
#include "session.h"

#define SECOND G_USEC_PER_SEC

static int set_up(void **state)
{
	struct program_fake *fake = g_new0(struct program_fake, 1);

	program_fake_set_up(fake, "true");
	*state = fake;
	return 0;
}

static int tear_down(void **state)
{
	program_fake_tear_down(*state);
	g_free(*state);
	/* None is left behind. */
	return waitpid(-1, NULL, WNOHANG) < 0 ? 0 : -1;
}

/* Runs "newswire subscribe", whose script it is. */
static char *run(const struct program_fake *fake, const char *script,
		 GError **error)
{
	static const char *const arguments[] = { "--quiet", "subscribe", NULL };

	program_fake_change(fake, script);
	return nw_program_run(arguments, NULL, error);
}

static void its_output_is_heard(void **state)
{
	char *said =
		run(*state, "printf 'a\\tb\\n'; echo no >&2; echo c", NULL);

	assert_string_equal(said, "a\tb\nc\n");
	g_free(said);
}

static void words_are_no_commands(void **state)
{
	const char *const words[] = { "history", "--", "$(echo x) `x` ;'\"\\*",
				      "",	 "-x", NULL };
	char *said = nw_program_run(words, NULL, NULL), *noted;

	assert_string_equal(said, "");
	noted = program_fake_noted(*state);
	assert_string_equal(noted, "[history][--][$(echo x) `x` ;'\"\\*][]"
				   "[-x]\n");
	g_free(noted);
	g_free(said);
}

static void the_environment_comes_along(void **state)
{
	char *said;

	(void)g_setenv("NEWSWIRE_HOME", "/a place", TRUE);
	said = run(*state, "printf %s \"$NEWSWIRE_HOME\"; cat", NULL);
	g_unsetenv("NEWSWIRE_HOME");
	assert_string_equal(said, "/a place");
	g_free(said);
}

static void its_last_words_are_the_error(void **state)
{
	static const struct {
		const char *script, *message;
	} cases[] = {
		{ "echo some; echo 'newswire: x: no address' >&2; exit 64",
		  "x: no address" },
		{ "echo 'fetch: a: slow' >&2; "
		  "printf 'newswire: subscribe: it failed' >&2; exit 1",
		  "it failed" },
		{ "echo 'subscribe: it failed' >&2; echo >&2; exit 1",
		  "it failed" },
		{ "exit 3", "The program newswire failed without saying why." },
		{ "kill -9 $$",
		  "The program newswire failed without saying why." },
		{ "printf 'newswire: bad \\377 byte\\n' >&2; exit 1",
		  "bad \357\277\275 byte" },
	};
	gsize i;

	for (i = 0; i < COUNT(cases); i++) {
		GError *error = NULL;

		assert_null(run(*state, cases[i].script, &error));
		assert_true(g_error_matches(error, NW_SESSION_ERROR,
					    NW_SESSION_ERROR_REFUSED));
		assert_string_equal(error->message, cases[i].message);
		g_error_free(error);
	}
}

static void a_long_complaint_keeps_its_end(void **state)
{
	GError *error = NULL;

	assert_null(run(*state,
			"i=0; while [ $i -lt 3000 ]; do "
			"echo 'a line of a complaint' >&2; i=$((i+1)); done; "
			"echo 'newswire: the end' >&2; exit 1",
			&error));
	assert_string_equal(error->message, "the end");
	g_error_free(error);
}

static void output_has_a_cap(void **state)
{
	GError *error = NULL;

	assert_null(run(*state, "exec cat /dev/zero", &error));
	assert_true(g_error_matches(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_REFUSED));
	g_error_free(error);
}

static void what_is_not_there_cannot_be_run(void **state)
{
	GError *error = NULL;

	(void)state;
	(void)g_setenv("PATH", "/nonexistent", TRUE);
	/* Where it was installed is not asked of the test. */
	if (!nw_program_find(&error)) {
		assert_true(g_error_matches(error, NW_SESSION_ERROR,
					    NW_SESSION_ERROR_START));
		assert_non_null(strstr(error->message, "not installed"));
		g_error_free(error);
	}
}

struct helper {
	int ends[2];
	char *gate; /* at which the program stands */
	guint calls;
};

static void open_gate(gpointer data)
{
	struct helper *helper = data;
	char byte;
	int fd;

	helper->calls++;
	assert_int_equal(read(helper->ends[0], &byte, 1), 1);
	fd = open(helper->gate, O_WRONLY);
	assert_int_equal(write(fd, "go\n", 3), 3);
	(void)close(fd);
}

/* It ends because of that, and is heard all the same. */
static void something_is_done_meanwhile(void **state)
{
	static const char *const arguments[] = { "fetch", NULL };
	const struct program_fake *fake = *state;
	struct helper helper = {
		.gate = g_build_filename(fake->dir, "gate", NULL),
	};
	struct nw_program_meanwhile meanwhile = { .call = open_gate,
						  .data = &helper };
	char *said;

	assert_int_equal(pipe(helper.ends), 0);
	assert_int_equal(mkfifo(helper.gate, 0600), 0);
	program_fake_change(fake, "read word <\"${0%/*}/gate\"; echo $word");
	meanwhile.fd = helper.ends[0];
	assert_int_equal(write(helper.ends[1], "", 1), 1);
	said = nw_program_run_meanwhile(arguments, &meanwhile, NULL, NULL);
	assert_string_equal(said, "go\n");
	assert_int_equal(helper.calls, 1);
	(void)close(helper.ends[0]);
	(void)close(helper.ends[1]);
	(void)g_unlink(helper.gate);
	g_free(helper.gate);
	g_free(said);
}

static gpointer cancel_soon(gpointer cancel)
{
	g_usleep(SECOND / 20);
	g_cancellable_cancel(cancel);
	return NULL;
}

/* Whatever it does, it ends. */
static void cancelling_ends_it(void **state)
{
	static const char *const scripts[] = {
		"exec sleep 60",
		"trap '' TERM; sleep 60 & while :; do wait; done",
		"exec >&- 2>&-; exec sleep 60",
		"trap '' TERM; exec >/dev/null 2>&1; while :; do :; done",
	};
	static const char *const arguments[] = { "fetch", NULL };
	gsize i;

	for (i = 0; i < COUNT(scripts); i++) {
		GCancellable *cancel = g_cancellable_new();
		gint64 began = g_get_monotonic_time();
		GThread *thread;
		GError *error = NULL;

		program_fake_change(*state, scripts[i]);
		thread = g_thread_new("cancel", cancel_soon, cancel);
		assert_null(nw_program_run(arguments, cancel, &error));
		(void)g_thread_join(thread);
		assert_true(g_error_matches(error, NW_SESSION_ERROR,
					    NW_SESSION_ERROR_CANCELLED));
		assert_true(g_get_monotonic_time() - began < SECOND);
		g_error_free(error);
		g_object_unref(cancel);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(its_output_is_heard),
		TEST(words_are_no_commands),
		TEST(the_environment_comes_along),
		TEST(its_last_words_are_the_error),
		TEST(a_long_complaint_keeps_its_end),
		TEST(output_has_a_cap),
		TEST(what_is_not_there_cannot_be_run),
		TEST(something_is_done_meanwhile),
		TEST(cancelling_ends_it),
	};

	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
