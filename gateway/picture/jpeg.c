/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The segments of JPEG (ITU-T T.81 annex B), walked as libjpeg walks them, so
 * that both see the same frame.
 */
#include "config.h"

#include "newswire/limits.h"
#include "picture_private.h"

enum marker {
	TEM = 0x01,
	SOF0 = 0xc0,
	DHT = 0xc4,
	JPG = 0xc8,
	DAC = 0xcc,
	SOF15 = 0xcf,
	RST0 = 0xd0,
	RST7 = 0xd7,
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	APP1 = 0xe1,
	COM = 0xfe,
};

struct segment {
	int marker;
	size_t start;	       /* of the marker */
	struct nw_octets body; /* behind its length */
	size_t next;
};

static bool stands_alone(int marker)
{
	return marker == TEM || (marker >= RST0 && marker <= EOI);
}

static bool is_frame(int marker)
{
	return marker >= SOF0 && marker <= SOF15 && marker != DHT &&
	       marker != JPG && marker != DAC;
}

/* The next segment at or behind a place; what is none is passed over. */
static bool next_segment(struct nw_octets jpeg, size_t place,
			 struct segment *segment)
{
	size_t len;

	for (; place + 1 < jpeg.len; place++)
		if (jpeg.at[place] == 0xff && jpeg.at[place + 1] != 0xff &&
		    jpeg.at[place + 1] != 0)
			break;
	if (place + 1 >= jpeg.len)
		return false;
	segment->start = place;
	segment->marker = jpeg.at[place + 1];
	segment->body = nw_octets_from(jpeg, jpeg.len, 0);
	segment->next = place + 2;
	if (stands_alone(segment->marker))
		return true;
	len = nw_octets_big(jpeg, place + 2, 2);
	if (len > 2)
		segment->body = nw_octets_from(jpeg, place + 4, len - 2);
	segment->next = place + 2 + (len > 2 ? len : 2);
	return true;
}

static int take_frame(const struct segment *segment,
		      struct nw_picture_facts *facts, struct nw_error *err)
{
	if (facts->width)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a JPEG with two frames");
	facts->height = (int)nw_octets_big(segment->body, 1, 2);
	facts->width = (int)nw_octets_big(segment->body, 3, 2);
	return 0;
}

int nw_jpeg_look(struct nw_octets octets, struct nw_picture_facts *facts,
		 struct nw_error *err)
{
	struct segment segment = { .next = 2 };

	while (next_segment(octets, segment.next, &segment) &&
	       segment.marker != SOS && segment.marker != EOI) {
		if (is_frame(segment.marker) &&
		    take_frame(&segment, facts, err) < 0)
			return -1;
		if (segment.marker == APP1 &&
		    nw_octets_has(segment.body, 0, "Exif\0", 6))
			facts->orientation = nw_exif_orientation(
				nw_octets_from(segment.body, 6,
					       segment.body.len));
	}
	if (!facts->width || segment.marker != SOS)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a JPEG that is cut off");
	return 0;
}

void nw_jpeg_bare(struct nw_buf *out, struct nw_octets jpeg)
{
	struct segment segment = { .next = 2 };
	size_t done = 0;

	while (next_segment(jpeg, segment.next, &segment) &&
	       segment.marker != SOS) {
		if (segment.marker != COM)
			continue;
		nw_buf_add(out, jpeg.at + done, segment.start - done);
		done = segment.next;
	}
	nw_buf_add(out, jpeg.at + done, jpeg.len - done);
}
