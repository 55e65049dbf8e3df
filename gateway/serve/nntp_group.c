/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

bool nw_nntp_target(struct nw_nntp_session *session, const char *text,
		    struct nw_nntp_range *range_r)
{
	if (text && !nw_nntp_range(text, range_r))
		nw_nntp_reply(session, NW_NNTP_SYNTAX,
			      "neither a number, a range nor a message-id");
	else if (!session->group_id)
		nw_nntp_reply(session, NW_NNTP_NO_GROUP,
			      "no newsgroup is selected");
	else if (!text && !session->current)
		nw_nntp_reply(session, NW_NNTP_NO_CURRENT,
			      "no article is current");
	else {
		if (!text)
			range_r->first = range_r->last = session->current;
		return true;
	}
	return false;
}

/* Selects a group and its first article (RFC 3977 section 6.1.1.2). */
static int select_group(struct nw_nntp_session *session,
			const struct nw_group *group, struct nw_error *err)
{
	const char *message_id;
	int64_t number = 0;
	int found = nw_group_stat(session->server->store, group->id, 0,
				  NW_GROUP_NEXT, &number, &message_id, err);

	if (found < 0)
		return -1;
	session->group_id = group->id;
	memcpy(session->group, group->name, sizeof(session->group));
	session->current = found ? number : 0;
	return 0;
}

static void reply_group(struct nw_nntp_session *session,
			const struct nw_nntp_command *command,
			const struct nw_group *group, const char *more)
{
	nw_nntp_reply(session, command->code,
		      "%" PRId64 " %" PRId64 " %" PRId64 " %s%s", group->count,
		      group->low, group->high, group->name, more);
}

/* 1, or 0 after having said that there is none. */
static int find_group(struct nw_nntp_session *session, const char *name,
		      struct nw_group *group_r, struct nw_error *err)
{
	int found;

	/* Whether or not there is one of that name. */
	if (!nw_nntp_may_read(session, name)) {
		nw_nntp_reply(session, nw_nntp_may_login(session)
					       ? NW_NNTP_LOGIN_FIRST
					       : NW_NNTP_NO_SUCH_GROUP,
			      "no such newsgroup for you");
		return 0;
	}
	found = nw_group_find(session->server->store, name, group_r, err);
	if (found == 0)
		nw_nntp_reply(session, NW_NNTP_NO_SUCH_GROUP,
			      "no such newsgroup here");
	return found;
}

int nw_nntp_group(struct nw_nntp_session *session,
		  const struct nw_nntp_command *command, char *const *words,
		  struct nw_error *err)
{
	struct nw_group group;
	int found = find_group(session, words[0], &group, err);

	if (found <= 0)
		return found;
	if (select_group(session, &group, err) < 0)
		return -1;
	reply_group(session, command, &group, "");
	return 0;
}

static int more_numbers(struct nw_nntp_session *session,
			struct nw_nntp_job *job, struct nw_error *err)
{
	return nw_group_numbers(session->server->store, job->group_id,
				&job->next, job->last, NW_NNTP_PIECE_BYTES,
				session->reply, err);
}

int nw_nntp_listgroup(struct nw_nntp_session *session,
		      const struct nw_nntp_command *command,
		      char *const *words, struct nw_error *err)
{
	struct nw_nntp_range range = { 0, INT64_MAX };
	struct nw_nntp_job job = { .more = more_numbers, .end = ".\r\n" };
	struct nw_group group;
	int found;

	if (words[0] && words[1] && !nw_nntp_range(words[1], &range)) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX, "not a range");
		return 0;
	}
	if (!words[0] && !session->group_id) {
		nw_nntp_reply(session, NW_NNTP_NO_GROUP,
			      "no newsgroup is selected");
		return 0;
	}
	found = find_group(session, words[0] ? words[0] : session->group,
			   &group, err);
	if (found <= 0)
		return found;
	if (select_group(session, &group, err) < 0)
		return -1;
	reply_group(session, command, &group, " list follows");
	job.group_id = group.id;
	job.next = range.first;
	job.last = range.last;
	return nw_nntp_long(session, &job, err);
}

/* How NEXT and LAST differ. */
struct step {
	enum nw_group_step step;
	enum nw_nntp_code none;
	const char *text;
};

static int take_step(struct nw_nntp_session *session,
		     const struct nw_nntp_command *command,
		     const struct step *step, struct nw_error *err)
{
	struct nw_nntp_range range;
	const char *message_id;
	int64_t number;
	int found;

	if (!nw_nntp_target(session, NULL, &range))
		return 0;
	found = nw_group_stat(session->server->store, session->group_id,
			      session->current, step->step, &number,
			      &message_id, err);
	if (found < 0)
		return -1;
	if (!found) {
		nw_nntp_reply(session, step->none, "%s", step->text);
		return 0;
	}
	session->current = number;
	nw_nntp_reply(session, command->code, "%" PRId64 " %s", number,
		      message_id);
	return 0;
}

int nw_nntp_next(struct nw_nntp_session *session,
		 const struct nw_nntp_command *command, char *const *words,
		 struct nw_error *err)
{
	static const struct step next = { NW_GROUP_NEXT, NW_NNTP_NO_NEXT,
					  "no article comes after this one" };

	(void)words;
	return take_step(session, command, &next, err);
}

int nw_nntp_last(struct nw_nntp_session *session,
		 const struct nw_nntp_command *command, char *const *words,
		 struct nw_error *err)
{
	static const struct step last = { NW_GROUP_LAST, NW_NNTP_NO_PREVIOUS,
					  "no article comes before this one" };

	(void)words;
	return take_step(session, command, &last, err);
}
