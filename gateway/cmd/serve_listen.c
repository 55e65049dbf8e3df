/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where "newswire serve" listens.
 */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "serve_private.h"

/* An address that a socket may have. */
union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

/* The address that a socket got, for a port that was left to the system. */
static void log_socket(const struct nw_log *log, int fd)
{
	union address address = { .any.sa_family = AF_UNSPEC };
	socklen_t len = sizeof(address);
	char host[INET6_ADDRSTRLEN] = "?";
	unsigned port = 0;

	if (getsockname(fd, &address.any, &len) < 0)
		return;
	if (address.any.sa_family == AF_UNIX) {
		nw_log(log, NW_LOG_INFO, "serve", NULL, "listening on %s",
		       address.un.sun_path);
		return;
	}
	if (address.any.sa_family == AF_INET) {
		(void)inet_ntop(AF_INET, &address.in.sin_addr, host,
				sizeof(host));
		port = ntohs(address.in.sin_port);
	} else if (address.any.sa_family == AF_INET6) {
		(void)inet_ntop(AF_INET6, &address.in6.sin6_addr, host,
				sizeof(host));
		port = ntohs(address.in6.sin6_port);
	}
	nw_log(log, NW_LOG_INFO, "serve", NULL, "listening on %s port %u",
	       host, port);
}

static int listen_all(const struct nw_context *context,
		      struct nw_nntp_sockets *sockets, struct nw_error *err)
{
	const struct nw_config *config = &context->config;
	unsigned mode = (unsigned)strtoul(config->socket_mode, NULL, 8);
	const char *where;
	unsigned n;
	size_t i;

	if (nw_serve_adopt(sockets, err) < 0)
		return -1;
	for (n = 0; (where = nw_option_value(context, "listen", n)); n++)
		if (nw_nntp_listen(where, mode, sockets, err) < 0)
			return -1;
	if (sockets->count)
		return 0;
	for (i = 0; i < config->listen_count; i++)
		if (nw_nntp_listen(config->listen[i], mode, sockets, err) < 0)
			return -1;
	return 0;
}

int nw_serve_listen(const struct nw_context *context,
		    struct nw_nntp_sockets *sockets, struct nw_error *err)
{
	size_t i;

	if (listen_all(context, sockets, err) < 0) {
		nw_nntp_listen_end(sockets);
		return -1;
	}
	for (i = 0; i < sockets->count; i++)
		log_socket(&context->log, sockets->of[i].fd);
	return 0;
}
