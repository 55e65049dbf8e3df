/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which message has which number: the heads of all files are read.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_private.h"
#include "mh_private.h"
#include "newswire/limits.h"
#include "newswire/wire.h"

#define HEAD_BYTES 65536

/* 0 when the name is no number. */
static long number_of(const char *name)
{
	long number = 0;
	size_t len = strspn(name, "0123456789");

	if (!len || name[len] || *name == '0')
		return 0;
	for (; *name; name++) {
		if (number > NW_NUMBER_MAX / 10 - 10)
			return 0;
		number = number * 10 + (*name - '0');
	}
	return number;
}

/* Calls take for each number until one fails. */
static int each(const char *dir, int (*take)(void *context, long number),
		void *context, struct nw_error *err)
{
	DIR *stream = opendir(dir);
	struct dirent *file;
	int number, failed = 0;
	long found;

	if (!stream)
		return nw_file_fail(dir, err);
	for (errno = 0; !failed && (file = readdir(stream)); errno = 0) {
		found = number_of(file->d_name);
		if (found)
			failed = take(context, found);
	}
	number = errno;
	(void)closedir(stream);
	errno = number;
	return failed || number ? nw_file_fail(dir, err) : 0;
}

static int take_last(void *context, long number)
{
	long *last = context;

	if (number > *last)
		*last = number;
	return 0;
}

int nw_mh_last(const char *dir, long *last_r, struct nw_error *err)
{
	long last = 0;

	if (each(dir, take_last, &last, err))
		return -1;
	*last_r = last;
	return 0;
}

struct index {
	struct nw_arena *arena;
	const char *dir;
	struct nw_mh_message *messages;
	size_t count;
	char head[HEAD_BYTES];
};

/* The length of the head: all of it, or what was read. */
static size_t head_len(const char *bytes, size_t len)
{
	const char *at = bytes, *lf;

	while ((lf = memchr(at, '\n', len - (size_t)(at - bytes)))) {
		at = lf + 1;
		if ((size_t)(at - bytes) < len &&
		    (*at == '\n' || *at == '\r'))
			return (size_t)(at - bytes);
	}
	return len;
}

static int take_message(void *context, long number)
{
	struct index *index = context;
	struct nw_mh_message *message;
	char path[NW_PATH_BYTES];
	const char *value;
	ssize_t got;
	size_t len;
	int fd;

	if (snprintf(path, sizeof(path), "%s/%ld", index->dir, number) >=
	    (int)sizeof(path))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	/* A reader may have moved it away meanwhile. */
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	got = read(fd, index->head, sizeof(index->head));
	(void)close(fd);
	if (got <= 0 ||
	    !nw_wire_header(index->head, head_len(index->head, (size_t)got),
			    "Message-ID", &value, &len))
		return got < 0 && errno != EISDIR ? -1 : 0;
	index->messages = nw_arena_grow(index->arena, index->messages,
					index->count, sizeof(*message));
	message = &index->messages[index->count++];
	message->message_id = nw_arena_strndup(index->arena, value, len);
	message->number = number;
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct nw_mh_message *)a)->message_id,
		      ((const struct nw_mh_message *)b)->message_id);
}

int nw_mh_index(struct nw_arena *arena, const char *dir,
		struct nw_mh_message **messages_r, size_t *count_r,
		struct nw_error *err)
{
	struct index *index = nw_arena_alloc(arena, sizeof(*index));

	index->arena = arena;
	index->dir = dir;
	if (each(dir, take_message, index, err))
		return -1;
	if (index->count)
		qsort(index->messages, index->count, sizeof(*index->messages),
		      compare);
	*messages_r = index->messages;
	*count_r = index->count;
	return 0;
}

const struct nw_mh_message *nw_mh_find(const struct nw_mh_message *messages,
				       size_t count, const char *message_id)
{
	const struct nw_mh_message wanted = { .message_id = message_id };

	return count ? bsearch(&wanted, messages, count, sizeof(wanted),
			       compare)
		     : NULL;
}
