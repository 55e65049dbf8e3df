/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Subscriptions at a gateway elsewhere as OPML 2.0.  (This computer's are read
 * and written by newswire itself.)  Runs in the worker's thread and knows
 * nothing of Claws Mail.
 */
#ifndef NEWSWIRE_PLUGIN_OPML_H
#define NEWSWIRE_PLUGIN_OPML_H

#include <glib.h>

struct nw_opml_outline {
	char *text;
	char *url;	/* http, https, or nntp://host[:port]/group
			   (RFC 5538) */
};
void nw_opml_outline_free(gpointer outline);

/* The outlines that have an xmlUrl, as struct nw_opml_outline; NULL and
 * error.  Capped in size, depth and number. */
GPtrArray *nw_opml_read(const char *path, GError **error);
gboolean nw_opml_write(const char *path, const GPtrArray *outlines,
		       GError **error);

#endif
