/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pictures of one message, out of the cache of the store, within what a
 * message may hold: in the order of the body, the lead image first; one that
 * does not fit stays a link.
 */
#include "config.h"

#include "newswire/limits.h"
#include "newswire/picture_cache.h"
#include "newswire/shown.h"
#include "pipeline_private.h"

/* 1 and the picture; 0 when there is none; -1. */
static int find(const struct nw_album *album, bool face, const char *url,
		struct nw_picture *picture_r, struct nw_error *err)
{
	struct nw_kept_picture kept;
	int found = nw_picture_cache_find(album->store, album->arena, face, url,
					  &kept, err);

	if (found <= 0 || !kept.picture.bytes)
		return found < 0 ? -1 : 0;
	*picture_r = kept.picture;
	return 1;
}

static int add_pictures(const struct nw_album *album, const char *const *urls,
			size_t count, struct nw_message_options *options,
			struct nw_error *err)
{
	const struct nw_config *config = album->config;
	size_t room = album->room, added = 0, i;
	struct nw_picture *pictures, picture;
	int found;

	pictures = nw_arena_alloc(album->arena,
				  (count + 1) * sizeof(*pictures));
	if (room > config->images_bytes)
		room = config->images_bytes;
	for (i = 0; i < count && added < NW_PICTURES; i++) {
		found = find(album, false, urls[i], &picture, err);
		if (found < 0)
			return -1;
		if (!found || picture.len > room ||
		    picture.len > config->image_bytes)
			continue;
		room -= picture.len;
		pictures[added++] = picture;
	}
	options->pictures = pictures;
	options->picture_count = added;
	return 0;
}

int nw_album_open(const struct nw_album *album, const struct nw_story *story,
		  const struct nw_post *post,
		  struct nw_message_options *options, struct nw_error *err)
{
	const char *face_url = nw_shown_face(story, post), **urls;
	size_t count = nw_shown_images(album->arena, story, post, &urls);
	struct nw_picture *face = nw_arena_alloc(album->arena, sizeof(*face));
	int found;

	if (add_pictures(album, urls, count, options, err) < 0)
		return -1;
	found = face_url ? find(album, true, face_url, face, err) : 0;
	if (found > 0)
		options->face = face;
	return found < 0 ? -1 : 0;
}

int nw_pipeline_album(struct nw_store *store, struct nw_arena *arena,
		      const struct nw_config *config,
		      const struct nw_thread *thread,
		      struct nw_message_options *options, struct nw_error *err)
{
	const struct nw_album album = {
		.store = store,
		.arena = arena,
		.config = config,
		.room = NW_PICTURES_STORY_BYTES,
	};

	if (!thread->post_count)
		return 0;
	return nw_album_open(&album, thread->story, &thread->posts[0], options,
			     err);
}
