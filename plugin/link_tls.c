/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "i18n.h"
#include "link_private.h"
#include "session.h"

/* What the system's policy allows, from TLS 1.2 on. */
#define NOT_BEFORE_TLS12 "-VERS-TLS1.0:-VERS-TLS1.1"

#define SHA256_OCTETS 32

struct tls_layer {
	mailstream_low *below;
	gnutls_session_t session;
	gnutls_certificate_credentials_t trust;
};

static gboolean set_up_error(const struct nw_link *link, const char *why,
			     GError **error)
{
	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_TLS,
		    _("TLS with %s cannot be set up: %s."), link->name, why);
	return FALSE;
}

/* As errno of what GnuTLS says to a read or write. */
static ssize_t as_errno(ssize_t result)
{
	if (result >= 0)
		return result;
	if (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED)
		errno = EAGAIN;
	else
		errno = gnutls_error_is_fatal((int)result) ? EPROTO : EAGAIN;
	return -1;
}

static ssize_t tls_read(mailstream_low *layer, void *octets, size_t size)
{
	const struct tls_layer *self = layer->data;
	ssize_t got = gnutls_record_recv(self->session, octets, size);

	/* Answers of NNTP have their own end: being cut off without a goodbye
	 * cannot shorten one.  A new handshake is not wanted. */
	if (got == GNUTLS_E_PREMATURE_TERMINATION)
		return 0;
	if (got == GNUTLS_E_REHANDSHAKE) {
		errno = EPROTO;
		return -1;
	}
	return as_errno(got);
}

static ssize_t tls_write(mailstream_low *layer, const void *octets, size_t len)
{
	const struct tls_layer *self = layer->data;

	if (!len)
		return 0;
	return as_errno(gnutls_record_send(self->session, octets, len));
}

static int tls_close(mailstream_low *layer)
{
	const struct tls_layer *self = layer->data;

	(void)gnutls_bye(self->session, GNUTLS_SHUT_WR);
	return mailstream_low_close(self->below);
}

static int tls_get_fd(mailstream_low *layer)
{
	const struct tls_layer *self = layer->data;

	return nw_layer_get_fd(self->below);
}

static void tls_free(mailstream_low *layer)
{
	struct tls_layer *self = layer->data;

	mailstream_low_free(self->below);
	gnutls_deinit(self->session);
	gnutls_certificate_free_credentials(self->trust);
	g_free(self);
	free(layer);
}

static const mailstream_low_driver tls_driver = {
	.mailstream_read = tls_read,
	.mailstream_write = tls_write,
	.mailstream_close = tls_close,
	.mailstream_get_fd = tls_get_fd,
	.mailstream_free = tls_free,
};

/* GnuTLS reads and writes through the layer below. */
static ssize_t pull(gnutls_transport_ptr_t below, void *octets, size_t size)
{
	return nw_layer_read(below, octets, size);
}

static ssize_t push(gnutls_transport_ptr_t below, const void *octets,
		    size_t len)
{
	return nw_layer_write(below, octets, len);
}

static gboolean trust(struct tls_layer *self, const struct nw_link *link,
		      const char *ca_file, GError **error)
{
	int certificates;

	if (gnutls_certificate_allocate_credentials(&self->trust) < 0)
		return set_up_error(link, "GnuTLS", error);
	if (!ca_file) {
		if (gnutls_certificate_set_x509_system_trust(self->trust) > 0)
			return TRUE;
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_TLS,
			    _("The authorities of this computer cannot be "
			      "read. Install the package ca-certificates, or "
			      "name a file for the gateway %s."),
			    link->name);
		return FALSE;
	}
	certificates =
		gnutls_certificate_set_x509_trust_file(self->trust, ca_file,
						       GNUTLS_X509_FMT_PEM);
	if (certificates > 0)
		return TRUE;
	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_TLS,
		    _("No certificate can be read from %s. Name a file of "
		      "certificates in PEM for the gateway %s."),
		    ca_file, link->name);
	return FALSE;
}

static gboolean prepare(struct tls_layer *self, const struct nw_link *link,
			const char *host, GError **error)
{
	int done = gnutls_init(&self->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK |
						       GNUTLS_NO_SIGNAL);

	if (done < 0)
		return set_up_error(link, gnutls_strerror(done), error);
	done = gnutls_set_default_priority_append(self->session,
						  NOT_BEFORE_TLS12, NULL, 0);
	if (done >= 0)
		done = gnutls_credentials_set(self->session,
					      GNUTLS_CRD_CERTIFICATE,
					      self->trust);
	/* An address is no name (RFC 6066 section 3). */
	if (done >= 0 && !g_hostname_is_ip_address(host))
		done = gnutls_server_name_set(self->session, GNUTLS_NAME_DNS,
					      host, strlen(host));
	if (done < 0)
		return set_up_error(link, gnutls_strerror(done), error);
	gnutls_transport_set_ptr(self->session, self->below);
	gnutls_transport_set_pull_function(self->session, pull);
	gnutls_transport_set_push_function(self->session, push);
	gnutls_handshake_set_timeout(self->session, 0);
	return TRUE;
}

static gboolean shake_hands(const struct tls_layer *self, struct nw_link *link,
			    GError **error)
{
	int done;

	while ((done = gnutls_handshake(self->session)) < 0) {
		short events = gnutls_record_get_direction(self->session)
				       ? POLLOUT
				       : POLLIN;

		if (done != GNUTLS_E_AGAIN && done != GNUTLS_E_INTERRUPTED)
			break;
		if (!nw_link_wait(link, events, error))
			return FALSE;
	}
	if (done >= 0)
		return TRUE;
	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_TLS,
		    _("TLS with %s failed (%s). See whether the port and the "
		      "kind of encryption are right; TLS 1.2 is the least."),
		    link->name, gnutls_strerror(done));
	return FALSE;
}

/* "AB:CD:…" of the gateway's certificate (free with g_free). */
static char *fingerprint(const struct tls_layer *self)
{
	const gnutls_datum_t *chain =
		gnutls_certificate_get_peers(self->session, NULL);
	unsigned char digest[SHA256_OCTETS];
	size_t size = sizeof(digest), i;
	GString *text = g_string_new(NULL);

	if (chain && gnutls_fingerprint(GNUTLS_DIG_SHA256, chain, digest,
					&size) == GNUTLS_E_SUCCESS)
		for (i = 0; i < size; i++)
			g_string_append_printf(text, "%s%02X", i ? ":" : "",
					       digest[i]);
	return g_string_free(text, FALSE);
}

/* What is wrong with a certificate: the first row that fits. */
static const struct {
	unsigned status;
	const char *words;
} faults[] = {
	{ GNUTLS_CERT_REVOKED,
	  N_("its certificate was revoked. Who runs it must replace it.") },
	{ GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA,
	  N_("its certificate is signed by nobody known here. If you trust it, "
	     "name a file with it, or with its authority, in the settings of "
	     "the gateway.") },
	{ GNUTLS_CERT_UNEXPECTED_OWNER,
	  N_("its certificate is for another name. If it is the gateway you "
	     "mean, call it by that name.") },
	{ GNUTLS_CERT_EXPIRED,
	  N_("its certificate has expired. Who runs it must renew it.") },
	{ GNUTLS_CERT_NOT_ACTIVATED,
	  N_("its certificate is not valid yet. See whether the clock of this "
	     "computer is right.") },
	{ ~0u, N_("its certificate is no good. Who runs it must mend it.") },
};

static gboolean verify(const struct tls_layer *self, const struct nw_link *link,
		       const char *host, GError **error)
{
	unsigned status = 0;
	char *print;
	gsize i = 0;

	if (gnutls_certificate_verify_peers3(self->session, host, &status) < 0)
		status = GNUTLS_CERT_INVALID;
	if (!status)
		return TRUE;
	while (!(faults[i].status & status))
		i++;
	print = fingerprint(self);
	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_TLS,
		    "%s: %s (SHA-256 %s)", link->name, _(faults[i].words),
		    print);
	g_free(print);
	return FALSE;
}

/* A name may end in a dot, and be of another script than ASCII. */
static char *plain_name(const char *host)
{
	char *name = g_hostname_to_ascii(host);
	gsize len;

	if (!name)
		name = g_strdup(host);
	len = strlen(name);
	if (len && name[len - 1] == '.')
		name[len - 1] = '\0';
	return name;
}

gboolean nw_link_encrypt(struct nw_link *link, const char *host,
			 const char *ca_file, GError **error)
{
	struct tls_layer *self = g_new0(struct tls_layer, 1);
	char *name = plain_name(host);

	self->below = link->top;
	link->until_us = g_get_monotonic_time() +
			 link->patience->connect_ms * (gint64)1000;
	link->encrypted = trust(self, link, ca_file, error) &&
			  prepare(self, link, name, error) &&
			  shake_hands(self, link, error) &&
			  verify(self, link, name, error);
	g_free(name);
	if (link->encrypted) {
		nw_link_push(link, self, &tls_driver);
		nw_link_begin(link);
		return TRUE;
	}
	if (self->session)
		gnutls_deinit(self->session);
	if (self->trust)
		gnutls_certificate_free_credentials(self->trust);
	g_free(self);
	return FALSE;
}
