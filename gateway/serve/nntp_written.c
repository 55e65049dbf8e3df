/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists that the operator wrote into the configuration (RFC 6048 section 2, RFC
 * 3977 section 7.6.5).
 */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "newswire/config.h"
#include "newswire/nntp_server.h"

#include "nntp_private.h"

const struct nw_config_list *
nw_nntp_written(const struct nw_nntp_session *session, size_t field)
{
	const struct nw_config *config = session->server->options.config;
	const struct nw_config_list *list =
		(const void *)((const char *)config + field);

	return list->count ? list : NULL;
}

void nw_nntp_add_line(struct nw_buf *out, const char *text, size_t len)
{
	size_t i;

	if (len && text[0] == '.')
		nw_buf_addc(out, '.');
	for (i = 0; i < len; i++)
		if (text[i] && text[i] != '\r')
			nw_buf_addc(out, text[i]);
	nw_buf_adds(out, "\r\n");
}

/* A file is read whenever somebody asks, so that it can change at any time.
 * The server does not wait for one that is a pipe. */
static int read_file(const char *path, char *text, size_t *len_r,
		     struct nw_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t len = fd < 0 ? -1 : read(fd, text, NW_NNTP_MOTD_BYTES);

	if (len < 0)
		(void)nw_error_errno(err, "%s", path);
	else
		*len_r = (size_t)len;
	if (fd >= 0)
		(void)close(fd);
	return len < 0 ? -1 : 0;
}

static int add_file(struct nw_buf *out, const char *path, struct nw_error *err)
{
	char text[NW_NNTP_MOTD_BYTES];
	const char *at = text, *end, *line_end;
	size_t len;

	if (read_file(path, text, &len, err) < 0)
		return -1;
	for (end = text + len; at < end; at = line_end + 1) {
		line_end = memchr(at, '\n', (size_t)(end - at));
		if (!line_end)
			line_end = end;
		nw_nntp_add_line(out, at, (size_t)(line_end - at));
	}
	return 0;
}

static int add_lines(struct nw_buf *out, const struct nw_config_list *list,
		     struct nw_error *err)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (list->values[i][0] != '/')
			nw_nntp_add_line(out, list->values[i],
					 strlen(list->values[i]));
		else if (add_file(out, list->values[i], err) < 0)
			return -1;
	}
	return 0;
}

void nw_nntp_reply_written(struct nw_nntp_session *session,
			   const struct nw_config_list *list)
{
	size_t begin = session->reply->len;
	struct nw_error err;

	nw_nntp_reply(session, NW_NNTP_LIST, "list follows");
	if (add_lines(session->reply, list, &err) == 0) {
		nw_buf_adds(session->reply, ".\r\n");
		return;
	}
	nw_nntp_fault(session->server, "a list cannot be read", &err);
	nw_buf_cut(session->reply, begin);
	nw_nntp_reply(session, NW_NNTP_UNSUPPORTED,
		      "the list cannot be read now");
}
