/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A world for the tests of the news server, in one process: a store that is
 * made up and can be told to fail, the real server on a real port, and
 * clients of it.
 */
#ifndef NEWSWIRE_TESTS_NNTP_WORLD_H
#define NEWSWIRE_TESTS_NNTP_WORLD_H

#include "newswire/buf.h"
#include "newswire/config.h"
#include "newswire/nntp_server.h"

struct event_base;

/* What newswire/store.h leaves open.  Groups: "test.big" with the articles
 * 1 to big, "test.gaps" with 3, 5 and 9, "test.none" with nothing. */
struct nw_store {
	int64_t big;
	size_t body_bytes;	/* of each article of test.big */
	bool begin_fails;
	bool reads_fail;
	unsigned begins;	/* calls to open a transaction */
	bool open;		/* one is open now */
	size_t made;		/* octets of overviews and numbers */
	const char *gone;	/* an article that is not there */
	unsigned extra_groups;	/* "extra.00000" and so on */
	/* What posts find, which open it a second time. */
	bool open_fails;
	bool writes_fail;
	unsigned busy;		/* commits that another writer is in the way of */
	const char *known;	/* a Message-ID */
	unsigned commits;	/* that were tried */
	struct nw_buf posted;	/* the last article, and behind it its groups */
};

struct world {
	struct event_base *base;
	struct nw_store store;
	struct nw_nntp_server *server;
	struct nw_nntp_options options;
	struct nw_config config; /* the server's, which a test may change */
	int listener;
	unsigned port;
};

struct client {
	int fd;
	struct nw_buf got;
	bool ended;		/* the server closed the connection */
};

#define WORLD_PATH_BYTES 64
/* A file of its own for them, which the test removes. */
void world_write_users(char path_r[WORLD_PATH_BYTES], const char *text);

/* options, and their configuration, may be NULL; now() is
 * 2025-07-26T10:15:00Z. */
void world_open(struct world *world, const struct nw_nntp_options *options);
void world_close(struct world *world);
/* One turn of the event loop, without waiting; no transaction may be open
 * behind it. */
void world_turn(struct world *world);

void client_connect(struct client *client, const struct world *world);
/* Connects and takes the greeting. */
void client_greet(struct client *client, struct world *world);
void client_close(struct client *client);
void client_send(const struct client *client, const void *bytes, size_t len);
/* As much at a time as the server takes, until its system has all of it. */
void client_pour(const struct client *client, struct world *world,
		 const char *bytes, size_t len);
/* Sends text and gives the server one turn. */
void client_ask(struct client *client, struct world *world, const char *text);
/* Reads what is there. */
void client_read(struct client *client);
/* Serves until the client has got len octets, or its connection ended. */
void client_await(struct client *client, struct world *world, size_t len);
/* Serves until the client has got exactly text, and takes it. */
void client_expect(struct client *client, struct world *world,
		   const char *text);
/* Serves until the connection ends, with nothing more in it. */
void client_expect_end(struct client *client, struct world *world);

extern const char greeting[];

#endif
