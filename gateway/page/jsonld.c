/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "newswire/html.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "page_private.h"

/* Typed objects that one page may have. */
#define OBJECTS 4096
/* Members of a list of people that are looked at. */
#define PEOPLE 200

/* Where a page says what it is about by an object within another. */
static const char *const inner[] = { "@graph", "mainEntity",
				     "mainEntityOfPage", "hasPart" };

static void collect(struct nw_page *page, json_t *value, unsigned depth);

static void collect_object(struct nw_page *page, json_t *object,
			   unsigned depth)
{
	size_t i;

	if (json_object_get(object, "@type") && page->jsonld_count < OBJECTS) {
		page->jsonld = nw_arena_grow(page->arena, page->jsonld,
					     page->jsonld_count,
					     sizeof(*page->jsonld));
		page->jsonld[page->jsonld_count++] = object;
	}
	for (i = 0; i < sizeof(inner) / sizeof(inner[0]); i++)
		collect(page, json_object_get(object, inner[i]), depth + 1);
}

/* Recursion ends at a depth that no page has reason to reach. */
static void collect(struct nw_page *page, json_t *value, unsigned depth)
{
	json_t *member;
	size_t i;

	if (depth > 8)
		return;
	if (json_is_object(value))
		collect_object(page, value, depth);
	else if (json_is_array(value))
		json_array_foreach(value, i, member)
			collect(page, member, depth + 1);
}

static bool is_jsonld(const xmlNode *node)
{
	const char *type;

	if (!nw_dom_is(node, "script"))
		return false;
	type = nw_dom_attr(node, "type");
	return type && !strncasecmp(type, "application/ld+json", 19);
}

/* A script may hold several values one after the other. */
static void load_script(struct nw_page *page, const char *text, size_t len)
{
	while (len) {
		size_t used;
		json_t *value = nw_jsonld_parse(text, len, &used);

		if (value && !json_array_append_new(page->jsonld_root, value))
			collect(page, value, 0);
		text += used;
		len -= used;
	}
}

void nw_jsonld_load(struct nw_page *page)
{
	const xmlNode *node = page->html;
	size_t left = NW_PAGE_JSONLD_BYTES;

	page->jsonld_root = json_array();
	for (; node && page->jsonld_root;
	     node = nw_dom_next(node, page->html, false)) {
		const char *text;
		size_t len;

		if (!is_jsonld(node) || !node->children ||
		    !node->children->content)
			continue;
		text = (const char *)node->children->content;
		len = strlen(text);
		if (len > left)
			continue;
		left -= len;
		load_script(page, text, len);
	}
}

void nw_jsonld_free(struct nw_page *page)
{
	json_decref(page->jsonld_root);
	page->jsonld_root = NULL;
	page->jsonld = NULL;
	page->jsonld_count = 0;
}

static bool type_is(const json_t *value, const char *type)
{
	const char *name = json_string_value(value), *slash;

	if (!name)
		return false;
	slash = strrchr(name, '/');
	return !strcmp(slash ? slash + 1 : name, type);
}

bool nw_jsonld_is(const json_t *object, const char *type)
{
	const json_t *value = json_object_get(object, "@type");
	size_t i;

	if (!json_is_array(value))
		return type_is(value, type);
	for (i = 0; i < json_array_size(value); i++)
		if (type_is(json_array_get(value, i), type))
			return true;
	return false;
}

/* The first member of an array, through arrays in arrays. */
static const json_t *first(const json_t *value)
{
	unsigned depth;

	for (depth = 0; json_is_array(value) && depth < 8; depth++)
		value = json_array_get(value, 0);
	return value;
}

/* Whether a text holds what only markup holds: "&name;" or a tag. */
static bool has_markup(const char *text)
{
	const char *at;

	for (at = strpbrk(text, "&<"); at; at = strpbrk(at + 1, "&<")) {
		size_t run;

		if (*at == '<') {
			if (isalpha((unsigned char)at[1]) || at[1] == '/' ||
			    at[1] == '!')
				return true;
			continue;
		}
		run = strcspn(at + 1, "; &<");
		if (run && run < 12 && at[1 + run] == ';')
			return true;
	}
	return false;
}

char *nw_jsonld_line(struct nw_arena *arena, const char *text, size_t max)
{
	unsigned round;

	/* Escaped once more by a second template: "&amp;quot;". */
	for (round = 0; round < 2 && text && has_markup(text); round++)
		text = nw_html_line(arena, text, max);
	return text ? nw_utf8_line(arena, text, strlen(text), max) : NULL;
}

char *nw_jsonld_text(struct nw_arena *arena, const json_t *object,
		     const char *key, size_t max)
{
	const json_t *value = first(json_object_get(object, key));

	if (json_is_object(value)) {
		const json_t *name = json_object_get(value, "name");

		value = first(name ? name : json_object_get(value, "@value"));
	}
	return nw_jsonld_line(arena, json_string_value(value), max);
}

char *nw_jsonld_url(const struct nw_page *page, const json_t *object,
		    const char *key)
{
	static const char *const keys[] = { "url", "contentUrl", "@id" };
	const json_t *value = first(json_object_get(object, key));
	const char *text = json_string_value(value);
	char *url;
	size_t i;

	if (text)
		return nw_url_resolve(page->arena, page->base, text);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		text = json_string_value(
			first(json_object_get(value, keys[i])));
		url = text && *text ?
			      nw_url_resolve(page->arena, page->base, text) :
			      NULL;
		if (url)
			return url;
	}
	return NULL;
}

struct nw_date nw_jsonld_date(const json_t *object, const char *key)
{
	const json_t *value = first(json_object_get(object, key));
	struct nw_date date = { .utc = NW_TIME_NONE };
	const char *text;
	char digits[32];

	if (json_is_object(value))
		value = json_object_get(value, "@value");
	text = json_string_value(value);
	if (json_is_integer(value)) {
		(void)snprintf(digits, sizeof(digits), "%lld",
			       (long long)json_integer_value(value));
		text = digits;
	}
	if (text && nw_date_parse(text, strlen(text), &date) < 0)
		date.utc = NW_TIME_NONE;
	return date;
}

int64_t nw_jsonld_time(const json_t *object, const char *key)
{
	return nw_jsonld_date(object, key).utc;
}

/* The object that says more of what object only names by its @id. */
static const json_t *referred(const struct nw_page *page,
			      const json_t *object)
{
	const char *id = json_string_value(json_object_get(object, "@id"));
	size_t i;

	if (!id || json_object_get(object, "name"))
		return object;
	for (i = 0; i < page->jsonld_count; i++) {
		const char *other = json_string_value(
			json_object_get(page->jsonld[i], "@id"));

		if (other && !strcmp(other, id))
			return page->jsonld[i];
	}
	return object;
}

static void add_name(const struct nw_page *page, const json_t *value,
		     const struct nw_author *author,
		     struct nw_author **authors, size_t *count)
{
	const char *name = nw_jsonld_line(page->arena, json_string_value(value),
					  NW_STORY_NAME_BYTES);

	nw_byline_add_given(page->arena, name, author, authors, count);
}

static void add_person(const struct nw_page *page, const json_t *value,
		       struct nw_author **authors, size_t *count)
{
	struct nw_arena *arena = page->arena;
	struct nw_author author = { 0 };
	const json_t *name, *one;
	size_t i;

	if (json_is_string(value)) {
		add_name(page, value, &author, authors, count);
		return;
	}
	value = referred(page, value);
	author.url = nw_jsonld_url(page, value, "url");
	author.role = nw_jsonld_text(arena, value, "jobTitle",
				     NW_STORY_NAME_BYTES);
	author.bio = nw_jsonld_text(arena, value, "description",
				    NW_STORY_BIO_BYTES);
	author.avatar = nw_jsonld_url(page, value, "image");
	author.email = nw_jsonld_text(arena, value, "email",
				      NW_STORY_NAME_BYTES);
	name = json_object_get(value, "name");
	if (!json_is_array(name))
		add_name(page, name, &author, authors, count);
	json_array_foreach(name, i, one)
		add_name(page, one, &author, authors, count);
}

void nw_jsonld_authors(const struct nw_page *page, const json_t *object,
		       const char *key, struct nw_author **authors,
		       size_t *count)
{
	const json_t *value = json_object_get(object, key), *member;
	size_t i;

	if (!json_is_array(value)) {
		if (value)
			add_person(page, value, authors, count);
		return;
	}
	json_array_foreach(value, i, member)
	{
		if (i == PEOPLE)
			break;
		if (json_is_array(member))
			member = first(member);
		if (member)
			add_person(page, member, authors, count);
	}
}
