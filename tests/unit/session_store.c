/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "remove_tree.h"
#include "session_store.h"

static char *home, *real_path;

static void append_article(GString *batch, const char *group, guint number)
{
	char *article = g_strdup_printf(
		"Path: not-for-mail\nFrom: Ann <ann@news.test>\n"
		"Newsgroups: %s\nSubject: Number %u\n"
		"Date: Sat, 26 Jul 2025 10:%02u:%02u +0000\n"
		"Message-ID: <%u.%s@news.test>\n"
		"MIME-Version: 1.0\n"
		"Content-Type: text/plain; charset=UTF-8\n"
		"Content-Transfer-Encoding: 8bit\n\n"
		".\n..two\nText of %u\nGr\303\274\303\237e\n",
		group, number, number / 60 % 60, number % 60, number, group,
		number);

	g_string_append_printf(batch, "#! rnews %zu\n%s", strlen(article),
			       article);
	g_free(article);
}

void store_fill(const char *group, const char *description, guint count)
{
	const char *builddir = g_getenv("builddir");
	char *program = g_build_filename(builddir ? builddir : ".",
					 "tests/tools/storefill", NULL);
	char *store = g_build_filename(home, "newswire.db", NULL);
	char *path = g_build_filename(home, "batch", NULL);
	char *command = g_strdup_printf(
		"'%s' --description '%s' '%s' %s <'%s' >/dev/null", program,
		description, store, group, path);
	GString *batch = g_string_new(NULL);
	guint i;

	for (i = 1; i <= count; i++)
		append_article(batch, group, i);
	assert_true(g_file_set_contents(path, batch->str, (gssize)batch->len,
					NULL));
	assert_int_equal(system(command), 0);
	(void)g_string_free(batch, TRUE);
	g_free(command);
	g_free(path);
	g_free(store);
	g_free(program);
}

void store_open(void)
{
	const char *builddir = g_getenv("builddir");
	char *here = g_canonicalize_filename(builddir ? builddir : ".", NULL);
	char *path = g_strdup_printf("%s:%s", here, g_getenv("PATH"));

	home = g_dir_make_tmp("newswire-session-XXXXXX", NULL);
	assert_non_null(home);
	(void)g_setenv("PATH", path, TRUE);
	(void)g_setenv("NEWSWIRE_HOME", home, TRUE);
	real_path = path;
	g_free(here);
}

void store_close(void)
{
	remove_tree(home);
	g_free(real_path);
	g_free(home);
}

void store_fake(const char *script)
{
	char *file = g_build_filename(home, "newswire", NULL);
	char *text = g_strconcat("#!/bin/sh\n", script, "\n", NULL);
	char *path = g_strdup_printf("%s:%s", home, real_path);

	assert_true(g_file_set_contents_full(file, text, -1,
					     G_FILE_SET_CONTENTS_CONSISTENT,
					     0700, NULL));
	(void)g_setenv("PATH", path, TRUE);
	g_free(path);
	g_free(text);
	g_free(file);
}

void store_real(void)
{
	(void)g_setenv("PATH", real_path, TRUE);
}

const char *store_home(void)
{
	return home;
}
