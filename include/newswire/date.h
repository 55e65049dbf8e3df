/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Points in time, read from what the web writes and written as standards ask.
 *
 * A time is an int64_t of seconds since 1970-01-01T00:00:00Z; NW_TIME_NONE is
 * "not known".  Nothing here reads a clock: now comes in as an argument.
 */
#ifndef NEWSWIRE_DATE_H
#define NEWSWIRE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NW_TIME_NONE INT64_MIN

/* The longest text that the writers below make, with its NUL. */
#define NW_DATE_BYTES 40

/* What a date string said of itself. */
struct nw_date {
	int64_t utc;	     /* seconds; where no zone was given, as if UTC */
	int offset_s;	     /* of the zone that was given, east positive */
	bool has_time;	     /* more than a day */
	bool has_zone;
};

/*
 * Reads a date of len bytes in any of the forms that feeds, meta elements
 * and time elements carry:
 *	RFC 5322 and RFC 822 (two-digit years, names of zones, missing or
 *	wrong day names, missing seconds), asctime, RFC 850, cookies;
 *	ISO 8601 / RFC 3339 / W3CDTF with all its shortenings (year, year-month,
 *	ordinal and week dates, basic format, fractions, "T" or a space, "Z",
 *	±hh, ±hhmm, ±hh:mm, ±hh:mm:ss, hour 24, second 60);
 *	seconds or milliseconds since 1970 (10 to 13 digits, told apart by
 *	magnitude; 12 digits that are a day and a time of ISO 8601 are that);
 *	JavaScript's Date string "Tue Jul 22 2025 10:00:00 GMT+0300 (…)";
 *	"July 26, 2025", "26 July 2025", "26.07.2025", "07/26/2025 10:15 PM"
 *	(day first where the first number cannot be a month), with the
 *	month names of some thirty languages, those of Europe, Arabic,
 *	Hebrew, Hindi, Indonesian and Malay among them; the
 *	Asian forms "2025年7月26日 10:15" and "2025년 7월 26일".
 * Days of the week, prepositions and a lead-in ("Published on:") are skipped.
 * Years outside 1900–2200 are refused.  Returns 0, or -1 when it is no date.
 */
int nw_date_parse(const char *text, size_t len, struct nw_date *date_r);

/* The same, when only the instant matters: NW_TIME_NONE when it is no date
 * (text may be NULL). */
int64_t nw_date_utc(const char *text);

/* "Sat, 26 Jul 2025 10:15:00 +0000" (RFC 5322 section 3.3). */
void nw_date_rfc5322(int64_t utc, char text_r[NW_DATE_BYTES]);
/* "2025-07-26T10:15:00Z" (RFC 3339). */
void nw_date_iso8601(int64_t utc, char text_r[NW_DATE_BYTES]);
/* "20250726101500" (RFC 3977 section 7.1). */
void nw_date_nntp(int64_t utc, char text_r[NW_DATE_BYTES]);

/* Days since 1970-01-01 of a day in the Gregorian calendar (month 1–12). */
int64_t nw_date_days(int year, int month, int day);

#endif
