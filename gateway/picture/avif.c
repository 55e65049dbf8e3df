/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The boxes of AVIF (ISO/IEC 14496-12 section 4.2, 23008-12 section 6).
 *
 * What the coded picture says of its own size stands deep in its bits; libavif
 * refuses it above 16384 x 16384, and the limits of a child's memory below.
 */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "picture_private.h"

#define HEAD_BYTES  8
#define BRAND_BYTES 4

/* More than any file has that is one picture. */
#define PROPERTIES 256
#define IPMA_BYTES (64u << 10)

struct look {
	struct nw_picture_facts *facts;
	size_t len;	   /* of the file */
	uint32_t primary;  /* the number of the picture itself */
	uint32_t quarters; /* it is turned to the left */
	uint32_t mirror;   /* 0: not, 1: top to bottom, 2: left to right */
	bool cut;
};

struct box {
	char name[5];
	struct nw_octets body;
};

/* Takes the first box off the octets; false when there is none that is
 * whole. */
static bool next_box(struct nw_octets *octets, struct box *box)
{
	uint64_t len = nw_octets_big(*octets, 0, 4);
	size_t head = HEAD_BYTES;

	if (octets->len < HEAD_BYTES)
		return false;
	if (len == 1) {
		len = (uint64_t)nw_octets_big(*octets, 8, 4) << 32 |
		      nw_octets_big(*octets, 12, 4);
		head += 8;
	} else if (len == 0) {
		len = octets->len;
	}
	if (len < head || len > octets->len)
		return false;
	memcpy(box->name, octets->at + 4, 4);
	box->name[4] = '\0';
	box->body = nw_octets_from(*octets, head, (size_t)len - head);
	*octets = nw_octets_from(*octets, (size_t)len, octets->len);
	return true;
}

static bool has_brand(struct nw_octets brands, const char *brand)
{
	size_t place;

	for (place = 0; place + BRAND_BYTES <= brands.len; place += BRAND_BYTES)
		if (nw_octets_has(brands, place, brand, BRAND_BYTES))
			return true;
	return false;
}

static int check_brands(struct nw_octets brands, struct nw_error *err)
{
	if (has_brand(brands, "avif") || has_brand(brands, "avis"))
		return 0;
	if (has_brand(brands, "heic") || has_brand(brands, "heix") ||
	    has_brand(brands, "mif1"))
		return nw_error_set(err, NW_ERROR_DATA,
				    "is a HEIC, which is not shown");
	return nw_error_set(err, NW_ERROR_DATA,
			    "is a video (MP4), which is not shown");
}

/* The largest wins: a picture of tiles names theirs too, and none of them may
 * be more than can be borne. */
static void take_extent(struct look *look, uint32_t width, uint32_t height)
{
	struct nw_picture_facts *facts = look->facts;

	if ((uint64_t)width * height <=
	    (uint64_t)facts->width * (uint64_t)facts->height)
		return;
	facts->width = width > INT32_MAX ? INT32_MAX : (int)width;
	facts->height = height > INT32_MAX ? INT32_MAX : (int)height;
}

/* Whether the picture itself has the property of a number, by an ipma box. */
static bool is_own(const struct look *look, struct nw_octets ipma,
		   uint32_t number)
{
	int id_bytes = nw_octets_big(ipma, 0, 1) < 1 ? 2 : 4;
	int bytes = nw_octets_big(ipma, 3, 1) & 1 ? 2 : 1;
	uint32_t mask = bytes == 2 ? 0x7fff : 0x7f, id, count;
	size_t place = 8;

	while (place < ipma.len) {
		id = nw_octets_big(ipma, place, id_bytes);
		place += (size_t)id_bytes;
		count = nw_octets_big(ipma, place++, 1);
		for (; count; count--, place += (size_t)bytes)
			if (id == look->primary &&
			    (nw_octets_big(ipma, place, bytes) & mask) ==
				    number)
				return true;
	}
	return false;
}

/* One octet each: how often a quarter to the left, and which parts change
 * places (ISO/IEC 23008-12 sections 6.5.10, 6.5.12). */
static void take_turn(struct look *look, const struct box *box)
{
	uint32_t value = nw_octets_big(box->body, 0, 1);

	if (strcmp(box->name, "irot") == 0)
		look->quarters = value & 3;
	else
		look->mirror = 1 + (value & 1);
}

static void take_properties(struct look *look, struct nw_octets octets)
{
	struct nw_octets properties = { octets.at, 0 }, ipma = properties;
	uint32_t number = 0;
	struct box box;

	while (next_box(&octets, &box))
		if (strcmp(box.name, "ipco") == 0)
			properties = box.body;
		else if (strcmp(box.name, "ipma") == 0)
			ipma = nw_octets_from(box.body, 0, IPMA_BYTES);
	while (number++ < PROPERTIES && next_box(&properties, &box))
		if (strcmp(box.name, "ispe") == 0)
			take_extent(look, nw_octets_big(box.body, 4, 4),
				    nw_octets_big(box.body, 8, 4));
		else if ((strcmp(box.name, "irot") == 0 ||
			  strcmp(box.name, "imir") == 0) &&
			 is_own(look, ipma, number))
			take_turn(look, &box);
}

/* A number of 0, 4 or 8 octets, by which the place moves on. */
static uint64_t take_number(struct nw_octets octets, size_t *place, int bytes)
{
	uint64_t value = 0;

	for (; bytes > 0; bytes -= 4, *place += 4)
		value = value << 32 | nw_octets_big(octets, *place, 4);
	return value;
}

/* libgd asks for as much memory as an item says it has. */
static void take_places(struct look *look, struct nw_octets iloc)
{
	uint32_t version = nw_octets_big(iloc, 0, 1);
	uint32_t sizes = nw_octets_big(iloc, 4, 2), extents;
	int id_bytes = version < 2 ? 2 : 4;
	int extent_bytes = (int)((sizes >> 12) + (sizes >> 8 & 15) +
				 (version ? sizes & 15 : 0));
	size_t place = 6 + (size_t)id_bytes;
	uint64_t base, start, len;

	while (place < iloc.len) {
		place += (size_t)id_bytes + (version ? 4 : 2);
		base = take_number(iloc, &place, (int)(sizes >> 4 & 15));
		extents = nw_octets_big(iloc, place, 2);
		place += 2;
		for (; extents && extent_bytes && place < iloc.len; extents--) {
			if (version)
				(void)take_number(iloc, &place,
						  (int)(sizes & 15));
			start = base +
				take_number(iloc, &place, (int)(sizes >> 12));
			len = take_number(iloc, &place, (int)(sizes >> 8 & 15));
			if (start > look->len || len > look->len - start)
				look->cut = true;
		}
	}
}

static void take_meta(struct look *look, struct nw_octets octets)
{
	struct nw_octets properties = { octets.at, 0 };
	struct box box;

	octets = nw_octets_from(octets, 4, octets.len);
	while (next_box(&octets, &box))
		if (strcmp(box.name, "pitm") == 0)
			look->primary =
				nw_octets_big(box.body, 4,
					      nw_octets_big(box.body, 0, 1)
						      ? 4
						      : 2);
		else if (strcmp(box.name, "iloc") == 0)
			take_places(look, box.body);
		else if (strcmp(box.name, "iprp") == 0)
			properties = box.body;
	take_properties(look, properties);
}

/* Of a sequence: the dimensions of its tracks, 16 bits before the point
 * (ISO/IEC 14496-12 section 8.3.2). */
static void take_tracks(struct look *look, struct nw_octets moov)
{
	struct nw_octets track;
	struct box box;
	size_t place;

	while (next_box(&moov, &box)) {
		if (strcmp(box.name, "trak") != 0)
			continue;
		track = box.body;
		while (next_box(&track, &box)) {
			if (strcmp(box.name, "tkhd") != 0)
				continue;
			place = nw_octets_big(box.body, 0, 1) ? 88 : 76;
			take_extent(look, nw_octets_big(box.body, place, 2),
				    nw_octets_big(box.body, place + 4, 2));
		}
	}
}

/* As EXIF says it: by quarters to the left, then mirrored: not, top to
 * bottom, left to right. */
static const int orientations[4][3] = {
	{ 1, 4, 2 }, { 8, 5, 7 }, { 3, 2, 4 }, { 6, 7, 5 }
};

int nw_avif_look(struct nw_octets octets, struct nw_picture_facts *facts,
		 struct nw_error *err)
{
	struct look look = { .facts = facts, .len = octets.len };
	struct box box;

	if (!next_box(&octets, &box))
		return nw_error_set(err, NW_ERROR_DATA,
				    "is an AVIF that is cut off");
	if (check_brands(box.body, err) < 0)
		return -1;
	while (next_box(&octets, &box))
		if (strcmp(box.name, "meta") == 0)
			take_meta(&look, box.body);
		else if (strcmp(box.name, "moov") == 0)
			take_tracks(&look, box.body);
	if (octets.len || look.cut)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is an AVIF that is cut off");
	facts->orientation = orientations[look.quarters][look.mirror];
	return 0;
}
