/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk that fails when it is told to: an SQLite VFS in front of the real
 * one.  It counts every step at which a store touches the disk or the memory
 * that processes share, and at one of them does what the plan says.  No
 * program but a test installs it; the store does not know of it.
 */
#ifndef NEWSWIRE_TESTS_CRASH_VFS_H
#define NEWSWIRE_TESTS_CRASH_VFS_H

#include <sqlite3.h>
#include <stdbool.h>

enum crash_kind {
	CRASH_NONE,
	CRASH_KILL,  /* kill -9 before the step */
	CRASH_TEAR,  /* … in the middle of a write */
	CRASH_POWER, /* power fails: of what was not synced nothing is left */
	CRASH_MIX,   /* … or every other write, as drives reorder them */
	CRASH_FULL,  /* no more room on the disk from this step on */
	CRASH_ERROR, /* this step alone fails */
	CRASH_KINDS
};

struct crash_file;

struct crash_vfs {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	struct crash_file *files;	/* those that are open */
	enum crash_kind kind;
	long at;			/* the step, from 1 */
	long steps;			/* so far */
	bool failed;			/* whether a step was told to fail */
};

/* From here on the process opens its databases through it. */
void crash_vfs_install(struct crash_vfs *crash);
/* Steps count from here. */
void crash_vfs_plan(struct crash_vfs *crash, enum crash_kind kind, long at);

#endif
