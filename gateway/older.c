/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live pages whose older updates are on pages of their own.  These are read
 * when the page is new to the store, and when updates came and went between
 * two polls: then none of those on the first page is known, and the pages
 * behind it are read until one of them holds one that is.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/ident.h"
#include "newswire/page.h"
#include "pipeline_private.h"

static int compare_string(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether the store knows one of the story's updates.  One that is pinned
 * stays on the first page however many come after it. */
static bool knows_one(struct nw_arena *arena, const struct nw_story *stored,
		      const struct nw_story *story)
{
	const char **keys =
		nw_arena_alloc(arena, stored->update_count * sizeof(*keys));
	size_t i;

	for (i = 0; i < stored->update_count; i++)
		keys[i] = stored->updates[i].key;
	qsort(keys, stored->update_count, sizeof(*keys), compare_string);
	for (i = 0; i < story->update_count; i++)
		if (!(story->updates[i].marks & NW_UPDATE_PINNED) &&
		    bsearch(&story->updates[i].key, keys, stored->update_count,
			    sizeof(*keys), compare_string))
			return true;
	return false;
}

int nw_older_wanted(const struct nw_visit *visit, struct nw_arena *arena,
		    const struct nw_story *story, struct nw_error *err)
{
	struct nw_story *stored = NULL;
	const char **keys = NULL;
	size_t count = nw_ident_keys(arena, story, &keys);
	int64_t story_id;
	int found;

	if (!story->live || !story->updates_partial || !count)
		return 0;
	found = nw_store_story(visit->pipeline->store, arena,
			       (const char *const *)keys, count, &stored,
			       &story_id, err);
	if (found < 0)
		return -1;
	return !found || !knows_one(arena, stored, story);
}

static void give_up(struct nw_visit *visit, const char *why)
{
	nw_pipeline_show(visit->pipeline, NULL);
	nw_log(visit->pipeline->options.log, NW_LOG_INFO, "page",
	       visit->next_url, "%s, older updates may be missed", why);
	nw_self_publish(visit);
}

static int read_older(struct nw_visit *visit,
		      const struct nw_fetch_reply *reply, struct nw_error *err)
{
	const struct nw_kept_feed page = {
		.url = reply->url,
		.charset = reply->charset,
		.bytes = reply->body,
		.len = reply->body_len,
	};
	struct nw_page_input input = nw_visit_page(visit, visit->arena, &page);
	struct nw_page_links links = { NULL, NULL };
	struct nw_story *older;

	if (reply->status < 200 || reply->status > 299)
		return nw_error_set(err, NW_ERROR_DATA,
				    "the server answered with status %d",
				    reply->status);
	input.links = &links;
	if (nw_page_read(visit->arena, &input, &older, err) < 0)
		return -1;
	nw_page_join_updates(visit->arena, visit->story, older);
	visit->next_url = older->live ? links.next_url : NULL;
	return 0;
}

static void on_older(const struct nw_fetch_reply *reply,
		     const struct nw_error *why, void *context)
{
	struct nw_visit *visit = context;
	struct nw_error err;

	visit->fetching--;
	if (reply && read_older(visit, reply, &err) == 0)
		nw_older_begin(visit);
	else
		give_up(visit,
			nw_visit_reason(visit->next_url, reply ? &err : why));
	nw_pipeline_wake(visit->pipeline);
}

void nw_older_begin(struct nw_visit *visit)
{
	struct nw_error err;
	int wanted;

	if (!visit->next_url) {
		nw_self_publish(visit);
		return;
	}
	wanted = nw_older_wanted(visit, visit->arena, visit->story, &err);
	if (wanted < 0)
		nw_visit_break(visit, &err);
	else if (wanted &&
		 nw_part_add(visit->arena, &visit->parts, visit->next_url))
		visit->state = NW_VISIT_EXTENDS;
	else
		nw_self_publish(visit);
}

static void get_older(struct nw_visit *visit, unsigned pause_ms)
{
	const struct nw_rules_headers headers = nw_rules_headers(
		nw_visit_rules(visit, visit->arena, visit->next_url));
	const struct nw_fetch_request request = {
		.url = visit->next_url,
		.accept = nw_visit_accept(NW_SOURCE_LIVE),
		.user_agent = headers.user_agent,
		.referer = headers.referer,
		.cookie = headers.cookie,
		.pause_ms = pause_ms,
	};
	struct nw_error err;

	if (nw_fetch_start(visit->pipeline->fetcher, &request, on_older, visit,
			   &err) < 0) {
		give_up(visit, nw_visit_reason(request.url, &err));
		return;
	}
	visit->state = NW_VISIT_FETCHES;
	visit->fetching++;
}

void nw_older_step(struct nw_visit *visit)
{
	struct nw_error err;
	unsigned pause_ms;

	switch (nw_permission_ask(visit->pipeline, visit->next_url, &pause_ms,
				  &err)) {
	case NW_PERMISSION_UNKNOWN:
		break;
	case NW_PERMISSION_GIVEN:
		get_older(visit, pause_ms);
		break;
	case NW_PERMISSION_REFUSED:
		give_up(visit, "its robots.txt does not allow to read it");
		break;
	case NW_PERMISSION_DEFERRED:
		give_up(visit, err.text);
		break;
	}
}
