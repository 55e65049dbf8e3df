/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <openssl/sha.h>

#include "newswire/buf.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#define KEY_BYTES (2 * NW_FETCH_URL_BYTES)
#define ID_OCTETS 16	   /* 128 bits of the hash name a story */
#define REVISION_OCTETS 5  /* 40 bits tell its revisions apart */

/* Labels before a host that name a variant of the same site. */
static const char *const variant_labels[] = { "www.", "amp.", "m.",
					      "mobile." };

/* Ends of a path that name a variant of the same page. */
static const char *const variant_ends[] = { "/amp", ".amp", "/" };

/* Parameters of a query that name a view of the same page; a value that ends
 * in "*" stands for all that begin so, NULL for a name without a value. */
static const struct {
	const char *name, *value;
} variant_parameters[] = {
	{ "outputType", "amp" },
	{ "amp", NULL },
	{ "amp", "" },
	{ "amp", "1" },
	{ "page", "with:block*" },	/* an update of a live page */
	{ "page", "with%3Ablock*" },
};

static const char *skip_variant_labels(const char *host)
{
	size_t i = 0;

	while (i < sizeof(variant_labels) / sizeof(*variant_labels)) {
		size_t len = strlen(variant_labels[i]);

		if (!strncmp(host, variant_labels[i], len) &&
		    strchr(host + len, '.')) {
			host += len;
			i = 0;
		} else {
			i++;
		}
	}
	return host;
}

static size_t path_length(const char *path)
{
	size_t len = strlen(path), i = 0, cut;

	while (i < sizeof(variant_ends) / sizeof(*variant_ends)) {
		cut = strlen(variant_ends[i]);
		if (len >= cut &&
		    !memcmp(path + len - cut, variant_ends[i], cut)) {
			len -= cut;
			i = 0;
		} else {
			i++;
		}
	}
	return len;
}

static bool matches(const char *value, size_t len, const char *pattern)
{
	size_t want = strlen(pattern);

	if (want && pattern[want - 1] == '*')
		return len >= want - 1 &&
		       !strncasecmp(value, pattern, want - 1);
	return len == want && !strncasecmp(value, pattern, want);
}

static bool is_variant_parameter(const char *text, size_t len)
{
	const char *equals = memchr(text, '=', len);
	size_t name = equals ? (size_t)(equals - text) : len, i;

	for (i = 0;
	     i < sizeof(variant_parameters) / sizeof(*variant_parameters);
	     i++) {
		const char *value = variant_parameters[i].value;

		if (!matches(text, name, variant_parameters[i].name))
			continue;
		if (!equals ? !value :
			      value && matches(equals + 1, len - name - 1,
					       value))
			return true;
	}
	return false;
}

static void add_query(struct nw_buf *key, const char *query)
{
	char mark = '?';
	size_t len;

	for (; *query; query += len + (query[len] == '&')) {
		len = strcspn(query, "&");
		if (!len || is_variant_parameter(query, len))
			continue;
		nw_buf_addc(key, mark);
		nw_buf_add(key, query, len);
		mark = '&';
	}
}

/* Days of a ticker differ by nothing else. */
static bool is_ticker_day(const char *fragment)
{
	static const char pattern[] = NW_TICKER_MARK "0000-00-00";
	size_t i;

	for (i = 0; fragment[i] && pattern[i]; i++)
		if (pattern[i] == '0' ? !strchr("0123456789", fragment[i])
				      : fragment[i] != pattern[i])
			return false;
	return !fragment[i] && !pattern[i];
}

static char *web_key(struct nw_arena *arena, const char *address)
{
	struct nw_url url;
	struct nw_buf key;
	char *copy;

	address = nw_url_resolve(arena, NULL, address);
	if (address)
		address = nw_url_strip_tracking(arena, address, true);
	if (!address || nw_url_split(arena, address, &url) || !url.host)
		return NULL;
	nw_buf_init(&key, KEY_BYTES);
	nw_buf_adds(&key, skip_variant_labels(url.host));
	if (url.port)
		nw_buf_addf(&key, ":%s", url.port);
	nw_buf_add(&key, url.path, path_length(url.path));
	if (url.query)
		add_query(&key, url.query);
	if (url.fragment && is_ticker_day(url.fragment))
		nw_buf_addf(&key, "#%s", url.fragment);
	copy = nw_arena_strndup(arena, key.data, key.len);
	nw_buf_free(&key);
	return copy;
}

char *nw_ident_key(struct nw_arena *arena, const char *name)
{
	char *line;

	if (!name)
		return NULL;
	line = nw_utf8_line(arena, name, strlen(name), KEY_BYTES);
	if (line && nw_url_is_web(line)) {
		char *key = web_key(arena, line);

		if (key)
			return key;
	}
	return line;
}

/* Whether a name is one of the whole world: an address or a URI such as
 * "tag:" and "urn:".  A bare number or word is one of its site only. */
static bool is_global(const char *name)
{
	static const char scheme[] = "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "+-.0123456789";
	size_t len = strspn(name, scheme);

	return len > 1 && name[len] == ':' && name[len + 1] &&
	       !strchr("+-.0123456789", *name);
}

static const char *site_of(struct nw_arena *arena,
			   const struct nw_story *story)
{
	const char *address =
		story->canonical_url ? story->canonical_url : story->url;
	struct nw_url url;

	if (!address || !nw_url_is_web(address) ||
	    nw_url_split(arena, address, &url) || !url.host)
		return NULL;
	return skip_variant_labels(url.host);
}

struct keys {
	const char **items;
	size_t count;
};

static void add_key(struct nw_arena *arena, struct keys *keys,
		    const char *name, const char *site)
{
	const char *key = nw_ident_key(arena, name);
	size_t i;

	if (!key)
		return;
	if (site && !is_global(name))
		key = nw_arena_printf(arena, "%s#%s", site, key);
	for (i = 0; i < keys->count; i++)
		if (!strcmp(keys->items[i], key))
			return;
	keys->items = nw_arena_grow(arena, keys->items, keys->count,
				    sizeof(*keys->items));
	keys->items[keys->count++] = key;
}

size_t nw_ident_keys(struct nw_arena *arena, const struct nw_story *story,
		     const char ***keys_r)
{
	const char *site = site_of(arena, story);
	struct keys keys = { NULL, 0 };
	size_t i;

	add_key(arena, &keys, story->canonical_url, NULL);
	add_key(arena, &keys, story->url, NULL);
	for (i = 0; i < story->alias_count; i++)
		add_key(arena, &keys, story->aliases[i], site);
	*keys_r = keys.items;
	return keys.count;
}

/* RFC 4648 section 6 in lower case, without padding. */
static char *base32(struct nw_arena *arena, const unsigned char *octets,
		    size_t len)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	char *text = nw_arena_alloc(arena, (len * 8 + 4) / 5 + 1), *at = text;
	unsigned bits = 0, held = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		held = held << 8 | octets[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*at++ = digits[held >> (bits - 5) & 31];
		held &= (1u << bits) - 1;
	}
	if (bits)
		*at = digits[held << (5 - bits) & 31];
	return text;
}

static char *hash(struct nw_arena *arena, const char *text, size_t len,
		  size_t octets)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	(void)SHA256((const unsigned char *)text, len, digest);
	return base32(arena, digest, octets);
}

char *nw_ident_hash(struct nw_arena *arena, const char *text, size_t len)
{
	return hash(arena, text, len, ID_OCTETS);
}

/* The hash over the words with a NUL between each two. */
static char *hash_words(struct nw_arena *arena, const char *const *words,
			size_t count)
{
	size_t len = 0, i;
	char *text, *at;

	for (i = 0; i < count; i++)
		len += strlen(words[i]) + 1;
	text = at = nw_arena_alloc(arena, len);
	for (i = 0; i < count; i++) {
		size_t word = strlen(words[i]);

		memcpy(at, words[i], word);
		at += word + 1;
	}
	return nw_ident_hash(arena, text, len - 1);
}

char *nw_ident_story_id(struct nw_arena *arena, const char *key,
			const char *domain)
{
	const char *const words[] = { "story", key };

	return nw_arena_printf(arena, "<s.%s@%s>",
			       hash_words(arena, words, 2), domain);
}

char *nw_ident_update_id(struct nw_arena *arena, const char *story_key,
			 const char *update_key, const char *domain)
{
	const char *const words[] = { "update", story_key, update_key };

	return nw_arena_printf(arena, "<u.%s@%s>",
			       hash_words(arena, words, 3), domain);
}

char *nw_ident_revision_id(struct nw_arena *arena, const char *first_id,
			   const char *content)
{
	size_t local = strcspn(first_id, "@");

	return nw_arena_printf(arena, "%.*s.%s%s", (int)local, first_id,
			       hash(arena, content, strlen(content),
				    REVISION_OCTETS),
			       first_id + local);
}
