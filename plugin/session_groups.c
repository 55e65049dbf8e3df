/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "session_private.h"

#define GROUPS_MAX	   200000
#define DESCRIPTION_OCTETS 1000
/* GROUP commands that wait for their answers. */
#define COUNTS_WINDOW 2048

void nw_session_group_free(gpointer data)
{
	struct nw_session_group *group = data;

	g_free(group->name);
	g_free(group->description);
	g_free(group);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct nw_session_group *const *one = a, *const *other = b;

	return strcmp((*one)->name, (*other)->name);
}

/* "group high low status" (RFC 3977 section 7.6.3); what cannot be a group here
 * is passed over. */
static void take_active(GHashTable *groups, char *line)
{
	char *space = strpbrk(line, " \t");
	struct nw_session_group *group;
	const char *at;
	guint32 low, high;

	if (!space)
		return;
	*space = '\0';
	at = space + 1 + strspn(space + 1, " \t");
	if (!nw_session_is_group(line) || !nw_session_number(&at, &high) ||
	    !nw_session_number(&at, &low) ||
	    g_hash_table_contains(groups, line))
		return;
	group = g_new0(struct nw_session_group, 1);
	group->name = g_strdup(line);
	group->low = low;
	group->high = high;
	group->count = high >= low && high ? high - low + 1 : 0;
	g_hash_table_insert(groups, group->name, group);
}

/* "group description", of a group that is known. */
static void take_description(GHashTable *groups, char *line)
{
	char *space = strpbrk(line, " \t"), *at;
	struct nw_session_group *group;

	if (!space)
		return;
	*space = '\0';
	group = g_hash_table_lookup(groups, line);
	at = space + 1 + strspn(space + 1, " \t");
	if (!group || group->description || !*at)
		return;
	group->description =
		g_utf8_make_valid(at, (gssize)strnlen(at, DESCRIPTION_OCTETS));
	for (at = group->description; *at; at++)
		if (g_ascii_iscntrl(*at))
			*at = ' ';
}

static gboolean take_list(struct nw_session *session, GHashTable *groups,
			  void (*take)(GHashTable *groups, char *line),
			  GError **error)
{
	struct nw_line line;
	int got;

	nw_session_block_begin(session);
	while ((got = nw_session_block_next(session, &line, error)) > 0)
		if (g_hash_table_size(groups) < GROUPS_MAX)
			take(groups, line.text);
	return got == 0;
}

/* The answers to LIST ACTIVE and LIST NEWSGROUPS.  It can be read as well
 * without descriptions. */
static gboolean read_lists(struct nw_session *session, GHashTable *groups,
			   GError **refused, GError **error)
{
	GError *ignored = NULL;
	const char *words;
	gboolean good;
	int code = nw_session_answer(session, &words, error);

	if (!code)
		return FALSE;
	good = code == NW_NNTP_LIST
		       ? take_list(session, groups, take_active, error)
		       : nw_session_goes_on(session, code, words, refused,
					    error);
	if (!good || !(code = nw_session_answer(session, &words, error)))
		return FALSE;
	if (code == NW_NNTP_LIST)
		return take_list(session, groups, take_description, error);
	good = nw_session_goes_on(session, code, words, &ignored, error);
	g_clear_error(&ignored);
	return good;
}

GPtrArray *nw_session_groups(struct nw_session *session, GError **error)
{
	GPtrArray *list;
	GHashTable *groups;
	GHashTableIter iter;
	GError *refused = NULL;
	gpointer group;
	gboolean whole;

	if (!nw_session_ready(session, error))
		return NULL;
	groups = g_hash_table_new(g_str_hash, g_str_equal);
	list = g_ptr_array_new_with_free_func(nw_session_group_free);
	nw_lines_say(session->lines, "LIST ACTIVE");
	nw_lines_say(session->lines, "LIST NEWSGROUPS");
	whole = read_lists(session, groups, &refused, error);
	if (whole)
		whole = nw_session_all_good(refused, error);
	else
		g_clear_error(&refused);
	g_hash_table_iter_init(&iter, groups);
	while (g_hash_table_iter_next(&iter, NULL, &group))
		g_ptr_array_add(list, group);
	g_hash_table_unref(groups);
	if (!whole)
		g_clear_pointer(&list, g_ptr_array_unref);
	else
		g_ptr_array_sort(list, by_name);
	return list;
}

/* Counts */

static void set_none(struct nw_session_group *group)
{
	group->low = 1;
	group->high = group->count = 0;
	group->missing = TRUE;
}

/* "count low high group" (RFC 3977 section 6.1.1).  Water marks past what a
 * number may be are those of a group that cannot be read here. */
static gboolean take_count(struct nw_session *session,
			   struct nw_session_group *group, const char *words,
			   GError **error)
{
	char **fields = g_strsplit_set(words, " \t", 5);
	const char *count = fields[0], *low = NULL, *high = NULL;
	gboolean same;

	if (count && fields[1] && fields[2]) {
		low = fields[1];
		high = fields[2];
	}
	/* Answers that belong to other commands would mix the groups up. */
	same = high &&
	       (!fields[3] || !*fields[3] || !strcmp(fields[3], group->name));
	if (!same || !nw_session_number(&count, &group->count) ||
	    !nw_session_number(&low, &group->low) ||
	    !nw_session_number(&high, &group->high))
		set_none(group);
	else if (group->high < group->low)
		group->count = 0;
	g_strfreev(fields);
	return same || nw_session_garbage(session, error);
}

static gboolean read_count(struct nw_session *session,
			   struct nw_session_group *group, GError **refused,
			   GError **error)
{
	const char *words;
	int code = nw_session_answer(session, &words, error);

	if (!code)
		return FALSE;
	if (code == NW_NNTP_GROUP)
		return take_count(session, group, words, error);
	set_none(group);
	return code == NW_NNTP_NO_SUCH_GROUP || code == NW_NNTP_DENIED ||
	       nw_session_goes_on(session, code, words, refused, error);
}

static void ask_counts(struct nw_session *session, const GPtrArray *groups,
		       guint *asked, guint until)
{
	for (; *asked < until; (*asked)++) {
		struct nw_session_group *group = groups->pdata[*asked];

		if (nw_session_is_group(group->name))
			nw_lines_say(session->lines, "GROUP %s", group->name);
	}
}

/* A wrong login is one for all; that one group of many wants another login is
 * not. */
static gboolean judge(const GPtrArray *groups, GError *refused, GError **error)
{
	guint i, readable = 0;

	for (i = 0; i < groups->len; i++) {
		const struct nw_session_group *group = groups->pdata[i];

		readable += !group->missing;
	}
	if (readable &&
	    g_error_matches(refused, NW_SESSION_ERROR, NW_SESSION_ERROR_LOGIN))
		g_clear_error(&refused);
	return nw_session_all_good(refused, error);
}

gboolean nw_session_counts(struct nw_session *session, GPtrArray *groups,
			   GError **error)
{
	guint asked = 0, got;
	GError *refused = NULL;

	if (!nw_session_ready(session, error))
		return FALSE;
	for (got = 0; got < groups->len; got++) {
		struct nw_session_group *group = groups->pdata[got];

		/* By halves, so that they go in few packets. */
		if (asked - got <= COUNTS_WINDOW / 2)
			ask_counts(session, groups, &asked,
				   MIN(groups->len, got + COUNTS_WINDOW));
		group->missing = FALSE;
		if (!nw_session_is_group(group->name))
			set_none(group);
		else if (!read_count(session, group, &refused, error)) {
			g_clear_error(&refused);
			return FALSE;
		}
	}
	return judge(groups, refused, error);
}
