/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "studio_private.h"

struct order {
	struct order *next;
	struct nw_studio_request request;
	struct evbuffer *bytes;
	bool again; /* the keeper that had it before has ended */
	nw_studio_done *done;
	void *context;
};

/* Of a child, or of the place for one. */
struct keeper {
	struct nw_studio *studio;
	pid_t pid; /* 0: none runs */
	struct bufferevent *socket;
	struct order *order; /* that it works at */
	bool has_answer;     /* its bytes follow */
	struct nw_studio_answer answer;
};

struct nw_studio {
	struct event_base *base;
	struct event *turn; /* hands out what waits */
	struct keeper keepers[NW_STUDIO_CHILDREN];
	struct order *first, **end;
	size_t waiting_bytes;
};

static void order_free(struct order *order)
{
	if (!order)
		return;
	if (order->bytes)
		evbuffer_free(order->bytes);
	free(order);
}

static void finish(struct keeper *keeper, const struct nw_picture *picture,
		   const struct nw_error *err)
{
	struct order *order = keeper->order;

	keeper->order = NULL;
	keeper->has_answer = false;
	event_active(keeper->studio->turn, 0, 0);
	order->done(picture, err, order->context);
	order_free(order);
}

/* Ends its process, if there is one. */
static void keeper_end(struct keeper *keeper)
{
	if (keeper->socket)
		bufferevent_free(keeper->socket);
	keeper->socket = NULL;
	if (!keeper->pid)
		return;
	(void)kill(keeper->pid, SIGKILL);
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	keeper->pid = 0;
}

/* First in the queue again. */
static void put_back(struct keeper *keeper)
{
	struct nw_studio *studio = keeper->studio;
	struct order *order = keeper->order;

	keeper->order = NULL;
	keeper->has_answer = false;
	order->again = true;
	order->next = studio->first;
	studio->first = order;
	if (!order->next)
		studio->end = &order->next;
	studio->waiting_bytes += order->request.len;
	event_active(studio->turn, 0, 0);
}

/* A keeper does not end by what it keeps; one that was ended may have been idle
 * a moment ago.  What it had is handed out once more. */
static void on_end(struct bufferevent *socket, short what, void *data)
{
	struct keeper *keeper = data;
	struct nw_error err;

	(void)socket;
	(void)what;
	keeper_end(keeper);
	if (keeper->order && !keeper->order->again) {
		put_back(keeper);
	} else if (keeper->order) {
		nw_error_set(&err, NW_ERROR_INTERNAL,
			     "the process that makes pictures has ended");
		finish(keeper, NULL, &err);
	}
}

/* What a child says is looked at as what the web says is. */
static int check(struct nw_picture *picture, const char *bytes, size_t len,
		 struct nw_error *err)
{
	struct nw_picture_facts facts;

	if (nw_picture_look(bytes, len, &facts, err) < 0)
		return -1;
	if ((strcmp(facts.type, "image/jpeg") != 0 &&
	     strcmp(facts.type, "image/png") != 0) ||
	    facts.width > NW_PICTURE_SIDE || facts.height > NW_PICTURE_SIDE)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "became something else");
	picture->type = facts.type;
	picture->bytes = bytes;
	picture->len = len;
	picture->width = facts.width;
	picture->height = facts.height;
	return 0;
}

/* Its words, as one line, with a code that there is. */
static int pass_on(const struct nw_studio_answer *answer, struct nw_error *err)
{
	enum nw_error_code code = answer->err.code;

	if (code <= NW_ERROR_NONE || code >= NW_ERROR_CODES)
		code = NW_ERROR_INTERNAL;
	return nw_error_set(err, code, "%.*s",
			    (int)sizeof(answer->err.text) - 1,
			    answer->err.text);
}

static void take_answer(struct keeper *keeper, struct evbuffer *input)
{
	const struct nw_studio_answer *answer = &keeper->answer;
	struct nw_picture picture = { 0 };
	size_t len = answer->len;
	struct nw_error err;
	const char *bytes;
	int result;

	bufferevent_disable(keeper->socket, EV_READ);
	bytes = (const char *)evbuffer_pullup(input, (ev_ssize_t)len);
	if (answer->err.code != NW_ERROR_NONE)
		result = pass_on(answer, &err);
	else
		result = check(&picture, bytes, bytes ? len : 0, &err);
	finish(keeper, result == 0 ? &picture : NULL,
	       result == 0 ? NULL : &err);
	evbuffer_drain(input, len);
}

static void on_read(struct bufferevent *socket, void *data)
{
	struct evbuffer *input = bufferevent_get_input(socket);
	struct keeper *keeper = data;

	if (!keeper->has_answer) {
		if (evbuffer_get_length(input) < sizeof(keeper->answer))
			return;
		(void)evbuffer_remove(input, &keeper->answer,
				      sizeof(keeper->answer));
		keeper->has_answer = true;
	}
	if (keeper->answer.len > NW_PICTURE_BUDGET_BYTES)
		on_end(socket, BEV_EVENT_ERROR, keeper);
	else if (evbuffer_get_length(input) >= keeper->answer.len)
		take_answer(keeper, input);
}

static int keeper_start(struct keeper *keeper, struct nw_error *err)
{
	pid_t parent = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return nw_error_errno(err, "socketpair");
	keeper->socket =
		evutil_make_socket_nonblocking(pair[0]) == 0
			? bufferevent_socket_new(keeper->studio->base, pair[0],
						 BEV_OPT_CLOSE_ON_FREE)
			: NULL;
	if (!keeper->socket) {
		(void)close(pair[0]);
		(void)close(pair[1]);
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no process for pictures can be started");
	}
	bufferevent_setcb(keeper->socket, on_read, NULL, on_end, keeper);
	keeper->pid = fork();
	if (keeper->pid == 0)
		nw_studio_keep(pair[1], parent);
	(void)close(pair[1]);
	if (keeper->pid > 0)
		return 0;
	keeper->pid = 0;
	nw_error_errno(err, "no process for pictures can be started");
	keeper_end(keeper);
	return -1;
}

/* One that ended while it had nothing to do is replaced. */
static int keeper_ready(struct keeper *keeper, struct nw_error *err)
{
	if (keeper->pid && waitpid(keeper->pid, NULL, WNOHANG) != 0) {
		keeper->pid = 0;
		keeper_end(keeper);
	}
	return keeper->pid ? 0 : keeper_start(keeper, err);
}

/* The keeper has an order that it does not know of yet. */
static int send_order(struct keeper *keeper, struct nw_error *err)
{
	struct order *order = keeper->order;
	struct evbuffer *output;

	if (keeper_ready(keeper, err) < 0)
		return -1;
	output = bufferevent_get_output(keeper->socket);
	/* Its bytes are kept, in case that the keeper ends. */
	if (evbuffer_add(output, &order->request, sizeof(order->request)) < 0 ||
	    evbuffer_add_buffer_reference(output, order->bytes) < 0 ||
	    bufferevent_enable(keeper->socket, EV_READ | EV_WRITE) < 0) {
		keeper_end(keeper);
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no memory for a picture");
	}
	return 0;
}

static void hand_out(struct keeper *keeper)
{
	struct nw_studio *studio = keeper->studio;
	struct order *order = studio->first;
	struct nw_error err;

	studio->first = order->next;
	if (!studio->first)
		studio->end = &studio->first;
	studio->waiting_bytes -= order->request.len;
	keeper->order = order;
	if (send_order(keeper, &err) < 0)
		finish(keeper, NULL, &err);
}

static void on_turn(evutil_socket_t fd, short what, void *data)
{
	struct nw_studio *studio = data;
	size_t i;

	(void)fd;
	(void)what;
	for (i = 0; i < NW_STUDIO_CHILDREN; i++)
		if (studio->first && !studio->keepers[i].order)
			hand_out(&studio->keepers[i]);
}

int nw_studio_new(struct nw_studio **studio_r, struct event_base *base,
		  struct nw_error *err)
{
	struct nw_studio *studio = calloc(1, sizeof(*studio));
	size_t i;

	if (!studio)
		return nw_error_errno(err, "pictures");
	studio->base = base;
	studio->end = &studio->first;
	studio->turn = event_new(base, -1, 0, on_turn, studio);
	if (!studio->turn) {
		nw_error_set(err, NW_ERROR_INTERNAL, "pictures: no event");
		goto fail;
	}
	for (i = 0; i < NW_STUDIO_CHILDREN; i++) {
		studio->keepers[i].studio = studio;
		if (keeper_start(&studio->keepers[i], err) < 0)
			goto fail;
	}
	*studio_r = studio;
	return 0;
fail:
	nw_studio_free(&studio);
	return -1;
}

void nw_studio_free(struct nw_studio **studio)
{
	struct order *order, *next;
	size_t i;

	if (!*studio)
		return;
	for (i = 0; i < NW_STUDIO_CHILDREN; i++) {
		keeper_end(&(*studio)->keepers[i]);
		order_free((*studio)->keepers[i].order);
	}
	for (order = (*studio)->first; order; order = next) {
		next = order->next;
		order_free(order);
	}
	if ((*studio)->turn)
		event_free((*studio)->turn);
	free(*studio);
	*studio = NULL;
}

int nw_studio_order(struct nw_studio *studio,
		    const struct nw_studio_order *order, nw_studio_done *done,
		    void *context, struct nw_error *err)
{
	struct order *copy;

	if (order->len > NW_PICTURE_BYTES)
		return nw_error_set(err, NW_ERROR_DATA,
				    "is too large: %zu bytes, the limit is %u",
				    order->len, NW_PICTURE_BYTES);
	if (studio->waiting_bytes + order->len > NW_STUDIO_QUEUE_BYTES)
		return nw_error_set(err, NW_ERROR_BUSY,
				    "too many pictures wait to be read");
	copy = calloc(1, sizeof(*copy));
	if (copy)
		copy->bytes = evbuffer_new();
	if (!copy || !copy->bytes ||
	    evbuffer_add(copy->bytes, order->bytes, order->len) < 0) {
		order_free(copy);
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no memory for a picture");
	}
	copy->request.use = order->use;
	copy->request.len = (uint32_t)order->len;
	copy->request.bytes_max = order->bytes_max < NW_PICTURE_BUDGET_BYTES
					  ? (uint32_t)order->bytes_max
					  : NW_PICTURE_BUDGET_BYTES;
	copy->done = done;
	copy->context = context;
	*studio->end = copy;
	studio->end = &copy->next;
	studio->waiting_bytes += order->len;
	event_active(studio->turn, 0, 0);
	return 0;
}
