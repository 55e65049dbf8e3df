/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/shown.h"
#include "newswire/url.h"
#include "post_private.h"

struct list {
	struct nw_arena *arena;
	const char **urls;
	size_t count;
};

/* A few dozen at most, so looking through them costs nothing. */
static void add(struct list *list, const struct nw_image *image)
{
	size_t i;

	if (!image || !image->url || !nw_url_is_web(image->url) ||
	    list->count == NW_STORY_IMAGES)
		return;
	for (i = 0; i < list->count; i++)
		if (!strcmp(list->urls[i], image->url))
			return;
	list->urls = nw_arena_grow(list->arena, list->urls, list->count,
				   sizeof(*list->urls));
	list->urls[list->count++] = image->url;
}

static void add_body(struct list *list, const struct nw_body *body)
{
	size_t i;

	for (i = 0; i < body->count; i++)
		if (body->blocks[i].kind == NW_BLOCK_IMAGE)
			add(list, body->blocks[i].image);
}

size_t nw_shown_images(struct nw_arena *arena, const struct nw_story *story,
		       const struct nw_post *post, const char ***urls_r)
{
	struct list list = { .arena = arena };
	struct nw_layout layout;

	*urls_r = NULL;
	if (post->kind == NW_POST_CANCEL)
		return 0;
	nw_post_layout(arena, story, post, &layout);
	add(&list, layout.lead);
	add_body(&list, layout.body);
	*urls_r = list.urls;
	return list.count;
}

static const char *avatar_of(const struct nw_author *authors, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (authors[i].avatar && nw_url_is_web(authors[i].avatar))
			return authors[i].avatar;
	return NULL;
}

const char *nw_shown_face(const struct nw_story *story,
			  const struct nw_post *post)
{
	const struct nw_update *update = post->update;
	const char *url;

	if (post->kind == NW_POST_CANCEL)
		return NULL;
	/* As From names them: those of the update, else of the story. */
	url = update && update->author_count
		      ? avatar_of(update->authors, update->author_count)
		      : avatar_of(story->authors, story->author_count);
	if (url)
		return url;
	return story->icon && nw_url_is_web(story->icon) ? story->icon : NULL;
}
