/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the IMAP driver share.
 *
 *	mailbox_imap_link.c	bytes to and from the server, in time
 *	mailbox_imap_reply.c	its replies, looked at before libetpan is
 *	mailbox_imap_session.c	from the greeting to the login
 *	mailbox_imap_folder.c	names of folders, and making one
 *	mailbox_imap_message.c	one message: APPEND, SEARCH, flags, removal
 *	mailbox_imap.c		the two drivers
 *
 * Errors here begin with what happened; the drivers put the host before it.
 */
#ifndef NEWSWIRE_MAILBOX_IMAP_PRIVATE_H
#define NEWSWIRE_MAILBOX_IMAP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libetpan/libetpan.h>

#include "newswire/buf.h"
#include "newswire/mailbox.h"
#include "tls_private.h"

/* A connection; each call ends before the deadline. */
struct imap_link {
	int fd;		 /* -1: closed */
	struct tls *tls; /* NULL: in clear */
	bool loopback;
	int64_t deadline_ms; /* of the monotonic clock */
};

enum imap_status {
	IMAP_WAITING,
	IMAP_CONTINUE, /* "+": the rest of the command, please */
	IMAP_OK,
	IMAP_NO,
	IMAP_BAD,
	IMAP_PREAUTH, /* of a greeting only */
};

/* The reply to one command, as far as it has come. */
struct imap_reply {
	struct nw_buf raw;  /* what the server sent and nobody looked at */
	struct nw_buf good; /* what libetpan may read, and … */
	size_t given;	    /* … has read of it */
	size_t left;	    /* bytes that it may still have */
	const char *wanted; /* the untagged data that libetpan gets */
	bool seen;	    /* there was some */
	enum imap_status status;
	char text[256]; /* behind OK, NO or BAD */
};

/* How a server names folders. */
struct imap_naming {
	char delimiter; /* of levels; 0: there are none */
	/* They divide levels too: it allows none in a name, as Dovecot's
	 * Maildir. */
	bool dots;
	const char *prefix; /* of the user's own folders */
};

struct imap {
	struct imap_link link;
	struct imap_reply reply;
	mailimap *session;
	int64_t reply_ms;
	/* After one the connection is of no use, and all calls fail so. */
	struct nw_error failure;
	const char *host;   /* these live in the arena */
	const char *folder; /* that is selected, in the server's writing */
	struct nw_arena *arena;
	struct imap_naming naming;
	bool changed; /* since the last sync */
};

/* Connects within connect_ms; refuses nothing. */
int imap_link_open(struct imap_link *link, const char *host, unsigned port,
		   struct nw_error *err);
int imap_link_secure(struct imap_link *link, const char *host,
		     const char *ca_file, struct nw_error *err);
/* Whether what is sent stays on this machine. */
bool imap_link_is_local(const struct imap_link *link);
void imap_link_limit(struct imap_link *link, int64_t ms);
int imap_link_send(struct imap_link *link, const void *bytes, size_t len,
		   struct nw_error *err);
/* At least one byte. */
int imap_link_receive(struct imap_link *link, void *bytes, size_t size,
		      size_t *got_r, struct nw_error *err);
void imap_link_close(struct imap_link *link);

/* The stream that libetpan reads replies from and writes commands to; NULL
 * without memory. */
mailstream *imap_reply_stream(struct imap *imap);
/* Closes the connection, which is of no use any more; returns -1. */
int imap_break_off(struct imap *imap, struct nw_error *err);
/* Before each command: which untagged data libetpan is to see ("LIST"; NULL:
 * none) and how many bytes will be sent. */
void imap_begin(struct imap *imap, const char *wanted, size_t sending);
/* Waits for the end of the reply, or for "+" where a command has more to
 * send. */
int imap_wait(struct imap *imap, bool may_continue, struct nw_error *err);
int imap_wait_greeting(struct imap *imap, struct nw_error *err);
/* What became of a command: result is libetpan's.  "what" is what it was for:
 * "the server will not WHAT: …". */
int imap_result(struct imap *imap, int result, const char *what,
		struct nw_error *err);
/* A command that libetpan has no function for, without its tag and CRLF. */
int imap_command(struct imap *imap, const char *command, size_t len,
		 bool may_continue, struct nw_error *err);
int imap_send(struct imap *imap, const char *bytes, size_t len,
	      struct nw_error *err);

/* Connected, secured, logged in, and with the server's rules of names.  Each
 * reply must come within reply_ms, which is longer for a command that sends
 * much. */
int imap_open(struct imap **imap_r, const struct nw_target *target,
	      int64_t reply_ms, struct nw_error *err);
void imap_close(struct imap **imap);
bool imap_can(const struct imap *imap, const char *capability);

/*
 * The server's name of a folder: the levels, which "/" divides in path, by the
 * server's own delimiter; below the prefix of the user's own folders; in
 * modified UTF-7 (RFC 3501 section 5.1.3).  com.example.world is one folder of
 * that name, but where a name can have no dot it is three levels.
 * NW_ERROR_CONFIG for a level without a name, control characters and what is
 * not UTF-8.
 */
int imap_folder_name(struct nw_buf *name, const char *path,
		     const struct imap_naming *naming, struct nw_error *err);
/* A quoted string (RFC 3501 section 4.3) of text without line ends. */
void imap_quote(struct nw_buf *line, const char *text);
/* Selects it, made and subscribed to when it is missing. */
int imap_folder_select(struct imap *imap, const char *path,
		       struct nw_error *err);

/* The newest message with that id: 1 and its UID, 0, -1. */
int imap_message_find(struct imap *imap, const char *message_id,
		      uint32_t *uid_r, struct nw_error *err);
/* flags: as in "(\Seen $Forwarded)", or "". */
int imap_message_append(struct imap *imap, const struct nw_letter *letter,
			const char *flags, struct nw_error *err);
int imap_message_flags(struct imap *imap, uint32_t uid, struct nw_buf *flags,
		       struct nw_error *err);
/* Without UIDPLUS it is only marked as deleted: EXPUNGE would take away with
 * it what the user has marked. */
int imap_message_remove(struct imap *imap, uint32_t uid, struct nw_error *err);

#endif
