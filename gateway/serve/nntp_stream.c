/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

void nw_nntp_stream_init(struct nw_nntp_stream *stream, int in, int out,
			 size_t rest_max)
{
	*stream = (struct nw_nntp_stream){ .in = in, .out = out };
	nw_buf_init(&stream->rest, rest_max);
}

void nw_nntp_stream_free(struct nw_nntp_stream *stream)
{
	nw_nntp_zip_free(&stream->next_zip);
	nw_nntp_zip_free(&stream->zip);
	nw_nntp_tls_free(&stream->next_tls);
	nw_nntp_tls_free(&stream->tls);
	nw_buf_free(&stream->rest);
}

/* Below compression. */
static ssize_t read_wire(struct nw_nntp_stream *stream, char *data,
			 size_t room)
{
	return stream->tls ? nw_nntp_tls_read(stream, data, room)
			   : read(stream->in, data, room);
}

static ssize_t read_packed(struct nw_nntp_stream *stream, char *data,
			   size_t room)
{
	struct nw_buf *packed = nw_nntp_zip_input(stream->zip);
	char *place;
	ssize_t got;

	if (nw_nntp_zip_waits(stream->zip))
		return nw_nntp_zip_unpack(stream->zip, data, room);
	place = nw_buf_reserve(packed, NW_NNTP_INPUT_BYTES);
	if (!place) {
		errno = ENOMEM;
		return -1;
	}
	got = read_wire(stream, place, NW_NNTP_INPUT_BYTES);
	if (got <= 0) {
		nw_buf_free(packed);
		return got;
	}
	packed->len += (size_t)got;
	return nw_nntp_zip_unpack(stream->zip, data, room);
}

ssize_t nw_nntp_stream_read(struct nw_nntp_stream *stream, char *data,
			    size_t room)
{
	ssize_t got;

	stream->filled = false;
	got = stream->zip ? read_packed(stream, data, room)
			  : read_wire(stream, data, room);
	if (got > 0)
		stream->came = true;
	return got;
}

bool nw_nntp_stream_buffered(const struct nw_nntp_stream *stream)
{
	return stream->filled ||
	       (stream->zip && nw_nntp_zip_waits(stream->zip));
}

/* How many octets the client took, which may be none; -1: it is gone. */
static ssize_t write_wire(struct nw_nntp_stream *stream, const char *data,
			  size_t len)
{
	ssize_t sent;

	if (!len)
		return 0;
	sent = stream->tls ? nw_nntp_tls_write(stream, data, len)
			   : write(stream->out, data, len);
	if (sent > 0)
		stream->taken += (size_t)sent;
	if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK ||
			 errno == EINTR))
		return 0;
	return sent;
}

int nw_nntp_stream_send(struct nw_nntp_stream *stream, const char *data,
			size_t len)
{
	ssize_t sent;

	if (!len)
		return 0;
	if (stream->zip) {
		if (nw_nntp_zip_pack(stream->zip, data, len,
				     &stream->rest) < 0)
			return -1;
		return nw_nntp_stream_flush(stream) < 0 ? -1 : 0;
	}
	sent = write_wire(stream, data, len);
	if (sent < 0)
		return -1;
	if ((size_t)sent < len)
		nw_buf_add(&stream->rest, data + sent, len - (size_t)sent);
	return nw_buf_ok(&stream->rest) ? 0 : -1;
}

int nw_nntp_stream_flush(struct nw_nntp_stream *stream)
{
	size_t left = stream->rest.len - stream->rest_sent;
	ssize_t sent = write_wire(stream, stream->rest.data + stream->rest_sent,
				  left);

	if (sent < 0)
		return -1;
	stream->rest_sent += (size_t)sent;
	if ((size_t)sent < left)
		return 0;
	nw_buf_free(&stream->rest);
	stream->rest_sent = 0;
	return 1;
}

bool nw_nntp_stream_upgrades(const struct nw_nntp_stream *stream)
{
	return stream->next_tls || stream->next_zip;
}

void nw_nntp_stream_upgrade(struct nw_nntp_stream *stream,
			    struct nw_buf *input)
{
	struct nw_buf *packed;

	if (!nw_nntp_stream_upgrades(stream) || stream->rest.len)
		return;
	if (stream->next_tls) {
		stream->tls = stream->next_tls;
		stream->next_tls = NULL;
		stream->handshaking = true;
	} else {
		packed = nw_nntp_zip_input(stream->next_zip);
		nw_buf_add(packed, input->data, input->len);
		stream->zip = stream->next_zip;
		stream->next_zip = NULL;
	}
	nw_buf_free(input);
}

bool nw_nntp_is_tls(const struct nw_nntp_session *session)
{
	return session->stream.tls;
}

bool nw_nntp_is_compressed(const struct nw_nntp_session *session)
{
	return session->stream.zip;
}

bool nw_nntp_is_private(const struct nw_nntp_session *session)
{
	return nw_nntp_is_tls(session) || session->origin.is_local;
}
