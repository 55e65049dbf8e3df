/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ZLIB_CONST
#include <zlib.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

/*
 * On an overview, level 1 makes what level 6 does at a fifth of the time and
 * no more than a quarter larger; smaller windows are slower, as they find
 * less.  A compressor takes 264 KiB.
 */
#define LEVEL 1
#define MEMORY_LEVEL 8
/* Raw, and as large as a client's may be (RFC 8054 section 4). */
#define WINDOW_BITS (-15)
#define WINDOW_BYTES (1u << 15)
/* A flush adds an empty stored block. */
#define FLUSH_BYTES 16
/* data_type of an inflater that is between two blocks and two octets. */
#define AT_BORDER 128

struct packer {
	z_stream deflater;
	bool made;
	const struct nw_nntp_zip *owner; /* of the window; NULL: nobody */
	uint64_t used;		/* by the clock of the packers */
};

struct nw_nntp_packers {
	uint64_t clock;
	struct packer packer[NW_NNTP_PACKERS];
};

/* An inflater that stands between two blocks is put away: its window is all
 * that must be kept, and holds no more than what the client has said. */
struct nw_nntp_zip {
	struct nw_nntp_packers *packers;
	struct packer *packer;	/* used last; may be another's now */
	z_stream inflater;
	bool inflating;		/* it is not put away */
	bool more;		/* it may have more to give */
	struct nw_buf packed;	/* what it did not yet take */
	struct nw_buf window;	/* while it is put away */
};

struct nw_nntp_packers *nw_nntp_packers_new(void)
{
	return calloc(1, sizeof(struct nw_nntp_packers));
}

void nw_nntp_packers_free(struct nw_nntp_packers **packers_p)
{
	struct nw_nntp_packers *packers = *packers_p;
	size_t i;

	if (!packers)
		return;
	for (i = 0; i < NW_NNTP_PACKERS; i++)
		if (packers->packer[i].made)
			(void)deflateEnd(&packers->packer[i].deflater);
	free(packers);
	*packers_p = NULL;
}

/* One that nobody owns, or that was not used for longest. */
static struct packer *choose(struct nw_nntp_packers *packers)
{
	struct packer *best = &packers->packer[0], *one;
	size_t i;

	for (i = 1; i < NW_NNTP_PACKERS && best->owner; i++) {
		one = &packers->packer[i];
		if (!one->owner || one->used < best->used)
			best = one;
	}
	return best;
}

/* The compressor of a stream, a fresh one if it lost its own. */
static struct packer *packer_of(struct nw_nntp_zip *zip)
{
	struct packer *packer = zip->packer;

	if (!packer || packer->owner != zip) {
		packer = choose(zip->packers);
		if (packer->made)
			(void)deflateReset(&packer->deflater);
		else if (deflateInit2(&packer->deflater, LEVEL, Z_DEFLATED,
				      WINDOW_BITS, MEMORY_LEVEL,
				      Z_DEFAULT_STRATEGY) != Z_OK)
			return NULL;
		packer->made = true;
		packer->owner = zip;
		zip->packer = packer;
	}
	packer->used = ++zip->packers->clock;
	return packer;
}

int nw_nntp_zip_pack(struct nw_nntp_zip *zip, const char *data, size_t len,
		     struct nw_buf *out)
{
	struct packer *packer = packer_of(zip);
	z_stream *z = packer ? &packer->deflater : NULL;
	size_t room;
	char *place;

	if (!z)
		return -1;
	room = deflateBound(z, len) + FLUSH_BYTES;
	z->next_in = (const Bytef *)data;
	z->avail_in = (uInt)len;
	do {
		place = nw_buf_reserve(out, room);
		if (!place)
			return -1;
		z->next_out = (Bytef *)place;
		z->avail_out = (uInt)room;
		(void)deflate(z, Z_SYNC_FLUSH);
		out->len += room - z->avail_out;
		out->data[out->len] = '\0';
	} while (!z->avail_out);
	return 0;
}

struct nw_nntp_zip *nw_nntp_zip_new(struct nw_nntp_packers *packers)
{
	struct nw_nntp_zip *zip = calloc(1, sizeof(*zip));

	if (!zip)
		return NULL;
	zip->packers = packers;
	nw_buf_init(&zip->packed, NW_NNTP_INPUT_BYTES);
	nw_buf_init(&zip->window, WINDOW_BYTES);
	return zip;
}

void nw_nntp_zip_free(struct nw_nntp_zip **zip_p)
{
	struct nw_nntp_zip *zip = *zip_p;

	if (!zip)
		return;
	if (zip->packer && zip->packer->owner == zip)
		zip->packer->owner = NULL;
	if (zip->inflating)
		(void)inflateEnd(&zip->inflater);
	nw_buf_free(&zip->packed);
	nw_buf_free(&zip->window);
	free(zip);
	*zip_p = NULL;
}

struct nw_buf *nw_nntp_zip_input(struct nw_nntp_zip *zip)
{
	return &zip->packed;
}

bool nw_nntp_zip_waits(const struct nw_nntp_zip *zip)
{
	return zip->more || zip->packed.len;
}

static int take_out(struct nw_nntp_zip *zip)
{
	z_stream *z = &zip->inflater;

	if (zip->inflating)
		return 0;
	*z = (z_stream){ .zalloc = Z_NULL };
	if (inflateInit2(z, WINDOW_BITS) != Z_OK)
		return -1;
	zip->inflating = true;
	if (zip->window.len &&
	    inflateSetDictionary(z, (const Bytef *)zip->window.data,
				 (uInt)zip->window.len) != Z_OK)
		return -1;
	nw_buf_free(&zip->window);
	return 0;
}

/* When there is no memory for the window, it stays as it is. */
static void put_away(struct nw_nntp_zip *zip)
{
	uInt len = 0;
	char *place;

	(void)inflateGetDictionary(&zip->inflater, NULL, &len);
	place = nw_buf_reserve(&zip->window, len);
	if (!place ||
	    inflateGetDictionary(&zip->inflater, (Bytef *)place, &len) !=
		    Z_OK) {
		nw_buf_free(&zip->window);
		return;
	}
	zip->window.len = len;
	place[len] = '\0';
	(void)inflateEnd(&zip->inflater);
	zip->inflating = false;
}

/* Whether the inflater goes on after this; what ended it is told by the call
 * that gets no more octets. */
static bool goes_on(int result)
{
	return result == Z_OK || result == Z_BUF_ERROR;
}

ssize_t nw_nntp_zip_unpack(struct nw_nntp_zip *zip, char *data, size_t room)
{
	z_stream *z = &zip->inflater;
	size_t got;
	int result;

	errno = ENOMEM;
	if (take_out(zip) < 0)
		return -1;
	z->next_in = (const Bytef *)zip->packed.data;
	z->avail_in = (uInt)zip->packed.len;
	z->next_out = (Bytef *)data;
	z->avail_out = (uInt)room;
	result = inflate(z, Z_SYNC_FLUSH);
	got = room - z->avail_out;
	/* Nothing counts behind an end or a damage. */
	if (z->avail_in && goes_on(result))
		nw_buf_shift(&zip->packed, zip->packed.len - z->avail_in);
	else
		nw_buf_free(&zip->packed);
	zip->more = goes_on(result) ? !z->avail_out : got > 0;
	if (goes_on(result) && !nw_nntp_zip_waits(zip) &&
	    z->data_type == AT_BORDER)
		put_away(zip);
	if (got)
		return (ssize_t)got;
	errno = goes_on(result) ? EAGAIN : EBADMSG;
	return result == Z_STREAM_END ? 0 : -1;
}

/* RFC 8054 section 2.2 */
int nw_nntp_compress(struct nw_nntp_session *session,
		     const struct nw_nntp_command *command, char *const *words,
		     struct nw_error *err)
{
	struct nw_nntp_stream *stream = &session->stream;

	(void)err;
	if (stream->zip) {
		nw_nntp_reply(session, NW_NNTP_DENIED,
			      "compression is already active");
		return 0;
	}
	if (strcasecmp(words[0], "DEFLATE")) {
		nw_nntp_reply(session, NW_NNTP_UNSUPPORTED,
			      "DEFLATE is the only algorithm here");
		return 0;
	}
	stream->next_zip = nw_nntp_zip_new(session->server->packers);
	if (!stream->next_zip) {
		nw_nntp_reply(session, NW_NNTP_FAULT,
			      "compression cannot be activated now");
		return 0;
	}
	session->gzip = NW_NNTP_GZIP_OFF;
	nw_nntp_reply(session, command->code, "compression active");
	return 0;
}
