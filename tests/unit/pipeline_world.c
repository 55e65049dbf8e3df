/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"
#include "newswire/buf.h"
#include "newswire/group.h"
#include "newswire/limits.h"
#include "newswire/wire.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

/* The pipeline's clock is a function without an argument. */
static int64_t clock_utc;

void world_set_clock(int64_t utc)
{
	clock_utc = utc;
}

int64_t world_clock(void)
{
	return clock_utc;
}

static struct document *find(struct world *world, const char *path)
{
	size_t i;

	for (i = 0; i < world->document_count; i++)
		if (strcmp(world->documents[i].path, path) == 0)
			return &world->documents[i];
	return NULL;
}

/* The document of a request: with its query, or whatever the query. */
static struct document *asked(struct world *world, const char *path,
			      const char *request)
{
	const char *target = strchr(request, ' ');
	struct document *document = NULL;

	if (target++)
		document = find(world, nw_arena_strndup(world->arena, target,
							strcspn(target, " ")));
	return document ? document : find(world, path);
}

static bool has_it(const struct document *document, const char *request)
{
	char line[128];

	if (!document->etag)
		return false;
	(void)snprintf(line, sizeof(line), "\r\nIf-None-Match: %s\r\n",
		       document->etag);
	return strstr(request, line) != NULL;
}

static void answer(const char *path, const char *request,
		   struct http_answer *answer, void *context)
{
	struct document *document = asked(context, path, request);

	if (!document) {
		(void)evbuffer_add_printf(answer->bytes,
					  "HTTP/1.1 404 Not Found\r\n\r\n");
		return;
	}
	document->hits++;
	document->turn = httpserver_requests(((struct world *)context)->server);
	clock_utc += document->takes_s;
	if (has_it(document, request)) {
		document->not_modified++;
		(void)evbuffer_add_printf(answer->bytes,
					  "HTTP/1.1 304 Not Modified\r\n\r\n");
		return;
	}
	(void)evbuffer_add_printf(answer->bytes, "HTTP/1.1 %d Status\r\n",
				  document->status);
	if (document->etag)
		(void)evbuffer_add_printf(answer->bytes, "ETag: %s\r\n",
					  document->etag);
	(void)evbuffer_add_printf(answer->bytes, "%s\r\n",
				  document->headers ? document->headers : "");
	(void)evbuffer_add(answer->bytes, document->body,
			   document->len ? document->len
					 : strlen(document->body));
}

static void make_store(struct world *world)
{
	struct nw_error err;

	(void)snprintf(world->dir, sizeof(world->dir),
		       "/tmp/newswire-pipeline-XXXXXX");
	assert_non_null(mkdtemp(world->dir));
	(void)snprintf(world->path, sizeof(world->path), "%s/newswire.db",
		       world->dir);
	if (nw_store_open(&world->store, world->path, NW_STORE_WRITE, &err) < 0)
		fail_msg("%s", err.text);
}

void world_start(struct world *world, const char *version)
{
	const struct nw_pipeline_options options = {
		.config = &world->config,
		.log = &world->log,
		.now = world_clock,
		.version = version,
	};
	struct nw_error err;

	nw_pipeline_free(&world->pipeline);
	if (nw_pipeline_new(&world->pipeline, world->base, world->store,
			    &options, &err) < 0)
		fail_msg("%s", err.text);
}

int world_setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	world->arena = nw_arena_new();
	world->base = event_base_new();
	world->server = httpserver_new(world->base, answer, world);
	make_store(world);
	world->config = (struct nw_config){
		.id_domain = "test.invalid",
		.path_host = "test.invalid",
		.user_agent = "newswire-test/1",
		.allow_private = true,
		.poll_min_s = 3600,
		.poll_max_s = 86400,
		.poll_live_s = 60,
		.recheck = "10m 1h 6h 24h",
		.fetch_total_ms = 10000,
		.image_bytes = NW_PICTURE_BUDGET_BYTES,
		.images_bytes = NW_PICTURES_BUDGET_BYTES,
	};
	world->log_file = tmpfile();
	assert_non_null(world->log_file);
	world->log = (struct nw_log){
		.fd = fileno(world->log_file),
		.level = NW_LOG_INFO,
	};
	world_set_clock(1764000000);
	world_start(world, "1");
	*state = world;
	return 0;
}

/* Of the server's host. */
static const char *rules_path(struct world *world)
{
	return nw_arena_printf(world->arena, "%s/127.0.0.1.txt", world->dir);
}

int world_teardown(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm",
					       "-reading" };
	struct world *world = *state;
	size_t i;

	nw_pipeline_free(&world->pipeline);
	nw_store_close(&world->store);
	httpserver_free(world->server);
	(void)fclose(world->log_file);
	event_base_free(world->base);
	for (i = 0; i < COUNT(suffixes); i++)
		(void)unlink(nw_arena_printf(world->arena, "%s%s", world->path,
					     suffixes[i]));
	(void)unlink(rules_path(world));
	assert_int_equal(rmdir(world->dir), 0);
	nw_arena_free(&world->arena);
	free(world);
	return 0;
}

const char *world_rules(struct world *world, const char *lines)
{
	const char *path = rules_path(world);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(lines, file) >= 0);
	assert_int_equal(fclose(file), 0);
	world->config.rules_dirs = nw_arena_grow(
		world->arena, NULL, 0, sizeof(*world->config.rules_dirs));
	world->config.rules_dirs[0] = world->dir;
	world->config.rules_dir_count = 1;
	return path;
}

const char *world_text(struct world *world, const char *text)
{
	static const char mark[] = "@BASE@";
	struct nw_buf out;
	const char *at, *result;

	nw_buf_init(&out, 8u << 20);
	for (; (at = strstr(text, mark)); text = at + strlen(mark)) {
		nw_buf_add(&out, text, (size_t)(at - text));
		nw_buf_adds(&out, httpserver_url(world->server));
	}
	nw_buf_adds(&out, text);
	assert_true(nw_buf_ok(&out));
	result = nw_arena_strdup(world->arena, out.data);
	nw_buf_free(&out);
	return result;
}

struct document *world_put(struct world *world, const char *path, int status,
			   const char *body)
{
	struct document *document = find(world, path);

	if (!document) {
		assert_true(world->document_count < DOCUMENTS);
		document = &world->documents[world->document_count++];
	}
	*document = (struct document){
		.path = path,
		.status = status,
		.body = world_text(world, body),
	};
	return document;
}

struct document *world_put_picture(struct world *world, const char *path,
				   const char *name)
{
	struct document *document = world_put(world, path, 200, "");
	const char *folder = getenv("srcdir");
	FILE *file = fopen(nw_arena_printf(world->arena,
					   "%s/tests/site/images/%s",
					   folder ? folder : ".", name),
			   "rb");
	char bytes[65536];

	assert_non_null(file);
	document->len = fread(bytes, 1, sizeof(bytes), file);
	assert_int_equal(fclose(file), 0);
	assert_true(document->len > 0 && document->len < sizeof(bytes));
	document->body = nw_arena_strndup(world->arena, bytes, document->len);
	return document;
}

void world_put_stories(struct world *world)
{
	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_put(world, "/2.html", 200, PAGE("Story 2", "Words of two."));
	world_put(world, "/3.html", 200, PAGE("Story 3", "Words of three."));
}

struct document *world_put_feed(struct world *world, const char *body)
{
	struct document *feed = world_put(world, "/feed", 200, body);

	feed->etag = "\"1\"";
	return feed;
}

void world_subscribe(struct world *world, const char *path,
		     enum nw_source_kind kind, const char *group)
{
	struct nw_source source = {
		.url = nw_arena_printf(world->arena, "%s%s",
				       httpserver_url(world->server), path),
		.kind = kind,
		.name = "Test",
		.group = group,
		.schedule = {
			.due_utc = world_clock(),
			.ok_utc = NW_TIME_NONE,
			.changed_utc = NW_TIME_NONE,
		},
	};
	struct nw_error err;

	if (nw_source_add(world->store, &source, world_clock(), &err) < 0)
		fail_msg("%s", err.text);
}

struct nw_source world_source(struct world *world, const char *group)
{
	struct nw_source source;
	struct nw_error err;

	assert_int_equal(nw_source_find(world->store, world->arena, group,
					&source, &err),
			 1);
	return source;
}

static void run(struct world *world)
{
	assert_true(nw_pipeline_active(world->pipeline) > 0);
	while (nw_pipeline_active(world->pipeline))
		assert_int_equal(event_base_loop(world->base, EVLOOP_ONCE), 0);
}

void world_poll(struct world *world, const char *group)
{
	struct nw_source source = world_source(world, group);
	struct nw_error err;

	assert_int_equal(nw_pipeline_poll(world->pipeline, &source, &err), 0);
	run(world);
}

void world_poll_due(struct world *world, const char *group)
{
	struct nw_source source = world_source(world, group);
	struct nw_error err;

	assert_int_equal(nw_pipeline_poll_due(world->pipeline, &source, &err),
			 0);
	run(world);
}

const char *world_log(struct world *world)
{
	char text[8192];
	size_t len;

	assert_int_equal(fseek(world->log_file, 0, SEEK_SET), 0);
	len = fread(text, 1, sizeof(text), world->log_file);
	assert_int_equal(ftruncate(world->log.fd, 0), 0);
	assert_int_equal(fseek(world->log_file, 0, SEEK_SET), 0);
	return nw_arena_strndup(world->arena, text, len);
}

void assert_has(const char *article, const char *text)
{
	assert_non_null(article);
	if (!strstr(article, text))
		fail_msg("no \"%s\" in:\n%s", text, article);
}

static struct nw_group find_group(struct world *world, const char *name)
{
	struct nw_group group;
	struct nw_error err;

	assert_int_equal(nw_group_find(world->store, name, &group, &err), 1);
	return group;
}

int64_t world_count(struct world *world, const char *group)
{
	return find_group(world, group).count;
}

int64_t world_high(struct world *world, const char *group)
{
	return find_group(world, group).high;
}

const char *world_article(struct world *world, const char *group,
			  int64_t number)
{
	struct nw_stored_article article;
	struct nw_error err;
	int found;

	found = nw_group_article(world->store, find_group(world, group).id,
				 number, &article, &err);
	if (found < 0)
		fail_msg("%s", err.text);
	return found ? nw_arena_strndup(world->arena, article.wire,
					article.wire_len)
		     : NULL;
}

const char *world_flowed(struct world *world, const char *group, int64_t number)
{
	const char *article = world_article(world, group, number), *end;
	struct nw_buf out;

	if (!article)
		return NULL;
	nw_buf_init(&out, 1u << 20);
	for (; (end = strstr(article, " \r\n")); article = end + 3)
		nw_buf_add(&out, article, (size_t)(end - article) + 1);
	nw_buf_adds(&out, article);
	article = nw_arena_strdup(world->arena, out.data);
	nw_buf_free(&out);
	return article;
}

const char *world_header(struct world *world, const char *group,
			 int64_t number, const char *name)
{
	const char *article = world_article(world, group, number);
	const char *value;
	struct nw_buf out;
	size_t len;

	if (!article ||
	    !nw_wire_header(article,
			    (size_t)(strstr(article, "\r\n\r\n") - article) + 2,
			    name, &value, &len))
		return NULL;
	nw_buf_init(&out, 1u << 16);
	nw_wire_unfold(&out, value, len);
	value = nw_arena_strdup(world->arena, out.data);
	nw_buf_free(&out);
	return value;
}
