/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Subscribing, for the commands that do it: subscribe and import; and what
 * unsubscribe takes as they do.
 */
#ifndef NEWSWIRE_SUBSCRIBE_PRIVATE_H
#define NEWSWIRE_SUBSCRIBE_PRIVATE_H

#include "newswire/command.h"
#include "newswire/source.h"

/* A source with the configuration's defaults, due at once. */
struct nw_source nw_source_new(const struct nw_config *config);

/* An address as people type it: "example.com/news" is a web address; NULL for
 * what is no URL. */
const char *nw_source_address(struct nw_arena *arena, const char *typed);

/*
 * Adds source, whose url is as the user typed it and whose group and name may
 * be NULL; looks: find out by a fetch what it is.  Fills the rest of source.
 * One that is there gets the settings among the context's options instead, and
 * 1 is returned; without any, and without "again", it is NW_ERROR_USAGE.
 */
int nw_subscribe(struct nw_context *context, struct nw_store *store,
		 struct nw_source *source, bool looks, struct nw_error *err);

#endif
