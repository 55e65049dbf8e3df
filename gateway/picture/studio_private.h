/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the poller and a keeper of the studio say to each other, over a pair
 * of sockets: a request and its bytes, then an answer and its bytes.  The
 * keeper, a child of the poller, never looks at a picture; it forks a worker
 * for each request, waits for it, and says what became of it.
 */
#ifndef NEWSWIRE_STUDIO_PRIVATE_H
#define NEWSWIRE_STUDIO_PRIVATE_H

#include <stdint.h>
#include <sys/types.h>

#include "newswire/studio.h"

struct nw_studio_request {
	uint32_t use;	    /* enum nw_studio_use */
	uint32_t len;	    /* of the bytes that follow */
	uint32_t bytes_max; /* of the answer */
};

struct nw_studio_answer {
	struct nw_error err; /* its code NW_ERROR_NONE when it went well */
	uint32_t len;	     /* of the bytes that follow */
};

/* A keeper's life, in a child that was just forked: serves the socket until it
 * is closed or the parent has ended.  Does not return. */
void nw_studio_keep(int fd, pid_t parent) __attribute__((noreturn));

#endif
