/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
	bool failed;
};

/* libconfuse hands its callbacks no pointer of ours; the address of the one
 * variable that it writes itself leads back to the reader. */
static struct reader *reader_of(cfg_t *cfg)
{
	cfg_opt_t *option = cfg_getopt(cfg, "allow-private");

	return (struct reader *)(void *)((char *)option->simple_value.boolean -
					 offsetof(struct reader,
						  allow_private));
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

/* libconfuse says "no such option 'x'": our messages name the option first. */
static void on_error(cfg_t *cfg, const char *format, va_list args)
{
	char text[256], *name, *end;

	(void)vsnprintf(text, sizeof(text), format, args);
	name = strstr(text, "option '");
	end = name ? strrchr(text, '\'') : NULL;
	if (!end) {
		fail_at(cfg, "syntax", text);
		return;
	}
	name += strlen("option");
	*name = *end = '\0';
	fail_at(cfg, name + 2, text);
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

static void take_lists(struct reader *reader, cfg_t *cfg)
{
	struct nw_config *config = reader->config;

	take_list(reader->arena, cfg, "listen", &config->listen,
		  &config->listen_count);
	take_list(reader->arena, cfg, "rules-dir", &config->rules_dirs,
		  &config->rules_dir_count);
}

/* How long the comment at text is, its line end not counted; 0: none. */
static size_t comment_len(const char *text)
{
	const char *end;

	if (*text == '#' || (text[0] == '/' && text[1] == '/'))
		return strcspn(text, "\n");
	if (text[0] != '/' || text[1] != '*')
		return 0;
	end = strstr(text + 2, "*/");
	return end ? (size_t)(end + 2 - text) : 0;
}

/*
 * libconfuse 3.3 counts two lines too many for each comment, and takes one
 * that is never closed: without comments it names the right line in its
 * messages.  Returns the comment that is never closed, or NULL.
 */
static const char *blank_comments(char *text)
{
	bool in_word = false;
	char quote = '\0';
	size_t len;

	for (; *text; text++) {
		if (quote) {
			if (*text == '\\' && text[1])
				text++;
			else if (*text == quote)
				quote = '\0';
			continue;
		}
		len = in_word && *text == '/' ? 0 : comment_len(text);
		if (!len && !in_word && text[0] == '/' && text[1] == '*')
			return text;
		for (; len; len--, text++)
			if (*text != '\n')
				*text = ' ';
		if (*text == '"' || *text == '\'')
			quote = *text;
		in_word = *text && !strchr(" \t\r\n=+,{}", *text);
		if (!*text)
			break;
	}
	return NULL;
}

static int line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static void declare(cfg_opt_t opts[CONFIG_OPTIONS + 2],
		    cfg_bool_t *allow_private)
{
	const cfg_opt_t flag = CFG_SIMPLE_BOOL("allow-private", allow_private);
	const cfg_opt_t end = CFG_END();
	size_t i;

	for (i = 0; i < CONFIG_OPTIONS; i++) {
		const cfg_opt_t text = CFG_STR(config_options[i].name, NULL,
					       CFGF_NODEFAULT);
		const cfg_opt_t list = CFG_STR_LIST(config_options[i].name,
						    NULL, CFGF_NODEFAULT);

		opts[i] = config_options[i].field ? text : list;
	}
	opts[CONFIG_OPTIONS] = flag;
	opts[CONFIG_OPTIONS + 1] = end;
}

static int parse(struct reader *reader, char *text)
{
	cfg_opt_t opts[CONFIG_OPTIONS + 2];
	const char *open;
	cfg_t *cfg;
	size_t i;

	declare(opts, &reader->allow_private);
	cfg = cfg_init(opts, CFGF_NONE);
	if (!cfg)
		return nw_error_set(reader->err, NW_ERROR_INTERNAL,
				    "%s: out of memory",
				    reader->config->config_path);
	(void)cfg_set_error_function(cfg, on_error);
	for (i = 0; i < CONFIG_OPTIONS; i++)
		(void)cfg_set_validate_func(cfg, config_options[i].name,
					    on_value);
	open = blank_comments(text);
	if (open) {
		cfg->line = line_of(text, open);
		fail_at(cfg, "syntax", "the comment is not closed");
	} else if (cfg_parse_buf(cfg, text) != CFG_SUCCESS &&
		   !reader->failed) {
		fail_at(cfg, "syntax", "cannot be read");
	}
	if (!reader->failed)
		take_lists(reader, cfg);
	(void)cfg_free(cfg);
	return reader->failed ? -1 : 0;
}

/* The whole file; -1 with errno, EFBIG for what is no text of ours. */
static int slurp(const char *path, struct nw_buf *text)
{
	FILE *file = fopen(path, "re");
	char bytes[4096];
	size_t len = 0;
	int number;

	if (!file)
		return -1;
	while (nw_buf_ok(text) &&
	       (len = fread(bytes, 1, sizeof(bytes), file)) > 0)
		nw_buf_add(text, bytes, len);
	number = ferror(file) ? errno : 0;
	(void)fclose(file);
	if (!number && (!nw_buf_ok(text) || strlen(text->data) != text->len))
		number = EFBIG;
	errno = number;
	return number ? -1 : 0;
}

/* A missing file is an empty one. */
static int read_file(struct nw_arena *arena, struct nw_config *config,
		     struct nw_error *err)
{
	struct reader reader = { arena, config, err, cfg_false, false };
	struct nw_buf text;
	int failed = 0;

	nw_buf_init(&text, NW_CONFIG_BYTES);
	if (!slurp(config->config_path, &text) && text.len) {
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

static const char *home_dir(struct nw_arena *arena)
{
	const char *home = getenv("HOME");
	struct passwd *user;

	if (!home || *home != '/') {
		user = getpwuid(geteuid());
		home = user ? user->pw_dir : NULL;
	}
	return home ? nw_arena_strdup(arena, home) : NULL;
}

/* XDG Base Directory Specification: a path that is not absolute is ignored. */
static const char *xdg_dir(struct nw_arena *arena, const char *variable,
			   const char *below_home)
{
	const char *dir = getenv(variable), *home;

	if (dir && *dir == '/')
		return nw_arena_printf(arena, "%s/newswire", dir);
	home = home_dir(arena);
	return home ? nw_arena_printf(arena, "%s/%s/newswire", home,
				      below_home) : NULL;
}

static int find_paths(struct nw_arena *arena, const char *home,
		      struct nw_config *config, struct nw_error *err)
{
	const char *conf_dir, *data_dir;

	if (!home)
		home = getenv("NEWSWIRE_HOME");
	if (home && *home) {
		conf_dir = data_dir = nw_arena_strdup(arena, home);
	} else if (!geteuid()) {
		conf_dir = "/etc/newswire";
		data_dir = "/var/lib/newswire";
	} else {
		conf_dir = xdg_dir(arena, "XDG_CONFIG_HOME", ".config");
		data_dir = xdg_dir(arena, "XDG_DATA_HOME", ".local/share");
	}
	if (!conf_dir || !data_dir)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "HOME: is not set: name a folder with "
				    "--home");
	config->config_path = nw_arena_printf(arena, "%s/newswire.conf",
					      conf_dir);
	config->data_dir = data_dir;
	config->store_path = nw_arena_printf(arena, "%s/newswire.db",
					     data_dir);
	return 0;
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
	config->readers = cores > 0 && cores < 256 ? (unsigned)cores : 1;
	config->poll_min_s = NW_POLL_MIN_S;
	config->poll_max_s = NW_POLL_MAX_S;
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

/* The user's rules stand beside newswire.conf. */
static void set_default_lists(struct nw_arena *arena,
			      struct nw_config *config)
{
	const char *path = config->config_path;
	const char *slash = strrchr(path, '/');

	if (!config->listen_count)
		add_to_list(arena, &config->listen, &config->listen_count,
			    "127.0.0.1:1119");
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

	if (find_paths(arena, home, &config, err))
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

int nw_config_make_dir(const struct nw_config *config, struct nw_error *err)
{
	char path[NW_PATH_BYTES], *slash;
	struct stat st;
	size_t len = strlen(config->data_dir);

	if (!len || len >= sizeof(path))
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: the name of the folder is too long",
				    config->data_dir);
	memcpy(path, config->data_dir, len + 1);
	for (slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return nw_error_errno(err, "%s", path);
		*slash = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		return nw_error_errno(err, "%s", path);
	if (stat(path, &st))
		return nw_error_errno(err, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return nw_error_set(err, NW_ERROR_IO, "%s: is no folder",
				    path);
	return 0;
}
