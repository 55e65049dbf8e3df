/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"

/*
 * https://www.jsonfeed.org/version/1.1/, and 1.0 with its one author.  What
 * has the wrong type is passed over.
 */
struct json_reader {
	struct nw_arena *arena;
	struct nw_feed *feed;
	const char *source;
};

/* A string, or a number as one. */
static struct nw_feed_text text_of(const struct json_reader *reader,
				   const json_t *value, enum nw_feed_mode mode)
{
	struct nw_feed_text text = { "", 0, mode };

	if (json_is_string(value)) {
		text.bytes = json_string_value(value);
		text.len = json_string_length(value);
	} else if (json_is_integer(value)) {
		text.bytes =
			nw_arena_printf(reader->arena, "%" JSON_INTEGER_FORMAT,
					json_integer_value(value));
		text.len = strlen(text.bytes);
	}
	return text;
}

static char *line(const struct json_reader *reader, const json_t *object,
		  const char *key, size_t max)
{
	struct nw_feed_text text =
		text_of(reader, json_object_get(object, key), NW_MODE_TEXT);

	return nw_feed_line(reader->arena, &text, max);
}

static char *html(const struct json_reader *reader, const json_t *object,
		  const char *key, enum nw_feed_mode mode)
{
	struct nw_feed_text text =
		text_of(reader, json_object_get(object, key), mode);
	size_t nul = 0;

	/* JSON can say U+0000; nothing behind it is lost. */
	if (memchr(text.bytes, '\0', text.len)) {
		char *copy =
			nw_arena_strndup(reader->arena, text.bytes, text.len);

		for (; nul < text.len; nul++)
			if (!copy[nul])
				copy[nul] = ' ';
		text.bytes = copy;
	}
	return nw_feed_html(reader->arena, &text);
}

static const char *url(const struct json_reader *reader, const json_t *object,
		       const char *key)
{
	char *text = line(reader, object, key, NW_FETCH_URL_BYTES);

	return text ? nw_url_resolve(reader->arena,
				     reader->feed->home_url
					     ? reader->feed->home_url
					     : reader->source,
				     text)
		    : NULL;
}

static const char *web_url(const struct json_reader *reader,
			   const json_t *object, const char *key)
{
	const char *found = url(reader, object, key);

	return found && nw_url_is_web(found) ? found : NULL;
}

static int64_t when(const struct json_reader *reader, const json_t *object,
		    const char *key)
{
	return nw_date_utc(line(reader, object, key, NW_STORY_NAME_BYTES));
}

static void add_author(const struct json_reader *reader, const json_t *object,
		       struct nw_author **authors, size_t *count)
{
	struct nw_author author = {
		.name = line(reader, object, "name", NW_STORY_NAME_BYTES),
		.url = url(reader, object, "url"),
		.avatar = web_url(reader, object, "avatar"),
	};

	if (author.url && strncasecmp(author.url, "mailto:", 7) == 0) {
		author.email = author.url + 7;
		author.url = NULL;
	}
	nw_feed_add_author(reader->arena, authors, count, &author);
}

static void reverse(struct nw_author *authors, size_t count)
{
	struct nw_author author;
	size_t i;

	for (i = 0; i < count / 2; i++) {
		author = authors[i];
		authors[i] = authors[count - 1 - i];
		authors[count - 1 - i] = author;
	}
}

/* authors of 1.1, and author of 1.0, which many write beside it.  The place of
 * somebody who is listed twice is the last one. */
static void read_authors(const struct json_reader *reader, const json_t *object,
			 struct nw_author **authors, size_t *count)
{
	const json_t *list = json_object_get(object, "authors");
	size_t i = json_array_size(list);

	if (i > NW_STORY_AUTHORS)
		i = NW_STORY_AUTHORS;
	while (i)
		add_author(reader, json_array_get(list, --i), authors, count);
	reverse(*authors, *count);
	add_author(reader, json_object_get(object, "author"), authors, count);
}

static void read_tags(const struct json_reader *reader, const json_t *object,
		      struct nw_item *item)
{
	const json_t *list = json_object_get(object, "tags");
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		struct nw_feed_text text =
			text_of(reader, json_array_get(list, i), NW_MODE_TEXT);

		nw_feed_add_tag(reader->arena, &item->tags, &item->tag_count,
				nw_feed_line(reader->arena, &text,
					     NW_STORY_NAME_BYTES));
	}
}

static void read_attachments(const struct json_reader *reader,
			     const json_t *object, struct nw_item *item)
{
	const json_t *list = json_object_get(object, "attachments"), *one;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		struct nw_enclosure enclosure;

		one = json_array_get(list, i);
		enclosure = (struct nw_enclosure){
			.url = url(reader, one, "url"),
			.type = line(reader, one, "mime_type",
				     NW_STORY_NAME_BYTES),
			.title = line(reader, one, "title",
				      NW_STORY_TITLE_BYTES),
			.bytes = nw_feed_number(line(reader, one,
						     "size_in_bytes",
						     NW_STORY_NAME_BYTES)),
		};
		nw_feed_add_enclosure(reader->arena, item, &enclosure);
	}
}

static void read_image(const struct json_reader *reader, const json_t *object,
		       struct nw_item *item)
{
	const char *found = web_url(reader, object, "image");

	if (!found)
		found = web_url(reader, object, "banner_image");
	if (!found)
		return;
	item->image = nw_arena_alloc(reader->arena, sizeof(*item->image));
	item->image->url = found;
}

static void read_item(const struct json_reader *reader, const json_t *object)
{
	struct nw_item *item;

	if (!json_is_object(object))
		return;
	item = nw_feed_add_item(reader->arena, reader->feed, NW_FEED_ITEMS);
	if (!item)
		return;
	item->id = line(reader, object, "id", NW_FEED_ID_BYTES);
	item->url = web_url(reader, object, "url");
	if (!item->url)
		item->url = web_url(reader, object, "external_url");
	item->title = line(reader, object, "title", NW_STORY_SUMMARY_BYTES);
	item->summary_html = html(reader, object, "summary", NW_MODE_LINES);
	item->content_html = html(reader, object, "content_html", NW_MODE_HTML);
	if (!item->content_html)
		item->content_html =
			html(reader, object, "content_text", NW_MODE_LINES);
	item->published_utc = when(reader, object, "date_published");
	item->updated_utc = when(reader, object, "date_modified");
	item->language =
		nw_feed_language(reader->arena, line(reader, object, "language",
						     NW_STORY_NAME_BYTES));
	read_authors(reader, object, &item->authors, &item->author_count);
	read_tags(reader, object, item);
	read_attachments(reader, object, item);
	read_image(reader, object, item);
}

static void read_hub(const struct json_reader *reader, const json_t *root)
{
	const json_t *list = json_object_get(root, "hubs");
	size_t i;

	for (i = 0; i < json_array_size(list) && !reader->feed->hub_url; i++)
		reader->feed->hub_url =
			web_url(reader, json_array_get(list, i), "url");
}

static void read_head(const struct json_reader *reader, const json_t *root)
{
	struct nw_feed *feed = reader->feed;
	char *version = line(reader, root, "version", NW_STORY_NAME_BYTES);

	feed->version =
		version && strstr(version, "1.1") ? "jsonfeed11" : "jsonfeed10";
	feed->home_url = web_url(reader, root, "home_page_url");
	feed->feed_url = web_url(reader, root, "feed_url");
	feed->next_url = web_url(reader, root, "next_url");
	feed->title = line(reader, root, "title", NW_STORY_SUMMARY_BYTES);
	feed->description =
		line(reader, root, "description", NW_STORY_SUMMARY_BYTES);
	feed->language =
		nw_feed_language(reader->arena, line(reader, root, "language",
						     NW_STORY_NAME_BYTES));
	/* It must have one: then that is its address. */
	if (!feed->title)
		feed->title = feed->home_url;
	feed->icon = web_url(reader, root, "icon");
	if (!feed->icon)
		feed->icon = web_url(reader, root, "favicon");
	read_authors(reader, root, &feed->authors, &feed->author_count);
	read_hub(reader, root);
}

/* JSON Feed dates only its items: the newest one dates the feed. */
static void date_feed(struct nw_feed *feed)
{
	size_t i;

	for (i = 0; i < feed->item_count; i++) {
		const struct nw_item *item = &feed->items[i];

		if (item->published_utc > feed->published_utc)
			feed->published_utc = item->published_utc;
		if (item->updated_utc > feed->updated_utc)
			feed->updated_utc = item->updated_utc;
	}
}

static bool is_feed(const json_t *root)
{
	const char *version =
		json_string_value(json_object_get(root, "version"));

	return json_is_array(json_object_get(root, "items")) ||
	       (version && strstr(version, "jsonfeed.org"));
}

/*
 * The same JSON where it can be saved: line ends and other control characters
 * in strings become spaces, and a text that breaks off ends behind its last
 * whole item.
 */
static void mend(struct nw_buf *out, const char *at, const char *end)
{
	size_t depth = 0, whole = 0;
	bool string = false;

	for (; at < end; at++) {
		unsigned char c = (unsigned char)*at;

		nw_buf_addc(out, string && c < 0x20 ? ' ' : (char)c);
		if (string && c == '\\' && at + 1 < end &&
		    (unsigned char)at[1] >= 0x20)
			nw_buf_addc(out, *++at);
		else if (c == '"')
			string = !string;
		else if (!string && (c == '{' || c == '['))
			depth++;
		else if (!string && depth && (c == '}' || c == ']'))
			depth--;
		else
			continue;
		/* In the array of items, which stands in the feed. */
		if (!string && depth == 2 && c == '}')
			whole = out->len;
	}
	if (depth) {
		nw_buf_cut(out, whole);
		nw_buf_adds(out, "]}");
	}
}

static json_t *parse(const char *utf8, size_t len, json_error_t *error)
{
	const size_t flags = JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK;
	json_t *root = json_loadb(utf8, len, flags, error);
	json_error_t second;
	struct nw_buf text;

	if (root)
		return root;
	nw_buf_init(&text, len + 2);
	mend(&text, utf8, utf8 + len);
	root = json_loadb(text.data, text.len, flags, &second);
	nw_buf_free(&text);
	return root;
}

int nw_feed_read_json(struct nw_arena *arena, const char *utf8, size_t len,
		      const char *source, struct nw_feed *feed,
		      struct nw_error *err)
{
	struct json_reader reader = { arena, feed, source };
	json_error_t error;
	json_t *root = parse(utf8, len, &error);
	const json_t *items;
	int result = 0;
	size_t i;

	if (!root)
		return nw_error_set(err, NW_ERROR_DATA,
				    "it is no JSON: line %d: %s", error.line,
				    error.text);
	if (is_feed(root)) {
		items = json_object_get(root, "items");
		read_head(&reader, root);
		for (i = 0; i < json_array_size(items); i++)
			read_item(&reader, json_array_get(items, i));
		date_feed(feed);
	} else {
		result = nw_error_set(err, NW_ERROR_DATA,
				      "it is JSON, but no JSON Feed");
	}
	json_decref(root);
	return result;
}
