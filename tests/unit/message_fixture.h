/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages for tests to write and to read again, in an arena that is the state.
 */
#ifndef NEWSWIRE_TESTS_MESSAGE_FIXTURE_H
#define NEWSWIRE_TESTS_MESSAGE_FIXTURE_H

#include "arena_state.h"
#include "model.h"
#include "newswire/message.h"

#define MESSAGE_NOW INT64_C(1753524000)

/* For one group, com.example.news, at MESSAGE_NOW. */
extern const struct nw_message_options message_options;

struct nw_post message_root(void);
/* A message with message_options, which message_check_clean() has passed. */
char *message_of(void **state, const struct nw_story *story,
		 const struct nw_post *post);
/* No line too long, no lone CR or LF, no control character; only the body may
 * have octets that are not ASCII. */
void message_check_clean(const char *message);
/* The value of a header, unfolded; NULL when there is none. */
char *message_header(void **state, const char *message, const char *name);

/* RFC 2047 read back by libetpan. */
char *message_decoded(void **state, const char *text);
/* The octets of one encoded word: of quoted-printable, of base64. */
size_t message_q_octets(const char *text, size_t len, char *octets);
size_t message_b_octets(const char *text, size_t len, char *octets);
/* RFC 2047 section 2: an encoded word has at most 75 octets, a line with one
 * 76; section 5: it holds whole characters and stands alone. */
void message_check_words(void **state, const char *message, const char *name);

#endif
