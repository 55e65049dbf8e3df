/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/event.h>

#include "fetch_private.h"

/* Hands over the hops that ended.  A callback may start transfers, so the
 * queue of messages is asked anew each time. */
static void drain(struct nw_fetcher *fetcher)
{
	struct nw_fetch *fetch;
	CURLMsg *message;
	CURLcode result;
	int left;

	while ((message = curl_multi_info_read(fetcher->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		/* The message dies with the handle's place in the multi. */
		result = message->data.result;
		fetch = NULL;
		(void)curl_easy_getinfo(message->easy_handle,
					CURLINFO_PRIVATE, (char **)&fetch);
		nw_fetch_hop_done(fetch, result);
	}
}

static void on_event(evutil_socket_t fd, short what, void *context)
{
	struct nw_fetcher *fetcher = context;
	int running;

	(void)curl_multi_socket_action(
		fetcher->multi, fd,
		(what & EV_READ ? CURL_CSELECT_IN : 0) |
			(what & EV_WRITE ? CURL_CSELECT_OUT : 0),
		&running);
	drain(fetcher);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
	struct nw_fetcher *fetcher = context;
	int running;

	(void)fd;
	(void)what;
	(void)curl_multi_socket_action(fetcher->multi, CURL_SOCKET_TIMEOUT, 0,
				       &running);
	drain(fetcher);
}

static int set_timer(CURLM *multi, long timeout_ms, void *context)
{
	struct nw_fetcher *fetcher = context;
	struct timeval pause = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };

	(void)multi;
	if (timeout_ms < 0)
		return evtimer_del(fetcher->timer);
	return evtimer_add(fetcher->timer, &pause);
}

/* curl wants to hear of a socket, of something else there, or no more. */
static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *context,
			void *socket_context)
{
	struct nw_fetcher *fetcher = context;
	struct event *event = socket_context;

	(void)easy;
	if (event)
		event_free(event);
	event = NULL;
	if (what != CURL_POLL_REMOVE) {
		event = event_new(fetcher->base, fd,
				  EV_PERSIST |
					  (what & CURL_POLL_IN ? EV_READ : 0) |
					  (what & CURL_POLL_OUT ? EV_WRITE : 0),
				  on_event, fetcher);
		if (!event || event_add(event, NULL) < 0)
			return -1;
	}
	(void)curl_multi_assign(fetcher->multi, fd, event);
	return 0;
}

#define SET(option, value) \
	(curl_multi_setopt(fetcher->multi, option, value) == CURLM_OK)

int nw_fetch_loop_init(struct nw_fetcher *fetcher, struct nw_error *err)
{
	fetcher->multi = curl_multi_init();
	fetcher->timer = evtimer_new(fetcher->base, on_timer, fetcher);
	if (fetcher->multi && fetcher->timer &&
	    SET(CURLMOPT_SOCKETFUNCTION, watch_socket) &&
	    SET(CURLMOPT_SOCKETDATA, fetcher) &&
	    SET(CURLMOPT_TIMERFUNCTION, set_timer) &&
	    SET(CURLMOPT_TIMERDATA, fetcher) &&
	    /* For curl all of them go to the proxy's host. */
	    SET(CURLMOPT_MAX_HOST_CONNECTIONS,
		*fetcher->proxy ? 0L : (long)fetcher->policy.per_host) &&
	    SET(CURLMOPT_MAX_TOTAL_CONNECTIONS,
		(long)fetcher->policy.parallel))
		return 0;
	return nw_error_set(err, NW_ERROR_INTERNAL,
			    "libcurl cannot be set up");
}

void nw_fetch_loop_free(struct nw_fetcher *fetcher)
{
	/* May still speak of sockets and of the timer. */
	(void)curl_multi_cleanup(fetcher->multi);
	if (fetcher->timer)
		event_free(fetcher->timer);
}
