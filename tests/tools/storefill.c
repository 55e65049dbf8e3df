/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fills a group of a store with articles, for tests and measurements: from
 * an rnews batch ("#! rnews OCTETS" before each article) on standard input, or
 * from folders with a file for each article, in the order of their names.
 *
 *	--groups COUNT		into GROUP.g1 to GROUP.gCOUNT in turn, one in each
 *				transaction
 *	--transaction COUNT	so many articles in each, instead of 1000
 *	--search		also into an index for full-text search, which
 *				newswire has not: to know what it would cost
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>

#include "newswire/arena.h"
#include "newswire/date.h"
#include "newswire/limits.h"
#include "newswire/source.h"
#include "newswire/store.h"
#include "newswire/wire.h"

#include "../../gateway/store/store_private.h"

/* Stored in one transaction, if nothing else is asked for. */
#define BATCH_ARTICLES 1000
#define BATCH_BYTES (16u << 20)

static const char usage[] =
	"Usage: storefill [--description TEXT] [--now UTC] [--path-host HOST]\n"
	"                 [--groups COUNT] [--transaction COUNT] [--search]\n"
	"                 STORE GROUP [FOLDER... | < BATCH]\n";

struct fill {
	const char *description, *path_host;
	int64_t now_utc;
	bool search;
	size_t transaction;
	struct nw_store *store;
	sqlite3_stmt *index;	/* adds to the index for search */
	int64_t *group_ids;
	size_t group_count, group;
	struct nw_arena *arena;	/* of what is not yet stored */
	struct nw_commit_article *articles;
	size_t count, bytes;
	uint64_t stored;
};

static size_t head_len(const char *article, size_t len)
{
	const char *empty_line = memmem(article, len, "\n\n", 2);

	return empty_line ? (size_t)(empty_line + 1 - article) : len;
}

static const char *header(struct fill *fill, const char *article, size_t head,
			  const char *name)
{
	const char *value;
	size_t len;

	if (!nw_wire_header(article, head, name, &value, &len))
		return NULL;
	return nw_arena_strndup(fill->arena, value, len);
}

/* Its text is not kept a second time, but its words and where they stand. */
static int make_index(struct fill *fill, struct nw_error *err)
{
	if (nw_store_exec(fill->store,
			  "CREATE VIRTUAL TABLE IF NOT EXISTS search USING"
			  "	fts5(subject, \"from\", body, content='')",
			  err) < 0)
		return -1;
	if (sqlite3_prepare_v2(fill->store->db,
			       "INSERT INTO search (subject, \"from\", body)"
			       "	VALUES (?1, ?2, ?3)",
			       -1, &fill->index, NULL) != SQLITE_OK)
		return nw_error_set(err, NW_ERROR_INTERNAL, "%s",
				    sqlite3_errmsg(fill->store->db));
	return 0;
}

static int index_article(struct fill *fill,
			 const struct nw_commit_article *article,
			 struct nw_error *err)
{
	const char *bytes = article->bytes;
	const size_t head = head_len(bytes, article->len);
	int code;

	(void)sqlite3_bind_text(fill->index, 1,
				header(fill, bytes, head, "Subject"), -1,
				SQLITE_STATIC);
	(void)sqlite3_bind_text(fill->index, 2,
				header(fill, bytes, head, "From"), -1,
				SQLITE_STATIC);
	(void)sqlite3_bind_text(fill->index, 3, bytes + head,
				(int)(article->len - head), SQLITE_STATIC);
	code = sqlite3_step(fill->index);
	(void)sqlite3_reset(fill->index);
	return code == SQLITE_DONE ? 0
				   : nw_store_fail(fill->store, code, err);
}

static int index_batch(struct fill *fill, struct nw_error *err)
{
	int result = 0;
	size_t i;

	if (!fill->search)
		return 0;
	if (nw_store_write_begin(fill->store, err) < 0)
		return -1;
	for (i = 0; i < fill->count && result == 0; i++)
		result = index_article(fill, &fill->articles[i], err);
	return nw_store_write_end(fill->store, result, err);
}

static int store_batch(struct fill *fill, struct nw_error *err)
{
	const struct nw_commit commit = {
		.group_ids = &fill->group_ids[fill->group],
		.group_count = 1,
		.articles = fill->articles,
		.article_count = fill->count,
		.path_host = fill->path_host,
		.now_utc = fill->now_utc,
	};
	struct nw_commit_result result;

	if (nw_store_commit(fill->store, &commit, &result, err) < 0 ||
	    index_batch(fill, err) < 0)
		return -1;
	fill->group = (fill->group + 1) % fill->group_count;
	fill->stored += result.stored;
	nw_arena_free(&fill->arena);
	fill->arena = nw_arena_new();
	fill->articles = NULL;
	fill->count = fill->bytes = 0;
	return 0;
}

/* bytes live in the arena. */
static int add_article(struct fill *fill, const char *bytes, size_t len,
		       struct nw_error *err)
{
	struct nw_commit_article *article;
	const size_t head = head_len(bytes, len);
	const char *message_id = header(fill, bytes, head, "Message-ID");

	if (!message_id)
		return nw_error_set(err, NW_ERROR_DATA,
				    "an article has no Message-ID");
	fill->articles = nw_arena_grow(fill->arena, fill->articles,
				       fill->count, sizeof(*article));
	article = &fill->articles[fill->count++];
	article->message_id = message_id;
	article->bytes = bytes;
	article->len = len;
	article->date_utc = nw_date_utc(header(fill, bytes, head, "Date"));
	article->supersedes = header(fill, bytes, head, "Supersedes");
	fill->bytes += len;
	if (fill->count < fill->transaction && fill->bytes < BATCH_BYTES)
		return 0;
	return store_batch(fill, err);
}

static int read_article(struct fill *fill, FILE *file, size_t len,
			struct nw_error *err)
{
	char *bytes;

	if (len > NW_MESSAGE_BYTES)
		return nw_error_set(err, NW_ERROR_DATA,
				    "an article of %zu octets", len);
	bytes = nw_arena_alloc(fill->arena, len + 1);
	if (fread(bytes, 1, len, file) != len)
		return nw_error_set(err, NW_ERROR_DATA,
				    "an article ends too early");
	return add_article(fill, bytes, len, err);
}

static int read_batch(struct fill *fill, struct nw_error *err)
{
	static const char mark[] = "#! rnews ";
	char line[64], *end;
	unsigned long len;

	while (fgets(line, sizeof(line), stdin)) {
		len = strtoul(line + strlen(mark), &end, 10);
		if (strncmp(line, mark, strlen(mark)) || *end != '\n')
			return nw_error_set(err, NW_ERROR_DATA,
					    "not \"#! rnews OCTETS\": %s",
					    line);
		if (read_article(fill, stdin, len, err) < 0)
			return -1;
	}
	return 0;
}

static int read_file(struct fill *fill, const char *path, struct nw_error *err)
{
	FILE *file = fopen(path, "rb");
	struct stat status;
	int result;

	if (!file)
		return nw_error_errno(err, "%s", path);
	if (fstat(fileno(file), &status) < 0)
		result = nw_error_errno(err, "%s", path);
	else
		result = read_article(fill, file, (size_t)status.st_size, err);
	(void)fclose(file);
	return result < 0 ? nw_error_prefix(err, "%s", path) : 0;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int read_folder(struct fill *fill, const char *path,
		       struct nw_error *err)
{
	struct dirent **names = NULL;
	int count = scandir(path, &names, is_visible, alphasort), i;
	int result = 0;

	if (count < 0)
		return nw_error_errno(err, "%s", path);
	for (i = 0; i < count; i++) {
		if (result == 0)
			result = read_file(fill,
					   nw_arena_printf(fill->arena,
							   "%s/%s", path,
							   names[i]->d_name),
					   err);
		free(names[i]);
	}
	free(names);
	return result;
}

/* A group is made by a source, which must not be polled. */
static int make_group(struct fill *fill, const char *name,
		      struct nw_error *err)
{
	struct nw_source source = {
		.url = nw_arena_printf(fill->arena, "http://%s.invalid/", name),
		.name = fill->description,
		.group = name,
	};

	if (nw_source_add(fill->store, &source, fill->now_utc, err) < 0)
		return -1;
	fill->group_ids[fill->group++] = source.group_id;
	return nw_source_remove(fill->store, source.id, err);
}

static int make_groups(struct fill *fill, const char *name,
		       struct nw_error *err)
{
	size_t count = fill->group_count, i;
	int result = 0;

	fill->group_count = count ? count : 1;
	fill->group_ids = calloc(fill->group_count, sizeof(*fill->group_ids));
	if (!fill->group_ids)
		return nw_error_errno(err, "groups");
	if (!count)
		result = make_group(fill, name, err);
	for (i = 1; i <= count && result == 0; i++)
		result = make_group(fill,
				    nw_arena_printf(fill->arena, "%s.g%zu",
						    name, i),
				    err);
	fill->group = 0;
	return result;
}

static int run(struct fill *fill, char **operands, struct nw_error *err)
{
	char **folder = operands + 2;

	if (nw_store_open(&fill->store, operands[0], NW_STORE_WRITE, err) < 0 ||
	    make_groups(fill, operands[1], err) < 0 ||
	    (fill->search && make_index(fill, err) < 0))
		return -1;
	if (!*folder && read_batch(fill, err) < 0)
		return -1;
	for (; *folder; folder++)
		if (read_folder(fill, *folder, err) < 0)
			return -1;
	return store_batch(fill, err);
}

/* Whether all options were understood. */
static bool read_options(struct fill *fill, int argc, char **argv)
{
	static const struct option options[] = {
		{ "description", required_argument, NULL, 'd' },
		{ "groups", required_argument, NULL, 'g' },
		{ "now", required_argument, NULL, 'n' },
		{ "path-host", required_argument, NULL, 'p' },
		{ "search", no_argument, NULL, 's' },
		{ "transaction", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'd')
			fill->description = optarg;
		else if (option == 'g')
			fill->group_count = strtoul(optarg, NULL, 10);
		else if (option == 'n')
			fill->now_utc = strtoll(optarg, NULL, 10);
		else if (option == 'p')
			fill->path_host = optarg;
		else if (option == 's')
			fill->search = true;
		else if (option == 't')
			fill->transaction = strtoul(optarg, NULL, 10);
		else
			return false;
	}
	return argc - optind >= 2 && fill->transaction > 0;
}

int main(int argc, char **argv)
{
	struct fill fill = { .description = "", .path_host = "news.invalid",
			     .now_utc = time(NULL),
			     .transaction = BATCH_ARTICLES };
	struct nw_error err = { NW_ERROR_NONE, "" };
	int result;

	if (!read_options(&fill, argc, argv)) {
		(void)fputs(usage, stderr);
		return EX_USAGE;
	}
	fill.arena = nw_arena_new();
	result = run(&fill, argv + optind, &err);
	(void)sqlite3_finalize(fill.index);
	nw_store_close(&fill.store);
	nw_arena_free(&fill.arena);
	free(fill.group_ids);
	if (result < 0) {
		(void)fprintf(stderr, "storefill: %s\n", err.text);
		return nw_error_exit(&err);
	}
	(void)printf("%" PRIu64 " articles\n", fill.stored);
	return 0;
}
