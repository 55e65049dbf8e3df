/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Claws Mail puts a message below the one that it names, if that is in the
 * folder.  An article that takes the place of an earlier one has another
 * Message-ID, while its follow-ups go on naming the first: their thread would
 * fall apart when its root is replaced.  So to Claws Mail, and nowhere else, it
 * has the name of the first, which newswire's names tell: <s.HASH@domain> is
 * the first version of <s.HASH.REVISION@domain>.
 */
#include "config.h"

#include "claws.h"

#include <string.h>

#include <common/file-utils.h>

#include "folder_private.h"

#define HEAD_BYTES 16384
#define HASH "abcdefghijklmnopqrstuvwxyz234567"

/* NULL when the name is not that of a later version. */
static char *first_name(const char *id)
{
	const char *at = id ? strchr(id, '@') : NULL, *end;

	if (!at || (id[0] != 's' && id[0] != 'u') || id[1] != '.')
		return NULL;
	end = id + 2 + strspn(id + 2, HASH);
	if (end == id + 2 || *end != '.')
		return NULL;
	return g_strdup_printf("%.*s%s", (int)(end - id), id, at);
}

/* A later version may also be a follow-up to the first, which is there. */
static gboolean supersedes(const char *path)
{
	char head[HEAD_BYTES + 1], *end, *line;
	FILE *file = claws_fopen(path, "rb");
	gboolean found = FALSE;
	size_t len;

	if (!file)
		return FALSE;
	len = claws_fread(head, 1, HEAD_BYTES, file);
	(void)claws_fclose(file);
	head[len] = '\0';
	end = strstr(head, "\n\n");
	if (end)
		*end = '\0';
	for (line = head; line && !found; line = strchr(line, '\n')) {
		line += *line == '\n';
		found = g_ascii_strncasecmp(line, "Supersedes:", 11) == 0;
	}
	return found;
}

static void leave_out(GSList **references, const char *id)
{
	GSList *at, *next;

	for (at = *references; at; at = next) {
		next = at->next;
		if (g_strcmp0(at->data, id) != 0)
			continue;
		g_free(at->data);
		*references = g_slist_delete_link(*references, at);
	}
}

/* A root names its first version too, and would be below itself. */
void nw_folder_name_as_first(MsgInfo *info, const char *path)
{
	char *first = first_name(info->msgid);

	if (!first || !supersedes(path)) {
		g_free(first);
		return;
	}
	g_free(info->msgid);
	info->msgid = first;
	if (g_strcmp0(info->inreplyto, first) == 0)
		g_clear_pointer(&info->inreplyto, g_free);
	leave_out(&info->references, first);
}
