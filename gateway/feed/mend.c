/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

/*
 * One pass over the text, in which each "<" and "&" is either markup as XML
 * has it or text.  Tags are balanced on a stack: an end tag closes
 * what is open inside of its element, and one that closes nothing is dropped.
 */
struct mender {
	const char *at, *end;
	struct nw_buf *out;
	struct nw_feed_entities entities;
	struct {
		const char *name;
		size_t len;
		unsigned namespaces; /* declared in its start tag */
	} open[NW_FEED_DEPTH - 8];
	size_t depth;
	unsigned namespaces; /* in force */
	size_t text_start;   /* in out: behind the last tag */
	bool closed;	     /* the root element is complete */
	bool html;	     /* it was an HTML page */

	/* Nothing behind at closes one of these any more; asked only once,
	 * so that a text of nothing but openings takes linear time. */
	bool no_comment_end, no_instruction_end;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DEPTH_MAX    COUNT(((struct mender *)0)->open)

/* The parser compares each attribute with all others of its tag, and each
 * prefix with all namespaces in force: more than any feed has would take it
 * a time that grows as the square. */
#define ATTRIBUTES_MAX 64
#define NAMESPACES_MAX 128

/* Escaped; the parser takes no more than 10,000,000 bytes in one piece. */
#define TEXT_MAX (2 * (size_t)NW_FEED_TEXT_BYTES)

static const char space[] = " \t\r\n\f";

/* What a feed's outermost element is called. */
static const char *const roots[] = { "rss",	    "feed",  "RDF",
				     "channel",	    "entry", "urlset",
				     "sitemapindex" };

/* What never stands in itself. */
static const char *const items[] = { "item", "entry" };
/* Elements of HTML that have no end tag and mean nothing in a feed. */
static const char *const voids[] = { "br",  "img",   "hr",  "input",
				     "wbr", "embed", "area" };

/* No name that a feed needs has more than ASCII. */
static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' ||
	       c == '.';
}

static bool is_one_of(const char *name, size_t len, const char *const *names,
		      size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strlen(names[i]) == len &&
		    strncasecmp(names[i], name, len) == 0)
			return true;
	return false;
}

/* The length of a qualified name (a colon only between two names), 0 for
 * none. */
static size_t name_length(const char *at, const char *end)
{
	const char *start = at;

	if (at == end || !is_name_start(*at))
		return 0;
	while (at < end && is_name(*at))
		at++;
	if (at + 1 < end && *at == ':' && is_name_start(at[1]))
		for (at++; at < end && is_name(*at);)
			at++;
	return (size_t)(at - start);
}

static bool starts(const struct mender *m, const char *with)
{
	size_t len = strlen(with);

	return (size_t)(m->end - m->at) >= len &&
	       strncasecmp(m->at, with, len) == 0;
}

/* Room for the text of the present element or attribute. */
static size_t text_room(const struct mender *m)
{
	size_t used = m->out->len - m->text_start;

	return used < TEXT_MAX ? TEXT_MAX - used : 0;
}

static void put_escaped(struct mender *m, const char *text, size_t len,
			enum nw_feed_where where)
{
	size_t room = text_room(m);

	if (len > room)
		len = nw_utf8_valid(text, room);
	nw_feed_escape(m->out, text, len, where);
}

static void put_reference(struct mender *m, const char *stop)
{
	size_t used =
		nw_feed_escape_reference(m->out, m->at, stop, &m->entities);

	if (!used) {
		nw_buf_adds(m->out, "&amp;");
		used = 1;
	}
	m->at += used;
}

/* Text with references, up to stop. */
static void put_text(struct mender *m, const char *stop,
		     enum nw_feed_where where)
{
	const char *run;

	while (m->at < stop && text_room(m)) {
		if (*m->at == '&') {
			put_reference(m, stop);
			continue;
		}
		run = memchr(m->at, '&', (size_t)(stop - m->at));
		if (!run)
			run = stop;
		put_escaped(m, m->at, (size_t)(run - m->at), where);
		m->at = run;
	}
	m->at = stop;
}

static void close_one(struct mender *m)
{
	m->depth--;
	m->namespaces -= m->open[m->depth].namespaces;
	nw_buf_adds(m->out, "</");
	nw_buf_add(m->out, m->open[m->depth].name, m->open[m->depth].len);
	nw_buf_addc(m->out, '>');
	m->closed = m->depth == 0;
	m->text_start = m->out->len;
}

/* Where on the stack an element of that name is open, from 1; 0: nowhere. */
static size_t find_open(const struct mender *m, const char *name, size_t len)
{
	size_t i = m->depth;

	while (i && (m->open[i - 1].len != len ||
		     strncasecmp(m->open[i - 1].name, name, len) != 0))
		i--;
	return i;
}

static void close_to(struct mender *m, size_t level)
{
	while (level && m->depth >= level)
		close_one(m);
}

static void put_end_tag(struct mender *m, const char *name, size_t len)
{
	const char *close = memchr(name, '>', (size_t)(m->end - name));

	m->at = close ? close + 1 : m->end;
	close_to(m, find_open(m, name, len));
}

/* The value at m->at, with or without quotes; m->at moves behind it. */
static void put_value(struct mender *m)
{
	const char *stop = NULL, *end = m->end;
	char quote = m->at < m->end ? *m->at : '\0';

	nw_buf_adds(m->out, "=\"");
	m->text_start = m->out->len;
	if (quote == '"' || quote == '\'') {
		m->at++;
		stop = memchr(m->at, quote, (size_t)(m->end - m->at));
		end = stop;
	}
	if (!stop) {
		for (end = m->at; end < m->end && *end != '>' && *end &&
				  !strchr(space, *end);)
			end++;
	}
	/* "/>" closes the tag, it is no part of a bare value. */
	if (!stop && end > m->at && end < m->end && *end == '>' &&
	    end[-1] == '/')
		end--;
	put_text(m, end, NW_WHERE_VALUE);
	if (stop)
		m->at++;
	nw_buf_addc(m->out, '"');
}

struct attributes {
	const char *name[ATTRIBUTES_MAX];
	size_t len[ATTRIBUTES_MAX];
	size_t count;
	unsigned namespaces;
};

static bool is_new(struct attributes *seen, const char *name, size_t len)
{
	size_t i;

	if (seen->count == ATTRIBUTES_MAX)
		return false;
	for (i = 0; i < seen->count; i++)
		if (seen->len[i] == len &&
		    memcmp(seen->name[i], name, len) == 0)
			return false;
	seen->name[seen->count] = name;
	seen->len[seen->count++] = len;
	return true;
}

/* Whether the parser may see an attribute.  It has an opinion of each xml:id,
 * which it prints. */
static bool is_wanted(const struct mender *m, struct attributes *seen,
		      const char *name, size_t len)
{
	if (len == 6 && memcmp(name, "xml:id", 6) == 0)
		return false;
	if (len < 5 || memcmp(name, "xmlns", 5) != 0)
		return true;
	if (m->namespaces + seen->namespaces >= NAMESPACES_MAX)
		return false;
	seen->namespaces++;
	return true;
}

static void skip_space(struct mender *m)
{
	while (m->at < m->end && *m->at && strchr(space, *m->at))
		m->at++;
}

static void put_attribute(struct mender *m, struct attributes *seen)
{
	const char *name = m->at;
	size_t len = name_length(name, m->end), start = m->out->len;
	bool keep;

	if (!len) {
		m->at++;
		return;
	}
	m->at += len;
	keep = is_new(seen, name, len) && is_wanted(m, seen, name, len);
	nw_buf_addc(m->out, ' ');
	nw_buf_add(m->out, name, len);
	skip_space(m);
	if (m->at < m->end && *m->at == '=') {
		m->at++;
		skip_space(m);
		put_value(m);
	} else {
		nw_buf_adds(m->out, "=\"\"");
	}
	if (!keep)
		nw_buf_cut(m->out, start);
}

/*
 * The attributes and the end of a start tag; a "<" ends one that lacks its
 * ">".  *closes_r says whether it closes itself.  False when the text ends
 * first: then the last value may be half a URL.
 */
static bool put_attributes(struct mender *m, struct attributes *seen,
			   bool *closes_r)
{
	bool closes = false;

	for (;;) {
		skip_space(m);
		if (m->at == m->end)
			return false;
		if (*m->at == '<' || *m->at == '>') {
			m->at += *m->at == '>';
			*closes_r = closes;
			return true;
		}
		closes = *m->at == '/';
		if (closes)
			m->at++;
		else
			put_attribute(m, seen);
	}
}

static void put_start_tag(struct mender *m, const char *name, size_t len)
{
	struct attributes seen = { .count = 0, .namespaces = 0 };
	bool empty = false, whole;
	size_t start;

	/* An item that was not closed. */
	if (is_one_of(name, len, items, COUNT(items)))
		close_to(m, find_open(m, name, len));
	start = m->out->len;
	m->at = name + len;
	nw_buf_addc(m->out, '<');
	nw_buf_add(m->out, name, len);
	whole = put_attributes(m, &seen, &empty);
	empty = empty || is_one_of(name, len, voids, COUNT(voids));
	if (!whole || (m->depth == DEPTH_MAX && !empty)) {
		/* Cut off, or too deep for the parser: its text stays. */
		nw_buf_cut(m->out, start);
	} else if (empty) {
		nw_buf_adds(m->out, "/>");
		m->closed = m->depth == 0;
	} else {
		nw_buf_addc(m->out, '>');
		m->open[m->depth].name = name;
		m->open[m->depth].namespaces = seen.namespaces;
		m->open[m->depth++].len = len;
		m->namespaces += seen.namespaces;
	}
	m->text_start = m->out->len;
}

static void put_cdata(struct mender *m)
{
	const char *text = m->at + strlen("<![CDATA[");
	const char *stop = memmem(text, (size_t)(m->end - text), "]]>", 3);

	nw_buf_adds(m->out, "<![CDATA[");
	put_escaped(m, text, (size_t)((stop ? stop : m->end) - text),
		    NW_WHERE_CDATA);
	nw_buf_adds(m->out, "]]>");
	m->at = stop ? stop + 3 : m->end;
}

/* Skips up to behind close; false when it is not there. */
static bool skip_past(struct mender *m, const char *close, bool *missing)
{
	const char *found = NULL;

	if (!*missing)
		found = memmem(m->at, (size_t)(m->end - m->at), close,
			       strlen(close));
	if (!found) {
		*missing = true;
		return false;
	}
	m->at = found + strlen(close);
	return true;
}

/* What is neither text nor an element; false when it is text after all. */
static bool put_other(struct mender *m)
{
	if (starts(m, "<![CDATA[")) {
		put_cdata(m);
		return true;
	}
	if (starts(m, "<!--"))
		return skip_past(m, "-->", &m->no_comment_end);
	if (starts(m, "<?"))
		return skip_past(m, "?>", &m->no_instruction_end);
	if (starts(m, "<!DOCTYPE")) {
		m->at += nw_feed_doctype(&m->entities, m->at, m->end);
		return true;
	}
	return false;
}

/* A "<" that is text; behind the last tag it is the start of one that was
 * cut off. */
static void put_less_than(struct mender *m)
{
	m->at++;
	if (!memchr(m->at, '<', (size_t)(m->end - m->at)))
		m->at = m->end;
	else if (text_room(m))
		nw_buf_adds(m->out, "&lt;");
}

static void put_markup(struct mender *m)
{
	bool ends = m->at + 1 < m->end && m->at[1] == '/';
	const char *name = m->at + 1 + ends;
	size_t len = name_length(name, m->end);

	if (len && ends) {
		put_end_tag(m, name, len);
	} else if (len) {
		put_start_tag(m, name, len);
	} else if (!put_other(m)) {
		put_less_than(m);
	}
}

/* Finds the first element that can be the root of a feed.  What a broken
 * script prints before it is passed over. */
static bool find_root(struct mender *m)
{
	while ((m->at = memchr(m->at, '<', (size_t)(m->end - m->at)))) {
		const char *name = m->at + 1, *colon;
		size_t len = name_length(name, m->end);

		colon = memchr(name, ':', len);
		if (colon) {
			len -= (size_t)(colon + 1 - name);
			name = colon + 1;
		}
		if (is_one_of(name, len, roots, COUNT(roots)))
			return true;
		if (starts(m, "<!DOCTYPE html"))
			m->html = true;
		if (len == 4 && strncasecmp(name, "html", 4) == 0) {
			m->html = true;
			return false;
		}
		if (len || starts(m, "<![CDATA[") || !put_other(m))
			m->at++;
	}
	return false;
}

/* Text that no tag ends is cut off somewhere: half a URL is none. */
static void mend(struct mender *m)
{
	const char *stop;

	while (m->at < m->end && !m->closed && nw_buf_ok(m->out)) {
		if (*m->at == '<') {
			put_markup(m);
			continue;
		}
		stop = memchr(m->at, '<', (size_t)(m->end - m->at));
		if (!stop)
			break;
		put_text(m, stop, NW_WHERE_TEXT);
	}
	while (m->depth)
		close_one(m);
}

int nw_feed_mend(struct nw_buf *out, const char *utf8, size_t len, bool *html_r,
		 struct nw_error *err)
{
	struct mender m = { .at = utf8, .end = utf8 + len, .out = out };

	if (find_root(&m))
		mend(&m);
	*html_r = m.html;
	if (!nw_buf_ok(out))
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "the feed grows past %zu bytes", out->max);
	return 0;
}
