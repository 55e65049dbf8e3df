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
int64_t nw_colour_distance(int one, int other);

/* Fills it with at most colours, which is at most NW_PALETTE_COLOURS, for
 * these opaque pixels. */
void nw_palette_make(struct nw_palette *palette, const int *pixels, int count,
		     int colours);

#endif
