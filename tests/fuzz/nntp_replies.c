/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ZLIB_CONST
#include <zlib.h>

#include "newswire/limits.h"

#include "nntp_replies.h"

#define COUNT(x) (sizeof(x) / sizeof(*(x)))

/* What was sent in one direction, up to where it was looked at. */
struct side {
	const char *at, *end;
	struct nw_buf unpacked;	/* where that is, once it is compressed */
};

struct talk {
	struct side client, server;
	unsigned refused;	/* passwords */
	bool cut;		/* the server may break off anywhere */
};

static void __attribute__((noreturn))
wrong(const char *at, const char *end, const char *what)
{
	(void)fprintf(stderr, "fuzz_nntp: %s: %.*s\n", what,
		      (int)(end - at > 200 ? 200 : end - at), at);
	abort();
}

/* Takes a line, and its length without the line end; false: it was cut. */
static bool take_line(struct talk *talk, const char **line_r, size_t *len_r)
{
	struct side *server = &talk->server;
	const char *line = server->at, *end, *c;

	end = memchr(line, '\n', (size_t)(server->end - line));
	if (!end && talk->cut) {
		server->at = server->end;
		return false;
	}
	if (!end || end == line || end[-1] != '\r')
		wrong(line, server->end, "no CRLF");
	for (c = line; c < end - 1; c++)
		if (*c == '\r' || *c == '\0')
			wrong(line, server->end, "a CR or NUL in a line");
	*line_r = line;
	*len_r = (size_t)(end - 1 - line);
	server->at = end + 1;
	return true;
}

static bool take_block(struct talk *talk)
{
	const char *line;
	size_t len;

	do {
		if (!take_line(talk, &line, &len))
			return false;
		if (len > 1 && line[0] == '.' && line[1] != '.')
			wrong(line, talk->server.end, "a dot not doubled");
	} while (len != 1 || line[0] != '.');
	return true;
}

/*
 * Unpacks what is left of a side, and takes that off it: how that ended, as
 * zlib says.  Z_MEM_ERROR: it is too much to look at.
 */
static int unpack(struct side *side, int window_bits, struct nw_buf *out)
{
	z_stream z = { .next_in = (const Bytef *)side->at,
		       .avail_in = (uInt)(side->end - side->at) };
	char bytes[65536];
	int result = inflateInit2(&z, window_bits);

	while (result == Z_OK) {
		z.next_out = (Bytef *)bytes;
		z.avail_out = sizeof(bytes);
		result = inflate(&z, Z_SYNC_FLUSH);
		nw_buf_add(out, bytes, sizeof(bytes) - z.avail_out);
		if (!nw_buf_ok(out))
			result = Z_MEM_ERROR;
	}
	side->at = (const char *)z.next_in;
	(void)inflateEnd(&z);
	return result;
}

/* From here on both sides are compressed (RFC 8054); false: it is too much to
 * look at. */
static bool take_layer(struct talk *talk)
{
	struct side *client = &talk->client, *server = &talk->server;
	int heard = unpack(client, -MAX_WBITS, &client->unpacked);
	int told = unpack(server, -MAX_WBITS, &server->unpacked);

	if (heard == Z_MEM_ERROR || told == Z_MEM_ERROR)
		return false;
	if (told != Z_BUF_ERROR)
		wrong(server->at, server->end, "what is no deflated stream");
	talk->cut = heard != Z_BUF_ERROR && heard != Z_STREAM_END;
	client->at = client->unpacked.data;
	client->end = client->at + client->unpacked.len;
	server->at = server->unpacked.data;
	server->end = server->at + server->unpacked.len;
	return true;
}

/* A list by XFEATURE COMPRESS GZIP, with its end in clear or in the stream. */
static bool take_packed_block(struct talk *talk)
{
	static const char last[] = ".\r\n";
	struct talk list = { .cut = false };
	struct side *server = &talk->server;
	const char *begin = server->at;
	struct nw_buf lines;
	int result;

	nw_buf_init(&lines, NNTP_REPLIES_BYTES);
	result = unpack(server, MAX_WBITS, &lines);
	if (result != Z_STREAM_END && !talk->cut)
		wrong(begin, server->end, "what is no zlib stream");
	if (result == Z_STREAM_END && server->end - server->at >= 3 &&
	    !memcmp(server->at, last, 3)) {
		nw_buf_adds(&lines, last);
		server->at += 3;
	}
	list.server.at = lines.data;
	list.server.end = lines.data + lines.len;
	if (result == Z_STREAM_END) {
		(void)take_block(&list);
		if (list.server.at != list.server.end)
			wrong(list.server.at, list.server.end,
			      "more behind a list");
	}
	nw_buf_free(&lines);
	return result == Z_STREAM_END;
}

static bool is_multi_line(int code, bool listgroup)
{
	static const int codes[] = { 100, 101, 215, 220, 221, 222,
				     224, 225, 230, 231, 282, 293 };
	size_t i;

	for (i = 0; i < COUNT(codes); i++)
		if (codes[i] == code)
			return true;
	return code == 211 && listgroup;
}

/* One reply: its code, 0 when it was cut. */
static int take_reply(struct talk *talk, bool listgroup)
{
	static const char mark[] = "[COMPRESS=GZIP]";
	const char *line;
	size_t len;
	int code;
	bool packed;

	if (!take_line(talk, &line, &len))
		return 0;
	if (len < 5 || strspn(line, "0123456789") != 3 || line[0] > '5' ||
	    line[0] == '0' || line[3] != ' ')
		wrong(line, talk->server.end, "no status line");
	code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
	if (!is_multi_line(code, listgroup))
		return code;
	packed = len > strlen(mark) &&
		 !memcmp(line + len - strlen(mark), mark, strlen(mark));
	return (packed ? take_packed_block(talk) : take_block(talk)) ? code
								     : 0;
}

/* Whether a line without its end, of len octets with it, asks something. */
static bool is_command(const char *line, size_t line_len, size_t len)
{
	size_t i;

	if (len > NW_NNTP_LINE_OCTETS)
		return true;
	if (line_len && line[line_len - 1] == '\r')
		line_len--;
	for (i = 0; i < line_len; i++)
		if (line[i] != ' ' && line[i] != '\t')
			return true;
	return false;
}

static bool is_listgroup(const char *line, size_t len)
{
	static const char name[] = "listgroup";

	for (; len && (*line == ' ' || *line == '\t'); line++)
		len--;
	return len >= strlen(name) &&
	       strncasecmp(line, name, strlen(name)) == 0;
}

/* Each of these takes what the client sent off its side: whether that is owed
 * a reply. */

/* A line of at most max octets, of which the end need not come to refuse it;
 * behind it, nothing else would be a command. */
static bool take_response(struct side *client)
{
	size_t left = (size_t)(client->end - client->at);
	const char *end = memchr(client->at, '\n', left);

	client->at = end ? end + 1 : client->end;
	return end || left >= NW_NNTP_SASL_OCTETS;
}

static bool take_article(struct side *client)
{
	static const char dot[] = "\r\n.\r\n";
	size_t left = (size_t)(client->end - client->at);
	const char *end;

	if (left >= 3 && !memcmp(client->at, dot + 2, 3)) {
		client->at += 3;
		return true;
	}
	end = memmem(client->at, left, dot, strlen(dot));
	client->at = end ? end + strlen(dot) : client->end;
	return end;
}

static bool take_command(struct side *client, bool *listgroup_r)
{
	const char *line = client->at;
	size_t left = (size_t)(client->end - line), len;
	const char *end = memchr(line, '\n', left);

	len = end ? (size_t)(end + 1 - line) : left;
	client->at += len;
	*listgroup_r = is_listgroup(line, len);
	return end ? is_command(line, len - 1, len)
		   : len >= NW_NNTP_LINE_OCTETS;
}

/* What follows a reply: whether there may be more. */
static bool go_on(struct talk *talk, int code)
{
	while (code == 340 || code == 383) {
		if (code == 340 ? !take_article(&talk->client)
				: !take_response(&talk->client))
			return false;
		code = take_reply(talk, false);
	}
	if (code == 206 && !take_layer(talk)) {
		talk->server.at = talk->server.end;
		return false;
	}
	talk->refused += code == 481;
	if (talk->refused >= NW_LOGIN_FAILURES &&
	    talk->server.at == talk->server.end)
		return false;
	return code && code != 205;
}

void nntp_replies_check(const char *data, size_t size,
			const struct nw_buf *said)
{
	struct talk talk = {
		.client = { .at = data, .end = data + size },
		.server = { .at = said->data, .end = said->data + said->len },
	};
	bool more, listgroup;

	nw_buf_init(&talk.client.unpacked, NNTP_REPLIES_BYTES);
	nw_buf_init(&talk.server.unpacked, NNTP_REPLIES_BYTES);
	more = take_reply(&talk, false) / 10 == 20;
	while (more && talk.client.at < talk.client.end)
		if (take_command(&talk.client, &listgroup))
			more = go_on(&talk, take_reply(&talk, listgroup));
	if (talk.server.at != talk.server.end)
		wrong(talk.server.at, talk.server.end,
		      "more than was asked for");
	nw_buf_free(&talk.client.unpacked);
	nw_buf_free(&talk.server.unpacked);
}
