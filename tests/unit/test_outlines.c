/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plugin's OPML files.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "unit.h"
#include "opml.h"

#define OPML(body) "<opml version='2.0'><body>" body "</body></opml>"
#define FEED(url)  "<outline text='t' xmlUrl='" url "'/>"

static int set_up(void **state)
{
	char *root = g_dir_make_tmp("newswire-opml-XXXXXX", NULL);

	*state = root ? g_build_filename(root, "file.opml", NULL) : NULL;
	g_free(root);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	char *dir = g_path_get_dirname(*state);

	(void)g_unlink(*state);
	(void)g_rmdir(dir);
	g_free(dir);
	g_free(*state);
	return 0;
}

static GPtrArray *read_text(const char *path, const char *text, gssize len)
{
	GError *error = NULL;
	GPtrArray *outlines;

	assert_true(g_file_set_contents(path, text, len, NULL));
	outlines = nw_opml_read(path, &error);
	/* One or the other, and never a silent failure. */
	assert_int_equal(outlines == NULL, error != NULL);
	g_clear_error(&error);
	return outlines;
}

/* The addresses, a space behind each; "!" when it is refused. */
static void expect(const char *path, const char *text, const char *urls)
{
	GPtrArray *outlines = read_text(path, text, -1);
	GString *all = g_string_new(outlines ? "" : "!");
	guint i;

	for (i = 0; outlines && i < outlines->len; i++) {
		const struct nw_opml_outline *outline = outlines->pdata[i];

		g_string_append_printf(all, "%s ", outline->url);
		assert_non_null(outline->text);
	}
	assert_string_equal(all->str, urls);
	(void)g_string_free(all, TRUE);
	if (outlines)
		g_ptr_array_unref(outlines);
}

static void addresses_are_read(void **state)
{
	static const struct {
		const char *text, *urls;
	} cases[] = {
		{ OPML(FEED("https://a.example/f?x=1&amp;y")),
		  "https://a.example/f?x=1&y " },
		{ "<?xml version='1.0'?><!-- c --><OPML>"
		  "<outline text='folder'><outline xmlURL=' http://b.example "
		  "'/></outline></OPML>",
		  "http://b.example " },
		{ "\357\273\277" OPML(FEED("nntp://h.example:119/a.b")),
		  "nntp://h.example:119/a.b " },
		{ OPML(FEED("ftp://a.example") FEED("javascript:x")
			       FEED("file:///etc/passwd") FEED("")),
		  "" },
		{ OPML(FEED("https://a.example/&#10;XNEWSWIRE")), "" },
		{ OPML(FEED("https://a.example/a b")), "" },
		{ OPML(""), "" },
		{ "<html><outline xmlUrl='https://a.example'/></html>", "!" },
		{ "<opml><body>", "!" },
		{ "no XML", "!" },
		{ "", "!" },
		{ OPML("<outline xmlUrl='https://a.example/&no;'/>"), "!" },
	};
	gsize i;

	for (i = 0; i < COUNT(cases); i++)
		expect(*state, cases[i].text, cases[i].urls);
}

static void other_encodings_are_read(void **state)
{
	GPtrArray *outlines =
		read_text(*state,
			  "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
			  "<opml><outline text=\"M\374nchen\" "
			  "xmlUrl=\"https://a.example\"/></opml>",
			  -1);

	assert_non_null(outlines);
	assert_int_equal(outlines->len, 1);
	assert_string_equal(
		((struct nw_opml_outline *)outlines->pdata[0])->text,
		"München");
	g_ptr_array_unref(outlines);
	expect(*state, "<opml><outline text='\377'/></opml>", "!");
	expect(*state,
	       "<?xml version='1.0' encoding='x-none'?><opml>\377</opml>", "!");
}

/* Entities of a document's own are not known, so that they cannot grow. */
static void a_billion_laughs_are_none(void **state)
{
	expect(*state,
	       "<?xml version='1.0'?><!DOCTYPE opml ["
	       "<!ENTITY a 'https://a.example/'>"
	       "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
	       "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"
	       "<opml><outline xmlUrl='&c;'/></opml>",
	       "!");
	expect(*state,
	       "<!DOCTYPE opml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
	       "<opml><outline text='&a;' xmlUrl='https://a.example'/></opml>",
	       "!");
}

static void it_is_neither_deep_nor_large(void **state)
{
	GString *text = g_string_new("<opml>");
	GPtrArray *outlines;
	guint i;

	for (i = 0; i < 100; i++)
		g_string_append(text, "<outline>");
	for (i = 0; i < 100; i++)
		g_string_append(text, "</outline>");
	g_string_append(text, "</opml>");
	expect(*state, text->str, "!");
	g_string_assign(text, "<opml>");
	for (i = 0; i < 10001; i++)
		g_string_append(text, FEED("https://a.example/"));
	g_string_append(text, "</opml>");
	expect(*state, text->str, "!");
	g_string_assign(text, "<opml>");
	g_string_append(text, FEED("https://a.example/") "<!--");
	g_string_set_size(text, 16u << 20);
	memset(text->str + 64, ' ', text->len - 64);
	g_string_append(text, "--></opml>");
	outlines = read_text(*state, text->str, (gssize)text->len);
	assert_null(outlines);
	(void)g_string_free(text, TRUE);
}

static void devices_are_not_read(void **state)
{
	GError *error = NULL;

	(void)state;
	assert_null(nw_opml_read("/dev/zero", &error));
	assert_non_null(error);
	g_clear_error(&error);
	assert_null(nw_opml_read("/nonexistent/file", &error));
	assert_non_null(error);
	g_clear_error(&error);
}

static void what_is_written_can_be_read(void **state)
{
	struct nw_opml_outline written[] = {
		{ (char *)"a \"b\" <c> & 'd'\n\001", (char *)"https://a/?x&y" },
		{ NULL, (char *)"nntp://h.example:563/org.example" },
	};
	GPtrArray *outlines = g_ptr_array_new();
	const struct nw_opml_outline *read;

	g_ptr_array_add(outlines, &written[0]);
	g_ptr_array_add(outlines, &written[1]);
	assert_true(nw_opml_write(*state, outlines, NULL));
	/* The user has agreed to replace it. */
	assert_true(nw_opml_write(*state, outlines, NULL));
	g_ptr_array_unref(outlines);
	outlines = nw_opml_read(*state, NULL);
	assert_non_null(outlines);
	assert_int_equal(outlines->len, 2);
	read = outlines->pdata[0];
	assert_string_equal(read->text, "a \"b\" <c> & 'd'  ");
	assert_string_equal(read->url, "https://a/?x&y");
	read = outlines->pdata[1];
	assert_string_equal(read->url, written[1].url);
	assert_string_equal(read->text, written[1].url);
	g_ptr_array_unref(outlines);
	outlines = g_ptr_array_new();
	assert_false(nw_opml_write("/nonexistent/file", outlines, NULL));
	g_ptr_array_unref(outlines);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(addresses_are_read),
		TEST(other_encodings_are_read),
		TEST(a_billion_laughs_are_none),
		TEST(it_is_neither_deep_nor_large),
		TEST(devices_are_not_read),
		TEST(what_is_written_can_be_read),
	};

	return cmocka_run_group_tests_name("outlines", tests, NULL, NULL);
}
