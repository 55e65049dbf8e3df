/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "address.h"

#include <stdio.h>
#include <string.h>

/* Of a message, this much is searched for the end of its headers. */
#define HEADERS_BYTES 65536
#define PORT_DIGITS 5

#define SCHEME "newswire:"
#define FIELD "Archived-At:"

/* RFC 3986, sections 2.1 to 2.3, but for letters and digits. */
static const char marks[] = "%:/?#[]@!$&'()*+,;=-._~";

static gboolean has_prefix(const char *text, const char *prefix)
{
	return g_ascii_strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* What follows "http://" or "https://", or NULL. */
static const char *after_scheme(const char *address)
{
	if (has_prefix(address, "http://"))
		return address + strlen("http://");
	return has_prefix(address, "https://") ? address + strlen("https://")
					       : NULL;
}

static gboolean is_allowed(gunichar c)
{
	if (c < 0x80)
		return g_ascii_isalnum((gchar)c) || strchr(marks, (int)c);
	/* A mark of writing direction makes an address look like another. */
	return g_unichar_isgraph(c) && g_unichar_type(c) != G_UNICODE_FORMAT &&
	       g_unichar_type(c) != G_UNICODE_PRIVATE_USE;
}

static gboolean has_allowed_only(const char *text)
{
	if (!g_utf8_validate(text, -1, NULL))
		return FALSE;
	for (; *text; text = g_utf8_next_char(text))
		if (!is_allowed(g_utf8_get_char(text)))
			return FALSE;
	return TRUE;
}

static gboolean is_port(const char *digits, gsize len)
{
	guint port = 0;
	gsize i;

	for (i = 0; i < len && i < PORT_DIGITS; i++) {
		if (!g_ascii_isdigit(digits[i]))
			return FALSE;
		port = port * 10 + (guint)(digits[i] - '0');
	}
	return i == len && port > 0 && port <= G_MAXUINT16;
}

/* A name or an IPv4 address: labels without anything that is percent-encoded
 * or has a meaning elsewhere in a URL. */
static gboolean is_name(const char *host, gsize len)
{
	gsize i;

	for (i = 0; i < len; i++)
		if (g_ascii_ispunct(host[i]) && !strchr("-._", host[i]))
			return FALSE;
	return len && !strchr("-.", host[0]);
}

static gboolean is_ipv6(const char *host, gsize len)
{
	return len > 2 && host[0] == '[' && host[len - 1] == ']' &&
	       strspn(host + 1, "0123456789abcdefABCDEF:.") == len - 2;
}

static gboolean is_authority(const char *text, gsize len)
{
	const char *end = memchr(text, ']', len);
	const char *from = end ? end : text;
	const char *colon = memchr(from, ':', len - (gsize)(from - text));
	gsize host_len = colon ? (gsize)(colon - text) : len;

	if (colon && !is_port(colon + 1, len - host_len - 1))
		return FALSE;
	return is_name(text, host_len) || is_ipv6(text, host_len);
}

gboolean nw_address_is_web(const char *address)
{
	const char *authority = after_scheme(address);

	return authority && strlen(address) <= NW_ADDRESS_BYTES &&
	       has_allowed_only(address) &&
	       is_authority(authority, strcspn(authority, "/?#"));
}

/* Takes address. */
static char *if_web(char *address)
{
	if (nw_address_is_web(address))
		return address;
	g_free(address);
	return NULL;
}

char *nw_address_of_text(const char *text)
{
	char *address = g_strstrip(g_strdup(text)), *whole;

	if (strstr(address, "://"))
		return if_web(address);
	whole = g_strconcat("https://", address, NULL);
	g_free(address);
	return if_web(whole);
}

char *nw_address_of_clipboard(const char *text)
{
	while (g_ascii_isspace(*text))
		text++;
	return after_scheme(text) || has_prefix(text, "www.")
		       ? nw_address_of_text(text)
		       : NULL;
}

gboolean nw_address_is_uri(const char *uri)
{
	return has_prefix(uri, SCHEME);
}

/* What follows "newswire:". */
static char *of_rest(const char *rest)
{
	if (after_scheme(rest))
		return if_web(g_strdup(rest));
	if (!g_str_has_prefix(rest, "//"))
		return NULL;
	rest += strlen("//");
	if (after_scheme(rest))
		return if_web(g_strdup(rest));
	if (has_prefix(rest, "https//"))
		return if_web(g_strconcat("https:", rest + 5, NULL));
	if (has_prefix(rest, "http//"))
		return if_web(g_strconcat("http:", rest + 4, NULL));
	return if_web(g_strconcat("https://", rest, NULL));
}

char *nw_address_of_uri(const char *uri)
{
	char *rest, *address;

	if (!nw_address_is_uri(uri))
		return NULL;
	rest = g_strchomp(g_strdup(uri + strlen(SCHEME)));
	address = of_rest(rest);
	g_free(rest);
	return address;
}

/* The lines of a field without their folds: inside of a URL white space means
 * nothing (RFC 5064, section 2.2, by RFC 3986, appendix C). */
static char *unfolded(const char *line)
{
	GString *value = g_string_new(NULL);
	gsize len;

	do {
		len = strcspn(line, "\r\n");
		g_string_append_len(value, line, (gssize)len);
		line += len;
		line += *line == '\r';
		line += *line == '\n';
		if (*line != ' ' && *line != '\t')
			break;
		line += strspn(line, " \t");
	} while (*line);
	return g_strstrip(g_string_free(value, FALSE));
}

static char *archived_at(const char *headers)
{
	const char *line;

	for (line = headers; *line && *line != '\r' && *line != '\n';
	     line += line[0] == '\n') {
		if (has_prefix(line, FIELD))
			return unfolded(line + strlen(FIELD));
		line += strcspn(line, "\n");
	}
	return NULL;
}

static char *read_headers(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *headers;
	gsize len;

	if (!file)
		return NULL;
	headers = g_malloc(HEADERS_BYTES + 1);
	len = fread(headers, 1, HEADERS_BYTES, file);
	headers[len] = '\0';
	(void)fclose(file);
	return headers;
}

char *nw_address_of_message(const char *path)
{
	char *headers = read_headers(path);
	char *value = headers ? archived_at(headers) : NULL;
	gsize len = value ? strlen(value) : 0;
	char *address = NULL;

	if (len > 2 && value[0] == '<' && value[len - 1] == '>')
		address = if_web(g_strndup(value + 1, len - 2));
	g_free(value);
	g_free(headers);
	return address;
}
