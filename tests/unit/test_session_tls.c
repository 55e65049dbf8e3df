/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS from the beginning and by STARTTLS, and certificates of all kinds.
 */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "remove_tree.h"
#include "session_fixture.h"

#define HI     "S: 200 x\n"
#define READER "C: CAPABILITIES\nS: 101 x|VERSION 2|READER|.\n"
#define LOGIN                                                           \
	"C: AUTHINFO USER anna\nS: 381 and?\nC: AUTHINFO PASS secret\n" \
	"S: 281 in\n"

static char *home;
static struct certificate authority;

static char *path_of(const char *name)
{
	return g_build_filename(home, name, NULL);
}

static int set_up(void **state)
{
	char *path;

	(void)state;
	home = g_dir_make_tmp("newswire-tls-XXXXXX", NULL);
	certificate_make(&authority, "authority.test", -1, 30, NULL);
	path = path_of("ca.pem");
	certificate_write(&authority, path, 0);
	g_free(path);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	certificate_free(&authority);
	remove_tree(home);
	g_free(home);
	return 0;
}

/* A certificate, whom the reader believes and what comes of it.  ca: "" is the
 * system, "itself" the certificate, another the authority of the test. */
static const struct {
	const char *host, *name;
	int from_days, until_days;
	gboolean by_authority;
	const char *ca;
	const char *words; /* NULL: it is good */
} kinds[] = {
	{ "localhost", "localhost", -1, 30, TRUE, "ca.pem", NULL },
	{ "127.0.0.1", "127.0.0.1", -1, 30, TRUE, "ca.pem", NULL },
	{ "LOCALHOST.", "localhost", -1, 30, TRUE, "ca.pem", NULL },
	{ "localhost", "localhost", -1, 30, FALSE, "itself", NULL },
	{ "localhost", "localhost", -1, 30, FALSE, "", "nobody known" },
	{ "localhost", "localhost", -1, 30, FALSE, "ca.pem", "nobody known" },
	{ "localhost", "localhost", -1, 30, TRUE, "", "nobody known" },
	{ "localhost", "localhost", -9, -1, TRUE, "ca.pem", "has expired" },
	{ "localhost", "localhost", -9, -1, FALSE, "itself", "has expired" },
	{ "localhost", "localhost", 2, 30, TRUE, "ca.pem", "not valid yet" },
	{ "localhost", "other.test", -1, 30, TRUE, "ca.pem", "another name" },
	{ "127.0.0.1", "localhost", -1, 30, TRUE, "ca.pem", "another name" },
	{ "localhost", "other.test", -1, 30, FALSE, "itself", "another name" },
	{ "localhost", "localhost", -1, 30, TRUE, "none.pem",
	  "No certificate" },
};

/* What the client calls the server: no address, and no dot at the end. */
static const char *sni_of(const char *host)
{
	return host[0] == '1' ? "sni: \n" : "sni: localhost\n";
}

static void verify_as(gsize i, gboolean starttls)
{
	struct certificate certificate;
	char *path = path_of("server.pem"), *script, print[100];
	char *ca_file = path_of(!strcmp(kinds[i].ca, "itself") ? "server.pem"
							       : kinds[i].ca);
	struct nw_gateway gateway = {
		.host = (char *)(guintptr)kinds[i].host,
		.security = starttls ? NW_SECURITY_STARTTLS : NW_SECURITY_TLS,
		.user = (char *)(guintptr) "anna",
		.password = (char *)(guintptr) "secret",
		.ca_file = *kinds[i].ca ? ca_file : NULL,
	};
	struct meeting meeting;

	print_message("# case %zu\n", i);
	certificate_make(&certificate, kinds[i].name, kinds[i].from_days,
			 kinds[i].until_days,
			 kinds[i].by_authority ? &authority : NULL);
	certificate_write(&certificate, path, 1);
	certificate_fingerprint(&certificate, print);
	/* A client that does not like it says nothing more. */
	script = g_strconcat(starttls ? "S: 200 x\nC: STARTTLS\nS: 382 go on\n"
				      : "",
			     "tls: ", path, "\n",
			     kinds[i].words ? "" : sni_of(kinds[i].host),
			     kinds[i].words || starttls ? "" : HI,
			     kinds[i].words ? "" : READER LOGIN READER, NULL);
	meet_as(&meeting, script, &gateway);
	if (kinds[i].words && !strstr(kinds[i].words, "No cert"))
		assert_non_null(strstr(meeting.error->message, print));
	part(&meeting, kinds[i].words ? NW_SESSION_ERROR_TLS : -1,
	     kinds[i].words ? kinds[i].words : "");
	certificate_free(&certificate);
	g_free(script);
	g_free(ca_file);
	g_free(path);
}

static void tls_first(void **state)
{
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(kinds); i++)
		verify_as(i, FALSE);
}

static void tls_later(void **state)
{
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(kinds); i++)
		verify_as(i, TRUE);
}

/* Servers without TLS, or with something between. */
static const struct {
	const char *script;
	enum nw_security security;
	int code;
	const char *words;
} without[] = {
	{ "S: 200 x\nC: STARTTLS\nS: 580 cannot\n", NW_SECURITY_STARTTLS,
	  NW_SESSION_ERROR_TLS, "does not offer" },
	{ "S: 200 x\nC: STARTTLS\nS: 500 what?\n", NW_SECURITY_STARTTLS,
	  NW_SESSION_ERROR_TLS, "does not offer" },
	/* what was put in before the encryption */
	{ "S: 200 x\nC: STARTTLS\nS: 382 go on|101 x|READER|.\nclose\n",
	  NW_SECURITY_STARTTLS, NW_SESSION_ERROR_TLS, "put something" },
	{ "S: 200 x\nC: STARTTLS\nS: 382 go on\nclose\n", NW_SECURITY_STARTTLS,
	  NW_SESSION_ERROR_TLS, "TLS with" },
	{ "S: 200 x\nC: STARTTLS\nS: 400 bye\nclose\n", NW_SECURITY_STARTTLS,
	  NW_SESSION_ERROR_BROKEN, "bye" },
	{ "S: 200 in clear\nclose\n", NW_SECURITY_TLS, NW_SESSION_ERROR_TLS,
	  "TLS with" },
};

static void no_tls(void **state)
{
	struct nw_gateway gateway = { .host = (char *)(guintptr) "127.0.0.1" };
	struct meeting meeting;
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(without); i++) {
		print_message("# case %zu\n", i);
		gateway.security = without[i].security;
		meet_as(&meeting, without[i].script, &gateway);
		assert_null(meeting.session);
		part(&meeting, without[i].code, without[i].words);
	}
}

/* What a server does that is believed, and what comes of it. */
static const struct {
	const char *tls, *script;
	int code;
	const char *words;
} believed[] = {
	{ "tls 1.1: ", "", NW_SESSION_ERROR_TLS, "TLS 1.2 is the least" },
	/* half an answer, and no goodbye */
	{ "tls: ",
	  HI READER "C: LIST ACTIVE\nC: LIST NEWSGROUPS\n"
		    "S: 215 x|a 1 1 y\nclose\n",
	  NW_SESSION_ERROR_BROKEN, "cut" },
};

static void faults_inside(void **state)
{
	struct nw_gateway gateway = {
		.host = (char *)(guintptr) "localhost",
		.security = NW_SECURITY_TLS,
		.ca_file = path_of("ca.pem"),
	};
	char *path = path_of("server.pem");
	struct certificate certificate;
	gsize i;

	(void)state;
	certificate_make(&certificate, "localhost", -1, 30, &authority);
	certificate_write(&certificate, path, 1);
	for (i = 0; i < COUNT(believed); i++) {
		char *script = g_strconcat(believed[i].tls, path, "\n",
					   believed[i].script, NULL);
		struct meeting meeting;

		print_message("# case %zu\n", i);
		meet_as(&meeting, script, &gateway);
		if (meeting.session)
			assert_null(nw_session_groups(meeting.session,
						      &meeting.error));
		part(&meeting, believed[i].code, believed[i].words);
		g_free(script);
	}
	certificate_free(&certificate);
	g_free(path);
	g_free(gateway.ca_file);
}

/* A handshake that never ends does, and at once when it is cancelled. */
static void silent_handshake(void **state)
{
	struct nw_gateway gateway = {
		.host = (char *)(guintptr) "127.0.0.1",
		.security = NW_SECURITY_TLS,
	};
	gint64 start = g_get_monotonic_time();
	struct meeting meeting;

	(void)state;
	/* The script's server reads the client's hello as lines. */
	meet_as(&meeting, "stall\n", &gateway);
	assert_in_range((g_get_monotonic_time() - start) / 1000, 1000, 4000);
	part(&meeting, NW_SESSION_ERROR_BROKEN, "too slowly");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tls_first),
		cmocka_unit_test(tls_later),
		cmocka_unit_test(no_tls),
		cmocka_unit_test(faults_inside),
		cmocka_unit_test(silent_handshake),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
