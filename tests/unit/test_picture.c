/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "picture_fixture.h"

#define LITERAL(string) string, sizeof(string) - 1
#define MUTATIONS	3000
/* How far JPEG may move a colour. */
#define NEAR 24

/* What is not shown, and why. */
static const struct {
	const char *bytes;
	size_t len;
	const char *why;
} refused[] = {
	{ LITERAL(""), "is empty" },
	{ LITERAL("<!DOCTYPE html><html><svg></svg>"),
	  "is an SVG, which is not shown" },
	{ LITERAL(" \r\n<!doctype HTML>\n<title>404</title>"),
	  "is no picture (it begins like HTML)" },
	{ LITERAL("<?xml version=\"1.0\"?>\n<!-- logo -->\n<svg xmlns='x'/>"),
	  "is an SVG, which is not shown" },
	{ LITERAL("\xef\xbb\xbf<SVG viewBox='0 0 1 1'/>"),
	  "is an SVG, which is not shown" },
	{ LITERAL("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>"),
	  "is no picture (it begins like XML)" },
	{ LITERAL("{\"error\": \"not found\"}"),
	  "is no picture (it begins like text)" },
	{ LITERAL("Not found\n"), "is no picture (it begins like text)" },
	{ LITERAL("\1\2\3\4\5\6\7\0"), "is no picture that is known here" },
	{ LITERAL("\xff"), "is no picture (it begins like text)" },
	{ LITERAL("BM\x46\0\0\0\0\0\0\0"), "is a BMP, which is not shown" },
	{ LITERAL("II*\0\x8\0\0\0"), "is a TIFF, which is not shown" },
	{ LITERAL("MM\0*\0\0\0\x8"), "is a TIFF, which is not shown" },
	{ LITERAL("\0\0\1\0\1\0\x10\x10"),
	  "is an icon (ICO), which is not shown" },
	{ LITERAL("\xff\x0a\xfa\x1f"), "is a JPEG XL, which is not shown" },
	{ LITERAL("\0\0\0\x0cJXL \r\n\x87\n"),
	  "is a JPEG XL, which is not shown" },
	{ LITERAL("\0\0\0\x18"
		  "ftypheic\0\0\0\0mif1heic"),
	  "is a HEIC, which is not shown" },
	{ LITERAL("\0\0\0\x18"
		  "ftypisom\0\0\0\0isommp42"),
	  "is a video (MP4), which is not shown" },
	{ LITERAL("%PDF-1.7\n"), "is a PDF, which is not shown" },
	{ LITERAL("\x1a\x45\xdf\xa3webm"),
	  "is a video (Matroska), which is not shown" },
	{ LITERAL("GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0"
		  "\2\2D\1\0;"),
	  "is a pixel that counts readers (1 x 1)" },
	{ LITERAL("GIF89a\0\0\0\0\0\0\0,\0\0\0\0\0\0\0\0\0\2\1\1\0;"),
	  "has no pixels (0 x 0)" },
	/* The screen is small, the picture is not; and the other way. */
	{ LITERAL("GIF89a\1\0\1\0\0\0\0,\0\0\0\0\x60\xea\x60\xea\0\2\1\1\0;"),
	  "is a GIF whose picture is larger than it says" },
	{ LITERAL("GIF89a\x60\xea\x60\xea\0\0\0,\0\0\0\0\x60\xea\x60\xea\0\2"
		  "\1\1\0;"),
	  "is too large: 60000 x 60000 pixels, the limit is 50000000" },
	{ LITERAL("GIF89a\x10\0\x10\0\0\0\0!\xfe\3abc\0;"),
	  "is a GIF without a picture" },
	/* An extension whose first block is empty, as libgd reads it. */
	{ LITERAL("GIF89a\x60\xea\x60\xea\0\0\0!\xf9\0\x0b,\0\0\0\0\x10\0\x10\0"
		  "\0\0\0,\0\0\0\0\x60\xea\x60\xea\0\2\1\1\0;"),
	  "is too large: 60000 x 60000 pixels, the limit is 50000000" },
	{ LITERAL("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\x7f\xff\xff\xff\x7f\xff\xff"
		  "\xff\x8\2\0\0\0\0\0\0\0\0\0\0\0IDAT"),
	  "is too large: 2147483647 x 2147483647 pixels, the limit is "
	  "50000000" },
	{ LITERAL("\x89PNG\r\n\x1a\n\0\0\0\0IEND"),
	  "is a PNG without a header" },
	{ LITERAL("\xff\xd8\xff\xc0\0\x11\x8\xff\xff\xff\xff\3\1\x11\0\2\x11\0"
		  "\3\x11\0\xff\xda\0\x8\1\1\0\0?\0"),
	  "is too large: 65535 x 65535 pixels, the limit is 50000000" },
	{ LITERAL("\xff\xd8\xff\xc0\0\x11\x8\0\x10\0\x10\3\1\x11\0\2\x11\0\3"
		  "\x11\0\xff\xc2\0\x11\x8\xff\xff\xff\xff\3\1\x11\0\2\x11\0\3"
		  "\x11\0\xff\xda\0\x8\1\1\0\0?\0"),
	  "is a JPEG with two frames" },
	{ LITERAL("\xff\xd8\xff\xe0\0\x10JFIF\0"),
	  "is a JPEG that is cut off" },
	{ LITERAL("RIFF\x12\0\0\0WEBPVP8L\5\0\0\0/\xff\xff\xff\xff\0"),
	  "is too large: 16384 x 16384 pixels, the limit is 50000000" },
	{ LITERAL("RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0\x30\1\0\x9d\1*\xff\x3f"
		  "\xff\x3f"),
	  "is too large: 16383 x 16383 pixels, the limit is 50000000" },
	{ LITERAL("RIFF\x30\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x0f\0\0\x0f\0\0"
		  "VP8L\5\0\0\0/\xff\xcf\xff\x0f\0"),
	  "is a WebP that is cut off" },
	{ LITERAL("RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x0f\0\0\x0f\0\0"
		  "VP8L\5\0\0\0/\xff\x0f\xff\x03\0"),
	  "is a WebP whose picture has other dimensions than it says" },
	{ LITERAL("RIFF\x04\0\0\0WEBP"), "has no pixels (0 x 0)" },
};

static void test_refused(void **state)
{
	struct nw_picture_facts facts;
	struct nw_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(refused); i++) {
		assert_int_equal(nw_picture_look(refused[i].bytes,
						 refused[i].len, &facts, &err),
				 -1);
		assert_string_equal(err.text, refused[i].why);
		assert_int_equal(err.code, NW_ERROR_DATA);
	}
}

static void test_too_long(void **state)
{
	struct nw_picture_facts facts;
	struct nw_error err;

	(void)state;
	/* Not a byte is read of it. */
	assert_int_equal(nw_picture_look(NULL, NW_PICTURE_BYTES + 1, &facts,
					 &err),
			 -1);
	assert_string_equal(err.text, "is too large: 16777217 bytes, the limit "
				      "is 16777216");
}

/* A photo in a format, for a test to free. */
static struct nw_buf photo_in(enum picture_format format, int width, int height)
{
	struct nw_buf bytes;

	nw_buf_init(&bytes, PICTURE_ROOM);
	picture_write(&bytes, picture_photo(width, height), format);
	return bytes;
}

static void test_looks(void **state)
{
	struct nw_picture_facts facts;
	struct nw_buf bytes;
	int format;

	(void)state;
	for (format = 0; format < PICTURE_FORMATS; format++) {
		bytes = photo_in((enum picture_format)format, 60, 40);
		assert_int_equal(nw_picture_look(bytes.data, bytes.len, &facts,
						 NULL),
				 0);
		assert_string_equal(facts.type, picture_types[format]);
		assert_int_equal(facts.width, 60);
		assert_int_equal(facts.height, 40);
		assert_int_equal(facts.orientation, 1);
		nw_buf_free(&bytes);
	}
}

static bool holds(const struct nw_picture *picture, const char *word,
		  size_t len)
{
	size_t i;

	for (i = 0; i + len <= picture->len; i++)
		if (memcmp(picture->bytes + i, word, len) == 0)
			return true;
	return false;
}

/* Nothing but pixels and what they need. */
static void check_bare(const struct nw_picture *picture)
{
	static const char *const chunks[] = { "tEXt", "zTXt", "iTXt", "eXIf",
					      "iCCP", "pHYs", "tIME", "gAMA" };
	size_t place, i;
	int marker;

	if (strcmp(picture->type, "image/png") == 0) {
		for (i = 0; i < COUNT(chunks); i++)
			assert_false(holds(picture, chunks[i], 4));
		return;
	}
	assert_string_equal(picture->type, "image/jpeg");
	for (place = 2; place + 4 < picture->len;) {
		assert_int_equal((unsigned char)picture->bytes[place], 0xff);
		marker = (unsigned char)picture->bytes[place + 1];
		if (marker == 0xda)
			return;
		assert_int_not_equal(marker, 0xfe);
		assert_true(marker < 0xe1 || marker > 0xef);
		place += 2u + (unsigned char)picture->bytes[place + 2] * 256u +
			 (unsigned char)picture->bytes[place + 3];
	}
	fail_msg("%s", "no scan was found");
}

/* Written anew within bytes_max; the same each time. */
static void remake(struct nw_buf *out, const struct nw_buf *bytes,
		   size_t bytes_max, struct nw_picture *picture)
{
	struct nw_error err = { 0 };
	struct nw_picture again;
	struct nw_buf twin;

	nw_buf_reset(out);
	if (nw_picture_remake(out, bytes->data, bytes->len, bytes_max, picture,
			      &err) < 0)
		fail_msg("%s", err.text);
	assert_true(picture->len <= bytes_max);
	assert_null(picture->url);
	assert_ptr_equal(picture->bytes, out->data);
	check_bare(picture);
	nw_buf_init(&twin, PICTURE_ROOM);
	assert_int_equal(nw_picture_remake(&twin, bytes->data, bytes->len,
					   bytes_max, &again, NULL),
			 0);
	assert_int_equal(again.len, picture->len);
	assert_memory_equal(again.bytes, picture->bytes, again.len);
	nw_buf_free(&twin);
}

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
		remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
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
	struct nw_buf bytes = photo_in(PICTURE_PNG, 1600, 1600), out;
	struct nw_picture picture;
	struct nw_error err;
	size_t i;

	(void)state;
	nw_buf_init(&out, PICTURE_ROOM);
	for (i = 0; i < COUNT(cases); i++) {
		remake(&out, &bytes, cases[i].bytes_max, &picture);
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
	struct nw_buf bytes = photo_in(PICTURE_WEBP, 200, 5), out;
	struct nw_picture picture;

	(void)state;
	nw_buf_init(&out, PICTURE_ROOM);
	remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
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
		remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
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
		remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
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
	remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
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
	remake(&out, &bytes, 3500, &picture);
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
		remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
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
		remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
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

/* What EXIF says that cannot be: nothing is turned. */
static void test_exif(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		{ LITERAL("II*\0\x8\0\0\0\1\0\x12\1\3\0\1\0\0\0\x9\0\0\0") },
		{ LITERAL("II*\0\x8\0\0\0\1\0\x12\1\3\0\1\0\0\0\0\0\0\0") },
		/* A type that is no number; a directory that is its own next
		 * and has all entries that there can be; one past the end. */
		{ LITERAL("II*\0\x8\0\0\0\1\0\x12\1\2\0\1\0\0\0\6\0\0\0") },
		{ LITERAL(
			"II*\0\x8\0\0\0\xff\xff\x11\1\3\0\1\0\0\0\6\0\0\0\x8\0"
			"\0\0") },
		{ LITERAL(
			"MM\0*\xff\xff\xff\xff\0\1\1\x12\0\3\0\0\0\1\0\6\0\0") },
		{ LITERAL("MM\0*\0\0\0\x7") },
		{ LITERAL("XX\0*\0\0\0\x8\0\1\1\x12\0\3\0\0\0\1\0\6\0\0") },
		{ LITERAL("") },
	};
	struct nw_buf jpeg = photo_in(PICTURE_JPEG, 20, 10), exif, bytes;
	struct nw_picture_facts facts;
	size_t i;

	(void)state;
	nw_buf_init(&exif, PICTURE_ROOM);
	nw_buf_init(&bytes, PICTURE_ROOM);
	for (i = 0; i < COUNT(cases); i++) {
		nw_buf_reset(&exif);
		nw_buf_reset(&bytes);
		nw_buf_add(&exif, "Exif\0", 6);
		nw_buf_add(&exif, cases[i].bytes, cases[i].len);
		picture_with_segment(&bytes, &jpeg, 0xe1, exif.data, exif.len);
		assert_int_equal(nw_picture_look(bytes.data, bytes.len, &facts,
						 NULL),
				 0);
		assert_int_equal(facts.orientation, 1);
	}
	nw_buf_free(&jpeg);
	nw_buf_free(&exif);
	nw_buf_free(&bytes);
}

/* Comments and profiles of the original do not come through. */
static void test_metadata(void **state)
{
	struct nw_buf jpeg = photo_in(PICTURE_JPEG, 80, 60), bytes, out;
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
	remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
	assert_false(holds(&picture, LITERAL("secret")));
	assert_false(holds(&picture, LITERAL("CREATOR")));
	nw_buf_free(&jpeg);
	nw_buf_free(&bytes);
	nw_buf_free(&out);
}

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
		whole = photo_in((enum picture_format)format, 40, 24);
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
		bytes = photo_in((enum picture_format)format, 40, 24);
		nw_buf_adds(&bytes, "<script>alert(1)</script>");
		remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
		assert_false(holds(&picture, LITERAL("script")));
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
		remake(&out, &bytes, NW_PICTURE_BUDGET_BYTES, &picture);
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

/* Begins a box, of which the length is filled in when it ends. */
static size_t begin_box(struct nw_buf *out, const char *name)
{
	nw_buf_add(out, "\0\0\0\0", 4);
	nw_buf_add(out, name, 4);
	return out->len - 8;
}

static void end_box(struct nw_buf *out, size_t start)
{
	size_t len = out->len - start;

	assert_true(len < 65536);
	out->data[start + 2] = (char)(len >> 8);
	out->data[start + 3] = (char)len;
}

static void add_box(struct nw_buf *out, const char *name, const char *body,
		    size_t len)
{
	size_t start = begin_box(out, name);

	nw_buf_add(out, body, len);
	end_box(out, start);
}

/* Properties 2 and 4 are another item's. */
static void add_turned_avif(struct nw_buf *out, char quarters, char mirror,
			    bool mirrored)
{
	size_t meta, iprp, ipco;
	char own[] = { 0,
		       0,
		       0,
		       0,
		       0,
		       0,
		       0,
		       2,
		       0,
		       1,
		       2,
		       2,
		       4,
		       0,
		       7,
		       3,
		       1,
		       (char)0x83,
		       mirrored ? 5 : 1 };

	add_box(out, "ftyp", LITERAL("avif\0\0\0\0avif"));
	meta = begin_box(out, "meta");
	nw_buf_add(out, "\0\0\0\0", 4);
	add_box(out, "pitm", LITERAL("\0\0\0\0\0\7"));
	iprp = begin_box(out, "iprp");
	ipco = begin_box(out, "ipco");
	add_box(out, "ispe", LITERAL("\0\0\0\0\0\0\0\x20\0\0\0\x10"));
	add_box(out, "irot", LITERAL("\3"));
	add_box(out, "irot", &quarters, 1);
	add_box(out, "imir", LITERAL("\1"));
	add_box(out, "imir", &mirror, 1);
	end_box(out, ipco);
	add_box(out, "ipma", own, sizeof(own));
	end_box(out, iprp);
	end_box(out, meta);
}

/* By the boxes alone: how an AVIF is turned, then mirrored. */
static void test_avif_turned(void **state)
{
	static const struct {
		char quarters, mirror;
		bool mirrored;
		int orientation;
	} cases[] = {
		{ 0, 0, false, 1 }, { 1, 0, false, 8 }, { 2, 0, false, 3 },
		{ 3, 0, false, 6 }, { 0, 0, true, 4 },	{ 0, 1, true, 2 },
		{ 1, 0, true, 5 },  { 1, 1, true, 7 },	{ 2, 0, true, 2 },
		{ 2, 1, true, 4 },  { 3, 0, true, 7 },	{ 3, 1, true, 5 },
	};
	struct nw_picture_facts facts;
	struct nw_buf bytes;
	size_t i;

	(void)state;
	nw_buf_init(&bytes, 1024);
	for (i = 0; i < COUNT(cases); i++) {
		nw_buf_reset(&bytes);
		add_turned_avif(&bytes, cases[i].quarters, cases[i].mirror,
				cases[i].mirrored);
		assert_int_equal(nw_picture_look(bytes.data, bytes.len, &facts,
						 NULL),
				 0);
		assert_int_equal(facts.width, 32);
		assert_int_equal(facts.height, 16);
		assert_int_equal(facts.orientation, cases[i].orientation);
	}
	nw_buf_free(&bytes);
}

/* Of the boxes that tell libavif what to make room for. */
static void test_avif_lies(void **state)
{
	static const struct {
		const char *name, *body;
		size_t len;
		const char *why;
	} cases[] = {
		{ "iprp",
		  LITERAL("\0\0\0\x30ipco\0\0\0\x14ispe\0\0\0\0\0\0\0\x10"
			  "\0\0\0\x10\0\0\0\x14ispe\0\0\0\0\xff\xff\xff"
			  "\xff\xff\xff\xff\xff"),
		  "is too large: 2147483647 x 2147483647 pixels, the limit is "
		  "50000000" },
		{ "iloc",
		  LITERAL("\0\0\0\0\x44\0\0\1\0\1\0\0\0\1\0\0\0\x10\x7f"
			  "\0\0\0"),
		  "is an AVIF that is cut off" },
		{ "iloc",
		  LITERAL("\2\0\0\0\x88\x80\0\0\0\1\0\0\0\1\0\0\0\0"
			  "\xff\xff\xff\xff\xff\xff\xff\xf0\0\1"
			  "\0\0\0\0\0\0\0\x0f\0\0\0\0\0\0\0\x10"),
		  "is an AVIF that is cut off" },
		/* Four thousand million places that take no room. */
		{ "iloc",
		  LITERAL("\2\0\0\0\0\0\xff\xff\xff\xff\0\0\0\1\0\0\0\0"
			  "\xff\xff"),
		  "has no pixels (0 x 0)" },
	};
	struct nw_picture_facts facts;
	struct nw_buf bytes;
	struct nw_error err;
	size_t i, meta;

	(void)state;
	nw_buf_init(&bytes, 1024);
	for (i = 0; i < COUNT(cases); i++) {
		nw_buf_reset(&bytes);
		add_box(&bytes, "ftyp", LITERAL("avif\0\0\0\0avif"));
		meta = begin_box(&bytes, "meta");
		nw_buf_add(&bytes, "\0\0\0\0", 4);
		add_box(&bytes, cases[i].name, cases[i].body, cases[i].len);
		end_box(&bytes, meta);
		assert_int_equal(nw_picture_look(bytes.data, bytes.len, &facts,
						 &err),
				 -1);
		assert_string_equal(err.text, cases[i].why);
	}
	nw_buf_free(&bytes);
}

/* A sequence says its dimensions in its track. */
static void test_avif_track(void **state)
{
	struct nw_picture_facts facts;
	struct nw_buf bytes;
	char header[84] = { 0 };
	size_t moov, trak;

	(void)state;
	header[77] = 64;
	header[81] = 48;
	nw_buf_init(&bytes, 1024);
	add_box(&bytes, "ftyp", LITERAL("avis\0\0\0\0avis"));
	moov = begin_box(&bytes, "moov");
	trak = begin_box(&bytes, "trak");
	add_box(&bytes, "tkhd", header, sizeof(header));
	end_box(&bytes, trak);
	end_box(&bytes, moov);
	assert_int_equal(nw_picture_look(bytes.data, bytes.len, &facts, NULL),
			 0);
	assert_int_equal(facts.width, 64);
	assert_int_equal(facts.height, 48);
	nw_buf_free(&bytes);
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
		whole[i] = photo_in((enum picture_format)i, 32, 24);
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
		check_bare(&picture);
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
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_looks),
		cmocka_unit_test(test_photo),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_chart),
		cmocka_unit_test(test_palette),
		cmocka_unit_test(test_transparency),
		cmocka_unit_test(test_transparent_colour),
		cmocka_unit_test(test_orientation),
		cmocka_unit_test(test_exif),
		cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_gif_runs_dry),
		cmocka_unit_test(test_polyglot),
		cmocka_unit_test(test_animated),
		cmocka_unit_test(test_avif_turned),
		cmocka_unit_test(test_avif_lies),
		cmocka_unit_test(test_avif_track),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
