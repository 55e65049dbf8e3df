/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/parser.h>
#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

/* A namespace without rows is passed over. */
static const struct nw_feed_tables tables[NW_NS_COUNT] = {
	[NW_NS_RSS] = { nw_feed_rss_head, nw_feed_rss_item },
	[NW_NS_ATOM] = { nw_feed_atom_head, nw_feed_atom_item },
	[NW_NS_DC] = { nw_feed_dc_head, nw_feed_dc_item },
	[NW_NS_DCTERMS] = { nw_feed_dcterms_head, nw_feed_dcterms_item },
	[NW_NS_CONTENT] = { NULL, nw_feed_content_item },
	[NW_NS_XHTML] = { NULL, nw_feed_xhtml_item },
	[NW_NS_MEDIA] = { nw_feed_media_head, nw_feed_media_item },
	[NW_NS_ITUNES] = { nw_feed_itunes_head, nw_feed_itunes_item },
	[NW_NS_GOOGLEPLAY] = { nw_feed_googleplay_head,
			       nw_feed_googleplay_item },
	[NW_NS_THREAD] = { NULL, nw_feed_thread_item },
	[NW_NS_TOMBSTONE] = { nw_feed_tombstone_head, NULL },
	[NW_NS_SYNDICATION] = { nw_feed_syndication_head, NULL },
	[NW_NS_FEEDBURNER] = { NULL, nw_feed_feedburner_item },
};

static const struct nw_feed_row *find_in(enum nw_feed_ns ns, bool item,
					 const char *name)
{
	const struct nw_feed_row *row =
		item ? tables[ns].item : tables[ns].head;

	for (; row && row->name; row++)
		if (strcasecmp(row->name, name) == 0)
			return row;
	return NULL;
}

/* The families borrow from each other: "summary" in RSS, "pubDate" in Atom
 * mean what they mean at home. */
static const struct nw_feed_row *find_row(const struct nw_feed_reader *reader,
					  const xmlNode *node)
{
	bool item = reader->item != NULL;
	const struct nw_feed_row *row;
	const char *name;
	enum nw_feed_ns ns = nw_feed_name(reader, node, &name);

	row = find_in(ns, item, name);
	if (!row && ns == reader->family)
		row = find_in(ns == NW_NS_RSS ? NW_NS_ATOM : NW_NS_RSS, item,
			      name);
	return row;
}

static void read_element(struct nw_feed_reader *reader,
			 const struct nw_feed_row *row, xmlNode *node)
{
	const char *base = reader->base;

	reader->base = nw_feed_xml_base(reader, node, base);
	row->read(reader, row, node);
	reader->base = base;
}

void nw_feed_read_children(struct nw_feed_reader *reader,
			   const struct nw_feed_row *parent, xmlNode *node)
{
	const struct nw_feed_row *row;
	bool items = false;
	xmlNode *child;

	(void)parent;
	for (child = node->children; child; child = child->next) {
		row = child->type == XML_ELEMENT_NODE ? find_row(reader, child)
						      : NULL;
		if (row && row->rank)
			read_element(reader, row, child);
		else if (row)
			items = true;
	}
	for (child = node->children; child && items; child = child->next) {
		row = child->type == XML_ELEMENT_NODE ? find_row(reader, child)
						      : NULL;
		if (row && !row->rank)
			read_element(reader, row, child);
	}
}

struct nw_item *nw_feed_add_item(struct nw_arena *arena, struct nw_feed *feed,
				 size_t max)
{
	struct nw_item *item;

	if (feed->item_count >= max)
		return NULL;
	feed->items = nw_arena_grow(arena, feed->items, feed->item_count,
				    sizeof(*feed->items));
	item = &feed->items[feed->item_count++];
	*item = (struct nw_item){ .published_utc = NW_TIME_NONE,
				   .updated_utc = NW_TIME_NONE };
	return item;
}

static const char *xml_lang(const struct nw_feed_reader *reader,
			    const xmlNode *node)
{
	const xmlAttr *attr;

	for (attr = node->properties; attr; attr = attr->next)
		if (attr->ns &&
		    xmlStrEqual(attr->ns->href, XML_XML_NAMESPACE) &&
		    strcmp((const char *)attr->name, "lang") == 0 &&
		    attr->children)
			return nw_feed_language(
				reader->arena,
				(const char *)attr->children->content);
	return NULL;
}

/* rdf:about; RSS 1.0 section 5.5. */
static const char *rdf_about(const struct nw_feed_reader *reader,
			     const xmlNode *node)
{
	const xmlAttr *attr;

	for (attr = node->properties; attr; attr = attr->next)
		if (strcmp((const char *)attr->name, "about") == 0 &&
		    attr->children && attr->children->content) {
			const char *value =
				(const char *)attr->children->content;

			return nw_utf8_line(reader->arena, value, strlen(value),
					    NW_FEED_ID_BYTES);
		}
	return NULL;
}

/* What stands in the start tag of an item; HREF and LASTMOD are CDF's. */
static void read_item_attributes(struct nw_feed_reader *reader,
				 const xmlNode *node)
{
	static const struct nw_feed_row
		language = { .field = NW_ITEM(language), .rank = 3 },
		id = { .field = NW_ITEM(id), .rank = 2 },
		url = { .field = NW_ITEM(url), .rank = 6 },
		updated = { .field = NW_ITEM(updated_utc), .rank = 6 };
	const char *about = rdf_about(reader, node);
	const char *href = nw_feed_attr(node, "href");

	(void)nw_feed_set_string(reader, &language, xml_lang(reader, node));
	(void)nw_feed_set_string(reader, &id, about);
	(void)nw_feed_set_string(reader, &url,
				 nw_feed_url(reader, href ? href : about));
	nw_feed_set_time(reader, &updated,
			 nw_date_utc(
				 nw_feed_attr_line(reader, node, "lastmod")));
}

static void finish_item(struct nw_feed_reader *reader)
{
	struct nw_item *item = reader->item;

	nw_feed_join_authors(item->authors, &item->author_count);
	nw_feed_finish_media(reader);
	if (item->url && !nw_url_is_web(item->url))
		item->url = NULL;
	reader->item = NULL;
}

void nw_feed_read_item(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node)
{
	/* No item stands in an item, and one without contents is none. */
	if (reader->item || !node->children)
		return;
	reader->item =
		nw_feed_add_item(reader->arena, reader->feed, NW_FEED_ITEMS);
	if (!reader->item)
		return;
	memset(reader->rank[1], 0, sizeof(reader->rank[1]));
	reader->media_text = NULL;
	reader->media_credit = NULL;
	read_item_attributes(reader, node);
	nw_feed_read_children(reader, row, node);
	finish_item(reader);
}

/* What a feed's outermost element can be. */
static const struct {
	const char *name;
	enum nw_feed_ns family;
} roots[] = {
	{ "rss", NW_NS_RSS },
	{ "RDF", NW_NS_RSS },
	{ "channel", NW_NS_RSS },
	{ "feed", NW_NS_ATOM },
	{ "entry", NW_NS_ATOM },
	{ "urlset", NW_NS_SITEMAP },
	{ "sitemapindex", NW_NS_SITEMAP },
};

static const char *local_name(const xmlNode *node)
{
	const char *name = (const char *)node->name;
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

static bool is_named(const xmlNode *node, const char *name)
{
	return strcasecmp(local_name(node), name) == 0;
}

static enum nw_feed_ns family_of(const xmlNode *root)
{
	size_t i;

	for (i = 0; root && i < sizeof(roots) / sizeof(roots[0]); i++)
		if (is_named(root, roots[i].name))
			return roots[i].family;
	return NW_NS_OTHER;
}

/* The namespace that the feed takes for its own: in RDF that of the channel
 * or of the items. */
static const xmlChar *own_uri(const xmlNode *root)
{
	const xmlNode *child;

	if (!is_named(root, "RDF"))
		return root->ns ? root->ns->href : NULL;
	for (child = root->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE &&
		    (is_named(child, "channel") || is_named(child, "item")))
			return child->ns ? child->ns->href : NULL;
	return NULL;
}

/* "2.0" makes "rss20". */
static const char *with_digits(struct nw_arena *arena, const char *name,
			       const char *version)
{
	char digits[8];
	size_t len = 0;

	for (; version && *version && len < sizeof(digits) - 1; version++)
		if (*version >= '0' && *version <= '9')
			digits[len++] = *version;
	digits[len] = '\0';
	return nw_arena_printf(arena, "%s%s", name, digits);
}

static const char *version_of(const struct nw_feed_reader *reader,
			      const xmlNode *root)
{
	const char *version = nw_feed_attr(root, "version");
	const char *uri =
		reader->root_uri ? (const char *)reader->root_uri : "";

	if (is_named(root, "urlset") || is_named(root, "sitemapindex"))
		return "sitemap";
	if (is_named(root, "RDF"))
		return strstr(uri, "netscape") ? "rss090" : "rss10";
	if (is_named(root, "channel"))
		return "cdf";
	if (reader->family == NW_NS_RSS)
		return with_digits(reader->arena, "rss", version);
	if (version)
		return with_digits(reader->arena, "atom", version);
	return strstr(uri, "/2005/") || !*uri ? "atom10" : "atom03";
}

static void read_root_attributes(struct nw_feed_reader *reader,
				 const xmlNode *root)
{
	static const struct nw_feed_row
		language = { .field = NW_HEAD(language), .rank = 3 },
		updated = { .field = NW_HEAD(updated_utc), .rank = 6 };

	reader->base = nw_feed_xml_base(reader, root, NULL);
	(void)nw_feed_set_string(reader, &language, xml_lang(reader, root));
	nw_feed_set_time(reader, &updated,
			 nw_date_utc(
				 nw_feed_attr_line(reader, root, "lastmod")));
}

static void read_root(struct nw_feed_reader *reader, xmlNode *root)
{
	static const struct nw_feed_row top = { .name = "top" };

	reader->root_uri = own_uri(root);
	reader->feed->version = version_of(reader, root);
	read_root_attributes(reader, root);
	if (reader->family == NW_NS_SITEMAP)
		nw_feed_read_sitemap(reader, root);
	else if (is_named(root, "entry"))
		nw_feed_read_item(reader, &top, root);
	else
		nw_feed_read_children(reader, &top, root);
	if (reader->period_s && reader->feed->ttl_s < 0)
		reader->feed->ttl_s =
			reader->period_s /
			(reader->frequency ? reader->frequency : 1);
	nw_feed_join_authors(reader->feed->authors,
			     &reader->feed->author_count);
}

/* Well-formed feeds are mended as well: the pass is cheap, and so nothing
 * reaches the parser that it gives up at or that makes it grow. */
static int load(const char *utf8, size_t len, xmlDoc **doc_r, bool *html_r,
		struct nw_error *err)
{
	struct nw_buf mended;
	int result;

	nw_buf_init(&mended, NW_FEED_MENDED_BYTES);
	result = nw_feed_mend(&mended, utf8, len, html_r, err);
	if (result == 0 && mended.len)
		*doc_r = xmlReadMemory(mended.data, (int)mended.len, NULL,
				       "UTF-8",
				       XML_PARSE_NONET | XML_PARSE_RECOVER |
					       XML_PARSE_NOERROR |
					       XML_PARSE_NOWARNING |
					       XML_PARSE_NOCDATA |
					       XML_PARSE_COMPACT);
	nw_buf_free(&mended);
	return result;
}

int nw_feed_read_xml(struct nw_arena *arena, const char *utf8, size_t len,
		     const char *source, struct nw_feed *feed,
		     struct nw_error *err)
{
	struct nw_feed_reader reader = { .arena = arena,
					 .feed = feed,
					 .source = source };
	xmlNode *root = NULL;
	xmlDoc *doc = NULL;
	bool html = false;

	if (load(utf8, len, &doc, &html, err) < 0)
		return -1;
	if (doc)
		root = xmlDocGetRootElement(doc);
	reader.family = family_of(root);
	if (reader.family)
		read_root(&reader, root);
	xmlFreeDoc(doc);
	if (reader.family)
		return 0;
	return nw_error_set(err, NW_ERROR_DATA, "%s",
			    html ? "it is an HTML page, not a feed"
				 : "it is no feed that newswire knows (RSS, "
				   "Atom, JSON Feed, sitemap)");
}
