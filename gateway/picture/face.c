/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The picture of a Face header: 48 x 48 pixels of few colours in few bytes.
 *
 * PNG packs areas well and noise badly, so a pixel may take the colour of its
 * neighbours where that is nearly its own.  How near is enough is found by
 * trying; of all that fits, what is nearest to the original is kept.
 */
#include "config.h"

#include <limits.h>
#include <string.h>

#include "newswire/limits.h"
#include "palette_private.h"

#define SIDE	  48
#define PIXELS	  (SIDE * SIDE)
#define PNG_LEVEL 9
#define TRIES	  9 /* halvings of what a change of colour may cost */
#define COST_MAX  65536

/* How many colours are tried: past 16, PNG takes 8 bits for each pixel. */
static const int counts[] = { 2,  3,  4,  5,  6,  7,  8,
			      10, 12, 16, 24, 32, 48, NW_PALETTE_COLOURS };
#define COUNTS (sizeof(counts) / sizeof(counts[0]))

/* What was tried. */
struct attempt {
	struct nw_palette palette;
	unsigned char indices[PIXELS];
	int64_t distance; /* of all pixels from what they were */
};

/* The best so far. */
struct best {
	int64_t distance;
	struct nw_buf bytes;
};

/* Each pixel's colour; one that differs from the pixel before or above costs
 * that much more. */
static void assign(struct attempt *attempt, const int *pixels, int cost)
{
	const struct nw_palette *palette = &attempt->palette;
	unsigned char *index = attempt->indices;
	int i, colour, sum, least;

	attempt->distance = 0;
	for (i = 0; i < PIXELS; i++, index++) {
		least = INT_MAX;
		for (colour = 0; colour < palette->count; colour++) {
			sum = nw_colour_distance(pixels[i],
						 palette->colours[colour]);
			if (i % SIDE && colour != index[-1])
				sum += cost;
			if (i >= SIDE && colour != index[-SIDE])
				sum += cost;
			if (sum >= least)
				continue;
			least = sum;
			*index = (unsigned char)colour;
		}
		attempt->distance +=
			nw_colour_distance(pixels[i], palette->colours[*index]);
	}
}

static int encode(struct nw_buf *out, const struct attempt *attempt)
{
	gdImage *image = gdImageCreate(SIDE, SIDE);
	void *made;
	int i, len = 0;

	if (!image)
		return -1;
	for (i = 0; i < attempt->palette.count; i++)
		(void)gdImageColorAllocate(
			image, gdTrueColorGetRed(attempt->palette.colours[i]),
			gdTrueColorGetGreen(attempt->palette.colours[i]),
			gdTrueColorGetBlue(attempt->palette.colours[i]));
	for (i = 0; i < SIDE; i++)
		memcpy(image->pixels[i], attempt->indices + i * SIDE, SIDE);
	made = gdImagePngPtrEx(image, &len, PNG_LEVEL);
	gdImageDestroy(image);
	if (!made)
		return -1;
	nw_png_bare(out, (struct nw_octets) { made, (size_t)len });
	gdFree(made);
	return nw_buf_ok(out) ? 0 : -1;
}

/* 1 when it fits, or would be no better than the best if it did, 0 when
 * not. */
static int try_cost(struct best *best, struct attempt *attempt,
		    const int *pixels, int cost)
{
	struct nw_buf bytes;
	int fits;

	assign(attempt, pixels, cost);
	if (attempt->distance >= best->distance)
		return 1;
	nw_buf_init(&bytes, NW_PICTURE_BUDGET_BYTES);
	fits = encode(&bytes, attempt) == 0 && bytes.len <= NW_FACE_BYTES;
	if (fits) {
		best->distance = attempt->distance;
		nw_buf_reset(&best->bytes);
		nw_buf_add(&best->bytes, bytes.data, bytes.len);
	}
	nw_buf_free(&bytes);
	return fits;
}

/* The least cost with which these colours fit. */
static void try_palette(struct best *best, const struct nw_palette *palette,
			const int *pixels)
{
	struct attempt attempt = { .palette = *palette };
	int fits = COST_MAX, does_not = 0, cost, i;

	nw_palette_settle(&attempt.palette, pixels, PIXELS);
	if (try_cost(best, &attempt, pixels, 0))
		return;
	for (i = 0; i < TRIES && fits - does_not > 1; i++) {
		/* Small costs matter more: the scale is like that of a slide
		 * rule. */
		cost = does_not ? (fits + does_not) / 2 : fits / 8;
		if (try_cost(best, &attempt, pixels, cost))
			fits = cost;
		else
			does_not = cost;
	}
}

static gdImage *make_square(gdImage *original, int orientation)
{
	struct nw_part part = nw_canvas_square(original, orientation);
	gdImage *scaled = nw_canvas_scale(original, &part, SIDE, SIDE);
	gdImage *turned;

	if (!scaled)
		return NULL;
	turned = nw_canvas_turn(scaled, orientation);
	gdImageDestroy(scaled);
	if (turned)
		nw_canvas_whiten(turned);
	return turned;
}

static int write_face(struct nw_buf *out, gdImage *square)
{
	struct best best = { .distance = INT64_MAX };
	struct nw_palette palettes[COUNTS];
	int pixels[PIXELS], y;
	size_t i;

	for (y = 0; y < SIDE; y++)
		memcpy(pixels + y * SIDE, square->tpixels[y],
		       SIDE * sizeof(*pixels));
	nw_buf_init(&best.bytes, NW_FACE_BYTES);
	nw_palette_start(&palettes[0], pixels, PIXELS);
	for (i = 0; i < COUNTS; i++) {
		palettes[i] = palettes[i ? i - 1 : 0];
		nw_palette_grow(&palettes[i], pixels, PIXELS, counts[i]);
	}
	/* The best are likely the large ones, beside which few small ones need
	 * to be tried to the end. */
	while (i-- > 0)
		try_palette(&best, &palettes[i], pixels);
	nw_buf_add(out, best.bytes.data, best.bytes.len);
	y = best.bytes.len && nw_buf_ok(out) ? 0 : -1;
	nw_buf_free(&best.bytes);
	return y;
}

int nw_picture_face(struct nw_buf *out, const char *bytes, size_t len,
		    struct nw_picture *picture_r, struct nw_error *err)
{
	struct nw_picture picture = { .type = "image/png",
				      .width = SIDE,
				      .height = SIDE };
	struct nw_picture_facts facts;
	size_t before = out->len;
	gdImage *original, *square;
	int result;

	original = nw_canvas_read(bytes, len, &facts, err);
	if (!original)
		return -1;
	square = make_square(original, facts.orientation);
	gdImageDestroy(original);
	result = square ? write_face(out, square) : -1;
	if (square)
		gdImageDestroy(square);
	if (result < 0)
		return nw_error_set(err, NW_ERROR_DATA,
				    "takes too much memory");
	picture.bytes = out->data + before;
	picture.len = out->len - before;
	*picture_r = picture;
	return 0;
}
