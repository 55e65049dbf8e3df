/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

/* The first of OpenSSL's reasons is the one that says most. */
static const char *reason(void)
{
	unsigned long code = ERR_get_error();
	const char *text = ERR_reason_error_string(code);

	ERR_clear_error();
	return text ? text : "the connection was cut";
}

/* A server cannot ask for a passphrase. */
static int no_passphrase(char *buf, int size, int writing, void *argument)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)argument;
	return -1;
}

static void write_day(const ASN1_TIME *time, char *date, size_t size)
{
	struct tm tm;

	if (!ASN1_TIME_to_tm(time, &tm) || !strftime(date, size, "%F", &tm))
		date[0] = '\0';
}

static int check_dates(SSL_CTX *context, const char *path,
		       struct nw_error *err)
{
	const X509 *leaf = SSL_CTX_get0_certificate(context);
	const ASN1_TIME *begin = X509_get0_notBefore(leaf);
	const ASN1_TIME *end = X509_get0_notAfter(leaf);
	char date[16];

	if (X509_cmp_current_time(end) < 0) {
		write_day(end, date, sizeof(date));
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "tls-certificate: %s: expired on %s; renew "
				    "it", path, date);
	}
	if (X509_cmp_current_time(begin) > 0) {
		write_day(begin, date, sizeof(date));
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "tls-certificate: %s: is valid from %s "
				    "on; wait, or set the clock", path, date);
	}
	return 0;
}

static int check_readable(const char *option, const char *path,
			  struct nw_error *err)
{
	BIO *file = BIO_new_file(path, "r");
	int number = errno;

	ERR_clear_error();
	BIO_free(file);
	if (file)
		return 0;
	return nw_error_set(err, NW_ERROR_CONFIG,
			    "%s: %s: %s; the user who runs newswire must be "
			    "able to read it", option, path,
			    strerror(number));
}

static int load(SSL_CTX *context, const char *certificate, const char *key,
		struct nw_error *err)
{
	if (check_readable("tls-certificate", certificate, err) < 0 ||
	    check_readable("tls-key", key, err) < 0)
		return -1;
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "tls-certificate: %s: %s; it must be a "
				    "certificate in PEM, those of its "
				    "authorities behind it", certificate,
				    reason());
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(context) != 1)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "tls-key: %s: %s; %s", key, reason(),
				    key == certificate
				    ? "the file of the certificate has no key "
				      "of it without a passphrase: tls-key "
				      "names its own"
				    : "it must be the key of the certificate "
				      "in PEM, without a passphrase");
	return check_dates(context, certificate, err);
}

/*
 * TLS 1.2 or newer (RFC 8996).  A renegotiation is refused and no session is
 * resumed: a news reader connects once, and a key that unlocks many
 * sessions is not kept.
 */
static SSL_CTX *context_new(const char *certificate, const char *key,
			    struct nw_error *err)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (!context ||
	    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_num_tickets(context, 0) != 1) {
		SSL_CTX_free(context);
		(void)nw_error_set(err, NW_ERROR_INTERNAL, "tls: %s",
				   reason());
		return NULL;
	}
	(void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION |
						   SSL_OP_NO_TICKET |
						   SSL_OP_NO_COMPRESSION);
	(void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	(void)SSL_CTX_set_mode(context,
			       SSL_MODE_RELEASE_BUFFERS |
				       SSL_MODE_ENABLE_PARTIAL_WRITE |
				       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* One record a read: a client that sends nothing but records without
	 * commands must not hold a turn for ever. */
	(void)SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
	if (load(context, certificate, key ? key : certificate, err) < 0) {
		SSL_CTX_free(context);
		return NULL;
	}
	return context;
}

int nw_nntp_certificate_check(const char *certificate, const char *key,
			      const struct nw_log *log, struct nw_error *err)
{
	SSL_CTX *context = context_new(certificate, key, err);
	struct stat status;

	if (!context)
		return -1;
	SSL_CTX_free(context);
	if (!key)
		key = certificate;
	if (stat(key, &status) == 0 && status.st_mode & (S_IRGRP | S_IROTH))
		nw_log(log, NW_LOG_WARNING, "tls-key", key,
		       "others can read it (mode %04o): chmod 600",
		       (unsigned)status.st_mode & 07777);
	return 0;
}

int nw_nntp_server_certificate(struct nw_nntp_server *server,
			       const char *certificate, const char *key,
			       struct nw_error *err)
{
	SSL_CTX *context = NULL;

	if (certificate) {
		context = context_new(certificate, key, err);
		if (!context)
			return -1;
	}
	/* Sessions hold on to the one that they began with. */
	SSL_CTX_free(server->tls);
	server->tls = context;
	return 0;
}

SSL *nw_nntp_tls_new(SSL_CTX *context, const struct nw_nntp_stream *stream)
{
	SSL *tls = SSL_new(context);

	if (!tls)
		return NULL;
	if (SSL_set_rfd(tls, stream->in) != 1 ||
	    SSL_set_wfd(tls, stream->out) != 1)
		nw_nntp_tls_free(&tls);
	else
		SSL_set_accept_state(tls);
	return tls;
}

void nw_nntp_tls_free(SSL **tls)
{
	if (!*tls)
		return;
	ERR_clear_error();
	if (SSL_is_init_finished(*tls))
		(void)SSL_shutdown(*tls);
	ERR_clear_error();
	SSL_free(*tls);
	*tls = NULL;
}

/*
 * A client that waits for nothing behind its last octets of the handshake, and
 * whose system gathers small writes, sends its command when those are
 * acknowledged: 40 ms later, were it left to the system.
 */
static void acknowledge(int fd)
{
	const int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

int nw_nntp_tls_shake(struct nw_nntp_stream *stream, struct nw_error *err)
{
	int result, why;

	ERR_clear_error();
	result = SSL_do_handshake(stream->tls);
	if (result == 1) {
		stream->handshaking = false;
		acknowledge(stream->in);
		return 1;
	}
	why = SSL_get_error(stream->tls, result);
	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
		stream->wants_write = why == SSL_ERROR_WANT_WRITE;
		return 0;
	}
	return nw_error_set(err, NW_ERROR_NETWORK, "%s", reason());
}

/* What read(2) and write(2) say. */
static ssize_t outcome(const SSL *tls, int result)
{
	switch (SSL_get_error(tls, result)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:	/* a cut connection is no end (RFC 8446 section 6.1) */
		errno = ECONNRESET;
		return -1;
	}
}

ssize_t nw_nntp_tls_read(struct nw_nntp_stream *stream, char *data,
			 size_t room)
{
	size_t used = 0, got;
	int result = 1;

	ERR_clear_error();
	while (used < room) {
		result = SSL_read_ex(stream->tls, data + used, room - used,
				     &got);
		if (result != 1)
			break;
		used += got;
	}
	if (!used)
		return outcome(stream->tls, result);
	/* What is left in the layer, or its end, makes no descriptor
	 * readable. */
	stream->filled = result == 1 || !SSL_want_read(stream->tls);
	return (ssize_t)used;
}

ssize_t nw_nntp_tls_write(struct nw_nntp_stream *stream, const char *data,
			  size_t len)
{
	size_t used = 0, sent;
	int result = 1;

	ERR_clear_error();
	while (used < len) {
		result = SSL_write_ex(stream->tls, data + used, len - used,
				      &sent);
		if (result != 1)
			break;
		used += sent;
	}
	return used ? (ssize_t)used : outcome(stream->tls, result);
}

bool nw_nntp_may_start_tls(const struct nw_nntp_session *session)
{
	return session->server->tls && !session->alone &&
	       !nw_nntp_is_tls(session) && !nw_nntp_is_compressed(session) &&
	       !nw_nntp_user(session);
}

/* RFC 4642 section 2.2 */
int nw_nntp_starttls(struct nw_nntp_session *session,
		     const struct nw_nntp_command *command, char *const *words,
		     struct nw_error *err)
{
	struct nw_nntp_stream *stream = &session->stream;

	(void)words;
	(void)err;
	if (nw_nntp_is_tls(session) || nw_nntp_is_compressed(session)) {
		nw_nntp_reply(session, NW_NNTP_DENIED,
			      "a layer is already active");
		return 0;
	}
	if (nw_nntp_user(session)) {
		nw_nntp_reply(session, NW_NNTP_DENIED,
			      "TLS begins before the login");
		return 0;
	}
	if (nw_nntp_may_start_tls(session))
		stream->next_tls = nw_nntp_tls_new(session->server->tls,
						   stream);
	if (!stream->next_tls) {
		nw_nntp_reply(session, NW_NNTP_NO_TLS,
			      "no TLS here, or not now");
		return 0;
	}
	/* As after the greeting (RFC 4642 section 2.2.2). */
	session->group_id = session->current = 0;
	session->gzip = NW_NNTP_GZIP_OFF;
	nw_nntp_login_free(session);
	nw_nntp_reply(session, command->code, "continue with TLS");
	return 0;
}
