/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/group.h"
#include "store_private.h"

/* What scratch grew to for one large article is given back with the next. */
#define SCRATCH_KEEP_BYTES (1u << 20)

/* Copies one line into a field of size bytes; what is too long is cut between
 * two characters. */
static void copy_line(const struct nw_query *query, int column, char *field,
		      size_t size)
{
	size_t len;
	const char *bytes = nw_query_column_bytes(query, column, &len);

	if (len >= size) {
		len = size - 1;
		while (len && ((unsigned char)bytes[len] & 0xc0) == 0x80)
			len--;
	}
	if (len)
		memcpy(field, bytes, len);
	field[len] = '\0';
}

static void take_group(const struct nw_query *query, struct nw_group *group_r)
{
	group_r->id = sqlite3_column_int64(query->stmt, 0);
	copy_line(query, 1, group_r->name, sizeof(group_r->name));
	copy_line(query, 2, group_r->description, sizeof(group_r->description));
	group_r->low = sqlite3_column_int64(query->stmt, 3);
	group_r->high = sqlite3_column_int64(query->stmt, 4);
	group_r->count = sqlite3_column_int64(query->stmt, 5);
	group_r->created_utc = sqlite3_column_int64(query->stmt, 6);
}

static int read_group(struct nw_query *query, struct nw_group *group_r,
		      struct nw_error *err)
{
	int found = nw_query_step(query, err);

	if (found <= 0)
		return found;
	take_group(query, group_r);
	nw_query_end(query);
	return 1;
}

int nw_group_find(struct nw_store *store, const char *name,
		  struct nw_group *group_r, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_GROUP_FIND);
	nw_query_text(&query, name);
	return read_group(&query, group_r, err);
}

int nw_group_after(struct nw_store *store, const char *name,
		   struct nw_group *group_r, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_GROUP_AFTER);
	nw_query_text(&query, name);
	return read_group(&query, group_r, err);
}

static int each_group(struct nw_query *query,
		      bool (*each)(void *context, const struct nw_group *group),
		      void *context, struct nw_error *err)
{
	struct nw_group group;
	int more;

	while ((more = nw_query_step(query, err)) > 0) {
		take_group(query, &group);
		if (!each(context, &group))
			break;
	}
	nw_query_end(query);
	return more;
}

int nw_group_each(struct nw_store *store, const char *name,
		  bool (*each)(void *context, const struct nw_group *group),
		  void *context, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_GROUPS_AFTER);
	nw_query_text(&query, name);
	return each_group(&query, each, context, err);
}

int nw_group_each_of_story(struct nw_store *store, const char *message_id,
			   bool (*each)(void *context,
					const struct nw_group *group),
			   void *context, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_GROUPS_OF_STORY);
	nw_query_text(&query, message_id);
	return each_group(&query, each, context, err);
}

/* What a look-up outside of a read transaction gives is copied, and its
 * statement ended at once: it would hold a transaction open while it is
 * used. */
static struct nw_buf *scratch(struct nw_store *store)
{
	if (store->scratch.room > SCRATCH_KEEP_BYTES)
		nw_buf_free(&store->scratch);
	nw_buf_reset(&store->scratch);
	return &store->scratch;
}

static int scratch_fail(struct nw_store *store, struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_REFUSED,
			    "%s: an article is larger than %u bytes",
			    store->path, NW_STORE_WIRE_BYTES);
}

static int copy_article(struct nw_store *store,
			struct nw_stored_article *article,
			struct nw_error *err)
{
	struct nw_buf *copy = scratch(store);

	nw_buf_add(copy, article->wire, article->wire_len);
	nw_buf_adds(copy, article->message_id);
	if (!nw_buf_ok(copy))
		return scratch_fail(store, err);
	article->message_id = copy->data + article->wire_len;
	article->wire = copy->data;
	return 0;
}

/* Columns of the present row: Message-ID, length of the head, wire form.  Ends
 * the run, or lets it be held. */
static int take_article(struct nw_query *query, int64_t number,
			struct nw_stored_article *article_r,
			struct nw_error *err)
{
	struct nw_stored_article article = { .number = number };
	struct nw_store *store = query->store;
	int result = 0;

	article.message_id = (const char *)sqlite3_column_text(query->stmt, 0);
	article.head_len = (size_t)sqlite3_column_int64(query->stmt, 1);
	article.wire = nw_query_column_bytes(query, 2, &article.wire_len);
	/* Whoever sends the head alone trusts its length. */
	if (!article.message_id || article.head_len > article.wire_len)
		result = nw_store_fail(store, SQLITE_CORRUPT, err);
	else if (store->reading)
		nw_query_hold(query);
	else
		result = copy_article(store, &article, err);
	nw_query_end(query);
	if (result)
		return -1;
	*article_r = article;
	return 1;
}

static int read_article(struct nw_query *query, int64_t number,
			struct nw_stored_article *article_r,
			struct nw_error *err)
{
	int found = nw_query_step(query, err);

	return found > 0 ? take_article(query, number, article_r, err) : found;
}

int nw_group_read_dated(struct nw_query *query,
			struct nw_stored_article *article_r,
			int64_t *date_utc_r, struct nw_error *err)
{
	int64_t number, date_utc;
	int found = nw_query_step(query, err);

	if (found <= 0)
		return found;
	number = nw_place_number(sqlite3_column_int64(query->stmt, 3));
	date_utc = nw_query_column_time(query, 4);
	if (date_utc == NW_TIME_NONE)
		date_utc = sqlite3_column_int64(query->stmt, 5);
	if (take_article(query, number, article_r, err) < 0)
		return -1;
	*date_utc_r = date_utc;
	return 1;
}

int nw_group_article(struct nw_store *store, int64_t group_id, int64_t number,
		     struct nw_stored_article *article_r, struct nw_error *err)
{
	/* Most articles are in one group; numbers leads to the others. */
	static const enum nw_statement ways[] = { NW_SQL_GROUP_ARTICLE,
						  NW_SQL_GROUP_ARTICLE_MORE };
	struct nw_query query;
	int found = 0;
	size_t i;

	if (!nw_place_exists(group_id, number))
		return 0;
	for (i = 0; i < sizeof(ways) / sizeof(*ways) && !found; i++) {
		nw_query_start(&query, store, ways[i]);
		nw_query_int(&query, nw_place(group_id, number));
		found = read_article(&query, number, article_r, err);
	}
	return found;
}

int nw_group_article_by_id(struct nw_store *store, const char *message_id,
			   struct nw_stored_article *article_r,
			   struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_GROUP_ARTICLE_BY_ID);
	nw_query_text(&query, message_id);
	return read_article(&query, 0, article_r, err);
}

/* The first article of a range, or with LAST the last one of it. */
static int stat_range(struct nw_query *query, int64_t *number_r,
		      const char **message_id_r, struct nw_error *err)
{
	struct nw_store *store = query->store;
	int found = nw_query_step(query, err);
	struct nw_buf *copy;
	const char *id;
	size_t len;

	if (found <= 0)
		return found;
	copy = scratch(store);
	*number_r = nw_place_number(sqlite3_column_int64(query->stmt, 0));
	id = nw_query_column_bytes(query, 1, &len);
	nw_buf_add(copy, id, len);
	nw_query_end(query);
	if (!nw_buf_ok(copy))
		return scratch_fail(store, err);
	*message_id_r = copy->data;
	return 1;
}

int nw_group_stat(struct nw_store *store, int64_t group_id, int64_t number,
		  enum nw_group_step step, int64_t *number_r,
		  const char **message_id_r, struct nw_error *err)
{
	int64_t first = 1, last = NW_NUMBER_MAX;
	struct nw_query query;

	/* A number outside of what numbers can be has neighbours too. */
	if (number < 0)
		number = 0;
	if (number > NW_NUMBER_MAX)
		number = (int64_t)NW_NUMBER_MAX + 1;
	if (step != NW_GROUP_LAST)
		first = step == NW_GROUP_AT ? number : number + 1;
	if (step != NW_GROUP_NEXT)
		last = step == NW_GROUP_AT ? number : number - 1;
	if (first > last || !nw_place_exists(group_id, first) ||
	    !nw_place_exists(group_id, last))
		return 0;
	nw_query_start(&query, store,
		       step == NW_GROUP_LAST ? NW_SQL_GROUP_STAT_DOWN
					     : NW_SQL_GROUP_STAT_UP);
	nw_query_int(&query, nw_place(group_id, first));
	nw_query_int(&query, nw_place(group_id, last));
	return stat_range(&query, number_r, message_id_r, err);
}
