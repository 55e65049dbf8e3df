/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A news server that follows a script, right or wrong (scripted.h).  The lines
 * of a script:
 *
 *	C: text		the client's next line is this
 *	C*: A B text	its next lines are this for each number from A to B, "%"
 *			standing for the number
 *	S: text		this line is sent; "|" stands for CR LF
 *	S*: A B text	for each number from A to B
 *	P: text		is sent without CR LF at the end; "~" stands for NUL,
 *			"^" for LF
 *	drip: MS text	is sent an octet at a time, again and again
 *	flood: text	is sent again and again until the client leaves
 *	hear		the client sends something, whatever it is
 *	quiet		the client has sent nothing more within 200 ms
 *	stall		nothing until the client leaves
 *	tls: FILE	TLS begins, with the certificate and key in FILE
 *	tls 1.1: FILE	the same, of no later version
 *	sni: NAME	the client called the server so, or not at all (RFC
 *			6066 section 3)
 *	zeros		a DEFLATE stream (RFC 8054) that never ends begins
 *	singly		from here on each octet is sent by itself
 *	close		the connection is closed
 *	reset		the same, as if the machine had gone
 *
 * After the last line the client may say QUIT, and leaves.
 */
#ifndef NEWSWIRE_TESTS_BADSERVER_H
#define NEWSWIRE_TESTS_BADSERVER_H

#include "scripted.h"

void badserver_start(struct scripted *server, const char *script);

#endif
