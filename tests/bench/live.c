/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_live [PAGE]: what a poll of a live page costs from the bytes of its
 * page to articles in the store, when one update is new and when nothing is,
 * beside libxml2's parse of the same bytes alone.
 *
 * Without a PAGE it is made: 428 updates, each in the structured data and in
 * the text, 1.3 MB.
 */
#include "config.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/page.h"

#include "../../gateway/pipeline_private.h"

#define NOW	       INT64_C(1784000000)
#define RUNS	       20
#define UPDATES	       428
#define TARGET_NEW_MS  60.0
#define TARGET_SAME_MS 10.0

static const char url[] = "https://a.example/live";

struct bench {
	struct nw_pipeline pipeline;
	struct nw_config config;
	struct nw_source source;
	struct nw_buf page;
	char folder[32];
	char first[64];	 /* the store before the poll */
	char second[64]; /* and its copy, which the poll changes */
};

static int64_t now(void)
{
	return NOW;
}

static void fail(const char *what, const struct nw_error *err)
{
	(void)fprintf(stderr, "bench_live: %s: %s\n", what,
		      err ? err->text : "failed");
	exit(1);
}

static void read_file(const char *path, struct nw_buf *bytes)
{
	FILE *file = fopen(path, "rb");
	char chunk[65536];
	size_t len;

	if (!file)
		fail(path, NULL);
	while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
		nw_buf_add(bytes, chunk, len);
	(void)fclose(file);
}

static void write_file(const char *path, const struct nw_buf *bytes)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(bytes->data, 1, bytes->len, file) != bytes->len ||
	    fclose(file) != 0)
		fail(path, NULL);
}

static void add_words(struct nw_buf *out, int update, int count)
{
	static const char *const words[] = { "bridge", "river", "police",
					     "street", "north", "said",
					     "water",  "the",	"of",
					     "near" };
	int i;

	for (i = 0; i < count; i++)
		nw_buf_addf(out, "%s%s", i ? " " : "",
			    words[(update * 7 + i * i) % 10]);
}

static void add_time(struct nw_buf *out, int update)
{
	int minute = 2 * (UPDATES - update);

	nw_buf_addf(out, "2026-07-%02dT%02d:%02d:00Z", 10 + minute / 1440,
		    minute / 60 % 24, minute % 60);
}

static void add_data(struct nw_buf *out, int update)
{
	nw_buf_addf(out,
		    "%s{\"@type\":\"BlogPosting\",\"url\":\"%s#%d\","
		    "\"headline\":\"Update %d: ",
		    update ? "," : "", url, 700000 + update, update);
	add_words(out, update, 6);
	nw_buf_adds(out, "\",\"datePublished\":\"");
	add_time(out, update);
	nw_buf_adds(out, "\",\"author\":[{\"@type\":\"Person\",\"name\":"
			 "\"Ann Reed\"}],\"articleBody\":\"");
	add_words(out, update, 150);
	nw_buf_adds(out, "\"}");
}

static void show(struct nw_buf *out, int update)
{
	nw_buf_addf(out,
		    "<div class=\"live-event-entry\" id=\"%d\"><h3>"
		    "Update %d: ",
		    700000 + update, update);
	add_words(out, update, 6);
	nw_buf_adds(out, "</h3><time datetime=\"");
	add_time(out, update);
	nw_buf_adds(out, "\"></time><p>");
	add_words(out, update, 75);
	nw_buf_adds(out, "</p><p>");
	add_words(out, update, 75);
	nw_buf_adds(out, "</p></div>\n");
}

/* The newest update stands first. */
static void make_page(struct nw_buf *out)
{
	int i;

	nw_buf_addf(out,
		    "<!DOCTYPE html><html lang=\"en\"><head><title>"
		    "Flood: live</title><script type="
		    "\"application/ld+json\">{\"@context\":"
		    "\"https://schema.org\",\"@type\":"
		    "\"LiveBlogPosting\",\"headline\":\"Flood: live\","
		    "\"url\":\"%s\",\"datePublished\":"
		    "\"2026-07-10T00:00:00Z\",\"liveBlogUpdate\":[",
		    url);
	for (i = 0; i < UPDATES; i++)
		add_data(out, i);
	nw_buf_adds(out, "]}</script></head><body><article><h1>Flood: live"
			 "</h1><p>The river has left its bed.</p>\n");
	for (i = 0; i < UPDATES; i++)
		show(out, i);
	nw_buf_adds(out, "</article></body></html>\n");
}

static struct nw_story *read_page(struct nw_arena *arena,
				  const struct nw_buf *page)
{
	const struct nw_page_input input = { .bytes = page->data,
					     .len = page->len,
					     .url = url,
					     .now_utc = NOW };
	struct nw_story *story;
	struct nw_error err;

	if (nw_page_read(arena, &input, &story, &err) < 0)
		fail("page", &err);
	return story;
}

/* What visit.c does with the bytes of a page. */
static unsigned poll(struct bench *bench, const struct nw_buf *page, bool less)
{
	struct nw_publication publication = { .source = &bench->source };
	struct nw_arena *arena = nw_arena_new();
	struct nw_published published = { 0, false };
	struct nw_story *story;
	struct nw_error err;
	int same;

	publication.page_hash = nw_ident_hash(arena, page->data, page->len);
	same = nw_publish_is_same(&bench->pipeline, arena, &bench->source,
				  publication.page_hash, &err);
	if (same < 0)
		fail("store", &err);
	if (!same) {
		story = read_page(arena, page);
		if (less && story->update_count) {
			story->update_count--;
			publication.page_hash = "less";
		}
		publication.story = story;
		if (nw_publish(&bench->pipeline, arena, &publication,
			       &published, &err) < 0)
			fail("publish", &err);
	}
	nw_arena_free(&arena);
	return published.articles;
}

static void open_store(struct bench *bench, const char *path)
{
	struct nw_error err;

	if (nw_store_open(&bench->pipeline.store, path, NW_STORE_WRITE, &err) <
	    0)
		fail("store", &err);
}

/* The store as it is when the newest update is not on the page yet. */
static void fill_store(struct bench *bench)
{
	struct nw_error err;

	bench->source = (struct nw_source) { .url = url,
					     .kind = NW_SOURCE_LIVE,
					     .name = "Live",
					     .group = "example.live" };
	open_store(bench, bench->first);
	if (nw_source_add(bench->pipeline.store, &bench->source, NOW, &err) < 0)
		fail("source", &err);
	(void)printf("bench: live page: %zu bytes, %u articles before the "
		     "poll\n",
		     bench->page.len, poll(bench, &bench->page, true));
	nw_store_close(&bench->pipeline.store);
}

static double parse_ms(const struct nw_buf *page)
{
	double start = bench_cpu_s();
	int i;

	for (i = 0; i < RUNS; i++)
		xmlFreeDoc(htmlReadMemory(
			page->data, (int)page->len, NULL, "UTF-8",
			HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
				HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
				XML_PARSE_HUGE));
	return (bench_cpu_s() - start) * 1000 / RUNS;
}

/* A copy of the store for each run, which is not timed. */
static void time_polls(struct bench *bench, double *new_ms_r, double *same_ms_r)
{
	double new_s = 0, same_s = 0, start;
	struct nw_buf store;
	int i;

	nw_buf_init(&store, 1u << 30);
	read_file(bench->first, &store);
	for (i = 0; i < RUNS; i++) {
		write_file(bench->second, &store);
		open_store(bench, bench->second);
		start = bench_cpu_s();
		if (poll(bench, &bench->page, false) != 1)
			fail("not one new article", NULL);
		new_s += bench_cpu_s() - start;
		start = bench_cpu_s();
		if (poll(bench, &bench->page, false))
			fail("an article though nothing changed", NULL);
		same_s += bench_cpu_s() - start;
		nw_store_close(&bench->pipeline.store);
		(void)unlink(bench->second);
	}
	nw_buf_free(&store);
	*new_ms_r = new_s * 1000 / RUNS;
	*same_ms_r = same_s * 1000 / RUNS;
}

static void print(const char *what, double ms, double limit_ms,
		  double target_ms)
{
	(void)printf("bench: live page, %s: %.1f ms of CPU (target %.0f ms; "
		     "libxml2's parse alone in the same run: %.1f ms)\n",
		     what, ms, target_ms, limit_ms);
}

int main(int argc, char **argv)
{
	struct bench bench = {
		.folder = "/tmp/bench_live.XXXXXX",
		.config = { .id_domain = "bench.invalid",
			    .path_host = "bench",
			    .update_pause_s = NW_UPDATE_PAUSE_S },
	};
	double new_ms, same_ms, limit_ms;

	if (!mkdtemp(bench.folder))
		fail(bench.folder, NULL);
	(void)snprintf(bench.first, sizeof(bench.first), "%s/1", bench.folder);
	(void)snprintf(bench.second, sizeof(bench.second), "%s/2",
		       bench.folder);
	bench.pipeline.options = (struct nw_pipeline_options) {
		.config = &bench.config, .now = now, .version = "0"
	};
	nw_buf_init(&bench.page, NW_FETCH_BODY_BYTES);
	if (argc > 1)
		read_file(argv[1], &bench.page);
	else
		make_page(&bench.page);
	fill_store(&bench);
	time_polls(&bench, &new_ms, &same_ms);
	limit_ms = parse_ms(&bench.page);
	print("one new update", new_ms, limit_ms, TARGET_NEW_MS);
	print("nothing changed", same_ms, limit_ms, TARGET_SAME_MS);
	(void)unlink(bench.first);
	(void)rmdir(bench.folder);
	nw_buf_free(&bench.page);
	return 0;
}
