/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "plugin/i18n.h"
#include "plugin/when.h"

/* As Claws Mail does it: its own catalogue is the default one, and may lack
 * the language. */
static int speak(const char *language)
{
	char dir[4096];
	const char *build = getenv("builddir");

	if (snprintf(dir, sizeof(dir), "%s/locale", build ? build : ".") < 0 ||
	    setenv("TEXTDOMAINDIR", dir, 1) != 0 ||
	    setenv("LANGUAGE", language, 1) != 0 ||
	    !setlocale(LC_ALL, "C.UTF-8"))
		return -1;
	(void)textdomain("a-program-without-translations");
	nw_i18n_start();
	return 0;
}

static void words_are_translated(void **state)
{
	(void)state;
	assert_int_equal(speak("de"), 0);
	assert_string_equal(_("never"), "nie");
	assert_int_equal(speak("uk"), 0);
	assert_string_equal(_("never"), "ніколи");
	assert_int_equal(speak("xx"), 0);
	assert_string_equal(_("never"), "never");
}

static void check_minutes(int minutes, const char *want)
{
	char *words = nw_when_words(1000000, 1000000 + minutes * 60);

	assert_string_equal(words, want);
	free(words);
}

static void numbers_have_the_plural_of_the_language(void **state)
{
	(void)state;
	assert_int_equal(speak("de"), 0);
	check_minutes(1, "vor 1 Minute");
	check_minutes(2, "vor 2 Minuten");
	assert_int_equal(speak("uk"), 0);
	check_minutes(1, "1 хвилину тому");
	check_minutes(3, "3 хвилини тому");
	check_minutes(5, "5 хвилин тому");
	check_minutes(11, "11 хвилин тому");
	check_minutes(21, "21 хвилину тому");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_translated),
		cmocka_unit_test(numbers_have_the_plural_of_the_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
