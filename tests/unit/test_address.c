/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "unit.h"
#include "newswire/fetch.h"

struct address_case {
	const char *address;
	bool is_public;
};

static const struct address_case ipv4_cases[] = {
	{ "0.0.0.0", false },	     { "0.1.2.3", false },
	{ "1.0.0.0", true },	     { "9.255.255.255", true },
	{ "10.0.0.0", false },	     { "10.255.255.255", false },
	{ "11.0.0.0", true },	     { "100.63.255.255", true },
	{ "100.64.0.0", false },     { "100.127.255.255", false },
	{ "100.128.0.0", true },     { "126.255.255.255", true },
	{ "127.0.0.1", false },	     { "127.255.255.255", false },
	{ "128.0.0.0", true },	     { "169.253.255.255", true },
	{ "169.254.169.254", false }, { "169.255.0.0", true },
	{ "172.15.255.255", true },  { "172.16.0.0", false },
	{ "172.31.255.255", false }, { "172.32.0.0", true },
	{ "192.0.0.1", false },	     { "192.0.1.0", true },
	{ "192.0.2.1", false },	     { "192.0.3.0", true },
	{ "192.31.196.1", true },    { "192.52.193.1", true },
	{ "192.88.99.1", false },    { "192.167.255.255", true },
	{ "192.168.0.1", false },    { "192.169.0.0", true },
	{ "192.175.48.1", true },    { "198.17.255.255", true },
	{ "198.18.0.0", false },     { "198.19.255.255", false },
	{ "198.20.0.0", true },	     { "198.51.100.7", false },
	{ "198.51.101.0", true },    { "203.0.113.9", false },
	{ "203.0.114.0", true },     { "223.255.255.255", true },
	{ "224.0.0.1", false },	     { "239.255.255.255", false },
	{ "240.0.0.1", false },	     { "255.255.255.255", false },
	{ "8.8.8.8", true },
};

static const struct address_case ipv6_cases[] = {
	{ "::", false },
	{ "::1", false },
	{ "::2", false },
	{ "::8.8.8.8", false },
	{ "::ffff:8.8.8.8", true },
	{ "::ffff:127.0.0.1", false },
	{ "::ffff:10.1.2.3", false },
	{ "::ffff:169.254.169.254", false },
	{ "::fffe:8.8.8.8", false },
	{ "64:ff9b::808:808", true },
	{ "64:ff9b::7f00:1", false },
	{ "64:ff9b::192.168.1.1", false },
	{ "64:ff9b:1::808:808", false },
	{ "100::1", false },
	{ "2001::1", false },
	{ "2001:0:4136:e378:8000:63bf:3fff:fdd2", false },
	{ "2001:1ff:ffff::1", false },
	{ "2001:200::1", true },
	{ "2001:db7:ffff::1", true },
	{ "2001:db8::1", false },
	{ "2001:db9::1", true },
	{ "2001:4860:4860::8888", true },
	{ "2002:808:808::1", true },
	{ "2002:7f00:1::1", false },
	{ "2002:c0a8:101::1", false },
	{ "2003::1", true },
	{ "2a00:1450::1", true },
	{ "3ffe:ffff::1", true },
	{ "3fff::1", false },
	{ "3fff:fff:ffff::1", false },
	{ "3fff:1000::1", true },
	{ "4000::1", false },
	{ "5f00::1", false },
	{ "fbff::1", false },
	{ "fc00::1", false },
	{ "fdff::1", false },
	{ "fe80::1", false },
	{ "febf::1", false },
	{ "fec0::1", false },
	{ "ff02::1", false },
};

static void ipv4_addresses_are_told_apart(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ipv4_cases); i++) {
		assert_int_equal(inet_pton(AF_INET, ipv4_cases[i].address,
					   &address.sin_addr),
				 1);
		if (nw_fetch_address_is_public((struct sockaddr *)&address) !=
		    ipv4_cases[i].is_public)
			fail_msg("%s", ipv4_cases[i].address);
	}
}

static void ipv6_addresses_are_told_apart(void **state)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ipv6_cases); i++) {
		assert_int_equal(inet_pton(AF_INET6, ipv6_cases[i].address,
					   &address.sin6_addr),
				 1);
		if (nw_fetch_address_is_public((struct sockaddr *)&address) !=
		    ipv6_cases[i].is_public)
			fail_msg("%s", ipv6_cases[i].address);
	}
}

static void other_families_are_not_public(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)state;
	assert_false(nw_fetch_address_is_public((struct sockaddr *)&address));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4_addresses_are_told_apart),
		cmocka_unit_test(ipv6_addresses_are_told_apart),
		cmocka_unit_test(other_families_are_not_public),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
