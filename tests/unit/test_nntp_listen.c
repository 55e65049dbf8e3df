/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the news server listens: addresses, names, Unix sockets, and sockets
 * that another program made.
 */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "newswire/nntp_server.h"

#define LONG_PATH \
	"unix:/tmp/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *where;
	enum nw_error_code code; /* NW_ERROR_NONE: it works */
	const char *remedy;	 /* that is told, or NULL */
} places[] = {
	{ "0", NW_ERROR_NONE },
	{ "127.0.0.1:0", NW_ERROR_NONE },
	{ "0.0.0.0:0", NW_ERROR_NONE },
	{ "[127.0.0.1]:0", NW_ERROR_NONE },
	{ "[::1]:0", NW_ERROR_NONE },
	{ "[::]:0", NW_ERROR_NONE },
	{ "localhost:0", NW_ERROR_NONE },
	{ "", NW_ERROR_CONFIG },
	{ ":", NW_ERROR_CONFIG },
	{ ":119", NW_ERROR_CONFIG },
	{ "127.0.0.1:", NW_ERROR_CONFIG },
	{ "127.0.0.1:nntp", NW_ERROR_CONFIG },
	{ "127.0.0.1:-1", NW_ERROR_CONFIG },
	{ "127.0.0.1:123456", NW_ERROR_CONFIG },
	{ "::1:119", NW_ERROR_CONFIG },
	{ "[::1]", NW_ERROR_CONFIG },
	{ "[]:1", NW_ERROR_CONFIG },
	{ "127.0.0.1", NW_ERROR_CONFIG },
	{ "256.0.0.1:0", NW_ERROR_CONFIG },
	{ "192.0.2.1:0", NW_ERROR_IO, "this machine has no such address" },
	{ "unix:", NW_ERROR_CONFIG },
	{ "unix:nntp.sock", NW_ERROR_CONFIG },
	{ "unix:/no/such/folder/nntp.sock", NW_ERROR_IO, "make the folder" },
	{ LONG_PATH, NW_ERROR_CONFIG },
};

static void test_places(void **state)
{
	struct nw_nntp_sockets sockets = { .count = 0 };
	struct nw_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(places); i++) {
		err.code = NW_ERROR_NONE;
		(void)nw_nntp_listen(places[i].where, 0660, false, &sockets, &err);
		if (err.code != places[i].code ||
		    (places[i].remedy &&
		     !strstr(err.text, places[i].remedy)) ||
		    (sockets.count > 0) != (err.code == NW_ERROR_NONE))
			fail_msg("\"%s\": %d: %s", places[i].where, err.code,
				 err.text);
		if (sockets.count)
			assert_true(fcntl(sockets.of[0].fd, F_GETFL) &
				    O_NONBLOCK);
		nw_nntp_listen_end(&sockets);
		assert_int_equal(sockets.count, 0);
	}
}

static unsigned port_of(int fd)
{
	struct sockaddr_in6 address; /* the port of both stands in one place */
	socklen_t len = sizeof(address);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len),
			 0);
	return ntohs(address.sin6_port);
}

/* Both families on one port, whichever comes first, all or one's own. */
static void test_both_families(void **state)
{
	static const char *const pairs[][2] = {
		{ "0.0.0.0", "[::]" },	    { "[::]", "0.0.0.0" },
		{ "127.0.0.1", "[::1]" },   { "[::1]", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.2" }, { "[::]", "127.0.0.1" },
	};
	struct nw_nntp_sockets sockets = { .count = 0 };
	struct nw_error err;
	char where[40];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pairs); i++) {
		(void)snprintf(where, sizeof(where), "%s:0", pairs[i][0]);
		assert_int_equal(nw_nntp_listen(where, 0, false, &sockets, &err), 0);
		(void)snprintf(where, sizeof(where), "%s:%u", pairs[i][1],
			       port_of(sockets.of[0].fd));
		if (nw_nntp_listen(where, 0, false, &sockets, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(sockets.count, 2);
		nw_nntp_listen_end(&sockets);
	}
}

/* How many different addresses of this machine a name has. */
static size_t addresses_of(const char *name)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found, *at, *other;
	size_t count = 0;

	assert_int_equal(getaddrinfo(name, NULL, &hints, &found), 0);
	for (at = found; at; at = at->ai_next) {
		for (other = found; other != at; other = other->ai_next)
			if (at->ai_addrlen == other->ai_addrlen &&
			    !memcmp(at->ai_addr, other->ai_addr,
				    at->ai_addrlen))
				break;
		count += other == at;
	}
	freeaddrinfo(found);
	return count;
}

static void test_all_addresses_of_a_name(void **state)
{
	struct nw_nntp_sockets sockets = { .count = 0 };
	struct nw_error err;

	(void)state;
	assert_int_equal(nw_nntp_listen("localhost:0", 0, false, &sockets, &err), 0);
	assert_int_equal(sockets.count, addresses_of("localhost"));
	nw_nntp_listen_end(&sockets);
}

static void test_address_in_use(void **state)
{
	struct nw_nntp_sockets sockets = { .count = 0 };
	struct nw_error err;
	char where[40];

	(void)state;
	assert_int_equal(nw_nntp_listen("0", 0, false, &sockets, &err), 0);
	(void)snprintf(where, sizeof(where), "127.0.0.1:%u",
		       port_of(sockets.of[0].fd));
	assert_int_equal(nw_nntp_listen(where, 0, false, &sockets, &err), -1);
	assert_int_equal(err.code, NW_ERROR_BUSY);
	assert_non_null(strstr(err.text, where));
	assert_non_null(strstr(err.text, "name another place"));
	assert_int_equal(sockets.count, 1);
	nw_nntp_listen_end(&sockets);
	/* And at once free again. */
	assert_int_equal(nw_nntp_listen(where, 0, false, &sockets, &err), 0);
	nw_nntp_listen_end(&sockets);
}

static void test_too_many(void **state)
{
	struct nw_nntp_sockets sockets = { .count = 0 };
	struct nw_error err;
	int i;

	(void)state;
	for (i = 0; i < NW_NNTP_LISTENERS; i++)
		assert_int_equal(nw_nntp_listen("0", 0, false, &sockets, &err), 0);
	assert_int_equal(nw_nntp_listen("0", 0, false, &sockets, &err), -1);
	assert_int_equal(err.code, NW_ERROR_CONFIG);
	assert_int_equal(sockets.count, NW_NNTP_LISTENERS);
	nw_nntp_listen_end(&sockets);
}

static int dial(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s",
		       path);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static void test_unix_socket(void **state)
{
	struct nw_nntp_sockets first = { .count = 0 }, second = first;
	char folder[] = "/tmp/newswire-listen-XXXXXX", where[80];
	const char *path = where + strlen(NW_NNTP_UNIX);
	struct nw_error err;
	struct stat st;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(where, sizeof(where), NW_NNTP_UNIX "%s/nntp", folder);
	assert_int_equal(nw_nntp_listen(where, 0640, false, &first, &err), 0);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0640);
	fd = dial(path);
	assert_true(fd >= 0);
	(void)close(fd);
	/* Somebody listens there. */
	assert_int_equal(nw_nntp_listen(where, 0600, false, &second, &err), -1);
	assert_int_equal(err.code, NW_ERROR_BUSY);
	/* It died, and its socket stays behind. */
	nw_nntp_listen_close(&first);
	assert_int_equal(dial(path), -1);
	assert_int_equal(nw_nntp_listen(where, 0600, false, &second, &err), 0);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	nw_nntp_listen_end(&second);
	assert_int_equal(lstat(path, &st), -1);
	/* What is no socket is nobody's to remove. */
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(nw_nntp_listen(where, 0600, false, &first, &err), -1);
	assert_int_equal(err.code, NW_ERROR_IO);
	assert_non_null(strstr(err.text, "it is no socket"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void test_adopted(void **state)
{
	struct nw_nntp_sockets made = { .count = 0 }, sockets = made;
	char folder[] = "/tmp/newswire-listen-XXXXXX", where[80];
	struct nw_error err;
	int pair[2], fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(where, sizeof(where), NW_NNTP_UNIX "%s/nntp", folder);
	assert_int_equal(nw_nntp_listen(where, 0600, false, &made, &err), 0);
	fd = dup(made.of[0].fd);
	assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
	assert_int_equal(nw_nntp_listen_adopt(fd, false, &sockets, &err), 0);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	/* Who made it removes it. */
	nw_nntp_listen_end(&sockets);
	assert_int_equal(access(where + strlen(NW_NNTP_UNIX), F_OK), 0);
	nw_nntp_listen_end(&made);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(nw_nntp_listen_adopt(pair[0], false, &sockets, &err), -1);
	assert_int_equal(err.code, NW_ERROR_CONFIG);
	(void)close(pair[0]);
	(void)close(pair[1]);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(nw_nntp_listen_adopt(fd, false, &sockets, &err), -1);
	(void)close(fd);
	assert_int_equal(nw_nntp_listen_adopt(fd, false, &sockets, &err), -1);
	assert_int_equal(sockets.count, 0);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_both_families),
		cmocka_unit_test(test_all_addresses_of_a_name),
		cmocka_unit_test(test_address_in_use),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_unix_socket),
		cmocka_unit_test(test_adopted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
