/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "cmd_private.h"
#include "newswire/compose.h"
#include "newswire/html.h"
#include "newswire/section.h"
#include "newswire/url.h"

static const char *const formats[] = { "text", "json" };

static const struct nw_option options[] = {
	{ "format", "FORMAT", "text (default) or json" },
	{ "base", "URL", "the address of a feed that is read from a file" },
	{ NULL, NULL, NULL },
};

/* Appends "key": value; a string that is not known is empty, so that every
 * object of a kind has the same keys. */
static void put(json_t *object, const char *key, const char *value)
{
	(void)json_object_set_new(object, key, json_string(value ? value : ""));
}

static void put_time(json_t *object, const char *key, int64_t utc)
{
	char text[NW_DATE_BYTES] = "";

	if (utc != NW_TIME_NONE)
		nw_date_iso8601(utc, text);
	put(object, key, text);
}

/* Foreign HTML only leaves as text. */
static const char *safe_text(struct nw_arena *arena, const char *html,
			     const char *base)
{
	struct nw_body body = { NULL, 0 };

	if (!html ||
	    nw_html_read(arena, html, strlen(html), base, &body, NULL) < 0)
		return NULL;
	return nw_body_text(arena, &body);
}

/* "Jane Doe, John Roe" */
static const char *author_line(struct nw_arena *arena,
			       const struct nw_author *authors, size_t count)
{
	const char *line = NULL, *name;
	size_t i;

	for (i = 0; i < count; i++) {
		name = authors[i].name ? authors[i].name : authors[i].email;
		line = line ? nw_arena_printf(arena, "%s, %s", line, name)
			    : name;
	}
	return line;
}

static void put_authors(struct nw_arena *arena, json_t *object,
			const struct nw_author *authors, size_t count)
{
	json_t *list = json_array(), *one;
	size_t i;

	for (i = 0; i < count; i++) {
		one = json_object();
		put(one, "name", authors[i].name);
		put(one, "email", authors[i].email);
		put(one, "url", authors[i].url);
		(void)json_array_append_new(list, one);
	}
	put(object, "author", author_line(arena, authors, count));
	(void)json_object_set_new(object, "authors", list);
}

static void put_strings(json_t *object, const char *key,
			const char *const *strings, size_t count)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		(void)json_array_append_new(list, json_string(strings[i]));
	(void)json_object_set_new(object, key, list);
}

static void put_attachments(json_t *object, const struct nw_item *item)
{
	json_t *list = json_array(), *one;
	size_t i;

	for (i = 0; i < item->enclosure_count; i++) {
		one = json_object();
		put(one, "url", item->enclosures[i].url);
		put(one, "mime_type", item->enclosures[i].type);
		(void)json_object_set_new(one, "size",
					  json_integer(
						  item->enclosures[i].bytes));
		(void)json_array_append_new(list, one);
	}
	(void)json_object_set_new(object, "attachments", list);
}

/* Content and summary stand in for each other, for feeds differ in which of
 * the two they give. */
static json_t *item_json(struct nw_arena *arena, const struct nw_item *item)
{
	json_t *object = json_object();
	const char *content =
		safe_text(arena, item->content_html, item->base_url);
	const char *summary =
		safe_text(arena, item->summary_html, item->base_url);

	put(object, "id", item->id);
	put(object, "url", item->url);
	put(object, "title", nw_compose_item_title(arena, item));
	put_authors(arena, object, item->authors, item->author_count);
	put_time(object, "published", item->published_utc);
	put_time(object, "updated", item->updated_utc);
	put(object, "content", content ? content : summary);
	put(object, "summary", summary ? summary : content);
	put(object, "language", item->language);
	put_strings(object, "tags", item->tags, item->tag_count);
	put(object, "comments", item->comments_url);
	put(object, "image", item->image ? item->image->url : NULL);
	put_attachments(object, item);
	(void)json_object_set_new(object, "withdrawn",
				  json_boolean(item->withdrawn));
	return object;
}

static int print_json(struct nw_context *context, const struct nw_feed *feed,
		      struct nw_error *err)
{
	json_t *object = json_object(), *items = json_array();
	size_t i;

	put(object, "version", feed->version);
	put(object, "title", feed->title);
	put(object, "home_page_url",
	    feed->home_url ? feed->home_url : feed->feed_url);
	put(object, "feed_url", feed->feed_url);
	put(object, "id", feed->id);
	put(object, "description", feed->description);
	put(object, "language", feed->language);
	put(object, "copyright", feed->copyright);
	put(object, "icon", feed->icon);
	put_time(object, "published", feed->published_utc);
	put_time(object, "updated", feed->updated_utc);
	put_authors(context->arena, object, feed->authors, feed->author_count);
	put_strings(object, "tags", feed->tags, feed->tag_count);
	for (i = 0; i < feed->item_count; i++)
		(void)json_array_append_new(items, item_json(context->arena,
							     &feed->items[i]));
	(void)json_object_set_new(object, "items", items);
	put_strings(object, "sitemaps", feed->sitemaps, feed->sitemap_count);
	return nw_cmd_print_json(context->out, object, JSON_INDENT(2), err);
}

static void print_item(struct nw_context *context, const struct nw_item *item)
{
	const char *title = nw_compose_item_title(context->arena, item);
	int64_t utc = item->published_utc != NW_TIME_NONE ? item->published_utc
							  : item->updated_utc;
	char when[NW_DATE_BYTES] = "";

	if (utc != NW_TIME_NONE)
		nw_date_iso8601(utc, when);
	(void)fprintf(context->out, "%s\t%s\t%s%s\n", when,
		      item->url ? item->url : "",
		      item->withdrawn ? "withdrawn: " : "", title ? title : "");
}

/* One line for each item: when, where, what. */
static int print_text(struct nw_context *context, const struct nw_feed *feed)
{
	size_t i;

	for (i = 0; i < feed->item_count; i++)
		print_item(context, &feed->items[i]);
	for (i = 0; i < feed->sitemap_count; i++)
		(void)fprintf(context->out, "\t%s\tsitemap\n",
			      feed->sitemaps[i]);
	return 0;
}

/* A feed, or else a page with a list of stories. */
static int read_feed(struct nw_context *context, const struct nw_input *input,
		     struct nw_feed **feed_r, struct nw_error *err)
{
	const struct nw_page_input page = {
		.bytes = input->bytes,
		.len = input->len,
		.url = input->url,
		.http_charset = input->charset,
		.now_utc = nw_clock_now(),
	};
	struct nw_error why;

	if (nw_feed_read(context->arena, input->bytes, input->len, input->url,
			 input->charset, feed_r, &why) == 0 ||
	    nw_section_read(context->arena, &page, feed_r, NULL) > 0)
		return 0;
	return nw_error_set(err, why.code, "%s", why.text);
}

static int run(struct nw_context *context, struct nw_error *err)
{
	int format = nw_cmd_format(context, formats, 2, err);
	const char *base = nw_option_value(context, "base", 0);
	const char *operand = context->argv[0];
	struct nw_input input;
	struct nw_feed *feed = NULL;

	if (format < 0)
		return -1;
	if (base && !nw_url_is_web(base))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "--base %s: it is no web address", base);
	if (nw_cmd_read_input(context, operand, &input, err) < 0)
		return -1;
	if (base)
		input.url = base;
	if (read_feed(context, &input, &feed, err) < 0)
		return nw_error_prefix(err, "%s", operand);
	return format ? print_json(context, feed, err)
		      : print_text(context, feed);
}

const struct nw_command nw_command_feed = {
	.name = "feed",
	.operands = "FILE|URL|-",
	.help = "Read a feed and print its items",
	.more = "It reads RSS, Atom, JSON Feed, sitemaps and section pages, "
		"and stores nothing.",
	.man = "newswire(1)",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
