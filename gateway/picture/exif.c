/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "picture_private.h"

#define ENTRY_BYTES 12
#define ORIENTATION 0x0112
#define TYPE_SHORT  3

/* Of one directory alone, whose entries lie within the bytes: there is no
 * way to go round, and no count that matters. */
int nw_exif_orientation(struct nw_octets tiff)
{
	uint32_t (*read)(struct nw_octets octets, size_t place, int count);
	uint32_t count, value;
	size_t place, i;

	if (nw_octets_has(tiff, 0, "II*\0", 4))
		read = nw_octets_little;
	else if (nw_octets_has(tiff, 0, "MM\0*", 4))
		read = nw_octets_big;
	else
		return 1;
	place = read(tiff, 4, 4);
	count = read(tiff, place, 2);
	place += 2;
	for (i = 0; i < count && place < tiff.len; i++, place += ENTRY_BYTES) {
		if (read(tiff, place, 2) != ORIENTATION)
			continue;
		value = read(tiff, place + 8, 2);
		return read(tiff, place + 2, 2) == TYPE_SHORT && value >= 1 &&
				       value <= 8
			       ? (int)value
			       : 1;
	}
	return 1;
}
