/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration (newswire.conf(5), read by libconfuse) and where things
 * are kept.
 *
 * The folder is, in this order: --home, NEWSWIRE_HOME (both then hold
 * newswire.conf and newswire.db), else for root /etc/newswire and
 * /var/lib/newswire, else XDG's $XDG_CONFIG_HOME/newswire and
 * $XDG_DATA_HOME/newswire.  Every option has a default, and a missing file is
 * no error.
 */
#ifndef NEWSWIRE_CONFIG_H
#define NEWSWIRE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/arena.h"
#include "newswire/error.h"

/* A mailbox to deliver to: deliver "TARGET" { … }, as it is written. */
struct nw_config_deliver {
	const char *target;	/* newswire/mailbox.h takes it apart */
	int line;		/* where it stands in the file */
	const char **groups;	/* wildmats; none: all */
	size_t group_count;
	const char *edits;	/* "replace" or "append" */
	const char *password_file, *ca_file; /* absolute paths, or NULL */
};

/* The rights of a user: user "NAME" { … }.  NULL: all groups. */
struct nw_config_user {
	const char *name;
	int line;		/* where it stands in the file */
	const char *read, *post; /* wildmats */
	bool manage;		/* subscribes, and sees histories */
};

/* Who may do what. */
struct nw_config_access {
	const char *read;	/* a wildmat of the groups that everyone may
				 * read; NULL: all */
	const char *post;	/* of those that everyone may post to; NULL:
				 * all, from this machine only */
	struct nw_config_user *users;
	size_t user_count;
	const char *users_path;	/* newswire/users.h; default "users" beside
				 * newswire.conf, whether or not it is there */
};

struct nw_config_list {
	const char **values;
	size_t count;		/* 0: not configured */
};

/* What one address or one user may have of the news server; 0: no limit. */
struct nw_config_allowance {
	unsigned connections;
	unsigned commands_s;	/* a second */
	size_t bytes_s;
};

struct nw_config {
	const char *config_path; /* newswire.conf, whether or not it is there */
	const char *data_dir;	 /* made when the store is first written */
	const char *store_path;	 /* data_dir/newswire.db */

	const char **listen;	 /* "ADDRESS:PORT", "PORT" (loopback) or
				  * "unix:/PATH", default 127.0.0.1:1119 */
	size_t listen_count;
	const char *socket_mode; /* of a Unix socket, octal digits */
	struct nw_config_allowance per_address, per_user;
	const char **unlimited;	 /* networks without limits, or "none" */
	size_t unlimited_count;
	unsigned manage_groups;	 /* then readers add none; 0: no limit */
	const char **listen_tls; /* the same, for NNTPS; default none */
	size_t listen_tls_count;
	const char *tls_certificate; /* PEM, by its absolute path, or NULL */
	const char *tls_key;	 /* the same; NULL: in that file too */
	unsigned readers;	 /* reader processes, default one a core */
	/* What LIST gives of RFC 6048 section 2, as lines; … */
	struct nw_config_list motd; /* or one absolute path of a file */
	struct nw_config_list subscriptions; /* as wildmats of groups */
	struct nw_config_list distributions, distrib_pats, moderators;
	const char *id_domain;	 /* right side of Message-IDs */
	const char *notes;	 /* a wildmat of the groups that take posts;
				  * NULL: none */
	const char *path_host;	 /* Path and Xref identity of this server */
	const char *user_agent;
	bool allow_private;	 /* private, loopback and link-local hosts */
	const char *images;	 /* defaults of new sources, see source.h */
	const char *edits;
	unsigned update_pause_s; /* between two revisions of an update */
	const char *layout;
	size_t image_bytes;	 /* of a picture in a message, at most */
	size_t images_bytes;	 /* of all pictures in one */
	int64_t expire_age_s;	 /* 0: never */
	int64_t expire_count;	 /* articles a group, 0: no limit */
	unsigned poll_min_s;	 /* between two polls of one source */
	unsigned poll_max_s;
	unsigned poll_live_s;	 /* between two looks at a live page */
	const char *recheck;	 /* nw_config_ages() reads it */
	unsigned host_pause_ms;	 /* between two requests to one host */
	const char *proxy;	 /* NULL: none */
	const char **rules_dirs; /* of site rules, the first counts first */
	size_t rules_dir_count;
	struct nw_config_deliver *delivers;
	size_t deliver_count;
	struct nw_config_access access;
	unsigned fetch_total_ms;
	size_t fetch_body_bytes;
};

/*
 * Finds the folder (home may be NULL), reads the file, fills the defaults.
 * Strings live in the arena.  NEWSWIRE_ALLOW_PRIVATE=1 in the environment sets
 * allow_private.  Fails with NW_ERROR_CONFIG: "FILE:LINE: option: why".
 */
int nw_config_load(struct nw_arena *arena, const char *home,
		   struct nw_config *config_r, struct nw_error *err);

/*
 * Ages of a story at which its page is read again: times from NW_RECHECK_MIN_S
 * to NW_RECHECK_MAX_S, each longer than the one before, separated by white
 * space or commas; "none" are none.  At most NW_RECHECKS.  -1: it is wrong.
 */
int nw_config_ages(const char *text, int64_t *ages_s, size_t *count_r);

/* Whether a user can have that name: 1 to NW_USER_OCTETS octets of UTF-8
 * without white space, control characters and ":", the first no "#". */
bool nw_config_is_user(const char *name);

/* Makes a folder (mode 0700, parents too) when it is missing. */
int nw_config_make_folder(const char *folder, struct nw_error *err);
/* The same for data_dir. */
int nw_config_make_dir(const struct nw_config *config, struct nw_error *err);

#endif
