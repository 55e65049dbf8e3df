/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_pages NEWSWIRE PAGE…: pages a CPU second of the program's "convert
 * --format json --batch", and from bytes to the bytes of a message, beside
 * libxml2's parse of the same bytes alone, the limit of any reader that uses it;
 * and the program's peak memory above the largest page.
 *
 * A PAGE is a file, which gzip may have packed, or a folder: then all files
 * below it whose names end with .html or .html.gz.
 */
#include "config.h"

#include <ftw.h>
#include <libxml/HTMLparser.h>
#include <libxml/xmlIO.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/page.h"

#define SECONDS_MIN 2.0
#define NOW 1784000000
/* Pages that are converted by the program at least, each again if need be. */
#define CONVERTED_MIN 500
#define MB (1024.0 * 1024.0)

/* nftw() has no argument for its caller. */
static struct pages {
	char folder[32];	/* has them unpacked, as 0.html and on */
	size_t count;
	size_t largest;		/* bytes */
	struct nw_buf *all;	/* not before the program has run, which would
				 * inherit this process's peak */
} pages = { .folder = "/tmp/bench_pages.XXXXXX" };

static int read_bytes(const char *path, struct nw_buf *bytes)
{
	xmlParserInputBuffer *input = xmlParserInputBufferCreateFilename(
		path, XML_CHAR_ENCODING_NONE);

	if (!input)
		return -1;
	nw_buf_init(bytes, NW_FETCH_BODY_BYTES);
	while (xmlParserInputBufferGrow(input, 65536) > 0)
		;
	nw_buf_add(bytes, xmlBufContent(input->buffer),
		   xmlBufUse(input->buffer));
	xmlFreeParserInputBuffer(input);
	return nw_buf_ok(bytes) && bytes->len ? 0 : -1;
}

static const char *page_path(size_t page, char path[64])
{
	(void)snprintf(path, 64, "%s/%zu.html", pages.folder, page);
	return path;
}

static void write_file(const char *path, const struct nw_buf *bytes)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(bytes->data, 1, bytes->len, file) != bytes->len ||
	    fclose(file) != 0)
		exit(1);
}

static void add_page(const char *path)
{
	struct nw_buf bytes;
	char copy[64];

	if (read_bytes(path, &bytes) < 0)
		return;
	write_file(page_path(pages.count++, copy), &bytes);
	if (pages.largest < bytes.len)
		pages.largest = bytes.len;
	nw_buf_free(&bytes);
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	return len >= tail && !strcmp(text + len - tail, end);
}

static int visit(const char *path, const struct stat *status, int type,
		 struct FTW *at)
{
	(void)status;
	if (type == FTW_F && (!at->level || ends_with(path, ".html") ||
			      ends_with(path, ".html.gz")))
		add_page(path);
	return 0;
}

static void to_message(const struct nw_buf *bytes, struct nw_buf *message)
{
	static const char *const groups[] = { "example.bench" };
	const struct nw_page_input input = { .bytes = bytes->data,
					     .len = bytes->len,
					     .url = "https://a.example/story",
					     .now_utc = NOW };
	const struct nw_thread_options thread_options = {
		.id_domain = "bench.invalid",
		.now_utc = NOW,
	};
	const struct nw_message_options options = { groups, 1, "news.example",
						    NOW };
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *story = NULL;
	struct nw_thread thread;

	nw_buf_reset(message);
	if (nw_page_read(arena, &input, &story, NULL) == 0 &&
	    nw_thread_plan(arena, NULL, story, &thread_options, &thread,
			   NULL) == 0)
		(void)nw_message_write(message, thread.story, &thread.posts[0],
				       &options, NULL);
	nw_arena_free(&arena);
}

static void parse_alone(const struct nw_buf *bytes, struct nw_buf *message)
{
	(void)message;
	xmlFreeDoc(htmlReadMemory(bytes->data, (int)bytes->len, NULL, "UTF-8",
				  HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
					  HTML_PARSE_NOWARNING |
					  HTML_PARSE_NONET | XML_PARSE_HUGE));
}

/* Pages a CPU second. */
static double run(void (*work)(const struct nw_buf *, struct nw_buf *))
{
	double start = bench_cpu_s(), used;
	struct nw_buf message;
	size_t done = 0, i;

	nw_buf_init(&message, NW_MESSAGE_BYTES);
	do {
		for (i = 0; i < pages.count; i++)
			work(&pages.all[i], &message);
		done += pages.count;
		used = bench_cpu_s() - start;
	} while (used < SECONDS_MIN);
	nw_buf_free(&message);
	return (double)done / used;
}

/* A list of the pages, as convert --batch reads it; returns how many there
 * are in it. */
static size_t write_list(const char *path)
{
	size_t listed = 0, i;
	struct nw_buf lines;
	char page[64];

	nw_buf_init(&lines, NW_FETCH_BODY_BYTES);
	do {
		for (i = 0; i < pages.count; i++, listed++)
			nw_buf_addf(&lines, "%s\thttps://a.example/%zu\n",
				    page_path(i, page), i);
	} while (listed < CONVERTED_MIN);
	write_file(path, &lines);
	nw_buf_free(&lines);
	return listed;
}

/* Runs the program over all pages: pages a CPU second, and its peak memory. */
static double run_program(const char *newswire, double *peak_bytes_r)
{
	struct rusage usage;
	char list[64];
	size_t listed;
	pid_t child;
	int status;

	(void)snprintf(list, sizeof(list), "%s/list", pages.folder);
	listed = write_list(list);
	child = fork();
	if (child == 0) {
		if (!freopen(list, "r", stdin) ||
		    !freopen("/dev/null", "w", stdout))
			_exit(1);
		(void)execl(newswire, newswire, "--home", pages.folder,
			    "convert", "--format", "json", "--batch",
			    (char *)NULL);
		_exit(1);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
		(void)fprintf(stderr, "bench_pages: %s failed\n", newswire);
		exit(1);
	}
	(void)getrusage(RUSAGE_CHILDREN, &usage);
	*peak_bytes_r = (double)usage.ru_maxrss * 1024;
	(void)unlink(list);
	return (double)listed / bench_usage_s(&usage);
}

/* The pages into memory; the folder goes. */
static void load(void)
{
	char path[64];
	size_t i;

	pages.all = calloc(pages.count, sizeof(*pages.all));
	for (i = 0; i < pages.count; i++) {
		if (!pages.all ||
		    read_bytes(page_path(i, path), &pages.all[i]) < 0)
			exit(1);
		(void)unlink(path);
	}
	(void)rmdir(pages.folder);
}

int main(int argc, char **argv)
{
	double limit, peak, rate;
	int i;

	if (argc > 2 && mkdtemp(pages.folder))
		for (i = 2; i < argc; i++)
			(void)nftw(argv[i], visit, 16, FTW_PHYS);
	if (!pages.count) {
		(void)fprintf(stderr, "usage: bench_pages NEWSWIRE PAGE…\n");
		return 2;
	}
	rate = run_program(argv[1], &peak);
	load();
	limit = run(parse_alone);
	bench_print("page to JSON", rate, limit, "pages a CPU second");
	bench_print("page to message", run(to_message), limit,
		    "pages a CPU second");
	(void)printf("bench: peak memory: %.1f MB, %.1f MB above the largest "
		     "page (target 30 MB)\n",
		     peak / MB, (peak - (double)pages.largest) / MB);
	while (pages.count)
		nw_buf_free(&pages.all[--pages.count]);
	free(pages.all);
	return 0;
}
