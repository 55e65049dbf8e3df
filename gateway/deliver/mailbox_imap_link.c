/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mailbox_imap_private.h"
#include "newswire/limits.h"

#ifndef POLLRDHUP
#define POLLRDHUP 0 /* Linux */
#endif

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void imap_link_limit(struct imap_link *link, int64_t ms)
{
	link->deadline_ms = now_ms() + ms;
}

/* Who waits to write is told when the other side has gone: as long as that has
 * something unread, the connection does not break. */
static int wait_for(const struct imap_link *link, short events,
		    struct nw_error *err)
{
	short gone = events & POLLOUT ? POLLRDHUP : 0;
	struct pollfd poll_fd = { .fd = link->fd, .events = events | gone };

	for (;;) {
		int64_t left = link->deadline_ms - now_ms();
		int ready;

		if (left <= 0)
			return nw_error_set(err, NW_ERROR_NETWORK,
					    "no answer in time: see whether "
					    "the server works, and try again");
		ready = poll(&poll_fd, 1, left > 60000 ? 60000 : (int)left);
		if (ready > 0 && poll_fd.revents == gone)
			return nw_error_set(err, NW_ERROR_NETWORK,
					    "the server closed the connection");
		if (ready > 0)
			return 0;
		if (ready < 0 && errno != EINTR)
			return nw_error_errno(err, "poll");
	}
}

static bool is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in v4;

		memcpy(&v4, address, sizeof(v4));
		return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 v6;

		memcpy(&v6, address, sizeof(v6));
		return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) ||
		       (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) &&
			v6.sin6_addr.s6_addr[12] == 127);
	}
	return false;
}

bool imap_link_is_local(const struct imap_link *link)
{
	return link->loopback;
}

static int fail_connect(int number, struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_NETWORK, "cannot connect: %s",
			    strerror(number));
}

static int connect_to(struct imap_link *link, const struct addrinfo *address,
		      struct nw_error *err)
{
	int yes = 1, failed = 0;
	socklen_t len = sizeof(failed);

	link->fd = socket(address->ai_family,
			  address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
			  address->ai_protocol);
	if (link->fd < 0)
		return fail_connect(errno, err);
	/* A command is one write; the next waits for its reply. */
	(void)setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	link->loopback = is_loopback(address->ai_addr);
	if (!connect(link->fd, address->ai_addr, address->ai_addrlen))
		return 0;
	if (errno != EINPROGRESS) {
		fail_connect(errno, err);
		goto fail;
	}
	if (wait_for(link, POLLOUT, err))
		goto fail;
	if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &failed, &len))
		failed = errno;
	if (!failed)
		return 0;
	fail_connect(failed, err);
fail:
	imap_link_close(link);
	return -1;
}

int imap_link_open(struct imap_link *link, const char *host, unsigned port,
		   struct nw_error *err)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
					.ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL, *at;
	char service[16];
	int result;

	(void)snprintf(service, sizeof(service), "%u", port);
	result = getaddrinfo(host, service, &hints, &found);
	if (result)
		return nw_error_set(err, NW_ERROR_NETWORK,
				    "its address cannot be found: %s",
				    gai_strerror(result));
	imap_link_limit(link, NW_IMAP_CONNECT_MS);
	result = -1;
	for (at = found; at && result; at = at->ai_next)
		result = connect_to(link, at, err);
	freeaddrinfo(found);
	return result;
}

/* Whether to call again after a step that did not finish: 0, or -1. */
static int after(const struct imap_link *link, enum tls_step step,
		 struct nw_error *err)
{
	switch (step) {
	case TLS_AGAIN:
		return wait_for(link, tls_events(link->tls), err);
	case TLS_CLOSED:
		return nw_error_set(err, NW_ERROR_NETWORK,
				    "the server closed the connection");
	default:
		return tls_explain(link->tls, err);
	}
}

int imap_link_secure(struct imap_link *link, const char *host,
		     const char *ca_file, struct nw_error *err)
{
	enum tls_step step;

	if (tls_new(&link->tls, link->fd, host, ca_file, err))
		return -1;
	while ((step = tls_handshake(link->tls)) != TLS_DONE)
		if (after(link, step, err))
			return -1;
	return 0;
}

static bool again(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static int send_some(const struct imap_link *link, const char *bytes,
		     size_t len, size_t *sent_r, struct nw_error *err)
{
	enum tls_step step;
	ssize_t sent;

	if (link->tls) {
		while ((step = tls_write(link->tls, bytes, len, sent_r)) !=
		       TLS_DONE)
			if (after(link, step, err))
				return -1;
		return 0;
	}
	while ((sent = send(link->fd, bytes, len, MSG_NOSIGNAL)) < 0) {
		if (!again())
			return nw_error_set(err, NW_ERROR_NETWORK,
					    "the connection broke: %s",
					    strerror(errno));
		if (wait_for(link, POLLOUT, err))
			return -1;
	}
	*sent_r = (size_t)sent;
	return 0;
}

int imap_link_send(struct imap_link *link, const void *bytes, size_t len,
		   struct nw_error *err)
{
	const char *at = bytes;

	while (len) {
		size_t sent;

		/* What a server takes byte by byte is not sent for ever. */
		if (wait_for(link, POLLOUT, err) ||
		    send_some(link, at, len, &sent, err))
			return -1;
		at += sent;
		len -= sent;
	}
	return 0;
}

int imap_link_receive(struct imap_link *link, void *bytes, size_t size,
		      size_t *got_r, struct nw_error *err)
{
	enum tls_step step;
	ssize_t got;

	if (link->deadline_ms <= now_ms())
		return wait_for(link, POLLIN, err);
	if (link->tls) {
		while ((step = tls_read(link->tls, bytes, size, got_r)) !=
		       TLS_DONE)
			if (after(link, step, err))
				return -1;
		return 0;
	}
	while ((got = recv(link->fd, bytes, size, 0)) < 0) {
		if (!again())
			return nw_error_set(err, NW_ERROR_NETWORK,
					    "the connection broke: %s",
					    strerror(errno));
		if (wait_for(link, POLLIN, err))
			return -1;
	}
	if (!got)
		return nw_error_set(err, NW_ERROR_NETWORK,
				    "the server closed the connection");
	*got_r = (size_t)got;
	return 0;
}

void imap_link_close(struct imap_link *link)
{
	tls_free(&link->tls);
	if (link->fd >= 0)
		(void)close(link->fd);
	link->fd = -1;
}
