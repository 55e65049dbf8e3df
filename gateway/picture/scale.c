/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scaling by a cubic filter in each direction.  libgd's own filters mix the
 * colour of transparent pixels into their neighbours, and round down, so that
 * white is not white afterwards.
 */
#include "config.h"

#include <stdlib.h>

#include "picture_private.h"

#define CHANNELS    4 /* red, green, blue times opacity; opacity */
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

static int bound(int value, int max)
{
	return value < 0 ? 0 : value > max ? max : value;
}

/* One row, made as wide as the result. */
static void squeeze(int16_t *to, const int *row, const struct filter *across)
{
	int x, i, pixel, opacity, weight;
	const struct taps *taps;
	int sum[CHANNELS];

	for (x = 0; x < across->count; x++) {
		taps = &across->taps[x];
		sum[0] = sum[1] = sum[2] = sum[3] = 0;
		for (i = 0; i < taps->count; i++) {
			pixel = row[taps->start + i];
			weight = taps->weights[i];
			opacity = gdAlphaMax - gdTrueColorGetAlpha(pixel);
			sum[3] += weight * opacity;
			if (opacity < gdAlphaMax)
				weight = weight * opacity / gdAlphaMax;
			sum[0] += weight * gdTrueColorGetRed(pixel);
			sum[1] += weight * gdTrueColorGetGreen(pixel);
			sum[2] += weight * gdTrueColorGetBlue(pixel);
		}
		for (i = 0; i < CHANNELS; i++)
			*to++ = (int16_t)(sum[i] >> (WEIGHT_BITS - 4));
	}
}

static int to_pixel(const int *sum)
{
	int opacity =
		bound((sum[3] + (1 << (WEIGHT_BITS + 3))) >> (WEIGHT_BITS + 4),
		      gdAlphaMax);
	int channel[3], i;

	if (!opacity)
		return gdTrueColorAlpha(255, 255, 255, gdAlphaTransparent);
	for (i = 0; i < 3; i++) {
		channel[i] = (sum[i] + (1 << (WEIGHT_BITS + 3))) >>
			     (WEIGHT_BITS + 4);
		if (opacity < gdAlphaMax)
			channel[i] = channel[i] * gdAlphaMax / opacity;
		channel[i] = bound(channel[i], 255);
	}
	return gdTrueColorAlpha(channel[0], channel[1], channel[2],
				gdAlphaMax - opacity);
}

/* One row of the result, from those of which the ring holds the last. */
static void mix(int *to, const int16_t *ring, const struct filter *down, int y,
		int width)
{
	size_t stride = (size_t)width * CHANNELS, place;
	const struct taps *taps = &down->taps[y];
	int sum[CHANNELS], x, i, channel;

	for (x = 0; x < width; x++) {
		sum[0] = sum[1] = sum[2] = sum[3] = 0;
		for (i = 0; i < taps->count; i++) {
			place = (size_t)((taps->start + i) % down->count_max) *
					stride +
				(size_t)x * CHANNELS;
			for (channel = 0; channel < CHANNELS; channel++)
				sum[channel] += taps->weights[i] *
						ring[place + (size_t)channel];
		}
		to[x] = to_pixel(sum);
	}
}

static void scale(gdImage *to, gdImage *from, const struct nw_part *part,
		  const struct filter *filters, int16_t *ring)
{
	const struct filter *across = &filters[0], *down = &filters[1];
	size_t stride = (size_t)to->sx * CHANNELS;
	int done = 0, y;

	for (y = 0; y < to->sy; y++) {
		for (; done < down->taps[y].start + down->taps[y].count; done++)
			squeeze(ring + (size_t)(done % down->count_max) *
						stride,
				from->tpixels[part->y + done] + part->x,
				across);
		mix(to->tpixels[y], ring, down, y, to->sx);
	}
}

gdImage *nw_canvas_scale(gdImage *canvas, const struct nw_part *part, int width,
			 int height)
{
	struct filter filters[2] = { 0 };
	gdImage *scaled = gdImageCreateTrueColor(width, height);
	int16_t *ring = NULL;

	if (filter_make(&filters[0], part->width, width) == 0 &&
	    filter_make(&filters[1], part->height, height) == 0)
		ring = calloc((size_t)filters[1].count_max,
			      (size_t)width * CHANNELS * sizeof(*ring));
	if (scaled && ring) {
		scale(scaled, canvas, part, filters, ring);
	} else if (scaled) {
		gdImageDestroy(scaled);
		scaled = NULL;
	}
	filter_free(&filters[0]);
	filter_free(&filters[1]);
	free(ring);
	return scaled;
}
