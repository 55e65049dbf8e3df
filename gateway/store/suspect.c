/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newswire/suspect.h"
#include "store_private.h"

/* Beside the store, like the lock of deliveries. */
#define FILE_ENDING "-reading"

/* Items with a death; when there are more, the one with the fewest goes. */
#define SLOTS 64

struct slot {
	uint64_t id;		/* 0: free */
	uint32_t deaths;
	uint32_t reading;
};

struct nw_suspects {
	int fd;
	size_t present;		/* the slot that is being read; SLOTS: none */
	struct slot slots[SLOTS];
};

static uint64_t hash_more(uint64_t hash, const char *text)
{
	do
		/* FNV-1a; the NUL parts one text from the next. */
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	while (*text++);
	return hash;
}

static uint64_t id_of(int64_t source_id, const char *key, const char *hash)
{
	char number[24];
	uint64_t id;

	(void)snprintf(number, sizeof(number), "%lld", (long long)source_id);
	id = hash_more(UINT64_C(0xcbf29ce484222325), number);
	id = hash_more(hash_more(id, key), hash);
	return id ? id : 1;
}

/* What cannot be written is a mark less. */
static void write_slot(const struct nw_suspects *suspects, size_t i)
{
	ssize_t written = pwrite(suspects->fd, &suspects->slots[i],
				 sizeof(struct slot),
				 (off_t)(i * sizeof(struct slot)));

	(void)written;
}

/* Each mark that is still there is a death. */
static void count_deaths(struct nw_suspects *suspects)
{
	size_t i;

	for (i = 0; i < SLOTS; i++)
		if (suspects->slots[i].reading) {
			suspects->slots[i].reading = 0;
			suspects->slots[i].deaths++;
			write_slot(suspects, i);
		}
}

struct nw_suspects *nw_suspects_open(const struct nw_store *store)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct nw_suspects *suspects = calloc(1, sizeof(*suspects));
	char path[NW_PATH_BYTES];

	if (!suspects)
		return NULL;
	suspects->fd = -1;
	suspects->present = SLOTS;
	if (snprintf(path, sizeof(path), "%s" FILE_ENDING, store->path) <
	    (int)sizeof(path))
		suspects->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (suspects->fd < 0 || fcntl(suspects->fd, F_SETLK, &lock) ||
	    pread(suspects->fd, suspects->slots, sizeof(suspects->slots), 0) <
		    0) {
		nw_suspects_close(&suspects);
		return NULL;
	}
	count_deaths(suspects);
	return suspects;
}

void nw_suspects_close(struct nw_suspects **suspects)
{
	if (*suspects && (*suspects)->fd >= 0)
		(void)close((*suspects)->fd);
	free(*suspects);
	*suspects = NULL;
}

static size_t find(const struct nw_suspects *suspects, uint64_t id)
{
	size_t i;

	for (i = 0; i < SLOTS; i++)
		if (suspects->slots[i].id == id)
			break;
	return i;
}

/* A free one, or that of the one with the fewest deaths. */
static size_t make_room(const struct nw_suspects *suspects)
{
	size_t i, best = 0;

	for (i = 0; i < SLOTS; i++) {
		if (!suspects->slots[i].id)
			return i;
		if (suspects->slots[i].deaths < suspects->slots[best].deaths)
			best = i;
	}
	return best;
}

void nw_suspect_begin(struct nw_suspects *suspects, int64_t source_id,
		      const char *key, const char *hash)
{
	uint64_t id;
	size_t i;

	if (!suspects)
		return;
	id = id_of(source_id, key, hash);
	i = find(suspects, id);
	if (i == SLOTS) {
		i = make_room(suspects);
		suspects->slots[i] = (struct slot){ .id = id };
	}
	suspects->slots[i].reading = 1;
	suspects->present = i;
	write_slot(suspects, i);
}

static void free_slot(struct nw_suspects *suspects, size_t i)
{
	suspects->slots[i] = (struct slot){ .id = 0 };
	write_slot(suspects, i);
}

void nw_suspect_end(struct nw_suspects *suspects)
{
	size_t i;

	if (!suspects || suspects->present == SLOTS)
		return;
	i = suspects->present;
	suspects->present = SLOTS;
	suspects->slots[i].reading = 0;
	if (suspects->slots[i].deaths)
		write_slot(suspects, i);
	else
		free_slot(suspects, i);
}

bool nw_suspect_is_deadly(const struct nw_suspects *suspects,
			  int64_t source_id, const char *key, const char *hash)
{
	size_t i;

	if (!suspects)
		return false;
	i = find(suspects, id_of(source_id, key, hash));
	return i < SLOTS && suspects->slots[i].deaths >= NW_POLL_DEATHS;
}

void nw_suspect_clear(struct nw_suspects *suspects, int64_t source_id,
		      const char *key, const char *hash)
{
	size_t i;

	if (!suspects)
		return;
	i = find(suspects, id_of(source_id, key, hash));
	if (i < SLOTS)
		free_slot(suspects, i);
}
