/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/text.h"

#include "post_private.h"

#define SIGNATURE "-- \n"

static void put_changes(struct nw_text *text, const struct nw_layout *layout)
{
	if (!layout->edited)
		return;
	if (!layout->changes) {
		nw_text_line(text, "This story was changed in many places.");
	} else if (layout->changes->count) {
		nw_text_line(text, "What changed:");
		nw_text_body(text, layout->changes);
	}
	nw_text_line(text, "The story now:");
}

static void put_updated(struct nw_text *text, int64_t utc)
{
	char stamp[NW_DATE_BYTES];

	if (utc == NW_TIME_NONE)
		return;
	nw_date_rfc5322(utc, stamp);
	nw_text_line(text, nw_arena_printf(text->arena, "[Updated: %s]",
					   stamp));
}

/* A picture of which nothing is said is nothing to read. */
static void put_lead(struct nw_text *text, const struct nw_image *image)
{
	struct nw_block block = { .kind = NW_BLOCK_IMAGE, .image = image };
	const struct nw_body body = { &block, 1 };

	if (image && (image->caption || image->alt || image->credit))
		nw_text_body(text, &body);
}

static void put_enclosures(struct nw_text *text,
			   const struct nw_layout *layout)
{
	const struct nw_enclosure *enclosure;
	size_t i;

	for (i = 0; i < layout->enclosure_count; i++) {
		enclosure = &layout->enclosures[i];
		if (enclosure->url)
			nw_text_link(text, enclosure->title ? enclosure->title :
							      enclosure->type,
				     enclosure->url);
	}
}

static void put_story(struct nw_text *text, const struct nw_layout *layout)
{
	size_t i;

	put_changes(text, layout);
	put_updated(text, layout->updated_utc);
	put_lead(text, layout->lead);
	if (layout->standfirst)
		nw_text_line(text, layout->standfirst);
	if (layout->body)
		nw_text_body(text, layout->body);
	for (i = 0; i < layout->notice_count; i++)
		nw_text_line(text, layout->notices[i]);
	if (layout->teaser)
		nw_text_line(text, "[The rest of this story is for "
				   "subscribers of the publisher.]");
	put_enclosures(text, layout);
}

static void put_fixed(struct nw_text *text, const char *line)
{
	nw_flow_fixed(&text->flow, 0, line, strlen(line));
}

/* Where the story stands first, then the footnotes. */
static void put_footer(struct nw_text *text, const char *source)
{
	size_t i;

	source = nw_post_href(text->arena, source, NULL);
	if (!source && !text->links.count)
		return;
	if (text->begun)
		nw_flow_blank(&text->flow, 0);
	if (source)
		put_fixed(text, nw_arena_printf(text->arena, "Source: %s",
						source));
	for (i = 0; i < text->links.count; i++)
		put_fixed(text, nw_arena_printf(text->arena, "[%zu] %s",
						i + 1, text->links.urls[i]));
	text->begun = true;
}

static void put_author(struct nw_text *text, const struct nw_author *author)
{
	put_fixed(text, author->role ?
				nw_arena_printf(text->arena, "%s, %s",
						author->name, author->role) :
				author->name);
	if (author->bio)
		nw_flow_paragraph(&text->flow, 0, author->bio,
				  strlen(author->bio));
}

static void put_signature(struct nw_text *text,
			  const struct nw_layout *layout)
{
	bool begun = false;
	size_t i;

	for (i = 0; i < layout->author_count; i++) {
		const struct nw_author *author = &layout->authors[i];

		if (!author->name || (!author->role && !author->bio))
			continue;
		if (begun)
			nw_flow_blank(&text->flow, 0);
		else
			nw_buf_adds(text->flow.out, SIGNATURE);
		begun = true;
		put_author(text, author);
	}
}

/* Returns whether it must be written again with DelSp=yes. */
static bool write_once(struct nw_buf *out, const struct nw_layout *layout,
		       struct nw_arena *arena, bool delsp)
{
	struct nw_text text = {
		.arena = arena,
		.flow = { .out = out, .delsp = delsp },
		.links = { .arena = arena },
		.own = layout->source,
	};

	nw_buf_init(&text.flow.marks, 2 * NW_STORY_TEXT_BYTES);
	put_story(&text, layout);
	put_footer(&text, layout->source);
	put_signature(&text, layout);
	nw_buf_free(&text.flow.marks);
	return !delsp && text.flow.wants_delsp;
}

int nw_text_write(struct nw_buf *out, const struct nw_story *story,
		  const struct nw_post *post, bool *delsp_r,
		  struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	const size_t start = out->len;
	struct nw_layout layout;
	bool delsp;

	nw_post_layout(arena, story, post, &layout);
	delsp = write_once(out, &layout, arena, false);
	if (delsp) {
		nw_buf_cut(out, start);
		(void)write_once(out, &layout, arena, true);
	}
	nw_arena_free(&arena);
	if (!nw_buf_ok(out)) {
		nw_buf_cut(out, start);
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "text: longer than %zu bytes",
				    out->max - start);
	}
	*delsp_r = delsp;
	return 0;
}
