/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A store, a folder for mailboxes, and a delivery from one to the other.
 */
#ifndef NEWSWIRE_TESTS_DELIVER_FIXTURE_H
#define NEWSWIRE_TESTS_DELIVER_FIXTURE_H

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../../gateway/deliver/mailbox_private.h"
#include "mailbox_fixture.h"
#include "newswire/deliver.h"
#include "store_fixture.h"

/* A store and a folder for mailboxes. */
struct world {
	struct fixture *store;
	struct mailbox_fixture *boxes;
	struct nw_deliver_job job;
	struct nw_deliver_result result;
	unsigned stop_after;	/* articles; 0: never */
	unsigned asked;
};

static inline int64_t now(void)
{
	return FIXTURE_NOW + 1000;
}

static inline bool stop(void *context)
{
	struct world *world = context;

	return world->stop_after && world->asked++ >= world->stop_after;
}

static inline int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	void *part;

	assert_non_null(world);
	assert_int_equal(fixture_setup(&part), 0);
	world->store = part;
	assert_int_equal(mailbox_setup(&part), 0);
	world->boxes = part;
	*state = world;
	return 0;
}

static inline int teardown(void **state)
{
	struct world *world = *state;
	void *part = world->boxes;
	char dir[64];

	(void)mailbox_teardown(&part);
	memcpy(dir, world->store->dir, sizeof(dir));
	part = world->store;
	(void)fixture_teardown(&part);
	/* The lock stays beside the store. */
	mailbox_remove(dir);
	free(world);
	return 0;
}

static inline void target(struct world *world, const char *scheme,
			  const char *path)
{
	struct mailbox_fixture *boxes = world->boxes;

	world->job.now = now;
	world->job.stop = stop;
	world->job.context = world;
	mailbox_expect(boxes, 0,
		       nw_target_parse(boxes->arena,
				       nw_arena_printf(boxes->arena, "%s:%s/%s",
						       scheme, boxes->dir,
						       path),
				       &world->job.target, &boxes->err));
}

static inline int try(struct world *world)
{
	world->asked = 0;
	return nw_deliver(world->store->store, &world->job, &world->result,
			  &world->boxes->err);
}

static inline void deliver(struct world *world, uint64_t appended,
			   uint64_t replaced)
{
	mailbox_expect(world->boxes, 0, try(world));
	assert_int_equal(world->result.appended, appended);
	assert_int_equal(world->result.replaced, replaced);
}

static inline uint64_t waiting(struct world *world)
{
	uint64_t count;

	mailbox_expect(world->boxes, 0,
		       nw_deliver_waiting(world->store->store, &world->job,
					  &count, &world->boxes->err));
	return count;
}

static inline void post(struct world *world, const struct nw_source *source,
			const char *message_id)
{
	(void)fixture_post(world->store, source, &message_id, 1);
}

/* The Message-IDs in an mbox or MH folder, in their order. */
static inline const char *ids(struct world *world, const char *path)
{
	struct mailbox_fixture *boxes = world->boxes;
	char *text = mailbox_read(boxes, path), *at;
	char *list = nw_arena_strdup(boxes->arena, "");

	for (at = text; at && (at = strstr(at, "\nMessage-ID: ")); at++)
		list = nw_arena_printf(boxes->arena, "%s%.*s", list,
				       (int)strcspn(at + 13, "\n"), at + 13);
	return list;
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
