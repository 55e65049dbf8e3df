/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/nntp_server.h"
#include "newswire/wildmat.h"
#include "newswire/wire.h"

#include "nntp_private.h"

/* Fields of an overview line, from 0 (RFC 3977 section 8.3.2). */
#define FIELD_BYTES 6
#define FIELD_LINES 7

/* A piece of HDR may have to look into an article for each few octets. */
#define HEADER_PIECE_BYTES (NW_NNTP_PIECE_BYTES / 4)

/* What XPAT may do in one turn: octets of a pattern times octets of headers. */
#define PATTERN_WORK (2u << 20)

static const char list_end[] = ".\r\n";

static int more_overview(struct nw_nntp_session *session,
			 struct nw_nntp_job *job, struct nw_error *err)
{
	return nw_group_overview(session->server->store, job->group_id,
				 &job->next, job->last, NW_NNTP_PIECE_BYTES,
				 session->reply, err);
}

/* What a piece of that is more than as many octets of other lists. */
#define HEADER_WORK (NW_NNTP_PIECE_BYTES / HEADER_PIECE_BYTES - 1)

static int more_header(struct nw_nntp_session *session,
		       struct nw_nntp_job *job, struct nw_error *err)
{
	size_t begin = session->reply->len;
	int more = nw_group_header(session->server->store, job->group_id,
				   job->text, &job->next, job->last,
				   HEADER_PIECE_BYTES, session->reply, err);

	session->work += HEADER_WORK * (session->reply->len - begin);
	return more;
}

/* Takes away the lines "number value\r\n" from begin on whose value does not
 * match, or is none. */
static void keep_matching(struct nw_buf *out, size_t begin,
			  const char *pattern)
{
	char *to = out->data + begin, *at = to, *end, *value;
	char *stop = out->data + out->len;

	for (; at < stop; at = end + 1) {
		end = memchr(at, '\n', (size_t)(stop - at));
		value = end ? memchr(at, ' ', (size_t)(end - at)) : NULL;
		if (!value)
			break;	/* no line of ours */
		end[-1] = '\0';
		if (++value < end - 1 && nw_wildmat_text(pattern, value)) {
			end[-1] = '\r';
			memmove(to, at, (size_t)(end + 1 - at));
			to += end + 1 - at;
		}
	}
	nw_buf_cut(out, (size_t)(to - out->data));
}

static int more_matching(struct nw_nntp_session *session,
			 struct nw_nntp_job *job, struct nw_error *err)
{
	const char *pattern = job->text + strlen(job->text) + 1;
	size_t begin = session->reply->len, len = strlen(pattern) + 1;
	size_t piece = PATTERN_WORK / len, looked;
	int more;

	if (piece > HEADER_PIECE_BYTES)
		piece = HEADER_PIECE_BYTES;
	more = nw_group_header(session->server->store, job->group_id,
			       job->text, &job->next, job->last, piece,
			       session->reply, err);
	if (more < 0)
		return -1;
	looked = session->reply->len - begin;
	session->work += (HEADER_WORK + 1) * looked +
			 looked * len / NW_NNTP_MATCHES_BYTE;
	keep_matching(session->reply, begin, pattern);
	return more;
}

/*
 * A range without articles is 423, or 420 when it was the current article;
 * the forms of RFC 2980 give an empty list, which is what old clients rely
 * on.
 */
static int reply_range(struct nw_nntp_session *session,
		       const struct nw_nntp_command *command,
		       struct nw_nntp_job *job, const char *words,
		       struct nw_error *err)
{
	size_t begin = session->reply->len;
	struct nw_nntp_range range;

	if (!nw_nntp_target(session, words, &range))
		return 0;
	job->group_id = session->group_id;
	job->next = range.first;
	job->last = range.last;
	job->end = list_end;
	job->gzip = session->gzip != NW_NNTP_GZIP_OFF;
	nw_nntp_reply(session, command->code, "information follows%s",
		      nw_nntp_gzip_mark(session));
	if (nw_nntp_long(session, job, err) < 0)
		return -1;
	if (session->job || job->made)
		return 0;
	if (words && command->name[0] == 'X')
		return 0;
	nw_buf_cut(session->reply, begin);
	if (words)
		nw_nntp_reply(session, NW_NNTP_NO_SUCH_NUMBER,
			      "no article in that range");
	else
		nw_nntp_reply(session, NW_NNTP_NO_CURRENT,
			      "the current article is gone");
	return 0;
}

static bool may_read(const struct nw_nntp_session *session,
		     const struct nw_buf *line)
{
	static const char name[] = "\tXref: ";
	const char *xref = strstr(line->data, name);

	xref = xref ? xref + strlen(name) : "";
	return nw_nntp_may_read_xref(session, xref, strlen(xref));
}

/* 1 with the overview line in line, 0 after having said that there is none. */
static int overview_by_id(struct nw_nntp_session *session,
			  const char *message_id, struct nw_buf *line,
			  struct nw_error *err)
{
	int found;

	if (!nw_nntp_is_message_id(message_id)) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX, "not a message-id");
		return 0;
	}
	found = nw_group_overview_by_id(session->server->store, message_id,
					line, err);
	if (found > 0 && !may_read(session, line))
		found = 0;
	if (found == 0)
		nw_nntp_reply(session, NW_NNTP_NO_SUCH_ID,
			      "no article has this message-id");
	return found;
}

int nw_nntp_over(struct nw_nntp_session *session,
		 const struct nw_nntp_command *command, char *const *words,
		 struct nw_error *err)
{
	struct nw_nntp_job job = { .more = more_overview };
	struct nw_buf line;
	int found;

	if (!words[0] || words[0][0] != '<')
		return reply_range(session, command, &job, words[0], err);
	nw_buf_init(&line, session->reply->max);
	found = overview_by_id(session, words[0], &line, err);
	if (found > 0) {
		nw_nntp_reply(session, command->code, "information follows");
		nw_buf_add(session->reply, line.data, line.len);
		nw_buf_adds(session->reply, list_end);
	}
	nw_buf_free(&line);
	return found < 0 ? -1 : 0;
}

static void add_field(struct nw_buf *out, const struct nw_buf *line, int field)
{
	const char *at = line->data;

	while (field-- > 0) {
		at = strchr(at, '\t');
		if (!at)
			return;
		at++;
	}
	nw_buf_add(out, at, strcspn(at, "\t\r\n"));
}

/* The value of ":bytes" or ":lines": 1, 0 after having said why not. */
static int item_by_id(struct nw_nntp_session *session, char *const *words,
		      struct nw_buf *value, struct nw_error *err)
{
	struct nw_buf line;
	int found;

	nw_buf_init(&line, session->reply->max);
	found = overview_by_id(session, words[1], &line, err);
	if (found > 0)
		add_field(value, &line,
			  strcasecmp(words[0], ":bytes") ? FIELD_LINES
							 : FIELD_BYTES);
	nw_buf_free(&line);
	return found;
}

static int header_by_id(struct nw_nntp_session *session, char *const *words,
			struct nw_buf *value, struct nw_error *err)
{
	struct nw_stored_article article;
	const char *text;
	size_t len;
	int found = nw_nntp_find_by_id(session, words[1], &article, err);

	if (found > 0 && nw_wire_header(article.wire, article.head_len,
					words[0], &text, &len))
		nw_wire_unfold(value, text, len);
	return found;
}

static bool matches(struct nw_nntp_session *session, const char *pattern,
		    const struct nw_buf *value)
{
	session->work += value->len * strlen(pattern) / NW_NNTP_MATCHES_BYTE;
	return value->len && nw_wildmat_text(pattern, value->data);
}

/* HDR names the article as 0 (RFC 3977 section 8.5.2), XHDR and XPAT repeat the
 * Message-ID (RFC 2980 section 2.6).  pattern: NULL for any value. */
static int reply_by_id(struct nw_nntp_session *session,
		       const struct nw_nntp_command *command,
		       char *const *words, const char *pattern,
		       struct nw_error *err)
{
	struct nw_buf value;
	int found;

	nw_buf_init(&value, session->reply->max);
	if (words[0][0] == ':')
		found = item_by_id(session, words, &value, err);
	else
		found = header_by_id(session, words, &value, err);
	if (found > 0) {
		nw_nntp_reply(session, command->code, "information follows");
		if (!pattern || matches(session, pattern, &value)) {
			nw_buf_adds(session->reply,
				    command->name[0] == 'X' ? words[1] : "0");
			nw_buf_addc(session->reply, ' ');
			nw_buf_add(session->reply, value.data, value.len);
			nw_buf_adds(session->reply, "\r\n");
		}
		nw_buf_adds(session->reply, list_end);
	}
	nw_buf_free(&value);
	return found < 0 ? -1 : 0;
}

/* 0 when it can be asked for, else the code that says why not. */
static enum nw_nntp_code refuse_name(const char *name)
{
	const unsigned char *c;

	if (!strcasecmp(name, ":bytes") || !strcasecmp(name, ":lines"))
		return 0;
	if (name[0] == ':')
		return NW_NNTP_UNSUPPORTED;
	/* RFC 5322 section 3.6.8: field-name = 1*ftext */
	for (c = (const unsigned char *)name; *c; c++)
		if (*c <= 0x20 || *c >= 0x7f || *c == ':')
			return NW_NNTP_SYNTAX;
	return 0;
}

/* Whether it can be asked for; says why not. */
static bool takes_name(struct nw_nntp_session *session, const char *name)
{
	enum nw_nntp_code refusal = refuse_name(name);

	if (refusal)
		nw_nntp_reply(session, refusal, "no header has such a name");
	return !refusal;
}

int nw_nntp_hdr(struct nw_nntp_session *session,
		const struct nw_nntp_command *command, char *const *words,
		struct nw_error *err)
{
	struct nw_nntp_job job = { .more = more_header };

	if (!takes_name(session, words[0]))
		return 0;
	if (words[1] && words[1][0] == '<')
		return reply_by_id(session, command, words, NULL, err);
	/* No line is as long as job.text. */
	memcpy(job.text, words[0], strlen(words[0]) + 1);
	return reply_range(session, command, &job, words[1], err);
}

/* Words of a pattern are what was one, with a space between them (RFC 2980
 * section 2.9). */
static void join_words(char *to, char *const *words)
{
	size_t len;

	for (; *words; words++) {
		len = strlen(*words);
		memcpy(to, *words, len);
		to += len;
		*to++ = words[1] ? ' ' : '\0';
	}
}

int nw_nntp_xpat(struct nw_nntp_session *session,
		 const struct nw_nntp_command *command, char *const *words,
		 struct nw_error *err)
{
	struct nw_nntp_job job = { .more = more_matching };
	size_t len = strlen(words[0]) + 1;

	if (!takes_name(session, words[0]))
		return 0;
	/* All of it stood in one line, and no line is as long as job.text. */
	memcpy(job.text, words[0], len);
	join_words(job.text + len, words + 2);
	if (words[1][0] == '<')
		return reply_by_id(session, command, words, job.text + len,
				   err);
	return reply_range(session, command, &job, words[1], err);
}
