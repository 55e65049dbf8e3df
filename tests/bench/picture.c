/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_picture: photos of 12 and 48 megapixels to pictures of messages, in CPU
 * time and peak memory, beside libgd's bare decoding of the same bytes, each
 * in a process of its own.
 */
#include "config.h"

#include <gd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "newswire/limits.h"
#include "newswire/picture.h"

#define TURNS	  3
#define KILOBYTES 1024.0 /* of ru_maxrss, in a megabyte */

struct photo {
	const char *name;
	int width, height;
	void *(*write)(gdImage *image, int *len);
	gdImage *(*read)(int len, void *bytes);
};

static void *write_jpeg(gdImage *image, int *len)
{
	return gdImageJpegPtr(image, len, 88);
}

static void *write_webp(gdImage *image, int *len)
{
	return gdImageWebpPtrEx(image, len, 75);
}

static void *write_avif(gdImage *image, int *len)
{
	return gdImageAvifPtrEx(image, len, 60, 10);
}

static const struct photo photos[] = {
	{ "JPEG, 12 MP", 4000, 3000, write_jpeg, gdImageCreateFromJpegPtr },
	{ "JPEG, 48 MP", 8000, 6000, write_jpeg, gdImageCreateFromJpegPtr },
	{ "WebP, 12 MP", 4000, 3000, write_webp, gdImageCreateFromWebpPtr },
	{ "WebP, 48 MP", 8000, 6000, write_webp, gdImageCreateFromWebpPtr },
	{ "AVIF, 12 MP", 4000, 3000, write_avif, gdImageCreateFromAvifPtr },
	{ "AVIF, 48 MP", 8000, 6000, write_avif, gdImageCreateFromAvifPtr },
};

/* Slopes, edges and grain. */
static gdImage *draw(int width, int height)
{
	gdImage *image = gdImageCreateTrueColor(width, height);
	uint32_t state = 1;
	int x, y, grain;

	for (y = 0; image && y < height; y++)
		for (x = 0; x < width; x++) {
			state = state * 1664525u + 1013904223u;
			grain = (int)(state >> 28);
			image->tpixels[y][x] =
				gdTrueColor((x * 200 / width) + grain,
					    (y * 180 / height) + grain +
						    ((x / 97 + y / 61) % 3) *
							    12,
					    ((x + y) * 90 / width) + grain);
		}
	return image;
}

static int decode(const struct photo *photo, void *bytes, int len)
{
	gdImage *image = photo->read(len, bytes);

	if (!image)
		return -1;
	gdImageDestroy(image);
	return 0;
}

static int remake(void *bytes, int len)
{
	struct nw_picture picture;
	struct nw_buf out;
	int result;

	nw_buf_init(&out, NW_PICTURE_BUDGET_BYTES);
	result = nw_picture_remake(&out, bytes, (size_t)len,
				   NW_PICTURE_BUDGET_BYTES, &picture, NULL);
	nw_buf_free(&out);
	return result;
}

/* In a child: TURNS times. */
static int measure(const struct photo *photo, bool bare, void *bytes, int len,
		   struct rusage *usage)
{
	pid_t pid = fork();
	int status, i, failed = 0;

	if (pid == 0) {
		for (i = 0; i < TURNS; i++)
			failed |= bare ? decode(photo, bytes, len)
				       : remake(bytes, len);
		_exit(failed ? 1 : 0);
	}
	return pid > 0 && wait4(pid, &status, 0, usage) == pid && status == 0
		       ? 0
		       : -1;
}

static int run(const struct photo *photo)
{
	gdImage *image = draw(photo->width, photo->height);
	struct rusage made, decoded;
	int len = 0, result = -1;
	void *bytes = NULL;

	if (image) {
		bytes = photo->write(image, &len);
		gdImageDestroy(image);
	}
	if (bytes && measure(photo, false, bytes, len, &made) == 0 &&
	    measure(photo, true, bytes, len, &decoded) == 0) {
		(void)printf("bench: %s, %d KB\n", photo->name, len / 1024);
		bench_print("  to a picture of a message",
			    TURNS * 60 / bench_usage_s(&made),
			    TURNS * 60 / bench_usage_s(&decoded),
			    "in a CPU minute");
		bench_print("  peak memory", (double)made.ru_maxrss / KILOBYTES,
			    (double)decoded.ru_maxrss / KILOBYTES, "MB");
		result = 0;
	}
	gdFree(bytes);
	return result;
}

/* The process that draws forks each measurement, which inherits what it has:
 * so each photo is drawn in a process of its own too. */
static int run_apart(const struct photo *photo)
{
	pid_t pid;
	int status;

	(void)fflush(stdout);
	pid = fork();
	if (pid == 0) {
		status = run(photo);
		(void)fflush(stdout);
		_exit(status == 0 ? 0 : 1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? 0
									 : -1;
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(photos) / sizeof(photos[0]); i++)
		if (run_apart(&photos[i]) < 0)
			return 1;
	return 0;
}
