/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing byte string with a ceiling from birth.
 *
 * All text that newswire makes is built in one.  A write past the ceiling,
 * or one for which there is no memory, changes nothing and sets a sticky
 * flag: build first, ask nw_buf_ok() once.  data is always followed by a NUL
 * that len does not count (also when empty); the contents may hold NULs.
 */
#ifndef NEWSWIRE_BUF_H
#define NEWSWIRE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct nw_buf {
	char *data;
	size_t len;
	size_t room;	/* bytes allocated; 0: data is a shared "" */
	size_t max;	/* ceiling of len, in bytes */
	bool failed;
};

/* Starts empty; allocates nothing. */
void nw_buf_init(struct nw_buf *buf, size_t max);
/* Frees the bytes and leaves it empty and usable with the same ceiling. */
void nw_buf_free(struct nw_buf *buf);
/* Empties it, keeps the memory, clears the flag. */
void nw_buf_reset(struct nw_buf *buf);
bool nw_buf_ok(const struct nw_buf *buf);

void nw_buf_add(struct nw_buf *buf, const void *bytes, size_t len);
void nw_buf_adds(struct nw_buf *buf, const char *string);
void nw_buf_addc(struct nw_buf *buf, char c);
void nw_buf_addf(struct nw_buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void nw_buf_vaddf(struct nw_buf *buf, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Cuts it to len bytes; longer than it is changes nothing. */
void nw_buf_cut(struct nw_buf *buf, size_t len);
/* Takes the first len bytes away. */
void nw_buf_shift(struct nw_buf *buf, size_t len);
/* Room for at least len more bytes at data + len, which the caller fills
 * and then counts by adding to buf->len; NULL past the ceiling. */
char *nw_buf_reserve(struct nw_buf *buf, size_t len);
/* Hands the bytes (NUL-terminated, from malloc) to the caller, who frees
 * them; NULL when it failed.  Leaves it empty. */
char *nw_buf_take(struct nw_buf *buf);

#endif
