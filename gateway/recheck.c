/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of items that are read again: those of stories at certain ages, for
 * edits, and those that are live as long as they are.  The feed is not asked
 * for that, so that what it said of an item is not at hand: the story that is
 * stored is, and a field of it changes when its page says something else of
 * it, unless it came from the feed.
 */
#include "config.h"

#include <string.h>

#include "newswire/buf.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "pipeline_private.h"

/* What a page says of a story, each as a hash; one that came from the feed is
 * FOREIGN. */
enum part { TITLE, DESCRIPTION, BODY, NOTICES, UPDATES, PARTS };

#define FOREIGN "-"

static const char *hash_of(struct nw_arena *arena, const char *text)
{
	const char *key = text ? nw_utf8_key(arena, text) : "";

	return nw_ident_hash(arena, key, strlen(key));
}

/* Frees the text. */
static const char *hash_away(struct nw_arena *arena, struct nw_buf *text)
{
	const char *hash = nw_ident_hash(arena, text->data ? text->data : "",
					 text->len);

	nw_buf_free(text);
	return hash;
}

/* As newswire/change.h compares them: with the captions of pictures. */
static const char *hash_body(struct nw_arena *arena, const struct nw_body *body)
{
	struct nw_buf all;
	size_t i;

	nw_buf_init(&all, 2 * NW_STORY_TEXT_BYTES);
	nw_buf_adds(&all, nw_utf8_key(arena, nw_body_text(arena, body)));
	for (i = 0; i < body->count; i++)
		if (body->blocks[i].kind == NW_BLOCK_IMAGE &&
		    body->blocks[i].image->caption)
			nw_buf_addf(
				&all, "\n%s",
				nw_utf8_key(arena,
					    body->blocks[i].image->caption));
	return hash_away(arena, &all);
}

static const char *hash_notices(struct nw_arena *arena,
				const struct nw_story *page)
{
	struct nw_buf all;
	size_t i;

	nw_buf_init(&all, NW_STORY_TEXT_BYTES);
	for (i = 0; i < page->correction_count; i++)
		nw_buf_addf(&all, "%s\n", page->corrections[i]);
	return hash_away(arena, &all);
}

static const char *hash_updates(struct nw_arena *arena,
				const struct nw_story *page)
{
	struct nw_buf all;
	size_t i;

	nw_buf_init(&all, NW_STORE_SNAPSHOT_BYTES);
	for (i = 0; i < page->update_count; i++) {
		const struct nw_update *update = &page->updates[i];

		nw_buf_addf(&all, "%s\n%s\n%u\n%s\n", update->key,
			    update->title ? update->title : "", update->marks,
			    hash_body(arena, &update->body));
	}
	return hash_away(arena, &all);
}

static void read_parts(struct nw_arena *arena, const struct nw_story *page,
		       const char *parts[PARTS])
{
	parts[TITLE] = hash_of(arena, page->title);
	parts[DESCRIPTION] = hash_of(arena, page->description);
	parts[BODY] = hash_body(arena, &page->body);
	parts[NOTICES] = hash_notices(arena, page);
	parts[UPDATES] = hash_updates(arena, page);
}

static const char *join_parts(struct nw_arena *arena,
			      const char *const parts[PARTS])
{
	return nw_arena_printf(arena, "%s %s %s %s %s", parts[TITLE],
			       parts[DESCRIPTION], parts[BODY], parts[NOTICES],
			       parts[UPDATES]);
}

static void split_parts(struct nw_arena *arena, const char *words,
			const char *parts[PARTS])
{
	size_t i, len;

	for (i = 0; i < PARTS; i++) {
		len = strcspn(words, " ");
		parts[i] = nw_arena_strndup(arena, words, len);
		words += len + (words[len] == ' ');
	}
}

/* Of a story that was just composed of item and page. */
static const char *first_words(const struct nw_entry *entry)
{
	const struct nw_story *story = entry->story, *page = entry->page;
	const char *parts[PARTS];

	read_parts(entry->arena, page, parts);
	if (story->title != page->title)
		parts[TITLE] = FOREIGN;
	if (story->description != page->description)
		parts[DESCRIPTION] = FOREIGN;
	if (story->body.blocks != page->body.blocks)
		parts[BODY] = FOREIGN;
	return join_parts(entry->arena, parts);
}

/* What changed since then, as flags; entry->words gets what the page says
 * now. */
static unsigned compare(struct nw_entry *entry)
{
	const char *before[PARTS], *now[PARTS];
	unsigned changed = 0;
	size_t i;

	split_parts(entry->arena, entry->recheck->words, before);
	read_parts(entry->arena, entry->page, now);
	for (i = 0; i < PARTS; i++)
		if (strcmp(before[i], FOREIGN) == 0)
			now[i] = FOREIGN;
		else if (strcmp(before[i], now[i]) != 0)
			changed |= 1u << i;
	entry->words = join_parts(entry->arena, now);
	return changed;
}

const struct nw_recheck *nw_recheck_forget(struct nw_arena *arena,
					   const struct nw_recheck *recheck)
{
	struct nw_recheck *copy = nw_arena_alloc(arena, sizeof(*copy));
	const char *parts[PARTS];
	size_t i;

	*copy = *recheck;
	if (!copy->words)
		return copy;
	split_parts(arena, copy->words, parts);
	for (i = 0; i < PARTS; i++)
		if (strcmp(parts[i], FOREIGN) != 0)
			parts[i] = "?";
	copy->words = join_parts(arena, parts);
	return copy;
}

static struct nw_story *change_story(struct nw_arena *arena,
				     const struct nw_story *stored,
				     const struct nw_story *page,
				     unsigned changed)
{
	struct nw_story *story = nw_story_new(arena);

	*story = *stored;
	if (changed & 1u << TITLE && page->title)
		story->title = page->title;
	if (changed & 1u << DESCRIPTION)
		story->description = page->description;
	if (changed & 1u << BODY) {
		story->body = page->body;
		story->paywalled = page->paywalled;
		if (page->lead_image)
			story->lead_image = page->lead_image;
	}
	if (page->modified_utc != NW_TIME_NONE)
		story->modified_utc = page->modified_utc;
	story->corrections = page->corrections;
	story->correction_count = page->correction_count;
	story->live = page->live;
	story->coverage_end_utc = page->coverage_end_utc;
	story->updates = page->updates;
	story->update_count = page->update_count;
	story->updates_partial = page->updates_partial;
	story->gap_tries = page->gap_tries;
	story->gap_utc = page->gap_utc;
	return story;
}

int nw_recheck_compose(struct nw_entry *entry, struct nw_error *err)
{
	const char *key = nw_ident_key(entry->arena, entry->recheck->url);
	struct nw_story *stored;
	unsigned changed;
	int64_t story_id;
	int found;

	/* Of a story whose further pages are missing, less would be said. */
	if (!entry->page || entry->again || !key)
		return 0;
	changed = compare(entry);
	if (!changed)
		return 0;
	found = nw_store_story(entry->visit->pipeline->store, entry->arena,
			       &key, 1, &stored, &story_id, err);
	if (found > 0)
		entry->story = change_story(entry->arena, stored, entry->page,
					    changed);
	return found < 0 ? -1 : 0;
}

/* Whether the story is a live page that changed lately. */
static bool is_live(const struct nw_story *story, int64_t now_utc)
{
	int64_t last = story->published_utc;

	if (!story->live)
		return false;
	if (story->gap_tries)
		return true;
	if (story->modified_utc > last)
		last = story->modified_utc;
	if (story->update_count &&
	    story->updates[story->update_count - 1].published_utc > last)
		last = story->updates[story->update_count - 1].published_utc;
	return last != NW_TIME_NONE && now_utc - last < NW_LIVE_QUIET_S;
}

/* FNV-1a of the key: what spreads the items of one poll needs no more
 * chance than that, and a test can tell it. */
static uint32_t chance(const char *key)
{
	uint32_t hash = 2166136261u;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 16777619u;
	return hash;
}

/* Of a page that may be edited: not where nobody wants to know, and not of a
 * story that was old when it was found. */
static int64_t next_age(const struct nw_entry *entry, int64_t base_utc,
			int64_t now_utc)
{
	const struct nw_visit *visit = entry->visit;
	const char *text = visit->source.recheck
				   ? visit->source.recheck
				   : visit->pipeline->options.config->recheck;
	int64_t ages_s[NW_RECHECKS];
	size_t count = 0;

	if (visit->source.edits == NW_EDITS_IGNORE || !text ||
	    nw_config_ages(text, ages_s, &count) < 0)
		return NW_TIME_NONE;
	return nw_schedule_recheck(base_utc, ages_s, count, now_utc,
				   chance(entry->key));
}

static void look_again(struct nw_entry *entry, struct nw_recheck *plan,
		       bool changed, int64_t now_utc)
{
	const struct nw_schedule_limits limits = nw_visit_limits(entry->visit);

	plan->pause_s = nw_schedule_live(plan->pause_s, changed, &limits);
	plan->due_utc = now_utc + plan->pause_s +
			chance(entry->key) % (plan->pause_s / 10 + 1);
}

static void plan_first(struct nw_entry *entry, struct nw_recheck *plan,
		       int64_t now_utc)
{
	const struct nw_story *story = entry->story;
	bool old = story->published_utc != NW_TIME_NONE &&
		   now_utc - story->published_utc >= NW_RECHECK_FRESH_S;

	plan->url = entry->item->url;
	plan->words = first_words(entry);
	plan->base_utc = now_utc;
	if (is_live(story, now_utc))
		look_again(entry, plan, true, now_utc);
	else if (!old)
		plan->due_utc = next_age(entry, now_utc, now_utc);
}

/* A page that could not be had is had at the next age. */
static void plan_next(struct nw_entry *entry, struct nw_recheck *plan,
		      int64_t now_utc)
{
	const struct nw_visit *visit = entry->visit;
	bool had = entry->page || entry->unchanged;
	bool live =
		entry->page ? is_live(entry->page, now_utc) : plan->pause_s > 0;

	if (entry->words)
		plan->words = entry->words;
	if (live && (entry->story || !plan->pause_s))
		plan->base_utc = now_utc;
	/* Its robots.txt says no by now, or it is gone. */
	if (!had && (entry->gone || !entry->again))
		return;
	if (!had && visit->limited)
		plan->due_utc =
			now_utc + (visit->poll.retry_after_s > NW_POLL_DEFAULT_S
					   ? visit->poll.retry_after_s
					   : NW_POLL_DEFAULT_S);
	else if (live && now_utc - plan->base_utc < NW_LIVE_QUIET_S)
		look_again(entry, plan, entry->story != NULL, now_utc);
	else if (!plan->pause_s)
		plan->due_utc = next_age(entry, plan->base_utc, now_utc);
}

const struct nw_recheck *nw_recheck_plan(struct nw_entry *entry)
{
	int64_t now_utc = nw_pipeline_now(entry->visit->pipeline);
	struct nw_recheck *plan = nw_arena_alloc(entry->arena, sizeof(*plan));

	if (entry->recheck)
		*plan = *entry->recheck;
	plan->due_utc = NW_TIME_NONE;
	if (entry->recheck) {
		plan_next(entry, plan, now_utc);
	} else if (!entry->item->withdrawn) {
		/* What its feed changed goes on as it was, unless it is live
		 * now or its page was not had before. */
		if (!entry->page || !entry->story ||
		    (entry->known && !entry->tries &&
		     !is_live(entry->story, now_utc)))
			return NULL;
		plan_first(entry, plan, now_utc);
	}
	return plan;
}

static struct nw_entry make_entry(struct nw_visit *visit,
				  const struct nw_due_item *due)
{
	struct nw_item *item = nw_arena_alloc(visit->arena, sizeof(*item));

	*item = (struct nw_item){
		.url = due->recheck.url,
		.published_utc = NW_TIME_NONE,
		.updated_utc = NW_TIME_NONE,
	};
	return (struct nw_entry){
		.visit = visit,
		.item = item,
		.key = due->key,
		.hash = due->stored.hash,
		.stored = due->stored,
		.known = true,
		.recheck = &due->recheck,
	};
}

bool nw_recheck_begin(struct nw_visit *visit)
{
	struct nw_pipeline *pipeline = visit->pipeline;
	size_t most = pipeline->serving ? NW_RECHECK_ITEMS : NW_POLL_ITEMS;
	struct nw_due_item *items = NULL;
	size_t count = 0, i;
	struct nw_error err;

	visit->rechecking = true;
	if (nw_store_rechecks(pipeline->store, visit->arena, visit->source.id,
			      nw_pipeline_now(pipeline), most, &items, &count,
			      &err) < 0)
		nw_visit_break(visit, &err);
	if (!count)
		return false;
	visit->entries =
		nw_arena_alloc(visit->arena, count * sizeof(*visit->entries));
	for (i = 0; i < count; i++)
		visit->entries[i] = make_entry(visit, &items[i]);
	visit->entry_count = count;
	visit->started = visit->finished = 0;
	visit->state = NW_VISIT_READS;
	return true;
}
