/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The session with the real gateway: "newswire nntp" on a store that is made
 * here.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <libetpan/mailstream.h>
#include <string.h>

#include "session_fixture.h"
#include "session_store.h"

#define MANY 1000

static const struct nw_gateway local;
static int set_up(void **state)
{
	(void)state;
	store_open();
	store_fill("test.many", "Gr\303\266\303\237e & more", MANY);
	store_fill("test.few", "A few", 3);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_close();
	return 0;
}

static struct nw_session *open_local(void)
{
	GError *error = NULL;
	struct nw_session *session = nw_session_open(&local, NULL, &error);

	if (error)
		print_message("# %s\n", error->message);
	assert_non_null(session);
	return session;
}

static void groups_with_descriptions(void **state)
{
	struct nw_session *session = open_local();
	GPtrArray *groups = nw_session_groups(session, NULL);
	const struct nw_session_group *few, *many;

	(void)state;
	assert_non_null(groups);
	assert_int_equal(groups->len, 2);
	few = groups->pdata[0];
	many = groups->pdata[1];
	assert_string_equal(few->name, "test.few");
	assert_string_equal(few->description, "A few");
	assert_int_equal(few->low, 1);
	assert_int_equal(few->high, 3);
	assert_string_equal(many->name, "test.many");
	assert_string_equal(many->description, "Gr\303\266\303\237e & more");
	assert_int_equal(many->count, MANY);
	g_ptr_array_unref(groups);
	nw_session_close(session);
}

static void counts_of_groups(void **state)
{
	struct nw_session *session = open_local();
	GPtrArray *groups = g_ptr_array_new();
	struct nw_session_group all[] = {
		{ .name = (char *)(guintptr) "test.many" },
		{ .name = (char *)(guintptr) "no.such.group" },
		{ .name = (char *)(guintptr) "../evil\r\nQUIT" },
		{ .name = (char *)(guintptr) "test.few" },
	};
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(all); i++)
		g_ptr_array_add(groups, &all[i]);
	assert_true(nw_session_counts(session, groups, NULL));
	assert_int_equal(all[0].count, MANY);
	assert_int_equal(all[0].low, 1);
	assert_int_equal(all[0].high, MANY);
	assert_int_equal(all[1].high, 0);
	assert_int_equal(all[1].low, 1);
	assert_int_equal(all[2].high, 0);
	assert_int_equal(all[3].high, 3);
	assert_true(all[1].missing && all[2].missing);
	assert_false(all[0].missing || all[3].missing);
	g_ptr_array_unref(groups);
	nw_session_close(session);
}

static void numbers_and_anchor(void **state)
{
	struct nw_session *session = open_local();
	struct nw_session_numbers *numbers;
	GError *error = NULL;

	(void)state;
	numbers = nw_session_numbers(session, "test.many", 0, 0, NULL);
	assert_int_equal(numbers->numbers->len, MANY);
	assert_null(numbers->anchor_id);
	nw_session_numbers_free(numbers);
	numbers = nw_session_numbers(session, "test.many", MANY - 2, 7, NULL);
	assert_int_equal(numbers->numbers->len, 3);
	assert_int_equal(g_array_index(numbers->numbers, guint32, 2), MANY);
	assert_string_equal(numbers->anchor_id, "<7.test.many@news.test>");
	assert_int_equal(numbers->low, 1);
	assert_int_equal(numbers->high, MANY);
	nw_session_numbers_free(numbers);
	/* None so high, and no such anchor. */
	numbers = nw_session_numbers(session, "test.few", 4, 99, NULL);
	assert_int_equal(numbers->numbers->len, 0);
	assert_null(numbers->anchor_id);
	nw_session_numbers_free(numbers);
	assert_null(nw_session_numbers(session, "no.such", 1, 1, &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_REFUSED);
	g_clear_error(&error);
	/* It goes on. */
	numbers = nw_session_numbers(session, "test.few", 1, 0, NULL);
	assert_int_equal(numbers->numbers->len, 3);
	nw_session_numbers_free(numbers);
	nw_session_close(session);
}

static gboolean count_overview(const struct nw_session_overview *line,
			       gpointer data)
{
	guint32 *last = data;

	assert_int_equal(line->number, *last + 1);
	assert_true(g_str_has_prefix(line->date, "Sat, 26 Jul 2025 10:"));
	assert_true(
		g_str_has_suffix(line->message_id, ".test.many@news.test>"));
	assert_true(line->octets > 200);
	*last = line->number;
	return TRUE;
}

static void overviews(void **state)
{
	struct nw_session *session = open_local();
	guint32 last = 100;

	(void)state;
	nw_session_numbers_free(
		nw_session_numbers(session, "test.many", 1, 0, NULL));
	assert_true(nw_session_overviews(session, 101, 600, count_overview,
					 &last, NULL));
	assert_int_equal(last, 600);
	assert_true(nw_session_overviews(session, MANY + 1, MANY + 9,
					 count_overview, &last, NULL));
	nw_session_close(session);
}

struct taken {
	guint32 last;
	guint whole, gone;
	gboolean headers_only;
};

static gboolean take(guint32 number, GString *text, gpointer data,
		     GError **error)
{
	struct taken *taken = data;
	char *body;

	(void)error;
	assert_true(number > taken->last);
	taken->last = number;
	if (!text) {
		taken->gone++;
		return TRUE;
	}
	body = g_strdup_printf(
		"\n\n.\n..two\nText of %u\nGr\303\274\303\237e\n", number);
	assert_int_equal(g_str_has_suffix(text->str, body),
			 !taken->headers_only);
	assert_non_null(strstr(text->str, "\nMessage-ID: <"));
	assert_null(strchr(text->str, '\r'));
	taken->whole++;
	(void)g_string_free(text, TRUE);
	g_free(body);
	return TRUE;
}

static void articles(void **state)
{
	struct nw_session *session = open_local();
	GArray *numbers = numbers_to(1, MANY + 2);
	struct taken taken = { 0 }, heads = { .headers_only = TRUE };

	(void)state;
	nw_session_numbers_free(
		nw_session_numbers(session, "test.many", 1, 0, NULL));
	assert_true(nw_session_articles(session, numbers, FALSE, take, &taken,
					NULL));
	assert_int_equal(taken.whole, MANY);
	assert_int_equal(taken.gone, 2);
	assert_true(nw_session_articles(session, numbers, TRUE, take, &heads,
					NULL));
	assert_int_equal(heads.whole, MANY);
	g_array_unref(numbers);
	nw_session_close(session);
}

/* What newswire says is what the user reads. */
static void a_store_that_cannot_be_opened(void **state)
{
	char *other = g_build_filename(store_home(), "other", NULL);
	char *store = g_build_filename(other, "newswire.db", NULL);
	GError *error = NULL;

	(void)state;
	assert_int_equal(g_mkdir(other, 0700), 0);
	assert_true(
		g_file_set_contents(store, "no store of newswire", -1, NULL));
	(void)g_setenv("NEWSWIRE_HOME", other, TRUE);
	assert_null(nw_session_open(&local, NULL, &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_START);
	assert_non_null(strstr(error->message, "has ended: "));
	assert_non_null(strstr(error->message, store));
	g_clear_error(&error);
	(void)g_setenv("NEWSWIRE_HOME", store_home(), TRUE);
	g_free(store);
	g_free(other);
}

/* Nothing was ever subscribed to: no groups, and no error. */
static void no_store_yet(void **state)
{
	char *other = g_build_filename(store_home(), "nothing", NULL);
	struct nw_session *session;
	GPtrArray *groups;

	(void)state;
	(void)g_setenv("NEWSWIRE_HOME", other, TRUE);
	session = open_local();
	groups = nw_session_groups(session, NULL);
	assert_non_null(groups);
	assert_int_equal(groups->len, 0);
	assert_true(nw_session_counts(session, groups, NULL));
	g_ptr_array_unref(groups);
	nw_session_close(session);
	(void)g_setenv("NEWSWIRE_HOME", store_home(), TRUE);
	g_free(other);
}

/* Programs that are called newswire and are not, or do not work. */
static const struct {
	const char *script;
	int code;
	const char *words;
} fakes[] = {
	{ "echo newswire: the first line >&2; echo 'newswire: no store' >&2",
	  NW_SESSION_ERROR_START, "has ended: no store" },
	{ "printf '\\377\\033[1mx%5000s' x >&2", NW_SESSION_ERROR_START,
	  "cut the connection off" },
	{ "exit 3", NW_SESSION_ERROR_START, "cut the connection off" },
	{ "echo 502 not you", NW_SESSION_ERROR_REFUSED, "not you" },
	{ "echo hello", NW_SESSION_ERROR_START, "make no sense" },
	{ "echo 200 x; read line; echo newswire: gone >&2",
	  NW_SESSION_ERROR_BROKEN, "has ended: gone" },
	/* hangs, and is not asked twice to end */
	{ "trap '' TERM; exec sleep 60", NW_SESSION_ERROR_START, "too slowly" },
};

static void fake_programs(void **state)
{
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(fakes); i++) {
		gint64 start = g_get_monotonic_time();
		GError *error = NULL;

		store_fake(fakes[i].script);
		assert_null(nw_session_open_with(&local, &hasty, NULL, &error));
		assert_int_equal(error->code, fakes[i].code);
		assert_non_null(strstr(error->message, fakes[i].words));
		assert_true(g_utf8_validate(error->message, -1, NULL));
		assert_true(g_get_monotonic_time() - start <
			    6 * G_USEC_PER_SEC);
		g_clear_error(&error);
	}
	store_real();
}

static guint logged;

static void count_logged(int direction, const char *text, size_t len)
{
	(void)direction;
	(void)text;
	(void)len;
	logged++;
}

/* Claws Mail sets such a logger for its own accounts; ours run in other threads
 * and have passwords. */
static void nothing_is_logged(void **state)
{
	struct nw_session *session;

	mailstream_debug = 1;
	mailstream_logger = count_logged;
	session = open_local();
	nw_session_numbers_free(
		nw_session_numbers(session, "test.few", 1, 0, NULL));
	nw_session_close(session);
	mailstream_debug = 0;
	mailstream_logger = NULL;
	assert_int_equal(logged, 0);
	(void)state;
}

static void cancelled_before(void **state)
{
	GCancellable *cancel = g_cancellable_new();
	GError *error = NULL;

	(void)state;
	g_cancellable_cancel(cancel);
	assert_null(nw_session_open(&local, cancel, &error));
	assert_int_equal(error->code, NW_SESSION_ERROR_CANCELLED);
	g_clear_error(&error);
	g_object_unref(cancel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_with_descriptions),
		cmocka_unit_test(counts_of_groups),
		cmocka_unit_test(numbers_and_anchor),
		cmocka_unit_test(overviews),
		cmocka_unit_test(articles),
		cmocka_unit_test(a_store_that_cannot_be_opened),
		cmocka_unit_test(no_store_yet),
		cmocka_unit_test(fake_programs),
		cmocka_unit_test(nothing_is_logged),
		cmocka_unit_test(cancelled_before),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
