/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <zlib.h>

#include "../tools/gzipbomb.h"
#include "feed_dump.h"
#include "newswire/limits.h"

#define SITEMAP \
	"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>" \
	"<url><loc>https://example.com/1</loc></url></urlset>"
#define SITEMAP_DUMP "version=sitemap\nitem\nurl=https://example.com/1\n"

/* Appends text as a gzip member. */
static void pack(struct nw_buf *out, const char *text)
{
	unsigned char bytes[1024];
	z_stream stream = {
		.next_in = (z_const Bytef *)text,
		.avail_in = (uInt)strlen(text),
		.next_out = bytes,
		.avail_out = sizeof(bytes),
	};

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8,
				      Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	nw_buf_add(out, bytes, sizeof(bytes) - stream.avail_out);
	assert_int_equal(deflateEnd(&stream), Z_OK);
}

static void test_whole(void **state)
{
	struct nw_buf bytes;

	(void)state;
	nw_buf_init(&bytes, 1 << 20);
	pack(&bytes, SITEMAP);
	check_bytes("packed", bytes.data, bytes.len,
		    SITEMAP_DUMP);
	nw_buf_adds(&bytes, "what a server put behind it");
	check_bytes("with something behind it", bytes.data, bytes.len,
		    SITEMAP_DUMP);
	nw_buf_reset(&bytes);
	pack(&bytes, "<urlset><url><loc>https://exam");
	pack(&bytes, "ple.com/1</loc></url></urlset>");
	check_bytes("two members", bytes.data, bytes.len,
		    SITEMAP_DUMP);
	nw_buf_reset(&bytes);
	pack(&bytes, "{\"items\":[{\"title\":\"a\"}]}");
	check_bytes("JSON", bytes.data, bytes.len,
		    "version=jsonfeed10\nitem\ntitle=a\n");
	nw_buf_free(&bytes);
}

/* Cut anywhere, it is read as far as it goes, or said to be damaged. */
static void test_truncated(void **state)
{
	struct nw_buf bytes;
	size_t len;

	(void)state;
	nw_buf_init(&bytes, 1 << 20);
	pack(&bytes, SITEMAP);
	for (len = 0; len <= bytes.len; len++) {
		struct nw_arena *arena = nw_arena_new();
		char *copy = test_malloc(len + 1);
		struct nw_feed *feed = NULL;
		struct nw_error err = { NW_ERROR_NONE, "" };

		/* Of just this size, so that a read beyond it is seen. */
		memcpy(copy, bytes.data, len);
		if (nw_feed_read(arena, copy, len, SOURCE, NULL, &feed, &err))
			assert_int_equal(err.code, NW_ERROR_DATA);
		test_free(copy);
		nw_arena_free(&arena);
	}
	nw_buf_cut(&bytes, bytes.len - 1);
	check_bytes("cut in its sum", bytes.data, bytes.len,
		    SITEMAP_DUMP);
	nw_buf_cut(&bytes, 12);
	check_bytes("cut in its first block", bytes.data, bytes.len,
		    "error: its gzip data are damaged\n");
	nw_buf_free(&bytes);
}

static void test_damaged(void **state)
{
	struct nw_buf bytes;

	(void)state;
	nw_buf_init(&bytes, 1 << 20);
	pack(&bytes, SITEMAP);
	bytes.data[bytes.len / 2] ^= 0x55;
	check_bytes("damaged", bytes.data, bytes.len,
		    "error: its gzip data are damaged\n");
	nw_buf_free(&bytes);
}

static void test_bomb(void **state)
{
	struct nw_buf bytes;
	char why[80];
	size_t i;

	(void)state;
	nw_buf_init(&bytes, 1 << 20);
	nw_buf_add(&bytes, gzipbomb_start, sizeof(gzipbomb_start));
	for (i = 0; i < NW_FEED_UNPACKED_BYTES / 2064 + 1; i++)
		nw_buf_add(&bytes, gzipbomb_piece, sizeof(gzipbomb_piece));
	(void)snprintf(why, sizeof(why),
		       "error: unpacked it has more than %u bytes\n",
		       NW_FEED_UNPACKED_BYTES);
	check_bytes("a bomb", bytes.data, bytes.len,
		    why);
	nw_buf_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_bomb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
