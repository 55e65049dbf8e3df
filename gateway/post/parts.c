/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/ident.h"
#include "newswire/limits.h"

#include "post_private.h"

/* The parts of a message while they are found. */
struct parts {
	struct nw_arena *arena;
	const struct nw_layout *layout;
	struct nw_attachments attachments;
	struct nw_mime_part *list;
	size_t count;
};

static void add_part(struct parts *parts, const struct nw_mime_part *part)
{
	parts->list = nw_arena_grow(parts->arena, parts->list, parts->count,
				    sizeof(*parts->list));
	parts->list[parts->count++] = *part;
}

static void add_picture(struct parts *parts,
			const struct nw_attachment *attachment)
{
	const struct nw_mime_part part = { .attachment = attachment };

	add_part(parts, &part);
}

/* The text between two pictures; nothing stands between two that have no
 * words. */
static void add_piece(struct parts *parts, const char *text, size_t len,
		      bool delsp)
{
	const struct nw_mime_part part = {
		.text = nw_arena_strndup(parts->arena, text, len),
		.len = len,
		.delsp = delsp,
	};

	if (len)
		add_part(parts, &part);
}

static int add_text(struct parts *parts, struct nw_error *err)
{
	struct nw_text_facts facts;
	struct nw_buf text;
	size_t i, start = 0;
	int result;

	nw_buf_init(&text, NW_MESSAGE_BYTES);
	result = nw_text_layout(parts->arena, &text, parts->layout,
				&parts->attachments, &facts, err);
	for (i = 0; result == 0 && i < facts.cut_count; i++) {
		const struct nw_text_cut *cut = &facts.cuts[i];

		add_piece(parts, text.data + start, cut->at - start,
			  facts.delsp);
		add_picture(parts, cut->attachment);
		start = cut->at;
	}
	if (result == 0)
		add_piece(parts, text.data + start, text.len - start,
			  facts.delsp);
	nw_buf_free(&text);
	return result;
}

static int add_html(struct parts *parts, struct nw_error *err)
{
	struct nw_mime_part part = { .html = true };
	struct nw_buf html;
	int result;
	size_t i;

	nw_buf_init(&html, NW_MESSAGE_BYTES);
	result = nw_hypertext_layout(&html, parts->layout, &parts->attachments,
				     err);
	part.text = nw_arena_strndup(parts->arena, html.data, html.len);
	part.len = html.len;
	nw_buf_free(&html);
	add_part(parts, &part);
	for (i = 0; i < parts->attachments.count; i++)
		add_picture(parts, &parts->attachments.items[i]);
	return result;
}

int nw_parts_write(struct nw_buf *out, struct nw_arena *arena,
		   const struct nw_layout *layout, const struct nw_post *post,
		   const struct nw_message_options *options,
		   struct nw_error *err)
{
	const char *id = post->message_id;
	struct parts parts = { .arena = arena, .layout = layout };
	struct nw_mime_parts mime = {
		.layout = options->layout,
		.mark = nw_ident_hash(arena, id, strlen(id)),
	};

	nw_attachments_choose(arena, layout, options,
			      nw_post_id_domain(arena, post),
			      &parts.attachments);
	if (add_text(&parts, err) ||
	    (options->layout == NW_LAYOUT_ALTERNATIVE &&
	     add_html(&parts, err)))
		return -1;
	/* An empty story has one part all the same. */
	if (!parts.count)
		add_part(&parts, &(struct nw_mime_part){ .text = "" });
	mime.parts = parts.list;
	mime.count = parts.count;
	return nw_mime_write(out, &mime, err);
}
