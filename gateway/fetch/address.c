/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "fetch_private.h"

/*
 * A row of IANA's registries of special-purpose addresses (RFC 6890, kept up
 * by RFC 8190), and of multicast.  The first row that holds the address
 * decides, so the narrow ones stand first.
 */
struct network {
	const char *prefix;
	unsigned bits;
	const char *kind;	/* NULL: public */
	unsigned ipv4_at;	/* octet at which an IPv4 address lies that
				 * decides instead; 0: none */
};

static const struct network ipv4_networks[] = {
	{ "0.0.0.0", 8, "this network (RFC 1122)", 0 },
	{ "10.0.0.0", 8, "private (RFC 1918)", 0 },
	{ "100.64.0.0", 10, "shared by carriers (RFC 6598)", 0 },
	{ "127.0.0.0", 8, "loopback", 0 },
	{ "169.254.0.0", 16, "link-local (RFC 3927)", 0 },
	{ "172.16.0.0", 12, "private (RFC 1918)", 0 },
	{ "192.0.0.0", 24, "of IETF protocols (RFC 6890)", 0 },
	{ "192.0.2.0", 24, "for documentation (RFC 5737)", 0 },
	{ "192.88.99.0", 24, "6to4 relays (RFC 7526)", 0 },
	{ "192.168.0.0", 16, "private (RFC 1918)", 0 },
	{ "198.18.0.0", 15, "for benchmarks (RFC 2544)", 0 },
	{ "198.51.100.0", 24, "for documentation (RFC 5737)", 0 },
	{ "203.0.113.0", 24, "for documentation (RFC 5737)", 0 },
	{ "224.0.0.0", 4, "multicast", 0 },
	{ "240.0.0.0", 4, "reserved or broadcast", 0 },
	{ "0.0.0.0", 0, NULL, 0 },
};

static const struct network ipv6_networks[] = {
	{ "::", 128, "unspecified", 0 },
	{ "::1", 128, "loopback", 0 },
	{ "::ffff:0:0", 96, NULL, 12 },	   /* IPv4-mapped (RFC 4291) */
	{ "64:ff9b::", 96, NULL, 12 },	   /* NAT64 (RFC 6052) */
	{ "2002::", 16, NULL, 2 },	   /* 6to4 (RFC 3056) */
	{ "2001::", 23, "of IETF protocols (RFC 2928)", 0 },
	{ "2001:db8::", 32, "for documentation (RFC 3849)", 0 },
	{ "3fff::", 20, "for documentation (RFC 9637)", 0 },
	{ "2000::", 3, NULL, 0 },	   /* global unicast (RFC 4291) */
	{ "fc00::", 7, "private (RFC 4193)", 0 },
	{ "fe80::", 10, "link-local (RFC 4291)", 0 },
	{ "ff00::", 8, "multicast", 0 },
	{ "::", 0, "not of the public network (RFC 4291)", 0 },
};

static bool within(const unsigned char *address, const unsigned char *prefix,
		   unsigned bits)
{
	unsigned octets = bits / 8, rest = bits % 8;
	unsigned mask = 0xff00u >> rest & 0xff;

	return memcmp(address, prefix, octets) == 0 &&
	       (!rest || ((address[octets] ^ prefix[octets]) & mask) == 0);
}

static const struct network *find(const struct network *row, int family,
				  const unsigned char *address)
{
	unsigned char prefix[sizeof(struct in6_addr)];

	/* Both tables end in a row of zero bits, which holds everything. */
	for (;; row++) {
		(void)inet_pton(family, row->prefix, prefix);
		if (within(address, prefix, row->bits))
			return row;
	}
}

static const char *ipv6_kind(const unsigned char *address)
{
	const struct network *row = find(ipv6_networks, AF_INET6, address);

	if (row->ipv4_at)
		row = find(ipv4_networks, AF_INET, address + row->ipv4_at);
	return row->kind;
}

const char *nw_fetch_address_kind(const struct sockaddr *address)
{
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&ipv4, address, sizeof(ipv4));
		return find(ipv4_networks, AF_INET,
			    (const unsigned char *)&ipv4.sin_addr)->kind;
	case AF_INET6:
		memcpy(&ipv6, address, sizeof(ipv6));
		return ipv6_kind(ipv6.sin6_addr.s6_addr);
	default:
		return "of no kind that the web has";
	}
}

bool nw_fetch_address_is_public(const struct sockaddr *address)
{
	return nw_fetch_address_kind(address) == NULL;
}

/* RFC 6761 section 6.3. */
static bool is_localhost(const char *host)
{
	static const char name[] = "localhost";
	size_t len = strlen(host), name_len = strlen(name);

	return len >= name_len && strcmp(host + len - name_len, name) == 0 &&
	       (len == name_len || host[len - name_len - 1] == '.');
}

const char *nw_fetch_host_kind(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];
	char text[INET6_ADDRSTRLEN];
	size_t len = strlen(host);

	if (is_localhost(host))
		return "loopback";
	if (inet_pton(AF_INET, host, address) == 1)
		return find(ipv4_networks, AF_INET, address)->kind;
	if (*host != '[' || len < 2 || len - 2 >= sizeof(text))
		return NULL;
	memcpy(text, host + 1, len - 2);
	text[len - 2] = '\0';
	return inet_pton(AF_INET6, text, address) == 1 ? ipv6_kind(address)
						       : NULL;
}
