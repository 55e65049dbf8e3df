/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/buf.h"

/* An allocation that is too large fails, also under a sanitizer. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void test_empty(void **state)
{
	struct nw_buf buf, other;

	(void)state;
	nw_buf_init(&buf, 10);
	nw_buf_init(&other, 0);
	assert_string_equal(buf.data, "");
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf.room, 0);
	assert_true(nw_buf_ok(&buf));
	nw_buf_add(&buf, NULL, 0);
	nw_buf_adds(&other, "");
	assert_true(nw_buf_ok(&buf));
	assert_true(nw_buf_ok(&other));
	nw_buf_cut(&buf, 0);
	nw_buf_shift(&buf, 5);
	assert_string_equal(buf.data, "");
	nw_buf_free(&buf);
	nw_buf_free(&buf);
	nw_buf_free(&other);
}

static void test_add(void **state)
{
	struct nw_buf buf;

	(void)state;
	nw_buf_init(&buf, 100);
	nw_buf_adds(&buf, "one");
	nw_buf_addc(&buf, ' ');
	nw_buf_addf(&buf, "%s %d", "two", 3);
	assert_string_equal(buf.data, "one two 3");
	assert_int_equal(buf.len, 9);
	nw_buf_add(&buf, "\0x", 2);
	assert_int_equal(buf.len, 11);
	assert_memory_equal(buf.data, "one two 3\0x", 12);
	nw_buf_free(&buf);
	assert_string_equal(buf.data, "");
	assert_int_equal(buf.max, 100);
	nw_buf_adds(&buf, "again");
	assert_string_equal(buf.data, "again");
	nw_buf_free(&buf);
}

/* The ceiling itself is allowed; past it nothing changes, for ever. */
static void test_ceiling(void **state)
{
	struct nw_buf buf;

	(void)state;
	nw_buf_init(&buf, 5);
	nw_buf_adds(&buf, "abc");
	nw_buf_adds(&buf, "de");
	assert_true(nw_buf_ok(&buf));
	nw_buf_addc(&buf, 'f');
	assert_false(nw_buf_ok(&buf));
	assert_string_equal(buf.data, "abcde");
	nw_buf_cut(&buf, 1);
	nw_buf_addc(&buf, 'x');
	nw_buf_addf(&buf, "x");
	assert_null(nw_buf_reserve(&buf, 0));
	assert_false(nw_buf_ok(&buf));
	assert_string_equal(buf.data, "a");
	nw_buf_reset(&buf);
	assert_true(nw_buf_ok(&buf));
	nw_buf_addf(&buf, "%06d", 1);
	assert_false(nw_buf_ok(&buf));
	assert_string_equal(buf.data, "");
	nw_buf_reset(&buf);
	nw_buf_addf(&buf, "%05d", 1);
	assert_true(nw_buf_ok(&buf));
	assert_string_equal(buf.data, "00001");
	nw_buf_reset(&buf);
	nw_buf_add(&buf, "abc", SIZE_MAX);
	assert_false(nw_buf_ok(&buf));
	nw_buf_free(&buf);
}

/* What no machine has is refused without harm. */
static void test_no_memory(void **state)
{
	struct nw_buf buf;

	(void)state;
	nw_buf_init(&buf, SIZE_MAX);
	nw_buf_adds(&buf, "kept");
	assert_null(nw_buf_reserve(&buf, SIZE_MAX / 2));
	assert_false(nw_buf_ok(&buf));
	assert_string_equal(buf.data, "kept");
	nw_buf_reset(&buf);
	assert_null(nw_buf_reserve(&buf, SIZE_MAX));
	assert_false(nw_buf_ok(&buf));
	nw_buf_free(&buf);
}

static void test_cut_and_shift(void **state)
{
	struct nw_buf buf;

	(void)state;
	nw_buf_init(&buf, 100);
	nw_buf_adds(&buf, "abcdef");
	nw_buf_cut(&buf, 9);
	assert_string_equal(buf.data, "abcdef");
	nw_buf_cut(&buf, 4);
	assert_string_equal(buf.data, "abcd");
	nw_buf_shift(&buf, 0);
	assert_string_equal(buf.data, "abcd");
	nw_buf_shift(&buf, 3);
	assert_string_equal(buf.data, "d");
	assert_int_equal(buf.len, 1);
	nw_buf_shift(&buf, 3);
	assert_string_equal(buf.data, "");
	assert_int_equal(buf.len, 0);
	nw_buf_free(&buf);
}

static void test_reserve(void **state)
{
	struct nw_buf buf;
	char *place;

	(void)state;
	nw_buf_init(&buf, 1000);
	nw_buf_adds(&buf, "ab");
	place = nw_buf_reserve(&buf, 998);
	assert_ptr_equal(place, buf.data + 2);
	memset(place, 'x', 998);
	assert_int_equal(buf.len, 2);
	buf.len += 998;
	assert_null(nw_buf_reserve(&buf, 1));
	nw_buf_free(&buf);
}

static void test_take(void **state)
{
	struct nw_buf buf;
	char *data;

	(void)state;
	nw_buf_init(&buf, 10);
	data = nw_buf_take(&buf);
	assert_string_equal(data, "");
	free(data);
	nw_buf_adds(&buf, "mine");
	data = nw_buf_take(&buf);
	assert_string_equal(data, "mine");
	assert_string_equal(buf.data, "");
	free(data);
	nw_buf_adds(&buf, "far too long");
	assert_null(nw_buf_take(&buf));
	/* Empty and usable again. */
	assert_true(nw_buf_ok(&buf));
	nw_buf_adds(&buf, "ok");
	assert_string_equal(buf.data, "ok");
	nw_buf_free(&buf);
}

/* A million octets, one at a time, need few allocations. */
static void test_growth(void **state)
{
	struct nw_buf buf;
	size_t i, moves = 0, room = 0;

	(void)state;
	nw_buf_init(&buf, 1 << 20);
	for (i = 0; i < 1 << 20; i++) {
		nw_buf_addc(&buf, (char)('a' + i % 26));
		moves += buf.room != room;
		room = buf.room;
	}
	assert_true(nw_buf_ok(&buf));
	assert_int_equal(buf.len, 1 << 20);
	assert_true(moves < 20);
	for (i = 0; i < 1 << 20; i++)
		assert_int_equal(buf.data[i], 'a' + i % 26);
	nw_buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_cut_and_shift),
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
