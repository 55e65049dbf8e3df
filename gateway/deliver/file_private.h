/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of mailboxes: what is on the disk when a call returns, and errors that
 * say what to do.
 */
#ifndef NEWSWIRE_FILE_PRIVATE_H
#define NEWSWIRE_FILE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/buf.h"
#include "newswire/error.h"

/* Fills err by errno: what is wrong with path and what to do; returns -1. */
int nw_file_fail(const char *path, struct nw_error *err);

/* Makes a folder, and those above it, for its owner alone.  made_r, which may
 * be NULL, says whether it was missing. */
int nw_file_make_dir(const char *path, bool *made_r, struct nw_error *err);
/* Makes the folders above path. */
int nw_file_make_parents(const char *path, struct nw_error *err);
/* Names that were made, moved or removed in a folder are on the disk. */
int nw_file_sync_dir(const char *path, struct nw_error *err);
/* The same of the folder above path. */
int nw_file_sync_parent(const char *path, struct nw_error *err);

/* All of it, or -1 with errno. */
int nw_file_write_all(int fd, const char *bytes, size_t len);
/* Writes a new file, or one that is left of an interrupted run, with its time,
 * to the disk.  On failure no file is there. */
int nw_file_put(const char *path, const struct nw_buf *bytes, int64_t utc,
		struct nw_error *err);

#endif
