/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much one address, or one user, may have of the news server: connections
 * at once, commands and octets a second, posts a minute, errands at once, over
 * all reader processes.
 *
 * The master makes the table before it forks; it lies in memory that the
 * readers share, because the kernel spreads the clients of an address over
 * them as it likes, and a share of the limit for each would refuse some clients
 * too early and others never.  A reader counts in a row of its own, which the
 * master clears when that reader died, however it died.
 *
 * A rate is kept by the generic cell rate algorithm (ITU-T I.371): each party
 * has a time up to which its share is used up.  Who is ahead of it by more than
 * NW_NNTP_BURST_S waits.  Parties lie where a hash with a random key puts
 * them, so that nobody can aim at another's place.
 */
#ifndef NEWSWIRE_NNTP_LIMIT_H
#define NEWSWIRE_NNTP_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/error.h"
#include "newswire/net.h"

struct nw_nntp_limits;
struct nw_nntp_party;	/* an address or a user that is counted */

enum nw_nntp_party_kind {
	NW_NNTP_ADDRESS,
	NW_NNTP_USER,
	NW_NNTP_PARTY_KINDS
};

struct nw_nntp_allowance {
	unsigned connections;	/* 0: as many as there are */
	unsigned commands_s;	/* 0: as fast as they come */
	size_t bytes_s;
};

struct nw_nntp_limit_options {
	struct nw_nntp_allowance allowances[NW_NNTP_PARTY_KINDS];
	const struct nw_net *unlimited; /* addresses that are not counted */
	size_t unlimited_count;
	unsigned readers;	/* rows */
};

/* Copies the options.  The processes that are forked from here on share what
 * is counted. */
int nw_nntp_limits_new(struct nw_nntp_limits **limits_r,
		       const struct nw_nntp_limit_options *options,
		       struct nw_error *err);
/* In this process, for who comes from now on, and for the rates of those that
 * are counted already; readers stay as many as they were. */
int nw_nntp_limits_change(struct nw_nntp_limits *limits,
			  const struct nw_nntp_limit_options *options,
			  struct nw_error *err);
/* In this process; sets the pointer to NULL. */
void nw_nntp_limits_free(struct nw_nntp_limits **limits);
/* A reader has died: what it counted goes with it. */
void nw_nntp_limits_clear(struct nw_nntp_limits *limits, unsigned reader);

/* How many sessions a reader has, and whether one of them has fewer than most:
 * that one will take the clients for whom another has no place. */
void nw_nntp_limits_tell(struct nw_nntp_limits *limits, unsigned reader,
			 unsigned sessions);
bool nw_nntp_limits_room(const struct nw_nntp_limits *limits, unsigned most);

/*
 * Counts a connection of a reader: false when its party has too many.
 * party_r is NULL when it is not counted: unlimited, or when the table is full
 * of others that are connected.
 */
bool nw_nntp_limit_address(struct nw_nntp_limits *limits, unsigned reader,
			   const unsigned char address[NW_NET_OCTETS],
			   struct nw_nntp_party **party_r);
bool nw_nntp_limit_user(struct nw_nntp_limits *limits, unsigned reader,
			const char *name, struct nw_nntp_party **party_r);
/* The connection has ended; party may be NULL. */
void nw_nntp_limit_leave(struct nw_nntp_limits *limits, unsigned reader,
			 struct nw_nntp_party *party);

/* Charges a party for what it got: how many microseconds it must wait now, 0:
 * it may go on.  now_us is of a clock that all processes share. */
int64_t nw_nntp_limit_charge(struct nw_nntp_limits *limits,
			     struct nw_nntp_party *party, unsigned commands,
			     size_t bytes, int64_t now_us);

/*
 * Whether one may post an article now: a user or, where that is NULL, an
 * address, be it unlimited or not.  With count, he has.  NW_POST_MINUTE
 * articles may come at once, then as many a minute.
 */
bool nw_nntp_limit_post(struct nw_nntp_limits *limits,
			const unsigned char address[NW_NET_OCTETS],
			const char *user, bool count, int64_t now_us);

/*
 * Counts an errand (limits.h) that a reader runs for a user: its place, to be
 * given back when it has ended; -1 when the reader, or all of them, or the user
 * have as many as they may.
 */
int nw_nntp_limit_errand(struct nw_nntp_limits *limits, unsigned reader,
			 const char *user);
void nw_nntp_limit_errand_end(struct nw_nntp_limits *limits, unsigned reader,
			      int place);

#endif
