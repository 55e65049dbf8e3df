/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libgd's own quantiser knows 32 shades of a channel, and one with a better eye
 * is not in every build of it.
 */
#include "config.h"

#include "palette_private.h"

#define ROUNDS 12 /* after that nothing moves that is to be seen */

int64_t nw_colour_distance(int one, int other)
{
	int64_t red = gdTrueColorGetRed(one) - gdTrueColorGetRed(other);
	int64_t green = gdTrueColorGetGreen(one) - gdTrueColorGetGreen(other);
	int64_t blue = gdTrueColorGetBlue(one) - gdTrueColorGetBlue(other);

	return 3 * red * red + 6 * green * green + 2 * blue * blue;
}

static int nearest(const struct nw_palette *palette, int pixel,
		   int64_t *distance_r)
{
	int64_t distance;
	int i, found = 0;

	*distance_r = INT64_MAX;
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
	int64_t sums[NW_PALETTE_COLOURS][4] = { 0 }, distance, most = 0;
	int i, colour, farthest = -1;
	int64_t half;

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
			palette->colours[i] = gdTrueColor(
				(int)((sums[i][0] + half) / sums[i][3]),
				(int)((sums[i][1] + half) / sums[i][3]),
				(int)((sums[i][2] + half) / sums[i][3]));
	}
	return farthest;
}

/* Grows by the colour that is missed most. */
void nw_palette_make(struct nw_palette *palette, const int *pixels, int count,
		     int colours)
{
	int farthest, i;

	palette->count = 1;
	palette->colours[0] = pixels[0];
	farthest = settle(palette, pixels, count);
	while (palette->count < colours && farthest >= 0) {
		palette->colours[palette->count++] = pixels[farthest];
		(void)settle(palette, pixels, count);
		farthest = settle(palette, pixels, count);
	}
	for (i = 0; i < ROUNDS; i++)
		(void)settle(palette, pixels, count);
}
