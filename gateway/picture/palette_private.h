/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The few colours that show many pixels best.
 */
#ifndef NEWSWIRE_PALETTE_PRIVATE_H
#define NEWSWIRE_PALETTE_PRIVATE_H

#include "picture_private.h"

#define NW_PALETTE_COLOURS 64

struct nw_palette {
	int colours[NW_PALETTE_COLOURS];
	int count;
};

/* How far two opaque colours are from each other for an eye, squared. */
static inline int nw_colour_distance(int one, int other)
{
	int red = gdTrueColorGetRed(one) - gdTrueColorGetRed(other);
	int green = gdTrueColorGetGreen(one) - gdTrueColorGetGreen(other);
	int blue = gdTrueColorGetBlue(one) - gdTrueColorGetBlue(other);

	return 3 * red * red + 6 * green * green + 2 * blue * blue;
}

/* Starts with one colour, the mean of these opaque pixels. */
void nw_palette_start(struct nw_palette *palette, const int *pixels, int count);
/* Adds colours until it has so many, at most NW_PALETTE_COLOURS, or one for
 * each that the pixels have. */
void nw_palette_grow(struct nw_palette *palette, const int *pixels, int count,
		     int colours);
/* Moves its colours to where they serve best. */
void nw_palette_settle(struct nw_palette *palette, const int *pixels,
		       int count);

#endif
