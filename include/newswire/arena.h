/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory for a tree of small things that die together.
 *
 * A story, a feed and their strings live in one arena and are freed by one
 * call.  What the outside can put in is capped before it gets here
 * (newswire/limits.h), so an allocation that the system refuses is no input
 * error: the process ends with a message, and its master starts it again.
 * Therefore no call here fails.
 */
#ifndef NEWSWIRE_ARENA_H
#define NEWSWIRE_ARENA_H

#include <stddef.h>

struct nw_arena;

struct nw_arena *nw_arena_new(void);
/* Frees all that was allocated from it and sets the pointer to NULL. */
void nw_arena_free(struct nw_arena **arena);

/* Zeroed memory, aligned for any type; size 0 gives a valid pointer. */
void *nw_arena_alloc(struct nw_arena *arena, size_t size);
/* A copy that ends in NUL; NULL gives NULL. */
char *nw_arena_strdup(struct nw_arena *arena, const char *string);
char *nw_arena_strndup(struct nw_arena *arena, const char *bytes, size_t len);
char *nw_arena_printf(struct nw_arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Room for one more element in an array that lives in the arena: returns the
 * array, moved where needed, with place for count + 1 elements of size bytes
 * (the new one zeroed).  It grows by doubling at powers of two, so keep the
 * count beside the pointer and add only through this:
 *
 *	story->images = nw_arena_grow(arena, story->images, n, sizeof *i);
 *	story->images[n++] = …
 */
void *nw_arena_grow(struct nw_arena *arena, void *items, size_t count,
		    size_t size);

/* Bytes handed out so far. */
size_t nw_arena_bytes(const struct nw_arena *arena);

#endif
