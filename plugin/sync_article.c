/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole of one article of which only the headers are here.
 */
#include "config.h"

#include "i18n.h"
#include "sync.h"
#include "sync_private.h"

struct wanted {
	struct nw_session *session;
	const struct nw_sync_wish *wish;
	struct nw_cache *cache;
	guint32 local, there; /* its number here, and at the gateway */
};

static gboolean catch_one(guint32 number, GString *text, gpointer data,
			  GError **error)
{
	GString **text_r = data;

	(void)number;
	(void)error;
	if (text && !*text_r)
		*text_r = text;
	else if (text)
		(void)g_string_free(text, TRUE);
	return TRUE;
}

static gboolean is_gone(const struct wanted *wanted, GError **error)
{
	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_REFUSED,
		    _("The gateway does not have this article of %s any "
		      "more."),
		    wanted->wish->group);
	return FALSE;
}

/* Selects the group by asking for what is newer than all that is known, which
 * is little; with it comes whether the number still is this article's. */
static gboolean is_there(const struct wanted *wanted, GError **error)
{
	struct nw_session_numbers *numbers =
		nw_session_numbers(wanted->session, wanted->wish->group,
				   nw_cache_state(wanted->cache)->high + 1,
				   wanted->there, error);
	char *id;
	gboolean same;

	if (!numbers)
		return FALSE;
	id = nw_cache_header(wanted->cache, wanted->local, "Message-ID");
	same = id && g_strcmp0(id, numbers->anchor_id) == 0;
	g_free(id);
	nw_session_numbers_free(numbers);
	return same || is_gone(wanted, error);
}

static gboolean fetch_one(const struct wanted *wanted, GError **error)
{
	GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
	GString *text = NULL;
	gboolean fetched;

	g_array_append_val(numbers, wanted->there);
	fetched = nw_session_articles(wanted->session, numbers, FALSE,
				      catch_one, &text, error);
	g_array_unref(numbers);
	if (fetched && !text)
		fetched = is_gone(wanted, error);
	if (fetched)
		fetched = nw_cache_add(wanted->cache, wanted->local, text,
				       FALSE, 0, error) &&
			  nw_cache_commit(wanted->cache, error) >= 0;
	if (text)
		(void)g_string_free(text, TRUE);
	return fetched;
}

gboolean nw_sync_article(struct nw_session *session,
			 const struct nw_sync_wish *wish, guint32 number,
			 GError **error)
{
	struct wanted wanted = {
		.session = session,
		.wish = wish,
		.cache = nw_cache_open(wish->dir, error),
		.local = number,
	};
	guint32 offset;
	gboolean fetched;

	if (!wanted.cache)
		return FALSE;
	offset = nw_cache_state(wanted.cache)->offset;
	wanted.there = number > offset ? number - offset : 0;
	if (!nw_cache_has_headers_only(wanted.cache, number))
		fetched = TRUE;
	else if (!wanted.there)
		fetched = is_gone(&wanted, error);
	else
		fetched = is_there(&wanted, error) && fetch_one(&wanted, error);
	nw_cache_close(wanted.cache);
	return fetched;
}
