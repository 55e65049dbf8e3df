/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "feed_private.h"
#include "newswire/limits.h"

/* The first octets of a member (RFC 1952 section 2.3.1): deflate is the only
 * method there is. */
static const char magic[] = "\x1f\x8b\x08";
#define MAGIC_BYTES (sizeof(magic) - 1)
#define CHUNK_BYTES ((size_t)64 << 10)
/* zlib's sign that the data have a gzip header, with the largest window. */
#define GZIP_WINDOW_BITS (16 + MAX_WBITS)

bool nw_feed_is_gzip(const char *bytes, size_t len)
{
	return len > MAGIC_BYTES && memcmp(bytes, magic, MAGIC_BYTES) == 0;
}

static int inflate_chunk(struct nw_buf *out, z_stream *stream)
{
	size_t room = out->max - out->len;
	int result;

	/* A full buffer is asked for more: then it says that it failed. */
	room = room > CHUNK_BYTES ? CHUNK_BYTES : room ? room : 1;
	stream->next_out = (Bytef *)nw_buf_reserve(out, room);
	if (!stream->next_out)
		return Z_BUF_ERROR;
	stream->avail_out = (uInt)room;
	result = inflate(stream, Z_NO_FLUSH);
	out->len += room - stream->avail_out;
	out->data[out->len] = '\0';
	return result;
}

/* Whether another member follows; what else stands behind one is no data. */
static bool next_member(z_stream *stream)
{
	return nw_feed_is_gzip((const char *)stream->next_in,
			       stream->avail_in) &&
	       inflateReset(stream) == Z_OK;
}

int nw_feed_gunzip(struct nw_buf *out, const char *bytes, size_t len,
		   struct nw_error *err)
{
	z_stream stream = {
		.next_in = (z_const Bytef *)bytes,
		.avail_in = (uInt)(len < UINT32_MAX ? len : UINT32_MAX),
	};
	int result;

	if (inflateInit2(&stream, GZIP_WINDOW_BITS) != Z_OK)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "gzip: zlib refuses to start");
	do
		result = inflate_chunk(out, &stream);
	while (nw_buf_ok(out) &&
	       (result == Z_OK ||
		(result == Z_STREAM_END && next_member(&stream))));
	(void)inflateEnd(&stream);
	if (!nw_buf_ok(out))
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "unpacked it has more than %zu bytes",
				    out->max);
	/* What breaks off is read as far as it goes, as an XML feed is. */
	if (result == Z_STREAM_END || (result == Z_BUF_ERROR && out->len))
		return 0;
	return nw_error_set(err, NW_ERROR_DATA, "its gzip data are damaged");
}
