/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/source.h"
#include "store_series.h"

#define NOW INT64_C(1753524900)
#define DAY INT64_C(86400)
#define HOST "news.example"
#define GROUP_A "com.example.a"
#define GROUP_B "com.example.b"
#define ID(name) "<" name "@example.invalid>"
#define LARGE_BYTES 60000

/* What one poll stores, in short. */
struct poll {
	const char *group;	/* whose source it is */
	const char *key;	/* of the story */
	const char *title;	/* a new snapshot, or NULL */
	const char *articles[4];
	const char *supersedes;	/* by the first of the articles */
	const char *cancels[2];
	size_t body_bytes;
};

static int open_store(struct series *series)
{
	if (series->store)
		return 0;
	return nw_store_open(&series->store, series->path, NW_STORE_WRITE,
			     &series->err);
}

static int find_source(struct series *series, const char *group,
		       struct nw_source *source_r)
{
	return nw_source_find(series->store, series->arena, group, source_r,
			      &series->err);
}

static int add_source(struct series *series, const char *group)
{
	struct nw_source source;
	int found = find_source(series, group, &source);

	if (found)
		return found < 0 ? -1 : 0;
	source = (struct nw_source){
		.url = nw_arena_printf(series->arena, "https://%s/", group),
		.name = "A source",
		.group = group,
		.schedule = { .due_utc = NOW,
			      .ok_utc = NW_TIME_NONE,
			      .changed_utc = NW_TIME_NONE },
	};
	return nw_source_add(series->store, &source, NOW, &series->err);
}

static int remove_source(struct series *series, const char *group)
{
	struct nw_source source;
	int found = find_source(series, group, &source);

	if (found <= 0)
		return found;
	return nw_source_remove(series->store, source.id, &series->err);
}

static struct nw_commit_article article_of(struct series *series,
					   const char *message_id,
					   size_t body_bytes)
{
	struct nw_commit_article article = { .message_id = message_id,
					     .date_utc = NOW };
	char *body = nw_arena_alloc(series->arena, body_bytes + 1);
	size_t i;

	for (i = 0; i < body_bytes; i++)
		body[i] = i % 70 == 69 ? '\n' : (char)('a' + i / 70 % 26);
	article.bytes = nw_arena_printf(series->arena,
		"From: Jane Doe <jane@example.invalid>\r\n"
		"Newsgroups: " GROUP_A "\r\n"
		"Subject: About %s\r\n"
		"Date: Sat, 26 Jul 2025 10:15:00 +0000\r\n"
		"Message-ID: %s\r\n"
		"\r\n"
		".A dot.\r\n%s", message_id, message_id, body);
	article.len = strlen(article.bytes);
	return article;
}

static int run_poll(struct series *series, const struct poll *poll)
{
	struct nw_commit_article articles[4];
	struct nw_commit_result result;
	struct nw_source source;
	struct nw_story *story = nw_story_new(series->arena), *stored;
	struct nw_commit commit = {
		.item_key = poll->key,
		.item_hash = poll->title ? poll->title : "unchanged",
		.keys = &poll->key,
		.key_count = 1,
		.articles = articles,
		.cancels = poll->cancels,
		.path_host = HOST,
		.now_utc = NOW,
	};
	int found = find_source(series, poll->group, &source);

	if (found <= 0 ||
	    nw_store_story(series->store, series->arena, &poll->key, 1, &stored,
			   &commit.story_id, &series->err) < 0)
		return -1;
	story->title = poll->title;
	commit.story = poll->title ? story : NULL;
	commit.source_id = source.id;
	commit.group_ids = &source.group_id;
	commit.group_count = 1;
	for (; poll->articles[commit.article_count]; commit.article_count++)
		articles[commit.article_count] =
			article_of(series, poll->articles[commit.article_count],
				   poll->body_bytes);
	if (commit.article_count)
		articles[0].supersedes = poll->supersedes;
	while (commit.cancel_count < 2 && poll->cancels[commit.cancel_count])
		commit.cancel_count++;
	return nw_store_commit(series->store, &commit, &result, &series->err);
}

static int op_open(struct series *series)
{
	return open_store(series);
}

/* The last one to leave puts the log away: a checkpoint to be interrupted. */
static int op_close(struct series *series)
{
	nw_store_close(&series->store);
	return 0;
}

static int op_add_a(struct series *series)
{
	return add_source(series, GROUP_A);
}

static int op_add_b(struct series *series)
{
	return add_source(series, GROUP_B);
}

static int op_remove_a(struct series *series)
{
	return remove_source(series, GROUP_A);
}

static int op_story(struct series *series)
{
	return run_poll(series, &(const struct poll){
		.group = GROUP_A, .key = "example.com/1", .title = "One",
		.articles = { ID("1"), ID("1.u1"), ID("1.u2") } });
}

static int op_edit(struct series *series)
{
	return run_poll(series, &(const struct poll){
		.group = GROUP_A, .key = "example.com/1", .title = "One, edited",
		.articles = { ID("1.u2.r"), ID("1.u3") },
		.supersedes = ID("1.u2") });
}

/* The group of B gets what is there of the story of A. */
static int op_found_by_b(struct series *series)
{
	return run_poll(series, &(const struct poll){
		.group = GROUP_B, .key = "example.com/1" });
}

static int op_large(struct series *series)
{
	return run_poll(series, &(const struct poll){
		.group = GROUP_B, .key = "example.com/2", .title = "Two",
		.articles = { ID("2"), ID("2.u1") },
		.body_bytes = LARGE_BYTES });
}

static int op_cancel(struct series *series)
{
	return run_poll(series, &(const struct poll){
		.group = GROUP_A, .key = "example.com/1",
		.title = "One, without its root",
		.articles = { ID("1.u4") },
		.cancels = { ID("1"), ID("1.u1") } });
}

static int op_source_update(struct series *series)
{
	struct nw_source source;
	int found = find_source(series, GROUP_B, &source);

	if (found <= 0)
		return -1;
	source.etag = "\"tag\"";
	source.schedule.ok_utc = NOW;
	source.schedule.due_utc = NOW + 3600;
	return nw_source_update(series->store, &source, &series->err);
}

static int op_expire_count(struct series *series)
{
	uint64_t expired;

	return nw_store_expire(series->store, 0, 2, NOW, &expired,
			       &series->err);
}

static int op_expire_age(struct series *series)
{
	uint64_t expired;

	return nw_store_expire(series->store, DAY, 0, NOW + 2 * DAY, &expired,
			       &series->err);
}

/* All Message-IDs but one are known by now, and most are gone. */
static int op_again(struct series *series)
{
	return run_poll(series, &(const struct poll){
		.group = GROUP_A, .key = "example.com/1", .title = "One",
		.articles = { ID("1"), ID("1.u2.r"), ID("1.u5") } });
}

const struct series_operation series_operations[] = {
	{ "make the store", op_open },
	{ "subscribe to A", op_add_a },
	{ "a story with two updates", op_story },
	{ "an edited update and a new one", op_edit },
	{ "subscribe to B", op_add_b },
	{ "B finds the story of A", op_found_by_b },
	{ "large articles", op_large },
	{ "close", op_close },
	{ "a root and an update are withdrawn", op_cancel },
	{ "what a poll changes of its source", op_source_update },
	{ "expire by count", op_expire_count },
	{ "unsubscribe from A", op_remove_a },
	{ "close again", op_close },
	{ "subscribe to A again", op_add_a },
	{ "A has what is known and one more", op_again },
	{ "expire by age", op_expire_age },
	{ "a last story", op_large },
	{ "close for good", op_close },
};

const unsigned series_count =
	sizeof(series_operations) / sizeof(series_operations[0]);

void series_init(struct series *series, const char *path)
{
	*series = (struct series){ .path = path, .arena = nw_arena_new() };
}

void series_end(struct series *series)
{
	nw_store_close(&series->store);
	nw_arena_free(&series->arena);
}

int series_run(struct series *series, unsigned operation)
{
	/* A failure that names no error would be taken for one of the last. */
	series->err = (struct nw_error){ NW_ERROR_NONE, "" };
	if (series_operations[operation].run != op_close && open_store(series))
		return -1;
	return series_operations[operation].run(series);
}
