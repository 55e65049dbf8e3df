/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "tls_private.h"

struct tls {
	SSL_CTX *context;
	SSL *ssl;
	BIO_METHOD *method;
	int fd;
	short events;
	const char *host;
	const char *ca_file;
	int fault;	  /* X509_V_ERR_… of the first that was found */
	char date[32];	  /* of the certificate that is too old or new */
	char names[128];  /* that the server's certificate is for */
	char reason[128]; /* of a failure that is not the certificate's */
};

/* OpenSSL's own socket BIO calls write(2), which may raise SIGPIPE. */
static int socket_write(BIO *bio, const char *bytes, int len)
{
	const struct tls *tls = BIO_get_data(bio);
	ssize_t sent = send(tls->fd, bytes, (size_t)len, MSG_NOSIGNAL);

	BIO_clear_retry_flags(bio);
	if (sent < 0 &&
	    (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		BIO_set_retry_write(bio);
	return (int)sent;
}

static int socket_read(BIO *bio, char *bytes, int size)
{
	const struct tls *tls = BIO_get_data(bio);
	ssize_t got = recv(tls->fd, bytes, (size_t)size, 0);

	BIO_clear_retry_flags(bio);
	if (got < 0 &&
	    (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		BIO_set_retry_read(bio);
	return (int)got;
}

static long socket_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	return command == BIO_CTRL_FLUSH;
}

static void note_date(struct tls *tls, const ASN1_TIME *time)
{
	struct tm tm;

	if (time && ASN1_TIME_to_tm(time, &tm))
		(void)strftime(tls->date, sizeof(tls->date), "%Y-%m-%d", &tm);
}

/* The first name alone: an error is one line. */
static void note_names(struct tls *tls, const X509 *certificate)
{
	GENERAL_NAMES *names;
	int i;

	names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(names) && !tls->names[0]; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		int len;

		if (name->type != GEN_DNS)
			continue;
		len = ASN1_STRING_length(name->d.dNSName);
		if (len <= 0 || (size_t)len >= sizeof(tls->names))
			continue;
		memcpy(tls->names, ASN1_STRING_get0_data(name->d.dNSName),
		       (size_t)len);
		tls->names[len] = '\0';
	}
	GENERAL_NAMES_free(names);
}

static int on_verify(int good, X509_STORE_CTX *context)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(
		context, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls *tls = SSL_get_app_data(ssl);
	const X509 *at = X509_STORE_CTX_get_current_cert(context);
	const X509 *server = X509_STORE_CTX_get0_cert(context);

	if (good)
		return 1;
	tls->fault = X509_STORE_CTX_get_error(context);
	if (at)
		note_date(tls, tls->fault == X509_V_ERR_CERT_NOT_YET_VALID
				       ? X509_get0_notBefore(at)
				       : X509_get0_notAfter(at));
	if (server)
		note_names(tls, server);
	return 0;
}

static int believe(struct tls *tls, struct nw_error *err)
{
	/* A certificate that the user names himself is believed even if it is
	 * no authority: the one of his own server. */
	X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(tls->context),
				    X509_V_FLAG_PARTIAL_CHAIN);
	if (!tls->ca_file) {
		if (SSL_CTX_set_default_verify_paths(tls->context) == 1)
			return 0;
		return nw_error_set(err, NW_ERROR_IO,
				    "the system's certificates cannot be "
				    "read: install ca-certificates");
	}
	if (SSL_CTX_load_verify_file(tls->context, tls->ca_file) == 1)
		return 0;
	return nw_error_set(err, NW_ERROR_CONFIG,
			    "%s: no certificate can be read from it: ca-file "
			    "names a file of certificates in PEM",
			    tls->ca_file);
}

static bool is_address(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 ||
	       inet_pton(AF_INET6, host, address) == 1;
}

/* The name is part of what the handshake verifies; the server learns it (SNI,
 * RFC 6066 section 3) unless it is an address. */
static bool name_host(struct tls *tls)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(tls->ssl);

	if (is_address(tls->host))
		return X509_VERIFY_PARAM_set1_ip_asc(param, tls->host) == 1;
	X509_VERIFY_PARAM_set_hostflags(param,
					X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return X509_VERIFY_PARAM_set1_host(param, tls->host, 0) == 1 &&
	       SSL_set_tlsext_host_name(tls->ssl, tls->host) == 1;
}

static bool use_socket(struct tls *tls)
{
	BIO *bio;

	tls->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | 0x7f, "newswire");
	if (!tls->method || !BIO_meth_set_write(tls->method, socket_write) ||
	    !BIO_meth_set_read(tls->method, socket_read) ||
	    !BIO_meth_set_ctrl(tls->method, socket_control))
		return false;
	bio = BIO_new(tls->method);
	if (!bio)
		return false;
	BIO_set_data(bio, tls);
	BIO_set_init(bio, 1);
	SSL_set_bio(tls->ssl, bio, bio);
	return true;
}

static bool set_up(struct tls *tls)
{
	if (SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION) != 1)
		return false;
	(void)SSL_CTX_set_options(tls->context, SSL_OP_NO_RENEGOTIATION |
							SSL_OP_NO_COMPRESSION);
	(void)SSL_CTX_set_mode(tls->context,
			       SSL_MODE_ENABLE_PARTIAL_WRITE |
				       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, on_verify);
	tls->ssl = SSL_new(tls->context);
	if (!tls->ssl || !use_socket(tls) || !name_host(tls))
		return false;
	(void)SSL_set_app_data(tls->ssl, tls);
	SSL_set_connect_state(tls->ssl);
	return true;
}

int tls_new(struct tls **tls_r, int fd, const char *host, const char *ca_file,
	    struct nw_error *err)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	if (!tls)
		return nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	tls->fd = fd;
	tls->host = host;
	tls->ca_file = ca_file;
	tls->context = SSL_CTX_new(TLS_client_method());
	if (!tls->context) {
		nw_error_set(err, NW_ERROR_INTERNAL, "TLS cannot be set up");
		goto fail;
	}
	if (believe(tls, err))
		goto fail;
	if (!set_up(tls)) {
		nw_error_set(err, NW_ERROR_INTERNAL, "TLS cannot be set up");
		goto fail;
	}
	*tls_r = tls;
	return 0;
fail:
	tls_free(&tls);
	return -1;
}

void tls_free(struct tls **tls)
{
	if (!*tls)
		return;
	SSL_free((*tls)->ssl);
	SSL_CTX_free((*tls)->context);
	BIO_meth_free((*tls)->method);
	free(*tls);
	*tls = NULL;
}

static enum tls_step step(struct tls *tls, int result)
{
	unsigned long code;

	switch (SSL_get_error(tls->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		tls->events = POLLIN;
		return TLS_AGAIN;
	case SSL_ERROR_WANT_WRITE:
		tls->events = POLLOUT;
		return TLS_AGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_CLOSED;
	default:
		break;
	}
	code = ERR_peek_last_error();
	/* Each reply of IMAP tells its own end: a connection that is cut off
	 * without a close_notify cannot shorten one. */
	if (!code || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return TLS_CLOSED;
	ERR_error_string_n(code, tls->reason, sizeof(tls->reason));
	if (ERR_reason_error_string(code))
		(void)BIO_snprintf(tls->reason, sizeof(tls->reason), "%s",
				   ERR_reason_error_string(code));
	return TLS_FAILED;
}

enum tls_step tls_handshake(struct tls *tls)
{
	int done;

	ERR_clear_error();
	done = SSL_do_handshake(tls->ssl);
	return done == 1 ? TLS_DONE : step(tls, done);
}

enum tls_step tls_read(struct tls *tls, void *bytes, size_t size, size_t *got_r)
{
	int done;

	ERR_clear_error();
	done = SSL_read_ex(tls->ssl, bytes, size, got_r);
	return done == 1 ? TLS_DONE : step(tls, done);
}

enum tls_step tls_write(struct tls *tls, const void *bytes, size_t len,
			size_t *sent_r)
{
	int done;

	ERR_clear_error();
	done = SSL_write_ex(tls->ssl, bytes, len, sent_r);
	return done == 1 ? TLS_DONE : step(tls, done);
}

short tls_events(const struct tls *tls)
{
	return tls->events;
}

static int explain_fault(const struct tls *tls, struct nw_error *err)
{
	switch (tls->fault) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "its certificate has expired on %s: who "
				    "runs the server must renew it",
				    tls->date);
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "its certificate is not valid before %s: "
				    "see whether this machine's clock is right",
				    tls->date);
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "its certificate is signed by itself: if "
				    "the server is yours, name a file with "
				    "this certificate as ca-file of the "
				    "target in newswire.conf");
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "its certificate is signed by an authority "
				    "that is not known here: if you trust it, "
				    "name a file with its certificate as "
				    "ca-file of the target in newswire.conf");
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "its certificate is not for %s but for %s: "
				    "deliver to the name that it is for",
				    tls->host,
				    tls->names[0] ? tls->names
						  : "another host");
	default:
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "its certificate is not good: %s: who runs "
				    "the server must mend it",
				    X509_verify_cert_error_string(tls->fault));
	}
}

int tls_explain(const struct tls *tls, struct nw_error *err)
{
	if (tls->fault != X509_V_OK)
		return explain_fault(tls, err);
	return nw_error_set(err, NW_ERROR_NETWORK,
			    "TLS failed: %s (1.2 or newer is needed; imaps:// "
			    "begins with it, imap:// asks for it)",
			    tls->reason[0] ? tls->reason : "no reason given");
}
