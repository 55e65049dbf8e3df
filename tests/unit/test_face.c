/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "picture_fixture.h"

#define SIDE	  48
#define PORTRAITS 5

/* The face of a picture in a format, and the same each time. */
static gdImage *face_of(gdImage *original, enum picture_format format)
{
	struct nw_buf bytes, out, again;
	struct nw_picture picture;
	struct nw_error err = { 0 };
	gdImage *face;

	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	nw_buf_init(&again, PICTURE_ROOM);
	picture_encode(&bytes, original, format);
	if (nw_picture_face(&again, bytes.data, bytes.len, &picture, &err) < 0)
		fail_msg("%s", err.text);
	nw_buf_adds(&out, "before");
	assert_int_equal(nw_picture_face(&out, bytes.data, bytes.len, &picture,
					 NULL),
			 0);
	assert_string_equal(picture.type, "image/png");
	assert_int_equal(picture.width, SIDE);
	assert_int_equal(picture.height, SIDE);
	assert_true(picture.len <= NW_FACE_BYTES);
	assert_ptr_equal(picture.bytes, out.data + strlen("before"));
	assert_int_equal(picture.len, again.len);
	assert_memory_equal(picture.bytes, again.data, again.len);
	face = picture_read(&picture);
	nw_buf_free(&bytes);
	nw_buf_free(&out);
	nw_buf_free(&again);
	return face;
}

/* The mean difference of a channel. */
static double difference(gdImage *one, gdImage *other)
{
	int x, y, a, b, sum = 0;

	for (y = 0; y < SIDE; y++)
		for (x = 0; x < SIDE; x++) {
			a = gdImageGetTrueColorPixel(one, x, y);
			b = gdImageGetTrueColorPixel(other, x, y);
			sum += abs(gdTrueColorGetRed(a) -
				   gdTrueColorGetRed(b)) +
			       abs(gdTrueColorGetGreen(a) -
				   gdTrueColorGetGreen(b)) +
			       abs(gdTrueColorGetBlue(a) -
				   gdTrueColorGetBlue(b));
		}
	return (double)sum / SIDE / SIDE / 3;
}

/* Portraits are hardly to be told from the same pixels in all colours. */
static void test_portraits(void **state)
{
	gdImage *portrait, *face, *wanted;
	int i;

	(void)state;
	for (i = 0; i < PORTRAITS; i++) {
		portrait = picture_portrait(600, 600, i);
		wanted = gdImageCreateTrueColor(SIDE, SIDE);
		gdImageCopyResampled(wanted, portrait, 0, 0, 0, 0, SIDE, SIDE,
				     600, 600);
		face = face_of(portrait, PICTURE_JPEG);
		print_message("# portrait %d: off by %.1f\n", i,
			      difference(face, wanted));
		assert_true(difference(face, wanted) < 5);
		gdImageDestroy(portrait);
		gdImageDestroy(wanted);
		gdImageDestroy(face);
	}
}

/* The worst that there is fits too, and keeps something of what it was. */
static void test_noise(void **state)
{
	gdImage *noise = gdImageCreateTrueColor(SIDE, SIDE), *face;
	uint32_t seed = 9;
	int x, y;

	(void)state;
	for (y = 0; y < SIDE; y++)
		for (x = 0; x < SIDE; x++) {
			seed = seed * 1664525u + 1013904223u;
			noise->tpixels[y][x] = (int)(seed >> 8);
		}
	face = face_of(noise, PICTURE_PNG);
	assert_true(difference(face, noise) < 70);
	gdImageDestroy(noise);
	gdImageDestroy(face);
}

/* Rows of a height of a tall picture, from white at the top to black, so that
 * a pixel says where it was. */
static gdImage *make_slope(int width, int height)
{
	gdImage *image = gdImageCreateTrueColor(width, height);
	int longer = width > height ? width : height;
	int x, y, shade;

	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++) {
			shade = 255 - 255 * (width > height ? x : y) / longer;
			image->tpixels[y][x] = gdTrueColor(shade, shade, shade);
		}
	return image;
}

/* A tall picture keeps its upper part, a wide one its middle. */
static void test_cut(void **state)
{
	static const struct {
		int width, height;
		int first, last; /* shades at the two ends */
	} cases[] = {
		{ 100, 400, 255 - 255 * 50 / 400, 255 - 255 * 150 / 400 },
		{ 400, 100, 255 - 255 * 150 / 400, 255 - 255 * 250 / 400 },
		{ 300, 300, 255, 0 },
	};
	gdImage *slope, *face;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		slope = make_slope(cases[i].width, cases[i].height);
		face = face_of(slope, PICTURE_PNG);
		assert_in_range(gdTrueColorGetRed(
					gdImageGetTrueColorPixel(face, 0, 0)),
				cases[i].first - 9, cases[i].first + 5);
		assert_in_range(gdTrueColorGetRed(
					gdImageGetTrueColorPixel(face, SIDE - 1,
								 SIDE - 1)),
				cases[i].last, cases[i].last + 9);
		gdImageDestroy(slope);
		gdImageDestroy(face);
	}
}

/* By orientation: where the left end of a wide slope, which is white, comes to
 * stand when it is shown; an upper part or a middle is what is kept. */
static void test_turned(void **state)
{
	/* Shades at the top left and low right, of 400 x 100. */
	static const struct {
		int orientation;
		int first, last;
	} cases[] = {
		{ 1, 159, 96 }, { 2, 96, 159 },	 { 3, 96, 159 },
		{ 4, 159, 96 }, { 5, 223, 159 }, { 6, 223, 159 },
		{ 7, 32, 96 },	{ 8, 32, 96 },
	};
	gdImage *slope = make_slope(400, 100), *face;
	struct nw_buf jpeg, exif, bytes, out;
	struct nw_picture picture;
	size_t i;

	(void)state;
	nw_buf_init(&jpeg, PICTURE_ROOM);
	nw_buf_init(&exif, PICTURE_ROOM);
	nw_buf_init(&bytes, PICTURE_ROOM);
	nw_buf_init(&out, PICTURE_ROOM);
	picture_write(&jpeg, slope, PICTURE_JPEG);
	for (i = 0; i < COUNT(cases); i++) {
		nw_buf_reset(&exif);
		nw_buf_reset(&bytes);
		nw_buf_reset(&out);
		nw_buf_add(&exif, "Exif\0", 6);
		picture_exif(&exif, cases[i].orientation, false);
		picture_with_segment(&bytes, &jpeg, 0xe1, exif.data, exif.len);
		assert_int_equal(nw_picture_face(&out, bytes.data, bytes.len,
						 &picture, NULL),
				 0);
		face = picture_read(&picture);
		assert_in_range(gdTrueColorGetRed(
					gdImageGetTrueColorPixel(face, 0, 0)),
				cases[i].first - 10, cases[i].first + 10);
		assert_in_range(gdTrueColorGetRed(
					gdImageGetTrueColorPixel(face, SIDE - 1,
								 SIDE - 1)),
				cases[i].last - 10, cases[i].last + 10);
		gdImageDestroy(face);
	}
	nw_buf_free(&jpeg);
	nw_buf_free(&exif);
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

/* A small icon grows; what is transparent becomes white. */
static void test_icon(void **state)
{
	gdImage *disc = picture_disc(16), *face = face_of(disc, PICTURE_PNG);
	int middle = gdImageGetTrueColorPixel(face, SIDE / 2, SIDE / 2);

	(void)state;
	assert_int_equal(gdImageGetTrueColorPixel(face, 0, 0), 0xffffff);
	assert_in_range(gdTrueColorGetRed(middle), 195, 205);
	assert_in_range(gdTrueColorGetGreen(middle), 25, 35);
	gdImageDestroy(disc);
	gdImageDestroy(face);
}

/* One of one colour needs few bytes; a line is drawn out. */
static void test_plain(void **state)
{
	gdImage *plain = gdImageCreateTrueColor(500, 4);
	gdImage *face;

	(void)state;
	gdImageFilledRectangle(plain, 0, 0, 499, 3, 0x336699);
	face = face_of(plain, PICTURE_PNG);
	assert_int_equal(gdImageGetTrueColorPixel(face, 20, 20), 0x336699);
	gdImageDestroy(plain);
	gdImageDestroy(face);
}

static void test_refused(void **state)
{
	struct nw_picture picture;
	struct nw_error err;
	struct nw_buf out;

	(void)state;
	nw_buf_init(&out, PICTURE_ROOM);
	assert_int_equal(nw_picture_face(&out, "<svg/>", 6, &picture, &err),
			 -1);
	assert_string_equal(err.text, "is an SVG, which is not shown");
	assert_int_equal(out.len, 0);
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_portraits), cmocka_unit_test(test_noise),
		cmocka_unit_test(test_cut),	  cmocka_unit_test(test_turned),
		cmocka_unit_test(test_icon),	  cmocka_unit_test(test_plain),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("face", tests, NULL, NULL);
}
