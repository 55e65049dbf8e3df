/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A picture, looked at, written anew and made a face of.  What comes out is a
 * picture that keeps to its limits, and comes through again.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "newswire/limits.h"
#include "newswire/picture.h"

/* Larger ones take too long to try many. */
#define PIXELS_MAX   (256 * 1024)
#define BUDGET_BYTES (16u << 10)
/* A face takes as long as a hundred small pictures: one size in so many. */
#define FACE_SIZES 32

/* What libavif 0.11 forgets when libgd reads by it is not ours; it goes with the
 * process that read. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libavif";
}

static void check(const struct nw_picture *picture, size_t bytes_max)
{
	struct nw_picture_facts facts;

	if (picture->len > bytes_max ||
	    nw_picture_look(picture->bytes, picture->len, &facts, NULL) < 0)
		abort();
	if (strcmp(facts.type, picture->type) != 0 || facts.orientation != 1 ||
	    facts.width != picture->width || facts.height != picture->height ||
	    facts.width > NW_PICTURE_SIDE || facts.height > NW_PICTURE_SIDE)
		abort();
}

static void make_face(const char *bytes, size_t len)
{
	struct nw_picture picture;
	struct nw_buf out;

	nw_buf_init(&out, NW_PICTURE_BUDGET_BYTES);
	if (nw_picture_face(&out, bytes, len, &picture, NULL) == 0)
		check(&picture, NW_FACE_BYTES);
	else if (out.len)
		abort();
	nw_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct nw_picture_facts facts;
	struct nw_picture picture;
	struct nw_buf out;

	if (nw_picture_look(bytes, size, &facts, NULL) < 0 ||
	    facts.width > PIXELS_MAX / facts.height)
		return 0;
	nw_buf_init(&out, NW_PICTURE_BUDGET_BYTES);
	if (nw_picture_remake(&out, bytes, size, BUDGET_BYTES, &picture,
			      NULL) == 0) {
		check(&picture, BUDGET_BYTES);
		if (size % FACE_SIZES == 0)
			make_face(bytes, size);
	} else if (out.len) {
		abort();
	}
	nw_buf_free(&out);
	return 0;
}
