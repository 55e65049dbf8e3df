/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"

#include "post_private.h"

#define QUOTED_COLUMNS 76	/* RFC 2045 section 6.7, rule 5 */
#define QUOTED_OCTETS 3		/* "=C3" */
#define BASE64_COLUMNS 76	/* section 6.8 */
#define BASE64_OCTETS (BASE64_COLUMNS / 4 * 3)	/* on a line */

/* What must be quoted within a line: all but printable ASCII without "=". */
static bool is_plain(unsigned char c)
{
	return (c >= ' ' && c <= '~' && c != '=') || c == '\t';
}

static const char *line_end(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));

	return lf ? lf : end;
}

/* mbox files alter such a line, which must not happen to markup. */
static bool is_from_line(const char *at, const char *end)
{
	return end - at >= 5 && !memcmp(at, "From ", 5);
}

/* Whether text may stand in a message as it is; ascii_r: in 7bit too. */
static bool fits_plain(const char *text, size_t len, const char *mark,
		       bool *ascii_r)
{
	const char *at, *end = text + len, *next;

	*ascii_r = true;
	for (at = text; at < end; at = next + 1) {
		next = line_end(at, end);
		if (next - at > NW_LINE_OCTETS || is_from_line(at, next))
			return false;
		for (; at < next; at++) {
			unsigned char c = (unsigned char)*at;

			if (c >= 0x80)
				*ascii_r = false;
			else if (!is_plain(c) && c != '=')
				return false;
		}
	}
	return !strstr(text, mark);
}

enum nw_transfer nw_transfer_choose(const char *text, size_t len,
				    const char *mark)
{
	bool ascii;

	if (fits_plain(text, len, mark, &ascii))
		return ascii ? NW_TRANSFER_7BIT : NW_TRANSFER_8BIT;
	return NW_TRANSFER_QUOTED_PRINTABLE;
}

void nw_transfer_crlf(struct nw_buf *out, const char *text, size_t len)
{
	const char *at = text, *end = text + len, *next;

	for (; at < end; at = next + 1) {
		next = line_end(at, end);
		nw_buf_add(out, at, (size_t)(next - at));
		nw_buf_adds(out, "\r\n");
	}
}

static void quote_octet(struct nw_buf *out, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char quoted[QUOTED_OCTETS] = { '=', digits[c >> 4],
					     digits[c & 15] };

	nw_buf_add(out, quoted, sizeof(quoted));
}

/* White space at the end of a line would get lost on the way, and with it the
 * flow of format=flowed. */
static void quote_line(struct nw_buf *out, const char *at, const char *end)
{
	size_t start = out->len;
	bool from = is_from_line(at, end);

	for (; at < end; at++) {
		bool last = at + 1 == end;
		bool plain = is_plain((unsigned char)*at) && !from &&
			     !(last && (*at == ' ' || *at == '\t'));
		size_t need = (plain ? 1 : QUOTED_OCTETS) + !last;

		if (out->len - start + need > QUOTED_COLUMNS) {
			nw_buf_adds(out, "=\r\n");
			start = out->len;
		}
		if (plain)
			nw_buf_addc(out, *at);
		else
			quote_octet(out, (unsigned char)*at);
		from = false;
	}
	nw_buf_adds(out, "\r\n");
}

void nw_transfer_quote(struct nw_buf *out, const char *text, size_t len)
{
	const char *at = text, *end = text + len, *next;

	for (; at < end && nw_buf_ok(out); at = next + 1) {
		next = line_end(at, end);
		quote_line(out, at, next);
	}
}

/* base64, padded; returns where it ends. */
static char *encode(char *to, const unsigned char *from, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";

	for (; len >= 3; len -= 3, from += 3) {
		*to++ = digits[from[0] >> 2];
		*to++ = digits[(from[0] & 3) << 4 | from[1] >> 4];
		*to++ = digits[(from[1] & 15) << 2 | from[2] >> 6];
		*to++ = digits[from[2] & 63];
	}
	if (len) {
		*to++ = digits[from[0] >> 2];
		*to++ = digits[(from[0] & 3) << 4 |
			       (len == 2 ? from[1] >> 4 : 0)];
		*to++ = len == 2 ? digits[(from[1] & 15) << 2] : '=';
		*to++ = '=';
	}
	return to;
}

void nw_transfer_digits(struct nw_buf *out, const char *bytes, size_t len)
{
	char *to = nw_buf_reserve(out, (len + 2) / 3 * 4), *end;

	if (!to)
		return;
	end = encode(to, (const unsigned char *)bytes, len);
	out->len += (size_t)(end - to);
	*end = '\0';
}

void nw_transfer_base64(struct nw_buf *out, const char *bytes, size_t len)
{
	size_t lines = (len + BASE64_OCTETS - 1) / BASE64_OCTETS, have;
	char *to = nw_buf_reserve(out, lines * (BASE64_COLUMNS + 2));
	char *at = to;

	if (!to)
		return;
	for (; len; len -= have, bytes += have) {
		have = len < BASE64_OCTETS ? len : BASE64_OCTETS;
		at = encode(at, (const unsigned char *)bytes, have);
		*at++ = '\r';
		*at++ = '\n';
	}
	out->len += (size_t)(at - to);
	*at = '\0';
}
