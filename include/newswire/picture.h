/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures as messages carry them: read by libgd, scaled, written anew.
 *
 * What a picture is its bytes say, never its name or Content-Type.  JPEG,
 * PNG, WebP, AVIF and GIF are read, of what moves the first frame; JPEG or PNG
 * comes out, and of the original nothing but its pixels: no EXIF (its
 * orientation is applied), no comment, no second picture.  The dimensions are
 * looked at before anything is decoded, so that a small file cannot become a
 * huge bitmap.  The same bytes come out each time.
 *
 * Decoders are large and their input is hostile: programs run these functions
 * in a child process (newswire/studio.h), not in the poller.
 */
#ifndef NEWSWIRE_PICTURE_H
#define NEWSWIRE_PICTURE_H

#include <stddef.h>

#include "newswire/buf.h"
#include "newswire/error.h"

/* One that was written here. */
struct nw_picture {
	const char *url;	/* of the original, as struct nw_image has it */
	const char *type;	/* "image/jpeg" or "image/png" */
	const char *bytes;
	size_t len;
	int width, height;	/* pixels */
};

/* What the bytes say of themselves. */
struct nw_picture_facts {
	const char *type;	/* "image/avif" */
	int width, height;	/* before the orientation is applied */
	/* EXIF 2.3 tag 0x0112: 1 to 8, 1 by default; AVIF's own as that. */
	int orientation;
};

/* Looks without decoding, in time that the length bounds, so that a poller may
 * do it.  NW_ERROR_DATA, with a text that says what it is instead, that it is
 * too large or a pixel that counts readers: "is no picture (it begins like
 * HTML)". */
int nw_picture_look(const char *bytes, size_t len,
		    struct nw_picture_facts *facts_r, struct nw_error *err);

/*
 * Appends the picture written anew: at most NW_PICTURE_SIDE pixels a side and
 * bytes_max octets; picture_r gets its type and dimensions, bytes that point
 * into out (until that grows), and url NULL.  A photo becomes a JPEG, of less
 * quality and then smaller until it fits; one with transparency or few
 * colours a PNG, where that fits.  NW_ERROR_DATA when it cannot be read whole.
 */
int nw_picture_remake(struct nw_buf *out, const char *bytes, size_t len,
		      size_t bytes_max, struct nw_picture *picture_r,
		      struct nw_error *err);

/* Appends a PNG of 48 x 48 pixels and at most NW_FACE_BYTES octets, as the
 * Face header wants it: the middle of a wide picture, the upper part of a tall
 * one, with as many colours as fit. */
int nw_picture_face(struct nw_buf *out, const char *bytes, size_t len,
		    struct nw_picture *picture_r, struct nw_error *err);

#endif
