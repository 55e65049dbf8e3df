/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/date.h"
#include "newswire/nntp_server.h"

#include "nntp_private.h"

#define NUMBER_DIGITS 16

int nw_nntp_words(char *line, char *words[NW_NNTP_ARGUMENTS + 1])
{
	int count = 0;

	for (line += strspn(line, " \t"); *line && count <= NW_NNTP_ARGUMENTS;
	     line += strspn(line, " \t")) {
		words[count++] = line;
		line += strcspn(line, " \t");
		if (*line)
			*line++ = '\0';
	}
	words[count < NW_NNTP_ARGUMENTS ? count : NW_NNTP_ARGUMENTS] = NULL;
	return count;
}

/* The digits at *text, which moves behind them: their value, or -1 when there
 * are fewer than min or more than max. */
static int64_t digits(const char **text, int min, int max)
{
	int64_t value = 0;
	int count = 0;

	for (; **text >= '0' && **text <= '9'; (*text)++) {
		if (++count > max)
			return -1;
		value = 10 * value + (**text - '0');
	}
	return count < min ? -1 : value;
}

bool nw_nntp_number(const char *text, int64_t *number_r)
{
	int64_t number = digits(&text, 1, NUMBER_DIGITS);

	if (number < 0 || *text)
		return false;
	*number_r = number;
	return true;
}

bool nw_nntp_range(const char *text, struct nw_nntp_range *range_r)
{
	struct nw_nntp_range range;

	range.first = range.last = digits(&text, 1, NUMBER_DIGITS);
	if (range.first < 0)
		return false;
	if (*text == '-') {
		text++;
		range.last = *text ? digits(&text, 1, NUMBER_DIGITS)
				   : INT64_MAX;
		if (range.last < 0)
			return false;
	}
	if (*text)
		return false;
	*range_r = range;
	return true;
}

/* keyword = ALPHA 2*(ALPHA / DIGIT / "." / "-") */
bool nw_nntp_is_keyword(const char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char more[] = "0123456789.-";
	size_t len;

	for (len = 0; text[len]; len++)
		if (!strchr(letters, text[len]) &&
		    (!len || !strchr(more, text[len])))
			return false;
	return len >= 3;
}

/* message-id = "<" 1*248A-NOTGT ">" (RFC 3977 section 9.8), A-NOTGT being
 * printable US-ASCII without ">". */
bool nw_nntp_is_message_id(const char *text)
{
	size_t len = strlen(text), i;

	if (len < 3 || len > NW_MESSAGE_ID_OCTETS || text[0] != '<' ||
	    text[len - 1] != '>')
		return false;
	for (i = 1; i < len - 1; i++)
		if (text[i] <= 0x20 || text[i] >= 0x7f || text[i] == '>')
			return false;
	return true;
}

/* A year of two digits is of this century, or of the last one when it would
 * be yet to come. */
static int64_t full_year(int64_t year, int64_t now_utc)
{
	char text[NW_DATE_BYTES];
	const char *now = text;
	int64_t this_year;

	nw_date_nntp(now_utc, text);
	this_year = digits(&now, 4, 14) / 10000000000;
	return year + this_year / 100 * 100 -
	       (year > this_year % 100 ? 100 : 0);
}

static int month_days(int64_t year, int64_t month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

bool nw_nntp_date(const char *date, const char *time, int64_t now_utc,
		  int64_t *utc_r)
{
	size_t date_len = strlen(date);
	int64_t ymd = digits(&date, 6, 8), hms = digits(&time, 6, 6);
	int64_t year, month, day;

	if (ymd < 0 || hms < 0 || *date || *time || date_len == 7)
		return false;
	year = ymd / 10000;
	month = ymd / 100 % 100;
	day = ymd % 100;
	if (date_len == 6)
		year = full_year(year, now_utc);
	if (month < 1 || month > 12 || day < 1 ||
	    day > month_days(year, month))
		return false;
	/* Second 60 is a leap second. */
	if (hms / 10000 > 23 || hms / 100 % 100 > 59 || hms % 100 > 60)
		return false;
	*utc_r = nw_date_days((int)year, (int)month, (int)day) * 86400 +
		 hms / 10000 * 3600 + hms / 100 % 100 * 60 + hms % 100;
	return true;
}
