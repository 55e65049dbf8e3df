/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What becomes of posts when all is not well: other writers, a store that
 * fails, clients that leave, too many articles.  The dialogue on a real store
 * is tests/nntp/post.nntp.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "newswire/nntp_limit.h"

#include "nntp_world.h"

#define GREETING "200 news.test newswire " PACKAGE_VERSION \
		 " ready, posting allowed\r\n"
#define SEND "340 send the article, end it with a dot\r\n"
#define NO_POSTING "440 posting is not allowed here\r\n"
#define TOO_MANY "440 no more than 30 articles a minute\r\n"
#define BUSY "441 the server is busy; try again\r\n"
#define UNSTORED "441 the article cannot be stored now; try again later\r\n"
#define DONE(n) "240 article received <" n "@client.test>\r\n"
#define DATE "111 20250726101500\r\n"

#define HEAD(n) "From: ann@reader.test\r\nNewsgroups: test.none\r\n" \
		"Subject: About\r\nMessage-ID: <" n "@client.test>\r\n"
#define ARTICLE(n) HEAD(n) "\r\nWell said.\r\n.\r\n"

struct scene {
	struct world world;
	struct client client;
};

static void scene_open(struct scene *scene, const char *notes)
{
	const struct nw_config config = { .notes = notes };
	const struct nw_nntp_options options = { .config = &config };

	world_open(&scene->world, &options);
	client_connect(&scene->client, &scene->world);
	client_expect(&scene->client, &scene->world,
		      notes && *notes ? GREETING : greeting);
}

static void scene_close(struct scene *scene)
{
	client_close(&scene->client);
	world_close(&scene->world);
}

static void ask(struct scene *scene, const char *text, const char *reply)
{
	client_ask(&scene->client, &scene->world, text);
	client_expect(&scene->client, &scene->world, reply);
}

/* No option, or one that names no group: nobody can post. */
static void test_nowhere(void **state)
{
	static const char *const notes[] = { NULL, "" };
	struct scene scene;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(notes); i++) {
		scene_open(&scene, notes[i]);
		ask(&scene, "POST\r\nMODE READER\r\nLIST ACTIVE test.none\r\n",
		    NO_POSTING "201 reader mode, no posting\r\n"
		    "215 list follows\r\ntest.none 0 1 n\r\n.\r\n");
		scene_close(&scene);
	}
}

static void test_stored(void **state)
{
	static const char head[] =
		"Path: news.test!.POSTED!not-for-mail\r\n" HEAD("1")
		"Date: Sat, 26 Jul 2025 10:15:00 +0000\r\n"
		"Injection-Date: Sat, 26 Jul 2025 10:15:00 +0000\r\n"
		"Injection-Info: news.test;\r\n"
		" posting-host=\"127.0.0.1\"\r\n"
		"\r\nWell said.\r\n 3";
	struct scene scene;

	(void)state;
	scene_open(&scene, "test.n*");
	/* what comes behind it is answered behind it */
	ask(&scene, "POST\r\n" ARTICLE("1") "DATE\r\n", SEND DONE("1") DATE);
	assert_string_equal(scene.world.store.posted.data, head);
	/* octet by octet */
	ask(&scene, "POST\r\n", SEND);
	{
		static const char article[] = ARTICLE("2") "DATE\r\n";
		size_t i;

		for (i = 0; i < sizeof(article) - 1; i++) {
			client_send(&scene.client, article + i, 1);
			world_turn(&scene.world);
		}
	}
	client_expect(&scene.client, &scene.world, DONE("2") DATE);
	/* a group that is there, but takes none */
	ask(&scene, "POST\r\nFrom: a@b\r\nNewsgroups: test.none,test.big\r\n"
		    "Subject: c\r\n\r\nd\r\n.\r\n",
	    SEND "441 test.big: takes no articles from you\r\n");
	scene_close(&scene);
}

/* Dots, wherever they stand. */
static void test_dots(void **state)
{
	static const struct {
		const char *sent, *kept;
	} bodies[] = {
		{ "..\r\n.\r\n", ".\r\n" },
		{ "...\r\na.\r\n.\r\n", "..\r\na.\r\n" },
		{ ".a\r\n..b.\r\n\r\n.\r\n", "a\r\n.b.\r\n\r\n" },
	};
	struct scene scene;
	char text[256];
	size_t i;

	(void)state;
	scene_open(&scene, "*");
	for (i = 0; i < COUNT(bodies); i++) {
		(void)snprintf(text, sizeof(text), "POST\r\n" HEAD("1")
			       "\r\n%s", bodies[i].sent);
		ask(&scene, text, SEND DONE("1"));
		(void)snprintf(text, sizeof(text), "\r\n\r\n%s 3",
			       bodies[i].kept);
		assert_non_null(strstr(scene.world.store.posted.data, text));
	}
	scene_close(&scene);
}

/* Another writer is in the way: the post waits, the client behind it does too,
 * and nobody else. */
static void test_busy(void **state)
{
	struct scene scene;
	struct client other;

	(void)state;
	scene_open(&scene, "*");
	client_connect(&other, &scene.world);
	client_expect(&other, &scene.world, GREETING);
	scene.world.store.busy = UINT32_MAX;
	ask(&scene, "POST\r\n" ARTICLE("1") "DATE\r\n", SEND);
	client_ask(&other, &scene.world, "DATE\r\nPOST\r\n" ARTICLE("2"));
	client_expect(&other, &scene.world, DATE SEND);
	client_read(&scene.client);
	assert_string_equal(scene.client.got.data, "");
	assert_true(scene.world.store.commits >= 1);
	/* In the order in which they came, each once. */
	scene.world.store.busy = 3;
	client_expect(&scene.client, &scene.world, DONE("1") DATE);
	client_expect(&other, &scene.world, DONE("2"));
	assert_non_null(strstr(scene.world.store.posted.data, "<2@client"));
	client_close(&other);
	scene_close(&scene);
}

/* It does not wait for ever, and the client can go on. */
static void test_too_busy(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "*");
	scene.world.store.busy = UINT32_MAX;
	ask(&scene, "POST\r\n" ARTICLE("1") "POST\r\n", SEND);
	client_expect(&scene.client, &scene.world, BUSY SEND);
	assert_true(scene.world.store.commits > 10);
	scene.world.store.busy = 0;
	ask(&scene, ARTICLE("1"), DONE("1"));
	scene_close(&scene);
}

/* The client leaves while its post waits: that is stored; and the server ends
 * while one waits. */
static void test_left_behind(void **state)
{
	struct scene scene;
	int i;

	(void)state;
	scene_open(&scene, "*");
	scene.world.store.busy = UINT32_MAX;
	ask(&scene, "POST\r\n" ARTICLE("1"), SEND);
	client_close(&scene.client);
	scene.world.store.busy = 0;
	for (i = 0; i < 20000 && !scene.world.store.posted.len; i++) {
		world_turn(&scene.world);
		(void)usleep(1000);
	}
	assert_non_null(strstr(scene.world.store.posted.data, "<1@client"));
	client_connect(&scene.client, &scene.world);
	client_expect(&scene.client, &scene.world, GREETING);
	scene.world.store.busy = UINT32_MAX;
	ask(&scene, "POST\r\n" ARTICLE("2"), SEND);
	scene_close(&scene);
}

static void test_failures(void **state)
{
	struct nw_store *store;
	struct scene scene;

	(void)state;
	scene_open(&scene, "*");
	store = &scene.world.store;
	store->open_fails = true;
	ask(&scene, "POST\r\n" ARTICLE("1"), SEND UNSTORED);
	store->open_fails = false;
	store->writes_fail = true;
	ask(&scene, "POST\r\n" ARTICLE("1"), SEND UNSTORED);
	store->writes_fail = false;
	store->reads_fail = true;
	ask(&scene, "POST\r\n" ARTICLE("1"), SEND UNSTORED);
	store->reads_fail = false;
	store->begin_fails = true;
	ask(&scene, "POST\r\n" ARTICLE("1"), SEND UNSTORED);
	store->begin_fails = false;
	store->known = "<1@client.test>";
	ask(&scene, "POST\r\n" ARTICLE("1"),
	    SEND "441 Message-ID: an article has it already\r\n");
	ask(&scene, "POST\r\n" ARTICLE("2"), SEND DONE("2"));
	scene_close(&scene);
}

/* Half an article is none, whether the client closes or falls silent. */
static void test_half(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "*");
	ask(&scene, "POST\r\n" HEAD("1") "\r\nhalf\r\n.", SEND);
	client_close(&scene.client);
	world_turn(&scene.world);
	world_turn(&scene.world);
	assert_int_equal(scene.world.store.commits, 0);
	client_connect(&scene.client, &scene.world);
	client_expect(&scene.client, &scene.world, GREETING);
	ask(&scene, "POST\r\n" HEAD("1"), SEND);
	scene_close(&scene);
}

static int64_t clock_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* An address has so many a minute; what is refused is not counted. */
static void test_too_many(void **state)
{
	const struct nw_config config = { .notes = "*" };
	const struct nw_nntp_limit_options none = { .readers = 2 };
	struct nw_nntp_options options = { .config = &config };
	struct scene scene;
	struct nw_net home;
	struct nw_error err;
	int i;

	(void)state;
	assert_true(nw_net_read("127.0.0.1", &home));
	assert_int_equal(nw_nntp_limits_new(&options.limits, &none, &err), 0);
	world_open(&scene.world, &options);
	client_connect(&scene.client, &scene.world);
	client_expect(&scene.client, &scene.world, GREETING);
	ask(&scene, "POST\r\n.\r\n",
	    SEND "441 article: has no empty line between header and text\r\n");
	ask(&scene, "POST\r\n" ARTICLE("1"), SEND DONE("1"));
	/* The others, as if they were of another reader, with one to go. */
	for (i = 2; i < NW_POST_MINUTE; i++)
		assert_true(nw_nntp_limit_post(options.limits, home.octets,
					       NULL, true, clock_us()));
	ask(&scene, "POST\r\n" ARTICLE("2"), SEND DONE("2"));
	ask(&scene, "POST\r\nDATE\r\n", TOO_MANY DATE);
	scene_close(&scene);
	nw_nntp_limits_free(&options.limits);
}

/* What all clients together may send is limited; who is refused for it, is told
 * when the article ends, and others have room when some have left. */
static void test_too_much(void **state)
{
	enum { CLIENTS = NW_POST_PENDING_BYTES / NW_POST_BYTES + 1,
	       PIECE = 16 << 10 };
	static struct client clients[CLIENTS];
	static char piece[PIECE];
	struct scene scene;
	size_t i, sent;

	(void)state;
	memset(piece, 'a', sizeof(piece));
	scene_open(&scene, "*");
	for (i = 0; i < CLIENTS; i++) {
		client_connect(&clients[i], &scene.world);
		client_expect(&clients[i], &scene.world, GREETING);
		client_ask(&clients[i], &scene.world, "POST\r\n");
		client_expect(&clients[i], &scene.world, SEND);
		for (sent = 0; sent < NW_POST_BYTES; sent += PIECE)
			client_pour(&clients[i], &scene.world, piece,
				    sizeof(piece));
	}
	/* Until the server has read what its system has. */
	for (sent = 0; sent < NW_POST_BYTES; sent += PIECE)
		world_turn(&scene.world);
	client_ask(&clients[CLIENTS - 1], &scene.world, "\r\n.\r\n");
	client_expect(&clients[CLIENTS - 1], &scene.world,
		      "441 too many post at once; try again later\r\n");
	client_ask(&clients[0], &scene.world, "\r\n.\r\n");
	client_expect(&clients[0], &scene.world,
		      "441 the article is larger than 1 MB\r\n");
	ask(&scene, "POST\r\n" ARTICLE("1"), SEND DONE("1"));
	for (i = 0; i < CLIENTS; i++)
		client_close(&clients[i]);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_stored),
		cmocka_unit_test(test_dots),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_too_busy),
		cmocka_unit_test(test_left_behind),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_half),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
