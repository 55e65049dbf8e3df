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

/* A range on its way into the caller's buffer. */
struct range {
	/* Adds what is told of one article: 1, 0 when the buffer has no room
	 * for it, -1.  Of the line, rows of articles have only the number. */
	int (*add)(struct range *range, const struct nw_query *query,
		   const struct nw_overview_line *line, struct nw_error *err);
	struct nw_store *store;
	int64_t group_id;
	int64_t *next;
	int64_t last;
	size_t piece;
	struct nw_buf *out;
	size_t start; /* of the piece in it */
	size_t field;	    /* of the overview, or … */
	const char *header; /* … of the article, where one is asked for */
	sqlite3_blob *wire; /* its handle on the articles, or NULL */
	struct nw_buf head;
	size_t looks; /* into articles for this piece, as its bytes */
};

static bool fits(const struct range *range, size_t len)
{
	return nw_buf_ok(range->out) &&
	       range->out->max - range->out->len >= len;
}

/* A line: number, gap, text. */
static int add_numbered(struct range *range, int64_t number, const char *gap,
			const char *text, size_t len)
{
	const size_t gap_len = strlen(gap);
	const size_t most = NW_NUMBER_OCTETS + gap_len + len + 2;
	struct nw_buf *out = range->out;
	char *begin, *at;

	if (!fits(range, most))
		return 0;
	begin = at = nw_buf_reserve(out, most);
	if (!at)
		return 0;
	at += nw_overview_number(at, number);
	memcpy(at, gap, gap_len);
	at += gap_len;
	memcpy(at, text, len);
	at += len;
	memcpy(at, "\r\n", sizeof("\r\n"));
	out->len += (size_t)(at + 2 - begin);
	return 1;
}

static int add_overview(struct range *range, const struct nw_query *query,
			const struct nw_overview_line *line,
			struct nw_error *err)
{
	const size_t len = (size_t)(line->end - line->start);

	(void)query;
	(void)err;
	if (!fits(range, len))
		return 0;
	nw_buf_add(range->out, line->start, len);
	return nw_buf_ok(range->out);
}

static int add_number(struct range *range, const struct nw_query *query,
		      const struct nw_overview_line *line,
		      struct nw_error *err)
{
	(void)query;
	(void)err;
	return add_numbered(range, line->number, "", "", 0);
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

/* 1, 0 when the piece is full, -1. */
static int add_one(struct range *range, const struct nw_query *query,
		   const struct nw_overview_line *line, struct nw_error *err)
{
	int added;

	*range->next = line->number;
	if (range->out->len - range->start + range->looks >= range->piece)
		return 0;
	added = range->add(range, query, line, err);
	/* The caller sends what the buffer holds and comes again, unless it
	 * holds nothing. */
	if (!added && !(range->out->len && nw_buf_ok(range->out)))
		return nw_store_no_room(range->store, range->out, err);
	return added;
}

/* A row for each article. */
static int add_article(struct range *range, const struct nw_query *query,
		       struct nw_error *err)
{
	const int64_t place = sqlite3_column_int64(query->stmt, 0);
	const struct nw_overview_line line = {
		.number = nw_place_number(place),
	};

	return add_one(range, query, &line, err);
}

/* Whether a block can be copied as it is. */
static bool takes_whole(const struct range *range, int64_t first, size_t len)
{
	return range->add == add_overview && first >= *range->next &&
	       first + NW_OVERVIEW_NUMBERS - 1 <= range->last &&
	       range->out->len - range->start + len <= range->piece &&
	       fits(range, len);
}

static int add_block(struct range *range, const struct nw_query *query,
		     struct nw_error *err)
{
	const int64_t place = sqlite3_column_int64(query->stmt, 0);
	size_t len;
	const char *lines = nw_query_column_bytes(query, 1, &len);
	const char *end = lines + len;
	struct nw_overview_line line = { .end = lines };
	int added = 1;

	if (len && takes_whole(range, nw_place_number(place), len)) {
		nw_buf_add(range->out, lines, len);
		if (!nw_buf_ok(range->out))
			return nw_store_no_room(range->store, range->out, err);
		return 1;
	}
	do {
		if (!nw_overview_next(&line, end))
			return nw_store_fail(range->store, SQLITE_CORRUPT,
					     err);
		if (line.number > range->last)
			break;
		if (line.number >= *range->next)
			added = add_one(range, query, &line, err);
	} while (line.end < end && added > 0);
	return added;
}

static int add_rows(struct range *range, struct nw_query *query,
		    int (*add_row)(struct range *range,
				   const struct nw_query *query,
				   struct nw_error *err),
		    struct nw_error *err)
{
	int more, added;

	while ((more = nw_query_step(query, err)) > 0) {
		added = add_row(range, query, err);
		if (added <= 0)
			return added < 0 ? -1 : 1;
	}
	if (more < 0)
		return -1;
	*range->next = range->last + 1;
	return 0;
}

static int run_articles(struct range *range, enum nw_statement which,
			struct nw_error *err)
{
	struct nw_query query;
	int result;

	if (!clamp(range))
		return 0;
	nw_query_start(&query, range->store, which);
	nw_query_int(&query, nw_place(range->group_id, *range->next));
	nw_query_int(&query, nw_place(range->group_id, range->last));
	result = add_rows(range, &query, add_article, err);
	nw_query_end(&query);
	return result;
}

static int run_blocks(struct range *range, struct nw_error *err)
{
	struct nw_query query;
	int64_t place;
	int result;

	if (!clamp(range))
		return 0;
	place = nw_place(range->group_id, *range->next);
	nw_query_start(&query, range->store, NW_SQL_GROUP_OVERVIEW);
	nw_query_int(&query, nw_overview_place(place));
	nw_query_int(&query, nw_place(range->group_id, range->last));
	result = add_rows(range, &query, add_block, err);
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
			       .out = out,
			       .start = out->len };

	return run_blocks(&range, err);
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
			       .out = out,
			       .start = out->len };

	return run_articles(&range, NW_SQL_GROUP_NUMBERS, err);
}

/* The line of the place in the query's row, with 0 as its number. */
static int add_unnumbered(struct range *range, const struct nw_query *query,
			  struct nw_error *err)
{
	const int64_t place = sqlite3_column_int64(query->stmt, 0);
	size_t len;
	const char *lines = nw_query_column_bytes(query, 1, &len);
	struct nw_overview_line line = { .end = lines };

	while (nw_overview_next(&line, lines + len))
		if (line.number == nw_place_number(place))
			return add_numbered(range, 0, "", line.fields,
					    (size_t)(line.end - line.fields -
						     2));
	return nw_store_fail(range->store, SQLITE_CORRUPT, err);
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
	found = add_unnumbered(&range, &query, err);
	nw_query_end(&query);
	return found ? found : nw_store_no_room(range.store, range.out, err);
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

/* What an overview has is unfolded already. */
static int add_field(struct range *range, const struct nw_query *query,
		     const struct nw_overview_line *line, struct nw_error *err)
{
	const size_t prefix = strlen("Xref: ");
	size_t field = range->field;
	const char *end = line->end, *at = line->fields, *stop;

	(void)query;
	while (at && field--)
		at = memchr(at + 1, '\t', (size_t)(end - at - 1));
	if (!at || end - at < 3)
		return nw_store_fail(range->store, SQLITE_CORRUPT, err);
	at++;
	stop = memchr(at, '\t', (size_t)(end - at));
	if (!stop)
		stop = end - 2;
	if (range->field == FIELDS - 1 && (size_t)(stop - at) >= prefix)
		at += prefix;
	return add_numbered(range, line->number, " ", at, (size_t)(stop - at));
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
		      const struct nw_overview_line *line,
		      struct nw_error *err)
{
	struct nw_buf *out = range->out;
	char digits[NW_NUMBER_OCTETS];
	const char *value = "";
	size_t len = 0;

	range->looks += NW_STORE_LOOK_BYTES;
	if (read_head(range, sqlite3_column_int64(query->stmt, 1),
		      (size_t)sqlite3_column_int64(query->stmt, 2), err))
		return -1;
	(void)nw_wire_header(range->head.data, range->head.len, range->header,
			     &value, &len);
	if (!fits(range, NW_NUMBER_OCTETS + 1 + len + 2))
		return 0;
	nw_buf_add(out, digits, nw_overview_number(digits, line->number));
	nw_buf_addc(out, ' ');
	nw_wire_unfold(out, value, len);
	nw_buf_adds(out, "\r\n");
	return nw_buf_ok(out);
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
			       .start = out->len,
			       .field = find_field(name),
			       .header = name };
	int result;

	if (range.field < FIELDS)
		return run_blocks(&range, err);
	range.add = add_header;
	nw_buf_init(&range.head, NW_STORE_WIRE_BYTES);
	result = run_articles(&range, NW_SQL_GROUP_HEADS, err);
	(void)sqlite3_blob_close(range.wire);
	nw_buf_free(&range.head);
	return result;
}
