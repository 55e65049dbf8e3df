/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/change.h"
#include "newswire/limits.h"
#include "newswire/notice.h"

#include "post_private.h"

static const char *either(const char *fresh, const char *stored)
{
	return fresh ? fresh : stored;
}

static int64_t either_time(int64_t first, int64_t second)
{
	return first != NW_TIME_NONE ? first : second;
}

/* What the page does not say this time stays as it was. */
static void keep_fields(struct nw_story *story, const struct nw_story *stored)
{
	story->url = either(story->url, stored->url);
	story->canonical_url =
		either(story->canonical_url, stored->canonical_url);
	story->title = either(story->title, stored->title);
	story->kicker = either(story->kicker, stored->kicker);
	story->publisher = either(story->publisher, stored->publisher);
	story->language = either(story->language, stored->language);
	story->section = either(story->section, stored->section);
	story->published_utc =
		either_time(stored->published_utc, story->published_utc);
	story->modified_utc =
		either_time(story->modified_utc, stored->modified_utc);
	if (!story->author_count) {
		story->authors = stored->authors;
		story->author_count = stored->author_count;
	}
	if (!story->topic_count) {
		story->topics = stored->topics;
		story->topic_count = stored->topic_count;
	}
	if (!story->lead_image)
		story->lead_image = stored->lead_image;
	story->root_id = stored->root_id;
	story->message_id = stored->message_id;
	story->posted_utc = stored->posted_utc;
	story->revision = stored->revision;
	/* Without its page nothing new is known of that. */
	if (!story->live) {
		story->gap_tries = stored->gap_tries;
		story->gap_utc = stored->gap_utc;
	}
}

static void keep_body(struct nw_story *story, const struct nw_story *stored)
{
	story->body = stored->body;
	story->paywalled = stored->paywalled;
}

/* All names that it ever had; the first ones stay when the cap is met. */
static void join_aliases(struct nw_arena *arena, struct nw_story *story,
			 const struct nw_story *stored)
{
	const char **fresh = story->aliases;
	size_t count = story->alias_count, i;

	story->aliases = NULL;
	story->alias_count = 0;
	for (i = 0; stored && i < stored->alias_count; i++)
		nw_story_add_alias(arena, story, stored->aliases[i]);
	if (stored && stored->canonical_url &&
	    strcmp(stored->canonical_url, story->canonical_url) != 0)
		nw_story_add_alias(arena, story, stored->canonical_url);
	for (i = 0; i < count; i++)
		nw_story_add_alias(arena, story, fresh[i]);
}

struct notices {
	const char **texts, **keys;
	size_t count;
};

/* Whether two notices say the same, one of them behind a label maybe. */
static bool same_notice(const char *a, const char *b)
{
	size_t first = strlen(a), second = strlen(b);

	return first < second ? !strcmp(b + second - first, a)
			      : !strcmp(a + first - second, b);
}

static bool add_notice(struct nw_arena *arena, struct notices *notices,
		       const char *text)
{
	const char *key = nw_post_key(arena, text);
	size_t i;

	if (!*key || notices->count >= NW_STORY_CORRECTIONS)
		return false;
	for (i = 0; i < notices->count; i++)
		if (same_notice(notices->keys[i], key))
			return false;
	notices->texts = nw_arena_grow(arena, notices->texts, notices->count,
				       sizeof(*notices->texts));
	notices->keys = nw_arena_grow(arena, notices->keys, notices->count,
				      sizeof(*notices->keys));
	notices->texts[notices->count] = text;
	notices->keys[notices->count++] = key;
	return true;
}

/* All notices of a story, also those that only stand in its text; merge gets
 * those that were not there yet, if it is not NULL. */
static void add_notices(struct nw_arena *arena, struct notices *notices,
			const struct nw_story *story, struct nw_merge *merge)
{
	const struct nw_body *body = &story->body;
	size_t at, used, i;
	const char *text;

	for (i = at = 0; i < story->correction_count || at < body->count;) {
		used = 1;
		if (i < story->correction_count)
			text = story->corrections[i++];
		else if ((used = nw_notice_at(arena, body, at, &text)))
			at += used;
		else
			at++;
		if (!used || !add_notice(arena, notices, text) || !merge)
			continue;
		merge->notices = nw_arena_grow(arena, merge->notices,
					       merge->notice_count,
					       sizeof(*merge->notices));
		merge->notices[merge->notice_count++] = text;
	}
}

static void join_corrections(struct nw_arena *arena, struct nw_merge *merge,
			     const struct nw_story *stored,
			     const struct nw_story *fresh)
{
	struct notices notices = { NULL, NULL, 0 };

	if (stored)
		add_notices(arena, &notices, stored, NULL);
	add_notices(arena, &notices, fresh, merge);
	merge->story->corrections = notices.texts;
	merge->story->correction_count = notices.count;
}

/* The story with the texts that readers were told. */
static struct nw_story as_posted(const struct nw_story *stored)
{
	struct nw_story story = *stored;

	if (stored->posted) {
		story.title = stored->posted->title;
		story.description = stored->posted->description;
		story.body = stored->posted->body;
	}
	return story;
}

/* What the page says now, over what it said before. */
static unsigned join_texts(struct nw_arena *arena, struct nw_story *story,
			   const struct nw_story *stored,
			   const struct nw_story *fresh)
{
	unsigned change = nw_change_story(arena, stored, fresh);

	keep_fields(story, stored);
	if (change & NW_CHANGE_CUT)
		keep_body(story, stored);
	/* With new words, the old standfirst may say what is no more so. */
	if (!(change & NW_CHANGE_WORDS) || (change & NW_CHANGE_CUT))
		story->description =
			either(story->description, stored->description);
	return change;
}

/* Small edits are held against what was posted, not against each other. */
static void compare_posted(struct nw_arena *arena, struct nw_merge *merge,
			   const struct nw_story *stored, unsigned change)
{
	const struct nw_story posted = as_posted(stored);

	if (stored->posted)
		change = nw_change_story(arena, &posted, merge->story);
	merge->edited = change & NW_CHANGE_WORDS;
	merge->slight = change & NW_CHANGE_SLIGHT;
	merge->posted = (struct nw_texts) { posted.title, posted.description,
					    posted.body };
}

bool nw_post_is_held(const struct nw_thread_options *options,
		     int64_t posted_utc)
{
	return posted_utc != NW_TIME_NONE && posted_utc <= options->now_utc &&
	       options->now_utc - posted_utc < options->update_pause_s;
}

void nw_post_merge(struct nw_arena *arena, const struct nw_story *stored,
		   const struct nw_story *fresh,
		   const struct nw_thread_options *options,
		   struct nw_merge *merge_r)
{
	struct nw_story *story = nw_arena_alloc(arena, sizeof(*story));

	*merge_r = (struct nw_merge){ .story = story };
	*story = *fresh;
	story->updates = NULL;
	story->update_count = 0;
	story->root_id = story->message_id = NULL;
	story->posted_utc = NW_TIME_NONE;
	story->revision = 0;
	story->posted = NULL;
	story->withdrawn = false;
	if (stored)
		compare_posted(arena, merge_r, stored,
			       join_texts(arena, story, stored, fresh));
	join_aliases(arena, story, stored);
	if (story->published_utc == NW_TIME_NONE)
		story->published_utc = options->now_utc;
	join_corrections(arena, merge_r, stored, fresh);
	nw_post_merge_updates(arena, stored, fresh, options, merge_r);
}
