/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "newswire/helper.h"

void nw_helper_die_with(pid_t parent)
{
#ifdef __linux__
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(0);
}

static void close_from(int fd)
{
#ifdef HAVE_CLOSEFROM
	closefrom(fd);
#else
	const int end = (int)sysconf(_SC_OPEN_MAX);

	for (; fd < end; fd++)
		(void)close(fd);
#endif
}

/* Leaves nothing open but the socket, which becomes NW_HELPER_FD. */
static void close_files(int fd)
{
	int null = open("/dev/null", O_RDWR), i;

	for (i = 0; i < NW_HELPER_FD; i++)
		if (null >= 0 && !(NW_SANITIZED && i == STDERR_FILENO))
			(void)dup2(null, i);
	if (fd != NW_HELPER_FD)
		(void)dup2(fd, NW_HELPER_FD);
	close_from(NW_HELPER_FD + 1);
}

/* A signal that a terminal sends to all is for the parent to act on. */
static void set_signals(void)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	size_t i;
	int number;

	for (number = 1; number < NSIG; number++)
		(void)sigaction(number, &action, NULL);
	action.sa_handler = SIG_IGN;
	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)sigaction(ignored[i], &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void leave_no_core(void)
{
	const struct rlimit limits = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &limits) < 0)
		_exit(1);
}

/* Leaves nothing open but the standard streams. */
static void redirect(int out, int said)
{
	int null = open("/dev/null", O_RDWR);

	/* Any of these may be where another one must go. */
	null = fcntl(null, F_DUPFD, NW_HELPER_FD);
	out = fcntl(out, F_DUPFD, NW_HELPER_FD);
	said = fcntl(said, F_DUPFD, NW_HELPER_FD);
	if (dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(said, STDERR_FILENO) < 0)
		_exit(1);
	close_from(NW_HELPER_FD);
}

void nw_helper_become(int out, int said, pid_t parent, int niceness)
{
	nw_helper_die_with(parent);
	set_signals();
	redirect(out, said);
	leave_no_core();
	(void)nice(niceness);
}

void nw_helper_begin(int fd, pid_t parent, int niceness)
{
	nw_helper_die_with(parent);
	set_signals();
	close_files(fd);
	leave_no_core();
	(void)nice(niceness);
}
