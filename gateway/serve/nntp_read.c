/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/nntp_server.h"
#include "newswire/wire.h"

#include "nntp_private.h"

/* The part of an article that a command sends, and what ends it. */
struct part {
	size_t offset, stop;
	const char *end;
};

static struct part part_of(enum nw_nntp_code code,
			   const struct nw_stored_article *article)
{
	/* The wire form has the terminator; a head needs its own. */
	struct part whole = { 0, article->wire_len, "" };
	struct part head = { 0, article->head_len, ".\r\n" };
	struct part body = { article->head_len + 2, article->wire_len, "" };

	return code == NW_NNTP_HEAD ? head
	     : code == NW_NNTP_BODY ? body
				    : whole;
}

/* nw_nntp_reply() with "%d %s" takes longer than to find the article. */
static void reply_status(struct nw_nntp_session *session,
			 enum nw_nntp_code code,
			 const struct nw_stored_article *article)
{
	char text[3 + 1 + 20 + 1], *at = text + sizeof(text);
	int64_t number = article->number;
	int status = (int)code;

	*--at = ' ';
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	*--at = ' ';
	do
		*--at = (char)('0' + status % 10);
	while (status /= 10);
	nw_buf_add(session->reply, at, (size_t)(text + sizeof(text) - at));
	nw_buf_adds(session->reply, article->message_id);
	nw_buf_add(session->reply, "\r\n", 2);
}

static size_t room(const struct nw_nntp_session *session)
{
	size_t len = session->reply->len;

	return len < NW_NNTP_OUTPUT_BYTES ? NW_NNTP_OUTPUT_BYTES - len : 0;
}

/*
 * The next piece of an article that is larger than what may be queued for
 * one client.  It is found again in each turn, so that its size costs no
 * memory however many slow clients ask for it.
 */
static int more_article(struct nw_nntp_session *session,
			struct nw_nntp_job *job, struct nw_error *err)
{
	struct nw_stored_article article;
	size_t piece = job->stop - job->offset;
	int found = nw_group_article_by_id(session->server->store, job->text,
					   &article, err);

	if (found < 0)
		return -1;
	/* Xref grows when the article gets a number in one more group. */
	if (!found || article.wire_len != job->wire_len)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "%s changed while it was sent", job->text);
	if (piece > room(session))
		piece = room(session);
	nw_buf_add(session->reply, article.wire + job->offset, piece);
	job->offset += piece;
	return job->offset < job->stop;
}

static int send_part(struct nw_nntp_session *session,
		     const struct nw_stored_article *article,
		     const struct part *part, struct nw_error *err)
{
	struct nw_nntp_job job = { .more = more_article };
	size_t len = strlen(article->message_id);

	if (part->stop - part->offset <= room(session)) {
		nw_buf_add(session->reply, article->wire + part->offset,
			   part->stop - part->offset);
		nw_buf_adds(session->reply, part->end);
		return 0;
	}
	if (len >= sizeof(job.text))
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "a Message-ID of %zu octets is stored",
				    len);
	memcpy(job.text, article->message_id, len + 1);
	job.offset = part->offset;
	job.stop = part->stop;
	job.wire_len = article->wire_len;
	job.end = part->end;
	return nw_nntp_long(session, &job, err);
}

static bool may_read(const struct nw_nntp_session *session,
		     const struct nw_stored_article *article)
{
	const char *xref = "";
	size_t len = 0;

	if (session->read)
		(void)nw_wire_header(article->wire, article->head_len, "Xref",
				     &xref, &len);
	return nw_nntp_may_read_xref(session, xref, len);
}

/* The store reads all of an article, also when its head is all that is sent. */
static void charge(struct nw_nntp_session *session,
		   const struct nw_stored_article *article)
{
	session->work += article->wire_len / NW_NNTP_READ_BYTE;
}

int nw_nntp_find_by_id(struct nw_nntp_session *session,
		       const char *message_id,
		       struct nw_stored_article *article_r,
		       struct nw_error *err)
{
	int found;

	if (!nw_nntp_is_message_id(message_id)) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX, "not a message-id");
		return 0;
	}
	found = nw_group_article_by_id(session->server->store, message_id,
				       article_r, err);
	if (found > 0)
		charge(session, article_r);
	if (found > 0 && !may_read(session, article_r))
		found = 0;
	if (found == 0)
		nw_nntp_reply(session, NW_NNTP_NO_SUCH_ID,
			      "no article has this message-id");
	return found;
}

static int reply_none(struct nw_nntp_session *session, bool current)
{
	if (current)
		nw_nntp_reply(session, NW_NNTP_NO_CURRENT,
			      "the current article is gone");
	else
		nw_nntp_reply(session, NW_NNTP_NO_SUCH_NUMBER,
			      "no article has this number");
	return 0;
}

static int find_by_number(struct nw_nntp_session *session, const char *text,
			  bool stat, struct nw_stored_article *article_r,
			  struct nw_error *err)
{
	struct nw_store *store = session->server->store;
	struct nw_nntp_range range;
	int found;

	if (text && strchr(text, '-')) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX, "a range, not one");
		return 0;
	}
	if (!nw_nntp_target(session, text, &range))
		return 0;
	if (stat)
		found = nw_group_stat(store, session->group_id, range.first,
				      NW_GROUP_AT, &article_r->number,
				      &article_r->message_id, err);
	else
		found = nw_group_article(store, session->group_id,
					 range.first, article_r, err);
	if (found > 0 && !stat)
		charge(session, article_r);
	if (found == 0)
		return reply_none(session, !text);
	if (found > 0)
		session->current = range.first;
	return found;
}

int nw_nntp_article(struct nw_nntp_session *session,
		    const struct nw_nntp_command *command, char *const *words,
		    struct nw_error *err)
{
	bool stat = command->code == NW_NNTP_STAT;
	struct nw_stored_article article;
	struct part part;
	int found;

	if (words[0] && words[0][0] == '<')
		found = nw_nntp_find_by_id(session, words[0], &article, err);
	else
		found = find_by_number(session, words[0], stat, &article, err);
	if (found <= 0)
		return found;
	reply_status(session, command->code, &article);
	if (stat)
		return 0;
	part = part_of(command->code, &article);
	return send_part(session, &article, &part, err);
}
