/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "live_private.h"

/* What a reference by @id refers to. */
static const json_t *resolve(const struct nw_page *page, const json_t *value)
{
	const char *id =
		json_is_string(value)
			? json_string_value(value)
			: json_string_value(json_object_get(value, "@id"));
	size_t i;

	if (!id || json_object_size(value) > 2)
		return value;
	for (i = 0; i < page->jsonld_count; i++) {
		const char *other = json_string_value(
			json_object_get(page->jsonld[i], "@id"));

		if (other && !strcmp(id, other))
			return page->jsonld[i];
	}
	return value;
}

/* Whether two addresses are of one publisher, as far as their hosts' last
 * two labels say. */
static bool is_neighbour(struct nw_arena *arena, const char *one,
			 const char *two)
{
	struct nw_url a, b;
	const char *tail;
	unsigned dots = 0;

	if (!one || !two || nw_url_split(arena, one, &a) < 0 ||
	    nw_url_split(arena, two, &b) < 0 || !a.host || !b.host)
		return true;
	for (tail = a.host + strlen(a.host); tail > a.host; tail--)
		if (tail[-1] == '.' && ++dots == 2)
			break;
	return strlen(b.host) >= strlen(tail) &&
	       !strcasecmp(b.host + strlen(b.host) - strlen(tail), tail);
}

/* Whether an address only names the page itself. */
static bool is_page(const struct nw_live *live, const char *url)
{
	const char *key = nw_ident_key(live->page->arena, url);

	return key && live->address_key && !strcmp(key, live->address_key);
}

/* The id and deep link of an update: @id, identifier or url. */
static void read_names(const struct nw_live *live, const json_t *update,
		       struct nw_live_entry *entry)
{
	struct nw_arena *arena = live->page->arena;
	static const char *const keys[] = {
		"@id", "identifier", "url", "mainEntityOfPage"
	};
	size_t i;

	for (i = 0; i < 4; i++) {
		const json_t *value = json_object_get(update, keys[i]);
		const char *text = json_string_value(value), *url = NULL;

		if (json_is_object(value))
			text = json_string_value(
				json_object_get(value,
						i == 1 ? "value" : "@id"));
		if (!text)
			continue;
		if (strstr(text, "://") || i > 1)
			url = nw_url_resolve(arena, live->page->base, text);
		if (url && !nw_url_is_web(url))
			url = NULL;
		if (!entry->id)
			entry->id = nw_live_id(live, text);
		if (!entry->id && url && !strchr(url, '#') &&
		    !is_page(live, url))
			entry->id = nw_ident_key(arena, url);
		if (!entry->url && url &&
		    (strchr(url, '#') || !is_page(live, url)))
			entry->url = url;
	}
}

static void read_update(const struct nw_live *live, const json_t *posting,
			const json_t *update, struct nw_live_list *list)
{
	static const char *const texts[] = {
		"articleBody", "text", "description"
	};
	struct nw_arena *arena = live->page->arena;
	struct nw_live_entry *entry;
	size_t i;

	update = resolve(live->page, update);
	if (!json_is_object(update))
		return;
	entry = nw_live_add(live, list);
	if (!entry)
		return;
	read_names(live, update, entry);
	entry->published_utc = nw_jsonld_time(update, "datePublished");
	if (entry->published_utc == NW_TIME_NONE)
		entry->published_utc = nw_jsonld_time(update, "dateCreated");
	entry->modified_utc = nw_jsonld_time(update, "dateModified");
	entry->page_time = entry->published_utc ==
			   nw_jsonld_time(posting, "datePublished");
	entry->title =
		nw_jsonld_text(arena, update, "headline", NW_STORY_TITLE_BYTES);
	if (!entry->title)
		entry->title = nw_jsonld_text(arena, update, "name",
					      NW_STORY_TITLE_BYTES);
	entry->title = nw_live_title(live, entry->title);
	nw_jsonld_authors(live->page, update, "author", &entry->authors,
			  &entry->author_count);
	for (i = 0; i < 3 && !entry->text; i++)
		entry->text =
			json_string_value(json_object_get(update, texts[i]));
	entry->opening = entry->title ? entry->title : entry->text;
}

/* Appends the updates of a posting; an array, or a single one. */
static void read_updates(const struct nw_live *live, const json_t *posting,
			 struct nw_live_list *list)
{
	const json_t *value = json_object_get(posting, "liveBlogUpdate");
	const json_t *member;
	size_t i;

	if (!json_is_array(value)) {
		if (value)
			read_update(live, posting, value, list);
		return;
	}
	json_array_foreach(value, i, member)
		read_update(live, posting, member, list);
}

static const char *url_of(const struct nw_page *page, const json_t *object)
{
	static const char *const keys[] = { "url", "@id", "mainEntityOfPage" };
	const char *url = NULL;
	size_t i;

	for (i = 0; i < 3 && !url; i++)
		url = nw_jsonld_url(page, object, keys[i]);
	return url;
}

static bool is_posting(const json_t *object)
{
	return json_object_get(object, "liveBlogUpdate") ||
	       nw_jsonld_is(object, "LiveBlogPosting");
}

/* Whether the data say that the page is an article, not a live page. */
static bool is_article(const struct nw_live *live)
{
	static const char *const types[] = { "NewsArticle", "Article" };
	const struct nw_page *page = live->page;
	size_t i;

	for (i = 0; i < 2 * page->jsonld_count; i++) {
		const json_t *object = page->jsonld[i / 2];
		const char *url = nw_jsonld_is(object, types[i % 2])
					  ? url_of(page, object)
					  : NULL;

		if (url && is_page(live, url))
			return true;
	}
	return false;
}

/* The posting that is about this page: the one with its address, else, unless
 * the page is an article that only names it, the one with most updates. */
static const json_t *find_posting(const struct nw_live *live)
{
	const struct nw_page *page = live->page;
	const json_t *best = NULL;
	bool article = is_article(live);
	size_t most = 0, i;

	for (i = 0; i < page->jsonld_count; i++) {
		const json_t *posting = page->jsonld[i];
		const json_t *updates =
			json_object_get(posting, "liveBlogUpdate");
		size_t count = json_is_array(updates) ? json_array_size(updates)
						      : updates != NULL;
		const char *url;

		if (!is_posting(posting))
			continue;
		url = url_of(page, posting);
		if (url && updates && is_page(live, url))
			return posting;
		if (url && !is_page(live, url) &&
		    (article || !is_neighbour(page->arena, live->address, url)))
			continue;
		if (!best || count > most) {
			best = posting;
			most = count;
		}
	}
	return best;
}

/* Whether the page shows what an update says. */
static bool is_shown(struct nw_arena *arena, const char *shown,
		     const struct nw_live_entry *entry)
{
	enum { LETTERS = 40 };
	const char *texts[] = { entry->title, entry->text };
	size_t i;

	for (i = 0; i < 2; i++) {
		char *key = texts[i] ? nw_utf8_key(arena, texts[i]) : NULL;

		if (!key || !*key)
			continue;
		if (strlen(key) > LETTERS)
			key[LETTERS] = '\0';
		if (strstr(shown, key))
			return true;
	}
	return false;
}

/* Templates leave samples of another site in the data: an update elsewhere
 * that the page does not show is one. */
static void drop_samples(const struct nw_live *live, struct nw_live_list *list)
{
	enum { SHOWN_BYTES = 512 << 10, LOOKS = 200 };
	struct nw_arena *arena = live->page->arena;
	const char *shown = NULL, *text;
	size_t kept = 0, looks = 0, i;

	for (i = 0; i < list->count; i++) {
		const struct nw_live_entry *entry = &list->entries[i];

		if (!is_neighbour(arena, live->address, entry->url)) {
			text = !shown && live->page->body
				       ? nw_dom_text(arena, live->page->body,
						     SHOWN_BYTES)
				       : NULL;
			if (text)
				shown = nw_utf8_key(arena, text);
			if (!shown || ++looks > LOOKS ||
			    !is_shown(arena, shown, entry))
				continue;
		}
		list->entries[kept++] = list->entries[i];
	}
	list->count = kept;
}

static int compare_id(const void *a, const void *b)
{
	const struct nw_live_entry *one = *(struct nw_live_entry *const *)a;
	const struct nw_live_entry *two = *(struct nw_live_entry *const *)b;

	return strcmp(one->id, two->id);
}

static void forget_names(struct nw_live_entry **entries, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		entries[i]->id = entries[i]->url = NULL;
}

/* Updates of different times with one address and no place in it have no id:
 * it is another address of the page. */
static void drop_shared_ids(const struct nw_live *live,
			    struct nw_live_list *list)
{
	struct nw_live_entry **entries =
		nw_arena_alloc(live->page->arena,
			       list->count * sizeof(*entries));
	size_t count = 0, first = 0, i;
	bool differ = false;

	for (i = 0; i < list->count; i++)
		if (list->entries[i].id && strchr(list->entries[i].id, '/'))
			entries[count++] = &list->entries[i];
	qsort(entries, count, sizeof(*entries), compare_id);
	for (i = 1; i <= count; i++) {
		if (i < count && !strcmp(entries[i]->id, entries[first]->id)) {
			differ =
				differ || entries[i]->published_utc !=
						  entries[first]->published_utc;
			continue;
		}
		if (differ)
			forget_names(entries + first, i - first);
		first = i;
		differ = false;
	}
}

void nw_live_read_jsonld(struct nw_live *live, struct nw_live_list *list)
{
	const json_t *posting = find_posting(live);
	const char *headline;

	if (!posting)
		return;
	live->posting = true;
	headline = nw_jsonld_text(live->page->arena, posting, "headline",
				  NW_STORY_TITLE_BYTES);
	if (headline)
		live->posting_headline =
			nw_utf8_key(live->page->arena, headline);
	nw_jsonld_authors(live->page, posting, "author", &live->authors,
			  &live->author_count);
	live->coverage_end_utc = nw_jsonld_time(posting, "coverageEndTime");
	read_updates(live, posting, list);
	drop_samples(live, list);
	drop_shared_ids(live, list);
	nw_live_drop_positions(list);
}
