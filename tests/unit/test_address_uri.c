/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../plugin/address.h"

struct sample {
	const char *given;
	const char *address;	/* NULL: none */
};

typedef char *read_fn(const char *text);

static void check(read_fn *read, const struct sample *samples, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct sample *sample = &samples[i];
		char *address = read(sample->given);

		if (!address != !sample->address ||
		    (address && strcmp(address, sample->address)))
			fail_msg("\"%s\": %s", sample->given,
				 address ? address : "none");
		if (address)
			assert_true(nw_address_is_web(address));
		g_free(address);
	}
}

/* What no way in may let through, after a scheme that it would. */
static const char *const hostile[] = {
	"https://",
	"https:///path",
	"https://?query",
	"https://a b.example/",
	"https://a.example/a b",
	"https://a.example/\ttab",
	"https://a.example/\r\nQUIT",
	"https://a.example/\x01",
	"https://a.example/\x7f",
	"https://a.example/\xc2\x85",			/* a control of C1 */
	"https://a.example/\xe2\x80\xae" "fdp",		/* right to left */
	"https://a.example/\xe2\x80\x8b",		/* of no width */
	"https://a.example/\xc2\xa0",			/* no-break space */
	"https://a.example/\xff",			/* no UTF-8 */
	"https://a.example/\"onclick",
	"https://a.example/<script>",
	"https://a.example\\@b.example/",
	"https://a.example/`id`",
	"https://a.example/{a,b}|c^d",
	"https://user@a.example/",
	"https://user:password@a.example/",
	"https://bank.example:pass@a.example",
	"https://a.example:/",
	"https://a.example:0/",
	"https://a.example:65536/",
	"https://a.example:99999999999999999999/",
	"https://a.example:80:80/",
	"https://a.example:80a/",
	"https://a%2eexample/",
	"https://a'.example/",
	"https://$(id)/",
	"https://-oProxyCommand=id/",
	"https://.a.example/",
	"https://[::1",
	"https://::1]/",
	"https://[::1]x/",
	"https://[]/",
	"https://[::g]/",
	"https://[fe80::1%25eth0]/",
	"javascript:alert(1)",
	"javascript://a.example/%0aalert(1)",
	"JavaScript:alert(1)",
	"data:text/html,x",
	"file:///etc/passwd",
	"ftp://a.example/",
	"mailto:a@b.example",
	"view-source:https://a.example/",
	"http:a.example",
	"http:/a.example",
	"",
};

static void test_hostile(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(hostile); i++) {
		char *uri = g_strconcat("newswire:", hostile[i], NULL);
		char *slashes = g_strconcat("newswire://", hostile[i], NULL);
		char *a = nw_address_of_uri(uri);
		char *b = nw_address_of_uri(slashes);
		char *c = nw_address_of_text(hostile[i]);
		char *d = nw_address_of_clipboard(hostile[i]);

		if (nw_address_is_web(hostile[i]) || a || b || c || d)
			fail_msg("\"%s\" is let through", hostile[i]);
		g_free(uri);
		g_free(slashes);
	}
}

static void test_long(void **state)
{
	char *path = g_strnfill(NW_ADDRESS_BYTES, 'a');
	char *address = g_strconcat("https://", path, NULL);

	(void)state;
	assert_false(nw_address_is_web(address));
	address[NW_ADDRESS_BYTES] = '\0';
	assert_true(nw_address_is_web(address));
	g_free(address);
	g_free(path);
}

static void test_uri(void **state)
{
	static const struct sample samples[] = {
		{ "newswire://a.example/news", "https://a.example/news" },
		{ "newswire://a.example", "https://a.example" },
		{ "newswire://a.example:8443/?q=1#f",
		  "https://a.example:8443/?q=1#f" },
		{ "newswire:https://a.example/", "https://a.example/" },
		{ "newswire:http://a.example/", "http://a.example/" },
		{ "newswire://https://a.example/", "https://a.example/" },
		{ "newswire://http://a.example/", "http://a.example/" },
		/* A browser took "https:" for a host without a port. */
		{ "newswire://https//a.example/", "https://a.example/" },
		{ "newswire://http//a.example/", "http://a.example/" },
		{ "NewsWire:HTTPS://a.example/", "HTTPS://a.example/" },
		/* As Claws Mail hands it over. */
		{ "newswire://a.example/x\n", "https://a.example/x" },
		{ "newswire:\n", NULL },
		{ "newswire://b\xc3\xbcro.example/\xd1\x82",
		  "https://b\xc3\xbcro.example/\xd1\x82" },
		{ "newswire://[::1]:8119/", "https://[::1]:8119/" },
		{ "newswire:a.example", NULL },
		{ "newswire:/a.example", NULL },
		{ "newswire:", NULL },
		{ "newswire://", NULL },
		{ "newswire:newswire://a.example", NULL },
		{ "newswire://newswire://a.example", NULL },
		{ "newswires://a.example", NULL },
		{ "feed://a.example", NULL },
		{ "https://a.example", NULL },
		{ "", NULL },
	};

	(void)state;
	check(nw_address_of_uri, samples, COUNT(samples));
	assert_true(nw_address_is_uri("newswire:javascript:alert(1)"));
	assert_false(nw_address_is_uri("https://a.example/newswire:"));
}

static void test_text(void **state)
{
	static const struct sample samples[] = {
		{ "https://a.example/x", "https://a.example/x" },
		{ " \thttp://a.example\n", "http://a.example" },
		{ "a.example", "https://a.example" },
		{ "a.example:8443/x", "https://a.example:8443/x" },
		{ "127.0.0.1:8119/", "https://127.0.0.1:8119/" },
		{ "a.example/it's_(1)", "https://a.example/it's_(1)" },
		{ "the news", NULL },
		{ "me@a.example", NULL },
		{ "   ", NULL },
	};

	(void)state;
	check(nw_address_of_text, samples, COUNT(samples));
}

static void test_clipboard(void **state)
{
	static const struct sample samples[] = {
		{ "https://a.example/x\n", "https://a.example/x" },
		{ "www.a.example", "https://www.a.example" },
		{ "a.example", NULL },
		{ "readme.txt", NULL },
		{ "https://a.example/ and more", NULL },
		{ "https://a.example/\nhttps://b.example/", NULL },
	};

	(void)state;
	check(nw_address_of_clipboard, samples, COUNT(samples));
}

static char *of_message(const char *text)
{
	char path[] = "/tmp/newswire-test-XXXXXX";
	int file = mkstemp(path);
	char *address;

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	assert_int_equal(close(file), 0);
	address = nw_address_of_message(path);
	assert_int_equal(unlink(path), 0);
	return address;
}

static void test_message(void **state)
{
	static const struct sample samples[] = {
		{ "From: a\nArchived-At: <https://a.example/x>\nX: y\n\nbody",
		  "https://a.example/x" },
		{ "archived-at:<http://a.example/>\r\n\r\n",
		  "http://a.example/" },
		{ "Archived-At: <https://a.example/one\n\ttwo\n three>\n\n",
		  "https://a.example/onetwothree" },
		{ "Archived-At:\r\n <https://a.example/x>\r\n\r\n",
		  "https://a.example/x" },
		{ "Archived-At: <https://a.example/x>",
		  "https://a.example/x" },
		/* An encoded word is no URL. */
		{ "Archived-At: =?UTF-8?Q?=3Chttps=3A=2F=2Fa.example=3E?=\n\n",
		  NULL },
		{ "Archived-At: <https://a.example/=?UTF-8?Q?x?=>\n\n",
		  "https://a.example/=?UTF-8?Q?x?=" },
		{ "Archived-At: https://a.example/\n\n", NULL },
		{ "Archived-At: <javascript:alert(1)>\n\n", NULL },
		{ "Archived-At: <file:///etc/passwd>\n\n", NULL },
		{ "Archived-At: <https://a.example/a b>\n\n", NULL },
		{ "Archived-At: <>\n\n", NULL },
		{ "Archived-At: >\n\n", NULL },
		{ "X: a\n Archived-At: <https://a.example/>\n\n", NULL },
		{ "X: a\n\nArchived-At: <https://a.example/>\n", NULL },
		{ "", NULL },
		{ "\n", NULL },
	};
	(void)state;
	check(of_message, samples, COUNT(samples));
	assert_null(nw_address_of_message("/nowhere/at/all"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_uri),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_clipboard),
		cmocka_unit_test(test_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
