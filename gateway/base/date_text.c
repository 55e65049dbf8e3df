/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <unicase.h>

#include "date_private.h"
#include "newswire/utf8.h"

/*
 * A date in words is read token by token, in any order that says each thing
 * once:
 *
 *	date  = *( clock / triple / number / zone / word / separator )
 *	clock = hour ( ":" minute [":" second] / "h" [minute] / "." minute )
 *	triple = number sep number sep number	; sep "." "/" "-" or ". "
 *	word  = month / filler / am / pm
 */
struct words {
	struct date_scan scan;
	struct date_parts parts;
	int half;		/* DATE_WORD_AM, DATE_WORD_PM or 0 */
	bool doubtful_month;	/* "mar" is a Tuesday too */
};

/* Marks of East Asia behind a number, and which part it then is. */
static const struct unit {
	char mark[4];
	size_t part;
} units[] = {
	{ "年", offsetof(struct date_parts, year) },
	{ "년", offsetof(struct date_parts, year) },
	{ "月", offsetof(struct date_parts, month) },
	{ "월", offsetof(struct date_parts, month) },
	{ "日", offsetof(struct date_parts, day) },
	{ "일", offsetof(struct date_parts, day) },
	{ "号", offsetof(struct date_parts, day) },
	{ "時", offsetof(struct date_parts, hour) },
	{ "时", offsetof(struct date_parts, hour) },
	{ "点", offsetof(struct date_parts, hour) },
	{ "시", offsetof(struct date_parts, hour) },
	{ "分", offsetof(struct date_parts, minute) },
	{ "분", offsetof(struct date_parts, minute) },
	{ "秒", offsetof(struct date_parts, second) },
	{ "초", offsetof(struct date_parts, second) },
};

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_letter(const struct date_scan *scan, size_t ahead)
{
	return ahead < date_left(scan) &&
	       (is_alpha(scan->at[ahead]) ||
		(unsigned char)scan->at[ahead] >= 0x80);
}

static int full_year(int year, int digits)
{
	if (digits == 2)
		return year + (year < 50 ? 2000 : 1900);
	return digits == 3 ? year + 1900 : year;
}

/* RFC 5322 section 4.3: two digits are 1950 to 2049. */
static int set_year(struct date_parts *parts, int year, int digits)
{
	if (parts->year)
		return -1;
	parts->year = full_year(year, digits);
	return 0;
}

/* One separator of a triple, or NUL: none. */
static char triple_mark(struct date_scan *scan)
{
	struct date_scan next = *scan;
	char mark;

	if (next.at == next.end)
		return '\0';
	mark = *next.at++;
	if (mark != '.' && mark != '/' && mark != '-')
		return '\0';
	if (mark == '.')
		date_skip_spaces(&next);
	if (!date_is_digit(&next, 0))
		return '\0';
	*scan = next;
	return mark;
}

/* n[0..2] with count[0..2] digits, between them mark. */
static int set_triple(struct date_parts *parts, const int n[3],
		      const int count[3], char mark)
{
	bool month_first = mark == '/' ? n[0] <= 12 : n[1] > 12;

	if (parts->year || parts->month || parts->day)
		return -1;
	if (count[0] == 4 || (count[0] == 2 && n[0] > 31)) {
		if (count[1] > 2 || count[2] > 2)
			return -1;
		parts->month = n[1];
		parts->day = n[2];
		return set_year(parts, n[0], count[0]);
	}
	if (count[0] > 2 || count[1] > 2 || (count[2] != 2 && count[2] != 4))
		return -1;
	parts->month = month_first ? n[0] : n[1];
	parts->day = month_first ? n[1] : n[0];
	return set_year(parts, n[2], count[2]);
}

/* 1: it was a triple; 0: it was none and nothing was read; -1. */
static int triple(struct words *words, int first, int digits)
{
	struct date_scan scan = words->scan;
	int n[3] = { first }, count[3] = { digits };
	char mark = triple_mark(&scan);

	if (!mark)
		return 0;
	count[1] = date_digits(&scan, 2, &n[1]);
	if (!count[1] || triple_mark(&scan) != mark)
		return 0;
	count[2] = date_digits(&scan, 4, &n[2]);
	if (!count[2] || (scan.at < scan.end && *scan.at == ':'))
		return 0;
	words->scan = scan;
	return set_triple(&words->parts, n, count, mark) ? -1 : 1;
}

static bool eat_unit(struct words *words, int value, int digits)
{
	struct date_scan *scan = &words->scan;
	size_t i, len;
	int *part;

	if (!date_left(scan) || (unsigned char)*scan->at < 0x80)
		return false;
	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		len = strlen(units[i].mark);
		if (date_left(scan) < len ||
		    memcmp(scan->at, units[i].mark, len) != 0)
			continue;
		scan->at += len;
		part = (int *)(void *)((char *)&words->parts + units[i].part);
		*part = part == &words->parts.year ? full_year(value, digits)
						   : value;
		return true;
	}
	return false;
}

/* Greek in capitals has no accents, so names are compared without. */
static uint32_t without_accent(uint32_t c)
{
	static const struct {
		uint16_t accented, plain;
	} greek[] = {
		{ 0x390, 0x3b9 }, { 0x3ac, 0x3b1 }, { 0x3ad, 0x3b5 },
		{ 0x3ae, 0x3b7 }, { 0x3af, 0x3b9 }, { 0x3ca, 0x3b9 },
		{ 0x3cb, 0x3c5 }, { 0x3cc, 0x3bf }, { 0x3cd, 0x3c5 },
		{ 0x3ce, 0x3c9 },
	};
	size_t i;

	if (c < 0x390 || c > 0x3ce)
		return c;
	for (i = 0; i < sizeof(greek) / sizeof(*greek); i++)
		if (greek[i].accented == c)
			return greek[i].plain;
	return c;
}

/* The word at the scan, in lower case, Greek without accents, the dots of
 * "a.m." dropped; 0 when it is too long. */
static size_t take_word(struct date_scan *scan, char word[DATE_WORD_BYTES])
{
	size_t len = 0, at = 0, next = 0;
	uint32_t c;

	while (is_letter(scan, at)) {
		c = nw_utf8_next(scan->at, date_left(scan), &next);
		if (nw_utf8_is_space(c))
			break;
		at = next;
		c = without_accent(c < 0x80 ? c | 0x20 : uc_tolower(c));
		if (len + 4 > DATE_WORD_BYTES)
			return 0;
		len += nw_utf8_put(c, word + len);
		if (at < date_left(scan) && scan->at[at] == '.' && len <= 2 &&
		    is_letter(scan, at + 1))
			next = ++at;
	}
	scan->at += at;
	return len;
}

/* "10 PM": an hour that only the word behind it tells from a day. */
static int half_behind(const struct words *words)
{
	struct date_scan scan = words->scan;
	char word[DATE_WORD_BYTES];
	int month, kind;
	size_t len;

	date_skip_spaces(&scan);
	if (!is_letter(&scan, 0))
		return 0;
	len = take_word(&scan, word);
	kind = len ? (int)date_word(word, len, &month) : 0;
	return kind == DATE_WORD_AM || kind == DATE_WORD_PM ? kind : 0;
}

/* "10h15", "10 h 15", "10h", "10.15 Uhr". */
static bool spoken_clock(struct words *words, int hour)
{
	struct date_scan scan = words->scan;
	int minute = 0;

	if (words->parts.hour >= 0)
		return false;
	date_skip_spaces(&scan);
	if (scan.at < scan.end && *scan.at == '.' &&
	    (words->parts.year || words->parts.day)) {
		scan.at++;
		if (date_digits(&scan, 2, &minute) != 2)
			return false;
	} else if (scan.at < scan.end && (*scan.at | 0x20) == 'h' &&
		   !is_letter(&scan, 1)) {
		scan.at++;
		date_skip_spaces(&scan);
		if (!date_digits(&scan, 2, &minute))
			minute = 0;
	} else {
		return false;
	}
	words->parts.hour = hour;
	words->parts.minute = minute;
	words->scan = scan;
	return true;
}

static int plain_number(struct words *words, int value, int digits)
{
	struct date_parts *parts = &words->parts;

	if (digits > 2)
		return set_year(parts, value, digits);
	if (parts->hour < 0 && parts->day && half_behind(words)) {
		parts->hour = value;
		return 0;
	}
	if (!parts->day) {
		parts->day = value;
		return 0;
	}
	return parts->month ? set_year(parts, value, digits) : -1;
}

static int number(struct words *words)
{
	struct date_scan *scan = &words->scan;
	int value, digits = date_digits(scan, 4, &value), found;

	if (!digits)
		return -1;
	if (scan->at < scan->end && *scan->at == ':') {
		if (words->parts.hour >= 0 || digits > 2)
			return -1;
		words->parts.hour = value;
		return date_clock(scan, &words->parts);
	}
	found = triple(words, value, digits);
	if (found)
		return found < 0 ? -1 : 0;
	if (eat_unit(words, value, digits))
		return 0;
	if (digits <= 2 && spoken_clock(words, value))
		return 0;
	return plain_number(words, value, digits);
}

static int set_month(struct words *words, int month, size_t len)
{
	if (words->parts.month && !words->doubtful_month)
		return -1;
	words->parts.month = month;
	words->doubtful_month = month == 3 && len == 3;
	return 0;
}

static bool is_capitals(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] < 'A' || text[i] > 'Z')
			return false;
	return len > 0;
}

/* RFC 5322 section 4.3: a zone that nobody knows says nothing. */
static bool zone_word(struct words *words, const char *name)
{
	size_t len = (size_t)(words->scan.at - name);
	struct date_scan scan;

	if (words->parts.hour < 0 || !is_capitals(name, len) || len > 5)
		return false;
	if (!date_zone(name, len, &words->parts))
		return words->parts.year && words->parts.month;
	scan = words->scan;
	date_skip_spaces(&scan);
	if (!words->parts.offset_s && date_offset(&scan, &words->parts))
		words->scan = scan;
	return true;
}

/* Spanish writes "a. m." with a space. */
static bool eat_spaced_half(struct words *words, const char *word, size_t len)
{
	struct date_scan scan = words->scan;

	if (len != 1 || (*word != 'a' && *word != 'p'))
		return false;
	if (date_left(&scan) && *scan.at == '.')
		scan.at++;
	if (date_left(&scan) > 2 && !memcmp(scan.at, "\xc2\xa0", 2))
		scan.at += 2;
	date_skip_spaces(&scan);
	if (!date_left(&scan) || *scan.at != 'm' || is_letter(&scan, 1))
		return false;
	scan.at++;
	words->half = *word == 'a' ? DATE_WORD_AM : DATE_WORD_PM;
	words->scan = scan;
	return true;
}

static int word(struct words *words, bool first)
{
	const char *start = words->scan.at;
	char text[DATE_WORD_BYTES];
	size_t len = take_word(&words->scan, text);
	int month = 0, kind;

	if (!len)
		return -1;
	if (eat_spaced_half(words, text, len))
		return 0;
	kind = (int)date_word(text, len, &month);
	switch (kind) {
	case DATE_WORD_MONTH:
		return set_month(words, month, len);
	case DATE_WORD_AM:
	case DATE_WORD_PM:
		words->half = kind;
		return 0;
	case DATE_WORD_FILLER:
		(void)zone_word(words, start);
		return 0;
	default:
		break;
	}
	if (zone_word(words, start))
		return 0;
	/* A day of the week in a language that we do not know. */
	if (!first || !date_left(&words->scan))
		return -1;
	return *words->scan.at == ',' ? 0 : -1;
}

/* Middle dots, bullets, dashes, and the marks of East Asia. */
static bool is_wide_mark(uint32_t c)
{
	return c == 0xb7 || (c >= 0x2010 && c <= 0x2022) || c == 0x3001 ||
	       c == 0xff0c;
}

static bool is_separator(const struct date_scan *scan)
{
	size_t at = 0;
	uint32_t c;

	if ((unsigned char)*scan->at < 0x80)
		return !is_letter(scan, 0) && !date_is_digit(scan, 0);
	c = nw_utf8_next(scan->at, date_left(scan), &at);
	return nw_utf8_is_space(c) || is_wide_mark(c) || c == 0xff08;
}

/* A remark in brackets; one that is not closed runs to the end. */
static bool remark(struct date_scan *scan)
{
	static const struct {
		char open[4], close[4];
	} pairs[] = { { "(", ")" }, { "[", "]" }, { "（", "）" } };
	size_t i, len;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		len = strlen(pairs[i].open);
		if (date_left(scan) < len ||
		    memcmp(scan->at, pairs[i].open, len) != 0)
			continue;
		do
			scan->at++;
		while (date_left(scan) >= len &&
		       memcmp(scan->at, pairs[i].close, len) != 0);
		scan->at = date_left(scan) < len ? scan->end : scan->at + len;
		return true;
	}
	return false;
}

/* Skips what stands between two tokens; -1 for what no date holds. */
static int separator(struct words *words)
{
	struct date_scan *scan = &words->scan;
	size_t at = 0;
	uint32_t c;

	if (remark(scan))
		return 0;
	c = nw_utf8_next(scan->at, date_left(scan), &at);
	if (!nw_utf8_is_space(c) && !is_wide_mark(c) &&
	    !(c && c < 0x80 && strchr(",;:.|-/", (int)c)))
		return -1;
	scan->at += at;
	return 0;
}

static int token(struct words *words, bool first)
{
	struct date_parts *parts = &words->parts;

	if (parts->hour >= 0 && !parts->has_zone &&
	    date_offset(&words->scan, parts))
		return 0;
	if (date_is_digit(&words->scan, 0))
		return number(words);
	if (is_separator(&words->scan))
		return separator(words);
	return word(words, first);
}

int date_text(struct date_scan scan, struct date_parts *parts)
{
	struct words words = { .scan = scan, .parts = { .hour = -1 } };

	while (words.scan.at < scan.end)
		if (token(&words, words.scan.at == scan.at))
			return -1;
	*parts = words.parts;
	if (!parts->year || !parts->month)
		return -1;
	if (words.half == DATE_WORD_AM && parts->hour == 12)
		parts->hour = 0;
	if (words.half == DATE_WORD_PM && parts->hour < 12 && parts->hour >= 0)
		parts->hour += 12;
	return 0;
}
