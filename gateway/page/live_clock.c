/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "newswire/date.h"
#include "live_private.h"

enum { DAY_S = 86400, HALF_HOUR_S = 1800 };

/* What may stand behind a time of day. */
static const struct unit {
	const char *word;
	int add;   /* hours, for 1 to 11 o'clock; 12: as after noon */
	bool sure; /* what stands before it is a time, without a colon */
} units[] = {
	{ "a.m.", 0, true }, { "am", 0, true },	    { "p.m.", 12, true },
	{ "pm", 12, true },  { "uhr", 0, true },    { "hrs", 0, true },
	{ "h", 0, true },    { "gmt", 0, true },    { "utc", 0, true },
	{ "bst", 0, true },  { "ist", 0, true },    { "cest", 0, true },
	{ "cet", 0, true },  { "mesz", 0, true },   { "mez", 0, true },
	{ "edt", 0, true },  { "est", 0, true },    { "et", 0, true },
	{ "pdt", 0, true },  { "pst", 0, true },    { "pt", 0, true },
	{ "aest", 0, true }, { "aedt", 0, true },   { "msk", 0, true },
};

/* Words before a time of day. */
static const char *const leads[] = {
	"um", "at", "ab", "update", "upd", "à", "alle", "ore", "ore:", "kl",
	"kl.", "klo", "o", "godz.", "las", "a las", "updated", NULL
};

static size_t skip_marks(const char *text)
{
	size_t at = 0;

	for (;;) {
		if (text[at] && strchr(" +*[(|-:,/\t\n\r", text[at]))
			at++;
		else if (!strncmp(text + at, "\u00a0", 2))
			at += 2;
		else if (!strncmp(text + at, "\u2013", 3) ||
			 !strncmp(text + at, "\u2014", 3) ||
			 !strncmp(text + at, "\u2022", 3))
			at += 3;
		else
			return at;
	}
}

static size_t skip_space(const char *text)
{
	size_t at = 0;

	while (text[at] == ' ' || !strncmp(text + at, "\u00a0", 2))
		at += text[at] == ' ' ? 1 : 2;
	return at;
}

/* A number of one or two digits; -1 for none. */
static int read_two(const char *text, size_t *used_r)
{
	int value = 0;
	size_t at = 0;

	while (at < 2 && isdigit((unsigned char)text[at]))
		value = 10 * value + text[at++] - '0';
	*used_r = at;
	return at && !isdigit((unsigned char)text[at]) ? value : -1;
}

/* The units behind a time; adds to hour what they mean. */
static size_t read_units(const char *text, int *hour, bool *sure)
{
	size_t at = 0, round, i;

	for (round = 0; round < 2; round++) {
		size_t space = skip_space(text + at);

		space += text[at + space] == '(';
		for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
			size_t len = strlen(units[i].word);

			if (strncasecmp(text + at + space, units[i].word,
					len) ||
			    isalnum((unsigned char)text[at + space + len]))
				continue;
			if (units[i].add && *hour < 12)
				*hour += 12;
			else if (*hour == 12 && units[i].word[0] == 'a' &&
				 i < 2)
				*hour = 0;
			*sure = *sure || units[i].sure;
			at += space + len;
			break;
		}
	}
	return at;
}

/* "12.31 Uhr", "9:05 pm", "14h20", "12 Uhr" at the start of text. */
static int read_time(const char *text, size_t *used_r)
{
	size_t at, used, marks;
	bool sure = false;
	int hour, minute = 0;

	hour = read_two(text, &at);
	if (hour < 0 || hour > 23)
		return NW_LIVE_NO_CLOCK;
	if (text[at] && strchr(":.hH", text[at]) &&
	    isdigit((unsigned char)text[at + 1])) {
		sure = tolower((unsigned char)text[at]) == 'h';
		minute = read_two(text + at + 1, &used);
		if (minute < 0 || minute > 59 || used != 2)
			return NW_LIVE_NO_CLOCK;
		at += 1 + used;
		if (text[at] == '.' && isdigit((unsigned char)text[at + 1]))
			return NW_LIVE_NO_CLOCK;
		if (text[at] == ':' && isdigit((unsigned char)text[at + 1]) &&
		    read_two(text + at + 1, &used) >= 0)
			at += 1 + used;
		at += read_units(text + at, &hour, &sure);
	} else {
		at += read_units(text + at, &hour, &sure);
		if (!sure)
			return NW_LIVE_NO_CLOCK;
	}
	while (text[at] == ')' || text[at] == ']')
		at++;
	marks = skip_marks(text + at);
	if (text[at] && !sure && marks <= skip_space(text + at))
		return NW_LIVE_NO_CLOCK;
	*used_r = at + marks;
	return hour * 60 + minute;
}

/* Whether what stands before a time may stand there: nothing, "Update", or
 * a day. */
static bool is_lead(const char *text, size_t len, int64_t *day_r)
{
	struct nw_date date;
	size_t i, start = skip_marks(text);

	*day_r = NW_TIME_NONE;
	if (start >= len)
		return true;
	text += start;
	len -= start;
	while (len && strchr(" ,:|-+", text[len - 1]))
		len--;
	for (i = 0; leads[i]; i++) {
		size_t word = strlen(leads[i]);

		if (len >= word &&
		    !strncasecmp(text + len - word, leads[i], word) &&
		    (len == word || text[len - word - 1] == ' ')) {
			len -= word;
			while (len && strchr(" ,:|-+", text[len - 1]))
				len--;
			break;
		}
	}
	if (!len)
		return true;
	if (nw_date_parse(text, len, &date) < 0 || date.has_time)
		return false;
	*day_r = date.utc / DAY_S;
	return true;
}

int nw_live_clock(const char *text, size_t *used_r, int64_t *day_r)
{
	enum { LEAD_BYTES = 40 };
	size_t at, used;

	for (at = 0; at < LEAD_BYTES && text[at]; at++) {
		int clock;

		if (!isdigit((unsigned char)text[at]) ||
		    (at && isalnum((unsigned char)text[at - 1])) ||
		    (at > 1 && strchr(".:", text[at - 1]) &&
		     isdigit((unsigned char)text[at - 2])))
			continue;
		clock = read_time(text + at, &used);
		if (clock < 0 || !is_lead(text, at, day_r))
			continue;
		*used_r = at + used;
		return clock;
	}
	return NW_LIVE_NO_CLOCK;
}

/* A date that names a zone other than UTC names the page's. */
static bool take_zone(struct nw_live *live, const char *text)
{
	struct nw_date date;

	if (!text || nw_date_parse(text, strlen(text), &date) < 0 ||
	    !date.has_time || !date.has_zone || !date.offset_s)
		return false;
	live->offset_s = date.offset_s;
	live->offset_known = true;
	return true;
}

void nw_live_find_zone(struct nw_live *live)
{
	static const char *const keys[] = { "dateModified", "datePublished" };
	const struct nw_page *page = live->page;
	const xmlNode *node;
	size_t i;

	for (i = 0; i < 2 * page->jsonld_count; i++)
		if (take_zone(live, json_string_value(json_object_get(
					    page->jsonld[i / 2], keys[i % 2]))))
			return;
	for (node = page->html; node;
	     node = nw_dom_next(node, page->html, false)) {
		const char *text = NULL;

		if (nw_dom_is(node, "meta"))
			text = nw_dom_attr(node, "content");
		else if (nw_dom_is(node, "time"))
			text = nw_dom_attr(node, "datetime");
		if (text && strlen(text) < NW_DATE_BYTES &&
		    take_zone(live, text))
			return;
	}
}

static bool needs_day(const struct nw_live_entry *entry)
{
	return entry->clock >= 0 && entry->published_utc == NW_TIME_NONE;
}

/* Whether most times fall from one entry to the next. */
static bool falls(const struct nw_live_list *list)
{
	int last = NW_LIVE_NO_CLOCK;
	long balance = 0;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (!needs_day(&list->entries[i]))
			continue;
		if (last >= 0 && list->entries[i].clock != last)
			balance += list->entries[i].clock < last ? 1 : -1;
		last = list->entries[i].clock;
	}
	return balance >= 0;
}

/* When the page was last changed, else published. */
static int64_t page_time(const struct nw_live *live)
{
	const struct nw_story *story = live->story;

	if (story->modified_utc != NW_TIME_NONE)
		return story->modified_utc;
	if (story->published_utc != NW_TIME_NONE)
		return story->published_utc;
	return live->page->now_utc;
}

/* The zone in which the newest entry is less than half an hour before the
 * page's own time. */
static int guess_offset(int64_t page_utc, int clock)
{
	int diff = clock * 60 - (int)(page_utc % DAY_S);

	if (diff <= -12 * 3600)
		diff += DAY_S;
	else if (diff > 14 * 3600)
		diff -= DAY_S;
	if (diff > 0)
		diff += HALF_HOUR_S - 1;
	return diff / HALF_HOUR_S * HALF_HOUR_S;
}

/* Whether the headings with a day stand below what they name: the newest
 * entries have none above them, and the first is not older than those. */
static bool names_trail(const struct nw_live_list *list, int64_t newest)
{
	size_t i;

	if (!list->count || list->entries[0].day != NW_TIME_NONE)
		return false;
	for (i = 0; i < list->count; i++)
		if (list->entries[i].day != NW_TIME_NONE)
			return list->entries[i].day >= newest;
	return false;
}

void nw_live_set_days(const struct nw_live *live, struct nw_live_list *list)
{
	enum { EARLIER_DAY = 180, EARLY = 10 };
	int64_t page_utc = page_time(live), day = NW_TIME_NONE;
	bool down = falls(list), trail = false;
	int offset = live->offset_s, last = 0;
	size_t i;

	if (page_utc == NW_TIME_NONE)
		return;
	for (i = 0; i < list->count; i++) {
		struct nw_live_entry *entry =
			&list->entries[down ? i : list->count - 1 - i];

		if (!needs_day(entry))
			continue;
		if (day == NW_TIME_NONE) {
			if (!live->offset_known)
				offset = guess_offset(page_utc, entry->clock);
			day = (page_utc + offset) / DAY_S;
			last = (int)((page_utc + offset) % DAY_S / 60) + EARLY;
			if (entry->clock > last)
				day--;
			trail = down && names_trail(list, day);
		} else if (entry->clock > last + EARLIER_DAY) {
			day--;
		}
		last = entry->clock;
		if (entry->day != NW_TIME_NONE && !trail)
			day = entry->day;
		entry->published_utc = day * DAY_S + last * 60 - offset;
	}
}
