/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "newswire/ident.h"
#include "newswire/snapshot.h"
#include "newswire/wire.h"
#include "recover_private.h"

/* Of a line of overviews: fields stand between tabs (newswire/wire.h). */
#define FIELD_MESSAGE_ID 4

static bool accept_article(struct nw_recover *recover,
			   const struct nw_record *row);
static bool accept_delivery(struct nw_recover *recover,
			    const struct nw_record *row);
static bool accept_group(struct nw_recover *recover,
			 const struct nw_record *row);
static bool accept_message_id(struct nw_recover *recover,
			      const struct nw_record *row);
static bool accept_number(struct nw_recover *recover,
			  const struct nw_record *row);
static bool accept_overview(struct nw_recover *recover,
			    const struct nw_record *row);
static bool accept_revision(struct nw_recover *recover,
			    const struct nw_record *row);
static bool accept_sequence(struct nw_recover *recover,
			    const struct nw_record *row);
static bool accept_source(struct nw_recover *recover,
			  const struct nw_record *row);
static bool accept_story(struct nw_recover *recover,
			 const struct nw_record *row);

/* Pictures are a cache, which fills again. */
const struct nw_recover_table nw_recover_tables[NW_RECOVER_TABLES] = {
	{ "groups", true, true, accept_group, NULL },
	{ "sources", true, true, accept_source, NULL },
	{ "stories", true, true, accept_story, NULL },
	{ "message_ids", false, true, accept_message_id, NULL },
	{ "articles", true, true, accept_article, NULL },
	{ "numbers", true, true, accept_number, "seen_numbers" },
	{ "overviews", true, true, accept_overview, "" },
	{ "revisions", true, true, accept_revision, NULL },
	{ "story_keys", false, false, NULL, NULL },
	{ "story_groups", false, false, NULL, NULL },
	{ "items", false, true, NULL, NULL },
	{ "rechecks", false, true, NULL, NULL },
	{ "quarantine", false, true, NULL, NULL },
	{ "targets", true, true, NULL, NULL },
	{ "deliveries", false, true, accept_delivery, NULL },
	{ "kept_feeds", true, true, NULL, NULL },
	{ "sqlite_sequence", true, false, accept_sequence, "" },
};

/* Runs a statement of two or three parameters that remembers something. */
static void note(sqlite3_stmt *stmt, int64_t first, const char *bytes,
		 size_t len, int64_t last)
{
	(void)sqlite3_bind_int64(stmt, 1, first);
	(void)sqlite3_bind_text64(stmt, 2, bytes, len, SQLITE_STATIC,
				  SQLITE_UTF8);
	if (sqlite3_bind_parameter_count(stmt) > 2)
		(void)sqlite3_bind_int64(stmt, 3, last);
	(void)sqlite3_step(stmt);
	(void)sqlite3_reset(stmt);
	(void)sqlite3_clear_bindings(stmt);
}

static void note_mark(struct nw_recover *recover, int64_t group_id,
		      int64_t number)
{
	if (!nw_place_exists(group_id, number))
		return;
	(void)sqlite3_bind_int64(recover->mark, 1, group_id);
	(void)sqlite3_bind_int64(recover->mark, 2, number);
	(void)sqlite3_step(recover->mark);
	(void)sqlite3_reset(recover->mark);
}

static const char *text_of(struct nw_recover *recover,
			   const struct nw_value *value)
{
	return nw_arena_strndup(recover->arena, value->bytes, value->len);
}

static bool accept_group(struct nw_recover *recover,
			 const struct nw_record *row)
{
	const struct nw_value *name = &row->values[1];

	if (memchr(name->bytes, '\0', name->len) || row->rowid <= 0 ||
	    row->rowid > INT32_MAX || row->values[4].number < 0 ||
	    row->values[4].number > NW_NUMBER_MAX)
		return false;
	return !nw_ident_group_check(text_of(recover, name), NULL);
}

static bool accept_source(struct nw_recover *recover,
			  const struct nw_record *row)
{
	(void)recover;
	return row->rowid > 0 && row->values[4].number > 0 &&
	       row->values[4].number <= INT32_MAX;
}

/* The names that the story itself tells, in case that the others are gone. */
static bool accept_story(struct nw_recover *recover,
			 const struct nw_record *row)
{
	const struct nw_value *json = &row->values[3];
	struct nw_arena *arena = nw_arena_new();
	const char **keys = NULL;
	struct nw_story *story;
	size_t count, i;
	bool good = !nw_snapshot_read(arena, json->bytes, json->len, &story,
				      NULL);

	count = good ? nw_ident_keys(arena, story, &keys) : 0;
	for (i = 0; i < count; i++)
		note(recover->key, row->rowid, keys[i], strlen(keys[i]), 0);
	nw_arena_free(&arena);
	return good;
}

static bool accept_revision(struct nw_recover *recover,
			    const struct nw_record *row)
{
	const struct nw_value *bytes = &row->values[7];
	struct nw_arena *arena = nw_arena_new();
	struct nw_delta delta;
	bool good;

	(void)recover;
	good = row->values[6].number >= 0 &&
	       !nw_delta_unpack(arena, bytes->bytes, bytes->len,
				(size_t)row->values[6].number, &delta, NULL);
	nw_arena_free(&arena);
	return good;
}

static bool is_message_id(const struct nw_value *value)
{
	return value->len > 2 && value->len <= NW_MESSAGE_ID_OCTETS &&
	       value->bytes[0] == '<' &&
	       value->bytes[value->len - 1] == '>' &&
	       !memchr(value->bytes, '\0', value->len);
}

static bool accept_message_id(struct nw_recover *recover,
			      const struct nw_record *row)
{
	(void)recover;
	return is_message_id(&row->values[0]);
}

/* Each place that an Xref names, whatever becomes of the article; a word that
 * names none, as number 0. */
static void note_xref(struct nw_recover *recover, int64_t article_id,
		      const char *xref, size_t len)
{
	const char *at = xref, *end = xref + len, *word, *colon, *c;
	int64_t number;

	/* The first word is the host. */
	while (at < end && (unsigned char)*at > ' ')
		at++;
	for (;;) {
		while (at < end && (unsigned char)*at <= ' ')
			at++;
		for (word = at; at < end && (unsigned char)*at > ' ';)
			at++;
		if (word == at)
			break;
		colon = memrchr(word, ':', (size_t)(at - word));
		number = 0;
		for (c = colon ? colon + 1 : at; c < at; c++)
			number = *c < '0' || *c > '9' || number > NW_NUMBER_MAX
					 ? INT64_MAX / 16
					 : number * 10 + *c - '0';
		if (!colon || !nw_place_exists(1, number)) {
			colon = at;
			number = 0;
		}
		note(recover->xref, article_id, word, (size_t)(colon - word),
		     number);
	}
}

/* What an article without a sound head still tells. */
static size_t head_of(const struct nw_value *wire)
{
	const char *end = memmem(wire->bytes, wire->len, "\r\n\r\n", 4);

	return end ? (size_t)(end + 2 - wire->bytes) : wire->len;
}

/* Of two rows with this Message-ID the one that it is known by. */
static bool is_gone(struct nw_recover *recover, int64_t article_id,
		    const struct nw_value *id)
{
	bool gone;

	(void)sqlite3_bind_text64(recover->known, 1, id->bytes, id->len,
				  SQLITE_STATIC, SQLITE_UTF8);
	(void)sqlite3_bind_int64(recover->known, 2, article_id);
	gone = sqlite3_step(recover->known) == SQLITE_ROW;
	(void)sqlite3_reset(recover->known);
	return gone;
}

static bool accept_article(struct nw_recover *recover,
			   const struct nw_record *row)
{
	const struct nw_value *id = &row->values[1], *wire = &row->values[6];
	const size_t head_len = head_of(wire);
	const char *value;
	size_t len;
	bool sound = is_message_id(id) && row->rowid > 0 &&
		     row->values[5].number == (int64_t)head_len &&
		     !nw_wire_check(wire->bytes, wire->len, head_len, NULL) &&
		     nw_wire_header(wire->bytes, head_len, "Message-ID",
				    &value, &len) &&
		     len == id->len && !memcmp(value, id->bytes, len);

	/* A page that no tree leads to may hold what was deleted. */
	if (recover->orphans && (!sound || is_gone(recover, row->rowid, id)))
		return false;
	if (nw_wire_header(wire->bytes, head_len, "Xref", &value, &len))
		note_xref(recover, sound ? row->rowid : 0, value, len);
	if (sound && nw_wire_header(wire->bytes, head_len, "Supersedes",
				    &value, &len))
		note(recover->head, row->rowid, value, len, 0);
	return sound;
}

static bool accept_number(struct nw_recover *recover,
			  const struct nw_record *row)
{
	const int64_t group_id = nw_place_group(row->rowid);
	const int64_t number = nw_place_number(row->rowid);

	note_mark(recover, group_id, number);
	return nw_place_exists(group_id, number);
}

/* A line tells which article has which place. */
static bool accept_line(struct nw_recover *recover, int64_t place,
			const char *at, const char *end)
{
	struct nw_value id = { .type = NW_VALUE_TEXT };
	const char *stop;
	unsigned field;

	note_mark(recover, nw_place_group(place), nw_place_number(place));
	for (field = 0; at && field < FIELD_MESSAGE_ID; field++) {
		at = memchr(at, '\t', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	stop = at ? memchr(at, '\t', (size_t)(end - at)) : NULL;
	id.bytes = at;
	id.len = stop ? (size_t)(stop - at) : 0;
	if (!stop || !is_message_id(&id) ||
	    !nw_place_exists(nw_place_group(place), nw_place_number(place)))
		return false;
	note(recover->line, place, id.bytes, id.len, 0);
	return true;
}

/* A block, or before format 10 one line without its number. */
static bool accept_overview(struct nw_recover *recover,
			    const struct nw_record *row)
{
	const struct nw_value *lines = &row->values[1];
	const char *end = lines->bytes + lines->len;
	struct nw_overview_line line = { .end = lines->bytes };
	int64_t place;

	if (lines->len && lines->bytes[0] == '\t')
		return accept_line(recover, row->rowid, lines->bytes, end);
	while (nw_overview_next(&line, end)) {
		place = nw_place(nw_place_group(row->rowid), line.number);
		if (nw_overview_place(place) != row->rowid ||
		    !accept_line(recover, place, line.fields, line.end))
			return false;
	}
	return line.end == end && lines->len;
}

static bool accept_delivery(struct nw_recover *recover,
			    const struct nw_record *row)
{
	note_mark(recover, row->values[1].number, row->values[2].number);
	note_mark(recover, row->values[1].number, row->values[3].number);
	return row->values[2].number >= 0 && row->values[3].number >= 0 &&
	       row->values[4].number >= 0;
}

static bool accept_sequence(struct nw_recover *recover,
			    const struct nw_record *row)
{
	static const char name[] = "sources";

	if (row->values[0].len != strlen(name) ||
	    memcmp(row->values[0].bytes, name, strlen(name)) != 0)
		return false;
	recover->sequence = row->values[1].number;
	return true;
}

static bool is_value(const struct nw_recover_columns *columns, size_t i,
		     const struct nw_value *value)
{
	if (value->type == NW_VALUE_NULL)
		return (int)i == columns->key || !columns->needed[i];
	if (columns->types[i] == NW_VALUE_NULL)
		return true;
	return value->type == columns->types[i];
}

static bool is_of(const struct nw_recover *recover, size_t table,
		  const struct nw_record *row)
{
	const struct nw_recover_columns *columns = &recover->columns[table];
	size_t i;

	if (row->keyed != nw_recover_tables[table].keyed ||
	    row->count > columns->count || row->count < columns->least)
		return false;
	for (i = 0; i < row->count; i++)
		if (!is_value(columns, i, &row->values[i]))
			return false;
	return true;
}

static sqlite3_stmt *insert_of(struct nw_recover *recover, size_t table,
			       size_t count)
{
	struct nw_recover_columns *columns = &recover->columns[table];
	const struct nw_recover_table *it = &nw_recover_tables[table];
	struct nw_buf sql;
	size_t i;

	if (columns->inserts[count])
		return columns->inserts[count];
	nw_buf_init(&sql, 4096);
	nw_buf_addf(&sql, "INSERT OR IGNORE INTO %s (",
		    it->instead ? it->instead : it->name);
	for (i = 0; i < count; i++)
		nw_buf_addf(&sql, "%s%s", i ? ", " : "", columns->names[i]);
	nw_buf_adds(&sql, ") VALUES (");
	for (i = 0; i < count; i++)
		nw_buf_addf(&sql, "%s?%zu", i ? ", " : "", i + 1);
	nw_buf_adds(&sql, ")");
	if (nw_buf_ok(&sql))
		(void)sqlite3_prepare_v2(recover->store->db, sql.data, -1,
					 &columns->inserts[count], NULL);
	nw_buf_free(&sql);
	return columns->inserts[count];
}

static int bind(sqlite3_stmt *stmt, int at, const struct nw_value *value)
{
	switch (value->type) {
	case NW_VALUE_INTEGER:
		return sqlite3_bind_int64(stmt, at, value->number);
	case NW_VALUE_TEXT:
		return sqlite3_bind_text64(stmt, at, value->bytes, value->len,
					   SQLITE_STATIC, SQLITE_UTF8);
	case NW_VALUE_BLOB:
		return sqlite3_bind_blob64(stmt, at, value->bytes, value->len,
					   SQLITE_STATIC);
	default:
		return sqlite3_bind_null(stmt, at);
	}
}

/* What breaks a rule of the schema is refused there. */
static int insert(struct nw_recover *recover, size_t table,
		  const struct nw_record *row, struct nw_error *err)
{
	struct nw_recover_columns *columns = &recover->columns[table];
	sqlite3_stmt *stmt = insert_of(recover, table, row->count);
	int code = stmt ? SQLITE_OK : SQLITE_ERROR;
	size_t i;

	for (i = 0; i < row->count && code == SQLITE_OK; i++)
		code = (int)i == columns->key
			       ? sqlite3_bind_int64(stmt, (int)i + 1,
						    row->rowid)
			       : bind(stmt, (int)i + 1, &row->values[i]);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (stmt) {
		(void)sqlite3_reset(stmt);
		(void)sqlite3_clear_bindings(stmt);
	}
	if (code == SQLITE_CONSTRAINT || (code & 0xff) == SQLITE_CONSTRAINT)
		columns->refused++;
	else if (code == SQLITE_DONE)
		columns->saved += (uint64_t)sqlite3_changes(recover->store->db);
	else
		return nw_store_fail(recover->store, code, err);
	return 0;
}

static int take(struct nw_recover *recover, size_t table,
		const struct nw_record *row, struct nw_error *err)
{
	const struct nw_recover_table *it = &nw_recover_tables[table];

	if (it->accept && !it->accept(recover, row)) {
		recover->columns[table].refused += !recover->orphans;
		return 0;
	}
	if (it->instead && !*it->instead) {
		recover->columns[table].saved++;
		return 0;
	}
	return insert(recover, table, row, err);
}

int nw_recover_row(struct nw_recover *recover, const struct nw_record *row,
		   struct nw_error *err)
{
	size_t i;

	if (!recover->orphans && is_of(recover, recover->present, row))
		return take(recover, recover->present, row, err);
	/* A wrong turn in one tree leads into another one. */
	for (i = 0; i < NW_RECOVER_TABLES; i++)
		if (nw_recover_tables[i].distinct && is_of(recover, i, row))
			return take(recover, i, row, err);
	recover->columns[recover->present].refused += !recover->orphans;
	return 0;
}

static enum nw_value_type type_of(const char *name)
{
	static const struct {
		const char *name;
		enum nw_value_type type;
	} types[] = { { "INTEGER", NW_VALUE_INTEGER },
		      { "TEXT", NW_VALUE_TEXT },
		      { "BLOB", NW_VALUE_BLOB } };
	size_t i;

	for (i = 0; name && i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(types[i].name, name))
			return types[i].type;
	return NW_VALUE_NULL;
}

/* A row of PRAGMA table_info: name, type, whether it may be NULL, what it is
 * when it is not given, whether it is of the key. */
static void learn_column(struct nw_recover *recover, size_t table,
			 sqlite3_stmt *stmt)
{
	struct nw_recover_columns *columns = &recover->columns[table];
	const size_t i = columns->count++;

	columns->names[i] = nw_arena_strdup(
		recover->arena, (const char *)sqlite3_column_text(stmt, 1));
	columns->types[i] = type_of((const char *)sqlite3_column_text(stmt, 2));
	columns->needed[i] = sqlite3_column_int(stmt, 3);
	if (columns->needed[i] && sqlite3_column_type(stmt, 4) == SQLITE_NULL)
		columns->least = i + 1;
	if (nw_recover_tables[table].keyed && sqlite3_column_int(stmt, 5))
		columns->key = (int)i;
}

int nw_recover_learn(struct nw_recover *recover, struct nw_error *err)
{
	sqlite3_stmt *stmt = NULL;
	size_t table;
	char sql[64];
	int code;

	for (table = 0; table < NW_RECOVER_TABLES; table++) {
		recover->columns[table].key = -1;
		(void)snprintf(sql, sizeof(sql), "PRAGMA table_info(%s)",
			       nw_recover_tables[table].name);
		code = sqlite3_prepare_v2(recover->store->db, sql, -1, &stmt,
					  NULL);
		while (code == SQLITE_OK || code == SQLITE_ROW) {
			code = sqlite3_step(stmt);
			if (code == SQLITE_ROW &&
			    recover->columns[table].count < NW_ROW_VALUES)
				learn_column(recover, table, stmt);
		}
		(void)sqlite3_finalize(stmt);
		if (code != SQLITE_DONE)
			return nw_store_fail(recover->store, code, err);
	}
	return 0;
}

void nw_recover_forget(struct nw_recover *recover)
{
	size_t table, i;

	for (table = 0; table < NW_RECOVER_TABLES; table++)
		for (i = 0; i <= NW_ROW_VALUES; i++)
			(void)sqlite3_finalize(
				recover->columns[table].inserts[i]);
}
