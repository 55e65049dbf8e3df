/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stories on several pages.  Where a site has all of a story on one page, that
 * page gives the body; else the pages behind the first are joined to it, as
 * far as they can be had.
 */
#include "config.h"

#include <string.h>

#include "newswire/page.h"
#include "newswire/url.h"
#include "pipeline_private.h"

/* A story that is gone often leads to the front page, which is not it. */
static bool is_another_page(const struct nw_entry *entry,
			    const struct nw_fetch_reply *reply)
{
	return nw_url_is_front_page(entry->arena, reply->url) &&
	       !nw_url_is_front_page(entry->arena, entry->item->url);
}

static struct nw_story *read_page(struct nw_entry *entry,
				  const struct nw_fetch_reply *reply,
				  struct nw_page_links *links)
{
	const struct nw_kept_feed document = nw_visit_document(reply);
	struct nw_page_input input =
		nw_visit_page(entry->visit, entry->arena, &document);
	struct nw_story *story;
	struct nw_error err;

	input.links = links;
	if (nw_page_read(entry->arena, &input, &story, &err) == 0)
		return story;
	nw_log(entry->visit->pipeline->options.log, NW_LOG_DEBUG, "page",
	       reply->url, "%s", nw_visit_reason(reply->url, &err));
	return NULL;
}

/* Only the text: such a page is made for printers, and names nobody. */
static bool take_body(struct nw_entry *entry, const struct nw_story *whole)
{
	struct nw_arena *arena = entry->arena;

	if (strlen(nw_body_text(arena, &whole->body)) <
	    strlen(nw_body_text(arena, &entry->page->body)))
		return false;
	entry->page->body = whole->body;
	nw_story_add_alias(arena, entry->page, whole->canonical_url);
	return true;
}

/* Each page once, whatever place in it is named, and not too many. */
bool nw_part_add(struct nw_arena *arena, struct nw_parts *parts,
		 const char *url)
{
	const char *page = nw_url_strip_tracking(arena, url, false);
	size_t i;

	for (i = 0; i < parts->count; i++)
		if (strcmp(parts->urls[i], page) == 0)
			return false;
	if (parts->count == NW_PAGE_PARTS)
		return false;
	parts->urls[parts->count++] = page;
	return true;
}

/* The pages of a live page hold its older updates. */
static bool wants_older(struct nw_entry *entry)
{
	struct nw_error err;
	int wanted = nw_older_wanted(entry->visit, entry->arena, entry->page,
				     &err);

	if (wanted < 0)
		nw_visit_break(entry->visit, &err);
	return wanted > 0;
}

void nw_part_read(struct nw_entry *entry, const struct nw_fetch_reply *reply)
{
	struct nw_page_links links = { NULL, NULL };
	struct nw_story *story = NULL;

	if (!is_another_page(entry, reply))
		story = read_page(entry, reply, &links);
	if (!story)
		return;
	if (entry->single) {
		if (take_body(entry, story))
			entry->next_url = NULL;
		return;
	}
	if (!entry->page) {
		entry->page = story;
		entry->single_url = links.single_url;
	} else if (entry->page->live) {
		nw_page_join_updates(entry->arena, entry->page, story);
	} else {
		nw_page_join(entry->arena, entry->page, story);
	}
	if (links.next_url && (!entry->page->live || wants_older(entry)))
		entry->next_url = links.next_url;
}

bool nw_part_next(struct nw_entry *entry)
{
	const char *url = entry->single_url;

	entry->single = url != NULL;
	if (!entry->single) {
		url = entry->next_url;
		entry->next_url = NULL;
	}
	entry->single_url = NULL;
	if (!url || !nw_part_add(entry->arena, &entry->parts, url))
		return false;
	entry->url = url;
	entry->redirects = 0;
	return true;
}
