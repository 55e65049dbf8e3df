/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the session share: commands are queued by nw_lines_say(),
 * answers are read here.
 */
#ifndef NEWSWIRE_PLUGIN_SESSION_PRIVATE_H
#define NEWSWIRE_PLUGIN_SESSION_PRIVATE_H

#include "lines.h"
#include "newswire/nntp.h"
#include "session.h"

/* RFC 3977 section 6: the highest number that an article may have. */
#define NW_SESSION_NUMBER_MAX 2147483647u

struct nw_session {
	struct nw_link *link;
	struct nw_lines *lines;
	gboolean broken;	/* good for closing only */
	gboolean has_reader, has_mode_reader, has_compress, may_manage;
	gboolean old_over;	/* XOVER, not OVER */
	gsize block_left;	/* octets that an answer may have */
	const char *secret;	/* what no error may show; NULL */
};

/* As nw_session_open(), with another patience, which must outlive it. */
struct nw_session *nw_session_open_with(const struct nw_gateway *gateway,
					const struct nw_patience *patience,
					GCancellable *cancel, GError **error);
/* From the greeting on, over a link that is connected, which it takes. */
struct nw_session *nw_session_begin(struct nw_link *link,
				    const struct nw_gateway *gateway,
				    GError **error);

/* CAPABILITIES, MODE READER, AUTHINFO, COMPRESS: as far as needed. */
gboolean nw_session_log_in(struct nw_session *session,
			   const struct nw_gateway *gateway, GError **error);

/* At the beginning of each call: whether it is of any use. */
gboolean nw_session_ready(struct nw_session *session, GError **error);

/* The code of the next answer, and the words behind it, which last until the
 * next line is read; 0 and error when the session is broken, as by 400. */
int nw_session_answer(struct nw_session *session, const char **words_r,
		      GError **error);
/* What an answer that is not the wanted one means: LOGIN, REFUSED or, when it
 * is none that says no, BROKEN.  Always FALSE. */
gboolean nw_session_refused(struct nw_session *session, int code,
			    const char *words, GError **error);
/* The same in the middle of several commands: the first that is refused is
 * noted in refused, and the answers to the others are read.  FALSE and error
 * when the session is broken. */
gboolean nw_session_goes_on(struct nw_session *session, int code,
			    const char *words, GError **refused,
			    GError **error);
/* At their end: what was refused is the error. */
gboolean nw_session_all_good(GError *refused, GError **error);
/* What came makes no sense.  Always FALSE. */
gboolean nw_session_garbage(struct nw_session *session, GError **error);
gboolean nw_session_breaks(struct nw_session *session);

/* The lines of an answer of several: begin, then next until it is not 1: 0 at
 * the end, -1 and error.  Leading dots are undone. */
void nw_session_block_begin(struct nw_session *session);
int nw_session_block_next(struct nw_session *session, struct nw_line *line_r,
			  GError **error);
/* Reads over what is left of it. */
gboolean nw_session_block_skip(struct nw_session *session, GError **error);

/* Decimal digits up to a space or the end, no more than
 * NW_SESSION_NUMBER_MAX: FALSE when it is none.  Moves *at behind them and the
 * spaces that follow. */
gboolean nw_session_number(const char **at, guint32 *number_r);
/* What may be a word of a command. */
gboolean nw_session_is_word(const char *word);
gboolean nw_session_is_message_id(const char *id);
/* What may be a group, also as the name of a folder. */
gboolean nw_session_is_group(const char *name);

#endif
