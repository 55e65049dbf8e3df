/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "pipeline_private.h"

/* An article about a source, under construction. */
struct letter {
	struct nw_arena *arena;
	const struct nw_source *source;
	const char *why;
	struct nw_story *story;
};

static struct nw_span *add(struct letter *letter, enum nw_block_kind kind,
			   const char *text)
{
	struct nw_block *block =
		nw_body_add(letter->arena, &letter->story->body, kind);

	block->spans = nw_arena_grow(letter->arena, NULL, 0,
				     sizeof(*block->spans));
	block->spans[0] = (struct nw_span){ .text = text };
	block->span_count = 1;
	return block->spans;
}

static const char *date(struct letter *letter, int64_t utc)
{
	char text[NW_DATE_BYTES];

	nw_date_rfc5322(utc, text);
	return nw_arena_strdup(letter->arena, text);
}

static const char *since(struct letter *letter)
{
	const struct nw_schedule *schedule = &letter->source->schedule;

	if (schedule->ok_utc == NW_TIME_NONE)
		return nw_arena_printf(letter->arena,
				       "newswire has tried %u times to read "
				       "this source, and never could:",
				       schedule->failures);
	return nw_arena_printf(letter->arena,
			       "newswire could not read this source since %s, "
			       "in %u attempts:",
			       date(letter, schedule->ok_utc),
			       schedule->failures);
}

static const char *outlook(struct letter *letter)
{
	const struct nw_schedule *schedule = &letter->source->schedule;

	if (schedule->paused)
		return "It is not polled any more. What was stored stays "
		       "readable.";
	return nw_arena_printf(letter->arena,
			       "The next attempt is due on %s. When it can be "
			       "read again, its articles come as before; until "
			       "then nothing more is said of it here.",
			       date(letter, schedule->due_utc));
}

static void write_body(struct letter *letter)
{
	const struct nw_source *source = letter->source;

	add(letter, NW_BLOCK_PARAGRAPH, since(letter));
	add(letter, NW_BLOCK_PARAGRAPH, source->url)->href = source->url;
	add(letter, NW_BLOCK_PARAGRAPH,
	    nw_arena_printf(letter->arena, "The reason: %s.", letter->why));
	add(letter, NW_BLOCK_PARAGRAPH, outlook(letter));
	add(letter, NW_BLOCK_PARAGRAPH,
	    "What you can do: see whether the address opens in a web browser. "
	    "If the source has moved, give the group its new address; if it is "
	    "gone, the first of these commands is enough.");
	add(letter, NW_BLOCK_CODE,
	    nw_arena_printf(letter->arena,
			    "newswire unsubscribe %s\n"
			    "newswire subscribe --group %s URL",
			    source->group, source->group));
}

/* By the last success the failures in a row are told from those before and
 * after them, so the same ones make the same Message-ID. */
static struct nw_story *write_story(struct letter *letter)
{
	const struct nw_source *source = letter->source;
	struct nw_story *story = nw_story_new(letter->arena);
	int64_t ok_utc = source->schedule.ok_utc;

	letter->story = story;
	story->title = nw_arena_printf(letter->arena, "%s cannot be read",
				       source->name ? source->name
						    : source->group);
	story->publisher = PACKAGE_NAME;
	story->language = "en";
	nw_story_add_alias(letter->arena, story,
			   nw_arena_printf(letter->arena,
					   "urn:x-newswire:trouble:%s:%lld",
					   source->group,
					   ok_utc == NW_TIME_NONE
						   ? 0LL
						   : (long long)ok_utc));
	write_body(letter);
	return story;
}

/* A source of another host that could be read lately is proof of a network, and
 * one that could not a reason to doubt it.  Lately is the last pause, which is
 * half of the present one and longer than all before it. */
static bool is_network_down(const struct nw_source *source,
			    const struct nw_source *others, size_t count,
			    struct nw_arena *arena, int64_t now_utc)
{
	const char *host = nw_pipeline_host(arena, source->url);
	int64_t since_utc = now_utc - source->schedule.interval_s / 2;
	bool doubt = false;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct nw_schedule *schedule = &others[i].schedule;

		if (schedule->paused ||
		    !strcmp(nw_pipeline_host(arena, others[i].url), host))
			continue;
		if (schedule->ok_utc >= since_utc)
			return false;
		doubt = true;
	}
	return doubt;
}

/* 1 when it is rather we who cannot be reached: who comes home with his laptop
 * wants no such article in each of his groups. */
static int is_our_own(struct nw_visit *visit, struct nw_error *err)
{
	struct nw_source *others;
	size_t count;

	if (visit->replied)
		return 0;
	if (nw_source_list(visit->pipeline->store, visit->arena, NW_TIME_NONE,
			   &others, &count, err) < 0)
		return -1;
	return is_network_down(&visit->source, others, count, visit->arena,
			       nw_pipeline_now(visit->pipeline));
}

int nw_trouble_tell(struct nw_visit *visit, struct nw_error *err)
{
	/* What was said once is not said again in other words. */
	struct nw_source source = visit->source;
	struct letter letter = {
		.arena = visit->arena,
		.source = &source,
		.why = visit->why,
	};
	struct nw_publication publication = { .source = &source };
	struct nw_published published;
	int ours = is_our_own(visit, err);

	if (ours)
		return ours < 0 ? -1 : 0;
	source.edits = NW_EDITS_IGNORE;
	publication.story = write_story(&letter);
	if (nw_publish(visit->pipeline, visit->arena, &publication, &published,
		       err) < 0)
		return -1;
	visit->pipeline->stats.articles += published.articles;
	return 0;
}
