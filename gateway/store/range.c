/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines about the articles of a range, a piece at a time.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/group.h"
#include "newswire/wire.h"
#include "store_private.h"

/* The digits of the largest number. */
#define NUMBER_OCTETS 10

/* A range on its way into the caller's buffer. */
struct range {
	/* Adds the line of the article in the query's row: 1, 0 when the
	 * buffer has no room for it, -1. */
	int (*add)(struct range *range, const struct nw_query *query,
		   int64_t number, struct nw_error *err);
	struct nw_store *store;
	int64_t group_id;
	int64_t *next;
	int64_t last;
	size_t piece;
	struct nw_buf *out;
	const char *header; /* only where one is asked for */
	sqlite3_blob *wire; /* its handle on the articles, or NULL */
	struct nw_buf head;
};

static bool fits(const struct range *range, size_t len)
{
	return nw_buf_ok(range->out) &&
	       range->out->max - range->out->len >= len;
}

/* As printf would, in a twentieth of the time: millions of lines a second
 * begin with one. */
static size_t put_number(char *at, int64_t number)
{
	char digits[NUMBER_OCTETS], *digit = digits + sizeof(digits);
	size_t len;

	do
		*--digit = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	len = (size_t)(digits + sizeof(digits) - digit);
	memcpy(at, digit, len);
	return len;
}

static int add_numbered(struct range *range, int64_t number, const char *line,
			size_t len)
{
	struct nw_buf *out = range->out;
	char *at;
	size_t used;

	if (!fits(range, NUMBER_OCTETS + len))
		return 0;
	at = nw_buf_reserve(out, NUMBER_OCTETS + len);
	if (!at)
		return 0;
	used = put_number(at, number);
	memcpy(at + used, line, len);
	used += len;
	at[used] = '\0';
	out->len += used;
	return 1;
}

static int add_overview(struct range *range, const struct nw_query *query,
			int64_t number, struct nw_error *err)
{
	size_t len;
	const char *line = nw_query_column_bytes(query, 1, &len);

	if (!len)
		return nw_store_fail(range->store, SQLITE_CORRUPT, err);
	return add_numbered(range, number, line, len);
}

static int add_number(struct range *range, const struct nw_query *query,
		      int64_t number, struct nw_error *err)
{
	(void)query;
	(void)err;
	return add_numbered(range, number, "\r\n", 2);
}

/* Clamps the range to what numbers can be; false when nothing is left. */
static bool clamp(struct range *range)
{
	if (*range->next < 1)
		*range->next = 1;
	if (range->last > NW_NUMBER_MAX)
		range->last = NW_NUMBER_MAX;
	return *range->next <= range->last &&
	       nw_place_exists(range->group_id, *range->next);
}

static int no_room(const struct range *range, struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_REFUSED,
			    "%s: a line does not fit in %zu bytes",
			    range->store->path, range->out->max);
}

static int add_lines(struct range *range, struct nw_query *query,
		     struct nw_error *err)
{
	const size_t start = range->out->len;
	int64_t number;
	int more, added;

	while ((more = nw_query_step(query, err)) > 0) {
		number = nw_place_number(sqlite3_column_int64(query->stmt, 0));
		*range->next = number;
		if (range->out->len - start >= range->piece)
			return 1;
		added = range->add(range, query, number, err);
		if (added < 0)
			return -1;
		/* The caller sends what the buffer holds and comes again,
		 * unless it holds nothing. */
		if (!added)
			return range->out->len && nw_buf_ok(range->out)
				       ? 1
				       : no_room(range, err);
	}
	if (more < 0)
		return -1;
	*range->next = range->last + 1;
	return 0;
}

static int run(struct range *range, enum nw_statement which,
	       struct nw_error *err)
{
	struct nw_query query;
	int result;

	if (!clamp(range))
		return 0;
	nw_query_start(&query, range->store, which);
	nw_query_int(&query, nw_place(range->group_id, *range->next));
	nw_query_int(&query, nw_place(range->group_id, range->last));
	result = add_lines(range, &query, err);
	nw_query_end(&query);
	return result;
}

int nw_group_overview(struct nw_store *store, int64_t group_id, int64_t *next,
		      int64_t last, size_t piece, struct nw_buf *out,
		      struct nw_error *err)
{
	struct range range = { .add = add_overview,
			       .store = store,
			       .group_id = group_id,
			       .next = next,
			       .last = last,
			       .piece = piece,
			       .out = out };

	return run(&range, NW_SQL_GROUP_OVERVIEW, err);
}

int nw_group_numbers(struct nw_store *store, int64_t group_id, int64_t *next,
		     int64_t last, size_t piece, struct nw_buf *out,
		     struct nw_error *err)
{
	struct range range = { .add = add_number,
			       .store = store,
			       .group_id = group_id,
			       .next = next,
			       .last = last,
			       .piece = piece,
			       .out = out };

	return run(&range, NW_SQL_GROUP_NUMBERS, err);
}

int nw_group_overview_by_id(struct nw_store *store, const char *message_id,
			    struct nw_buf *out, struct nw_error *err)
{
	struct range range = { .store = store, .out = out };
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_GROUP_OVERVIEW_BY_ID);
	nw_query_text(&query, message_id);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	found = add_overview(&range, &query, 0, err);
	nw_query_end(&query);
	return found ? found : no_room(&range, err);
}

/* The fields of an overview line behind its number (RFC 3977 section 8.3.2);
 * what stands there need not be looked for in the article. */
static const char *const fields[] = {
	"Subject",    "From",	"Date",	  "Message-ID",
	"References", ":bytes", ":lines", "Xref",
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static size_t find_field(const char *name)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (!strcasecmp(name, fields[i]))
			break;
	return i;
}

static int add_value(struct range *range, int64_t number, const char *value,
		     size_t len)
{
	struct nw_buf *out = range->out;

	if (!fits(range, NUMBER_OCTETS + len + sizeof(" \r\n")))
		return 0;
	(void)add_numbered(range, number, " ", 1);
	nw_wire_unfold(out, value, len);
	nw_buf_adds(out, "\r\n");
	return nw_buf_ok(out);
}

static int add_field(struct range *range, const struct nw_query *query,
		     int64_t number, struct nw_error *err)
{
	const size_t prefix = strlen("Xref: ");
	size_t field = find_field(range->header), len;
	const char *line = nw_query_column_bytes(query, 1, &len);
	const char *end = line + len, *at = line, *stop;

	while (at && field--)
		at = memchr(at + 1, '\t', (size_t)(end - at - 1));
	if (!at || end - at < 3)
		return nw_store_fail(range->store, SQLITE_CORRUPT, err);
	at++;
	stop = memchr(at, '\t', (size_t)(end - at));
	if (!stop)
		stop = end - 2;
	if (!strcasecmp(range->header, "Xref") && (size_t)(stop - at) >= prefix)
		at += prefix;
	return add_value(range, number, at, (size_t)(stop - at));
}

/* The head alone into range->head: an article may be a thousand times as
 * long. */
static int read_head(struct range *range, int64_t article_id, size_t head_len,
		     struct nw_error *err)
{
	char *place;
	int code = range->wire ? sqlite3_blob_reopen(range->wire, article_id)
			       : sqlite3_blob_open(range->store->db, "main",
						   "articles", "wire",
						   article_id, 0, &range->wire);

	nw_buf_reset(&range->head);
	place = nw_buf_reserve(&range->head, head_len);
	if (code == SQLITE_OK && !place)
		code = SQLITE_TOOBIG;
	if (code == SQLITE_OK)
		code = sqlite3_blob_read(range->wire, place, (int)head_len, 0);
	if (code != SQLITE_OK)
		return nw_store_fail(range->store, code, err);
	range->head.len = head_len;
	return 0;
}

static int add_header(struct range *range, const struct nw_query *query,
		      int64_t number, struct nw_error *err)
{
	const char *value = "";
	size_t len = 0;

	if (read_head(range, sqlite3_column_int64(query->stmt, 1),
		      (size_t)sqlite3_column_int64(query->stmt, 2), err))
		return -1;
	(void)nw_wire_header(range->head.data, range->head.len, range->header,
			     &value, &len);
	return add_value(range, number, value, len);
}

int nw_group_header(struct nw_store *store, int64_t group_id, const char *name,
		    int64_t *next, int64_t last, size_t piece,
		    struct nw_buf *out, struct nw_error *err)
{
	struct range range = { .add = add_field,
			       .store = store,
			       .group_id = group_id,
			       .next = next,
			       .last = last,
			       .piece = piece,
			       .out = out,
			       .header = name };
	int result;

	if (find_field(name) < FIELDS)
		return run(&range, NW_SQL_GROUP_OVERVIEW, err);
	range.add = add_header;
	nw_buf_init(&range.head, NW_STORE_WIRE_BYTES);
	result = run(&range, NW_SQL_GROUP_HEADS, err);
	(void)sqlite3_blob_close(range.wire);
	nw_buf_free(&range.head);
	return result;
}
