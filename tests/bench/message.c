/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_message: stories a CPU second from the model to the bytes of a message,
 * beside a plain write of the same bytes.
 */
#include "config.h"

#include "bench.h"
#include "newswire/limits.h"
#include "newswire/message.h"

#define STORIES 10000
#define PICTURE_STORIES 1000
#define PICTURE_BYTES 150000
#define PICTURE "https://a.example/mill.jpg"
#define FILE_MESSAGES 100	/* written before the file begins anew */
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
	static const struct nw_image lead = { .url = PICTURE,
					      .caption = "The old mill." };
	struct nw_block *block;
	int i;

	story->canonical_url = story->url = "https://a.example/2025/mill";
	story->title = "The mill stays open until spring";
	story->description = "Councillors vote nineteen to four.";
	story->published_utc = NOW;
	story->lead_image = &lead;
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

/* CPU seconds for so many messages; the last of them in message. */
static double run_messages(const struct nw_thread *thread,
			   const struct nw_message_options *options, int count,
			   struct nw_buf *message)
{
	double start = bench_cpu_s();
	int i;

	for (i = 0; i < count; i++) {
		nw_buf_reset(message);
		if (nw_message_write(message, thread->story, &thread->posts[0],
				     options, NULL) < 0)
			return 0;
	}
	return bench_cpu_s() - start;
}

/* The same bytes, written to a file as many times. */
static double run_writes(const struct nw_buf *message, int count)
{
	FILE *file = tmpfile();
	double start = bench_cpu_s();
	int i;

	for (i = 0; file && i < count; i++) {
		if (i % FILE_MESSAGES == 0)
			rewind(file);
		(void)fwrite(message->data, 1, message->len, file);
	}
	if (file)
		(void)fclose(file);
	return bench_cpu_s() - start;
}

static void run(const char *what, const struct nw_thread *thread,
		const struct nw_message_options *options, int count)
{
	struct nw_buf message;
	double used, writes;

	nw_buf_init(&message, NW_MESSAGE_BYTES);
	used = run_messages(thread, options, count, &message);
	writes = run_writes(&message, count);
	(void)printf("bench: %d messages of %zu bytes: %.2f s (a plain write "
		     "of the bytes: %.2f s)\n",
		     count, message.len, used, writes);
	bench_print(what, count / used, count / (writes + 1e-6),
		    "messages a CPU second");
	nw_buf_free(&message);
}

int main(void)
{
	static const char *const groups[] = { "example.bench" };
	static char bytes[PICTURE_BYTES];
	static const struct nw_picture picture = {
		PICTURE, "image/jpeg", bytes, sizeof(bytes), 1280, 720
	};
	const struct nw_thread_options options = { .id_domain = "bench.invalid",
						   .now_utc = NOW };
	struct nw_message_options message = {
		.newsgroups = groups,
		.newsgroup_count = 1,
		.path_host = "news.example",
		.now_utc = NOW,
	};
	struct nw_arena *arena = nw_arena_new();
	struct nw_thread thread;
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7919 >> 5);
	if (nw_thread_plan(arena, NULL, make_story(arena), &options, &thread,
			   NULL) < 0)
		return 1;
	run("model to message (target 5000)", &thread, &message, STORIES);
	message.pictures = &picture;
	message.picture_count = 1;
	run("model and a picture of 150 KB to message", &thread, &message,
	    PICTURE_STORIES);
	message.layout = NW_LAYOUT_MIXED;
	run("the same in mixed layout", &thread, &message, PICTURE_STORIES);
	nw_arena_free(&arena);
	return 0;
}
