/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A studio, a photo for it, and what became of the orders.
 */
#ifndef NEWSWIRE_TESTS_STUDIO_FIXTURE_H
#define NEWSWIRE_TESTS_STUDIO_FIXTURE_H

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"
#include "newswire/limits.h"
#include "newswire/studio.h"
#include "picture_fixture.h"

#define PATIENCE_S 120

struct fixture {
	struct event_base *base;
	struct nw_studio *studio;
	struct nw_buf photo; /* as JPEG */
	int calls;	     /* of on_more() */
};

/* What became of an order. */
struct outcome {
	struct event_base *base;
	int calls;
	bool made;
	char type[16];
	int width, height;
	size_t len;
	struct nw_error err;
	int *left; /* orders that are awaited; the last breaks the loop */
};

static inline int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	(void)signal(SIGPIPE, SIG_IGN);
	fixture->base = event_base_new();
	assert_non_null(fixture->base);
	assert_int_equal(nw_studio_new(&fixture->studio, fixture->base, NULL),
			 0);
	nw_buf_init(&fixture->photo, PICTURE_ROOM);
	picture_write(&fixture->photo, picture_photo(640, 480), PICTURE_JPEG);
	*state = fixture;
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *fixture = *state;

	nw_studio_free(&fixture->studio);
	assert_null(fixture->studio);
	event_base_free(fixture->base);
	nw_buf_free(&fixture->photo);
	free(fixture);
	return 0;
}

static inline void on_done(const struct nw_picture *picture,
			   const struct nw_error *err, void *context)
{
	struct outcome *outcome = context;

	outcome->calls++;
	outcome->made = picture != NULL;
	assert_true(!picture != !err);
	if (picture) {
		(void)snprintf(outcome->type, sizeof(outcome->type), "%s",
			       picture->type);
		outcome->width = picture->width;
		outcome->height = picture->height;
		outcome->len = picture->len;
		gdImageDestroy(picture_read(picture));
	} else {
		outcome->err = *err;
	}
	if (--*outcome->left == 0)
		(void)event_base_loopbreak(outcome->base);
}

static inline void order(struct fixture *fixture, struct outcome *outcome,
			 enum nw_studio_use use, const struct nw_buf *bytes)
{
	struct nw_studio_order order = { .use = use,
					 .bytes = bytes->data,
					 .len = bytes->len,
					 .bytes_max = NW_PICTURE_BUDGET_BYTES };

	outcome->base = fixture->base;
	++*outcome->left;
	assert_int_equal(nw_studio_order(fixture->studio, &order, on_done,
					 outcome, NULL),
			 0);
}

static inline void run(struct fixture *fixture)
{
	struct timeval patience = { PATIENCE_S, 0 };

	assert_int_equal(event_base_loopexit(fixture->base, &patience), 0);
	assert_int_equal(event_base_dispatch(fixture->base), 0);
}

/* Both uses, and the answer comes only from the loop. */
static inline void makes_picture_and_face(void **state)
{
	struct fixture *fixture = *state;
	int left = 0;
	struct outcome picture = { .left = &left }, face = { .left = &left };

	order(fixture, &picture, NW_STUDIO_PICTURE, &fixture->photo);
	order(fixture, &face, NW_STUDIO_FACE, &fixture->photo);
	assert_int_equal(picture.calls + face.calls, 0);
	run(fixture);
	assert_int_equal(picture.calls, 1);
	assert_int_equal(face.calls, 1);
	assert_true(picture.made && face.made);
	assert_string_equal(picture.type, "image/jpeg");
	assert_int_equal(picture.width, 640);
	assert_int_equal(picture.height, 480);
	assert_string_equal(face.type, "image/png");
	assert_int_equal(face.width, 48);
	assert_true(face.len <= NW_FACE_BYTES);
}

#endif
