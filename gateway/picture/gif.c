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
#define FRAME_BYTES	9

#define CODE_BITS 12 /* of the longest code (appendix F) */

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

	if (!frame || octets.len - frame < FRAME_BYTES)
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

/* The codes of a picture, in the sub-blocks at a place. */
struct codes {
	struct nw_octets gif;
	size_t place;  /* of the next octet */
	uint32_t left; /* octets of the block that it is in */
	uint32_t bits; /* that were read, the first one lowest */
	int count;
};

/* -1 at the end of them. */
static int next_code(struct codes *codes, int size)
{
	uint32_t code;

	while (codes->count < size) {
		if (!codes->left)
			codes->left =
				nw_octets_big(codes->gif, codes->place++, 1);
		if (!codes->left)
			return -1;
		codes->left--;
		codes->bits |= nw_octets_big(codes->gif, codes->place++, 1)
			       << codes->count;
		codes->count += 8;
	}
	code = codes->bits & ((1u << size) - 1);
	codes->bits >>= size;
	codes->count -= size;
	return (int)code;
}

/* How many pixels the codes stand for; wanted when they are that many or more.
 * What a code is too large for stands for the next one, as libgd takes it. */
static int64_t count_pixels(struct codes *codes, int root_bits, int64_t wanted)
{
	int lengths[1 << CODE_BITS], clear = 1 << root_bits;
	int size = root_bits + 1, next = clear + 2, code, before = 0;
	int64_t total = 0;

	for (code = 0; code < next; code++)
		lengths[code] = 1;
	while (total < wanted && (code = next_code(codes, size)) >= 0 &&
	       code != clear + 1) {
		if (code == clear) {
			size = root_bits + 1;
			next = clear + 2;
			before = 0;
			continue;
		}
		/* Past a full table nothing is added, nor can be named. */
		if (before && next < 1 << CODE_BITS) {
			lengths[next++] = before + 1;
			if (next == 1 << size && size < CODE_BITS)
				size++;
		}
		before = !before ? 1 : code < next ? lengths[code] : before + 1;
		total += before;
	}
	return total < wanted ? total : wanted;
}

bool nw_gif_whole(struct nw_octets gif, const struct nw_picture_facts *facts)
{
	int64_t wanted = (int64_t)facts->width * facts->height;
	size_t place = find_frame(gif) + FRAME_BYTES;
	uint32_t flags = nw_octets_big(gif, place - 1, 1), root_bits;
	struct codes codes = { .gif = gif };

	if (flags & 0x80)
		place += (size_t)3 << ((flags & 7) + 1);
	root_bits = nw_octets_big(gif, place, 1);
	codes.place = place + 1;
	return root_bits > 0 && root_bits < CODE_BITS &&
	       count_pixels(&codes, (int)root_bits, wanted) == wanted;
}
