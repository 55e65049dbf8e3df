/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scaling by a cubic filter in each direction.  libgd's own filters mix the
 * colour of transparent pixels into their neighbours, and round down, so that
 * white is not white afterwards.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "picture_private.h"

#define CHANNELS    4	/* red, green, blue times opacity; opacity … */
#define OPACITY	    255 /* … times this, so that it has as many bits */
#define WEIGHT_BITS 14
#define SUPPORT	    2 /* on each side: pixels of whichever are larger */

/* What makes one pixel of the result, in one direction. */
struct taps {
	int start, count;
	const int16_t *weights; /* their sum is 1 << WEIGHT_BITS */
};

/* Of all pixels of one direction. */
struct filter {
	struct taps *taps;
	int16_t *weights;
	int count, count_max;
};

/* Catmull and Rom's cubic: sharp, and one at 0. */
static double weigh(double x)
{
	x = x < 0 ? -x : x;
	if (x < 1)
		return (1.5 * x - 2.5) * x * x + 1;
	if (x < 2)
		return ((2.5 - 0.5 * x) * x - 4) * x + 2;
	return 0;
}

/* Whole numbers whose sum is exact, so that a flat area stays as it is; what
 * rounding leaves goes to the middle. */
static void fill_weights(struct taps *taps, int16_t *weights, double centre,
			 double reach)
{
	double sum = 0, share;
	int left = 1 << WEIGHT_BITS, i;

	for (i = 0; i < taps->count; i++)
		sum += weigh((taps->start + i + 0.5 - centre) / reach);
	for (i = 0; i < taps->count; i++) {
		share = weigh((taps->start + i + 0.5 - centre) / reach) / sum;
		weights[i] = (int16_t)(share * (1 << WEIGHT_BITS));
		left -= weights[i];
	}
	weights[taps->count / 2] = (int16_t)(weights[taps->count / 2] + left);
	taps->weights = weights;
}

static void filter_free(struct filter *filter)
{
	free(filter->taps);
	free(filter->weights);
}

static int filter_make(struct filter *filter, int from, int to)
{
	double ratio = (double)from / to, reach = ratio < 1 ? 1 : ratio;
	double centre;
	struct taps *taps;
	int i, end;

	filter->count = to;
	filter->count_max = (int)(2 * SUPPORT * reach) + 2;
	filter->taps = calloc((size_t)to, sizeof(*filter->taps));
	filter->weights = calloc((size_t)to * (size_t)filter->count_max,
				 sizeof(*filter->weights));
	if (!filter->taps || !filter->weights)
		return -1;
	for (i = 0; i < to; i++) {
		taps = &filter->taps[i];
		centre = (i + 0.5) * ratio;
		taps->start = (int)(centre - SUPPORT * reach);
		taps->start = taps->start < 0 ? 0 : taps->start;
		end = (int)(centre + SUPPORT * reach) + 1;
		taps->count = (end < from ? end : from) - taps->start;
		fill_weights(taps,
			     filter->weights +
				     (size_t)i * (size_t)filter->count_max,
			     centre, reach);
	}
	return 0;
}

/* Channels times opacity, two in a number: a multiplication does for both, and
 * what a negative sum of the lower takes from the upper is given back. */
static void unpack(int64_t *pairs, const int *row, int width)
{
	int64_t opacity;
	int x, pixel;

	for (x = 0; x < width; x++) {
		pixel = row[x];
		opacity = gdAlphaMax - gdTrueColorGetAlpha(pixel);
		*pairs++ = (gdTrueColorGetRed(pixel) |
			    (int64_t)gdTrueColorGetGreen(pixel) << 32) *
			   opacity;
		*pairs++ = gdTrueColorGetBlue(pixel) * opacity |
			   opacity * OPACITY << 32;
	}
}

static void split(int16_t *to, int64_t pair)
{
	int32_t low = (int32_t)(uint32_t)((uint64_t)pair & UINT32_MAX);

	to[0] = (int16_t)(low >> (WEIGHT_BITS + 1));
	to[1] = (int16_t)((pair - low) >> 32 >> (WEIGHT_BITS + 1));
}

/* One row, made as wide as the result. */
static void squeeze(int16_t *to, const int64_t *pairs,
		    const struct filter *across)
{
	const struct taps *taps = across->taps;
	const int64_t *at;
	int64_t sums[2];
	int x, i;

	for (x = 0; x < across->count; x++, taps++, to += CHANNELS) {
		at = pairs + 2 * taps->start;
		sums[0] = sums[1] = 0;
		for (i = 0; i < taps->count; i++, at += 2) {
			sums[0] += taps->weights[i] * at[0];
			sums[1] += taps->weights[i] * at[1];
		}
		split(to, sums[0]);
		split(to + 2, sums[1]);
	}
}

static int bound(int value, int max)
{
	return value < 0 ? 0 : value > max ? max : value;
}

/* The sums have WEIGHT_BITS - 1 bits behind the point. */
static int to_pixel(const int *sums)
{
	const int one = 1 << (WEIGHT_BITS - 1), opaque = gdAlphaMax * one;
	int opacity = bound((sums[3] / OPACITY + one / 2) / one, gdAlphaMax);
	int channel[3], i;

	if (!opacity)
		return gdTrueColorAlpha(255, 255, 255, gdAlphaTransparent);
	for (i = 0; i < 3; i++) {
		if (opacity == gdAlphaMax)
			channel[i] = (sums[i] + opaque / 2) / opaque;
		else
			channel[i] =
				(int)((int64_t)sums[i] * OPACITY / sums[3]);
		channel[i] = bound(channel[i], 255);
	}
	return gdTrueColorAlpha(channel[0], channel[1], channel[2],
				gdAlphaMax - opacity);
}

/* What scaling works with. */
struct work {
	struct filter across, down;
	int64_t *pairs; /* one row of the original */
	int16_t *ring;	/* the last rows that were squeezed */
	int *sums;	/* of one row of the result */
};

static int16_t *ring_row(const struct work *work, int row)
{
	return work->ring + (size_t)(row % work->down.count_max) *
				    (size_t)work->across.count * CHANNELS;
}

static void mix(int *to, const struct work *work, int y)
{
	const struct taps *taps = &work->down.taps[y];
	int stride = work->across.count * CHANNELS, i, x, weight;
	int *sums = work->sums;
	const int16_t *row;

	memset(sums, 0, (size_t)stride * sizeof(*sums));
	for (i = 0; i < taps->count; i++) {
		row = ring_row(work, taps->start + i);
		weight = taps->weights[i];
		for (x = 0; x < stride; x++)
			sums[x] += weight * row[x];
	}
	for (x = 0; x < work->across.count; x++)
		to[x] = to_pixel(sums + x * CHANNELS);
}

static void scale(gdImage *to, gdImage *from, const struct nw_part *part,
		  const struct work *work)
{
	const struct taps *taps;
	int done = 0, y;

	for (y = 0; y < to->sy; y++) {
		taps = &work->down.taps[y];
		for (; done < taps->start + taps->count; done++) {
			unpack(work->pairs,
			       from->tpixels[part->y + done] + part->x,
			       part->width);
			squeeze(ring_row(work, done), work->pairs,
				&work->across);
		}
		mix(to->tpixels[y], work, y);
	}
}

static int work_make(struct work *work, const struct nw_part *part, int width,
		     int height)
{
	size_t stride = (size_t)width * CHANNELS;

	if (filter_make(&work->across, part->width, width) < 0 ||
	    filter_make(&work->down, part->height, height) < 0)
		return -1;
	work->pairs = calloc((size_t)part->width, 2 * sizeof(*work->pairs));
	work->sums = calloc(stride, sizeof(*work->sums));
	work->ring = calloc((size_t)work->down.count_max,
			    stride * sizeof(*work->ring));
	return work->pairs && work->sums && work->ring ? 0 : -1;
}

gdImage *nw_canvas_scale(gdImage *canvas, const struct nw_part *part, int width,
			 int height)
{
	gdImage *scaled = gdImageCreateTrueColor(width, height);
	struct work work = { 0 };

	if (scaled && work_make(&work, part, width, height) == 0) {
		scale(scaled, canvas, part, &work);
	} else if (scaled) {
		gdImageDestroy(scaled);
		scaled = NULL;
	}
	filter_free(&work.across);
	filter_free(&work.down);
	free(work.pairs);
	free(work.sums);
	free(work.ring);
	return scaled;
}
