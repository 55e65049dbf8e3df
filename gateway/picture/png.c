/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The chunks of PNG (ISO/IEC 15948, clause 5).  Of an APNG, whose default image
 * is an ordinary one, there is nothing more to know.
 */
#include "config.h"

#include "picture_private.h"

#define SIGNATURE_BYTES 8
#define CHUNK_BYTES	12 /* its length, name and checksum */

/* All that pixels need. */
static const char *const needed[] = { "IHDR", "PLTE", "tRNS", "IDAT", "IEND" };

int nw_png_look(struct nw_octets octets, struct nw_picture_facts *facts,
		struct nw_error *err)
{
	size_t place = SIGNATURE_BYTES, len;

	if (!nw_octets_has(octets, place, "\0\0\0\x0dIHDR", 8))
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a PNG without a header");
	facts->width = (int)(nw_octets_big(octets, place + 8, 4) & INT32_MAX);
	facts->height = (int)(nw_octets_big(octets, place + 12, 4) & INT32_MAX);
	while (place < octets.len &&
	       !nw_octets_has(octets, place + 4, "IDAT", 4)) {
		len = nw_octets_big(octets, place, 4);
		if (nw_octets_has(octets, place + 4, "eXIf", 4))
			facts->orientation = nw_exif_orientation(
				nw_octets_from(octets, place + 8, len));
		place += CHUNK_BYTES + len;
	}
	return 0;
}

static bool is_needed(struct nw_octets png, size_t place)
{
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (nw_octets_has(png, place + 4, needed[i], 4))
			return true;
	return false;
}

void nw_png_bare(struct nw_buf *out, struct nw_octets png)
{
	struct nw_octets chunk = nw_octets_from(png, 0, SIGNATURE_BYTES);
	size_t place = SIGNATURE_BYTES;

	nw_buf_add(out, chunk.at, chunk.len);
	for (; place < png.len; place += chunk.len) {
		chunk = nw_octets_from(png, place,
				       CHUNK_BYTES +
					       nw_octets_big(png, place, 4));
		if (is_needed(png, place))
			nw_buf_add(out, chunk.at, chunk.len);
	}
}
