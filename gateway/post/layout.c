/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/date.h"
#include "newswire/limits.h"
#include "newswire/notice.h"
#include "newswire/utf8.h"

#include "post_private.h"

/* A standfirst is looked for in so many blocks at the start of the body. */
#define OPENING_BLOCKS 6
/* Words that have fewer octets say nothing of what a text is about. */
#define WORD_OCTETS 4
/* Letters at the start of two texts that are not the same by chance. */
#define OPENING_LETTERS 50

#define ISO_DAY_OCTETS	10	/* "2025-07-26" */
#define SCRIPT_OCTETS 4		/* of "ks-Arab" */
#define LANGUAGE_OCTETS 35	/* RFC 5646 section 4.4.1 */
#define LANGUAGE_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
		       "0123456789-"

const char *nw_post_language(const struct nw_story *story)
{
	const char *language = story->language;

	return language && *language && strlen(language) <= LANGUAGE_OCTETS &&
			       !language[strspn(language, LANGUAGE_CHARS)] ?
		       language :
		       NULL;
}

/* The primary subtags and scripts (RFC 5646 section 2.2) of what is written
 * from right to left. */
static const char *const rtl[] = {
	"ar",	"arab", "arc", "ckb", "dv", "fa",   "he",   "hebr", "iw",
	"ji",	"ks",	"lrc", "mzn", "nqo", "pnb", "ps",   "sd",   "syr",
	"thaa", "ug",	"ur",  "yi",
};

/* A script that is named wins: "ks-Deva" is written from the left. */
bool nw_post_is_rtl(const char *language)
{
	bool found = false;
	size_t i, len, at = 0;

	for (; language && language[at]; at += len + !!language[at + len]) {
		len = strcspn(language + at, "-");
		if (at && (len != SCRIPT_OCTETS || language[at] <= '9'))
			continue;
		found = false;
		for (i = 0; i < sizeof(rtl) / sizeof(*rtl); i++)
			found = found || (strlen(rtl[i]) == len &&
					  !strncasecmp(rtl[i], language + at,
						       len));
	}
	return found;
}

static const char *story_address(const struct nw_story *story)
{
	return story->canonical_url ? story->canonical_url : story->url;
}

static size_t next_word(const char *text, size_t *len_r)
{
	size_t start = strspn(text, " ");

	*len_r = strcspn(text + start, " ");
	return start;
}

/* Whether a text holds at least half of the words of a line: then it says the
 * same, if not in the same words. */
static bool says(struct nw_arena *arena, const char *text, const char *line)
{
	size_t words = 0, found = 0, start, len;
	const char *word;

	for (;; line += start + len) {
		start = next_word(line, &len);
		if (!len)
			break;
		if (len < WORD_OCTETS)
			continue;
		word = nw_utf8_key(arena, nw_arena_strndup(arena, line + start,
							   len));
		words++;
		found += *word && strstr(text, word);
	}
	return words > 3 && found * 2 >= words;
}

/* Whether two keys have the same first OPENING_LETTERS. */
static bool begin_alike(const char *one, const char *other)
{
	size_t at, letters = 0;

	for (at = 0; one[at] && one[at] == other[at]; at++)
		letters += ((unsigned char)one[at] & 0xc0) != 0x80;
	/* What differs may be the later octets of the last letter. */
	return letters > OPENING_LETTERS;
}

/* Whether the body opens with the text, all of it or its beginning, or says the
 * same in one of its first paragraphs.  A text that begins as a paragraph does
 * was cut out of the body by a machine, whatever it goes on with. */
static bool opens_with(struct nw_arena *arena, const struct nw_body *body,
		       const char *text)
{
	const char *key = nw_utf8_key(arena, text);
	struct nw_buf opening;
	size_t i, found = 0;
	bool same = !*key;

	nw_buf_init(&opening, NW_STORY_TEXT_BYTES);
	for (i = 0; i < body->count && found < OPENING_BLOCKS && !same; i++) {
		const struct nw_block *block = &body->blocks[i];
		const char *words;

		if (!block->span_count)
			continue;
		words = nw_utf8_key(arena, nw_spans_text(arena, block->spans,
							 block->span_count));
		nw_buf_adds(&opening, words);
		same = strstr(opening.data, key) || begin_alike(words, key) ||
		       says(arena, words, text);
		found++;
	}
	nw_buf_free(&opening);
	return same;
}

static bool is_same_file(const char *one, const char *other)
{
	size_t len, other_len;
	const char *name = nw_post_file_name(one, &len);
	const char *other_name = nw_post_file_name(other, &other_len);

	return len && len == other_len && !memcmp(name, other_name, len);
}

static bool is_same_picture(struct nw_arena *arena, const struct nw_image *one,
			    const struct nw_image *other)
{
	if (one->url && other->url && is_same_file(one->url, other->url))
		return true;
	return one->caption && other->caption &&
	       !strcmp(nw_post_key(arena, one->caption),
		       nw_post_key(arena, other->caption));
}

/* A picture that the body lacks.  Where that has others, one that has no words
 * is most often another cut of them, made for being shared. */
static bool is_lead(struct nw_arena *arena, const struct nw_body *body,
		    const struct nw_image *image)
{
	size_t i;

	for (i = 0; i < body->count; i++) {
		if (!body->blocks[i].image)
			continue;
		if ((!image->caption && !image->credit) ||
		    is_same_picture(arena, body->blocks[i].image, image))
			return false;
	}
	return true;
}

/* "12.3 MB". */
static const char *size_text(struct nw_arena *arena, int64_t bytes)
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
	double size = (double)bytes;
	size_t unit = 0;

	while (size >= 999.5 && unit + 1 < sizeof(units) / sizeof(*units)) {
		size /= 1000;
		unit++;
	}
	return nw_arena_printf(arena, "%.*f %s", unit && size < 99.95, size,
			       units[unit]);
}

const char *nw_post_enclosure_facts(struct nw_arena *arena,
				    const struct nw_enclosure *enclosure)
{
	const char *type = enclosure->title ? enclosure->type : NULL;
	const char *size = enclosure->bytes > 0 ?
				   size_text(arena, enclosure->bytes) :
				   NULL;

	if (!type && !size)
		return "";
	return nw_arena_printf(arena, " (%s%s%s)", type ? type : "",
			       type && size ? ", " : "", size ? size : "");
}

/* A notice may be a paragraph of the body already, or a part of one. */
static void add_notices(struct nw_arena *arena, const struct nw_story *story,
			struct nw_layout *layout)
{
	const char *text;
	size_t i;

	if (!story->correction_count)
		return;
	text = nw_post_key(arena, nw_body_text(arena, &story->body));
	for (i = 0; i < story->correction_count; i++) {
		const char *notice = story->corrections[i];

		if (strstr(text, nw_post_key(arena, notice)))
			continue;
		layout->notices = nw_arena_grow(arena, layout->notices,
						layout->notice_count,
						sizeof(*layout->notices));
		layout->notices[layout->notice_count++] = notice;
	}
}

static void lay_out_story(struct nw_arena *arena, const struct nw_story *story,
			  struct nw_layout *layout)
{
	layout->body = &story->body;
	layout->authors = story->authors;
	layout->author_count = story->author_count;
	layout->enclosures = story->enclosures;
	layout->enclosure_count = story->enclosure_count;
	layout->teaser = story->paywalled;
	if (story->lead_image &&
	    is_lead(arena, &story->body, story->lead_image))
		layout->lead = story->lead_image;
	if (story->description &&
	    !opens_with(arena, &story->body, story->description))
		layout->standfirst = story->description;
	add_notices(arena, story, layout);
}

/* The body without the notice, which stands above it. */
static const struct nw_body *without_notice(struct nw_arena *arena,
					    const struct nw_body *body,
					    const char *notice)
{
	struct nw_body *rest = nw_arena_alloc(arena, sizeof(*rest));
	size_t i, used;
	const char *text;

	rest->blocks =
		nw_arena_alloc(arena, body->count * sizeof(*rest->blocks));
	for (i = 0; i < body->count; i += used ? used : 1) {
		used = nw_notice_at(arena, body, i, &text);
		if (used && !strcmp(text, notice))
			continue;
		used = 0;
		rest->blocks[rest->count++] = body->blocks[i];
	}
	return rest;
}

static void lay_out_update(struct nw_arena *arena, const struct nw_post *post,
			   struct nw_layout *layout)
{
	const struct nw_update *update = post->update;

	layout->body = &update->body;
	if (post->notice) {
		layout->correction = post->notice;
		layout->body =
			without_notice(arena, &update->body, post->notice);
	}
	layout->authors = update->authors;
	layout->author_count = update->author_count;
	if (update->url)
		layout->source = update->url;
}

/* "Updated 16:40 UTC", with the day where that is not the article's: readers
 * see its Date in their own time, so a zone is named. */
static const char *updated_line(struct nw_arena *arena,
				const struct nw_post *post)
{
	char then[NW_DATE_BYTES], now[NW_DATE_BYTES];

	if (post->updated_utc == NW_TIME_NONE)
		return NULL;
	nw_date_iso8601(post->date_utc, then);
	nw_date_iso8601(post->updated_utc, now);
	if (!strncmp(then, now, ISO_DAY_OCTETS))
		return nw_arena_printf(arena, "Updated %.5s UTC",
				       now + ISO_DAY_OCTETS + 1);
	return nw_arena_printf(arena, "Updated %.*s %.5s UTC", ISO_DAY_OCTETS,
			       now, now + ISO_DAY_OCTETS + 1);
}

static const struct nw_body *notice_body(struct nw_arena *arena,
					 const char *notice)
{
	struct nw_body *body = nw_arena_alloc(arena, sizeof(*body));
	struct nw_block *block = nw_body_add(arena, body, NW_BLOCK_PARAGRAPH);

	block->spans = nw_arena_alloc(arena, sizeof(*block->spans));
	block->spans->text = notice ? notice : "";
	block->span_count = 1;
	return body;
}

void nw_post_layout(struct nw_arena *arena, const struct nw_story *story,
		    const struct nw_post *post, struct nw_layout *layout_r)
{
	*layout_r = (struct nw_layout){ .source = story_address(story),
					.language = nw_post_language(story),
					.subject = post->subject };
	if (post->supersedes)
		layout_r->updated = updated_line(arena, post);
	if (post->kind == NW_POST_CORRECTION) {
		layout_r->body = notice_body(arena, post->notice);
	} else if (post->update) {
		lay_out_update(arena, post, layout_r);
	} else {
		lay_out_story(arena, story, layout_r);
		layout_r->edited = post->kind == NW_POST_EDIT;
		layout_r->changes = post->changes;
	}
}
