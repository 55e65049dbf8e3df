/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layers of a stream when the world around them fails: handshakes that stop,
 * a store that breaks amid a compressed list, certificates that cannot be had.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "../../gateway/serve/nntp_private.h"
#include "nntp_world.h"

#define MANY 300000
#define MARKED "224 information follows [COMPRESS=GZIP]\r\n"

static EVP_PKEY *make_key(void)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
	EVP_PKEY *key = NULL;

	assert_non_null(context);
	assert_int_equal(EVP_PKEY_keygen_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(
				 context, NID_X9_62_prime256v1), 1);
	assert_int_equal(EVP_PKEY_keygen(context, &key), 1);
	EVP_PKEY_CTX_free(context);
	return key;
}

/* A certificate that signs itself, and its key, in a file of its own. */
static void make_certificate(char *path)
{
	EVP_PKEY *key = make_key();
	X509 *certificate = X509_new();
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	assert_non_null(file);
	assert_true(X509_gmtime_adj(X509_getm_notBefore(certificate), -60) &&
		    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600));
	assert_int_equal(X509_set_pubkey(certificate, key), 1);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_X509(file, certificate), 1);
	assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL,
					      NULL), 1);
	assert_int_equal(fclose(file), 0);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static void open_with_certificate(struct world *world,
				  const struct nw_nntp_options *options)
{
	char path[] = "/tmp/newswire-stream-XXXXXX";
	struct nw_error err;

	make_certificate(path);
	world_open(world, options);
	assert_int_equal(nw_nntp_server_certificate(world->server, path, NULL,
						    &err), 0);
	assert_int_equal(unlink(path), 0);
}

/* The octets of a handshake are no commands: they do not keep it alive, and
 * it has no longer than a command. */
static void stop_handshake(const struct nw_nntp_options *options)
{
	static const char hello[] = "\x16\x03\x01\x02";
	struct client client;
	struct world world;

	open_with_certificate(&world, options);
	client_greet(&client, &world);
	client_ask(&client, &world, "STARTTLS\r\n");
	client_expect(&client, &world, "382 continue with TLS\r\n");
	client_send(&client, hello, sizeof(hello) - 1);
	client_expect_end(&client, &world);
	client_close(&client);
	world_close(&world);
}

static void test_handshake_that_stops(void **state)
{
	const struct nw_nntp_options idle = { .idle_ms = 160 };
	const struct nw_nntp_options slow = { .command_ms = 160 };

	(void)state;
	stop_handshake(&idle);
	stop_handshake(&slow);
}

/* All sides in one thread: the client's half of a handshake, step by step.  No
 * step may take the 40 ms of a delayed acknowledgement: turns are quick. */
static void shake(struct world *world, SSL *tls)
{
	int i, result = 0;

	for (i = 0; i < 1000 && result != 1; i++) {
		world_turn(world);
		result = SSL_connect(tls);
		if (result != 1)
			assert_int_equal(SSL_get_error(tls, result),
					 SSL_ERROR_WANT_READ);
	}
	assert_int_equal(result, 1);
}

static void expect_tls(struct world *world, SSL *tls, const char *text)
{
	char got[256];
	int i, len = -1;

	for (i = 0; i < 1000 && len <= 0; i++) {
		world_turn(world);
		len = SSL_read(tls, got, sizeof(got) - 1);
	}
	if (len <= 0)
		fail_msg("%s: %d", text, SSL_get_error(tls, len));
	got[len] = '\0';
	assert_string_equal(got, text);
}

static void test_certificate_that_is_gone(void **state)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *tls = SSL_new(context);
	struct client client;
	struct world world;
	struct nw_error err;

	(void)state;
	open_with_certificate(&world, NULL);
	client_greet(&client, &world);
	client_ask(&client, &world, "STARTTLS\r\n");
	client_expect(&client, &world, "382 continue with TLS\r\n");
	assert_int_equal(SSL_set_fd(tls, client.fd), 1);
	shake(&world, tls);
	/* A bad one changes nothing; none at all leaves sessions alone. */
	assert_int_equal(nw_nntp_server_certificate(world.server, "/nowhere",
						    NULL, &err), -1);
	assert_int_equal(err.code, NW_ERROR_CONFIG);
	assert_string_equal(err.text,
			    "tls-certificate: /nowhere: No such file or "
			    "directory; the user who runs newswire must be "
			    "able to read it");
	assert_int_equal(SSL_write(tls, "STARTTLS\r\n", 10), 10);
	expect_tls(&world, tls, "502 a layer is already active\r\n");
	assert_int_equal(nw_nntp_server_certificate(world.server, NULL, NULL,
						    &err), 0);
	assert_int_equal(SSL_write(tls, "STAT\r\n", 6), 6);
	expect_tls(&world, tls, "412 no newsgroup is selected\r\n");
	assert_int_equal(SSL_write(tls, "QUIT\r\n", 6), 6);
	expect_tls(&world, tls, "205 good-bye\r\n");
	/* The server says good-bye to TLS as well. */
	assert_int_equal(SSL_read(tls, &err, 1), 0);
	assert_int_equal(SSL_get_error(tls, 0), SSL_ERROR_ZERO_RETURN);
	SSL_free(tls);
	SSL_CTX_free(context);
	client_close(&client);
	client_greet(&client, &world);
	client_ask(&client, &world, "STARTTLS\r\n");
	client_expect(&client, &world, "580 no TLS here, or not now\r\n");
	client_close(&client);
	world_close(&world);
}

/* A list that cannot go on is cut off, one that cannot begin is 403. */
static void test_gzip_and_a_store_that_fails(void **state)
{
	struct client client;
	struct world world;
	int i;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	client_greet(&client, &world);
	client_ask(&client, &world, "GROUP test.big\r\nXFEATURE COMPRESS GZIP\r\n");
	client_expect(&client, &world, "211 300000 1 300000 test.big\r\n"
				       "290 feature enabled\r\n");
	world.store.reads_fail = true;
	client_ask(&client, &world, "OVER 1-\r\n");
	client_expect(&client, &world, "403 the store cannot be read now\r\n");
	world.store.reads_fail = false;
	client_ask(&client, &world, "OVER 1-\r\n");
	client_expect(&client, &world, MARKED);
	for (i = 0; i < 5; i++)
		world_turn(&world);
	world.store.reads_fail = true;
	client_await(&client, &world, SIZE_MAX);
	assert_true(client.ended);
	assert_true(client.got.len > 1000);
	client_close(&client);
	world_close(&world);
}

/* Who leaves amid a compressed list leaves nothing behind. */
static void test_gzip_and_a_client_that_leaves(void **state)
{
	struct client client;
	struct world world;

	(void)state;
	world_open(&world, NULL);
	world.store.big = MANY;
	client_greet(&client, &world);
	client_ask(&client, &world, "GROUP test.big\r\n"
				    "XFEATURE COMPRESS GZIP TERMINATOR\r\n"
				    "OVER 1-\r\n");
	client_close(&client);
	world_turn(&world);
	world_close(&world);
}

static bool is_private(int fd)
{
	const struct nw_nntp_session session = {
		.origin = nw_nntp_origin(fd),
	};

	return nw_nntp_is_private(&session);
}

static void test_who_can_read_along(void **state)
{
	struct client client;
	struct world world;
	int pair[2], nobody = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	world_open(&world, NULL);
	client_greet(&client, &world);
	assert_true(is_private(client.fd));
	client_close(&client);
	world_close(&world);
	assert_int_equal(pipe(pair), 0);
	assert_true(is_private(pair[0]));
	(void)close(pair[0]);
	(void)close(pair[1]);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_true(is_private(pair[0]));
	(void)close(pair[0]);
	(void)close(pair[1]);
	assert_true(nobody >= 0);
	assert_false(is_private(nobody));
	(void)close(nobody);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake_that_stops),
		cmocka_unit_test(test_certificate_that_is_gone),
		cmocka_unit_test(test_gzip_and_a_store_that_fails),
		cmocka_unit_test(test_gzip_and_a_client_that_leaves),
		cmocka_unit_test(test_who_can_read_along),
	};

	return cmocka_run_group_tests_name("nntp_stream", tests, NULL, NULL);
}
