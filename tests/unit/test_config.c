/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a configuration file may say, and what holds where it says nothing.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_fixture.h"
#include "newswire/buf.h"
#include "newswire/limits.h"

static void check_defaults(const struct nw_config *config)
{
	assert_int_equal(config->listen_count, 1);
	assert_string_equal(config->listen[0], "127.0.0.1:1119");
	assert_string_equal(config->socket_mode, "660");
	assert_int_equal(config->unlimited_count, 2);
	assert_string_equal(config->unlimited[0], "127.0.0.0/8");
	assert_string_equal(config->unlimited[1], "::1");
	assert_int_equal(config->per_address.connections,
			 NW_NNTP_ADDRESS_CONNECTIONS);
	assert_int_equal(config->per_address.commands_s, 0);
	assert_int_equal(config->per_address.bytes_s, 0);
	assert_int_equal(config->per_user.connections, 0);
	assert_int_equal(config->manage_groups, NW_MANAGE_GROUPS);
	assert_int_equal(config->listen_tls_count, 0);
	assert_null(config->tls_certificate);
	assert_null(config->tls_key);
	assert_int_equal(config->readers, sysconf(_SC_NPROCESSORS_ONLN));
	assert_string_equal(config->id_domain, "newswire.invalid");
	assert_string_equal(config->user_agent,
			    "newswire/" PACKAGE_VERSION " (+" PACKAGE_URL ")");
	assert_false(config->allow_private);
	assert_null(config->notes);
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
		"listen-tls = {\"0.0.0.0:563\", \"[::]:563\"}\n"
		"tls-certificate = /etc/news/tls.pem\n"
		"tls-key = \"/etc/news/tls key.pem\"\n"
		"readers = 3\n"
		"id-domain = news.example.com\n"
		"path-host = \"gate_1\"\n"
		"notes = {\"local.*\", \"!local.test\"}\n"
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
	assert_int_equal(config->listen_tls_count, 2);
	assert_string_equal(config->listen_tls[1], "[::]:563");
	assert_string_equal(config->tls_certificate, "/etc/news/tls.pem");
	assert_string_equal(config->tls_key, "/etc/news/tls key.pem");
	assert_int_equal(config->readers, 3);
	assert_string_equal(config->id_domain, "news.example.com");
	assert_string_equal(config->path_host, "gate_1");
	assert_string_equal(config->notes, "local.*,!local.test");
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

/* What LIST gives as the operator wrote it. */
static void test_written_lists(void **state)
{
	struct world *world = *state;
	const struct nw_config *config = &world->config;

	assert_int_equal(load(world,
		"motd = {\"Welcome.\", \"\"}\nsubscriptions = \"com.*\"\n"
		"distributions = \"world\tEverywhere\"\n"
		"distrib-pats = {\"10:com.*:world\", \"5:*:\"}\n"
		"moderators = \"com.*:%s@example.org\"\n"), 0);
	assert_int_equal(config->motd.count, 2);
	assert_string_equal(config->motd.values[0], "Welcome.");
	assert_string_equal(config->motd.values[1], "");
	assert_int_equal(config->subscriptions.count, 1);
	assert_string_equal(config->subscriptions.values[0], "com.*");
	assert_string_equal(config->distributions.values[0],
			    "world\tEverywhere");
	assert_int_equal(config->distrib_pats.count, 2);
	assert_string_equal(config->distrib_pats.values[1], "5:*:");
	assert_string_equal(config->moderators.values[0],
			    "com.*:%s@example.org");
}

/* What clients of the server may have. */
static void test_limits(void **state)
{
	struct world *world = *state;
	const struct nw_config *config = &world->config;

	assert_int_equal(load(world,
		"socket-mode = 0600\n"
		"unlimited = {192.168.0.0/16, \"fd00::/8\"}\n"
		"connections-per-address = 8\n"
		"commands-per-address = 500\n"
		"bytes-per-address = 1M\n"
		"connections-per-user = 0\n"
		"commands-per-user = 1000000\n"
		"bytes-per-user = 4096\n"
		"manage-groups = 20\n"), 0);
	assert_string_equal(config->socket_mode, "0600");
	assert_int_equal(config->unlimited_count, 2);
	assert_string_equal(config->unlimited[0], "192.168.0.0/16");
	assert_string_equal(config->unlimited[1], "fd00::/8");
	assert_int_equal(config->per_address.connections, 8);
	assert_int_equal(config->per_address.commands_s, 500);
	assert_int_equal(config->per_address.bytes_s, 1 << 20);
	assert_int_equal(config->per_user.connections, 0);
	assert_int_equal(config->per_user.commands_s, 1000000);
	assert_int_equal(config->per_user.bytes_s, 4096);
	assert_int_equal(config->manage_groups, 20);
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

static void test_host_pause(void **state)
{
	struct world *world = *state;

	assert_int_equal(load(world, "host-pause = 10m\n"), 0);
	assert_int_equal(world->config.host_pause_ms, 600000);
	assert_int_equal(load(world, "host-pause = 601\n"), -1);
	assert_non_null(strstr(world->err.text,
			       "host-pause: must be a time from 0"));
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
		TEST(test_written_lists),
		TEST(test_limits),
		TEST(test_delivers),
		TEST(test_many_delivers),
		TEST(test_no_address),
		TEST(test_last_wins),
		TEST(test_units),
		TEST(test_host_pause),
		TEST(test_update_pause),
		TEST(test_path_host_default),
		TEST(test_allow_private),
		cmocka_unit_test(test_ages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
