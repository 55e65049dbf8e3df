/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads for tests to plan, in an arena that is the state, for one story at
 * https://a.example/s.
 */
#ifndef NEWSWIRE_TESTS_THREAD_FIXTURE_H
#define NEWSWIRE_TESTS_THREAD_FIXTURE_H

#include "unit.h"

#include "arena_state.h"
#include "model.h"
#include "newswire/ident.h"
#include "newswire/thread.h"

#define NOW INT64_C(1753524000)
#define DOMAIN "d.invalid"
#define KEY "a.example/s"

#define PARAGRAPH(text) \
	"'body':{'blocks':[{'kind':'paragraph','spans':[{'text':'" text "'}]}]}"
#define STORY(rest) "{'url':'https://a.example/s','title':'T'," rest "}"
#define UPDATE(key, time, text) \
	"{'key':'" key "','published_utc':" time "," PARAGRAPH(text) "}"

static inline struct nw_thread plan_with(void **state,
					 const struct nw_story *stored,
					 const char *fresh, enum nw_edits edits)
{
	const struct nw_thread_options options = {
		.id_domain = DOMAIN,
		.edits = edits,
		.now_utc = NOW,
	};
	struct nw_thread thread = { NULL, NULL, 0, false, false };
	struct nw_error err;

	assert_int_equal(nw_thread_plan(*state, stored,
					model_story(*state, fresh), &options,
					&thread, &err), 0);
	return thread;
}

static inline struct nw_thread plan(void **state, const struct nw_story *stored,
				    const char *fresh)
{
	return plan_with(state, stored, fresh, NW_EDITS_FOLLOW_UP);
}

static inline const char *story_id(void **state)
{
	return nw_ident_story_id(*state, KEY, DOMAIN);
}

static inline const char *update_id(void **state, const char *key)
{
	return nw_ident_update_id(*state, KEY, key, DOMAIN);
}

static inline void assert_references(const struct nw_post *post,
				     const char *first, const char *second,
				     const char *third)
{
	const char *const ids[] = { first, second, third };
	size_t i, count = first ? second ? third ? 3 : 2 : 1 : 0;

	assert_int_equal(post->reference_count, count);
	for (i = 0; i < count; i++)
		assert_string_equal(post->references[i], ids[i]);
}

#endif
