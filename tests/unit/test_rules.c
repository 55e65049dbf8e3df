/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules of a site: what of a file is understood, and which file is a host's.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newswire/limits.h"
#include "newswire/rules.h"

/* Lines of a file, and what is said of them: "LINE: DIRECTIVE: WHY", with a
 * star for what is not supported. */
static const struct {
	const char *file, *faults;
} files[] = {
	{ "title: //h1\nbody: //article\nauthor://a\ndate : //time\n", "" },
	{ "\xef\xbb\xbf# a comment\r\n\r\n  strip: //aside  \r\n", "" },
	{ "tidy: no\nprune: no\ntest_url: https://a.example/\n", "" },
	{ "titel: //h1\n", "1: titel: there is no such directive\n" },
	{ "\nfrom the publisher\n", "2: from: there is no \":\" behind it\n" },
	{ "// no comment\n", "1: -: the line is no directive\n" },
	{ "title:\n", "1: title: it has no value\n" },
	{ "strip_id_or_class: ''\n", "1: strip_id_or_class: it has no value\n" },
	{ "body: //div[@id='a'\n",
	  "1: body: is no XPath: something is missing at its end\n" },
	{ "body: //div]\n", "1: body: is no XPath from \"]\" on\n" },
	{ "body: //div[matches(., \"lang(\")]\n",
	  "1: body: no function begins \"matches(., \"lang(\")]\"\n" },
	{ "body: //div[re:test (child::text(), '(')]\n",
	  "1: body: no function begins "
	  "\"re:test (child::text(), '(')]\"\n" },
	{ "body: //p[(position() mod (2)) = 1 and (not(self::node()))]\n",
	  "" },
	{ "prune: maybe\n", "1: prune: must be yes or no\n" },
	{ "title(x): //h1\n",
	  "1: title: it takes no argument in brackets\n" },
	{ "wrap_in: //p\n", "1: wrap_in: it needs an argument in brackets\n" },
	{ "wrap_in(1): //p\n", "1: wrap_in: the argument is no element\n" },
	{ "wrap_in(i //p\n",
	  "1: wrap_in: there is no \"):\" behind the argument\n" },
	{ "find_string: a\nreplace_string: b\nfind_string: c\n"
	  "find_string: d\nreplace_string: e\nreplace_string:\n", "" },
	{ "replace_string(): b\n",
	  "1: replace_string: there is nothing to replace\n" },
	{ "replace_string: b\n",
	  "1: replace_string: there is no find_string before it\n" },
	{ "find_string: a\n",
	  "1: find_string: there is no replace_string behind it\n" },
	{ "if_page_contains: //a\n",
	  "1: if_page_contains: there is no single_page_link or "
	  "next_page_link before it\n" },
	{ "next_page_link: //a\nif_page_contains: //b\n", "" },
	{ "http_header(User-Agent): x\n", "" },
	{ "http_header(cookie): \xc3\xa4\n",
	  "1: http_header: may hold printable ASCII only\n" },
	{ "http_header(host): x\n", "1: http_header: is not supported*\n" },
	{ "login_uri: https://a.example/\nrequires_login: yes\n",
	  "1: login_uri: is not supported*\n"
	  "2: requires_login: is not supported*\n" },
	{ "title: \xff\n", "1: -: the line is no UTF-8\n" },
};

static void test_faults(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(files); i++) {
		struct nw_arena *arena = nw_arena_new();
		struct nw_rules_report report;
		const char *said = "";

		(void)nw_rules_parse(arena, "a.txt", files[i].file,
				     strlen(files[i].file), &report);
		for (k = 0; k < report.fault_count; k++) {
			const struct nw_rules_fault *fault = &report.faults[k];

			said = nw_arena_printf(
				arena, "%s%u: %s: %s%s\n", said, fault->line,
				fault->directive ? fault->directive : "-",
				fault->why, fault->unsupported ? "*" : "");
		}
		assert_string_equal(said, files[i].faults);
		nw_arena_free(&arena);
	}
}

static void test_caps_of_a_file(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const size_t lines = NW_RULES_DIRECTIVES + 2;
	char *file = nw_arena_alloc(arena, lines * 16);
	char *long_line = nw_arena_alloc(arena, NW_RULES_LINE_BYTES + 2);
	struct nw_rules_report report;
	size_t i, len = 0;

	(void)state;
	for (i = 0; i < lines; i++) {
		memcpy(file + len, "title: //h1\n", 12);
		len += 12;
	}
	(void)nw_rules_parse(arena, "a.txt", file, len, &report);
	assert_int_equal(report.directives, lines);
	assert_int_equal(report.fault_count, 2);
	memset(long_line, 'a', NW_RULES_LINE_BYTES + 1);
	(void)nw_rules_parse(arena, "a.txt", long_line,
			     NW_RULES_LINE_BYTES + 1, &report);
	assert_int_equal(report.fault_count, 1);
	assert_string_equal(report.faults[0].why, "the line is too long");
	nw_arena_free(&arena);
}

static void test_headers(void **state)
{
	static const char file[] =
		"http_header(User-Agent): Reader/1\n"
		"http_header(COOKIE): consent=1; a=b\n";
	struct nw_arena *arena = nw_arena_new();
	struct nw_rules_headers headers = nw_rules_headers(
		nw_rules_parse(arena, "a.txt", file, strlen(file), NULL));

	(void)state;
	assert_string_equal(headers.user_agent, "Reader/1");
	assert_string_equal(headers.cookie, "consent=1; a=b");
	assert_null(headers.referer);
	headers = nw_rules_headers(NULL);
	assert_null(headers.user_agent);
	nw_arena_free(&arena);
}

/* A folder with a title rule in each file that says the file's name. */
static void write_rules(const char *folder, const char *name)
{
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s.txt", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	(void)fprintf(file, "http_header(cookie): %s in %s\n", name,
		      strrchr(folder, '/') + 1);
	assert_int_equal(fclose(file), 0);
}

static void make_folder(char *path, const char *top, const char *name)
{
	(void)snprintf(path, 256, "%s/%s", top, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

/* A URL, and the file that is its host's; NULL: none. */
static const struct {
	const char *url, *file;
} hosts[] = {
	{ "https://example.org/a", "example.org in user" },
	{ "https://www.example.org/a", "example.org in user" },
	{ "http://WWW.Example.ORG:8080/a", "example.org in user" },
	{ "https://www.example.com/", "www.example.com in system" },
	{ "https://example.com/", "example.com in system" },
	/* a domain's are of the hosts in it alone */
	{ "https://blog.example.net/", ".example.net in system" },
	{ "https://a.blog.example.net/", ".blog.example.net in user" },
	{ "https://x.a.blog.example.net/", ".blog.example.net in user" },
	{ "https://example.net/", NULL },
	{ "https://www.example.net/", NULL },
	{ "https://notexample.net/", NULL },
	/* of a host before those of its domain, in whatever folder */
	{ "https://m.example.net/", "m.example.net in system" },
	{ "https://example.museum/", NULL },
	/* no way out of the folder */
	{ "https://..%2f..%2fetc/", NULL },
	{ "https://../secret", NULL },
	{ "https://[::1]/", NULL },
	{ "https://a_b.example.org/", NULL },
	{ "mailto:a@example.org", NULL },
	{ "nonsense", NULL },
	{ NULL, NULL },
};

static void test_find(void **state)
{
	static const char *const names[2][4] = {
		{ "example.org", ".blog.example.net" },
		{ "example.org", "www.example.com", "example.com" },
	};
	char top[] = "/tmp/newswire-rules-XXXXXX", user[256], system_[256];
	const char *folders[] = { user, system_ };
	char command[64];
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(top));
	make_folder(user, top, "user");
	make_folder(system_, top, "system");
	for (i = 0; i < 2; i++)
		write_rules(user, names[0][i]);
	for (i = 0; i < 3; i++)
		write_rules(system_, names[1][i]);
	write_rules(system_, ".example.net");
	write_rules(system_, "m.example.net");
	write_rules(system_, ".museum");
	write_rules(user, "a_b.example.org");
	write_rules(top, "secret");
	for (i = 0; i < COUNT(hosts); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_rules *rules = NULL;
		struct nw_error err;

		assert_int_equal(nw_rules_find(arena, folders, 2, hosts[i].url,
					       &rules, &err),
				 hosts[i].file ? 1 : 0);
		if (hosts[i].file)
			assert_string_equal(nw_rules_headers(rules).cookie,
					    hosts[i].file);
		nw_arena_free(&arena);
	}
	(void)snprintf(command, sizeof(command), "rm -r %s", top);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_caps_of_a_file),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
