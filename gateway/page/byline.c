/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names out of bylines: "By Jane Doe and John Roe, Reporters | 3 July 2025".
 * A byline is cut at separators, each piece at what can be no part of a name,
 * and what is left is added when it looks like one.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

#define NAME_WORDS 6
#define NAME_BYTES 80

/* What stands before a name; several may, one after the other. */
static const char *const prefixes[] = {
	"a cura di ", "af ", "article by ", "article by: ", "auteur : ",
	"author: ", "autor: ", "autore: ", "autorin: ", "autor*in: ", "av ",
	"by ", "by: ", "di ", "door ", "escrito ", "interview ", "interview: ",
	"par ", "por ", "posted ", "publicado ", "published ", "publié ",
	"quelle: ", "redaktion: ", "reported ", "scritto da ", "source: ",
	"story by ", "submitted ", "tekst: ", "text ", "text: ",
	"veröffentlicht ", "von ", "von: ", "words by ", "written ",
};

/* What stands between two names. */
static const char *const separators[] = {
	",", " and ", " und ", " et ", " y ", " en ", " & ", " | ", "|", ";",
	" og ", " och ", " mit ", " with ", " • ", " · ", " - ", " – ", " — ",
	" / ", "、",
};

/* Words that no name holds: a name ends before them. */
static const char *const ends[] = {
	"additional", "aktualisiert", "am", "articles", "at", "bild",
	"comments", "contact", "contributions", "copyright", "datum", "e-mail",
	"edited", "email", "erstellt", "fact-checked", "filed", "follow", "for",
	"foto", "fotos", "from", "illustration", "illustrations", "im", "image",
	"in", "kommentare", "last", "min", "of", "on", "photo", "photography",
	"photos", "posted", "posts", "publicado", "publicerad", "published",
	"reviewed", "says", "stand", "styled", "tagged", "tags", "today", "uhr",
	"updated", "uppdaterad", "yesterday", "monday", "tuesday", "wednesday",
	"thursday", "friday", "saturday", "sunday",
};

/* Words that no name begins with, though some end with one. */
static const char *const starts[] = {
	"about", "all", "alles", "autorenseite", "facebook", "fact",
	"instagram", "learn", "linkedin", "mehr", "more", "pressemitteilung",
	"read", "see", "show", "twitter", "view", "website", "youtube",
	"über", "Über",
};

/* What follows on a whole name. */
static const char *const degrees[] = {
	"ba", "cpa", "ld", "m.d", "ma", "mba", "md", "ms", "ph.d", "phd", "rd",
	"rdn", "rn",
};

/* Months end a name when a day or a year follows: there are people whose name
 * is April, or Jan. */
static const char *const months[] = {
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept",
	"oct", "nov", "dec", "january", "february", "march", "april", "june",
	"july", "august", "september", "october", "november", "december",
	"januar", "februar", "märz", "mai", "juni", "juli", "oktober",
	"dezember",
};

/* Words of a piece that is a role, a place or a label and no name. */
static const char *const roles[] = {
	"analyst", "anzeige", "author", "autor", "by", "bylines", "ceo",
	"co-founder", "columnist", "consultant", "contributor", "contributors",
	"correspondent", "critic", "director", "editor", "editor-in-chief",
	"editors", "expert", "founder", "getty", "image:", "images",
	"journalist", "kommentar", "korrespondent", "korrespondentin",
	"manager", "marketing", "officer", "producer", "professor", "profile",
	"redakteur", "redakteurin", "reporter", "reporters", "share",
	"specialist", "subscribe", "writer", "writers",
};

/* Words that an organisation's name holds and a person's does not. */
static const char *const organisations[] = {
	"agency", "associated press", "courier", "daily", "desk", "editors",
	"gazette", "herald", "journal", "magazine", "media", "network", "news",
	"newsroom", "post", "press", "radio", "redaktion", "reuters",
	"sponsored", "staff", "team", "times", "tribune", "verlag", "wire",
};

bool nw_byline_is_organisation(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(organisations) / sizeof(organisations[0]); i++)
		if (nw_has_word(name, organisations[i]))
			return true;
	return !strchr(name, ' ') && strlen(name) < 6 &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/") ==
		       strlen(name);
}

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

/* "By" and "von" may be glued to the name by the markup. */
static size_t glued_prefix(const char *text)
{
	size_t len = strncasecmp(text, "by", 2) == 0 ? 2 :
		     strncmp(text, "von", 3) == 0    ? 3 :
						       0;

	return len && isupper((unsigned char)text[len]) &&
		       islower((unsigned char)text[len + 1]) ?
		       len :
		       0;
}

static size_t cut_prefix(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncasecmp(text, prefixes[i], strlen(prefixes[i])))
			return strlen(prefixes[i]);
	return glued_prefix(text);
}

static size_t piece_length(const char *text, size_t *separator_r)
{
	size_t at, i;

	for (at = 0; text[at]; at++) {
		if (isalnum((unsigned char)text[at]))
			continue;
		for (i = 0; i < sizeof(separators) / sizeof(separators[0]);
		     i++) {
			size_t len = strlen(separators[i]);

			if (!strncasecmp(text + at, separators[i], len)) {
				*separator_r = len;
				return at;
			}
		}
	}
	*separator_r = 0;
	return at;
}

/* Digits, addresses, brackets. */
static bool is_no_word(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)word[i] < 0x80 &&
		    strchr("0123456789@/()[]{}<>|#*+=_", word[i]))
			return true;
	return false;
}

/* Whether the name ends before the word at a place of its piece, behind some
 * words: at a date, or what follows on names. */
static bool ends_name(const char *piece, size_t at, size_t end, size_t words)
{
	const char *word = piece + at;
	size_t len = strcspn(word, " "), next;

	if (at + len > end)
		len = end - at;
	if (!len || is_no_word(word, len))
		return true;
	while (len && strchr(":.,", word[len - 1]))
		len--;
	next = at + len + strspn(word + len, " .");
	if (IS_ONE_OF(word, len, months))
		return next >= end || isdigit((unsigned char)piece[next]);
	if (words == 0 ? IS_ONE_OF(word, len, starts) :
			 len == 3 && !strncasecmp(word, "the", 3))
		return true;
	if (words > 1 && IS_ONE_OF(word, len, degrees))
		return true;
	/* Im and On are names. */
	return IS_ONE_OF(word, len, ends) &&
	       (len > 2 || islower((unsigned char)*word));
}

/* Octets of the piece's name, and its words; a role makes it no name. */
static size_t name_length(const char *piece, size_t len, size_t *words_r)
{
	size_t at = strspn(piece, " "), end = 0, word;

	for (*words_r = 0; at < len && !ends_name(piece, at, len, *words_r);
	     at = end + strspn(piece + end, " ")) {
		word = strcspn(piece + at, " ");
		if (at + word > len)
			word = len - at;
		if (IS_ONE_OF(piece + at, word, roles))
			return 0;
		(*words_r)++;
		end = at + word;
	}
	while (end && strchr(" .,:;-", piece[end - 1]) &&
	       !(piece[end - 1] == '.' && end > 2 && piece[end - 3] == ' ') &&
	       !(piece[end - 1] == '.' && *words_r > 1))
		end--;
	return end;
}

static bool has_capital(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)word[i] >= 0x80 ||
		    isupper((unsigned char)word[i]))
			return true;
	return false;
}

/* Whether each word has a capital, or may go without in a name. */
static bool is_capitalised(const char *name, size_t len)
{
	static const char *const particles[] = {
		"abu", "af", "al", "ben", "bin", "da", "dal", "das", "de",
		"del", "della", "den", "der", "des", "di", "do", "dos", "du",
		"e", "el", "i", "ibn", "la", "las", "le", "los", "op", "te",
		"ten", "ter", "van", "vom", "von", "zu", "zum", "zur",
	};
	size_t at, word;

	for (at = 0; at < len; at += word + strspn(name + at + word, " ")) {
		word = strcspn(name + at, " ");
		if (word > len - at)
			word = len - at;
		if (!has_capital(name + at, word) &&
		    !IS_ONE_OF(name + at, word, particles))
			return false;
	}
	return true;
}

/*
 * Latin letters show a name by its capitals; a single word is taken only when
 * it is longer than a sign of an editor ("amw", "SJ").
 */
static bool looks_like_name(const char *name, size_t len, size_t words)
{
	if (!len || len > NAME_BYTES || words > NAME_WORDS)
		return false;
	if (words == 1)
		return len > 3 || (unsigned char)*name >= 0x80;
	return is_capitalised(name, len);
}

/* What software puts where nobody has a name. */
static bool is_nobody(const char *text)
{
	static const char *const nobodies[] = {
		"admin", "administrator", "anonymous", "author", "none",
		"null",	 "undefined",	  "unknown",   "webmaster",
	};
	size_t len = strlen(text);

	return len > NAME_BYTES || strstr(text, "://") || strchr(text, '@') ||
	       IS_ONE_OF(text, len, nobodies);
}

void nw_byline_add(struct nw_arena *arena, const char *text,
		   const struct nw_author *author, struct nw_author **authors,
		   size_t *count)
{
	struct nw_author one = *author;

	while (text && *text) {
		size_t prefix, separator, len, name, words;

		text += strspn(text, " ");
		while ((prefix = cut_prefix(text)))
			text += prefix;
		len = piece_length(text, &separator);
		name = name_length(text, len, &words);
		if (looks_like_name(text, name, words)) {
			one.name = nw_utf8_line(arena, text, name,
						NW_STORY_NAME_BYTES);
			if (one.name && !is_nobody(one.name) &&
			    *nw_utf8_key(arena, one.name))
				nw_story_add_author(arena, authors, count,
						    &one);
		}
		text += len + separator;
	}
}

void nw_byline_add_given(struct nw_arena *arena, const char *text,
			 const struct nw_author *author,
			 struct nw_author **authors, size_t *count)
{
	struct nw_author *found = NULL, one = *author;
	size_t found_count = 0, i;

	nw_byline_add(arena, text, author, &found, &found_count);
	for (i = 0; i < found_count; i++)
		if (i == 0 || !nw_byline_is_organisation(found[i].name))
			nw_story_add_author(arena, authors, count, &found[i]);
	if (found_count || !text || is_nobody(text))
		return;
	one.name = text;
	nw_story_add_author(arena, authors, count, &one);
}
