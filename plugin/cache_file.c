/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small files of the folder, and the headers of articles.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "cache_private.h"

#define FIRST_BYTES 4096

static gssize read_some(int fd, char *to, gsize len)
{
	gssize got;

	do
		got = read(fd, to, len);
	while (got < 0 && errno == EINTR);
	return got;
}

char *nw_cache_slurp(int dir_fd, const char *name, gsize max, gsize *len_r)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	gsize room = MIN(FIRST_BYTES, max), len = 0;
	char *text;
	gssize got;

	if (fd < 0)
		return NULL;
	text = g_malloc(room + 1);
	while ((got = read_some(fd, text + len, room - len)) > 0) {
		len += (gsize)got;
		if (len == room && room < max) {
			room = MIN(2 * room, max);
			text = g_realloc(text, room + 1);
		}
	}
	(void)close(fd);
	if (got < 0)
		g_clear_pointer(&text, g_free);
	else
		text[len] = '\0';
	*len_r = len;
	return text;
}

int nw_cache_write(int dir_fd, const char *name, const char *text, gsize len)
{
	int fd = openat(dir_fd, name,
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			0600);
	gssize put;
	int why;

	while (fd >= 0 && len) {
		put = write(fd, text, len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			why = put < 0 ? errno : ENOSPC;
			(void)close(fd);
			(void)unlinkat(dir_fd, name, 0);
			errno = why;
			return -1;
		}
		text += put;
		len -= (gsize)put;
	}
	return fd;
}

/* The end of the line at text, behind its LF. */
static const char *line_end(const char *text, const char *end)
{
	const char *lf = memchr(text, '\n', (gsize)(end - text));

	return lf ? lf + 1 : end;
}

const char *nw_cache_field_end(const char *field, const char *end)
{
	const char *at = line_end(field, end);

	while (at < end && (*at == ' ' || *at == '\t'))
		at = line_end(at, end);
	return at;
}

gboolean nw_cache_field_is(const char *field, const char *end, const char *name)
{
	gsize len = strlen(name);

	return (gsize)(end - field) > len &&
	       g_ascii_strncasecmp(field, name, len) == 0 && field[len] == ':';
}

/* RFC 5322 section 2.2.3: the CRLF (here LF) before white space goes. */
static char *unfold(const char *text, const char *end)
{
	GString *value = g_string_sized_new((gsize)(end - text));

	for (; text < end; text++)
		if (*text && *text != '\n' && *text != '\r')
			g_string_append_c(value, *text);
	return g_strstrip(g_string_free(value, FALSE));
}

char *nw_cache_header_of(const char *text, gsize len, const char *name)
{
	const char *end = text + len, *at = text, *next;

	for (; at < end && *at != '\n'; at = next) {
		next = nw_cache_field_end(at, end);
		if (nw_cache_field_is(at, next, name))
			return unfold(at + strlen(name) + 1, next);
	}
	return NULL;
}
