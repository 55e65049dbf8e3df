/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The octets between a session and its client, in layers: compression
 * (RFC 8054) over TLS (RFC 4642) over a pair of descriptors.
 *
 *	nntp_stream.c	reads and sends through the layers that are there
 *	nntp_tls.c	the TLS layer, its certificate, STARTTLS
 *	nntp_deflate.c	the compression layer, COMPRESS
 *
 * A stream never blocks: what its client does not take at once it keeps, and
 * gives the memory back when all of it is gone.
 */
#ifndef NEWSWIRE_NNTP_STREAM_PRIVATE_H
#define NEWSWIRE_NNTP_STREAM_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "newswire/buf.h"
#include "newswire/error.h"

struct nw_nntp_packers;
struct nw_nntp_zip;
struct ssl_ctx_st;
struct ssl_st;

struct nw_nntp_stream {
	int in, out;
	struct ssl_st *tls;	 /* NULL: in clear */
	struct nw_nntp_zip *zip; /* NULL: not compressed */
	/* A layer that begins when the reply to the command that asked for it
	 * is gone. */
	struct ssl_st *next_tls;
	struct nw_nntp_zip *next_zip;
	bool handshaking;	/* TLS is not yet agreed on, and waits … */
	bool wants_write;	/* … to write, not to read */
	bool filled;		/* the last read left octets in a layer */
	/* Since the session last looked at it: */
	bool came;		/* octets of commands */
	size_t taken;		/* octets that the client took */
	struct nw_buf rest;	/* ready for the wire, from rest_sent on */
	size_t rest_sent;
};

/* nntp_stream.c */

/* rest_max: octets that may wait for the client. */
void nw_nntp_stream_init(struct nw_nntp_stream *stream, int in, int out,
			 size_t rest_max);
/* Ends the layers and frees what waits; the descriptors stay open. */
void nw_nntp_stream_free(struct nw_nntp_stream *stream);
/* How many octets were read, 0 at their end, -1 with errno: EAGAIN when there
 * are none now, anything else when the client is gone or talks rubbish. */
ssize_t nw_nntp_stream_read(struct nw_nntp_stream *stream, char *data,
			    size_t room);
/* Whether there is more to read without anything coming in. */
bool nw_nntp_stream_buffered(const struct nw_nntp_stream *stream);
/* Sends what the client takes at once, in one write when it is plain, and
 * keeps the rest; nothing may be waiting.  -1: the client is gone. */
int nw_nntp_stream_send(struct nw_nntp_stream *stream, const char *data,
			size_t len);
/* Sends more of what waits: 1 when all of it is gone, 0 when the client is
 * slow, -1 when it is gone. */
int nw_nntp_stream_flush(struct nw_nntp_stream *stream);
/*
 * Begins the next layer, if there is one and nothing waits.  input: the octets
 * that came behind the command.  Those behind STARTTLS came in clear, where
 * anybody could have put them, and are thrown away; those behind COMPRESS are
 * compressed, and are read next.
 */
void nw_nntp_stream_upgrade(struct nw_nntp_stream *stream,
			    struct nw_buf *input);
bool nw_nntp_stream_upgrades(const struct nw_nntp_stream *stream);

/* nntp_tls.c */

/* A TLS layer over the descriptors of a stream; NULL: there is no memory. */
struct ssl_st *nw_nntp_tls_new(struct ssl_ctx_st *context,
			       const struct nw_nntp_stream *stream);
/* Says good-bye when there is somebody to hear it. */
void nw_nntp_tls_free(struct ssl_st **tls);
/* One step of the handshake: 1 when it is done, 0 when it waits (for what
 * wants_write says), -1 with a reason. */
int nw_nntp_tls_shake(struct nw_nntp_stream *stream, struct nw_error *err);
/* As read(2), write(2) on a descriptor that does not block. */
ssize_t nw_nntp_tls_read(struct nw_nntp_stream *stream, char *data,
			 size_t room);
ssize_t nw_nntp_tls_write(struct nw_nntp_stream *stream, const char *data,
			  size_t len);

/* nntp_deflate.c */

/*
 * The compressors of a server, which its streams share.  Each reply is flushed
 * to the border of an octet, so that another compressor can go on behind it
 * and the client sees one stream: who has not sent for long loses his, and
 * with it no more than the memory of what he sent.
 */
struct nw_nntp_packers *nw_nntp_packers_new(void);
void nw_nntp_packers_free(struct nw_nntp_packers **packers);
/* A compression layer, NULL when there is no memory. */
struct nw_nntp_zip *nw_nntp_zip_new(struct nw_nntp_packers *packers);
void nw_nntp_zip_free(struct nw_nntp_zip **zip);
/* Appends the data, compressed and flushed.  -1: out is full. */
int nw_nntp_zip_pack(struct nw_nntp_zip *zip, const char *data, size_t len,
		     struct nw_buf *out);
/* Where octets are put that came compressed: room for
 * NW_NNTP_INPUT_BYTES of them, to be counted by adding to len. */
struct nw_buf *nw_nntp_zip_input(struct nw_nntp_zip *zip);
/* Whether nw_nntp_zip_unpack() can go on without more input. */
bool nw_nntp_zip_waits(const struct nw_nntp_zip *zip);
/* As nw_nntp_stream_read(); EBADMSG: the stream is damaged. */
ssize_t nw_nntp_zip_unpack(struct nw_nntp_zip *zip, char *data, size_t room);

#endif
