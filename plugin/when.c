/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "i18n.h"
#include "when.h"

#define MINUTE_S 60
#define HOUR_S 3600

static gboolean same_day(GDateTime *a, GDateTime *b)
{
	return g_date_time_get_year(a) == g_date_time_get_year(b) &&
	       g_date_time_get_day_of_year(a) == g_date_time_get_day_of_year(b);
}

static char *day_and_time(GDateTime *then, GDateTime *now)
{
	GDateTime *yesterday = g_date_time_add_days(now, -1);
	const char *format;

	if (same_day(then, now))
		/* Translators: a format of strftime(3), as are the next two. */
		format = _("today at %H:%M");
	else if (same_day(then, yesterday))
		format = _("yesterday at %H:%M");
	else
		format = _("on %-d %B %Y at %H:%M");
	g_date_time_unref(yesterday);
	return g_date_time_format(then, format);
}

/* A time that the calendar has not is said as a number. */
static char *by_calendar(gint64 utc, gint64 now_utc)
{
	GDateTime *then = g_date_time_new_from_unix_local(utc);
	GDateTime *now = g_date_time_new_from_unix_local(now_utc);
	char *words = NULL;

	if (then && now)
		words = day_and_time(then, now);
	if (then)
		g_date_time_unref(then);
	if (now)
		g_date_time_unref(now);
	return words ? words : g_strdup_printf("%" G_GINT64_FORMAT, utc);
}

char *nw_when_words(gint64 utc, gint64 now_utc)
{
	gint64 ago_s = now_utc - utc;

	if (utc <= 0)
		return g_strdup(_("never"));
	if (ago_s >= 0 && ago_s < MINUTE_S)
		return g_strdup(_("just now"));
	if (ago_s >= 0 && ago_s < HOUR_S) {
		guint minutes = (guint)(ago_s / MINUTE_S);

		return g_strdup_printf(ngettext("%u minute ago",
						"%u minutes ago", minutes),
				       minutes);
	}
	return by_calendar(utc, now_utc);
}
