/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions of the plugin with servers of the tests.
 */
#ifndef NEWSWIRE_TESTS_SESSION_FIXTURE_H
#define NEWSWIRE_TESTS_SESSION_FIXTURE_H

#include "unit.h"

#include "../../plugin/session_private.h"
#include "badserver.h"

/* What a server says to a new reader, and the reader to it. */
#define HELLO                     \
	"S: 201 bad.test ready\n" \
	"C: CAPABILITIES\n"       \
	"S: 101 what there is|VERSION 2|READER|OVER|.\n"

/* So that no test waits long for what has to take too long. */
extern const struct nw_patience hasty;

struct meeting {
	struct scripted server;
	struct nw_session *session;
	GError *error;
};

/* A session with a server that follows the script. */
void meet(struct meeting *meeting, const char *script);
/* The same; first is what comes before the script. */
void meet_behind(struct meeting *meeting, const char *first,
		 const char *script);
/* The same by gateway, whose port is the server's then. */
void meet_as(struct meeting *meeting, const char *script,
	     struct nw_gateway *gateway);
/* Closes the session; the client must have kept to the script, and the last
 * error be of this code, or none for -1, with these words in it. */
void part(struct meeting *meeting, int code, const char *words);

GArray *numbers_to(guint32 from, guint32 to);

#endif
