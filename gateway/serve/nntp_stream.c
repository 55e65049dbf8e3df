/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

bool nw_nntp_is_tls(const struct nw_nntp_session *session)
{
	(void)session;
	return false;
}

bool nw_nntp_is_compressed(const struct nw_nntp_session *session)
{
	(void)session;
	return false;
}

/* 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104 */
static bool is_loopback(const struct sockaddr_storage *address)
{
	const struct sockaddr_in *in = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;

	if (address->ss_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	if (address->ss_family != AF_INET6)
		return false;
	return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) ||
	       (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr) &&
		in6->sin6_addr.s6_addr[12] == IN_LOOPBACKNET);
}

bool nw_nntp_is_private(const struct nw_nntp_session *session)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	if (session->alone || nw_nntp_is_tls(session))
		return true;
	if (getpeername(session->in, (struct sockaddr *)&peer, &len) < 0)
		return false;
	return peer.ss_family == AF_UNIX || is_loopback(&peer);
}
