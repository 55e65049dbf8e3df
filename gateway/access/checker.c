/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "newswire/checker.h"
#include "newswire/helper.h"
#include "newswire/limits.h"
#include "newswire/secret.h"

#define NICENESS 10
#define HASH_OCTETS 384 /* CRYPT_OUTPUT_SIZE of crypt(3) */

/* One datagram to the child; the answer is one octet. */
struct request {
	char password[NW_NNTP_LINE_OCTETS];
	char hash[HASH_OCTETS];
};

struct nw_check {
	struct nw_check *next;
	struct request request;
	bool never;
	bool again;		/* the child that had it before has ended */
	uint64_t place;
	nw_checker_done *done;	/* NULL: it was cancelled */
	void *context;
};

struct nw_checker {
	struct event_base *base;
	struct event *answer;	/* of the child; NULL: none runs */
	struct event *turn;	/* hands the next one out */
	pid_t pid;
	int fd;
	struct nw_check *first, **end; /* the child has the first, if asked */
	bool asked;
	unsigned count;
};

/* The child's life. */
static void __attribute__((noreturn)) keep(int fd, pid_t parent)
{
	struct request request;
	char right;

	nw_helper_begin(fd, parent, NICENESS);
	while (recv(NW_HELPER_FD, &request, sizeof(request), 0) ==
	       sizeof(request)) {
		right = nw_secret_check(request.password, request.hash);
		explicit_bzero(&request, sizeof(request));
		if (send(NW_HELPER_FD, &right, 1, 0) != 1)
			break;
	}
	_exit(0);
}

static void end_child(struct nw_checker *checker)
{
	if (!checker->answer)
		return;
	event_free(checker->answer);
	checker->answer = NULL;
	(void)close(checker->fd);
	(void)kill(checker->pid, SIGKILL);
	while (waitpid(checker->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

static void check_free(struct nw_check *check)
{
	explicit_bzero(check, sizeof(*check));
	free(check);
}

/* The first one is over. */
static void finish(struct nw_checker *checker, enum nw_checked result)
{
	struct nw_check *check = checker->first;
	nw_checker_done *done = check->done;
	void *context = check->context;

	if (check->never && result == NW_CHECKED_RIGHT)
		result = NW_CHECKED_WRONG;
	checker->asked = false;
	checker->count--;
	checker->first = check->next;
	if (!checker->first)
		checker->end = &checker->first;
	else
		event_active(checker->turn, EV_TIMEOUT, 0);
	check_free(check);
	if (done)
		done(result, context);
}

/* One that was ended may have been idle a moment ago: what it had is handed out
 * once more. */
static void on_end(struct nw_checker *checker)
{
	struct nw_check *check = checker->first;

	if (!checker->asked)
		return;
	if (check->again) {
		finish(checker, NW_CHECKED_NOT);
		return;
	}
	check->again = true;
	checker->asked = false;
	event_active(checker->turn, EV_TIMEOUT, 0);
}

/* An answer; or the child has ended, or is not done in time. */
static void on_answer(evutil_socket_t fd, short what, void *argument)
{
	struct nw_checker *checker = argument;
	char right;

	if (!(what & EV_TIMEOUT) && recv(fd, &right, 1, 0) == 1 &&
	    checker->asked) {
		(void)event_del(checker->answer);
		finish(checker, right ? NW_CHECKED_RIGHT : NW_CHECKED_WRONG);
		return;
	}
	end_child(checker);
	if (what & EV_TIMEOUT)
		finish(checker, NW_CHECKED_NOT);
	else
		on_end(checker);
}

static int start_child(struct nw_checker *checker)
{
	pid_t parent = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	checker->fd = pair[0];
	if (evutil_make_socket_nonblocking(pair[0]) == 0)
		checker->answer = event_new(checker->base, pair[0],
					    EV_READ | EV_PERSIST, on_answer,
					    checker);
	checker->pid = checker->answer ? fork() : -1;
	if (checker->pid == 0)
		keep(pair[1], parent);
	(void)close(pair[1]);
	if (checker->pid > 0)
		return 0;
	if (checker->answer)
		event_free(checker->answer);
	checker->answer = NULL;
	(void)close(pair[0]);
	return -1;
}

/* A child that has ended while it had nothing to do shows when it is sent
 * something: then comes another one. */
static int send_request(struct nw_checker *checker)
{
	const struct request *request = &checker->first->request;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		if (!checker->answer && start_child(checker) < 0)
			return -1;
		if (send(checker->fd, request, sizeof(*request),
			 MSG_NOSIGNAL) == sizeof(*request))
			return 0;
		end_child(checker);
	}
	return -1;
}

static void on_turn(evutil_socket_t fd, short what, void *argument)
{
	const struct timeval patience = { NW_CHECKER_MS / 1000,
					  NW_CHECKER_MS % 1000 * 1000 };
	struct nw_checker *checker = argument;

	(void)fd;
	(void)what;
	if (checker->asked || !checker->first)
		return;
	if (!checker->first->done)
		finish(checker, NW_CHECKED_NOT);
	else if (send_request(checker) < 0 ||
		 event_add(checker->answer, &patience) < 0)
		finish(checker, NW_CHECKED_NOT);
	else
		checker->asked = true;
}

int nw_checker_new(struct nw_checker **checker_r, struct event_base *base,
		   struct nw_error *err)
{
	struct nw_checker *checker = calloc(1, sizeof(*checker));

	if (checker)
		checker->turn = event_new(base, -1, 0, on_turn, checker);
	if (!checker || !checker->turn) {
		free(checker);
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no memory for a checker of passwords");
	}
	checker->base = base;
	checker->end = &checker->first;
	*checker_r = checker;
	return 0;
}

void nw_checker_free(struct nw_checker **checker_p)
{
	struct nw_checker *checker = *checker_p;
	struct nw_check *check;

	if (!checker)
		return;
	end_child(checker);
	while ((check = checker->first)) {
		checker->first = check->next;
		check_free(check);
	}
	event_free(checker->turn);
	free(checker);
	*checker_p = NULL;
}

static bool is_full(const struct nw_checker *checker, uint64_t place)
{
	const struct nw_check *check;
	unsigned here = 0;

	for (check = checker->first; check; check = check->next)
		here += check->place == place;
	return checker->count >= NW_CHECKER_QUEUE || here >= NW_CHECKER_PLACE;
}

int nw_checker_ask(struct nw_checker *checker,
		   const struct nw_checker_order *order, nw_checker_done *done,
		   void *context, struct nw_check **check_r,
		   struct nw_error *err)
{
	size_t password_len = strlen(order->password);
	size_t hash_len = strlen(order->hash);
	struct nw_check *check;

	if (is_full(checker, order->place))
		return nw_error_set(err, NW_ERROR_BUSY,
				    "too many passwords wait to be checked");
	if (password_len >= sizeof(check->request.password) ||
	    hash_len >= sizeof(check->request.hash))
		return nw_error_set(err, NW_ERROR_DATA,
				    "a password or its hash is too long");
	check = calloc(1, sizeof(*check));
	if (!check)
		return nw_error_errno(err, "a password");
	memcpy(check->request.password, order->password, password_len);
	memcpy(check->request.hash, order->hash, hash_len);
	check->never = order->never;
	check->place = order->place;
	check->done = done;
	check->context = context;
	*checker->end = check;
	checker->end = &check->next;
	checker->count++;
	event_active(checker->turn, EV_TIMEOUT, 0);
	*check_r = check;
	return 0;
}

void nw_check_cancel(struct nw_check *check)
{
	check->done = NULL;
}
