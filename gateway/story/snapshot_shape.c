/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "newswire/story.h"

#include "snapshot_private.h"

const char *const snapshot_blocks[NW_BLOCK_KINDS] = {
	[NW_BLOCK_PARAGRAPH] = "paragraph", [NW_BLOCK_HEADING] = "heading",
	[NW_BLOCK_ITEM] = "item",	    [NW_BLOCK_CODE] = "code",
	[NW_BLOCK_TABLE] = "table",	    [NW_BLOCK_IMAGE] = "image",
	[NW_BLOCK_EMBED] = "embed",	    [NW_BLOCK_RULE] = "rule",
};

#define FIELD(type, kind, name) \
	{ #name, KIND_##kind, offsetof(struct type, name), 0, NULL }
#define TEXTS(type, name, count) \
	{ #name, KIND_TEXTS, offsetof(struct type, name), \
	  offsetof(struct type, count), NULL }
#define RECORD(type, kind, name, shape) \
	{ #name, KIND_##kind, offsetof(struct type, name), 0, &shape }
#define RECORDS(type, name, count, shape) \
	{ #name, KIND_RECORDS, offsetof(struct type, name), \
	  offsetof(struct type, count), &shape }
#define SHAPE(name, type, fields) \
	static const struct snapshot_shape name = { \
		sizeof(struct type), fields, \
		sizeof(fields) / sizeof(*(fields)) \
	}

static const struct snapshot_field author_fields[] = {
	FIELD(nw_author, TEXT, avatar), FIELD(nw_author, TEXT, bio),
	FIELD(nw_author, TEXT, email),	FIELD(nw_author, TEXT, name),
	FIELD(nw_author, TEXT, role),	FIELD(nw_author, TEXT, url),
};
SHAPE(author_shape, nw_author, author_fields);

static const struct snapshot_field image_fields[] = {
	FIELD(nw_image, TEXT, alt),    FIELD(nw_image, TEXT, caption),
	FIELD(nw_image, TEXT, credit), FIELD(nw_image, INT, height),
	FIELD(nw_image, TEXT, url),    FIELD(nw_image, INT, width),
};
SHAPE(image_shape, nw_image, image_fields);

static const struct snapshot_field span_fields[] = {
	FIELD(nw_span, TEXT, href),
	FIELD(nw_span, UNSIGNED, style),
	FIELD(nw_span, NEEDED, text),
};
SHAPE(span_shape, nw_span, span_fields);

static const struct snapshot_field cell_fields[] = {
	FIELD(nw_cell, BOOL, header),
	RECORDS(nw_cell, spans, span_count, span_shape),
};
SHAPE(cell_shape, nw_cell, cell_fields);

static const struct snapshot_field row_fields[] = {
	RECORDS(nw_row, cells, cell_count, cell_shape),
};
SHAPE(row_shape, nw_row, row_fields);

static const struct snapshot_field table_fields[] = {
	RECORDS(nw_table, rows, row_count, row_shape),
};
SHAPE(table_shape, nw_table, table_fields);

static const struct snapshot_field embed_fields[] = {
	FIELD(nw_embed, TEXT, title),
	FIELD(nw_embed, TEXT, url),
};
SHAPE(embed_shape, nw_embed, embed_fields);

static const struct snapshot_field block_fields[] = {
	RECORD(nw_block, RECORD, embed, embed_shape),
	RECORD(nw_block, POINTER, image, image_shape),
	FIELD(nw_block, BLOCK, kind),
	FIELD(nw_block, UNSIGNED, level),
	FIELD(nw_block, INT, ordinal),
	FIELD(nw_block, UNSIGNED, quote),
	RECORDS(nw_block, spans, span_count, span_shape),
	RECORD(nw_block, POINTER, table, table_shape),
};
SHAPE(block_shape, nw_block, block_fields);

static const struct snapshot_field body_fields[] = {
	RECORDS(nw_body, blocks, count, block_shape),
};
SHAPE(body_shape, nw_body, body_fields);

static const struct snapshot_field update_fields[] = {
	FIELD(nw_update, UNSIGNED, absences),
	RECORDS(nw_update, authors, author_count, author_shape),
	RECORD(nw_update, RECORD, body, body_shape),
	FIELD(nw_update, BOOL, derived_key),
	FIELD(nw_update, NEEDED, key),
	FIELD(nw_update, UNSIGNED, marks),
	FIELD(nw_update, TEXT, message_id),
	FIELD(nw_update, TIME, modified_utc),
	FIELD(nw_update, TEXT, parent_key),
	FIELD(nw_update, TIME, posted_utc),
	FIELD(nw_update, TIME, published_utc),
	FIELD(nw_update, UNSIGNED, revision),
	FIELD(nw_update, TEXT, title),
	FIELD(nw_update, BOOL, unshown),
	FIELD(nw_update, TEXT, url),
};
SHAPE(update_shape, nw_update, update_fields);

static const struct snapshot_field enclosure_fields[] = {
	FIELD(nw_enclosure, NUMBER, bytes),
	FIELD(nw_enclosure, TEXT, title),
	FIELD(nw_enclosure, TEXT, type),
	FIELD(nw_enclosure, TEXT, url),
};
SHAPE(enclosure_shape, nw_enclosure, enclosure_fields);

static const struct snapshot_field texts_fields[] = {
	RECORD(nw_texts, RECORD, body, body_shape),
	FIELD(nw_texts, TEXT, description),
	FIELD(nw_texts, TEXT, title),
};
SHAPE(texts_shape, nw_texts, texts_fields);

static const struct snapshot_field story_fields[] = {
	TEXTS(nw_story, aliases, alias_count),
	RECORDS(nw_story, authors, author_count, author_shape),
	RECORD(nw_story, RECORD, body, body_shape),
	FIELD(nw_story, TEXT, canonical_url),
	TEXTS(nw_story, corrections, correction_count),
	FIELD(nw_story, TIME, coverage_end_utc),
	FIELD(nw_story, TEXT, description),
	RECORDS(nw_story, enclosures, enclosure_count, enclosure_shape),
	FIELD(nw_story, TIME, expires_utc),
	FIELD(nw_story, UNSIGNED, gap_tries),
	FIELD(nw_story, TIME, gap_utc),
	FIELD(nw_story, TEXT, kicker),
	FIELD(nw_story, TEXT, language),
	RECORD(nw_story, POINTER, lead_image, image_shape),
	FIELD(nw_story, BOOL, live),
	FIELD(nw_story, TEXT, message_id),
	FIELD(nw_story, TIME, modified_utc),
	FIELD(nw_story, BOOL, paywalled),
	RECORD(nw_story, POINTER, posted, texts_shape),
	FIELD(nw_story, TIME, posted_utc),
	FIELD(nw_story, TIME, published_utc),
	FIELD(nw_story, TEXT, publisher),
	FIELD(nw_story, UNSIGNED, revision),
	FIELD(nw_story, TEXT, root_id),
	FIELD(nw_story, TEXT, section),
	FIELD(nw_story, TEXT, title),
	TEXTS(nw_story, topics, topic_count),
	RECORDS(nw_story, updates, update_count, update_shape),
	FIELD(nw_story, TEXT, url),
	FIELD(nw_story, BOOL, withdrawn),
};
const struct snapshot_shape snapshot_story = {
	sizeof(struct nw_story), story_fields,
	sizeof(story_fields) / sizeof(*story_fields)
};
