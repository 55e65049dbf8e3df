/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "html_private.h"

/* Characters that only say where a line may break. */
static bool is_break_hint(uint32_t point)
{
	return point == 0xad || point == 0x200b || point == 0x2060 ||
	       point == 0xfeff;
}

static const struct nw_html_run *last_run(const struct nw_html_reader *reader)
{
	if (!reader->runs.len)
		return NULL;
	return (const struct nw_html_run
			*)(const void *)(reader->runs.data + reader->runs.len -
					 sizeof(struct nw_html_run));
}

static void open_run(struct nw_html_reader *reader, unsigned style,
		     const char *href)
{
	const struct nw_html_run *last = last_run(reader);
	struct nw_html_run run;

	if (last && last->style == style && last->href == href)
		return;
	memset(&run, 0, sizeof(run));
	run.start = reader->text.len;
	run.style = style;
	run.href = href;
	nw_buf_add(&reader->runs, &run, sizeof(run));
}

/* White space between two looks belongs to the plainer one, so that a link
 * does not begin or end with a space. */
static void open_run_for_space(struct nw_html_reader *reader)
{
	const struct nw_html_run *last = last_run(reader);

	if (!last || (!last->style && !last->href))
		return;
	if (last->style == reader->state.style &&
	    last->href == reader->state.href)
		return;
	open_run(reader, 0, NULL);
}

/* Adds characters that are no white space, and before them what white space
 * was met since the last ones. */
static void put(struct nw_html_reader *reader, const char *bytes, size_t len)
{
	if (reader->text.len && (reader->breaks || reader->space)) {
		open_run_for_space(reader);
		nw_buf_addc(&reader->text, reader->breaks ? '\n' : ' ');
	}
	reader->breaks = 0;
	reader->space = false;
	open_run(reader, reader->state.style, reader->state.href);
	nw_buf_add(&reader->text, bytes, len);
}

/* One character that is no printable ASCII. */
static void put_point(struct nw_html_reader *reader, uint32_t point)
{
	char bytes[4];
	size_t len;

	if (is_break_hint(point))
		return;
	if (nw_utf8_is_space(point)) {
		reader->space = true;
		return;
	}
	if (point < 0x20 || (point >= 0x7f && point < 0xa0))
		return;
	len = nw_utf8_put(point, bytes);
	if (len)
		put(reader, bytes, len);
}

void nw_html_text(struct nw_html_reader *reader, const char *text)
{
	size_t len = strlen(text), at = 0;

	while (at < len) {
		size_t start = at;

		while (at < len && text[at] > ' ' && text[at] < 0x7f)
			at++;
		if (at > start)
			put(reader, text + start, at - start);
		else
			put_point(reader, nw_utf8_next(text, len, &at));
	}
}

void nw_html_break(struct nw_html_reader *reader)
{
	if (reader->mode == NW_HTML_LINE)
		reader->space = true;
	else if (++reader->breaks > 1 && reader->mode == NW_HTML_BLOCKS)
		nw_html_flush(reader);
}

static bool is_ascii(const char *text, size_t len)
{
	while (len && (unsigned char)text[len - 1] < 0x80)
		len--;
	return !len;
}

/* The text of one run, clean.  White space at its ends separates it from its
 * neighbours, so it is kept by hand. */
static const char *clean(struct nw_arena *arena, const char *text, size_t len)
{
	static const char space[] = " \n";
	size_t head = 0, tail = 0;
	char *core;

	if (is_ascii(text, len))
		return nw_arena_strndup(arena, text, len);
	while (strchr(space, text[head]))
		head++;
	while (strchr(space, text[len - tail - 1]))
		tail++;
	core = nw_utf8_lines(arena, text + head, len - head - tail,
			     NW_STORY_TEXT_BYTES);
	if (!core)
		core = nw_arena_strdup(arena, "");
	if (!head && !tail)
		return core;
	return nw_arena_printf(arena, "%.*s%s%.*s", (int)head, text, core,
			       (int)tail, text + len - tail);
}

struct nw_span *nw_html_take_spans(struct nw_html_reader *reader,
				   size_t *count_r)
{
	const struct nw_html_run *runs =
		(const struct nw_html_run *)(const void *)reader->runs.data;
	size_t count = reader->runs.len / sizeof(*runs), i;
	struct nw_span *spans;

	*count_r = 0;
	spans = nw_arena_alloc(reader->arena, count * sizeof(*spans));
	for (i = 0; i < count; i++) {
		size_t end =
			i + 1 < count ? runs[i + 1].start : reader->text.len;
		struct nw_span *span = &spans[*count_r];

		if (end <= runs[i].start)
			continue;
		span->text =
			clean(reader->arena, reader->text.data + runs[i].start,
			      end - runs[i].start);
		span->style = runs[i].style;
		span->href = runs[i].href;
		if (*span->text)
			++*count_r;
	}
	nw_buf_reset(&reader->text);
	nw_buf_reset(&reader->runs);
	reader->breaks = 0;
	reader->space = false;
	return *count_r ? spans : NULL;
}
