/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "extract_private.h"

/*
 * The lead picture: it stands by the headline, mostly outside of the element
 * that holds the text.
 */

/* Elements up to the article, or that are looked into where no headline
 * stands before the text. */
#define LEVELS 3
/* Shorter names of files ("1.jpg") are those of many pictures. */
#define NAME_MIN 8

struct range {
	const struct nw_figures *figures;
	const struct nw_story *story;
	size_t end;		/* the text begins there */
	bool furniture;		/* it is looked through too */
};

/* Leaves out furniture, pictures of authors, and the text and all that follows
 * it. */
static bool skip(const xmlNode *node, void *context)
{
	const struct range *range = context;
	const struct nw_figure *figure = nw_figure_of(node);

	return figure && ((figure->out && !range->furniture) ||
			  (figure->words & (NW_WORD_BYLINE | NW_WORD_BIO)) ||
			  figure >= &range->figures->all[range->end]);
}

/* The element that holds the text, the headline before it, and a picture
 * above that, where an article is around them. */
static size_t find_holder(const struct nw_figures *figures, size_t top,
			  size_t headline)
{
	size_t at = top, above;
	unsigned level;

	while (headline && at > headline)
		at = figures->all[at].parent;
	for (above = at, level = 0; level < LEVELS && above; level++) {
		above = figures->all[above].parent;
		if (figures->all[above].tag == NW_TAG_ARTICLE ||
		    figures->all[above].tag == NW_TAG_MAIN)
			return above;
	}
	return headline ? at : above;
}

/* The name of a picture's file, which servers keep where they change its
 * size. */
static const char *file_name(const char *url, size_t *len_r)
{
	size_t end = strcspn(url, "?#"), start = end;

	while (start && url[start - 1] != '/')
		start--;
	*len_r = end - start;
	return url + start;
}

static bool is_same(const struct nw_image *one, const struct nw_image *other)
{
	size_t len, other_len;
	const char *name = file_name(one->url, &len);
	const char *other_name = file_name(other->url, &other_len);

	if (!strcmp(one->url, other->url))
		return true;
	return len == other_len && len >= NAME_MIN &&
	       !memcmp(name, other_name, len);
}

/* The picture that the page names as the story's, else the first one with
 * words on it, but that not amid furniture. */
static const struct nw_image *choose(const struct range *range,
				     const struct nw_body *body)
{
	const struct nw_image *named = range->story->lead_image;
	const struct nw_image *found = NULL;
	size_t i;

	for (i = 0; i < body->count; i++) {
		const struct nw_image *image = body->blocks[i].image;

		if (!image)
			continue;
		if (named && is_same(image, named))
			return image;
		if (!found && !range->furniture &&
		    (image->caption || image->credit) &&
		    !nw_bio_is_portrait(range->story, image))
			found = image;
	}
	return found;
}

/* Whether the body has the picture; then that gets the words, when it has
 * none. */
static bool is_shown(struct nw_body *body, const struct nw_image *image)
{
	size_t i;

	for (i = 0; i < body->count; i++) {
		struct nw_block *block = &body->blocks[i];

		if (block->kind != NW_BLOCK_IMAGE ||
		    !is_same(block->image, image))
			continue;
		if (!block->image->caption)
			block->image = image;
		return true;
	}
	return false;
}

static void put_first(struct nw_arena *arena, struct nw_body *body,
		      const struct nw_image *image)
{
	(void)nw_body_add(arena, body, NW_BLOCK_IMAGE);
	memmove(body->blocks + 1, body->blocks,
		(body->count - 1) * sizeof(*body->blocks));
	body->blocks[0] = (struct nw_block){ .kind = NW_BLOCK_IMAGE,
					     .image = image };
}

static int find(const struct nw_page *page, struct range *range,
		const xmlNode *holder, const struct nw_image **found_r,
		struct nw_error *err)
{
	const struct nw_html_options options = { .base = page->base,
						 .skip = skip,
						 .context = range,
						 .work = page->work };
	struct nw_body body = { NULL, 0 };

	if (nw_html_blocks(page->arena, holder, &options, &body, err) < 0)
		return -1;
	*found_r = choose(range, &body);
	if (*found_r || range->furniture || !range->story->lead_image)
		return 0;
	/* What the site calls its parts may mislead. */
	range->furniture = true;
	return find(page, range, holder, found_r, err);
}

int nw_lead_add(const struct nw_page *page, const struct nw_figures *figures,
		const struct nw_figure *top, struct nw_story *story,
		struct nw_error *err)
{
	struct range range = { .figures = figures,
			       .story = story,
			       .end = (size_t)(top - figures->all) };
	size_t headline = nw_figures_headline(figures, range.end);
	size_t holder = find_holder(figures, range.end, headline);
	const struct nw_image *image;

	if (holder == range.end)
		return 0;
	if (find(page, &range, figures->all[holder].node, &image, err) < 0)
		return -1;
	if (!image)
		return 0;
	/* What is shown has words, and no mark of the site burnt in. */
	if (!story->lead_image || image->caption || image->credit)
		story->lead_image = image;
	if (!is_shown(&story->body, image))
		put_first(page->arena, &story->body, image);
	return 0;
}
