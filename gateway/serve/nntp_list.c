/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "newswire/nntp_server.h"
#include "newswire/wildmat.h"

#include "nntp_private.h"

/* "y" or "n": whether it takes posts (RFC 3977 section 7.6.3). */
static void line_active(struct nw_buf *out, const struct nw_group *group,
			char status)
{
	nw_buf_addf(out, "%s %" PRId64 " %" PRId64 " %c\r\n", group->name,
		    group->high, group->low, status);
}

static void line_active_times(struct nw_buf *out, const struct nw_group *group,
			      char status)
{
	(void)status;
	nw_buf_addf(out, "%s %" PRId64 " " PACKAGE_NAME "\r\n", group->name,
		    group->created_utc);
}

/* RFC 6048 section 2.2 */
static void line_counts(struct nw_buf *out, const struct nw_group *group,
			char status)
{
	nw_buf_addf(out, "%s %" PRId64 " %" PRId64 " %" PRId64 " %c\r\n",
		    group->name, group->high, group->low, group->count,
		    status);
}

/* A group without a description may be left out (RFC 3977 section 7.6.6). */
static void line_newsgroups(struct nw_buf *out, const struct nw_group *group,
			    char status)
{
	(void)status;
	if (group->description[0])
		nw_buf_addf(out, "%s\t%s\r\n", group->name,
			    group->description);
}

/* The names of RFC 2980, which RFC 3977 section 8.4.2 allows: old clients do
 * without overviews when they see ":bytes". */
static const char overview_fmt[] =
	"Subject:\r\nFrom:\r\nDate:\r\nMessage-ID:\r\nReferences:\r\n"
	"Bytes:\r\nLines:\r\nXref:full\r\n";

/* ":" stands for all headers (RFC 3977 section 8.6.2). */
static const char headers[] = ":\r\n:bytes\r\n:lines\r\n";
static const char *const headers_arguments[] = { "MSGID", "RANGE", NULL };

/* A keyword of LIST: a line for each group, or a text; or neither, when it is a
 * known keyword for what we do not have. */
struct list {
	const char *keyword;
	void (*line)(struct nw_buf *out, const struct nw_group *group,
		     char status);
	const char *text;
	const char *const *arguments;
};

/* RFC 3977 section 7.6, RFC 6048 section 2 */
static const struct list lists[] = {
	{ "ACTIVE", line_active, NULL, NULL },
	{ "ACTIVE.TIMES", line_active_times, NULL, NULL },
	{ "COUNTS", line_counts, NULL, NULL },
	{ "HEADERS", NULL, headers, headers_arguments },
	{ "NEWSGROUPS", line_newsgroups, NULL, NULL },
	{ "OVERVIEW.FMT", NULL, overview_fmt, NULL },
	{ "DISTRIB.PATS", NULL, NULL, NULL },
	{ "DISTRIBUTIONS", NULL, NULL, NULL },
	{ "MODERATORS", NULL, NULL, NULL },
	{ "MOTD", NULL, NULL, NULL },
	{ "SUBSCRIPTIONS", NULL, NULL, NULL },
};

#define LISTS (sizeof(lists) / sizeof(lists[0]))

void nw_nntp_list_words(const struct nw_nntp_session *session,
			struct nw_buf *out)
{
	size_t i;

	(void)session;
	for (i = 0; i < LISTS; i++)
		if (lists[i].line || lists[i].text)
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

/* Goes on from the group job->after, for as many groups as a turn allows. */
static int more_groups(struct nw_nntp_session *session,
		       struct nw_nntp_job *job, struct nw_error *err)
{
	struct nw_buf *out = session->reply;
	size_t stop = out->len + NW_NNTP_PIECE_BYTES, work = 0;
	struct nw_group group;
	int found;

	while (out->len + work < stop) {
		found = nw_group_after(session->server->store, job->after,
				       &group, err);
		if (found <= 0)
			return found;
		memcpy(job->after, group.name, sizeof(job->after));
		work += NW_NNTP_LOOK_BYTES;
		session->work += NW_NNTP_LOOK_BYTES;
		if (group.created_utc >= job->since_utc &&
		    (!job->text[0] || nw_wildmat(job->text, group.name)) &&
		    nw_nntp_may_read(session, group.name))
			job->line(out, &group,
				  nw_nntp_post_status(session, group.name));
	}
	return 1;
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

int nw_nntp_list(struct nw_nntp_session *session,
		 const struct nw_nntp_command *command, char *const *words,
		 struct nw_error *err)
{
	const struct list *list = words[0] ? find(words[0]) : &lists[0];
	const char *argument = words[0] ? words[1] : NULL;
	struct nw_nntp_job job = { .more = more_groups, .end = ".\r\n",
				   .since_utc = INT64_MIN };

	if (!list || !argument_fits(list, argument)) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX,
			      "unknown keyword or argument");
		return 0;
	}
	if (!list->line && !list->text) {
		nw_nntp_reply(session, NW_NNTP_UNSUPPORTED,
			      "no such list is kept here");
		return 0;
	}
	nw_nntp_reply(session, command->code, "list follows");
	if (list->text) {
		nw_buf_adds(session->reply, list->text);
		nw_buf_adds(session->reply, job.end);
		return 0;
	}
	job.line = list->line;
	/* No line is as long as job.text. */
	if (argument)
		memcpy(job.text, argument, strlen(argument) + 1);
	return nw_nntp_long(session, &job, err);
}

int nw_nntp_newgroups(struct nw_nntp_session *session,
		      const struct nw_nntp_command *command,
		      char *const *words, struct nw_error *err)
{
	struct nw_nntp_job job = { .more = more_groups, .end = ".\r\n",
				   .line = line_active };

	if (!nw_nntp_date(words[0], words[1], session->server->options.now(),
			  &job.since_utc) ||
	    (words[2] && strcasecmp(words[2], "GMT"))) {
		nw_nntp_reply_syntax(session, command);
		return 0;
	}
	nw_nntp_reply(session, command->code, "new newsgroups follow");
	return nw_nntp_long(session, &job, err);
}
