/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Web addresses as they come from outside: typed, on the clipboard, in a link
 * that a web page opened, in a message.  What a function here returns may be
 * shown, sent in one line to a gateway and given to a browser.  Knows nothing
 * of Claws Mail.
 */
#ifndef NEWSWIRE_PLUGIN_ADDRESS_H
#define NEWSWIRE_PLUGIN_ADDRESS_H

#include <glib.h>

/* More is no address that anyone reads news at. */
#define NW_ADDRESS_BYTES 2000

/*
 * Whether it is http or https with a host, and nothing that misleads: no
 * character that RFC 3986 does not allow but those beyond ASCII which can be
 * seen, no user before the host (who reads "https://bank.example@host/" takes
 * it for another site), no port that is none.
 */
gboolean nw_address_is_web(const char *address);

/* What a person typed: white space around it is dropped, and without a scheme
 * it is https.  NULL when that is no web address (free with g_free). */
char *nw_address_of_text(const char *text);

/* What is on the clipboard, when it can be meant as an address only: it has its
 * scheme, or begins with "www.".  NULL otherwise (free with g_free). */
char *nw_address_of_clipboard(const char *text);

/* Whether a link is for newswire, whatever follows. */
gboolean nw_address_is_uri(const char *uri);
/* What it says to subscribe to (free with g_free): "newswire://host/path" is
 * https://host/path; "newswire:https://..." and "newswire://https://..." are
 * what follows, also when a browser took the "https:" for a host and dropped
 * its colon.  NULL when that is no web address.  Claws Mail leaves a line end
 * behind it. */
char *nw_address_of_uri(const char *uri);

/* The page that a message came from, by the Archived-At (RFC 5064) in its
 * file; NULL when there is none (free with g_free). */
char *nw_address_of_message(const char *path);

#endif
