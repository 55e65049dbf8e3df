/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/command.h"

static const struct nw_option own[] = {
	{ "group", "NAME", "…" },
	{ "all", NULL, "…" },
	{ NULL, NULL, NULL },
};
static const struct nw_option shared[] = {
	{ "home", "DIR", "…" },
	{ "help", NULL, "…" },
	{ NULL, NULL, NULL },
};
static const struct nw_command command = {
	.name = "try",
	.operands = "URL",
	.options = own,
	.operands_min = 1,
	.operands_max = 2,
};

/* Words, and what comes of them: "group=…;all;operand,operand" or the words
 * that the error must hold. */
static const struct {
	const char *words[8];
	const char *group, *home;
	bool all;
	const char *operands;	/* joined by ","; NULL: an error */
	const char *error;
} cases[] = {
	{ { "u" }, NULL, NULL, false, "u", NULL },
	{ { "--group", "g", "u" }, "g", NULL, false, "u", NULL },
	{ { "u", "--group=g" }, "g", NULL, false, "u", NULL },
	{ { "--group=", "u" }, "", NULL, false, "u", NULL },
	{ { "u", "--all", "--home", "h", "v" }, NULL, "h", true, "u,v", NULL },
	{ { "--", "--all" }, NULL, NULL, false, "--all", NULL },
	{ { "-" }, NULL, NULL, false, "-", NULL },
	{ { "--group", "--all", "u" }, "--all", NULL, false, "u", NULL },
	{ { "--help" }, NULL, NULL, false, "", NULL },
	{ { "u", "--group" }, NULL, NULL, false, NULL, "--group needs NAME" },
	{ { "u", "--all=1" }, NULL, NULL, false, NULL, "takes no value" },
	{ { "u", "--grou", "g" }, NULL, NULL, false, NULL, "no option --grou" },
	{ { "u", "-a" }, NULL, NULL, false, NULL, "no option -a" },
	{ { NULL }, NULL, NULL, false, NULL, "try needs URL" },
	{ { "a", "b", "c" }, NULL, NULL, false, NULL, "\"c\" is too much" },
};

static void assert_value(const struct nw_context *context, const char *name,
			 const char *want)
{
	const char *value = nw_option_value(context, name, 0);

	if (want)
		assert_string_equal(value, want);
	else
		assert_null(value);
}

static void assert_operands(const struct nw_context *context,
			    const char *want)
{
	char joined[64] = "";
	int i, len = 0;

	for (i = 0; i < context->argc; i++)
		len += snprintf(joined + len, sizeof(joined) - (size_t)len,
				"%s%s", i ? "," : "", context->argv[i]);
	assert_string_equal(joined, want);
}

static void words_are_taken_apart(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_context context = { .command = &command };
		struct nw_error err = { NW_ERROR_NONE, "" };
		int argc = 0, result;

		while (cases[i].words[argc])
			argc++;
		context.arena = nw_arena_new();
		result = nw_options_parse(&context, shared, argc,
					  (char **)(uintptr_t)cases[i].words,
					  &err);
		if (cases[i].operands) {
			assert_int_equal(result, 0);
			assert_operands(&context, cases[i].operands);
			assert_value(&context, "group", cases[i].group);
			assert_value(&context, "home", cases[i].home);
			assert_value(&context, "all",
				     cases[i].all ? "" : NULL);
		} else {
			assert_int_equal(result, -1);
			assert_int_equal(err.code, NW_ERROR_USAGE);
			assert_non_null(strstr(err.text, cases[i].error));
		}
		nw_arena_free(&context.arena);
	}
}

static void an_option_may_be_repeated(void **state)
{
	const char *words[] = { "--group=a", "u", "--group", "b" };
	struct nw_context context = { .command = &command };
	struct nw_error err;

	(void)state;
	context.arena = nw_arena_new();
	assert_int_equal(nw_options_parse(&context, shared, 4,
					  (char **)(uintptr_t)words, &err),
			 0);
	assert_string_equal(nw_option_value(&context, "group", 0), "a");
	assert_string_equal(nw_option_value(&context, "group", 1), "b");
	assert_null(nw_option_value(&context, "group", 2));
	nw_arena_free(&context.arena);
}

static void a_choice_names_what_is_allowed(void **state)
{
	static const char *const names[] = { "text", "json" };
	struct nw_error err;

	(void)state;
	assert_int_equal(nw_option_choice("format", "json", names, 2, &err), 1);
	assert_int_equal(nw_option_choice("format", "xml", names, 2, &err), -1);
	assert_string_equal(err.text,
			    "--format xml: it must be one of text, json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_taken_apart),
		cmocka_unit_test(an_option_may_be_repeated),
		cmocka_unit_test(a_choice_names_what_is_allowed),
	};

	return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
