/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words on pictures: they say neither the headline nor what stands beside
 * them again.
 */
#include "config.h"

#include <string.h>

#include "html_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "polish_private.h"

/* Octets of a text that is not said twice by chance. */
#define WORDS_MIN 20
/* Octets that a credit behind the words on a picture may have. */
#define CREDIT_MAX 120
/* Octets of what names a part of the site. */
#define SIGN_MAX 24

/* What is left of the words on a picture behind the headline: all of them when
 * they do not begin with it, NULL when they are nothing else. */
static const char *behind_title(const struct nw_polish *polish,
				const char *words)
{
	const char *title = polish->story->title, *rest;
	size_t len = title ? strlen(title) : 0, gap;

	if (!words || len < WORDS_MIN)
		return words;
	if (!strcmp(nw_polish_key(polish->arena, words),
		    nw_polish_key(polish->arena, title)))
		return NULL;
	if (strncmp(words, title, len))
		return words;
	rest = words + len;
	gap = strspn(rest, " -|:");
	/* Words that only go on are no others. */
	return rest[gap] && strcspn(rest, "-|:") < gap ? rest + gap : words;
}

static void set_image(struct nw_polish *polish, size_t at,
		      const struct nw_image *image)
{
	struct nw_block *block = &polish->body->blocks[at];

	if (polish->story->lead_image == block->image)
		polish->story->lead_image = image;
	block->image = image;
}

/* Templates that have no words for a picture write the headline there. */
static void drop_title(struct nw_polish *polish, size_t at)
{
	const struct nw_image *image = polish->body->blocks[at].image;
	const char *caption = behind_title(polish, image->caption);
	const char *alt = behind_title(polish, image->alt);
	struct nw_image *other;

	if (caption == image->caption && alt == image->alt)
		return;
	other = nw_arena_alloc(polish->arena, sizeof(*other));
	*other = *image;
	other->caption = caption;
	other->alt = alt;
	set_image(polish, at, other);
}

/* A line that begins with what a picture is said to show, and ends with whom it
 * is from, is its caption. */
static void take_caption(struct nw_polish *polish, size_t at)
{
	const struct nw_image *image = polish->body->blocks[at].image;
	struct nw_line *line = &polish->lines[at + 1];
	struct nw_image *other;
	const char *key;
	size_t len;

	if (image->caption || !image->alt || line->out || !line->text ||
	    polish->body->blocks[at + 1].kind == NW_BLOCK_HEADING)
		return;
	key = nw_polish_key(polish->arena, image->alt);
	len = strlen(key);
	if (len < WORDS_MIN || strncmp(line->key, key, len) ||
	    strlen(line->text) > strlen(image->alt) + CREDIT_MAX)
		return;
	other = nw_arena_alloc(polish->arena, sizeof(*other));
	*other = *image;
	other->caption = nw_utf8_line(polish->arena, line->text,
				      strlen(line->text),
				      NW_STORY_SUMMARY_BYTES);
	nw_html_sort_words(polish->arena, other);
	if (!other->credit)
		return;
	set_image(polish, at, other);
	line->out = "is said on the picture";
}

/* Whether a key is that of a picture's caption, with the credit or without. */
static bool is_caption(const struct nw_polish *polish, const char *key,
		       const struct nw_image *image)
{
	const char *whole;

	if (!key || !image->caption)
		return false;
	if (!strcmp(key, nw_polish_key(polish->arena, image->caption)))
		return true;
	whole = image->credit ? nw_arena_printf(polish->arena, "%s%s",
						image->caption, image->credit)
			      : NULL;
	return whole && !strcmp(key, nw_polish_key(polish->arena, whole));
}

/* A picture that is called as parts of the site are: "Gallery", "advert_3". */
static bool is_sign(const struct nw_polish *polish,
		    const struct nw_image *image)
{
	size_t len = image->alt ? strlen(image->alt) : 0;

	if (!len || len > SIGN_MAX || image->caption || image->credit ||
	    strchr(image->alt, ':'))
		return false;
	while (len && strchr("0123456789_- ", image->alt[len - 1]))
		len--;
	return nw_phrase_is_furniture(
		nw_arena_strndup(polish->arena, image->alt, len));
}

void nw_polish_pictures(struct nw_polish *polish)
{
	size_t i;

	for (i = 0; i < polish->body->count; i++) {
		const struct nw_image *image = polish->body->blocks[i].image;

		if (!image)
			continue;
		drop_title(polish, i);
		image = polish->body->blocks[i].image;
		if (nw_bio_is_portrait(polish->story, image))
			polish->lines[i].out = "an author's picture";
		else if (is_sign(polish, image))
			polish->lines[i].out = "a sign of the site";
		else if (i &&
			 is_caption(polish, polish->lines[i - 1].key, image))
			polish->lines[i - 1].out = "is said on the picture";
		else if (i + 1 < polish->body->count)
			take_caption(polish, i);
	}
}
