/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a news server said what it owes to a client: one reply for each
 * command, article and response of SASL, each well-formed (RFC 3977 section
 * 3.1), through both kinds of compression.
 */
#ifndef FUZZ_NNTP_REPLIES_H
#define FUZZ_NNTP_REPLIES_H

#include "newswire/buf.h"

/* More octets than this in one direction, and there is no use in looking. */
#define NNTP_REPLIES_BYTES (16u << 20)

/* data: all that the client sent, before it said no more.  Aborts, with what
 * is wrong. */
void nntp_replies_check(const char *data, size_t size,
			const struct nw_buf *said);

#endif
