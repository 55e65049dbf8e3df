/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

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
static void note(struct nw_recover *recover, sqlite3_stmt *stmt,
		 int64_t first, const struct nw_value *text, int64_t last)
{
	(void)sqlite3_bind_int64(stmt, 1, first);
	(void)sqlite3_bind_text64(stmt, 2, text->bytes, text->len,
				  SQLITE_STATIC, SQLITE_UTF8);
	if (sqlite3_bind_parameter_count(stmt) > 2)
		(void)sqlite3_bind_int64(stmt, 3, last);
	recover->forgot |= sqlite3_step(stmt) != SQLITE_DONE;
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
	recover->forgot |= sqlite3_step(recover->mark) != SQLITE_DONE;
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
		note(recover, recover->key, row->rowid,
		     &(struct nw_value){ .bytes = keys[i],
					 .len = strlen(keys[i]) }, 0);
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
	(void)nw_wire_word(&at, end, &len);
	while ((word = nw_wire_word(&at, end, &len))) {
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
		note(recover, recover->xref, article_id,
		     &(struct nw_value){ .bytes = word,
					 .len = (size_t)(colon - word) },
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
		note(recover, recover->head, row->rowid,
		     &(struct nw_value){ .bytes = value, .len = len }, 0);
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

/* The Message-ID in a line of overviews, from its first tab on. */
static bool read_line_id(const char *at, const char *end,
			 struct nw_value *id_r)
{
	const char *stop;
	unsigned field;

	for (field = 0; at && field < FIELD_MESSAGE_ID; field++) {
		at = memchr(at, '\t', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	stop = at ? memchr(at, '\t', (size_t)(end - at)) : NULL;
	if (!stop)
		return false;
	*id_r = (struct nw_value){ .type = NW_VALUE_TEXT,
				   .bytes = at,
				   .len = (size_t)(stop - at) };
	return is_message_id(id_r);
}

/* A line, or several: one that begins with a number is that number's, else
 * the row's. */
static bool accept_overview(struct nw_recover *recover,
			    const struct nw_record *row)
{
	const int64_t group_id = nw_place_group(row->rowid);
	const char *at = row->values[1].bytes, *next;
	const char *end = at + row->values[1].len;
	struct nw_value id;
	int64_t number;
	bool sound = true;

	for (; at < end; at = next) {
		next = memchr(at, '\n', (size_t)(end - at));
		next = next ? next + 1 : end;
		number = *at == '\t' ? nw_place_number(row->rowid) : 0;
		for (; at < next && *at >= '0' && *at <= '9' &&
		       number <= NW_NUMBER_MAX; at++)
			number = number * 10 + *at - '0';
		note_mark(recover, group_id, number);
		if (nw_place_exists(group_id, number) &&
		    read_line_id(at, next, &id))
			note(recover, recover->line,
			     nw_place(group_id, number), &id, 0);
		else
			sound = false;
	}
	return sound;
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
