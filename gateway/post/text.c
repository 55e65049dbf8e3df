/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/text.h"

#include "post_private.h"

#define SIGNATURE "-- \n"

/* A picture is shown where it stands in the story. */
static void put_changed(struct nw_text *text, const struct nw_body *changes)
{
	const struct nw_attachments *attachments = text->attachments;
	struct nw_attachments words = *attachments;

	words.cut = false;
	text->attachments = &words;
	nw_text_body(text, changes);
	text->attachments = attachments;
}

static void put_changes(struct nw_text *text, const struct nw_layout *layout)
{
	if (!layout->edited)
		return;
	if (!layout->changes) {
		nw_text_line(text, "This story was changed in many places.");
	} else if (layout->changes->count) {
		nw_text_line(text, "What changed:");
		put_changed(text, layout->changes);
	}
	nw_text_line(text, "The story now:");
}

static void put_lead(struct nw_text *text, const struct nw_image *image)
{
	struct nw_block block = { .kind = NW_BLOCK_IMAGE, .image = image };
	const struct nw_body body = { &block, 1 };

	if (image)
		nw_text_body(text, &body);
}

static void put_enclosures(struct nw_text *text,
			   const struct nw_layout *layout)
{
	const struct nw_enclosure *enclosure;
	const char *title;
	size_t i;

	for (i = 0; i < layout->enclosure_count; i++) {
		enclosure = &layout->enclosures[i];
		if (!enclosure->url)
			continue;
		title = enclosure->title ? enclosure->title : enclosure->type;
		nw_text_line(text, nw_arena_printf(
			text->arena, "%s%s",
			nw_text_link(text, title, enclosure->url),
			nw_post_enclosure_facts(text->arena, enclosure)));
	}
}

/* A picture of which nothing is said is nothing to read, unless it is all
 * that there is. */
static void put_picture_alone(struct nw_text *text,
			      const struct nw_layout *layout)
{
	size_t i;

	if (text->begun || text->cut_count || !layout->body)
		return;
	for (i = 0; i < layout->body->count; i++)
		if (layout->body->blocks[i].image) {
			nw_text_line(text, "[image]");
			return;
		}
}

static void put_story(struct nw_text *text, const struct nw_layout *layout)
{
	size_t i;

	put_changes(text, layout);
	if (layout->updated)
		nw_text_line(text, layout->updated);
	if (layout->correction)
		nw_text_line(text, layout->correction);
	put_lead(text, layout->lead);
	if (layout->standfirst)
		nw_text_line(text, layout->standfirst);
	if (layout->body)
		nw_text_body(text, layout->body);
	put_picture_alone(text, layout);
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

static void put_flowed(struct nw_text *text, const char *words)
{
	nw_flow_paragraph(&text->flow, 0, words, strlen(words));
}

static void put_author(struct nw_text *text, const struct nw_author *author)
{
	put_flowed(text, author->role ?
				 nw_arena_printf(text->arena, "%s, %s",
						 author->name, author->role) :
				 author->name);
	if (author->bio)
		put_flowed(text, author->bio);
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

static void write_once(struct nw_text *text, const struct nw_layout *layout)
{
	nw_buf_init(&text->flow.marks, 2 * NW_STORY_TEXT_BYTES);
	put_story(text, layout);
	put_footer(text, layout->source);
	put_signature(text, layout);
	nw_buf_free(&text->flow.marks);
}

int nw_text_layout(struct nw_arena *arena, struct nw_buf *out,
		   const struct nw_layout *layout,
		   const struct nw_attachments *attachments,
		   struct nw_text_facts *facts_r, struct nw_error *err)
{
	const size_t start = out->len;
	const struct nw_text begin = {
		.arena = arena,
		.flow = { .out = out },
		.links = { .arena = arena },
		.own = layout->source,
		.attachments = attachments,
	};
	struct nw_text text = begin;
	bool delsp;

	write_once(&text, layout);
	delsp = text.flow.wants_delsp;
	if (delsp) {
		nw_buf_cut(out, start);
		text = begin;
		text.flow.delsp = true;
		write_once(&text, layout);
	}
	if (!nw_buf_ok(out)) {
		nw_buf_cut(out, start);
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "text: longer than %zu bytes",
				    out->max - start);
	}
	*facts_r = (struct nw_text_facts){ delsp, text.cuts, text.cut_count };
	return 0;
}

int nw_text_write(struct nw_buf *out, const struct nw_story *story,
		  const struct nw_post *post, bool *delsp_r,
		  struct nw_error *err)
{
	static const struct nw_attachments none = { .linked = true };
	struct nw_arena *arena = nw_arena_new();
	struct nw_text_facts facts;
	struct nw_layout layout;
	int result;

	nw_post_layout(arena, story, post, &layout);
	result = nw_text_layout(arena, out, &layout, &none, &facts, err);
	nw_arena_free(&arena);
	if (result == 0)
		*delsp_r = facts.delsp;
	return result;
}

/* RFC 3676 section 4.4: a space before what would read as a quote or a space;
 * and at the end of a line, one that says that the next belongs to it. */
static void put_unflowed(struct nw_buf *out, const char *line, size_t len)
{
	if (len && *line == ' ') {
		line++;
		len--;
	}
	while (len && line[len - 1] == ' ')
		len--;
	nw_buf_add(out, line, len);
	nw_buf_addc(out, '\n');
}

int nw_text_write_body(struct nw_buf *out, const char *standfirst,
		       const struct nw_body *body, struct nw_error *err)
{
	static const struct nw_attachments none = { .linked = true };
	const struct nw_layout layout = { .standfirst = standfirst,
					  .body = body };
	struct nw_arena *arena = nw_arena_new();
	struct nw_text_facts facts;
	struct nw_buf flowed;
	const char *line;
	size_t len;
	int result;

	nw_buf_init(&flowed, 2 * NW_STORY_TEXT_BYTES);
	result = nw_text_layout(arena, &flowed, &layout, &none, &facts, err);
	for (line = flowed.data; result == 0 && *line; line += len + 1) {
		len = strcspn(line, "\n");
		put_unflowed(out, line, len);
		if (!line[len])
			break;
	}
	nw_buf_free(&flowed);
	nw_arena_free(&arena);
	return result;
}
