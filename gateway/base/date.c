/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "date_private.h"
#include "newswire/date.h"

#define DAY_S 86400
#define YEAR_FIRST 1900
#define YEAR_LAST 2200

/* No date is longer, JavaScript's with its zone in words included. */
#define TEXT_BYTES 128

/* Summer time of the United States since 2007: second Sunday of March to first
 * Sunday of November, at two o'clock. */
static bool is_us_summer(const struct date_parts *parts)
{
	int64_t march = nw_date_days(parts->year, 3, 8);
	int64_t november = nw_date_days(parts->year, 11, 1);
	int64_t hour = nw_date_days(parts->year, parts->month, parts->day) *
			       24 + parts->hour;

	/* 1970-01-01 was a Thursday: day 3 is the first Sunday. */
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

	if (date_left(scan) < 10 || date_left(scan) > 13)
		return -1;
	for (i = 0; i < date_left(scan); i++) {
		if (!date_is_digit(scan, i))
			return -1;
		value = value * 10 + (scan->at[i] - '0');
	}
	value = value < end ? value : value / 1000;
	if (value >= end)
		return -1;
	*date_r = (struct nw_date){
		.utc = value,
		.has_time = true,
		.has_zone = true,
	};
	return 0;
}

int nw_date_parse(const char *text, size_t len, struct nw_date *date_r)
{
	struct date_scan scan = { text, text + len };
	struct date_parts parts = { .hour = -1 };

	date_skip_spaces(&scan);
	while (scan.end > scan.at && (unsigned char)scan.end[-1] <= ' ')
		scan.end--;
	if (scan.at == scan.end || date_left(&scan) > TEXT_BYTES)
		return -1;
	if (date_is_digit(&scan, 0)) {
		if (!date_iso(scan, &parts) && !finish(&parts, date_r))
			return 0;
		if (!epoch(&scan, date_r))
			return 0;
	}
	if (date_text(scan, &parts))
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
