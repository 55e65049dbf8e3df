/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_pages FILE…: pages a CPU second from bytes to the bytes of a message,
 * beside libxml2's parse of the same bytes alone, the limit of any reader that
 * uses it.
 */
#include "config.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>

#include "bench.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/page.h"

#define SECONDS_MIN 2.0
#define NOW 1784000000

static int read_file(const char *path, struct nw_buf *bytes)
{
	FILE *file = fopen(path, "rb");
	char piece[65536];
	size_t got;

	if (!file)
		return -1;
	nw_buf_init(bytes, NW_FETCH_BODY_BYTES);
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		nw_buf_add(bytes, piece, got);
	(void)fclose(file);
	return nw_buf_ok(bytes) ? 0 : -1;
}

static void to_message(const struct nw_buf *bytes, struct nw_buf *message)
{
	static const char *const groups[] = { "example.bench" };
	const struct nw_page_input input = { bytes->data, bytes->len,
					     "https://a.example/story", NULL,
					     NOW };
	const struct nw_thread_options thread_options = { "bench.invalid",
							  NW_EDITS_FOLLOW_UP,
							  NOW };
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
static double run(const struct nw_buf *pages, size_t count,
		  void (*work)(const struct nw_buf *, struct nw_buf *))
{
	double start = bench_cpu_s(), used;
	struct nw_buf message;
	size_t done = 0, i;

	nw_buf_init(&message, NW_MESSAGE_BYTES);
	do {
		for (i = 0; i < count; i++)
			work(&pages[i], &message);
		done += count;
		used = bench_cpu_s() - start;
	} while (used < SECONDS_MIN);
	nw_buf_free(&message);
	return (double)done / used;
}

int main(int argc, char **argv)
{
	struct nw_buf *pages = calloc((size_t)argc, sizeof(*pages));
	size_t count = 0;
	double limit;
	int i;

	if (argc < 2 || !pages) {
		(void)fprintf(stderr, "usage: bench_pages FILE…\n");
		return 2;
	}
	for (i = 1; i < argc; i++)
		if (read_file(argv[i], &pages[count]) == 0)
			count++;
	if (!count)
		return 1;
	limit = run(pages, count, parse_alone);
	bench_print("page to message", run(pages, count, to_message), limit,
		    "pages a CPU second");
	while (count)
		nw_buf_free(&pages[--count]);
	free(pages);
	return 0;
}
