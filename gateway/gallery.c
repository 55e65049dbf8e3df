/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures on their way from the web into the cache of the store: each is got
 * once, however many stories wait for it, and as a page is: robots.txt is
 * asked for each hop, and the fetcher keeps its pause between two requests to
 * a host.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/studio.h"
#include "pipeline_private.h"

static const char picture_accept[] =
	"image/avif,image/webp,image/png,image/jpeg,image/gif;q=0.9,"
	"image/*;q=0.5,*/*;q=0.1";

static void plate_free(struct nw_plate *plate)
{
	nw_arena_free(&plate->arena);
	free(plate);
}

static void unlink_plate(struct nw_plate *plate)
{
	struct nw_plate **link = &plate->pipeline->plates;

	while (*link != plate)
		link = &(*link)->next;
	*link = plate->next;
	plate_free(plate);
}

/* Nobody may be waiting any more. */
static void finish(struct nw_plate *plate, size_t len)
{
	struct nw_pipeline *pipeline = plate->pipeline;

	plate->state = NW_PLATE_DONE;
	plate->len = len;
	if (!plate->wanted)
		unlink_plate(plate);
	nw_pipeline_wake(pipeline);
}

static void log_store(const struct nw_plate *plate, const struct nw_error *err)
{
	nw_log(plate->pipeline->options.log, NW_LOG_ERROR, "store", plate->url,
	       "%s", err->text);
}

/* What was made of it goes into the cache, or why nothing was. */
static void keep(struct nw_plate *plate, struct nw_kept_picture *kept)
{
	struct nw_pipeline *pipeline = plate->pipeline;
	int64_t now_utc = nw_pipeline_now(pipeline);
	struct nw_error err;

	kept->face = plate->face;
	kept->picture.url = plate->url;
	kept->checked_utc = now_utc;
	if (nw_picture_cache_put(pipeline->store, kept, now_utc, &err) == 0) {
		finish(plate, kept->picture.len);
		return;
	}
	log_store(plate, &err);
	finish(plate, 0);
}

/* The one that is kept is the present one, or as good as there is. */
static void keep_on(struct nw_plate *plate, int64_t checked_utc)
{
	struct nw_pipeline *pipeline = plate->pipeline;
	struct nw_error err;

	if (nw_picture_cache_touch(pipeline->store, plate->face, plate->url,
				   checked_utc, nw_pipeline_now(pipeline),
				   &err) < 0)
		log_store(plate, &err);
	finish(plate, plate->kept.picture.len);
}

/* It is left alone for a while; a picture from earlier does in its place. */
static void refuse(struct nw_plate *plate, const char *why, int64_t retry_s)
{
	struct nw_pipeline *pipeline = plate->pipeline;
	int64_t now_utc = nw_pipeline_now(pipeline);
	struct nw_kept_picture refused = {
		.reason = why,
		.retry_utc = now_utc + retry_s,
	};

	nw_pipeline_show(pipeline, NULL);
	nw_log(pipeline->options.log, NW_LOG_INFO, "picture", plate->url, "%s",
	       why);
	if (plate->kept.picture.bytes)
		keep_on(plate, now_utc - nw_picture_fresh_s(plate->face) +
				       retry_s);
	else
		keep(plate, &refused);
}

static void on_remade(const struct nw_picture *picture,
		      const struct nw_error *err, void *context)
{
	struct nw_plate *plate = context;
	struct nw_kept_picture made = {
		.etag = plate->etag,
		.last_modified = plate->last_modified,
	};

	if (!picture) {
		refuse(plate, err->text, NW_PICTURE_REFUSED_S);
		return;
	}
	made.picture = *picture;
	keep(plate, &made);
}

static void remake(struct nw_plate *plate, const struct nw_fetch_reply *reply)
{
	struct nw_pipeline *pipeline = plate->pipeline;
	const struct nw_studio_order order = {
		.use = plate->face ? NW_STUDIO_FACE : NW_STUDIO_PICTURE,
		.bytes = reply->body,
		.len = reply->body_len,
		.bytes_max = pipeline->options.config->image_bytes,
	};
	struct nw_error err;

	plate->etag = nw_arena_strdup(plate->arena, reply->etag);
	plate->last_modified =
		nw_arena_strdup(plate->arena, reply->last_modified);
	plate->state = NW_PLATE_IS_REMADE;
	if (nw_studio_order(pipeline->studio, &order, on_remade, plate, &err) <
	    0)
		refuse(plate, err.text, NW_PICTURE_RETRY_S);
}

/* The picture is not asked for again soon, nor others of a server that wants
 * to be left alone. */
static void refuse_status(struct nw_plate *plate,
			  const struct nw_fetch_reply *reply,
			  const struct nw_error *err)
{
	bool limited = nw_fetch_is_limit(reply);
	int64_t retry_s = limited || reply->status >= 500
				  ? NW_PICTURE_RETRY_S
				  : NW_PICTURE_REFUSED_S;

	if (reply->retry_after_s > retry_s)
		retry_s = reply->retry_after_s;
	plate->unreachable = limited;
	refuse(plate, nw_arena_strdup(plate->arena, err->text), retry_s);
}

static void miss(struct nw_plate *plate, const struct nw_error *err)
{
	bool ours = err->code == NW_ERROR_REFUSED;

	plate->unreachable = !ours;
	refuse(plate, nw_visit_reason(plate->hop_url, err),
	       ours ? NW_PICTURE_REFUSED_S : NW_PICTURE_RETRY_S);
}

static void follow(struct nw_plate *plate, const char *url)
{
	if (plate->redirects++ == NW_FETCH_REDIRECTS) {
		refuse(plate,
		       nw_arena_printf(plate->arena, "more than %d redirects",
				       NW_FETCH_REDIRECTS),
		       NW_PICTURE_REFUSED_S);
		return;
	}
	plate->hop_url = nw_arena_strdup(plate->arena, url);
	plate->state = NW_PLATE_ASKS;
	nw_pipeline_wake(plate->pipeline);
}

static void on_picture(const struct nw_fetch_reply *reply,
		       const struct nw_error *err, void *context)
{
	struct nw_plate *plate = context;
	struct nw_error status;

	if (!reply)
		miss(plate, err);
	else if (reply->redirect_url)
		follow(plate, reply->redirect_url);
	else if (reply->status == 304 && plate->kept.picture.bytes)
		keep_on(plate, nw_pipeline_now(plate->pipeline));
	else if (nw_fetch_check(reply, &status) < 0)
		refuse_status(plate, reply, &status);
	else
		remake(plate, reply);
}

static void fetch(struct nw_plate *plate, unsigned pause_ms)
{
	bool known = plate->kept.picture.bytes != NULL;
	const struct nw_fetch_request request = {
		.url = plate->hop_url,
		.etag = known ? plate->kept.etag : NULL,
		.last_modified = known ? plate->kept.last_modified : NULL,
		.accept = picture_accept,
		.hold_redirect = true,
		.pause_ms = pause_ms,
		.body_bytes = NW_PICTURE_BYTES,
		.total_ms = NW_PICTURE_TOTAL_MS,
	};
	struct nw_error err;

	plate->state = NW_PLATE_FETCHES;
	if (nw_fetch_start(plate->pipeline->fetcher, &request, on_picture,
			   plate, &err) < 0)
		refuse(plate, nw_visit_reason(plate->hop_url, &err),
		       NW_PICTURE_REFUSED_S);
}

static void ask(struct nw_plate *plate)
{
	struct nw_error err = { NW_ERROR_NONE, "" };
	unsigned pause_ms;

	switch (nw_permission_ask(plate->pipeline, plate->hop_url, &pause_ms,
				  &err)) {
	case NW_PERMISSION_UNKNOWN:
		return;
	case NW_PERMISSION_GIVEN:
		fetch(plate, pause_ms);
		return;
	case NW_PERMISSION_REFUSED:
		refuse(plate, "its robots.txt does not allow to fetch it",
		       NW_PICTURE_REFUSED_S);
		return;
	case NW_PERMISSION_DEFERRED:
		miss(plate, &err);
		return;
	}
}

/* Originals that wait for the studio are large; until they are fewer, no
 * further ones are asked for. */
static bool is_busy(const struct nw_pipeline *pipeline)
{
	const struct nw_plate *plate;
	unsigned count = 0;

	for (plate = pipeline->plates; plate; plate = plate->next)
		count += plate->state == NW_PLATE_IS_REMADE;
	return count >= NW_PICTURES_MADE;
}

void nw_plates_step(struct nw_pipeline *pipeline)
{
	struct nw_plate *plate, *next;

	if (is_busy(pipeline))
		return;
	for (plate = pipeline->plates; plate; plate = next) {
		next = plate->next;
		if (plate->state == NW_PLATE_ASKS)
			ask(plate);
	}
}

struct nw_plate *nw_plate_want(struct nw_pipeline *pipeline, bool face,
			       const char *url)
{
	struct nw_plate **end = &pipeline->plates, *plate;
	struct nw_error err;

	for (; (plate = *end); end = &plate->next)
		if (plate->face == face && !strcmp(plate->url, url)) {
			plate->wanted++;
			return plate;
		}
	plate = calloc(1, sizeof(*plate));
	if (!plate)
		return NULL;
	plate->pipeline = pipeline;
	plate->arena = nw_arena_new();
	plate->face = face;
	plate->url = plate->hop_url = nw_arena_strdup(plate->arena, url);
	plate->wanted = 1;
	if (nw_picture_cache_find(pipeline->store, plate->arena, face, url,
				  &plate->kept, &err) < 0)
		log_store(plate, &err);
	/* One that was made for a larger budget is made anew. */
	if (plate->kept.picture.len > pipeline->options.config->image_bytes)
		plate->kept = (struct nw_kept_picture){ .reason = NULL };
	/* Behind the others: those of a story are asked for in its order. */
	*end = plate;
	nw_pipeline_wake(pipeline);
	return plate;
}

void nw_plate_leave(struct nw_plate *plate)
{
	plate->wanted--;
	/* What is under way comes back to it. */
	if (!plate->wanted && (plate->state == NW_PLATE_DONE ||
			       plate->state == NW_PLATE_ASKS))
		unlink_plate(plate);
}

void nw_plates_end(struct nw_pipeline *pipeline)
{
	struct nw_plate *plate;

	while ((plate = pipeline->plates)) {
		pipeline->plates = plate->next;
		plate_free(plate);
	}
}
