/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that read dates share: the parts of a date while they are
 * gathered, and the words that name months, days and zones.
 */
#ifndef NEWSWIRE_DATE_PRIVATE_H
#define NEWSWIRE_DATE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#define DATE_WORD_BYTES 40

struct date_parts {
	int year;		/* 0 while unknown, as are month and day */
	int month;
	int day;
	int hour;		/* -1: no time was given */
	int minute;
	int second;
	int offset_s;
	bool has_zone;
	bool us_summer;		/* the zone's summer time is still to add */
};

/* What is left of a text. */
struct date_scan {
	const char *at;
	const char *end;
};

enum date_word {
	DATE_WORD_UNKNOWN,
	DATE_WORD_MONTH,
	DATE_WORD_FILLER,	/* days of the week, "at", "de", "Uhr" … */
	DATE_WORD_AM,
	DATE_WORD_PM,
};

static inline size_t date_left(const struct date_scan *scan)
{
	return (size_t)(scan->end - scan->at);
}

/* Reads 1 to max digits; returns how many there were, 0 when none or more
 * than max. */
int date_digits(struct date_scan *scan, int max, int *value_r);
void date_skip_spaces(struct date_scan *scan);
bool date_is_digit(const struct date_scan *scan, size_t ahead);

/* ISO 8601 from start to end, or -1: then it may be something else. */
int date_iso(struct date_scan scan, struct date_parts *parts);
/* A date in words or in national numbers from start to end, or -1. */
int date_text(struct date_scan scan, struct date_parts *parts);
/* "10:15", "10:15:30", "10:15:30.123" behind an hour that was read. */
int date_clock(struct date_scan *scan, struct date_parts *parts);
/* "+3", "+03", "+0300", "+03:00", "+03:00:00"; one that no zone can have is
 * read as no zone.  False when there is no sign with a digit. */
bool date_offset(struct date_scan *scan, struct date_parts *parts);
/* A name of a zone as written ("GMT", "EST"). */
bool date_zone(const char *name, size_t len, struct date_parts *parts);

/* What a word says: in lower case, Greek without accents.  month_r is set for
 * DATE_WORD_MONTH. */
enum date_word date_word(const char *word, size_t len, int *month_r);

#endif
