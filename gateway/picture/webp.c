/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The chunks of WebP (RFC 9649 section 2).
 */
#include "config.h"

#include "picture_private.h"

#define FIRST_PLACE    12 /* behind "RIFF", a length and "WEBP" */
#define HEAD_BYTES     8  /* of a chunk: its name and length */
#define ANIMATED       0x02
#define TRANSPARENT    0x10
#define EXTENDED_BYTES 18 /* of a chunk that says so, with its head */
#define FRAME_BYTES    16 /* before the chunks of a frame */

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

/* Takes the first chunk off the octets; false at their end. */
static bool next_chunk(struct nw_octets *octets, struct nw_octets *chunk)
{
	size_t len = nw_octets_little(*octets, 4, 4);

	if (!octets->len)
		return false;
	len += HEAD_BYTES + (len & 1);
	*chunk = nw_octets_from(*octets, 0, len);
	*octets = nw_octets_from(*octets, len, octets->len);
	return true;
}

/* A frame has the chunks of a picture, and no frame. */
static void take_frame(struct nw_octets frame, struct nw_picture_facts *facts)
{
	struct nw_octets rest = nw_octets_from(frame, FRAME_BYTES, frame.len);
	struct nw_octets chunk;

	while (!facts->width && next_chunk(&rest, &chunk)) {
		if (nw_octets_has(chunk, 0, "VP8 ", 4))
			take_lossy(nw_octets_from(chunk, HEAD_BYTES, chunk.len),
				   facts);
		else if (nw_octets_has(chunk, 0, "VP8L", 4))
			take_lossless(nw_octets_from(chunk, HEAD_BYTES,
						     chunk.len),
				      facts);
	}
}

static void take_chunk(struct nw_octets chunk, struct nw_picture_facts *facts,
		       struct canvas *canvas)
{
	struct nw_octets body = nw_octets_from(chunk, HEAD_BYTES, chunk.len);

	if (nw_octets_has(chunk, 0, "VP8X", 4))
		take_canvas(body, canvas);
	else if (nw_octets_has(chunk, 0, "EXIF", 4))
		facts->orientation = nw_exif_orientation(nw_octets_from(
			body, nw_octets_has(body, 0, "Exif\0", 6) ? 6 : 0,
			body.len));
	else if (facts->width)
		return;
	else if (nw_octets_has(chunk, 0, "VP8 ", 4))
		take_lossy(body, facts);
	else if (nw_octets_has(chunk, 0, "VP8L", 4))
		take_lossless(body, facts);
	else if (nw_octets_has(chunk, 0, "ANMF", 4))
		take_frame(body, facts);
}

int nw_webp_look(struct nw_octets octets, struct nw_picture_facts *facts,
		 struct nw_error *err)
{
	struct nw_octets rest = nw_octets_from(octets, FIRST_PLACE, octets.len);
	struct canvas canvas = { 0 };
	struct nw_octets chunk;

	if (!nw_octets_has(octets, 0, "RIFF", 4) ||
	    nw_octets_little(octets, 4, 4) > octets.len - HEAD_BYTES)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a WebP that is cut off");
	while (next_chunk(&rest, &chunk))
		take_chunk(chunk, facts, &canvas);
	if (canvas.width && !canvas.animated &&
	    (canvas.width != facts->width || canvas.height != facts->height))
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a WebP whose picture has other "
				    "dimensions than it says");
	return 0;
}

static void add_little(struct nw_buf *out, int count, size_t value)
{
	for (; count > 0; count--, value >>= 8)
		nw_buf_addc(out, (char)(value & 0xff));
}

bool nw_webp_still(struct nw_buf *out, struct nw_octets octets,
		   const struct nw_picture_facts *facts)
{
	struct nw_octets rest = nw_octets_from(octets, FIRST_PLACE, octets.len);
	struct nw_octets chunk;

	do
		if (!next_chunk(&rest, &chunk))
			return false;
	while (!nw_octets_has(chunk, 0, "ANMF", 4));
	rest = nw_octets_from(chunk, HEAD_BYTES + FRAME_BYTES, chunk.len);
	nw_buf_add(out, "RIFF", 4);
	add_little(out, 4, 4 + EXTENDED_BYTES + rest.len);
	nw_buf_add(out, "WEBPVP8X", 8);
	add_little(out, 4, EXTENDED_BYTES - HEAD_BYTES);
	add_little(out, 4, TRANSPARENT);
	add_little(out, 3, (size_t)facts->width - 1);
	add_little(out, 3, (size_t)facts->height - 1);
	nw_buf_add(out, rest.at, rest.len);
	return nw_buf_ok(out);
}
