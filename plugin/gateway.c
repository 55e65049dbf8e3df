/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "gateway.h"

#define PORT_NNTP  119 /* RFC 3977 section 3.1 */
#define PORT_NNTPS 563 /* RFC 4642 section 2.2 */

struct nw_gateway *nw_gateway_copy(const struct nw_gateway *gateway)
{
	struct nw_gateway *copy = g_new0(struct nw_gateway, 1);

	*copy = *gateway;
	copy->host = g_strdup(gateway->host);
	copy->user = g_strdup(gateway->user);
	copy->password = g_strdup(gateway->password);
	copy->ca_file = g_strdup(gateway->ca_file);
	return copy;
}

void nw_gateway_free(struct nw_gateway *gateway)
{
	if (!gateway)
		return;
	if (gateway->password)
		explicit_bzero(gateway->password, strlen(gateway->password));
	g_free(gateway->host);
	g_free(gateway->user);
	g_free(gateway->password);
	g_free(gateway->ca_file);
	g_free(gateway);
}

gboolean nw_gateway_is_local(const struct nw_gateway *gateway)
{
	return !gateway->host;
}

guint16 nw_gateway_port(const struct nw_gateway *gateway)
{
	if (gateway->port)
		return gateway->port;
	return gateway->security == NW_SECURITY_TLS ? PORT_NNTPS : PORT_NNTP;
}
