/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A post as a Netnews article (RFC 5536, RFC 5322, RFC 2045), written by
 * libetpan.
 *
 * The parts are text/plain (newswire/text.h), text/html
 * (newswire/hypertext.h) and pictures, as the layout says; text in UTF-8, 7bit
 * or 8bit, quoted-printable where a line or an octet asks for it.  Boundaries
 * derive from the Message-ID and Content-IDs from it and the URL of the
 * picture, so equal input gives equal bytes.  A picture that stands in
 * several places is attached once.  CR, LF and NUL of a source never reach a
 * header; no line is longer than NW_LINE_OCTETS.
 */
#ifndef NEWSWIRE_MESSAGE_H
#define NEWSWIRE_MESSAGE_H

#include "newswire/buf.h"
#include "newswire/picture.h"
#include "newswire/thread.h"

/* What a message keeps of pictures. */
enum nw_images {
	NW_IMAGES_INLINE,	/* themselves, as far as options give them */
	NW_IMAGES_LINK,		/* caption, credit and a link */
	NW_IMAGES_NONE,		/* caption and credit */
	NW_IMAGES_COUNT
};
/* "inline", "link", "none". */
extern const char *const nw_images_names[NW_IMAGES_COUNT];

/* How its parts lie. */
enum nw_message_layout {
	NW_LAYOUT_ALTERNATIVE, /* alternative(text, related(html, pictures)) */
	NW_LAYOUT_MIXED,       /* mixed(text, picture, text, ...), no HTML: a
				* client without an HTML viewer shows pictures
				* in their place */
	NW_LAYOUT_TEXT,	       /* text/plain alone */
	NW_LAYOUT_COUNT
};
/* "alternative", "mixed", "text". */
extern const char *const nw_layout_names[NW_LAYOUT_COUNT];

struct nw_message_options {
	const char *const *newsgroups;
	size_t newsgroup_count;
	const char *path_host;	    /* Path: "host!not-for-mail" */
	int64_t now_utc;	    /* Injection-Date */
	enum nw_message_layout layout;
	enum nw_images images;
	const struct nw_picture *pictures; /* for INLINE, by their URL; those
					    * that the post does not show are
					    * left out */
	size_t picture_count;
	const struct nw_picture *face; /* nw_picture_face(), or NULL */
	const char *list_name;	    /* of the source, for List-Id, or NULL */
	const char *list_url;	    /* of the source, for List-Archive, or NULL;
				     * with neither, there is no List-Id */
};

/*
 * Appends the whole article with CRLF line ends, without Xref and without
 * dot-stuffing.  From names the authors of the update, else of the story,
 * else the publisher, at an address under ".invalid" unless the source
 * publishes one.  Fails past NW_MESSAGE_BYTES; NW_POST_CANCEL has no message
 * (NW_ERROR_INTERNAL).
 */
int nw_message_write(struct nw_buf *out, const struct nw_story *story,
		     const struct nw_post *post,
		     const struct nw_message_options *options,
		     struct nw_error *err);

#endif
