/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newswire/buf.h"
#include "newswire/config.h"
#include "newswire/limits.h"

#define NOBODY 65534

/* A folder of our own, and an environment that names nothing. */
struct world {
	char home[64];
	char file[96];
	struct nw_arena *arena;
	struct nw_config config;
	struct nw_error err;
};

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	if (!world)
		return -1;
	(void)snprintf(world->home, sizeof(world->home),
		       "/tmp/newswire-config.XXXXXX");
	if (!mkdtemp(world->home))
		return -1;
	(void)snprintf(world->file, sizeof(world->file), "%s/newswire.conf",
		       world->home);
	world->arena = nw_arena_new();
	(void)unsetenv("NEWSWIRE_HOME");
	(void)unsetenv("NEWSWIRE_ALLOW_PRIVATE");
	(void)unsetenv("XDG_CONFIG_HOME");
	(void)unsetenv("XDG_DATA_HOME");
	*state = world;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind,
		      struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static int teardown(void **state)
{
	struct world *world = *state;

	(void)nftw(world->home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	nw_arena_free(&world->arena);
	free(world);
	return 0;
}

static int load(struct world *world, const char *text)
{
	FILE *file = fopen(world->file, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	memset(&world->config, 0x55, sizeof(world->config));
	return nw_config_load(world->arena, world->home, &world->config,
			      &world->err);
}

static void check_defaults(const struct nw_config *config)
{
	assert_int_equal(config->listen_count, 1);
	assert_string_equal(config->listen[0], "127.0.0.1:1119");
	assert_int_equal(config->readers, sysconf(_SC_NPROCESSORS_ONLN));
	assert_string_equal(config->id_domain, "newswire.invalid");
	assert_string_equal(config->user_agent,
			    "newswire/" PACKAGE_VERSION " (+" PACKAGE_URL ")");
	assert_false(config->allow_private);
	assert_string_equal(config->images, "inline");
	assert_string_equal(config->edits, "follow-up");
	assert_string_equal(config->layout, "alternative");
	assert_int_equal(config->image_bytes, NW_PICTURE_BUDGET_BYTES);
	assert_int_equal(config->images_bytes, NW_PICTURES_BUDGET_BYTES);
	assert_true(config->expire_age_s == 0);
	assert_true(config->expire_count == 0);
	assert_int_equal(config->poll_min_s, NW_POLL_MIN_S);
	assert_int_equal(config->poll_max_s, NW_POLL_MAX_S);
	assert_int_equal(config->update_pause_s, NW_UPDATE_PAUSE_S);
	assert_int_equal(config->poll_live_s, NW_POLL_LIVE_MIN_S);
	assert_string_equal(config->recheck, "10m 1h 6h 24h");
	assert_int_equal(config->host_pause_ms, NW_FETCH_PAUSE_MS);
	assert_null(config->proxy);
	assert_int_equal(config->fetch_total_ms, NW_FETCH_TOTAL_MS);
	assert_int_equal(config->fetch_body_bytes, NW_FETCH_BODY_BYTES);
	assert_int_equal(config->deliver_count, 0);
}

static void test_missing_file(void **state)
{
	struct world *world = *state;
	char path[128];

	assert_int_equal(nw_config_load(world->arena, world->home,
					&world->config, &world->err), 0);
	check_defaults(&world->config);
	assert_string_equal(world->config.config_path, world->file);
	assert_string_equal(world->config.data_dir, world->home);
	(void)snprintf(path, sizeof(path), "%s/newswire.db", world->home);
	assert_string_equal(world->config.store_path, path);
	(void)snprintf(path, sizeof(path), "%s/rules", world->home);
	assert_int_equal(world->config.rules_dir_count, 2);
	assert_string_equal(world->config.rules_dirs[0], path);
	assert_non_null(strstr(world->config.rules_dirs[1],
			       "/newswire/rules"));
}

static void test_empty_file(void **state)
{
	struct world *world = *state;

	assert_int_equal(load(world, ""), 0);
	check_defaults(&world->config);
	assert_int_equal(load(world, "# nothing\n\n// here\n/* either */"), 0);
	check_defaults(&world->config);
}

static void test_all_options(void **state)
{
	struct world *world = *state;
	const struct nw_config *config = &world->config;

	assert_int_equal(load(world,
		"# a comment\n"
		"listen = {\"127.0.0.1:1119\", \"[::1]:119\"}\n"
		"listen += {news.example.com:563, 1120}\n"
		"readers = 3\n"
		"id-domain = news.example.com\n"
		"path-host = \"gate_1\"\n"
		"user-agent = 'me/1.0 (+https://example.com/)'\n"
		"allow-private = yes\n"
		"images = none\n"
		"edits = supersede\n"
		"layout = mixed\n"
		"image-size = 100K\n"
		"images-size = 0\n"
		"expire-age = 90\n"
		"expire-count = 5000\n"
		"poll-min = 10m\n"
		"poll-max = 2h\n"
		"update-pause = 5\n"
		"poll-live = 2m\n"
		"recheck = \"5m, 1d\"\n"
		"host-pause = 0\n"
		"proxy = SOCKS5h://user:pass@[::1]:9050\n"
		"fetch-timeout = 30\n"
		"fetch-size = 4M\n"
		"rules-dir = {\"/srv/rules\", \"/usr/share/rules\"}\n"), 0);
	assert_int_equal(config->listen_count, 4);
	assert_string_equal(config->listen[3], "1120");
	assert_string_equal(config->listen[0], "127.0.0.1:1119");
	assert_string_equal(config->listen[1], "[::1]:119");
	assert_string_equal(config->listen[2], "news.example.com:563");
	assert_int_equal(config->readers, 3);
	assert_string_equal(config->id_domain, "news.example.com");
	assert_string_equal(config->path_host, "gate_1");
	assert_string_equal(config->user_agent,
			    "me/1.0 (+https://example.com/)");
	assert_true(config->allow_private);
	assert_string_equal(config->images, "none");
	assert_string_equal(config->edits, "supersede");
	assert_string_equal(config->layout, "mixed");
	assert_int_equal(config->image_bytes, 100 << 10);
	assert_int_equal(config->images_bytes, 0);
	assert_true(config->expire_age_s == INT64_C(90) * 86400);
	assert_true(config->expire_count == 5000);
	assert_int_equal(config->poll_min_s, 600);
	assert_int_equal(config->poll_max_s, 7200);
	assert_int_equal(config->update_pause_s, 300);
	assert_int_equal(config->poll_live_s, 120);
	assert_string_equal(config->recheck, "5m, 1d");
	assert_int_equal(config->host_pause_ms, 0);
	assert_string_equal(config->proxy, "SOCKS5h://user:pass@[::1]:9050");
	assert_int_equal(config->fetch_total_ms, 30000);
	assert_int_equal(config->fetch_body_bytes, 4 << 20);
	assert_int_equal(config->rules_dir_count, 2);
	assert_string_equal(config->rules_dirs[0], "/srv/rules");
	assert_string_equal(config->rules_dirs[1], "/usr/share/rules");
}

static void test_delivers(void **state)
{
	struct world *world = *state;
	const struct nw_config_deliver *deliver;

	assert_int_equal(load(world,
		"# a comment\n"
		"deliver \"maildir:/n/{group}\" {\n"
		"	groups = {\"com.*,!com.x\", org.b}	// two\n"
		"	edits = append\n"
		"}\n"
		"readers = 2\n"
		"deliver 'mbox:/box' {}\n"
		"deliver \"imaps://me@h/f\" {\n"
		"	password-file = /home/me/.pass\n"
		"	ca-file = \"/etc/ca.pem\" groups = \"a\"\n"
		"}\n"), 0);
	assert_int_equal(world->config.readers, 2);
	assert_int_equal(world->config.deliver_count, 3);
	deliver = world->config.delivers;
	assert_string_equal(deliver->target, "maildir:/n/{group}");
	assert_int_equal(deliver->line, 2);
	assert_int_equal(deliver->group_count, 2);
	assert_string_equal(deliver->groups[0], "com.*,!com.x");
	assert_string_equal(deliver->groups[1], "org.b");
	assert_string_equal(deliver->edits, "append");
	assert_null(deliver->password_file);
	deliver++;
	assert_string_equal(deliver->target, "mbox:/box");
	assert_int_equal(deliver->line, 7);
	assert_int_equal(deliver->group_count, 0);
	assert_string_equal(deliver->edits, "replace");
	deliver++;
	assert_string_equal(deliver->password_file, "/home/me/.pass");
	assert_string_equal(deliver->ca_file, "/etc/ca.pem");
	assert_int_equal(deliver->group_count, 1);
}

static void test_many_delivers(void **state)
{
	struct world *world = *state;
	struct nw_buf text;
	unsigned i;

	nw_buf_init(&text, 1 << 16);
	for (i = 0; i < NW_DELIVER_TARGETS; i++)
		nw_buf_addf(&text, "deliver \"mbox:/%u\" {}\n", i);
	assert_int_equal(load(world, text.data), 0);
	assert_int_equal(world->config.deliver_count, NW_DELIVER_TARGETS);
	nw_buf_addf(&text, "deliver \"mbox:/x\" {}\n");
	assert_int_equal(load(world, text.data), -1);
	assert_non_null(strstr(world->err.text, ":65: deliver: too many"));
	nw_buf_free(&text);
}

static void test_no_address(void **state)
{
	struct world *world = *state;

	assert_int_equal(load(world, "listen = {}\n"), 0);
	check_defaults(&world->config);
}

static void test_folders_are_absolute(void **state)
{
	struct world *world = *state;

	assert_int_equal(load(world, "rules-dir = rules\n"), -1);
	assert_non_null(strstr(world->err.text,
			       ":1: rules-dir: must be an absolute path"));
}

static void test_last_wins(void **state)
{
	struct world *world = *state;

	assert_int_equal(load(world, "readers = 2\nreaders = 5\n"
			      "allow-private = true\nallow-private = off\n"), 0);
	assert_int_equal(world->config.readers, 5);
	assert_false(world->config.allow_private);
}

static void test_units(void **state)
{
	static const struct {
		const char *text;
		int64_t age_s;
	} samples[] = {
		{ "expire-age = 1", 86400 },
		{ "expire-age = 1d", 86400 },
		{ "expire-age = 2w", 14 * 86400 },
		{ "expire-age = 12h", 43200 },
		{ "expire-age = 0", 0 },
		{ "expire-age = 36500", INT64_C(36500) * 86400 },
	};
	struct world *world = *state;
	size_t i;

	for (i = 0; i < COUNT(samples); i++) {
		assert_int_equal(load(world, samples[i].text), 0);
		assert_true(world->config.expire_age_s == samples[i].age_s);
	}
}

struct sample {
	const char *text;
	int line;
	const char *starts;
};

/* Each is refused, with its line and its name. */
static void refused(struct world *world, const struct sample *samples,
		    size_t count)
{
	char want[160];
	size_t i;

	for (i = 0; i < count; i++) {
		if (!load(world, samples[i].text))
			fail_msg("\"%s\" was taken", samples[i].text);
		assert_int_equal(world->err.code, NW_ERROR_CONFIG);
		(void)snprintf(want, sizeof(want), "%s:%d: %s", world->file,
			       samples[i].line, samples[i].starts);
		if (strncmp(world->err.text, want, strlen(want)))
			fail_msg("\"%s\": %s", samples[i].text,
				 world->err.text);
		/* Nothing of ours was written to the caller's struct. */
		assert_int_equal(world->config.readers, 0x55555555);
	}
}

static void test_bad_values(void **state)
{
	static const struct sample samples[] = {
		{ "colour = red\n", 1, "colour: no such option" },
		{ "\n\nreaders = 0\n", 3, "readers: must be a number from 1 " },
		{ "readers = many", 1, "readers: must be a number" },
		{ "readers = -1", 1, "readers: must be a number" },
		{ "readers = 3x", 1, "readers: must be a number" },
		{ "readers = 99999999999999999999", 1,
		  "readers: must be a number" },
		{ "readers = \"\"", 1, "readers: must be a number" },
		{ "# x\nlisten = h\n", 2, "listen: must be ADDRESS:PORT or" },
		{ "listen = 65536", 1, "listen: must be ADDRESS:PORT or" },
		{ "listen = \"a:99999999999999999999\"", 1,
		  "listen: the port must be" },
		{ "listen = \"127.0.0.1:65536\"", 1,
		  "listen: the port must be" },
		{ "listen = \"127.0.0.1:1x\"", 1, "listen: the port must be" },
		{ "listen = \"127.0.0.1:\"", 1, "listen: the port must be" },
		{ "listen = \":119\"", 1, "listen: must be ADDRESS:PORT" },
		{ "listen = \"::1:119\"", 1, "listen: an IPv6 address must" },
		{ "listen = {\"a:1\",\n\"b\"}", 2,
		  "listen: must be ADDRESS:PORT" },
		{ "id-domain = \"a b\"", 1, "id-domain: is no domain name" },
		{ "id-domain = a..b", 1, "id-domain: is no domain name" },
		{ "id-domain = a.", 1, "id-domain: is no domain name" },
		{ "id-domain = -a", 1, "id-domain: is no domain name" },
		{ "id-domain = \"a>\"", 1, "id-domain: is no domain name" },
		{ "path-host = \"a!b\"", 1, "path-host: is no name for Path" },
		{ "path-host = \"\"", 1, "path-host: is no name for Path" },
		{ "user-agent = \"a\\nb: c\"", 1, "user-agent: may hold" },
		{ "user-agent = \"\"", 1, "user-agent: must have 1 to 256" },
		{ "allow-private = perhaps", 1,
		  "allow-private: invalid boolean value" },
		{ "images = all", 1, "images: must be inline, link or none" },
		{ "edits = never", 1, "edits: must be follow-up, supersede" },
		{ "layout = html", 1, "layout: must be alternative, mixed" },
		{ "image-size = 8K", 1, "image-size: must be a size" },
		{ "image-size = 1M", 1, "image-size: must be a size" },
		{ "images-size = 9M", 1, "images-size: must be a size" },
		{ "expire-age = 1y", 1, "expire-age: must be a time" },
		{ "expire-age = 36501", 1, "expire-age: must be a time" },
		{ "expire-count = 1K", 1, "expire-count: must be a number" },
		{ "poll-min = 59", 1, "poll-min: must be a time from 60 to" },
		{ "poll-min = 1M", 1, "poll-min: must be a time" },
		{ "poll-max = 8d", 1, "poll-max: must be a time" },
		{ "fetch-timeout = 0", 1, "fetch-timeout: must be a time" },
		{ "fetch-size = 1G", 1, "fetch-size: must be a size" },
		{ "fetch-size = 1h", 1, "fetch-size: must be a size" },
		{ "# a\n// b \"\n/* c\n' */ bogus = 1\n", 4,
		  "bogus: no such option" },
		{ "user-agent = \"a # b // /* \" # 'c\nbogus = 1\n", 2,
		  "bogus: no such option" },
		{ "user-agent = 'a\\'# b' // c\nbogus = 1\n", 2,
		  "bogus: no such option" },
		{ "readers = 1\n/* open\nbogus = 1\n", 2,
		  "syntax: the comment is not closed" },
		{ "readers 3\n", 1, "readers: missing equal sign after" },
		{ "readers = 2\n}\n", 2, "" },
		{ "readers = {2", 1, "" },
		{ "readers =", 1, "" },
		{ "user-agent = \"a", 1, "" },
		{ "readers = 2\nbogus = 1\nreaders = x\n", 2,
		  "bogus: no such option" },
	};

	/* With its line, whatever comments stand before it. */
	refused(*state, samples, COUNT(samples));
}

static void test_bad_delivers(void **state)
{
	static const struct sample samples[] = {
		{ "deliver \"mbox:/a\" {\n bogus = 1\n}", 2,
		  "bogus: no such option" },
		{ "deliver \"mbox:/a\" {\n\n edits = supersede\n}", 3,
		  "edits: must be replace or append" },
		{ "deliver \"mbox:/a\" { groups = {a, \"\"} }", 1,
		  "groups: must be a group" },
		{ "deliver \"mbox:/a\" {\n password-file = x\n}", 2,
		  "password-file: must be an absolute path" },
		{ "deliver \"mbox:/a\" {\n ca-file = x\n}", 2,
		  "ca-file: must be an absolute path" },
		{ "deliver \"mbox:/a\" {}\ndeliver \"mbox:/a\" {}", 2, "" },
		{ "deliver {}", 1, "" },
		{ "deliver \"mbox:/a\"\n", 2, "syntax: " },
		{ "deliver \"mbox:/a\" {\n edits = append\n", 1,
		  "syntax: the brace is not closed" },
		{ "deliver = \"mbox:/a\"\n", 1, "" },
		{ "deliver \"mbox:/a\" {\n allow-private = yes\n}", 2,
		  "allow-private: no such option" },
	};

	refused(*state, samples, COUNT(samples));
}

static void test_host_pause(void **state)
{
	struct world *world = *state;

	assert_int_equal(load(world, "host-pause = 10m\n"), 0);
	assert_int_equal(world->config.host_pause_ms, 600000);
	assert_int_equal(load(world, "host-pause = 601\n"), -1);
	assert_non_null(strstr(world->err.text,
			       "host-pause: must be a time from 0"));
}

static void test_proxies(void **state)
{
	static const struct {
		const char *value;
		const char *why; /* NULL: it may be used */
	} samples[] = {
		{ "proxy.example", NULL },
		{ "proxy.example:3128", NULL },
		{ "http://u:p@[fd00::1]:80", NULL },
		{ "Socks5h://127.0.0.1", NULL },
		{ "socks4a://h", NULL },
		{ "", "proxy: must name a host" },
		{ "https://", "proxy: must name a host" },
		{ "ftp://h", "proxy: its scheme must be http" },
		{ "socks5x://h", "proxy: its scheme must be http" },
		{ "a b", "proxy: must be 1 to 1024" },
	};
	struct world *world = *state;
	size_t i;

	for (i = 0; i < COUNT(samples); i++) {
		int failed = load(world, nw_arena_printf(world->arena,
							 "proxy = \"%s\"\n",
							 samples[i].value));

		if (!samples[i].why)
			assert_string_equal(world->config.proxy,
					    samples[i].value);
		else if (!failed || !strstr(world->err.text, samples[i].why))
			fail_msg("\"%s\" was taken", samples[i].value);
	}
}

static void test_poll_order(void **state)
{
	struct world *world = *state;

	assert_int_equal(load(world, "poll-min = 2h\npoll-max = 1h\n"), -1);
	assert_int_equal(world->err.code, NW_ERROR_CONFIG);
	assert_non_null(strstr(world->err.text, "poll-max: "));
	assert_int_equal(load(world, "poll-min = 1h\npoll-max = 1h\n"), 0);
}

/* No longer than live pages are polled; 0 is no pause. */
static void test_update_pause(void **state)
{
	struct world *world = *state;

	assert_int_equal(load(world, "update-pause = 361\n"), -1);
	assert_non_null(strstr(world->err.text, "update-pause: must be a time"));
	assert_int_equal(load(world, "update-pause = 6h\n"), 0);
	assert_int_equal(world->config.update_pause_s, 21600);
	assert_int_equal(load(world, "update-pause = 0\n"), 0);
	assert_int_equal(world->config.update_pause_s, 0);
}

static void test_no_file(void **state)
{
	struct world *world = *state;

	assert_int_equal(mkdir(world->file, 0700), 0);
	assert_int_equal(nw_config_load(world->arena, world->home,
					&world->config, &world->err), -1);
	assert_int_equal(world->err.code, NW_ERROR_CONFIG);
}

static void test_large_file(void **state)
{
	struct world *world = *state;
	char *text = malloc(NW_CONFIG_BYTES + 2);

	assert_non_null(text);
	memset(text, '\n', NW_CONFIG_BYTES + 1);
	text[NW_CONFIG_BYTES + 1] = '\0';
	assert_int_equal(load(world, text), -1);
	assert_int_equal(world->err.code, NW_ERROR_CONFIG);
	text[NW_CONFIG_BYTES] = '\0';
	assert_int_equal(load(world, text), 0);
	free(text);
}

static void test_path_host_default(void **state)
{
	struct world *world = *state;
	char host[256] = "";

	assert_int_equal(load(world, ""), 0);
	assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
	if (strcmp(world->config.path_host, "newswire"))
		assert_string_equal(world->config.path_host, host);
}

static void test_allow_private(void **state)
{
	struct world *world = *state;

	assert_int_equal(setenv("NEWSWIRE_ALLOW_PRIVATE", "1", 1), 0);
	assert_int_equal(load(world, ""), 0);
	assert_true(world->config.allow_private);
	assert_int_equal(setenv("NEWSWIRE_ALLOW_PRIVATE", "0", 1), 0);
	assert_int_equal(load(world, ""), 0);
	assert_false(world->config.allow_private);
	assert_int_equal(load(world, "allow-private = yes\n"), 0);
	assert_true(world->config.allow_private);
}

static void test_folder_of_environment(void **state)
{
	struct world *world = *state;
	struct nw_config config;

	assert_int_equal(setenv("NEWSWIRE_HOME", world->home, 1), 0);
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.config_path, world->file);
	assert_string_equal(config.data_dir, world->home);
	/* --home comes first. */
	assert_int_equal(nw_config_load(world->arena, "/nowhere", &config,
					&world->err), 0);
	assert_string_equal(config.config_path, "/nowhere/newswire.conf");
	assert_string_equal(config.store_path, "/nowhere/newswire.db");
}

static void test_folder_of_root(void **state)
{
	struct world *world = *state;
	struct nw_config config;

	if (geteuid() || !access("/etc/newswire/newswire.conf", F_OK))
		skip();
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.config_path, "/etc/newswire/newswire.conf");
	assert_string_equal(config.store_path, "/var/lib/newswire/newswire.db");
}

static void check_folder_of_user(struct world *world)
{
	struct nw_config config;

	(void)setenv("HOME", "/home/of-nobody", 1);
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.config_path,
			    "/home/of-nobody/.config/newswire/newswire.conf");
	assert_string_equal(config.data_dir,
			    "/home/of-nobody/.local/share/newswire");
	(void)setenv("XDG_CONFIG_HOME", "/c", 1);
	(void)setenv("XDG_DATA_HOME", "/d", 1);
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.config_path, "/c/newswire/newswire.conf");
	assert_string_equal(config.store_path, "/d/newswire/newswire.db");
	/* A path that is not absolute is ignored. */
	(void)setenv("XDG_DATA_HOME", "d", 1);
	assert_int_equal(nw_config_load(world->arena, NULL, &config,
					&world->err), 0);
	assert_string_equal(config.data_dir,
			    "/home/of-nobody/.local/share/newswire");
}

static void test_folder_of_user(void **state)
{
	const char *home = getenv("HOME");
	char *saved = home ? strdup(home) : NULL;
	bool root = !geteuid();

	if (root)
		assert_int_equal(seteuid(NOBODY), 0);
	check_folder_of_user(*state);
	if (root)
		assert_int_equal(seteuid(0), 0);
	if (saved)
		(void)setenv("HOME", saved, 1);
	free(saved);
}

static void test_make_dir(void **state)
{
	struct world *world = *state;
	struct nw_config config = { .data_dir = NULL };
	char path[160];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/a/b/c", world->home);
	config.data_dir = path;
	assert_int_equal(nw_config_make_dir(&config, &world->err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(nw_config_make_dir(&config, &world->err), 0);
	assert_int_equal(load(world, ""), 0);
	config.data_dir = world->file;
	assert_int_equal(nw_config_make_dir(&config, &world->err), -1);
	assert_int_equal(world->err.code, NW_ERROR_IO);
	(void)snprintf(path, sizeof(path), "%s/newswire.conf/a", world->home);
	config.data_dir = path;
	assert_int_equal(nw_config_make_dir(&config, &world->err), -1);
	assert_non_null(strstr(world->err.text, "newswire.conf"));
}

static void test_ages(void **state)
{
	static const struct {
		const char *text;
		size_t count;
		int64_t last_s;
	} cases[] = {
		{ "none", 0, 0 },
		{ "60", 1, 60 },
		{ "10m 1h 6h 24h", 4, 86400 },
		{ " 10m,1h ,\t6h, ", 3, 21600 },
		{ "1m 2m 3m 4m 5m 6m 7m 8m", 8, 480 },
	};
	static const char *const wrong[] = {
		"", " ", ",", "10m none", "none 10m", "59", "25h", "1h 1h",
		"1h 10m", "10", "10q", "-10m", "1m 2m 3m 4m 5m 6m 7m 8m 9m",
		"99999999999999999999", "10m;1h",
	};
	int64_t ages_s[NW_RECHECKS];
	size_t count, i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(nw_config_ages(cases[i].text, ages_s, &count),
				 0);
		assert_int_equal(count, cases[i].count);
		assert_true(!count || ages_s[count - 1] == cases[i].last_s);
	}
	for (i = 0; i < COUNT(wrong); i++)
		if (nw_config_ages(wrong[i], ages_s, &count) == 0)
			fail_msg("\"%s\" is taken", wrong[i]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_missing_file),
		TEST(test_empty_file),
		TEST(test_all_options),
		TEST(test_delivers),
		TEST(test_many_delivers),
		TEST(test_no_address),
		TEST(test_folders_are_absolute),
		TEST(test_last_wins),
		TEST(test_units),
		TEST(test_bad_values),
		TEST(test_bad_delivers),
		TEST(test_host_pause),
		TEST(test_proxies),
		TEST(test_poll_order),
		TEST(test_update_pause),
		TEST(test_no_file),
		TEST(test_large_file),
		TEST(test_path_host_default),
		TEST(test_allow_private),
		TEST(test_folder_of_environment),
		TEST(test_folder_of_root),
		TEST(test_folder_of_user),
		TEST(test_make_dir),
		cmocka_unit_test(test_ages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
