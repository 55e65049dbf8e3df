/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "newswire/net.h"

static const struct {
	const char *net, *inside, *outside; /* NULL: it is no network */
} cases[] = {
	{ "127.0.0.0/8", "127.255.0.1", "128.0.0.1" },
	{ "127.0.0.1/8", "127.0.0.0", "126.255.255.255" },
	{ "192.0.2.7", "192.0.2.7", "192.0.2.6" },
	{ "192.0.2.0/25", "192.0.2.127", "192.0.2.128" },
	{ "192.0.2.0/32", "192.0.2.0", "192.0.2.1" },
	{ "0.0.0.0/0", "255.255.255.255", "::1" },
	{ "::1", "::1", "::2" },
	{ "::/0", "192.0.2.1", NULL },
	{ "2001:db8::/61", "2001:db8:0:7::1", "2001:db8:0:8::1" },
	{ "::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0" },
	{ "", NULL, NULL },
	{ "/8", NULL, NULL },
	{ "10.0.0.0/", NULL, NULL },
	{ "10.0.0.0/33", NULL, NULL },
	{ "10.0.0.0/8x", NULL, NULL },
	{ "10.0.0.0/-1", NULL, NULL },
	{ "10.0.0.0/0008", NULL, NULL },
	{ "10.0.0/8", NULL, NULL },
	{ "::1/129", NULL, NULL },
	{ "[::1]", NULL, NULL },
	{ "localhost", NULL, NULL },
	{ "aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:255.255.255.2555", NULL, NULL },
};

/* As a socket has it. */
static void address_of(const char *text, unsigned char address[NW_NET_OCTETS])
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1) {
		assert_true(nw_net_address((void *)&in, address));
		return;
	}
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	assert_true(nw_net_address((void *)&in6, address));
}

static void test_networks(void **state)
{
	unsigned char address[NW_NET_OCTETS];
	struct nw_net net;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		if (nw_net_read(cases[i].net, &net) !=
		    (cases[i].inside != NULL))
			fail_msg("\"%s\"", cases[i].net);
		if (!cases[i].inside)
			continue;
		address_of(cases[i].inside, address);
		if (!nw_net_holds(&net, address))
			fail_msg("%s: not %s", cases[i].net, cases[i].inside);
		if (!cases[i].outside)
			continue;
		address_of(cases[i].outside, address);
		if (nw_net_holds(&net, address))
			fail_msg("%s: %s", cases[i].net, cases[i].outside);
	}
}

static void test_owners(void **state)
{
	const struct sockaddr_un un = { .sun_family = AF_UNIX };
	unsigned char address[NW_NET_OCTETS], other[NW_NET_OCTETS];

	(void)state;
	address_of("192.0.2.1", address);
	assert_int_equal(nw_net_owner_octets(address), 16);
	address_of("::ffff:192.0.2.1", other);
	assert_memory_equal(address, other, sizeof(address));
	address_of("2001:db8::1", address);
	address_of("2001:db8::ffff:2", other);
	assert_int_equal(nw_net_owner_octets(address), 8);
	assert_memory_equal(address, other, 8);
	assert_false(nw_net_address((const void *)&un, address));
}

static void test_texts(void **state)
{
	static const char *const texts[] = {
		"192.0.2.1", "0.0.0.0", "::1", "::", "2001:db8::ffff:2",
		"2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff",
	};
	unsigned char address[NW_NET_OCTETS];
	char text[NW_NET_TEXT_BYTES];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		address_of(texts[i], address);
		assert_string_equal(nw_net_text(address, text), texts[i]);
	}
	address_of("::ffff:192.0.2.1", address);
	assert_string_equal(nw_net_text(address, text), "192.0.2.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
