/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/date.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/ticker.h"
#include "newswire/url.h"

enum { DAY_S = 86400 };

/* How a day is written in a language: the day of the month, month and year go
 * where the numbers stand. */
static const struct words {
	const char language[4];
	const char *before_month, *before_year;
	const char *months[12];
} all_words[] = {
	{ "da", ". ", " ",
	  { "januar", "februar", "marts", "april", "maj", "juni", "juli",
	    "august", "september", "oktober", "november", "december" } },
	{ "de", ". ", " ",
	  { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
	    "August", "September", "Oktober", "November", "Dezember" } },
	{ "en", " ", " ",
	  { "January", "February", "March", "April", "May", "June", "July",
	    "August", "September", "October", "November", "December" } },
	{ "es", " de ", " de ",
	  { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
	    "agosto", "septiembre", "octubre", "noviembre", "diciembre" } },
	{ "fr", " ", " ",
	  { "janvier", "février", "mars", "avril", "mai", "juin", "juillet",
	    "août", "septembre", "octobre", "novembre", "décembre" } },
	{ "it", " ", " ",
	  { "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
	    "luglio", "agosto", "settembre", "ottobre", "novembre",
	    "dicembre" } },
	{ "nl", " ", " ",
	  { "januari", "februari", "maart", "april", "mei", "juni", "juli",
	    "augustus", "september", "oktober", "november", "december" } },
	{ "no", ". ", " ",
	  { "januar", "februar", "mars", "april", "mai", "juni", "juli",
	    "august", "september", "oktober", "november", "desember" } },
	{ "pl", " ", " ",
	  { "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
	    "lipca", "sierpnia", "września", "października", "listopada",
	    "grudnia" } },
	{ "pt", " de ", " de ",
	  { "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho",
	    "agosto", "setembro", "outubro", "novembro", "dezembro" } },
	{ "ru", " ", " ",
	  { "января", "февраля", "марта", "апреля", "мая", "июня", "июля",
	    "августа", "сентября", "октября", "ноября", "декабря" } },
	{ "sv", " ", " ",
	  { "januari", "februari", "mars", "april", "maj", "juni", "juli",
	    "augusti", "september", "oktober", "november", "december" } },
	{ "uk", " ", " ",
	  { "січня", "лютого", "березня", "квітня", "травня", "червня",
	    "липня", "серпня", "вересня", "жовтня", "листопада",
	    "грудня" } },
};

/* By the primary subtag (RFC 5646 section 2.2.1). */
static const struct words *find_words(const char *language)
{
	size_t i;

	for (i = 0; language && i < sizeof(all_words) / sizeof(*all_words); i++)
		if (strcspn(language, "-_") == 2 &&
		    !strncasecmp(language, all_words[i].language, 2))
			return &all_words[i];
	return NULL;
}

static int number(const char *digits, size_t len)
{
	int value = 0;

	while (len--)
		value = value * 10 + *digits++ - '0';
	return value;
}

int64_t nw_ticker_day(const struct nw_ticker *ticker, int64_t utc)
{
	int64_t local = utc + ticker->offset_s;

	return local / DAY_S - (local % DAY_S < 0);
}

struct nw_story *nw_ticker_story(struct nw_arena *arena,
				 const struct nw_ticker *ticker, int64_t day)
{
	const struct words *words = find_words(ticker->language);
	struct nw_story *story = nw_story_new(arena);
	const char *said;
	char iso[NW_DATE_BYTES];

	nw_date_iso8601(day * DAY_S, iso);
	iso[strlen("YYYY-MM-DD")] = '\0';
	said = words ? nw_arena_printf(arena, "%d%s%s%s%.4s",
				       number(iso + 8, 2), words->before_month,
				       words->months[number(iso + 5, 2) - 1],
				       words->before_year, iso)
		     : iso;
	story->title = nw_arena_printf(arena, "%s, %s", ticker->name, said);
	story->canonical_url =
		nw_arena_printf(arena, "%s#" NW_TICKER_MARK "%s",
				nw_url_strip_tracking(arena, ticker->url,
						      false),
				iso);
	story->publisher = ticker->publisher;
	story->language = ticker->language;
	story->live = true;
	/* It shows the newest briefs, and for a while. */
	story->updates_partial = true;
	return story;
}
