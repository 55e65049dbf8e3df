/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <unictype.h>
#include <uniwidth.h>

#include "newswire/utf8.h"
#include "utf8_private.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define REPLACEMENT 0xFFFD

/*
 * RFC 3629 section 4.  The second octet alone tells overlong forms and
 * surrogates apart, so each lead octet has a range for it.
 */
static size_t sequence(const unsigned char *p, size_t left, uint32_t *point)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t want, i;

	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	want = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (want > left)
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	*point = p[0] & (0x7fu >> want);
	*point = *point << 6 | (p[1] & 0x3fu);
	for (i = 2; i < want; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (p[i] & 0x3fu);
	}
	return want;
}

size_t nw_utf8_valid(const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	uint64_t eight;
	uint32_t point;
	size_t at = 0, step;

	while (at < len) {
		if (len - at >= sizeof(eight)) {
			memcpy(&eight, p + at, sizeof(eight));
			if (!(eight & HIGH_BITS)) {
				at += sizeof(eight);
				continue;
			}
		}
		if (p[at] < 0x80) {
			at++;
			continue;
		}
		step = sequence(p + at, len - at, &point);
		if (!step)
			break;
		at += step;
	}
	return at;
}

uint32_t nw_utf8_next(const char *bytes, size_t len, size_t *at)
{
	const unsigned char *p = (const unsigned char *)bytes + *at;
	uint32_t point = REPLACEMENT;
	size_t step = 1;

	if (*p < 0x80)
		point = *p;
	else
		step = sequence(p, len - *at, &point);
	if (!step) {
		point = REPLACEMENT;
		step = 1;
	}
	*at += step;
	return point;
}

size_t nw_utf8_put(uint32_t point, char bytes_r[4])
{
	unsigned char *p = (unsigned char *)bytes_r;
	size_t len, i;

	if (point < 0x80) {
		p[0] = (unsigned char)point;
		return 1;
	}
	if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	len = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	for (i = len - 1; i > 0; i--) {
		p[i] = (unsigned char)(0x80 | (point & 0x3f));
		point >>= 6;
	}
	p[0] = (unsigned char)((0xf00u >> len & 0xff) | point);
	return len;
}

bool nw_utf8_is_space(uint32_t point)
{
	if (point < 0x1680)
		return (point >= 0x09 && point <= 0x0d) || point == 0x20 ||
		       point == 0x85 || point == 0xa0;
	return (point >= 0x2000 && point <= 0x200b) || point == 0x1680 ||
	       point == 0x2028 || point == 0x2029 || point == 0x202f ||
	       point == 0x205f || point == 0x3000;
}

/* What would move a terminal's cursor, or turn the order of a line. */
static bool is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point <= 0x9f) ||
	       (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069);
}

bool utf8_is_half(const char *bytes, size_t len)
{
	const unsigned char lead = (unsigned char)bytes[0];
	size_t i;

	for (i = 1; i < len; i++)
		if (((unsigned char)bytes[i] & 0xc0) != 0x80)
			return false;
	return lead >= 0xc2 && lead <= 0xf4 &&
	       len < (lead < 0xe0 ? 2u : lead < 0xf0 ? 3u : 4u);
}

void nw_utf8_printable(char *text)
{
	size_t len = strlen(text), at = 0, out = 0, start;
	uint32_t point;

	while (at < len && !utf8_is_half(text + at, len - at)) {
		start = at;
		point = nw_utf8_next(text, len, &at);
		if (is_control(point) ||
		    (point == REPLACEMENT && at == start + 1)) {
			text[out++] = '?';
			continue;
		}
		memmove(text + out, text + start, at - start);
		out += at - start;
	}
	text[out] = '\0';
}

size_t nw_utf8_width(const char *text, size_t len)
{
	size_t at = 0, columns = 0;
	int width;

	while (at < len) {
		unsigned char c = (unsigned char)text[at];

		if (c < 0x80) {
			columns += c >= 0x20 && c != 0x7f;
			at++;
			continue;
		}
		width = uc_width(nw_utf8_next(text, len, &at), "UTF-8");
		if (width > 0)
			columns += (size_t)width;
	}
	return columns;
}
