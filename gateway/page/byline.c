/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names out of bylines: "By Jane Doe and John Roe, Reporters | 3 July 2025".
 * A byline is cut at separators, each piece at what can be no part of a name,
 * and what is left is added when it looks like one.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "page_private.h"

#define NAME_WORDS 6
#define NAME_BYTES 80

/* What stands before a name; the longer ones first. */
static const char *const prefixes[] = {
	"written by ", "posted by ", "published by ", "reported by ",
	"story by ",   "words by ",  "by: ",	      "by ",
	"von: ",       "von ",	     "par ",	      "por ",
	"di ",	       "door ",	     "av ",	      "af ",
	"tekst: ",     "text: ",     "autor: ",	      "autorin: ",
	"author: ",    "quelle: ",   "source: ",
};

/* What stands between two names. */
static const char *const separators[] = {
	", ",  " and ", " und ", " et ", " y ",	 " en ",
	" & ", " | ",	"; ",	 " og ", " och ", " mit ",
	" with ", " \xe2\x80\xa2 ", " \xc2\xb7 ", " - ",
	" \xe2\x80\x93 ", " \xe2\x80\x94 ", " / ", "\xe3\x80\x81",
};

/* Words that no name holds: a name ends before them. */
static const char *const ends[] = {
	"published", "updated", "posted", "last",  "on",    "at",
	"in",	     "for",	"from",	  "jan",   "feb",   "mar",
	"apr",	     "jun",	"jul",	  "aug",   "sep",   "sept",
	"oct",	     "nov",	"dec",	  "january", "february", "april",
	"july",	     "august",	"september", "october", "november",
	"december",  "januar",	"februar", "m\xc3\xa4rz", "juni", "juli",
	"oktober",   "dezember", "monday", "tuesday", "wednesday",
	"thursday",  "friday",	"saturday", "sunday", "uhr", "today",
	"yesterday", "follow",	"email",  "e-mail", "contact", "image",
	"foto",	     "photo",	"bild",	  "min",   "read",
};

/* Words of a piece that is a role, a place or a label and no name. */
static const char *const roles[] = {
	"author",     "autor",	   "by",	 "bylines",	"columnist",
	"contributor", "contributors", "correspondent", "critic", "director",
	"editor",     "editors",   "editor-in-chief", "journalist", "ld",
	"md",	      "mba",	   "ms",	 "phd",		"ph.d.",
	"m.d.",	      "producer",  "professor",	 "rd",		"rdn",
	"redakteur",  "redakteurin", "korrespondent", "korrespondentin",
	"reporter",   "reporters", "von",	 "writer",	"writers",
	"comments",   "image:",	   "images",	 "getty",	"share",
	"subscribe",
};

static bool is_one_of(const char *word, size_t len, const char *const *words,
		      size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strlen(words[i]) == len &&
		    strncasecmp(word, words[i], len) == 0)
			return true;
	return false;
}
#define IS_ONE_OF(word, len, words) \
	is_one_of(word, len, words, sizeof(words) / sizeof((words)[0]))

static size_t cut_prefix(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncasecmp(text, prefixes[i], strlen(prefixes[i])))
			return strlen(prefixes[i]);
	return 0;
}

static size_t piece_length(const char *text, size_t *separator_r)
{
	size_t at, i;

	for (at = 0; text[at]; at++)
		for (i = 0; i < sizeof(separators) / sizeof(separators[0]);
		     i++) {
			size_t len = strlen(separators[i]);

			if (!strncasecmp(text + at, separators[i], len)) {
				*separator_r = len;
				return at;
			}
		}
	*separator_r = 0;
	return at;
}

/* No part of a name: digits, addresses, brackets. */
static bool ends_name(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (strchr("0123456789@/()[]{}<>|#*+=_\xc2\xa9", word[i]))
			return (unsigned char)word[i] < 0x80;
	while (len && strchr(":.,", word[len - 1]))
		len--;
	return IS_ONE_OF(word, len, ends);
}

/* Octets of the piece's name, and its words; a role makes it no name. */
static size_t name_length(const char *piece, size_t len, size_t *words_r)
{
	size_t at = 0, end = 0, word;

	*words_r = 0;
	while (at < len) {
		at += strspn(piece + at, " ");
		word = strcspn(piece + at, " ");
		if (at + word > len)
			word = len - at;
		if (!word || ends_name(piece + at, word))
			break;
		if (IS_ONE_OF(piece + at, word, roles))
			return 0;
		(*words_r)++;
		at += word;
		end = at;
	}
	while (end && strchr(" .,:;-", piece[end - 1]) &&
	       !(piece[end - 1] == '.' && end > 2 && piece[end - 3] == ' ') &&
	       !(piece[end - 1] == '.' && *words_r > 1))
		end--;
	return end;
}

/*
 * Latin letters show a name by a capital; a single word is taken only when it
 * is longer than a sign of an editor ("amw", "SJ").
 */
static bool looks_like_name(const char *name, size_t len, size_t words)
{
	static const char *const particles[] = { "de", "van", "von", "el",
						 "al", "da",  "di",  "le",
						 "la", "ten", "ter", "den" };
	bool capital = false;
	size_t i;

	if (!len || len > NAME_BYTES || words > NAME_WORDS)
		return false;
	if (words == 1 && len <= 3 && (unsigned char)*name < 0x80)
		return false;
	for (i = 0; i < len; i++)
		capital = capital || (unsigned char)name[i] >= 0x80 ||
			  (name[i] >= 'A' && name[i] <= 'Z');
	if (*name >= 'a' && *name <= 'z' && words > 1)
		return capital &&
		       IS_ONE_OF(name, strcspn(name, " "), particles);
	return capital || words == 1;
}

void nw_byline_add(struct nw_arena *arena, const char *text,
		   const struct nw_author *author, struct nw_author **authors,
		   size_t *count)
{
	struct nw_author one = *author;

	while (text && *text) {
		size_t separator, len, name, words;

		text += strspn(text, " ");
		text += cut_prefix(text);
		len = piece_length(text, &separator);
		name = name_length(text, len, &words);
		if (looks_like_name(text, name, words)) {
			one.name = nw_utf8_line(arena, text, name,
						NW_STORY_NAME_BYTES);
			nw_story_add_author(arena, authors, count, &one);
		}
		text += len + separator;
	}
}
