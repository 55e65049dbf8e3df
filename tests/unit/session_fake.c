/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session_fake.h"

static struct fake *fake;

struct nw_session {
	struct fake_group *selected;
	GCancellable *cancel;
	gboolean broken;
};

G_DEFINE_QUARK(nw - session - error, nw_session_error)

static void free_article(gpointer data)
{
	struct fake_article *article = data;

	g_free(article->id);
	g_free(article->text);
	g_free(article->date);
	g_free(article);
}

static void free_group(gpointer data)
{
	struct fake_group *group = data;

	g_free(group->name);
	g_ptr_array_unref(group->articles);
	g_free(group);
}

struct fake *fake_start(void)
{
	fake = g_new0(struct fake, 1);
	fake->groups = g_ptr_array_new_with_free_func(free_group);
	fake->asked = g_string_new(NULL);
	fake->cut_after = fake->hang_after = -1;
	return fake;
}

void fake_stop(void)
{
	g_ptr_array_unref(fake->groups);
	(void)g_string_free(fake->asked, TRUE);
	g_clear_pointer(&fake, g_free);
}

static struct fake_group *find_group(const char *name)
{
	guint i;

	for (i = 0; i < fake->groups->len; i++) {
		struct fake_group *group = fake->groups->pdata[i];

		if (g_str_equal(group->name, name))
			return group;
	}
	return NULL;
}

struct fake_group *fake_group(const char *name)
{
	struct fake_group *group = find_group(name);

	if (group)
		return group;
	group = g_new0(struct fake_group, 1);
	group->name = g_strdup(name);
	group->articles = g_ptr_array_new_with_free_func(free_article);
	g_ptr_array_add(fake->groups, group);
	return group;
}

static gint by_number(gconstpointer a, gconstpointer b)
{
	const struct fake_article *const *one = a, *const *other = b;

	return ((*one)->number > (*other)->number) -
	       ((*one)->number < (*other)->number);
}

static struct fake_article *put(struct fake_group *group, guint32 number,
				const char *id, const char *date)
{
	struct fake_article *article = g_new0(struct fake_article, 1);

	article->number = number;
	article->id = g_strdup(id);
	article->date = g_strdup(date);
	g_ptr_array_add(group->articles, article);
	g_ptr_array_sort(group->articles, by_number);
	group->high = MAX(group->high, number);
	return article;
}

static char *today(void)
{
	GDateTime *now = g_date_time_new_now_utc();
	char *text = g_date_time_format(now, "%a, %d %b %Y %H:%M:%S +0000");

	g_date_time_unref(now);
	return text;
}

void fake_put(struct fake_group *group, guint32 number, const char *id,
	      const char *date)
{
	struct fake_article *article = put(group, number, id, date);

	article->text = g_strdup_printf("From: a@b.example\nDate: %s\n"
					"Message-ID: %s\nSubject: %s\n"
					"Content-Type: text/html\n\n"
					"Text of %s.\n",
					date, id, id, id);
}

guint32 fake_add(struct fake_group *group, const char *id,
		 const char *supersedes)
{
	char *date = today(), *line = NULL;
	struct fake_article *article = put(group, group->high + 1, id, date);

	if (supersedes)
		line = g_strdup_printf("Supersedes:\n %s\n", supersedes);
	article->text = g_strdup_printf("From: a@b.example\nDate: %s\n"
					"Message-ID: %s\n%s"
					"Content-Type: text/html;\n"
					"\tcharset=x\n\nText of %s.\n",
					date, id, line ? line : "", id);
	g_free(line);
	g_free(date);
	return article->number;
}

void fake_drop(struct fake_group *group, const char *id)
{
	guint i;

	for (i = 0; i < group->articles->len; i++) {
		struct fake_article *article = group->articles->pdata[i];

		if (g_str_equal(article->id, id)) {
			g_ptr_array_remove_index(group->articles, i);
			return;
		}
	}
}

void fake_begin_anew(struct fake_group *group)
{
	g_ptr_array_set_size(group->articles, 0);
	group->high = 0;
}

char *fake_asked(void)
{
	char *asked = g_strdup(fake->asked->str);

	g_string_set_size(fake->asked, 0);
	return asked;
}

static guint32 low_of(const struct fake_group *group)
{
	const struct fake_article *first;

	if (group->low_said)
		return group->low_said;
	if (!group->articles->len)
		return group->high + 1;
	first = group->articles->pdata[0];
	return first->number;
}

static struct fake_article *find(const struct fake_group *group, guint32 number)
{
	guint i;

	for (i = 0; i < group->articles->len; i++) {
		struct fake_article *article = group->articles->pdata[i];

		if (article->number == number)
			return article;
	}
	return NULL;
}

static gboolean fail(GError **error, enum nw_session_error code)
{
	g_set_error_literal(error, NW_SESSION_ERROR, (int)code,
			    "the fake says no");
	return FALSE;
}

/* Each question begins so. */
static gboolean ask(struct nw_session *session, GError **error,
		    const char *format, ...) G_GNUC_PRINTF(3, 4);
static gboolean ask(struct nw_session *session, GError **error,
		    const char *format, ...)
{
	va_list words;

	va_start(words, format);
	g_string_append_vprintf(fake->asked, format, words);
	va_end(words);
	g_string_append_c(fake->asked, '\n');
	if (g_cancellable_is_cancelled(session->cancel))
		return fail(error, NW_SESSION_ERROR_CANCELLED);
	if (session->broken || fake->stale) {
		session->broken = TRUE;
		return fail(error, NW_SESSION_ERROR_BROKEN);
	}
	return TRUE;
}

struct nw_session *nw_session_open(const struct nw_gateway *gateway,
				   GCancellable *cancel, GError **error)
{
	struct nw_session *session;

	(void)gateway;
	if (g_cancellable_set_error_if_cancelled(cancel, error))
		return NULL;
	session = g_new0(struct nw_session, 1);
	session->cancel = cancel;
	fake->opened++;
	fake->stale = FALSE;
	g_string_append(fake->asked, "open\n");
	return session;
}

void nw_session_close(struct nw_session *session)
{
	fake->closed += session != NULL;
	g_free(session);
}

gboolean nw_session_may_manage(const struct nw_session *session)
{
	(void)session;
	return fake->manages;
}

static void count(struct nw_session_group *to, const struct fake_group *group)
{
	to->missing = !group || group->away;
	if (to->missing) {
		to->low = 1;
		to->high = to->count = 0;
		return;
	}
	to->low = low_of(group);
	to->high = group->high;
	to->count = group->articles->len;
}

void nw_session_group_free(gpointer data)
{
	struct nw_session_group *group = data;

	g_free(group->name);
	g_free(group->description);
	g_free(group);
}

GPtrArray *nw_session_groups(struct nw_session *session, GError **error)
{
	GPtrArray *list;
	guint i;

	if (!ask(session, error, "groups"))
		return NULL;
	list = g_ptr_array_new_with_free_func(nw_session_group_free);
	for (i = 0; i < fake->groups->len; i++) {
		const struct fake_group *group = fake->groups->pdata[i];
		struct nw_session_group *listed =
			g_new0(struct nw_session_group, 1);

		listed->name = g_strdup(group->name);
		count(listed, group);
		g_ptr_array_add(list, listed);
	}
	return list;
}

gboolean nw_session_counts(struct nw_session *session, GPtrArray *groups,
			   GError **error)
{
	guint i;

	if (!ask(session, error, "counts"))
		return FALSE;
	for (i = 0; i < groups->len; i++) {
		struct nw_session_group *group = groups->pdata[i];

		count(group, find_group(group->name));
	}
	return TRUE;
}

struct nw_session_numbers *nw_session_numbers(struct nw_session *session,
					      const char *group_name,
					      guint32 first, guint32 anchor,
					      GError **error)
{
	struct fake_group *group = find_group(group_name);
	const struct fake_article *article;
	struct nw_session_numbers *numbers;
	guint i;

	if (!ask(session, error, "numbers %s %u- %u", group_name, first,
		 anchor))
		return NULL;
	if (!group || group->away || group->refuses) {
		(void)fail(error, NW_SESSION_ERROR_REFUSED);
		return NULL;
	}
	session->selected = group;
	numbers = g_new0(struct nw_session_numbers, 1);
	numbers->numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (i = 0; i < group->articles->len && !group->lists_none; i++) {
		article = group->articles->pdata[i];
		if (article->number >= first)
			g_array_append_val(numbers->numbers, article->number);
	}
	article = find(group, anchor);
	numbers->anchor_id = article ? g_strdup(article->id) : NULL;
	numbers->low = low_of(group);
	numbers->high = group->high;
	return numbers;
}

void nw_session_numbers_free(struct nw_session_numbers *numbers)
{
	g_array_unref(numbers->numbers);
	g_free(numbers->anchor_id);
	g_free(numbers);
}

gboolean nw_session_overviews(struct nw_session *session, guint32 first,
			      guint32 last, nw_session_overview_fn *each,
			      gpointer data, GError **error)
{
	const GPtrArray *articles = session->selected->articles;
	guint i;

	if (!ask(session, error, "overviews %u-%u", first, last))
		return FALSE;
	for (i = 0; i < articles->len; i++) {
		const struct fake_article *article = articles->pdata[i];
		const struct nw_session_overview line = {
			.number = article->number,
			.message_id = article->id,
			.date = article->date,
			.octets = (guint32)strlen(article->text),
		};

		if (article->number < first || article->number > last)
			continue;
		if (!each(&line, data)) {
			session->broken = TRUE;
			return fail(error, NW_SESSION_ERROR_BROKEN);
		}
	}
	return TRUE;
}

static void hang(struct nw_session *session)
{
	GPollFD fd;

	if (!g_cancellable_make_pollfd(session->cancel, &fd))
		return;
	(void)g_poll(&fd, 1, -1);
	g_cancellable_release_fd(session->cancel);
}

/* Whether the session ends here. */
static gboolean ends(struct nw_session *session, GError **error)
{
	if (fake->cut_after == 0 || fake->hang_after == 0)
		session->broken = TRUE;
	if (fake->cut_after == 0)
		return !fail(error, NW_SESSION_ERROR_BROKEN);
	if (fake->hang_after == 0) {
		hang(session);
		return !fail(error, NW_SESSION_ERROR_CANCELLED);
	}
	fake->cut_after -= fake->cut_after > 0;
	fake->hang_after -= fake->hang_after > 0;
	return FALSE;
}

static GString *text_of(const struct fake_article *article,
			gboolean headers_only)
{
	const char *body;

	if (!article)
		return NULL;
	body = strstr(article->text, "\n\n");
	return headers_only && body ? g_string_new_len(article->text,
						       body + 1 - article->text)
				    : g_string_new(article->text);
}

gboolean nw_session_articles(struct nw_session *session, const GArray *numbers,
			     gboolean headers_only, nw_session_article_fn *each,
			     gpointer data, GError **error)
{
	guint i;

	if (!ask(session, error, "%s %u", headers_only ? "heads" : "articles",
		 numbers->len))
		return FALSE;
	for (i = 0; i < numbers->len; i++) {
		guint32 number = g_array_index(numbers, guint32, i);

		if (ends(session, error))
			return FALSE;
		if (!each(number,
			  text_of(find(session->selected, number),
				  headers_only),
			  data, error)) {
			session->broken = TRUE;
			return FALSE;
		}
	}
	return TRUE;
}

char *nw_session_subscribe(struct nw_session *session, const char *url,
			   GError **error)
{
	if (!ask(session, error, "subscribe %s", url))
		return NULL;
	if (strstr(url, "refused")) {
		(void)fail(error, NW_SESSION_ERROR_REFUSED);
		return NULL;
	}
	return g_strdup("org.example.fed");
}

gboolean nw_session_unsubscribe(struct nw_session *session, const char *group,
				GError **error)
{
	return ask(session, error, "unsubscribe %s", group);
}

char *nw_session_history(struct nw_session *session, const char *message_id,
			 GError **error)
{
	return ask(session, error, "history %s", message_id)
		       ? g_strdup("A history.\n")
		       : NULL;
}
