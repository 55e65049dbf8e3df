/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the link share.
 */
#ifndef NEWSWIRE_PLUGIN_LINK_PRIVATE_H
#define NEWSWIRE_PLUGIN_LINK_PRIVATE_H

#include <libetpan/mailstream.h>

#include "link.h"

struct nw_link {
	mailstream_low *top;	/* the outermost layer, or NULL */
	int fd;
	GSocket *socket;	/* whose fd it is; NULL: the link's own */
	GPid child;		/* 0: none */
	int words_fd;		/* a file with the child's standard error */
	GCancellable *cancel;
	GPollFD cancel_poll;
	gboolean has_cancel_poll;
	char *name;
	gboolean loopback, encrypted;
	const struct nw_patience *patience;
	gint64 until_us;	/* of the monotonic clock */
	gboolean late;		/* it was too slow once */
};

/* The two ways to get one.  NULL and error. */
struct nw_link *nw_link_open_child(const struct nw_patience *patience,
				   GCancellable *cancel, GError **error);
struct nw_link *nw_link_open_tcp(const struct nw_gateway *gateway,
				 const struct nw_patience *patience,
				 GCancellable *cancel, GError **error);
/* Waits for the child to end, and helps; at once if hurry. */
void nw_link_reap(struct nw_link *link, gboolean hurry);
/* The last line of the child's standard error without its area, or NULL (free
 * with g_free). */
char *nw_link_last_words(const struct nw_link *link);

/* The driver of a layer whose data is data, put on top. */
void nw_link_push(struct nw_link *link, void *data,
		  const mailstream_low_driver *driver);

/* Parts that the drivers share: what this use has no need of, and a call into
 * the layer below. */
int nw_layer_get_fd(mailstream_low *layer);
gssize nw_layer_read(mailstream_low *layer, void *octets, gsize size);
gssize nw_layer_write(mailstream_low *layer, const void *octets, gsize len);

#endif
