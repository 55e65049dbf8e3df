/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of the store share: a store in a fresh directory, and short
 * ways to fill it and to look at it.  Each test starts with an empty store.
 */
#ifndef NEWSWIRE_TESTS_STORE_FIXTURE_H
#define NEWSWIRE_TESTS_STORE_FIXTURE_H

#include <sqlite3.h>

#include "newswire/group.h"
#include "newswire/source.h"
#include "newswire/store.h"
#include "outcome.h"

#define FIXTURE_NOW INT64_C(1753524900) /* 2025-07-26T10:15:00Z */

struct fixture {
	char dir[64];
	char path[96];
	struct nw_store *store;	/* for writing */
	struct nw_arena *arena;
	struct nw_error err;
	int64_t now_utc;
};

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Fails the test with the error's text unless the call gave what it should. */
#define fixture_expect(fixture, wanted, call) \
	outcome_check(&(fixture)->err, wanted, call, #call, __FILE__, __LINE__)
/* The call failed with this code, and the text names the word. */
void fixture_failed(const struct fixture *fixture, int got,
		    enum nw_error_code code, const char *word);

/* Opens it once more; the caller closes. */
struct nw_store *fixture_open(struct fixture *fixture,
			      enum nw_store_mode mode);
/* A source at "https://GROUP/" that feeds the group. */
struct nw_source fixture_source(struct fixture *fixture, const char *group);
/* An article with a body that wants dot-stuffing; it lives in the arena. */
struct nw_commit_article fixture_article(struct fixture *fixture,
					 const char *message_id,
					 const char *supersedes);
/* Commits articles with these Message-IDs to the source's group. */
struct nw_commit_result fixture_post(struct fixture *fixture,
				     const struct nw_source *source,
				     const char *const *message_ids,
				     size_t count);
void fixture_commit(struct fixture *fixture, struct nw_commit *commit,
		    struct nw_commit_result *result_r);

/* All rows of all tables as text, for comparing. */
char *fixture_dump(struct fixture *fixture);
/* Runs SQL behind the store's back; returns the first column of the first
 * row, "" when there is none. */
char *fixture_sql(struct fixture *fixture, const char *sql);
/* What makes a store of format 9 of one of format 10, whose overviews were a row
 * each: statements of a list. */
#define FIXTURE_BACK_TO_9 \
	"ALTER TABLE overviews RENAME TO blocks", \
	"CREATE TABLE overviews (" \
	"	place INTEGER PRIMARY KEY REFERENCES numbers(place)," \
	"	line BLOB NOT NULL) STRICT", \
	"WITH RECURSIVE split(block, rest, line) AS (" \
	"	SELECT place, CAST(lines AS TEXT), NULL FROM blocks" \
	"	UNION ALL SELECT block," \
	"		substr(rest, instr(rest, char(10)) + 1)," \
	"		substr(rest, 1, instr(rest, char(10)))" \
	"	FROM split WHERE rest <> '') " \
	"INSERT INTO overviews SELECT block >> 32 << 32 |" \
	"	CAST(line AS INTEGER)," \
	"	CAST(substr(line, instr(line, char(9))) AS BLOB) " \
	"FROM split WHERE line IS NOT NULL", \
	"DROP TABLE blocks"
/* The overview lines of a whole group, or its numbers. */
char *fixture_overview(struct fixture *fixture, const char *group);
char *fixture_numbers(struct fixture *fixture, const char *group);
struct nw_group fixture_group(struct fixture *fixture, const char *name);
/* The article of that Message-ID as text; NULL when it is not there. */
char *fixture_text(struct fixture *fixture, const char *message_id);

#endif
