/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of newswire.conf, as rows of one table.
 */
#ifndef NEWSWIRE_CONFIG_PRIVATE_H
#define NEWSWIRE_CONFIG_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "newswire/arena.h"
#include "newswire/buf.h"
#include "newswire/config.h"

enum config_type {
	CONFIG_STRING,
	CONFIG_UNSIGNED,
	CONFIG_INT64,
	CONFIG_SIZE,
	CONFIG_LIST,		/* struct nw_config_list, of strings */
};

struct config_option {
	const char *name;
	size_t field;		/* offset in struct nw_config */
	enum config_type type;
	/* NULL when the value may be used, else what is wrong with it. */
	const char *(*check)(const char *value);
	const char *unit;	/* of a number without one; NULL: a count */
	int64_t factor;		/* from seconds or bytes to the field */
	int64_t min, max;	/* before factor */
	const char *fallback;	/* NULL: found out when loading */
};

#define CONFIG_OPTIONS 43

extern const struct config_option config_options[CONFIG_OPTIONS];

/* Writes the value into its field; NULL, or what is wrong with it (in the
 * arena).  An option that is no field of its own (a list) is only checked. */
const char *config_set(struct nw_arena *arena, struct nw_config *config,
		       const struct config_option *option, const char *value);

/*
 * An option of a "deliver" section: NULL when the value may be used, else what
 * is wrong with it.  "groups" has several values, and each is checked.
 */
const char *config_check_deliver(const char *name, const char *value);
/* The names of those options, NULL at the end; the first is the list. */
extern const char *const config_deliver_options[];

/* config_paths.c: where newswire.conf and the store are; home may be NULL. */
int config_find_paths(struct nw_arena *arena, const char *home,
		      struct nw_config *config, struct nw_error *err);

/* Whether a name can stand in Path (RFC 5536 section 3.1.5). */
const char *config_check_identity(const char *value);

/*
 * libconfuse 3.3 counts two lines too many for each comment, and takes one
 * that is never closed: without comments it names the right line in its
 * messages.  Returns the comment that is never closed, or NULL.
 */
const char *config_blank_comments(char *text);
/* A brace that is never closed, which libconfuse takes when it is a section's;
 * for a text without comments. */
const char *config_open_brace(const char *text);
/* The whole file; -1 with errno, EFBIG for what is no text of ours. */
int config_slurp(const char *path, struct nw_buf *text);
/* The number of the line that at stands in. */
int config_line_of(const char *text, const char *at);

#endif
