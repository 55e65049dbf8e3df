/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/config.h"
#include "newswire/nntp_server.h"
#include "newswire/wildmat.h"
#include "newswire/wire.h"

#include "nntp_private.h"

static const struct nw_config_user *
find_user(const struct nw_config_access *access, const char *name)
{
	size_t i;

	for (i = 0; i < access->user_count; i++)
		if (!strcmp(access->users[i].name, name))
			return &access->users[i];
	return NULL;
}

/* Whether no pattern takes a group in. */
static bool is_nothing(const char *wildmat)
{
	for (; wildmat && (!*wildmat || *wildmat == '!'); wildmat++) {
		wildmat += strcspn(wildmat, ",");
		if (!*wildmat)
			return true;
	}
	return false;
}

/* Of TLS nobody can say so: a proxy would speak for all the world. */
static bool is_of_this_machine(const struct nw_nntp_session *session)
{
	return nw_nntp_is_private(session) && !nw_nntp_is_tls(session);
}

void nw_nntp_grant(struct nw_nntp_session *session, const char *user)
{
	const struct nw_config_access *access =
		&session->server->options.config->access;
	const struct nw_config_user *rights =
		user ? find_user(access, user) : NULL;

	session->read = session->post = NULL;
	session->manages = rights && rights->manage;
	if (rights) {
		session->read = rights->read;
		session->post = rights->post;
	} else if (!user) {
		session->read = access->read;
		session->post = access->post;
	}
	/* What strangers may post, the operator has to say. */
	if (!user && !session->post && !is_of_this_machine(session))
		session->post = "";
	session->blind = is_nothing(session->read);
	if (session->group_id && !nw_nntp_may_read(session, session->group))
		session->group_id = session->current = 0;
}

bool nw_nntp_may_post(const struct nw_nntp_session *session, const char *group)
{
	return nw_nntp_may_read(session, group) &&
	       (!session->post || nw_wildmat(session->post, group));
}

bool nw_nntp_may_post_somewhere(const struct nw_nntp_session *session)
{
	return !session->blind && !is_nothing(session->post);
}

bool nw_nntp_may_read(const struct nw_nntp_session *session, const char *group)
{
	return !session->read || nw_wildmat(session->read, group);
}

bool nw_nntp_may_read_xref(const struct nw_nntp_session *session,
			   const char *value, size_t len)
{
	const char *at = value, *end = value + len, *word, *colon;
	char group[NW_GROUP_OCTETS + 1];

	if (!session->read)
		return true;
	while ((word = nw_wire_word(&at, end, &len))) {
		colon = memchr(word, ':', len);
		/* The host, or nothing that we wrote. */
		if (!colon || colon - word > NW_GROUP_OCTETS)
			continue;
		memcpy(group, word, (size_t)(colon - word));
		group[colon - word] = '\0';
		if (group[0] && nw_nntp_may_read(session, group))
			return true;
	}
	return false;
}
