/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/html.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "page_private.h"

/* Text with its line ends as paragraphs, unless it has markup of its own. */
static const char *mark_up(struct nw_arena *arena, const char *text)
{
	struct nw_buf buf;
	char *result;

	if (strpbrk(text, "<") || !strchr(text, '\n'))
		return text;
	nw_buf_init(&buf, 4 * (size_t)NW_STORY_TEXT_BYTES);
	for (; *text; text++)
		if (*text == '\n')
			nw_buf_adds(&buf, "<p>");
		else
			nw_buf_addc(&buf, *text);
	result = nw_buf_ok(&buf) ? nw_arena_strdup(arena, buf.data) : NULL;
	nw_buf_free(&buf);
	return result;
}

static bool has_markup(const char *text)
{
	static const char *const signs[] = {
		"</", "<p", "<br", "&#", "&quot;", "&amp;", "&rsquo;", "&nbsp;",
		"&lt;"
	};
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strstr(text, signs[i]))
			return true;
	return false;
}

/* The character that a reference at text stands for, 0 for one that is not
 * plain; len_r gets its octets. */
static uint32_t reference(const char *text, size_t *len_r)
{
	static const struct {
		const char *text;
		uint32_t point;
	} names[] = { { "&quot;", '"' }, { "&apos;", '\'' }, { "&amp;", '&' } };
	bool hex = text[1] == '#' && (text[2] == 'x' || text[2] == 'X');
	unsigned long point;
	char *end;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		*len_r = strlen(names[i].text);
		if (!strncmp(text, names[i].text, *len_r))
			return names[i].point;
	}
	if (text[1] != '#' || !isxdigit((unsigned char)text[hex ? 3 : 2]))
		return 0;
	point = strtoul(text + (hex ? 3 : 2), &end, hex ? 16 : 10);
	*len_r = (size_t)(end - text) + 1;
	/* Others are read as windows-1252, or no text. */
	if (*end != ';' || point < 0xa0 || point > 0xffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return 0;
	return (uint32_t)point;
}

/* A text whose only markup are such references, without them; NULL for
 * others. */
static const char *decode(struct nw_arena *arena, const char *text)
{
	char *plain = nw_arena_alloc(arena, strlen(text) + 1), *out = plain;
	uint32_t point;
	size_t len;

	for (; *text; text += len) {
		len = 1;
		if (*text == '<')
			return NULL;
		if (*text != '&') {
			*out++ = *text;
			continue;
		}
		point = reference(text, &len);
		if (!point)
			return NULL;
		/* A reference is longer than what it stands for. */
		out += nw_utf8_put(point, out);
	}
	return has_markup(plain) ? NULL : plain;
}

/* Lines without markup are paragraphs as they stand; a live page has them by
 * the hundred, and to parse each costs more than the page. */
static void put_lines(struct nw_arena *arena, const char *text,
		      struct nw_body *body)
{
	size_t len;

	memset(body, 0, sizeof(*body));
	for (; *text; text += len + (text[len] == '\n')) {
		struct nw_block *block;
		const char *line;

		len = strcspn(text, "\n");
		line = nw_utf8_line(arena, text, len, NW_STORY_TEXT_BYTES);
		if (!line || body->count == NW_STORY_BLOCKS)
			continue;
		block = nw_body_add(arena, body, NW_BLOCK_PARAGRAPH);
		block->spans = nw_arena_alloc(arena, sizeof(*block->spans));
		block->spans->text = line;
		block->span_count = 1;
	}
}

int nw_jsonld_body(const struct nw_page *page, const char *text,
		   struct nw_body *body, struct nw_error *err)
{
	enum { ROUNDS = 3 };
	struct nw_arena *arena = page->arena;
	const char *plain = decode(arena, text);
	unsigned round;

	if (plain) {
		put_lines(arena, plain, body);
		return 0;
	}
	for (round = 0; round < ROUNDS && (!round || has_markup(text));
	     round++) {
		memset(body, 0, sizeof(*body));
		text = mark_up(arena, text);
		if (!text || nw_html_read(arena, text, strlen(text),
					  page->base, body, err) < 0)
			return text ? -1 : 0;
		text = nw_body_text(arena, body);
	}
	return 0;
}
