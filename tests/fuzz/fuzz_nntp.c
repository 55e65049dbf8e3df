/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes as what a news client sends: in one piece, or, when they do not end in
 * a line feed, in pieces as long as the last byte says.  There must be one
 * reply for each command, and each must be well-formed (RFC 3977 section 3.1).
 */
#include "config.h"

#include <event2/event.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "newswire/arena.h"
#include "newswire/buf.h"
#include "newswire/config.h"
#include "newswire/limits.h"
#include "newswire/nntp_server.h"
#include "newswire/source.h"
#include "newswire/store.h"

#define NOW	  INT64_C(1753524900) /* 2025-07-26T10:15:00Z */
#define OUT_BYTES (64u << 20)
#define ARTICLES  6
#define COUNT(x)  (sizeof(x) / sizeof(*(x)))

static char folder[] = "/tmp/newswire-fuzz-XXXXXX";

static const char *const lines[] = { "Welcome.", "", ".hidden", "..more" };
static const char *const wildmats[] = { "a*,!a.c", "b" };

static const struct nw_config config = {
	.path_host = "h",
	.motd = { (const char **)lines, COUNT(lines) },
	.subscriptions = { (const char **)wildmats, COUNT(wildmats) },
	.distributions = { (const char **)lines, 1 },
};

static int64_t now(void)
{
	return NOW;
}

static void must(int result, const struct nw_error *err)
{
	if (result >= 0)
		return;
	(void)fprintf(stderr, "fuzz_nntp: %s\n", err->text);
	abort();
}

static void remove_store(void)
{
	static const char *const names[] = { "s", "s-wal", "s-shm" };
	char path[64];
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(folder);
}

static int64_t add_group(struct nw_store *store, const char *name)
{
	char url[64];
	struct nw_source source = { .url = url, .name = name, .group = name };
	struct nw_error err;

	(void)snprintf(url, sizeof(url), "http://%s.invalid/", name);
	must(nw_source_add(store, &source, NOW - 3600, &err), &err);
	return source.group_id;
}

/* Short, folded, dotted, and one that is larger than a piece. */
static void add_articles(struct nw_store *store, const int64_t *groups,
			 size_t group_count, unsigned first)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_commit_article articles[ARTICLES] = { { NULL } };
	const struct nw_commit commit = { .group_ids = groups,
					  .group_count = group_count,
					  .articles = articles,
					  .article_count = ARTICLES,
					  .path_host = "h",
					  .now_utc = NOW + first };
	struct nw_commit_result result;
	struct nw_error err;
	unsigned i;

	for (i = 0; i < ARTICLES; i++) {
		articles[i].message_id =
			nw_arena_printf(arena, "<%u@x>", first + i);
		articles[i].bytes = nw_arena_printf(
			arena,
			"Path: h!x\nFrom: A <a@x>\nNewsgroups: a.b\n"
			"Subject: s%u\n folded\nDate: Fri, 25 Jul 2025 08:00:00"
			" +0000\nMessage-ID: %s\n%s\n.\n..dots\n\n.end%*s\n",
			i, articles[i].message_id, i % 2 ? "X: y\n" : "",
			i == 3 ? 300000 : 1, "");
		articles[i].len = strlen(articles[i].bytes);
		articles[i].supersedes = i == 4 ? articles[1].message_id : NULL;
	}
	must(nw_store_commit(store, &commit, &result, &err), &err);
	nw_arena_free(&arena);
}

static struct nw_store *open_store(void)
{
	int64_t groups[2];
	struct nw_store *store = NULL;
	struct nw_error err;
	char path[64];

	if (!mkdtemp(folder))
		abort();
	(void)atexit(remove_store);
	(void)snprintf(path, sizeof(path), "%s/s", folder);
	must(nw_store_open(&store, path, NW_STORE_WRITE, &err), &err);
	groups[0] = add_group(store, "a.b");
	groups[1] = add_group(store, "a.c");
	(void)add_group(store, "b");
	add_articles(store, groups, 2, 0);
	add_articles(store, groups, 1, ARTICLES);
	nw_store_close(&store);
	must(nw_store_open(&store, path, NW_STORE_READ, &err), &err);
	return store;
}

/* Takes what the server has said. */
static void drain(int fd, struct nw_buf *out)
{
	char bytes[65536];
	ssize_t got;

	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		nw_buf_add(out, bytes, (size_t)got);
}

static void converse(struct nw_store *store, const char *data, size_t size,
		     struct nw_buf *out)
{
	const struct nw_nntp_options options = { .config = &config,
						 .now = now };
	size_t piece = size && data[size - 1] != '\n'
			       ? (size_t)(unsigned char)data[size - 1] + 1
			       : size;
	struct event_base *base = event_base_new();
	struct nw_nntp_server *server = NULL;
	struct nw_error err;
	size_t sent = 0;
	ssize_t done;
	int fds[2];

	if (!base || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0 ||
	    fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0)
		abort();
	must(nw_nntp_server_new(&server, base, store, &options, &err), &err);
	must(nw_nntp_server_session(server, fds[1], fds[1], &err), &err);
	do {
		if (piece > size - sent)
			piece = size - sent;
		done = write(fds[0], data + sent, piece);
		sent += done > 0 ? (size_t)done : 0;
		if (sent == size)
			(void)shutdown(fds[0], SHUT_WR);
		(void)event_base_loop(base, EVLOOP_NONBLOCK);
		drain(fds[0], out);
	} while (!event_base_got_exit(base));
	(void)close(fds[1]);
	drain(fds[0], out);
	(void)close(fds[0]);
	nw_nntp_server_free(&server);
	event_base_free(base);
}

/* What the server said, up to where it was looked at. */
struct said {
	const char *at, *end;
};

static void wrong(const struct said *said, const char *what)
{
	(void)fprintf(stderr, "fuzz_nntp: %s: %.*s\n", what,
		      (int)(said->end - said->at > 200 ? 200
						       : said->end - said->at),
		      said->at);
	abort();
}

/* Takes a line; its length without the line end. */
static size_t take_line(struct said *said, const char **line_r)
{
	const char *line = said->at, *end, *c;

	end = memchr(line, '\n', (size_t)(said->end - line));
	if (!end || end == line || end[-1] != '\r')
		wrong(said, "no CRLF");
	for (c = line; c < end - 1; c++)
		if (*c == '\r' || *c == '\0')
			wrong(said, "a CR or a NUL within a line");
	*line_r = line;
	said->at = end + 1;
	return (size_t)(end - 1 - line);
}

static int take_status(struct said *said)
{
	const struct said before = *said;
	const char *line;
	size_t len = take_line(said, &line);

	if (len < 5 || strspn(line, "0123456789") != 3 || line[0] > '5' ||
	    line[0] == '0' || line[3] != ' ')
		wrong(&before, "no status line");
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

static void take_block(struct said *said)
{
	const struct said before = *said;
	const char *line;
	size_t len;

	do {
		len = take_line(said, &line);
		if (len > 1 && line[0] == '.' && line[1] != '.')
			wrong(&before, "a dot that is not doubled");
	} while (len != 1 || line[0] != '.');
}

static bool is_multi_line(int code, bool listgroup)
{
	static const int codes[] = { 100, 101, 215, 220, 221, 222,
				     224, 225, 230, 231, 282 };
	size_t i;

	for (i = 0; i < COUNT(codes); i++)
		if (codes[i] == code)
			return true;
	return code == 211 && listgroup;
}

/* Whether another protocol begins, or a client is expected to send what is no
 * command. */
static bool leaves_commands(int code)
{
	return code == 206 || code == 290 || code / 100 == 3;
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

/* Checks the reply to one command; false when none follows it. */
static bool check_reply(struct said *said, bool listgroup)
{
	int code = take_status(said);

	if (is_multi_line(code, listgroup))
		take_block(said);
	if (leaves_commands(code))
		said->at = said->end;
	return code != 205 && !leaves_commands(code);
}

static void check(const char *data, size_t size, const struct nw_buf *out)
{
	struct said said = { out->data, out->data + out->len };
	const char *end = data + size, *line_end;
	bool more = take_status(&said) / 10 == 20;
	size_t len;

	for (; more && data < end; data += len) {
		line_end = memchr(data, '\n', (size_t)(end - data));
		len = (size_t)((line_end ? line_end + 1 : end) - data);
		if (!line_end && len < NW_NNTP_LINE_OCTETS)
			break;
		if (line_end ? is_command(data, len - 1, len) : true)
			more = check_reply(&said, is_listgroup(data, len));
	}
	if (said.at != said.end)
		wrong(&said, "more than was asked for");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct nw_store *store;
	struct nw_buf out;

	if (!store)
		store = open_store();
	nw_buf_init(&out, OUT_BYTES);
	converse(store, (const char *)data, size, &out);
	if (nw_buf_ok(&out))
		check((const char *)data, size, &out);
	nw_buf_free(&out);
	return 0;
}
