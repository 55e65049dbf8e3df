/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "newswire/date.h"

#define DAY_S 86400
#define DAYS_OF_400_YEARS 146097
#define DAYS_TO_1970 719468	/* since 0000-03-01 */

struct civil {
	int64_t year;
	int month, day, hour, minute, second, weekday;
};

static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed",
				 "Thu", "Fri", "Sat" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* Years that begin in March have their leap day at the end, which makes both
 * directions plain arithmetic (Howard Hinnant, "chrono-compatible low-level
 * date algorithms"). */
int64_t nw_date_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 +
			  day - 1;

	return era * DAYS_OF_400_YEARS + of_era * 365 + of_era / 4 -
	       of_era / 100 + of_year - DAYS_TO_1970;
}

static struct civil civil(int64_t utc)
{
	int64_t days_1970 = (utc >= 0 ? utc : utc - (DAY_S - 1)) / DAY_S;
	int64_t second = utc - days_1970 * DAY_S;
	int64_t z = days_1970 + DAYS_TO_1970;
	int64_t era = (z >= 0 ? z : z - (DAYS_OF_400_YEARS - 1)) /
		      DAYS_OF_400_YEARS;
	int64_t day = z - era * DAYS_OF_400_YEARS;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t of_year = day - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;

	return (struct civil){
		.year = year + era * 400 + (month >= 10),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
		.hour = (int)(second / 3600),
		.minute = (int)(second / 60 % 60),
		.second = (int)(second % 60),
		.weekday = (int)(((days_1970 + 4) % 7 + 7) % 7),
	};
}

/* A year has four digits in each of the forms that are written here. */
static struct civil writable(int64_t utc)
{
	const int64_t first = nw_date_days(1, 1, 1) * DAY_S;
	const int64_t last = nw_date_days(10000, 1, 1) * DAY_S - 1;

	return civil(utc < first ? first : utc > last ? last : utc);
}

void nw_date_rfc5322(int64_t utc, char text_r[NW_DATE_BYTES])
{
	struct civil c = writable(utc);

	(void)snprintf(text_r, NW_DATE_BYTES,
		       "%s, %02d %s %04d %02d:%02d:%02d +0000",
		       days[c.weekday], c.day, months[c.month - 1],
		       (int)c.year, c.hour, c.minute, c.second);
}

void nw_date_iso8601(int64_t utc, char text_r[NW_DATE_BYTES])
{
	struct civil c = writable(utc);

	(void)snprintf(text_r, NW_DATE_BYTES,
		       "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)c.year, c.month,
		       c.day, c.hour, c.minute, c.second);
}

void nw_date_nntp(int64_t utc, char text_r[NW_DATE_BYTES])
{
	struct civil c = writable(utc);

	(void)snprintf(text_r, NW_DATE_BYTES, "%04d%02d%02d%02d%02d%02d",
		       (int)c.year, c.month, c.day, c.hour, c.minute,
		       c.second);
}
