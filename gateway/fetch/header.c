/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "fetch_private.h"
#include "newswire/date.h"
#include "newswire/limits.h"

/* Optional white space of RFC 9110 section 5.6.3. */
#define BLANKS " \t"

static int64_t clamp(int64_t seconds)
{
	if (seconds < 0)
		return 0;
	return seconds < NW_BACKOFF_MAX_S ? seconds : NW_BACKOFF_MAX_S;
}

/* delta-seconds (RFC 9111 section 1.2.2), -1 when text does not begin with
 * a digit.  A number too large for us is the largest. */
static int64_t delta_seconds(const char *text)
{
	int64_t seconds = 0;

	if (*text < '0' || *text > '9')
		return -1;
	for (; *text >= '0' && *text <= '9'; text++)
		seconds = clamp(10 * seconds + (*text - '0'));
	return seconds;
}

int64_t nw_fetch_retry_after(const char *value, int64_t now_utc)
{
	int64_t utc, seconds;

	value += strspn(value, BLANKS);
	seconds = delta_seconds(value);
	if (seconds >= 0)
		return seconds;
	utc = nw_date_utc(value);
	return utc == NW_TIME_NONE ? -1 : clamp(utc - now_utc);
}

int64_t nw_fetch_expires(const char *value, int64_t date_utc)
{
	int64_t utc = nw_date_utc(value);

	/* What is no date, "0" above all, has expired (RFC 9111 section
	 * 5.3). */
	if (utc == NW_TIME_NONE || date_utc == NW_TIME_NONE)
		return 0;
	return clamp(utc - date_utc);
}

/* Whether a directive of len octets is name, alone or with "=". */
static bool directive_is(const char *directive, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	return len >= name_len &&
	       strncasecmp(directive, name, name_len) == 0 &&
	       (len == name_len || strchr("= \t", directive[name_len]));
}

/* What stands behind the "=" of a directive, if anything does. */
static const char *argument(const char *directive)
{
	directive += strcspn(directive, "=,");
	return directive + strspn(directive, "= \t\"");
}

int64_t nw_fetch_max_age(const char *value)
{
	int64_t seconds = -1;
	size_t len;

	for (; *value; value += len + (value[len] == ',')) {
		value += strspn(value, BLANKS);
		len = strcspn(value, ",");
		if (directive_is(value, len, "no-cache") ||
		    directive_is(value, len, "no-store"))
			return 0;
		if (directive_is(value, len, "max-age"))
			seconds = delta_seconds(argument(value));
	}
	return seconds;
}

static char *lower(char *text)
{
	char *c;

	for (c = text; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	return text;
}

/* The value of a parameter, quoted or not, that starts at text. */
static const char *parameter(struct nw_arena *arena, const char *text)
{
	size_t len;

	if (*text == '"' || *text == '\'')
		text++;
	len = strcspn(text, "\"';, \t");
	return len ? nw_arena_strndup(arena, text, len) : NULL;
}

void nw_fetch_content_type(struct nw_arena *arena, const char *value,
			   const char **type_r, const char **charset_r)
{
	static const char charset[] = "charset=";
	size_t len;

	*type_r = *charset_r = NULL;
	value += strspn(value, BLANKS);
	len = strcspn(value, ";, \t");
	if (len)
		*type_r = lower(nw_arena_strndup(arena, value, len));
	while ((value = strchr(value, ';'))) {
		value++;
		value += strspn(value, BLANKS);
		if (strncasecmp(value, charset, strlen(charset)) != 0)
			continue;
		*charset_r = parameter(arena, value + strlen(charset));
		return;
	}
}

/* The n-th header of that name of the last reply, or NULL. */
static const char *header(CURL *easy, const char *name, size_t n)
{
	struct curl_header *found;

	if (curl_easy_header(easy, name, n, CURLH_HEADER, -1, &found) !=
	    CURLHE_OK)
		return NULL;
	return found->value;
}

/* A validator to be sent back one day; one that cannot be a header is
 * none. */
static const char *validator(struct nw_arena *arena, const char *value)
{
	size_t len = value ? strlen(value) : 0;

	if (!len || len > NW_FETCH_VALIDATOR_BYTES)
		return NULL;
	return nw_arena_strndup(arena, value, len);
}

static int64_t max_age(CURL *easy, int64_t now_utc)
{
	const char *value, *date;
	int64_t seconds = -1, one;
	size_t n;

	for (n = 0; (value = header(easy, "Cache-Control", n)); n++) {
		one = nw_fetch_max_age(value);
		if (one >= 0 && (seconds < 0 || one < seconds))
			seconds = one;
	}
	if (seconds >= 0)
		return seconds;
	/* One call of curl's spoils what the one before gave. */
	date = header(easy, "Date", 0);
	if (date && nw_date_utc(date) != NW_TIME_NONE)
		now_utc = nw_date_utc(date);
	value = header(easy, "Expires", 0);
	return value ? nw_fetch_expires(value, now_utc) : -1;
}

void nw_fetch_headers(struct nw_arena *arena, CURL *easy, int64_t now_utc,
		      struct nw_fetch_reply *reply)
{
	const char *value;

	value = header(easy, "Content-Type", 0);
	if (value)
		nw_fetch_content_type(arena, value, &reply->content_type,
				      &reply->charset);
	reply->etag = validator(arena, header(easy, "ETag", 0));
	reply->last_modified =
		validator(arena, header(easy, "Last-Modified", 0));
	value = header(easy, "Retry-After", 0);
	reply->retry_after_s =
		value ? nw_fetch_retry_after(value, now_utc) : -1;
	reply->max_age_s = max_age(easy, now_utc);
}

int nw_fetch_check(const struct nw_fetch_reply *reply, struct nw_error *err)
{
	if (reply->status >= 200 && reply->status <= 299)
		return 0;
	return nw_error_set(err, NW_ERROR_NETWORK,
			    "the server answered with status %d",
			    reply->status);
}

bool nw_fetch_is_limit(const struct nw_fetch_reply *reply)
{
	return reply->status == 429 || reply->status == 503;
}
