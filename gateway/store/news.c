/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Message-IDs by the time that their articles were stored.
 */
#include "config.h"

#include <string.h>

#include "newswire/group.h"
#include "store_private.h"

/* What a look at an article that is not wanted costs, in bytes of a piece. */
#define LOOK_BYTES 64
/* Groups that a piece remembers; any number is right, it is a power of two. */
#define GROUPS_KNOWN 256

struct known_group {
	int64_t id;		/* 0: none yet */
	bool wanted;
};

/* A walk on its way into the caller's buffer. */
struct walk {
	struct nw_store *store;
	struct nw_news *news;
	struct nw_buf *out;
	size_t stop;		/* of out->len and news->work */
	bool added;		/* the article that news->after_id names */
	struct known_group known[GROUPS_KNOWN];
};

/* 1, 0 when the caller does not want it, -1. */
static int ask(struct walk *walk, int64_t group_id, struct nw_error *err)
{
	char name[NW_GROUP_OCTETS + 1];
	struct nw_query query;
	const char *bytes;
	size_t len;
	int found;

	nw_query_start(&query, walk->store, NW_SQL_GROUP_NAME);
	nw_query_int(&query, group_id);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	bytes = nw_query_column_bytes(&query, 0, &len);
	if (len > NW_GROUP_OCTETS)
		len = NW_GROUP_OCTETS;
	memcpy(name, bytes, len);
	name[len] = '\0';
	nw_query_end(&query);
	return walk->news->wanted(walk->news->context, name);
}

/* The same, asked once for most groups. */
static int is_wanted(struct walk *walk, int64_t group_id, struct nw_error *err)
{
	struct known_group *known = &walk->known[group_id % GROUPS_KNOWN];
	int wanted;

	if (known->id == group_id)
		return known->wanted;
	wanted = ask(walk, group_id, err);
	if (wanted < 0)
		return -1;
	known->id = group_id;
	known->wanted = wanted;
	return wanted;
}

static bool add_id(struct walk *walk, const struct nw_query *query)
{
	size_t len;
	const char *id = nw_query_column_bytes(query, 2, &len);
	char *at = nw_buf_reserve(walk->out, len + 2);

	if (!at)
		return false;
	memcpy(at, id, len);
	memcpy(at + len, "\r\n", 3);
	walk->out->len += len + 2;
	walk->added = true;
	return true;
}

/* Each row is one place of an article; those of one article come together. */
static int add_row(struct walk *walk, const struct nw_query *query,
		   struct nw_error *err)
{
	int wanted;

	if (walk->added)
		return 0;
	wanted = is_wanted(walk,
			   nw_place_group(sqlite3_column_int64(query->stmt, 3)),
			   err);
	if (wanted > 0 && !add_id(walk, query))
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "%s: a line does not fit in %zu bytes",
				    walk->store->path, walk->out->max);
	return wanted < 0 ? -1 : 0;
}

/* All rows of a query; stops where the piece is full. */
static int add_rows(struct walk *walk, struct nw_query *query,
		    struct nw_error *err)
{
	struct nw_news *news = walk->news;
	int64_t id;
	int more;

	while ((more = nw_query_step(query, err)) > 0) {
		id = sqlite3_column_int64(query->stmt, 1);
		if (id != news->after_id) {
			if (walk->out->len + news->work >= walk->stop)
				break;
			news->since_utc = sqlite3_column_int64(query->stmt, 0);
			news->after_id = id;
			walk->added = false;
		}
		more = add_row(walk, query, err);
		if (more < 0)
			break;
		if (!walk->added)
			news->work += LOOK_BYTES;
	}
	nw_query_end(query);
	return more;
}

int nw_group_news(struct nw_store *store, struct nw_news *news, size_t piece,
		  struct nw_buf *out, struct nw_error *err)
{
	struct walk walk = { .store = store,
			     .news = news,
			     .out = out,
			     .stop = out->len + news->work + piece };
	struct nw_query query;
	int more;

	nw_query_start(&query, store, NW_SQL_NEWS_SAME);
	nw_query_int(&query, news->since_utc);
	nw_query_int(&query, news->after_id);
	more = add_rows(&walk, &query, err);
	if (more)
		return more;
	nw_query_start(&query, store, NW_SQL_NEWS_LATER);
	nw_query_int(&query, news->since_utc);
	return add_rows(&walk, &query, err);
}
