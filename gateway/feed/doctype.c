/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "feed_private.h"

/*
 * Of a document type declaration only general entities with a value are
 * kept.  They are never expanded within each other, so that no bomb can be
 * built from them; external and parameter entities do not exist.
 *
 *	"<!DOCTYPE" name external-id? ("[" declaration* "]")? ">"
 */
#define ENTITY_BYTES 1024

static const char space[] = " \t\r\n";

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && *at && strchr(space, *at))
		at++;
	return at;
}

static const char *skip_word(const char *at, const char *end)
{
	while (at < end && *at && !strchr(" \t\r\n<>[]\"'", *at))
		at++;
	return at;
}

/* Behind the string that begins with a quote at at, or end. */
static const char *skip_quoted(const char *at, const char *end)
{
	const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));

	return close ? close + 1 : end;
}

/* Behind the ">" of a declaration; quotes are looked through. */
static const char *skip_declaration(const char *at, const char *end)
{
	while (at < end && *at != '>') {
		if (*at == '"' || *at == '\'')
			at = skip_quoted(at, end);
		else
			at++;
	}
	return at < end ? at + 1 : end;
}

static const char *skip_comment(const char *at, const char *end)
{
	const char *close = memmem(at, (size_t)(end - at), "-->", 3);

	return close ? close + 3 : end;
}

/* at is behind "<!ENTITY". */
static void declare(struct nw_feed_entities *entities, const char *at,
		    const char *end)
{
	const char *name = skip_space(at, end), *name_end, *value, *value_end;

	name_end = skip_word(name, end);
	value = skip_space(name_end, end);
	if (name_end == name || *name == '%' || value == end ||
	    (*value != '"' && *value != '\''))
		return;
	value_end = skip_quoted(value, end);
	if (value_end == end || value_end - value > ENTITY_BYTES ||
	    entities->count == NW_FEED_ENTITIES)
		return;
	entities->list[entities->count].name = name;
	entities->list[entities->count].name_len = (size_t)(name_end - name);
	entities->list[entities->count].value = value + 1;
	entities->list[entities->count].value_len =
		(size_t)(value_end - value) - 2;
	entities->count++;
}

static bool starts(const char *at, const char *end, const char *with)
{
	size_t len = strlen(with);

	return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

/* at is behind "["; returns what is behind "]". */
static const char *internal_subset(struct nw_feed_entities *entities,
				   const char *at, const char *end)
{
	while (at < end && *at != ']') {
		if (starts(at, end, "<!--")) {
			at = skip_comment(at, end);
		} else if (*at == '<') {
			if (starts(at, end, "<!ENTITY"))
				declare(entities, at + strlen("<!ENTITY"), end);
			at = skip_declaration(at, end);
		} else {
			at++;
		}
	}
	return at < end ? at + 1 : end;
}

size_t nw_feed_doctype(struct nw_feed_entities *entities, const char *text,
		       const char *end)
{
	const char *at = text + strlen("<!DOCTYPE");

	while (at < end && *at != '>' && *at != '<') {
		if (*at == '[')
			at = internal_subset(entities, at + 1, end);
		else if (*at == '"' || *at == '\'')
			at = skip_quoted(at, end);
		else
			at++;
	}
	/* Without its ">" it ends where the next tag begins. */
	return (size_t)(at - text) + (at < end && *at == '>');
}
