/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps of a delivery: every call by which it changes a mailbox or the
 * store, counted, and one of them chosen to go wrong.  The linker puts these in
 * the place of the calls (--wrap).
 */
#ifndef NEWSWIRE_TESTS_DELIVER_STEPS_H
#define NEWSWIRE_TESTS_DELIVER_STEPS_H

#include <stdbool.h>

enum step_kind {
	STEP_NONE,
	STEP_KILL,	/* kill -9 before the step */
	STEP_TEAR,	/* kill -9 in the middle of a write */
	STEP_FULL,	/* the disk is full from this step on */
	STEP_ERROR,	/* the disk fails at this step */
	STEP_KINDS
};

struct steps {
	enum step_kind kind;
	long at;
	long done;
	bool hit;	/* a step went wrong */
	bool unsynced;	/* the cursor moved before the disk had it */
};

/* Counts from here on. */
void steps_plan(enum step_kind kind, long at);
const struct steps *steps_seen(void);

#endif
