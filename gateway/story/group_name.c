/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#define COMPONENT_CHARS "abcdefghijklmnopqrstuvwxyz0123456789+-_"
#define DIGITS "0123456789"

static const char *const silent_labels[] = { "www", "feeds", "feed", "rss" };

/* Words of a path that say nothing of what a source is about; "all" and
 * "ctl" may also not be components (RFC 5536 section 3.1.4). */
static const char *const silent_words[] = {
	"all",	"atom",	   "ctl",     "default", "feed", "feeds", "home",
	"index", "json",   "latest",  "rdf",	 "rss",	 "rss2",  "sitemap",
	"sitemaps", "xml",
};

/* Hierarchies that RFC 5536 section 3.1.4 keeps for other purposes. */
static const char *const reserved_roots[] = { "control", "junk", "poster",
					      "to" };

static const char *const reserved_components[] = { "all", "ctl" };

static bool is_one_of(const char *word, const char *const *words,
		      size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

#define IS_ONE_OF(word, words) \
	is_one_of((word), (words), sizeof(words) / sizeof(*(words)))

/* A name while it is built. */
struct name {
	struct nw_arena *arena;
	struct nw_buf text;
	unsigned components;
};

/* Adds a word of COMPONENT_CHARS; past a cap it is left out. */
static void add_component(struct name *name, const char *word)
{
	size_t len = strlen(word), most = NW_GROUP_COMPONENT_OCTETS;
	bool mark = !word[strspn(word, DIGITS)] ||
		    IS_ONE_OF(word, reserved_components) ||
		    (!name->components && IS_ONE_OF(word, reserved_roots));

	if (mark)
		most--;
	if (len > most)
		len = most;
	if (!len || name->components >= NW_GROUP_COMPONENTS ||
	    name->text.len + len + 2 > NW_GROUP_OCTETS)
		return;
	nw_buf_addf(&name->text, "%s%s%.*s", name->components ? "." : "",
		    mark ? "n" : "", (int)len, word);
	name->components++;
}

/* A label is clean but for "_" and must keep the "--" of punycode. */
static void add_label(struct name *name, const char *label)
{
	if (label[strspn(label, COMPONENT_CHARS)] || *label == '_')
		label = nw_utf8_slug(name->arena, label, NW_GROUP_OCTETS);
	if (label)
		add_component(name, label);
}

/* The labels of a host from its end, without one at its start that says
 * nothing of it. */
static void add_host(struct name *name, char *host)
{
	char *dot, *rest = strchr(host, '.');

	if (rest && strchr(rest + 1, '.')) {
		*rest = '\0';
		if (IS_ONE_OF(host, silent_labels))
			host = rest + 1;
		else
			*rest = '.';
	}
	while ((dot = strrchr(host, '.'))) {
		add_label(name, dot + 1);
		*dot = '\0';
	}
	add_label(name, host);
}

/* "192.0.2.1" and "[2001:db8::1]" in their own order. */
static void add_address(struct name *name, char *host)
{
	char *part, *rest = host;

	add_component(name, "ip");
	while ((part = rest)) {
		rest = strpbrk(part, ".:");
		if (rest)
			*rest++ = '\0';
		add_label(name, part);
	}
}

static bool is_address(const char *host)
{
	return strchr(host, ':') || !host[strspn(host, DIGITS ".")];
}

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

static void decode(char *text)
{
	char *out = text;

	for (; *text; text++) {
		if (*text == '%' && hex(text[1]) >= 0 && hex(text[2]) >= 0 &&
		    hex(text[1]) + hex(text[2])) {
			*out++ = (char)(hex(text[1]) << 4 | hex(text[2]));
			text += 2;
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
}

static void add_path(struct name *name, char *path)
{
	char *word, *rest = path, *dot;

	while ((word = rest)) {
		rest = strchr(word, '/');
		if (rest)
			*rest++ = '\0';
		dot = strrchr(word, '.');
		if (dot && dot > word && strlen(dot) <= 6)
			*dot = '\0';
		decode(word);
		word = nw_utf8_slug(name->arena, word,
				    NW_GROUP_COMPONENT_OCTETS);
		if (word && !IS_ONE_OF(word, silent_words))
			add_component(name, word);
	}
}

int nw_ident_group(struct nw_arena *arena, const char *url,
		   const char **name_r, struct nw_error *err)
{
	struct name name = { .arena = arena };
	const char *address = nw_url_resolve(arena, NULL, url);
	struct nw_url parts;
	char *host;

	if (!address || !nw_url_is_web(address) ||
	    nw_url_split(arena, address, &parts) || !parts.host)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: not a web address", url);
	nw_buf_init(&name.text, NW_GROUP_OCTETS);
	host = nw_arena_strdup(arena, parts.host);
	if (is_address(host))
		add_address(&name, host);
	else
		add_host(&name, host);
	if (parts.port)
		add_component(&name,
			      nw_arena_printf(arena, "port%s", parts.port));
	add_path(&name, nw_arena_strdup(arena, parts.path));
	host = nw_arena_strndup(arena, name.text.data, name.text.len);
	nw_buf_free(&name.text);
	if (nw_ident_group_check(host, err))
		return nw_error_prefix(err, "%s", url);
	*name_r = host;
	return 0;
}

char *nw_ident_group_try(struct nw_arena *arena, const char *name,
			 unsigned n)
{
	const char *dot = strrchr(name, '.');
	size_t start = dot ? (size_t)(dot - name) + 1 : 0;
	size_t len = strlen(name), suffix_len, most;
	char suffix[16];

	if (n < 2)
		return nw_arena_strdup(arena, name);
	suffix_len = (size_t)snprintf(suffix, sizeof(suffix), "-%u", n);
	most = start + NW_GROUP_COMPONENT_OCTETS;
	if (most > NW_GROUP_OCTETS)
		most = NW_GROUP_OCTETS;
	if (len > most - suffix_len)
		len = most - suffix_len;
	return nw_arena_printf(arena, "%.*s%s", (int)len, name, suffix);
}

static int refuse(struct nw_error *err, const char *name, const char *why)
{
	return nw_error_set(err, NW_ERROR_USAGE, "group '%s': %s", name, why);
}

static int check_component(const char *name, const char *component,
			   struct nw_error *err)
{
	if (!*component)
		return refuse(err, name, "a part between dots is empty");
	if (strlen(component) > NW_GROUP_COMPONENT_OCTETS)
		return refuse(err, name, "a part between dots is longer than "
					 "30 characters");
	if (component[strspn(component, COMPONENT_CHARS)])
		return refuse(err, name, "only a-z, 0-9, '+', '-' and '_' may "
					 "stand between the dots");
	if (!component[strspn(component, DIGITS)])
		return refuse(err, name, "a part is all digits; put a letter "
					 "to it");
	if (*component == '_')
		return refuse(err, name, "no part may begin with '_'");
	if (IS_ONE_OF(component, reserved_components))
		return refuse(err, name, "'all' and 'ctl' are reserved");
	return 0;
}

int nw_ident_group_check(const char *name, struct nw_error *err)
{
	char copy[NW_GROUP_OCTETS + 1], *component, *rest = copy;
	unsigned count = 0;

	if (strlen(name) > NW_GROUP_OCTETS)
		return refuse(err, name, "longer than 128 characters");
	memcpy(copy, name, strlen(name) + 1);
	while ((component = rest)) {
		rest = strchr(component, '.');
		if (rest)
			*rest++ = '\0';
		if (check_component(name, component, err))
			return -1;
		if (!count++ && IS_ONE_OF(component, reserved_roots))
			return refuse(err, name, "its first part is reserved");
	}
	if (count > NW_GROUP_COMPONENTS)
		return refuse(err, name, "more than 12 parts");
	return 0;
}
