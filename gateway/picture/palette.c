/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libgd's own quantiser knows 32 shades of a channel, and one with a better eye
 * is not in every build of it.
 */
#include "config.h"

#include <limits.h>

#include "palette_private.h"

#define ROUNDS 6 /* after that little moves that is to be seen */

static int nearest(const struct nw_palette *palette, int pixel, int *distance_r)
{
	int i, distance, found = 0;

	*distance_r = INT_MAX;
	for (i = 0; i < palette->count; i++) {
		distance = nw_colour_distance(pixel, palette->colours[i]);
		if (distance >= *distance_r)
			continue;
		*distance_r = distance;
		found = i;
	}
	return found;
}

/* Moves each colour to the middle of the pixels that it is nearest to; the
 * index of the pixel that is farthest from all, or -1 when all are met. */
static int settle(struct nw_palette *palette, const int *pixels, int count)
{
	int sums[NW_PALETTE_COLOURS][4] = { 0 };
	int i, colour, distance, half, most = 0, farthest = -1;

	for (i = 0; i < count; i++) {
		colour = nearest(palette, pixels[i], &distance);
		sums[colour][0] += gdTrueColorGetRed(pixels[i]);
		sums[colour][1] += gdTrueColorGetGreen(pixels[i]);
		sums[colour][2] += gdTrueColorGetBlue(pixels[i]);
		sums[colour][3]++;
		if (distance > most) {
			most = distance;
			farthest = i;
		}
	}
	for (i = 0; i < palette->count; i++) {
		half = sums[i][3] / 2;
		if (sums[i][3])
			palette->colours[i] =
				gdTrueColor((sums[i][0] + half) / sums[i][3],
					    (sums[i][1] + half) / sums[i][3],
					    (sums[i][2] + half) / sums[i][3]);
	}
	return farthest;
}

void nw_palette_start(struct nw_palette *palette, const int *pixels, int count)
{
	palette->count = 1;
	palette->colours[0] = pixels[0];
	(void)settle(palette, pixels, count);
}

/* By the colour that is missed most. */
void nw_palette_grow(struct nw_palette *palette, const int *pixels, int count,
		     int colours)
{
	int farthest;

	while (palette->count < colours) {
		farthest = settle(palette, pixels, count);
		if (farthest < 0)
			return;
		palette->colours[palette->count++] = pixels[farthest];
	}
}

void nw_palette_settle(struct nw_palette *palette, const int *pixels, int count)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		(void)settle(palette, pixels, count);
}
