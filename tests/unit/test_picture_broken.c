/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures that are cut, changed, or more than one: read whole or refused.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "picture_fixture.h"

#define LITERAL(string) string, sizeof(string) - 1
#define MUTATIONS	3000

/* Cut at every length, and what follows is another file: each is refused or
 * read whole, and one that lacks more than its last mark is never read. */
static void test_truncated(void **state)
{
	struct nw_buf whole, out, copy;
	struct nw_picture picture;
	int format;
	size_t len;

	(void)state;
	nw_buf_init(&out, PICTURE_ROOM);
	for (format = 0; format < PICTURE_FORMATS; format++) {
		whole = picture_photo_in((enum picture_format)format, 40, 24);
		for (len = 0; len < whole.len; len++) {
			/* In memory of its own, so that a read past the end
			 * is seen. */
			nw_buf_init(&copy, len);
			nw_buf_add(&copy, whole.data, len);
			nw_buf_reset(&out);
			if (nw_picture_remake(&out, copy.data, len,
					      NW_PICTURE_BUDGET_BYTES, &picture,
					      NULL) == 0 &&
			    len + (format == PICTURE_GIF ? 2 : 1) < whole.len)
				fail_msg("%s is read with %zu of %zu bytes",
					 picture_types[format], len, whole.len);
			nw_buf_free(&copy);
		}
		nw_buf_free(&whole);
	}
	nw_buf_free(&out);
}

/* A GIF of 400 x 300 whose blocks are all there, but not its pixels. */
static void test_gif_runs_dry(void **state)
{
	static const struct {
		const char *codes;
		size_t len;
	} cases[] = {
		/* A pixel and the code that ends them, or none. */
		{ LITERAL("\2\2D\1\0;") },
		{ LITERAL("\2\1\4\0;") },
		/* No block at all; roots that no code can have. */
		{ LITERAL("\2\0;") },
		{ LITERAL("\x0c\2D\1\0;") },
		{ LITERAL("\0\2D\1\0;") },
	};
	struct nw_picture picture;
	struct nw_buf bytes, out;
	struct nw_error err;
	size_t i;

	(void)state;
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	for (i = 0; i < COUNT(cases); i++) {
		nw_buf_reset(&bytes);
		nw_buf_add(&bytes,
			   LITERAL("GIF89a\x90\1\x2c\1\x80\0\0\xff\0\0\0\0"
				   "\xff,\0\0\0\0\x90\1\x2c\1\0"));
		nw_buf_add(&bytes, cases[i].codes, cases[i].len);
		assert_int_equal(nw_picture_remake(&out, bytes.data, bytes.len,
						   NW_PICTURE_BUDGET_BYTES,
						   &picture, &err),
				 -1);
		assert_string_equal(err.text, "is cut off");
	}
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* What stands behind a picture is no part of it. */
static void test_polyglot(void **state)
{
	struct nw_buf bytes, out;
	struct nw_picture picture;
	int format;

	(void)state;
	nw_buf_init(&out, PICTURE_ROOM);
	for (format = 0; format < PICTURE_FORMATS; format++) {
		if (format == PICTURE_AVIF)
			continue;
		bytes = picture_photo_in((enum picture_format)format, 40, 24);
		nw_buf_adds(&bytes, "<script>alert(1)</script>");
		picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
		assert_false(picture_holds(&picture, LITERAL("script")));
		nw_buf_free(&bytes);
	}
	nw_buf_free(&out);
}

static void add_little(struct nw_buf *out, int count, size_t value)
{
	for (; count > 0; count--, value >>= 8)
		nw_buf_addc(out, (char)(value & 0xff));
}

/* A WebP whose frame is a picture: of another WebP, what stands from a place
 * on; then a second frame that is none. */
static void add_animated(struct nw_buf *out, const struct nw_buf *webp,
			 size_t start, int side)
{
	size_t len = webp->len - start;

	nw_buf_add(out, "RIFF", 4);
	add_little(out, 4, 4 + 18 + 24 + len + 8);
	nw_buf_add(out, "WEBPVP8X\x0a\0\0\0\2\0\0\0", 16);
	add_little(out, 3, (size_t)side * 2 - 1);
	add_little(out, 3, (size_t)side * 2 - 1);
	nw_buf_add(out, "ANMF", 4);
	add_little(out, 4, 16 + len);
	nw_buf_add(out, "\0\0\0\0\0\0", 6);
	add_little(out, 3, (size_t)side - 1);
	add_little(out, 3, (size_t)side - 1);
	nw_buf_add(out, "\x64\0\0\0", 4);
	nw_buf_add(out, webp->data + start, len);
	nw_buf_add(out, "ANMF\0\0\0\0", 8);
}

/* The first frame of an animated WebP, with and without transparency. */
static void test_animated(void **state)
{
	struct nw_buf webp, bytes, out;
	struct nw_picture picture;
	gdImage *image;
	int clear;

	(void)state;
	nw_buf_init(&webp, PICTURE_ROOM);
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	for (clear = 0; clear < 2; clear++) {
		nw_buf_reset(&webp);
		nw_buf_reset(&bytes);
		picture_write(&webp,
			      clear ? picture_disc(64) : picture_photo(64, 64),
			      PICTURE_WEBP);
		assert_memory_equal(webp.data + 12, clear ? "VP8X" : "VP8 ", 4);
		add_animated(&bytes, &webp, clear ? 30 : 12, 64);
		picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
		assert_int_equal(picture.width, 64);
		assert_int_equal(picture.height, 64);
		if (clear) {
			assert_string_equal(picture.type, "image/png");
			image = picture_read(&picture);
			assert_int_equal(
				gdTrueColorGetAlpha(
					gdImageGetTrueColorPixel(image, 1, 1)),
				gdAlphaTransparent);
			gdImageDestroy(image);
		}
	}
	nw_buf_free(&webp);
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* Bytes changed at random: read or refused, and what is written is a picture
 * within its limits. */
static void test_mutations(void **state)
{
	struct nw_buf whole[PICTURE_FORMATS], copy, out;
	struct nw_picture_facts facts;
	struct nw_picture picture;
	int i, changes, made = 0;
	uint32_t seed = 42;

	(void)state;
	nw_buf_init(&copy, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	for (i = 0; i < PICTURE_FORMATS; i++)
		whole[i] = picture_photo_in((enum picture_format)i, 32, 24);
	for (i = 0; i < MUTATIONS; i++) {
		nw_buf_reset(&copy);
		nw_buf_reset(&out);
		nw_buf_add(&copy, whole[i % PICTURE_FORMATS].data,
			   whole[i % PICTURE_FORMATS].len);
		for (changes = i % 5; changes >= 0; changes--) {
			seed = seed * 1664525u + 1013904223u;
			copy.data[(seed >> 8) % copy.len] =
				(char)(seed >> 3 ^ seed >> 24);
		}
		if (nw_picture_look(copy.data, copy.len, &facts, NULL) < 0 ||
		    facts.height > 1000000 / facts.width ||
		    nw_picture_remake(&out, copy.data, copy.len,
				      NW_PICTURE_BUDGET_BYTES, &picture,
				      NULL) < 0)
			continue;
		made++;
		picture_check_bare(&picture);
		gdImageDestroy(picture_read(&picture));
	}
	printf("# %d of %d are read\n", made, MUTATIONS);
	assert_true(made > 0 && made < MUTATIONS);
	for (i = 0; i < PICTURE_FORMATS; i++)
		nw_buf_free(&whole[i]);
	nw_buf_free(&copy);
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_gif_runs_dry),
		cmocka_unit_test(test_polyglot),
		cmocka_unit_test(test_animated),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests_name("picture_broken", tests, NULL, NULL);
}
