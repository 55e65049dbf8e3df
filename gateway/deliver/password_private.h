/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The password of an account, from the environment (NEWSWIRE_IMAP_PASSWORD)
 * or else from a file of lines
 *
 *	USER@HOST password
 *
 * where the password is the rest of the line; lines that are empty or begin
 * with # say nothing.  The file must be its user's own, and nobody else may
 * read it.
 */
#ifndef NEWSWIRE_PASSWORD_PRIVATE_H
#define NEWSWIRE_PASSWORD_PRIVATE_H

#include <stddef.h>

#include "newswire/error.h"
#include "newswire/limits.h"

#define PASSWORD_VARIABLE "NEWSWIRE_IMAP_PASSWORD"

struct password {
	char text[NW_PASSWORD_BYTES + 1];
};

/* file may be NULL.  NW_ERROR_CONFIG says where a password is looked for, or
 * what is wrong with the file, and what to do; no error has a password in
 * it. */
int password_find(struct password *password_r, const char *user,
		  const char *host, const char *file, struct nw_error *err);
/* Overwrites it, however the compiler sees that. */
void password_wipe(struct password *password);

#endif
