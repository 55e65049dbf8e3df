/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/utf8.h"

#include "post_private.h"

/*
 * RFC 2047: encoded-word = "=?" charset "?" encoding "?" encoded-text "?=",
 * at most 75 octets; a line with one in it at most 76, of which one is kept
 * for a comma behind it.  RFC 5536 section 2.2 wants a word on the first line
 * of each header.
 */
#define LINE_OCTETS 75
#define WORD_START "=?UTF-8?Q?"
#define WORD_END "?="
#define WORD_FRAME (sizeof(WORD_START) - 1 + sizeof(WORD_END) - 1)

/* Less room than this on a line is not worth an encoded word. */
#define WORD_OCTETS_MIN 30

/* A longer word is encoded, so that it can be folded. */
#define PLAIN_OCTETS 60

#define POINT_OCTETS 4

/* A header while it is written. */
struct folder {
	struct nw_buf *out;
	size_t line;	/* where its last line starts in out */
	bool begun;	/* a word stands on the first line */
};

static struct folder begin(struct nw_buf *out, const char *name)
{
	struct folder folder = { out, out->len, false };

	nw_buf_adds(out, name);
	nw_buf_addc(out, ':');
	return folder;
}

static void end(struct folder *folder)
{
	nw_buf_adds(folder->out, "\r\n");
}

static size_t column(const struct folder *folder)
{
	return folder->out->len - folder->line;
}

/* The white space before a word of len octets. */
static void gap(struct folder *folder, size_t len)
{
	if (folder->begun && column(folder) + 1 + len > LINE_OCTETS) {
		nw_buf_adds(folder->out, "\r\n");
		folder->line = folder->out->len;
	}
	nw_buf_addc(folder->out, ' ');
	folder->begun = true;
}

static void add_word(struct folder *folder, const char *word, size_t len)
{
	gap(folder, len);
	nw_buf_add(folder->out, word, len);
}

static bool is_printable(unsigned char c)
{
	return c > ' ' && c < 0x7f;
}

/* RFC 2047 section 5, rule 3: what may stand in a phrase, and so anywhere. */
static bool is_q_safe(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || (c && strchr("!*+-/", c));
}

/* The next character of text as valid UTF-8; what could end a line is a
 * space. */
static size_t next_character(const char *text, size_t len, size_t *at,
			     char octets[POINT_OCTETS])
{
	uint32_t point = nw_utf8_next(text, len, at);

	if (point < ' ' || (point >= 0x7f && point < 0xa0))
		point = ' ';
	return nw_utf8_put(point, octets);
}

static size_t q_length(const char *octets, size_t len)
{
	size_t i, total = 0;

	for (i = 0; i < len; i++)
		total += is_q_safe((unsigned char)octets[i]) ||
					 octets[i] == ' ' ? 1 : 3;
	return total;
}

static void add_q(struct nw_buf *out, const char *octets, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)octets[i];

		if (c == ' ')
			nw_buf_addc(out, '_');
		else if (is_q_safe(c))
			nw_buf_addc(out, octets[i]);
		else
			nw_buf_addf(out, "=%02X", c);
	}
}

/* Whether base64 makes text shorter. */
static bool prefers_b(const char *text, size_t len)
{
	return q_length(text, len) > (len + 2) / 3 * 4;
}

/* How much of a text an encoded word holds, and where the text goes on. */
struct piece {
	char octets[LINE_OCTETS];
	size_t held, at;
};

/*
 * As much of text from at on as room has; characters are never split, nor is a
 * word when a space stands behind the first third: some readers show the gap
 * between two encoded words, which RFC 2047 section 6.2 forbids.  Where that
 * can be, base64 is padded in the last piece only: GMime (Pan) takes words of
 * it side by side for one text, which ends with the first padding.
 */
static struct piece cut_piece(const char *text, size_t len, size_t at,
			      size_t room, bool b)
{
	struct piece piece = { .at = at }, whole, spaced;
	size_t used = 0, next, count;
	char point[POINT_OCTETS];

	whole = spaced = piece;
	while (piece.at < len) {
		next = piece.at;
		count = next_character(text, len, &next, point);
		used = b ? (piece.held + count + 2) / 3 * 4
			 : used + q_length(point, count);
		if (used > room)
			break;
		memcpy(piece.octets + piece.held, point, count);
		piece.held += count;
		piece.at = next;
		if (b && piece.held % 3)
			continue;
		whole = piece;
		if (used > room / 3 &&
		    (point[0] == ' ' || (next < len && text[next] == ' ')))
			spaced = piece;
	}
	if (piece.at == len)
		return piece;
	return spaced.held ? spaced : whole.held ? whole : piece;
}

static void add_encoded_word(struct folder *folder, const char *text,
			     size_t len, size_t *at)
{
	bool b = prefers_b(text, len);
	struct piece piece;
	size_t room;

	/* What goes on has a line of its own, where it is cut least. */
	gap(folder, *at ? LINE_OCTETS : WORD_OCTETS_MIN);
	room = LINE_OCTETS - column(folder) - WORD_FRAME;
	piece = cut_piece(text, len, *at, room, b);
	if (b && piece.at < len && piece.held % 3) {
		b = false;
		piece = cut_piece(text, len, *at, room, b);
	}
	nw_buf_adds(folder->out, b ? "=?UTF-8?B?" : WORD_START);
	(b ? nw_transfer_digits : add_q)(folder->out, piece.octets, piece.held);
	nw_buf_adds(folder->out, WORD_END);
	*at = piece.at;
}

static void add_encoded(struct folder *folder, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len)
		add_encoded_word(folder, text, len, &at);
}

struct word {
	const char *at;
	size_t len;
};

static struct word next_word(const char *at)
{
	struct word word;

	while (*at && (unsigned char)*at <= ' ')
		at++;
	word.at = at;
	while ((unsigned char)*at > ' ')
		at++;
	word.len = (size_t)(at - word.at);
	return word;
}

static bool needs_encoding(struct word word)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (!is_printable((unsigned char)word.at[i]) ||
		    (word.at[i] == '=' && i + 1 < word.len &&
		     word.at[i + 1] == '?'))
			return true;
	return word.len > PLAIN_OCTETS;
}

/* Words that need encoding and stand side by side become one text, for the
 * space between two encoded words is not shown. */
void nw_header_text(struct nw_buf *out, const char *name, const char *text)
{
	struct word word = next_word(text), next;
	struct folder folder;
	const char *start;

	if (!word.len)
		return;
	folder = begin(out, name);
	while (word.len) {
		start = word.at;
		if (!needs_encoding(word)) {
			add_word(&folder, word.at, word.len);
			word = next_word(word.at + word.len);
			continue;
		}
		for (;;) {
			next = next_word(word.at + word.len);
			if (!next.len || !needs_encoding(next))
				break;
			word = next;
		}
		add_encoded(&folder, start,
			    (size_t)(word.at + word.len - start));
		word = next;
	}
	end(&folder);
}

static bool phrase_needs_encoding(const char *text)
{
	struct word word;

	for (word = next_word(text); word.len;
	     word = next_word(word.at + word.len))
		if (needs_encoding(word))
			return true;
	return false;
}

/* Whether a word of a phrase is an atom (RFC 5322 section 3.2.3). */
static bool is_atom(struct word word)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (strchr("()<>[]:;@\\,.\"", word.at[i]))
			return false;
	return true;
}

/* The words of a phrase as one quoted string, folded between them. */
static void add_quoted(struct folder *folder, const char *text)
{
	struct word word = next_word(text), next;
	bool first = true;
	size_t i;

	for (; word.len; word = next, first = false) {
		next = next_word(word.at + word.len);
		gap(folder, 2 * word.len + 2);
		if (first)
			nw_buf_addc(folder->out, '"');
		for (i = 0; i < word.len; i++) {
			if (word.at[i] == '"' || word.at[i] == '\\')
				nw_buf_addc(folder->out, '\\');
			nw_buf_addc(folder->out, word.at[i]);
		}
		if (!next.len)
			nw_buf_addc(folder->out, '"');
	}
}

static void add_phrase(struct folder *folder, const char *text)
{
	const char *start = next_word(text).at, *last = start + strlen(start);
	struct word word;
	bool atoms = true;

	while (last > start && (unsigned char)last[-1] <= ' ')
		last--;
	if (phrase_needs_encoding(start)) {
		add_encoded(folder, start, (size_t)(last - start));
		return;
	}
	for (word = next_word(start); word.len;
	     word = next_word(word.at + word.len))
		atoms = atoms && is_atom(word);
	if (!atoms) {
		add_quoted(folder, start);
		return;
	}
	for (word = next_word(start); word.len;
	     word = next_word(word.at + word.len))
		add_word(folder, word.at, word.len);
}

/* An encoded word may not touch the comma behind it (RFC 2047 section 5). */
void nw_header_phrases(struct nw_buf *out, const char *name,
		       const char *const *phrases, size_t count)
{
	struct folder folder = begin(out, name);
	const char *before = NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!next_word(phrases[i]).len)
			continue;
		if (before && phrase_needs_encoding(before))
			add_word(&folder, ",", 1);
		else if (before)
			nw_buf_addc(out, ',');
		add_phrase(&folder, phrases[i]);
		before = phrases[i];
	}
	if (before)
		end(&folder);
	else
		nw_buf_cut(out, folder.line);
}

void nw_header_mailbox(struct nw_buf *out, const char *name,
		       const char *display, const char *address)
{
	struct folder folder = begin(out, name);

	add_phrase(&folder, display);
	gap(&folder, strlen(address) + 2);
	nw_buf_addf(out, "<%s>", address);
	end(&folder);
}

void nw_header_words(struct nw_buf *out, const char *name,
		     const char *const *words, size_t count)
{
	struct folder folder = begin(out, name);
	size_t i, j;

	for (i = 0; i < count; i++) {
		gap(&folder, strlen(words[i]));
		for (j = 0; words[i][j]; j++)
			if (is_printable((unsigned char)words[i][j]) ||
			    words[i][j] == ' ')
				nw_buf_addc(out, words[i][j]);
	}
	end(&folder);
}

void nw_header_base64(struct nw_buf *out, const char *name, const char *bytes,
		      size_t len)
{
	struct folder folder = begin(out, name);
	struct nw_buf digits;
	size_t at, piece;

	nw_buf_init(&digits, 2 * len + POINT_OCTETS);
	nw_transfer_digits(&digits, bytes, len);
	for (at = 0; at < digits.len; at += piece) {
		gap(&folder, LINE_OCTETS - (at ? 1 : column(&folder) + 1));
		piece = LINE_OCTETS - column(&folder);
		if (piece > digits.len - at)
			piece = digits.len - at;
		nw_buf_add(out, digits.data + at, piece);
	}
	end(&folder);
	nw_buf_free(&digits);
}
