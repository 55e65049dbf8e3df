/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <confuse.h>

#include "config_private.h"
#include "newswire/buf.h"
#include "newswire/config.h"
#include "newswire/limits.h"

/* What the callbacks of libconfuse must reach. */
struct reader {
	struct nw_arena *arena;
	struct nw_config *config;
	struct nw_error *err;
	cfg_bool_t allow_private;
	cfg_bool_t anchor;	/* not used but for its address */
	bool failed;
};

/* No name that can be written in a file. */
#define ANCHOR "\n"

/* libconfuse hands its callbacks no pointer of ours; the address of a variable
 * that it could write itself leads back to the reader, from a section too. */
static struct reader *reader_of(cfg_t *cfg)
{
	cfg_opt_t *option = cfg_getopt(cfg, ANCHOR);

	return (struct reader *)(void *)((char *)option->simple_value.boolean -
					 offsetof(struct reader, anchor));
}

/* The first thing that is wrong is the one to mend. */
static void fail_at(cfg_t *cfg, const char *option, const char *why)
{
	struct reader *reader = reader_of(cfg);

	if (!reader->failed)
		(void)nw_error_set(reader->err, NW_ERROR_CONFIG,
				   "%s:%d: %s: %s",
				   reader->config->config_path, cfg->line,
				   option, why);
	reader->failed = true;
}

/* What libconfuse says, and what to do about it. */
static const char *advised(const char *text)
{
	static const char *const advices[][2] = {
		{ "no such option",
		  "no such option; newswire.conf(5) has them all" },
		{ "premature end of file",
		  "the file ends amid an option: is a brace open, or a value "
		  "with signs not in quotes?" },
	};
	size_t i;

	for (i = 0; i < sizeof(advices) / sizeof(*advices); i++)
		if (!strcmp(advices[i][0], text))
			return advices[i][1];
	return text;
}

/* libconfuse says "no such option 'x'": our messages name the option first. */
static void on_error(cfg_t *cfg, const char *format, va_list args)
{
	char text[256], *name, *end;

	(void)vsnprintf(text, sizeof(text), format, args);
	name = strstr(text, "option '");
	end = name ? strrchr(text, '\'') : NULL;
	if (!end) {
		fail_at(cfg, "syntax", advised(text));
		return;
	}
	name += strlen("option");
	*name = *end = '\0';
	fail_at(cfg, name + 2, advised(text));
}

static int on_value(cfg_t *cfg, cfg_opt_t *opt)
{
	struct reader *reader = reader_of(cfg);
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	const char *why = "no such option";
	size_t i;

	for (i = 0; i < CONFIG_OPTIONS; i++)
		if (!strcmp(config_options[i].name, cfg_opt_name(opt)))
			why = config_set(reader->arena, reader->config,
					 &config_options[i],
					 value ? value : "");
	if (why)
		fail_at(cfg, cfg_opt_name(opt), why);
	return why ? -1 : 0;
}

static int on_deliver_value(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	const char *why = config_check_deliver(cfg_opt_name(opt),
					       value ? value : "");

	if (why)
		fail_at(cfg, cfg_opt_name(opt), why);
	return why ? -1 : 0;
}

static void add_to_list(struct nw_arena *arena, const char ***list,
			size_t *count, const char *value)
{
	*list = nw_arena_grow(arena, *list, *count, sizeof(**list));
	(*list)[(*count)++] = value;
}

static void take_list(struct nw_arena *arena, cfg_t *cfg, const char *option,
		      const char ***list, size_t *count)
{
	unsigned i, values = cfg_size(cfg, option);

	for (i = 0; i < values; i++)
		add_to_list(arena, list, count,
			    nw_arena_strdup(arena,
					    cfg_getnstr(cfg, option, i)));
}

/* The patterns of a list as one wildmat; NULL when it is not there.  An empty
 * list is one that matches nothing. */
static const char *take_wildmat(struct nw_arena *arena, cfg_t *cfg,
				const char *option)
{
	unsigned i, values = cfg_size(cfg, option);
	const char *wildmat;
	struct nw_buf buf;

	if (!(cfg_getopt(cfg, option)->flags & CFGF_MODIFIED))
		return NULL;
	/* It is no longer than the file. */
	nw_buf_init(&buf, NW_CONFIG_BYTES);
	for (i = 0; i < values; i++)
		nw_buf_addf(&buf, "%s%s", i ? "," : "",
			    cfg_getnstr(cfg, option, i));
	wildmat = nw_arena_strdup(arena, buf.data);
	nw_buf_free(&buf);
	return wildmat;
}

static void take_lists(struct reader *reader, cfg_t *cfg)
{
	struct nw_config *config = reader->config;
	struct nw_config_list *list;
	size_t i;

	for (i = 0; i < CONFIG_OPTIONS; i++) {
		if (config_options[i].type != CONFIG_LIST)
			continue;
		list = (void *)((char *)config + config_options[i].field);
		take_list(reader->arena, cfg, config_options[i].name,
			  &list->values, &list->count);
	}
	take_list(reader->arena, cfg, "listen", &config->listen,
		  &config->listen_count);
	take_list(reader->arena, cfg, "unlimited", &config->unlimited,
		  &config->unlimited_count);
	take_list(reader->arena, cfg, "listen-tls", &config->listen_tls,
		  &config->listen_tls_count);
	take_list(reader->arena, cfg, "rules-dir", &config->rules_dirs,
		  &config->rules_dir_count);
	config->access.read = take_wildmat(reader->arena, cfg, "read");
	config->access.post = take_wildmat(reader->arena, cfg, "post");
	config->notes = take_wildmat(reader->arena, cfg, "notes");
}

static const char *take_text(struct nw_arena *arena, cfg_t *cfg,
			     const char *option)
{
	return nw_arena_strdup(arena, cfg_getstr(cfg, option));
}

/* libconfuse leaves a section with the line that it ends in. */
static int line_of_title(cfg_t *section, const char *text)
{
	const char *title = cfg_title(section), *at = text;
	size_t len = strlen(title);

	for (; (at = strstr(at, title)); at++)
		if (at > text && strchr("\"' \t", at[-1]) && at[len] &&
		    strchr("\"' \t\n{", at[len]))
			return config_line_of(text, at);
	return section->line;
}

static void take_delivers(struct reader *reader, cfg_t *cfg, const char *text)
{
	struct nw_config *config = reader->config;
	struct nw_config_deliver *deliver;
	unsigned i, count = cfg_size(cfg, "deliver");
	cfg_t *section;

	for (i = 0; i < count && !reader->failed; i++) {
		section = cfg_getnsec(cfg, "deliver", i);
		section->line = line_of_title(section, text);
		if (i == NW_DELIVER_TARGETS) {
			fail_at(section, "deliver", "too many of them");
			return;
		}
		config->delivers = nw_arena_grow(reader->arena,
						 config->delivers, i,
						 sizeof(*deliver));
		deliver = &config->delivers[config->deliver_count++];
		deliver->target = nw_arena_strdup(reader->arena,
						  cfg_title(section));
		deliver->line = section->line;
		take_list(reader->arena, section, "groups", &deliver->groups,
			  &deliver->group_count);
		deliver->edits = take_text(reader->arena, section, "edits");
		if (!deliver->edits)
			deliver->edits = "replace";
		deliver->password_file = take_text(reader->arena, section,
						   "password-file");
		deliver->ca_file = take_text(reader->arena, section,
					     "ca-file");
	}
}

static void take_users(struct reader *reader, cfg_t *cfg, const char *text)
{
	struct nw_config_access *access = &reader->config->access;
	unsigned i, count = cfg_size(cfg, "user");
	struct nw_config_user *user;
	cfg_t *section;

	for (i = 0; i < count && !reader->failed; i++) {
		section = cfg_getnsec(cfg, "user", i);
		section->line = line_of_title(section, text);
		if (i == NW_USERS || !nw_config_is_user(cfg_title(section))) {
			fail_at(section, "user",
				i == NW_USERS ? "too many of them"
					      : "is no name of a user");
			return;
		}
		access->users = nw_arena_grow(reader->arena, access->users, i,
					      sizeof(*user));
		user = &access->users[access->user_count++];
		user->name = nw_arena_strdup(reader->arena,
					     cfg_title(section));
		user->line = section->line;
		user->read = take_wildmat(reader->arena, section, "read");
		user->post = take_wildmat(reader->arena, section, "post");
		user->manage = cfg_getbool(section, "manage");
	}
}

/* Options of all kinds, and of the sections. */
struct declared {
	cfg_opt_t options[CONFIG_OPTIONS + 5];
	cfg_opt_t deliver[6];
	cfg_opt_t user[5];
};

static void declare_user(struct declared *declared, struct reader *reader)
{
	const cfg_opt_t options[] = {
		CFG_STR_LIST("read", NULL, CFGF_NODEFAULT),
		CFG_STR_LIST("post", NULL, CFGF_NODEFAULT),
		CFG_BOOL("manage", cfg_false, CFGF_NONE),
		CFG_SIMPLE_BOOL(ANCHOR, &reader->anchor),
		CFG_END(),
	};

	memcpy(declared->user, options, sizeof(options));
}

static void declare(struct declared *declared, struct reader *reader)
{
	const cfg_opt_t anchor = CFG_SIMPLE_BOOL(ANCHOR, &reader->anchor);
	const cfg_opt_t flag = CFG_SIMPLE_BOOL("allow-private",
					       &reader->allow_private);
	const cfg_opt_t deliver =
		CFG_SEC("deliver", declared->deliver,
			CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
	const cfg_opt_t user =
		CFG_SEC("user", declared->user,
			CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
	const cfg_opt_t end = CFG_END();
	cfg_opt_t *to = declared->options;
	size_t i;

	for (i = 0; i < CONFIG_OPTIONS; i++) {
		const cfg_opt_t text = CFG_STR(config_options[i].name, NULL,
					       CFGF_NODEFAULT);
		const cfg_opt_t list = CFG_STR_LIST(config_options[i].name,
						    NULL, CFGF_NODEFAULT);

		*to++ = config_options[i].field &&
				config_options[i].type != CONFIG_LIST
				? text : list;
	}
	*to++ = flag;
	*to++ = deliver;
	*to++ = user;
	*to++ = anchor;
	*to = end;
	declare_user(declared, reader);
	to = declared->deliver;
	for (i = 0; config_deliver_options[i]; i++) {
		const cfg_opt_t text = CFG_STR(config_deliver_options[i], NULL,
					       CFGF_NODEFAULT);
		const cfg_opt_t list = CFG_STR_LIST(config_deliver_options[i],
						    NULL, CFGF_NODEFAULT);

		*to++ = i ? text : list;
	}
	*to++ = anchor;
	*to = end;
}

static void watch(cfg_t *cfg)
{
	char name[64];
	size_t i;

	(void)cfg_set_error_function(cfg, on_error);
	for (i = 0; i < CONFIG_OPTIONS; i++)
		(void)cfg_set_validate_func(cfg, config_options[i].name,
					    on_value);
	/* What holds for all is checked alike for one. */
	(void)cfg_set_validate_func(cfg, "user|read", on_value);
	(void)cfg_set_validate_func(cfg, "user|post", on_value);
	for (i = 0; config_deliver_options[i]; i++) {
		(void)snprintf(name, sizeof(name), "deliver|%s",
			       config_deliver_options[i]);
		(void)cfg_set_validate_func(cfg, name, on_deliver_value);
	}
}

static int parse(struct reader *reader, char *text)
{
	struct declared declared;
	const char *open;
	cfg_t *cfg;

	declare(&declared, reader);
	cfg = cfg_init(declared.options, CFGF_NONE);
	if (!cfg)
		return nw_error_set(reader->err, NW_ERROR_INTERNAL,
				    "%s: out of memory",
				    reader->config->config_path);
	watch(cfg);
	open = config_blank_comments(text);
	if (open) {
		cfg->line = config_line_of(text, open);
		fail_at(cfg, "syntax", "the comment is not closed");
	} else if (cfg_parse_buf(cfg, text) != CFG_SUCCESS &&
		   !reader->failed) {
		fail_at(cfg, "syntax", "cannot be read");
	} else if (!reader->failed && config_open_brace(text)) {
		cfg->line = config_line_of(text, config_open_brace(text));
		fail_at(cfg, "syntax", "the brace is not closed");
	}
	if (!reader->failed) {
		take_lists(reader, cfg);
		take_delivers(reader, cfg, text);
		take_users(reader, cfg, text);
	}
	(void)cfg_free(cfg);
	return reader->failed ? -1 : 0;
}

/* A missing file is an empty one. */
static int read_file(struct nw_arena *arena, struct nw_config *config,
		     struct nw_error *err)
{
	struct reader reader = { .arena = arena, .config = config, .err = err };
	struct nw_buf text;
	int failed = 0;

	nw_buf_init(&text, NW_CONFIG_BYTES);
	if (!config_slurp(config->config_path, &text) && text.len) {
		failed = parse(&reader, text.data);
		config->allow_private = reader.allow_private == cfg_true;
	} else if (errno == EFBIG) {
		failed = nw_error_set(err, NW_ERROR_CONFIG,
				      "%s: is no text of at most %u bytes",
				      config->config_path, NW_CONFIG_BYTES);
	} else if (errno && errno != ENOENT) {
		failed = nw_error_set(err, NW_ERROR_CONFIG, "%s: %s",
				      config->config_path, strerror(errno));
	}
	nw_buf_free(&text);
	return failed;
}

static void set_defaults(struct nw_arena *arena, struct nw_config *config)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	char host[256] = "";
	size_t i;

	for (i = 0; i < CONFIG_OPTIONS; i++)
		if (config_options[i].fallback)
			(void)config_set(arena, config, &config_options[i],
					 config_options[i].fallback);
	config->readers = cores < 1	       ? 1
			  : cores > NW_READERS ? NW_READERS
					       : (unsigned)cores;
	config->per_address.connections = NW_NNTP_ADDRESS_CONNECTIONS;
	config->manage_groups = NW_MANAGE_GROUPS;
	config->poll_min_s = NW_POLL_MIN_S;
	config->poll_max_s = NW_POLL_MAX_S;
	config->update_pause_s = NW_UPDATE_PAUSE_S;
	config->poll_live_s = NW_POLL_LIVE_MIN_S;
	config->host_pause_ms = NW_FETCH_PAUSE_MS;
	config->fetch_total_ms = NW_FETCH_TOTAL_MS;
	config->fetch_body_bytes = NW_FETCH_BODY_BYTES;
	config->image_bytes = NW_PICTURE_BUDGET_BYTES;
	config->images_bytes = NW_PICTURES_BUDGET_BYTES;
	if (gethostname(host, sizeof(host) - 1) ||
	    config_check_identity(host))
		config->path_host = "newswire";
	else
		config->path_host = nw_arena_strdup(arena, host);
}

/* The user's rules and the users stand beside newswire.conf. */
static void set_default_lists(struct nw_arena *arena,
			      struct nw_config *config)
{
	const char *path = config->config_path;
	const char *slash = strrchr(path, '/');

	if (!config->access.users_path)
		config->access.users_path =
			nw_arena_printf(arena, "%.*s/users",
					(int)(slash - path), path);
	if (!config->listen_count)
		add_to_list(arena, &config->listen, &config->listen_count,
			    "127.0.0.1:1119");
	if (!config->unlimited_count) {
		add_to_list(arena, &config->unlimited,
			    &config->unlimited_count, "127.0.0.0/8");
		add_to_list(arena, &config->unlimited,
			    &config->unlimited_count, "::1");
	}
	if (config->rules_dir_count)
		return;
	add_to_list(arena, &config->rules_dirs, &config->rules_dir_count,
		    nw_arena_printf(arena, "%.*s/rules", (int)(slash - path),
				    path));
	add_to_list(arena, &config->rules_dirs, &config->rules_dir_count,
		    PKGDATADIR "/rules");
}

int nw_config_load(struct nw_arena *arena, const char *home,
		   struct nw_config *config_r, struct nw_error *err)
{
	const char *allow = getenv("NEWSWIRE_ALLOW_PRIVATE");
	struct nw_config config = { .config_path = NULL };

	if (config_find_paths(arena, home, &config, err))
		return -1;
	set_defaults(arena, &config);
	if (read_file(arena, &config, err))
		return -1;
	set_default_lists(arena, &config);
	if (allow && !strcmp(allow, "1"))
		config.allow_private = true;
	if (config.poll_max_s < config.poll_min_s)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: poll-max: is less than poll-min",
				    config.config_path);
	*config_r = config;
	return 0;
}
