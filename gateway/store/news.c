/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Message-IDs by the time that their articles were stored.
 */
#include "config.h"

#include <string.h>

#include "newswire/group.h"
#include "store_private.h"

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
	return true;
}

static bool is_full(const struct walk *walk)
{
	return walk->out->len + walk->news->work >= walk->stop;
}

/* Whether the caller wants one of the groups where an article is.  Most have
 * the place of the only number as their id. */
static int is_wanted_somewhere(struct walk *walk, int64_t article_id,
			       struct nw_error *err)
{
	struct nw_query query;
	int64_t place;
	int more = 1, wanted = 0;

	if (nw_place_group(article_id))
		wanted = is_wanted(walk, nw_place_group(article_id), err);
	if (wanted)
		return wanted;
	nw_query_start(&query, walk->store, NW_SQL_NEWS_PLACES);
	nw_query_int(&query, article_id);
	while (!wanted && (more = nw_query_step(&query, err)) > 0) {
		place = sqlite3_column_int64(query.stmt, 0);
		wanted = is_wanted(walk, nw_place_group(place), err);
	}
	nw_query_end(&query);
	return more < 0 ? -1 : wanted;
}

static int add_article(struct walk *walk, const struct nw_query *query,
		       struct nw_error *err)
{
	int wanted = is_wanted_somewhere(walk, walk->news->after_id, err);

	if (wanted > 0 && !add_id(walk, query))
		return nw_store_no_room(walk->store, walk->out, err);
	if (!wanted)
		walk->news->work += NW_STORE_LOOK_BYTES;
	return wanted < 0 ? -1 : 0;
}

/* All rows of a query; stops where the piece is full. */
static int add_rows(struct walk *walk, struct nw_query *query,
		    struct nw_error *err)
{
	struct nw_news *news = walk->news;
	int more;

	while ((more = nw_query_step(query, err)) > 0) {
		if (is_full(walk))
			break;
		news->since_utc = sqlite3_column_int64(query->stmt, 0);
		news->after_id = sqlite3_column_int64(query->stmt, 1);
		more = add_article(walk, query, err);
		if (more < 0)
			break;
	}
	nw_query_end(query);
	return more;
}

/* Whether it comes behind what the walk by time has passed. */
static bool is_behind(const struct nw_news *news, const struct nw_query *query)
{
	int64_t utc = sqlite3_column_int64(query->stmt, 0);

	return utc > news->since_utc ||
	       (utc == news->since_utc &&
		sqlite3_column_int64(query->stmt, 1) > news->after_id);
}

static int add_of_group(struct walk *walk, struct nw_error *err)
{
	struct nw_news *news = walk->news;
	struct nw_query query;
	int more;

	nw_query_start(&query, walk->store, NW_SQL_NEWS_GROUP);
	nw_query_int(&query, nw_place(news->group_id, news->number));
	nw_query_int(&query, nw_place(news->group_id, NW_NUMBER_MAX));
	while ((more = nw_query_step(&query, err)) > 0) {
		news->number =
			nw_place_number(sqlite3_column_int64(query.stmt, 3));
		if (is_full(walk))
			break;
		if (!is_behind(news, &query))
			news->work += NW_STORE_LOOK_BYTES;
		else if (!add_id(walk, &query))
			more = nw_store_no_room(walk->store, walk->out, err);
		if (more < 0)
			break;
	}
	nw_query_end(&query);
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

	if (news->group_id)
		return add_of_group(&walk, err);
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
