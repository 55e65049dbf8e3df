/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>

#include "newswire/buf.h"
#include "newswire/utf8.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* NFC makes text at most three times shorter in octets (a Hangul syllable of
 * three letters), so nothing behind this many octets can be in the result. */
#define NFC_SHRINK 3

struct range {
	uint32_t first, last;
};

/*
 * Code points that NFC leaves alone and that compose with nothing before
 * them.  Text made of these needs no normalising: all but a few pages.  The
 * unit test compares the table with the whole of Unicode.
 */
static const struct range nfc_inert[] = {
	{ 0x0000, 0x02ff }, /* Latin */
	{ 0x0388, 0x03ff }, /* Greek */
	{ 0x0400, 0x0482 }, /* Cyrillic */
	{ 0x048a, 0x0590 }, /* Cyrillic, Armenian */
	{ 0x1e00, 0x1f70 }, /* Latin with diacritics, Greek */
	{ 0x2002, 0x20cf }, /* punctuation, currencies */
	{ 0x2100, 0x2125 }, /* letterlike */
	{ 0x212c, 0x2328 }, /* arrows, mathematics */
	{ 0x232b, 0x2adb }, /* box drawing, symbols */
	{ 0x3001, 0x3029 }, /* CJK punctuation */
	{ 0x3030, 0x3098 }, /* Hiragana */
	{ 0x309b, 0xa66e }, /* Katakana, Han */
	{ 0xac00, 0xd7a3 }, /* Hangul syllables */
	{ 0xfe30, 0xfffd }, /* full width and half width forms */
	{ 0x1f000, 0x1faff }, /* emoji */
};

static bool is_nfc_inert(uint32_t point)
{
	size_t i;

	for (i = 0; i < sizeof(nfc_inert) / sizeof(*nfc_inert); i++)
		if (point <= nfc_inert[i].last)
			return point >= nfc_inert[i].first;
	return false;
}

/* What clean text may not hold; white space has been dealt with before. */
static bool is_dirt(uint32_t point)
{
	if (point < 0xad)
		return point < 0x20 || (point >= 0x7f && point <= 0x9f);
	if (point == 0xad || point == 0x2060 || point == 0xfeff)
		return true;
	if (point >= 0x202a && point <= 0x2069)
		return point <= 0x202e || point >= 0x2066;
	return (point >= 0xfdd0 && point <= 0xfdef) ||
	       (point & 0xfffe) == 0xfffe;
}

/* Text on its way from dirty to clean. */
struct cleaner {
	char *out;		/* three octets for each that comes in */
	size_t len;
	bool lines;		/* keep line feeds and tabs */
	bool space;		/* owed before the next character */
	bool normalise;
};

static void put(struct cleaner *to, uint32_t point)
{
	if (to->space && to->len)
		to->out[to->len++] = ' ';
	to->space = false;
	to->normalise = to->normalise || !is_nfc_inert(point);
	to->len += nw_utf8_put(point, to->out + to->len);
}

static void put_point(struct cleaner *to, uint32_t point)
{
	if (!nw_utf8_is_space(point)) {
		if (!is_dirt(point))
			put(to, point);
		return;
	}
	if (point == 0x200b)
		return;
	if (!to->lines)
		to->space = true;
	else if (point == 0x2028 || point == 0x2029 || point == 0x85)
		put(to, '\n');
	else if (point == '\t' || point == '\n' || point > 0xa0)
		put(to, point);
	else if (point != '\v' && point != '\f')
		put(to, ' ');
}

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/*
 * Octets of the character at p, when its first octet tells that it is a clean
 * and inert one: ASCII without white space, U+00C0–U+02FF, U+0400–U+047F and
 * U+4000–U+9FFF.  That is nearly all that news is written in.
 */
static size_t plain_len(const unsigned char *p, size_t left)
{
	if (*p < 0x80)
		return *p > ' ' && *p < 0x7f;
	if ((*p >= 0xc3 && *p <= 0xcb) || *p == 0xd0 || *p == 0xd1)
		return left > 1 && is_tail(p[1]) ? 2 : 0;
	if (*p >= 0xe4 && *p <= 0xe9)
		return left > 2 && is_tail(p[1]) && is_tail(p[2]) ? 3 : 0;
	return 0;
}

/* The run of such characters at the start of text, copied as it is. */
static size_t copy_plain(struct cleaner *to, const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t run = 0, step;

	while (run < len && (step = plain_len(p + run, len - run)) > 0)
		run += step;
	if (!run)
		return 0;
	if (to->space && to->len)
		to->out[to->len++] = ' ';
	to->space = false;
	memcpy(to->out + to->len, text, run);
	to->len += run;
	return run;
}

/* Cleans until all is read or enough octets are there. */
static void clean(struct cleaner *to, const char *text, size_t len,
		  size_t enough)
{
	size_t at = 0;

	while (at < len && to->len <= enough) {
		at += copy_plain(to, text + at, len - at);
		if (at == len)
			break;
		if (text[at] == ' ' && !to->lines) {
			to->space = true;
			at++;
		} else if (text[at] == '\r' && to->lines) {
			put(to, '\n');
			at += 1 + (at + 1 < len && text[at + 1] == '\n');
		} else {
			put_point(to, nw_utf8_next(text, len, &at));
		}
	}
}

/* The last place at or before limit (< len) where no grapheme cluster is
 * split; one that fills all of it is split between two code points. */
static size_t cut_point(const char *text, size_t len, size_t limit)
{
	size_t start = limit, end = limit + 1, at;
	char *breaks;

	/* Between two characters of ASCII a cluster surely ends. */
	while (start && ((unsigned char)text[start - 1] >= 0x80 ||
			 (unsigned char)text[start] >= 0x80))
		start--;
	while (end < len && is_tail((unsigned char)text[end]))
		end++;
	breaks = malloc(end - start);
	if (!breaks)
		abort();
	u8_grapheme_breaks((const uint8_t *)text + start, end - start, breaks);
	at = limit;
	while (at > start && !breaks[at - start])
		at--;
	free(breaks);
	if (at)
		return at;
	while (limit && is_tail((unsigned char)text[limit]))
		limit--;
	return limit;
}

static size_t trim_end(const char *text, size_t len)
{
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\n' ||
		       text[len - 1] == '\t'))
		len--;
	return len;
}

static char *finish(struct nw_arena *arena, const char *text, size_t len,
		    size_t max)
{
	const size_t dots = max > strlen(ELLIPSIS) ? strlen(ELLIPSIS) : 0;
	char *cut;
	size_t keep;

	len = trim_end(text, len);
	if (len <= max)
		return len ? nw_arena_strndup(arena, text, len) : NULL;
	keep = trim_end(text, cut_point(text, len, max - dots));
	if (!keep && !dots)
		return NULL;
	cut = nw_arena_alloc(arena, keep + dots + 1);
	memcpy(cut, text, keep);
	memcpy(cut + keep, ELLIPSIS, dots);
	return cut;
}

/* Blank lines at the start go; the indentation of the first line stays. */
static size_t skip_blank_lines(const char *text, size_t len)
{
	size_t at, line = 0;

	for (at = 0; at < len && (text[at] == ' ' || text[at] == '\t' ||
				  text[at] == '\n'); at++)
		if (text[at] == '\n')
			line = at + 1;
	return line;
}

static char *clean_text(struct nw_arena *arena, const char *text, size_t len,
			size_t max, bool lines)
{
	struct cleaner to = { .lines = lines };
	size_t enough, skip, normal_len = 0;
	uint8_t *normal = NULL;
	char *line;

	if (!text || !len)
		return NULL;
	enough = max < SIZE_MAX / 8 ? NFC_SHRINK * max + 16 : SIZE_MAX;
	to.out = malloc(3 * len + 4);
	if (!to.out)
		abort();
	clean(&to, text, len, enough);
	skip = lines ? skip_blank_lines(to.out, to.len) : 0;
	if (to.normalise)
		normal = u8_normalize(UNINORM_NFC,
				      (const uint8_t *)to.out + skip,
				      to.len - skip, NULL, &normal_len);
	if (normal)
		line = finish(arena, (const char *)normal, normal_len, max);
	else
		line = finish(arena, to.out + skip, to.len - skip, max);
	free(normal);
	free(to.out);
	return line;
}

/* One line of printable ASCII with single spaces inside is clean already. */
static bool is_plain(const char *text, size_t len, size_t max)
{
	unsigned char c;
	size_t at;

	if (!len || len > max || text[0] == ' ' || text[len - 1] == ' ')
		return false;
	for (at = 0; at < len; at++) {
		c = (unsigned char)text[at];
		if (c >= 0x7f || c < ' ' || (c == ' ' && text[at + 1] == ' '))
			return false;
	}
	return true;
}

char *nw_utf8_line(struct nw_arena *arena, const char *text, size_t len,
		   size_t max)
{
	if (text && is_plain(text, len, max))
		return nw_arena_strndup(arena, text, len);
	return clean_text(arena, text, len, max, false);
}

char *nw_utf8_lines(struct nw_arena *arena, const char *text, size_t len,
		    size_t max)
{
	return clean_text(arena, text, len, max, true);
}

static bool is_key_point(uint32_t point)
{
	return uc_is_property_alphabetic(point) ||
	       uc_is_general_category_withtable(point, UC_CATEGORY_MASK_N |
							UC_CATEGORY_MASK_M);
}

static size_t key_ascii(char *key, const char *text)
{
	size_t len = 0;

	for (; *text && (unsigned char)*text < 0x80; text++) {
		if (*text >= 'A' && *text <= 'Z')
			key[len++] = (char)(*text + 'a' - 'A');
		else if ((*text >= 'a' && *text <= 'z') ||
			 (*text >= '0' && *text <= '9'))
			key[len++] = *text;
	}
	return *text ? SIZE_MAX : len;
}

static void key_unicode(char *key, const char *text, size_t len)
{
	size_t at = 0, out = 0, start;

	while (at < len) {
		start = at;
		if (!is_key_point(nw_utf8_next(text, len, &at)))
			continue;
		memmove(key + out, text + start, at - start);
		out += at - start;
	}
	key[out] = '\0';
}

char *nw_utf8_key(struct nw_arena *arena, const char *text)
{
	char *key, *line;
	uint8_t *folded;
	size_t len;

	if (!text)
		text = "";
	len = strlen(text);
	key = nw_arena_alloc(arena, len + 1);
	len = key_ascii(key, text);
	if (len != SIZE_MAX) {
		key[len] = '\0';
		return key;
	}
	line = nw_utf8_line(arena, text, strlen(text), SIZE_MAX);
	if (!line)
		return nw_arena_strdup(arena, "");
	folded = u8_casefold((const uint8_t *)line, strlen(line), NULL,
			     UNINORM_NFKC, NULL, &len);
	if (!folded)
		abort();
	key = nw_arena_strndup(arena, (const char *)folded, len);
	free(folded);
	key_unicode(key, key, len);
	return key;
}
