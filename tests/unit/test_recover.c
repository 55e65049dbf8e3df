/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The id of an article may be the place of one of its numbers, and ARTICLE
 * finds it by that alone: so after a recovery no number may lead to another
 * article, whatever the rows of the damaged store said of ids and numbers.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newswire/check.h"
#include "newswire/recover.h"
#include "store_fixture.h"

#define A "com.example.a"
#define B "com.example.b"

/* What SQL says that number leads to which article. */
#define NUMBERS \
	"SELECT group_concat(line, ' ') FROM (SELECT g.name || ':' ||" \
	"	(n.place & 0xffffffff) || a.message_id AS line FROM numbers n" \
	"	JOIN articles a ON a.id = n.article_id" \
	"	JOIN groups g ON g.id = n.place >> 32 ORDER BY 1)"

static const char *const x[] = { "<x.1@x>", "<x.2@x>" };
static const char *const y[] = { "<y.1@x>", "<y.2@x>" };
static const char *const z[] = { "<z.1@x>", "<z.2@x>", "<z.3@x>" };

static void on_fault(void *context, const char *object, const char *reason)
{
	struct nw_buf *faults = context;

	nw_buf_addf(faults, "%s: %s\n", object, reason);
}

/* All that the check has to say. */
static char *faults_of(struct fixture *fixture)
{
	struct nw_buf faults;
	const struct nw_check_watch watch = { on_fault, NULL, &faults };
	struct nw_store *store = fixture_open(fixture, NW_STORE_READ);
	uint64_t count;
	char *text;

	nw_buf_init(&faults, 1u << 20);
	fixture_expect(fixture, 0,
		       nw_store_check(store, &watch, &count, &fixture->err));
	text = nw_arena_strndup(fixture->arena, faults.data, faults.len);
	nw_buf_free(&faults);
	nw_store_close(&store);
	return text;
}

/* What ARTICLE gives for each number up to the high water mark. */
static void add_served(struct fixture *fixture, const char *name,
		       struct nw_buf *out)
{
	struct nw_group group = fixture_group(fixture, name);
	struct nw_stored_article article;
	int64_t number;
	int found;

	for (number = 1; number <= group.high; number++) {
		found = nw_group_article(fixture->store, group.id, number,
					 &article, &fixture->err);
		if (found)
			nw_buf_addf(out, "%s%s:%d%s", out->len ? " " : "",
				    name, (int)number, article.message_id);
		fixture_expect(fixture, found > 0, found);
	}
}

static char *served(struct fixture *fixture)
{
	struct nw_buf out;
	char *text;

	nw_buf_init(&out, 1u << 20);
	add_served(fixture, A, &out);
	add_served(fixture, B, &out);
	text = nw_arena_strndup(fixture->arena, out.data, out.len);
	nw_buf_free(&out);
	return text;
}

/* The recovered store takes the place of the damaged one. */
static void recover(struct fixture *fixture)
{
	struct nw_buf told;
	const struct nw_recover_watch watch = { on_fault, NULL, &told };
	const char *to = nw_arena_printf(fixture->arena, "%s/saved",
					 fixture->dir);
	struct nw_recovery saved;

	nw_buf_init(&told, 1u << 20);
	if (nw_store_recover(fixture->path, to, FIXTURE_NOW, &watch, &saved,
			     &fixture->err))
		fail_msg("%s\n%s", fixture->err.text, told.data);
	nw_buf_free(&told);
	assert_int_equal(rename(to, fixture->path), 0);
}

/* Two articles of two groups, whose numbers in the first one have expired and
 * are followed by two others. */
static void fill(struct fixture *fixture)
{
	struct nw_source a = fixture_source(fixture, A);
	struct nw_source b = fixture_source(fixture, B);
	uint64_t expired;

	(void)fixture_post(fixture, &a, x, COUNT(x));
	(void)fixture_post(fixture, &b, x, COUNT(x));
	(void)fixture_post(fixture, &a, y, COUNT(y));
	fixture_expect(fixture, 0,
		       nw_store_expire(fixture->store, 0, 2, FIXTURE_NOW,
				       &expired, &fixture->err));
	assert_string_equal(served(fixture),
			    A ":3<y.1@x> " A ":4<y.2@x> "
			    B ":1<x.1@x> " B ":2<x.2@x>");
}

/* What is stored, joined and expires later meets the ids that there are. */
static void go_on(struct fixture *fixture)
{
	int64_t groups[2];
	struct nw_commit_article articles[COUNT(z)];
	struct nw_commit commit = { .group_ids = groups,
				    .group_count = 2,
				    .articles = articles,
				    .article_count = COUNT(z) };
	struct nw_commit_result result;
	uint64_t expired;
	size_t i;

	groups[0] = fixture_group(fixture, A).id;
	groups[1] = fixture_group(fixture, B).id;
	for (i = 0; i < COUNT(z); i++)
		articles[i] = fixture_article(fixture, z[i], NULL);
	fixture_commit(fixture, &commit, &result);
	for (i = 0; i < COUNT(x); i++)
		articles[i] = fixture_article(fixture, y[i], NULL);
	commit.article_count = COUNT(y);
	fixture_commit(fixture, &commit, &result);
	for (i = 7; i; i--) {
		fixture_expect(fixture, 0,
			       nw_store_expire(fixture->store, 0, (int64_t)i,
					       FIXTURE_NOW, &expired,
					       &fixture->err));
		assert_string_equal(served(fixture),
				    fixture_sql(fixture, NUMBERS));
		assert_string_equal(faults_of(fixture), "");
	}
}

#define ID(group, number) \
	"((SELECT id FROM groups WHERE name = '" group "') << 32 | " #number ")"
/* Another name for an article, wherever one names it. */
#define CALL(old, new) \
	"UPDATE articles SET id = " new " WHERE id = " old, \
	"UPDATE numbers SET article_id = " new " WHERE article_id = " old, \
	"UPDATE message_ids SET article_id = " new " WHERE article_id = " old

#define CALLED "it is called by the place of another one"

static const struct damage {
	const char *what;
	const char *fault;	/* that the check tells of */
	const char *sql[9];
} damages[] = {
	{ "nothing", "", { "SELECT 1" } },
	{ "no numbers", "it has no number", { "DELETE FROM numbers" } },
	{ "no overviews", "has no overview line", { "DELETE FROM overviews" } },
	{ "no Message-IDs", "it is not found by its Message-ID",
	  { "DELETE FROM message_ids" } },
	{ "called by a number that has expired", CALLED,
	  { CALL(ID(B, 1), ID(A, 1)) } },
	{ "called by the number of an older one", CALLED,
	  { CALL(ID(A, 3), "7"), CALL(ID(B, 1), ID(A, 3)) } },
	{ "each called by the number of the other", CALLED,
	  { CALL(ID(A, 3), "7"), CALL(ID(B, 1), ID(A, 3)),
	    CALL("7", ID(B, 1)) } },
};

static void test_same_numbers(void **state)
{
	struct fixture *fixture = *state;
	char *before, *faults;
	size_t i, j;

	for (i = 0; i < COUNT(damages); i++) {
		fill(fixture);
		before = served(fixture);
		nw_store_close(&fixture->store);
		for (j = 0; j < COUNT(damages[i].sql) && damages[i].sql[j]; j++)
			(void)fixture_sql(fixture, damages[i].sql[j]);
		faults = faults_of(fixture);
		if (!strstr(faults, damages[i].fault) ||
		    !*damages[i].fault != !*faults)
			fail_msg("%s: %s", damages[i].what, faults);
		recover(fixture);
		fixture->store = fixture_open(fixture, NW_STORE_WRITE);
		if (strcmp(served(fixture), before) != 0)
			fail_msg("%s: %s", damages[i].what, served(fixture));
		assert_string_equal(served(fixture),
				    fixture_sql(fixture, NUMBERS));
		go_on(fixture);
		nw_store_close(&fixture->store);
		assert_int_equal(unlink(fixture->path), 0);
		fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	}
}

/* Number, Xref and overview line say that the number of the first article is
 * another one's; the first one keeps what it has elsewhere. */
static const char *const taken[] = {
	"DELETE FROM numbers WHERE place = " ID(A, 1),
	"UPDATE numbers SET place = " ID(A, 1) " WHERE place = " ID(A, 2),
	"UPDATE articles SET wire = CAST(replace(CAST(wire AS TEXT),"
	"	'" A ":2', '" A ":1') AS BLOB) WHERE message_id = '<x.2@x>'",
	"UPDATE overviews SET lines = (SELECT CAST('1' || substr(text,"
	"	instr(text, char(10)) + 2) AS BLOB) FROM"
	"	(SELECT CAST(lines AS TEXT) AS text)) WHERE place = " ID(A, 0),
};

static void test_number_of_another(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, A);
	struct nw_source b = fixture_source(fixture, B);
	size_t i;

	(void)fixture_post(fixture, &a, x, COUNT(x));
	(void)fixture_post(fixture, &b, x, 1);
	nw_store_close(&fixture->store);
	for (i = 0; i < COUNT(taken); i++)
		(void)fixture_sql(fixture, taken[i]);
	assert_non_null(strstr(faults_of(fixture), CALLED));
	recover(fixture);
	fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	assert_string_equal(served(fixture),
			    A ":1<x.2@x> " B ":1<x.1@x>");
	assert_int_equal(fixture_group(fixture, A).high, 2);
	go_on(fixture);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_same_numbers),
		CASE(test_number_of_another),
	};

	return cmocka_run_group_tests_name("recover", tests, NULL, NULL);
}
