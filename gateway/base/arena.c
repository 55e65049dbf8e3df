/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/arena.h"

#define CHUNK_BYTES ((size_t)64 << 10)
#define ALIGNMENT _Alignof(max_align_t)

struct chunk {
	struct chunk *next;
	size_t room, used;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct nw_arena {
	struct chunk *chunks;	/* the first is the one in use */
	size_t bytes;
};

static void out_of_memory(void)
{
	static const char text[] = "newswire: out of memory\n";

	(void)!fwrite(text, 1, sizeof(text) - 1, stderr);
	abort();
}

static struct chunk *chunk_new(size_t room)
{
	struct chunk *chunk;

	if (room > SIZE_MAX - sizeof(*chunk))
		out_of_memory();
	chunk = calloc(1, sizeof(*chunk) + room);
	if (!chunk)
		out_of_memory();
	chunk->room = room;
	return chunk;
}

struct nw_arena *nw_arena_new(void)
{
	struct nw_arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		out_of_memory();
	return arena;
}

void nw_arena_free(struct nw_arena **arena)
{
	struct chunk *chunk, *next;

	if (!*arena)
		return;
	for (chunk = (*arena)->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(*arena);
	*arena = NULL;
}

/* A large piece gets a chunk of its own behind the one in use, whose rest is
 * then not wasted. */
static void *alloc_large(struct nw_arena *arena, size_t size)
{
	struct chunk *chunk = chunk_new(size);

	chunk->used = size;
	if (arena->chunks) {
		chunk->next = arena->chunks->next;
		arena->chunks->next = chunk;
	} else {
		arena->chunks = chunk;
	}
	return chunk->bytes;
}

void *nw_arena_alloc(struct nw_arena *arena, size_t size)
{
	struct chunk *chunk = arena->chunks;
	void *piece;

	if (size > SIZE_MAX - ALIGNMENT)
		out_of_memory();
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	arena->bytes += size;
	if (size > CHUNK_BYTES / 4)
		return alloc_large(arena, size);
	if (!chunk || chunk->room - chunk->used < size) {
		chunk = chunk_new(CHUNK_BYTES);
		chunk->next = arena->chunks;
		arena->chunks = chunk;
	}
	piece = chunk->bytes + chunk->used;
	chunk->used += size;
	return piece;
}

char *nw_arena_strndup(struct nw_arena *arena, const char *bytes, size_t len)
{
	char *copy;

	if (!bytes)
		return NULL;
	copy = nw_arena_alloc(arena, len + 1);
	memcpy(copy, bytes, len);
	return copy;
}

char *nw_arena_strdup(struct nw_arena *arena, const char *string)
{
	return string ? nw_arena_strndup(arena, string, strlen(string)) : NULL;
}

char *nw_arena_printf(struct nw_arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		out_of_memory();
	text = nw_arena_alloc(arena, (size_t)len + 1);
	va_start(args, format);
	(void)vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

void *nw_arena_grow(struct nw_arena *arena, void *items, size_t count,
		    size_t size)
{
	void *grown;

	/* Full exactly when the count is a power of two (or nothing). */
	if (count && (count & (count - 1)))
		return items;
	if (count > SIZE_MAX / 2 / size)
		out_of_memory();
	grown = nw_arena_alloc(arena, (count ? 2 * count : 1) * size);
	if (count)
		memcpy(grown, items, count * size);
	return grown;
}

size_t nw_arena_bytes(const struct nw_arena *arena)
{
	return arena->bytes;
}
