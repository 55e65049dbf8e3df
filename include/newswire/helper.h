/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a child that was just forked becomes a helper: it keeps nothing of its
 * parent but one socket, or two pipes.
 */
#ifndef NEWSWIRE_HELPER_H
#define NEWSWIRE_HELPER_H

#include <sys/types.h>

#define NW_HELPER_FD 3 /* behind those of the standard streams */

/* Sanitizers reserve terabytes of addresses and write what they find. */
#if defined(__SANITIZE_ADDRESS__)
#define NW_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NW_SANITIZED 1
#endif
#endif
#ifndef NW_SANITIZED
#define NW_SANITIZED 0
#endif

/*
 * The process ends when the parent does; has the signals of a new one, except
 * that it ignores those that a terminal sends to all (SIGINT, SIGTERM, SIGHUP)
 * and SIGPIPE; has its standard streams on /dev/null and nothing else open but
 * fd, which becomes NW_HELPER_FD; leaves no core; and is nicer by niceness.
 * (A sanitizer keeps its standard error.)
 */
void nw_helper_begin(int fd, pid_t parent, int niceness);

/*
 * The same for a child that goes on to execute a program: out becomes its
 * standard output, said its standard error, and nothing else is open.
 */
void nw_helper_become(int out, int said, pid_t parent, int niceness);

/* Asks the kernel to end this process with its parent. */
void nw_helper_die_with(pid_t parent);

#endif
