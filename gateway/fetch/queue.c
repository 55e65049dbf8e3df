/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fetch_private.h"

void nw_fetch_queue_init(struct nw_fetch_queue *queue, unsigned per_host)
{
	*queue = (struct nw_fetch_queue){ .per_host = per_host };
	queue->hosts_end = &queue->hosts;
}

static void append(struct nw_fetch_queue *queue, struct nw_fetch_host *host)
{
	host->next = NULL;
	*queue->hosts_end = host;
	queue->hosts_end = &host->next;
}

static void unlink_host(struct nw_fetch_queue *queue,
			struct nw_fetch_host **link)
{
	struct nw_fetch_host *host = *link;

	*link = host->next;
	if (queue->hosts_end == &host->next)
		queue->hosts_end = link;
}

static void host_free(struct nw_fetch_host *host)
{
	free(host->name);
	free(host);
}

static struct nw_fetch_host *host_new(struct nw_fetch_queue *queue,
				      const char *name)
{
	struct nw_fetch_host *host = calloc(1, sizeof(*host));

	if (!host)
		return NULL;
	host->name = strdup(name);
	if (!host->name) {
		free(host);
		return NULL;
	}
	host->ready_ms = INT64_MIN;
	host->waiting_end = &host->waiting;
	append(queue, host);
	return host;
}

static struct nw_fetch_host *find(struct nw_fetch_queue *queue,
				  const char *name)
{
	struct nw_fetch_host *host;

	for (host = queue->hosts; host; host = host->next)
		if (strcmp(host->name, name) == 0)
			return host;
	return host_new(queue, name);
}

int nw_fetch_queue_put(struct nw_fetch_queue *queue, struct nw_fetch *fetch,
		       const char *name, bool first)
{
	struct nw_fetch_host *host = find(queue, name);

	if (!host)
		return -1;
	fetch->host = host;
	if (first) {
		fetch->next = host->waiting;
		host->waiting = fetch;
		if (!fetch->next)
			host->waiting_end = &fetch->next;
	} else {
		fetch->next = NULL;
		*host->waiting_end = fetch;
		host->waiting_end = &fetch->next;
	}
	queue->waiting_count++;
	return 0;
}

static struct nw_fetch *take_first(struct nw_fetch_queue *queue,
				   struct nw_fetch_host *host)
{
	struct nw_fetch *fetch = host->waiting;

	host->waiting = fetch->next;
	if (!host->waiting)
		host->waiting_end = &host->waiting;
	fetch->next = NULL;
	queue->waiting_count--;
	host->running++;
	return fetch;
}

/* Nothing is left to remember of it. */
static bool is_forgotten(const struct nw_fetch_host *host, int64_t now_ms)
{
	return !host->waiting && !host->running && host->ready_ms <= now_ms;
}

struct nw_fetch *nw_fetch_queue_take(struct nw_fetch_queue *queue,
				     int64_t now_ms, int64_t *wait_ms_r)
{
	struct nw_fetch_host **link = &queue->hosts, *host;

	*wait_ms_r = -1;
	while ((host = *link)) {
		if (is_forgotten(host, now_ms)) {
			unlink_host(queue, link);
			host_free(host);
			continue;
		}
		if (host->waiting && host->running < queue->per_host) {
			if (host->ready_ms <= now_ms) {
				unlink_host(queue, link);
				append(queue, host);
				return take_first(queue, host);
			}
			if (*wait_ms_r < 0 ||
			    *wait_ms_r > host->ready_ms - now_ms)
				*wait_ms_r = host->ready_ms - now_ms;
		}
		link = &host->next;
	}
	return NULL;
}

void nw_fetch_queue_done(struct nw_fetch *fetch, int64_t now_ms,
			 unsigned pause_ms)
{
	struct nw_fetch_host *host = fetch->host;

	assert(host->running > 0);
	host->running--;
	host->ready_ms = now_ms + pause_ms;
	fetch->host = NULL;
}

struct nw_fetch *nw_fetch_queue_end(struct nw_fetch_queue *queue)
{
	struct nw_fetch_host *host;

	while ((host = queue->hosts)) {
		if (host->waiting)
			return take_first(queue, host);
		unlink_host(queue, &queue->hosts);
		host_free(host);
	}
	return NULL;
}
