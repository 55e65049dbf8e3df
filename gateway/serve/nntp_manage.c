/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XNEWSWIRE (newswire(1), nntp): a command of newswire, for a client.
 */
#include "config.h"

#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "newswire/nntp_server.h"
#include "newswire/utf8.h"

#include "nntp_errand_private.h"

#define WORDS 4

bool nw_nntp_may_manage(const struct nw_nntp_session *session)
{
	return session->manages && !session->blind &&
	       session->server->options.program;
}

static bool has_scheme(const char *address, const char *scheme)
{
	return !strncasecmp(address, scheme, strlen(scheme));
}

/* One of the web that says so: what else newswire subscribe takes, an option or
 * the name of a group that the client may not even know of, is none. */
static bool is_address(const char *text)
{
	char printable[NW_NNTP_LINE_OCTETS];
	size_t len = strlen(text);

	if (len >= sizeof(printable) ||
	    (!has_scheme(text, "http://") && !has_scheme(text, "https://")))
		return false;
	memcpy(printable, text, len + 1);
	nw_utf8_printable(printable);
	return !strcmp(printable, text);
}

static int check_address(struct nw_nntp_session *session, const char *address,
			 struct nw_error *err)
{
	(void)err;
	if (is_address(address))
		return 1;
	nw_nntp_reply(session, NW_NNTP_SYNTAX, "not a web address");
	return 0;
}

static int check_group(struct nw_nntp_session *session, const char *name,
		       struct nw_error *err)
{
	struct nw_group group;
	int found = nw_group_find(session->server->store, name, &group, err);

	if (found > 0 && nw_nntp_may_read(session, group.name))
		return 1;
	if (found >= 0)
		nw_nntp_reply(session, NW_NNTP_NO_SUCH_GROUP,
			      "no such newsgroup for you");
	return found < 0 ? -1 : 0;
}

static int reply_unknown(struct nw_nntp_session *session)
{
	nw_nntp_reply(session, NW_NNTP_NO_SUCH_ID,
		      "no story is known by this message-id");
	return 0;
}

struct search {
	const struct nw_nntp_session *session;
	bool found;
};

static bool look_for_open(void *context, const struct nw_group *group)
{
	struct search *search = context;

	search->found = nw_nntp_may_read(search->session, group->name);
	return !search->found;
}

/* In a group that the client may read, it could have read all of the story. */
static int check_message_id(struct nw_nntp_session *session, const char *id,
			    struct nw_error *err)
{
	struct search search = { session, !session->read };

	if (!nw_nntp_is_message_id(id)) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX, "not a message-id");
		return 0;
	}
	if (!search.found &&
	    nw_group_each_of_story(session->server->store, id, look_for_open,
				   &search, err) < 0)
		return -1;
	return search.found ? 1 : reply_unknown(session);
}

static void log_done(const struct nw_nntp_session *session, const char *group,
		     const char *what)
{
	char text[NW_NET_TEXT_BYTES];
	const char *from = nw_nntp_origin_text(&session->origin, text);

	nw_log(session->server->options.log, NW_LOG_INFO, "serve", group,
	       "%s by %s%s%s", what, nw_nntp_user(session),
	       from ? " from " : "", from ? from : "");
}

static int fail(struct nw_nntp_session *session, const char *why)
{
	struct nw_error err;

	(void)nw_error_set(&err, NW_ERROR_INTERNAL, "%s", why);
	nw_nntp_fault(session->server, "XNEWSWIRE", &err);
	nw_nntp_reply(session, NW_NNTP_FAULT,
		      "it cannot be done now; try again later");
	return 0;
}

/* The first word of what was printed is the group.  That one is closed to the
 * client is said alike of one that was there and of one that is new. */
static int reply_subscribed(struct nw_nntp_session *session,
			    struct nw_nntp_job *job)
{
	char *line = session->errand->output.data;
	char *end = line + strcspn(line, "\t\r\n");

	(void)job;
	if (*end != '\t' || end == line || end - line > NW_GROUP_OCTETS)
		return fail(session, "subscribe printed no group");
	*end = '\0';
	log_done(session, line, "subscribed to");
	if (nw_nntp_may_read(session, line))
		nw_nntp_reply(session, NW_NNTP_SUBSCRIBED, "%s subscribed",
			      line);
	else
		nw_nntp_reply(session, NW_NNTP_NOT_MANAGED,
			      "it feeds a newsgroup that you may not read");
	return 0;
}

static int reply_unsubscribed(struct nw_nntp_session *session,
			      struct nw_nntp_job *job)
{
	log_done(session, job->text, "unsubscribed");
	nw_nntp_reply(session, NW_NNTP_UNSUBSCRIBED, "%s unsubscribed",
		      job->text);
	return 0;
}

/* The next piece of it. */
static int reply_history(struct nw_nntp_session *session,
			 struct nw_nntp_job *job)
{
	const struct nw_buf *text = &session->errand->output;
	const char *line, *end;
	size_t left, len;

	if (!job->made)
		nw_nntp_reply(session, NW_NNTP_HISTORY, "history follows");
	job->end = ".\r\n";
	while (job->offset < text->len) {
		if (session->reply->len >= NW_NNTP_PIECE_BYTES)
			return 1;
		line = text->data + job->offset;
		left = text->len - job->offset;
		end = memchr(line, '\n', left);
		len = end ? (size_t)(end - line) : left;
		nw_nntp_add_line(session->reply, line, len);
		job->offset += len + (end ? 1 : 0);
	}
	return 0;
}

static const struct action {
	const char *keyword;
	const char *words[WORDS]; /* of the command line, before the argument */
	/* Whether the argument will do; 0: the client was told why not. */
	int (*check)(struct nw_nntp_session *session, const char *argument,
		     struct nw_error *err);
	/* Says what came of it; 1: there is more to say. */
	int (*reply)(struct nw_nntp_session *session, struct nw_nntp_job *job);
	bool writes;
} actions[] = {
	{ "SUBSCRIBE", { "subscribe", "--again", "--limited", "--" },
	  check_address, reply_subscribed, true },
	{ "UNSUBSCRIBE", { "unsubscribe", "--" }, check_group,
	  reply_unsubscribed, true },
	{ "HISTORY", { "history", "--" }, check_message_id, reply_history,
	  false },
};
#define ACTIONS (sizeof(actions) / sizeof(actions[0]))

static const struct action *find_action(const char *keyword)
{
	size_t i;

	for (i = 0; i < ACTIONS; i++)
		if (!strcasecmp(actions[i].keyword, keyword))
			return &actions[i];
	return NULL;
}

/* What is the matter here, and not with what was asked for. */
static bool is_own_fault(int code)
{
	return code == EX_IOERR || code == EX_SOFTWARE || code == EX_OSERR ||
	       code == EX_CONFIG || code == EX_TEMPFAIL;
}

/* A path is this machine's business, and no client's.  In a URL, what stands
 * before a slash is a part of it. */
static bool names_path(const char *reason)
{
	const char *slash = strchr(reason, '/');

	while (slash && slash != reason && !strchr(" (\"'", slash[-1]))
		slash = strchr(slash + 1, '/');
	return slash;
}

static int reply_failed(struct nw_nntp_session *session,
			const struct action *action)
{
	struct nw_nntp_errand *errand = session->errand;
	const char *reason = nw_nntp_errand_reason(errand);

	if (errand->end == NW_NNTP_ERRAND_LATE)
		reason = "it took too long";
	else if (errand->end == NW_NNTP_ERRAND_LARGE)
		reason = "it is larger than this server sends";
	else if (errand->end != NW_NNTP_ERRAND_ENDED)
		return fail(session, "newswire was killed");
	else if (is_own_fault(errand->code) || names_path(reason))
		return fail(session, reason);
	else if (errand->code == EX_NOINPUT && !action->writes)
		return reply_unknown(session);
	nw_nntp_reply(session, NW_NNTP_NOT_MANAGED, "%s", reason);
	return 0;
}

/* What came of it, when it is known. */
static int more_outcome(struct nw_nntp_session *session,
			struct nw_nntp_job *job, struct nw_error *err)
{
	const struct action *action = &actions[job->next];
	const struct nw_nntp_errand *errand = session->errand;
	int more;

	(void)err;
	if (errand->end == NW_NNTP_ERRAND_RUNS)
		return 1;
	if (errand->end == NW_NNTP_ERRAND_ENDED && errand->code == EX_OK)
		more = action->reply(session, job);
	else
		more = reply_failed(session, action);
	/* Commands behind it see what was written. */
	if (action->writes)
		nw_nntp_turn_over(session->server);
	if (!more)
		nw_nntp_errand_drop(session);
	return more;
}

static int begin(struct nw_nntp_session *session, const struct action *action,
		 const char *argument, struct nw_error *err)
{
	struct nw_nntp_job job = { .more = more_outcome, .end = "",
				   .next = action - actions };
	const char *words[WORDS + 2] = { NULL };
	size_t count;

	for (count = 0; count < WORDS && action->words[count]; count++)
		words[count] = action->words[count];
	words[count] = argument;
	if (nw_nntp_errand_begin(session, words, err) < 0) {
		if (err->code != NW_ERROR_BUSY)
			return fail(session, err->text);
		nw_nntp_reply(session, NW_NNTP_FAULT, "%s", err->text);
		return 0;
	}
	memcpy(job.text, argument, strlen(argument) + 1);
	if (nw_nntp_long(session, &job, err) < 0) {
		nw_nntp_errand_drop(session);
		return -1;
	}
	nw_nntp_wait(session);
	return 0;
}

int nw_nntp_xnewswire(struct nw_nntp_session *session,
		      const struct nw_nntp_command *command,
		      char *const *words, struct nw_error *err)
{
	const struct action *action = find_action(words[0]);
	int usable;

	if (!action) {
		nw_nntp_reply_syntax(session, command);
		return 0;
	}
	if (!nw_nntp_may_manage(session)) {
		if (nw_nntp_may_login(session))
			nw_nntp_reply(session, NW_NNTP_LOGIN_FIRST,
				      "this is not for you without a "
				      "password");
		else
			nw_nntp_reply(session, NW_NNTP_DENIED,
				      "this is not for you");
		return 0;
	}
	usable = action->check(session, words[1], err);
	return usable > 0 ? begin(session, action, words[1], err) : usable;
}
