/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <event2/event.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "newswire/group.h"

#include "nntp_world.h"

#define NOW INT64_C(1753524900) /* 2025-07-26T10:15:00Z */

const char greeting[] = "201 news.test newswire " PACKAGE_VERSION
			" ready, no posting\r\n";

void world_write_users(char path_r[WORLD_PATH_BYTES], const char *text)
{
	size_t len = strlen(text);
	int fd;

	(void)snprintf(path_r, WORLD_PATH_BYTES, "/tmp/newswire-users.XXXXXX");
	fd = mkstemp(path_r);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	assert_int_equal(close(fd), 0);
}

/* The store */

enum { GAPS = 1, BIG, NONE, EXTRA };

#define PATH "/made/up"

/* What is found at the path. */
static struct nw_store *only;

static int broken(const struct nw_store *store, struct nw_error *err)
{
	/* Each read of a turn sees one state of the store. */
	assert_true(store->open);
	return store->reads_fail
		       ? nw_error_set(err, NW_ERROR_IO, "the disk is on fire")
		       : 0;
}

int nw_store_read_begin(struct nw_store *store, struct nw_error *err)
{
	if (store->begin_fails)
		return nw_error_set(err, NW_ERROR_BUSY, "no begin today");
	store->begins++;
	store->open = true;
	return 0;
}

void nw_store_read_end(struct nw_store *store)
{
	store->open = false;
}

static bool there(const struct nw_store *store, int64_t group_id,
		  int64_t number)
{
	if (group_id == BIG)
		return number >= 1 && number <= store->big;
	return group_id == GAPS && (number == 3 || number == 5 || number == 9);
}

static void fill_group(const struct nw_store *store, int64_t id,
		       struct nw_group *group_r)
{
	const struct nw_group groups[] = {
		[GAPS] = { GAPS, "test.gaps", "With gaps", 3, 9, 3, 1000 },
		[BIG] = { BIG, "test.big", "Gro\xc3\x9f", 1, store->big,
			  store->big, 1500000000 },
		[NONE] = { NONE, "test.none", "", 1, 0, 0, 1753524900 },
	};

	if (id < EXTRA) {
		*group_r = groups[id];
		return;
	}
	*group_r = (struct nw_group){ .id = id, .low = 1 };
	(void)snprintf(group_r->name, sizeof(group_r->name),
		       "extra.%05" PRId64, id - EXTRA);
}

int nw_group_find(struct nw_store *store, const char *name,
		  struct nw_group *group_r, struct nw_error *err)
{
	int64_t id;

	if (broken(store, err) < 0)
		return -1;
	for (id = GAPS; id < EXTRA; id++) {
		fill_group(store, id, group_r);
		if (!strcmp(group_r->name, name))
			return 1;
	}
	return 0;
}

int nw_group_after(struct nw_store *store, const char *name,
		   struct nw_group *group_r, struct nw_error *err)
{
	/* in the order of octets */
	static const int64_t order[] = { BIG, GAPS, NONE };
	int64_t id = EXTRA;
	size_t i;

	if (broken(store, err) < 0)
		return -1;
	if (!strncmp(name, "extra.", 6))
		id += strtol(name + 6, NULL, 10) + 1;
	if (strcmp(name, "test") < 0 && id < EXTRA + store->extra_groups) {
		fill_group(store, id, group_r);
		return 1;
	}
	for (i = 0; i < COUNT(order); i++) {
		fill_group(store, order[i], group_r);
		if (strcmp(group_r->name, name) > 0)
			return 1;
	}
	return 0;
}

int nw_group_each(struct nw_store *store, const char *name,
		  bool (*each)(void *context, const struct nw_group *group),
		  void *context, struct nw_error *err)
{
	struct nw_group group;
	char after[sizeof(group.name)];
	int found;

	(void)snprintf(after, sizeof(after), "%s", name);
	while ((found = nw_group_after(store, after, &group, err)) > 0) {
		if (!each(context, &group))
			break;
		memcpy(after, group.name, sizeof(after));
	}
	return found;
}

int nw_group_each_of_story(struct nw_store *store, const char *message_id,
			   bool (*each)(void *context,
					const struct nw_group *group),
			   void *context, struct nw_error *err)
{
	struct nw_group group;

	if (broken(store, err) < 0)
		return -1;
	/* Also of an article that is not there any more. */
	fill_group(store, GAPS, &group);
	return !strncmp(message_id, "<1.", 3) && !each(context, &group);
}

/* All came at one time: 3 and 5 of test.gaps, all of test.big, 9 of test.gaps. */
static int64_t came(const struct nw_store *store, int64_t number)
{
	return number < 9 ? number : store->big + number;
}

static void add_news(struct nw_buf *out, int64_t number)
{
	nw_buf_addf(out, "<%d.%" PRId64 "@test>\r\n", GAPS, number);
}

int nw_group_news(struct nw_store *store, struct nw_news *news, size_t piece,
		  struct nw_buf *out, struct nw_error *err)
{
	const size_t start = out->len + news->work;
	int64_t id;

	if (broken(store, err) < 0)
		return -1;
	for (; news->group_id == GAPS && news->number <= 9; news->number++)
		if (there(store, GAPS, news->number) &&
		    came(store, news->number) > news->after_id)
			add_news(out, news->number);
	for (; !news->group_id && news->after_id < came(store, 9);
	     news->after_id++) {
		if (out->len + news->work - start >= piece)
			return 1;
		id = news->after_id + 1;
		if (id != 3 && id != 5 && id != came(store, 9))
			news->work += 64;
		else if (news->wanted(news->context, "test.gaps"))
			add_news(out, id < 9 ? id : 9);
	}
	return 0;
}

int nw_group_stat(struct nw_store *store, int64_t group_id, int64_t number,
		  enum nw_group_step step, int64_t *number_r,
		  const char **message_id_r, struct nw_error *err)
{
	static char message_id[64];
	int64_t high = group_id == BIG ? store->big : 9;

	if (broken(store, err) < 0)
		return -1;
	if (step == NW_GROUP_LAST && number > high + 1)
		number = high + 1;
	if (step != NW_GROUP_AT)
		do
			number += step == NW_GROUP_NEXT ? 1 : -1;
		while (number > 0 && number <= high &&
		       !there(store, group_id, number));
	if (!there(store, group_id, number))
		return 0;
	(void)snprintf(message_id, sizeof(message_id),
		       "<%" PRId64 ".%" PRId64 "@test>", group_id, number);
	*number_r = number;
	*message_id_r = message_id;
	return 1;
}

static int make_article(struct nw_store *store, int64_t group_id,
			int64_t number, struct nw_stored_article *article_r)
{
	static struct nw_buf wire;
	static char message_id[64];
	size_t i, body = group_id == BIG ? store->body_bytes : 0;

	if (!there(store, group_id, number))
		return 0;
	(void)snprintf(message_id, sizeof(message_id),
		       "<%" PRId64 ".%" PRId64 "@test>", group_id, number);
	nw_buf_free(&wire);
	nw_buf_init(&wire, 64 << 20);
	nw_buf_addf(&wire, "Message-ID: %s\r\nSubject: about\r\n number "
			   "%" PRId64 "\r\n", message_id, number);
	article_r->head_len = wire.len;
	nw_buf_adds(&wire, "\r\n..stuffed\r\n");
	for (i = 0; i < body / 10; i++)
		nw_buf_addf(&wire, "%08zu\r\n", i);
	nw_buf_adds(&wire, ".\r\n");
	article_r->wire = wire.data;
	article_r->wire_len = wire.len;
	article_r->message_id = message_id;
	article_r->number = number;
	return 1;
}

int nw_group_article(struct nw_store *store, int64_t group_id,
		     int64_t number, struct nw_stored_article *article_r,
		     struct nw_error *err)
{
	if (broken(store, err) < 0)
		return -1;
	return make_article(store, group_id, number, article_r);
}

int nw_group_article_by_id(struct nw_store *store, const char *message_id,
			   struct nw_stored_article *article_r,
			   struct nw_error *err)
{
	char *end;
	int64_t group_id, number;

	if (broken(store, err) < 0)
		return -1;
	if (store->gone && !strcmp(message_id, store->gone))
		return 0;
	group_id = strtol(message_id + 1, &end, 10);
	if (*end != '.')
		return 0;
	number = strtol(end + 1, &end, 10);
	if (strcmp(end, "@test>") || !make_article(store, group_id, number,
						   article_r))
		return 0;
	article_r->number = 0;
	return 1;
}

/* Walks a range as newswire/group.h asks; format gets number twice. */
static int walk(struct nw_store *store, const int64_t *ids, int64_t *next,
		size_t piece, struct nw_buf *out)
{
	int64_t group_id = ids[0], last = ids[1];
	size_t begin = out->len;

	if (last > (group_id == BIG ? store->big : 9))
		last = group_id == BIG ? store->big : 9;
	for (; *next <= last; ++*next) {
		if (out->len - begin >= piece)
			break;
		if (!there(store, group_id, *next))
			continue;
		nw_buf_addf(out, "%" PRId64, *next);
		if (ids[2])
			nw_buf_addf(out, "\tabout number %" PRId64
					 "\tA <a@test>\tSat, 26 Jul 2025 "
					 "10:15:00 +0000\t<%" PRId64
					 ".%" PRId64 "@test>\t\t12\t1"
					 "\tXref: news.test a:1",
				    *next, group_id, *next);
		nw_buf_adds(out, "\r\n");
	}
	store->made += out->len - begin;
	return *next <= last;
}

int nw_group_overview(struct nw_store *store, int64_t group_id,
		      int64_t *next, int64_t last, size_t piece,
		      struct nw_buf *out, struct nw_error *err)
{
	const int64_t ids[] = { group_id, last, 1 };

	return broken(store, err) < 0 ? -1
				      : walk(store, ids, next, piece, out);
}

int nw_group_numbers(struct nw_store *store, int64_t group_id,
		     int64_t *next, int64_t last, size_t piece,
		     struct nw_buf *out, struct nw_error *err)
{
	const int64_t ids[] = { group_id, last, 0 };

	return broken(store, err) < 0 ? -1
				      : walk(store, ids, next, piece, out);
}

int nw_group_header(struct nw_store *store, int64_t group_id,
		    const char *name, int64_t *next, int64_t last,
		    size_t piece, struct nw_buf *out, struct nw_error *err)
{
	size_t begin = out->len;

	if (broken(store, err) < 0)
		return -1;
	for (; *next <= last && *next <= store->big; ++*next) {
		if (out->len - begin >= piece)
			return 1;
		if (there(store, group_id, *next))
			nw_buf_addf(out, "%" PRId64 " %s\r\n", *next, name);
	}
	return 0;
}

int nw_group_overview_by_id(struct nw_store *store, const char *message_id,
			    struct nw_buf *out, struct nw_error *err)
{
	if (broken(store, err) < 0)
		return -1;
	if (strcmp(message_id, "<1.3@test>"))
		return 0;
	nw_buf_adds(out, "0\ts\tf\td\t<1.3@test>\t\t1234\t56\tXref: x a:1\r\n");
	return 1;
}

int nw_store_open(struct nw_store **store_r, const char *path,
		  enum nw_store_mode mode, struct nw_error *err)
{
	assert_string_equal(path, PATH);
	assert_int_equal(mode, NW_STORE_AT_ONCE);
	if (only->open_fails)
		return nw_error_set(err, NW_ERROR_IO, "the disk is gone");
	*store_r = only;
	return 0;
}

void nw_store_close(struct nw_store **store)
{
	*store = NULL;
}

int nw_store_commit(struct nw_store *store, const struct nw_commit *commit,
		    struct nw_commit_result *result_r, struct nw_error *err)
{
	const struct nw_commit_article *article = commit->articles;
	size_t i;

	store->commits++;
	if (store->busy) {
		store->busy--;
		return nw_error_set(err, NW_ERROR_BUSY, "another one writes");
	}
	if (store->writes_fail)
		return nw_error_set(err, NW_ERROR_IO, "the disk is full");
	assert_int_equal(commit->article_count, 1);
	assert_true(commit->strange);
	*result_r = (struct nw_commit_result){
		.known = store->known &&
			 !strcmp(store->known, article->message_id),
	};
	result_r->stored = !result_r->known;
	nw_buf_free(&store->posted);
	nw_buf_init(&store->posted, 4 << 20);
	nw_buf_add(&store->posted, article->bytes, article->len);
	for (i = 0; i < commit->group_count; i++)
		nw_buf_addf(&store->posted, " %" PRId64, commit->group_ids[i]);
	return 0;
}

/* The server */

static int64_t now(void)
{
	return NOW;
}

void world_open(struct world *world, const struct nw_nntp_options *options)
{
	struct nw_nntp_sockets sockets = { .count = 0 };
	struct sockaddr_in address;
	socklen_t len = sizeof(address);
	struct nw_error err;

	memset(world, 0, sizeof(*world));
	if (options)
		world->options = *options;
	if (world->options.config)
		world->config = *world->options.config;
	world->config.path_host = "news.test";
	world->config.id_domain = "own.test";
	world->config.store_path = PATH;
	world->options.config = &world->config;
	only = &world->store;
	world->options.now = now;
	world->store.big = 100;
	world->base = event_base_new();
	assert_non_null(world->base);
	assert_int_equal(nw_nntp_server_new(&world->server, world->base,
					    &world->store, &world->options,
					    &err), 0);
	assert_int_equal(nw_nntp_listen("127.0.0.1:0", 0, false, &sockets,
					&err), 0);
	world->listener = sockets.of[0].fd;
	assert_int_equal(nw_nntp_server_listen(world->server, world->listener,
					       false,
					       &err), 0);
	assert_int_equal(getsockname(world->listener,
				     (struct sockaddr *)&address, &len), 0);
	world->port = ntohs(address.sin_port);
}

void world_close(struct world *world)
{
	nw_nntp_server_free(&world->server);
	assert_null(world->server);
	assert_false(world->store.open);
	(void)close(world->listener);
	event_base_free(world->base);
	nw_buf_free(&world->store.posted);
}

void world_turn(struct world *world)
{
	assert_true(event_base_loop(world->base,
				    EVLOOP_ONCE | EVLOOP_NONBLOCK) >= 0);
	assert_false(world->store.open);
}
