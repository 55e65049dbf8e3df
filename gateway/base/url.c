/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "url_private.h"

/* What newswire follows.  A web scheme is read as browsers read their
 * "special" schemes: "\" is "/", and there is always a host. */
static const struct scheme {
	const char *name;
	const char *port;	/* the default, never written */
	bool web;
} schemes[] = {
	{ "http", "80", true },
	{ "https", "443", true },
	{ "ftp", "21", true },
	{ "news", "119", false },
	{ "nntp", "119", false },
	{ "mailto", NULL, false },
	{ "tel", NULL, false },
};

/* A piece of the text that is being read; at is NULL when it is absent. */
struct span {
	const char *at;
	size_t len;
};

/* RFC 3986 section 3: scheme ":" ["//" authority] path ["?" query] ["#"
 * fragment]. */
struct parts {
	const struct scheme *scheme;
	struct span authority, path, query, fragment;
};

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Length of "scheme" when text begins with "scheme:", else 0. */
static size_t scheme_len(const char *text)
{
	size_t len = 0;

	if (!is_alpha(*text))
		return 0;
	while (is_alpha(text[len]) || is_digit(text[len]) ||
	       (text[len] && strchr("+-.", text[len])))
		len++;
	return text[len] == ':' ? len : 0;
}

static bool equal_fold(const char *text, const char *lower, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((is_alpha(text[i]) ? text[i] | 0x20 : text[i]) != lower[i])
			return false;
	return !lower[len];
}

static const struct scheme *find_scheme(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (strlen(schemes[i].name) == len &&
		    equal_fold(text, schemes[i].name, len))
			return &schemes[i];
	return NULL;
}

static bool is_slash(const struct scheme *scheme, char c)
{
	return c == '/' || (c == '\\' && scheme && scheme->web);
}

static struct span span_until(const char **text, const char *stop)
{
	struct span span = { *text, strcspn(*text, stop) };

	*text += span.len;
	return span;
}

static void split_behind_authority(const char *text, struct parts *parts)
{
	parts->path = span_until(&text, "?#");
	if (*text == '?') {
		text++;
		parts->query = span_until(&text, "#");
	}
	if (*text == '#') {
		text++;
		parts->fragment = span_until(&text, "");
	}
}

/*
 * Splits a reference; base is the scheme that one without a scheme has.
 * Browsers read "https:path" as relative and "https:/host" as absolute (WHATWG
 * URL section 4.4, special authority states).
 */
static int split(const char *text, const struct scheme *base,
		 struct parts *parts_r)
{
	size_t len = scheme_len(text), slashes = 0;
	const struct scheme *scheme = base;
	struct parts parts = { .scheme = NULL };
	bool web;

	if (len) {
		scheme = parts.scheme = find_scheme(text, len);
		if (!scheme)
			return -1;
		text += len + 1;
	}
	web = scheme && scheme->web;
	while (is_slash(scheme, text[slashes]))
		slashes++;
	if (len && web && scheme == base && slashes < 2)
		parts.scheme = NULL;
	if (slashes >= 2 || (web && parts.scheme)) {
		text += web ? slashes : 2;
		parts.authority = span_until(&text, web ? "/\\?#" : "/?#");
	}
	split_behind_authority(text, &parts);
	*parts_r = parts;
	return 0;
}

/* [userinfo "@"] host [":" port]; the user information is dropped. */
static void split_authority(struct span authority, struct span *host_r,
			    struct span *port_r)
{
	const char *end = authority.at + authority.len, *at = end, *port = end;

	while (at > authority.at && at[-1] != '@')
		at--;
	while (port > at && is_digit(port[-1]))
		port--;
	*port_r = (struct span){ port, (size_t)(end - port) };
	if (port > at && port[-1] == ':')
		end = port - 1;
	else
		port_r->len = 0;
	*host_r = (struct span){ at, (size_t)(end - at) };
}

static int add_port(struct nw_buf *out, const struct scheme *scheme,
		    struct span port)
{
	unsigned number = 0;
	size_t i;

	while (port.len > 1 && *port.at == '0') {
		port.at++;
		port.len--;
	}
	for (i = 0; i < port.len && number <= 65535; i++)
		number = number * 10 + (unsigned)(port.at[i] - '0');
	if (number > 65535)
		return -1;
	if (!port.len || (scheme->port && strlen(scheme->port) == port.len &&
			  !memcmp(scheme->port, port.at, port.len)))
		return 0;
	nw_buf_addc(out, ':');
	nw_buf_add(out, port.at, port.len);
	return 0;
}

static int add_authority(struct nw_buf *out, const struct scheme *scheme,
			 struct span authority)
{
	struct span host, port;

	split_authority(authority, &host, &port);
	if (url_add_host(out, host.at, host.len))
		return -1;
	return add_port(out, scheme, port);
}

/*
 * RFC 3986 section 5.2.4 on normalised text, in place: buf from start on is a
 * path that begins with "/".
 */
static void remove_dots(struct nw_buf *buf, size_t start)
{
	char *path = buf->data + start, *in = path, *out = path, *next;
	size_t len;

	while (*in) {
		next = strchr(in + 1, '/');
		len = next ? (size_t)(next - in) : strlen(in);
		if (len == 2 && in[1] == '.') {
			if (!next)
				*out++ = '/';
		} else if (len == 3 && in[1] == '.' && in[2] == '.') {
			while (out > path && *--out != '/')
				;
			if (!next)
				*out++ = '/';
		} else {
			memmove(out, in, len);
			out += len;
		}
		in += len;
	}
	nw_buf_cut(buf, start + (size_t)(out - path));
}

static void add_spans(struct nw_buf *out, const struct parts *parts)
{
	if (parts->query.at) {
		nw_buf_addc(out, '?');
		url_add_encoded(out, parts->query.at, parts->query.len, "/?");
	}
	if (parts->fragment.at) {
		nw_buf_addc(out, '#');
		url_add_encoded(out, parts->fragment.at, parts->fragment.len,
				"/?");
	}
}

static void add_path(struct nw_buf *out, const struct parts *base,
		     const struct parts *parts)
{
	size_t start = out->len, dir = base ? base->path.len : 0;
	bool web = parts->scheme->web;

	if (parts->path.len && !is_slash(parts->scheme, *parts->path.at) &&
	    base) {
		while (dir && !is_slash(parts->scheme, base->path.at[dir - 1]))
			dir--;
		url_add_path(out, base->path.at, dir, web);
	}
	if (out->len == start &&
	    (!parts->path.len || !is_slash(parts->scheme, *parts->path.at)))
		nw_buf_addc(out, '/');
	url_add_path(out, parts->path.at, parts->path.len, web);
	if (nw_buf_ok(out))
		remove_dots(out, start);
}

/* mailto, tel and news without "//": all but the scheme is opaque. */
static int add_opaque(struct nw_buf *out, const struct parts *parts)
{
	if (!parts->path.len)
		return -1;
	url_add_encoded(out, parts->path.at, parts->path.len, "/");
	add_spans(out, parts);
	return 0;
}

/* RFC 3986 section 5.2.2. */
static int resolve(struct nw_buf *out, const struct parts *base,
		   struct parts *parts)
{
	const struct parts *path_base = NULL;

	if (!parts->scheme) {
		if (!base || (!base->authority.at && parts->path.len))
			return -1;
		parts->scheme = base->scheme;
		if (!parts->authority.at) {
			parts->authority = base->authority;
			path_base = base;
			if (!parts->path.len) {
				parts->path = base->path;
				path_base = NULL;
				if (!parts->query.at)
					parts->query = base->query;
			}
		}
	}
	nw_buf_adds(out, parts->scheme->name);
	nw_buf_addc(out, ':');
	if (!parts->authority.at)
		return add_opaque(out, parts);
	nw_buf_adds(out, "//");
	if (add_authority(out, parts->scheme, parts->authority))
		return -1;
	add_path(out, path_base, parts);
	add_spans(out, parts);
	return 0;
}

/* WHATWG URL section 4.4: white space and controls around it, tabs and line
 * ends inside are not part of a URL. */
static int trim(struct nw_buf *out, const char *text)
{
	size_t len, run;

	while (*text && (unsigned char)*text <= ' ')
		text++;
	len = strnlen(text, 2 * NW_FETCH_URL_BYTES);
	while (len && (unsigned char)text[len - 1] <= ' ')
		len--;
	while (len) {
		run = strcspn(text, "\t\n\r");
		if (run > len)
			run = len;
		nw_buf_add(out, text, run);
		run += run < len;
		text += run;
		len -= run;
	}
	return nw_buf_ok(out) ? 0 : -1;
}

char *nw_url_resolve(struct nw_arena *arena, const char *base,
		     const char *reference)
{
	struct nw_buf out, ref, base_text;
	struct parts base_parts, parts;
	char *url = NULL;

	nw_buf_init(&out, NW_FETCH_URL_BYTES);
	nw_buf_init(&ref, NW_FETCH_URL_BYTES);
	nw_buf_init(&base_text, NW_FETCH_URL_BYTES);
	if (!reference || trim(&ref, reference))
		goto fail;
	if (base && (trim(&base_text, base) ||
		     split(base_text.data, NULL, &base_parts) ||
		     !base_parts.scheme))
		goto fail;
	if (split(ref.data, base ? base_parts.scheme : NULL, &parts) ||
	    resolve(&out, base ? &base_parts : NULL, &parts) ||
	    !nw_buf_ok(&out))
		goto fail;
	url = nw_arena_strndup(arena, out.data, out.len);
fail:
	nw_buf_free(&base_text);
	nw_buf_free(&ref);
	nw_buf_free(&out);
	return url;
}

static char *copy(struct nw_arena *arena, struct span span)
{
	return span.at ? nw_arena_strndup(arena, span.at, span.len) : NULL;
}

static void lower(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text | 0x20);
}

int nw_url_split(struct nw_arena *arena, const char *url,
		 struct nw_url *url_r)
{
	struct nw_url result = { .scheme = NULL };
	struct span host = { NULL, 0 }, port = { NULL, 0 };
	struct parts parts;
	char *name;

	if (!url || split(url, NULL, &parts) || !parts.scheme)
		return -1;
	if (parts.authority.at)
		split_authority(parts.authority, &host, &port);
	if (parts.scheme->web && !host.len)
		return -1;
	name = copy(arena, host);
	if (name)
		lower(name);
	result.scheme = parts.scheme->name;
	result.host = name;
	result.port = port.len ? copy(arena, port) : NULL;
	result.path = copy(arena, parts.path);
	result.query = copy(arena, parts.query);
	result.fragment = copy(arena, parts.fragment);
	*url_r = result;
	return 0;
}

bool nw_url_is_web(const char *url)
{
	size_t len;

	if (!url)
		return false;
	len = scheme_len(url);
	if (!len || (!equal_fold(url, "http", len) &&
		     !equal_fold(url, "https", len)))
		return false;
	url += len + 1;
	return url[0] == '/' && url[1] == '/' && url[2] &&
	       !strchr("/?#:", url[2]);
}

bool nw_url_is_front_page(struct nw_arena *arena, const char *url)
{
	struct nw_url parts;

	return nw_url_split(arena, url, &parts) == 0 && parts.host &&
	       strcmp(parts.path, "/") == 0 && !parts.query;
}
