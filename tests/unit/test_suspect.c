/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes of the web that end the process which reads them: the third time is
 * the last one, and nothing else suffers.  The linker puts __wrap_nw_page_read()
 * in the place of nw_page_read() (include.am).
 */
#include "config.h"

#include "unit.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "newswire/page.h"
#include "newswire/quarantine.h"
#include "newswire/suspect.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "com.example"
#define DEADLY "These are words that nobody survives."

int __real_nw_page_read(struct nw_arena *arena,
			const struct nw_page_input *input,
			struct nw_story **story_r, struct nw_error *err);
int __wrap_nw_page_read(struct nw_arena *arena,
			const struct nw_page_input *input,
			struct nw_story **story_r, struct nw_error *err);

int __wrap_nw_page_read(struct nw_arena *arena,
			const struct nw_page_input *input,
			struct nw_story **story_r, struct nw_error *err)
{
	if (memmem(input->bytes, input->len, DEADLY, strlen(DEADLY)))
		(void)kill(getpid(), SIGKILL);
	return __real_nw_page_read(arena, input, story_r, err);
}

static void open_store(struct world *world)
{
	struct nw_error err;

	if (nw_store_open(&world->store, world->path, NW_STORE_WRITE, &err))
		fail_msg("%s", err.text);
}

/* A poll in a process of its own: whether it lived to its end. */
static bool poll_lives(struct world *world)
{
	int status;
	pid_t pid;

	nw_pipeline_free(&world->pipeline);
	nw_store_close(&world->store);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (event_reinit(world->base))
			_exit(1);
		open_store(world);
		world_start(world, "1");
		world_poll(world, GROUP);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	open_store(world);
	assert_true(WIFSIGNALED(status) || !WEXITSTATUS(status));
	return !WIFSIGNALED(status);
}

static size_t quarantined(struct world *world, const char **reason_r)
{
	struct nw_source source = world_source(world, GROUP);
	struct nw_quarantined *items;
	struct nw_error err;
	size_t count;

	assert_int_equal(nw_quarantine_list(world->store, world->arena,
					    source.id, &items, &count, &err),
			 0);
	*reason_r = count ? items[0].reason : NULL;
	return count;
}

static void a_deadly_page_is_let_alone(void **state)
{
	struct world *world = *state;
	struct document *deadly;
	const char *reason;
	unsigned n;

	world_put_stories(world);
	deadly = world_put(world, "/2.html", 200, PAGE("Story 2", DEADLY));
	(void)world_put_feed(world, FEED(ITEM_3 ITEM_2 ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	for (n = 0; n < NW_POLL_DEATHS; n++) {
		assert_false(poll_lives(world));
		assert_int_equal(quarantined(world, &reason), 0);
	}
	assert_true(poll_lives(world));
	assert_int_equal(quarantined(world, &reason), 1);
	assert_non_null(strstr(reason, "3 times"));
	/* The others are there. */
	assert_int_equal(world_count(world, GROUP), 2);
	/* It is not asked for again. */
	assert_true(poll_lives(world));
	assert_int_equal(world_count(world, GROUP), 2);
	/* Until the feed says something else of it. */
	deadly->body = world_text(world, PAGE("Story 2", "Better words."));
	world_put_feed(world, FEED(ITEM_3 ITEM("2", "21", "Another.") ITEM_1))
		->etag = "\"2\"";
	assert_true(poll_lives(world));
	assert_int_equal(world_count(world, GROUP), 3);
	assert_int_equal(quarantined(world, &reason), 0);
}

/* Who is killed from outside says nothing about the item: what is read to its
 * end has no deaths any more. */
static void an_innocent_page_is_read_again(void **state)
{
	struct world *world = *state;
	struct document *page;
	const char *reason;
	unsigned n;

	page = world_put(world, "/1.html", 200, PAGE("Story 1", DEADLY));
	(void)world_put_feed(world, FEED(ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	for (n = 1; n < NW_POLL_DEATHS; n++)
		assert_false(poll_lives(world));
	page->body = world_text(world, PAGE("Story 1", "Words."));
	assert_true(poll_lives(world));
	assert_int_equal(quarantined(world, &reason), 0);
	assert_int_equal(world_count(world, GROUP), 1);
}

static void marks_are_counted(void **state)
{
	struct world *world = *state;
	struct nw_suspects *suspects, *second;
	char key[16];
	unsigned n;

	nw_pipeline_free(&world->pipeline);
	for (n = 0; n < NW_POLL_DEATHS; n++) {
		suspects = nw_suspects_open(world->store);
		assert_non_null(suspects);
		assert_false(nw_suspect_is_deadly(suspects, 1, "a", "h"));
		nw_suspect_begin(suspects, 1, "a", "h");
		nw_suspects_close(&suspects);
	}
	suspects = nw_suspects_open(world->store);
	assert_true(nw_suspect_is_deadly(suspects, 1, "a", "h"));
	assert_false(nw_suspect_is_deadly(suspects, 1, "a", "other"));
	assert_false(nw_suspect_is_deadly(suspects, 2, "a", "h"));
	/* More than the file has room for push out none that is deadly. */
	for (n = 0; n < 500; n++) {
		(void)snprintf(key, sizeof(key), "%u", n);
		nw_suspect_begin(suspects, 1, key, "h");
		nw_suspect_end(suspects);
	}
	assert_true(nw_suspect_is_deadly(suspects, 1, "a", "h"));
	nw_suspect_clear(suspects, 1, "a", "h");
	assert_false(nw_suspect_is_deadly(suspects, 1, "a", "h"));
	nw_suspects_close(&suspects);
	nw_suspects_close(&suspects);
	second = NULL;
	nw_suspect_begin(second, 1, "a", "h");
	nw_suspect_end(second);
	assert_false(nw_suspect_is_deadly(second, 1, "a", "h"));
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_deadly_page_is_let_alone),
		CASE(an_innocent_page_is_read_again),
		CASE(marks_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
