/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XNEWSWIRE where the program that it runs is this one, which does what the
 * address says: prints too much, takes too long, dies, says nothing.
 */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "newswire/config.h"
#include "nntp_world.h"

#include "../../gateway/serve/nntp_errand_private.h"

#define LINES 60000 /* more than a reply in one turn */
#define LONGEST 3000

/* The child */

static void say_words(char **words)
{
	for (; *words; words++)
		(void)fprintf(stderr, "[%s]", *words);
	(void)fputs("\n", stderr);
}

/* What it has of its parent. */
static void say_state(void)
{
	struct sigaction action;
	struct stat in, null;
	sigset_t blocked;
	int fd, number;

	for (fd = 3; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			(void)fprintf(stderr, "%d is open; ", fd);
	if (fstat(0, &in) || stat("/dev/null", &null) ||
	    in.st_rdev != null.st_rdev)
		(void)fputs("it has an input; ", stderr);
	(void)sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (number = 1; number < NSIG; number++)
		if (sigismember(&blocked, number) == 1)
			(void)fprintf(stderr, "%d is blocked; ", number);
	if (sigaction(SIGUSR1, NULL, &action) || action.sa_handler != SIG_DFL)
		(void)fputs("a signal is not as it was; ", stderr);
	(void)fputs("that is all\n", stderr);
}

static void print_much(void)
{
	size_t i;

	for (i = 0; i <= NW_ERRAND_BYTES; i++)
		(void)putchar('x');
	(void)fflush(stdout);
	(void)pause();
}

static void stay_silent(void)
{
	(void)close(STDOUT_FILENO);
	(void)close(STDERR_FILENO);
	(void)pause();
}

static void print_lines(void)
{
	int i;

	for (i = 0; i < LINES; i++)
		(void)printf(".line %d\n", i);
}

static int child(char **words, const char *what)
{
	if (strstr(what, "words"))
		say_words(words);
	else if (strstr(what, "late"))
		return poll(NULL, 0, 3 * NW_ERRAND_LOOK_MS) - 1;
	else if (strstr(what, "state"))
		say_state();
	else if (strstr(what, "slow"))
		(void)pause();
	else if (strstr(what, "large"))
		print_much();
	else if (strstr(what, "silent"))
		stay_silent();
	else if (strstr(what, "killed"))
		(void)raise(SIGTRAP);
	else if (strstr(what, "two-lines"))
		(void)fputs("one\nnewswire: tw\xc3\xb6\x07\xff\n", stderr);
	else if (strstr(what, "damaged"))
		(void)fputs("newswire: history: /home/a/store: damaged\n",
			    stderr);
	else if (strstr(what, "path"))
		(void)fputs("/home/a/store: damaged\n", stderr);
	else if (strstr(what, "url"))
		(void)fputs("subscribe: http://x//y/: no news\n", stderr);
	else if (strstr(what, "long"))
		(void)fprintf(stderr, "newswire: %0*d\n", LONGEST, 0);
	else if (strstr(what, "fault"))
		return EX_IOERR;
	else if (strstr(what, "nothing"))
		return EX_OK;
	else
		return -1;
	return EX_USAGE;
}

static int done(const char *what)
{
	if (strstr(what, "hidden"))
		(void)puts("secret.group\tfeed\thttp://x/\tHidden");
	else if (strstr(what, "torn"))
		(void)puts("\ntest.gaps\tfeed\thttp://x/\tTorn");
	else if (strstr(what, "unknown"))
		return EX_NOINPUT;
	else if (!strcmp(what, "<1.3@test>"))
		(void)fputs("one\n.two\n\n..three\r\nf\xc3\xbcr", stdout);
	else if (!strcmp(what, "<1.5@test>"))
		print_lines();
	else if (strncmp(what, "<", 1) != 0)
		(void)puts("test.gaps\tfeed\thttp://x/\tWith\tgaps");
	return EX_OK;
}

/* The server */

/* anna: hunter2 */
#define HASH "$y$j75$abcdefghijklmnopqrstu.$.F8at2qvnbnxZisggS62/VpCtBMW9L9LT" \
	     "3ZqbMF6Ao3\n"
static const char users[] = "anna:" HASH "ben:" HASH "cleo:" HASH "doris:" HASH;

struct fixture {
	struct world world;
	char path[WORLD_PATH_BYTES];
	struct nw_config_user rights[4];
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const struct nw_config config = {
		.access = { .users_path = fixture->path,
			    .users = fixture->rights,
			    .user_count = COUNT(fixture->rights) },
	};
	const struct nw_nntp_limit_options unlimited = { .readers = 2 };
	struct nw_nntp_options options = {
		.config = &config,
		.program = "/proc/self/exe",
		.home = "/a home",
	};
	static const char *const names[] = { "anna", "ben", "cleo", "doris" };
	struct nw_error err;
	size_t i;

	assert_int_equal(nw_nntp_limits_new(&options.limits, &unlimited, &err),
			 0);
	for (i = 0; i < COUNT(names); i++)
		fixture->rights[i] = (struct nw_config_user){
			.name = names[i], .read = "test.*", .manage = true
		};
	world_write_users(fixture->path, users);
	world_open(&fixture->world, &options);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	world_close(&fixture->world);
	nw_nntp_limits_free(&fixture->world.options.limits);
	assert_int_equal(remove(fixture->path), 0);
	free(fixture);
	return 0;
}

static void login(struct client *client, struct world *world, const char *name)
{
	char text[64];

	client_greet(client, world);
	(void)snprintf(text, sizeof(text),
		       "AUTHINFO USER %s\r\nAUTHINFO PASS hunter2\r\n", name);
	client_ask(client, world, text);
	client_expect(client, world,
		      "381 now the password\r\n281 welcome\r\n");
}

static void ask(struct client *client, struct world *world, const char *text,
		const char *answer)
{
	client_ask(client, world, text);
	client_expect(client, world, answer);
}

#define SUBSCRIBE(what) "XNEWSWIRE SUBSCRIBE http://x/" what "\r\n"
#define BUSY "403 too much of this is under way; try again later\r\n"
#define FAULT "403 it cannot be done now; try again later\r\n"

static void test_answers(void **state)
{
	static const struct {
		const char *ask, *answer;
	} samples[] = {
		{ SUBSCRIBE("words"),
		  "491 [newswire][--home][/a home][--quiet][subscribe]"
		  "[--again][--limited][--][http://x/words]\r\n" },
		{ "XNEWSWIRE UNSUBSCRIBE test.gaps\r\n",
		  "292 test.gaps unsubscribed\r\n" },
		{ "XNEWSWIRE UNSUBSCRIBE test.gap\r\n",
		  "411 no such newsgroup for you\r\n" },
		{ SUBSCRIBE("state"), "491 that is all\r\n" },
		{ SUBSCRIBE("fine"), "291 test.gaps subscribed\r\n" },
		{ SUBSCRIBE("hidden"),
		  "491 it feeds a newsgroup that you may not read\r\n" },
		{ SUBSCRIBE("two-lines"), "491 tw\xc3\xb6??\r\n" },
		{ SUBSCRIBE("damaged"), FAULT },
		{ SUBSCRIBE("path"), FAULT },
		{ SUBSCRIBE("url"),
		  "491 subscribe: http://x//y/: no news\r\n" },
		{ "XNEWSWIRE SUBSCRIBE secret.group\r\n",
		  "501 not a web address\r\n" },
		{ SUBSCRIBE("large"),
		  "491 it is larger than this server sends\r\n" },
		{ SUBSCRIBE("killed"), FAULT },
		{ SUBSCRIBE("fault"), FAULT },
		{ SUBSCRIBE("nothing"), FAULT },
		{ SUBSCRIBE("torn"), FAULT },
		{ SUBSCRIBE("unknown"), "491 it does not say why\r\n" },
		{ "XNEWSWIRE HISTORY <1.unknown@test>\r\n",
		  "430 no story is known by this message-id\r\n" },
		{ "XNEWSWIRE HISTORY <2.1@test>\r\n",
		  "430 no story is known by this message-id\r\n" },
		{ "XNEWSWIRE HISTORY <1.3@test>\r\n",
		  "293 history follows\r\none\r\n..two\r\n\r\n...three\r\n"
		  "f\xc3\xbcr\r\n.\r\n" },
		{ "XNEWSWIRE HISTORY <1.9@test>\r\n",
		  "293 history follows\r\n.\r\n" },
	};
	struct fixture *fixture = *state;
	struct client client;
	size_t i;

	login(&client, &fixture->world, "anna");
	for (i = 0; i < COUNT(samples); i++) {
		ask(&client, &fixture->world, samples[i].ask,
		    samples[i].answer);
		assert_null(fixture->world.server->errands);
	}
	client_close(&client);
}

/* The first line of a reply has 512 octets (RFC 3977 section 3.1). */
static void test_long_reason(void **state)
{
	struct fixture *fixture = *state;
	struct client client;

	login(&client, &fixture->world, "anna");
	ask(&client, &fixture->world, SUBSCRIBE("long"), "491 000");
	client_await(&client, &fixture->world, 100);
	assert_non_null(strstr(client.got.data, "000\r\n"));
	assert_in_range(client.got.len, 400, 505);
	client_close(&client);
}

/* In pieces, with another client in between. */
static void test_long_history(void **state)
{
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client client;
	char line[32];
	size_t want = strlen("293 history follows\r\n.\r\n"), at;
	int i;

	for (i = 0; i < LINES; i++)
		want += (size_t)snprintf(line, sizeof(line), "..line %d\r\n",
					 i);
	login(&client, world, "anna");
	client_ask(&client, world, "XNEWSWIRE HISTORY <1.5@test>\r\nDATE\r\n");
	client_await(&client, world, want + 20);
	at = strlen("293 history follows\r\n");
	for (i = 0; i < LINES; i++) {
		(void)snprintf(line, sizeof(line), "..line %d\r\n", i);
		assert_memory_equal(client.got.data + at, line, strlen(line));
		at += strlen(line);
	}
	assert_string_equal(client.got.data + at,
			    ".\r\n111 20250726101500\r\n");
	assert_null(world->server->errands);
	client_close(&client);
}

/* One that cannot be run, or of whose end nothing is learnt, and a server that
 * was not told of any. */
static void test_no_program(void **state)
{
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client client;

	login(&client, world, "anna");
	(void)signal(SIGCHLD, SIG_IGN);
	ask(&client, world, "XNEWSWIRE UNSUBSCRIBE test.gaps\r\n", FAULT);
	(void)signal(SIGCHLD, SIG_DFL);
	world->server->options.program = "/none/newswire";
	ask(&client, world, SUBSCRIBE("fine"), FAULT);
	world->server->options.program = NULL;
	ask(&client, world, SUBSCRIBE("fine"), "502 this is not for you\r\n");
	client_close(&client);
}

static void test_late(void **state)
{
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client client;

	world->server->options.errand_ms = 300;
	login(&client, world, "anna");
	ask(&client, world, SUBSCRIBE("slow"), "491 it took too long\r\n");
	/* Its pipes are closed, and it lives on. */
	ask(&client, world, SUBSCRIBE("silent"), FAULT);
	assert_null(world->server->errands);
	client_close(&client);
}

static void expect_none(struct world *world, pid_t pid)
{
	int i;

	for (i = 0; i < 5000 && world->server->errands; i++) {
		world_turn(world);
		(void)usleep(1000);
	}
	assert_null(world->server->errands);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

/* Nobody else waits, and nothing is left of it when its client leaves. */
static void test_leaving_client(void **state)
{
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client one, other;
	pid_t pid;

	login(&one, world, "anna");
	login(&other, world, "anna");
	/* One of hers runs in another reader. */
	assert_true(nw_nntp_limit_errand(world->options.limits, 1, "anna") >= 0);
	client_ask(&one, world, SUBSCRIBE("slow"));
	ask(&other, world, "DATE\r\n", "111 20250726101500\r\n");
	assert_non_null(world->server->errands);
	pid = world->server->errands->pid;
	ask(&other, world, SUBSCRIBE("slow"), BUSY);
	assert_int_equal(kill(pid, 0), 0);
	assert_int_equal(world->server->session_count, 2);
	/* That is how it looks when it closes all, too. */
	assert_int_equal(shutdown(one.fd, SHUT_WR), 0);
	expect_none(world, pid);
	client_close(&one);
	assert_int_equal(world->server->session_count, 1);
	ask(&other, world, "DATE\r\n", "111 20250726101500\r\n");
	client_close(&other);
}

/* Who has closed its side behind more commands has yet to hear of all. */
static void test_closed_side(void **state)
{
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client client;

	login(&client, world, "anna");
	client_ask(&client, world, SUBSCRIBE("late") "QUIT\r\n");
	assert_int_equal(shutdown(client.fd, SHUT_WR), 0);
	client_expect(&client, world,
		      "291 test.gaps subscribed\r\n205 good-bye\r\n");
	client_close(&client);
	/* Be it that they were not read yet. */
	login(&client, world, "anna");
	client_ask(&client, world, SUBSCRIBE("late"));
	client_ask(&client, world, "QUIT\r\n");
	assert_int_equal(shutdown(client.fd, SHUT_WR), 0);
	client_expect(&client, world,
		      "291 test.gaps subscribed\r\n205 good-bye\r\n");
	client_close(&client);
}

static void test_crowd(void **state)
{
	static const char *const names[] = { "anna", "anna", "anna", "ben",
					     "ben",  "cleo" };
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client clients[COUNT(names)];
	size_t i;

	_Static_assert(NW_ERRANDS == 4 && NW_ERRANDS_USER == 2, "as below");
	for (i = 0; i < COUNT(names); i++)
		login(&clients[i], world, names[i]);
	for (i = 0; i < COUNT(names); i++)
		client_ask(&clients[i], world, SUBSCRIBE("slow"));
	client_expect(&clients[2], world, BUSY);
	client_expect(&clients[5], world, BUSY);
	client_close(&clients[0]);
	for (i = 0; i < 5000 && world->server->session_count == 6; i++) {
		world_turn(world);
		(void)usleep(1000);
	}
	for (i = 0; i < 5000 && world->server->errands->next->next->next; i++) {
		world_turn(world);
		(void)usleep(1000);
	}
	ask(&clients[5], world, SUBSCRIBE("fine"),
	    "291 test.gaps subscribed\r\n");
	for (i = 1; i < COUNT(names); i++)
		client_close(&clients[i]);
}

/* A server that ends takes them along; teardown would wait for ever. */
static void test_ending_server(void **state)
{
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client client;
	pid_t pid;

	login(&client, world, "anna");
	client_ask(&client, world, SUBSCRIBE("slow"));
	pid = world->server->errands->pid;
	nw_nntp_server_free(&world->server);
	assert_int_equal(kill(pid, 0), -1);
	client_close(&client);
}

/* The answer is for who takes it. */
static void test_store_fails(void **state)
{
	struct fixture *fixture = *state;
	struct world *world = &fixture->world;
	struct client client;

	login(&client, world, "anna");
	world->store.reads_fail = true;
	ask(&client, world, "XNEWSWIRE HISTORY <1.3@test>\r\n",
	    "403 the store cannot be read now\r\n");
	ask(&client, world, "XNEWSWIRE UNSUBSCRIBE test.gaps\r\n",
	    "403 the store cannot be read now\r\n");
	assert_null(world->server->errands);
	client_close(&client);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_answers),
		TEST(test_long_reason),
		TEST(test_long_history),
		TEST(test_no_program),
		TEST(test_late),
		TEST(test_leaving_client),
		TEST(test_closed_side),
		TEST(test_crowd),
		TEST(test_ending_server),
		TEST(test_store_fails),
	};
	int code = argc > 1 ? child(argv, argv[argc - 1]) : -1;

	if (argc > 1)
		return code < 0 ? done(argv[argc - 1]) : code;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
