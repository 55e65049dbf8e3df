/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_message: stories a CPU second from the model to the bytes of a message,
 * beside a plain copy of the same bytes.
 */
#include "config.h"

#include "bench.h"
#include "newswire/limits.h"
#include "newswire/message.h"

#define STORIES 10000
#define PARAGRAPHS 12
#define NOW 1784000000

static const char paragraph[] =
	"The council met on Monday evening and voted, by nineteen to four, to "
	"keep the old mill open until the spring; residents who had filled the "
	"gallery applauded, and the mayor said that he would \xe2\x80\x9clisten "
	"again\xe2\x80\x9d before the budget is written.";

static struct nw_story *make_story(struct nw_arena *arena)
{
	struct nw_story *story = nw_story_new(arena);
	struct nw_author author = { .name = "Jane Doe",
				    .role = "Reporter",
				    .bio = "Jane Doe writes about rivers." };
	struct nw_block *block;
	int i;

	story->canonical_url = story->url = "https://a.example/2025/mill";
	story->title = "The mill stays open until spring";
	story->description = "Councillors vote nineteen to four.";
	story->published_utc = NOW;
	nw_story_add_author(arena, &story->authors, &story->author_count,
			    &author);
	for (i = 0; i < PARAGRAPHS; i++) {
		block = nw_body_add(arena, &story->body, NW_BLOCK_PARAGRAPH);
		block->spans = nw_arena_alloc(arena, 2 * sizeof(*block->spans));
		block->spans[0].text = paragraph;
		block->spans[1].text = " More.";
		block->spans[1].href = "https://a.example/more";
		block->span_count = 2;
	}
	return story;
}

/* CPU seconds for STORIES messages; len_r: their bytes. */
static double run_messages(const struct nw_thread *thread, size_t *len_r)
{
	static const char *const groups[] = { "example.bench" };
	const struct nw_message_options options = { groups, 1, "news.example",
						    NOW };
	double start = bench_cpu_s();
	struct nw_buf message;
	int i;

	nw_buf_init(&message, NW_MESSAGE_BYTES);
	for (i = 0; i < STORIES; i++) {
		nw_buf_reset(&message);
		if (nw_message_write(&message, thread->story,
				     &thread->posts[0], &options, NULL) < 0)
			break;
	}
	*len_r = message.len;
	nw_buf_free(&message);
	return bench_cpu_s() - start;
}

static double run_copies(size_t len)
{
	double start = bench_cpu_s();
	struct nw_buf from, to;
	int i;

	nw_buf_init(&from, len);
	nw_buf_init(&to, len);
	for (i = 0; from.len < len; i++)
		nw_buf_addc(&from, (char)('a' + i % 26));
	for (i = 0; i < STORIES; i++) {
		nw_buf_reset(&to);
		nw_buf_add(&to, from.data, from.len);
	}
	nw_buf_free(&from);
	nw_buf_free(&to);
	return bench_cpu_s() - start;
}

int main(void)
{
	const struct nw_thread_options options = { .id_domain = "bench.invalid",
						   .now_utc = NOW };
	struct nw_arena *arena = nw_arena_new();
	struct nw_thread thread;
	double used;
	size_t len;

	if (nw_thread_plan(arena, NULL, make_story(arena), &options, &thread,
			   NULL) < 0)
		return 1;
	used = run_messages(&thread, &len);
	(void)printf("bench: %d messages of %zu bytes: %.2f s (target 2 s)\n",
		     STORIES, len, used);
	bench_print("model to message", STORIES / used,
		    STORIES / (run_copies(len) + 1e-6),
		    "messages a CPU second");
	nw_arena_free(&arena);
	return 0;
}
