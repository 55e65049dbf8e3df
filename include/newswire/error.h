/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What went wrong, in words, and what kind of thing it was.
 *
 * A function that can fail returns -1 and fills the caller's struct, last
 * parameter, by value: nothing to free.  The text is one line without a full
 * stop that names the object and the cause, and where there is one the
 * remedy.  Control characters of foreign bytes are replaced by "?", so an
 * error can be logged as it is.
 */
#ifndef NEWSWIRE_ERROR_H
#define NEWSWIRE_ERROR_H

#include <stdarg.h>

enum nw_error_code {
	NW_ERROR_NONE,
	NW_ERROR_USAGE,	      /* the caller's arguments */
	NW_ERROR_DATA,	      /* bytes from outside that cannot be read */
	NW_ERROR_MISSING,     /* a file, group, source or article is absent */
	NW_ERROR_NETWORK,     /* a host that cannot be reached, a bad status */
	NW_ERROR_REFUSED,     /* by our own policy: private address, a cap */
	NW_ERROR_IO,	      /* disk, pipe, store */
	NW_ERROR_BUSY,	      /* someone else holds it; try again */
	NW_ERROR_CONFIG,      /* the configuration file */
	NW_ERROR_DAMAGED,     /* the store's file is not whole */
	NW_ERROR_INTERNAL,    /* a promise of our own code is broken */
	NW_ERROR_CODES
};

struct nw_error {
	enum nw_error_code code;
	char text[512];
};

/* Fills err (which may be NULL) and returns -1, so that a caller can write
 * "return nw_error_set(err, …)". */
int nw_error_set(struct nw_error *err, enum nw_error_code code,
		 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the text that err holds; keeps the code; returns
 * -1. */
int nw_error_prefix(struct nw_error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Fills err with "what: strerror(errno)"; returns -1. */
int nw_error_errno(struct nw_error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The exit code of sysexits.h that a command ends with. */
int nw_error_exit(const struct nw_error *err);

#endif
