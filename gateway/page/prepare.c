/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "page_private.h"

/*
 * One pass over the bytes before libxml2, whose parser is of HTML 4: what it
 * would misread, or read for nothing, is taken out by the rules of the WHATWG
 * (HTML section 13.2.5).  Scripts but JSON-LD, styles, comments and drawings
 * go, which is most of a news page; so do the contents of raw text elements.
 * Character references of HTML 5 and of windows-1252 become characters.
 */
/* Bytes of a start tag that are looked back over. */
#define HEADING_TAG_BYTES 400
/* More than this in a button is no button but one that was never closed. */
#define BUTTON_BYTES 4000

struct scan {
	const char *at, *end;
	struct nw_buf *out;
	bool body;	/* there is a start tag of it, or one was made up */
	unsigned unclosed; /* a bit for each of raws whose end tag is nowhere
			    * in what is left */
};

enum content {
	DROP_ELEMENT,	/* the tags and all between them */
	DROP_CONTENT,	/* what is between the tags */
	RAW_TEXT,	/* keep, tags within are text */
	BUTTON,		/* the tags, and what is between them unless it is a
			 * sub-headline or holds a picture */
};

/* Elements whose content is no markup, or none that is read. */
static const struct raw {
	const char *name;
	size_t len;
	enum content content;
} raws[] = {
	{ "script", 6, DROP_ELEMENT },	 { "style", 5, DROP_ELEMENT },
	{ "svg", 3, DROP_ELEMENT },	 { "noembed", 7, DROP_ELEMENT },
	{ "noframes", 8, DROP_ELEMENT }, { "math", 4, RAW_TEXT },
	{ "textarea", 8, DROP_CONTENT }, { "iframe", 6, DROP_CONTENT },
	{ "title", 5, RAW_TEXT },	 { "xmp", 3, RAW_TEXT },
	{ "button", 6, BUTTON },
};

static bool starts(const char *at, const char *end, const char *word,
		   size_t len)
{
	return (size_t)(end - at) >= len && !strncasecmp(at, word, len);
}

static bool ends_name(const char *at, const char *end)
{
	return at == end || *at == '>' || *at == '/' ||
	       isspace((unsigned char)*at);
}

/* Text of an element whose tags are text. */
static void put_raw(struct nw_buf *out, const char *at, const char *end)
{
	while (at < end) {
		const char *stop = memchr(at, '<', (size_t)(end - at));

		nw_page_put_text(out, at, stop ? stop : end);
		if (!stop)
			return;
		nw_buf_adds(out, "&lt;");
		at = stop + 1;
	}
}

/* Behind the ">" of the tag at "<", or the end.  words_r: how many attributes
 * it may have, NULL when nobody asks. */
static const char *tag_end(const char *at, const char *end, size_t *words_r)
{
	size_t words = 0;

	while (at < end && *at != '>') {
		words += (isspace((unsigned char)*at) || *at == '/') &&
			 at + 1 < end && !isspace((unsigned char)at[1]);
		if (*at++ != '=')
			continue;
		while (at < end && isspace((unsigned char)*at))
			at++;
		if (at < end && (*at == '"' || *at == '\'')) {
			at = memchr(at + 1, *at, (size_t)(end - at - 1));
			words++;
			if (!at)
				return end;
			at++;
		}
	}
	if (words_r)
		*words_r = words;
	return at < end ? at + 1 : end;
}

/* The "<" of the end tag of an element with raw text, or NULL. */
static const char *raw_end(const char *at, const char *end,
			   const struct raw *raw)
{
	while (at < end) {
		at = memchr(at, '<', (size_t)(end - at));
		if (!at)
			return NULL;
		/* Buttons do not nest. */
		if (raw->content == BUTTON &&
		    starts(at + 1, end, raw->name, raw->len))
			return NULL;
		if (at + 1 < end && at[1] == '/' &&
		    starts(at + 2, end, raw->name, raw->len) &&
		    ends_name(at + 2 + raw->len, end))
			return at;
		at++;
	}
	return NULL;
}

/* A script that holds "<!--" and then "<script" needs two end tags (WHATWG
 * HTML section 13.2.5.20 and on). */
static const char *script_end(const char *at, const char *end,
			      const struct raw *raw)
{
	enum { PLAIN, ESCAPED, TWICE } state = PLAIN;

	for (; at < end; at++) {
		if (state == PLAIN) {
			at = memchr(at, '<', (size_t)(end - at));
			if (!at)
				return NULL;
		}
		if (*at == '-') {
			if (starts(at, end, "-->", 3))
				state = PLAIN;
		} else if (*at != '<') {
			continue;
		} else if (starts(at, end, "<!--", 4)) {
			if (state == PLAIN)
				state = ESCAPED;
			at++;
		} else if (starts(at + 1, end, "/script", 7) &&
			   ends_name(at + 8, end)) {
			if (state != TWICE)
				return at;
			state = ESCAPED;
		} else if (state == ESCAPED &&
			   starts(at + 1, end, raw->name, raw->len) &&
			   ends_name(at + 1 + raw->len, end)) {
			state = TWICE;
		}
	}
	return NULL;
}

/* There is a byte behind "<". */
static const struct raw *find_raw(const struct scan *scan)
{
	const char *name = scan->at + 1;
	size_t i;

	for (i = 0; i < sizeof(raws) / sizeof(raws[0]); i++)
		if ((name[0] | 0x20) == raws[i].name[0] &&
		    starts(name, scan->end, raws[i].name, raws[i].len) &&
		    ends_name(name + raws[i].len, scan->end))
			return &raws[i];
	return NULL;
}

static bool is_data(const char *tag, const char *end)
{
	static const char type[] = "ld+json";

	for (; (size_t)(end - tag) >= sizeof(type); tag++)
		if (!strncasecmp(tag, type, sizeof(type) - 1))
			return true;
	return false;
}

/* The end tag of the element whose start tag ends at tag, or NULL; what was
 * once found nowhere is not looked for again. */
static const char *find_end(struct scan *scan, const struct raw *raw,
			    const char *tag)
{
	unsigned bit = 1u << (raw - raws);
	const char *stop;

	if (scan->unclosed & bit)
		return NULL;
	stop = raw == &raws[0] ? script_end(tag, scan->end, raw) :
				 raw_end(tag, scan->end, raw);
	if (!stop)
		scan->unclosed |= bit;
	return stop;
}

/* The element whose start tag stands at scan->at up to tag. */
static void scan_raw(struct scan *scan, const struct raw *raw, const char *tag)
{
	bool script = raw == &raws[0];
	const char *stop = find_end(scan, raw, tag);

	if (script && is_data(scan->at, tag)) {
		nw_buf_add(scan->out, scan->at, (size_t)(tag - scan->at));
		nw_buf_add(scan->out, tag,
			   (size_t)((stop ? stop : scan->end) - tag));
		nw_buf_adds(scan->out, "</script>");
	} else if (raw->content != DROP_ELEMENT) {
		nw_page_put_text(scan->out, scan->at, tag);
		if (raw->content == RAW_TEXT && stop)
			put_raw(scan->out, tag, stop);
		nw_buf_addf(scan->out, "</%s>", raw->name);
	}
	/* What is never closed: a script swallows the rest, as in browsers; of
	 * the others only the tag is dropped. */
	if (!stop)
		scan->at = script ? scan->end : tag;
	else
		scan->at = tag_end(stop, scan->end, NULL);
}

static bool has_picture(const char *at, const char *end)
{
	while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
		at++;
		if (starts(at, end, "img", 3) || starts(at, end, "picture", 7))
			return true;
	}
	return false;
}

/* Whether the last tag that was copied opens a sub-headline. */
static bool in_heading(const struct nw_buf *out)
{
	size_t at = out->len, first;

	first = at > HEADING_TAG_BYTES ? at - HEADING_TAG_BYTES : 0;
	while (at > first && isspace((unsigned char)out->data[at - 1]))
		at--;
	if (at == first || out->data[at - 1] != '>')
		return false;
	while (at > first && out->data[at - 1] != '<')
		at--;
	return at > first && (out->data[at] == 'h' || out->data[at] == 'H') &&
	       out->data[at + 1] >= '1' && out->data[at + 1] <= '6';
}

/* A button says what a click does.  But questions that unfold their answer,
 * and pictures that unfold themselves, are buttons too. */
static void scan_button(struct scan *scan, const struct raw *raw,
			const char *tag)
{
	const char *end = scan->end - tag > BUTTON_BYTES ? tag + BUTTON_BYTES :
							   scan->end;
	const char *stop = raw_end(tag, end, raw);

	if (!stop || in_heading(scan->out) || has_picture(tag, stop))
		scan->at = tag;
	else
		scan->at = tag_end(stop, scan->end, NULL);
}

static const char *comment_end(const char *at, const char *end)
{
	for (at += 2; at < end; at++) {
		at = memchr(at, '-', (size_t)(end - at));
		if (!at)
			return end;
		if (starts(at, end, "-->", 3))
			return at + 3;
		if (starts(at, end, "--!>", 4))
			return at + 4;
	}
	return end;
}

/* End tags that are dropped: of buttons, whose start tags are, and of the
 * page, behind which there may be more of it. */
static bool closes_nothing(const struct scan *scan)
{
	static const char *const names[] = { "</button", "</body", "</html" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (starts(scan->at, scan->end, names[i], len) &&
		    ends_name(scan->at + len, scan->end))
			return true;
	}
	return false;
}

/* Elements of HTML 5 open the body where no tag does; libxml2, which does not
 * know them, would leave them in the head. */
static void open_body(struct scan *scan)
{
	static const char *const names[] = { "article", "main", "section",
					     "header", "nav", "aside",
					     "footer", "figure" };
	const char *name = scan->at + 1;
	size_t i;

	for (i = 0; !scan->body && i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (!starts(name, scan->end, names[i], len) ||
		    !ends_name(name + len, scan->end))
			continue;
		nw_buf_adds(scan->out, "<body>");
		scan->body = true;
	}
}

/* Elements of HTML 5 without an end tag: to libxml2, all that follows would
 * stand in them, and what stands in these is not read. */
static void close_void(struct scan *scan)
{
	static const char *const names[] = { "embed", "track" };
	const char *name = scan->at + 1;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (starts(name, scan->end, names[i], len) &&
		    ends_name(name + len, scan->end))
			nw_buf_addf(scan->out, "</%s>", names[i]);
	}
}

/* A tag without its attributes. */
static void put_bare(struct nw_buf *out, const char *tag, const char *end)
{
	const char *at = tag;

	while (!ends_name(at, end))
		at++;
	nw_buf_add(out, tag, (size_t)(at - tag));
	nw_buf_addc(out, '>');
}

static void scan_tag(struct scan *scan)
{
	const char *tag;
	size_t words = 0;
	const struct raw *raw;

	if (starts(scan->at, scan->end, "<!--", 4)) {
		tag = comment_end(scan->at, scan->end);
		/* "<!-->" and "<!--->" are over at once. */
		if (starts(scan->at, scan->end, "<!-->", 5))
			tag = scan->at + 5;
		else if (starts(scan->at, scan->end, "<!--->", 6))
			tag = scan->at + 6;
		scan->at = tag;
		return;
	}
	tag = tag_end(scan->at, scan->end, &words);
	if (scan->at[1] == '!' || scan->at[1] == '?' || closes_nothing(scan)) {
		scan->at = tag;
		return;
	}
	raw = find_raw(scan);
	if (raw && raw->content == BUTTON) {
		scan_button(scan, raw, tag);
		return;
	}
	if (raw) {
		scan_raw(scan, raw, tag);
		return;
	}
	open_body(scan);
	/* The parser compares each attribute with all before it. */
	if (words > NW_PAGE_ATTRIBUTES)
		put_bare(scan->out, scan->at, tag);
	else
		nw_page_put_text(scan->out, scan->at, tag);
	close_void(scan);
	scan->at = tag;
}

static bool has_body(const char *at, const char *end)
{
	while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
		at++;
		if (starts(at, end, "body", 4) ||
		    starts(at, end, "frameset", 8))
			return true;
	}
	return false;
}

void nw_page_prepare(struct nw_buf *out, const char *html, size_t len)
{
	struct scan scan = { .at = html, .end = html + len, .out = out };

	scan.body = has_body(html, scan.end);
	while (scan.at < scan.end && nw_buf_ok(out)) {
		const char *stop = memchr(scan.at, '<',
					  (size_t)(scan.end - scan.at));

		nw_page_put_text(out, scan.at, stop ? stop : scan.end);
		if (!stop)
			return;
		scan.at = stop;
		if (stop + 1 < scan.end &&
		    (isalpha((unsigned char)stop[1]) || stop[1] == '/' ||
		     stop[1] == '!' || stop[1] == '?')) {
			scan_tag(&scan);
		} else {
			nw_buf_adds(out, "&lt;");
			scan.at++;
		}
	}
}
