/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pixels by libgd: every format in, true colour out.
 */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "picture_private.h"

/* The share of what is cut off a tall picture that stood above. */
#define ABOVE 6

/* Bytes as libgd reads them, which remembers whether it wanted more. */
struct source {
	gdIOCtx io; /* first: libgd hands this back */
	struct nw_octets octets;
	const struct nw_picture_facts *facts;
	size_t place;
	bool was_short; /* the last read got less than it asked for */
	bool dry;	/* one got nothing, and knew that it would not */
	bool cut;	/* any got less than it asked for */
};

/* A decoder that fills a buffer asks once too often at the end of a file, which
 * is no fault; after that it asks again only when the picture is not whole. */
static int get_bytes(gdIOCtx *io, void *to, int len)
{
	struct source *source = (struct source *)io;
	struct nw_octets got = nw_octets_from(source->octets, source->place,
					      len > 0 ? (size_t)len : 0);

	if (got.len)
		memcpy(to, got.at, got.len);
	source->place += got.len;
	if (len > 0 && got.len == 0 && !source->was_short)
		source->dry = true;
	source->was_short = got.len && got.len < (size_t)len;
	source->cut = source->cut || got.len < (size_t)len;
	return (int)got.len;
}

static int get_byte(gdIOCtx *io)
{
	unsigned char c;

	return get_bytes(io, &c, 1) == 1 ? c : -1;
}

static int seek_to(gdIOCtx *io, const int place)
{
	struct source *source = (struct source *)io;

	if (place < 0 || (size_t)place > source->octets.len)
		return 0;
	source->place = (size_t)place;
	return 1;
}

static long tell_place(gdIOCtx *io)
{
	return (long)((struct source *)io)->place;
}

/* What libgd says goes nowhere: the caller reports that it failed. */
static void be_silent(int priority, const char *format, va_list args)
{
	(void)priority;
	(void)format;
	(void)args;
}

static gdImage *read_jpeg(struct source *source)
{
	gdImage *canvas = gdImageCreateFromJpegCtx(&source->io);

	source->cut = source->dry;
	return canvas;
}

static gdImage *read_gif(struct source *source)
{
	gdImage *canvas = gdImageCreateFromGifCtx(&source->io);

	/* Some versions of libgd give none either, and do not say why. */
	source->cut = source->cut ||
		      !nw_gif_whole(source->octets, source->facts);
	return canvas;
}

/* These three read to the end and fail themselves when it comes too soon. */
static gdImage *read_png(struct source *source)
{
	gdImage *canvas = gdImageCreateFromPngCtx(&source->io);

	source->cut = false;
	return canvas;
}

static gdImage *read_webp(struct source *source)
{
	gdImage *canvas;
	struct nw_buf still;

	nw_buf_init(&still, NW_PICTURE_BYTES);
	if (nw_webp_still(&still, source->octets, source->facts)) {
		source->octets.at = (const unsigned char *)still.data;
		source->octets.len = still.len;
	}
	canvas = gdImageCreateFromWebpCtx(&source->io);
	source->cut = false;
	nw_buf_free(&still);
	return canvas;
}

static gdImage *read_avif(struct source *source)
{
	gdImage *canvas = gdImageCreateFromAvifCtx(&source->io);

	source->cut = false;
	return canvas;
}

static const struct {
	const char *type;
	gdImage *(*read)(struct source *source);
} readers[] = {
	{ "image/jpeg", read_jpeg }, { "image/png", read_png },
	{ "image/gif", read_gif },   { "image/webp", read_webp },
	{ "image/avif", read_avif },
};

static gdImage *decode(struct source *source)
{
	size_t i;

	gdSetErrorMethod(be_silent);
	for (i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (strcmp(readers[i].type, source->facts->type) == 0)
			return readers[i].read(source);
	return NULL;
}

/* Makes one colour transparent where a PNG says so beside its pixels. */
static void clear_colour(gdImage *canvas, int colour)
{
	int x, y;

	for (y = 0; y < canvas->sy; y++)
		for (x = 0; x < canvas->sx; x++)
			if (canvas->tpixels[y][x] == colour)
				canvas->tpixels[y][x] =
					gdTrueColorAlpha(255, 255, 255,
							 gdAlphaTransparent);
}

static int make_true(gdImage *canvas)
{
	if (!canvas->trueColor && !gdImagePaletteToTrueColor(canvas))
		return -1;
	else if (canvas->transparent >= 0)
		clear_colour(canvas, canvas->transparent);
	canvas->transparent = -1;
	return 0;
}

gdImage *nw_canvas_read(const char *bytes, size_t len,
			struct nw_picture_facts *facts_r, struct nw_error *err)
{
	struct nw_picture_facts facts;
	struct source source = {
		.io = { .getC = get_byte,
			.getBuf = get_bytes,
			.seek = seek_to,
			.tell = tell_place },
		.octets = { (const unsigned char *)bytes, len },
		.facts = &facts,
	};
	gdImage *canvas;

	if (nw_picture_look(bytes, len, &facts, err) < 0)
		return NULL;
	canvas = decode(&source);
	if (canvas && !source.cut && canvas->sx == facts.width &&
	    canvas->sy == facts.height && make_true(canvas) == 0) {
		*facts_r = facts;
		return canvas;
	}
	if (canvas)
		gdImageDestroy(canvas);
	nw_error_set(err, NW_ERROR_DATA, "%s",
		     source.cut ? "is cut off"
				: "is damaged, or takes too much memory");
	return NULL;
}

/* Where a pixel of the turned picture comes from, by EXIF's number: whether
 * the axes are exchanged, and which of the original's run backwards. */
static const struct {
	bool exchanged, x_back, y_back;
} turns[] = {
	[1] = { false, false, false }, [2] = { false, true, false },
	[3] = { false, true, true },   [4] = { false, false, true },
	[5] = { true, false, false },  [6] = { true, false, true },
	[7] = { true, true, true },    [8] = { true, true, false },
};

struct nw_part nw_canvas_square(gdImage *canvas, int orientation)
{
	bool exchanged = turns[orientation].exchanged;
	struct nw_part part = { 0, 0, canvas->sx, canvas->sy };
	bool wide = canvas->sx > canvas->sy, back;
	int cut = wide ? canvas->sx - canvas->sy : canvas->sy - canvas->sx;
	int start = cut / 2;

	if (wide == exchanged) {
		back = wide ? turns[orientation].x_back
			    : turns[orientation].y_back;
		start = back ? cut - cut / ABOVE : cut / ABOVE;
	}
	if (wide) {
		part.x = start;
		part.width = part.height;
	} else {
		part.y = start;
		part.height = part.width;
	}
	return part;
}

gdImage *nw_canvas_turn(gdImage *canvas, int orientation)
{
	bool exchanged = turns[orientation].exchanged;
	gdImage *turned =
		gdImageCreateTrueColor(exchanged ? canvas->sy : canvas->sx,
				       exchanged ? canvas->sx : canvas->sy);
	int x, y, from_x, from_y;

	if (!turned)
		return NULL;
	for (y = 0; y < turned->sy; y++)
		for (x = 0; x < turned->sx; x++) {
			from_x = exchanged ? y : x;
			from_y = exchanged ? x : y;
			if (turns[orientation].x_back)
				from_x = canvas->sx - 1 - from_x;
			if (turns[orientation].y_back)
				from_y = canvas->sy - 1 - from_y;
			turned->tpixels[y][x] = canvas->tpixels[from_y][from_x];
		}
	return turned;
}

bool nw_canvas_clear(gdImage *canvas)
{
	int x, y;

	for (y = 0; y < canvas->sy; y++)
		for (x = 0; x < canvas->sx; x++)
			if (gdTrueColorGetAlpha(canvas->tpixels[y][x]))
				return true;
	return false;
}

static int on_white(int value, int alpha)
{
	return (value * (gdAlphaMax - alpha) + 255 * alpha + gdAlphaMax / 2) /
	       gdAlphaMax;
}

void nw_canvas_whiten(gdImage *canvas)
{
	int x, y, pixel, alpha;

	for (y = 0; y < canvas->sy; y++)
		for (x = 0; x < canvas->sx; x++) {
			pixel = canvas->tpixels[y][x];
			alpha = gdTrueColorGetAlpha(pixel);
			canvas->tpixels[y][x] = gdTrueColor(
				on_white(gdTrueColorGetRed(pixel), alpha),
				on_white(gdTrueColorGetGreen(pixel), alpha),
				on_white(gdTrueColorGetBlue(pixel), alpha));
		}
}
