/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "i18n.h"
#include "link_private.h"
#include "session.h"

/* RFC 8054 section 2.2.2: raw DEFLATE. */
#define WINDOW_BITS  (-15)
#define MEMORY_LEVEL 8
#define IN_OCTETS    16384

struct deflate_layer {
	mailstream_low *below;
	z_stream in, out;
	gboolean ended; /* the other side's stream has its end */
	unsigned char come[IN_OCTETS];
	GByteArray *held; /* compressed, not sent yet */
	gsize sent;	  /* of it */
};

static ssize_t deflate_read(mailstream_low *layer, void *octets, size_t size)
{
	struct deflate_layer *self = layer->data;
	gssize got;
	int done;

	self->in.next_out = octets;
	self->in.avail_out = (uInt)size;
	while (!self->ended) {
		/* Also without input: it may have kept output back. */
		done = inflate(&self->in, Z_SYNC_FLUSH);
		self->ended = done == Z_STREAM_END;
		if (self->in.avail_out < size)
			return (ssize_t)(size - self->in.avail_out);
		if (done != Z_OK && done != Z_BUF_ERROR && !self->ended) {
			errno = EPROTO;
			return -1;
		}
		if (self->ended)
			break;
		got = nw_layer_read(self->below, self->come, IN_OCTETS);
		if (got <= 0)
			return got;
		self->in.next_in = self->come;
		self->in.avail_in = (uInt)got;
	}
	return 0;
}

/* Whether all that was held is sent; if not, errno. */
static gboolean let_go(struct deflate_layer *self)
{
	while (self->sent < self->held->len) {
		gssize sent = nw_layer_write(self->below,
					     self->held->data + self->sent,
					     self->held->len - self->sent);

		if (sent < 0)
			return FALSE;
		self->sent += (gsize)sent;
	}
	g_byte_array_set_size(self->held, 0);
	self->sent = 0;
	return nw_layer_write(self->below, "", 0) == 0;
}

static ssize_t deflate_write(mailstream_low *layer, const void *octets,
			     size_t len)
{
	struct deflate_layer *self = layer->data;
	unsigned char piece[1024];

	if (!let_go(self))
		return -1;
	if (!len)
		return 0;
	self->out.next_in = (Bytef *)(guintptr)octets;
	self->out.avail_in = (uInt)len;
	do {
		self->out.next_out = piece;
		self->out.avail_out = sizeof(piece);
		(void)deflate(&self->out, Z_SYNC_FLUSH);
		g_byte_array_append(self->held, piece,
				    (guint)(sizeof(piece) -
					    self->out.avail_out));
	} while (!self->out.avail_out);
	/* What is held goes with the next write, or with one of nothing. */
	if (!let_go(self) && errno != EAGAIN && errno != EWOULDBLOCK)
		return -1;
	return (ssize_t)len;
}

static int deflate_close(mailstream_low *layer)
{
	const struct deflate_layer *self = layer->data;

	return mailstream_low_close(self->below);
}

static int deflate_get_fd(mailstream_low *layer)
{
	const struct deflate_layer *self = layer->data;

	return nw_layer_get_fd(self->below);
}

static void deflate_free(mailstream_low *layer)
{
	struct deflate_layer *self = layer->data;

	mailstream_low_free(self->below);
	(void)inflateEnd(&self->in);
	(void)deflateEnd(&self->out);
	g_byte_array_unref(self->held);
	g_free(self);
	free(layer);
}

static const mailstream_low_driver deflate_driver = {
	.mailstream_read = deflate_read,
	.mailstream_write = deflate_write,
	.mailstream_close = deflate_close,
	.mailstream_get_fd = deflate_get_fd,
	.mailstream_free = deflate_free,
};

gboolean nw_link_deflate(struct nw_link *link, GError **error)
{
	struct deflate_layer *self = g_new0(struct deflate_layer, 1);

	if (inflateInit2(&self->in, WINDOW_BITS) != Z_OK ||
	    deflateInit2(&self->out, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			 WINDOW_BITS, MEMORY_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK) {
		(void)inflateEnd(&self->in);
		g_free(self);
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_BROKEN,
			    _("What %s sends cannot be decompressed."),
			    link->name);
		return FALSE;
	}
	self->held = g_byte_array_new();
	self->below = link->top;
	nw_link_push(link, self, &deflate_driver);
	return TRUE;
}
