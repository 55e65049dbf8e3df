/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <uninorm.h>

#include "newswire/utf8.h"

/* Letters that no decomposition takes to ASCII, in the order of their code
 * points. */
static const struct {
	uint32_t point;
	const char *ascii;
} letters[] = {
	{ 0x00c6, "ae" }, { 0x00d0, "d" },  { 0x00d8, "o" },
	{ 0x00de, "th" }, { 0x00df, "ss" }, { 0x00e6, "ae" },
	{ 0x00f0, "d" },  { 0x00f8, "o" },  { 0x00fe, "th" },
	{ 0x0110, "d" },  { 0x0111, "d" },  { 0x0131, "i" },
	{ 0x0141, "l" },  { 0x0142, "l" },  { 0x0152, "oe" },
	{ 0x0153, "oe" }, { 0x1e9e, "ss" },
};

/* What a code point leaves in a slug: "-" where words part, "" for an accent
 * and an apostrophe. */
static const char *ascii_of(uint32_t point, char buffer[2])
{
	size_t i;

	buffer[0] = buffer[1] = '\0';
	if (point >= 'A' && point <= 'Z')
		buffer[0] = (char)(point - 'A' + 'a');
	else if ((point >= 'a' && point <= 'z') || point == '+' ||
		 (point >= '0' && point <= '9'))
		buffer[0] = (char)point;
	if (buffer[0] || point == '\'' || point == 0x2019 ||
	    (point >= 0x0300 && point <= 0x036f))
		return buffer;
	for (i = 0; i < sizeof(letters) / sizeof(*letters); i++)
		if (letters[i].point == point)
			return letters[i].ascii;
	return "-";
}

static size_t slug_of(const char *text, size_t len, char *slug, size_t max)
{
	size_t at = 0, out = 0, add;
	char buffer[2];

	while (at < len) {
		const char *ascii = ascii_of(nw_utf8_next(text, len, &at),
					     buffer);

		if (*ascii == '-' && (!out || slug[out - 1] == '-'))
			continue;
		add = strlen(ascii);
		if (add > max - out)
			break;
		memcpy(slug + out, ascii, add);
		out += add;
	}
	while (out && slug[out - 1] == '-')
		out--;
	return out;
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

char *nw_utf8_slug(struct nw_arena *arena, const char *text, size_t max)
{
	char *slug = nw_arena_alloc(arena, max + 1);
	uint8_t *plain;
	size_t len;

	if (is_ascii(text)) {
		len = slug_of(text, strlen(text), slug, max);
	} else {
		plain = u8_normalize(UNINORM_NFKD, (const uint8_t *)text,
				     strlen(text), NULL, &len);
		if (!plain)
			return NULL;
		len = slug_of((const char *)plain, len, slug, max);
		free(plain);
	}
	slug[len] = '\0';
	return len ? slug : NULL;
}
