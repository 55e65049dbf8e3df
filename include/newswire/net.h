/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses of the Internet and networks of them (RFC 4632, RFC 4291).  Pure.
 *
 * An address is 16 octets; one of IPv4 stands as ::ffff:a.b.c.d (RFC 4291
 * section 2.5.5.2), however it came in.
 */
#ifndef NEWSWIRE_NET_H
#define NEWSWIRE_NET_H

#include <stdbool.h>
#include <stddef.h>

#define NW_NET_OCTETS	  16
#define NW_NET_TEXT_BYTES 46	/* of an address as text, with its NUL */

struct sockaddr;

struct nw_net {
	unsigned char octets[NW_NET_OCTETS];
	unsigned bits;		/* of octets that count, from the first on */
};

/* Reads "ADDRESS" or "ADDRESS/BITS".  Bits behind the prefix may be set. */
bool nw_net_read(const char *text, struct nw_net *net_r);
bool nw_net_holds(const struct nw_net *net,
		  const unsigned char address[NW_NET_OCTETS]);
/* Of a socket: false when it has none, as a Unix socket. */
bool nw_net_address(const struct sockaddr *from,
		    unsigned char address_r[NW_NET_OCTETS]);
/* As people write it, IPv4 by its four numbers (RFC 5952); returns text. */
const char *nw_net_text(const unsigned char address[NW_NET_OCTETS],
			char text[NW_NET_TEXT_BYTES]);
/* How many octets of an address tell one customer from another: all of IPv4,
 * the /64 of IPv6, in which everybody has as many as he likes. */
size_t nw_net_owner_octets(const unsigned char address[NW_NET_OCTETS]);

#endif
