/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "picture_fixture.h"

const char *const picture_types[] = {
	"image/jpeg", "image/jpeg", "image/png",
	"image/gif",  "image/webp", "image/avif"
};

/* What libavif 0.11 forgets when libgd reads by it is not ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libavif";
}

/* Numbers that look random and are not. */
static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 16;
}

/* 0 to 255, up and down over a length. */
static int wave(int at, int length)
{
	int phase = at * 510 / length % 510;

	return phase < 256 ? phase : 510 - phase;
}

gdImage *picture_photo(int width, int height)
{
	gdImage *image = gdImageCreateTrueColor(width, height);
	uint32_t state = 1;
	int x, y, noise;

	assert_non_null(image);
	for (y = 0; y < height; y++)
		for (x = 0; x < width; x++) {
			noise = (int)(next(&state) % 16);
			image->tpixels[y][x] = gdTrueColor(
				wave(x + y, width) * 15 / 16 + noise,
				wave(2 * y + x / 3, height) * 15 / 16 + noise,
				wave(x + 3 * y, 2 * width) * 15 / 16 + noise);
		}
	return image;
}

gdImage *picture_chart(int width, int height)
{
	static const int colours[] = { 0xcc0000, 0x0066cc, 0x009900, 0x222222 };
	gdImage *image = gdImageCreateTrueColor(width, height);
	uint32_t state = 7;
	int x;

	assert_non_null(image);
	gdImageFilledRectangle(image, 0, 0, width, height, 0xffffff);
	for (x = 0; x + 20 < width; x += 31)
		gdImageFilledRectangle(image, x,
				       (int)(next(&state) % (unsigned)height),
				       x + 20, height, colours[x / 31 % 4]);
	return image;
}

gdImage *picture_quarters(int width, int height)
{
	gdImage *image = gdImageCreateTrueColor(width, height);
	int right = width / 2, low = height / 2;

	assert_non_null(image);
	gdImageFilledRectangle(image, 0, 0, right - 1, low - 1, 0xff0000);
	gdImageFilledRectangle(image, right, 0, width, low - 1, 0x00ff00);
	gdImageFilledRectangle(image, 0, low, right - 1, height, 0x0000ff);
	gdImageFilledRectangle(image, right, low, width, height, 0xffff00);
	return image;
}

gdImage *picture_disc(int side)
{
	gdImage *image = gdImageCreateTrueColor(side, side);

	assert_non_null(image);
	gdImageAlphaBlending(image, 0);
	gdImageSaveAlpha(image, 1);
	gdImageFilledRectangle(image, 0, 0, side, side,
			       gdTrueColorAlpha(0, 0, 0, gdAlphaTransparent));
	gdImageFilledEllipse(image, side / 2, side / 2, side * 3 / 4,
			     side * 3 / 4, 0xc81e1e);
	return image;
}

/* Light from the left, and the grain of a camera. */
static void light(gdImage *image)
{
	uint32_t state = 3;
	int x, y, pixel, shade;

	for (y = 0; y < image->sy; y++)
		for (x = 0; x < image->sx; x++) {
			pixel = image->tpixels[y][x];
			shade = 120 - 60 * x / image->sx +
				(int)(next(&state) % 12);
			image->tpixels[y][x] = gdTrueColor(
				gdTrueColorGetRed(pixel) * shade / 132,
				gdTrueColorGetGreen(pixel) * shade / 132,
				gdTrueColorGetBlue(pixel) * shade / 132);
		}
}

gdImage *picture_portrait(int width, int height, int variant)
{
	static const struct {
		int wall, coat, skin, hair;
	} people[] = {
		{ 0x8fa9c4, 0x27364d, 0xe6b99a, 0x4a2f1d },
		{ 0xd9d2c5, 0x7a1f2b, 0x8d5a3c, 0x17110d },
		{ 0x3f5a45, 0xf0f0f0, 0xf2cdb8, 0xd8b56a },
		{ 0x202024, 0x101014, 0xc99372, 0x8a8a8a },
		{ 0xb0522c, 0x2c6e6a, 0x5f3a26, 0x050505 },
	};
	gdImage *image = gdImageCreateTrueColor(width, height);
	int middle = width / 2, head = width * 2 / 5, top = width * 2 / 5;

	assert_non_null(image);
	gdImageFilledRectangle(image, 0, 0, width, height,
			       people[variant].wall);
	gdImageFilledEllipse(image, middle, top + head * 3 / 2, width * 9 / 10,
			     head * 2, people[variant].coat);
	gdImageFilledEllipse(image, middle, top - head / 8, head * 11 / 10,
			     head * 5 / 4, people[variant].hair);
	gdImageFilledEllipse(image, middle, top, head * 9 / 10, head * 6 / 5,
			     people[variant].skin);
	gdImageFilledEllipse(image, middle - head / 5, top - head / 10,
			     head / 8, head / 14, 0x202020);
	gdImageFilledEllipse(image, middle + head / 5, top - head / 10,
			     head / 8, head / 14, 0x202020);
	gdImageFilledEllipse(image, middle, top + head / 3, head / 3, head / 12,
			     0xa04040);
	light(image);
	return image;
}

void picture_encode(struct nw_buf *out, gdImage *image,
		    enum picture_format format)
{
	int len = 0;
	void *made = NULL;

	gdImageInterlace(image, format == PICTURE_PROGRESSIVE);
	if (format == PICTURE_JPEG || format == PICTURE_PROGRESSIVE)
		made = gdImageJpegPtr(image, &len, 90);
	else if (format == PICTURE_PNG)
		made = gdImagePngPtrEx(image, &len, 1);
	else if (format == PICTURE_GIF)
		made = gdImageGifPtr(image, &len);
	else if (format == PICTURE_WEBP)
		made = gdImageWebpPtrEx(image, &len, 80);
	else if (format == PICTURE_AVIF)
		made = gdImageAvifPtrEx(image, &len, 60, 10);
	assert_non_null(made);
	nw_buf_add(out, made, (size_t)len);
	gdFree(made);
	assert_true(nw_buf_ok(out));
}

void picture_write(struct nw_buf *out, gdImage *image,
		   enum picture_format format)
{
	picture_encode(out, image, format);
	gdImageDestroy(image);
}

static void add_number(struct nw_buf *out, bool big, int count, unsigned value)
{
	int i;

	for (i = 0; i < count; i++)
		nw_buf_addc(out,
			    (char)(value >> 8 * (big ? count - 1 - i : i)));
}

void picture_exif(struct nw_buf *out, int orientation, bool big)
{
	nw_buf_adds(out, big ? "MM" : "II");
	add_number(out, big, 2, 42);
	add_number(out, big, 4, 8);	 /* where the directory stands */
	add_number(out, big, 2, 2);	 /* how many entries it has */
	add_number(out, big, 2, 0x0110); /* the camera, 1 letter */
	add_number(out, big, 2, 2);
	add_number(out, big, 4, 1);
	add_number(out, big, 4, 0);
	add_number(out, big, 2, 0x0112); /* the orientation */
	add_number(out, big, 2, 3);
	add_number(out, big, 4, 1);
	add_number(out, big, 2, (unsigned)orientation);
	add_number(out, big, 2, 0);
	add_number(out, big, 4, 0); /* no further directory */
}

void picture_with_segment(struct nw_buf *out, const struct nw_buf *jpeg,
			  int marker, const void *body, size_t len)
{
	nw_buf_add(out, jpeg->data, 2);
	nw_buf_addc(out, (char)0xff);
	nw_buf_addc(out, (char)marker);
	add_number(out, true, 2, (unsigned)len + 2);
	nw_buf_add(out, body, len);
	nw_buf_add(out, jpeg->data + 2, jpeg->len - 2);
	assert_true(nw_buf_ok(out));
}

gdImage *picture_read(const struct nw_picture *picture)
{
	void *bytes = (void *)(uintptr_t)picture->bytes;
	gdImage *image =
		strcmp(picture->type, "image/png") == 0
			? gdImageCreateFromPngPtr((int)picture->len, bytes)
			: gdImageCreateFromJpegPtr((int)picture->len, bytes);

	assert_non_null(image);
	assert_int_equal(image->sx, picture->width);
	assert_int_equal(image->sy, picture->height);
	return image;
}

struct nw_buf picture_photo_in(enum picture_format format, int width,
			       int height)
{
	struct nw_buf bytes;

	nw_buf_init(&bytes, PICTURE_ROOM);
	picture_write(&bytes, picture_photo(width, height), format);
	return bytes;
}

bool picture_holds(const struct nw_picture *picture, const char *word,
		   size_t len)
{
	size_t i;

	for (i = 0; i + len <= picture->len; i++)
		if (memcmp(picture->bytes + i, word, len) == 0)
			return true;
	return false;
}

void picture_check_bare(const struct nw_picture *picture)
{
	static const char *const chunks[] = { "tEXt", "zTXt", "iTXt", "eXIf",
					      "iCCP", "pHYs", "tIME", "gAMA" };
	size_t place, i;
	int marker;

	if (strcmp(picture->type, "image/png") == 0) {
		for (i = 0; i < COUNT(chunks); i++)
			assert_false(picture_holds(picture, chunks[i], 4));
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

void picture_remade(struct nw_buf *out, const struct nw_buf *bytes,
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
	picture_check_bare(picture);
	nw_buf_init(&twin, PICTURE_ROOM);
	assert_int_equal(nw_picture_remake(&twin, bytes->data, bytes->len,
					   bytes_max, &again, NULL),
			 0);
	assert_int_equal(again.len, picture->len);
	assert_memory_equal(again.bytes, picture->bytes, again.len);
	nw_buf_free(&twin);
}
