/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/hypertext.h"
#include "newswire/limits.h"

#include "hypertext_private.h"

/* No colours of its own: what a reader has set is right by day and night. */
static const char style[] =
	"body{max-width:42em;margin:1em auto;padding:0 .5em;line-height:1.5;"
	"font-family:serif}\n"
	"blockquote{margin:1em 0 1em .5em;padding-left:.75em;"
	"border-left:3px solid}\n"
	"pre{white-space:pre-wrap;overflow-wrap:anywhere}\n"
	"table{border-collapse:collapse}\n"
	"td,th{border:1px solid;padding:.2em .5em;text-align:start}\n"
	"footer,figure{font-size:smaller;margin:1em 0}\n";
/* For what is written from right to left, after the other: some clients know
 * no sides that turn with the text. */
static const char rtl_style[] =
	"blockquote{margin:1em .5em 1em 0;padding:0 .75em 0 0;border-left:0;"
	"border-right:3px solid}\n";

/* No picture goes along. */
static const struct nw_attachments links = { .linked = true };

static void paragraph(struct nw_hyper *html, const char *text)
{
	nw_hyper_adds(html, "<p>");
	nw_hyper_text(html, text);
	nw_hyper_adds(html, "</p>\n");
}

static void put_changes(struct nw_hyper *html, const struct nw_layout *layout)
{
	if (!layout->edited)
		return;
	if (!layout->changes) {
		paragraph(html, "This story was changed in many places.");
	} else if (layout->changes->count) {
		nw_hyper_adds(html, "<h2>What changed</h2>\n");
		nw_hyper_body(html, layout->changes);
	}
	nw_hyper_adds(html, "<hr>\n");
}

static void put_updated(struct nw_hyper *html, const struct nw_layout *layout)
{
	if (layout->updated) {
		nw_hyper_adds(html, "<p><small>");
		nw_hyper_text(html, layout->updated);
		nw_hyper_adds(html, "</small></p>\n");
	}
	if (layout->correction)
		paragraph(html, layout->correction);
}

static void put_lead(struct nw_hyper *html, const struct nw_image *image)
{
	struct nw_block block = { .kind = NW_BLOCK_IMAGE, .image = image };
	const struct nw_body body = { &block, 1 };

	if (image)
		nw_hyper_body(html, &body);
}

static void put_standfirst(struct nw_hyper *html, const char *text)
{
	if (!text)
		return;
	nw_hyper_adds(html, "<p><strong>");
	nw_hyper_text(html, text);
	nw_hyper_adds(html, "</strong></p>\n");
}

static void put_enclosures(struct nw_hyper *html,
			   const struct nw_layout *layout)
{
	size_t i;

	for (i = 0; i < layout->enclosure_count; i++) {
		const struct nw_enclosure *enclosure = &layout->enclosures[i];

		if (!enclosure->url)
			continue;
		nw_hyper_adds(html, "<p>");
		nw_hyper_link(html, enclosure->url,
			     enclosure->title ? enclosure->title :
						enclosure->type);
		nw_hyper_text(html, nw_post_enclosure_facts(html->arena,
							    enclosure));
		nw_hyper_adds(html, "</p>\n");
	}
}

static void put_source(struct nw_hyper *html, const char *source)
{
	source = nw_post_href(html->arena, source, NULL);
	if (!source)
		return;
	nw_hyper_adds(html, "<p>Source: ");
	html->own = NULL;
	nw_hyper_link(html, source, source);
	nw_hyper_adds(html, "</p>\n");
}

static void put_authors(struct nw_hyper *html, const struct nw_layout *layout)
{
	size_t i;

	for (i = 0; i < layout->author_count; i++) {
		const struct nw_author *author = &layout->authors[i];

		if (!author->name || (!author->role && !author->bio))
			continue;
		nw_hyper_adds(html, "<p><strong>");
		nw_hyper_link(html, author->url, author->name);
		nw_hyper_adds(html, "</strong>");
		if (author->role) {
			nw_hyper_adds(html, ", ");
			nw_hyper_text(html, author->role);
		}
		if (author->bio) {
			nw_hyper_adds(html, "<br>\n");
			nw_hyper_text(html, author->bio);
		}
		nw_hyper_adds(html, "</p>\n");
	}
}

static void put_story(struct nw_hyper *html, const struct nw_layout *layout)
{
	size_t i;

	put_changes(html, layout);
	put_updated(html, layout);
	put_lead(html, layout->lead);
	put_standfirst(html, layout->standfirst);
	if (layout->body)
		nw_hyper_body(html, layout->body);
	for (i = 0; i < layout->notice_count; i++)
		paragraph(html, layout->notices[i]);
	if (layout->teaser)
		paragraph(html, "[The rest of this story is for subscribers "
				"of the publisher.]");
	put_enclosures(html, layout);
}

static void put_head(struct nw_hyper *html, const struct nw_layout *layout)
{
	nw_hyper_adds(html, "<!DOCTYPE html>\n<html");
	if (layout->language) {
		nw_hyper_adds(html, " lang=\"");
		nw_hyper_text(html, layout->language);
		nw_hyper_adds(html, "\"");
	}
	nw_hyper_adds(html, ">\n<head>\n<meta charset=\"utf-8\">\n"
			   "<meta name=\"color-scheme\" "
			   "content=\"light dark\">\n<title>");
	nw_hyper_text(html, layout->subject ? layout->subject : "");
	nw_hyper_adds(html, "</title>\n<style>\n");
	nw_hyper_adds(html, style);
	if (nw_post_is_rtl(layout->language))
		nw_hyper_adds(html, rtl_style);
	nw_hyper_adds(html, "</style>\n</head>\n<body dir=\"");
	nw_hyper_adds(html, nw_post_is_rtl(layout->language) ? "rtl" : "auto");
	nw_hyper_adds(html, "\">\n");
}

static int finish(struct nw_hyper *html, size_t start, struct nw_error *err)
{
	nw_arena_free(&html->arena);
	if (nw_buf_ok(html->out))
		return 0;
	nw_buf_cut(html->out, start);
	return nw_error_set(err, NW_ERROR_REFUSED,
			    "hypertext: longer than %zu bytes",
			    html->out->max - start);
}

int nw_hypertext_layout(struct nw_buf *out, const struct nw_layout *layout,
			const struct nw_attachments *attachments,
			struct nw_error *err)
{
	const size_t start = out->len;
	struct nw_hyper html = { .out = out, .line = start,
				 .arena = nw_arena_new(),
				 .own = layout->source,
				 .attachments = attachments };

	put_head(&html, layout);
	put_story(&html, layout);
	nw_hyper_adds(&html, "<footer>\n");
	put_source(&html, layout->source);
	put_authors(&html, layout);
	nw_hyper_adds(&html, "</footer>\n</body>\n</html>\n");
	return finish(&html, start, err);
}

int nw_hypertext_write(struct nw_buf *out, const struct nw_story *story,
		       const struct nw_post *post, struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_layout layout;
	int result;

	nw_post_layout(arena, story, post, &layout);
	result = nw_hypertext_layout(out, &layout, &links, err);
	nw_arena_free(&arena);
	return result;
}

int nw_hypertext_body(struct nw_buf *out, const struct nw_body *body,
		      struct nw_error *err)
{
	const size_t start = out->len;
	struct nw_hyper html = { .out = out, .line = start,
				 .arena = nw_arena_new(),
				 .attachments = &links };

	nw_hyper_body(&html, body);
	return finish(&html, start, err);
}
