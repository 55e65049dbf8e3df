/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "newswire/config.h"
#include "newswire/nntp_server.h"
#include "newswire/wildmat.h"

#include "nntp_private.h"

/* The status of a group (RFC 3977 section 7.6.3); "n": no local posting. */
static char status_of(const struct nw_nntp_session *session,
		      const struct nw_group *group)
{
	(void)session;
	(void)group;
	return 'n';
}

static void line_active(struct nw_nntp_session *session,
			const struct nw_group *group)
{
	nw_buf_addf(session->reply, "%s %" PRId64 " %" PRId64 " %c\r\n",
		    group->name, group->high, group->low,
		    status_of(session, group));
}

static void line_active_times(struct nw_nntp_session *session,
			      const struct nw_group *group)
{
	nw_buf_addf(session->reply, "%s %" PRId64 " " PACKAGE_NAME "\r\n",
		    group->name, group->created_utc);
}

/* RFC 6048 section 2.2 */
static void line_counts(struct nw_nntp_session *session,
			const struct nw_group *group)
{
	nw_buf_addf(session->reply,
		    "%s %" PRId64 " %" PRId64 " %" PRId64 " %c\r\n",
		    group->name, group->high, group->low, group->count,
		    status_of(session, group));
}

/* A group without a description may be left out (RFC 3977 section 7.6.6). */
static void line_newsgroups(struct nw_nntp_session *session,
			    const struct nw_group *group)
{
	if (group->description[0])
		nw_buf_addf(session->reply, "%s\t%s\r\n", group->name,
			    group->description);
}

/* RFC 6048 section 2.6: groups that new readers may like. */
static void line_subscriptions(struct nw_nntp_session *session,
			       const struct nw_group *group)
{
	const struct nw_config_list *list = nw_nntp_written(
		session, offsetof(struct nw_config, subscriptions));
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (!nw_wildmat(list->values[i], group->name))
			continue;
		nw_buf_addf(session->reply, "%s\r\n", group->name);
		return;
	}
}

/* The names of RFC 2980, which RFC 3977 section 8.4.2 allows: old clients do
 * without overviews when they see ":bytes". */
static const char overview_fmt[] =
	"Subject:\r\nFrom:\r\nDate:\r\nMessage-ID:\r\nReferences:\r\n"
	"Bytes:\r\nLines:\r\nXref:full\r\n";

/* ":" stands for all headers (RFC 3977 section 8.6.2). */
static const char headers[] = ":\r\n:bytes\r\n:lines\r\n";
static const char *const headers_arguments[] = { "MSGID", "RANGE", NULL };

/*
 * A keyword of LIST: a line for each group, a text, or what the operator wrote
 * into a field of the configuration; without it, the list is known but not
 * kept.
 */
struct list {
	const char *keyword;
	void (*line)(struct nw_nntp_session *session,
		     const struct nw_group *group);
	const char *text;
	const char *const *arguments;
	size_t written;		/* 0: does not depend on any */
};

#define WRITTEN(name) offsetof(struct nw_config, name)

/* RFC 3977 section 7.6, RFC 6048 section 2 */
static const struct list lists[] = {
	{ "ACTIVE", line_active, NULL, NULL, 0 },
	{ "ACTIVE.TIMES", line_active_times, NULL, NULL, 0 },
	{ "COUNTS", line_counts, NULL, NULL, 0 },
	{ "DISTRIB.PATS", NULL, NULL, NULL, WRITTEN(distrib_pats) },
	{ "DISTRIBUTIONS", NULL, NULL, NULL, WRITTEN(distributions) },
	{ "HEADERS", NULL, headers, headers_arguments, 0 },
	{ "MODERATORS", NULL, NULL, NULL, WRITTEN(moderators) },
	{ "MOTD", NULL, NULL, NULL, WRITTEN(motd) },
	{ "NEWSGROUPS", line_newsgroups, NULL, NULL, 0 },
	{ "OVERVIEW.FMT", NULL, overview_fmt, NULL, 0 },
	{ "SUBSCRIPTIONS", line_subscriptions, NULL, NULL,
	  WRITTEN(subscriptions) },
};

#define LISTS (sizeof(lists) / sizeof(lists[0]))

static bool is_kept(const struct nw_nntp_session *session,
		    const struct list *list)
{
	return !list->written || nw_nntp_written(session, list->written);
}

void nw_nntp_list_words(const struct nw_nntp_session *session,
			struct nw_buf *out)
{
	size_t i;

	for (i = 0; i < LISTS; i++)
		if (is_kept(session, &lists[i]))
			nw_buf_addf(out, " %s", lists[i].keyword);
}

static const struct list *find(const char *keyword)
{
	size_t i;

	for (i = 0; i < LISTS; i++)
		if (!strcasecmp(lists[i].keyword, keyword))
			return &lists[i];
	return NULL;
}

/* One turn's part of a walk through groups. */
struct walk {
	struct nw_nntp_session *session;
	struct nw_nntp_job *job;
	size_t *work;		/* what is added to it counts as octets … */
	size_t stop;		/* of which this is the end */
};

static bool is_asked_for(const struct walk *walk, const char *name)
{
	const char *wildmat = walk->job->text;

	*walk->work += NW_NNTP_LOOK_BYTES +
		       strlen(wildmat) * strlen(name) / NW_NNTP_MATCHES_BYTE;
	return (!wildmat[0] || nw_wildmat(wildmat, name)) &&
	       nw_nntp_may_read(walk->session, name);
}

static bool add_group(void *context, const struct nw_group *group)
{
	struct walk *walk = context;

	memcpy(walk->job->after, group->name, sizeof(walk->job->after));
	if (is_asked_for(walk, group->name) &&
	    group->created_utc >= walk->job->since_utc)
		walk->job->line(walk->session, group);
	return walk->session->reply->len + *walk->work < walk->stop;
}

/* Goes on from the group job->after, for as many groups as a turn allows. */
static int more_groups(struct nw_nntp_session *session,
		       struct nw_nntp_job *job, struct nw_error *err)
{
	size_t work = 0;
	struct walk walk = { .session = session,
			     .job = job,
			     .work = &work,
			     .stop = session->reply->len +
				     NW_NNTP_PIECE_BYTES };
	char after[sizeof(job->after)];
	int more;

	memcpy(after, job->after, sizeof(after));
	more = nw_group_each(session->server->store, after, add_group, &walk,
			     err);
	session->work += work;
	return more;
}

static bool argument_fits(const struct list *list, const char *argument)
{
	const char *const *one;

	if (list->line || !argument)
		return true;
	for (one = list->arguments; one && *one; one++)
		if (!strcasecmp(*one, argument))
			return true;
	return false;
}

/* Date and time of NEWGROUPS and NEWNEWS; they are GMT whether or not it is
 * said (RFC 3977 section 7.3.2). */
static bool since(const struct nw_nntp_session *session, char *const *words,
		  int64_t *utc_r)
{
	return nw_nntp_date(words[0], words[1],
			    session->server->options.now(), utc_r) &&
	       (!words[2] || !strcasecmp(words[2], "GMT"));
}

/* Many clients ask for one group after the other by its name. */
static int list_group(struct nw_nntp_session *session,
		      const struct nw_nntp_job *job, const char *name,
		      struct nw_error *err)
{
	struct nw_group group;
	int found = nw_group_find(session->server->store, name, &group, err);

	if (found < 0)
		return -1;
	if (found && nw_nntp_may_read(session, group.name))
		job->line(session, &group);
	nw_buf_adds(session->reply, job->end);
	return 0;
}

/* The job begins behind the status line; wildmat: NULL for all groups. */
static int list_groups(struct nw_nntp_session *session,
		       struct nw_nntp_job *job, const char *wildmat,
		       struct nw_error *err)
{
	job->more = more_groups;
	job->end = ".\r\n";
	if (wildmat && !strpbrk(wildmat, "*?,!"))
		return list_group(session, job, wildmat, err);
	/* No line is as long as job->text. */
	if (wildmat)
		memcpy(job->text, wildmat, strlen(wildmat) + 1);
	return nw_nntp_long(session, job, err);
}

int nw_nntp_list(struct nw_nntp_session *session,
		 const struct nw_nntp_command *command, char *const *words,
		 struct nw_error *err)
{
	const struct list *list = words[0] ? find(words[0]) : &lists[0];
	const char *argument = words[0] ? words[1] : NULL;
	struct nw_nntp_job job = { .since_utc = INT64_MIN };

	if (!list || !argument_fits(list, argument)) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX,
			      "unknown keyword or argument");
	} else if (!is_kept(session, list)) {
		nw_nntp_reply(session, NW_NNTP_UNSUPPORTED,
			      "no such list is kept here");
	} else if (list->line) {
		job.line = list->line;
		nw_nntp_reply(session, command->code, "list follows");
		return list_groups(session, &job, argument, err);
	} else if (list->text) {
		nw_nntp_reply(session, command->code, "list follows");
		nw_buf_adds(session->reply, list->text);
		nw_buf_adds(session->reply, ".\r\n");
	} else {
		nw_nntp_reply_written(session, nw_nntp_written(session,
							       list->written));
	}
	return 0;
}

int nw_nntp_xgtitle(struct nw_nntp_session *session,
		    const struct nw_nntp_command *command, char *const *words,
		    struct nw_error *err)
{
	struct nw_nntp_job job = { .since_utc = INT64_MIN,
				   .line = line_newsgroups };

	if (!words[0] && !session->group_id) {
		nw_nntp_reply(session, NW_NNTP_NO_TITLE,
			      "no newsgroup is selected");
		return 0;
	}
	nw_nntp_reply(session, command->code, "list follows");
	return list_groups(session, &job,
			   words[0] ? words[0] : session->group, err);
}

int nw_nntp_newgroups(struct nw_nntp_session *session,
		      const struct nw_nntp_command *command,
		      char *const *words, struct nw_error *err)
{
	struct nw_nntp_job job = { .line = line_active };

	if (!since(session, words, &job.since_utc)) {
		nw_nntp_reply_syntax(session, command);
		return 0;
	}
	nw_nntp_reply(session, command->code, "new newsgroups follow");
	return list_groups(session, &job, NULL, err);
}

static bool is_news(void *context, const char *group)
{
	return is_asked_for(context, group);
}

static int more_news(struct nw_nntp_session *session, struct nw_nntp_job *job,
		     struct nw_error *err)
{
	struct walk walk = { .session = session, .job = job };
	struct nw_news news = { .since_utc = job->since_utc,
				.after_id = job->next,
				.wanted = is_news,
				.context = &walk };
	int more;

	walk.work = &news.work;
	more = nw_group_news(session->server->store, &news,
			     NW_NNTP_PIECE_BYTES, session->reply, err);
	job->since_utc = news.since_utc;
	job->next = news.after_id;
	session->work += news.work;
	return more;
}

int nw_nntp_newnews(struct nw_nntp_session *session,
		    const struct nw_nntp_command *command, char *const *words,
		    struct nw_error *err)
{
	struct nw_nntp_job job = { .more = more_news, .end = ".\r\n" };

	if (!since(session, words + 1, &job.since_utc)) {
		nw_nntp_reply_syntax(session, command);
		return 0;
	}
	memcpy(job.text, words[0], strlen(words[0]) + 1);
	nw_nntp_reply(session, command->code, "new articles follow");
	return nw_nntp_long(session, &job, err);
}
