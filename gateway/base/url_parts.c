/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "newswire/limits.h"
#include "url_private.h"

#define HOST_BYTES 253	/* RFC 1035 section 2.3.4, as text */

static const char capitals[] = "0123456789ABCDEF";

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 3986 section 2.3. */
static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

/* RFC 3986 section 3.3: pchar, without the escape. */
static bool is_pchar(unsigned char c)
{
	switch (c) {
	case '!': case '$': case '&': case '\'': case '(': case ')': case '*':
	case '+': case ',': case ';': case '=': case ':': case '@':
		return true;
	default:
		return is_unreserved(c);
	}
}

static int escape_at(const char *bytes, size_t len)
{
	if (len < 3 || bytes[0] != '%' || hex(bytes[1]) < 0 ||
	    hex(bytes[2]) < 0)
		return -1;
	return hex(bytes[1]) << 4 | hex(bytes[2]);
}

static void add_escaped(struct nw_buf *out, unsigned char c)
{
	const char text[3] = { '%', capitals[c >> 4], capitals[c & 15] };

	nw_buf_add(out, text, sizeof(text));
}

void url_add_encoded(struct nw_buf *out, const char *bytes, size_t len,
		     const char *keep)
{
	size_t at = 0, run;
	int octet;

	while (at < len) {
		run = at;
		while (run < len && (is_pchar((unsigned char)bytes[run]) ||
				     (bytes[run] && strchr(keep, bytes[run]))))
			run++;
		nw_buf_add(out, bytes + at, run - at);
		at = run;
		if (at == len)
			return;
		octet = escape_at(bytes + at, len - at);
		if (octet >= 0 && is_unreserved((unsigned char)octet))
			nw_buf_addc(out, (char)octet);
		else
			add_escaped(out, octet >= 0 ? (unsigned char)octet
						    : (unsigned char)bytes[at]);
		at += octet >= 0 ? 3 : 1;
	}
}

void url_add_path(struct nw_buf *out, const char *bytes, size_t len, bool web)
{
	const char *slash;
	size_t run;

	while (len) {
		slash = web ? memchr(bytes, '\\', len) : NULL;
		run = slash ? (size_t)(slash - bytes) : len;
		url_add_encoded(out, bytes, run, "/");
		if (slash) {
			nw_buf_addc(out, '/');
			run++;
		}
		bytes += run;
		len -= run;
	}
}

static int add_ipv6(struct nw_buf *out, const char *text, size_t len)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr in6;

	if (len < 2 || len - 2 >= sizeof(address) || text[len - 1] != ']')
		return -1;
	memcpy(address, text + 1, len - 2);
	address[len - 2] = '\0';
	if (inet_pton(AF_INET6, address, &in6) != 1 ||
	    !inet_ntop(AF_INET6, &in6, address, sizeof(address)))
		return -1;
	nw_buf_addf(out, "[%s]", address);
	return 0;
}

/* One number of an IPv4 address: decimal, octal or hexadecimal (WHATWG URL
 * section 3.5); -1 when it is none. */
static int64_t ipv4_number(const char *text, size_t len)
{
	int64_t value = 0;
	int base = 10, digit;

	if (len > 1 && text[0] == '0') {
		base = (text[1] | 0x20) == 'x' ? 16 : 8;
		text += base == 16 ? 2 : 1;
		len -= base == 16 ? 2 : 1;
	} else if (!len) {
		return -1;
	}
	for (; len; text++, len--) {
		digit = hex(*text);
		if (digit < 0 || digit >= base || value > UINT32_MAX)
			return -1;
		value = value * base + digit;
	}
	return value;
}

/* 1: the host was an address and was added; 0: it is a name; -1. */
static int add_ipv4(struct nw_buf *out, const char *host)
{
	int64_t address = 0, value;
	size_t len, parts = 0;
	const char *last = strrchr(host, '.');

	last = last ? last + 1 : host;
	if (ipv4_number(last, strlen(last)) < 0 &&
	    strspn(last, "0123456789") != strlen(last))
		return 0;
	do {
		len = strcspn(host, ".");
		value = ipv4_number(host, len);
		if (value < 0 || ++parts > 4)
			return -1;
		if (host[len] ? value > 255
			      : value >= INT64_C(1) << 8 * (5 - parts))
			return -1;
		address |= host[len] ? value << 8 * (4 - parts) : value;
		host += len;
	} while (*host++);
	nw_buf_addf(out, "%d.%d.%d.%d", (int)(address >> 24),
		    (int)(address >> 16 & 255), (int)(address >> 8 & 255),
		    (int)(address & 255));
	return 1;
}

static int add_name(struct nw_buf *out, char *name)
{
	size_t len = strlen(name);
	int found;

	if (len > 1 && name[len - 1] == '.')
		name[--len] = '\0';
	if (!len || len > HOST_BYTES || *name == '.' || strstr(name, "..") ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-._") != len)
		return -1;
	found = add_ipv4(out, name);
	if (!found)
		nw_buf_add(out, name, len);
	return found < 0 ? -1 : 0;
}

/* UTS 46 as browsers apply it; text of ASCII only needs none of it. */
static int add_idn(struct nw_buf *out, const char *name)
{
	char *ascii = NULL;
	int failed = -1;

	if (idn2_to_ascii_8z(name, &ascii,
			     IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) ==
			     IDN2_OK)
		failed = add_name(out, ascii);
	free(ascii);
	return failed;
}

int url_add_host(struct nw_buf *out, const char *host, size_t len)
{
	char name[2 * HOST_BYTES + 2];
	bool ascii = true;
	size_t at, to = 0;
	int octet;

	if (len && *host == '[')
		return add_ipv6(out, host, len);
	for (at = 0; at < len; at++) {
		octet = escape_at(host + at, len - at);
		if (octet >= 0)
			at += 2;
		else
			octet = (unsigned char)host[at];
		if (to + 1 >= sizeof(name) || !octet)
			return -1;
		if (octet >= 'A' && octet <= 'Z')
			octet |= 0x20;
		if (octet >= 0x80)
			ascii = false;
		name[to++] = (char)octet;
	}
	name[to] = '\0';
	return ascii ? add_name(out, name) : add_idn(out, name);
}
