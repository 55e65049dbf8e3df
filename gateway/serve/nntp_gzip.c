/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XFEATURE COMPRESS GZIP [TERMINATOR], which no RFC has: the lists of OVER,
 * HDR and their older forms come as a zlib stream (RFC 1950, whatever the
 * name says) behind a status line that says so.  The line that ends the list
 * follows in clear, as Pan and the indexers want it; with TERMINATOR it is in
 * the stream, as the providers of Usenet have it.
 *
 * Pan 0.154 reads the stream in lines and puts it together without each CR LF
 * that it met.  So there is none: a part that has one is packed again at
 * another level.  Parts do not refer to each other, so that it can be.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#define ZLIB_CONST
#include <zlib.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

/* Of one in ten parts, one in ten of those again, … */
#define LEVEL 1
#define LEVEL_LAST 9
#define MEMORY_LEVEL 8
#define PART_BYTES (32u << 10)
#define FLUSH_BYTES 16

static const char first[] = { 0x78, 0x01 }; /* RFC 1950 section 2.2 */
static const char last_block[] = { 0x03, 0x00 }; /* RFC 1951, empty */

const char *nw_nntp_gzip_mark(const struct nw_nntp_session *session)
{
	return session->gzip == NW_NNTP_GZIP_OFF ? "" : " [COMPRESS=GZIP]";
}

static void pack_at(z_stream *z, int level, const char *data, size_t len,
		    struct nw_buf *out)
{
	size_t room = deflateBound(z, len) + FLUSH_BYTES;
	char *place;

	(void)deflateReset(z);
	(void)deflateParams(z, level, Z_DEFAULT_STRATEGY);
	z->next_in = (const Bytef *)data;
	z->avail_in = (uInt)len;
	do {
		place = nw_buf_reserve(out, room);
		if (!place)
			return;
		z->next_out = (Bytef *)place;
		z->avail_out = (uInt)room;
		(void)deflate(z, Z_SYNC_FLUSH);
		out->len += room - z->avail_out;
		out->data[out->len] = '\0';
	} while (!z->avail_out);
}

static void pack_part(z_stream *z, const char *data, size_t len,
		      struct nw_buf *out)
{
	size_t begin = out->len;
	int level = LEVEL;

	do {
		nw_buf_cut(out, begin);
		pack_at(z, level, data, len, out);
	} while (level++ < LEVEL_LAST &&
		 memmem(out->data + begin, out->len - begin, "\r\n", 2));
}

static void pack(struct nw_nntp_job *job, z_stream *z, const struct nw_buf *in,
		 struct nw_buf *out)
{
	size_t at, len;

	if (!job->packed) {
		nw_buf_add(out, first, sizeof(first));
		job->sum = (uint32_t)adler32(0, NULL, 0);
	}
	job->packed = true;
	job->sum = (uint32_t)adler32(job->sum, (const Bytef *)in->data,
				     (uInt)in->len);
	for (at = 0; at < in->len; at += len) {
		len = in->len - at < PART_BYTES ? in->len - at : PART_BYTES;
		pack_part(z, in->data + at, len, out);
	}
}

static void finish(const struct nw_nntp_job *job, struct nw_buf *out)
{
	int shift;

	nw_buf_add(out, last_block, sizeof(last_block));
	for (shift = 24; shift >= 0; shift -= 8)
		nw_buf_addc(out, (char)(job->sum >> shift));
}

int nw_nntp_gzip_piece(struct nw_nntp_session *session,
		       struct nw_nntp_job *job, size_t begin, bool last,
		       struct nw_error *err)
{
	struct nw_buf *reply = session->reply, plain;
	z_stream z = { .zalloc = Z_NULL };

	if (last && session->gzip == NW_NNTP_GZIP_WHOLE)
		nw_buf_adds(reply, job->end);
	nw_buf_init(&plain, reply->max);
	nw_buf_add(&plain, reply->data + begin, reply->len - begin);
	if (!nw_buf_ok(&plain) ||
	    deflateInit2(&z, LEVEL, Z_DEFLATED, -MAX_WBITS, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK) {
		nw_buf_free(&plain);
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no memory to compress a list");
	}
	nw_buf_cut(reply, begin);
	pack(job, &z, &plain, reply);
	(void)deflateEnd(&z);
	nw_buf_free(&plain);
	if (last)
		finish(job, reply);
	if (last && session->gzip == NW_NNTP_GZIP_LINES)
		nw_buf_adds(reply, job->end);
	return 0;
}

int nw_nntp_xfeature(struct nw_nntp_session *session,
		     const struct nw_nntp_command *command, char *const *words,
		     struct nw_error *err)
{
	(void)err;
	if (strcasecmp(words[0], "COMPRESS") || strcasecmp(words[1], "GZIP") ||
	    (words[2] && strcasecmp(words[2], "TERMINATOR"))) {
		nw_nntp_reply_syntax(session, command);
		return 0;
	}
	if (nw_nntp_is_compressed(session)) {
		nw_nntp_reply(session, NW_NNTP_DENIED,
			      "all is compressed already");
		return 0;
	}
	session->gzip = words[2] ? NW_NNTP_GZIP_WHOLE : NW_NNTP_GZIP_LINES;
	nw_nntp_reply(session, command->code, "feature enabled");
	return 0;
}
