/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Attributes of HTML that hold a URL. */
static const char *const url_attributes[] = { "href", "src", "poster", "cite" };
/* Elements of HTML without an end tag. */
static const char *const voids[] = { "area",  "base", "br",    "col",
				     "embed", "hr",   "img",   "input",
				     "link",  "meta", "param", "source",
				     "track", "wbr" };

static bool is_in(const char *name, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

static const char *attr_value(const xmlAttr *attr)
{
	const xmlNode *text = attr->children;

	return text && text->content ? (const char *)text->content : "";
}

const char *nw_feed_attr(const xmlNode *node, const char *name)
{
	const xmlAttr *attr;

	for (attr = node->properties; attr; attr = attr->next)
		if (!attr->ns &&
		    strcasecmp((const char *)attr->name, name) == 0)
			return attr_value(attr);
	return NULL;
}

char *nw_feed_attr_line(const struct nw_feed_reader *reader,
			const xmlNode *node, const char *name)
{
	const char *value = nw_feed_attr(node, name);

	return value ? nw_utf8_line(reader->arena, value, strlen(value),
				    NW_STORY_SUMMARY_BYTES)
		     : NULL;
}

/* RFC 3986 section 5.1: the innermost one wins, itself relative to those
 * around it. */
const char *nw_feed_xml_base(const struct nw_feed_reader *reader,
			     const xmlNode *node, const char *base)
{
	const xmlAttr *attr;
	const char *found;

	for (attr = node->properties; attr; attr = attr->next) {
		if (!attr->ns ||
		    !xmlStrEqual(attr->ns->href, XML_XML_NAMESPACE) ||
		    strcmp((const char *)attr->name, "base") != 0)
			continue;
		found = nw_url_resolve(reader->arena,
				       base	    ? base
				       : reader->base ? reader->base
						      : reader->source,
				       attr_value(attr));
		return found ? found : base;
	}
	return base;
}

/* A relative reference with a space inside is a sentence, not an address. */
static bool is_sentence(const char *reference)
{
	reference += strspn(reference, " \t\r\n");
	if (strstr(reference, "://"))
		return false;
	reference += strcspn(reference, " \t");
	return reference[strspn(reference, " \t\r\n")] != '\0';
}

static const char *resolve(const struct nw_feed_reader *reader,
			   const char *base, const char *reference)
{
	if (!reference || !reference[strspn(reference, " \t\r\n")] ||
	    is_sentence(reference))
		return NULL;
	return nw_url_resolve(reader->arena, base, reference);
}

const char *nw_feed_document_url(const struct nw_feed_reader *reader,
				 const char *reference)
{
	return resolve(reader, reader->base ? reader->base : reader->source,
		       reference);
}

const char *nw_feed_url(const struct nw_feed_reader *reader,
			const char *reference)
{
	const char *home = reader->feed->home_url;

	if (reader->base || !home)
		return nw_feed_document_url(reader, reference);
	return resolve(reader, home, reference);
}

/* An element's contents as HTML. */
struct dump {
	const struct nw_feed_reader *reader;
	struct nw_buf out;
	bool raw; /* text is HTML already */
};

static void put_escaped(struct nw_buf *out, const char *text)
{
	for (; *text; text++) {
		size_t run = strcspn(text, "<>&\"");

		nw_buf_add(out, text, run);
		text += run;
		switch (*text) {
		case '<':
			nw_buf_adds(out, "&lt;");
			break;
		case '>':
			nw_buf_adds(out, "&gt;");
			break;
		case '&':
			nw_buf_adds(out, "&amp;");
			break;
		case '"':
			nw_buf_adds(out, "&quot;");
			break;
		default:
			return;
		}
	}
}

/* base is NULL until an xml:base within the contents changes it. */
static void put_attributes(struct dump *dump, const xmlNode *node,
			   const char *base)
{
	const xmlAttr *attr;

	for (attr = node->properties; attr; attr = attr->next) {
		const char *name = (const char *)attr->name;
		const char *value = attr_value(attr), *url = NULL;

		if (attr->ns || strchr(name, ':'))
			continue;
		if (base && is_in(name, url_attributes, COUNT(url_attributes)))
			url = nw_url_resolve(dump->reader->arena, base, value);
		nw_buf_addf(&dump->out, " %s=\"", name);
		put_escaped(&dump->out, url ? url : value);
		nw_buf_addc(&dump->out, '"');
	}
}

/* The parser's limit of depth (256) bounds the recursion. */
static void put_children(struct dump *dump, const xmlNode *node,
			 const char *base)
{
	const xmlNode *child;

	for (child = node->children; child; child = child->next) {
		const char *name = (const char *)child->name, *inner, *colon;

		if (child->type == XML_TEXT_NODE ||
		    child->type == XML_CDATA_SECTION_NODE) {
			if (dump->raw)
				nw_buf_adds(&dump->out,
					    (const char *)child->content);
			else
				put_escaped(&dump->out,
					    (const char *)child->content);
			continue;
		}
		if (child->type != XML_ELEMENT_NODE)
			continue;
		colon = strchr(name, ':');
		name = colon ? colon + 1 : name;
		inner = nw_feed_xml_base(dump->reader, child, base);
		nw_buf_addf(&dump->out, "<%s", name);
		put_attributes(dump, child, inner);
		nw_buf_addc(&dump->out, '>');
		if (is_in(name, voids, COUNT(voids)))
			continue;
		put_children(dump, child, inner);
		nw_buf_addf(&dump->out, "</%s>", name);
	}
}

static bool has_elements(const xmlNode *node)
{
	const xmlNode *child;

	for (child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			return true;
	return false;
}

static struct nw_feed_text keep(const struct nw_feed_reader *reader,
				struct nw_buf *buf, enum nw_feed_mode mode)
{
	struct nw_feed_text text = {
		.bytes = nw_arena_strndup(reader->arena, buf->data, buf->len),
		.len = buf->len,
		.mode = mode,
	};

	nw_buf_free(buf);
	return text;
}

/* Atom's div is the container, not the contents (RFC 4287 section 3.1.1.3):
 * its element when node holds nothing else. */
static const xmlNode *container(const xmlNode *node)
{
	const xmlNode *child, *div = NULL;

	for (child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE) {
			if (div ||
			    strcasecmp((const char *)child->name, "div") != 0)
				return node;
			div = child;
		} else if (child->type == XML_TEXT_NODE &&
			   child->content[strspn((const char *)child->content,
						 " \t\r\n")]) {
			return node;
		}
	}
	return div ? div : node;
}

static struct nw_feed_text markup(const struct nw_feed_reader *reader,
				  const xmlNode *node, bool raw)
{
	struct dump dump = { .reader = reader, .raw = raw };
	const xmlNode *top = container(node);

	nw_buf_init(&dump.out, NW_FEED_TEXT_BYTES);
	put_children(&dump, top,
		     top == node ? NULL : nw_feed_xml_base(reader, top, NULL));
	return keep(reader, &dump.out, NW_MODE_HTML);
}

static void put_plain(struct nw_buf *out, const xmlNode *node)
{
	const xmlNode *child;

	for (child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			put_plain(out, child);
		else if (child->content && child->type != XML_COMMENT_NODE &&
			 child->type != XML_PI_NODE)
			nw_buf_adds(out, (const char *)child->content);
	}
}

/* Most elements hold one piece of text, which need not be copied. */
struct nw_feed_text nw_feed_plain(const struct nw_feed_reader *reader,
				  const xmlNode *node)
{
	const xmlNode *only = node->children;
	struct nw_buf buf;

	if (!only)
		return (struct nw_feed_text){ "", 0, NW_MODE_TEXT };
	if (!only->next && only->type == XML_TEXT_NODE)
		return (struct nw_feed_text){
			(const char *)only->content,
			strlen((const char *)only->content), NW_MODE_TEXT
		};
	nw_buf_init(&buf, NW_FEED_TEXT_BYTES);
	put_plain(&buf, node);
	return keep(reader, &buf, NW_MODE_TEXT);
}

char *nw_feed_plain_line(const struct nw_feed_reader *reader,
			 const xmlNode *node, size_t max)
{
	struct nw_feed_text text = nw_feed_plain(reader, node);

	return nw_feed_line(reader->arena, &text, max);
}

static int base64_value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* RFC 4648 section 4, white space passed over.  What is none stays as it is;
 * what turns out to be no text is emptied. */
static void decode_base64(const struct nw_feed_reader *reader,
			  struct nw_feed_text *text)
{
	char *out = nw_arena_alloc(reader->arena, text->len / 4 * 3 + 4);
	size_t at, len = 0;
	unsigned bits = 0, held = 0;

	for (at = 0; at < text->len && text->bytes[at] != '='; at++) {
		int value = base64_value(text->bytes[at]);

		if (value < 0 && strchr(" \t\r\n", text->bytes[at]))
			continue;
		if (value < 0)
			return;
		bits = (bits << 6 | (unsigned)value) & 0xffffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[len++] = (char)(bits >> held & 0xff);
		}
	}
	for (; at < text->len; at++)
		if (!strchr("= \t\r\n", text->bytes[at]))
			return;
	if (memchr(out, '\0', len) || nw_utf8_valid(out, len) != len)
		len = 0;
	text->bytes = out;
	text->len = len;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcasecmp(text + len - end_len, end) == 0;
}

/* The types of Atom 1.0, of Atom 0.3, and what else feeds write. */
static const struct {
	const char *type;
	enum nw_feed_mode mode;
} types[] = {
	{ "html", NW_MODE_HTML },
	{ "text/html", NW_MODE_HTML },
	{ "xhtml", NW_MODE_HTML },
	{ "application/xhtml+xml", NW_MODE_HTML },
	{ "text/xhtml", NW_MODE_HTML },
	{ "text", NW_MODE_TEXT },
	{ "text/plain", NW_MODE_TEXT },
	{ "plain", NW_MODE_TEXT },
};

static enum nw_feed_mode mode_of_type(const char *type, enum nw_feed_mode mode)
{
	size_t i;

	for (i = 0; type && i < COUNT(types); i++) {
		if (strcasecmp(types[i].type, type) != 0)
			continue;
		if (types[i].mode == NW_MODE_TEXT &&
		    mode == NW_MODE_GUESS_LINES)
			return NW_MODE_LINES;
		return types[i].mode;
	}
	return mode;
}

/* Anything else than text and XML is base64 (RFC 4287 section 4.1.3.3). */
static bool is_base64(const char *type, const char *mode)
{
	if (mode)
		return strcasecmp(mode, "base64") == 0;
	return type && strchr(type, '/') &&
	       strncasecmp(type, "text/", 5) != 0 && !ends_with(type, "+xml") &&
	       !ends_with(type, "/xml");
}

struct nw_feed_text nw_feed_content(const struct nw_feed_reader *reader,
				    const xmlNode *node, enum nw_feed_mode mode)
{
	const char *type = nw_feed_attr_line(reader, node, "type");
	const char *how = nw_feed_attr_line(reader, node, "mode");
	struct nw_feed_text text;

	mode = mode_of_type(type, mode);
	/* Markup in an element of type html is TypePad's: a div around text
	 * that is escaped once more.  But mode xml means what it says. */
	if (has_elements(node))
		return markup(reader, node,
			      !how && type && ends_with(type, "html") &&
				      !ends_with(type, "xhtml"));
	text = nw_feed_plain(reader, node);
	text.mode = mode;
	if (is_base64(type, how))
		decode_base64(reader, &text);
	return text;
}
