/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks whether passwords are right, in a process of its own.
 *
 * The hash of a password is made to be slow: what it costs, an event loop has
 * not to spare.  One child of the process, nicer than it, checks one password
 * after the other; it is forked when the first one comes and ends with its
 * parent.  Those that wait are few, and few from one place, so that who guesses
 * keeps nobody else from logging in for long.
 */
#ifndef NEWSWIRE_CHECKER_H
#define NEWSWIRE_CHECKER_H

#include <stdbool.h>
#include <stdint.h>

#include "newswire/error.h"

struct event_base;
struct nw_checker;
struct nw_check;

enum nw_checked {
	NW_CHECKED_WRONG,
	NW_CHECKED_RIGHT,
	NW_CHECKED_NOT,	/* the child has failed */
};

/* Called from the event loop, once. */
typedef void nw_checker_done(enum nw_checked result, void *context);

struct nw_checker_order {
	const char *password;
	const char *hash;	/* of crypt(5) */
	bool never;		/* it is wrong in any case, but takes as long */
	uint64_t place;		/* where it comes from */
};

/* Starts nothing yet. */
int nw_checker_new(struct nw_checker **checker_r, struct event_base *base,
		   struct nw_error *err);
/* Ends the child; what waits is forgotten.  Sets the pointer to NULL. */
void nw_checker_free(struct nw_checker **checker);

/*
 * Copies the order; the check ends with done.  Fails with NW_ERROR_BUSY when
 * NW_CHECKER_QUEUE of them wait, or NW_CHECKER_PLACE from that place, and with
 * NW_ERROR_DATA when a string is too long.
 */
int nw_checker_ask(struct nw_checker *checker,
		   const struct nw_checker_order *order, nw_checker_done *done,
		   void *context, struct nw_check **check_r,
		   struct nw_error *err);
/* It is not called any more. */
void nw_check_cancel(struct nw_check *check);

#endif
