/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

#include "post_private.h"

/* Of a message that is full, so much is pictures; the rest is the story's. */
#define ALL_BYTES (NW_MESSAGE_BYTES / 2)

#define NAME_OCTETS 64		/* of a file, with its extension */
#define EXTENSION_OCTETS 4
#define COPY_OCTETS 8		/* "-65535" before it */
#define SUFFIX_OCTETS 5		/* ".webp" */
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
		"0123456789"
#define PLAIN_NAME "picture"
#define DESCRIPTION_BYTES 200	/* a longer one is no name of a thing */

/* The types that pictures are written in, and their extensions. */
static const struct {
	const char *type, *extension;
} types[] = {
	{ "image/jpeg", ".jpg" },
	{ "image/png", ".png" },
};

/* A choice under way. */
struct chooser {
	struct nw_arena *arena;
	const struct nw_message_options *options;
	const char *domain;
	struct nw_attachments *chosen;
	size_t bytes;
};

static const char *extension_of(const char *type)
{
	size_t i;

	for (i = 0; type && i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(type, types[i].type))
			return types[i].extension;
	return NULL;
}

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) & 15 : -1;
}

/* In place; what is no escape stays, and NUL is a space. */
static void percent_decode(char *text)
{
	char *to = text;

	for (; *text; text++) {
		int high = *text == '%' ? hex(text[1]) : -1;
		int low = high < 0 ? -1 : hex(text[2]);

		if (low < 0) {
			*to++ = *text;
		} else {
			*to++ = high || low ? (char)(high << 4 | low) : ' ';
			text += 2;
		}
	}
	*to = '\0';
}

/* The words of the last part of the path, without what it says of its type:
 * letters and digits of ASCII, so no folder, and never hidden. */
static const char *base_name(struct nw_arena *arena, const char *url)
{
	const char *encoded;
	char *name, *dot;
	size_t len;

	encoded = nw_post_file_name(url, &len);
	name = nw_arena_strndup(arena, encoded, len);
	percent_decode(name);
	dot = strrchr(name, '.');
	if (dot && strlen(dot) <= SUFFIX_OCTETS &&
	    !dot[1 + strspn(dot + 1, LETTERS)])
		*dot = '\0';
	name = nw_utf8_line(arena, name, strlen(name), NW_STORY_TITLE_BYTES);
	if (name)
		name = nw_utf8_slug(arena, name, NAME_OCTETS -
							 EXTENSION_OCTETS -
							 COPY_OCTETS);
	return name ? name : PLAIN_NAME;
}

static bool is_taken(const struct nw_attachments *chosen, const char *name)
{
	size_t i;

	for (i = 0; i < chosen->count; i++)
		if (!strcmp(chosen->items[i].name, name))
			return true;
	return false;
}

/* "mill.jpg"; the next one of that name is "mill-2.jpg". */
static const char *file_name(struct chooser *chooser,
			     const struct nw_picture *picture)
{
	const char *extension = extension_of(picture->type);
	const char *base = base_name(chooser->arena, picture->url);
	const char *name = nw_arena_printf(chooser->arena, "%s%s", base,
					   extension);
	size_t n;

	for (n = 2; is_taken(chooser->chosen, name); n++)
		name = nw_arena_printf(chooser->arena, "%s-%zu%s", base, n,
				       extension);
	return name;
}

/* The caption as a header value (RFC 2045 section 8). */
static const char *description_of(struct nw_arena *arena,
				  const struct nw_image *image)
{
	static const char name[] = "Content-Description";
	const char *words = image->caption ? image->caption : image->alt;
	const char *value = NULL;
	struct nw_buf line;

	if (!words || strlen(words) > DESCRIPTION_BYTES)
		return NULL;
	nw_buf_init(&line, NW_STORY_TITLE_BYTES);
	nw_header_text(&line, name, words);
	if (nw_buf_ok(&line) && line.len > strlen(name) + strlen(": \r\n"))
		value = nw_arena_strndup(arena, line.data + strlen(name) + 2,
					 line.len - strlen(name) - 4);
	nw_buf_free(&line);
	return value;
}

static const struct nw_picture *
picture_of(const struct nw_message_options *options,
	   const struct nw_image *image)
{
	size_t i;

	for (i = 0; i < options->picture_count; i++) {
		const struct nw_picture *picture = &options->pictures[i];

		if (picture->url && !strcmp(picture->url, image->url))
			return picture->len && picture->width > 0 &&
					       extension_of(picture->type) ?
				       picture :
				       NULL;
	}
	return NULL;
}

/* Stable: of what it is and for whom, not of when or where in the message. */
static const char *content_id(struct chooser *chooser, const char *url)
{
	return nw_arena_printf(chooser->arena, "p.%s@%s",
			       nw_ident_hash(chooser->arena, url, strlen(url)),
			       chooser->domain);
}

static void choose(struct chooser *chooser, const struct nw_image *image)
{
	struct nw_attachments *chosen = chooser->chosen;
	const struct nw_picture *picture;

	if (!image || !image->url || nw_attachment_find(chosen, image))
		return;
	picture = picture_of(chooser->options, image);
	if (!picture || picture->len > (ALL_BYTES - chooser->bytes) / 3 * 2)
		return;
	chosen->items = nw_arena_grow(chooser->arena, chosen->items,
				      chosen->count, sizeof(*chosen->items));
	chosen->items[chosen->count] = (struct nw_attachment){
		.picture = picture,
		.cid = content_id(chooser, picture->url),
		.name = file_name(chooser, picture),
		.description = description_of(chooser->arena, image),
	};
	chosen->count++;
	chooser->bytes += picture->len + picture->len / 2;
}

static void choose_of(struct chooser *chooser, const struct nw_body *body)
{
	size_t i;

	for (i = 0; i < body->count; i++)
		if (body->blocks[i].kind == NW_BLOCK_IMAGE)
			choose(chooser, body->blocks[i].image);
}

void nw_attachments_choose(struct nw_arena *arena,
			   const struct nw_layout *layout,
			   const struct nw_message_options *options,
			   const char *domain,
			   struct nw_attachments *attachments_r)
{
	struct chooser chooser = { arena, options, domain, attachments_r, 0 };
	bool text_only = options->layout != NW_LAYOUT_ALTERNATIVE;

	*attachments_r = (struct nw_attachments){
		.linked = options->images != NW_IMAGES_NONE,
		.numbered = text_only && options->images != NW_IMAGES_NONE,
		.cut = options->layout == NW_LAYOUT_MIXED,
	};
	if (options->images != NW_IMAGES_INLINE ||
	    options->layout == NW_LAYOUT_TEXT)
		return;
	choose(&chooser, layout->lead);
	if (layout->body)
		choose_of(&chooser, layout->body);
}

const struct nw_attachment *
nw_attachment_find(const struct nw_attachments *attachments,
		   const struct nw_image *image)
{
	size_t i;

	for (i = 0; image->url && i < attachments->count; i++)
		if (!strcmp(attachments->items[i].picture->url, image->url))
			return &attachments->items[i];
	return NULL;
}
