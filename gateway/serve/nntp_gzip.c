/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XFEATURE COMPRESS GZIP [TERMINATOR], which no RFC has: the lists of OVER,
 * HDR and their older forms come as a zlib stream (RFC 1950, whatever the
 * name says) behind a status line that says so.  The line that ends the list
 * follows in clear, as Pan and the indexers want it; with TERMINATOR it is in
 * the stream, as the providers of Usenet have it.
 */
#include "config.h"

#include <stdlib.h>
#include <strings.h>

#define ZLIB_CONST
#include <zlib.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

/* As for COMPRESS, see nntp_deflate.c. */
#define LEVEL 1

const char *nw_nntp_gzip_mark(const struct nw_nntp_session *session)
{
	return session->gzip == NW_NNTP_GZIP_OFF ? "" : " [COMPRESS=GZIP]";
}

void nw_nntp_gzip_free(struct nw_nntp_job *job)
{
	if (job->packer)
		(void)deflateEnd(job->packer);
	free(job->packer);
	job->packer = NULL;
}

static int begin_packer(struct nw_nntp_job *job, struct nw_error *err)
{
	if (job->packer)
		return 0;
	job->packer = calloc(1, sizeof(*job->packer));
	if (job->packer && deflateInit(job->packer, LEVEL) == Z_OK)
		return 0;
	free(job->packer);
	job->packer = NULL;
	return nw_error_set(err, NW_ERROR_INTERNAL,
			    "no memory to compress a list");
}

static void pack(z_stream *z, struct nw_buf *out, bool last)
{
	size_t room = deflateBound(z, z->avail_in);
	char *place;

	do {
		place = nw_buf_reserve(out, room);
		if (!place)
			return;
		z->next_out = (Bytef *)place;
		z->avail_out = (uInt)room;
		(void)deflate(z, last ? Z_FINISH : Z_NO_FLUSH);
		out->len += room - z->avail_out;
		out->data[out->len] = '\0';
	} while (!z->avail_out);
}

int nw_nntp_gzip_piece(struct nw_nntp_session *session,
		       struct nw_nntp_job *job, size_t begin, bool last,
		       struct nw_error *err)
{
	struct nw_buf *reply = session->reply, packed;
	bool ok;

	if (begin_packer(job, err) < 0)
		return -1;
	if (last && session->gzip == NW_NNTP_GZIP_WHOLE)
		nw_buf_adds(reply, job->end);
	job->packer->next_in = (const Bytef *)reply->data + begin;
	job->packer->avail_in = (uInt)(reply->len - begin);
	nw_buf_init(&packed, reply->max);
	pack(job->packer, &packed, last);
	nw_buf_cut(reply, begin);
	nw_buf_add(reply, packed.data, packed.len);
	if (last && session->gzip == NW_NNTP_GZIP_LINES)
		nw_buf_adds(reply, job->end);
	ok = nw_buf_ok(&packed);
	nw_buf_free(&packed);
	return ok ? 0 : nw_error_set(err, NW_ERROR_INTERNAL,
				     "a piece of a list is too long");
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
