/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "newswire/limits.h"
#include "picture_private.h"

#define SIDE 48

/* Below the top of a tall picture, as a share of what is cut away: a head
 * stands high in a portrait. */
#define ABOVE 6

/* The square that is kept of a picture, in its own axes. */
static struct nw_part square_of(gdImage *canvas)
{
	struct nw_part part = { 0, 0, canvas->sx, canvas->sy };

	if (part.width > part.height) {
		part.x = (part.width - part.height) / 2;
		part.width = part.height;
	} else {
		part.y = (part.height - part.width) / ABOVE;
		part.height = part.width;
	}
	return part;
}

static gdImage *make_square(gdImage *original, int orientation)
{
	struct nw_part part = square_of(original);
	gdImage *scaled = nw_canvas_scale(original, &part, SIDE, SIDE);
	gdImage *turned = NULL;

	if (!scaled)
		return NULL;
	turned = nw_canvas_turn(scaled, orientation);
	gdImageDestroy(scaled);
	if (turned)
		nw_canvas_whiten(turned);
	return turned;
}

/* Fewer colours until it fits. */
static int write_face(struct nw_buf *out, gdImage *square)
{
	size_t before = out->len;
	int colours, len;
	gdImage *copy;
	void *made;

	for (colours = 16; colours >= 2; colours--) {
		copy = gdImageClone(square);
		if (!copy || !gdImageTrueColorToPalette(copy, 0, colours)) {
			if (copy)
				gdImageDestroy(copy);
			return -1;
		}
		len = 0;
		made = gdImagePngPtrEx(copy, &len, 9);
		gdImageDestroy(copy);
		if (made)
			nw_png_bare(out,
				    (struct nw_octets) { made, (size_t)len });
		gdFree(made);
		if (made && out->len - before <= NW_FACE_BYTES)
			return 0;
		nw_buf_cut(out, before);
	}
	return -1;
}

int nw_picture_face(struct nw_buf *out, const char *bytes, size_t len,
		    struct nw_picture *picture_r, struct nw_error *err)
{
	struct nw_octets octets = { (const unsigned char *)bytes, len };
	struct nw_picture picture = { .type = "image/png",
				      .width = SIDE,
				      .height = SIDE };
	struct nw_picture_facts facts;
	size_t before = out->len;
	gdImage *original, *square;
	int result;

	if (nw_picture_look(bytes, len, &facts, err) < 0)
		return -1;
	original = nw_canvas_read(octets, &facts, err);
	if (!original)
		return -1;
	square = make_square(original, facts.orientation);
	gdImageDestroy(original);
	result = square ? write_face(out, square) : -1;
	if (square)
		gdImageDestroy(square);
	if (result < 0 || !nw_buf_ok(out))
		return nw_error_set(err, NW_ERROR_DATA,
				    "does not become a face");
	picture.bytes = out->data + before;
	picture.len = out->len - before;
	*picture_r = picture;
	return 0;
}
