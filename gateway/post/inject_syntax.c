/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/date.h"
#include "newswire/inject.h"
#include "newswire/limits.h"

#include "inject_private.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
/* RFC 5322 section 3.2.3 */
#define ATOM LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~"
/* Of a Path that a client may give; the server writes on the same line. */
#define PATH_OCTETS 400

bool inject_is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct inject_text inject_trim(struct inject_text text)
{
	while (text.len && inject_is_white(*text.at)) {
		text.at++;
		text.len--;
	}
	while (text.len && inject_is_white(text.at[text.len - 1]))
		text.len--;
	return text;
}

bool inject_word(struct inject_text *rest, char separator,
		 struct inject_text *word_r)
{
	size_t len = 0;

	if (separator == ' ')
		*rest = inject_trim(*rest);
	if (!rest->at || (separator == ' ' && !rest->len))
		return false;
	while (len < rest->len &&
	       (separator == ' ' ? !inject_is_white(rest->at[len])
				 : rest->at[len] != separator))
		len++;
	*word_r = inject_trim((struct inject_text){ rest->at, len });
	/* Behind the last word there is nothing, not an empty one. */
	rest->at = len < rest->len ? rest->at + len + 1 : NULL;
	rest->len -= rest->at ? len + 1 : rest->len;
	return true;
}

/* Whether all of its octets are among these; beyond: or not of ASCII. */
static bool holds_only(struct inject_text text, const char *allowed,
		       bool beyond)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (!text.at[i] ||
		    (!strchr(allowed, text.at[i]) &&
		     !(beyond && (unsigned char)text.at[i] >= 0x80)))
			return false;
	return true;
}

/* Atoms with single dots between them (RFC 5322 section 3.2.3). */
static bool is_dot_atom(struct inject_text text, bool beyond)
{
	struct inject_text atom;

	if (!holds_only(text, ATOM ".", beyond))
		return false;
	while (inject_word(&text, '.', &atom))
		if (!atom.len)
			return false;
	return true;
}

/* dtext (RFC 5536 section 3.1.3: no ">" either) in brackets */
static bool is_literal(struct inject_text text)
{
	size_t i;

	if (text.len < 3 || text.at[0] != '[' || text.at[text.len - 1] != ']')
		return false;
	for (i = 1; i < text.len - 1; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~' ||
		    strchr("[\\]>", text.at[i]))
			return false;
	return true;
}

/* The two sides of an "@". */
static bool divide(struct inject_text text, struct inject_text *left_r,
		   struct inject_text *right_r)
{
	const char *at = text.len ? memrchr(text.at, '@', text.len) : NULL;

	if (!at)
		return false;
	*left_r = (struct inject_text){ text.at, (size_t)(at - text.at) };
	*right_r = (struct inject_text){ at + 1,
					 text.len - left_r->len - 1 };
	return true;
}

bool inject_is_message_id(struct inject_text text)
{
	struct inject_text left, right;

	if (text.len < 5 || text.len > NW_MESSAGE_ID_OCTETS ||
	    text.at[0] != '<' || text.at[text.len - 1] != '>')
		return false;
	text.at++;
	text.len -= 2;
	return divide(text, &left, &right) && is_dot_atom(left, false) &&
	       (is_dot_atom(right, false) || is_literal(right));
}

static bool is_old_message_id(struct inject_text text)
{
	size_t i;

	if (text.len < 3 || text.len > NW_LINE_OCTETS)
		return false;
	for (i = 1; i < text.len - 1; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~' ||
		    text.at[i] == '<' || text.at[i] == '>')
			return false;
	return memchr(text.at, '@', text.len) != NULL;
}

bool inject_is_references(struct inject_text text)
{
	const char *end;

	for (text = inject_trim(text); text.len; text = inject_trim(text)) {
		end = memchr(text.at, '>', text.len);
		if (*text.at != '<' || !end ||
		    !is_old_message_id((struct inject_text){
			    text.at, (size_t)(end + 1 - text.at) }))
			return false;
		text.len -= (size_t)(end + 1 - text.at);
		text.at = end + 1;
	}
	return true;
}

bool inject_is_group(struct inject_text text)
{
	struct inject_text part;

	if (text.len > NW_GROUP_OCTETS ||
	    !holds_only(text, LETTERS DIGITS "+-_.", false))
		return false;
	while (inject_word(&text, '.', &part))
		if (!part.len)
			return false;
	return true;
}

/*
 * What stands in a mailbox, without comments, a quoted string as the letter
 * "q".  A header is not longer than the room.
 */
struct mailboxes {
	char text[NW_POST_HEAD_BYTES];
	size_t len;
};

/* Behind a comment or a quoted string that starts at; 0 when it is open at the
 * end.  Comments nest (RFC 5322 section 3.2.2). */
static size_t skip_quoted(struct inject_text text, size_t at)
{
	const char open = text.at[at], close = open == '(' ? ')' : '"';
	size_t depth = 0;

	for (; at < text.len; at++) {
		if (text.at[at] == '\\')
			at++;
		else if (text.at[at] == close && (open == '(' || depth)) {
			if (--depth == 0)
				return at + 1;
		} else if (text.at[at] == open) {
			depth++;
		}
	}
	return 0;
}

static bool flatten(struct inject_text text, struct mailboxes *flat)
{
	size_t at = 0, next;

	flat->len = 0;
	if (text.len > sizeof(flat->text))
		return false;
	while (at < text.len) {
		next = at + 1;
		if (text.at[at] == '(' || text.at[at] == '"')
			next = skip_quoted(text, at);
		if (!next)
			return false;
		if (text.at[at] != '(')
			flat->text[flat->len++] = text.at[at] == '"'
							  ? 'q' : text.at[at];
		at = next;
	}
	return true;
}

static bool is_address(struct inject_text text)
{
	struct inject_text left, right;

	return divide(text, &left, &right) && is_dot_atom(left, true) &&
	       (is_dot_atom(right, true) || is_literal(right));
}

/* phrase "<" address ">", where old phrases hold dots; or the address alone */
static bool is_mailbox(struct inject_text text)
{
	const char *open = memchr(text.at, '<', text.len);
	struct inject_text phrase;

	if (!open)
		return is_address(text);
	if (text.at[text.len - 1] != '>')
		return false;
	phrase = (struct inject_text){ text.at, (size_t)(open - text.at) };
	return holds_only(phrase, ATOM ". \t\r\n", true) &&
	       is_address(inject_trim((struct inject_text){
		       open + 1, text.len - phrase.len - 2 }));
}

bool inject_is_mailboxes(struct inject_text text)
{
	struct inject_text rest, mailbox;
	struct mailboxes flat;

	if (!flatten(text, &flat))
		return false;
	rest = (struct inject_text){ flat.text, flat.len };
	while (inject_word(&rest, ',', &mailbox))
		if (!mailbox.len || !is_mailbox(mailbox))
			return false;
	return true;
}

/* "Sat, 26 Jul 2025 10:": what a date that is read must look like besides. */
static bool looks_like_date(struct inject_text text)
{
	static const char *const allowed[] = { DIGITS, LETTERS, DIGITS,
					       DIGITS ":" };
	static const size_t min[] = { 1, 3, 4, 5 }, max[] = { 2, 3, 4, 8 };
	const char *comma = memchr(text.at, ',', text.len);
	struct inject_text word;
	size_t i;

	if (comma) {
		if (comma - text.at != 3)
			return false;
		text.len -= 4;
		text.at += 4;
	}
	for (i = 0; i < sizeof(min) / sizeof(*min); i++)
		if (!inject_word(&text, ' ', &word) || word.len < min[i] ||
		    word.len > max[i] || !holds_only(word, allowed[i], false))
			return false;
	return true;
}

bool inject_is_date(struct inject_text text, int64_t *utc_r)
{
	struct nw_date date;

	if (!looks_like_date(text) ||
	    nw_date_parse(text.at, text.len, &date) < 0 || !date.has_time ||
	    !date.has_zone)
		return false;
	*utc_r = date.utc;
	return true;
}

bool inject_is_path(struct inject_text text)
{
	struct inject_text host;

	if (text.len > PATH_OCTETS ||
	    !holds_only(text, LETTERS DIGITS "-_.:!", false))
		return false;
	while (inject_word(&text, '!', &host))
		if (!host.len || *host.at == '.')
			return false;
	return true;
}
