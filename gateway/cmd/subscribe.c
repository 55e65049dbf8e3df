/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * subscribe: what a source is, is found out by looking at it.
 */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "cmd_private.h"
#include "newswire/group.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/section.h"
#include "newswire/source.h"
#include "newswire/ticker.h"
#include "newswire/url.h"
#include "subscribe_private.h"

static const struct nw_option subscribe_options[] = {
	{ "again", NULL, "what is subscribed to already is no mistake" },
	{ "limited", NULL, "make no more groups than readers may make" },
	{ "group", "NAME", "call the newsgroup NAME instead of after the URL" },
	{ "name", "TEXT", "describe it as TEXT instead of by its own title" },
	{ "kind", "KIND", "feed, page, live, sitemap or auto (look; default)" },
	{ "images", "HOW", "inline, link or none, or default" },
	{ "edits", "HOW", "follow-up, supersede or ignore, or default" },
	{ "layout", "HOW", "alternative (text, HTML), mixed, text or default" },
	{ "recheck", "AGES", "look for edits at \"10m 1h\", none or default" },
	{ "poll-live", "TIME", "look at live pages no more often, or default" },
	{ NULL, NULL, NULL },
};

/* What subscribing to one address needs to know. */
struct subscription {
	struct nw_context *context;
	struct nw_source source;
	const char *title;	/* what the source calls itself */
};

/* The first feed that the page declares, or that turns out to be one. */
static const struct nw_page_link *choose_feed(const struct subscription *sub,
					      const struct nw_page_link *links,
					      size_t count)
{
	struct nw_arena *arena = sub->context->arena;
	struct nw_input input;
	struct nw_feed *feed;
	size_t i;

	for (i = 0; i < count && i < NW_PAGE_GUESSES; i++)
		if (!links[i].guessed ||
		    (nw_cmd_read_input(sub->context, links[i].url, &input,
				       NULL) == 0 &&
		     nw_feed_read(arena, input.bytes, input.len, input.url,
				  input.charset, &feed, NULL) == 0))
			return &links[i];
	return NULL;
}

static int read_page(struct subscription *sub, const struct nw_input *input,
		     struct nw_error *err)
{
	struct nw_page_input page = {
		.bytes = input->bytes,
		.len = input->len,
		.url = input->url,
		.http_charset = input->charset,
		.now_utc = nw_clock_now(),
	};
	struct nw_arena *arena = sub->context->arena;
	struct nw_page_link *links = NULL;
	const struct nw_page_link *link;
	struct nw_feed *section = NULL;
	struct nw_story *story = NULL;
	size_t count = 0;

	if (nw_page_feeds(arena, &page, &links, &count, err) < 0 ||
	    nw_page_read(arena, &page, &story, err) < 0)
		return -1;
	sub->title = story->title;
	if (story->live && story->update_count) {
		sub->source.kind = NW_SOURCE_LIVE;
	} else if ((link = choose_feed(sub, links, count))) {
		sub->source.kind = NW_SOURCE_FEED;
		sub->source.url = link->url;
		if (link->title)
			sub->title = link->title;
	} else {
		sub->source.kind = NW_SOURCE_PAGE;
		if (nw_section_read(arena, &page, &section, NULL) <= 0)
			nw_log(&sub->context->log, NW_LOG_INFO, "subscribe",
			       input->url,
			       "it names no feed and holds no list of stories: "
			       "the page itself is read, as one story");
	}
	return 0;
}

/*
 * Reads the address: a feed (or sitemap) is taken as it is; a page is
 * searched for its feed, and is a live page, a section page or one story when
 * it has none.
 */
static int look(struct subscription *sub, struct nw_error *err)
{
	struct nw_arena *arena = sub->context->arena;
	struct nw_error why = { NW_ERROR_NONE, "" };
	struct nw_feed *feed = NULL;
	struct nw_input input;

	if (nw_cmd_read_input(sub->context, sub->source.url, &input, err) < 0)
		return nw_option_value(sub->context, "quiet", 0)
			       ? -1
			       : nw_error_prefix(err, "looking at it failed "
						      "(--kind feed subscribes "
						      "without)");
	if (nw_feed_read(arena, input.bytes, input.len, input.url,
			 input.charset, &feed, &why) < 0) {
		if (read_page(sub, &input, err) < 0)
			return nw_error_prefix(err, "%s: neither a feed (%s) "
						    "nor a page",
					       sub->source.url, why.text);
		return 0;
	}
	sub->title = feed->title;
	sub->source.kind = strncmp(feed->version, "sitemap", 7) == 0
				   ? NW_SOURCE_SITEMAP
				   : NW_SOURCE_FEED;
	return 0;
}

/* Looks at what is said to be live, to say when it does not look so.  It may
 * later, so that nothing fails here. */
static void look_at_live(struct subscription *sub)
{
	struct nw_arena *arena = sub->context->arena;
	const char *what = "it has neither live updates nor a ticker: it is "
			   "read as one story";
	struct nw_page_input page = { .now_utc = nw_clock_now() };
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_ticker *ticker = NULL;
	struct nw_story *story = NULL;
	struct nw_input input;

	if (nw_cmd_read_input(sub->context, sub->source.url, &input, &err) ==
	    0) {
		page.bytes = input.bytes;
		page.len = input.len;
		page.url = input.url;
		page.http_charset = input.charset;
	}
	if (!page.bytes || nw_page_read(arena, &page, &story, &err) < 0 ||
	    (!story->live && nw_ticker_read(arena, &page, &ticker, &err) < 0))
		what = err.text;
	else if (story->live || ticker)
		what = NULL;
	if (story)
		sub->title = ticker ? ticker->name : story->title;
	if (what)
		nw_log(&sub->context->log, NW_LOG_INFO, "subscribe",
		       story ? sub->source.url : NULL, "%s", what);
}

static int choose_group(struct nw_store *store, struct subscription *sub,
			struct nw_error *err)
{
	struct nw_arena *arena = sub->context->arena;
	const char *name = NULL;
	struct nw_source other;
	unsigned n;
	int found;

	if (sub->source.group)
		return nw_ident_group_check(sub->source.group, err);
	if (nw_ident_group(arena, sub->source.url, &name, err) < 0)
		return -1;
	for (n = 1;; n++) {
		sub->source.group = nw_ident_group_try(arena, name, n);
		found = nw_source_find(store, arena, sub->source.group, &other,
				       err);
		if (found <= 0)
			return found;
	}
}

/* Of two processes that add at once, each may find the last place. */
static int check_room(struct nw_store *store, const struct subscription *sub,
		      struct nw_error *err)
{
	const bool limited = nw_option_value(sub->context, "limited", 0);
	const unsigned most = limited ? sub->context->config.manage_groups : 0;
	struct nw_store_counts counts;
	struct nw_group group;
	int found = most ? nw_group_find(store, sub->source.group, &group, err)
			 : 1;

	if (found || nw_store_count(store, &counts, err) < 0)
		return found > 0 ? 0 : -1;
	return counts.groups < most ? 0
		: nw_error_set(err, NW_ERROR_USAGE,
			       "there are %u groups already, to which readers "
			       "may not add; ask who runs this server "
			       "(manage-groups of newswire.conf)", most);
}

static const char *host_of(struct nw_arena *arena, const char *url)
{
	struct nw_url parts;

	return nw_url_split(arena, url, &parts) == 0 ? parts.host : url;
}

/* The options that a source is given anew when it is there already. */
#define SETTING(option, field) \
	{ option, offsetof(struct nw_source, field), \
	  sizeof(((struct nw_source *)0)->field) }
static const struct setting {
	const char *option;
	size_t offset, size;
} settings[] = {
	SETTING("name", name),
	SETTING("images", images),
	SETTING("edits", edits),
	SETTING("layout", layout),
	SETTING("recheck", recheck),
	SETTING("poll-live", poll_live_s),
};
#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

static bool has_settings(const struct nw_context *context)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (nw_option_value(context, settings[i].option, 0))
			return true;
	return false;
}

/* Those that were given, of one source to another. */
static void copy_settings(const struct nw_context *context,
			  struct nw_source *to, const struct nw_source *from)
{
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (nw_option_value(context, settings[i].option, 0))
			memcpy((char *)to + settings[i].offset,
			       (const char *)from + settings[i].offset,
			       settings[i].size);
}

/* 1: the source that is there has what was asked for, and is sub's now. */
static int settle(struct nw_store *store, struct subscription *sub,
		  const struct nw_source *there, struct nw_error *err)
{
	const struct nw_context *context = sub->context;
	const bool again = nw_option_value(context, "again", 0);
	struct nw_source source = *there;

	if ((!again && !has_settings(context)) ||
	    (sub->source.group && strcmp(sub->source.group, there->group) != 0))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: already subscribed to, as %s; any "
				    "option but --group and --kind changes it",
				    there->url, there->group);
	copy_settings(context, &source, &sub->source);
	if (nw_source_settle(store, &source, err) < 0)
		return -1;
	sub->source = source;
	return 1;
}

/* 0: it is new; 1: it was there and is settled. */
static int check_new(struct nw_store *store, struct subscription *sub,
		     struct nw_error *err)
{
	struct nw_source other;
	int found = nw_source_find(store, sub->context->arena,
				   sub->source.url, &other, err);

	return found > 0 ? settle(store, sub, &other, err) : found;
}

static int add(struct nw_store *store, struct subscription *sub, bool looks,
	       struct nw_error *err)
{
	struct nw_source *source = &sub->source;
	const char *group = source->group;
	struct nw_error why = { NW_ERROR_NONE, "" };
	int there = check_new(store, sub, err);

	if (there)
		return there;
	/* Looking may lead to the page's feed, which may be subscribed. */
	if (looks && look(sub, err) < 0)
		return -1;
	if (looks && (there = check_new(store, sub, err)) != 0)
		return there;
	if (!looks && source->kind == NW_SOURCE_LIVE)
		look_at_live(sub);
	if (choose_group(store, sub, err) < 0 ||
	    check_room(store, sub, err) < 0)
		return -1;
	if (!source->name)
		source->name = sub->title ? sub->title
					  : host_of(sub->context->arena,
						    source->url);
	if (nw_source_add(store, source, nw_clock_now(), err) == 0)
		return 0;
	if (err->code != NW_ERROR_USAGE)
		return -1;
	/* Another process may have been quicker. */
	source->group = group;
	there = check_new(store, sub, &why);
	if (there)
		*err = why;
	return there ? there : -1;
}

/* The index of what an option says; "default", or nothing, is what the
 * configuration says. */
static int choose(const struct nw_context *context, const char *option,
		  const char *fallback, const char *const *names, int count,
		  struct nw_error *err)
{
	const char *value = nw_option_value(context, option, 0);

	if (!value || strcmp(value, "default") == 0)
		value = fallback;
	return nw_option_choice(option, value, names, count, err);
}

/* How often its pages are looked at; "default" is what the configuration
 * says. */
static int pace(const struct nw_context *context, struct nw_source *source,
		struct nw_error *err)
{
	const char *recheck = nw_option_value(context, "recheck", 0);
	const char *live = nw_option_value(context, "poll-live", 0);
	int64_t ages_s[NW_RECHECKS];
	size_t count;

	if (recheck && strcmp(recheck, "default") != 0) {
		if (nw_config_ages(recheck, ages_s, &count) < 0)
			return nw_error_set(err, NW_ERROR_USAGE,
					    "--recheck: \"%s\" must be none or "
					    "up to %d times from 1m to 24h, "
					    "each longer than the one before",
					    recheck, NW_RECHECKS);
		source->recheck = recheck;
	}
	if (live && strcmp(live, "default") != 0) {
		if (nw_config_ages(live, ages_s, &count) < 0 || count != 1)
			return nw_error_set(err, NW_ERROR_USAGE,
					    "--poll-live: \"%s\" must be a "
					    "time from 1m to 24h", live);
		source->poll_live_s = ages_s[0];
	}
	return 0;
}

static int choices(struct nw_context *context, struct nw_source *source,
		   bool *looks_r, struct nw_error *err)
{
	const char *kind = nw_option_value(context, "kind", 0);
	const struct nw_config *config = &context->config;
	int value, images, edits, layout;

	*looks_r = !kind || strcmp(kind, "auto") == 0;
	if (!*looks_r) {
		value = nw_option_choice("kind", kind, nw_source_kind_names,
					 NW_SOURCE_KINDS, err);
		if (value < 0)
			return -1;
		source->kind = (enum nw_source_kind)value;
	}
	images = choose(context, "images", config->images, nw_images_names,
			NW_IMAGES_COUNT, err);
	if (images < 0)
		return -1;
	edits = choose(context, "edits", config->edits, nw_edits_names,
		       NW_EDITS_COUNT, err);
	if (edits < 0)
		return -1;
	layout = choose(context, "layout", config->layout, nw_layout_names,
			NW_LAYOUT_COUNT, err);
	if (layout < 0)
		return -1;
	source->images = (enum nw_images)images;
	source->edits = (enum nw_edits)edits;
	source->layout = (enum nw_message_layout)layout;
	return pace(context, source, err);
}

const char *nw_source_address(struct nw_arena *arena, const char *typed)
{
	const char *colon = strstr(typed, "://");

	return nw_url_resolve(arena, NULL,
			      colon ? typed
				    : nw_arena_printf(arena, "https://%s",
						      typed));
}

struct nw_source nw_source_new(const struct nw_config *config)
{
	int images = nw_option_choice("images", config->images,
				      nw_images_names, NW_IMAGES_COUNT, NULL);
	int edits = nw_option_choice("edits", config->edits, nw_edits_names,
				     NW_EDITS_COUNT, NULL);
	int layout = nw_option_choice("layout", config->layout,
				      nw_layout_names, NW_LAYOUT_COUNT, NULL);

	return (struct nw_source){
		.kind = NW_SOURCE_FEED,
		.images = images < 0 ? NW_IMAGES_LINK : (enum nw_images)images,
		.edits = edits < 0 ? NW_EDITS_FOLLOW_UP : (enum nw_edits)edits,
		.layout = layout < 0 ? NW_LAYOUT_ALTERNATIVE
				     : (enum nw_message_layout)layout,
		.schedule = { .due_utc = 0,
			      .ok_utc = NW_TIME_NONE,
			      .changed_utc = NW_TIME_NONE },
	};
}

int nw_subscribe(struct nw_context *context, struct nw_store *store,
		 struct nw_source *source, bool looks, struct nw_error *err)
{
	struct subscription sub = { .context = context, .source = *source };
	struct nw_source there;
	int result = 0;

	/* A source that is there may be named by its group, too. */
	if (has_settings(context))
		result = nw_source_find(store, context->arena, source->url,
					&there, err);
	if (result > 0) {
		result = settle(store, &sub, &there, err);
	} else if (result == 0) {
		sub.source.url = nw_source_address(context->arena, source->url);
		if (!sub.source.url || !nw_url_is_web(sub.source.url))
			return nw_error_set(err, NW_ERROR_USAGE,
					    "%s: no web address (http or "
					    "https)",
					    source->url);
		result = add(store, &sub, looks, err);
	}
	if (result >= 0)
		*source = sub.source;
	return result;
}

static int run_subscribe(struct nw_context *context, struct nw_error *err)
{
	struct nw_source source = nw_source_new(&context->config);
	struct nw_store *store = NULL;
	bool looks = true;
	int result;

	source.url = context->argv[0];
	source.group = nw_option_value(context, "group", 0);
	source.name = nw_option_value(context, "name", 0);
	if (choices(context, &source, &looks, err) < 0 ||
	    nw_context_open_store(context, NW_STORE_WRITE, &store, err) < 0)
		return -1;
	result = nw_subscribe(context, store, &source, looks, err);
	nw_store_close(&store);
	if (result < 0)
		return -1;
	(void)fprintf(context->out, "%s\t%s\t%s\t%s\n", source.group,
		      nw_source_kind_names[source.kind], source.url,
		      source.name);
	if (result)
		nw_log(&context->log, NW_LOG_INFO, "subscribe", source.group,
		       "was subscribed to; from the next message on: images "
		       "%s, edits %s, layout %s",
		       nw_images_names[source.images],
		       nw_edits_names[source.edits],
		       nw_layout_names[source.layout]);
	else
		nw_log(&context->log, NW_LOG_INFO, "subscribe", source.group,
		       "subscribed; \"newswire fetch\" polls it now");
	return 0;
}

const struct nw_command nw_command_subscribe = {
	.name = "subscribe",
	.operands = "URL|GROUP",
	.help = "Make a newsgroup of a feed, a news site or a live page",
	.more = "A page is searched for its feed.  One line is printed: group, "
		"kind, URL, name.\nA source that is there already is changed "
		"by any option but --group and --kind.",
	.man = "newswire(1)",
	.options = subscribe_options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_subscribe,
};
