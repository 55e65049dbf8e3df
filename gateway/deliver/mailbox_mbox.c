/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One file, mboxrd (RFC 4155 and its "From " quoting, undone without loss).
 *
 * libetpan's driver was tried and is not used: it refuses an empty file, quotes
 * so that ">From " cannot be told from "From " afterwards, keeps CRLF, takes no
 * fcntl lock, and writes through a map of a file that it has made longer, so
 * that a full disk ends the process by SIGBUS and leaves zeroes behind.
 *
 * The file is locked from the first use to sync: others may append between two
 * batches, never within one.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "file_private.h"
#include "letter_private.h"
#include "mailbox_private.h"
#include "mbox_private.h"
#include "newswire/limits.h"

#define DATE_BYTES 32

struct mbox {
	int fd;			/* -1: not locked */
	int64_t restored;	/* where an interrupted batch began; -1 */
	struct nw_arena *arena;	/* of messages; NULL: not scanned */
	struct nw_mbox_message *messages;
	size_t count;
	struct nw_buf bytes;
};

/* mboxrd: a line that is "From " behind any number of ">" gets one more. */
static bool wants_quote(const char *line)
{
	return !strncmp(line + strspn(line, ">"), "From ", 5);
}

static void put_body(struct nw_buf *out, const char *at, const char *end)
{
	const char *next;

	for (; at < end; at = next) {
		next = memchr(at, '\n', (size_t)(end - at));
		next = next ? next + 1 : end;
		if ((*at == '>' || *at == 'F') && wants_quote(at))
			nw_buf_addc(out, '>');
		nw_buf_add(out, at, (size_t)(next - at));
	}
}

void nw_mbox_write(struct nw_buf *out, const struct nw_letter *letter)
{
	time_t when = (time_t)letter->date_utc;
	char date[DATE_BYTES] = "";
	struct nw_buf plain;
	struct tm tm;

	/* RFC 4155: the date of ctime(3) in UTC. */
	if (!gmtime_r(&when, &tm) ||
	    !strftime(date, sizeof(date), "%a %b %e %H:%M:%S %Y", &tm))
		memcpy(date, "Thu Jan  1 00:00:00 1970", 25);
	nw_buf_init(&plain, NW_STORE_WIRE_BYTES);
	nw_letter_lf(&plain, letter->bytes, letter->len);
	nw_buf_addf(out, NW_MBOX_FROM "%s\n", date);
	/* A head has no such line, so all of it may be taken for a body. */
	put_body(out, plain.data, plain.data + plain.len);
	nw_buf_addc(out, '\n');
	if (!nw_buf_ok(&plain))
		out->failed = true;
	nw_buf_free(&plain);
}

static int open_mbox(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct mbox *mbox;

	if (nw_file_make_parents(mailbox->path, err))
		return -1;
	mbox = nw_arena_alloc(mailbox->arena, sizeof(*mbox));
	mbox->fd = -1;
	mbox->restored = -1;
	nw_buf_init(&mbox->bytes, 2 * NW_STORE_WIRE_BYTES);
	mailbox->state = mbox;
	return 0;
}

static void forget(struct mbox *mbox)
{
	nw_arena_free(&mbox->arena);
	mbox->messages = NULL;
	mbox->count = 0;
}

static void unlock(struct nw_mailbox *mailbox)
{
	struct mbox *mbox = mailbox->state;

	nw_mbox_unlock(mailbox->path, &mbox->fd);
	/* Others may change the file now. */
	forget(mbox);
	mbox->restored = -1;
}

static void close_mbox(struct nw_mailbox *mailbox)
{
	struct mbox *mbox = mailbox->state;

	unlock(mailbox);
	nw_buf_free(&mbox->bytes);
}

static int lock(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct mbox *mbox = mailbox->state;

	return mbox->fd >= 0 ? 0 : nw_mbox_lock(mailbox->path, &mbox->fd, err);
}

static int size_of(struct nw_mailbox *mailbox, int64_t *size_r,
		   struct nw_error *err)
{
	struct mbox *mbox = mailbox->state;
	struct stat st;

	if (fstat(mbox->fd, &st))
		return nw_file_fail(mailbox->path, err);
	*size_r = (int64_t)st.st_size;
	return 0;
}

static int scan(struct nw_mailbox *mailbox, int64_t offset,
		struct nw_error *err)
{
	struct mbox *mbox = mailbox->state;

	forget(mbox);
	mbox->arena = nw_arena_new();
	if (!nw_mbox_scan(mbox->arena, mbox->fd, offset, &mbox->messages,
			  &mbox->count))
		return 0;
	forget(mbox);
	return nw_file_fail(mailbox->path, err);
}

/* Whether a message may be there in part: the last one of an interrupted batch,
 * behind which another program has written. */
static bool is_doubtful(const struct mbox *mbox, size_t i)
{
	const struct nw_mbox_message *message = &mbox->messages[i];

	return mbox->restored >= 0 && message->start >= mbox->restored &&
	       message->ours && !message->touched && i + 1 < mbox->count &&
	       !mbox->messages[i + 1].ours;
}

static int has(struct nw_mailbox *mailbox, const char *message_id,
	       struct nw_error *err)
{
	struct mbox *mbox = mailbox->state;
	size_t i;

	if (lock(mailbox, err) ||
	    (!mbox->arena && scan(mailbox, 0, err)))
		return -1;
	for (i = 0; i < mbox->count; i++)
		if (mbox->messages[i].message_id &&
		    !strcmp(mbox->messages[i].message_id, message_id) &&
		    !is_doubtful(mbox, i))
			return 1;
	return 0;
}

/* What must stand between the end of the file and a new message, so that its
 * "From " line follows an empty one. */
static int missing_lines(struct nw_mailbox *mailbox, int64_t size,
			 const char **lines_r, struct nw_error *err)
{
	struct mbox *mbox = mailbox->state;
	char end[2] = "\n\n";
	int64_t from = size > 2 ? size - 2 : 0;

	if (pread(mbox->fd, end + (size < 2 ? 2 - size : 0),
		  (size_t)(size - from), (off_t)from) < 0)
		return nw_file_fail(mailbox->path, err);
	if (end[1] != '\n')
		*lines_r = "\n\n";
	else
		*lines_r = end[0] == '\n' ? "" : "\n";
	return 0;
}

static int append(struct nw_mailbox *mailbox, const struct nw_letter *letter,
		  struct nw_error *err)
{
	struct mbox *mbox = mailbox->state;
	const char *lines = "";
	int64_t size;

	if (lock(mailbox, err) || size_of(mailbox, &size, err) ||
	    missing_lines(mailbox, size, &lines, err))
		return -1;
	nw_buf_reset(&mbox->bytes);
	nw_buf_adds(&mbox->bytes, lines);
	nw_mbox_write(&mbox->bytes, letter);
	if (!nw_buf_ok(&mbox->bytes))
		return nw_error_set(err, NW_ERROR_REFUSED, "%s: is too large",
				    letter->message_id);
	if (lseek(mbox->fd, (off_t)size, SEEK_SET) >= 0 &&
	    !nw_file_write_all(mbox->fd, mbox->bytes.data, mbox->bytes.len))
		return 0;
	(void)nw_file_fail(mailbox->path, err);
	if (ftruncate(mbox->fd, (off_t)size))
		return nw_error_prefix(err, "a broken message is at its end");
	return -1;
}

/* What was delivered stays where it is: others may have the file open. */
static int replace(struct nw_mailbox *mailbox, const char *old_message_id,
		   const struct nw_letter *letter, struct nw_error *err)
{
	(void)mailbox;
	(void)old_message_id;
	(void)letter;
	(void)err;
	return 0;
}

static int sync_mbox(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct mbox *mbox = mailbox->state;

	if (mbox->fd < 0)
		return 0;
	if (fsync(mbox->fd))
		return nw_file_fail(mailbox->path, err);
	unlock(mailbox);
	return nw_file_sync_parent(mailbox->path, err);
}

static int mark(struct nw_mailbox *mailbox, int64_t *mark_r,
		struct nw_error *err)
{
	return lock(mailbox, err) ? -1 : size_of(mailbox, mark_r, err);
}

/* Whether the file has, from offset to its end, less than the line that begins
 * a message of ours, perhaps with the empty lines before it. */
static bool is_broken_beginning(const struct mbox *mbox, int64_t offset)
{
	static const char begin[] = "\n\n" NW_MBOX_FROM;
	char end[sizeof(begin)];
	ssize_t len = pread(mbox->fd, end, sizeof(end) - 1, (off_t)offset);
	size_t skip;

	for (skip = 0; len > 0 && skip <= 2; skip++)
		if ((size_t)len < strlen(begin) - skip &&
		    !memcmp(begin + skip, end, (size_t)len))
			return true;
	return false;
}

static int cut(struct nw_mailbox *mailbox, int64_t size, struct nw_error *err)
{
	struct mbox *mbox = mailbox->state;

	forget(mbox);
	return ftruncate(mbox->fd, (off_t)size)
		       ? nw_file_fail(mailbox->path, err) : 0;
}

/* Whether the first message behind the mark begins where a batch of ours would
 * have begun. */
static bool is_our_batch(const struct mbox *mbox, int64_t mark)
{
	return mbox->count && mbox->messages[0].ours &&
	       mbox->messages[0].start <= mark + 2;
}

/*
 * The last message of the file, when it is ours, may be broken off, so it goes,
 * and is put there again.  One behind which another program came stays, and is
 * not believed.  One that a mail reader has written its state into was taken
 * for whole by it, and has become so.
 */
static int restore(struct nw_mailbox *mailbox, int64_t mark,
		   struct nw_error *err)
{
	struct mbox *mbox = mailbox->state;
	const struct nw_mbox_message *last;
	int64_t size;

	if (lock(mailbox, err) || size_of(mailbox, &size, err))
		return -1;
	if (size <= mark)
		return 0;
	if (is_broken_beginning(mbox, mark))
		return cut(mailbox, mark, err);
	if (scan(mailbox, mark, err))
		return -1;
	/* Else a mail reader has written the file anew. */
	if (is_our_batch(mbox, mark)) {
		mbox->restored = mark;
		last = &mbox->messages[mbox->count - 1];
		if ((last->ours && !last->touched) ||
		    is_broken_beginning(mbox, last->start))
			return cut(mailbox, last->start, err);
	}
	forget(mbox);
	return 0;
}

const struct nw_mailbox_driver nw_mailbox_mbox = {
	.scheme = "mbox",
	.local = true,
	.open = open_mbox,
	.close = close_mbox,
	.has = has,
	.append = append,
	.replace = replace,
	.sync = sync_mbox,
	.mark = mark,
	.restore = restore,
};
