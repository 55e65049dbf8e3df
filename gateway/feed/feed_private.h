/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of feed/ share.
 *
 *	feed.c		what kind of feed it is, and the finishing touches
 *	gunzip.c	a file that is packed, as sitemaps often are
 *	xmlfeed.c	the walk over the tree of an XML feed
 *	mend.c		XML that is none, made well-formed
 *	escape.c	text and references, as mend.c writes them
 *	doctype.c	the entities that a document declares
 *	names.c		namespaces
 *	element.c	what an element says: attributes, text, HTML
 *	value.c		what a row of a table reads: lines, dates, URLs …
 *	person.c	authors
 *	link.c		links and enclosures
 *	rss.c atom.c modules.c media.c	the tables
 *	markup.c	HTML to a line, text to HTML
 *	jsonfeed.c sitemap.c	the other kinds
 */
#ifndef NEWSWIRE_FEED_PRIVATE_H
#define NEWSWIRE_FEED_PRIVATE_H

#include <libxml/tree.h>

#include "newswire/buf.h"
#include "newswire/feed.h"

/* names.c */
enum nw_feed_ns {
	NW_NS_OTHER,
	NW_NS_RSS,  /* all of 0.9x, 1.0, 2.0 and CDF */
	NW_NS_ATOM, /* 0.3 with its drafts, 1.0 */
	NW_NS_DC,
	NW_NS_DCTERMS,
	NW_NS_CONTENT, /* RSS 1.0 module: content:encoded */
	NW_NS_XHTML,
	NW_NS_MEDIA, /* Media RSS */
	NW_NS_ITUNES,
	NW_NS_GOOGLEPLAY,
	NW_NS_THREAD,	   /* RFC 4685 */
	NW_NS_TOMBSTONE,   /* RFC 6721 */
	NW_NS_SYNDICATION, /* RSS 1.0 module: sy:updatePeriod */
	NW_NS_FEEDBURNER,
	NW_NS_SITEMAP,
	NW_NS_NEWS,  /* Google's news sitemaps */
	NW_NS_IMAGE, /* Google's image sitemaps */
	NW_NS_COUNT
};

/* More than any offset in nw_feed or nw_item. */
#define NW_FEED_OFFSETS (sizeof(struct nw_feed) + sizeof(struct nw_item))

/* What is known while one XML feed is read. */
struct nw_feed_reader {
	struct nw_arena *arena;
	struct nw_feed *feed;
	struct nw_item *item;	 /* being read, or NULL in the feed's head */
	enum nw_feed_ns family;	 /* of names without a namespace */
	const xmlChar *root_uri; /* it and no namespace mean family */
	const char *source;	 /* URL of the feed, or NULL */
	const char *base;	 /* xml:base in force, or NULL */

	/* How good the source of each field is that was set: by the field's
	 * offset in nw_feed ([0]) or nw_item ([1]); 0 is "not set". */
	unsigned char rank[2][NW_FEED_OFFSETS];

	/* Of the item: what may turn out to belong to its image. */
	const char *media_text, *media_credit;

	/* Of the feed: sy:updatePeriod and sy:updateFrequency. */
	int64_t period_s, frequency;
};

/*
 * A row of a table: how an element is read and into which field.  Of two
 * elements for one field the one with the lower rank is believed, of
 * two with the same rank the first.  Rank 0 is kept for what adds an item:
 * it is read when the head is known.
 */
struct nw_feed_row {
	const char *name; /* of the element; NULL ends the table */
	void (*read)(struct nw_feed_reader *reader,
		     const struct nw_feed_row *row, xmlNode *node);
	size_t field; /* offset in nw_feed or nw_item */
	unsigned char rank;
};

#define NW_HEAD(member) offsetof(struct nw_feed, member)
#define NW_ITEM(member) offsetof(struct nw_item, member)

/* The tables of a namespace: for the head of a feed and for an item. */
struct nw_feed_tables {
	const struct nw_feed_row *head, *item;
};

extern const struct nw_feed_row nw_feed_rss_head[], nw_feed_rss_item[];
extern const struct nw_feed_row nw_feed_atom_head[], nw_feed_atom_item[];
extern const struct nw_feed_row nw_feed_dc_head[], nw_feed_dc_item[];
extern const struct nw_feed_row nw_feed_dcterms_head[], nw_feed_dcterms_item[];
extern const struct nw_feed_row nw_feed_content_item[];
extern const struct nw_feed_row nw_feed_xhtml_item[];
extern const struct nw_feed_row nw_feed_media_head[], nw_feed_media_item[];
extern const struct nw_feed_row nw_feed_itunes_head[], nw_feed_itunes_item[];
extern const struct nw_feed_row nw_feed_googleplay_head[],
	nw_feed_googleplay_item[];
extern const struct nw_feed_row nw_feed_thread_item[];
extern const struct nw_feed_row nw_feed_tombstone_head[];
extern const struct nw_feed_row nw_feed_syndication_head[];
extern const struct nw_feed_row nw_feed_feedburner_item[];

/* The namespace of an element, and its name without a prefix. */
enum nw_feed_ns nw_feed_name(const struct nw_feed_reader *reader,
			     const xmlNode *node, const char **local_r);

/* gunzip.c: whether it is a gzip file (RFC 1952), and what it holds. */
bool nw_feed_is_gzip(const char *bytes, size_t len);
int nw_feed_gunzip(struct nw_buf *out, const char *bytes, size_t len,
		   struct nw_error *err);

/* xmlfeed.c */
int nw_feed_read_xml(struct nw_arena *arena, const char *utf8, size_t len,
		     const char *source, struct nw_feed *feed,
		     struct nw_error *err);
/* Reads the elements below node by the tables of where the reader is; the
 * items come last, so that the head is known by then. */
void nw_feed_read_children(struct nw_feed_reader *reader,
			   const struct nw_feed_row *row, xmlNode *node);
/* Adds an item and reads node into it. */
void nw_feed_read_item(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node);
/* Adds an empty item; NULL when there are enough. */
struct nw_item *nw_feed_add_item(struct nw_arena *arena, struct nw_feed *feed,
				 size_t max);

/*
 * mend.c: writes a well-formed document with the same elements, without
 * prologue, comments and document type, so that the parser never sees an
 * entity.  An empty result means that there is no root that a feed could have;
 * *html_r says whether it is an HTML page.
 */
int nw_feed_mend(struct nw_buf *out, const char *utf8, size_t len, bool *html_r,
		 struct nw_error *err);

/* doctype.c: entities that are declared with a value. */
#define NW_FEED_ENTITIES 64
struct nw_feed_entities {
	struct {
		const char *name, *value;
		size_t name_len, value_len;
	} list[NW_FEED_ENTITIES];
	size_t count;
};
/* Reads "<!DOCTYPE …>" at text; returns the bytes it takes. */
size_t nw_feed_doctype(struct nw_feed_entities *entities, const char *text,
		       const char *end);

/* escape.c: text for XML, without the characters that it does not allow. */
enum nw_feed_where {
	NW_WHERE_TEXT,
	NW_WHERE_VALUE,	/* of an attribute, in double quotes */
	NW_WHERE_CDATA,
};
void nw_feed_escape(struct nw_buf *out, const char *text, size_t len,
		    enum nw_feed_where where);
/* Appends the text of a reference that begins at text ("&…"), declared in the
 * document (entities may be NULL) or HTML's; returns the bytes it takes, 0
 * when it is none. */
size_t nw_feed_escape_reference(struct nw_buf *out, const char *text,
				const char *end,
				const struct nw_feed_entities *entities);

/* element.c */
/* An attribute without a namespace, in any case; NULL when absent. */
const char *nw_feed_attr(const xmlNode *node, const char *name);
/* The same with white space around it left out, NULL when empty. */
char *nw_feed_attr_line(const struct nw_feed_reader *reader,
			const xmlNode *node, const char *name);
/* The URL in force for relative ones below node, given that of its parent. */
const char *nw_feed_xml_base(const struct nw_feed_reader *reader,
			     const xmlNode *node, const char *base);
/* A URL made absolute, NULL for what is none. */
const char *nw_feed_url(const struct nw_feed_reader *reader,
			const char *reference);
/* The same of what belongs to the document and not to its site. */
const char *nw_feed_document_url(const struct nw_feed_reader *reader,
				 const char *reference);

enum nw_feed_mode {
	NW_MODE_TEXT,  /* literally; empty lines part paragraphs */
	NW_MODE_LINES, /* literally; each line end is meant */
	NW_MODE_HTML,
	NW_MODE_GUESS, /* HTML when it looks like it, else text */
	NW_MODE_GUESS_LINES, /* the same, else lines */
};
struct nw_feed_text {
	const char *bytes;
	size_t len;
	enum nw_feed_mode mode;
};
/* The contents of an element, by its type and mode attributes (RFC 4287
 * section 3.1 and 4.1.3; Atom 0.3), otherwise in the given mode. */
struct nw_feed_text nw_feed_content(const struct nw_feed_reader *reader,
				    const xmlNode *node,
				    enum nw_feed_mode mode);
/* The text below node, markup left out. */
struct nw_feed_text nw_feed_plain(const struct nw_feed_reader *reader,
				  const xmlNode *node);
/* The same as one clean line, NULL when empty. */
char *nw_feed_plain_line(const struct nw_feed_reader *reader,
			 const xmlNode *node, size_t max);

/* markup.c */
/* The text as one clean line of at most max bytes; NULL when empty. */
char *nw_feed_line(struct nw_arena *arena, const struct nw_feed_text *text,
		   size_t max);
/* The text as HTML without white space around it; NULL when empty. */
char *nw_feed_html(struct nw_arena *arena, const struct nw_feed_text *text);
/* The code point that a number of a reference stands for (windows-1252 for
 * 128 to 159, as browsers read them); 0 for none. */
uint32_t nw_feed_code_point(unsigned long number);
/* The code point of a reference of HTML that begins with "&"; its bytes go to
 * *used_r; 0 when it is none. */
uint32_t nw_feed_reference(const char *text, const char *end, size_t *used_r);

/* value.c: what rows name as their reader. */
void nw_feed_read_line(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_html(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_text(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_notes(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_teaser(struct nw_feed_reader *reader,
			 const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_id(struct nw_feed_reader *reader,
		     const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_url(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_date(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_language(struct nw_feed_reader *reader,
			   const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_tag(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_tags(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node);

/* Whether nothing as good as row has set its field yet. */
bool nw_feed_wants(const struct nw_feed_reader *reader,
		   const struct nw_feed_row *row);
/* Sets the field unless it is taken or value is NULL (NW_TIME_NONE). */
bool nw_feed_set_string(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, const char *value);
/* The same, but the last of equal rank wins. */
void nw_feed_set_last(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, const char *value);
void nw_feed_set_time(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, int64_t value);
/* A language tag of BCP 47, "_" read as "-"; NULL when it is none. */
const char *nw_feed_language(struct nw_arena *arena, const char *text);
/* Adds a tag unless it is empty or there. */
void nw_feed_add_tag(struct nw_arena *arena, const char ***tags, size_t *count,
		     const char *tag);

/* person.c */
/* "Name", "name@host", "Name (name@host)", "name@host (Name)" … */
void nw_feed_read_author(struct nw_feed_reader *reader,
			 const struct nw_feed_row *row, xmlNode *node);
/* Atom's person construct (RFC 4287 section 3.2). */
void nw_feed_read_person(struct nw_feed_reader *reader,
			 const struct nw_feed_row *row, xmlNode *node);
/* Adds an author, who may lack a name or an address; one who is there
 * already is only completed. */
void nw_feed_add_author(struct nw_arena *arena, struct nw_author **authors,
			size_t *count, const struct nw_author *author);
/* Makes one of an address without a name and a name without an address,
 * when these two are all. */
void nw_feed_join_authors(struct nw_author *authors, size_t *count);

/* link.c */
void nw_feed_read_link(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node);
void nw_feed_read_enclosure(struct nw_feed_reader *reader,
			    const struct nw_feed_row *row, xmlNode *node);
/* A number of bytes or pixels, 0 when it is none. */
int64_t nw_feed_number(const char *text);
void nw_feed_add_enclosure(struct nw_arena *arena, struct nw_item *item,
			   const struct nw_enclosure *enclosure);

/* media.c */
/* What is known of the item's picture, all read; called once an item. */
void nw_feed_finish_media(struct nw_feed_reader *reader);
/* Offers a picture; the first of the best rank is kept, or a wider one. */
void nw_feed_offer_image(struct nw_feed_reader *reader, unsigned char rank,
			 const struct nw_image *image);
void nw_feed_read_image(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, xmlNode *node);

/* jsonfeed.c, sitemap.c */
int nw_feed_read_json(struct nw_arena *arena, const char *utf8, size_t len,
		      const char *source, struct nw_feed *feed,
		      struct nw_error *err);
void nw_feed_read_sitemap(struct nw_feed_reader *reader, xmlNode *root);

#endif
