/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A gateway of the test's own behind the functions of plugin/session.h: what it
 * has is set, what it was asked is noted, and where it breaks is chosen.
 */
#ifndef NEWSWIRE_TESTS_SESSION_FAKE_H
#define NEWSWIRE_TESTS_SESSION_FAKE_H

#include "session.h"

struct fake_article {
	guint32 number;
	char *id;
	char *text;
	char *date;
};

struct fake_group {
	char *name;
	guint32 high;
	GPtrArray *articles;	/* struct fake_article, ascending */
	gboolean away;		/* there is no such group */
	gboolean refuses;	/* its numbers are not told */
	gboolean lists_none;	/* its list is empty, whatever it counts */
	guint32 low_said;	/* instead of the true one; 0 */
};

struct fake {
	GPtrArray *groups;
	GString *asked;		/* a line each, since it was looked at last */
	int cut_after;		/* articles until the session breaks; -1 */
	int hang_after;		/* … until it hangs till it is cancelled; -1 */
	gboolean stale;		/* the sessions that are open are cut off */
	gboolean manages;
	guint opened, closed;
};

/* The one gateway; begins with no group. */
struct fake *fake_start(void);
void fake_stop(void);

struct fake_group *fake_group(const char *name);
/* An article "Message-ID: id" of today behind the others; supersedes may be
 * NULL.  Its number. */
guint32 fake_add(struct fake_group *group, const char *id,
		 const char *supersedes);
/* The same with a number and a date of its own. */
void fake_put(struct fake_group *group, guint32 number, const char *id,
	      const char *date);
void fake_drop(struct fake_group *group, const char *id);
/* Takes all away and begins at number 1. */
void fake_begin_anew(struct fake_group *group);
/* What was asked since the last call (free with g_free). */
char *fake_asked(void);

#endif
