/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "story_text.h"

#include <string.h>

#define SIGN_BYTES 2
/* Where a heading begins that has no time of its own. */
#define HEADING_COLUMN 22

static const struct sign {
	const char *text;
	enum nw_story_piece from, to;
} signs[] = {
	{ "[-", NW_STORY_PLAIN, NW_STORY_WENT },
	{ "-]", NW_STORY_WENT, NW_STORY_PLAIN },
	{ "[+", NW_STORY_PLAIN, NW_STORY_CAME },
	{ "+]", NW_STORY_CAME, NW_STORY_PLAIN },
};

struct reader {
	nw_story_piece_fn *each;
	gpointer data;
	enum nw_story_piece piece;	/* that the reader is in */
};

static const struct sign *sign_at(const char *text, enum nw_story_piece piece)
{
	gsize i;

	for (i = 0; i < G_N_ELEMENTS(signs); i++)
		if (signs[i].from == piece &&
		    strncmp(text, signs[i].text, SIGN_BYTES) == 0)
			return &signs[i];
	return NULL;
}

static void put(struct reader *reader, const char *from, const char *to)
{
	if (to > from)
		reader->each(reader->piece, from, (gsize)(to - from),
			     reader->data);
}

/* The indent belongs to no word. */
static const char *read_indent(struct reader *reader, const char *line)
{
	const enum nw_story_piece piece = reader->piece;
	const char *from = line + strspn(line, " ");

	reader->piece = NW_STORY_PLAIN;
	put(reader, line, from);
	reader->piece = piece;
	return from;
}

static void read_line(struct reader *reader, const char *line, const char *end)
{
	const char *from = read_indent(reader, line), *at = from;
	const struct sign *sign;

	while (at < end) {
		sign = sign_at(at, reader->piece);
		if (!sign) {
			at++;
			continue;
		}
		put(reader, from, at);
		from = at + SIGN_BYTES;
		reader->piece = NW_STORY_SIGN;
		put(reader, at, from);
		reader->piece = sign->to;
		at = from;
	}
	put(reader, from, end);
}

static gboolean is_heading(const char *line)
{
	gsize indent = strspn(line, " ");

	return line[indent] != '\n' &&
	       (indent == 0 || indent == HEADING_COLUMN);
}

void nw_story_text_read(const char *text, nw_story_piece_fn *each,
			gpointer data)
{
	struct reader reader = { each, data, NW_STORY_PLAIN };
	const char *end;

	for (; *text; text = end) {
		end = text + strcspn(text, "\n");
		end += *end == '\n';
		if (*text == '\n')
			reader.piece = NW_STORY_PLAIN;
		if (is_heading(text)) {
			reader.piece = NW_STORY_HEADING;
			put(&reader, text, end);
			reader.piece = NW_STORY_PLAIN;
		} else {
			read_line(&reader, text, end);
		}
	}
}
