/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of mailboxes share: a fresh folder, a mailbox in it, letters.
 */
#ifndef NEWSWIRE_TESTS_MAILBOX_FIXTURE_H
#define NEWSWIRE_TESTS_MAILBOX_FIXTURE_H

#include <stdbool.h>

#include "newswire/mailbox.h"
#include "outcome.h"

#define MAILBOX_DATE INT64_C(1753524840) /* 2025-07-26T10:14:00Z */

struct mailbox_fixture {
	char dir[64];
	struct nw_arena *arena;
	struct nw_target target;
	struct nw_mailbox *mailbox;
	struct nw_error err;
};

int mailbox_setup(void **state);
/* Removes the folder with all that is in it. */
int mailbox_teardown(void **state);
void mailbox_remove(const char *dir);

/* Fails the test with the error's text unless the call gave what it should. */
#define mailbox_expect(fixture, wanted, call) \
	outcome_check(&(fixture)->err, wanted, call, #call, __FILE__, __LINE__)
/* The call failed with this code, and the text names the word. */
void mailbox_failed(const struct mailbox_fixture *fixture, int got,
		    enum nw_error_code code, const char *word);

/* Opens "SCHEME:DIR/PATH" for the group com.example, closing what was open. */
void mailbox_open(struct mailbox_fixture *fixture, const char *scheme,
		  const char *path);
/* A letter with that Message-ID, a head and this body, which has CRLF. */
struct nw_letter mailbox_letter(struct mailbox_fixture *fixture,
				const char *message_id, const char *body);
/* Appends one with a body that names it; not synced. */
void mailbox_append(struct mailbox_fixture *fixture, const char *message_id);
void mailbox_sync(struct mailbox_fixture *fixture);
/* Puts a letter with a body of its own in place of the old one: 1, or 0 where
 * there is none to replace; synced. */
void mailbox_replace(struct mailbox_fixture *fixture, const char *old,
		     const char *new, int wanted);
int mailbox_has(struct mailbox_fixture *fixture, const char *message_id);

/* A path in the folder. */
const char *mailbox_path(struct mailbox_fixture *fixture, const char *name);
/* The contents of a file in the folder; NULL when there is none. */
char *mailbox_read(struct mailbox_fixture *fixture, const char *name);
void mailbox_write(struct mailbox_fixture *fixture, const char *name,
		   const char *text);
/* The names in a folder, in order, one a line, without "." and "..". */
char *mailbox_list(struct mailbox_fixture *fixture, const char *name);

#endif
