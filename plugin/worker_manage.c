/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs that change what is subscribed to, and histories: by the program
 * newswire on this computer, by XNEWSWIRE elsewhere.
 */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "opml.h"
#include "program.h"
#include "worker.h"
#include "worker_private.h"

#define OPTIONS_MAX 8
#define READING	    N_("Looking at the web address")

static gboolean is_local(const struct nw_work *work)
{
	return nw_gateway_is_local(work->worker->gateway);
}

/* "newswire COMMAND -- TEXT". */
static char *run_on_text(const struct nw_work *work, const char *command,
			 const char *text, GError **error)
{
	const char *const arguments[] = { "--quiet", command, "--", text,
					  NULL };

	return nw_program_run(arguments, work->worker->cancel, error);
}

static gboolean subscribe_there(struct nw_session *session,
				const struct nw_work *work, GError **error)
{
	work->done->text =
		nw_session_subscribe(session, work->job->text, error);
	return work->done->text != NULL;
}

static void add_subscribed(GPtrArray *groups, const char *name,
			   const char *description)
{
	struct nw_session_group *group = nw_worker_group(name, description);

	group->by_address = TRUE;
	g_ptr_array_add(groups, group);
}

/* Claws Mail shows the pictures of a message between its paragraphs when that
 * is how the message is made, and only the text of any other. */
#define LAYOUT "--layout", "mixed"

/* What is subscribed to already is no failure to the user.  It is told in a
 * line "GROUP TAB KIND TAB URL TAB NAME". */
static gboolean subscribe_here(const struct nw_work *work, GError **error)
{
	const char *const arguments[] = { "--quiet", "subscribe", "--again",
					  LAYOUT, "--", work->job->text, NULL };
	char *said = nw_worker_run(work, _(READING), arguments, error);
	char **fields;

	if (!said)
		return FALSE;
	fields = g_strsplit(g_strchomp(said), "\t", 4);
	work->done->text = g_strdup(fields[0] ? fields[0] : "");
	work->done->groups = nw_worker_groups_new();
	if (g_strv_length(fields) == 4)
		add_subscribed(work->done->groups, fields[0], fields[3]);
	g_strfreev(fields);
	g_free(said);
	return TRUE;
}

gboolean nw_work_subscribe(const struct nw_work *work, GError **error)
{
	nw_worker_phase(work, _(READING));
	if (!is_local(work))
		return nw_worker_in_session(work, subscribe_there, error);
	work->done->may_manage = TRUE;
	return subscribe_here(work, error);
}

static gboolean unsubscribe_there(struct nw_session *session,
				  const struct nw_work *work, GError **error)
{
	return nw_session_unsubscribe(session, work->job->text, error);
}

gboolean nw_work_unsubscribe(const struct nw_work *work, GError **error)
{
	char *said;

	nw_worker_phase(work, _("Unsubscribing"));
	if (!is_local(work))
		return nw_worker_in_session(work, unsubscribe_there, error);
	work->done->may_manage = TRUE;
	work->worker->left++;
	said = run_on_text(work, "unsubscribe", work->job->text, error);
	g_free(said);
	return said != NULL;
}

gboolean nw_work_change(const struct nw_work *work, GError **error)
{
	const struct nw_job *job = work->job;
	const char *arguments[OPTIONS_MAX + 1] = { "--quiet", "subscribe" };
	guint n = 2;
	char *said;

	if (!is_local(work)) {
		g_set_error_literal(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_REFUSED,
				    _("Pictures and edits are chosen at the "
				      "gateway."));
		return FALSE;
	}
	work->done->may_manage = TRUE;
	if (job->images) {
		arguments[n++] = "--images";
		arguments[n++] = job->images;
	}
	if (job->edits) {
		arguments[n++] = "--edits";
		arguments[n++] = job->edits;
	}
	if (n == 2)
		return TRUE;
	arguments[n++] = "--";
	arguments[n++] = job->text;
	said = nw_program_run(arguments, work->worker->cancel, error);
	g_free(said);
	return said != NULL;
}

static gboolean history_there(struct nw_session *session,
			      const struct nw_work *work, GError **error)
{
	work->done->text = nw_session_history(session, work->job->text, error);
	return work->done->text != NULL;
}

gboolean nw_work_history(const struct nw_work *work, GError **error)
{
	nw_worker_phase(work, _("Reading the history of the story"));
	if (!is_local(work))
		return nw_worker_in_session(work, history_there, error);
	work->done->may_manage = TRUE;
	work->done->text = run_on_text(work, "history", work->job->text, error);
	return work->done->text != NULL;
}

/* The group of nntp://HOST[:PORT]/GROUP (RFC 5538) when that is this gateway;
 * NULL (free with g_free). */
static char *group_here(const struct nw_gateway *gateway, const char *url)
{
	GUri *uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
	const char *path = uri ? g_uri_get_path(uri) : "";
	const char *host = uri ? g_uri_get_host(uri) : NULL;
	char *group = NULL;
	int port = uri ? g_uri_get_port(uri) : -1;

	if (host && g_ascii_strcasecmp(g_uri_get_scheme(uri), "nntp") == 0 &&
	    g_ascii_strcasecmp(host, gateway->host) == 0 &&
	    (port < 0 || port == nw_gateway_port(gateway)) && *path == '/' &&
	    path[1] && !strpbrk(path + 1, "/ \t\r\n"))
		group = g_strdup(path + 1);
	if (uri)
		g_uri_unref(uri);
	return group;
}

static gboolean is_web(const char *url)
{
	return g_ascii_strncasecmp(url, "http", strlen("http")) == 0;
}

/* An address that is refused is passed over, and the first of them tells why
 * (takes why). */
static void refuse(GError **refusal, GError *why)
{
	if (*refusal)
		g_error_free(why);
	else
		*refusal = why;
}

/* FALSE and error when the session is over. */
static gboolean import_address(struct nw_session *session,
			       const struct nw_work *work,
			       const struct nw_opml_outline *outline,
			       GError **refusal, GError **error)
{
	GError *why = NULL;
	char *group;

	if (!nw_session_may_manage(session)) {
		refuse(refusal,
		       g_error_new_literal(NW_SESSION_ERROR,
					   NW_SESSION_ERROR_REFUSED,
					   _("This gateway does not take web "
					     "addresses.")));
		return TRUE;
	}
	group = nw_session_subscribe(session, outline->url, &why);
	if (group)
		add_subscribed(work->done->groups, group, outline->text);
	else if (g_error_matches(why, NW_SESSION_ERROR,
				 NW_SESSION_ERROR_REFUSED))
		refuse(refusal, g_steal_pointer(&why));
	g_free(group);
	if (why)
		g_propagate_error(error, why);
	return !why;
}

static gboolean import_outline(struct nw_session *session,
			       const struct nw_work *work,
			       const struct nw_opml_outline *outline,
			       GError **refusal, GError **error)
{
	char *group = group_here(work->worker->gateway, outline->url);

	if (group)
		g_ptr_array_add(work->done->groups,
				nw_worker_group(group, outline->text));
	g_free(group);
	return group || !is_web(outline->url) ||
	       import_address(session, work, outline, refusal, error);
}

static gboolean import_there(struct nw_session *session,
			     const struct nw_work *work, GError **error)
{
	GPtrArray *outlines = nw_opml_read(work->job->text, error);
	GError *refusal = NULL;
	gboolean goes_on = TRUE;
	guint i;

	if (!outlines)
		return FALSE;
	g_clear_pointer(&work->done->groups, g_ptr_array_unref);
	work->done->groups = nw_worker_groups_new();
	for (i = 0; i < outlines->len && goes_on; i++)
		goes_on = import_outline(session, work, outlines->pdata[i],
					 &refusal, error);
	g_ptr_array_unref(outlines);
	if (!goes_on)
		g_clear_error(&refusal);
	else if (refusal)
		g_propagate_error(error, refusal);
	return goes_on && !refusal;
}

/* What newswire is subscribed to: groups, and how they are described. */
static GHashTable *list_sources(const struct nw_work *work)
{
	const char *const list[] = { "--quiet", "list", NULL };
	GHashTable *sources =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	char *said = nw_program_run(list, work->worker->cancel, NULL);
	char **lines = g_strsplit(said ? said : "", "\n", -1), **line;

	for (line = lines; *line; line++) {
		char **fields = g_strsplit(*line, "\t", 4);

		if (g_strv_length(fields) == 4)
			g_hash_table_insert(sources, g_strdup(fields[0]),
					    g_strdup(fields[3]));
		g_strfreev(fields);
	}
	g_strfreev(lines);
	g_free(said);
	return sources;
}

/* What was not there before is what was imported. */
static GPtrArray *new_groups(const struct nw_work *work, GHashTable *before)
{
	GHashTable *sources = list_sources(work);
	GPtrArray *groups = nw_worker_groups_new();
	gpointer group, name;
	GHashTableIter iter;

	g_hash_table_iter_init(&iter, sources);
	while (g_hash_table_iter_next(&iter, &group, &name))
		if (!g_hash_table_contains(before, group))
			g_ptr_array_add(groups, nw_worker_group(group, name));
	g_hash_table_unref(sources);
	return groups;
}

static gboolean import_here(const struct nw_work *work, GError **error)
{
	GHashTable *before = list_sources(work);
	/* "-" and web addresses mean something else to newswire. */
	char *path = g_canonicalize_filename(work->job->text, NULL);
	const char *const arguments[] = { "--quiet", "import", LAYOUT, "--",
					  path, NULL };
	char *said = nw_program_run(arguments, work->worker->cancel, error);

	work->done->may_manage = TRUE;
	if (said)
		work->done->groups = new_groups(work, before);
	g_hash_table_unref(before);
	g_free(path);
	g_free(said);
	return said != NULL;
}

gboolean nw_work_import(const struct nw_work *work, GError **error)
{
	nw_worker_phase(work, _("Importing subscriptions"));
	if (!is_local(work))
		return nw_worker_in_session(work, import_there, error);
	return import_here(work, error);
}

static struct nw_opml_outline *outline_of(const struct nw_gateway *gateway,
					  const char *group)
{
	struct nw_opml_outline *outline = g_new0(struct nw_opml_outline, 1);
	gboolean is_v6 = strchr(gateway->host, ':') != NULL;
	char *name = g_uri_escape_string(group, NULL, FALSE);

	outline->text = g_strdup(group);
	outline->url = g_strdup_printf("nntp://%s%s%s:%u/%s", is_v6 ? "[" : "",
				       gateway->host, is_v6 ? "]" : "",
				       nw_gateway_port(gateway), name);
	g_free(name);
	return outline;
}

static gboolean export_there(const struct nw_work *work, GError **error)
{
	const GPtrArray *wishes = work->job->wishes;
	GPtrArray *outlines =
		g_ptr_array_new_with_free_func(nw_opml_outline_free);
	gboolean written;
	guint i;

	for (i = 0; i < wishes->len; i++) {
		const struct nw_sync_wish *wish = wishes->pdata[i];

		g_ptr_array_add(outlines,
				outline_of(work->worker->gateway, wish->group));
	}
	written = nw_opml_write(work->job->text, outlines, error);
	g_ptr_array_unref(outlines);
	return written;
}

/* newswire itself does not write over a file; here the user was asked. */
gboolean nw_work_export(const struct nw_work *work, GError **error)
{
	const char *const arguments[] = { "--quiet", "export", NULL };
	gboolean written;
	char *said;

	nw_worker_phase(work, _("Exporting subscriptions"));
	if (!is_local(work))
		return export_there(work, error);
	work->done->may_manage = TRUE;
	said = nw_program_run(arguments, work->worker->cancel, error);
	if (!said)
		return FALSE;
	written = g_file_set_contents_full(work->job->text, said, -1,
					   G_FILE_SET_CONTENTS_CONSISTENT |
						   G_FILE_SET_CONTENTS_DURABLE,
					   0644, error);
	g_free(said);
	return written;
}
