/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures written anew: what is to be seen, and nothing else, within limits.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "picture_fixture.h"

#define LITERAL(string) string, sizeof(string) - 1
/* How far JPEG may move a colour. */
#define NEAR 24

static void assert_near(int pixel, int wanted)
{
	if (abs(gdTrueColorGetRed(pixel) - gdTrueColorGetRed(wanted)) > NEAR ||
	    abs(gdTrueColorGetGreen(pixel) - gdTrueColorGetGreen(wanted)) >
		    NEAR ||
	    abs(gdTrueColorGetBlue(pixel) - gdTrueColorGetBlue(wanted)) > NEAR)
		fail_msg("%06x is not near %06x", (unsigned)pixel,
			 (unsigned)wanted);
}

/* The mean distance of two pictures, of which one is a size of the other. */
static double distance(gdImage *image, gdImage *original)
{
	double sum = 0;
	int x, y, pixel, wanted;

	for (y = 0; y < image->sy; y++)
		for (x = 0; x < image->sx; x++) {
			pixel = gdImageGetTrueColorPixel(image, x, y);
			wanted = gdImageGetTrueColorPixel(original,
							  (int)((2L * x + 1) *
								original->sx /
								image->sx / 2),
							  (int)((2L * y + 1) *
								original->sy /
								image->sy / 2));
			sum += abs(gdTrueColorGetRed(pixel) -
				   gdTrueColorGetRed(wanted)) +
			       abs(gdTrueColorGetGreen(pixel) -
				   gdTrueColorGetGreen(wanted)) +
			       abs(gdTrueColorGetBlue(pixel) -
				   gdTrueColorGetBlue(wanted));
		}
	return sum / image->sx / image->sy / 3;
}

/* Each format becomes a JPEG of the same view, 1280 pixels wide. */
static void test_photo(void **state)
{
	gdImage *original = picture_photo(1600, 1000), *image;
	struct nw_buf bytes, out;
	struct nw_picture picture;
	int format;

	(void)state;
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	for (format = 0; format < PICTURE_FORMATS; format++) {
		if (format == PICTURE_GIF)
			continue;
		nw_buf_reset(&bytes);
		picture_encode(&bytes, original, (enum picture_format)format);
		picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
		assert_string_equal(picture.type, "image/jpeg");
		assert_int_equal(picture.width, 1280);
		assert_int_equal(picture.height, 800);
		image = picture_read(&picture);
		assert_true(distance(image, original) < 8);
		gdImageDestroy(image);
	}
	gdImageDestroy(original);
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* A small budget costs quality, then size; one that is too small fails, and
 * leaves what was there. */
static void test_budget(void **state)
{
	static const struct {
		size_t bytes_max;
		int width;
	} cases[] = { { 256 << 10, 1280 },
		      { 60 << 10, 1280 },
		      { 40 << 10, 960 },
		      { 6 << 10, 303 } };
	struct nw_buf bytes = picture_photo_in(PICTURE_PNG, 1600, 1600), out;
	struct nw_picture picture;
	struct nw_error err;
	size_t i;

	(void)state;
	nw_buf_init(&out, PICTURE_ROOM);
	for (i = 0; i < COUNT(cases); i++) {
		picture_remade(&out, &bytes, cases[i].bytes_max, &picture);
		printf("# %zu: %d x %d, %zu\n", cases[i].bytes_max,
		       picture.width, picture.height, picture.len);
		assert_int_equal(picture.width, cases[i].width);
	}
	nw_buf_reset(&out);
	nw_buf_adds(&out, "before");
	assert_int_equal(nw_picture_remake(&out, bytes.data, bytes.len, 200,
					   &picture, &err),
			 -1);
	assert_string_equal(err.text, "does not fit into 200 bytes");
	assert_string_equal(out.data, "before");
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* Small pictures stay as large as they are. */
static void test_small(void **state)
{
	struct nw_buf bytes = picture_photo_in(PICTURE_WEBP, 200, 5), out;
	struct nw_picture picture;

	(void)state;
	nw_buf_init(&out, PICTURE_ROOM);
	picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
	assert_int_equal(picture.width, 200);
	assert_int_equal(picture.height, 5);
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* A chart stays a PNG, whose white is white and whose bars have their colour. */
static void test_chart(void **state)
{
	static const enum picture_format formats[] = { PICTURE_PNG,
						       PICTURE_GIF };
	struct nw_buf bytes, out;
	struct nw_picture picture;
	gdImage *image;
	size_t i;

	(void)state;
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	for (i = 0; i < COUNT(formats); i++) {
		nw_buf_reset(&bytes);
		picture_write(&bytes, picture_chart(2000, 1000), formats[i]);
		picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
		assert_string_equal(picture.type, "image/png");
		assert_int_equal(picture.width, 1280);
		image = picture_read(&picture);
		/* libgd's writer of GIF rounds colours. */
		assert_near(gdImageGetTrueColorPixel(image, 0, 0), 0xffffff);
		if (formats[i] == PICTURE_PNG)
			assert_int_equal(gdImageGetTrueColorPixel(image, 0, 0),
					 0xffffff);
		assert_near(gdImageGetTrueColorPixel(image, 6, 639), 0xcc0000);
		gdImageDestroy(image);
	}
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* As many colours as a palette holds are written with one, one more without:
 * the same pixels either way. */
static void test_palette(void **state)
{
	static const struct {
		int colours;
		bool clear;
		char type; /* ISO/IEC 15948 clause 11.2.2 */
	} cases[] = { { 2, false, 3 },
		      { 256, false, 3 },
		      { 257, false, 2 },
		      { 256, true, 3 },
		      { 257, true, 6 } };
	struct nw_buf bytes, out;
	struct nw_picture picture;
	gdImage *original, *image;
	size_t i;
	int x, y, pixel;

	(void)state;
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	for (i = 0; i < COUNT(cases); i++) {
		original = gdImageCreateTrueColor(300, 20);
		for (x = 0; x < 300; x++)
			for (y = 0; y < 20; y++) {
				pixel = x % cases[i].colours;
				original->tpixels[y][x] =
					cases[i].clear && pixel == 0
						? 0x7fffffff
						: gdTrueColor(255 - pixel / 2,
							      pixel / 2,
							      pixel % 2);
			}
		nw_buf_reset(&bytes);
		gdImageSaveAlpha(original, 1);
		picture_encode(&bytes, original, PICTURE_PNG);
		picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
		assert_string_equal(picture.type, "image/png");
		assert_int_equal(picture.bytes[25], cases[i].type);
		image = picture_read(&picture);
		for (x = 0; x < 300; x++)
			for (y = 0; y < 20; y++)
				assert_int_equal(gdImageGetTrueColorPixel(image,
									  x, y),
						 original->tpixels[y][x]);
		gdImageDestroy(image);
		gdImageDestroy(original);
	}
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* Transparency stays where the format has it, and its edge has the colour of
 * the disc, not of what is hidden; a JPEG gets white. */
static void test_transparency(void **state)
{
	struct nw_buf bytes, out;
	struct nw_picture picture;
	gdImage *image;
	int x, pixel;

	(void)state;
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	picture_write(&bytes, picture_disc(2000), PICTURE_PNG);
	picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
	assert_string_equal(picture.type, "image/png");
	image = picture_read(&picture);
	for (x = 0; x < image->sx; x++) {
		pixel = gdImageGetTrueColorPixel(image, x, 640);
		if (gdTrueColorGetAlpha(pixel) < 100)
			assert_near(pixel & 0xffffff, 0xc81e1e);
	}
	pixel = gdImageGetTrueColorPixel(image, 1, 1);
	assert_int_equal(gdTrueColorGetAlpha(pixel), gdAlphaTransparent);
	gdImageDestroy(image);
	picture_remade(&out, &bytes, 3500, &picture);
	assert_string_equal(picture.type, "image/jpeg");
	image = picture_read(&picture);
	assert_near(gdImageGetTrueColorPixel(image, 1, 1), 0xffffff);
	gdImageDestroy(image);
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* A PNG or GIF that names one colour as transparent. */
static void test_transparent_colour(void **state)
{
	static const enum picture_format formats[] = { PICTURE_PNG,
						       PICTURE_GIF };
	gdImage *chart = picture_chart(100, 60), *image;
	struct nw_buf bytes, out;
	struct nw_picture picture;
	size_t i;

	(void)state;
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	gdImageTrueColorToPalette(chart, 0, 16);
	gdImageColorTransparent(chart,
				gdImageColorClosest(chart, 255, 255, 255));
	for (i = 0; i < COUNT(formats); i++) {
		nw_buf_reset(&bytes);
		picture_encode(&bytes, chart, formats[i]);
		picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
		image = picture_read(&picture);
		assert_int_equal(gdTrueColorGetAlpha(
					 gdImageGetTrueColorPixel(image, 25,
								  1)),
				 gdAlphaTransparent);
		gdImageDestroy(image);
	}
	gdImageDestroy(chart);
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* Where red, green, blue and yellow are to be seen: at the top left, top
 * right, low left and low right. */
static const struct {
	int orientation;
	int corners[4];
} turns[] = {
#define R 0xff0000
#define G 0x00ff00
#define B 0x0000ff
#define Y 0xffff00
	{ 1, { R, G, B, Y } }, { 2, { G, R, Y, B } }, { 3, { Y, B, G, R } },
	{ 4, { B, Y, R, G } }, { 5, { R, B, G, Y } }, { 6, { B, R, Y, G } },
	{ 7, { Y, G, B, R } }, { 8, { G, Y, R, B } },
};

/* The quarters as a JPEG that names an orientation. */
static void write_turned(struct nw_buf *out, int orientation, bool big)
{
	struct nw_buf jpeg, exif;

	nw_buf_init(&jpeg, PICTURE_ROOM);
	nw_buf_init(&exif, PICTURE_ROOM);
	picture_write(&jpeg, picture_quarters(96, 64), PICTURE_JPEG);
	nw_buf_add(&exif, "Exif\0", 6);
	picture_exif(&exif, orientation, big);
	picture_with_segment(out, &jpeg, 0xe1, exif.data, exif.len);
	nw_buf_free(&jpeg);
	nw_buf_free(&exif);
}

static void test_orientation(void **state)
{
	struct nw_picture picture;
	struct nw_buf bytes, out;
	gdImage *image;
	size_t i;
	int corner;

	(void)state;
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	for (i = 0; i < COUNT(turns); i++) {
		nw_buf_reset(&bytes);
		write_turned(&bytes, turns[i].orientation, i % 2);
		picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
		assert_int_equal(picture.width, i < 4 ? 96 : 64);
		image = picture_read(&picture);
		for (corner = 0; corner < 4; corner++)
			assert_near(gdImageGetTrueColorPixel(
					    image,
					    corner % 2 ? image->sx - 4 : 3,
					    corner / 2 ? image->sy - 4 : 3),
				    turns[i].corners[corner]);
		gdImageDestroy(image);
	}
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* Comments and profiles of the original do not come through. */
static void test_metadata(void **state)
{
	struct nw_buf jpeg = picture_photo_in(PICTURE_JPEG, 80, 60), bytes, out;
	struct nw_picture picture;

	(void)state;
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	picture_with_segment(&bytes, &jpeg, 0xfe, LITERAL("secret place"));
	nw_buf_reset(&jpeg);
	picture_with_segment(&jpeg, &bytes, 0xe2,
			     LITERAL("ICC_PROFILE\0secret"));
	nw_buf_reset(&bytes);
	picture_with_segment(&bytes, &jpeg, 0xed, LITERAL("IPTC secret"));
	picture_remade(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
	assert_false(picture_holds(&picture, LITERAL("secret")));
	assert_false(picture_holds(&picture, LITERAL("CREATOR")));
	nw_buf_free(&jpeg);
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_photo),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_chart),
		cmocka_unit_test(test_palette),
		cmocka_unit_test(test_transparency),
		cmocka_unit_test(test_transparent_colour),
		cmocka_unit_test(test_orientation),
		cmocka_unit_test(test_metadata),
	};

	return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
