/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of this room share: numbers read from bytes, a look at each
 * format, and pixels.
 */
#ifndef NEWSWIRE_PICTURE_PRIVATE_H
#define NEWSWIRE_PICTURE_PRIVATE_H

#include <gd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/picture.h"

/* Bytes that are not text. */
struct nw_octets {
	const unsigned char *at;
	size_t len;
};

/* Unsigned integers of 1 to 4 octets at a place, which must lie within;
 * past the end octets are 0. */
uint32_t nw_octets_big(struct nw_octets octets, size_t place, int count);
uint32_t nw_octets_little(struct nw_octets octets, size_t place, int count);
/* Those from a place on, at most len; none past the end. */
struct nw_octets nw_octets_from(struct nw_octets octets, size_t place,
				size_t len);
/* Whether they have these at a place. */
bool nw_octets_has(struct nw_octets octets, size_t place, const char *bytes,
		   size_t len);

/* Each knows that the bytes begin as its format does, and fills what it
 * finds: dimensions that it does not find stay 0. */
int nw_jpeg_look(struct nw_octets octets, struct nw_picture_facts *facts,
		 struct nw_error *err);
int nw_png_look(struct nw_octets octets, struct nw_picture_facts *facts,
		struct nw_error *err);
int nw_gif_look(struct nw_octets octets, struct nw_picture_facts *facts,
		struct nw_error *err);
int nw_webp_look(struct nw_octets octets, struct nw_picture_facts *facts,
		 struct nw_error *err);
int nw_avif_look(struct nw_octets octets, struct nw_picture_facts *facts,
		 struct nw_error *err);

/* Whether the first frame of a GIF that was looked at has codes for all its
 * pixels: libgd leaves out those that are missing without a word. */
bool nw_gif_whole(struct nw_octets gif, const struct nw_picture_facts *facts);

/* Appends the first frame of an animated WebP as a file that libgd reads; false
 * when it is not animated. */
bool nw_webp_still(struct nw_buf *out, struct nw_octets octets,
		   const struct nw_picture_facts *facts);

/* The orientation that a TIFF header's first directory names (EXIF 2.3
 * section 4.6.2); 1 when it names none that there is. */
int nw_exif_orientation(struct nw_octets tiff);

/* The same files without what describes them: comments, text, resolution. */
void nw_jpeg_bare(struct nw_buf *out, struct nw_octets jpeg);
void nw_png_bare(struct nw_buf *out, struct nw_octets png);

/* Looked at, then decoded to true colour, where transparency stands in the
 * pixels alone; the caller destroys it.  NULL and err when it is no picture or
 * cannot be read whole. */
gdImage *nw_canvas_read(const char *bytes, size_t len,
			struct nw_picture_facts *facts_r, struct nw_error *err);
/* A part of it, in its own axes. */
struct nw_part {
	int x, y, width, height;
};
/* The largest square: the middle of a wide picture, and of one that is tall
 * when it is turned as it is to be shown the upper part, where heads are. */
struct nw_part nw_canvas_square(gdImage *canvas, int orientation);
/* A copy of a part with other dimensions, all opaque when it was; NULL when
 * there is no memory. */
gdImage *nw_canvas_scale(gdImage *canvas, const struct nw_part *part, int width,
			 int height);
/* A copy turned and mirrored as the orientation wants it to be shown. */
gdImage *nw_canvas_turn(gdImage *canvas, int orientation);
/* Whether any pixel is not opaque. */
bool nw_canvas_clear(gdImage *canvas);
/* Puts white behind what is not opaque. */
void nw_canvas_whiten(gdImage *canvas);

#endif
