/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fills a group of a store with articles, for tests and measurements: from
 * an rnews batch ("#! rnews OCTETS" before each article) on standard input, or
 * from folders with a file for each article, in the order of their names.
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

/* Stored in one transaction. */
#define BATCH_ARTICLES 1000
#define BATCH_BYTES (16u << 20)

static const char usage[] =
	"Usage: storefill [--description TEXT] [--now UTC] [--path-host HOST]\n"
	"                 STORE GROUP [FOLDER... | < BATCH]\n";

struct fill {
	const char *description, *path_host;
	int64_t now_utc;
	struct nw_store *store;
	int64_t group_id;
	struct nw_arena *arena;	/* of what is not yet stored */
	struct nw_commit_article *articles;
	size_t count, bytes;
	uint64_t stored;
};

static int store_batch(struct fill *fill, struct nw_error *err)
{
	const struct nw_commit commit = {
		.group_ids = &fill->group_id,
		.group_count = 1,
		.articles = fill->articles,
		.article_count = fill->count,
		.path_host = fill->path_host,
		.now_utc = fill->now_utc,
	};
	struct nw_commit_result result;

	if (nw_store_commit(fill->store, &commit, &result, err) < 0)
		return -1;
	fill->stored += result.stored;
	nw_arena_free(&fill->arena);
	fill->arena = nw_arena_new();
	fill->articles = NULL;
	fill->count = fill->bytes = 0;
	return 0;
}

static const char *header(struct fill *fill, const char *article, size_t len,
			  const char *name)
{
	const char *empty_line = memmem(article, len, "\n\n", 2), *value;
	size_t head_len = empty_line ? (size_t)(empty_line + 1 - article) : len;

	if (!nw_wire_header(article, head_len, name, &value, &len))
		return NULL;
	return nw_arena_strndup(fill->arena, value, len);
}

/* bytes live in the arena. */
static int add_article(struct fill *fill, const char *bytes, size_t len,
		       struct nw_error *err)
{
	struct nw_commit_article *article;
	const char *message_id = header(fill, bytes, len, "Message-ID");

	if (!message_id)
		return nw_error_set(err, NW_ERROR_DATA,
				    "an article has no Message-ID");
	fill->articles = nw_arena_grow(fill->arena, fill->articles,
				       fill->count, sizeof(*article));
	article = &fill->articles[fill->count++];
	article->message_id = message_id;
	article->bytes = bytes;
	article->len = len;
	article->date_utc = nw_date_utc(header(fill, bytes, len, "Date"));
	article->supersedes = header(fill, bytes, len, "Supersedes");
	fill->bytes += len;
	if (fill->count < BATCH_ARTICLES && fill->bytes < BATCH_BYTES)
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
	fill->group_id = source.group_id;
	return nw_source_remove(fill->store, source.id, err);
}

static int run(struct fill *fill, char **operands, struct nw_error *err)
{
	char **folder = operands + 2;

	if (nw_store_open(&fill->store, operands[0], NW_STORE_WRITE, err) < 0 ||
	    make_group(fill, operands[1], err) < 0)
		return -1;
	if (!*folder && read_batch(fill, err) < 0)
		return -1;
	for (; *folder; folder++)
		if (read_folder(fill, *folder, err) < 0)
			return -1;
	return store_batch(fill, err);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "description", required_argument, NULL, 'd' },
		{ "now", required_argument, NULL, 'n' },
		{ "path-host", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	struct fill fill = { .description = "", .path_host = "news.invalid",
			     .now_utc = time(NULL) };
	struct nw_error err = { NW_ERROR_NONE, "" };
	int option, result;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'd')
			fill.description = optarg;
		else if (option == 'n')
			fill.now_utc = strtoll(optarg, NULL, 10);
		else if (option == 'p')
			fill.path_host = optarg;
		else
			argc = 0;
	}
	if (argc - optind < 2) {
		(void)fputs(usage, stderr);
		return EX_USAGE;
	}
	fill.arena = nw_arena_new();
	result = run(&fill, argv + optind, &err);
	nw_store_close(&fill.store);
	nw_arena_free(&fill.arena);
	if (result < 0) {
		(void)fprintf(stderr, "storefill: %s\n", err.text);
		return nw_error_exit(&err);
	}
	(void)printf("%" PRIu64 " articles\n", fill.stored);
	return 0;
}
