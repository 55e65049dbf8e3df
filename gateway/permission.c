/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/robots.h"
#include "newswire/url.h"
#include "pipeline_private.h"

/* A site and its robots.txt, which is kept as it came: reading one anew takes
 * less time than the page that is asked about. */
struct nw_site {
	struct nw_site *next;	/* asked for longer ago */
	struct nw_pipeline *pipeline;
	char *origin;		/* "https://host:port" */
	char *text;		/* NULL: it has none */
	size_t len;
	bool fetching, had;	/* had: text is what the site says */
	int64_t until_utc;	/* and is believed until then */
	struct nw_error err;	/* why it was not had */
};

static void site_free(struct nw_site *site)
{
	free(site->origin);
	free(site->text);
	free(site);
}

static size_t size_of(const struct nw_site *site)
{
	return sizeof(*site) + strlen(site->origin) + site->len;
}

/* Of those that nobody asked for lately, until the others fit. */
static void forget(struct nw_pipeline *pipeline)
{
	struct nw_site **link = &pipeline->sites, *site;
	size_t size = 0;

	while ((site = *link)) {
		size += size_of(site);
		if (size <= NW_ROBOTS_CACHE_BYTES || site->fetching) {
			link = &site->next;
			continue;
		}
		*link = site->next;
		size -= size_of(site);
		site_free(site);
	}
}

/* What cannot be had forbids nothing (RFC 9309 section 2.3.1.3), but for a
 * server that asks for fewer requests. */
static bool is_unavailable(const struct nw_fetch_reply *reply)
{
	return reply->status >= 400 && reply->status < 500 &&
	       reply->status != 429;
}

static void keep(struct nw_site *site, const struct nw_fetch_reply *reply)
{
	/* One octet more tells that there was more. */
	size_t len = reply->body_len <= NW_ROBOTS_BYTES ? reply->body_len
							: NW_ROBOTS_BYTES + 1;

	site->text = malloc(len + 1);
	site->had = site->text != NULL;
	if (!site->had)
		return;
	memcpy(site->text, reply->body, len);
	site->len = len;
}

static void on_robots(const struct nw_fetch_reply *reply,
		      const struct nw_error *err, void *context)
{
	struct nw_site *site = context;

	site->fetching = false;
	if (!reply)
		site->err = *err;
	else if (nw_fetch_check(reply, &site->err) == 0)
		keep(site, reply);
	else
		site->had = is_unavailable(reply);
	if (reply && !site->had)
		(void)nw_error_prefix(&site->err, "%.200s", reply->url);
	site->until_utc = nw_pipeline_now(site->pipeline) +
			  (site->had ? NW_ROBOTS_KEPT_S : NW_ROBOTS_RETRY_S);
	nw_pipeline_wake(site->pipeline);
}

static void get(struct nw_site *site, struct nw_arena *arena)
{
	const struct nw_fetch_request request = {
		.url = nw_arena_printf(arena, "%s/robots.txt", site->origin),
	};

	free(site->text);
	site->text = NULL;
	site->len = 0;
	site->had = false;
	site->fetching = nw_fetch_start(site->pipeline->fetcher, &request,
					on_robots, site, &site->err) == 0;
	if (!site->fetching)
		site->until_utc = nw_pipeline_now(site->pipeline) +
				  NW_ROBOTS_RETRY_S;
}

/* The site, first in the list from now on; NULL when memory is short. */
static struct nw_site *find(struct nw_pipeline *pipeline, const char *origin)
{
	struct nw_site **link = &pipeline->sites, *site;

	while ((site = *link) && strcmp(site->origin, origin) != 0)
		link = &site->next;
	if (site) {
		*link = site->next;
	} else {
		site = calloc(1, sizeof(*site));
		if (!site)
			return NULL;
		site->pipeline = pipeline;
		site->origin = strdup(origin);
		site->until_utc = INT64_MIN;
		if (!site->origin) {
			site_free(site);
			return NULL;
		}
	}
	site->next = pipeline->sites;
	pipeline->sites = site;
	return site;
}

static bool is_allowed(const struct nw_site *site, struct nw_arena *arena,
		       const struct nw_url *url, unsigned *pause_ms_r)
{
	const struct nw_config *config = site->pipeline->options.config;
	const char *path = url->path;
	struct nw_robots *robots;

	if (!site->text)
		return true;
	if (url->query)
		path = nw_arena_printf(arena, "%s?%s", path, url->query);
	robots = nw_robots_parse(arena, site->text, site->len,
				 config->user_agent);
	*pause_ms_r = robots->delay_ms;
	return nw_robots_allows(robots, path);
}

static enum nw_permission ask(struct nw_pipeline *pipeline,
			      struct nw_arena *arena, const char *address,
			      unsigned *pause_ms_r, struct nw_error *err)
{
	struct nw_site *site = NULL;
	struct nw_url url;

	if (nw_url_split(arena, address, &url) == 0 && url.host)
		site = find(pipeline,
			    nw_arena_printf(arena, "%s://%s%s%s", url.scheme,
					    url.host, url.port ? ":" : "",
					    url.port ? url.port : ""));
	if (!site) {
		(void)nw_error_set(err, NW_ERROR_INTERNAL, "out of memory");
		return NW_PERMISSION_DEFERRED;
	}
	if (!site->fetching && site->until_utc <= nw_pipeline_now(pipeline))
		get(site, arena);
	forget(pipeline);
	if (site->fetching)
		return NW_PERMISSION_UNKNOWN;
	if (!site->had) {
		*err = site->err;
		return NW_PERMISSION_DEFERRED;
	}
	return is_allowed(site, arena, &url, pause_ms_r)
		       ? NW_PERMISSION_GIVEN
		       : NW_PERMISSION_REFUSED;
}

enum nw_permission nw_permission_ask(struct nw_pipeline *pipeline,
				     const char *url, unsigned *pause_ms_r,
				     struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	enum nw_permission permission;

	*pause_ms_r = 0;
	permission = ask(pipeline, arena, url, pause_ms_r, err);
	nw_arena_free(&arena);
	return permission;
}

void nw_permission_end(struct nw_pipeline *pipeline)
{
	struct nw_site *site;

	while ((site = pipeline->sites)) {
		pipeline->sites = site->next;
		site_free(site);
	}
}
