/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Syncs a group of this computer's newswire into a folder, as the plugin does,
 * and prints what became of it: "added removed low".
 *
 *	groupsync GROUP FOLDER DAYS	0: as long as the gateway; -1: for ever
 */
#include "config.h"

#include <stdio.h>
#include <sysexits.h>

#include "gateway.h"
#include "session.h"
#include "sync.h"

static void finished(const struct nw_sync_outcome *outcome, gpointer data)
{
	(void)printf("%u %u %u\n", outcome->added, outcome->removed,
		     outcome->low);
	*(gboolean *)data = outcome->complete;
}

static void failed(const char *group, const GError *why, gpointer data)
{
	(void)data;
	(void)fprintf(stderr, "groupsync: %s: %s\n", group, why->message);
}

static gboolean sync_all(const GPtrArray *wishes, GError **error)
{
	const struct nw_gateway gateway = { .security = NW_SECURITY_NONE };
	gboolean complete = FALSE;
	const struct nw_sync_calls calls = { .finished = finished,
					     .failed = failed,
					     .data = &complete };
	struct nw_session *session = nw_session_open(&gateway, NULL, error);

	if (session)
		(void)nw_sync_groups(session, wishes, &calls, error);
	nw_session_close(session);
	return complete;
}

int main(int argc, char **argv)
{
	GPtrArray *wishes = g_ptr_array_new_with_free_func(nw_sync_wish_free);
	struct nw_sync_wish *wish;
	GError *error = NULL;
	gboolean complete;

	if (argc != 4)
		return EX_USAGE;
	wish = nw_sync_wish_new(argv[1], argv[2]);
	wish->retention_days = (gint32)g_ascii_strtoll(argv[3], NULL, 10);
	g_ptr_array_add(wishes, wish);
	complete = sync_all(wishes, &error);
	if (error)
		(void)fprintf(stderr, "groupsync: %s\n", error->message);
	g_clear_error(&error);
	g_ptr_array_unref(wishes);
	return complete ? EX_OK : EX_UNAVAILABLE;
}
