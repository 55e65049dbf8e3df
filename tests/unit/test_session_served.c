/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The session with "newswire serve": TLS, login and compression as the gateway
 * has them.
 */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "certificate.h"
#include "session_fixture.h"
#include "session_store.h"

#define MANY 500

static char *ca_file, *site_url;
static GPid site;
static struct {
	GPid pid;
	guint16 port;
} serve;

static void configure(void)
{
	char *path = g_build_filename(store_home(), "newswire.conf", NULL);
	char *pem = g_build_filename(store_home(), "tls.pem", NULL);
	char *text = g_strdup_printf("readers = 1\ntls-certificate = \"%s\"\n"
				     "read = {\"test.open\"}\n"
				     "user \"anna\" { manage = yes }\n",
				     pem);
	struct certificate certificate;

	certificate_make(&certificate, "localhost", -1, 30, NULL);
	certificate_write(&certificate, pem, 1);
	assert_int_equal(g_chmod(pem, 0600), 0);
	ca_file = g_build_filename(store_home(), "ca.pem", NULL);
	certificate_write(&certificate, ca_file, 0);
	certificate_free(&certificate);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	assert_int_equal(system("echo secret | newswire passwd anna "
				"2>/dev/null"),
			 0);
	g_free(text);
	g_free(pem);
	g_free(path);
}

/* A program and the stream of what it says on its standard output or error; left
 * open, as it may go on. */
static FILE *start(const char *const *argv, gboolean output, GPid *pid_r)
{
	gint fd = -1;
	FILE *words;

	assert_true(g_spawn_async_with_pipes(
		NULL, (char **)(guintptr)argv, NULL,
		G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
			(output ? G_SPAWN_STDERR_TO_DEV_NULL : 0),
		NULL, NULL, pid_r, NULL, output ? &fd : NULL,
		output ? NULL : &fd, NULL));
	words = fdopen(fd, "r");
	assert_non_null(words);
	return words;
}

static void start_site(void)
{
	const char *builddir = g_getenv("builddir");
	const char *srcdir = g_getenv("srcdir");
	char *program = g_build_filename(builddir ? builddir : ".",
					 "tests/tools/sitehttpd", NULL);
	char *folder =
		g_build_filename(srcdir ? srcdir : ".", "tests/site", NULL);
	const char *argv[] = { program, "--port", "0", folder, NULL };
	char line[512];

	assert_non_null(fgets(line, sizeof(line), start(argv, TRUE, &site)));
	site_url = g_strdup(g_strstrip(line));
	g_free(folder);
	g_free(program);
}

/* Its port is in the line that says where it listens. */
static void start_serving(void)
{
	const char *argv[] = { "newswire", "serve",	  "--no-poll",
			       "--listen", "127.0.0.1:0", NULL };
	FILE *words = start(argv, FALSE, &serve.pid);
	char line[512];

	while (!serve.port && fgets(line, sizeof(line), words)) {
		const char *at = strstr(line, "listening on 127.0.0.1 port ");

		if (at)
			serve.port =
				(guint16)strtoul(strrchr(at, ' '), NULL, 10);
	}
	assert_true(serve.port);
}

static int set_up(void **state)
{
	(void)state;
	store_open();
	store_fill("test.open", "For all", 3);
	store_fill("test.shut", "For Anna", MANY);
	configure();
	(void)g_setenv("NEWSWIRE_ALLOW_PRIVATE", "1", TRUE);
	start_site();
	start_serving();
	return 0;
}

/* One that was not started has the pid 0, which is all of the process group. */
static void end(GPid pid)
{
	if (pid <= 0)
		return;
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static int tear_down(void **state)
{
	(void)state;
	end(serve.pid);
	end(site);
	g_free(site_url);
	store_close();
	g_free(ca_file);
	return 0;
}

static struct nw_session *open_as(const char *user, enum nw_security security)
{
	const struct nw_gateway gateway = {
		.host = (char *)(guintptr) "localhost",
		.port = serve.port,
		.security = security,
		.user = (char *)(guintptr)user,
		.password = (char *)(guintptr) "secret",
		.ca_file = ca_file,
	};
	GError *error = NULL;
	struct nw_session *session = nw_session_open(&gateway, NULL, &error);

	if (error)
		print_message("# %s\n", error->message);
	assert_non_null(session);
	return session;
}

static gboolean count(guint32 number, GString *text, gpointer data,
		      GError **error)
{
	char *body = g_strdup_printf("\n\n.\n..two\nText of %u\n", number);

	(void)error;
	assert_non_null(text);
	assert_non_null(strstr(text->str, body));
	*(guint *)data += 1;
	(void)g_string_free(text, TRUE);
	g_free(body);
	return TRUE;
}

static void read_all(struct nw_session *session)
{
	GPtrArray *groups = nw_session_groups(session, NULL);
	struct nw_session_numbers *numbers;
	guint came = 0;

	assert_non_null(groups);
	assert_int_equal(groups->len, 2);
	assert_true(nw_session_counts(session, groups, NULL));
	numbers = nw_session_numbers(session, "test.shut", 1, 3, NULL);
	assert_string_equal(numbers->anchor_id, "<3.test.shut@news.test>");
	assert_true(nw_session_articles(session, numbers->numbers, FALSE, count,
					&came, NULL));
	assert_int_equal(came, MANY);
	nw_session_numbers_free(numbers);
	g_ptr_array_unref(groups);
}

/* Each way in reads the same, compressed. */
static void all_ways_in(void **state)
{
	static const enum nw_security ways[] = { NW_SECURITY_NONE,
						 NW_SECURITY_STARTTLS };
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(ways); i++) {
		struct nw_session *session = open_as("anna", ways[i]);

		assert_true(session->has_compress);
		read_all(session);
		nw_session_close(session);
	}
}

static void without_a_password(void **state)
{
	struct nw_session *session = open_as(NULL, NW_SECURITY_STARTTLS);
	GPtrArray *groups = nw_session_groups(session, NULL);
	GError *error = NULL;

	(void)state;
	assert_int_equal(groups->len, 1);
	assert_null(nw_session_numbers(session, "test.shut", 1, 0, &error));
	print_message("# %s\n", error->message);
	assert_true(error->code == NW_SESSION_ERROR_LOGIN ||
		    error->code == NW_SESSION_ERROR_REFUSED);
	g_clear_error(&error);
	g_ptr_array_unref(groups);
	nw_session_close(session);
}

static void a_wrong_password(void **state)
{
	const struct nw_gateway gateway = {
		.host = (char *)(guintptr) "localhost",
		.port = serve.port,
		.security = NW_SECURITY_STARTTLS,
		.user = (char *)(guintptr) "anna",
		.password = (char *)(guintptr) "guess",
		.ca_file = ca_file,
	};
	GError *error = NULL;

	(void)state;
	assert_null(nw_session_open(&gateway, NULL, &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_LOGIN);
	assert_non_null(strstr(error->message, "is wrong"));
	g_clear_error(&error);
}

/* XNEWSWIRE for a user to whom it is granted. */
static void subscribing(void **state)
{
	struct nw_session *session = open_as("anna", NW_SECURITY_STARTTLS);
	GError *error = NULL;
	char *group, *history;

	(void)state;
	assert_true(nw_session_may_manage(session));
	assert_null(
		nw_session_subscribe(session, "http://127.0.0.1:1/", &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_REFUSED);
	g_clear_error(&error);
	group = nw_session_subscribe(session, site_url, &error);
	if (error)
		print_message("# %s\n", error->message);
	assert_non_null(group);
	assert_true(nw_session_unsubscribe(session, group, &error));
	assert_false(nw_session_unsubscribe(session, "no.such", &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_REFUSED);
	g_clear_error(&error);
	history = nw_session_history(session, "<none@news.test>", &error);
	assert_null(history);
	assert_int_equal(error->code, NW_SESSION_ERROR_REFUSED);
	g_clear_error(&error);
	g_free(group);
	nw_session_close(session);
	session = open_as(NULL, NW_SECURITY_STARTTLS);
	assert_false(nw_session_may_manage(session));
	assert_null(nw_session_subscribe(session, site_url, &error));
	print_message("# %s\n", error->message);
	g_clear_error(&error);
	nw_session_close(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_ways_in),
		cmocka_unit_test(without_a_password),
		cmocka_unit_test(a_wrong_password),
		cmocka_unit_test(subscribing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
