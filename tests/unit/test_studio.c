/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a studio makes of pictures, and in which order.
 */
#include "config.h"

#include <event2/event.h>

#include "unit.h"

#include "studio_fixture.h"

/* Every decoder gets by with a child's limits. */
static void test_formats(void **state)
{
	struct fixture *fixture = *state;
	struct outcome outcome;
	struct nw_buf bytes;
	int left, format;

	nw_buf_init(&bytes, PICTURE_ROOM);
	for (format = 0; format < PICTURE_FORMATS; format++) {
		nw_buf_reset(&bytes);
		picture_write(&bytes, picture_photo(1500, 1000),
			      (enum picture_format)format);
		left = 0;
		outcome = (struct outcome) { .left = &left };
		order(fixture, &outcome, NW_STUDIO_PICTURE, &bytes);
		run(fixture);
		assert_true(outcome.made);
		assert_int_equal(outcome.width, NW_PICTURE_SIDE);
	}
	nw_buf_free(&bytes);
}

/* What a picture is not comes back in words. */
static void test_refuses(void **state)
{
	struct fixture *fixture = *state;
	int left = 0;
	struct outcome outcome = { .left = &left };
	struct nw_buf html;

	nw_buf_init(&html, 1024);
	nw_buf_adds(&html, "<!DOCTYPE html><title>Not found</title>");
	order(fixture, &outcome, NW_STUDIO_PICTURE, &html);
	run(fixture);
	nw_buf_free(&html);
	assert_int_equal(outcome.calls, 1);
	assert_false(outcome.made);
	assert_int_equal(outcome.err.code, NW_ERROR_DATA);
	assert_string_equal(outcome.err.text,
			    "is no picture (it begins like HTML)");
}

/* One that orders another from its callback. */
static void on_more(const struct nw_picture *picture,
		    const struct nw_error *err, void *context)
{
	struct fixture *fixture = context;
	const struct nw_studio_order again = { .use = NW_STUDIO_FACE,
					       .bytes = fixture->photo.data,
					       .len = fixture->photo.len };

	assert_non_null(picture);
	assert_null(err);
	if (++fixture->calls == 3)
		(void)event_base_loopbreak(fixture->base);
	else
		assert_int_equal(nw_studio_order(fixture->studio, &again,
						 on_more, fixture, NULL),
				 0);
}

static void test_more(void **state)
{
	struct fixture *fixture = *state;
	const struct nw_studio_order first = { .use = NW_STUDIO_FACE,
					       .bytes = fixture->photo.data,
					       .len = fixture->photo.len };

	assert_int_equal(nw_studio_order(fixture->studio, &first, on_more,
					 fixture, NULL),
			 0);
	run(fixture);
	assert_int_equal(fixture->calls, 3);
}

/* What waits has a limit, and is served all the same. */
static void test_queue(void **state)
{
	struct fixture *fixture = *state;
	const int most = NW_STUDIO_QUEUE_BYTES / NW_PICTURE_BYTES;
	struct nw_studio_order order_more = { .use = NW_STUDIO_PICTURE };
	int left = 0, i;
	struct outcome outcome = { .left = &left };
	struct nw_error err;
	struct nw_buf text;

	nw_buf_init(&text, NW_PICTURE_BYTES);
	while (text.len < NW_PICTURE_BYTES)
		nw_buf_adds(&text, "no picture here\n");
	for (i = 0; i < most; i++)
		order(fixture, &outcome, NW_STUDIO_PICTURE, &text);
	order_more.bytes = text.data;
	order_more.len = text.len;
	assert_int_equal(nw_studio_order(fixture->studio, &order_more, on_done,
					 &outcome, &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_BUSY);
	run(fixture);
	assert_int_equal(outcome.calls, most);
	order(fixture, &outcome, NW_STUDIO_PICTURE, &text);
	run(fixture);
	assert_int_equal(outcome.calls, most + 1);
	assert_string_equal(outcome.err.text,
			    "is no picture (it begins like text)");
	order_more.len = NW_PICTURE_BYTES + 1;
	assert_int_equal(nw_studio_order(fixture->studio, &order_more, on_done,
					 &outcome, &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_DATA);
	nw_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(makes_picture_and_face, setup, teardown),
		cmocka_unit_test_setup_teardown(test_formats, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_more, setup, teardown),
		cmocka_unit_test_setup_teardown(test_queue, setup, teardown),
	};

	return cmocka_run_group_tests_name("studio", tests, NULL, NULL);
}
