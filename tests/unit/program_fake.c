/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "unit.h"
#include "program_fake.h"

static char *inside(const struct program_fake *fake, const char *name)
{
	return g_build_filename(fake->dir, name, NULL);
}

void program_fake_change(const struct program_fake *fake, const char *script)
{
	char *path = inside(fake, "newswire"), *noted = inside(fake, "noted");
	char *text = g_strdup_printf("#!/bin/sh\n"
				     "for word; do printf '[%%s]' \"$word\"; "
				     "done >>'%s'\necho >>'%s'\n%s\n",
				     noted, noted, script);

	assert_true(g_file_set_contents_full(path, text, -1,
					     G_FILE_SET_CONTENTS_NONE, 0700,
					     NULL));
	assert_int_equal(g_chmod(path, 0700), 0);
	g_free(text);
	g_free(noted);
	g_free(path);
}

void program_fake_set_up(struct program_fake *fake, const char *script)
{
	char *path;

	fake->dir = g_dir_make_tmp("newswire-program-XXXXXX", NULL);
	assert_non_null(fake->dir);
	fake->path = g_strdup(g_getenv("PATH"));
	path = g_strdup_printf("%s:%s", fake->dir, fake->path);
	(void)g_setenv("PATH", path, TRUE);
	g_free(path);
	program_fake_change(fake, script);
}

void program_fake_tear_down(struct program_fake *fake)
{
	static const char *const names[] = { "newswire", "noted" };
	gsize i;

	(void)g_setenv("PATH", fake->path, TRUE);
	for (i = 0; i < COUNT(names); i++) {
		char *path = inside(fake, names[i]);

		(void)g_unlink(path);
		g_free(path);
	}
	(void)g_rmdir(fake->dir);
	g_free(fake->dir);
	g_free(fake->path);
}

char *program_fake_noted(const struct program_fake *fake)
{
	char *path = inside(fake, "noted"), *noted = NULL;

	if (!g_file_get_contents(path, &noted, NULL, NULL))
		noted = g_strdup("");
	(void)g_unlink(path);
	g_free(path);
	return noted;
}
