/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "feed_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

static unsigned char *rank_of(struct nw_feed_reader *reader, size_t field)
{
	return &reader->rank[reader->item != NULL][field];
}

static void *place_of(struct nw_feed_reader *reader, size_t field)
{
	char *top = reader->item ? (char *)reader->item : (char *)reader->feed;

	return top + field;
}

bool nw_feed_wants(const struct nw_feed_reader *reader,
		   const struct nw_feed_row *row)
{
	unsigned char rank = reader->rank[reader->item != NULL][row->field];

	return !rank || row->rank < rank;
}

bool nw_feed_set_string(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, const char *value)
{
	if (!value || !nw_feed_wants(reader, row))
		return false;
	*rank_of(reader, row->field) = row->rank;
	*(const char **)place_of(reader, row->field) = value;
	return true;
}

void nw_feed_set_last(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, const char *value)
{
	unsigned char *rank = rank_of(reader, row->field);

	if (value && *rank == row->rank)
		*rank = 0;
	(void)nw_feed_set_string(reader, row, value);
}

void nw_feed_set_time(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, int64_t value)
{
	if (value == NW_TIME_NONE || !nw_feed_wants(reader, row))
		return;
	*rank_of(reader, row->field) = row->rank;
	*(int64_t *)place_of(reader, row->field) = value;
}

void nw_feed_read_line(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node)
{
	struct nw_feed_text text;

	if (!nw_feed_wants(reader, row))
		return;
	text = nw_feed_content(reader, node, NW_MODE_GUESS);
	(void)nw_feed_set_string(reader, row,
				 nw_feed_line(reader->arena, &text,
					      NW_STORY_SUMMARY_BYTES));
}

static void read_markup(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, xmlNode *node,
			enum nw_feed_mode mode)
{
	struct nw_feed_text text;

	if (!nw_feed_wants(reader, row))
		return;
	text = nw_feed_content(reader, node, mode);
	if (!nw_feed_set_string(reader, row,
				nw_feed_html(reader->arena, &text)))
		return;
	/* There is one for both: what the text needs counts. */
	if (reader->base && (row->field == NW_ITEM(content_html) ||
			     !reader->item->base_url))
		reader->item->base_url = reader->base;
}

void nw_feed_read_html(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node)
{
	read_markup(reader, row, node, NW_MODE_HTML);
}

void nw_feed_read_text(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node)
{
	read_markup(reader, row, node, NW_MODE_GUESS);
}

/* What podcasts and films say of themselves: their line ends are meant. */
void nw_feed_read_notes(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, xmlNode *node)
{
	read_markup(reader, row, node, NW_MODE_GUESS_LINES);
}

/* A feed that writes both description and summary means that the second
 * is the text. */
void nw_feed_read_teaser(struct nw_feed_reader *reader,
			 const struct nw_feed_row *row, xmlNode *node)
{
	struct nw_feed_row text = { .field = NW_ITEM(content_html),
				    .rank = row->rank };

	if (*rank_of(reader, row->field) == row->rank)
		nw_feed_read_text(reader, &text, node);
	else
		nw_feed_read_text(reader, row, node);
}

void nw_feed_read_id(struct nw_feed_reader *reader,
		     const struct nw_feed_row *row, xmlNode *node)
{
	(void)nw_feed_set_string(reader, row,
				 nw_feed_plain_line(reader, node,
						    NW_FEED_ID_BYTES));
}

/* As text, or in one of the attributes that modules put it into. */
void nw_feed_read_url(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, xmlNode *node)
{
	const char *url = nw_feed_attr(node, "href");

	if (!url || !*url)
		url = nw_feed_attr(node, "url");
	if (!url || !*url)
		url = nw_feed_plain_line(reader, node, NW_FETCH_URL_BYTES);
	(void)nw_feed_set_string(reader, row, nw_feed_url(reader, url));
}

void nw_feed_read_date(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node)
{
	nw_feed_set_time(reader, row,
			 nw_date_utc(nw_feed_plain_line(reader, node,
							NW_STORY_NAME_BYTES)));
}

const char *nw_feed_language(struct nw_arena *arena, const char *text)
{
	char *tag, *at;

	if (!text)
		return NULL;
	tag = nw_utf8_line(arena, text, strlen(text), NW_STORY_NAME_BYTES);
	for (at = tag; at && *at; at++) {
		if (*at == '_')
			*at = '-';
		else if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR"
				 "STUVWXYZ0123456789-",
				 *at))
			return NULL;
	}
	/* BCP 47 section 4.4.1: 35 are enough. */
	return tag && at - tag <= 35 ? tag : NULL;
}

void nw_feed_read_language(struct nw_feed_reader *reader,
			   const struct nw_feed_row *row, xmlNode *node)
{
	const char *text =
		nw_feed_plain_line(reader, node, NW_STORY_NAME_BYTES);

	(void)nw_feed_set_string(reader, row,
				 nw_feed_language(reader->arena, text));
}

void nw_feed_add_tag(struct nw_arena *arena, const char ***tags, size_t *count,
		     const char *tag)
{
	size_t i;

	if (!tag || *count >= NW_STORY_TOPICS)
		return;
	for (i = 0; i < *count; i++)
		if (strcmp((*tags)[i], tag) == 0)
			return;
	*tags = nw_arena_grow(arena, *tags, *count, sizeof(**tags));
	(*tags)[(*count)++] = tag;
}

static void add_tag(struct nw_feed_reader *reader, const char *bytes,
		    size_t len, enum nw_feed_mode mode)
{
	const struct nw_feed_text text = { bytes, len, mode };
	const char *tag =
		nw_feed_line(reader->arena, &text, NW_STORY_NAME_BYTES);

	if (reader->item)
		nw_feed_add_tag(reader->arena, &reader->item->tags,
				&reader->item->tag_count, tag);
	else
		nw_feed_add_tag(reader->arena, &reader->feed->tags,
				&reader->feed->tag_count, tag);
}

/* RSS has it as text, Atom as label or term, iTunes as text attribute. */
void nw_feed_read_tag(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, xmlNode *node)
{
	static const char *const names[] = { "label", "term", "text" };
	struct nw_feed_text text;
	const char *value;
	size_t i;

	(void)row;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = nw_feed_attr(node, names[i]);
		if (value && *value) {
			add_tag(reader, value, strlen(value), NW_MODE_GUESS);
			return;
		}
	}
	text = nw_feed_content(reader, node, NW_MODE_GUESS);
	add_tag(reader, text.bytes, text.len, text.mode);
}

/* Several with commas between them. */
void nw_feed_read_tags(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node)
{
	struct nw_feed_text text = nw_feed_plain(reader, node);
	size_t at, start = 0;

	(void)row;
	for (at = 0; at <= text.len; at++) {
		if (at < text.len && text.bytes[at] != ',')
			continue;
		add_tag(reader, text.bytes + start, at - start, NW_MODE_GUESS);
		start = at + 1;
	}
}
