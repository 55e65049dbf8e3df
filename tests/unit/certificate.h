/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates that are made when a test wants them, by GnuTLS.
 */
#ifndef NEWSWIRE_TESTS_CERTIFICATE_H
#define NEWSWIRE_TESTS_CERTIFICATE_H

#include <gnutls/x509.h>

struct certificate {
	gnutls_x509_crt_t crt;
	gnutls_x509_privkey_t key;
};

/* Valid from and until so many days from now; for the name, as DNS name or
 * address.  Signed by issuer, or by itself if that is NULL, and then fit to sign
 * others. */
void certificate_make(struct certificate *made, const char *name, int from_days,
		      int until_days, const struct certificate *issuer);
/* Both in PEM, the key first, or the certificate alone. */
void certificate_write(const struct certificate *certificate, const char *path,
		       int with_key);
/* "AB:CD:…" of SHA-256. */
void certificate_fingerprint(const struct certificate *certificate,
			     char text[100]);
void certificate_free(struct certificate *certificate);

#endif
