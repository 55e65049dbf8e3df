/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes as a page and as a section page; the page as a thread, and each of its
 * posts as a message: none of them may hold a byte that breaks a header or a line
 * that is too long.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/section.h"
#include "newswire/snapshot.h"
#include "newswire/ticker.h"
#include "newswire/wire.h"

#define NOW 1784000000

/* RFC 5536 section 2.2 and RFC 5322 section 2.1.1. */
static void check_lines(const struct nw_buf *message)
{
	const char *at = message->data, *end = at + message->len, *lf;

	if (memchr(at, '\0', message->len))
		abort();
	while (at < end) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (!lf || lf == at || lf[-1] != '\r' ||
		    memchr(at, '\r', (size_t)(lf - at - 1)) ||
		    lf - at - 1 > NW_LINE_OCTETS)
			abort();
		at = lf + 1;
	}
}

static void write_message(const struct nw_story *story,
			  const struct nw_post *post)
{
	static const char *const groups[] = { "example.test" };
	const struct nw_message_options options = {
		.newsgroups = groups,
		.newsgroup_count = 1,
		.path_host = "news.example",
		.now_utc = NOW,
	};
	struct nw_buf message, wire;
	size_t head_len;

	nw_buf_init(&message, NW_MESSAGE_BYTES);
	nw_buf_init(&wire, 2 * NW_MESSAGE_BYTES);
	if (nw_message_write(&message, story, post, &options, NULL) == 0) {
		check_lines(&message);
		if (nw_wire_write(&wire, message.data, message.len,
				  "news.example example.test:1", &head_len,
				  NULL) < 0)
			abort();
	}
	nw_buf_free(&message);
	nw_buf_free(&wire);
}

/* A snapshot must be read back as what it was. */
static void check_snapshot(struct nw_arena *arena,
			   const struct nw_story *story)
{
	struct nw_buf first, second;
	struct nw_story *again = NULL;

	nw_buf_init(&first, NW_MESSAGE_BYTES);
	nw_buf_init(&second, NW_MESSAGE_BYTES);
	if (nw_snapshot_write(&first, story, NULL) == 0 &&
	    (nw_snapshot_read(arena, first.data, first.len, &again, NULL) < 0 ||
	     nw_snapshot_write(&second, again, NULL) < 0 ||
	     first.len != second.len ||
	     memcmp(first.data, second.data, first.len) != 0))
		abort();
	nw_buf_free(&first);
	nw_buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nw_page_input input = {
		.bytes = (const char *)data,
		.len = size,
		.url = "https://a.example/story",
		.now_utc = NOW,
	};
	const struct nw_thread_options options = {
		.id_domain = "a.invalid",
		.now_utc = NOW,
	};
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *story = NULL;
	struct nw_page_link *links;
	struct nw_ticker *ticker;
	struct nw_feed *section;
	struct nw_thread thread;
	size_t i;

	(void)nw_section_read(arena, &input, &section, NULL);
	(void)nw_ticker_read(arena, &input, &ticker, NULL);
	(void)nw_page_feeds(arena, &input, &links, &i, NULL);
	if (nw_page_read(arena, &input, &story, NULL) == 0 &&
	    nw_thread_plan(arena, NULL, story, &options, &thread, NULL) == 0) {
		for (i = 0; i < thread.post_count; i++)
			if (thread.posts[i].kind != NW_POST_CANCEL)
				write_message(thread.story, &thread.posts[i]);
		check_snapshot(arena, thread.story);
	}
	nw_arena_free(&arena);
	return 0;
}
