/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures drawn from nothing, in every format that is read.
 */
#ifndef NEWSWIRE_TESTS_PICTURE_FIXTURE_H
#define NEWSWIRE_TESTS_PICTURE_FIXTURE_H

#include <gd.h>
#include <stdbool.h>
#include <stdint.h>

#include "newswire/buf.h"
#include "newswire/picture.h"

#define PICTURE_ROOM (64u << 20)

enum picture_format {
	PICTURE_JPEG,
	PICTURE_PROGRESSIVE,
	PICTURE_PNG,
	PICTURE_GIF,
	PICTURE_WEBP,
	PICTURE_AVIF,
	PICTURE_FORMATS
};

/* The type of each, by its place. */
extern const char *const picture_types[];

/* Smooth, with noise: as hard to compress as a photo; the same each time. */
gdImage *picture_photo(int width, int height);
/* Bars of four colours on white. */
gdImage *picture_chart(int width, int height);
/* A quarter each: red, green, blue, yellow; from left to right, down. */
gdImage *picture_quarters(int width, int height);
/* A red disc on nothing. */
gdImage *picture_disc(int side);
/* A head before a wall, of the tones that a portrait has. */
gdImage *picture_portrait(int width, int height, int variant);

/* Appends it in a format. */
void picture_encode(struct nw_buf *out, gdImage *image,
		    enum picture_format format);
/* The same, and the image is destroyed. */
void picture_write(struct nw_buf *out, gdImage *image,
		   enum picture_format format);

/* Appends a TIFF header with one directory that names an orientation. */
void picture_exif(struct nw_buf *out, int orientation, bool big);
/* Appends a JPEG with a segment put in front of all its own. */
void picture_with_segment(struct nw_buf *out, const struct nw_buf *jpeg,
			  int marker, const void *body, size_t len);

/* What was written, read again. */
gdImage *picture_read(const struct nw_picture *picture);

/* A photo in a format, for the caller to free. */
struct nw_buf picture_photo_in(enum picture_format format, int width,
			       int height);
bool picture_holds(const struct nw_picture *picture, const char *word,
		   size_t len);
/* Nothing but pixels and what they need. */
void picture_check_bare(const struct nw_picture *picture);
/* Written anew within bytes_max, in place of what out holds; the same each
 * time. */
void picture_remade(struct nw_buf *out, const struct nw_buf *bytes,
		    size_t bytes_max, struct nw_picture *picture);

#endif
