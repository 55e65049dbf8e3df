/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the html_*.c files share: the reader that walks a tree and fills
 * blocks.
 *
 * The walk is iterative; what an open element means for the text in it is a
 * state, which is pushed when it opens and popped when it ends.  Text is
 * gathered in one buffer with runs of equal look; a block's boundary makes
 * spans of them.
 */
#ifndef NEWSWIRE_HTML_PRIVATE_H
#define NEWSWIRE_HTML_PRIVATE_H

#include <libxml/tree.h>

#include "newswire/buf.h"
#include "page_private.h"

/* What becomes of blocks within what is read. */
enum nw_html_mode {
	NW_HTML_BLOCKS,	/* they are blocks of the body */
	NW_HTML_CELL,	/* lines of one table cell */
	NW_HTML_LINE,	/* words of one line; pictures are left out */
};

/* How an element is treated. */
enum nw_html_treatment {
	NW_HTML_INLINE,	 /* only its content */
	NW_HTML_DROP,	 /* with all that is in it */
	NW_HTML_BLOCK,	 /* a boundary before it and after it */
	NW_HTML_APART,	 /* white space before it and after it */
	NW_HTML_HEADING, /* value: the level */
	NW_HTML_STYLE,	 /* value: enum nw_span_style */
	NW_HTML_LINK,
	NW_HTML_BREAK,
	NW_HTML_RULE,
	NW_HTML_QUOTE,	 /* block quote */
	NW_HTML_QUOTED,	 /* q: with quotation marks */
	NW_HTML_RUBY,	 /* rt: in brackets */
	NW_HTML_LIST,	 /* value: whether its items have numbers */
	NW_HTML_ITEM,
	NW_HTML_PRE,
	NW_HTML_TABLE,
	NW_HTML_FORM,
	NW_HTML_FIGURE,
	NW_HTML_IMAGE,
	NW_HTML_PICTURE,
	NW_HTML_NOSCRIPT,
	NW_HTML_EMBED,
	NW_HTML_SLOT,	 /* of an address that a script would show */
	NW_HTML_TREATMENTS
};

struct nw_html_element {
	const char *name;
	enum nw_html_treatment treatment;
	unsigned value;
};

/* What the open elements mean for the text in them. */
struct nw_html_state {
	const char *href;
	unsigned style;
	unsigned quote;
	unsigned list;		/* depth of lists */
	unsigned heading;	/* level, 0: none */
	bool ordered;		/* of the innermost list: */
	int ordinal;		/* the next one */
	int step;
	enum nw_html_treatment treatment; /* of the element that set it */
};

/* A stretch of the text with one look, up to the next one's start. */
struct nw_html_run {
	size_t start;
	const char *href;
	unsigned style;
};

struct nw_html_reader {
	struct nw_arena *arena;
	const struct nw_html_options *options;
	enum nw_html_mode mode;
	struct nw_body body;		/* what is made */
	struct nw_html_state state;
	struct nw_buf states;		/* struct nw_html_state, outer ones */
	size_t depth;			/* open elements, also past the cap */
	struct nw_buf text;		/* of the block that is being filled */
	struct nw_buf runs;		/* struct nw_html_run */
	unsigned breaks;		/* br met since the last character */
	bool space;			/* white space met since then */
	bool item;			/* the next block opens a list item */
	int item_ordinal;
	struct nw_html_queue {		/* pictures met amid a sentence */
		struct nw_block *blocks;
		size_t count;
	} queue;
	size_t text_bytes;		/* in all blocks */
	size_t images;
	struct nw_work *work;		/* that of the options, or own */
	struct nw_work own;
	bool lazy;			/* the last picture had no address */
	const char *refused;		/* the cap that was met, or NULL */
};

void nw_html_reader_init(struct nw_html_reader *reader,
			 struct nw_arena *arena,
			 const struct nw_html_options *options,
			 enum nw_html_mode mode);
void nw_html_reader_free(struct nw_html_reader *reader);
/* Reads what is below top. */
void nw_html_walk(struct nw_html_reader *reader, const xmlNode *top);
/* The text below node as one clean line; NULL when there is none. */
char *nw_html_text_line(struct nw_arena *arena, const xmlNode *node,
			const struct nw_html_options *options, size_t max);

/* html_element.c */
const struct nw_html_element *nw_html_element(const xmlNode *node);
/* Whether a browser does not show it, or only to those who cannot see. */
bool nw_html_is_unseen(const xmlNode *node);
/* Whether one of the attribute's words begins with one of the stems, of
 * which the last is NULL; case does not count. */
bool nw_html_has_stem(const xmlNode *node, const char *attribute,
		      const char *const *stems);
/* The same for whole words. */
bool nw_html_has_word(const xmlNode *node, const char *attribute,
		      const char *const *words);
/* Whether a picture is among the first few elements below node, or is it. */
bool nw_html_has_image(const xmlNode *node);
/* A number of pixels or an ordinal; -1 when the attribute is none. */
int nw_html_number(const xmlNode *node, const char *attribute);

/* html_inline.c */
void nw_html_text(struct nw_html_reader *reader, const char *text);
void nw_html_break(struct nw_html_reader *reader);
/* The spans of what was gathered, which is then forgotten. */
struct nw_span *nw_html_take_spans(struct nw_html_reader *reader,
				   size_t *count_r);

/* html_block.c */
/* A block's boundary: what was gathered becomes a block. */
void nw_html_flush(struct nw_html_reader *reader);
/* Adds a block, or queues it while a sentence is being read. */
void nw_html_add_block(struct nw_html_reader *reader,
		       const struct nw_block *block);
/* Puts it behind what is being read. */
void nw_html_queue(struct nw_html_reader *reader,
		   const struct nw_block *block);
/* Reads a pre element, whose lines are kept. */
void nw_html_read_code(struct nw_html_reader *reader, const xmlNode *node);

/* html_table.c: whether node was a table of data, which is then read. */
bool nw_html_table(struct nw_html_reader *reader, const xmlNode *node);

/* html_choice.c: the best of the addresses of an img and of the picture around
 * it; text NULL when it has none. */
struct nw_html_choice {
	const char *text;	/* not terminated, as the attribute has it */
	size_t len;
	int width;		/* pixels, 0: not said */
};
void nw_html_choose(struct nw_html_choice *choice_r, const xmlNode *node);

/* html_image.c */
/* The picture that an img (or amp-img, or one in a picture) shows; NULL when
 * it has no address or only counts readers. */
struct nw_image *nw_html_image(struct nw_html_reader *reader,
			       const xmlNode *node);
/* Whether an img is no icon, no character and no counter of readers. */
bool nw_html_is_picture(const xmlNode *node);
/* Reads an img where it stands. */
void nw_html_read_image(struct nw_html_reader *reader, const xmlNode *node);
void nw_html_add_image(struct nw_html_reader *reader,
		       const struct nw_image *image);

/* html_caption.c */
/* Words that name whom a picture is from, without label and brackets; NULL
 * for none. */
const char *nw_html_clean_credit(struct nw_arena *arena, const char *text);
/* Parts the caption from the credit in it; an alt that says the same goes. */
void nw_html_sort_words(struct nw_arena *arena, struct nw_image *image);
/* Whether a paragraph says what the picture before it is said to show; then
 * it has become the picture's caption. */
bool nw_html_take_caption(struct nw_html_reader *reader,
			  const struct nw_span *spans, size_t count);

/* html_figure.c: whether node is a picture with its caption, which is then
 * read. */
bool nw_html_figure(struct nw_html_reader *reader, const xmlNode *node);

/* html_embed.c */
/* Whether node was an embedded player or post, which is then read. */
bool nw_html_embed(struct nw_html_reader *reader, const xmlNode *node);
/* The same for an empty element that a script would fill. */
bool nw_html_placeholder(struct nw_html_reader *reader, const xmlNode *node);

#endif
