/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scripted.h"

#define PATIENCE_S 60

static void serve(int listener, void (*play)(int fd, const char *script),
		  const char *script)
{
	int yes = 1, fd;

	/* Nobody waits for a test that hangs. */
	(void)alarm(PATIENCE_S);
	fd = accept(listener, NULL, NULL);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	play(fd, script);
	_exit(0);
}

void scripted_start(struct scripted *server,
		    void (*play)(int fd, const char *script),
		    const char *script)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (listener < 0 ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &len))
		abort();
	server->port = ntohs(address.sin_port);
	server->pid = fork();
	if (!server->pid)
		serve(listener, play, script);
	(void)close(listener);
}

bool scripted_end(struct scripted *server)
{
	int status = 0;

	if (waitpid(server->pid, &status, 0) != server->pid)
		return false;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

bool scripted_step(const char **script, char *step, size_t size)
{
	size_t len = strcspn(*script, "\n");

	if (!**script)
		return false;
	(void)snprintf(step, size, "%.*s", (int)len, *script);
	*script += len + ((*script)[len] == '\n');
	return true;
}
