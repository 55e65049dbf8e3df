/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An IMAP server that follows a script, right or wrong (scripted.h).  The lines
 * of a script:
 *
 *	C: text		the client's next line is TAG SP text, or begins so
 *	c: text		the same without a tag
 *	S: text		this line is sent; "%" stands for the client's last
 *			tag, "|" for CR LF
 *	P: text		the same without CR LF at the end
 *	L:		the literal that the client's last line announced, and
 *			the end of its line
 *	l: number	so many octets of it
 *	drip: text	sent again and again, an octet every 20 ms
 *	flood: text	sent again and again
 *	stall		nothing until the client leaves
 *	close
 *
 * After the last line the client may say LOGOUT, and leaves.
 */
#ifndef NEWSWIRE_TESTS_IMAPSERVER_H
#define NEWSWIRE_TESTS_IMAPSERVER_H

#include "scripted.h"

void imapserver_start(struct scripted *server, const char *script);

#endif
