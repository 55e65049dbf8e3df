/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "pages_private.h"

#define MAGIC "SQLite format 3"
#define SIZE_USUAL 8192		/* when the file does not say it any more */
#define SIZE_MIN 512
#define SIZE_MAX_OF_PAGE 65536
#define RESERVED_MAX 32

/* Offsets in the head of the file. */
#define AT_SIZE 16
#define AT_RESERVED 20
#define AT_FREE_LIST 32

/* The log: its head, and that of each frame (section 4.1). */
#define LOG_HEAD 32
#define FRAME_HEAD 24
#define LOG_MAGIC 0x377f0682u

struct frame {
	uint32_t page, commit_size;
	uint32_t salts[2], sums[2];
};

uint32_t nw_big_endian(const unsigned char *bytes, unsigned len)
{
	uint32_t value = 0;

	while (len--)
		value = value << 8 | *bytes++;
	return value;
}

static bool read_at(int fd, void *bytes, size_t len, int64_t offset)
{
	char *at = bytes;
	ssize_t got;

	while (len) {
		got = pread(fd, at, len, (off_t)offset);
		if (got <= 0)
			return false;
		at += got;
		offset += got;
		len -= (size_t)got;
	}
	return true;
}

static bool is_size(uint32_t size)
{
	return size >= SIZE_MIN && size <= SIZE_MAX_OF_PAGE &&
	       !(size & (size - 1));
}

/* The size of a page: from the file, or from the log. */
static void find_size(struct nw_pages *pages)
{
	unsigned char head[LOG_HEAD] = { 0 };
	uint32_t size = 0, reserved = 0;

	if (read_at(pages->file, head, sizeof(head), 0) &&
	    !memcmp(head, MAGIC, sizeof(MAGIC))) {
		size = nw_big_endian(head + AT_SIZE, 2);
		reserved = head[AT_RESERVED];
		if (size == 1)
			size = SIZE_MAX_OF_PAGE;
	}
	if (!is_size(size) && pages->log >= 0 &&
	    read_at(pages->log, head, sizeof(head), 0))
		size = nw_big_endian(head + 8, 4);
	pages->size = is_size(size) ? size : SIZE_USUAL;
	pages->usable = pages->size - (reserved <= RESERVED_MAX ? reserved : 0);
}

/* The sums of the log go on from frame to frame (section 4.2). */
static void sum(uint32_t sums[2], const unsigned char *bytes, size_t len,
		bool big_endian)
{
	uint32_t word[2];
	size_t i, j;

	for (i = 0; i + 8 <= len; i += 8) {
		for (j = 0; j < 2; j++) {
			const unsigned char *at = bytes + i + 4 * j;

			word[j] = big_endian
					  ? nw_big_endian(at, 4)
					  : (uint32_t)at[3] << 24 |
						    (uint32_t)at[2] << 16 |
						    (uint32_t)at[1] << 8 |
						    at[0];
		}
		sums[0] += word[0] + sums[1];
		sums[1] += word[1] + sums[0];
	}
}

static struct frame read_frame(const unsigned char *head)
{
	return (struct frame){
		.page = nw_big_endian(head, 4),
		.commit_size = nw_big_endian(head + 4, 4),
		.salts = { nw_big_endian(head + 8, 4),
			   nw_big_endian(head + 12, 4) },
		.sums = { nw_big_endian(head + 16, 4),
			  nw_big_endian(head + 20, 4) },
	};
}

static bool grow(struct nw_pages *pages, uint32_t count)
{
	size_t old = pages->in_log ? pages->count + 1u : 0;
	size_t all = count + (size_t)1;
	int64_t *in_log = realloc(pages->in_log, all * sizeof(*in_log));
	bool *used;

	if (in_log)
		pages->in_log = in_log;
	used = realloc(pages->used, all * sizeof(*used));
	if (used)
		pages->used = used;
	if (!in_log || !used)
		return false;
	for (; old < all; old++) {
		in_log[old] = 0;
		used[old] = false;
	}
	pages->count = count;
	return true;
}

/* Frames up to the last commit, in two rounds: the first one finds it. */
struct log {
	struct nw_pages *pages;
	unsigned char *bytes;	/* of a frame */
	int64_t last;		/* the last one that commits; -1 */
	uint32_t count;		/* pages of the file then */
	uint32_t salts[2];
	uint32_t sums[2];	/* that the frame before tells */
	bool big_endian;
};

/* 1 for a whole frame, 0 for one that is not, -1 where the log ends.  A frame
 * is held against the sums of the one before as it tells them, so that one
 * damaged frame does not take those behind it along. */
static int next_frame(struct log *log, int64_t number, struct frame *frame_r)
{
	const size_t len = FRAME_HEAD + log->pages->size;
	uint32_t sums[2] = { log->sums[0], log->sums[1] };

	if (!read_at(log->pages->log, log->bytes, len,
		     LOG_HEAD + number * (int64_t)len))
		return -1;
	*frame_r = read_frame(log->bytes);
	if (memcmp(frame_r->salts, log->salts, sizeof(log->salts)) != 0)
		return -1;
	sum(sums, log->bytes, 8, log->big_endian);
	sum(sums, log->bytes + FRAME_HEAD, log->pages->size, log->big_endian);
	memcpy(log->sums, frame_r->sums, sizeof(log->sums));
	return !memcmp(sums, frame_r->sums, sizeof(sums));
}

static bool begin_log(struct log *log)
{
	unsigned char head[LOG_HEAD];

	if (!read_at(log->pages->log, head, sizeof(head), 0) ||
	    (nw_big_endian(head, 4) & ~1u) != LOG_MAGIC ||
	    nw_big_endian(head + 8, 4) != log->pages->size)
		return false;
	log->big_endian = nw_big_endian(head, 4) & 1;
	log->salts[0] = nw_big_endian(head + 16, 4);
	log->salts[1] = nw_big_endian(head + 20, 4);
	log->sums[0] = nw_big_endian(head + 24, 4);
	log->sums[1] = nw_big_endian(head + 28, 4);
	return true;
}

static void find_commit(struct log *log)
{
	struct frame frame;
	int64_t number;
	int whole;

	log->last = -1;
	for (number = 0; (whole = next_frame(log, number, &frame)) >= 0;
	     number++)
		if (whole && frame.commit_size) {
			log->last = number;
			log->count = frame.commit_size;
		}
}

static void apply_frames(struct log *log)
{
	struct nw_pages *pages = log->pages;
	const int64_t len = FRAME_HEAD + (int64_t)pages->size;
	struct frame frame;
	int64_t number;

	for (number = 0; number <= log->last; number++)
		if (next_frame(log, number, &frame) <= 0)
			pages->log_lost++;
		else if (frame.page && frame.page <= pages->count)
			pages->in_log[frame.page] =
				LOG_HEAD + number * len + FRAME_HEAD;
}

static bool read_log(struct nw_pages *pages)
{
	struct log log = { .pages = pages };
	bool good = true;

	if (pages->log < 0 || !begin_log(&log))
		return true;
	log.bytes = malloc(FRAME_HEAD + pages->size);
	if (!log.bytes)
		return false;
	find_commit(&log);
	if (log.last >= 0 && log.count > pages->count &&
	    log.count - pages->count <= (uint64_t)log.last + 1)
		good = grow(pages, log.count);
	if (good && log.last >= 0 && begin_log(&log))
		apply_frames(&log);
	free(log.bytes);
	return good;
}

static int open_files(struct nw_pages *pages, const char *path,
		      struct stat *status_r, struct nw_error *err)
{
	char log[NW_PATH_BYTES];

	pages->file = open(path, O_RDONLY | O_CLOEXEC);
	if (pages->file < 0 || fstat(pages->file, status_r))
		return nw_error_errno(err, "%s", path);
	if (snprintf(log, sizeof(log), "%s-wal", path) >= (int)sizeof(log))
		return nw_error_set(err, NW_ERROR_IO, "%s: too long a name",
				    path);
	pages->log = open(log, O_RDONLY | O_CLOEXEC);
	if (pages->log < 0 && errno != ENOENT)
		return nw_error_errno(err, "%s", log);
	return 0;
}

int nw_pages_open(struct nw_pages *pages, const char *path,
		  struct nw_error *err)
{
	struct stat status;
	int64_t count;

	*pages = (struct nw_pages){ .file = -1, .log = -1 };
	if (open_files(pages, path, &status, err))
		goto fail;
	find_size(pages);
	count = (status.st_size + pages->size - 1) / pages->size;
	if (count > INT32_MAX) {
		(void)nw_error_set(err, NW_ERROR_DATA, "%s: is too large",
				   path);
		goto fail;
	}
	if (!grow(pages, (uint32_t)count) || !read_log(pages)) {
		(void)nw_error_set(err, NW_ERROR_IO, "out of memory");
		goto fail;
	}
	return 0;
fail:
	nw_pages_close(pages);
	return -1;
}

void nw_pages_close(struct nw_pages *pages)
{
	if (pages->file >= 0)
		(void)close(pages->file);
	if (pages->log >= 0)
		(void)close(pages->log);
	free(pages->in_log);
	free(pages->used);
	*pages = (struct nw_pages){ .file = -1, .log = -1 };
}

bool nw_pages_read(const struct nw_pages *pages, uint32_t number,
		   unsigned char *bytes)
{
	if (!number || number > pages->count)
		return false;
	if (pages->in_log[number])
		return read_at(pages->log, bytes, pages->size,
			       pages->in_log[number]);
	return read_at(pages->file, bytes, pages->size,
		       (number - INT64_C(1)) * pages->size);
}

/* Section 1.5: trunks that name the next one, how many leaves, and these. */
void nw_pages_mark_free(struct nw_pages *pages)
{
	unsigned char *bytes = malloc(pages->size);
	uint32_t trunk = 0, leaves, leaf, i;

	if (bytes && nw_pages_read(pages, 1, bytes))
		trunk = nw_big_endian(bytes + AT_FREE_LIST, 4);
	while (trunk && trunk <= pages->count && !pages->used[trunk] &&
	       nw_pages_read(pages, trunk, bytes)) {
		leaves = nw_big_endian(bytes + 4, 4);
		if (leaves > pages->usable / 4 - 2)
			break;
		pages->used[trunk] = true;
		for (i = 0; i < leaves; i++) {
			leaf = nw_big_endian(bytes + 8 + (size_t)4 * i, 4);
			if (leaf && leaf <= pages->count)
				pages->used[leaf] = true;
		}
		trunk = nw_big_endian(bytes, 4);
	}
	free(bytes);
}
