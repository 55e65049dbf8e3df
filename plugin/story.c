/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "story.h"

#include <string.h>

#include "address.h"
#include "agent.h"
#include "i18n.h"
#include "notice.h"
#include "story_window.h"

/* RFC 3977, section 3.6, without the brackets. */
#define MESSAGE_ID_BYTES 248

static struct nw_folder *folder_of(const MsgInfo *info)
{
	return info && info->folder && nw_folder_is_ours(info->folder->folder)
		       ? (struct nw_folder *)info->folder->folder
		       : NULL;
}

static char *page_of(const MsgInfo *info)
{
	char *path, *page;

	if (!folder_of(info))
		return NULL;
	path = folder_item_fetch_msg(info->folder, (gint)info->msgnum);
	if (!path)
		return NULL;
	page = nw_address_of_message(path);
	g_free(path);
	return page;
}

/* The apostrophe may stand in a URL, but ends it in the command that the user
 * has set for the browser. */
static char *quoted(const char *page)
{
	char **parts = g_strsplit(page, "'", -1);
	char *result = g_strjoinv("%27", parts);

	g_strfreev(parts);
	return result;
}

void nw_story_open_page(const MsgInfo *info)
{
	char *page = page_of(info), *uri;

	if (!page) {
		nw_notice_show(_("Newswire: this message does not say which "
				 "page it came from."));
		return;
	}
	uri = quoted(page);
	(void)open_uri(uri, prefs_common_get_uri_cmd());
	g_free(uri);
	g_free(page);
}

/* With its brackets (free with g_free), or NULL: it becomes a part of one
 * line that goes to the gateway. */
static char *message_id(const MsgInfo *info)
{
	const char *id = info->msgid;
	const char *at;

	if (!id || !*id || strlen(id) > MESSAGE_ID_BYTES)
		return NULL;
	for (at = id; *at; at++)
		if (!g_ascii_isgraph(*at) || *at == '<' || *at == '>')
			return NULL;
	return g_strdup_printf("<%s>", id);
}

static void answered(struct nw_folder *folder, const struct nw_report *done,
		     gpointer data)
{
	(void)folder;
	if (done->error)
		nw_story_window_fail(data, done->error->message);
	else
		nw_story_window_show(data, done->text ? done->text : "");
}

static void ask(struct nw_folder *folder, struct nw_story_window *window,
		const char *id)
{
	if (id)
		nw_story_window_wait(window, nw_agent_ask(
			folder, nw_job_new(NW_JOB_HISTORY, id), answered,
			window));
	else
		nw_story_window_fail(window, _("This message has no Message-ID "
					       "by which the gateway could "
					       "know its story."));
}

void nw_story_open_history(const MsgInfo *info)
{
	struct nw_folder *folder = folder_of(info);
	struct nw_story_window *window;
	char *id, *subject;

	if (!folder)
		return;
	id = message_id(info);
	if (id && nw_story_window_present(id)) {
		g_free(id);
		return;
	}
	/* The message may go while the user is asked. */
	subject = g_strdup(info->subject);
	if (nw_agent_may_reach(folder, TRUE)) {
		window = nw_story_window_new(id, subject);
		ask(folder, window, id);
	}
	g_free(subject);
	g_free(id);
}
