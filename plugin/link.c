/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "i18n.h"
#include "link_private.h"
#include "session.h"

const struct nw_patience nw_patience_usual = {
	.connect_ms = 30000,
	.answer_ms = 60000,
	.octets_a_second = 1024,
	.ms_an_answer = 1000,
	.errand_ms = 150000,
};

/* How often a cancellation is looked for that has no file descriptor, because
 * the process may open no more. */
#define GLANCE_MS    100
#define WORDS_OCTETS 300

/* The gateway may have so much more time, within its patience. */
static void allow(struct nw_link *link, gint64 more_us)
{
	gint64 most = g_get_monotonic_time() +
		      (gint64)link->patience->answer_ms * 1000;

	link->until_us = MIN(link->until_us + more_us, most);
}

void nw_link_begin(struct nw_link *link)
{
	link->until_us = g_get_monotonic_time() +
			 (gint64)link->patience->answer_ms * 1000;
}

void nw_link_begin_errand(struct nw_link *link)
{
	link->until_us = g_get_monotonic_time() +
			 (gint64)link->patience->errand_ms * 1000;
}

void nw_link_answered(struct nw_link *link)
{
	allow(link, (gint64)link->patience->ms_an_answer * 1000);
}

/* The lowest layer */

static ssize_t socket_read(mailstream_low *layer, void *octets, size_t size)
{
	struct nw_link *link = layer->data;
	ssize_t got;

	do
		got = recv(link->fd, octets, size, MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		allow(link,
		      got * G_USEC_PER_SEC / link->patience->octets_a_second);
	return got;
}

static ssize_t socket_write(mailstream_low *layer, const void *octets,
			    size_t len)
{
	const struct nw_link *link = layer->data;
	ssize_t sent;

	if (!len)
		return 0;
	do
		sent = send(link->fd, octets, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent;
}

static int socket_close(mailstream_low *layer)
{
	struct nw_link *link = layer->data;

	if (link->socket)
		(void)g_socket_close(link->socket, NULL);
	else
		(void)close(link->fd);
	g_clear_object(&link->socket);
	link->fd = -1;
	return 0;
}

static int socket_get_fd(mailstream_low *layer)
{
	return ((const struct nw_link *)layer->data)->fd;
}

/* libetpan's layers are made by malloc(). */
static void socket_free(mailstream_low *layer)
{
	free(layer);
}

static const mailstream_low_driver socket_driver = {
	.mailstream_read = socket_read,
	.mailstream_write = socket_write,
	.mailstream_close = socket_close,
	.mailstream_get_fd = socket_get_fd,
	.mailstream_free = socket_free,
};

gssize nw_layer_read(mailstream_low *layer, void *octets, gsize size)
{
	return layer->driver->mailstream_read(layer, octets, size);
}

gssize nw_layer_write(mailstream_low *layer, const void *octets, gsize len)
{
	return layer->driver->mailstream_write(layer, octets, len);
}

int nw_layer_get_fd(mailstream_low *layer)
{
	return layer->driver->mailstream_get_fd(layer);
}

void nw_link_push(struct nw_link *link, void *data,
		  const mailstream_low_driver *driver)
{
	/* libetpan does not write to it, and does not say so. */
	link->top = mailstream_low_new(
		data, (mailstream_low_driver *)(guintptr)driver);
	/* As all of GLib does. */
	if (!link->top)
		g_error("no memory");
}

struct nw_link *nw_link_adopt(int fd, const char *name,
			      const struct nw_patience *patience,
			      GCancellable *cancel)
{
	struct nw_link *link = g_new0(struct nw_link, 1);

	link->fd = fd;
	link->words_fd = -1;
	link->name = g_strdup(name);
	link->patience = patience;
	if (cancel)
		link->cancel = g_object_ref(cancel);
	link->has_cancel_poll =
		g_cancellable_make_pollfd(cancel, &link->cancel_poll);
	nw_link_push(link, link, &socket_driver);
	nw_link_begin(link);
	return link;
}

struct nw_link *nw_link_open(const struct nw_gateway *gateway,
			     const struct nw_patience *patience,
			     GCancellable *cancel, GError **error)
{
	if (nw_gateway_is_local(gateway))
		return nw_link_open_child(patience, cancel, error);
	return nw_link_open_tcp(gateway, patience, cancel, error);
}

void nw_link_close(struct nw_link *link)
{
	if (!link)
		return;
	(void)mailstream_low_close(link->top);
	mailstream_low_free(link->top);
	if (link->child)
		nw_link_reap(link, link->late || nw_link_is_cancelled(link));
	if (link->words_fd >= 0)
		(void)close(link->words_fd);
	if (link->has_cancel_poll)
		g_cancellable_release_fd(link->cancel);
	g_clear_object(&link->cancel);
	g_free(link->name);
	g_free(link);
}

const char *nw_link_name(const struct nw_link *link)
{
	return link->name;
}

gboolean nw_link_is_local(const struct nw_link *link)
{
	return link->child != 0;
}

gboolean nw_link_is_private(const struct nw_link *link)
{
	return link->child || link->loopback || link->encrypted;
}

gboolean nw_link_is_cancelled(const struct nw_link *link)
{
	return g_cancellable_is_cancelled(link->cancel);
}

gssize nw_link_read(struct nw_link *link, void *octets, gsize size)
{
	return nw_layer_read(link->top, octets, size);
}

gssize nw_link_write(struct nw_link *link, const void *octets, gsize len)
{
	return nw_layer_write(link->top, octets, len);
}

static gboolean is_late(const struct nw_link *link, int *left_ms_r)
{
	gint64 left_us = link->until_us - g_get_monotonic_time();

	if (left_us <= 0)
		return TRUE;
	*left_ms_r = (int)(left_us / 1000 + 1);
	if (link->cancel && !link->has_cancel_poll)
		*left_ms_r = MIN(*left_ms_r, GLANCE_MS);
	return FALSE;
}

gboolean nw_link_wait(struct nw_link *link, short events, GError **error)
{
	struct pollfd polls[] = {
		{ .fd = link->fd, .events = events },
		{ .fd = link->has_cancel_poll ? link->cancel_poll.fd : -1,
		  .events = POLLIN },
	};
	int left_ms;

	do {
		if (nw_link_is_cancelled(link)) {
			g_set_error_literal(error, NW_SESSION_ERROR,
					    NW_SESSION_ERROR_CANCELLED,
					    _("Cancelled."));
			return FALSE;
		}
		if (is_late(link, &left_ms)) {
			link->late = TRUE;
			g_set_error(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_BROKEN,
				    _("%s answers too slowly, or not at all. "
				      "The next check tries again."),
				    link->name);
			return FALSE;
		}
	} while (poll(polls, G_N_ELEMENTS(polls), left_ms) <= 0 ||
		 !polls[0].revents);
	return TRUE;
}

char *nw_link_shown(const char *words)
{
	char *text =
		g_utf8_make_valid(words, (gssize)strnlen(words, WORDS_OCTETS));
	char *at;

	for (at = text; *at; at++)
		if (g_ascii_iscntrl(*at))
			*at = ' ';
	return g_strstrip(text);
}

gboolean nw_link_lost(struct nw_link *link, int with_errno, GError **error)
{
	char *words = nw_link_last_words(link);

	if (nw_link_is_cancelled(link))
		g_set_error_literal(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_CANCELLED,
				    _("Cancelled."));
	else if (words)
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_BROKEN,
			    _("%s has ended: %s"), link->name, words);
	else if (with_errno)
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_BROKEN,
			    _("The connection to %s broke: %s."), link->name,
			    g_strerror(with_errno));
	else
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_BROKEN,
			    _("%s cut the connection off."), link->name);
	g_free(words);
	return FALSE;
}
