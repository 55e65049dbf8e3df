/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of post/ share.
 */
#ifndef NEWSWIRE_POST_PRIVATE_H
#define NEWSWIRE_POST_PRIVATE_H

#include "newswire/buf.h"
#include "newswire/message.h"
#include "newswire/thread.h"

/* words.c: a text for comparing.  Letters are folded and joined, white space
 * and punctuation go, numbers stay apart as they are. */
void nw_post_words(struct nw_arena *arena, struct nw_buf *out,
		   const char *text, size_t len);
char *nw_post_key(struct nw_arena *arena, const char *text);
/* Of a block, with the caption of an image; "" for furniture. */
char *nw_post_block_key(struct nw_arena *arena, const struct nw_block *block);
/* furniture.c: whether a line is only a share button or a label of an
 * advertisement. */
bool nw_post_is_furniture(struct nw_arena *arena, const char *text);

/* align.c: what two texts share. */
struct nw_token {
	const char *text;	/* a paragraph, a sentence or a word */
	size_t len;
	const char *key;	/* equal keys, equal tokens */
	size_t key_len;
	bool gap;		/* a word: white space follows; a sentence:
				 * another one of its block does */
	bool first;		/* a word that begins a sentence */
	bool kept;		/* stands in both texts */
};
struct nw_tokens {
	struct nw_token *items;
	size_t count;
};
/* The words of a text; an ideograph is one of its own. */
struct nw_tokens nw_tokens_words(struct nw_arena *arena, const char *text,
				 size_t len);
/* The sentences of all blocks but furniture, by their words. */
struct nw_tokens nw_tokens_sentences(struct nw_arena *arena,
				     const struct nw_body *body);
/* Sets kept by the longest common subsequence; false when the texts are too
 * long for that. */
bool nw_tokens_align(struct nw_tokens a, struct nw_tokens b);
/* How many tokens from at on are all kept, or all not. */
size_t nw_tokens_run(struct nw_tokens tokens, size_t at, bool kept);

/* slight.c: whether what differs are less than three in a hundred words and no
 * more than a hundred, less than a quarter of the headline's, no number and no
 * name. */
bool nw_post_is_slight(struct nw_arena *arena, const struct nw_texts *before,
		       const struct nw_texts *after);

/* What a post shows, in this order; both parts of a message are written from
 * it.  layout.c. */
struct nw_layout {
	bool edited;			/* EDIT: the changes go first */
	const struct nw_body *changes;	/* NULL: too many to list */
	const char *updated;		/* a line on what supersedes, or NULL */
	const char *correction;		/* a notice that is new, or NULL */
	const struct nw_image *lead;	/* unless the body has it */
	const char *standfirst;		/* unless the body begins with it */
	const struct nw_body *body;
	const char **notices;		/* those that the body lacks */
	size_t notice_count;
	const struct nw_enclosure *enclosures;
	size_t enclosure_count;
	bool teaser;			/* the rest is for subscribers */
	const char *source;		/* URL, or NULL */
	const char *language;	/* a language tag, or NULL */
	const char *subject;
	const struct nw_author *authors; /* those with something said of
					  * them, below the signature line */
	size_t author_count;
};
void nw_post_layout(struct nw_arena *arena, const struct nw_story *story,
		    const struct nw_post *post, struct nw_layout *layout_r);

/* The story's language where it is a language tag, else NULL. */
const char *nw_post_language(const struct nw_story *story);
/* Whether a language tag, which may be NULL, names one that is written from
 * right to left. */
bool nw_post_is_rtl(const char *language);
/* " (audio/mpeg, 12.3 MB)", to follow the title, or "". */
const char *nw_post_enclosure_facts(struct nw_arena *arena,
				    const struct nw_enclosure *enclosure);

/* A picture that goes along; all strings are ASCII without line ends, but for
 * the folds of description. */
struct nw_attachment {
	const struct nw_picture *picture;
	const char *cid;	/* Content-ID without its brackets */
	const char *name;	/* of the file */
	const char *description; /* a header value, or NULL */
};
/* What becomes of the pictures of a message. */
struct nw_attachments {
	bool linked;		/* the HTML has links to the others */
	bool numbered;		/* the text has them, as footnotes */
	bool cut;		/* the text is cut where a picture stands */
	struct nw_attachment *items; /* in the order of the layout */
	size_t count;
};
/* attach.c: chooses those that the layout shows and the options give, each
 * once.  domain is that of the Content-IDs. */
void nw_attachments_choose(struct nw_arena *arena,
			   const struct nw_layout *layout,
			   const struct nw_message_options *options,
			   const char *domain,
			   struct nw_attachments *attachments_r);
/* The one of an image, or NULL. */
const struct nw_attachment *
nw_attachment_find(const struct nw_attachments *attachments,
		   const struct nw_image *image);

/* links.c: a link target as it may be written: of an allowed scheme, without
 * tracking, printable; NULL for one that leads nowhere else than to own (a
 * URL or NULL) or may not be followed. */
const char *nw_post_href(struct nw_arena *arena, const char *href,
			 const char *own);
/* What to call a link without words. */
const char *nw_post_link_name(struct nw_arena *arena, const char *url);
/* The last part of the path, within the URL; it may be empty. */
const char *nw_post_file_name(const char *url, size_t *len_r);
/* Whether a text says the address itself. */
bool nw_post_says_address(const char *text, size_t len, const char *url);

/* Footnotes: URLs in the order of their numbers, from 1. */
struct nw_links {
	struct nw_arena *arena;
	const char **urls;
	size_t count;
	uint32_t *slots;	/* hash table of numbers, 0 free */
	size_t slot_count;
};
size_t nw_links_number(struct nw_links *links, const char *url);

/* flow.c: lines of format=flowed (RFC 3676), each behind quote marks ">". */
struct nw_flow {
	struct nw_buf *out;
	struct nw_buf marks;	/* room for nw_utf8_breaks() */
	bool delsp;		/* lines may end without a space */
	bool wants_delsp;	/* a line was too long for want of spaces */
};
/* A paragraph; "
" in it begins a line. */
void nw_flow_paragraph(struct nw_flow *flow, unsigned quote, const char *text,
		       size_t len);
/* A line that is never joined with the next; its end is trimmed. */
void nw_flow_fixed(struct nw_flow *flow, unsigned quote, const char *text,
		   size_t len);
void nw_flow_blank(struct nw_flow *flow, unsigned quote);

/* A place in a text where a picture stands. */
struct nw_text_cut {
	size_t at;
	const struct nw_attachment *attachment;
};

/* text_block.c: blocks of a body as text. */
struct nw_text {
	struct nw_arena *arena;
	struct nw_flow flow;
	struct nw_links links;
	const char *own;	/* address of the story, or NULL */
	const struct nw_block *before; /* the block above, or NULL */
	bool begun;		/* something stands above */
	const struct nw_attachments *attachments;
	struct nw_text_cut *cuts;
	size_t cut_count;
};
/* A line of text between the blocks. */
void nw_text_line(struct nw_text *text, const char *line);
/* "title [n]"; title may be NULL. */
char *nw_text_link(struct nw_text *text, const char *title, const char *url);
void nw_text_body(struct nw_text *text, const struct nw_body *body);
/* The spans as one string, links with their numbers. */
char *nw_text_spans(struct nw_text *text, const struct nw_span *spans,
		    size_t count);
/* text.c: appends the text of a layout; cuts_r are in their order. */
struct nw_text_facts {
	bool delsp;
	struct nw_text_cut *cuts;
	size_t cut_count;
};
int nw_text_layout(struct nw_arena *arena, struct nw_buf *out,
		   const struct nw_layout *layout,
		   const struct nw_attachments *attachments,
		   struct nw_text_facts *facts_r, struct nw_error *err);
/* hypertext.c: the same as a document of HTML. */
int nw_hypertext_layout(struct nw_buf *out, const struct nw_layout *layout,
			const struct nw_attachments *attachments,
			struct nw_error *err);
/* table.c */
void nw_text_table(struct nw_text *text, const struct nw_block *block);

/* transfer.c: the encoding of a MIME part (RFC 2045 section 6). */
enum nw_transfer {
	NW_TRANSFER_7BIT,
	NW_TRANSFER_8BIT,
	NW_TRANSFER_QUOTED_PRINTABLE,
	NW_TRANSFER_BASE64,
};
/* The most readable that takes text (LF line ends) through unchanged: 8bit
 * where it may, for news is an eight-bit medium (RFC 3977 section 3.1.1) and
 * simple readers show a part's octets as they are.  A text that has mark in
 * it, of which the boundaries are made, cannot go as it is. */
enum nw_transfer nw_transfer_choose(const char *text, size_t len,
				    const char *mark);
/* Appends text with CRLF, text in quoted-printable, any octets in base64. */
void nw_transfer_crlf(struct nw_buf *out, const char *text, size_t len);
void nw_transfer_quote(struct nw_buf *out, const char *text, size_t len);
void nw_transfer_base64(struct nw_buf *out, const char *bytes, size_t len);
/* The digits of base64 alone, for headers. */
void nw_transfer_digits(struct nw_buf *out, const char *bytes, size_t len);

/* mime.c: the parts of a message, written by libetpan. */
struct nw_mime_part {
	const char *text;	/* NUL-terminated, LF line ends */
	size_t len;
	bool html, delsp;
	const struct nw_attachment *attachment; /* then it has no text */
};
/* ALTERNATIVE: text, HTML, its pictures.  One part alone is the message. */
struct nw_mime_parts {
	enum nw_message_layout layout;
	const char *mark;	/* the boundaries are made of it */
	const struct nw_mime_part *parts;
	size_t count;
};
/* Appends the MIME headers, the empty line and the parts. */
int nw_mime_write(struct nw_buf *out, const struct nw_mime_parts *parts,
		  struct nw_error *err);

/* parts.c: finds the parts of a message and appends them as nw_mime_write()
 * does. */
int nw_parts_write(struct nw_buf *out, struct nw_arena *arena,
		   const struct nw_layout *layout, const struct nw_post *post,
		   const struct nw_message_options *options,
		   struct nw_error *err);
/* message.c: the domain of the Message-ID of a post. */
const char *nw_post_id_domain(struct nw_arena *arena,
			      const struct nw_post *post);

/* header.c: header lines, folded, in ASCII by RFC 2047.  Text that could end
 * a line is made harmless here once more. */
void nw_header_text(struct nw_buf *out, const char *name, const char *text);
void nw_header_phrases(struct nw_buf *out, const char *name,
		       const char *const *phrases, size_t count);
void nw_header_mailbox(struct nw_buf *out, const char *name,
		       const char *display, const char *address);
/* base64, folded, never encoded otherwise. */
void nw_header_base64(struct nw_buf *out, const char *name, const char *bytes,
		      size_t len);
/* Words of a machine, such as Message-IDs; not encoded. */
void nw_header_words(struct nw_buf *out, const char *name,
		     const char *const *words, size_t count);

/* subject.c */
/* Where the first sentence of a text ends, in bytes. */
size_t nw_post_sentence(const char *text, size_t len);
/* Subjects of a root, and of an update (its own title unless it only says
 * the story's again, else its first sentence, else "Re: …"). */
const char *nw_post_subject(struct nw_arena *arena,
			    const struct nw_story *story);
const char *nw_post_update_subject(struct nw_arena *arena,
				   const struct nw_story *story,
				   const struct nw_update *update);

/* An update of the merged story and what it was made of. */
struct nw_merged_update {
	struct nw_update update;
	const struct nw_update *stored; /* NULL: new */
	const struct nw_update *fresh;	/* NULL: not on the page this time */
	bool edited;			/* its words changed */
	const char *notice;		/* a correction that is new in it */
};

struct nw_merge {
	struct nw_story *story; /* its updates are yet to be set */
	bool edited;		/* its words are not those that were posted */
	bool slight;		/* and yet a reader need not be told */
	struct nw_texts posted; /* what readers were told */
	bool waits;		/* for a later poll, see newswire/thread.h */
	struct nw_merged_update *updates; /* oldest first */
	size_t update_count;
	const char **notices;	/* corrections that are new */
	size_t notice_count;
};

/* merge.c: the snapshot to store, before ids are given.  stored may be
 * NULL. */
void nw_post_merge(struct nw_arena *arena, const struct nw_story *stored,
		   const struct nw_story *fresh,
		   const struct nw_thread_options *options,
		   struct nw_merge *merge_r);
/* merge_updates.c: the part of it that is about updates. */
void nw_post_merge_updates(struct nw_arena *arena,
			   const struct nw_story *stored,
			   const struct nw_story *fresh,
			   const struct nw_thread_options *options,
			   struct nw_merge *merge);
/* Whether what was posted then is too young to be revised again. */
bool nw_post_is_held(const struct nw_thread_options *options,
		     int64_t posted_utc);

/* identity.c: which of updates without a permanent id are the same, edited.
 * lone ones have either no stored or no fresh update; those of a pair get
 * both, and the other one none. */
void nw_post_identify(struct nw_arena *arena, struct nw_merged_update **lone,
		      size_t count);
/* absence.c: counts how often the page lacked updates, oldest first, and marks
 * those that are gone as withdrawn. */
void nw_post_count_absences(struct nw_merge *merge,
			    const struct nw_story *fresh);

#endif
