/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the news server share.
 *
 *	nntp_listen.c	listening sockets
 *	nntp_server.c	clients come, idle clients go; turns of the event loop
 *	nntp_session.c	octets in, octets out, one client
 *	nntp_command.c	the table of commands, and those without a store
 *	nntp_capability.c  the table of capabilities, CAPABILITIES
 *	nntp_syntax.c	words, numbers, ranges, dates (pure)
 *	nntp_access.c	which groups a client may see
 *	nntp_group.c	GROUP, LISTGROUP, NEXT, LAST
 *	nntp_read.c	ARTICLE, HEAD, BODY, STAT
 *	nntp_over.c	OVER, HDR, their older forms, XPAT
 *	nntp_list.c	LIST, NEWGROUPS, NEWNEWS, XGTITLE
 *	nntp_written.c	lists that the operator wrote
 *
 * Commands are read from, and replies made in, two buffers of the server that
 * all sessions use in turn.  A session owns memory only for what is left
 * over: half a command, what its client has not yet taken, a job.
 */
#ifndef NEWSWIRE_NNTP_PRIVATE_H
#define NEWSWIRE_NNTP_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#include "newswire/buf.h"
#include "newswire/group.h"
#include "newswire/limits.h"
#include "newswire/nntp.h"
#include "newswire/nntp_server.h"

#define NW_NNTP_INPUT_BYTES (16u << 10) /* read from a client at once */
/* Of a long reply, made in one turn: large enough to be cheap, small enough
 * that no other client notices. */
#define NW_NNTP_PIECE_BYTES (128u << 10)
/* What a look at a group or at an article costs, in octets of output. */
#define NW_NNTP_LOOK_BYTES 64
/* The same of a pattern: its length times that of the text, by this. */
#define NW_NNTP_MATCHES_BYTE 16

struct nw_config_list;
struct nw_nntp_job;
struct nw_nntp_session;

struct nw_nntp_listener {
	struct nw_nntp_listener *next;
	struct nw_nntp_server *server;
	struct event event;
};

struct nw_nntp_server {
	struct event_base *base;
	struct nw_store *store;
	struct nw_nntp_options options; /* with the defaults filled in */
	struct nw_nntp_listener *listeners;
	struct nw_nntp_session *sessions;
	unsigned session_count;
	unsigned faults;	/* told to the operator since the last tick */
	struct event turn_end;
	struct event tick;	/* looks for idle clients */
	struct event resume;	/* accepts again */
	bool in_turn;		/* a read transaction is open */
	bool starved;		/* of descriptors, and has said so */
	struct nw_buf reply;	/* what this turn of a session sends */
	char input[NW_NNTP_INPUT_BYTES];
};

/* A reply too long for one turn. */
struct nw_nntp_job {
	/* Appends the next piece to the reply: 1 when there may be more, 0
	 * when it is done, -1. */
	int (*more)(struct nw_nntp_session *session, struct nw_nntp_job *job,
		    struct nw_error *err);
	const char *end;		/* what follows the last piece */
	int64_t group_id, next, last;	/* a range */
	size_t offset, stop, wire_len;	/* a part of an article */
	/* A walk through the groups. */
	void (*line)(struct nw_nntp_session *session,
		     const struct nw_group *group);
	int64_t since_utc;
	char after[NW_GROUP_OCTETS + 1];
	/* The name of a header, and of XPAT a pattern behind its NUL; a
	 * wildmat; a Message-ID. */
	char text[NW_NNTP_LINE_OCTETS];
};

/*
 * Who gets the octets that a client sends while they are no commands: an
 * article that is posted, what SASL asked for.
 */
struct nw_nntp_taker {
	/*
	 * Takes octets off the front and may reply: how many it is done with,
	 * 0 when it cannot go on without more than these (fewer than
	 * NW_NNTP_INPUT_BYTES).  It ends itself by nw_nntp_taker_end(); what it
	 * did not take are commands again.
	 */
	size_t (*take)(struct nw_nntp_session *session,
		       struct nw_nntp_taker *taker, char *data, size_t len);
	/* Also when the client leaves before it is done. */
	void (*free)(struct nw_nntp_taker *taker);
};

enum nw_nntp_state {
	NW_NNTP_OPEN,	   /* reads commands */
	NW_NNTP_FINISHING, /* the client said all; it gets its replies */
	NW_NNTP_CLOSING,   /* gets what is queued, then no more */
	NW_NNTP_STATES
};

enum nw_nntp_watch {
	NW_NNTP_WATCH_NOTHING,
	NW_NNTP_WATCH_INPUT,
	NW_NNTP_WATCH_OUTPUT,
};

struct nw_nntp_session {
	struct nw_nntp_server *server;
	struct nw_nntp_session *next, **link;
	struct nw_buf *reply;	/* the server's */
	int in, out;
	int in_flags, out_flags; /* to be restored, of "newswire nntp" */
	struct event readable, writable;
	enum nw_nntp_watch watch;
	enum nw_nntp_state state;
	bool alone;		/* the event loop ends with it */
	bool skipping;		/* the rest of a line that was too long */
	unsigned idle;		/* ticks without an octet */
	size_t work;		/* of this turn, beyond the reply's octets */
	struct nw_buf input;	/* octets that were not yet answered */
	struct nw_buf rest;	/* of replies, from rest_sent on */
	size_t rest_sent;
	struct nw_nntp_job *job;
	struct nw_nntp_taker *taker; /* NULL: octets are commands */
	const char *read;	/* a wildmat of the groups that it may see;
				 * NULL: all */
	int64_t group_id;	/* 0: no group is selected */
	int64_t current;	/* 0: no current article */
	char group[NW_GROUP_OCTETS + 1];
};

/* A row of the table of commands. */
struct nw_nntp_command {
	const char *name;
	unsigned char words_min, words_max; /* behind the name */
	bool reads;		/* the store */
	enum nw_nntp_code code;	/* of success, where names share run */
	const char *syntax;	/* for HELP */
	/* words ends with NULL.  -1 leaves the reply to the caller. */
	int (*run)(struct nw_nntp_session *session,
		   const struct nw_nntp_command *command, char *const *words,
		   struct nw_error *err);
};

struct nw_nntp_range {
	int64_t first, last;	/* last < first: empty */
};

/* nntp_server.c */

/* Opens the read transaction of this turn of the event loop; it is closed
 * when all clients that are ready were served. */
int nw_nntp_turn(struct nw_nntp_server *server, struct nw_error *err);
/* Tells the operator what went wrong, not more often than is useful. */
void nw_nntp_fault(struct nw_nntp_server *server, const char *what,
		   const struct nw_error *err);

/* nntp_session.c */

/*
 * Greets a client.  Its descriptors do not block and are closed at the end;
 * those of a session that is alone are borrowed, and its end ends the event
 * loop.  Fails with nothing taken.
 */
int nw_nntp_session_new(struct nw_nntp_server *server, int in, int out,
			bool alone, struct nw_error *err);
void nw_nntp_session_free(struct nw_nntp_session *session);
void nw_nntp_session_state(struct nw_nntp_session *session,
			   enum nw_nntp_state state);

/* Appends "code text\r\n". */
void nw_nntp_reply(struct nw_nntp_session *session, enum nw_nntp_code code,
		   const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* 501 and how the command is written. */
void nw_nntp_reply_syntax(struct nw_nntp_session *session,
			  const struct nw_nntp_command *command);
/* Makes the first piece of a long reply; if there is more, it keeps a copy of
 * the job for the turns that follow. */
int nw_nntp_long(struct nw_nntp_session *session, struct nw_nntp_job *job,
		 struct nw_error *err);

/* From now on the client's octets go to the taker, which the session owns. */
void nw_nntp_taker_begin(struct nw_nntp_session *session,
			 struct nw_nntp_taker *taker);
void nw_nntp_taker_end(struct nw_nntp_session *session);

/* nntp_command.c */

/* Answers one command: a line without its end, with a NUL behind it. */
int nw_nntp_answer(struct nw_nntp_session *session, char *line, size_t len,
		   struct nw_error *err);

/* nntp_syntax.c */

/* Cuts a line into words and a NULL behind them: how many.  Of more than
 * NW_NNTP_ARGUMENTS only those are there, and it is one more. */
int nw_nntp_words(char *line, char *words[NW_NNTP_ARGUMENTS + 1]);
/* 1*16DIGIT (RFC 3977 section 6). */
bool nw_nntp_number(const char *text, int64_t *number_r);
/* "n", "n-" or "n-m" (RFC 3977 section 9.8). */
bool nw_nntp_range(const char *text, struct nw_nntp_range *range_r);
/* Of CAPABILITIES (RFC 3977 section 9.8). */
bool nw_nntp_is_keyword(const char *text);
/* RFC 3977 section 3.6. */
bool nw_nntp_is_message_id(const char *text);
/* Date and time of NEWGROUPS (RFC 3977 section 7.3.2); now tells the century
 * of a year of two digits. */
bool nw_nntp_date(const char *date, const char *time, int64_t now_utc,
		  int64_t *utc_r);

/* nntp_access.c */

/* A group that a client may not see is none to it. */
bool nw_nntp_may_read(const struct nw_nntp_session *session,
		      const char *group);
/* Whether it may see one of the groups of an Xref (RFC 5536 section 3.2.14). */
bool nw_nntp_may_read_xref(const struct nw_nntp_session *session,
			   const char *value, size_t len);

/* nntp_read.c: the article, 1, or 0 after having said why there is none. */
int nw_nntp_find_by_id(struct nw_nntp_session *session,
		       const char *message_id,
		       struct nw_stored_article *article_r,
		       struct nw_error *err);

/* nntp_group.c */

/* The range that a command names, or the current article when text is NULL.
 * When there is none, says so to the client and returns false. */
bool nw_nntp_target(struct nw_nntp_session *session, const char *text,
		    struct nw_nntp_range *range_r);

/* What the table of commands names. */
#define NW_NNTP_RUN(name)                                                  \
	int name(struct nw_nntp_session *session,                          \
		 const struct nw_nntp_command *command, char *const *words, \
		 struct nw_error *err)
NW_NNTP_RUN(nw_nntp_capabilities);
NW_NNTP_RUN(nw_nntp_group);
NW_NNTP_RUN(nw_nntp_listgroup);
NW_NNTP_RUN(nw_nntp_next);
NW_NNTP_RUN(nw_nntp_last);
NW_NNTP_RUN(nw_nntp_article);
NW_NNTP_RUN(nw_nntp_over);
NW_NNTP_RUN(nw_nntp_hdr);
NW_NNTP_RUN(nw_nntp_xpat);
NW_NNTP_RUN(nw_nntp_list);
NW_NNTP_RUN(nw_nntp_newgroups);
NW_NNTP_RUN(nw_nntp_newnews);
NW_NNTP_RUN(nw_nntp_xgtitle);

/* nntp_written.c */

/* A field of struct nw_config; NULL when nothing stands there. */
const struct nw_config_list *
nw_nntp_written(const struct nw_nntp_session *session, size_t field);
/* Its lines, as a list. */
void nw_nntp_reply_written(struct nw_nntp_session *session,
			   const struct nw_config_list *list);

/* nntp_list.c: " ACTIVE ACTIVE.TIMES …" */
void nw_nntp_list_words(const struct nw_nntp_session *session,
			struct nw_buf *out);

#endif
