/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "newswire/page.h"

#include "replay.h"

static void add_span(struct nw_buf *out, const struct nw_span *span)
{
	const char *before = "", *after = "";

	if (span->style & NW_SPAN_DELETED) {
		before = "[-";
		after = "-]";
	} else if (span->style & NW_SPAN_INSERTED) {
		before = "{+";
		after = "+}";
	}
	nw_buf_addf(out, "%s%s%s", before, span->text, after);
}

static void add_changes(struct nw_buf *out, const struct nw_body *changes)
{
	size_t i, k;

	for (i = 0; changes && i < changes->count; i++) {
		nw_buf_adds(out, i ? " | " : " ");
		for (k = 0; k < changes->blocks[i].span_count; k++)
			add_span(out, &changes->blocks[i].spans[k]);
	}
	while (out->len && out->data[out->len - 1] == ' ')
		nw_buf_cut(out, out->len - 1);
}

/* The publication of the youngest update that was known. */
static int64_t youngest(const struct nw_story *stored)
{
	int64_t utc = NW_TIME_NONE;
	size_t i;

	for (i = 0; stored && i < stored->update_count; i++)
		if (stored->updates[i].published_utc > utc)
			utc = stored->updates[i].published_utc;
	return utc;
}

static void add_update(struct nw_buf *out, const struct nw_post *post,
		       int64_t known_utc)
{
	nw_buf_addf(out, "%s %s", post->supersedes ? "edited" : "new",
		    post->update_key);
	if (!post->supersedes && post->date_utc < known_utc)
		nw_buf_adds(out, " late");
	if (post->notice)
		nw_buf_addf(out, " %s", post->notice);
}

static void add_post(struct nw_buf *out, const struct nw_post *post,
		     int64_t known_utc)
{
	switch (post->kind) {
	case NW_POST_ROOT:
		nw_buf_adds(out, post->supersedes ? "edit" : "root");
		break;
	case NW_POST_EDIT:
		nw_buf_adds(out, "edit");
		add_changes(out, post->changes);
		break;
	case NW_POST_CORRECTION:
		nw_buf_addf(out, "correction %s", post->notice);
		break;
	case NW_POST_UPDATE:
		add_update(out, post, known_utc);
		break;
	case NW_POST_CANCEL:
		nw_buf_addf(out, "deleted %s", post->update_key);
		break;
	case NW_POST_KINDS:
		break;
	}
	nw_buf_addc(out, '\n');
}

int replay_poll(struct replay *replay, const char *html, size_t len,
		struct nw_buf *out, struct nw_error *err)
{
	const struct nw_page_input input = {
		.bytes = html,
		.len = len,
		.url = replay->url,
		.now_utc = replay->options.now_utc,
	};
	int64_t known_utc = youngest(replay->stored);
	struct nw_thread thread;
	struct nw_story *story;
	size_t i;

	if (nw_page_read(replay->arena, &input, &story, err) < 0 ||
	    nw_thread_plan(replay->arena, replay->stored, story,
			   &replay->options, &thread, err) < 0)
		return -1;
	for (i = 0; i < thread.post_count; i++)
		add_post(out, &thread.posts[i], known_utc);
	if (thread.waits)
		nw_buf_adds(out, "waits\n");
	replay->stored = thread.story;
	return 0;
}
