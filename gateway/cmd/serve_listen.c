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
static void log_socket(const struct nw_log *log,
		       const struct nw_nntp_socket *which)
{
	const char *tls = which->tls ? ", with TLS" : "";
	union address address = { .any.sa_family = AF_UNSPEC };
	socklen_t len = sizeof(address);
	char host[INET6_ADDRSTRLEN] = "?";
	unsigned port = 0;

	if (getsockname(which->fd, &address.any, &len) < 0)
		return;
	if (address.any.sa_family == AF_UNIX) {
		nw_log(log, NW_LOG_INFO, "serve", NULL, "listening on %s%s",
		       address.un.sun_path, tls);
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
	nw_log(log, NW_LOG_INFO, "serve", NULL, "listening on %s port %u%s",
	       host, port, tls);
}

static unsigned socket_mode(const struct nw_config *config)
{
	return (unsigned)strtoul(config->socket_mode, NULL, 8);
}

/* Where the command's options say. */
static int listen_as_told(const struct nw_context *context, bool tls,
			  struct nw_nntp_sockets *sockets,
			  struct nw_error *err)
{
	const char *where, *option = tls ? "listen-tls" : "listen";
	unsigned n;

	for (n = 0; (where = nw_option_value(context, option, n)); n++)
		if (nw_nntp_listen(where, socket_mode(&context->config), tls,
				   sockets, err) < 0)
			return -1;
	return 0;
}

/* Where the configuration does. */
static int listen_as_configured(const struct nw_config *config, bool tls,
				struct nw_nntp_sockets *sockets,
				struct nw_error *err)
{
	const char **places = tls ? config->listen_tls : config->listen;
	size_t i, count = tls ? config->listen_tls_count
			      : config->listen_count;

	for (i = 0; i < count; i++)
		if (nw_nntp_listen(places[i], socket_mode(config), tls,
				   sockets, err) < 0)
			return -1;
	return 0;
}

static bool any(const struct nw_nntp_sockets *sockets, bool tls)
{
	size_t i;

	for (i = 0; i < sockets->count; i++)
		if (sockets->of[i].tls == tls)
			return true;
	return false;
}

static int listen_all(const struct nw_context *context,
		      struct nw_nntp_sockets *sockets, struct nw_error *err)
{
	const struct nw_config *config = &context->config;
	int tls, adopted;

	adopted = nw_serve_adopt(sockets, err);
	if (adopted < 0)
		return -1;
	for (tls = false; tls <= true; tls++)
		if (listen_as_told(context, tls, sockets, err) < 0 ||
		    (!adopted && !any(sockets, tls) &&
		     listen_as_configured(config, tls, sockets, err) < 0))
			return -1;
	if (any(sockets, true) && !config->tls_certificate)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "listen-tls: needs tls-certificate in %s",
				    config->config_path);
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
		log_socket(&context->log, &sockets->of[i]);
	return 0;
}
