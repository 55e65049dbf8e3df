/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "certificate.h"

#define DAY_S 86400

static void name_it(gnutls_x509_crt_t crt, const char *name)
{
	unsigned char address[4];

	assert_int_equal(
		gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME,
					      0, name, (unsigned)strlen(name)),
		0);
	if (inet_pton(AF_INET, name, address) == 1)
		assert_int_equal(gnutls_x509_crt_set_subject_alt_name(
					 crt, GNUTLS_SAN_IPADDRESS, address,
					 sizeof(address), GNUTLS_FSAN_SET),
				 0);
	else
		assert_int_equal(gnutls_x509_crt_set_subject_alt_name(
					 crt, GNUTLS_SAN_DNSNAME, name,
					 (unsigned)strlen(name),
					 GNUTLS_FSAN_SET),
				 0);
}

void certificate_make(struct certificate *made, const char *name, int from_days,
		      int until_days, const struct certificate *issuer)
{
	static unsigned char serial = 1;
	time_t now = time(NULL);
	const struct certificate *by = issuer ? issuer : made;

	assert_int_equal(gnutls_x509_privkey_init(&made->key), 0);
	assert_int_equal(
		gnutls_x509_privkey_generate(
			made->key, GNUTLS_PK_ECDSA,
			GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
		0);
	assert_int_equal(gnutls_x509_crt_init(&made->crt), 0);
	assert_int_equal(gnutls_x509_crt_set_version(made->crt, 3), 0);
	serial++;
	assert_int_equal(gnutls_x509_crt_set_serial(made->crt, &serial, 1), 0);
	(void)gnutls_x509_crt_set_activation_time(made->crt,
						  now + (time_t)from_days *
								  DAY_S);
	(void)gnutls_x509_crt_set_expiration_time(made->crt,
						  now + (time_t)until_days *
								  DAY_S);
	name_it(made->crt, name);
	(void)gnutls_x509_crt_set_basic_constraints(made->crt, !issuer, -1);
	assert_int_equal(gnutls_x509_crt_set_key(made->crt, made->key), 0);
	assert_int_equal(gnutls_x509_crt_sign2(made->crt, by->crt, by->key,
					       GNUTLS_DIG_SHA256, 0),
			 0);
}

void certificate_write(const struct certificate *certificate, const char *path,
		       int with_key)
{
	FILE *file = fopen(path, "w");
	gnutls_datum_t pem;

	assert_non_null(file);
	if (with_key) {
		assert_int_equal(gnutls_x509_privkey_export2_pkcs8(
					 certificate->key, GNUTLS_X509_FMT_PEM,
					 NULL, 0, &pem),
				 0);
		assert_int_equal(fwrite(pem.data, 1, pem.size, file), pem.size);
		gnutls_free(pem.data);
	}
	assert_int_equal(gnutls_x509_crt_export2(certificate->crt,
						 GNUTLS_X509_FMT_PEM, &pem),
			 0);
	assert_int_equal(fwrite(pem.data, 1, pem.size, file), pem.size);
	gnutls_free(pem.data);
	assert_int_equal(fclose(file), 0);
}

void certificate_fingerprint(const struct certificate *certificate,
			     char text[100])
{
	unsigned char digest[32];
	size_t size = sizeof(digest), i;

	assert_int_equal(gnutls_x509_crt_get_fingerprint(certificate->crt,
							 GNUTLS_DIG_SHA256,
							 digest, &size),
			 0);
	for (i = 0; i < size; i++)
		(void)snprintf(text + i * 3, 4, "%02X:", digest[i]);
	text[size * 3 - 1] = '\0';
}

void certificate_free(struct certificate *certificate)
{
	gnutls_x509_crt_deinit(certificate->crt);
	gnutls_x509_privkey_deinit(certificate->key);
}
