/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "date_private.h"
#include "newswire/date.h"

bool date_is_digit(const struct date_scan *scan, size_t ahead)
{
	return ahead < (size_t)(scan->end - scan->at) &&
	       scan->at[ahead] >= '0' && scan->at[ahead] <= '9';
}

int date_digits(struct date_scan *scan, int max, int *value_r)
{
	int count = 0, value = 0;

	while (date_is_digit(scan, (size_t)count)) {
		if (count == max)
			return 0;
		value = value * 10 + (scan->at[count++] - '0');
	}
	scan->at += count;
	if (count)
		*value_r = value;
	return count;
}

void date_skip_spaces(struct date_scan *scan)
{
	while (scan->at < scan->end &&
	       (*scan->at == ' ' || (*scan->at >= '\t' && *scan->at <= '\r')))
		scan->at++;
}

static bool eat(struct date_scan *scan, char c)
{
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

/* Exactly count digits, which further digits may follow (basic format). */
static int fixed(struct date_scan *scan, int count, int *value_r)
{
	struct date_scan part = { scan->at, scan->at + count };

	if (scan->end - scan->at < count ||
	    date_digits(&part, count, value_r) != count)
		return -1;
	scan->at = part.at;
	return 0;
}

/* Fractions of a second are read and dropped. */
static void fraction(struct date_scan *scan)
{
	if (scan->at == scan->end || (*scan->at != '.' && *scan->at != ',') ||
	    !date_is_digit(scan, 1))
		return;
	scan->at++;
	while (date_is_digit(scan, 0))
		scan->at++;
}

int date_clock(struct date_scan *scan, struct date_parts *parts)
{
	if (!eat(scan, ':') || fixed(scan, 2, &parts->minute))
		return -1;
	if (eat(scan, ':') && fixed(scan, 2, &parts->second))
		return -1;
	fraction(scan);
	return date_is_digit(scan, 0) ? -1 : 0;
}

bool date_offset(struct date_scan *scan, struct date_parts *parts)
{
	int count, hours, minutes = 0, seconds = 0, sign;

	if (scan->at == scan->end || (*scan->at != '+' && *scan->at != '-') ||
	    !date_is_digit(scan, 1))
		return false;
	sign = *scan->at++ == '-' ? -1 : 1;
	count = date_digits(scan, 6, &hours);
	if (!count)
		return false;
	if (count > 4) {
		seconds = hours % 100;
		hours /= 100;
	}
	if (count > 2) {
		minutes = hours % 100;
		hours /= 100;
	} else if (eat(scan, ':')) {
		(void)date_digits(scan, 2, &minutes);
		if (eat(scan, ':'))
			(void)date_digits(scan, 2, &seconds);
	}
	if (hours > 23 || minutes > 59 || seconds > 59)
		return true;
	parts->offset_s = sign * (hours * 3600 + minutes * 60 + seconds);
	parts->has_zone = true;
	return true;
}

/* Day number within the year to month and day: the writer's arithmetic
 * takes days past the end of January. */
static int ordinal(struct date_parts *parts, int day)
{
	int month = 1, days;

	if (day < 1 || day > nw_date_days(parts->year + 1, 1, 1) -
				     nw_date_days(parts->year, 1, 1))
		return -1;
	while (month < 12) {
		days = (int)(nw_date_days(parts->year, month + 1, 1) -
			     nw_date_days(parts->year, month, 1));
		if (day <= days)
			break;
		day -= days;
		month++;
	}
	parts->month = month;
	parts->day = day;
	return 0;
}

/* ISO 8601 section 5.2.3: week 1 holds the year's first Thursday. */
static int week(struct date_scan *scan, struct date_parts *parts)
{
	int64_t january4 = nw_date_days(parts->year, 1, 4);
	int number, day = 1, in_year;

	if (fixed(scan, 2, &number) || number < 1 || number > 53)
		return -1;
	if (eat(scan, '-') || date_is_digit(scan, 0))
		if (fixed(scan, 1, &day) || day < 1 || day > 7)
			return -1;
	in_year = 4 + (number - 1) * 7 + day - 1 -
		  (int)((january4 + 3) % 7 + 7) % 7;
	if (in_year < 1) {
		parts->year--;
		in_year += (int)(nw_date_days(parts->year + 1, 1, 1) -
				 nw_date_days(parts->year, 1, 1));
	} else if (in_year > nw_date_days(parts->year + 1, 1, 1) -
				     nw_date_days(parts->year, 1, 1)) {
		in_year -= (int)(nw_date_days(parts->year + 1, 1, 1) -
				 nw_date_days(parts->year, 1, 1));
		parts->year++;
	}
	return ordinal(parts, in_year);
}

static int count_digits(const struct date_scan *scan)
{
	int count = 0;

	while (count < 15 && date_is_digit(scan, (size_t)count))
		count++;
	return count;
}

/* -MM, -MM-DD, -DDD, -Www, -Www-D behind the year. */
static int extended_date(struct date_scan *scan, struct date_parts *parts)
{
	int count, value;

	if (eat(scan, 'W'))
		return week(scan, parts);
	count = date_digits(scan, 3, &value);
	if (count == 3)
		return ordinal(parts, value);
	if (!count)
		return -1;
	parts->month = value;
	if (!eat(scan, '-'))
		return 0;
	return date_digits(scan, 2, &parts->day) ? 0 : -1;
}

static int basic_clock(struct date_scan *scan, struct date_parts *parts)
{
	if (fixed(scan, 2, &parts->hour) || fixed(scan, 2, &parts->minute))
		return -1;
	if (date_is_digit(scan, 0) && fixed(scan, 2, &parts->second))
		return -1;
	fraction(scan);
	return 0;
}

static int basic_date(struct date_scan *scan, struct date_parts *parts,
		      int count)
{
	int value;

	if (count == 7)
		return fixed(scan, 3, &value) ? -1 : ordinal(parts, value);
	if ((count != 8 && count != 12 && count != 14) ||
	    fixed(scan, 2, &parts->month) || fixed(scan, 2, &parts->day))
		return -1;
	return count == 8 ? 0 : basic_clock(scan, parts);
}

static int date_part(struct date_scan *scan, struct date_parts *parts)
{
	int count = count_digits(scan);

	if (count < 4 || fixed(scan, 4, &parts->year))
		return -1;
	if (count > 4)
		return basic_date(scan, parts, count);
	if (eat(scan, '-'))
		return extended_date(scan, parts);
	if (eat(scan, 'W'))
		return week(scan, parts);
	return 0;
}

static int time_part(struct date_scan *scan, struct date_parts *parts)
{
	int count = count_digits(scan);

	if (count == 4 || count == 6)
		return basic_clock(scan, parts);
	if (count > 2 || !date_digits(scan, 2, &parts->hour))
		return -1;
	return scan->at < scan->end && *scan->at == ':'
		       ? date_clock(scan, parts) : 0;
}

static void zone_part(struct date_scan *scan, struct date_parts *parts)
{
	date_skip_spaces(scan);
	if (scan->at < scan->end && (*scan->at == 'Z' || *scan->at == 'z')) {
		scan->at++;
		parts->has_zone = true;
	} else {
		(void)date_offset(scan, parts);
	}
}

int date_iso(struct date_scan scan, struct date_parts *parts)
{
	if (date_part(&scan, parts))
		return -1;
	if (scan.at < scan.end && parts->day && parts->hour < 0 &&
	    (*scan.at == 'T' || *scan.at == 't' || *scan.at == ' ')) {
		scan.at++;
		date_skip_spaces(&scan);
		if (time_part(&scan, parts))
			return -1;
	}
	if (parts->hour >= 0)
		zone_part(&scan, parts);
	return scan.at == scan.end ? 0 : -1;
}
