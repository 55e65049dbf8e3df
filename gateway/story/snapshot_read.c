/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON (RFC 8259) into records as it is read: a live page's snapshot is read
 * at each poll, and a tree of it would cost more than all else.
 */
#include "config.h"

#include <limits.h>
#include <string.h>

#include "newswire/snapshot.h"
#include "newswire/utf8.h"

#include "snapshot_private.h"

/* The model nests no deeper than 10. */
#define DEPTH 64

struct reader {
	struct nw_arena *arena;
	const char *start, *at, *end;
	unsigned depth;
	struct nw_error *err;
};

static int read_record(struct reader *reader, void *record,
		       const struct snapshot_shape *shape);

static int bad(struct reader *reader, const char *key)
{
	return nw_error_set(reader->err, NW_ERROR_DATA,
			    "snapshot: '%s' is not what it should be", key);
}

static int no_json(struct reader *reader)
{
	return nw_error_set(reader->err, NW_ERROR_DATA,
			    "snapshot: no JSON at byte %zu",
			    (size_t)(reader->at - reader->start));
}

/* What stands behind white space, '\0' at the end. */
static char peek(struct reader *reader)
{
	while (reader->at < reader->end && *reader->at &&
	       strchr(" \t\r\n", *reader->at))
		reader->at++;
	return reader->at < reader->end ? *reader->at : '\0';
}

static bool take(struct reader *reader, char c)
{
	if (peek(reader) != c)
		return false;
	reader->at++;
	return true;
}

static bool take_word(struct reader *reader, const char *word)
{
	size_t len = strlen(word);

	(void)peek(reader);
	if ((size_t)(reader->end - reader->at) < len ||
	    memcmp(reader->at, word, len) != 0)
		return false;
	reader->at += len;
	return true;
}

/* The four digits of an escape, or -1. */
static long read_unit(struct reader *reader)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	long unit = 0;
	int i;

	if (reader->end - reader->at < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		const char *digit =
			*reader->at ? strchr(digits, *reader->at) : NULL;

		if (!digit)
			return -1;
		unit = unit * 16 + (digit - digits) -
		       (digit - digits > 15 ? 6 : 0);
		reader->at++;
	}
	return unit;
}

/* Of "\u", with the second half of a surrogate pair; -1 for none that a text
 * may hold. */
static long read_point(struct reader *reader)
{
	long point = read_unit(reader), low;

	if (point <= 0 || (point >= 0xdc00 && point <= 0xdfff))
		return -1;
	if (point < 0xd800 || point > 0xdbff)
		return point;
	if (!take_word(reader, "\\u"))
		return -1;
	low = read_unit(reader);
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	return 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
}

/* Behind the backslash; returns the octets, 0 for what is no escape. */
static size_t read_escape(struct reader *reader, char out[4])
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known;
	long point;

	if (reader->at >= reader->end || !*reader->at)
		return 0;
	known = strchr(from, *reader->at++);
	if (known) {
		*out = to[known - from];
		return 1;
	}
	if (reader->at[-1] != 'u')
		return 0;
	point = read_point(reader);
	return point < 0 ? 0 : nw_utf8_put((uint32_t)point, out);
}

/* Where the quote stands that ends a string, NULL when none does. */
static const char *string_end(const struct reader *reader)
{
	const char *at = reader->at;

	for (; at < reader->end && *at != '"'; at++) {
		if ((unsigned char)*at < 0x20)
			return NULL;
		if (*at == '\\' && ++at == reader->end)
			return NULL;
	}
	return at < reader->end ? at : NULL;
}

/* Up to end; escapes are longer than what they stand for. */
static char *unescape(struct reader *reader, const char *end)
{
	char *text =
		nw_arena_alloc(reader->arena, (size_t)(end - reader->at) + 1);
	char *out = text;
	size_t len;

	while (reader->at < end) {
		if (*reader->at != '\\') {
			*out++ = *reader->at++;
			continue;
		}
		reader->at++;
		len = read_escape(reader, out);
		if (!len)
			return NULL;
		out += len;
	}
	*out = '\0';
	return text;
}

static int read_text(struct reader *reader, const char **text_r)
{
	const char *end = take(reader, '"') ? string_end(reader) : NULL;
	size_t len;
	char *text;

	if (!end)
		return -1;
	len = (size_t)(end - reader->at);
	if (memchr(reader->at, '\\', len))
		text = unescape(reader, end);
	else
		text = nw_arena_strndup(reader->arena, reader->at, len);
	if (!text)
		return -1;
	reader->at = end + 1;
	*text_r = text;
	return 0;
}

static bool is_digit(const struct reader *reader)
{
	return reader->at < reader->end && *reader->at >= '0' &&
	       *reader->at <= '9';
}

/* An integer between two others. */
static int read_integer(struct reader *reader, int64_t min, int64_t max,
			int64_t *number_r)
{
	bool minus = take(reader, '-');
	int64_t number = 0;

	if (!is_digit(reader))
		return -1;
	for (; is_digit(reader); reader->at++) {
		int digit = *reader->at - '0';

		/* Below zero, where there is one number more. */
		if (number < (INT64_MIN + digit) / 10)
			return -1;
		number = number * 10 - digit;
	}
	if (peek(reader) == '.' || peek(reader) == 'e' || peek(reader) == 'E' ||
	    (!minus && number == INT64_MIN))
		return -1;
	number = minus ? number : -number;
	if (number < min || number > max)
		return -1;
	*number_r = number;
	return 0;
}

static int skip_value(struct reader *reader);

/* The members of an object or the elements of an array, behind its start. */
static int skip_members(struct reader *reader, char close)
{
	const char *key;

	if (take(reader, close))
		return 0;
	do {
		if (close == '}' &&
		    (read_text(reader, &key) < 0 || !take(reader, ':')))
			return -1;
		if (skip_value(reader) < 0)
			return -1;
	} while (take(reader, ','));
	return take(reader, close) ? 0 : -1;
}

static int skip_number(struct reader *reader)
{
	const char *start = reader->at;

	while (reader->at < reader->end && *reader->at &&
	       strchr("+-.0123456789eE", *reader->at))
		reader->at++;
	return reader->at > start ? 0 : -1;
}

/* Of a key that a newer program wrote. */
static int skip_value(struct reader *reader)
{
	const char *text;
	int result;

	if (peek(reader) == '"')
		return read_text(reader, &text);
	if (take_word(reader, "true") || take_word(reader, "false") ||
	    take_word(reader, "null"))
		return 0;
	if (peek(reader) != '{' && peek(reader) != '[')
		return skip_number(reader);
	if (++reader->depth > DEPTH)
		return -1;
	result = take(reader, '{') ? skip_members(reader, '}')
				   : (reader->at++, skip_members(reader, ']'));
	reader->depth--;
	return result;
}

static int read_texts(struct reader *reader, void *record,
		      const struct snapshot_field *field)
{
	const char **texts = NULL;
	size_t count = 0;

	if (!take(reader, '['))
		return bad(reader, field->key);
	if (!take(reader, ']')) {
		do {
			texts = nw_arena_grow(reader->arena, texts, count,
					      sizeof(*texts));
			if (read_text(reader, &texts[count++]) < 0)
				return bad(reader, field->key);
		} while (take(reader, ','));
		if (!take(reader, ']'))
			return no_json(reader);
	}
	AT(const char **, record, field) = texts;
	COUNT_AT(record, field) = count;
	return 0;
}

static int read_records(struct reader *reader, void *record,
			const struct snapshot_field *field)
{
	const size_t size = field->shape->size;
	char *records = NULL;
	size_t count = 0;

	if (!take(reader, '['))
		return bad(reader, field->key);
	if (!take(reader, ']')) {
		do {
			records = nw_arena_grow(reader->arena, records, count,
						size);
			if (read_record(reader, records + count++ * size,
					field->shape) < 0)
				return -1;
		} while (take(reader, ','));
		if (!take(reader, ']'))
			return no_json(reader);
	}
	AT(void *, record, field) = records;
	COUNT_AT(record, field) = count;
	return 0;
}

static int read_pointer(struct reader *reader, void *record,
			const struct snapshot_field *field)
{
	void *target = nw_arena_alloc(reader->arena, field->shape->size);

	AT(void *, record, field) = target;
	return read_record(reader, target, field->shape);
}

static int read_number(struct reader *reader, void *record,
		       const struct snapshot_field *field)
{
	int64_t number;
	int failed;

	if (field->kind == KIND_INT)
		failed = read_integer(reader, INT_MIN, INT_MAX, &number);
	else if (field->kind == KIND_UNSIGNED)
		failed = read_integer(reader, 0, UINT_MAX, &number);
	else
		failed = read_integer(reader, INT64_MIN, INT64_MAX, &number);
	if (failed)
		return bad(reader, field->key);
	if (field->kind == KIND_INT)
		AT(int, record, field) = (int)number;
	else if (field->kind == KIND_UNSIGNED)
		AT(unsigned, record, field) = (unsigned)number;
	else
		AT(int64_t, record, field) = number;
	return 0;
}

static int read_bool(struct reader *reader, void *record,
		     const struct snapshot_field *field)
{
	AT(bool, record, field) = take_word(reader, "true");
	return AT(bool, record, field) || take_word(reader, "false")
		       ? 0
		       : bad(reader, field->key);
}

/* A kind of a newer program is read as a paragraph: its text stays. */
static int read_block_kind(struct reader *reader, void *record,
			   const struct snapshot_field *field)
{
	const char *name;
	int kind;

	if (read_text(reader, &name) < 0)
		return bad(reader, field->key);
	for (kind = NW_BLOCK_KINDS; kind-- > NW_BLOCK_PARAGRAPH;)
		if (!strcmp(snapshot_blocks[kind], name))
			break;
	AT(enum nw_block_kind, record, field) =
		kind < 0 ? NW_BLOCK_PARAGRAPH : (enum nw_block_kind)kind;
	return 0;
}

static int read_field(struct reader *reader, void *record,
		      const struct snapshot_field *field)
{
	switch (field->kind) {
	case KIND_TEXT:
	case KIND_NEEDED:
		if (read_text(reader, &AT(const char *, record, field)) < 0)
			return bad(reader, field->key);
		return 0;
	case KIND_TIME:
	case KIND_NUMBER:
	case KIND_INT:
	case KIND_UNSIGNED:
		return read_number(reader, record, field);
	case KIND_BOOL:
		return read_bool(reader, record, field);
	case KIND_BLOCK:
		return read_block_kind(reader, record, field);
	case KIND_TEXTS:
		return read_texts(reader, record, field);
	case KIND_RECORD:
		return read_record(reader, (char *)record + field->at,
				   field->shape);
	case KIND_POINTER:
		return read_pointer(reader, record, field);
	case KIND_RECORDS:
		return read_records(reader, record, field);
	}
	return -1;
}

static const struct snapshot_field *
find_field(const struct snapshot_shape *shape, const char *key)
{
	size_t i;

	for (i = 0; i < shape->count; i++)
		if (!strcmp(shape->fields[i].key, key))
			return &shape->fields[i];
	return NULL;
}

static void set_times(void *record, const struct snapshot_shape *shape)
{
	size_t i;

	for (i = 0; i < shape->count; i++)
		if (shape->fields[i].kind == KIND_TIME)
			AT(int64_t, record, &shape->fields[i]) = NW_TIME_NONE;
}

static int check_needed(struct reader *reader, const void *record,
			const struct snapshot_shape *shape)
{
	size_t i;

	for (i = 0; i < shape->count; i++)
		if (shape->fields[i].kind == KIND_NEEDED &&
		    !CONST_AT(char *, record, &shape->fields[i]))
			return bad(reader, shape->fields[i].key);
	return 0;
}

static int read_member(struct reader *reader, void *record,
		       const struct snapshot_shape *shape)
{
	const struct snapshot_field *field;
	const char *key;

	if (read_text(reader, &key) < 0 || !take(reader, ':'))
		return no_json(reader);
	field = find_field(shape, key);
	if (field)
		return read_field(reader, record, field);
	return skip_value(reader) < 0 ? no_json(reader) : 0;
}

static int read_record(struct reader *reader, void *record,
		       const struct snapshot_shape *shape)
{
	if (!take(reader, '{') || ++reader->depth > DEPTH)
		return nw_error_set(reader->err, NW_ERROR_DATA,
				    "snapshot: an object is missing");
	set_times(record, shape);
	if (!take(reader, '}')) {
		do {
			if (read_member(reader, record, shape) < 0)
				return -1;
		} while (take(reader, ','));
		if (!take(reader, '}'))
			return no_json(reader);
	}
	reader->depth--;
	return check_needed(reader, record, shape);
}

int nw_snapshot_read(struct nw_arena *arena, const char *json, size_t len,
		     struct nw_story **story_r, struct nw_error *err)
{
	struct reader reader = { arena, json, json, json + len, 0, err };
	struct nw_story *story = nw_story_new(arena);
	size_t valid = nw_utf8_valid(json, len);

	if (valid < len) {
		reader.at += valid;
		return no_json(&reader);
	}
	if (read_record(&reader, story, &snapshot_story) < 0)
		return -1;
	if (peek(&reader) || reader.at < reader.end)
		return no_json(&reader);
	*story_r = story;
	return 0;
}
