/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <jansson.h>

#include "cmd_private.h"
#include "history_private.h"
#include "newswire/date.h"

static void set_text(json_t *object, const char *key, const char *text)
{
	(void)json_object_set_new(object, key,
				  text ? json_string(text) : json_null());
}

static void set_time(json_t *object, const char *key, int64_t utc)
{
	char text[NW_DATE_BYTES];

	if (utc != NW_TIME_NONE)
		nw_date_iso8601(utc, text);
	set_text(object, key, utc != NW_TIME_NONE ? text : NULL);
}

static json_t *version_json(struct nw_arena *arena,
			    const struct nw_version *version)
{
	json_t *object = json_object(), *authors = json_array();
	size_t i;

	set_text(object, "title", version->texts.title);
	set_text(object, "description", version->texts.description);
	for (i = 0; i < version->author_count; i++)
		if (version->authors[i].name)
			(void)json_array_append_new(
				authors, json_string(version->authors[i].name));
	(void)json_object_set_new(object, "authors", authors);
	set_text(object, "text", nw_body_text(arena, &version->texts.body));
	return object;
}

static json_t *change_json(struct nw_arena *arena,
			   const struct nw_history_change *change)
{
	json_t *object = json_object();
	bool came = change->kind == NW_HISTORY_ADDED;
	bool went = nw_history_is_end(change->kind);

	set_text(object, "kind", nw_history_names[change->kind]);
	set_text(object, "update", change->update ? change->update->key : NULL);
	set_text(object, "url", change->update ? change->update->url : NULL);
	set_text(object, "notice", change->notice);
	(void)json_object_set_new(object, "before",
				  came ? json_null()
				       : version_json(arena, &change->before));
	(void)json_object_set_new(object, "after",
				  went ? json_null()
				       : version_json(arena, &change->after));
	return object;
}

static json_t *revision_json(struct nw_arena *arena,
			     const struct nw_revision *revision)
{
	json_t *object = json_object(), *changes = json_array();
	size_t i;

	set_time(object, "time", revision->at_utc);
	(void)json_object_set_new(object, "merged",
				  json_integer(revision->merged));
	for (i = 0; i < revision->count; i++)
		(void)json_array_append_new(
			changes, change_json(arena, &revision->changes[i]));
	(void)json_object_set_new(object, "changes", changes);
	return object;
}

int nw_history_print_json(FILE *out, struct nw_arena *arena,
			  const struct nw_history *history,
			  struct nw_error *err)
{
	const struct nw_story *story = history->story;
	json_t *object = json_object(), *revisions = json_array();
	size_t i;

	set_text(object, "url", story->canonical_url ? story->canonical_url
						     : story->url);
	set_text(object, "title", story->title);
	set_text(object, "message_id", story->message_id);
	set_time(object, "published", story->published_utc);
	set_time(object, "stored", history->stored_utc);
	(void)json_object_set_new(object, "whole",
				  json_boolean(history->whole));
	(void)json_object_set_new(object, "first",
				  version_json(arena, &history->first));
	for (i = 0; i < history->count; i++)
		(void)json_array_append_new(
			revisions,
			revision_json(arena, &history->revisions[i]));
	(void)json_object_set_new(object, "revisions", revisions);
	return nw_cmd_print_json(out, object, JSON_INDENT(2), err);
}

int nw_history_print_list_json(FILE *out, const struct nw_history_line *lines,
			       size_t count, struct nw_error *err)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++) {
		json_t *object = json_object();

		set_time(object, "changed", lines[i].at_utc);
		(void)json_object_set_new(
			object, "revisions",
			json_integer((json_int_t)lines[i].count));
		set_text(object, "title", lines[i].title);
		set_text(object, "message_id", lines[i].message_id);
		(void)json_array_append_new(list, object);
	}
	return nw_cmd_print_json(out, list, JSON_INDENT(2), err);
}
