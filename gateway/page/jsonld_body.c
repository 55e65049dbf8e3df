/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/buf.h"
#include "newswire/html.h"
#include "newswire/limits.h"
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

int nw_jsonld_body(const struct nw_page *page, const char *text,
		   struct nw_body *body, struct nw_error *err)
{
	enum { ROUNDS = 3 };
	struct nw_arena *arena = page->arena;
	unsigned round;

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
