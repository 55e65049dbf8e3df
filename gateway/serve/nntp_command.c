/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/date.h"
#include "newswire/nntp_server.h"

#include "nntp_private.h"

static NW_NNTP_RUN(run_date);
static NW_NNTP_RUN(run_help);
static NW_NNTP_RUN(run_mode);
static NW_NNTP_RUN(run_quit);

#define ANY_ARTICLE "[number|<message-id>]"
#define ANY_RANGE "[range|<message-id>]"

/* RFC 3977 section 5 to 8; those that begin with X, RFC 2980 section 2.
 * COMPRESS: RFC 8054, STARTTLS: RFC 4642; XFEATURE is what the large
 * providers of Usenet have, XNEWSWIRE ours (newswire(1)). */
static const struct nw_nntp_command commands[] = {
	{ "ARTICLE", 0, 1, true, NW_NNTP_ARTICLE, ANY_ARTICLE,
	  nw_nntp_article },
	{ "AUTHINFO", 2, NW_NNTP_ARGUMENTS - 1, false, NW_NNTP_LOGGED_IN,
	  "USER name|PASS password|SASL mechanism [initial-response]",
	  nw_nntp_authinfo },
	{ "BODY", 0, 1, true, NW_NNTP_BODY, ANY_ARTICLE, nw_nntp_article },
	{ "CAPABILITIES", 0, 1, false, NW_NNTP_CAPABILITIES, "[keyword]",
	  nw_nntp_capabilities },
	{ "COMPRESS", 1, 1, false, NW_NNTP_COMPRESS, "DEFLATE",
	  nw_nntp_compress },
	{ "DATE", 0, 0, false, NW_NNTP_DATE, "", run_date },
	{ "GROUP", 1, 1, true, NW_NNTP_GROUP, "newsgroup", nw_nntp_group },
	{ "HDR", 1, 2, true, NW_NNTP_HDR, "header " ANY_RANGE, nw_nntp_hdr },
	{ "HEAD", 0, 1, true, NW_NNTP_HEAD, ANY_ARTICLE, nw_nntp_article },
	{ "HELP", 0, 0, false, NW_NNTP_HELP, "", run_help },
	{ "LAST", 0, 0, true, NW_NNTP_STAT, "", nw_nntp_last },
	{ "LIST", 0, 2, true, NW_NNTP_LIST, "[keyword [wildmat|argument]]",
	  nw_nntp_list },
	{ "LISTGROUP", 0, 2, true, NW_NNTP_GROUP, "[newsgroup [range]]",
	  nw_nntp_listgroup },
	{ "MODE", 1, 1, false, NW_NNTP_READY_POST, "READER", run_mode },
	{ "NEWGROUPS", 2, 3, true, NW_NNTP_NEWGROUPS, "[yy]yymmdd hhmmss [GMT]",
	  nw_nntp_newgroups },
	{ "NEWNEWS", 3, 4, true, NW_NNTP_NEWNEWS,
	  "wildmat [yy]yymmdd hhmmss [GMT]", nw_nntp_newnews },
	{ "NEXT", 0, 0, true, NW_NNTP_STAT, "", nw_nntp_next },
	{ "OVER", 0, 1, true, NW_NNTP_OVER, ANY_RANGE, nw_nntp_over },
	{ "POST", 0, 0, false, NW_NNTP_POST_SEND, "", nw_nntp_post },
	{ "QUIT", 0, 0, false, NW_NNTP_QUIT, "", run_quit },
	{ "STARTTLS", 0, 0, false, NW_NNTP_START_TLS, "", nw_nntp_starttls },
	{ "STAT", 0, 1, true, NW_NNTP_STAT, ANY_ARTICLE, nw_nntp_article },
	{ "XFEATURE", 2, 3, false, NW_NNTP_FEATURE,
	  "COMPRESS GZIP [TERMINATOR]", nw_nntp_xfeature },
	{ "XGTITLE", 0, 1, true, NW_NNTP_XGTITLE, "[wildmat]",
	  nw_nntp_xgtitle },
	{ "XHDR", 1, 2, true, NW_NNTP_HEAD, "header " ANY_RANGE, nw_nntp_hdr },
	{ "XNEWSWIRE", 2, 2, true, NW_NNTP_SUBSCRIBED,
	  "SUBSCRIBE url|UNSUBSCRIBE newsgroup|HISTORY <message-id>",
	  nw_nntp_xnewswire },
	{ "XOVER", 0, 1, true, NW_NNTP_OVER, ANY_RANGE, nw_nntp_over },
	{ "XPAT", 3, NW_NNTP_ARGUMENTS - 1, true, NW_NNTP_HEAD,
	  "header range|<message-id> pattern...", nw_nntp_xpat },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct nw_nntp_command *find(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (!strcasecmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int nw_nntp_answer(struct nw_nntp_session *session, char *line, size_t len,
		   struct nw_error *err)
{
	const struct nw_nntp_command *command;
	char *words[NW_NNTP_ARGUMENTS + 1];
	int count;

	if (memchr(line, '\0', len)) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX, "no such command line");
		return 0;
	}
	count = nw_nntp_words(line, words);
	if (count == 0)
		return 0;	/* an empty line asks nothing */
	command = find(words[0]);
	if (!command) {
		nw_nntp_reply(session, NW_NNTP_UNKNOWN,
			      "unknown command; HELP lists all");
		return 0;
	}
	if (count - 1 < command->words_min || count - 1 > command->words_max) {
		nw_nntp_reply_syntax(session, command);
		return 0;
	}
	if (command->reads && session->blind) {
		nw_nntp_reply(session, nw_nntp_may_login(session)
					       ? NW_NNTP_LOGIN_FIRST
					       : NW_NNTP_DENIED,
			      "there is nothing that you may read");
		return 0;
	}
	if (command->reads && nw_nntp_turn(session->server, err) < 0)
		return -1;
	return command->run(session, command, words + 1, err);
}

static int run_help(struct nw_nntp_session *session,
		    const struct nw_nntp_command *command, char *const *words,
		    struct nw_error *err)
{
	size_t i;

	(void)words;
	(void)err;
	nw_nntp_reply(session, command->code, "commands follow");
	for (i = 0; i < COMMANDS; i++)
		nw_buf_addf(session->reply, "  %s%s%s\r\n", commands[i].name,
			    commands[i].syntax[0] ? " " : "",
			    commands[i].syntax);
	nw_buf_adds(session->reply, "LIST takes these keywords:\r\n ");
	nw_nntp_list_words(session, session->reply);
	nw_buf_adds(session->reply, "\r\n.\r\n");
	return 0;
}

static int run_date(struct nw_nntp_session *session,
		    const struct nw_nntp_command *command, char *const *words,
		    struct nw_error *err)
{
	char date[NW_DATE_BYTES];

	(void)words;
	(void)err;
	nw_date_nntp(session->server->options.now(), date);
	nw_nntp_reply(session, command->code, "%s", date);
	return 0;
}

static int run_mode(struct nw_nntp_session *session,
		    const struct nw_nntp_command *command, char *const *words,
		    struct nw_error *err)
{
	(void)err;
	if (strcasecmp(words[0], "READER"))
		nw_nntp_reply_syntax(session, command);
	else if (nw_nntp_invites_post(session))
		nw_nntp_reply(session, command->code,
			      "reader mode, posting allowed");
	else
		nw_nntp_reply(session, NW_NNTP_READY_NO_POST,
			      "reader mode, no posting");
	return 0;
}

static int run_quit(struct nw_nntp_session *session,
		    const struct nw_nntp_command *command, char *const *words,
		    struct nw_error *err)
{
	(void)words;
	(void)err;
	nw_nntp_reply(session, command->code, "good-bye");
	nw_nntp_session_state(session, NW_NNTP_CLOSING);
	return 0;
}
