/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "picture_private.h"

/* A picture that does not fit at these becomes smaller. */
static const int qualities[] = { 85, 75, 65, 55 };
/* zlib's 9 takes ten times as long on noise, for a tenth of the bytes. */
#define PNG_LEVEL 6
#define SIDE_MIN  64 /* below it nothing is to be seen */
/* More colours than a chart has, with the edges of its letters. */
#define COLOURS_MAX 4096
#define SEEN_SLOTS  (4 * COLOURS_MAX)

/* What a writer needs to know. */
struct remake {
	struct nw_buf *out;
	size_t bytes_max; /* of what is added to it */
	gdImage *canvas;
	bool from_jpeg;
};

/* Takes what libgd made; 1 when it fits, 0 when not. */
static int keep(struct remake *remake, void *made, int len,
		void (*bare)(struct nw_buf *out, struct nw_octets octets))
{
	struct nw_octets octets = { made, len > 0 ? (size_t)len : 0 };
	struct nw_buf *out = remake->out;
	size_t before = out->len;

	if (!made)
		return 0;
	bare(out, octets);
	gdFree(made);
	if (nw_buf_ok(out) && out->len - before <= remake->bytes_max)
		return 1;
	nw_buf_cut(out, before);
	out->failed = false;
	return 0;
}

static int write_jpeg(struct remake *remake)
{
	size_t i;
	int len, kept = 0;
	void *made;

	nw_canvas_whiten(remake->canvas);
	gdImageInterlace(remake->canvas, 1);
	for (i = 0; i < sizeof(qualities) / sizeof(qualities[0]) && !kept;
	     i++) {
		len = 0;
		made = gdImageJpegPtr(remake->canvas, &len, qualities[i]);
		kept = keep(remake, made, len, nw_jpeg_bare);
	}
	return kept;
}

/* The colours of a canvas, each once, and in which order they came. */
struct colours {
	uint32_t seen[SEEN_SLOTS]; /* the pixel and 1; 0: free */
	int place[SEEN_SLOTS];
	int count;
};

/* Where a pixel's colour stands, or would. */
static uint32_t find_slot(const struct colours *colours, int canvas_pixel)
{
	uint32_t pixel = (uint32_t)canvas_pixel + 1;
	uint32_t slot = (pixel * 2654435761u) >> 16 & (SEEN_SLOTS - 1);

	while (colours->seen[slot] && colours->seen[slot] != pixel)
		slot = (slot + 1) & (SEEN_SLOTS - 1);
	return slot;
}

/* Whether there are at most COLOURS_MAX. */
static bool few_colours(struct colours *colours, gdImage *canvas)
{
	uint32_t slot;
	int x, y;

	for (y = 0; y < canvas->sy; y++)
		for (x = 0; x < canvas->sx; x++) {
			slot = find_slot(colours, canvas->tpixels[y][x]);
			if (colours->seen[slot])
				continue;
			if (colours->count == COLOURS_MAX)
				return false;
			colours->seen[slot] =
				(uint32_t)canvas->tpixels[y][x] + 1;
			colours->place[slot] = colours->count++;
		}
	return true;
}

/* The same pixels with a palette of all their colours, which takes fewer
 * bytes; NULL when they are more than a PNG's palette holds (ISO/IEC 15948,
 * clause 11.2.3), or there is no memory. */
static gdImage *with_palette(gdImage *canvas, const struct colours *colours)
{
	gdImage *indexed;
	int i, x, y;

	if (colours->count > gdMaxColors)
		return NULL;
	indexed = gdImageCreate(canvas->sx, canvas->sy);
	if (!indexed)
		return NULL;
	indexed->colorsTotal = colours->count;
	for (i = 0; i < SEEN_SLOTS; i++) {
		int pixel = (int)(colours->seen[i] - 1);
		int place = colours->place[i];

		if (!colours->seen[i])
			continue;
		indexed->red[place] = gdTrueColorGetRed(pixel);
		indexed->green[place] = gdTrueColorGetGreen(pixel);
		indexed->blue[place] = gdTrueColorGetBlue(pixel);
		indexed->alpha[place] = gdTrueColorGetAlpha(pixel);
		indexed->open[place] = 0;
	}
	for (y = 0; y < canvas->sy; y++)
		for (x = 0; x < canvas->sx; x++)
			indexed->pixels[y][x] =
				(unsigned char)colours->place[find_slot(
					colours, canvas->tpixels[y][x])];
	return indexed;
}

static int write_png(struct remake *remake, const struct colours *colours)
{
	gdImage *indexed = with_palette(remake->canvas, colours);
	gdImage *image = indexed ? indexed : remake->canvas;
	int len = 0;
	void *made;

	gdImageSaveAlpha(image, nw_canvas_clear(remake->canvas));
	made = gdImagePngPtrEx(image, &len, PNG_LEVEL);
	if (indexed)
		gdImageDestroy(indexed);
	return keep(remake, made, len, nw_png_bare);
}

/* 1 when it was written, 0 when it does not fit. */
static int write_picture(struct remake *remake, struct nw_picture *picture)
{
	struct colours colours = { .count = 0 };

	picture->width = remake->canvas->sx;
	picture->height = remake->canvas->sy;
	picture->type = "image/png";
	if (!remake->from_jpeg &&
	    (few_colours(&colours, remake->canvas) ||
	     nw_canvas_clear(remake->canvas)) &&
	    write_png(remake, &colours))
		return 1;
	picture->type = "image/jpeg";
	return write_jpeg(remake);
}

/* The picture with no side longer than that, turned as it is to be shown; it
 * is never made larger. */
static gdImage *make_canvas(gdImage *original, int orientation, int side)
{
	struct nw_part whole = { 0, 0, original->sx, original->sy };
	int longer = original->sx > original->sy ? original->sx : original->sy;
	int width = original->sx, height = original->sy;
	gdImage *scaled, *turned;

	if (longer > side) {
		width = (int)((int64_t)width * side / longer);
		height = (int)((int64_t)height * side / longer);
	}
	scaled = nw_canvas_scale(original, &whole, width ? width : 1,
				 height ? height : 1);
	if (!scaled || orientation == 1)
		return scaled;
	turned = nw_canvas_turn(scaled, orientation);
	gdImageDestroy(scaled);
	return turned;
}

/* Smaller and smaller until it fits. */
static int fit(struct remake *remake, gdImage *original, int orientation,
	       struct nw_picture *picture, struct nw_error *err)
{
	int side = NW_PICTURE_SIDE, done = 0;

	for (; !done && side >= SIDE_MIN; side = side * 3 / 4) {
		remake->canvas = make_canvas(original, orientation, side);
		if (!remake->canvas)
			return nw_error_set(err, NW_ERROR_DATA,
					    "takes too much memory");
		done = write_picture(remake, picture);
		gdImageDestroy(remake->canvas);
	}
	return done ? 0
		    : nw_error_set(err, NW_ERROR_DATA,
				   "does not fit into %zu bytes",
				   remake->bytes_max);
}

int nw_picture_remake(struct nw_buf *out, const char *bytes, size_t len,
		      size_t bytes_max, struct nw_picture *picture_r,
		      struct nw_error *err)
{
	struct remake remake = { .out = out, .bytes_max = bytes_max };
	struct nw_picture picture = { 0 };
	struct nw_picture_facts facts;
	size_t before = out->len;
	gdImage *original;
	int result;

	original = nw_canvas_read(bytes, len, &facts, err);
	if (!original)
		return -1;
	remake.from_jpeg = strcmp(facts.type, "image/jpeg") == 0;
	result = fit(&remake, original, facts.orientation, &picture, err);
	gdImageDestroy(original);
	if (result < 0)
		return -1;
	picture.bytes = out->data + before;
	picture.len = out->len - before;
	*picture_r = picture;
	return 0;
}
