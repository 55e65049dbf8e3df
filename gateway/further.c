/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents that a source leads to beside the one that was asked for: each is
 * got as far as the robots.txt of its site allows, and read.  One that cannot
 * be had ends that, and the visit goes on with what it has.
 */
#include "config.h"

#include "newswire/limits.h"
#include "newswire/page.h"
#include "pipeline_private.h"

bool nw_further_is_lost(const struct nw_fetch_reply *reply)
{
	return reply && (reply->status == 404 || reply->status == 410);
}

static void give_up(struct nw_visit *visit, const char *why, bool lost)
{
	const struct nw_further *further = visit->further;
	const char *outlook = further->miss(visit, lost);

	nw_pipeline_show(visit->pipeline, NULL);
	nw_log(visit->pipeline->options.log, NW_LOG_INFO, further->area,
	       visit->next_url, "%s, %s", why, outlook);
	if (!visit->broken)
		further->end(visit);
}

/* Each hop is asked about, as that of a story's page. */
static bool follow(struct nw_visit *visit, const struct nw_fetch_reply *reply)
{
	if (!reply || !reply->redirect_url ||
	    visit->redirects++ == NW_FETCH_REDIRECTS)
		return false;
	visit->next_url = nw_arena_strdup(visit->arena, reply->redirect_url);
	visit->state = NW_VISIT_GOES_FURTHER;
	return true;
}

static int read_reply(struct nw_visit *visit,
		      const struct nw_fetch_reply *reply, struct nw_error *err)
{
	const struct nw_kept_feed document = nw_visit_document(reply);
	struct nw_page_input page;

	if (nw_fetch_check(reply, err) < 0)
		return -1;
	page = nw_visit_page(visit, visit->arena, &document);
	return visit->further->read(visit, &page, err);
}

static void on_document(const struct nw_fetch_reply *reply,
			const struct nw_error *why, void *context)
{
	struct nw_visit *visit = context;
	struct nw_error err;

	visit->fetching--;
	nw_pipeline_wake(visit->pipeline);
	if (follow(visit, reply))
		return;
	nw_visit_heed(visit, reply);
	if (reply && read_reply(visit, reply, &err) == 0)
		visit->further->go_on(visit);
	else
		give_up(visit,
			nw_visit_reason(visit->next_url, reply ? &err : why),
			nw_further_is_lost(reply));
}

static void get(struct nw_visit *visit, unsigned pause_ms)
{
	const struct nw_rules_headers headers = nw_rules_headers(
		nw_visit_rules(visit, visit->arena, visit->next_url));
	const struct nw_fetch_request request = {
		.url = visit->next_url,
		.accept = nw_visit_accept(visit->source.kind),
		.user_agent = headers.user_agent,
		.referer = headers.referer,
		.cookie = headers.cookie,
		.hold_redirect = true,
		.pause_ms = pause_ms,
	};
	struct nw_error err;

	if (nw_fetch_start(visit->pipeline->fetcher, &request, on_document,
			   visit, &err) < 0) {
		give_up(visit, nw_visit_reason(request.url, &err), false);
		return;
	}
	visit->state = NW_VISIT_FETCHES;
	visit->fetching++;
}

void nw_further_begin(struct nw_visit *visit, const struct nw_further *further,
		      const char *url)
{
	visit->further = further;
	visit->next_url = url;
	visit->redirects = 0;
	visit->state = NW_VISIT_GOES_FURTHER;
}

void nw_further_step(struct nw_visit *visit)
{
	struct nw_error err;
	unsigned pause_ms;

	if (visit->limited) {
		give_up(visit, "its site asked for fewer requests", false);
		return;
	}
	switch (nw_permission_ask(visit->pipeline, visit->next_url, &pause_ms,
				  &err)) {
	case NW_PERMISSION_UNKNOWN:
		break;
	case NW_PERMISSION_GIVEN:
		get(visit, pause_ms);
		break;
	case NW_PERMISSION_REFUSED:
		give_up(visit, "its robots.txt does not allow to read it",
			true);
		break;
	case NW_PERMISSION_DEFERRED:
		give_up(visit, err.text, false);
		break;
	}
}
