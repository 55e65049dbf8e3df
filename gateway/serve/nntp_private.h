/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the news server share.
 *
 *	nntp_listen.c	listening sockets
 *	nntp_server.c	clients come, idle clients go; turns of the event loop
 *	nntp_session.c	commands in, replies out, one client
 *	nntp_job.c	replies that take more than one turn
 *	nntp_stream_private.h  the octets between a session and its client
 *	nntp_origin.c	where a client comes from
 *	nntp_guard.c	what a client may have: connections, rates, time
 *	nntp_limit.c	who has how much, in all readers
 *	nntp_command.c	the table of commands, and those without a store
 *	nntp_capability.c  the table of capabilities, CAPABILITIES
 *	nntp_syntax.c	words, numbers, ranges, dates (pure)
 *	nntp_access.c	which groups a client may see and post to
 *	nntp_login.c	AUTHINFO, by a password
 *	nntp_sasl.c	the same, by SASL
 *	nntp_group.c	GROUP, LISTGROUP, NEXT, LAST
 *	nntp_read.c	ARTICLE, HEAD, BODY, STAT
 *	nntp_over.c	OVER, HDR, their older forms, XPAT
 *	nntp_gzip.c	their compressed lists, XFEATURE
 *	nntp_list.c	LIST, NEWGROUPS, NEWNEWS, XGTITLE
 *	nntp_written.c	lists that the operator wrote
 *	nntp_post.c	POST: the article as it comes, what becomes of it
 *	nntp_poster.c	how it gets into the store
 *	nntp_manage.c	XNEWSWIRE
 *	nntp_errand.c	newswire itself, run for a client
 *	nntp_login_private.h, nntp_post_private.h, nntp_errand_private.h  what
 *			these have in pairs
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
#include "newswire/checker.h"
#include "newswire/group.h"
#include "newswire/limits.h"
#include "newswire/nntp.h"
#include "newswire/nntp_limit.h"
#include "newswire/nntp_server.h"
#include "newswire/users.h"

#include "nntp_stream_private.h"

#define NW_NNTP_INPUT_BYTES (16u << 10) /* read from a client at once */
/* Of a long reply, made in one turn: large enough to be cheap, small enough
 * that no other client notices. */
#define NW_NNTP_PIECE_BYTES (128u << 10)
/* What a look at a group or at an article costs, in octets of output. */
#define NW_NNTP_LOOK_BYTES 64
/* The same of a pattern: its length times that of the text, by this. */
#define NW_NNTP_MATCHES_BYTE 16
/* The same of an article that is read, however little is said of it. */
#define NW_NNTP_READ_BYTE 64
/* Wrong passwords that the operator hears of, one by one, between two ticks. */
#define NW_NNTP_REFUSALS_TOLD 10

struct Gsasl;
struct nw_config_list;
struct nw_nntp_errand;
struct nw_nntp_job;
struct nw_nntp_login;
struct nw_nntp_poster;
struct nw_nntp_session;

struct nw_nntp_listener {
	struct nw_nntp_listener *next;
	struct nw_nntp_server *server;
	bool tls;		/* from the first octet */
	struct event event;
};

struct nw_nntp_server {
	struct event_base *base;
	struct nw_store *store;
	struct nw_nntp_options options; /* with the defaults filled in */
	struct nw_nntp_listener *listeners;
	struct nw_nntp_session *sessions;
	struct ssl_ctx_st *tls;	/* NULL: there is no certificate */
	struct nw_nntp_packers *packers;
	unsigned session_count;
	size_t queued;		/* octets that all clients have not taken */
	/* How many ticks a client has for each. */
	unsigned idle_ticks, command_ticks, stall_ticks;
	unsigned faults;	/* told to the operator since the last tick */
	unsigned refusals;	/* of passwords, the same */
	struct event turn_end;
	struct event tick;	/* looks for clients that are idle or slow */
	struct event resume;	/* accepts again */
	bool in_turn;		/* a read transaction is open */
	bool starved;		/* of descriptors, and has said so */
	struct nw_users users;	/* who may log in */
	struct nw_checker *checker;
	struct Gsasl *sasl;	/* NULL: nobody asked for it yet */
	struct nw_nntp_poster *poster; /* NULL: nobody has posted yet */
	size_t post_bytes;	/* of articles that are being sent */
	struct nw_nntp_errand *errands;
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
	size_t made;			/* octets without it */
	bool gzip;			/* the list goes compressed */
	bool packed;			/* some of it has gone so, … */
	uint32_t sum;			/* … with this sum (RFC 1950) */
	/* A range; of NEWNEWS, group, article and number of nw_news. */
	int64_t group_id, next, last;
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

struct nw_nntp_origin {
	bool is_local;		/* from this machine: pipes, a Unix socket, an
				 * address of loopback */
	bool has_address;
	unsigned char address[NW_NET_OCTETS];
};

/* What keeps a client from being a burden. */
struct nw_nntp_guard {
	struct nw_nntp_party *parties[NW_NNTP_PARTY_KINDS];
	unsigned commands;	/* answered since they were charged */
	bool paused;		/* it is ahead of its rate */
	struct event resume;
	/* Ticks, from 1 on; 0: it is not so. */
	unsigned unfinished;	/* since it began what is not whole yet */
	unsigned waiting;	/* that its output waits for it */
	size_t taken;		/* octets of that in this time */
	size_t left;		/* octets of that */
};

/* What a client has asked for by XFEATURE COMPRESS GZIP. */
enum nw_nntp_gzip {
	NW_NNTP_GZIP_OFF,
	NW_NNTP_GZIP_LINES, /* the line that ends a list follows in clear */
	NW_NNTP_GZIP_WHOLE, /* that line is compressed too */
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
	struct nw_nntp_stream stream;
	struct nw_nntp_origin origin;
	int in_flags, out_flags; /* to be restored, of "newswire nntp" */
	struct event readable, writable;
	enum nw_nntp_watch watch;
	enum nw_nntp_state state;
	bool alone;		/* the event loop ends with it */
	bool waiting;		/* for something else than its client; there
				 * is a job for what is to be said then */
	bool greeted;
	bool skipping;		/* the rest of a line that was too long */
	unsigned idle;		/* ticks without an octet */
	struct nw_nntp_guard guard;
	size_t work;		/* of this turn, beyond the reply's octets */
	struct nw_buf input;	/* octets that were not yet answered */
	enum nw_nntp_gzip gzip;
	struct nw_nntp_job *job;
	struct nw_nntp_taker *taker; /* NULL: octets are commands */
	const char *read;	/* a wildmat of the groups that it may see;
				 * NULL: all */
	const char *post;	/* the same of those that it may post to */
	bool blind;		/* there is none that it may see */
	bool manages;		/* it was granted XNEWSWIRE */
	struct nw_nntp_errand *errand; /* NULL: none is run for it */
	struct nw_nntp_login *login; /* NULL: it never tried */
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
/* Ends it before its time, for what was just written to be seen. */
void nw_nntp_turn_over(struct nw_nntp_server *server);
/* Tells the operator what went wrong, not more often than is useful. */
void nw_nntp_fault(struct nw_nntp_server *server, const char *what,
		   const struct nw_error *err);

/* nntp_session.c */

/* Who a session talks to. */
enum nw_nntp_peer {
	NW_NNTP_CLIENT,	    /* on a connection that ends with the session */
	NW_NNTP_TLS_CLIENT, /* the same, with TLS from the first octet */
	NW_NNTP_ALONE,	    /* on borrowed descriptors, which get their flags
			     * back; the event loop ends with the session */
};

/* Greets a client, behind the handshake if there is one.  Descriptors of a
 * connection do not block.  Fails with nothing taken; with NW_ERROR_BUSY when
 * the client's address has too many connections, which it may be told. */
int nw_nntp_session_new(struct nw_nntp_server *server, int in, int out,
			enum nw_nntp_peer peer, struct nw_error *err);
void nw_nntp_session_free(struct nw_nntp_session *session);
void nw_nntp_session_state(struct nw_nntp_session *session,
			   enum nw_nntp_state state);

/* Its rate allows it to go on. */
void nw_nntp_session_resume(struct nw_nntp_session *session);

/* Appends "code text\r\n". */
void nw_nntp_reply(struct nw_nntp_session *session, enum nw_nntp_code code,
		   const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* 501 and how the command is written. */
void nw_nntp_reply_syntax(struct nw_nntp_session *session,
			  const struct nw_nntp_command *command);

/* From now on the client's octets go to the taker, which the session owns. */
void nw_nntp_taker_begin(struct nw_nntp_session *session,
			 struct nw_nntp_taker *taker);
void nw_nntp_taker_end(struct nw_nntp_session *session);

/* Nothing is read from the client, and the job rests, until it is woken. */
void nw_nntp_wait(struct nw_nntp_session *session);
void nw_nntp_wake(struct nw_nntp_session *session);

/* nntp_origin.c */

struct nw_nntp_origin nw_nntp_origin(int fd);
/* Its address as text; NULL when it has none. */
const char *nw_nntp_origin_text(const struct nw_nntp_origin *origin,
				char text[NW_NET_TEXT_BYTES]);
/* One number for all that it could come from as well (newswire/net.h), 0 for
 * all that have no address. */
uint64_t nw_nntp_origin_place(const struct nw_nntp_origin *origin);

/* nntp_guard.c */

/* Counts the session for its address, if it has one.  Fails with
 * NW_ERROR_BUSY. */
int nw_nntp_guard_enter(struct nw_nntp_session *session,
			struct nw_error *err);
/* Counts it for a user as well, in place of an earlier one: false when he has
 * too many connections. */
bool nw_nntp_guard_user(struct nw_nntp_session *session, const char *name);
void nw_nntp_guard_leave(struct nw_nntp_session *session);
/* Charges this turn: whether the client is ahead of its rate, so that it is
 * neither read nor written to until nw_nntp_session_resume(). */
bool nw_nntp_guard_charge(struct nw_nntp_session *session, size_t bytes);
/* Whether it may post one more article now; with count, it has. */
bool nw_nntp_guard_post(struct nw_nntp_session *session, bool count);
/* It began what must be whole in time: half a command or, with a taker, what
 * that takes, for which it has as long as it may be idle. */
void nw_nntp_guard_began(struct nw_nntp_session *session);
void nw_nntp_guard_ended(struct nw_nntp_session *session);
/* It took some octets of its output, and some are left.  When all clients
 * together leave too many, another that has waited longest is disconnected. */
void nw_nntp_guard_sent(struct nw_nntp_session *session, size_t octets,
			size_t left);
/* Another tick: false when its time is up. */
bool nw_nntp_guard_tick(struct nw_nntp_session *session);

/* nntp_job.c */

/* Makes the first piece of a long reply; if there is more, it keeps a copy of
 * the job for the turns that follow. */
int nw_nntp_long(struct nw_nntp_session *session, struct nw_nntp_job *job,
		 struct nw_error *err);
/* Makes the next piece; the job is gone behind the last.  When that fails,
 * half a reply cannot be taken back: the session is closing. */
void nw_nntp_job_continue(struct nw_nntp_session *session);

/* nntp_stream.c, nntp_tls.c */

/* Whether a TLS layer, a compression layer (RFC 8054) is active. */
bool nw_nntp_is_tls(const struct nw_nntp_session *session);
bool nw_nntp_is_compressed(const struct nw_nntp_session *session);
/* Whether nobody on a network can read along: TLS, a socket of this machine,
 * pipes.  A peer that cannot be told is none of these. */
bool nw_nntp_is_private(const struct nw_nntp_session *session);
/* Whether STARTTLS could do something for this client. */
bool nw_nntp_may_start_tls(const struct nw_nntp_session *session);

/* nntp_gzip.c */

/* What the status line of a list ends with, "" when it is not compressed. */
const char *nw_nntp_gzip_mark(const struct nw_nntp_session *session);
/* Puts the compressed form of what stands in the reply from begin on into its
 * place; behind the last piece, the end of the list. */
int nw_nntp_gzip_piece(struct nw_nntp_session *session,
		       struct nw_nntp_job *job, size_t begin, bool last,
		       struct nw_error *err);

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

/* Gives the rights of a user, or with NULL those that everyone has. */
void nw_nntp_grant(struct nw_nntp_session *session, const char *user);
/* A group that a client may not see is none to it. */
bool nw_nntp_may_read(const struct nw_nntp_session *session,
		      const char *group);
/* Whether it may post to a group, if that takes posts. */
bool nw_nntp_may_post(const struct nw_nntp_session *session,
		      const char *group);
/* Whether there is a group at all for which that could be so. */
bool nw_nntp_may_post_somewhere(const struct nw_nntp_session *session);
/* Whether it may see one of the groups of an Xref (RFC 5536 section 3.2.14). */
bool nw_nntp_may_read_xref(const struct nw_nntp_session *session,
			   const char *value, size_t len);

/* nntp_manage.c: whether it may do that here. */
bool nw_nntp_may_manage(const struct nw_nntp_session *session);

/* nntp_login.c */

/* Whether the client has not logged in, and there is someone that it could be:
 * then 480 is the answer to what it may not do (RFC 4643 section 2.2). */
bool nw_nntp_may_login(const struct nw_nntp_session *session);
/* Its user's name; NULL: it has not logged in. */
const char *nw_nntp_user(const struct nw_nntp_session *session);
void nw_nntp_login_free(struct nw_nntp_session *session);
/* Looks whether the file of users has changed. */
void nw_nntp_users_refresh(struct nw_nntp_server *server);
/* " USER SASL" */
void nw_nntp_login_words(const struct nw_nntp_session *session,
			 struct nw_buf *out);

/* nntp_sasl.c */

bool nw_nntp_sasl_offered(const struct nw_nntp_session *session);
/* " PLAIN SCRAM-SHA-256" */
void nw_nntp_sasl_words(const struct nw_nntp_session *session,
			struct nw_buf *out);
void nw_nntp_sasl_free(struct nw_nntp_server *server);

/* nntp_read.c: the article, 1, or 0 after having said why there is none. */
int nw_nntp_find_by_id(struct nw_nntp_session *session,
		       const char *message_id,
		       struct nw_stored_article *article_r,
		       struct nw_error *err);

/* nntp_post.c */

/* Whether there might be a group here that takes a post of this client. */
bool nw_nntp_offers_post(const struct nw_nntp_session *session);
/* The same, or that there might be one when it has logged in: there are clients
 * that never try again what they were once told not to do. */
bool nw_nntp_invites_post(const struct nw_nntp_session *session);
/* 'y' or 'n', by the same reasoning, of one group (RFC 3977 section 7.6.3). */
char nw_nntp_post_status(const struct nw_nntp_session *session,
			 const char *group);

/* nntp_poster.c */

void nw_nntp_poster_free(struct nw_nntp_server *server);

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
NW_NNTP_RUN(nw_nntp_authinfo);
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
NW_NNTP_RUN(nw_nntp_post);
NW_NNTP_RUN(nw_nntp_newnews);
NW_NNTP_RUN(nw_nntp_xgtitle);
NW_NNTP_RUN(nw_nntp_starttls);
NW_NNTP_RUN(nw_nntp_compress);
NW_NNTP_RUN(nw_nntp_xfeature);
NW_NNTP_RUN(nw_nntp_xnewswire);

/* nntp_written.c */

/* A field of struct nw_config; NULL when nothing stands there. */
const struct nw_config_list *
nw_nntp_written(const struct nw_nntp_session *session, size_t field);
/* A line of a block: dot-stuffed, without octets that no line may have (RFC
 * 3977 section 3.1.1). */
void nw_nntp_add_line(struct nw_buf *out, const char *text, size_t len);
/* Its lines, as a list. */
void nw_nntp_reply_written(struct nw_nntp_session *session,
			   const struct nw_config_list *list);

/* nntp_list.c: " ACTIVE ACTIVE.TIMES …" */
void nw_nntp_list_words(const struct nw_nntp_session *session,
			struct nw_buf *out);

#endif
