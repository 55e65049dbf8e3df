/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the bytes of a picture say of themselves, before anything is decoded.
 */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "picture_fixture.h"

#define LITERAL(string) string, sizeof(string) - 1

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

static void test_looks(void **state)
{
	struct nw_picture_facts facts;
	struct nw_buf bytes;
	int format;

	(void)state;
	for (format = 0; format < PICTURE_FORMATS; format++) {
		bytes = picture_photo_in((enum picture_format)format, 60, 40);
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
	struct nw_buf jpeg = picture_photo_in(PICTURE_JPEG, 20, 10), exif,
		      bytes;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_looks),
		cmocka_unit_test(test_exif),
		cmocka_unit_test(test_avif_turned),
		cmocka_unit_test(test_avif_lies),
		cmocka_unit_test(test_avif_track),
	};

	return cmocka_run_group_tests_name("picture_look", tests, NULL, NULL);
}
