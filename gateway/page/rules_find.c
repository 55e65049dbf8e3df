/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one place in page/ that reads files.  A name is made of a host, which
 * is hostile: only one of letters, digits, hyphens and dots between labels
 * becomes a name, so it cannot lead out of its folder.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "rules_private.h"

#define HOST_BYTES 253		/* RFC 1035 section 2.3.4 */

int nw_rules_read(struct nw_arena *arena, const char *path,
		  struct nw_rules **rules_r, struct nw_rules_report *report,
		  struct nw_error *err)
{
	const char *slash = strrchr(path, '/');
	FILE *file = fopen(path, "re");
	struct nw_buf text;
	char bytes[4096];
	size_t len;
	int result = 0;

	if (!file)
		return nw_error_errno(err, "%s", path);
	nw_buf_init(&text, NW_RULES_FILE_BYTES);
	while (nw_buf_ok(&text) &&
	       (len = fread(bytes, 1, sizeof(bytes), file)) > 0)
		nw_buf_add(&text, bytes, len);
	if (ferror(file))
		result = nw_error_errno(err, "%s", path);
	else if (!nw_buf_ok(&text))
		result = nw_error_set(err, NW_ERROR_REFUSED,
				      "%s: has more than %u bytes", path,
				      NW_RULES_FILE_BYTES);
	else
		*rules_r = nw_rules_parse(arena, slash ? slash + 1 : path,
					  text.data, text.len, report);
	(void)fclose(file);
	nw_buf_free(&text);
	return result;
}

/* RFC 1123 section 2.1. */
static bool is_host(const char *host)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "0123456789-";
	size_t len;

	if (strlen(host) > HOST_BYTES)
		return false;
	for (; (len = strspn(host, letters)); host++) {
		host += len;
		if (*host != '.')
			break;
	}
	return len && !*host;
}

/* 1, 0 when no folder has the file, -1. */
static int read_first(struct nw_arena *arena, const char *const *folders,
		      size_t folder_count, const char *name,
		      struct nw_rules **rules_r, struct nw_error *err)
{
	size_t i;

	for (i = 0; i < folder_count; i++) {
		const char *path = nw_arena_printf(arena, "%s/%s.txt",
						   folders[i], name);

		if (nw_rules_read(arena, path, rules_r, NULL, err) == 0)
			return 1;
		if (err->code != NW_ERROR_MISSING)
			return -1;
	}
	return 0;
}

int nw_rules_find(struct nw_arena *arena, const char *const *folders,
		  size_t folder_count, const char *url,
		  const struct nw_rules **rules_r, struct nw_error *err)
{
	struct nw_rules *rules = NULL;
	struct nw_error why;
	struct nw_url parts;
	const char *name;
	unsigned tries;
	int found;

	if (!folder_count || !url || nw_url_split(arena, url, &parts) < 0 ||
	    !parts.host || !is_host(parts.host))
		return 0;
	name = parts.host;
	found = read_first(arena, folders, folder_count, name, &rules, &why);
	if (!found && !strncmp(name, "www.", 4)) {
		name += 4;
		found = read_first(arena, folders, folder_count, name, &rules,
				   &why);
	}
	/* A domain of one label is everybody's. */
	for (tries = 0; !found && tries < NW_RULES_DOMAINS &&
			(name = strchr(name + 1, '.')) && strchr(name + 1, '.');
	     tries++)
		found = read_first(arena, folders, folder_count, name, &rules,
				   &why);
	if (found < 0 && err)
		*err = why;
	if (found > 0)
		*rules_r = rules;
	return found;
}
