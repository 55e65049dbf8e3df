/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

static bool is_address_char(char c)
{
	return c && !strchr(" \t()<>[],;:\"", c);
}

/* The address around the last "@" of a text: its start, and its length in
 * *len_r; NULL when there is none. */
static const char *find_address(const char *text, size_t *len_r)
{
	const char *at = strrchr(text, '@'), *start = at, *end = at;

	if (!at)
		return NULL;
	while (start > text && is_address_char(start[-1]))
		start--;
	while (is_address_char(*end))
		end++;
	*len_r = (size_t)(end - start);
	return start < at && end > at + 1 ? start : NULL;
}

/* Blogs that hide their writers' addresses write this instead. */
static bool is_placeholder(const char *email)
{
	return strncasecmp(email, "noreply@", 8) == 0 ||
	       strncasecmp(email, "no-reply@", 9) == 0 ||
	       strncasecmp(email, "donotreply@", 11) == 0;
}

/* What is left of the text without the address and the brackets around
 * either. */
static char *name_around(struct nw_arena *arena, const char *text,
			 const char *address, size_t len)
{
	struct nw_buf name;
	char *line;
	size_t i;

	nw_buf_init(&name, NW_STORY_SUMMARY_BYTES);
	nw_buf_add(&name, text, (size_t)(address - text));
	nw_buf_addc(&name, ' ');
	nw_buf_adds(&name, address + len);
	for (i = 0; i < name.len; i++)
		if (strchr("()<>\"", name.data[i]))
			name.data[i] = ' ';
	line = nw_utf8_line(arena, name.data, name.len, NW_STORY_NAME_BYTES);
	nw_buf_free(&name);
	return line;
}

static const char *without_by(const char *name)
{
	if (name && strncasecmp(name, "by ", 3) == 0)
		return name + 3;
	return name;
}

static struct nw_author parse_author(struct nw_arena *arena, const char *text)
{
	struct nw_author author = { .name = NULL };
	const char *address;
	size_t len;

	if (strncasecmp(text, "mailto:", 7) == 0)
		text += 7;
	address = find_address(text, &len);
	if (!address) {
		author.name = without_by(text);
		return author;
	}
	author.name = without_by(name_around(arena, text, address, len));
	if (!is_placeholder(address))
		author.email = nw_arena_strndup(arena, address, len);
	return author;
}

static bool same(const char *a, const char *b)
{
	return a && b && strcasecmp(a, b) == 0;
}

static void fill(const char **field, const char *value)
{
	if (!*field)
		*field = value;
}

void nw_feed_add_author(struct nw_arena *arena, struct nw_author **authors,
			size_t *count, const struct nw_author *author)
{
	size_t i;

	if (!author->name && !author->email)
		return;
	for (i = 0; i < *count; i++) {
		struct nw_author *known = &(*authors)[i];

		if (!same(known->name, author->name) &&
		    !same(known->email, author->email))
			continue;
		fill(&known->name, author->name);
		fill(&known->email, author->email);
		fill(&known->url, author->url);
		fill(&known->avatar, author->avatar);
		return;
	}
	if (*count >= NW_STORY_AUTHORS)
		return;
	*authors = nw_arena_grow(arena, *authors, *count, sizeof(**authors));
	(*authors)[(*count)++] = *author;
}

void nw_feed_join_authors(struct nw_author *authors, size_t *count)
{
	if (*count != 2 || (authors[0].name && authors[1].name) ||
	    (authors[0].email && authors[1].email))
		return;
	fill(&authors[0].name, authors[1].name);
	fill(&authors[0].email, authors[1].email);
	fill(&authors[0].url, authors[1].url);
	fill(&authors[0].avatar, authors[1].avatar);
	*count = 1;
}

/* A better source replaces the authors of a worse one, an equal one adds to
 * them. */
static void add(struct nw_feed_reader *reader, const struct nw_feed_row *row,
		const struct nw_author *author)
{
	unsigned char *rank = &reader->rank[reader->item != NULL][row->field];
	struct nw_author **authors =
		reader->item ? &reader->item->authors : &reader->feed->authors;
	size_t *count = reader->item ? &reader->item->author_count
				     : &reader->feed->author_count;

	if ((!author->name && !author->email) || (*rank && *rank < row->rank))
		return;
	if (*rank > row->rank) {
		*authors = NULL;
		*count = 0;
	}
	*rank = row->rank;
	nw_feed_add_author(reader->arena, authors, count, author);
}

void nw_feed_read_author(struct nw_feed_reader *reader,
			 const struct nw_feed_row *row, xmlNode *node)
{
	struct nw_feed_text text = nw_feed_content(reader, node, NW_MODE_GUESS);
	struct nw_author author;
	char *line;

	line = nw_feed_line(reader->arena, &text, NW_STORY_NAME_BYTES);
	if (!line)
		return;
	author = parse_author(reader->arena, line);
	add(reader, row, &author);
}

void nw_feed_read_person(struct nw_feed_reader *reader,
			 const struct nw_feed_row *row, xmlNode *node)
{
	struct nw_author author = { .name = NULL };
	const xmlNode *child;
	bool found = false;

	for (child = node->children; child; child = child->next) {
		const char *name, *text;

		if (child->type != XML_ELEMENT_NODE)
			continue;
		found = true;
		(void)nw_feed_name(reader, child, &name);
		text = nw_feed_plain_line(reader, child, NW_STORY_NAME_BYTES);
		if (!text)
			continue;
		if (strcasecmp(name, "name") == 0)
			author.name = without_by(text);
		else if (strcasecmp(name, "email") == 0 && strchr(text, '@') &&
			 !is_placeholder(text))
			author.email = text;
		else if (strcasecmp(name, "uri") == 0 ||
			 strcasecmp(name, "url") == 0)
			author.url = nw_feed_url(reader, text);
	}
	if (found)
		add(reader, row, &author);
	else
		nw_feed_read_author(reader, row, node);
}
