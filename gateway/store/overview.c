/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Overview lines, kept as readers get them: those of 32 numbers in a row, so
 * that OVER copies a block at a time.  A transaction works on one block in
 * memory and writes it when it goes on to another, or ends: a thousand
 * articles in a row cost a write for each 32.
 */
#include "config.h"

#include <string.h>

#include "store_private.h"

size_t nw_overview_number(char at[NW_NUMBER_OCTETS], int64_t number)
{
	char digits[NW_NUMBER_OCTETS], *digit = digits + sizeof(digits);
	size_t len;

	do
		*--digit = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	len = (size_t)(digits + sizeof(digits) - digit);
	memcpy(at, digit, len);
	return len;
}

bool nw_overview_next(struct nw_overview_line *line, const char *end)
{
	const char *at = line->end, *stop = NULL;
	int64_t number = 0;

	if (at < end)
		stop = memchr(at, '\n', (size_t)(end - at));
	if (!stop)
		return false;
	line->start = at;
	line->end = stop + 1;
	for (; *at >= '0' && *at <= '9' && number <= NW_NUMBER_MAX; at++)
		number = 10 * number + *at - '0';
	line->number = number;
	line->fields = at;
	return *at == '\t';
}

static int64_t last_number(const struct nw_buf *lines)
{
	const char *data = lines->data, *last = NULL;
	struct nw_overview_line line;

	if (lines->len)
		last = memrchr(data, '\n', lines->len - 1);
	line.end = last ? last + 1 : data;
	return nw_overview_next(&line, data + lines->len) ? line.number : 0;
}

/* The line of a number; when there is none, nothing where it belongs. */
static struct nw_overview_line find(const struct nw_buf *lines, int64_t number)
{
	const char *end = lines->data + lines->len;
	struct nw_overview_line line = { .start = end, .end = end };

	/* Nearly always it comes behind all others. */
	if (last_number(lines) < number)
		return line;
	line.end = lines->data;
	while (nw_overview_next(&line, end) && line.number < number)
		;
	if (line.number > number)
		line.end = line.start;
	return line;
}

static int write_block(struct nw_store *store, struct nw_error *err)
{
	struct nw_overview_block *block = &store->block;
	struct nw_query query;

	if (!block->changed)
		return 0;
	block->changed = false;
	nw_query_start(&query, store,
		       block->lines.len ? NW_SQL_OVERVIEW_PUT
					: NW_SQL_OVERVIEW_REMOVE);
	nw_query_int(&query, block->place);
	if (block->lines.len)
		nw_query_blob(&query, &block->lines);
	return nw_query_run(&query, err);
}

/* Makes the block of a place the one that is worked on. */
static int load_block(struct nw_store *store, int64_t place,
		      struct nw_error *err)
{
	struct nw_overview_block *block = &store->block;
	struct nw_query query;
	const char *lines;
	size_t len;
	int found;

	if (block->place == nw_overview_place(place))
		return 0;
	if (write_block(store, err))
		return -1;
	block->place = 0;
	nw_buf_reset(&block->lines);
	nw_query_start(&query, store, NW_SQL_OVERVIEW);
	nw_query_int(&query, nw_overview_place(place));
	found = nw_query_step(&query, err);
	if (found < 0)
		return -1;
	if (found) {
		lines = nw_query_column_bytes(&query, 0, &len);
		nw_buf_add(&block->lines, lines, len);
		nw_query_end(&query);
	}
	if (!nw_buf_ok(&block->lines))
		return nw_store_fail(store, SQLITE_CORRUPT, err);
	block->place = nw_overview_place(place);
	return 0;
}

/* Where so many octets take the place of a number's line; NULL on failure. */
static char *make_room(struct nw_store *store, int64_t place, size_t len,
		       struct nw_error *err)
{
	struct nw_buf *lines = &store->block.lines;
	struct nw_overview_line line;
	size_t start, old, behind;

	if (load_block(store, place, err))
		return NULL;
	line = find(lines, nw_place_number(place));
	start = (size_t)(line.start - lines->data);
	old = (size_t)(line.end - line.start);
	behind = lines->len - start - old;
	if (!nw_buf_reserve(lines, len)) {
		(void)nw_error_set(err, NW_ERROR_REFUSED,
				   "%s: overviews of more than %zu bytes",
				   store->path, lines->max);
		return NULL;
	}
	memmove(lines->data + start + len, lines->data + start + old, behind);
	lines->len = start + len + behind;
	store->block.changed = true;
	return lines->data + start;
}

int nw_overview_put(struct nw_store *store, int64_t place,
		    const struct nw_buf *fields, struct nw_error *err)
{
	char digits[NW_NUMBER_OCTETS], *at;
	size_t len = nw_overview_number(digits, nw_place_number(place));

	at = make_room(store, place, len + fields->len, err);
	if (!at)
		return -1;
	memcpy(at, digits, len);
	memcpy(at + len, fields->data, fields->len);
	return 0;
}

int nw_overview_remove(struct nw_store *store, int64_t place,
		       struct nw_error *err)
{
	return make_room(store, place, 0, err) ? 0 : -1;
}

int nw_overview_end(struct nw_store *store, int result, struct nw_error *err)
{
	if (!result)
		result = write_block(store, err);
	store->block.changed = false;
	store->block.place = 0;
	return result;
}
