/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_private.h"
#include "newswire/wire.h"

#define PROGRESS_EVERY 256
#define PIECE_BYTES (256u << 10)

/* An article under the eyes. */
struct subject {
	struct nw_check *check;
	char object[NW_MESSAGE_ID_OCTETS + 64];
	int64_t id;
	const char *message_id;
	const char *wire;
	size_t len, head_len;
	struct nw_buf line;	/* its overview, made anew */
	struct nw_buf stored;	/* the one that is there */
	const char *xref;
	size_t xref_len;
};

static void read_xref(struct subject *subject)
{
	if (!nw_wire_header(subject->wire, subject->head_len, "Xref",
			    &subject->xref, &subject->xref_len)) {
		nw_check_fault(subject->check, subject->object,
			       "it has no Xref");
		subject->xref = "";
		subject->xref_len = 0;
	}
}

static bool is_named(const struct subject *subject, const char *group,
		     int64_t number)
{
	const char *at = subject->xref, *end = at + subject->xref_len, *word;
	char wanted[NW_GROUP_OCTETS + 16];
	size_t len;
	int wanted_len = snprintf(wanted, sizeof(wanted), "%s:%" PRId64, group,
				  number);

	(void)nw_wire_word(&at, end, &len);
	while ((word = nw_wire_word(&at, end, &len)))
		if (len == (size_t)wanted_len && !memcmp(word, wanted, len))
			return true;
	return false;
}

static void check_overview(struct subject *subject, int64_t place)
{
	struct nw_check *check = subject->check;
	int64_t number = nw_place_number(place), next = number;
	char digits[16];
	size_t skip = (size_t)snprintf(digits, sizeof(digits), "%" PRId64,
				       number);

	nw_buf_reset(&subject->stored);
	if (nw_group_overview(check->store, nw_place_group(place), &next,
			      number, 1, &subject->stored, &check->err) < 0)
		nw_check_failed(check, subject->object);
	else if (!subject->stored.len)
		nw_check_fault(check, subject->object,
			       "number %s of group %" PRId64
			       " has no overview line",
			       digits, nw_place_group(place));
	else if (subject->stored.len != subject->line.len + skip ||
		 memcmp(subject->stored.data + skip, subject->line.data,
			subject->line.len) != 0)
		nw_check_fault(check, subject->object,
			       "the overview line of number %s of group "
			       "%" PRId64 " says something else",
			       digits, nw_place_group(place));
}

/* "group:number" of an Xref: the number of this article, or one that it had
 * before it expired in that group. */
static bool is_sound(struct subject *subject, const char *word, size_t len)
{
	struct nw_check *check = subject->check;
	const char *colon = memchr(word, ':', len);
	char name[NW_GROUP_OCTETS + 1];
	struct nw_stored_article article;
	struct nw_group group;
	int64_t number;
	int found = 0;

	if (!colon || (size_t)(colon - word) >= sizeof(name))
		return false;
	(void)snprintf(name, sizeof(name), "%.*s", (int)(colon - word), word);
	number = strtoll(colon + 1, NULL, 10);
	if (nw_group_find(check->store, name, &group, &check->err) <= 0)
		return false;
	found = nw_group_stat(check->store, group.id, number, NW_GROUP_AT,
			      &article.number, &article.message_id,
			      &check->err);
	return found > 0 ? !strcmp(article.message_id, subject->message_id)
			 : !found && number > 0 && number < group.low;
}

static void check_xref(struct subject *subject)
{
	const char *at = subject->xref, *end = at + subject->xref_len, *word;
	size_t len;

	/* The first word is the host. */
	(void)nw_wire_word(&at, end, &len);
	while ((word = nw_wire_word(&at, end, &len)))
		if (!is_sound(subject, word, len))
			nw_check_fault(subject->check, subject->object,
				       "its Xref names %.*s, which it is not",
				       (int)len, word);
}

/* Its numbers, their overviews, and that Xref names these. */
static void check_places(struct subject *subject)
{
	struct nw_check *check = subject->check;
	struct nw_arena *arena = nw_arena_new();
	struct nw_query query;
	int64_t place;
	unsigned count = 0;
	const char *group;
	int more;

	nw_query_start(&query, check->store, NW_SQL_ARTICLE_PLACES);
	nw_query_int(&query, subject->id);
	while ((more = nw_query_step(&query, &check->err)) > 0) {
		count++;
		place = sqlite3_column_int64(query.stmt, 0);
		group = nw_query_column_text(&query, 1, arena);
		if (!group || !is_named(subject, group, nw_place_number(place)))
			nw_check_fault(check, subject->object,
				       "its Xref does not name %s:%" PRId64,
				       group ? group : "?",
				       nw_place_number(place));
		check_overview(subject, place);
	}
	if (more < 0)
		nw_check_failed(check, subject->object);
	else if (!count)
		nw_check_fault(check, subject->object, "it has no number");
	nw_arena_free(&arena);
}

static void check_message_id(struct subject *subject)
{
	struct nw_check *check = subject->check;
	const char *id = subject->message_id, *value;
	struct nw_query query;
	int64_t known = 0;
	size_t len;

	if (!nw_wire_header(subject->wire, subject->head_len, "Message-ID",
			    &value, &len) ||
	    len != strlen(id) || memcmp(value, id, len) != 0)
		nw_check_fault(check, subject->object,
			       "its Message-ID is another one");
	nw_query_start(&query, check->store, NW_SQL_MESSAGE_ID);
	nw_query_text(&query, id);
	if (nw_query_value(&query, &known, &check->err) < 0)
		nw_check_failed(check, subject->object);
	else if (known != subject->id)
		nw_check_fault(check, subject->object,
			       "it is not found by its Message-ID");
}

static void check_article(struct subject *subject)
{
	struct nw_check *check = subject->check;

	if (nw_wire_check(subject->wire, subject->len, subject->head_len,
			  &check->err)) {
		nw_check_fault(check, subject->object, "%s", check->err.text);
		return;
	}
	nw_buf_reset(&subject->line);
	if (nw_wire_overview(&subject->line, subject->wire, subject->len,
			     subject->head_len, &check->err)) {
		nw_check_fault(check, subject->object, "%s", check->err.text);
		return;
	}
	check_message_id(subject);
	read_xref(subject);
	check_places(subject);
	check_xref(subject);
}

static void on_article(struct nw_check *check, sqlite3_stmt *stmt)
{
	struct subject subject = {
		.check = check,
		.id = sqlite3_column_int64(stmt, 0),
		.head_len = (size_t)sqlite3_column_int64(stmt, 2),
		.wire = sqlite3_column_blob(stmt, 3),
		.len = (size_t)sqlite3_column_bytes(stmt, 3),
	};
	const char *id = (const char *)sqlite3_column_text(stmt, 1);

	subject.message_id = id;
	if (check->done++ % PROGRESS_EVERY == 0)
		nw_check_progress(check, "articles");
	(void)snprintf(subject.object, sizeof(subject.object),
		       "article %" PRId64 " %s", subject.id, id ? id : "");
	nw_buf_init(&subject.line, NW_STORE_OVERVIEW_BYTES);
	nw_buf_init(&subject.stored, 2 * NW_STORE_OVERVIEW_BYTES);
	if (!id || !subject.wire)
		nw_check_fault(check, subject.object, "it is empty");
	else
		check_article(&subject);
	nw_buf_free(&subject.stored);
	nw_buf_free(&subject.line);
}

/* How many lines about a group there are; -1. */
static int64_t count_lines(struct nw_check *check, int64_t group_id,
			   int (*read)(struct nw_store *store, int64_t group_id,
				       int64_t *next, int64_t last,
				       size_t piece, struct nw_buf *out,
				       struct nw_error *err))
{
	int64_t next = 1, count = 0;
	struct nw_buf out;
	const char *at;
	int more = 1;

	nw_buf_init(&out, 2 * PIECE_BYTES);
	while (more > 0) {
		nw_buf_reset(&out);
		more = read(check->store, group_id, &next, NW_NUMBER_MAX,
			    PIECE_BYTES, &out, &check->err);
		for (at = out.data; (at = strchr(at, '\n')); at++)
			count++;
	}
	nw_buf_free(&out);
	return more < 0 ? -1 : count;
}

/* That each number has its line is seen with its article; here, that no line
 * is without a number. */
static void on_group(struct nw_check *check, sqlite3_stmt *stmt)
{
	const int64_t id = sqlite3_column_int64(stmt, 0);
	const char *name = (const char *)sqlite3_column_text(stmt, 1);
	int64_t lines = count_lines(check, id, nw_group_overview), numbers = 0;

	if (lines >= 0)
		numbers = count_lines(check, id, nw_group_numbers);
	if (lines < 0 || numbers < 0)
		nw_check_failed(check, "overviews");
	else if (lines > numbers)
		nw_check_fault(check, name ? name : "overviews",
			       "it has %" PRId64 " overview lines and %" PRId64
			       " numbers",
			       lines, numbers);
}

void nw_check_articles(struct nw_check *check)
{
	nw_check_walk(check, "groups",
		      "SELECT id, name FROM groups WHERE id > ?1 ORDER BY id",
		      on_group);
	nw_check_walk(check, "articles",
		      "SELECT id, message_id, head_len, wire FROM articles "
		      "WHERE id > ?1 ORDER BY id",
		      on_article);
}
