/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The boxes of AVIF (ISO/IEC 14496-12 section 4.2, 23008-12 section 6).
 */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "picture_private.h"

#define HEAD_BYTES  8
#define BRAND_BYTES 4

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
static void take_extent(struct nw_octets body, struct nw_picture_facts *facts)
{
	uint32_t width = nw_octets_big(body, 4, 4);
	uint32_t height = nw_octets_big(body, 8, 4);

	if ((uint64_t)width * height <=
	    (uint64_t)facts->width * (uint64_t)facts->height)
		return;
	facts->width = width > INT32_MAX ? INT32_MAX : (int)width;
	facts->height = height > INT32_MAX ? INT32_MAX : (int)height;
}

static void take_properties(struct nw_octets octets,
			    struct nw_picture_facts *facts)
{
	struct nw_octets inner;
	struct box box;

	while (next_box(&octets, &box)) {
		if (strcmp(box.name, "ipco") != 0)
			continue;
		inner = box.body;
		while (next_box(&inner, &box))
			if (strcmp(box.name, "ispe") == 0)
				take_extent(box.body, facts);
	}
}

static void take_meta(struct nw_octets octets, struct nw_picture_facts *facts)
{
	struct box box;

	octets = nw_octets_from(octets, 4, octets.len);
	while (next_box(&octets, &box))
		if (strcmp(box.name, "iprp") == 0)
			take_properties(box.body, facts);
}

int nw_avif_look(struct nw_octets octets, struct nw_picture_facts *facts,
		 struct nw_error *err)
{
	struct box box;

	if (!next_box(&octets, &box))
		return nw_error_set(err, NW_ERROR_DATA,
				    "is an AVIF that is cut off");
	if (check_brands(box.body, err) < 0)
		return -1;
	while (next_box(&octets, &box))
		if (strcmp(box.name, "meta") == 0)
			take_meta(box.body, facts);
	if (octets.len)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is an AVIF that is cut off");
	return 0;
}
