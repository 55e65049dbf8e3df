/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The blocks of GIF (GIF89a specification, sections 17 to 27), as far as the
 * first frame, and as libgd walks them.
 */
#include "config.h"

#include "picture_private.h"

#define SCREEN_PLACE	6
#define SCREEN_BYTES	7
#define GRAPHIC_CONTROL 0xf9

/* Past the sub-blocks at a place and the empty one that ends them. */
static size_t skip_blocks(struct nw_octets gif, size_t place)
{
	uint32_t len;

	do {
		len = nw_octets_big(gif, place, 1);
		place += 1 + len;
	} while (len && place < gif.len);
	return place;
}

static size_t skip_extension(struct nw_octets gif, size_t place)
{
	/* libgd reads one block of this kind even when it is empty. */
	if (nw_octets_big(gif, place, 1) == GRAPHIC_CONTROL &&
	    nw_octets_big(gif, place + 1, 1) == 0)
		place++;
	return skip_blocks(gif, place + 1);
}

/* The place of the first frame's descriptor, 0 when there is none. */
static size_t find_frame(struct nw_octets gif)
{
	uint32_t flags = nw_octets_big(gif, SCREEN_PLACE + 4, 1);
	size_t place = SCREEN_PLACE + SCREEN_BYTES;
	uint32_t sort;

	if (flags & 0x80)
		place += (size_t)3 << ((flags & 7) + 1);
	while (place < gif.len) {
		sort = gif.at[place++];
		if (sort == ',')
			return place;
		if (sort == ';')
			break;
		if (sort == '!')
			place = skip_extension(gif, place);
	}
	return 0;
}

int nw_gif_look(struct nw_octets octets, struct nw_picture_facts *facts,
		struct nw_error *err)
{
	size_t frame = find_frame(octets);
	uint32_t screen[2], start[2], side[2];
	int i;

	if (!frame || octets.len - frame < 9)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a GIF without a picture");
	for (i = 0; i < 2; i++) {
		screen[i] = nw_octets_little(octets,
					     SCREEN_PLACE + 2 * (size_t)i, 2);
		start[i] = nw_octets_little(octets, frame + 2 * (size_t)i, 2);
		side[i] =
			nw_octets_little(octets, frame + 4 + 2 * (size_t)i, 2);
		if (start[i] + side[i] > screen[i])
			return nw_error_set(err, NW_ERROR_DATA,
					    "is a GIF whose picture is larger "
					    "than it says");
	}
	facts->width = (int)side[0];
	facts->height = (int)side[1];
	return 0;
}
