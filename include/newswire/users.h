/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file of passwords: who may log in.
 *
 *	file  = *( line LF )
 *	line  = user / "#" … / nothing
 *	user  = NAME ":" HASH [ ":" scram ]
 *	scram = "SCRAM-SHA-256$" ITERATIONS ":" SALT "$" STORED ":" SERVER
 *
 * NAME as nw_config_is_user() says, HASH as crypt(5) does, and the keys of
 * SCRAM (RFC 5803, RFC 7677) in base64.  The file is refused when others than
 * its owner and its group can look into it, or others than its owner write it.
 */
#ifndef NEWSWIRE_USERS_H
#define NEWSWIRE_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "newswire/arena.h"
#include "newswire/buf.h"
#include "newswire/error.h"

struct nw_user {
	const char *name;
	const char *hash;
	int line;		/* of the file */
	/* In base64; NULL: there are none. */
	const char *salt, *stored_key, *server_key;
	unsigned iterations;
};

/* All of a file; empty when zeroed. */
struct nw_users {
	struct nw_arena *arena;
	struct nw_user *all;	/* by their names */
	size_t count;
	const struct nw_user *scram; /* the first that has keys, or NULL */
	struct stat seen;	/* of the file as it was last read */
	bool looked;
};

/* Takes a whole file apart, into the arena.  Fails with NW_ERROR_CONFIG:
 * "PATH:LINE: why". */
int nw_users_parse(struct nw_arena *arena, const char *path,
		   const struct nw_buf *text, struct nw_users *users_r,
		   struct nw_error *err);

/* The whole file and what it is, after having looked at its mode: 1, or 0 when
 * it is not there. */
int nw_users_read(const char *path, struct nw_buf *text, struct stat *st_r,
		  struct nw_error *err);

/*
 * Reads the file if it has changed since the last call; one that is missing is
 * an empty one.  On failure, which is told once for each change of the file,
 * what was read before stays in force.
 */
int nw_users_refresh(struct nw_users *users, const char *path,
		     struct nw_error *err);
void nw_users_free(struct nw_users *users);

/* NULL: there is none of that name. */
const struct nw_user *nw_users_find(const struct nw_users *users,
				    const char *name);

/*
 * Puts "NAME:SECRET" in the place of the user's line, or at the end, and makes
 * the file (mode 0600) when it is missing; a secret of NULL takes the line
 * away.  Other lines stay as they are.  The file is written anew beside the
 * old one, whose owner and mode it keeps, and reaches the disk before it takes
 * its place.  A file that cannot be read is not touched.
 */
int nw_users_change(const char *path, const char *name, const char *secret,
		    struct nw_error *err);

#endif
