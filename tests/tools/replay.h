/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Polls of a live page, one after the other, and what each of them brings, as
 * lines that a person can read.
 */
#ifndef NEWSWIRE_TESTS_REPLAY_H
#define NEWSWIRE_TESTS_REPLAY_H

#include "newswire/buf.h"
#include "newswire/thread.h"

struct replay {
	struct nw_arena *arena;
	const char *url;
	struct nw_thread_options options; /* now_utc: of the next poll */
	struct nw_story *stored;	  /* NULL before the first poll */
};

/*
 * Polls a page and appends a line for each article that comes or goes:
 *
 *	root			the story
 *	edit			a follow-up on the story's own text, or a
 *				newer root; what went in "[- -]", what came in
 *				"{+ +}"
 *	correction		a notice, with its words
 *	new KEY			an update; "late" when there was a younger one
 *				before
 *	edited KEY		an update that supersedes
 *	deleted KEY		a cancel
 *	waits			something waits for another poll
 */
int replay_poll(struct replay *replay, const char *html, size_t len,
		struct nw_buf *out, struct nw_error *err);

#endif
