/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/nntp_server.h"
#include "newswire/wildmat.h"

#include "nntp_private.h"

bool nw_nntp_may_read(const struct nw_nntp_session *session, const char *group)
{
	return !session->read || nw_wildmat(session->read, group);
}

/* The next "newsgroup:number" of an Xref header: its newsgroup. */
static bool next_group(const char **at, const char *end,
		       char group[NW_GROUP_OCTETS + 1])
{
	static const char white[] = " \t\r\n";
	const char *word = *at, *colon;

	while (word < end && strchr(white, *word))
		word++;
	for (*at = word; *at < end && !strchr(white, **at); (*at)++)
		;
	colon = memchr(word, ':', (size_t)(*at - word));
	if (!colon || colon - word > NW_GROUP_OCTETS)
		colon = word;	/* the host, or nothing that we wrote */
	memcpy(group, word, (size_t)(colon - word));
	group[colon - word] = '\0';
	return word < end;
}

bool nw_nntp_may_read_xref(const struct nw_nntp_session *session,
			   const char *value, size_t len)
{
	const char *at = value, *end = value + len;
	char group[NW_GROUP_OCTETS + 1];

	if (!session->read)
		return true;
	while (next_group(&at, end, group))
		if (group[0] && nw_nntp_may_read(session, group))
			return true;
	return false;
}
