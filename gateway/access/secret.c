/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <crypt.h>
#include <gsasl.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/secret.h"
#include "newswire/utf8.h"

#define SALT_BYTES 16
/* A command is cut at them, and two of its words are AUTHINFO PASS. */
#define SPACES_MAX (NW_NNTP_ARGUMENTS - 3)
_Static_assert(SPACES_MAX == 13, "as the refusal of more says");
#define KEY_BYTES GSASL_HASH_SHA256_SIZE

/* The keys of SCRAM, RFC 5802 section 3. */
struct keys {
	char salted[KEY_BYTES], client[KEY_BYTES];
	char server[KEY_BYTES], stored[KEY_BYTES];
};

static int derive(const char *password, unsigned iterations,
		  const char *salt, size_t salt_len, struct keys *keys_r)
{
	return gsasl_scram_secrets_from_password(
		       GSASL_HASH_SHA256, password, iterations, salt,
		       salt_len, keys_r->salted, keys_r->client,
		       keys_r->server, keys_r->stored) == GSASL_OK ? 0 : -1;
}

static int to_base64(const char *bytes, size_t len, char *text, size_t room)
{
	size_t text_len;
	char *made;
	int result = -1;

	if (gsasl_base64_to(bytes, len, &made, &text_len) != GSASL_OK)
		return -1;
	if (text_len < room) {
		memcpy(text, made, text_len + 1);
		result = 0;
	}
	gsasl_free(made);
	return result;
}

static int write_keys(const char *salt, const struct keys *keys,
		      struct nw_secret_keys *keys_r)
{
	if (to_base64(salt, SALT_BYTES, keys_r->salt,
		      sizeof(keys_r->salt)) < 0 ||
	    to_base64(keys->stored, KEY_BYTES, keys_r->stored_key,
		      sizeof(keys_r->stored_key)) < 0)
		return -1;
	return to_base64(keys->server, KEY_BYTES, keys_r->server_key,
			 sizeof(keys_r->server_key));
}

/* The password in the form of SASLprep, from malloc, or NULL.  What is stored
 * may hold no code points that are yet to be assigned (RFC 4013 section
 * 2.5). */
static char *prepare(const char *password, bool stored)
{
	char *prepared;

	if (gsasl_saslprep(password, stored ? 0 : GSASL_ALLOW_UNASSIGNED,
			   &prepared, NULL) != GSASL_OK)
		return NULL;
	return prepared;
}

static void forget(char *password)
{
	if (password)
		explicit_bzero(password, strlen(password));
	gsasl_free(password);
}

const char *nw_secret_refused(const char *password)
{
	size_t len = strlen(password), spaces = 0, i;
	char *prepared;
	bool usable;

	if (!len)
		return "is empty";
	if (len > NW_USER_PASSWORD_OCTETS)
		return "is too long";
	if (nw_utf8_valid(password, len) != len)
		return "is not in UTF-8";
	for (i = 0; i < len; i++) {
		spaces += password[i] == ' ';
		if ((unsigned char)password[i] < ' ' || password[i] == 0x7f)
			return "holds a control character";
	}
	if (spaces > SPACES_MAX)
		return "has too many words: 14 at most";
	if (password[0] == ' ' || password[len - 1] == ' ')
		return "begins or ends with a space, which news clients "
		       "cannot send";
	prepared = prepare(password, true);
	usable = prepared && *prepared;
	forget(prepared);
	return usable ? NULL : "holds characters that SASLprep does not allow";
}

static int add_hash(const char *password, struct nw_buf *out,
		    struct nw_error *err)
{
	char *setting = crypt_gensalt_ra("$y$", 0, NULL, 0), *hash = NULL;
	void *room = NULL;
	int room_len = 0;

	if (setting)
		hash = crypt_ra(password, setting, &room, &room_len);
	if (hash)
		nw_buf_adds(out, hash);
	free(setting);
	free(room);
	return hash ? 0 : nw_error_errno(err, "yescrypt");
}

static int add_scram(const char *password, struct nw_buf *out,
		     struct nw_error *err)
{
	struct nw_secret_keys written;
	char salt[SALT_BYTES];
	struct keys keys;
	int failed;

	failed = gsasl_nonce(salt, sizeof(salt)) != GSASL_OK ||
		 derive(password, NW_SCRAM_ITERATIONS, salt, sizeof(salt),
			&keys) < 0 ||
		 write_keys(salt, &keys, &written) < 0;
	explicit_bzero(&keys, sizeof(keys));
	if (failed)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "the keys of SCRAM cannot be made");
	nw_buf_addf(out, ":SCRAM-SHA-256$%d:%s$%s:%s", NW_SCRAM_ITERATIONS,
		    written.salt, written.stored_key, written.server_key);
	return 0;
}

int nw_secret_make(const char *password, struct nw_buf *out,
		   struct nw_error *err)
{
	const char *why = nw_secret_refused(password);
	char *prepared = why ? NULL : prepare(password, true);
	int result = -1;

	if (why)
		return nw_error_set(err, NW_ERROR_DATA, "the password %s",
				    why);
	if (!prepared)
		return nw_error_errno(err, "SASLprep");
	if (add_hash(prepared, out, err) == 0)
		result = add_scram(prepared, out, err);
	forget(prepared);
	return result;
}

/* Takes as long wherever the first difference is. */
static bool are_equal(const char *a, const char *b)
{
	size_t len = strlen(a), i;
	unsigned char differ = 0;

	if (strlen(b) != len)
		return false;
	for (i = 0; i < len; i++)
		differ |= (unsigned char)(a[i] ^ b[i]);
	return !differ;
}

bool nw_secret_check(const char *password, const char *hash)
{
	char *prepared = prepare(password, false), *made;
	void *room = NULL;
	int room_len = 0;
	bool equal;

	made = crypt_ra(prepared ? prepared : password, hash, &room,
			&room_len);
	equal = made && are_equal(made, hash);
	forget(prepared);
	if (room)
		explicit_bzero(room, (size_t)room_len);
	free(room);
	return equal;
}

int nw_secret_pretend(const char *name, const char *seed,
		      struct nw_secret_keys *keys_r)
{
	struct keys keys;

	/* HMACs of the name that only who knows the seed can compute. */
	if (derive(name, 1, seed, strlen(seed), &keys) < 0)
		return -1;
	return write_keys(keys.client, &keys, keys_r);
}
