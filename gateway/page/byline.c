/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "page_private.h"

static const char *const prefixes[] = {
	"by ", "by: ", "von ", "par ", "por ", "di ", "door ", "av ", "af ",
	"autor: ", "author: ", "text: ", "written by ", "posted by ",
};

static const char *const separators[] = {
	", ", " and ", " und ", " et ", " y ", " e ", " en ", " & ", " | ",
	"; ", " og ", " och ", " i ", " mit ", " with ",
};

static size_t cut_prefix(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncasecmp(text, prefixes[i], strlen(prefixes[i])))
			return strlen(prefixes[i]);
	return 0;
}

static size_t name_length(const char *text, size_t *separator_r)
{
	size_t at, i;

	for (at = 0; text[at]; at++)
		for (i = 0; i < sizeof(separators) / sizeof(separators[0]);
		     i++) {
			size_t len = strlen(separators[i]);

			if (!strncasecmp(text + at, separators[i], len)) {
				*separator_r = len;
				return at;
			}
		}
	*separator_r = 0;
	return at;
}

void nw_byline_add(struct nw_arena *arena, const char *text,
		   const struct nw_author *author, struct nw_author **authors,
		   size_t *count)
{
	struct nw_author one = *author;

	while (text && *text) {
		size_t separator, len;

		text += cut_prefix(text);
		len = name_length(text, &separator);
		one.name = nw_utf8_line(arena, text, len, NW_STORY_NAME_BYTES);
		nw_story_add_author(arena, authors, count, &one);
		text += len + separator;
	}
}
