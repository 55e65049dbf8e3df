/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the greeting to the login.
 *
 * Nothing that a server says in clear counts once TLS has begun: its
 * capabilities are asked again, and a server (or who sits before it) that has
 * sent more than the reply to STARTTLS is refused.  The password goes by TLS,
 * or to a loopback address.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "mailbox_imap_private.h"
#include "mailbox_private.h"
#include "newswire/limits.h"
#include "password_private.h"

#define PLAIN_BYTES (2 * NW_PASSWORD_BYTES + 2)

bool imap_can(const struct imap *imap, const char *capability)
{
	return mailimap_has_extension(imap->session, capability) != 0;
}

static int ask_capabilities(struct imap *imap, struct nw_error *err)
{
	struct mailimap_capability_data *found = NULL;
	int result;

	imap_begin(imap, "CAPABILITY", 0);
	result = mailimap_capability(imap->session, &found);
	if (found)
		mailimap_capability_data_free(found);
	return imap_result(imap, result, "tell its capabilities", err);
}

static int start_tls(struct imap *imap, const struct nw_target *target,
		     struct nw_error *err)
{
	if (!imap_can(imap, "STARTTLS")) {
		if (imap_link_is_local(&imap->link))
			return 0;
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "it offers no STARTTLS, and a password is "
				    "not sent in clear: write imaps:// if it "
				    "has TLS on a port of its own");
	}
	imap_begin(imap, NULL, 0);
	if (imap_command(imap, "STARTTLS", 8, false, err) ||
	    imap_result(imap, MAILIMAP_NO_ERROR, "begin TLS", err))
		return -1;
	if (imap->reply.raw.len) {
		nw_error_set(err, NW_ERROR_REFUSED,
			     "it went on in clear after STARTTLS: somebody on "
			     "the way may be changing what it says");
		return imap_break_off(imap, err);
	}
	if (imap_link_secure(&imap->link, imap->host, target->ca_file, err))
		return imap_break_off(imap, err);
	return ask_capabilities(imap, err);
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* LOGIN is for servers without PLAIN: it has no character set. */
static int log_in(struct imap *imap, const char *user,
		  const struct password *password, struct nw_error *err)
{
	struct nw_buf line;
	int result;

	if (!is_ascii(user) || !is_ascii(password->text))
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "it offers no AUTH=PLAIN, and LOGIN takes "
				    "a user and a password of ASCII only");
	nw_buf_init(&line, 2 * PLAIN_BYTES + 32);
	if (!nw_buf_reserve(&line, 2 * PLAIN_BYTES + 32))
		return nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	nw_buf_adds(&line, "LOGIN ");
	imap_quote(&line, user);
	nw_buf_addc(&line, ' ');
	imap_quote(&line, password->text);
	result = imap_command(imap, line.data, line.len, false, err);
	OPENSSL_cleanse(line.data, line.len);
	nw_buf_free(&line);
	return result;
}

/* RFC 4616; the first response goes along where the server takes it (SASL-IR,
 * RFC 4959). */
static int authenticate(struct imap *imap, const char *user,
			const struct password *password, struct nw_error *err)
{
	static const char command[] = "AUTHENTICATE PLAIN ";
	char plain[PLAIN_BYTES];
	char line[sizeof(command) + 2 * PLAIN_BYTES];
	size_t start = sizeof(command) - 1;
	size_t name = strlen(user), secret = strlen(password->text), len;
	int result;

	plain[0] = plain[name + 1] = '\0';
	memcpy(plain + 1, user, name);
	memcpy(plain + name + 2, password->text, secret);
	memcpy(line, command, start);
	len = (size_t)EVP_EncodeBlock((unsigned char *)line + start,
				      (unsigned char *)plain,
				      (int)(name + secret + 2));
	if (imap_can(imap, "SASL-IR")) {
		result = imap_command(imap, line, start + len, false, err);
	} else {
		memcpy(line + start + len, "\r\n", 2);
		result = imap_command(imap, command, start - 1, true, err);
		if (!result && imap->reply.status == IMAP_CONTINUE)
			result = imap_send(imap, line + start, len + 2, err) ||
						 imap_wait(imap, false, err)
					 ? -1
					 : 0;
	}
	OPENSSL_cleanse(plain, sizeof(plain));
	OPENSSL_cleanse(line, sizeof(line));
	return result;
}

static int send_password(struct imap *imap, const char *user,
			 const struct password *password, struct nw_error *err)
{
	if (mailimap_has_authentication(imap->session, "PLAIN"))
		return authenticate(imap, user, password, err);
	if (!imap_can(imap, "LOGINDISABLED"))
		return log_in(imap, user, password, err);
	return nw_error_set(err, NW_ERROR_REFUSED,
			    "it offers neither AUTH=PLAIN nor LOGIN%s",
			    imap->link.tls ? ""
					   : " without TLS: write imaps://");
}

static int get_password(const struct nw_target *target,
			struct password *password, struct nw_error *err)
{
	if (!target->user || !*target->user)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "no user: write %s://USER@%s/FOLDER",
				    target->driver->scheme, target->host);
	if (strlen(target->user) > NW_PASSWORD_BYTES)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "a user's name longer than %d bytes",
				    NW_PASSWORD_BYTES);
	if (!target->password)
		return password_find(password, target->user, target->host,
				     target->password_file, err);
	if (strlen(target->password) > NW_PASSWORD_BYTES)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "a password longer than %d bytes",
				    NW_PASSWORD_BYTES);
	memcpy(password->text, target->password, strlen(target->password) + 1);
	return 0;
}

static int identify(struct imap *imap, const struct nw_target *target,
		    struct nw_error *err)
{
	struct password password = { { '\0' } };
	int result;

	if (get_password(target, &password, err))
		return -1;
	imap_begin(imap, NULL, 0);
	result = send_password(imap, target->user, &password, err);
	password_wipe(&password);
	if (result)
		return -1;
	if (imap->reply.status == IMAP_NO || imap->reply.status == IMAP_BAD)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "it does not let %s in: %s (see whether "
				    "user and password are right)",
				    target->user, imap->reply.text);
	imap->session->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	/* Most servers tell all that they can only now. */
	return ask_capabilities(imap, err);
}

/* The prefix of the user's own folders and what divides their levels. */
static int ask_namespace(struct imap *imap, struct nw_error *err)
{
	struct mailimap_namespace_data *found = NULL;
	const struct mailimap_namespace_info *own;
	int result;

	imap_begin(imap, "NAMESPACE", 0);
	result = mailimap_namespace(imap->session, &found);
	if (imap_result(imap, result, "tell its namespaces", err))
		goto fail;
	if (found && found->ns_personal && found->ns_personal->ns_data_list &&
	    clist_begin(found->ns_personal->ns_data_list)) {
		own = clist_content(
			clist_begin(found->ns_personal->ns_data_list));
		imap->naming.prefix =
			nw_arena_strdup(imap->arena, own->ns_prefix);
		imap->naming.delimiter = own->ns_delimiter;
	}
	result = 0;
fail:
	if (found)
		mailimap_namespace_data_free(found);
	return result ? -1 : 0;
}

static int ask_delimiter(struct imap *imap, struct nw_error *err)
{
	const struct mailimap_mailbox_list *root;
	clist *found = NULL;
	int result;

	imap_begin(imap, "LIST", 0);
	result = mailimap_list(imap->session, "", "", &found);
	result = imap_result(imap, result, "tell how it divides names", err);
	if (!result && found && clist_begin(found)) {
		root = clist_content(clist_begin(found));
		imap->naming.delimiter = root->mb_delimiter;
	}
	if (found)
		mailimap_list_result_free(found);
	return result;
}

static int greet(struct imap *imap, const struct nw_target *target,
		 struct nw_error *err)
{
	bool at_once = !strcmp(target->driver->scheme, "imaps");
	mailstream *stream;
	bool known;

	imap_begin(imap, NULL, 0);
	if (at_once &&
	    imap_link_secure(&imap->link, imap->host, target->ca_file, err))
		return imap_break_off(imap, err);
	if (imap_wait_greeting(imap, err))
		return -1;
	known = imap->reply.status == IMAP_PREAUTH;
	stream = imap_reply_stream(imap);
	if (!stream)
		return nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	switch (mailimap_connect(imap->session, stream)) {
	case MAILIMAP_NO_ERROR_AUTHENTICATED:
	case MAILIMAP_NO_ERROR_NON_AUTHENTICATED:
		break;
	default:
		return nw_error_set(err, NW_ERROR_DATA,
				    "its greeting cannot be read");
	}
	/* A session that is open already has no STARTTLS, which suits who sits
	 * on the way. */
	if (known && !at_once && !imap_link_is_local(&imap->link))
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "it begins without TLS and asks for no "
				    "password: write imaps://");
	if (ask_capabilities(imap, err) ||
	    (!known && !at_once && start_tls(imap, target, err)) ||
	    (!known && identify(imap, target, err)))
		return -1;
	return imap_can(imap, "NAMESPACE") ? ask_namespace(imap, err)
					   : ask_delimiter(imap, err);
}

int imap_open(struct imap **imap_r, const struct nw_target *target,
	      int64_t reply_ms, struct nw_error *err)
{
	struct imap *imap = calloc(1, sizeof(*imap));

	if (!imap)
		return nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	imap->link.fd = -1;
	imap->reply_ms = reply_ms;
	imap->arena = nw_arena_new();
	imap->host = nw_arena_strdup(imap->arena, target->host);
	imap->naming.prefix = "";
	nw_buf_init(&imap->reply.raw, NW_IMAP_LINE_BYTES + NW_IMAP_READ_BYTES);
	nw_buf_init(&imap->reply.good, NW_IMAP_DATA_BYTES);
	imap->session = mailimap_new(0, NULL);
	if (!imap->session) {
		nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
		goto fail;
	}
	if (imap_link_open(&imap->link, imap->host, target->port, err) ||
	    greet(imap, target, err))
		goto fail;
	*imap_r = imap;
	return 0;
fail:
	imap_close(&imap);
	return -1;
}

/* libetpan says LOGOUT for a session that has a stream, and waits for the
 * answer. */
void imap_close(struct imap **imap)
{
	struct imap *old = *imap;

	if (!old)
		return;
	if (old->session) {
		imap_begin(old, NULL, 0);
		imap_link_limit(&old->link, NW_IMAP_LOGOUT_MS);
		mailimap_free(old->session);
	}
	imap_link_close(&old->link);
	nw_buf_free(&old->reply.raw);
	nw_buf_free(&old->reply.good);
	nw_arena_free(&old->arena);
	free(old);
	*imap = NULL;
}
