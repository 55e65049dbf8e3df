/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of injection share.
 *
 *	inject.c	 the article: lines, header, what is added
 *	inject_field.c	 one field of the header, by its name
 *	inject_syntax.c	 the grammars of what stands in it
 */
#ifndef NEWSWIRE_INJECT_PRIVATE_H
#define NEWSWIRE_INJECT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/inject.h"

struct inject_text {
	const char *at;
	size_t len;
};

/* The fields that have a rule. */
enum inject_known {
	INJECT_APPROVED,
	INJECT_BCC,
	INJECT_CONTROL,
	INJECT_DATE,
	INJECT_EXPIRES,
	INJECT_FOLLOWUP_TO,
	INJECT_FROM,
	INJECT_INJECTION_DATE,
	INJECT_INJECTION_INFO,
	INJECT_MESSAGE_ID,
	INJECT_NEWSGROUPS,
	INJECT_PATH,
	INJECT_REFERENCES,
	INJECT_REPLY_TO,
	INJECT_SENDER,
	INJECT_SUBJECT,
	INJECT_SUPERSEDES,
	INJECT_XREF,
	INJECT_KNOWN
};

/* An article on its way. */
struct injection {
	struct nw_arena *arena;
	const struct nw_inject *by;
	struct nw_buf *out;
	struct nw_injected made;
	/* Their bodies; at is NULL where a field is missing. */
	struct inject_text fields[INJECT_KNOWN];
	unsigned once;		/* which of the others were seen */
};

/* One field as it stands in the header. */
struct inject_field {
	struct inject_text whole, name, body;
	size_t line, lines;	/* the first one's number; how many */
};

/* inject_field.c: takes note of it, or says what is wrong with it. */
int inject_field(struct injection *injection,
		 const struct inject_field *field, struct nw_error *err);
/* Whether one that must be there is not, when all were seen. */
int inject_missing(const struct injection *injection, struct nw_error *err);
bool inject_is_name(struct inject_text name, const char *other);

/*
 * inject_syntax.c: predicates over a field's body.  White space around it is
 * gone, inside it may be folded.
 */

bool inject_is_white(char c);
struct inject_text inject_trim(struct inject_text text);
/* The next word of *rest before the separator, without white space around it;
 * *rest goes behind it.  false at the end.  A separator of ' ' is any white
 * space. */
bool inject_word(struct inject_text *rest, char separator,
		 struct inject_text *word_r);

/* RFC 5536 section 3.1.3 */
bool inject_is_message_id(struct inject_text text);
/* Message-IDs with white space between them or none, in the looser form in
 * which old articles have them. */
bool inject_is_references(struct inject_text text);
/* RFC 5536 section 3.1.4, and not longer than any here. */
bool inject_is_group(struct inject_text text);
/* RFC 5322 section 3.4: one mailbox or several, each with an address. */
bool inject_is_mailboxes(struct inject_text text);
/* RFC 5322 section 3.3, obsolete zones too. */
bool inject_is_date(struct inject_text text, int64_t *utc_r);
/* RFC 5536 section 3.1.5, without diagnostics. */
bool inject_is_path(struct inject_text text);

#endif
