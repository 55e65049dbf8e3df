/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/buf.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/thread.h"
#include "pipeline_private.h"

/* Of a source that is a page itself, where items have keys of their own. */
#define PAGE_KEY "page"

/* A commit under construction. */
struct draft {
	struct nw_pipeline *pipeline;
	struct nw_arena *arena;
	const struct nw_source *source;
	struct nw_commit commit;
	struct nw_commit_article *articles;
	size_t picture_bytes;	/* in these, so far */
	const char **cancels;
	bool waits;
};

static void add_cancel(struct draft *draft, const char *message_id)
{
	size_t count = draft->commit.cancel_count;

	if (!message_id)
		return;
	draft->cancels = nw_arena_grow(draft->arena, draft->cancels, count,
				       sizeof(*draft->cancels));
	draft->cancels[count] = message_id;
	draft->commit.cancels = draft->cancels;
	draft->commit.cancel_count++;
}

/* The pictures live in an arena of their own until the message is written. */
static int write_message(struct draft *draft, const struct nw_story *story,
			 const struct nw_post *post, struct nw_buf *bytes,
			 struct nw_error *err)
{
	const struct nw_source *source = draft->source;
	struct nw_message_options options = {
		.newsgroups = &source->group,
		.newsgroup_count = 1,
		.path_host = draft->commit.path_host,
		.now_utc = draft->commit.now_utc,
		.layout = source->layout,
		.images = source->images,
		.list_name = source->name,
		.list_url = source->url,
	};
	struct nw_arena *arena = nw_arena_new();
	const struct nw_album album = {
		.store = draft->pipeline->store,
		.arena = arena,
		.config = draft->pipeline->options.config,
		.room = NW_PICTURES_STORY_BYTES - draft->picture_bytes,
	};
	int result = 0;
	size_t i;

	if (nw_illustrates(source))
		result = nw_album_open(&album, story, post, &options, err);
	if (result == 0)
		result = nw_message_write(bytes, story, post, &options, err);
	for (i = 0; i < options.picture_count; i++)
		draft->picture_bytes += options.pictures[i].len;
	nw_arena_free(&arena);
	return result;
}

static int add_article(struct draft *draft, const struct nw_story *story,
		       const struct nw_post *post, struct nw_error *err)
{
	size_t count = draft->commit.article_count;
	struct nw_buf bytes;

	nw_buf_init(&bytes, NW_MESSAGE_BYTES);
	if (write_message(draft, story, post, &bytes, err) < 0) {
		nw_buf_free(&bytes);
		return -1;
	}
	draft->articles = nw_arena_grow(draft->arena, draft->articles, count,
					sizeof(*draft->articles));
	draft->articles[count] = (struct nw_commit_article){
		.message_id = post->message_id,
		.bytes = nw_arena_strndup(draft->arena, bytes.data, bytes.len),
		.len = bytes.len,
		.date_utc = post->date_utc,
		.supersedes = post->supersedes,
	};
	nw_buf_free(&bytes);
	draft->commit.articles = draft->articles;
	draft->commit.article_count++;
	return 0;
}

static int add_posts(struct draft *draft, const struct nw_thread *thread,
		     struct nw_error *err)
{
	size_t i;

	for (i = 0; i < thread->post_count; i++) {
		const struct nw_post *post = &thread->posts[i];

		if (post->kind == NW_POST_CANCEL)
			add_cancel(draft, post->message_id);
		else if (add_article(draft, thread->story, post, err) < 0)
			return -1;
	}
	return 0;
}

/* The id of the story that has this name, NULL where there is none. */
static int find_parent(const struct draft *draft, const char *name,
		       const char **id_r, struct nw_error *err)
{
	const char *key = name ? nw_ident_key(draft->arena, name) : NULL;
	struct nw_story *parent;
	int64_t story_id;
	int found;

	*id_r = NULL;
	if (!key)
		return 0;
	found = nw_store_story(draft->pipeline->store, draft->arena, &key, 1,
			       &parent, &story_id, err);
	if (found > 0)
		*id_r = parent->root_id;
	return found < 0 ? -1 : 0;
}

/* What the fresh story brings beside the stored one, if there is one. */
static int plan(struct draft *draft, const struct nw_story *stored,
		const struct nw_publication *publication,
		struct nw_thread *thread_r, struct nw_error *err)
{
	struct nw_thread_options options = {
		.id_domain = draft->pipeline->options.config->id_domain,
		.edits = draft->source->edits,
		.now_utc = draft->commit.now_utc,
		.update_pause_s =
			draft->pipeline->options.config->update_pause_s,
	};

	if (find_parent(draft, publication->reply_to, &options.parent_id,
			err) < 0)
		return -1;
	return nw_thread_plan(draft->arena, stored, publication->story,
			      &options, thread_r, err);
}

static int draft_story(struct draft *draft, const struct nw_story *stored,
		       const struct nw_publication *publication,
		       struct nw_error *err)
{
	struct nw_thread thread;

	if (plan(draft, stored, publication, &thread, err) < 0)
		return -1;
	if (thread.changed)
		draft->commit.story = thread.story;
	draft->waits = thread.waits ||
		       (thread.story->live && thread.story->gap_tries);
	return add_posts(draft, &thread, err);
}

/* All articles of a story that its publisher took back. */
static void draft_withdrawal(struct draft *draft,
			     const struct nw_story *stored)
{
	draft->commit.withdraws = true;
	if (!stored->withdrawn)
		draft->commit.story = nw_thread_withdraw(draft->arena, stored);
}

/* The story as it is stored: 1, 0 when it is new, -1. */
static int find_stored(struct draft *draft,
		       const struct nw_publication *publication,
		       struct nw_story **stored_r, struct nw_error *err)
{
	struct nw_commit *commit = &draft->commit;
	const char **keys = NULL;

	*stored_r = NULL;
	commit->key_count = nw_ident_keys(draft->arena, publication->story,
					  &keys);
	commit->keys = (const char *const *)keys;
	if (!commit->key_count)
		return nw_error_set(err, NW_ERROR_DATA,
				    "has neither an address nor an id");
	return nw_store_story(draft->pipeline->store, draft->arena,
			      commit->keys, commit->key_count, stored_r,
			      &commit->story_id, err);
}

static int draft_publication(struct draft *draft,
			     const struct nw_publication *publication,
			     struct nw_error *err)
{
	struct nw_commit *commit = &draft->commit;
	struct nw_story *stored;
	int found = find_stored(draft, publication, &stored, err);

	if (found < 0)
		return -1;
	if (!publication->withdrawn && !(publication->gone && found)) {
		commit->group_ids = &draft->source->group_id;
		commit->group_count = 1;
		return draft_story(draft, found ? stored : NULL, publication,
				   err);
	}
	if (found)
		draft_withdrawal(draft, stored);
	else
		commit->key_count = 0;
	return 0;
}

/* A page that something waits for is asked for without validators, and read
 * even when its bytes are the same. */
static void note_page(struct draft *draft, const char *page_hash)
{
	struct nw_commit *commit = &draft->commit;

	if (page_hash) {
		commit->item_key = PAGE_KEY;
		commit->item_hash = draft->waits ? "" : page_hash;
	}
	if (!draft->waits)
		return;
	commit->page_etag = commit->page_last_modified = NULL;
	if (commit->recheck)
		commit->recheck =
			nw_recheck_forget(draft->arena, commit->recheck);
}

static struct draft new_draft(struct nw_pipeline *pipeline,
			      struct nw_arena *arena,
			      const struct nw_publication *publication)
{
	return (struct draft){
		.pipeline = pipeline,
		.arena = arena,
		.source = publication->source,
		.commit = {
			.source_id = publication->source->id,
			.item_key = publication->item_key,
			.item_hash = publication->item_hash,
			.page_etag = publication->page_etag,
			.page_last_modified = publication->page_last_modified,
			.recheck = publication->recheck,
			.path_host = pipeline->options.config->path_host,
			.now_utc = nw_pipeline_now(pipeline),
		},
	};
}

int nw_publish_plan(struct nw_pipeline *pipeline, struct nw_arena *arena,
		    const struct nw_publication *publication,
		    struct nw_thread *thread_r, struct nw_error *err)
{
	struct draft draft = new_draft(pipeline, arena, publication);
	struct nw_story *stored;
	int found;

	*thread_r = (struct nw_thread){ .post_count = 0 };
	if (!publication->story || publication->withdrawn)
		return 0;
	found = find_stored(&draft, publication, &stored, err);
	if (found < 0)
		return -1;
	return plan(&draft, found ? stored : NULL, publication, thread_r, err);
}

int nw_publish(struct nw_pipeline *pipeline, struct nw_arena *arena,
	       const struct nw_publication *publication,
	       struct nw_published *published_r, struct nw_error *err)
{
	struct draft draft = new_draft(pipeline, arena, publication);
	struct nw_commit_result result;

	if (publication->story &&
	    draft_publication(&draft, publication, err) < 0)
		return -1;
	note_page(&draft, publication->page_hash);
	if (nw_store_commit(pipeline->store, &draft.commit, &result, err) < 0)
		return -1;
	published_r->articles = result.stored;
	published_r->waits = draft.waits;
	return 0;
}

int nw_publish_is_same(struct nw_pipeline *pipeline, struct nw_arena *arena,
		       const struct nw_source *source, const char *page_hash,
		       struct nw_error *err)
{
	struct nw_stored_item item;
	int found = nw_store_item(pipeline->store, arena, source->id, PAGE_KEY,
				  &item, err);

	return found > 0 ? strcmp(item.hash, page_hash) == 0 : found;
}
