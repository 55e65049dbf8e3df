/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/date.h"

enum { DAY = 0, TIME = 1, ZONE = 2 };	/* what a text says; ZONE: both */

struct sample {
	const char *text;
	const char *iso;	/* NULL: no date */
	int says;
	int offset_s;
};

static void check(const struct sample *samples, size_t count)
{
	char iso[NW_DATE_BYTES], *copy;
	struct nw_date date;
	size_t i, len;
	int failed;

	for (i = 0; i < count; i++) {
		/* A copy without NUL, so that a sanitizer sees what is read
		 * behind the end. */
		len = strlen(samples[i].text);
		copy = malloc(len + 1);
		assert_non_null(copy);
		memcpy(copy, samples[i].text, len);
		copy = realloc(copy, len ? len : 1);
		failed = nw_date_parse(copy, len, &date);
		free(copy);
		if (failed && samples[i].iso)
			fail_msg("\"%s\": not read", samples[i].text);
		if (failed)
			continue;
		nw_date_iso8601(date.utc, iso);
		if (!samples[i].iso)
			fail_msg("\"%s\": read as %s", samples[i].text, iso);
		if (strcmp(iso, samples[i].iso) ||
		    date.has_time != (samples[i].says >= TIME) ||
		    date.has_zone != (samples[i].says == ZONE) ||
		    date.offset_s != samples[i].offset_s)
			fail_msg("\"%s\": %s, time %d, zone %d, offset %d",
				 samples[i].text, iso, date.has_time,
				 date.has_zone, date.offset_s);
	}
}

static const struct sample rfc5322[] = {
	{ "Sat, 26 Jul 2025 10:15:00 +0000", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "Sat, 26 Jul 2025 10:15:30 -0400", "2025-07-26T14:15:30Z", ZONE,
	  -14400 },
	{ "Sat, 26 Jul 2025 10:15 GMT", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "26 Jul 2025 10:15:00 EST", "2025-07-26T15:15:00Z", ZONE, -18000 },
	{ "26 Jul 2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "Mon, 26 Jul 2025 10:15:00 UT", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "Xyz, 26 Jul 2025 10:15:00 GMT", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "Sat,26 Jul 2025 10:15:00 GMT", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "Sat, 6 Jul 25 10:15:00 GMT", "2025-07-06T10:15:00Z", ZONE, 0 },
	{ "Thu, 01 Jan 70 00:00:00 GMT", "1970-01-01T00:00:00Z", ZONE, 0 },
	{ "Sat, 01 Jan 00 00:00:00 GMT", "2000-01-01T00:00:00Z", ZONE, 0 },
	{ "Thu, 01 Jan 104 00:00:00 GMT", "2004-01-01T00:00:00Z", ZONE, 0 },
	{ "Sat, 26 Jul 2025 10:15:00 +0000 (UTC)", "2025-07-26T10:15:00Z",
	  ZONE, 0 },
	{ "Sat, 26 July 2025 10:15:00 +0200", "2025-07-26T08:15:00Z", ZONE,
	  7200 },
	{ "Saturday, 26-Jul-25 10:15:00 GMT", "2025-07-26T10:15:00Z", ZONE,
	  0 },
	{ "Sat, 26-Jul-2025 10:15:00 GMT", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "Sat Jul 26 10:15:00 2025", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "Sat Jul  6 10:15:00 2025", "2025-07-06T10:15:00Z", TIME, 0 },
	{ "Sat Jul 26 10:15:00 EEST 2025", "2025-07-26T07:15:00Z", ZONE,
	  10800 },
	{ "Sat, 26 Jul 2025 10:15:00 A", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "Sat, 26 Jul 2025 10:15:00 XYZT", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "Sat, 26 Jul 2025 10:15:60 GMT", "2025-07-26T10:16:00Z", ZONE, 0 },
	{ "Sat, 26 Jul 2025 24:00:00 GMT", "2025-07-27T00:00:00Z", ZONE, 0 },
	{ "Sat, 26 Jul 2025 10:15:00 +9999", "2025-07-26T10:15:00Z", TIME,
	  0 },
	{ "\n\t Sat, 26 Jul 2025\r\n 10:15:00 GMT \n", "2025-07-26T10:15:00Z",
	  ZONE, 0 },
	{ "Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z", ZONE,
	  -14400 },
};

static const struct sample iso8601[] = {
	{ "2025", "2025-01-01T00:00:00Z", DAY, 0 },
	{ "2025-07", "2025-07-01T00:00:00Z", DAY, 0 },
	{ "2025-07-26", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "2025-07-26T", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "20250726", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "2025-207", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "2025207", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "2024-366", "2024-12-31T00:00:00Z", DAY, 0 },
	{ "2025-W30", "2025-07-21T00:00:00Z", DAY, 0 },
	{ "2025-W30-6", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "2025W306", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "2009-W01-1", "2008-12-29T00:00:00Z", DAY, 0 },
	{ "2009-W53-7", "2010-01-03T00:00:00Z", DAY, 0 },
	{ "2020-W53-5", "2021-01-01T00:00:00Z", DAY, 0 },
	{ "2025-07-26T10:15:00Z", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "2025-07-26T10:15Z", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "2025-07-26t10:15:00z", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "2025-07-26T10Z", "2025-07-26T10:00:00Z", ZONE, 0 },
	{ "2025-07-26T10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "2025-07-26 10:15:00", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "2025-07-26  10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "2025-07-26T10:15:00.123456Z", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "2025-07-26T10:15:00,5Z", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "2025-07-26T10:15:00+03", "2025-07-26T07:15:00Z", ZONE, 10800 },
	{ "2025-07-26T10:15:00+0300", "2025-07-26T07:15:00Z", ZONE, 10800 },
	{ "2025-07-26T10:15:00+03:00", "2025-07-26T07:15:00Z", ZONE, 10800 },
	{ "2025-07-26T10:15:00+03:00:30", "2025-07-26T07:14:30Z", ZONE,
	  10830 },
	{ "2025-07-26T10:15:00 +05:30", "2025-07-26T04:45:00Z", ZONE, 19800 },
	{ "2025-07-26T10:15:00-03:30", "2025-07-26T13:45:00Z", ZONE, -12600 },
	{ "20250726T101500Z", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "20250726T1015+0300", "2025-07-26T07:15:00Z", ZONE, 10800 },
	{ "20250726101500", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "202507261015", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "2025-07-26T24:00:00Z", "2025-07-27T00:00:00Z", ZONE, 0 },
	{ "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", ZONE, 0 },
	{ "2025-07-26 10:15:00 UTC", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "2025-07-26 10:15:00 +0200 CEST", "2025-07-26T08:15:00Z", ZONE,
	  7200 },
	{ "2025-07-26T10:15:00+01:00[Europe/London]", "2025-07-26T09:15:00Z",
	  ZONE, 3600 },
	{ "2025-07-26 10:15 PM", "2025-07-26T22:15:00Z", TIME, 0 },
	{ "2025-7-6", "2025-07-06T00:00:00Z", DAY, 0 },
	{ "2025-07-26T9:15:00Z", "2025-07-26T09:15:00Z", ZONE, 0 },
	{ "2024-02-29", "2024-02-29T00:00:00Z", DAY, 0 },
	{ "1900-01-01", "1900-01-01T00:00:00Z", DAY, 0 },
	{ "2200-12-31", "2200-12-31T00:00:00Z", DAY, 0 },
};

static const struct sample epochs[] = {
	{ "1753524900", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "1753524900123", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ " 1753524900 ", "2025-07-26T10:15:00Z", ZONE, 0 },
	{ "1000000000", "2001-09-09T01:46:40Z", ZONE, 0 },
	{ "999999999999", "2001-09-09T01:46:39Z", ZONE, 0 },
	{ "10000000000", "1970-04-26T17:46:40Z", ZONE, 0 },
	{ "9999999999999", NULL, 0, 0 },
	{ "999999999", NULL, 0, 0 },
	{ "17535249001234", NULL, 0, 0 },
};

static const struct sample words[] = {
	{ "Tue Jul 22 2025 10:00:00 GMT+0300 (Eastern European Summer Time)",
	  "2025-07-22T07:00:00Z", ZONE, 10800 },
	{ "Tue Jul 22 2025 10:00:00 GMT-0700 (Pacific Daylight Time",
	  "2025-07-22T17:00:00Z", ZONE, -25200 },
	{ "July 26, 2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "Jul. 26, 2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "JULY 26TH, 2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "Sept. 26, 2025", "2025-09-26T00:00:00Z", DAY, 0 },
	{ "26th of July 2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "July 2025", "2025-07-01T00:00:00Z", DAY, 0 },
	{ "Saturday, July 26, 2025 at 10:15 PM", "2025-07-26T22:15:00Z", TIME,
	  0 },
	{ "July 26, 2025, 10:15 a.m. ET", "2025-07-26T14:15:00Z", ZONE,
	  -14400 },
	{ "Jan. 26, 2025, 10:15 p.m. ET", "2025-01-27T03:15:00Z", ZONE,
	  -18000 },
	{ "March 9, 2025 1:59 AM PT", "2025-03-09T09:59:00Z", ZONE, -28800 },
	{ "March 9, 2025 2:00 AM PT", "2025-03-09T09:00:00Z", ZONE, -25200 },
	{ "Nov 2, 2025 1:59 AM CT", "2025-11-02T06:59:00Z", ZONE, -18000 },
	{ "Nov 2, 2025 2:00 AM CT", "2025-11-02T08:00:00Z", ZONE, -21600 },
	{ "July 26, 2025 12:05 AM", "2025-07-26T00:05:00Z", TIME, 0 },
	{ "July 26, 2025 12:05 PM", "2025-07-26T12:05:00Z", TIME, 0 },
	{ "July 26, 2025 10 PM", "2025-07-26T22:00:00Z", TIME, 0 },
	{ "July 26, 2025 10:15pm UTC+3", "2025-07-26T19:15:00Z", ZONE,
	  10800 },
	{ "July 26, 2025 10:15 GMT +05:30", "2025-07-26T04:45:00Z", ZONE,
	  19800 },
	{ "10:15, 26 July 2025", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "26 July 2025 – 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "26 July 2025 | 10:15 BST", "2025-07-26T09:15:00Z", ZONE, 3600 },
	{ "10:15\xe2\x80\xaf" "PM · Jul 26, 2025", "2025-07-26T22:15:00Z",
	  TIME, 0 },
	{ "Published on: July 26, 2025 / 10:15 AM EST",
	  "2025-07-26T15:15:00Z", ZONE, -18000 },
	{ "26 Jul, 2025 08:30 PM IST", "2025-07-26T15:00:00Z", ZONE, 19800 },
};

static const struct sample numbers[] = {
	{ "26.07.2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "5.6.2025", "2025-06-05T00:00:00Z", DAY, 0 },
	{ "26. 7. 2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "07.26.2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "26.07.25", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "26.07.2025 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "26.07.2025, 10.15 Uhr", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "07/26/2025 10:15 PM", "2025-07-26T22:15:00Z", TIME, 0 },
	{ "05/06/2025", "2025-05-06T00:00:00Z", DAY, 0 },
	{ "26/07/2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "26/07/2025 - 10h15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "26-07-2025 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "2025/07/26 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "2025.07.26", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "2025. 7. 26.", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "2025-07-08 23:56:58.0", "2025-07-08T23:56:58Z", TIME, 0 },
};

static const struct sample languages[] = {
	{ "20 septembrie 2020", "2020-09-20T00:00:00Z", DAY, 0 },
	{ "20 Eylül 2020 16:20", "2020-09-20T16:20:00Z", TIME, 0 },
	{ "20. září 2020", "2020-09-20T00:00:00Z", DAY, 0 },
	{ "20. novembra 2020", "2020-11-20T00:00:00Z", DAY, 0 },
	{ "20. rujna 2020.", "2020-09-20T00:00:00Z", DAY, 0 },
	{ "20. септембар 2020.", "2020-09-20T00:00:00Z", DAY, 0 },
	{ "20 септември 2020", "2020-09-20T00:00:00Z", DAY, 0 },
	{ "20. syyskuuta 2020", "2020-09-20T00:00:00Z", DAY, 0 },
	{ "20 Agustus 2020", "2020-08-20T00:00:00Z", DAY, 0 },
	{ "20 سبتمبر 2020", "2020-09-20T00:00:00Z", DAY, 0 },
	{ "20 בספטמבר 2020", "2020-09-20T00:00:00Z", DAY, 0 },
	{ "20 सितंबर 2020", "2020-09-20T00:00:00Z", DAY, 0 },
	{ "Samstag, 26. Juli 2025, 10:15 Uhr", "2025-07-26T10:15:00Z", TIME,
	  0 },
	{ "2. März 2025", "2025-03-02T00:00:00Z", DAY, 0 },
	{ "3. Jänner 2025 um 10.15 Uhr", "2025-01-03T10:15:00Z", TIME, 0 },
	{ "le samedi 26 juillet 2025 à 10h15", "2025-07-26T10:15:00Z", TIME,
	  0 },
	{ "1er août 2025", "2025-08-01T00:00:00Z", DAY, 0 },
	{ "mar. 22 juil. 2025", "2025-07-22T00:00:00Z", DAY, 0 },
	{ "12 DÉCEMBRE 2025", "2025-12-12T00:00:00Z", DAY, 0 },
	{ "sábado, 26 de julio de 2025, 10:15 a. m.", "2025-07-26T10:15:00Z",
	  TIME, 0 },
	{ "26 jul 2025 - 10:15 p.\xc2\xa0m.", "2025-07-26T22:15:00Z", TIME,
	  0 },
	{ "3 de enero de 2025", "2025-01-03T00:00:00Z", DAY, 0 },
	{ "sabato 26 luglio 2025 alle ore 10:15", "2025-07-26T10:15:00Z",
	  TIME, 0 },
	{ "26 gen 2025", "2025-01-26T00:00:00Z", DAY, 0 },
	{ "26 de março de 2025 às 10h15", "2025-03-26T10:15:00Z", TIME, 0 },
	{ "1º de fevereiro de 2025", "2025-02-01T00:00:00Z", DAY, 0 },
	{ "zaterdag 26 maart 2025 om 10:15 uur", "2025-03-26T10:15:00Z", TIME,
	  0 },
	{ "26 lipca 2025 r., godz. 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "5 października 2025", "2025-10-05T00:00:00Z", DAY, 0 },
	{ "26 июля 2025 г., 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "26 МАЯ 2025, 10:15 MSK", "2025-05-26T07:15:00Z", ZONE, 10800 },
	{ "26 липня 2025 року о 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "субота, 4 жовтня 2025", "2025-10-04T00:00:00Z", DAY, 0 },
	{ "26 Ιουλίου 2025, 10:15 μ.μ.", "2025-07-26T22:15:00Z", TIME, 0 },
	{ "26 ΙΟΥΛΙΟΥ 2025", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "26 Μαΐου 2025", "2025-05-26T00:00:00Z", DAY, 0 },
	{ "Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z", ZONE,
	  -18000 },
	{ "torsdag 8 januari 2026 kl. 10.15", "2026-01-08T10:15:00Z", TIME,
	  0 },
	{ "Actualizado el 08/05/2022 20H06", "2022-08-05T20:06:00Z", TIME,
	  0 },
	{ "2025. július 26., 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "2004-július-13T9:15-03:00", "2004-07-13T12:15:00Z", ZONE, -10800 },
	{ "2025年7月26日 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "2025年07月26日10時15分30秒", "2025-07-26T10:15:30Z", TIME, 0 },
	{ "2025年7月26日（土） 10:15", "2025-07-26T10:15:00Z", TIME, 0 },
	{ "2025年7月26日星期六 下午3:15", "2025-07-26T15:15:00Z", TIME, 0 },
	{ "2025년 7월 26일", "2025-07-26T00:00:00Z", DAY, 0 },
	{ "2004-05-25 오후 11:23:17", "2004-05-25T23:23:17Z", TIME, 0 },
	{ "2004년 05월 28일  01:31:15", "2004-05-28T01:31:15Z", TIME, 0 },
};

static const char *const no_dates[] = {
	"", " ", "-", "now", "yesterday", "2 hours ago", "10:15", "July",
	"26 July", "1899-12-31", "2201-01-01", "0000-00-00T00:00:00Z",
	"2025-13-01", "2025-00-01", "2025-02-29", "2025-07-32", "2025-04-31",
	"2025-07-26T25:00:00Z", "2025-07-26T24:00:01Z",
	"2025-07-26T10:60:00Z", "2025-07-26T10:15:61Z", "2025-W54",
	"2025-W00", "2025-W30-8", "2025-000", "2025-366",
	"2025-07-26T10:15:00+03:00 and more", "30 February 2025",
	"32 July 2025", "July 26, 2025 July 27", "26 July 2025 2026",
	"26 July 2025 10:15 11:15", "marketing 12 2025", "May I come in",
	"(2025)", "[", "2025年", "99999999999999999999", "+", "-",
	"26/13/2025", "1/2", "1/2/3", "12.", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 26 July 2025", "\xff\xff 2025",
	"26 July 2025 \xe5\xb9", "25:15 26 July 2025",
};

static void test_rfc5322(void **state)
{
	(void)state;
	check(rfc5322, COUNT(rfc5322));
}

static void test_iso8601(void **state)
{
	(void)state;
	check(iso8601, COUNT(iso8601));
}

static void test_epoch(void **state)
{
	(void)state;
	check(epochs, COUNT(epochs));
}

static void test_words(void **state)
{
	(void)state;
	check(words, COUNT(words));
}

static void test_numbers(void **state)
{
	(void)state;
	check(numbers, COUNT(numbers));
}

static void test_languages(void **state)
{
	(void)state;
	check(languages, COUNT(languages));
}

static void test_no_date(void **state)
{
	struct sample sample = { .iso = NULL };
	struct nw_date date;
	char many[4096];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(no_dates); i++) {
		sample.text = no_dates[i];
		check(&sample, 1);
	}
	assert_int_equal(nw_date_parse("26 July\0 2025", 13, &date), -1);
	memset(many, '1', sizeof(many));
	assert_int_equal(nw_date_parse(many, sizeof(many), &date), -1);
	memset(many, '(', sizeof(many));
	assert_int_equal(nw_date_parse(many, sizeof(many), &date), -1);
}

/* Every start of every sample is read or refused, and nothing behind it is
 * looked at. */
static void test_cut(void **state)
{
	struct nw_date date;
	size_t i, len;
	char *copy;

	(void)state;
	for (i = 0; i < COUNT(languages); i++)
		for (len = 1; len <= strlen(languages[i].text); len++) {
			copy = malloc(len);
			assert_non_null(copy);
			memcpy(copy, languages[i].text, len);
			(void)nw_date_parse(copy, len, &date);
			free(copy);
		}
}

static void test_utc(void **state)
{
	(void)state;
	assert_true(nw_date_utc("2025-07-26T10:15:00Z") == 1753524900);
	assert_true(nw_date_utc("1969-12-31T23:59:59Z") == -1);
	assert_true(nw_date_utc(NULL) == NW_TIME_NONE);
	assert_true(nw_date_utc("soon") == NW_TIME_NONE);
}

static void test_days(void **state)
{
	(void)state;
	assert_true(nw_date_days(1970, 1, 1) == 0);
	assert_true(nw_date_days(2000, 2, 29) == 11016);
	assert_true(nw_date_days(1900, 3, 1) - nw_date_days(1900, 2, 28) == 1);
	assert_true(nw_date_days(2000, 3, 1) - nw_date_days(2000, 2, 28) == 2);
	assert_true(nw_date_days(1, 1, 1) == -719162);
}

/* What is written is read again, for a day of each of 800 years. */
static void test_round_trip(void **state)
{
	char text[NW_DATE_BYTES];
	struct nw_date date;
	int64_t utc;

	(void)state;
	for (utc = nw_date_days(1900, 1, 1) * 86400 + 3661;
	     utc < nw_date_days(2201, 1, 1) * 86400; utc += 86400 * 13 + 4567) {
		nw_date_rfc5322(utc, text);
		assert_int_equal(nw_date_parse(text, strlen(text), &date), 0);
		assert_true(date.utc == utc);
		nw_date_iso8601(utc, text);
		assert_int_equal(nw_date_parse(text, strlen(text), &date), 0);
		assert_true(date.utc == utc);
		nw_date_nntp(utc, text);
		assert_int_equal(nw_date_parse(text, strlen(text), &date), 0);
		assert_true(date.utc == utc);
	}
}

static void test_write(void **state)
{
	char text[NW_DATE_BYTES];

	(void)state;
	nw_date_rfc5322(1753524900, text);
	assert_string_equal(text, "Sat, 26 Jul 2025 10:15:00 +0000");
	nw_date_rfc5322(-1, text);
	assert_string_equal(text, "Wed, 31 Dec 1969 23:59:59 +0000");
	nw_date_iso8601(951782400, text);
	assert_string_equal(text, "2000-02-29T00:00:00Z");
	nw_date_nntp(1753524900, text);
	assert_string_equal(text, "20250726101500");
	nw_date_iso8601(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59Z");
	nw_date_rfc5322(NW_TIME_NONE, text);
	assert_string_equal(text, "Mon, 01 Jan 0001 00:00:00 +0000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc5322),
		cmocka_unit_test(test_iso8601),
		cmocka_unit_test(test_epoch),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_no_date),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_utc),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
