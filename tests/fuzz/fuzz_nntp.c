/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes as what a news client sends: in one piece, or, when they do not end in
 * a line feed, in pieces as long as the last byte says.  If that is even, what
 * stands behind the first COMPRESS goes as the stream of RFC 8054; else it is
 * taken for one.  nntp_replies.h has what must come of it.
 */
#include "config.h"

#include <event2/event.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include <zlib.h>

#include "fuzz.h"
#include "newswire/arena.h"
#include "newswire/buf.h"
#include "newswire/checker.h"
#include "newswire/config.h"
#include "newswire/limits.h"
#include "newswire/nntp_server.h"
#include "newswire/source.h"
#include "newswire/store.h"

#include "../../gateway/serve/nntp_errand_private.h"
#include "nntp_replies.h"

#define NOW	  INT64_C(1753524900) /* 2025-07-26T10:15:00Z */
/* A thousand times as much, unpacked, is read in time. */
#define IN_BYTES  20000
#define ARTICLES  6
#define HISTORY	  2000 /* times a short text: more than a piece */
#define COUNT(x)  (sizeof(x) / sizeof(*(x)))

static char folder[] = "/tmp/newswire-fuzz-XXXXXX";
static char store_path[sizeof(folder) + 2], users_path[sizeof(folder) + 2];

/* With the hash of another password, and the keys of RFC 7677 section 3. */
static const char users[] =
	"anna:$y$j75$abcdefghijklmnopqrstu.$9H2zzep.GGgPMQ9O6kjBT8oYqb4gclu."
	"uqV9PnEToK2:SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3Ot"
	"cPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxS"
	"rmfPwDl2dU=\n"
	"ben:$y$j75$abcdefghijklmnopqrstu.$9H2zzep.GGgPMQ9O6kjBT8oYqb4gclu."
	"uqV9PnEToK2\n";

static const char *const lines[] = { "Welcome.", "", ".hidden", "..more" };
static const char *const wildmats[] = { "a*,!a.c", "b" };

static struct nw_config_user rights[] = {
	{ .name = "anna", .manage = true },
	{ .name = "ben", .read = "*,!a.c", .post = "", .manage = true },
};

static const struct nw_config config = {
	.path_host = "h",
	.id_domain = "x",
	.store_path = store_path,
	.notes = "b,d",
	.motd = { (const char **)lines, COUNT(lines) },
	.subscriptions = { (const char **)wildmats, COUNT(wildmats) },
	.distributions = { (const char **)lines, 1 },
	.access = {
		.read = "*,!d",
		.users = rights,
		.user_count = COUNT(rights),
		.users_path = users_path,
	},
};

static int64_t now(void)
{
	return NOW;
}

/*
 * Instead of gateway/access/checker.c: thousands of processes that compute
 * hashes would find nothing here.  One password is right.
 */
struct nw_checker {
	struct event *turn;
	struct nw_check *check;	/* there is one client */
};

struct nw_check {
	struct nw_checker *checker;
	enum nw_checked result;
	nw_checker_done *done;
	void *context;
};

static void on_turn(evutil_socket_t fd, short what, void *argument)
{
	struct nw_checker *checker = argument;
	struct nw_check *check = checker->check;

	(void)fd;
	(void)what;
	checker->check = NULL;
	if (check->done)
		check->done(check->result, check->context);
	free(check);
}

int nw_checker_new(struct nw_checker **checker_r, struct event_base *base,
		   struct nw_error *err)
{
	(void)err;
	*checker_r = calloc(1, sizeof(**checker_r));
	if (!*checker_r)
		abort();
	(*checker_r)->turn = event_new(base, -1, 0, on_turn, *checker_r);
	return 0;
}

void nw_checker_free(struct nw_checker **checker)
{
	event_free((*checker)->turn);
	free((*checker)->check);
	free(*checker);
	*checker = NULL;
}

int nw_checker_ask(struct nw_checker *checker,
		   const struct nw_checker_order *order, nw_checker_done *done,
		   void *context, struct nw_check **check_r,
		   struct nw_error *err)
{
	const bool right = !order->never && !strcmp(order->password, "pencil");

	(void)err;
	if (checker->check || !(checker->check = malloc(sizeof(**check_r))))
		abort();
	*checker->check = (struct nw_check){
		.checker = checker,
		.result = right ? NW_CHECKED_RIGHT : NW_CHECKED_WRONG,
		.done = done,
		.context = context,
	};
	*check_r = checker->check;
	event_active(checker->turn, EV_TIMEOUT, 0);
	return 0;
}

void nw_check_cancel(struct nw_check *check)
{
	check->done = NULL;
}

/* What a child would have said: the argument, with other signs for those that
 * cannot stand in one; of a URL, what stands behind its scheme. */
static void speak(struct nw_nntp_errand *errand, const char *argument)
{
	const char *text = strstr(argument, "://");
	char *at;
	int i;

	text = text ? text + 3 : argument;
	(void)snprintf(errand->words, sizeof(errand->words), "%s", text);
	for (at = errand->words; *at; at++)
		*at = *at == '~' ? '\n' : *at == '!' ? '\t' : *at;
	errand->words_len = (size_t)(at - errand->words);
	for (i = 0; i < (strchr(text, '*') ? HISTORY : 1); i++)
		nw_buf_add(&errand->output, errand->words, errand->words_len);
}

static void on_end(evutil_socket_t fd, short what, void *argument)
{
	static const struct {
		enum nw_nntp_errand_end end;
		int code;
	} ends[] = {
		{ NW_NNTP_ERRAND_ENDED, EX_OK },
		{ NW_NNTP_ERRAND_ENDED, EX_OK },
		{ NW_NNTP_ERRAND_ENDED, EX_USAGE },
		{ NW_NNTP_ERRAND_ENDED, EX_NOINPUT },
		{ NW_NNTP_ERRAND_ENDED, EX_IOERR },
		{ NW_NNTP_ERRAND_KILLED, EX_OK },
		{ NW_NNTP_ERRAND_LARGE, EX_OK },
		{ NW_NNTP_ERRAND_LATE, EX_OK },
	};
	struct nw_nntp_errand *errand = argument;
	size_t i = errand->words_len % COUNT(ends);

	(void)fd;
	(void)what;
	errand->end = ends[i].end;
	errand->code = ends[i].code;
	nw_nntp_wake(errand->session);
}

/* Instead of a process, which would find nothing here: one that is no more in
 * the next turn (the linker's --wrap). */
int __wrap_nw_nntp_errand_begin(struct nw_nntp_session *session,
				const char *const *words, struct nw_error *err);

int __wrap_nw_nntp_errand_begin(struct nw_nntp_session *session,
				const char *const *words, struct nw_error *err)
{
	struct nw_nntp_errand *errand = calloc(1, sizeof(*errand));

	(void)err;
	/* There is one client, which has to wait. */
	if (!errand || session->server->errands)
		abort();
	while (words[1])
		words++;
	errand->server = session->server;
	errand->session = session;
	errand->fds[0] = errand->fds[1] = -1;
	nw_buf_init(&errand->output, NW_ERRAND_BYTES);
	speak(errand, *words);
	errand->link = &session->server->errands;
	session->server->errands = session->errand = errand;
	(void)event_assign(&errand->look, session->server->base, -1, 0, on_end,
			   errand);
	event_active(&errand->look, EV_TIMEOUT, 0);
	return 0;
}

/* No pause behind a wrong password (the linker's --wrap). */
int __real_event_add(struct event *event, const struct timeval *timeout);
int __wrap_event_add(struct event *event, const struct timeval *timeout);

int __wrap_event_add(struct event *event, const struct timeval *timeout)
{
	static const struct timeval none = { 0, 0 };

	if (timeout && timeout->tv_sec * 1000 <= NW_LOGIN_PAUSE_MS)
		timeout = &none;
	return __real_event_add(event, timeout);
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
	static const char *const names[] = { "s", "s-wal", "s-shm", "u" };
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

/* Text that hardly becomes smaller by compression. */
static const char *noise(struct nw_arena *arena, size_t len)
{
	char *text = nw_arena_alloc(arena, len + 1), *at = text;
	uint32_t chance = 1;

	for (; at < text + len; at++) {
		chance = chance * 1664525 + 1013904223;
		*at = (char)('A' + chance % 0x80000000 / 0x4000000);
	}
	*at = '\0';
	return text;
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
			" +0000\nMessage-ID: %s\n%s\n.\n..dots\n\n.end%s\n",
			i, articles[i].message_id, i % 2 ? "X: y\n" : "",
			noise(arena, i == 3 ? 300000 : i == 2 ? 20000 : 1));
		articles[i].len = strlen(articles[i].bytes);
		articles[i].supersedes = i == 4 ? articles[1].message_id : NULL;
	}
	must(nw_store_commit(store, &commit, &result, &err), &err);
	nw_arena_free(&arena);
}

static void write_users(void)
{
	FILE *file = fopen(users_path, "w");

	if (!file || fputs(users, file) < 0 || fclose(file) ||
	    chmod(users_path, 0600) < 0)
		abort();
}

static struct nw_store *open_store(void)
{
	int64_t groups[2];
	struct nw_store *store = NULL;
	struct nw_error err;

	if (!mkdtemp(folder))
		abort();
	(void)atexit(remove_store);
	(void)snprintf(store_path, sizeof(store_path), "%s/s", folder);
	(void)snprintf(users_path, sizeof(users_path), "%s/u", folder);
	write_users();
	must(nw_store_open(&store, store_path, NW_STORE_WRITE, &err), &err);
	groups[0] = add_group(store, "a.b");
	groups[1] = add_group(store, "a.c");
	(void)add_group(store, "b");
	(void)add_group(store, "d");
	add_articles(store, groups, 2, 0);
	add_articles(store, groups, 1, ARTICLES);
	nw_store_close(&store);
	must(nw_store_open(&store, store_path, NW_STORE_READ, &err), &err);
	return store;
}

/* Takes some of what the server has said: whether there was any. */
static bool drain(int fd, struct nw_buf *out)
{
	char bytes[16384];
	ssize_t got = read(fd, bytes, sizeof(bytes));

	if (got > 0)
		nw_buf_add(out, bytes, (size_t)got);
	return got > 0;
}

static void converse(struct nw_store *store, const char *data, size_t size,
		     size_t piece, struct nw_buf *out)
{
	const struct nw_nntp_options options = { .config = &config,
						 .now = now,
						 .program = "newswire" };
	struct event_base *base = event_base_new();
	struct nw_nntp_server *server = NULL;
	/* So that the server often has to wait. */
	const int room = 4096;
	struct nw_error err;
	size_t sent = 0;
	ssize_t done;
	int fds[2];

	if (!base || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0 ||
	    setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)) ||
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
		(void)drain(fds[0], out);
	} while (!event_base_got_exit(base) && nw_buf_ok(out));
	(void)close(fds[1]);
	while (drain(fds[0], out))
		continue;
	(void)close(fds[0]);
	nw_nntp_server_free(&server);
	event_base_free(base);
}

static void deflate_to(struct nw_buf *wire, const char *data, size_t size)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)data,
		       .avail_in = (uInt)size };
	char *place;
	size_t room;

	if (deflateInit2(&z, 1, Z_DEFLATED, -MAX_WBITS, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	room = deflateBound(&z, size) + 16;
	place = nw_buf_reserve(wire, room);
	z.next_out = (Bytef *)place;
	z.avail_out = (uInt)room;
	if (!place || deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	wire->len += room - z.avail_out;
	(void)deflateEnd(&z);
}

/* What goes over the wire, of data in clear. */
static void pack(struct nw_buf *wire, const char *data, size_t size)
{
	static const char command[] = "COMPRESS DEFLATE\r\n";
	const char *at = memmem(data, size, command, strlen(command));
	size_t clear = at ? (size_t)(at - data) + strlen(command) : size;

	nw_buf_add(wire, data, clear);
	if (clear < size)
		deflate_to(wire, data + clear, size - clear);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct nw_store *store;
	const char *text = (const char *)data;
	struct nw_buf wire, said;
	size_t piece;

	if (!size || size > IN_BYTES)
		return -1;
	if (!store)
		store = open_store();
	nw_buf_init(&wire, 2 * IN_BYTES);
	nw_buf_init(&said, NNTP_REPLIES_BYTES);
	if (data[size - 1] % 2)
		nw_buf_add(&wire, data, size);
	else
		pack(&wire, text, size);
	piece = text[size - 1] == '\n' ? wire.len
				       : (size_t)data[size - 1] + 1;
	converse(store, wire.data, wire.len, piece, &said);
	if (nw_buf_ok(&said))
		nntp_replies_check(wire.data, wire.len, &said);
	nw_buf_free(&said);
	nw_buf_free(&wire);
	return 0;
}
