/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "picture_private.h"

#define LITERAL(string) string, sizeof(string) - 1
/* Of a text, in which an SVG says that it is one. */
#define PROLOGUE_BYTES 1024

/* What is read, by its first octets. */
struct format {
	const char *type;
	size_t place;
	const char *magic;
	size_t magic_len;
	int (*look)(struct nw_octets octets, struct nw_picture_facts *facts,
		    struct nw_error *err);
};

static const struct format formats[] = {
	{ "image/jpeg", 0, LITERAL("\xff\xd8\xff"), nw_jpeg_look },
	{ "image/png", 0, LITERAL("\x89PNG\r\n\x1a\n"), nw_png_look },
	{ "image/gif", 0, LITERAL("GIF87a"), nw_gif_look },
	{ "image/gif", 0, LITERAL("GIF89a"), nw_gif_look },
	{ "image/webp", 8, LITERAL("WEBP"), nw_webp_look },
	{ "image/avif", 4, LITERAL("ftyp"), nw_avif_look },
};

/* What is not read but known. */
static const struct {
	const char *magic;
	size_t magic_len;
	const char *name;
} strangers[] = {
	{ LITERAL("BM"), "a BMP" },
	{ LITERAL("II*\0"), "a TIFF" },
	{ LITERAL("MM\0*"), "a TIFF" },
	{ LITERAL("\0\0\1\0"), "an icon (ICO)" },
	{ LITERAL("\0\0\2\0"), "a cursor (CUR)" },
	{ LITERAL("\xff\x0a"), "a JPEG XL" },
	{ LITERAL("\0\0\0\x0cJXL "), "a JPEG XL" },
	{ LITERAL("\0\0\0\x0cjP  "), "a JPEG 2000" },
	{ LITERAL("8BPS"), "a Photoshop file" },
	{ LITERAL("%PDF"), "a PDF" },
	{ LITERAL("%!PS"), "PostScript" },
	{ LITERAL("\x1f\x8b"), "packed by gzip" },
	{ LITERAL("\x1a\x45\xdf\xa3"), "a video (Matroska)" },
	{ LITERAL("OggS"), "a sound or video (Ogg)" },
	{ LITERAL("RIFF"), "a sound or video (RIFF)" },
};

uint32_t nw_octets_big(struct nw_octets octets, size_t place, int count)
{
	uint32_t value = 0;
	int i;

	for (i = 0; i < count; i++, place++)
		value = value << 8 |
			(place < octets.len ? octets.at[place] : 0);
	return value;
}

uint32_t nw_octets_little(struct nw_octets octets, size_t place, int count)
{
	uint32_t value = 0;

	while (count-- > 0)
		value = value << 8 |
			nw_octets_big(octets, place + (size_t)count, 1);
	return value;
}

struct nw_octets nw_octets_from(struct nw_octets octets, size_t place,
				size_t len)
{
	struct nw_octets part = { octets.at, 0 };

	if (place >= octets.len)
		return part;
	part.at += place;
	part.len = octets.len - place < len ? octets.len - place : len;
	return part;
}

bool nw_octets_has(struct nw_octets octets, size_t place, const char *bytes,
		   size_t len)
{
	return place <= octets.len && len <= octets.len - place &&
	       memcmp(octets.at + place, bytes, len) == 0;
}

/* Whether a word stands in the first PROLOGUE_BYTES. */
static bool mentions(struct nw_octets text, const char *word)
{
	size_t len = strlen(word), i;

	for (i = 0; i < PROLOGUE_BYTES && i + len <= text.len; i++)
		if (strncasecmp((const char *)text.at + i, word, len) == 0)
			return true;
	return false;
}

/* What something that begins with "<" is. */
static const char *markup_name(struct nw_octets text)
{
	if (mentions(text, "<svg"))
		return "is an SVG, which is not shown";
	if (mentions(text, "<?xml") && !mentions(text, "<html"))
		return "is no picture (it begins like XML)";
	return "is no picture (it begins like HTML)";
}

static bool is_text(struct nw_octets octets)
{
	size_t i;

	for (i = 0; i < PROLOGUE_BYTES && i < octets.len; i++)
		if (octets.at[i] < ' ' && !memchr("\t\n\f\r", octets.at[i], 4))
			return false;
	return true;
}

static int refuse_text(struct nw_octets octets, struct nw_error *err)
{
	size_t start =
		nw_octets_has(octets, 0, LITERAL("\xef\xbb\xbf")) ? 3 : 0;

	while (start < octets.len && memchr(" \t\n\f\r", octets.at[start], 5))
		start++;
	octets = nw_octets_from(octets, start, octets.len);
	if (nw_octets_has(octets, 0, LITERAL("<")))
		return nw_error_set(err, NW_ERROR_DATA, "%s",
				    markup_name(octets));
	return nw_error_set(err, NW_ERROR_DATA, "is no picture%s",
			    is_text(octets) ? " (it begins like text)"
					    : " that is known here");
}

static int refuse(struct nw_octets octets, struct nw_error *err)
{
	size_t i;

	if (!octets.len)
		return nw_error_set(err, NW_ERROR_DATA, "is empty");
	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
		if (nw_octets_has(octets, 0, strangers[i].magic,
				  strangers[i].magic_len))
			return nw_error_set(err, NW_ERROR_DATA,
					    "is %s, which is not shown",
					    strangers[i].name);
	return refuse_text(octets, err);
}

static int check_size(const struct nw_picture_facts *facts,
		      struct nw_error *err)
{
	int width = facts->width, height = facts->height;

	if (width <= 0 || height <= 0)
		return nw_error_set(err, NW_ERROR_DATA,
				    "has no pixels (%d x %d)", width, height);
	if (height > NW_PICTURE_PIXELS / width)
		return nw_error_set(
			err, NW_ERROR_DATA,
			"is too large: %d x %d pixels, the limit is %d", width,
			height, NW_PICTURE_PIXELS);
	if (width <= NW_PICTURE_DOT_SIDE && height <= NW_PICTURE_DOT_SIDE)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a pixel that counts readers (%d x %d)",
				    width, height);
	return 0;
}

int nw_picture_look(const char *bytes, size_t len,
		    struct nw_picture_facts *facts_r, struct nw_error *err)
{
	struct nw_octets octets = { (const unsigned char *)bytes, len };
	struct nw_picture_facts facts = { .orientation = 1 };
	size_t i;

	if (len > NW_PICTURE_BYTES)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is too large: %zu bytes, the limit is %u",
				    len, NW_PICTURE_BYTES);
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (nw_octets_has(octets, formats[i].place, formats[i].magic,
				  formats[i].magic_len))
			break;
	if (i == sizeof(formats) / sizeof(formats[0]))
		return refuse(octets, err);
	facts.type = formats[i].type;
	if (formats[i].look(octets, &facts, err) < 0 ||
	    check_size(&facts, err) < 0)
		return -1;
	*facts_r = facts;
	return 0;
}
