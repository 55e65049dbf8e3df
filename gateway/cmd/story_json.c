/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "cmd_private.h"
#include "newswire/date.h"

/* A key whose value is not known is null, so that every object has all. */
static void set_text(json_t *object, const char *key, const char *text)
{
	(void)json_object_set_new(object, key,
				  text ? json_string(text) : json_null());
}

static void set_time(json_t *object, const char *key, int64_t utc)
{
	char text[NW_DATE_BYTES];

	if (utc == NW_TIME_NONE) {
		set_text(object, key, NULL);
		return;
	}
	nw_date_iso8601(utc, text);
	set_text(object, key, text);
}

static json_t *texts(const char *const *items, size_t count)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		(void)json_array_append_new(list, json_string(items[i]));
	return list;
}

static json_t *authors(const struct nw_author *items, size_t count)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++) {
		json_t *author = json_object();

		set_text(author, "name", items[i].name);
		set_text(author, "url", items[i].url);
		set_text(author, "role", items[i].role);
		set_text(author, "bio", items[i].bio);
		set_text(author, "avatar", items[i].avatar);
		(void)json_array_append_new(list, author);
	}
	return list;
}

static void add_image(json_t *list, const struct nw_image *image)
{
	json_t *object = json_object();

	set_text(object, "url", image->url);
	set_text(object, "caption", image->caption);
	set_text(object, "credit", image->credit);
	(void)json_array_append_new(list, object);
}

/* Those of the body; the lead image first where the body lacks it. */
static json_t *images(const struct nw_story *story)
{
	const struct nw_image *lead = story->lead_image;
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < story->body.count && lead; i++) {
		const struct nw_block *block = &story->body.blocks[i];

		if (block->kind == NW_BLOCK_IMAGE &&
		    !strcmp(block->image->url, lead->url))
			lead = NULL;
	}
	if (lead)
		add_image(list, lead);
	for (i = 0; i < story->body.count; i++)
		if (story->body.blocks[i].kind == NW_BLOCK_IMAGE)
			add_image(list, story->body.blocks[i].image);
	return list;
}

static json_t *updates(struct nw_arena *arena, const struct nw_story *story)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < story->update_count; i++) {
		const struct nw_update *update = &story->updates[i];
		json_t *object;

		/* A tombstone has nothing to convert. */
		if (update->marks & NW_UPDATE_WITHDRAWN)
			continue;
		object = json_object();
		set_text(object, "id", update->key);
		set_text(object, "url", update->url);
		set_text(object, "title", update->title);
		(void)json_object_set_new(object, "authors",
					  authors(update->authors,
						  update->author_count));
		set_time(object, "published", update->published_utc);
		set_time(object, "modified", update->modified_utc);
		set_text(object, "text", nw_body_text(arena, &update->body));
		(void)json_array_append_new(list, object);
	}
	return list;
}

json_t *nw_cmd_story_json(struct nw_arena *arena, const struct nw_story *story)
{
	json_t *object = json_object();

	set_text(object, "url", story->url);
	set_text(object, "canonical_url", story->canonical_url);
	set_text(object, "title", story->title);
	set_text(object, "kicker", story->kicker);
	set_text(object, "description", story->description);
	(void)json_object_set_new(object, "authors",
				  authors(story->authors,
					  story->author_count));
	set_text(object, "publisher", story->publisher);
	set_time(object, "published", story->published_utc);
	set_time(object, "modified", story->modified_utc);
	set_text(object, "language", story->language);
	set_text(object, "section", story->section);
	(void)json_object_set_new(object, "topics",
				  texts(story->topics, story->topic_count));
	set_text(object, "lead_image",
		 story->lead_image ? story->lead_image->url : NULL);
	(void)json_object_set_new(object, "images", images(story));
	set_text(object, "body_text", nw_body_text(arena, &story->body));
	(void)json_object_set_new(object, "updates", updates(arena, story));
	(void)json_object_set_new(object, "corrections",
				  texts(story->corrections,
					story->correction_count));
	return object;
}
