/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is kept of a password: a hash that only guessing turns back, by
 * yescrypt of crypt(5), and the keys by which SCRAM-SHA-256 (RFC 7677) proves
 * it without either side sending it.
 *
 * A password is brought into the form of SASLprep (RFC 4013) first, so that it
 * is the same one from each keyboard.
 */
#ifndef NEWSWIRE_SECRET_H
#define NEWSWIRE_SECRET_H

#include <stdbool.h>

#include "newswire/buf.h"
#include "newswire/error.h"

/* NULL when AUTHINFO PASS (RFC 4643 section 2.3) and SASL can both carry the
 * password, else what is wrong with it. */
const char *nw_secret_refused(const char *password);

/* Appends "HASH:SCRAM" as newswire/users.h says, with new salts.  It takes
 * some 50 ms of computing. */
int nw_secret_make(const char *password, struct nw_buf *out,
		   struct nw_error *err);

/* Whether the password is the one of a hash.  It takes some 20 ms of
 * computing: a server has newswire/checker.h ask. */
bool nw_secret_check(const char *password, const char *hash);

/* Keys in the form of newswire/users.h. */
struct nw_secret_keys {
	char salt[32], stored_key[48], server_key[48];
};

/*
 * Keys for a name that has none, to be shown to who asks for it: the same ones
 * each time, as those of a user would be, and that no one can tell from those
 * of a user who does not know the seed.
 */
int nw_secret_pretend(const char *name, const char *seed,
		      struct nw_secret_keys *keys_r);

#endif
