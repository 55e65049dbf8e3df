/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs that change what is subscribed to.
 */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "worker_fixture.h"

static void this_computer_is_managed_by_the_program(void **state)
{
	struct shop *shop = *state;
	struct nw_job *change = nw_job_new(NW_JOB_CHANGE, GROUP);
	char *path = g_build_filename(shop->bench->root, "x.opml", NULL);
	char *text = NULL, *noted;

	program_fake_change(&shop->program, "printf 'org.a\\tfeed\\tu\\tn\\n'");
	shop_expect_done(shop, nw_job_new(NW_JOB_SUBSCRIBE, "--url"), "org.a");
	shop_expect_done(shop, nw_job_new(NW_JOB_UNSUBSCRIBE, "-g"), NULL);
	shop_expect_done(shop, nw_job_new(NW_JOB_HISTORY, "<a@x>"),
			 "org.a\tfeed\tu\tn\n");
	change->edits = g_strdup("supersede");
	shop_expect_done(shop, change, NULL);
	shop_expect_done(shop, nw_job_new(NW_JOB_IMPORT, "/-x.opml"), NULL);
	assert_true(g_file_set_contents(path, "old", -1, NULL));
	shop_expect_done(shop, nw_job_new(NW_JOB_EXPORT, path), NULL);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_string_equal(text, "org.a\tfeed\tu\tn\n");
	noted = program_fake_noted(&shop->program);
	assert_string_equal(noted,
			    "[--quiet][subscribe][--again][--layout][mixed]"
			    "[--][--url]\n"
			    "[--quiet][unsubscribe][--][-g]\n"
			    "[--quiet][history][--][<a@x>]\n"
			    "[--quiet][subscribe][--edits][supersede][--]"
			    "[" GROUP "]\n"
			    "[--quiet][list]\n"
			    "[--quiet][import][--layout][mixed][--]"
			    "[/-x.opml]\n"
			    "[--quiet][list]\n"
			    "[--quiet][export]\n");
	g_free(noted);
	g_free(text);
	g_free(path);
}

static void what_cannot_be_subscribed_to_says_why(void **state)
{
	struct shop *shop = *state;

	program_fake_change(&shop->program,
			    "echo 'newswire: no feed' >&2; exit 1");
	shop_expect_error(shop, nw_job_new(NW_JOB_SUBSCRIBE, "http://a/"),
			  "no feed");
}

static void what_was_subscribed_to_is_described(void **state)
{
	struct shop *shop = *state;
	const struct nw_session_group *group;
	struct nw_report *done;

	program_fake_change(&shop->program,
			    "printf 'org.a\\tfeed\\thttp://a\\tThe A\\n'");
	done = shop_do(shop, nw_job_new(NW_JOB_SUBSCRIBE, "http://a/"));
	assert_null(done->error);
	assert_string_equal(done->text, "org.a");
	assert_int_equal(done->groups->len, 1);
	group = done->groups->pdata[0];
	assert_string_equal(group->name, "org.a");
	assert_string_equal(group->description, "The A");
	nw_report_free(done);
}

/* What was there before is none of what was imported. */
static void what_was_imported_is_named(void **state)
{
	struct shop *shop = *state;
	struct nw_report *done;
	const struct nw_session_group *group;

	program_fake_change(&shop->program,
			    "cd \"${0%/*}\"; case $2 in import) : >new;; esac;"
			    "printf 'org.a\\tfeed\\thttp://a\\tA\\n';"
			    "if [ -e new ]; then "
			    "printf 'org.b\\tfeed\\thttp://b\\tB\\n'; fi;"
			    "case $2 in list) [ ! -e new ] || "
			    "rm new;; esac");
	done = shop_do(shop, nw_job_new(NW_JOB_IMPORT, "/x.opml"));
	assert_null(done->error);
	assert_int_equal(done->groups->len, 1);
	group = done->groups->pdata[0];
	assert_string_equal(group->name, "org.b");
	assert_string_equal(group->description, "B");
	nw_report_free(done);
}

static void elsewhere_is_managed_by_the_session(void **state)
{
	struct shop *shop = *state;

	shop_expect_done(shop,
			 nw_job_new(NW_JOB_SUBSCRIBE, "https://a.example"),
			 "org.example.fed");
	shop_expect_error(shop,
			  nw_job_new(NW_JOB_SUBSCRIBE, "https://refused/"),
			  "says no");
	shop_expect_done(shop, nw_job_new(NW_JOB_UNSUBSCRIBE, GROUP), NULL);
	shop_expect_done(shop, nw_job_new(NW_JOB_HISTORY, "<a@x>"),
			 "A history.\n");
	shop_expect_error(shop, nw_job_new(NW_JOB_CHANGE, GROUP),
			  "at the gateway");
	bench_expect_asked("open\nsubscribe https://a.example\n"
			   "subscribe https://refused/\n"
			   "unsubscribe " GROUP "\nhistory <a@x>\n");
	shop_expect_noted(shop, "");
}

static void opml_goes_there_and_back(void **state)
{
	struct shop *shop = *state;
	struct nw_job *export;
	const struct nw_session_group *group;
	struct nw_report *done;
	char *path = g_build_filename(shop->bench->root, "x.opml", NULL);

	export = nw_job_new(NW_JOB_EXPORT, path);
	g_ptr_array_add(export->wishes, nw_sync_wish_new(GROUP, "/x"));
	shop_expect_done(shop, export, NULL);
	done = shop_do(shop, nw_job_new(NW_JOB_IMPORT, path));
	assert_null(done->error);
	assert_int_equal(done->groups->len, 1);
	group = done->groups->pdata[0];
	assert_string_equal(group->name, GROUP);
	assert_false(group->by_address);
	nw_report_free(done);
	assert_true(g_file_set_contents(
		path,
		"<opml><outline xmlUrl='https://refused/'/>"
		"<outline xmlUrl='nntp://other.example/a.b'/>"
		"<outline text='A' xmlUrl='https://a.example'/></opml>",
		-1, NULL));
	shop_expect_error(shop, nw_job_new(NW_JOB_IMPORT, path),
			  "does not take web addresses");
	shop->bench->fake->manages = TRUE;
	done = shop_do(shop, nw_job_new(NW_JOB_IMPORT, path));
	assert_non_null(done->error);
	assert_int_equal(done->groups->len, 1);
	group = done->groups->pdata[0];
	assert_string_equal(group->name, "org.example.fed");
	assert_true(group->by_address);
	nw_report_free(done);
	g_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(this_computer_is_managed_by_the_program),
		HERE(what_cannot_be_subscribed_to_says_why),
		HERE(what_was_subscribed_to_is_described),
		HERE(what_was_imported_is_named),
		THERE(elsewhere_is_managed_by_the_session),
		THERE(opml_goes_there_and_back),
	};

	return cmocka_run_group_tests_name("worker_manage", tests, NULL, NULL);
}
