/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

/* 127.0.0.0/8, ::1 */
static const struct nw_net loopbacks[] = {
	{ { [10] = 0xff, [11] = 0xff, [12] = 127 }, 104 },
	{ { [15] = 1 }, 128 },
};

static bool is_loopback(const unsigned char address[NW_NET_OCTETS])
{
	size_t i;

	for (i = 0; i < sizeof(loopbacks) / sizeof(loopbacks[0]); i++)
		if (nw_net_holds(&loopbacks[i], address))
			return true;
	return false;
}

/* "newswire nntp" has pipes, but a connection from afar under inetd(8). */
struct nw_nntp_origin nw_nntp_origin(int fd)
{
	struct nw_nntp_origin origin = { .is_local = false };
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	if (getpeername(fd, (struct sockaddr *)&peer, &len) < 0) {
		origin.is_local = errno == ENOTSOCK;
		return origin;
	}
	origin.has_address = nw_net_address((const struct sockaddr *)&peer,
					    origin.address);
	origin.is_local = origin.has_address ? is_loopback(origin.address)
					     : peer.ss_family == AF_UNIX;
	return origin;
}

const char *nw_nntp_origin_text(const struct nw_nntp_origin *origin,
				char text[NW_NET_TEXT_BYTES])
{
	return origin->has_address ? nw_net_text(origin->address, text) : NULL;
}

uint64_t nw_nntp_origin_place(const struct nw_nntp_origin *origin)
{
	uint64_t place = 0;
	size_t octets;

	if (!origin->has_address)
		return 0;
	octets = nw_net_owner_octets(origin->address);
	memcpy(&place, origin->address + octets - sizeof(place),
	       sizeof(place));
	return place;
}
