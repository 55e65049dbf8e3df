/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Title, authors, time and links, as rules say them: of each the first
 * expression that gives a value.
 */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "rules_private.h"

#define DAY INT64_C(86400)
#define BYLINE_BYTES 400
/* Octets of two titles' keys that are the same by no chance. */
#define RUN 12

/* Where the value of a rule goes. */
struct target {
	const struct nw_page *page;
	struct nw_story *story;
	struct nw_page_links *links;
};

/* What an element or attribute says, as one line; NULL. */
static const char *node_text(struct nw_arena *arena, const xmlNode *node,
			     size_t max)
{
	const char *text = NULL;

	if (node->type == XML_ATTRIBUTE_NODE)
		text = node->children ? (const char *)node->children->content :
					NULL;
	else if (nw_dom_is(node, "meta"))
		text = nw_dom_attr(node, "content");
	else if (node->type == XML_ELEMENT_NODE)
		return nw_dom_text(arena, node, max);
	else if (node->type == XML_TEXT_NODE)
		text = (const char *)node->content;
	return text ? nw_jsonld_line(arena, text, max) : NULL;
}

/* What one selected node, or the string, says; NULL: nothing. */
static const char *value_text(struct nw_arena *arena,
			      const xmlXPathObject *value, size_t at,
			      size_t max)
{
	if (value->type == XPATH_STRING)
		return nw_jsonld_line(arena, (const char *)value->stringval,
				      max);
	return node_text(arena, value->nodesetval->nodeTab[at], max);
}

/* How many texts a value has. */
static size_t count_texts(const xmlXPathObject *value)
{
	return value && value->type == XPATH_STRING ? 1 :
						      nw_xpath_count(value);
}

/* Whether two keys have a stretch of RUN octets in common, or one is all in
 * the other. */
static bool have_in_common(const char *a, const char *b)
{
	size_t len = strlen(a), other = strlen(b), i;

	if (len < RUN || other < RUN)
		return len && other && (strstr(b, a) || strstr(a, b));
	for (i = 0; i + RUN <= len; i++)
		if (memmem(b, other, a + i, RUN))
			return true;
	return false;
}

/* Whether the title element speaks of the headline that was found without
 * rules, and not of what a rule selected: an old rule finds another story. */
static bool is_of_another(const struct nw_page *page, const char *key,
			  const char *found)
{
	const xmlNode *node = page->head ? nw_dom_find(page->head, "title") :
					   NULL;
	const char *title = node ? nw_dom_text(page->arena, node,
					       NW_STORY_TITLE_BYTES) :
				   NULL;

	title = title ? nw_utf8_key(page->arena, title) : "";
	return have_in_common(title, found) && !have_in_common(title, key) &&
	       !have_in_common(found, key);
}

/* What meta and title elements call a page often ends with the site's name. */
static bool is_of_head(const xmlXPathObject *value)
{
	const xmlNode *node = nw_xpath_count(value) ?
				      value->nodesetval->nodeTab[0] :
				      NULL;

	if (node && node->type == XML_ATTRIBUTE_NODE)
		node = node->parent;
	return node && (nw_dom_is(node, "meta") || nw_dom_is(node, "title"));
}

static bool take_title(const struct target *target, const struct nw_rule *rule,
		       const xmlXPathObject *value)
{
	const struct nw_page *page = target->page;
	const char *found = "", *text = NULL, *key;
	size_t i, count = count_texts(value);

	for (i = 0; i < count && !text; i++)
		text = value_text(page->arena, value, i, NW_STORY_TITLE_BYTES);
	if (!text)
		return false;
	key = nw_utf8_key(page->arena, text);
	if (target->story->title)
		found = nw_utf8_key(page->arena, target->story->title);
	if (is_of_another(page, key, found))
		return false;
	if (!*found || !strstr(key, found) || !is_of_head(value))
		target->story->title = text;
	nw_rule_note(page, rule, "title", target->story->title);
	return true;
}

/* What the page tells of an author beside the name stays. */
static void keep_details(struct nw_arena *arena, struct nw_author *author,
			 const struct nw_story *story)
{
	const char *key = nw_utf8_key(arena, author->name);
	size_t i;

	for (i = 0; i < story->author_count; i++)
		if (!strcmp(nw_utf8_key(arena, story->authors[i].name), key))
			*author = story->authors[i];
}

/* Whether each name is a part of one that was found without rules: "Doe" and
 * "Jane" for "Jane Doe". */
static bool are_parts(const struct nw_author *authors, size_t count,
		      const struct nw_story *story)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		for (k = 0; k < story->author_count; k++)
			if (strstr(story->authors[k].name, authors[i].name))
				break;
		if (k == story->author_count)
			return false;
	}
	return count > story->author_count;
}

static bool take_authors(const struct target *target,
			 const struct nw_rule *rule,
			 const xmlXPathObject *value)
{
	const struct nw_author nobody = { .name = NULL };
	struct nw_arena *arena = target->page->arena;
	struct nw_author *authors = NULL;
	size_t i, texts = count_texts(value), count = 0;

	for (i = 0; i < texts; i++)
		nw_byline_add(arena, value_text(arena, value, i, BYLINE_BYTES),
			      &nobody, &authors, &count);
	if (!count || are_parts(authors, count, target->story))
		return false;
	for (i = 0; i < count; i++) {
		keep_details(arena, &authors[i], target->story);
		nw_rule_note(target->page, rule, "authors", authors[i].name);
	}
	target->story->authors = authors;
	target->story->author_count = count;
	return true;
}

/* An element's own attributes are surer than its words. */
static bool node_time(struct nw_arena *arena, const xmlXPathObject *value,
		      size_t at, struct nw_date *date_r)
{
	const char *text = NULL;

	if (value->type == XPATH_NODESET)
		text = nw_dom_attr(value->nodesetval->nodeTab[at], "datetime");
	if (text && nw_date_parse(text, strlen(text), date_r) == 0)
		return true;
	text = value_text(arena, value, at, NW_STORY_NAME_BYTES);
	return text && nw_date_parse(text, strlen(text), date_r) == 0;
}

/* Whether the time that was found without rules says more: the same day with
 * its time and zone; or the rule selects when the page was changed. */
static bool is_better(const struct nw_story *story, const struct nw_date *date)
{
	int64_t found_utc = story->published_utc;

	if (found_utc == NW_TIME_NONE)
		return false;
	if (date->has_zone)
		return date->utc == story->modified_utc;
	return found_utc > date->utc - DAY && found_utc < date->utc + 2 * DAY;
}

static bool take_date(const struct target *target, const struct nw_rule *rule,
		      const xmlXPathObject *value)
{
	int64_t now_utc = target->page->now_utc;
	size_t i, count = count_texts(value);
	struct nw_date date;
	char text[NW_DATE_BYTES];

	for (i = 0; i < count; i++)
		if (node_time(target->page->arena, value, i, &date))
			break;
	if (i == count || date.utc > now_utc + DAY)
		return false;
	if (!is_better(target->story, &date))
		target->story->published_utc = date.utc < now_utc ? date.utc :
								    now_utc;
	nw_date_iso8601(target->story->published_utc, text);
	nw_rule_note(target->page, rule, "published", text);
	return true;
}

/* The address that a node leads to, or is. */
static const char *node_url(const struct nw_page *page,
			    const xmlXPathObject *value, size_t at)
{
	const char *href = NULL;

	if (value->type == XPATH_NODESET)
		href = nw_dom_attr(value->nodesetval->nodeTab[at], "href");
	if (!href)
		href = value_text(page->arena, value, at, NW_FETCH_URL_BYTES);
	href = href ? nw_url_resolve(page->arena, page->base, href) : NULL;
	return href && nw_url_is_web(href) &&
			       (!page->url || strcmp(href, page->url) != 0) ?
		       href :
		       NULL;
}

static const char *link_url(const struct target *target,
			    const struct nw_rule *rule,
			    const xmlXPathObject *value, const char *what)
{
	size_t i, count = count_texts(value);
	const char *url = NULL;

	for (i = 0; i < count && !url; i++)
		url = node_url(target->page, value, i);
	if (url)
		nw_rule_note(target->page, rule, what, url);
	return url;
}

static bool take_single(const struct target *target,
			const struct nw_rule *rule,
			const xmlXPathObject *value)
{
	target->links->single_url = link_url(target, rule, value,
					     "single page");
	return target->links->single_url != NULL;
}

static bool take_next(const struct target *target, const struct nw_rule *rule,
		      const xmlXPathObject *value)
{
	const char *url = link_url(target, rule, value, "next page");

	if (url)
		target->links->next_url = url;
	return url != NULL;
}

static bool is_met(xmlXPathContext *xpath, const char *condition)
{
	xmlXPathObject *value;
	bool met;

	if (!condition)
		return true;
	value = nw_xpath_value(xpath, condition);
	met = value && xmlXPathCastToBoolean(value);
	xmlXPathFreeObject(value);
	return met;
}

/* Whether one of the rules of the kind gave a value. */
static bool take_first(xmlXPathContext *xpath, const struct target *target,
		       enum nw_rule_kind kind,
		       bool (*take)(const struct target *,
				    const struct nw_rule *,
				    const xmlXPathObject *))
{
	const struct nw_rule *rule = NULL;
	xmlXPathObject *value;
	bool taken = false;

	while (!taken &&
	       (rule = nw_rule_next(target->page->rules, kind, rule))) {
		if (!is_met(xpath, rule->condition))
			continue;
		value = nw_xpath_value(xpath, rule->value);
		taken = take(target, rule, value);
		xmlXPathFreeObject(value);
	}
	return taken;
}

/* Whether a field is to stay empty because its rules gave nothing. */
static bool is_left_empty(const struct nw_rules *rules, enum nw_rule_kind kind)
{
	return nw_rule_next(rules, kind, NULL) &&
	       !nw_rule_flag(rules, NW_RULE_AUTODETECT, true);
}

static void read_facts(xmlXPathContext *xpath, const struct target *target)
{
	const struct nw_rules *rules = target->page->rules;
	struct nw_story *story = target->story;

	if (!take_first(xpath, target, NW_RULE_TITLE, take_title) &&
	    is_left_empty(rules, NW_RULE_TITLE))
		story->title = NULL;
	if (!take_first(xpath, target, NW_RULE_AUTHOR, take_authors) &&
	    is_left_empty(rules, NW_RULE_AUTHOR))
		story->author_count = 0;
	if (!take_first(xpath, target, NW_RULE_DATE, take_date) &&
	    is_left_empty(rules, NW_RULE_DATE))
		story->published_utc = NW_TIME_NONE;
	(void)take_first(xpath, target, NW_RULE_SINGLE_LINK, take_single);
	(void)take_first(xpath, target, NW_RULE_NEXT_LINK, take_next);
	if (!nw_rule_flag(rules, NW_RULE_INSERT_IMAGE, true))
		story->lead_image = NULL;
}

void nw_rules_apply(const struct nw_page *page, struct nw_story *story,
		    struct nw_page_links *links)
{
	const struct target target = { page, story, links };
	xmlXPathContext *xpath = page->rules ? nw_xpath_open(page->doc) : NULL;

	if (!xpath)
		return;
	read_facts(xpath, &target);
	nw_rules_strip(page, xpath);
	nw_xpath_close(xpath);
}
