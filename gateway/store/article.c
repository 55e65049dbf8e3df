/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "newswire/wire.h"
#include "store_private.h"

/* Where an article is. */
struct place {
	int64_t place;
	const char *group;
};

/* An article on its way into the store. */
struct entry {
	struct nw_work *work;
	struct place *places;
	size_t count;
	size_t stored; /* the first of the places are in the store already */
	size_t head_len;
};

static void add_place(struct entry *entry, int64_t place, const char *group)
{
	entry->places = nw_arena_grow(entry->work->arena, entry->places,
				      entry->count, sizeof(*entry->places));
	entry->places[entry->count].place = place;
	entry->places[entry->count++].group = group;
}

static int load_places(struct entry *entry, int64_t article_id,
		       struct nw_error *err)
{
	struct nw_query query;
	int more;

	nw_query_start(&query, entry->work->store, NW_SQL_ARTICLE_PLACES);
	nw_query_int(&query, article_id);
	while ((more = nw_query_step(&query, err)) > 0)
		add_place(entry, sqlite3_column_int64(query.stmt, 0),
			  nw_query_column_text(&query, 1, entry->work->arena));
	entry->stored = entry->count;
	return more;
}

static bool is_in(const struct entry *entry, int64_t group_id)
{
	size_t i;

	for (i = 0; i < entry->count; i++)
		if (nw_place_group(entry->places[i].place) == group_id)
			return true;
	return false;
}

/* The next number of a group: it is used up from here on, whatever becomes
 * of the article. */
static int take_number(struct entry *entry, int64_t group_id,
		       struct nw_error *err)
{
	struct nw_store *store = entry->work->store;
	struct nw_query query;
	const char *name;
	int64_t number;
	int found;

	nw_query_start(&query, store, NW_SQL_NUMBER_NEXT);
	nw_query_int(&query, group_id);
	found = nw_query_step(&query, err);
	if (!found)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "%s: has no group %" PRId64, store->path,
				    group_id);
	if (found < 0)
		return -1;
	number = sqlite3_column_int64(query.stmt, 0);
	name = nw_query_column_text(&query, 1, entry->work->arena);
	if (nw_query_run(&query, err))
		return -1;
	if (number > NW_NUMBER_MAX)
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "%s: all numbers of %s are used up",
				    store->path, name);
	add_place(entry, nw_place(group_id, number), name);
	return 0;
}

static int take_numbers(struct entry *entry, const int64_t *group_ids,
			size_t count, struct nw_error *err)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!is_in(entry, group_ids[i]) &&
		    take_number(entry, group_ids[i], err))
			return -1;
	return 0;
}

/* Wire form and overview line of an article that is now in these places. */
static int compose(struct entry *entry, const char *bytes, size_t len,
		   struct nw_error *err)
{
	struct nw_work *work = entry->work;
	struct nw_buf xref;
	size_t i;
	int result;

	nw_buf_init(&xref, NW_STORE_OVERVIEW_BYTES);
	nw_buf_adds(&xref, work->commit->path_host);
	for (i = 0; i < entry->count; i++)
		nw_buf_addf(&xref, " %s:%" PRId64, entry->places[i].group,
			    nw_place_number(entry->places[i].place));
	nw_buf_reset(&work->wire);
	nw_buf_reset(&work->line);
	if (!nw_buf_ok(&xref))
		result = nw_error_set(err, NW_ERROR_REFUSED,
				      "in too many groups");
	else
		result = nw_wire_write(&work->wire, bytes, len, xref.data,
				       &entry->head_len, err);
	if (!result)
		result = nw_wire_overview(&work->line, work->wire.data,
					  work->wire.len, entry->head_len, err);
	nw_buf_free(&xref);
	return result;
}

static int put_number(struct nw_work *work, int64_t place, int64_t article_id,
		      struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, work->store, NW_SQL_NUMBER_ADD);
	nw_query_int(&query, place);
	nw_query_int(&query, article_id);
	if (nw_query_run(&query, err))
		return -1;
	return nw_overview_put(work->store, place, &work->line, err);
}

static int put_places(const struct entry *entry, int64_t article_id,
		      struct nw_error *err)
{
	struct nw_work *work = entry->work;
	size_t i;

	for (i = 0; i < entry->stored; i++)
		if (nw_overview_put(work->store, entry->places[i].place,
				    &work->line, err))
			return -1;
	for (; i < entry->count; i++)
		if (put_number(work, entry->places[i].place, article_id, err))
			return -1;
	work->stored++;
	return 0;
}

/* The stored article as it once came, into work->bytes. */
static int load_bytes(struct nw_work *work, int64_t article_id,
		      struct nw_error *err)
{
	struct nw_query query;
	const char *wire;
	size_t len;
	int found, result;

	nw_query_start(&query, work->store, NW_SQL_ARTICLE_WIRE);
	nw_query_int(&query, article_id);
	found = nw_query_step(&query, err);
	if (!found)
		return nw_error_set(err, NW_ERROR_DATA,
				    "%s: has lost article %" PRId64,
				    work->store->path, article_id);
	if (found < 0)
		return -1;
	wire = nw_query_column_bytes(&query, 0, &len);
	nw_buf_reset(&work->bytes);
	result = nw_wire_read(&work->bytes, wire, len, err);
	nw_query_end(&query);
	return result;
}

/* Its wire form with an Xref of its places. */
static int rewrite_article(struct entry *entry, int64_t article_id,
			   struct nw_error *err)
{
	struct nw_work *work = entry->work;
	struct nw_query query;

	if (load_bytes(work, article_id, err) ||
	    compose(entry, work->bytes.data, work->bytes.len, err))
		return -1;
	nw_query_start(&query, work->store, NW_SQL_ARTICLE_UPDATE);
	nw_query_int(&query, article_id);
	nw_query_int(&query, (int64_t)entry->head_len);
	nw_query_blob(&query, &work->wire);
	return nw_query_run(&query, err);
}

int nw_article_join(struct nw_work *work, int64_t article_id,
		    const int64_t *group_ids, size_t count,
		    struct nw_error *err)
{
	struct entry entry = { .work = work };

	if (load_places(&entry, article_id, err) ||
	    take_numbers(&entry, group_ids, count, err))
		return -1;
	if (entry.count == entry.stored)
		return 0;
	if (rewrite_article(&entry, article_id, err))
		return -1;
	return put_places(&entry, article_id, err);
}

/* The overview line of an article as it is stored, into work->line. */
static int load_line(struct nw_work *work, int64_t article_id,
		     struct nw_error *err)
{
	struct nw_query query;
	const char *wire, *head_end;
	size_t len;
	int found, result;

	nw_query_start(&query, work->store, NW_SQL_ARTICLE_WIRE);
	nw_query_int(&query, article_id);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	wire = nw_query_column_bytes(&query, 0, &len);
	head_end = memmem(wire, len, "\r\n\r\n", 4);
	nw_buf_reset(&work->line);
	result = nw_wire_overview(&work->line, wire, len,
				  head_end ? (size_t)(head_end + 2 - wire) : 0,
				  err);
	nw_query_end(&query);
	return result;
}

int nw_article_renew(struct nw_work *work, int64_t article_id, bool rewrite,
		     struct nw_error *err)
{
	struct entry entry = { .work = work };
	size_t i;

	if (load_places(&entry, article_id, err) ||
	    (rewrite ? rewrite_article(&entry, article_id, err)
		     : load_line(work, article_id, err)))
		return -1;
	for (i = 0; i < entry.count; i++)
		if (nw_overview_put(work->store, entry.places[i].place,
				    &work->line, err))
			return -1;
	return 0;
}

static int put_message_id(struct nw_work *work,
			  const struct nw_commit_article *article,
			  int64_t article_id, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, work->store, NW_SQL_MESSAGE_ID_ADD);
	nw_query_text(&query, article->message_id);
	nw_query_int(&query, article_id);
	nw_query_text(&query, article->supersedes);
	nw_query_int(&query, work->story_id);
	return nw_query_run(&query, err);
}

static int add_article(struct nw_work *work,
		       const struct nw_commit_article *article,
		       const int64_t *group_ids, size_t count,
		       struct nw_error *err)
{
	struct entry entry = { .work = work };
	struct nw_query query;
	int64_t id;

	if (take_numbers(&entry, group_ids, count, err) ||
	    compose(&entry, article->bytes, article->len, err))
		return -1;
	id = entry.places[0].place;
	nw_query_start(&query, work->store, NW_SQL_ARTICLE_ADD);
	nw_query_int(&query, id);
	nw_query_text(&query, article->message_id);
	nw_query_int(&query, work->story_id);
	nw_query_time(&query, article->date_utc);
	nw_query_int(&query, work->commit->now_utc);
	nw_query_int(&query, (int64_t)entry.head_len);
	nw_query_blob(&query, &work->wire);
	if (nw_query_run(&query, err) ||
	    put_message_id(work, article, id, err))
		return -1;
	return put_places(&entry, id, err);
}

/* The article of a Message-ID: 1 and its id, which is 0 when it is gone; 0
 * when the Message-ID was never stored; -1. */
static int find(struct nw_store *store, const char *message_id,
		int64_t *article_id_r, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_MESSAGE_ID);
	nw_query_text(&query, message_id);
	return nw_query_value(&query, article_id_r, err);
}

/* The groups where an article belongs, some perhaps twice: those of the commit,
 * those where the story is, and those of the article whose place it takes. */
static int choose_groups(struct nw_work *work,
			 const struct nw_commit_article *article,
			 int64_t **ids_r, size_t *count_r, struct nw_error *err)
{
	const struct nw_commit *commit = work->commit;
	struct entry old = { .work = work };
	struct nw_query query;
	int64_t *ids, *all, old_id;
	size_t count, i;
	int found = 0;

	nw_query_start(&query, work->store, NW_SQL_STORY_GROUPS);
	nw_query_int(&query, work->story_id);
	if (nw_query_values(&query, work->arena, &ids, &count, err))
		return -1;
	if (article->supersedes)
		found = find(work->store, article->supersedes, &old_id, err);
	if (found < 0 || (found && load_places(&old, old_id, err)))
		return -1;
	all = nw_arena_alloc(work->arena,
			     (commit->group_count + count + old.count) *
				     sizeof(*all));
	*ids_r = all;
	for (i = 0; i < commit->group_count; i++)
		*all++ = commit->group_ids[i];
	for (i = 0; i < count; i++)
		*all++ = ids[i];
	for (i = 0; i < old.count; i++)
		*all++ = nw_place_group(old.places[i].place);
	*count_r = (size_t)(all - *ids_r);
	return 0;
}

int nw_article_put(struct nw_work *work,
		   const struct nw_commit_article *article,
		   struct nw_error *err)
{
	int64_t *group_ids, id;
	size_t count;
	int known, placed, result = 0;

	if (choose_groups(work, article, &group_ids, &count, err))
		return -1;
	known = find(work->store, article->message_id, &id, err);
	placed = nw_story_has(work, article->message_id, err);
	if (known < 0 || placed < 0)
		return -1;
	if (!known)
		result = add_article(work, article, group_ids, count, err);
	else if (id && !placed && !work->commit->strange)
		result = nw_article_join(work, id, group_ids, count, err);
	if (result)
		return nw_error_prefix(err, "%s", article->message_id);
	work->known += known > 0;
	if (!article->supersedes ||
	    !strcmp(article->supersedes, article->message_id))
		return 0;
	return nw_article_cancel(work->store, work->arena, article->supersedes,
				 err);
}

/* The group closes the gap in its count; shrink says what becomes of its low
 * water mark. */
static int remove_number(struct nw_store *store, int64_t place,
			 enum nw_statement shrink, int64_t *article_id_r,
			 struct nw_error *err)
{
	struct nw_query query;
	int found;

	if (nw_overview_remove(store, place, err))
		return -1;
	nw_query_start(&query, store, NW_SQL_NUMBER_REMOVE);
	nw_query_int(&query, place);
	found = nw_query_value(&query, article_id_r, err);
	if (found <= 0)
		return found;
	nw_query_start(&query, store, shrink);
	nw_query_int(&query, place);
	return nw_query_run(&query, err) ? -1 : 1;
}

static int remove_article(struct nw_store *store, struct nw_arena *arena,
			  int64_t article_id, enum nw_statement shrink,
			  struct nw_error *err)
{
	static const enum nw_statement last[] = { NW_SQL_MESSAGE_ID_GONE,
						  NW_SQL_ARTICLE_REMOVE };
	struct nw_query query;
	int64_t *places;
	size_t count, i;

	nw_query_start(&query, store, NW_SQL_ARTICLE_PLACES);
	nw_query_int(&query, article_id);
	if (nw_query_values(&query, arena, &places, &count, err))
		return -1;
	for (i = 0; i < count; i++)
		if (remove_number(store, places[i], shrink, &article_id, err) <
		    0)
			return -1;
	for (i = 0; i < sizeof(last) / sizeof(*last); i++) {
		nw_query_start(&query, store, last[i]);
		nw_query_int(&query, article_id);
		if (nw_query_run(&query, err))
			return -1;
	}
	return 0;
}

/* A client throws away what is below the low water mark, and with a root that
 * was replaced its thread: so that mark stays. */
int nw_article_withdraw(struct nw_store *store, struct nw_arena *arena,
			int64_t article_id, struct nw_error *err)
{
	return remove_article(store, arena, article_id, NW_SQL_GROUP_SHRINK,
			      err);
}

int nw_article_cancel(struct nw_store *store, struct nw_arena *arena,
		      const char *message_id, struct nw_error *err)
{
	int64_t id;
	int found = find(store, message_id, &id, err);

	if (found <= 0 || !id)
		return found < 0 ? -1 : 0;
	return nw_article_withdraw(store, arena, id, err);
}

int nw_article_expire(struct nw_store *store, struct nw_arena *arena,
		      int64_t article_id, struct nw_error *err)
{
	return remove_article(store, arena, article_id, NW_SQL_GROUP_EXPIRE,
			      err);
}

/* To the place that is its id from now on. */
static int move_article(struct nw_store *store, int64_t article_id,
			int64_t place, struct nw_error *err)
{
	static const enum nw_statement steps[] = { NW_SQL_ARTICLE_COPY,
						   NW_SQL_NUMBERS_MOVE,
						   NW_SQL_MESSAGE_ID_MOVE };
	struct nw_query query;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		nw_query_start(&query, store, steps[i]);
		nw_query_int(&query, article_id);
		nw_query_int(&query, place);
		if (nw_query_run(&query, err))
			return -1;
	}
	nw_query_start(&query, store, NW_SQL_ARTICLE_REMOVE);
	nw_query_int(&query, article_id);
	return nw_query_run(&query, err);
}

int nw_article_leave(struct nw_store *store, struct nw_arena *arena,
		     int64_t place, uint64_t *removed_r, struct nw_error *err)
{
	struct nw_query query;
	int64_t id, other;
	int found = remove_number(store, place, NW_SQL_GROUP_EXPIRE, &id, err);

	if (found <= 0)
		return found;
	nw_query_start(&query, store, NW_SQL_ARTICLE_PLACES);
	nw_query_int(&query, id);
	found = nw_query_value(&query, &other, err);
	if (found < 0)
		return -1;
	if (found)
		return id == place ? move_article(store, id, other, err) : 0;
	(*removed_r)++;
	return nw_article_expire(store, arena, id, err);
}
