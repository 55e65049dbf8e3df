/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "newswire/net.h"

#define MAPPED_OCTETS 12
#define OWNER_OCTETS 8

static const unsigned char mapped[MAPPED_OCTETS] = { [10] = 0xff,
						     [11] = 0xff };

static void map(const void *ipv4, unsigned char address[NW_NET_OCTETS])
{
	memcpy(address, mapped, sizeof(mapped));
	memcpy(address + sizeof(mapped), ipv4, 4);
}

/* Digits only, no more than max. */
static bool read_bits(const char *text, unsigned max, unsigned *bits_r)
{
	size_t len = strspn(text, "0123456789");

	if (!len || len > 3 || text[len])
		return false;
	*bits_r = (unsigned)strtoul(text, NULL, 10);
	return *bits_r <= max;
}

bool nw_net_read(const char *text, struct nw_net *net_r)
{
	char address[INET6_ADDRSTRLEN];
	size_t len = strcspn(text, "/");
	struct nw_net net = { .bits = 0 };
	struct in_addr ipv4;
	unsigned shift = 0, bits;

	if (len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (inet_pton(AF_INET, address, &ipv4) == 1) {
		map(&ipv4, net.octets);
		shift = 8 * MAPPED_OCTETS;
	} else if (inet_pton(AF_INET6, address, net.octets) != 1) {
		return false;
	}
	bits = 8 * NW_NET_OCTETS - shift;
	if (text[len] && !read_bits(text + len + 1, bits, &bits))
		return false;
	net.bits = shift + bits;
	*net_r = net;
	return true;
}

bool nw_net_holds(const struct nw_net *net,
		  const unsigned char address[NW_NET_OCTETS])
{
	size_t whole = net->bits / 8;
	unsigned rest = net->bits % 8;

	return !memcmp(net->octets, address, whole) &&
	       (!rest ||
		(net->octets[whole] ^ address[whole]) >> (8 - rest) == 0);
}

bool nw_net_address(const struct sockaddr *from,
		    unsigned char address_r[NW_NET_OCTETS])
{
	if (from->sa_family == AF_INET) {
		map(&((const struct sockaddr_in *)(const void *)from)
			     ->sin_addr, address_r);
		return true;
	}
	if (from->sa_family != AF_INET6)
		return false;
	memcpy(address_r,
	       &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr,
	       NW_NET_OCTETS);
	return true;
}

static bool is_mapped(const unsigned char address[NW_NET_OCTETS])
{
	return !memcmp(address, mapped, sizeof(mapped));
}

const char *nw_net_text(const unsigned char address[NW_NET_OCTETS],
			char text[NW_NET_TEXT_BYTES])
{
	return is_mapped(address)
		       ? inet_ntop(AF_INET, address + sizeof(mapped), text,
				   NW_NET_TEXT_BYTES)
		       : inet_ntop(AF_INET6, address, text, NW_NET_TEXT_BYTES);
}

size_t nw_net_owner_octets(const unsigned char address[NW_NET_OCTETS])
{
	return is_mapped(address) ? NW_NET_OCTETS : OWNER_OCTETS;
}
