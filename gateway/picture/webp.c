/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The chunks of WebP (RFC 9649 section 2).
 */
#include "config.h"

#include "picture_private.h"

#define FIRST_PLACE 12 /* behind "RIFF", a length and "WEBP" */
#define HEAD_BYTES  8  /* of a chunk: its name and length */
#define ANIMATED    0x02

/* Those of the picture itself (RFC 6386 section 9.1; RFC 9649 section 3.4).  */
static void take_lossy(struct nw_octets body, struct nw_picture_facts *facts)
{
	if (!nw_octets_has(body, 3, "\x9d\x01\x2a", 3))
		return;
	facts->width = (int)(nw_octets_little(body, 6, 2) & 0x3fff);
	facts->height = (int)(nw_octets_little(body, 8, 2) & 0x3fff);
}

static void take_lossless(struct nw_octets body, struct nw_picture_facts *facts)
{
	uint32_t bits = nw_octets_little(body, 1, 4);

	if (body.len < 5 || body.at[0] != 0x2f)
		return;
	facts->width = (int)(bits & 0x3fff) + 1;
	facts->height = (int)(bits >> 14 & 0x3fff) + 1;
}

struct canvas {
	int width, height;
	bool animated;
};

static void take_canvas(struct nw_octets body, struct canvas *canvas)
{
	canvas->animated = nw_octets_big(body, 0, 1) & ANIMATED;
	canvas->width = (int)nw_octets_little(body, 4, 3) + 1;
	canvas->height = (int)nw_octets_little(body, 7, 3) + 1;
}

static void take_chunk(struct nw_octets chunk, struct nw_picture_facts *facts,
		       struct canvas *canvas)
{
	struct nw_octets body = nw_octets_from(chunk, HEAD_BYTES, chunk.len);

	if (nw_octets_has(chunk, 0, "VP8X", 4))
		take_canvas(body, canvas);
	else if (nw_octets_has(chunk, 0, "EXIF", 4))
		facts->orientation = nw_exif_orientation(body);
	else if (facts->width)
		return;
	else if (nw_octets_has(chunk, 0, "VP8 ", 4))
		take_lossy(body, facts);
	else if (nw_octets_has(chunk, 0, "VP8L", 4))
		take_lossless(body, facts);
}

int nw_webp_look(struct nw_octets octets, struct nw_picture_facts *facts,
		 struct nw_error *err)
{
	struct canvas canvas = { 0 };
	size_t place = FIRST_PLACE, len;

	if (!nw_octets_has(octets, 0, "RIFF", 4) ||
	    nw_octets_little(octets, 4, 4) > octets.len - HEAD_BYTES)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a WebP that is cut off");
	while (place < octets.len) {
		len = nw_octets_little(octets, place + 4, 4);
		len += HEAD_BYTES + (len & 1);
		take_chunk(nw_octets_from(octets, place, len), facts, &canvas);
		place += len;
	}
	if (canvas.animated)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is an animated WebP, which is not shown");
	if (canvas.width &&
	    (canvas.width != facts->width || canvas.height != facts->height))
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a WebP whose picture has other "
				    "dimensions than it says");
	return 0;
}
