/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads an mbox file line by line, by pread(2): a mapped file that another
 * program cuts kills its reader.
 */
#include "config.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "mbox_private.h"
#include "newswire/limits.h"

/* What is looked at of a line; a Message-ID is shorter. */
#define LINE_BYTES 1024

struct reader {
	int fd;
	int64_t offset;		/* of the next byte to read into bytes */
	size_t at, len;
	char bytes[65536];
};

struct scan {
	struct nw_arena *arena;
	struct nw_mbox_message *messages;
	size_t count;
	bool in_head;
	bool wants_id;		/* of a Message-ID that is folded */
};

/* 1, 0 at the end, -1. */
static int fill(struct reader *reader)
{
	ssize_t len;

	if (reader->at < reader->len)
		return 1;
	len = pread(reader->fd, reader->bytes, sizeof(reader->bytes),
		    (off_t)reader->offset);
	if (len <= 0)
		return len < 0 ? -1 : 0;
	reader->offset += len;
	reader->at = 0;
	reader->len = (size_t)len;
	return 1;
}

/* The beginning of the next line, without its end: 1, 0, -1. */
static int read_line(struct reader *reader, char line[LINE_BYTES])
{
	size_t used = 0, piece, keep;
	const char *start, *lf = NULL;
	int got = 0;

	while (!lf && (got = fill(reader)) > 0) {
		start = reader->bytes + reader->at;
		lf = memchr(start, '\n', reader->len - reader->at);
		piece = lf ? (size_t)(lf - start)
			   : reader->len - reader->at;
		keep = piece < LINE_BYTES - 1 - used ? piece
						     : LINE_BYTES - 1 - used;
		memcpy(line + used, start, keep);
		used += keep;
		reader->at += piece + (lf != NULL);
	}
	line[used] = '\0';
	if (got < 0)
		return -1;
	return lf || used ? 1 : 0;
}

static void begin_message(struct scan *scan, const char *line, int64_t start)
{
	struct nw_mbox_message *message;

	scan->messages = nw_arena_grow(scan->arena, scan->messages,
				       scan->count, sizeof(*message));
	message = &scan->messages[scan->count++];
	message->start = start;
	message->ours = !strncmp(line, NW_MBOX_FROM, strlen(NW_MBOX_FROM));
	scan->in_head = true;
	scan->wants_id = false;
}

static void take_id(struct scan *scan, const char *text)
{
	struct nw_mbox_message *message = &scan->messages[scan->count - 1];
	size_t len;

	text += strspn(text, " \t");
	len = strcspn(text, " \t\r");
	scan->wants_id = !len;
	if (len && !message->message_id)
		message->message_id = nw_arena_strndup(scan->arena, text, len);
}

static void take_header(struct scan *scan, const char *line)
{
	static const char id[] = "Message-ID:";
	struct nw_mbox_message *message = &scan->messages[scan->count - 1];

	if (!*line || !strcmp(line, "\r"))
		scan->in_head = false;
	else if (scan->wants_id && (*line == ' ' || *line == '\t'))
		take_id(scan, line);
	else if (!strncasecmp(line, id, strlen(id)))
		take_id(scan, line + strlen(id));
	else if (!strncasecmp(line, "Status:", 7) ||
		 !strncasecmp(line, "X-Status:", 9))
		message->touched = true;
}

int nw_mbox_scan(struct nw_arena *arena, int fd, int64_t offset,
		 struct nw_mbox_message **messages_r, size_t *count_r)
{
	struct scan scan = { .arena = arena };
	struct reader *reader = nw_arena_alloc(arena, sizeof(*reader));
	bool after_empty = true;
	char line[LINE_BYTES];
	int64_t start;
	int got;

	reader->fd = fd;
	reader->offset = offset;
	for (;;) {
		start = reader->offset - (int64_t)(reader->len - reader->at);
		got = read_line(reader, line);
		if (got <= 0)
			break;
		if (after_empty && !strncmp(line, "From ", 5))
			begin_message(&scan, line, start);
		else if (scan.in_head)
			take_header(&scan, line);
		after_empty = !*line || !strcmp(line, "\r");
	}
	*messages_r = scan.messages;
	*count_r = scan.count;
	return got;
}
