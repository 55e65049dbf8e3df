/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "i18n.h"
#include "link_private.h"
#include "session.h"

/* One attempt of several, so that an address that swallows everything leaves
 * time for the others; GLib counts in seconds. */
#define ATTEMPT_S 10

/* Of GIO's words for a failure, those of this place. */
static void explain(const struct nw_gateway *gateway, const GError *why,
		    GError **error)
{
	if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_set_error_literal(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_CANCELLED,
				    _("Cancelled."));
	else if (why && why->domain == G_RESOLVER_ERROR)
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_NETWORK,
			    _("%s cannot be found (%s). See whether its name "
			      "is right and this computer is online."),
			    gateway->host, why->message);
	else
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_NETWORK,
			    _("%s cannot be reached at port %u (%s). See "
			      "whether it runs and this computer is online."),
			    gateway->host, nw_gateway_port(gateway),
			    why ? why->message : _("it has no address"));
}

static GSocket *try(GSocketAddress *address, gint64 until_us,
		    GCancellable *cancel, GError **error)
{
	gint64 left_s = (until_us - g_get_monotonic_time()) / G_USEC_PER_SEC;
	GSocket *socket = g_socket_new(g_socket_address_get_family(address),
				       G_SOCKET_TYPE_STREAM,
				       G_SOCKET_PROTOCOL_TCP, error);

	if (!socket)
		return NULL;
	g_socket_set_timeout(socket, (guint)CLAMP(left_s, 1, ATTEMPT_S));
	if (g_socket_connect(socket, address, cancel, error))
		return socket;
	g_object_unref(socket);
	return NULL;
}

/* The addresses of the host in the order that the system prefers. */
static GSocket *connect_any(GSocketAddressEnumerator *addresses,
			    gint64 until_us, GCancellable *cancel, GError **why)
{
	GSocketAddress *address;
	GSocket *socket = NULL;

	while (!socket && g_get_monotonic_time() < until_us &&
	       !g_cancellable_is_cancelled(cancel)) {
		GError *now = NULL;

		address = g_socket_address_enumerator_next(addresses, cancel,
							   &now);
		if (address) {
			socket = try(address, until_us, cancel, &now);
			g_object_unref(address);
		}
		if (now) {
			g_clear_error(why);
			*why = now;
		}
		if (!address)
			break;
	}
	return socket;
}

static gboolean is_loopback(GSocket *socket)
{
	GSocketAddress *address = g_socket_get_remote_address(socket, NULL);
	gboolean loopback = FALSE;

	if (G_IS_INET_SOCKET_ADDRESS(address))
		loopback = g_inet_address_get_is_loopback(
			g_inet_socket_address_get_address(
				G_INET_SOCKET_ADDRESS(address)));
	g_clear_object(&address);
	return loopback;
}

struct nw_link *nw_link_open_tcp(const struct nw_gateway *gateway,
				 const struct nw_patience *patience,
				 GCancellable *cancel, GError **error)
{
	GSocketConnectable *place =
		g_network_address_new(gateway->host, nw_gateway_port(gateway));
	GSocketAddressEnumerator *addresses =
		g_socket_connectable_enumerate(place);
	GError *why = NULL;
	GSocket *socket =
		connect_any(addresses,
			    g_get_monotonic_time() +
				    patience->connect_ms * (gint64)1000,
			    cancel, &why);
	struct nw_link *link = NULL;

	if (socket) {
		(void)g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1,
					  NULL);
		link = nw_link_adopt(g_socket_get_fd(socket), gateway->host,
				     patience, cancel);
		link->socket = socket;
		link->loopback = is_loopback(socket);
	} else {
		(void)g_cancellable_set_error_if_cancelled(cancel,
							   why ? NULL : &why);
		explain(gateway, why, error);
	}
	g_clear_error(&why);
	g_object_unref(addresses);
	g_object_unref(place);
	return link;
}
