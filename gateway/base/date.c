/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <unicase.h>

#include "date_private.h"
#include "newswire/date.h"
#include "newswire/utf8.h"

#define DAY_S 86400
#define YEAR_FIRST 1900
#define YEAR_LAST 2200

/* No date is longer, JavaScript's with its zone in words included. */
#define TEXT_BYTES 128

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

static size_t left(const struct date_scan *scan)
{
	return (size_t)(scan->end - scan->at);
}

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_letter(const struct date_scan *scan, size_t ahead)
{
	return ahead < left(scan) &&
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

/* Summer time of the United States: second Sunday of March to first Sunday of
 * November, at two o'clock. */
static bool is_us_summer(const struct date_parts *parts)
{
	int64_t march = nw_date_days(parts->year, 3, 8);
	int64_t november = nw_date_days(parts->year, 11, 1);
	int64_t hour = nw_date_days(parts->year, parts->month, parts->day) *
			       24 + parts->hour;

	/* 1970-01-01 was a Thursday; 3 days later is the first Sunday. */
	march += (7 - (march - 3) % 7) % 7;
	november += (7 - (november - 3) % 7) % 7;
	return hour >= march * 24 + 2 && hour < november * 24 + 2;
}

static bool is_valid(const struct date_parts *p)
{
	if (p->year < YEAR_FIRST || p->year > YEAR_LAST || p->month < 1 ||
	    p->month > 12 || p->day < 1 || p->day > 31)
		return false;
	if (p->day > 28) {
		int64_t next = p->month == 12
				       ? nw_date_days(p->year + 1, 1, 1)
				       : nw_date_days(p->year, p->month + 1, 1);

		if (nw_date_days(p->year, p->month, p->day) >= next)
			return false;
	}
	if (p->hour == 24)
		return !p->minute && !p->second;
	return p->hour < 24 && p->minute < 60 && p->second <= 60;
}

static int finish(struct date_parts *parts, struct nw_date *date_r)
{
	bool has_time = parts->hour >= 0;

	if (!has_time)
		parts->hour = 0;
	if (!parts->month && !parts->day)
		parts->month = 1;
	if (!parts->day)
		parts->day = 1;
	if (!is_valid(parts))
		return -1;
	if (parts->us_summer && is_us_summer(parts))
		parts->offset_s += 3600;
	*date_r = (struct nw_date){
		.utc = nw_date_days(parts->year, parts->month, parts->day) *
			       DAY_S + parts->hour * 3600 +
		       parts->minute * 60 + parts->second - parts->offset_s,
		.offset_s = parts->offset_s,
		.has_time = has_time,
		.has_zone = parts->has_zone,
	};
	return 0;
}

/* Seconds of 10 or 11 digits reach to 2286 and past it, milliseconds of 11 to
 * 13 begin in 1970: whichever lies in the years that are read. */
static int epoch(const struct date_scan *scan, struct nw_date *date_r)
{
	const int64_t end = nw_date_days(YEAR_LAST + 1, 1, 1) * DAY_S;
	int64_t value = 0;
	size_t i;

	if (left(scan) < 10 || left(scan) > 13)
		return -1;
	for (i = 0; i < left(scan); i++) {
		if (!date_is_digit(scan, i))
			return -1;
		value = value * 10 + (scan->at[i] - '0');
	}
	*date_r = (struct nw_date){
		.utc = value < end ? value : value / 1000,
		.has_time = true,
		.has_zone = true,
	};
	return 0;
}

/* One separator of a triple, or "": none. */
static char triple_mark(struct date_scan *scan)
{
	char mark = scan->at < scan->end ? *scan->at : '\0';
	struct date_scan next = { scan->at + 1, scan->end };

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

	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		len = strlen(units[i].mark);
		if (left(scan) < len || memcmp(scan->at, units[i].mark, len))
			continue;
		scan->at += len;
		part = (int *)(void *)((char *)&words->parts + units[i].part);
		*part = part == &words->parts.year ? full_year(value, digits)
						   : value;
		return true;
	}
	return false;
}

/* The word at the scan, in lower case, Greek without accents, the dots of
 * "a.m." dropped; 0 when it is too long. */
static size_t take_word(struct date_scan *scan, char word[DATE_WORD_BYTES])
{
	size_t len = 0, at = 0;
	uint32_t c;

	while (is_letter(scan, at)) {
		c = nw_utf8_next(scan->at, left(scan), &at);
		if (nw_utf8_is_space(c))
			break;
		c = uc_tolower(c);
		c = c == 0x3ac ? 0x3b1 : c == 0x3ad ? 0x3b5 : c == 0x3ae ?
		    0x3b7 : c == 0x3af || c == 0x3ca || c == 0x390 ? 0x3b9 :
		    c == 0x3cc ? 0x3bf : c == 0x3cd || c == 0x3cb ? 0x3c5 :
		    c == 0x3ce ? 0x3c9 : c;
		if (len + 4 > DATE_WORD_BYTES)
			return 0;
		len += nw_utf8_put(c, word + len);
		if (at < left(scan) && scan->at[at] == '.' && len <= 2 &&
		    is_letter(scan, at + 1))
			at++;
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
	} else if (scan.at < scan.end && *scan.at == 'h' &&
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

	if (words->parts.hour < 0 || !is_capitals(name, len) || len > 5)
		return false;
	if (!date_zone(name, len, &words->parts))
		return len > 2 && words->parts.year && words->parts.month;
	if (!words->parts.offset_s)
		(void)date_offset(&words->scan, &words->parts);
	return true;
}

/* Spanish writes "a. m." with a space. */
static bool eat_spaced_half(struct words *words, const char *word, size_t len)
{
	struct date_scan scan = words->scan;

	if (len != 1 || (*word != 'a' && *word != 'p') || !left(&scan) ||
	    *scan.at != '.')
		return false;
	scan.at++;
	if (left(&scan) > 2 && !memcmp(scan.at, "\xc2\xa0", 2))
		scan.at += 2;
	date_skip_spaces(&scan);
	if (!left(&scan) || *scan.at != 'm' || is_letter(&scan, 1))
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
	int month = 0;

	if (!len)
		return -1;
	if (eat_spaced_half(words, text, len))
		return 0;
	switch (date_word(text, len, &month)) {
	case DATE_WORD_MONTH:
		return set_month(words, month, len);
	case DATE_WORD_AM:
	case DATE_WORD_PM:
		words->half = text[0] == 'a' ? DATE_WORD_AM : DATE_WORD_PM;
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
	return first && left(&words->scan) && *words->scan.at == ',' ? 0 : -1;
}

/* Skips what stands between two tokens; -1 for what no date holds. */
static int separator(struct words *words)
{
	struct date_scan *scan = &words->scan;
	const char *close;
	size_t at = 0;
	uint32_t c;

	if (*scan->at == '(' || *scan->at == '[') {
		close = memchr(scan->at, *scan->at == '(' ? ')' : ']',
			       left(scan));
		scan->at = close ? close + 1 : scan->end;
		return 0;
	}
	c = nw_utf8_next(scan->at, left(scan), &at);
	if (!nw_utf8_is_space(c) && !(c < 0x80 && strchr(",;.|-/", (int)c)) &&
	    c != 0xb7 && c != 0x2022 && c != 0x2013 && c != 0x2014)
		return -1;
	scan->at += at;
	return 0;
}

static bool is_separator(const struct date_scan *scan)
{
	size_t at = 0;
	uint32_t c;

	if ((unsigned char)*scan->at < 0x80)
		return !is_letter(scan, 0) && !date_is_digit(scan, 0);
	c = nw_utf8_next(scan->at, left(scan), &at);
	return nw_utf8_is_space(c) || c == 0xb7 || (c >= 0x2010 && c <= 0x2022);
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

static int in_words(struct date_scan scan, struct date_parts *parts)
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

int nw_date_parse(const char *text, size_t len, struct nw_date *date_r)
{
	struct date_scan scan = { text, text + len };
	struct date_parts parts = { .hour = -1 };

	date_skip_spaces(&scan);
	while (scan.end > scan.at &&
	       ((unsigned char)scan.end[-1] <= ' '))
		scan.end--;
	if (scan.at == scan.end || left(&scan) > TEXT_BYTES)
		return -1;
	if (date_is_digit(&scan, 0)) {
		if (!date_iso(scan, &parts) && !finish(&parts, date_r))
			return 0;
		if (!epoch(&scan, date_r))
			return 0;
	}
	if (in_words(scan, &parts))
		return -1;
	return finish(&parts, date_r);
}

int64_t nw_date_utc(const char *text)
{
	struct nw_date date;

	if (!text || nw_date_parse(text, strlen(text), &date))
		return NW_TIME_NONE;
	return date.utc;
}
