/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a configuration file may not say, and where the error points.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config_fixture.h"
#include "newswire/limits.h"

static void test_folders_are_absolute(void **state)
{
	struct world *world = *state;

	assert_int_equal(load(world, "rules-dir = rules\n"), -1);
	assert_non_null(strstr(world->err.text,
			       ":1: rules-dir: must be an absolute path"));
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

static void test_bad_lists(void **state)
{
	static const struct sample samples[] = {
		{ "motd = \"a\x01\"", 1, "motd: must be one line of text" },
		{ "motd = {a,\n\"b\nc\"}", 3, "motd: must be one line" },
		{ "subscriptions = \"\"", 1, "subscriptions: must be a group" },
		{ "distributions = local", 1,
		  "distributions: must be a name, a space and a description" },
		{ "distributions = \" local x\"", 1, "distributions: must be" },
		{ "distributions = \"local \"", 1, "distributions: must be" },
		{ "distributions = \"/a file\"", 1, "distributions: must be" },
		{ "distrib-pats = \"a:com.*:b\"", 1,
		  "distrib-pats: must be WEIGHT:PATTERN:DISTRIBUTION" },
		{ "distrib-pats = \"1:com.*\"", 1, "distrib-pats: must be" },
		{ "distrib-pats = \"1\"", 1, "distrib-pats: must be" },
		{ "distrib-pats = \"1::b\"", 1, "distrib-pats: must be" },
		{ "moderators = \"com.*\"", 1,
		  "moderators: must be PATTERN:ADDRESS" },
		{ "moderators = \":a@b.example\"", 1, "moderators: must be" },
		{ "moderators = \"com.*:\"", 1, "moderators: must be" },
		{ "moderators = \"/a:b\"", 1, "moderators: must be" },
	};

	refused(*state, samples, COUNT(samples));
}

static void test_bad_values(void **state)
{
	static const struct sample samples[] = {
		{ "colour = red\n", 1,
		  "colour: no such option; newswire.conf(5) has them all" },
		{ "read = *\n", 2,
		  "syntax: the file ends amid an option: is a brace open" },
		{ "\n\nreaders = 0\n", 3, "readers: must be a number from 1 " },
		{ "readers = many", 1, "readers: must be a number" },
		{ "readers = -1", 1, "readers: must be a number" },
		{ "readers = 3x", 1, "readers: must be a number" },
		{ "readers = 99999999999999999999", 1,
		  "readers: must be a number" },
		{ "readers = \"\"", 1, "readers: must be a number" },
		{ "# x\nlisten = h\n", 2, "listen: must be ADDRESS:PORT, PORT or" },
		{ "listen = 65536", 1, "listen: must be ADDRESS:PORT, PORT or" },
		{ "listen = \"a:99999999999999999999\"", 1,
		  "listen: the port must be" },
		{ "listen = \"127.0.0.1:65536\"", 1,
		  "listen: the port must be" },
		{ "listen = \"127.0.0.1:1x\"", 1, "listen: the port must be" },
		{ "listen = \"127.0.0.1:\"", 1, "listen: the port must be" },
		{ "listen = \":119\"", 1, "listen: must be ADDRESS:PORT" },
		{ "listen = \"::1:119\"", 1, "listen: an IPv6 address must" },
		{ "listen = \"unix:run/nntp\"", 1, "listen: the path of a" },
		{ "listen = \"unix:\"", 1, "listen: the path of a socket" },
		{ "listen-tls = h\n", 1, "listen-tls: must be ADDRESS:PORT" },
		{ "tls-certificate = tls.pem\n", 1,
		  "tls-certificate: must be an absolute path" },
		{ "\ntls-key = \"\"\n", 2,
		  "tls-key: must be an absolute path" },
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

static void test_bad_limits(void **state)
{
	static const struct sample samples[] = {
		{ "unlimited = {10.0.0.0/8, h}", 1, "unlimited: must be" },
		{ "unlimited = 10.0.0.0/33", 1, "unlimited: must be ADDR" },
		{ "connections-per-address = -1", 1, "connections-per-addr" },
		{ "commands-per-user = 1000001", 1, "commands-per-user: m" },
		{ "manage-groups = -1", 1, "manage-groups: must be a number "
					   "from 0 to 1000000" },
		{ "bytes-per-address = 2048M", 1, "bytes-per-address: must" },
		{ "socket-mode = 66", 1, "socket-mode: must be three octal" },
		{ "socket-mode = 888", 1, "socket-mode: must be three" },
		{ "socket-mode = 1660", 1, "socket-mode: must be three" },
	};

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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_folders_are_absolute),
		TEST(test_bad_lists),
		TEST(test_bad_values),
		TEST(test_bad_limits),
		TEST(test_bad_delivers),
		TEST(test_proxies),
		TEST(test_poll_order),
		TEST(test_no_file),
		TEST(test_large_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
