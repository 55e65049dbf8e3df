/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/compose.h"
#include "newswire/limits.h"
#include "newswire/quarantine.h"
#include "newswire/suspect.h"
#include "newswire/url.h"
#include "pipeline_private.h"

static const char page_accept[] =
	"text/html,application/xhtml+xml;q=0.9,*/*;q=0.5";

/* Of a live page: those behind it are no reason to keep back what is new. */
static bool has_updates(const struct nw_entry *entry)
{
	return entry->page && entry->page->live;
}

/* No page of the site can be had now, so the story waits for it, but not for
 * ever. */
static void wait_for_page(struct nw_entry *entry)
{
	if (has_updates(entry)) {
		nw_older_miss(entry->visit, entry->arena, entry->page);
		return;
	}
	entry->again = true;
	entry->postponed = entry->tries + 1 < NW_POLL_TRIES;
}

/* What readers get when the page cannot be had. */
static const char *instead(const struct nw_entry *entry)
{
	if (entry->item->withdrawn)
		return "the story is withdrawn";
	if (has_updates(entry))
		return nw_older_outlook(entry->page);
	if (entry->recheck)
		return "the story stays as it was";
	if (entry->postponed)
		return "the story waits for the next poll";
	return entry->page ? "the story ends with the page before"
			   : "the feed's own words are used";
}

static void log_missing(const struct nw_entry *entry,
			const struct nw_fetch_reply *reply,
			const struct nw_error *err)
{
	const struct nw_pipeline *pipeline = entry->visit->pipeline;
	struct nw_error status;

	if (reply && nw_fetch_check(reply, &status) < 0)
		err = &status;
	nw_pipeline_show(pipeline, NULL);
	nw_log(pipeline->options.log, NW_LOG_INFO, "page", entry->url,
	       "%s, %s", nw_visit_reason(entry->url, err), instead(entry));
}

/* Around whatever looks at the bytes of an item. */
static void mark(const struct nw_entry *entry)
{
	nw_suspect_begin(entry->visit->pipeline->suspects,
			 entry->visit->source.id, entry->key, entry->hash);
}

static void unmark(const struct nw_entry *entry)
{
	nw_suspect_end(entry->visit->pipeline->suspects);
}

/* Redirects lead to pages that nobody named either: each is asked about
 * before it is followed. */
static bool follow(struct nw_entry *entry, const struct nw_fetch_reply *reply)
{
	if (!reply || !reply->redirect_url ||
	    entry->redirects++ == NW_FETCH_REDIRECTS)
		return false;
	entry->url = nw_arena_strdup(entry->arena, reply->redirect_url);
	entry->state = NW_ENTRY_ASKS;
	return true;
}

static void read_page(struct nw_entry *entry,
		      const struct nw_fetch_reply *reply)
{
	if (!entry->page) {
		entry->etag = nw_arena_strdup(entry->arena, reply->etag);
		entry->last_modified =
			nw_arena_strdup(entry->arena, reply->last_modified);
	}
	mark(entry);
	nw_part_read(entry, reply);
	unmark(entry);
}

static void miss_page(struct nw_entry *entry,
		      const struct nw_fetch_reply *reply,
		      const struct nw_error *err)
{
	entry->gone = reply && reply->status == 410;
	entry->again = !entry->gone && !has_updates(entry);
	/* What readers have of it goes, as with a feed that says so. */
	if (entry->recheck && entry->gone && !entry->page)
		entry->item->withdrawn = true;
	if ((entry->visit->limited && entry->again) ||
	    (has_updates(entry) && !nw_further_is_lost(reply)))
		wait_for_page(entry);
	log_missing(entry, reply, err);
}

static void next_page(struct nw_entry *entry)
{
	if (!entry->postponed && nw_part_next(entry))
		entry->state = NW_ENTRY_ASKS;
}

static void on_page(const struct nw_fetch_reply *reply,
		    const struct nw_error *err, void *context)
{
	struct nw_entry *entry = context;
	struct nw_visit *visit = entry->visit;

	visit->fetching--;
	nw_pipeline_wake(visit->pipeline);
	if (follow(entry, reply))
		return;
	entry->state = NW_ENTRY_READ;
	if (reply && reply->status == 304 && entry->stored.hash) {
		entry->unchanged = true;
		return;
	}
	nw_visit_heed(visit, reply);
	if (reply && nw_fetch_check(reply, NULL) == 0)
		read_page(entry, reply);
	else
		miss_page(entry, reply, err);
	next_page(entry);
}

/* Once for a poll: a site keeps its pages to itself by the thousand. */
static void log_refusal(struct nw_entry *entry)
{
	struct nw_visit *visit = entry->visit;

	nw_pipeline_show(visit->pipeline, NULL);
	nw_log(visit->pipeline->options.log,
	       visit->robots_told ? NW_LOG_DEBUG : NW_LOG_INFO, "page",
	       entry->url, "its robots.txt does not allow to read it, %s",
	       instead(entry));
	visit->robots_told = true;
}

static void fetch_page(struct nw_entry *entry, unsigned pause_ms)
{
	struct nw_visit *visit = entry->visit;
	const struct nw_rules_headers headers = nw_rules_headers(
		nw_visit_rules(visit, entry->arena, entry->url));
	const struct nw_fetch_request request = {
		.url = entry->url,
		/* They are the first page's. */
		.etag = entry->page ? NULL : entry->stored.page_etag,
		.last_modified = entry->page ? NULL
					     : entry->stored.page_last_modified,
		.accept = page_accept,
		.user_agent = headers.user_agent,
		.referer = headers.referer,
		.cookie = headers.cookie,
		.hold_redirect = true,
		.pause_ms = pause_ms,
	};

	if (nw_fetch_start(visit->pipeline->fetcher, &request, on_page, entry,
			   NULL) < 0)
		return;
	entry->state = NW_ENTRY_FETCHES;
	visit->fetching++;
}

static void ask(struct nw_entry *entry)
{
	enum nw_permission permission = NW_PERMISSION_DEFERRED;
	struct nw_error err = { NW_ERROR_NONE, "" };
	unsigned pause_ms;

	if (!entry->visit->limited)
		permission = nw_permission_ask(entry->visit->pipeline,
					       entry->url, &pause_ms,
					       &err);
	if (permission == NW_PERMISSION_UNKNOWN)
		return;
	entry->state = NW_ENTRY_READ;
	if (permission == NW_PERMISSION_GIVEN) {
		fetch_page(entry, pause_ms);
	} else if (permission == NW_PERMISSION_REFUSED) {
		log_refusal(entry);
		next_page(entry);
	} else {
		/* What we refuse ourselves is not worth waiting for. */
		if (err.code == NW_ERROR_REFUSED)
			entry->again = true;
		else
			wait_for_page(entry);
		/* Once for a poll as well: all its pages share the reason. */
		if (!entry->visit->limited && !entry->visit->robots_told)
			log_missing(entry, NULL, &err);
		entry->visit->robots_told = true;
	}
}

static void start(struct nw_entry *entry)
{
	entry->arena = nw_arena_new();
	entry->state = NW_ENTRY_READ;
	entry->deadly = nw_suspect_is_deadly(entry->visit->pipeline->suspects,
					     entry->visit->source.id,
					     entry->key, entry->hash);
	if (entry->deadly)
		entry->state = NW_ENTRY_READY;
	if (entry->deadly || !nw_url_is_web(entry->item->url) ||
	    entry->item->withdrawn)
		return;
	entry->next_url = entry->item->url;
	next_page(entry);
}

/* The names of a story that is gone are all that is known of it. */
static struct nw_story *withdrawn(const struct nw_entry *entry)
{
	struct nw_story *story = nw_story_new(entry->arena);

	story->canonical_url = entry->item->url;
	nw_story_add_alias(entry->arena, story, entry->item->id);
	return story;
}

/* Once; there is no story when nothing is to be published of the item. */
static int compose(struct nw_entry *entry, struct nw_error *err)
{
	if (entry->story || entry->postponed || entry->unchanged)
		return 0;
	if (entry->item->withdrawn) {
		entry->story = withdrawn(entry);
		return 0;
	}
	if (entry->recheck)
		return nw_recheck_compose(entry, err);
	return nw_compose(entry->arena, entry->visit->feed, entry->item,
			  entry->page, &entry->story, err);
}

static struct nw_publication publication_of(const struct nw_entry *entry)
{
	return (struct nw_publication){
		.source = &entry->visit->source,
		.story = entry->story,
		.reply_to = entry->item->reply_to,
		.item_key = entry->key,
		.withdrawn = entry->item->withdrawn,
		.gone = entry->gone && !entry->page,
	};
}

/* The pictures of what it would bring now.  Whatever is wrong with it, is
 * found again when it is published. */
static void illustrate(struct nw_entry *entry)
{
	struct nw_visit *visit = entry->visit;
	struct nw_publication publication;
	struct nw_thread thread;

	entry->state = NW_ENTRY_READY;
	if (!nw_illustrates(&visit->source) || compose(entry, NULL) < 0 ||
	    !entry->story)
		return;
	publication = publication_of(entry);
	if (nw_publish_plan(visit->pipeline, entry->arena, &publication,
			    &thread, NULL) < 0)
		return;
	nw_illustrate_begin(&entry->illustration, visit->pipeline,
			    entry->arena, &thread);
	entry->illustration.failures = &visit->picture_failures;
	entry->state = NW_ENTRY_ILLUSTRATES;
}

static int publish(struct nw_entry *entry, struct nw_error *err)
{
	struct nw_visit *visit = entry->visit;
	struct nw_publication publication;
	struct nw_published published;

	if (compose(entry, err) < 0)
		return -1;
	publication = publication_of(entry);
	publication.recheck = nw_recheck_plan(entry);
	if (entry->page && entry->parts.count > 1 && !entry->page->live) {
		/* They are the first page's, and it may stay as it is when
		 * the others do not. */
		publication.page_etag = publication.page_last_modified = NULL;
	} else if (entry->page) {
		publication.page_etag = entry->etag;
		publication.page_last_modified = entry->last_modified;
	} else {
		publication.page_etag = entry->stored.page_etag;
		publication.page_last_modified =
			entry->stored.page_last_modified;
	}
	publication.item_hash = nw_entry_hash(entry->arena, entry);
	if (nw_publish(visit->pipeline, entry->arena, &publication, &published,
		       err) < 0)
		return -1;
	visit->articles += published.articles;
	visit->pipeline->stats.articles += published.articles;
	visit->pipeline->stats.stories += published.articles > 0;
	return 0;
}

/* What an item is called where people see it. */
static const char *label_of(const struct nw_entry *entry)
{
	const struct nw_item *item = entry->item;

	if (item->url)
		return item->url;
	return item->title ? item->title : entry->key;
}

/* An item that cannot be published is logged once, kept apart, and stops
 * nothing else. */
static void quarantine(struct nw_entry *entry, const struct nw_error *why)
{
	struct nw_visit *visit = entry->visit;
	const struct nw_pipeline *pipeline = visit->pipeline;
	const struct nw_quarantined item = {
		.key = entry->key,
		.hash = entry->hash,
		.label = label_of(entry),
		.reason = why->text,
		.version = pipeline->options.version,
	};
	struct nw_error err;

	nw_pipeline_show(pipeline, NULL);
	nw_log(pipeline->options.log, NW_LOG_WARNING, "item", item.label,
	       "%s", why->text);
	entry->again = false;
	if (nw_quarantine_put(pipeline->store, visit->source.id, &item,
			      nw_pipeline_now(pipeline), &err) < 0)
		nw_visit_break(visit, &err);
}

/* A story that was published, and whose page now makes none, stays as it
 * was. */
static void pass_over(struct nw_entry *entry, const struct nw_error *why)
{
	struct nw_visit *visit = entry->visit;
	struct nw_error err;

	nw_pipeline_show(visit->pipeline, NULL);
	nw_log(visit->pipeline->options.log, NW_LOG_WARNING, "item",
	       label_of(entry), "%s", why->text);
	entry->story = NULL;
	entry->unchanged = true;
	if (publish(entry, &err) < 0)
		nw_visit_break(visit, &err);
}

/* To the same feed, and soon. */
static void come_back(struct nw_visit *visit)
{
	visit->again = true;
	if (!visit->poll.within_s || NW_POLL_DEFAULT_S < visit->poll.within_s)
		visit->poll.within_s = NW_POLL_DEFAULT_S;
}

/* What nobody survives is no story, for now. */
static int publish_marked(struct nw_entry *entry, struct nw_error *err)
{
	int result;

	if (entry->deadly)
		return nw_error_set(err, NW_ERROR_DATA,
				    "its page has ended the program %d times",
				    NW_POLL_DEATHS);
	mark(entry);
	result = publish(entry, err);
	unmark(entry);
	return result;
}

static void finish(struct nw_entry *entry)
{
	struct nw_visit *visit = entry->visit;
	struct nw_error err;

	nw_pipeline_show(visit->pipeline, entry->item->url);
	visit->pipeline->stats.rechecks += entry->recheck != NULL;
	if (publish_marked(entry, &err) < 0) {
		if (nw_visit_is_broken_by(&err))
			nw_visit_break(visit, &err);
		else if (entry->recheck)
			pass_over(entry, &err);
		else
			quarantine(entry, &err);
	}
	nw_suspect_clear(visit->pipeline->suspects, visit->source.id,
			 entry->key, entry->hash);
	if (nw_entry_is_unfinished(entry))
		come_back(visit);
	nw_arena_free(&entry->arena);
}

/* As far as it comes without waiting. */
static void step(struct nw_entry *entry)
{
	if (entry->state == NW_ENTRY_ASKS)
		ask(entry);
	if (entry->state == NW_ENTRY_READ) {
		mark(entry);
		illustrate(entry);
		unmark(entry);
	}
	if (entry->state == NW_ENTRY_ILLUSTRATES &&
	    nw_illustrate_step(&entry->illustration))
		entry->state = NW_ENTRY_READY;
}

bool nw_entries_step(struct nw_visit *visit)
{
	struct nw_entry *entries = visit->entries;
	size_t i;

	while (visit->started < visit->entry_count &&
	       visit->started < visit->finished + NW_POLL_AHEAD)
		start(&entries[visit->started++]);
	for (i = visit->finished; i < visit->started; i++)
		step(&entries[i]);
	if (visit->finished == visit->started ||
	    entries[visit->finished].state != NW_ENTRY_READY)
		return false;
	finish(&entries[visit->finished++]);
	return true;
}
