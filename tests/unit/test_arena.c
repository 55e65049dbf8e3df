/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

#include "newswire/arena.h"

static bool is_aligned(const void *piece)
{
	return !((uintptr_t)piece % alignof(max_align_t));
}

static bool is_zero(const char *bytes, size_t len)
{
	return !len || (!bytes[0] && !memcmp(bytes, bytes + 1, len - 1));
}

/* Pieces of all sizes are aligned, zero, and do not overlap. */
static void test_alloc(void **state)
{
	static const size_t sizes[] = {
		0, 1, 15, 16, 17, 100, 4096, 16384, 16385, 65535, 65536,
		65537, 1 << 20, 3, 40000, 0, 8,
	};
	struct nw_arena *arena = nw_arena_new();
	char *pieces[20 * COUNT(sizes)];
	size_t i, total = 0;

	(void)state;
	for (i = 0; i < COUNT(pieces); i++) {
		size_t size = sizes[i % COUNT(sizes)];

		pieces[i] = nw_arena_alloc(arena, size);
		assert_non_null(pieces[i]);
		assert_true(is_aligned(pieces[i]));
		assert_true(is_zero(pieces[i], size));
		memset(pieces[i], (int)(1 + i % 255), size);
		total += size;
	}
	for (i = 0; i < COUNT(pieces); i++) {
		size_t size = sizes[i % COUNT(sizes)];

		if (!size)
			continue;
		assert_int_equal((unsigned char)pieces[i][0], 1 + i % 255);
		assert_true(size == 1 ||
			    !memcmp(pieces[i], pieces[i] + 1, size - 1));
	}
	assert_true(nw_arena_bytes(arena) >= total);
	assert_true(nw_arena_bytes(arena) < total + 16 * COUNT(pieces));
	nw_arena_free(&arena);
	assert_null(arena);
	nw_arena_free(&arena);
}

/* A large piece first, then small ones: the chunk in use is kept. */
static void test_large_first(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	char *large = nw_arena_alloc(arena, 1 << 20);
	char *small = nw_arena_alloc(arena, 16);
	char *another = nw_arena_alloc(arena, 1 << 20);
	char *next = nw_arena_alloc(arena, 16);

	(void)state;
	memset(large, 1, 1 << 20);
	memset(another, 2, 1 << 20);
	assert_ptr_equal(next, small + 16);
	assert_true(is_zero(small, 32));
	nw_arena_free(&arena);
}

static void test_strings(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const char text[] = "story";
	char *copy = nw_arena_strdup(arena, text);

	(void)state;
	assert_ptr_not_equal(copy, text);
	assert_string_equal(copy, "story");
	assert_null(nw_arena_strdup(arena, NULL));
	assert_null(nw_arena_strndup(arena, NULL, 3));
	assert_string_equal(nw_arena_strdup(arena, ""), "");
	assert_string_equal(nw_arena_strndup(arena, text, 2), "st");
	assert_string_equal(nw_arena_strndup(arena, text, 0), "");
	assert_memory_equal(nw_arena_strndup(arena, "a\0b", 3), "a\0b", 4);
	assert_string_equal(nw_arena_printf(arena, "%s-%d", "x", 42), "x-42");
	assert_string_equal(nw_arena_printf(arena, "%s", ""), "");
	assert_int_equal(strlen(nw_arena_printf(arena, "%*d", 100000, 1)),
			 100000);
	nw_arena_free(&arena);
}

struct pair {
	size_t first, second;
};

/* What was added stays, what is new is zero, and doubling wastes no more than
 * it holds. */
static void test_grow(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct pair *pairs = NULL, *before;
	size_t count = 0, moves = 0, i;

	(void)state;
	while (count < 5000) {
		before = pairs;
		pairs = nw_arena_grow(arena, pairs, count, sizeof(*pairs));
		moves += pairs != before;
		assert_int_equal(pairs[count].first, 0);
		assert_int_equal(pairs[count].second, 0);
		pairs[count].first = count;
		pairs[count].second = ~count;
		count++;
	}
	assert_int_equal(moves, 14);
	for (i = 0; i < count; i++) {
		assert_int_equal(pairs[i].first, i);
		assert_int_equal(pairs[i].second, ~i);
	}
	assert_true(nw_arena_bytes(arena) < 4 * count * sizeof(*pairs));
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_large_first),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
