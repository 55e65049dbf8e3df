/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An NNTP session with a gateway (RFC 3977), pipelined: "newswire nntp" as a
 * child process at the other end of a socket pair, or a server elsewhere, in
 * clear, by STARTTLS (RFC 4642) or TLS, with AUTHINFO (RFC 4643) and COMPRESS
 * DEFLATE (RFC 8054) where it is offered.  The bytes go through layers of
 * libetpan's mailstream (link.h).
 *
 * Runs in the worker's thread and knows nothing of Claws Mail.  A server may
 * say anything: every answer has a cap, every wait an end, and a cancelled
 * GCancellable ends any of these calls at once.  After NW_SESSION_ERROR_BROKEN
 * and NW_SESSION_ERROR_CANCELLED the session is good for closing only.  A
 * gateway ends a session that is idle for long: the next call then says BROKEN,
 * and a new session will do.
 */
#ifndef NEWSWIRE_PLUGIN_SESSION_H
#define NEWSWIRE_PLUGIN_SESSION_H

#include <gio/gio.h>

#include "gateway.h"

#define NW_SESSION_ERROR nw_session_error_quark()
GQuark nw_session_error_quark(void);

enum nw_session_error {
	NW_SESSION_ERROR_START,	    /* newswire cannot be started */
	NW_SESSION_ERROR_NETWORK,   /* not reached; the network may be gone */
	NW_SESSION_ERROR_TLS,	    /* no TLS, or its certificate is no good */
	NW_SESSION_ERROR_LOGIN,	    /* the password is refused or not safe */
	NW_SESSION_ERROR_REFUSED,   /* an answer that says no; it goes on */
	NW_SESSION_ERROR_BROKEN,    /* cut off, garbage, or too slow */
	NW_SESSION_ERROR_CANCELLED,
};

struct nw_session;

/* Connects, greets, encrypts, logs in and compresses.  The messages of errors
 * name the gateway and what to do. */
struct nw_session *nw_session_open(const struct nw_gateway *gateway,
				   GCancellable *cancel, GError **error);
/* Says QUIT without waiting long; reaps the child.  Accepts NULL. */
void nw_session_close(struct nw_session *session);

/* Whether the gateway lets this user subscribe, unsubscribe and see histories
 * (its capability XNEWSWIRE). */
gboolean nw_session_may_manage(const struct nw_session *session);

struct nw_session_group {
	char *name;
	char *description;	/* UTF-8; NULL when it was not asked for */
	guint32 low, high, count;
	gboolean by_address;	/* was subscribed to by it just now */
	gboolean missing;	/* of counts: it is not there for this user */
};
void nw_session_group_free(gpointer group);

/* All groups with their descriptions, sorted by name (LIST ACTIVE and LIST
 * NEWSGROUPS in one round trip), as struct nw_session_group; NULL and error. */
GPtrArray *nw_session_groups(struct nw_session *session, GError **error);

/* One round trip for all: fills low, high and count of each group (GROUP).
 * A group that the gateway has not (411), that this user may not read, or whose
 * numbers are too large is missing, with high 0 and low 1. */
gboolean nw_session_counts(struct nw_session *session,
			   GPtrArray *groups, GError **error);

/* Selects the group; its numbers from first on, ascending, as guint32, and,
 * in the same round trip, the Message-ID of the article anchor (0: none is
 * asked for), which is NULL when the group has no such number (GROUP,
 * LISTGROUP, STAT).  NULL and error. */
struct nw_session_numbers {
	GArray *numbers;
	char *anchor_id;
	guint32 low, high;
};
struct nw_session_numbers *nw_session_numbers(struct nw_session *session,
					      const char *group,
					      guint32 first, guint32 anchor,
					      GError **error);
void nw_session_numbers_free(struct nw_session_numbers *numbers);

struct nw_session_overview {
	guint32 number;
	const char *message_id;	/* these last until the callback returns */
	const char *date;	/* as in the article */
	guint32 octets;
};
/* Of the selected group; FALSE from the callback ends the session. */
typedef gboolean nw_session_overview_fn(const struct nw_session_overview *line,
					gpointer data);
/* Overviews of first to last, ascending (OVER, or XOVER where there is none).
 * No article in the range is no error. */
gboolean nw_session_overviews(struct nw_session *session, guint32 first,
			      guint32 last, nw_session_overview_fn *each,
			      gpointer data, GError **error);

/* What comes of an asked article: text has LF line ends and no NUL, and is the
 * callee's; NULL when it is gone, or larger than an article of newswire can be.
 * FALSE from the callback, which then sets error, ends the session. */
typedef gboolean nw_session_article_fn(guint32 number, GString *text,
				       gpointer data, GError **error);
/* Articles of the selected group in the order of numbers, with up to
 * NW_SESSION_WINDOW commands under way; headers_only asks for HEAD.  After an
 * article that is refused for a fault of the gateway no more are asked for,
 * those under way still come, and it is the error (REFUSED).
 *
 * 2,000 articles of 3 KB whose answers are 100 ms away take 3.5 s with a window
 * of 64, 1.9 s with 128, 1.1 s with 256. */
#define NW_SESSION_WINDOW 128
gboolean nw_session_articles(struct nw_session *session, const GArray *numbers,
			     gboolean headers_only,
			     nw_session_article_fn *each, gpointer data,
			     GError **error);

/* XNEWSWIRE (newswire(1)): the name of the group that the address feeds now
 * (free with g_free); NULL and error. */
char *nw_session_subscribe(struct nw_session *session, const char *url,
			   GError **error);
gboolean nw_session_unsubscribe(struct nw_session *session, const char *group,
				GError **error);
/* The history of a story as text in UTF-8, LF line ends; NULL and error. */
char *nw_session_history(struct nw_session *session, const char *message_id,
			 GError **error);

#endif
