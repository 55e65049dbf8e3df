/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A story that tests change, in a store, and what is kept of it.
 */
#ifndef NEWSWIRE_TESTS_HISTORY_FIXTURE_H
#define NEWSWIRE_TESTS_HISTORY_FIXTURE_H

#include "unit.h"

#include <string.h>

#include "model.h"
#include "newswire/history.h"
#include "store_fixture.h"

#define ID(n) "<" #n "@example.invalid>"

#define PARAGRAPH                                                           \
	"The ferry runs every half hour and free of charge for all who "    \
	"live on the far bank, says the council, until the bridge is open " \
	"again, which it may be in May.\n"

static const char *const keys[] = { "a.example/s" };

/* The source and the story that tests change. */
struct world {
	struct fixture *fixture;
	struct nw_source source;
	int64_t story_id;
};

static inline struct world begin(struct fixture *fixture)
{
	return (struct world){ fixture,
			       fixture_source(fixture, "com.example"), 0 };
}

/* Commits a snapshot a minute after the last one. */
static inline void commit_articles(struct world *world,
				   const struct nw_story *story,
				   const struct nw_commit_article *articles,
				   size_t count)
{
	struct nw_commit commit = { .source_id = world->source.id,
				    .group_ids = &world->source.group_id,
				    .group_count = 1,
				    .story_id = world->story_id,
				    .story = story,
				    .keys = keys,
				    .key_count = 1,
				    .articles = articles,
				    .article_count = count };
	struct nw_commit_result result;

	world->fixture->now_utc += 60;
	fixture_commit(world->fixture, &commit, &result);
	world->story_id = result.story_id;
}

static inline void commit(struct world *world, const struct nw_story *story)
{
	commit_articles(world, story, NULL, 0);
}

static inline struct nw_story *text(struct world *world, const char *words)
{
	return model_text(world->fixture->arena, "Ferry", words);
}

/* The same story with these updates, as "key=text". */
static inline struct nw_story *live(struct world *world,
				    const char *const *updates, size_t count)
{
	struct nw_arena *arena = world->fixture->arena;
	struct nw_story *story = text(world, PARAGRAPH);
	size_t i;

	story->live = true;
	story->updates =
		nw_arena_alloc(arena, count * sizeof(*story->updates));
	story->update_count = count;
	for (i = 0; i < count; i++) {
		const char *words = strchr(updates[i], '=');

		story->updates[i] = (struct nw_update){
			.key = nw_arena_strndup(arena, updates[i],
						(size_t)(words - updates[i])),
			.body = model_text(arena, NULL, words + 1)->body,
			.published_utc = FIXTURE_NOW + (int64_t)i,
			.modified_utc = NW_TIME_NONE,
			.posted_utc = FIXTURE_NOW,
		};
	}
	return story;
}

static inline struct nw_history read_history(struct world *world)
{
	struct nw_history history;

	fixture_expect(world->fixture, 1,
		       nw_history_read(world->fixture->store,
				       world->fixture->arena, world->story_id,
				       &history, &world->fixture->err));
	return history;
}

static inline const char *body_of(struct world *world,
				  const struct nw_version *version)
{
	return nw_body_text(world->fixture->arena, &version->texts.body);
}

/* "edited: before > after; …" of a revision. */
static inline const char *told(struct world *world,
			       const struct nw_revision *revision)
{
	struct nw_arena *arena = world->fixture->arena;
	const char *line = "";
	size_t i;

	for (i = 0; i < revision->count; i++) {
		const struct nw_history_change *change = &revision->changes[i];

		line = nw_arena_printf(
			arena, "%s%s%s%s: %s > %s", line, i ? "; " : "",
			nw_history_names[change->kind],
			change->update ? nw_arena_printf(arena, " %s",
							 change->update->key)
				       : "",
			body_of(world, &change->before),
			body_of(world, &change->after));
	}
	return line;
}

/* What four polls of a live page find. */
static inline void commit_live(struct world *world)
{
	static const char *const first[] = { "a=Fog.", "b=No ferry." };
	static const char *const second[] = { "a=Fog.", "b=No ferry.",
					      "c=A crate." };
	static const char *const third[] = { "a=Fog.", "b=One ferry.",
					     "c=A crate." };
	struct nw_story *story;

	commit(world, live(world, first, 2));
	commit(world, live(world, second, 3));
	commit(world, live(world, third, 3));
	story = live(world, third, 3);
	story->updates[1].marks = NW_UPDATE_WITHDRAWN;
	commit(world, story);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

#endif
