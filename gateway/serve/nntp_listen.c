/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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
			    "[ADDRESS]:PORT, PORT or unix:/PATH", where);
}

/* What the operator can do about it, or "". */
static const char *remedy(int number)
{
	static const struct {
		int number;
		const char *text;
	} remedies[] = {
		{ EADDRINUSE, "; another server is there: end it, or name "
			      "another place" },
		{ EACCES, "; a port below 1024 is for root and "
			  "newswire.service, a socket needs a folder that "
			  "this user may write to" },
		{ EADDRNOTAVAIL, "; this machine has no such address" },
		{ EEXIST, "; it is no socket, and is left alone" },
		{ ENOENT, "; make the folder first" },
	};
	size_t i;

	for (i = 0; i < sizeof(remedies) / sizeof(*remedies); i++)
		if (remedies[i].number == number)
			return remedies[i].text;
	return "";
}

static int failed(const char *where, struct nw_error *err)
{
	return nw_error_set(err, errno == EADDRINUSE ? NW_ERROR_BUSY
						     : NW_ERROR_IO,
			    "listen: \"%s\": %s%s", where, strerror(errno),
			    remedy(errno));
}

/* Closes without losing what went wrong before. */
static int give_up(int fd)
{
	int number = errno;

	(void)close(fd);
	errno = number;
	return -1;
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

	if (fd < 0)
		return -1;
	if (socket_prepare(fd, at->ai_family) == 0 &&
	    bind(fd, at->ai_addr, at->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	return give_up(fd);
}

static int add(struct nw_nntp_sockets *sockets, int fd, bool ours,
	       struct nw_error *err)
{
	if (sockets->count == NW_NNTP_LISTENERS) {
		(void)close(fd);
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "listen: more than %d addresses",
				    NW_NNTP_LISTENERS);
	}
	sockets->of[sockets->count++] = (struct nw_nntp_socket){
		.fd = fd, .ours = ours
	};
	return 0;
}

/* /etc/hosts may say the same more than once. */
static bool is_repeated(const struct addrinfo *first,
			const struct addrinfo *at)
{
	for (; first != at; first = first->ai_next)
		if (first->ai_addrlen == at->ai_addrlen &&
		    !memcmp(first->ai_addr, at->ai_addr, at->ai_addrlen))
			return true;
	return false;
}

/* Of the addresses of a name, those that this machine does not have are left
 * out, as long as there is one. */
static int listen_at_all(const char *where, const struct addrinfo *found,
			 struct nw_nntp_sockets *sockets, struct nw_error *err)
{
	const struct addrinfo *at;
	size_t before = sockets->count;
	int fd;

	for (at = found; at; at = at->ai_next) {
		if (is_repeated(found, at))
			continue;
		fd = listen_at(at);
		if (fd >= 0) {
			if (add(sockets, fd, true, err) < 0)
				return -1;
		} else if ((errno != EADDRNOTAVAIL && errno != EAFNOSUPPORT) ||
			   (!at->ai_next && sockets->count == before)) {
			return failed(where, err);
		}
	}
	return 0;
}

static int listen_on_network(const char *where,
			     struct nw_nntp_sockets *sockets,
			     struct nw_error *err)
{
	const struct addrinfo hints = {
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found = NULL;
	struct place place;
	int result;

	if (place_read(where, &place, err) < 0)
		return -1;
	result = getaddrinfo(place.host, place.port, &hints, &found);
	if (result)
		return nw_error_set(err, NW_ERROR_CONFIG, "listen: \"%s\": %s",
				    where, gai_strerror(result));
	result = listen_at_all(where, found, sockets, err);
	freeaddrinfo(found);
	return result;
}

/* Removes what a server left behind that could not clean up.  One that is
 * busy still answers: only a refusal says that nobody is there. */
static int remove_stale(const struct sockaddr_un *address)
{
	struct stat st;
	int fd, refused;

	if (lstat(address->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : -1;
	errno = EEXIST;
	if (!S_ISSOCK(st.st_mode))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	refused = connect(fd, (const void *)address, sizeof(*address)) < 0 &&
		  errno == ECONNREFUSED;
	(void)close(fd);
	errno = EADDRINUSE;
	return refused ? unlink(address->sun_path) : -1;
}

static int listen_unix(const struct sockaddr_un *address, unsigned mode)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			0);
	mode_t before;
	int bound;

	if (fd < 0)
		return -1;
	/* Nobody may come in between its making and a chmod. */
	before = umask(0777 & ~(mode_t)mode);
	bound = remove_stale(address) < 0
			? -1
			: bind(fd, (const void *)address, sizeof(*address));
	(void)umask(before);
	if (bound == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	return give_up(fd);
}

static int listen_on_path(const char *path, unsigned mode,
			  struct nw_nntp_sockets *sockets,
			  struct nw_error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd;

	if (*path != '/' || len >= sizeof(address.sun_path))
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "listen: \"%s\": the path must be "
				    "absolute and have at most %zu octets",
				    path, sizeof(address.sun_path) - 1);
	memcpy(address.sun_path, path, len + 1);
	fd = listen_unix(&address, mode);
	return fd < 0 ? failed(path, err) : add(sockets, fd, true, err);
}

/* Removes our own from the file system, and closes. */
static void end_from(struct nw_nntp_sockets *sockets, size_t first)
{
	struct sockaddr_un address;
	const struct nw_nntp_socket *last;
	socklen_t len;

	while (sockets->count > first) {
		last = &sockets->of[--sockets->count];
		len = sizeof(address);
		if (last->ours &&
		    getsockname(last->fd, (void *)&address, &len) == 0 &&
		    address.sun_family == AF_UNIX &&
		    len > offsetof(struct sockaddr_un, sun_path))
			(void)unlink(address.sun_path);
		(void)close(last->fd);
	}
}

int nw_nntp_listen(const char *where, unsigned mode, bool tls,
		   struct nw_nntp_sockets *sockets, struct nw_error *err)
{
	const size_t prefix = strlen(NW_NNTP_UNIX), before = sockets->count;
	size_t i;
	int result;

	result = strncmp(where, NW_NNTP_UNIX, prefix) == 0
			 ? listen_on_path(where + prefix, mode, sockets, err)
			 : listen_on_network(where, sockets, err);
	if (result < 0)
		end_from(sockets, before);
	for (i = before; i < sockets->count; i++)
		sockets->of[i].tls = tls;
	return result;
}

int nw_nntp_listen_adopt(int fd, bool tls, struct nw_nntp_sockets *sockets,
			 struct nw_error *err)
{
	int kind = 0, listens = 0;
	socklen_t len = sizeof(kind);
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &len) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) < 0 ||
	    kind != SOCK_STREAM || !listens)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "listen: descriptor %d is no listening "
				    "stream socket", fd);
	if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return nw_error_errno(err, "listen: descriptor %d", fd);
	if (add(sockets, fd, false, err) < 0)
		return -1;
	sockets->of[sockets->count - 1].tls = tls;
	return 0;
}

void nw_nntp_listen_close(struct nw_nntp_sockets *sockets)
{
	while (sockets->count)
		(void)close(sockets->of[--sockets->count].fd);
}

void nw_nntp_listen_end(struct nw_nntp_sockets *sockets)
{
	end_from(sockets, 0);
}
