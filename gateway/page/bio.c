/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "extract_private.h"

/*
 * What the page tells of the authors beside their names, in a box of theirs or
 * in the last lines of the text: it goes to the author, not into the body.
 */

/* A name is looked for this far into a text. */
#define NAME_WITHIN 120
#define BIO_MIN 50
/* Of a key or a caption, beside a name. */
#define REST_BYTES 40
/* A line with more digits tells dates and times. */
#define DIGITS_MAX 6

/* Where the name stands in the text, NULL when it does not. */
static const char *find_name(const char *text, const char *name)
{
	const char *at = name && *name ? strcasestr(text, name) : NULL;

	return at && at - text < NAME_WITHIN ? at : NULL;
}

static struct nw_author *find_author(struct nw_story *story, const char *text)
{
	size_t i;

	for (i = 0; i < story->author_count; i++)
		if (find_name(text, story->authors[i].name))
			return &story->authors[i];
	return NULL;
}

/* Whether a text holds the authors' names and hardly more. */
static bool is_names(struct nw_arena *arena, const struct nw_story *story,
		     const char *text)
{
	char *key = nw_utf8_key(arena, text), *at;
	size_t i;

	for (i = 0; i < story->author_count; i++) {
		const char *name = nw_utf8_key(arena, story->authors[i].name);
		size_t len = strlen(name);

		at = len ? strstr(key, name) : NULL;
		if (at)
			memmove(at, at + len, strlen(at + len) + 1);
	}
	return strlen(key) < REST_BYTES / 2;
}

bool nw_bio_take_line(struct nw_arena *arena, struct nw_story *story,
		      const char *text)
{
	size_t len, i;

	for (i = 0; i < story->author_count; i++) {
		struct nw_author *author = &story->authors[i];

		len = author->name ? strlen(author->name) : 0;
		if (!len || strncasecmp(text, author->name, len) ||
		    (text[len] && !strchr(" ,.:(", text[len])))
			continue;
		if (!author->bio && strlen(text) > len + BIO_MIN &&
		    !is_names(arena, story, text))
			author->bio = nw_utf8_line(arena, text, strlen(text),
						   NW_STORY_BIO_BYTES);
		return true;
	}
	return false;
}

/* What may follow a name behind "by": nothing, a date, the place of work. */
static bool is_rest(const char *prefix, const char *rest)
{
	return !*rest || (*prefix && strlen(rest) < REST_BYTES);
}

const char **nw_bio_names(struct nw_arena *arena, const struct nw_story *story)
{
	const char **names = nw_arena_alloc(
		arena, (story->author_count + 1) * sizeof(*names));
	size_t i;

	for (i = 0; i < story->author_count; i++)
		names[i] = nw_utf8_key(arena, story->authors[i].name);
	names[i] = NULL;
	return names;
}

bool nw_bio_is_name(const char *const *names, const char *key)
{
	static const char *const prefixes[] = { "", "by", "von", "par", "por",
						"text", "autor", "author",
						"words", "writtenby", "di",
						"av", "door" };
	size_t i;

	for (; *names; names++) {
		size_t name_len = strlen(*names);

		for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
			size_t len = strlen(prefixes[i]);

			if (name_len && !strncmp(key, prefixes[i], len) &&
			    !strncmp(key + len, *names, name_len) &&
			    is_rest(prefixes[i], key + len + name_len))
				return true;
		}
	}
	return false;
}

static bool reads_like_bio(const char *text)
{
	unsigned digits = 0;

	/* "World | Published: 5 hours ago | Written by Jane Doe" */
	if (!strncasecmp(text, "by ", 3) || strstr(text, " | "))
		return false;
	for (; *text; text++)
		digits += *text >= '0' && *text <= '9';
	return digits <= DIGITS_MAX;
}

/* The longest text of a box that reads like sentences. */
static const struct nw_figure *find_prose(const struct nw_figures *figures,
					  size_t box)
{
	const struct nw_figure *found = NULL;
	size_t i;

	for (i = box; i < figures->all[box].end; i++) {
		const struct nw_figure *figure = &figures->all[i];

		if (figure->own >= BIO_MIN && figure->marks &&
		    figure->own_link * 2 < figure->own &&
		    (!found || figure->own > found->own))
			found = figure;
	}
	return found;
}

static const char *find_avatar(const struct nw_page *page,
			       const struct nw_figures *figures, size_t box)
{
	static const char *const attributes[] = { "src", "data-src",
						  "data-lazy-src" };
	size_t i, k;

	for (i = box; i < figures->all[box].end; i++) {
		if (!nw_dom_is(figures->all[i].node, "img"))
			continue;
		for (k = 0; k < 3; k++) {
			const char *said = nw_dom_attr(figures->all[i].node,
						       attributes[k]);
			const char *url =
				said && *said ?
					nw_url_resolve(page->arena,
						       page->base, said) :
					NULL;

			if (url && nw_url_is_web(url))
				return url;
		}
	}
	return NULL;
}

bool nw_bio_is_portrait(const struct nw_story *story,
			const struct nw_image *image)
{
	const char *words = image->caption ? image->caption : image->alt;
	size_t i;

	for (i = 0; words && i < story->author_count; i++) {
		const char *name = story->authors[i].name;

		if (find_name(words, name) &&
		    strlen(words) < strlen(name) + REST_BYTES)
			return true;
	}
	return false;
}

/* A box may begin with the author's name and a link, and go on with a text that
 * begins with the name: "Jane DoeTwitterJane Doe is …". */
static const char *skip_name(const char *text, const char *name)
{
	size_t len = strlen(name), spaces = 0;
	const char *again, *at;

	again = strncasecmp(text, name, len) ? NULL
					     : find_name(text + len, name);
	if (!again || again > text + len + REST_BYTES || again[len] != ' ')
		return text;
	for (at = text + len; at < again; at++) {
		spaces += *at == ' ';
		if (spaces > 2 || strchr(".,:;", *at))
			return text;
	}
	return again;
}

/* In a box that is only called a byline, the text must name the author; in
 * any box it must do so, or be a sentence. */
static const char *read_prose(const struct nw_page *page,
			      const struct nw_figures *figures, size_t box,
			      const struct nw_story *story,
			      const struct nw_author *author)
{
	const struct nw_figure *prose = find_prose(figures, box);
	const char *text = prose ? nw_dom_text(page->arena, prose->node,
					       NW_STORY_BIO_BYTES) :
				   NULL;

	if (!text || !reads_like_bio(text) ||
	    is_names(page->arena, story, text))
		return NULL;
	if ((!(figures->all[box].words & NW_WORD_BIO) ||
	     nw_phrase_is_open(text)) &&
	    !find_name(text, author->name))
		return NULL;
	return skip_name(text, author->name);
}

static void read_box(const struct nw_page *page,
		     const struct nw_figures *figures, size_t box,
		     struct nw_story *story)
{
	const char *text = nw_dom_text(page->arena, figures->all[box].node,
				       2 * NAME_WITHIN);
	struct nw_author *author = text ? find_author(story, text) : NULL;

	if (!author)
		return;
	if (!author->bio)
		author->bio = read_prose(page, figures, box, story, author);
	if (!author->avatar)
		author->avatar = find_avatar(page, figures, box);
}

void nw_bio_read(const struct nw_page *page, const struct nw_figures *figures,
		 struct nw_story *story)
{
	size_t i = 1;

	while (i < figures->count && story->author_count) {
		const struct nw_figure *figure = &figures->all[i];

		if ((figure->words & (NW_WORD_BIO | NW_WORD_BYLINE)) &&
		    !(figure->words & (NW_WORD_COMMENT | NW_WORD_RELATED)) &&
		    figure->text > 0 && figure->text < NW_STORY_BIO_BYTES) {
			read_box(page, figures, i, story);
			i = figure->end;
		} else {
			i++;
		}
	}
}
