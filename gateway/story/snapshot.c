/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <limits.h>
#include <string.h>

#include <jansson.h>

#include "newswire/snapshot.h"

#include "snapshot_private.h"

static const char *const block_names[NW_BLOCK_KINDS] = {
	[NW_BLOCK_PARAGRAPH] = "paragraph", [NW_BLOCK_HEADING] = "heading",
	[NW_BLOCK_ITEM] = "item",	    [NW_BLOCK_CODE] = "code",
	[NW_BLOCK_TABLE] = "table",	    [NW_BLOCK_IMAGE] = "image",
	[NW_BLOCK_EMBED] = "embed",	    [NW_BLOCK_RULE] = "rule",
};

/* A field of a record, and the count beside it. */
#define AT(type, record, field) \
	(*(type *)(void *)((char *)(record) + (field)->at))
#define COUNT_AT(record, field) \
	(*(size_t *)(void *)((char *)(record) + (field)->count_at))
#define CONST_AT(type, record, field) \
	(*(type const *)(const void *)((const char *)(record) + (field)->at))
#define CONST_COUNT_AT(record, field) \
	(*(const size_t *)(const void *)((const char *)(record) + \
					 (field)->count_at))

static json_t *write_record(const void *record,
			    const struct snapshot_shape *shape);

static json_t *write_texts(char *const *texts, size_t count)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; list && i < count; i++)
		if (json_array_append_new(list, json_string(texts[i]))) {
			json_decref(list);
			list = NULL;
		}
	return list;
}

static json_t *write_records(const void *records, size_t count,
			     const struct snapshot_shape *shape)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; list && i < count; i++) {
		const char *record = (const char *)records + i * shape->size;

		if (json_array_append_new(list,
					  write_record(record, shape))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static bool is_absent(const void *record, const struct snapshot_field *field)
{
	switch (field->kind) {
	case KIND_NEEDED:
	case KIND_BLOCK:
	case KIND_RECORD:
		return false;
	case KIND_TEXT:
	case KIND_POINTER:
		return !CONST_AT(void *, record, field);
	case KIND_TIME:
		return CONST_AT(int64_t, record, field) == NW_TIME_NONE;
	case KIND_NUMBER:
		return !CONST_AT(int64_t, record, field);
	case KIND_INT:
		return !CONST_AT(int, record, field);
	case KIND_UNSIGNED:
		return !CONST_AT(unsigned, record, field);
	case KIND_BOOL:
		return !CONST_AT(bool, record, field);
	case KIND_TEXTS:
	case KIND_RECORDS:
		return !CONST_COUNT_AT(record, field);
	}
	return true;
}

static json_t *write_field(const void *record,
			   const struct snapshot_field *field)
{
	switch (field->kind) {
	case KIND_TEXT:
	case KIND_NEEDED:
		return json_string(CONST_AT(char *, record, field));
	case KIND_TIME:
	case KIND_NUMBER:
		return json_integer(CONST_AT(int64_t, record, field));
	case KIND_INT:
		return json_integer(CONST_AT(int, record, field));
	case KIND_UNSIGNED:
		return json_integer(CONST_AT(unsigned, record, field));
	case KIND_BOOL:
		return json_true();
	case KIND_BLOCK:
		return json_string(block_names[CONST_AT(enum nw_block_kind,
							record, field)]);
	case KIND_TEXTS:
		return write_texts(CONST_AT(char *const *, record, field),
				   CONST_COUNT_AT(record, field));
	case KIND_RECORD:
		return write_record((const char *)record + field->at,
				    field->shape);
	case KIND_POINTER:
		return write_record(CONST_AT(void *, record, field),
				    field->shape);
	case KIND_RECORDS:
		return write_records(CONST_AT(void *, record, field),
				     CONST_COUNT_AT(record, field),
				     field->shape);
	}
	return NULL;
}

static json_t *write_record(const void *record,
			    const struct snapshot_shape *shape)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; object && i < shape->count; i++) {
		const struct snapshot_field *field = &shape->fields[i];
		json_t *value;

		if (is_absent(record, field))
			continue;
		value = write_field(record, field);
		if (value && field->kind == KIND_RECORD &&
		    !json_object_size(value)) {
			json_decref(value);
			continue;
		}
		if (json_object_set_new(object, field->key, value)) {
			json_decref(object);
			object = NULL;
		}
	}
	return object;
}

static int add_bytes(const char *bytes, size_t len, void *data)
{
	struct nw_buf *out = data;

	nw_buf_add(out, bytes, len);
	return nw_buf_ok(out) ? 0 : -1;
}

int nw_snapshot_write(struct nw_buf *out, const struct nw_story *story,
		      struct nw_error *err)
{
	const size_t start = out->len;
	json_t *object = write_record(story, &snapshot_story);
	int failed;

	if (!object)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "snapshot: a text of the story is not "
				    "clean UTF-8");
	failed = json_dump_callback(object, add_bytes, out,
				    JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(object);
	if (!failed)
		return 0;
	nw_buf_cut(out, start);
	return nw_error_set(err, NW_ERROR_REFUSED,
			    "snapshot: longer than %zu bytes",
			    out->max - start);
}

struct reader {
	struct nw_arena *arena;
	struct nw_error *err;
};

static int read_record(struct reader *reader, const json_t *object,
		       void *record, const struct snapshot_shape *shape);

static int bad(struct reader *reader, const char *key)
{
	return nw_error_set(reader->err, NW_ERROR_DATA,
			    "snapshot: '%s' is not what it should be", key);
}

static int read_text(struct reader *reader, const json_t *value,
		     const char **text_r)
{
	if (!json_is_string(value))
		return -1;
	*text_r = nw_arena_strndup(reader->arena, json_string_value(value),
				   json_string_length(value));
	return 0;
}

static int read_texts(struct reader *reader, const json_t *list,
		      void *record, const struct snapshot_field *field)
{
	size_t count = json_array_size(list), i;
	const char **texts = nw_arena_alloc(reader->arena,
					    count * sizeof(*texts));

	if (!json_is_array(list))
		return bad(reader, field->key);
	for (i = 0; i < count; i++)
		if (read_text(reader, json_array_get(list, i), &texts[i]))
			return bad(reader, field->key);
	AT(const char **, record, field) = texts;
	COUNT_AT(record, field) = count;
	return 0;
}

static int read_records(struct reader *reader, const json_t *list,
			void *record, const struct snapshot_field *field)
{
	size_t count = json_array_size(list), size = field->shape->size, i;
	char *records = nw_arena_alloc(reader->arena, count * size);

	if (!json_is_array(list))
		return bad(reader, field->key);
	for (i = 0; i < count; i++)
		if (read_record(reader, json_array_get(list, i),
				records + i * size, field->shape))
			return -1;
	AT(void *, record, field) = records;
	COUNT_AT(record, field) = count;
	return 0;
}

static int read_pointer(struct reader *reader, const json_t *object,
			void *record, const struct snapshot_field *field)
{
	void *target = nw_arena_alloc(reader->arena, field->shape->size);

	AT(void *, record, field) = target;
	return read_record(reader, object, target, field->shape);
}

static int read_number(struct reader *reader, const json_t *value,
		       void *record, const struct snapshot_field *field)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value))
		return bad(reader, field->key);
	if (field->kind == KIND_INT) {
		if (number < INT_MIN || number > INT_MAX)
			return bad(reader, field->key);
		AT(int, record, field) = (int)number;
	} else if (field->kind == KIND_UNSIGNED) {
		if (number < 0 || number > UINT_MAX)
			return bad(reader, field->key);
		AT(unsigned, record, field) = (unsigned)number;
	} else {
		AT(int64_t, record, field) = number;
	}
	return 0;
}

/* A kind of a newer program is read as a paragraph: its text stays. */
static enum nw_block_kind block_kind(const char *name)
{
	size_t i;

	for (i = 0; name && i < NW_BLOCK_KINDS; i++)
		if (!strcmp(block_names[i], name))
			return (enum nw_block_kind)i;
	return NW_BLOCK_PARAGRAPH;
}

static int read_field(struct reader *reader, const json_t *value,
		      void *record, const struct snapshot_field *field)
{
	switch (field->kind) {
	case KIND_TEXT:
	case KIND_NEEDED:
		if (read_text(reader, value, &AT(const char *, record, field)))
			return bad(reader, field->key);
		return 0;
	case KIND_TIME:
	case KIND_NUMBER:
	case KIND_INT:
	case KIND_UNSIGNED:
		return read_number(reader, value, record, field);
	case KIND_BOOL:
		AT(bool, record, field) = json_is_true(value);
		return json_is_boolean(value) ? 0 : bad(reader, field->key);
	case KIND_BLOCK:
		AT(enum nw_block_kind, record, field) =
			block_kind(json_string_value(value));
		return 0;
	case KIND_TEXTS:
		return read_texts(reader, value, record, field);
	case KIND_RECORD:
		return read_record(reader, value, (char *)record + field->at,
				   field->shape);
	case KIND_POINTER:
		return read_pointer(reader, value, record, field);
	case KIND_RECORDS:
		return read_records(reader, value, record, field);
	}
	return -1;
}

static int read_record(struct reader *reader, const json_t *object,
		       void *record, const struct snapshot_shape *shape)
{
	size_t i;

	if (!json_is_object(object))
		return nw_error_set(reader->err, NW_ERROR_DATA,
				    "snapshot: an object is missing");
	for (i = 0; i < shape->count; i++) {
		const struct snapshot_field *field = &shape->fields[i];
		const json_t *value = json_object_get(object, field->key);

		if (value) {
			if (read_field(reader, value, record, field))
				return -1;
		} else if (field->kind == KIND_NEEDED) {
			return bad(reader, field->key);
		} else if (field->kind == KIND_TIME) {
			AT(int64_t, record, field) = NW_TIME_NONE;
		}
	}
	return 0;
}

int nw_snapshot_read(struct nw_arena *arena, const char *json, size_t len,
		     struct nw_story **story_r, struct nw_error *err)
{
	struct reader reader = { arena, err };
	struct nw_story *story = nw_story_new(arena);
	json_error_t why;
	json_t *object = json_loadb(json, len, 0, &why);
	int failed;

	if (!object)
		return nw_error_set(err, NW_ERROR_DATA, "snapshot: %s",
				    why.text);
	failed = read_record(&reader, object, story, &snapshot_story);
	json_decref(object);
	if (!failed)
		*story_r = story;
	return failed;
}
