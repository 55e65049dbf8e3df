/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "newswire/snapshot.h"
#include "newswire/utf8.h"

#include "snapshot_private.h"

/* JSON is written as it goes: a live page's snapshot is written and compared
 * at each poll, and a tree of it would cost more than all else. */
struct writer {
	struct nw_buf *out;
	bool dirty; /* a text is not clean UTF-8 */
};

static void write_record(struct writer *writer, const void *record,
			 const struct snapshot_shape *shape);

/* RFC 8259 section 7. */
static void write_escape(struct nw_buf *out, unsigned char c)
{
	static const char short_names[][2] = { "\bb", "\ff", "\nn", "\rr",
					       "\tt" };
	size_t i;

	if (c == '"' || c == '\\') {
		nw_buf_addc(out, '\\');
		nw_buf_addc(out, (char)c);
		return;
	}
	for (i = 0; i < sizeof(short_names) / sizeof(*short_names); i++)
		if (short_names[i][0] == (char)c) {
			nw_buf_addc(out, '\\');
			nw_buf_addc(out, short_names[i][1]);
			return;
		}
	nw_buf_addf(out, "\\u%04X", c);
}

static void write_text(struct writer *writer, const char *text)
{
	size_t len = strlen(text), at = 0, start = 0;

	if (nw_utf8_valid(text, len) < len)
		writer->dirty = true;
	nw_buf_addc(writer->out, '"');
	for (; at < len; at++) {
		unsigned char c = (unsigned char)text[at];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		nw_buf_add(writer->out, text + start, at - start);
		write_escape(writer->out, c);
		start = at + 1;
	}
	nw_buf_add(writer->out, text + start, len - start);
	nw_buf_addc(writer->out, '"');
}

static void write_texts(struct writer *writer, char *const *texts, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		nw_buf_addc(writer->out, i ? ',' : '[');
		write_text(writer, texts[i]);
	}
	nw_buf_addc(writer->out, ']');
}

static void write_records(struct writer *writer, const void *records,
			  size_t count, const struct snapshot_shape *shape)
{
	size_t i;

	for (i = 0; i < count; i++) {
		nw_buf_addc(writer->out, i ? ',' : '[');
		write_record(writer, (const char *)records + i * shape->size,
			     shape);
	}
	nw_buf_addc(writer->out, ']');
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

static void write_number(struct writer *writer, int64_t number)
{
	nw_buf_addf(writer->out, "%" PRId64, number);
}

static void write_field(struct writer *writer, const void *record,
			const struct snapshot_field *field)
{
	switch (field->kind) {
	case KIND_TEXT:
	case KIND_NEEDED:
		write_text(writer, CONST_AT(char *, record, field));
		break;
	case KIND_TIME:
	case KIND_NUMBER:
		write_number(writer, CONST_AT(int64_t, record, field));
		break;
	case KIND_INT:
		write_number(writer, CONST_AT(int, record, field));
		break;
	case KIND_UNSIGNED:
		write_number(writer, CONST_AT(unsigned, record, field));
		break;
	case KIND_BOOL:
		nw_buf_adds(writer->out, "true");
		break;
	case KIND_BLOCK:
		write_text(writer, snapshot_blocks[CONST_AT(enum nw_block_kind,
							    record, field)]);
		break;
	case KIND_TEXTS:
		write_texts(writer, CONST_AT(char *const *, record, field),
			    CONST_COUNT_AT(record, field));
		break;
	case KIND_RECORD:
		write_record(writer, (const char *)record + field->at,
			     field->shape);
		break;
	case KIND_POINTER:
		write_record(writer, CONST_AT(void *, record, field),
			     field->shape);
		break;
	case KIND_RECORDS:
		write_records(writer, CONST_AT(void *, record, field),
			      CONST_COUNT_AT(record, field), field->shape);
		break;
	}
}

/* Whether a record in place has nothing to say. */
static bool is_empty(const void *record, const struct snapshot_shape *shape)
{
	size_t i;

	for (i = 0; i < shape->count; i++)
		if (!is_absent(record, &shape->fields[i]))
			return false;
	return true;
}

static void write_record(struct writer *writer, const void *record,
			 const struct snapshot_shape *shape)
{
	const size_t start = writer->out->len;
	size_t i;

	for (i = 0; i < shape->count; i++) {
		const struct snapshot_field *field = &shape->fields[i];

		if (is_absent(record, field) ||
		    (field->kind == KIND_RECORD &&
		     is_empty((const char *)record + field->at, field->shape)))
			continue;
		nw_buf_adds(writer->out,
			    writer->out->len == start ? "{\"" : ",\"");
		nw_buf_adds(writer->out, field->key);
		nw_buf_adds(writer->out, "\":");
		write_field(writer, record, field);
	}
	nw_buf_adds(writer->out, writer->out->len == start ? "{}" : "}");
}

int nw_snapshot_write(struct nw_buf *out, const struct nw_story *story,
		      struct nw_error *err)
{
	struct writer writer = { out, false };
	const size_t start = out->len;

	write_record(&writer, story, &snapshot_story);
	if (nw_buf_ok(out) && !writer.dirty)
		return 0;
	nw_buf_cut(out, start);
	if (writer.dirty)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "snapshot: a text of the story is not "
				    "clean UTF-8");
	return nw_error_set(err, NW_ERROR_REFUSED,
			    "snapshot: longer than %zu bytes",
			    out->max - start);
}
