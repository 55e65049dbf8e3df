/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The root of a thread that was replaced.  Its followers name the first root,
 * which is gone, and Claws Mail would show each as a thread of its own: so to
 * Claws Mail the new root has the name of the first.
 */
#include "config.h"

#include "claws.h"

#include <stdio.h>
#include <string.h>

#include "folder_private.h"

/* Of a message, this much is searched for the end of its headers. */
#define HEADERS_BYTES 16384

/* "s.HASH.REVISION@DOMAIN" and "s.HASH@DOMAIN" (newswire(1), edits). */
static gboolean is_revision(const char *id, const char *root)
{
	size_t local = strcspn(root, "@");
	const char *at = strchr(id, '@');

	return local && at && strncmp(id, root, local) == 0 &&
	       id[local] == '.' && strcmp(at, root + local) == 0;
}

static gboolean supersedes(const char *path)
{
	char headers[HEADERS_BYTES + 1], *end;
	FILE *file = fopen(path, "rb");
	size_t len;

	if (!file)
		return FALSE;
	len = fread(headers, 1, HEADERS_BYTES, file);
	(void)fclose(file);
	headers[len] = '\0';
	end = strstr(headers, "\n\n");
	if (end)
		*end = '\0';
	return strstr(headers, "\nSupersedes:") != NULL;
}

void nw_folder_stand_in(MsgInfo *info, const char *path)
{
	const GSList *at;
	char *root = NULL;

	for (at = info->references; at && info->msgid && !root; at = at->next)
		if (is_revision(info->msgid, at->data))
			root = g_strdup(at->data);
	if (!root || !supersedes(path)) {
		g_free(root);
		return;
	}
	g_free(info->msgid);
	info->msgid = root;
	g_clear_pointer(&info->inreplyto, g_free);
	g_slist_free_full(info->references, g_free);
	info->references = NULL;
}
