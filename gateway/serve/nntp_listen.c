/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "newswire/nntp_server.h"

#define BACKLOG 1024

/* "ADDRESS:PORT" taken apart. */
struct place {
	char host[256];
	const char *port;
};

static int place_bad(const char *where, struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_CONFIG,
			    "listen: \"%s\" is not ADDRESS:PORT, "
			    "[ADDRESS]:PORT or PORT", where);
}

static int place_read(const char *where, struct place *place_r,
		      struct nw_error *err)
{
	const char *host = "127.0.0.1", *colon = strrchr(where, ':');
	size_t len = strlen(host);

	place_r->port = colon ? colon + 1 : where;
	if (colon) {
		host = where;
		len = (size_t)(colon - where);
		if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
			host++;
			len -= 2;
		} else if (memchr(host, ':', len)) {
			return place_bad(where, err);
		}
	}
	if (!len || len >= sizeof(place_r->host) || !place_r->port[0] ||
	    strlen(place_r->port) > 5 ||
	    place_r->port[strspn(place_r->port, "0123456789")])
		return place_bad(where, err);
	memcpy(place_r->host, host, len);
	place_r->host[len] = '\0';
	return 0;
}

static int socket_prepare(int fd, int family)
{
	const int on = 1;

	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		return -1;
	/* "[::]:119" beside "0.0.0.0:119" must not be in its way. */
	if (family == AF_INET6)
		return setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on,
				  sizeof(on));
	return 0;
}

static int listen_at(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
	int number;

	if (fd < 0)
		return -1;
	if (socket_prepare(fd, at->ai_family) == 0 &&
	    bind(fd, at->ai_addr, at->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	number = errno;
	(void)close(fd);
	errno = number;
	return -1;
}

int nw_nntp_listen_socket(const char *where, struct nw_error *err)
{
	const struct addrinfo hints = {
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found = NULL, *at;
	struct place place;
	int fd = -1, failed;

	if (place_read(where, &place, err) < 0)
		return -1;
	failed = getaddrinfo(place.host, place.port, &hints, &found);
	if (failed)
		return nw_error_set(err, NW_ERROR_CONFIG, "listen: \"%s\": %s",
				    where, gai_strerror(failed));
	for (at = found; at && fd < 0; at = at->ai_next)
		fd = listen_at(at);
	if (fd < 0)
		(void)nw_error_set(err, errno == EADDRINUSE ? NW_ERROR_BUSY
							    : NW_ERROR_IO,
				   "listen: \"%s\": %s", where,
				   strerror(errno));
	freeaddrinfo(found);
	return fd;
}
