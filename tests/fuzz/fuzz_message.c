/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes as a story, by the store's JSON or as a page, and each of its posts as a
 * message in each layout, with pictures: well-formed headers that we know, no
 * line too long, and libetpan reads it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "fuzz.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/page.h"
#include "newswire/snapshot.h"

#define NOW 1784000000
#define PICTURES 8

static const char known[] =
	"|Path|From|Newsgroups|Subject|Date|Message-ID|References|In-Reply-To|"
	"Supersedes|Injection-Date|Archived-At|Keywords|Content-Language|"
	"Summary|Expires|Comments|List-Id|List-Archive|Face|MIME-Version|"
	"Content-Type|Content-Transfer-Encoding|Content-ID|"
	"Content-Description|Content-Disposition|";

struct pictures {
	struct nw_picture all[PICTURES];
	size_t count;
};

/* RFC 5322 section 2.2: a name that we write, or a fold; ASCII throughout. */
static void check_header_line(const char *line, size_t len)
{
	char name[64];
	size_t i;

	for (i = 0; i < len; i++)
		if (line[i] < ' ' || line[i] > '~')
			abort();
	if (*line == ' ') {
		if (strspn(line, " ") >= len)
			abort();
		return;
	}
	(void)snprintf(name, sizeof(name), "|%.*s|", (int)strcspn(line, ":"),
		       line);
	if (!strstr(known, name))
		abort();
}

/* RFC 5536 section 2.2 and RFC 5322 section 2.1.1. */
static void check_lines(const struct nw_buf *message)
{
	const char *at = message->data, *end = at + message->len, *lf;
	bool header = true;

	if (memchr(at, '\0', message->len))
		abort();
	for (; at < end; at = lf + 1) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (!lf || lf == at || lf[-1] != '\r' ||
		    memchr(at, '\r', (size_t)(lf - at - 1)) ||
		    lf - at - 1 > NW_LINE_OCTETS)
			abort();
		if (lf - at == 1)
			header = false;
		if (header)
			check_header_line(at, (size_t)(lf - at - 1));
	}
}

static size_t count_parts(const struct mailmime *part)
{
	size_t count = 0;
	clistiter *at;

	if (part->mm_type == MAILMIME_MESSAGE)
		return count_parts(part->mm_data.mm_message.mm_msg_mime);
	if (part->mm_type != MAILMIME_MULTIPLE)
		return 1;
	for (at = clist_begin(part->mm_data.mm_multipart.mm_mp_list); at;
	     at = clist_next(at))
		count += count_parts(clist_content(at));
	return count;
}

static void check_parts(const struct nw_buf *message,
			enum nw_message_layout layout)
{
	struct mailmime *mime = NULL;
	size_t at = 0, count;

	if (mailmime_parse(message->data, message->len, &at, &mime) !=
	    MAILIMF_NO_ERROR)
		abort();
	count = count_parts(mime);
	if (layout == NW_LAYOUT_TEXT ? count != 1 :
	    layout == NW_LAYOUT_MIXED ? !count || count > 2 * PICTURES + 1 :
					count < 2 || count > 2 + PICTURES)
		abort();
	mailmime_free(mime);
}

static void add_picture(struct pictures *pictures,
			const struct nw_image *image)
{
	if (image && image->url && pictures->count < PICTURES)
		pictures->all[pictures->count++] = (struct nw_picture){
			image->url, "image/png", "\x89PNG\r\n", 6, 4, 3
		};
}

static void add_pictures(struct pictures *pictures, const struct nw_body *body)
{
	size_t i;

	for (i = 0; i < body->count; i++)
		add_picture(pictures, body->blocks[i].image);
}

static void write_message(const struct nw_story *story,
			  const struct nw_post *post,
			  enum nw_message_layout layout)
{
	static const char *const groups[] = { "example.test" };
	struct pictures pictures = { .count = 0 };
	const struct nw_picture face = { NULL, "image/png", "face", 4, 48, 48 };
	const struct nw_message_options options = {
		.newsgroups = groups,
		.newsgroup_count = 1,
		.path_host = "news.example",
		.now_utc = NOW,
		.layout = layout,
		.pictures = pictures.all,
		.picture_count = PICTURES,
		.face = &face,
		.list_name = story->title,
		.list_url = story->url,
	};
	struct nw_buf message;

	add_picture(&pictures, story->lead_image);
	add_pictures(&pictures, post->update ? &post->update->body :
					       &story->body);
	while (pictures.count < PICTURES)
		pictures.all[pictures.count++] =
			(struct nw_picture){ .url = NULL };
	nw_buf_init(&message, NW_MESSAGE_BYTES);
	if (nw_message_write(&message, story, post, &options, NULL) == 0) {
		check_lines(&message);
		check_parts(&message, layout);
	}
	nw_buf_free(&message);
}

static int read_story(struct nw_arena *arena, const uint8_t *data, size_t size,
		      struct nw_story **story_r)
{
	const struct nw_page_input input = {
		.bytes = (const char *)data,
		.len = size,
		.url = "https://a.example/story",
		.now_utc = NOW,
	};

	return size && *data == '{' ?
		       nw_snapshot_read(arena, input.bytes, size, story_r,
					NULL) :
		       nw_page_read(arena, &input, story_r, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nw_thread_options options = {
		.id_domain = "a.invalid",
		.now_utc = NOW,
	};
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *story = NULL;
	struct nw_thread thread;
	size_t i;
	int layout;

	if (read_story(arena, data, size, &story) == 0 &&
	    nw_thread_plan(arena, NULL, story, &options, &thread, NULL) == 0)
		for (i = 0; i < thread.post_count; i++)
			for (layout = 0; layout < NW_LAYOUT_COUNT; layout++)
				if (thread.posts[i].kind != NW_POST_CANCEL)
					write_message(
						thread.story, &thread.posts[i],
						(enum nw_message_layout)layout);
	nw_arena_free(&arena);
	return 0;
}
