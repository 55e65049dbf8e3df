/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server that follows a script, in a process of its own on 127.0.0.1; one
 * connection.  What the lines of a script mean is its player's affair.
 */
#ifndef NEWSWIRE_TESTS_SCRIPTED_H
#define NEWSWIRE_TESTS_SCRIPTED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct scripted {
	pid_t pid;
	unsigned port; /* on 127.0.0.1 */
};

/* play has the connection; it ends the process when the client does not keep to
 * the script, with what it did else on standard error. */
void scripted_start(struct scripted *server,
		    void (*play)(int fd, const char *script),
		    const char *script);
/* Whether the client kept to the script. */
bool scripted_end(struct scripted *server);

/* A player's next line; false behind the last one. */
bool scripted_step(const char **script, char *step, size_t size);

#endif
