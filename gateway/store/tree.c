/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"
#include "pages_private.h"

/* Deeper than any tree of 2^31 pages. */
#define DEPTH_MAX 24
#define FILE_HEAD 100 /* before the first page's own head */

/* Section 1.6: what a page is. */
enum kind {
	INDEX_INNER = 0x02,
	TABLE_INNER = 0x05,
	INDEX_LEAF = 0x0a,
	TABLE_LEAF = 0x0d,
};

/* A page of a tree. */
struct node {
	struct nw_row_taker *taker;
	unsigned char *bytes;
	uint32_t number;
	uint32_t usable;
	enum kind kind;
	size_t cells;	/* where their pointers begin */
	unsigned count;
	uint32_t right;	/* the last child of an inner page */
	unsigned depth;
};

static bool is_inner(const struct node *node)
{
	return node->kind == INDEX_INNER || node->kind == TABLE_INNER;
}

static bool is_table(const struct node *node)
{
	return node->kind == TABLE_LEAF || node->kind == TABLE_INNER;
}

/* A number of one to nine bytes (section 1.6); 0 when it goes past end. */
static size_t varint(const unsigned char *at, const unsigned char *end,
		     uint64_t *value_r)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < 8; i++) {
		if (at + i >= end)
			return 0;
		value = value << 7 | (at[i] & 0x7f);
		if (!(at[i] & 0x80)) {
			*value_r = value;
			return i + 1;
		}
	}
	if (at + i >= end)
		return 0;
	*value_r = value << 8 | at[i];
	return i + 1;
}

static bool open_node(struct node *node)
{
	const size_t head = node->number == 1 ? FILE_HEAD : 0;
	const unsigned char *at = node->bytes + head;

	if (!nw_pages_read(node->taker->pages, node->number, node->bytes))
		return false;
	node->kind = (enum kind)at[0];
	if (!is_inner(node) && node->kind != INDEX_LEAF &&
	    node->kind != TABLE_LEAF)
		return false;
	node->usable = node->taker->pages->usable;
	node->count = nw_big_endian(at + 3, 2);
	node->right = is_inner(node) ? nw_big_endian(at + 8, 4) : 0;
	node->cells = head + (is_inner(node) ? 12 : 8);
	return node->cells + (size_t)2 * node->count <= node->usable;
}

/* How much of a payload stands in its cell (section 1.6). */
static size_t local_part(const struct node *node, uint64_t len)
{
	const size_t usable = node->usable;
	const size_t most = is_table(node) ? usable - 35
					   : (usable - 12) * 64 / 255 - 23;
	const size_t least = (usable - 12) * 32 / 255 - 23;
	size_t kept;

	if (len <= most)
		return (size_t)len;
	kept = least + (size_t)((len - least) % (usable - 4));
	return kept <= most ? kept : least;
}

/* The rest of a payload, from page to page (section 1.6). */
static bool read_overflow(struct node *node, uint32_t page, uint64_t left)
{
	struct nw_pages *pages = node->taker->pages;
	struct nw_buf *payload = &node->taker->payload;
	unsigned char *bytes = malloc(pages->size);
	size_t part;
	bool good = bytes != NULL;

	while (good && left) {
		good = nw_pages_read(pages, page, bytes);
		if (!good)
			break;
		pages->used[page] = true;
		part = pages->usable - 4;
		if (part > left)
			part = (size_t)left;
		nw_buf_add(payload, bytes + 4, part);
		left -= part;
		page = nw_big_endian(bytes, 4);
	}
	free(bytes);
	return good && nw_buf_ok(payload);
}

/* The payload of a cell whose length stands at. */
static bool read_payload(struct node *node, const unsigned char *at,
			 struct nw_record *row)
{
	const unsigned char *end = node->bytes + node->usable;
	struct nw_buf *payload = &node->taker->payload;
	uint64_t len, rowid = 0;
	size_t used = varint(at, end, &len), local;

	if (!used || len > payload->max)
		return false;
	at += used;
	row->keyed = is_table(node);
	if (row->keyed) {
		used = varint(at, end, &rowid);
		if (!used)
			return false;
		at += used;
		row->rowid = (int64_t)rowid;
	}
	local = local_part(node, len);
	if (local + (local < len ? 4 : 0) > (size_t)(end - at))
		return false;
	nw_buf_reset(payload);
	nw_buf_add(payload, at, local);
	return local == len ? nw_buf_ok(payload)
			    : read_overflow(node, nw_big_endian(at + local, 4),
					    len - local);
}

static int64_t integer(const unsigned char *at, size_t len)
{
	int64_t value = len && at[0] & 0x80 ? -1 : 0;

	while (len--)
		value = (int64_t)((uint64_t)value << 8 | *at++);
	return value;
}

/* A value by its serial type (section 2.1): its length, or -1. */
static int64_t read_value(struct nw_value *value, uint64_t type,
			  const unsigned char *at, const unsigned char *end)
{
	static const unsigned char widths[] = { 0, 1, 2, 3, 4, 6, 8 };
	uint64_t len;

	*value = (struct nw_value){ .type = NW_VALUE_INTEGER };
	if (type == 8 || type == 9) {
		value->number = (int64_t)type - 8;
		return 0;
	}
	if (type >= 12)
		len = (type - 12) / 2;
	else if (type < sizeof(widths))
		len = widths[type];
	else
		return -1; /* no table of ours holds a real number */
	if (len > (uint64_t)(end - at))
		return -1;
	if (type >= 12) {
		value->type = type & 1 ? NW_VALUE_TEXT : NW_VALUE_BLOB;
		value->bytes = (const char *)at;
		value->len = (size_t)len;
	} else if (type) {
		value->number = integer(at, (size_t)len);
	} else {
		value->type = NW_VALUE_NULL;
	}
	return (int64_t)len;
}

/* The payload as values: types, then what they are the types of. */
static bool read_record(const struct nw_buf *payload, struct nw_record *row)
{
	const unsigned char *at = (const unsigned char *)payload->data;
	const unsigned char *end = at + payload->len, *types_end, *value;
	uint64_t head_len, type;
	size_t used = varint(at, end, &head_len);
	int64_t len;

	if (!used || head_len < used || head_len > payload->len)
		return false;
	types_end = value = at + head_len;
	row->count = 0;
	for (at += used; at < types_end; at += used) {
		used = varint(at, types_end, &type);
		if (!used || row->count == NW_ROW_VALUES)
			return false;
		len = read_value(&row->values[row->count++], type, value, end);
		if (len < 0)
			return false;
		value += len;
	}
	return row->count > 0;
}

/* The i-th cell: 0 or what the taker says; a row that is not whole is counted
 * and passed over. */
static int take_cell(struct node *node, unsigned i, uint32_t *child_r,
		     struct nw_error *err)
{
	size_t at = nw_big_endian(node->bytes + node->cells + (size_t)2 * i, 2);
	struct nw_record row;

	*child_r = 0;
	if (at + 4 > node->usable) {
		node->taker->lost += !is_inner(node);
		return 0;
	}
	if (is_inner(node)) {
		*child_r = nw_big_endian(node->bytes + at, 4);
		at += 4;
	}
	if (node->kind == TABLE_INNER)
		return 0;
	if (!read_payload(node, node->bytes + at, &row) ||
	    !read_record(&node->taker->payload, &row)) {
		node->taker->lost++;
		return 0;
	}
	return node->taker->row(node->taker, &row, err);
}

static int walk(struct nw_row_taker *taker, uint32_t number, unsigned depth,
		struct nw_error *err);

static int walk_children(struct node *node, struct nw_error *err)
{
	uint32_t child;
	unsigned i;

	for (i = 0; i < node->count; i++) {
		if (take_cell(node, i, &child, err))
			return -1;
		if (is_inner(node) &&
		    walk(node->taker, child, node->depth + 1, err))
			return -1;
	}
	return is_inner(node) ? walk(node->taker, node->right, node->depth + 1,
				     err)
			      : 0;
}

/* A page that is none of a tree is counted, and left for who looks for what
 * has lost its tree. */
static int walk(struct nw_row_taker *taker, uint32_t number, unsigned depth,
		struct nw_error *err)
{
	struct nw_pages *pages = taker->pages;
	struct node node = { .taker = taker, .number = number,
			     .depth = depth };
	int result = 0;

	if (!number || number > pages->count || depth > DEPTH_MAX) {
		pages->lost++;
		return 0;
	}
	/* A page is in one tree, and once. */
	if (pages->used[number])
		return 0;
	node.bytes = malloc(pages->size);
	if (!node.bytes)
		return nw_error_set(err, NW_ERROR_IO, "out of memory");
	if (open_node(&node)) {
		pages->used[number] = true;
		result = walk_children(&node, err);
	} else {
		pages->lost++;
	}
	free(node.bytes);
	return result;
}

int nw_tree_walk(struct nw_row_taker *taker, uint32_t root,
		 struct nw_error *err)
{
	return walk(taker, root, 0, err);
}

int nw_tree_page(struct nw_row_taker *taker, uint32_t number,
		 struct nw_error *err)
{
	struct node node = { .taker = taker, .number = number };
	const uint64_t lost = taker->lost;
	uint32_t child;
	unsigned i;
	int result = 0;

	node.bytes = malloc(taker->pages->size);
	if (!node.bytes)
		return nw_error_set(err, NW_ERROR_IO, "out of memory");
	if (open_node(&node) && node.kind != TABLE_INNER)
		for (i = 0; i < node.count && !result; i++)
			result = take_cell(&node, i, &child, err);
	/* What is no row may never have been one. */
	taker->lost = lost;
	free(node.bytes);
	return result;
}
