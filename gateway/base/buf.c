/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/buf.h"

/* What data points to while nothing is allocated; never written to. */
static char empty[1];

void nw_buf_init(struct nw_buf *buf, size_t max)
{
	*buf = (struct nw_buf){ .data = empty, .max = max };
}

void nw_buf_free(struct nw_buf *buf)
{
	if (buf->room)
		free(buf->data);
	nw_buf_init(buf, buf->max);
}

void nw_buf_reset(struct nw_buf *buf)
{
	nw_buf_cut(buf, 0);
	buf->failed = false;
}

bool nw_buf_ok(const struct nw_buf *buf)
{
	return !buf->failed;
}

char *nw_buf_reserve(struct nw_buf *buf, size_t len)
{
	size_t need, room;
	char *data;

	if (buf->failed || len > buf->max - buf->len ||
	    len >= SIZE_MAX - buf->len) {
		buf->failed = true;
		return NULL;
	}
	need = buf->len + len + 1;
	if (need <= buf->room)
		return buf->data + buf->len;
	room = buf->room ? buf->room : 64;
	while (room < need)
		room = room > SIZE_MAX / 2 ? need : 2 * room;
	data = realloc(buf->room ? buf->data : NULL, room);
	if (!data) {
		buf->failed = true;
		return NULL;
	}
	buf->data = data;
	buf->room = room;
	buf->data[buf->len] = '\0';
	return buf->data + buf->len;
}

void nw_buf_add(struct nw_buf *buf, const void *bytes, size_t len)
{
	char *place = nw_buf_reserve(buf, len);

	if (!place || !len)
		return;
	memcpy(place, bytes, len);
	place[len] = '\0';
	buf->len += len;
}

void nw_buf_adds(struct nw_buf *buf, const char *string)
{
	nw_buf_add(buf, string, strlen(string));
}

void nw_buf_addc(struct nw_buf *buf, char c)
{
	nw_buf_add(buf, &c, 1);
}

void nw_buf_vaddf(struct nw_buf *buf, const char *format, va_list args)
{
	va_list again;
	char *place;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	place = len < 0 ? NULL : nw_buf_reserve(buf, (size_t)len);
	if (place) {
		(void)vsnprintf(place, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	} else {
		buf->failed = true;
	}
	va_end(again);
}

void nw_buf_addf(struct nw_buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	nw_buf_vaddf(buf, format, args);
	va_end(args);
}

void nw_buf_cut(struct nw_buf *buf, size_t len)
{
	if (len >= buf->len)
		return;
	buf->len = len;
	buf->data[len] = '\0';
}

void nw_buf_shift(struct nw_buf *buf, size_t len)
{
	if (len > buf->len)
		len = buf->len;
	if (!len)
		return;
	buf->len -= len;
	memmove(buf->data, buf->data + len, buf->len + 1);
}

char *nw_buf_take(struct nw_buf *buf)
{
	char *data;

	if (!nw_buf_reserve(buf, 0)) {
		nw_buf_free(buf);
		return NULL;
	}
	data = buf->data;
	nw_buf_init(buf, buf->max);
	return data;
}
