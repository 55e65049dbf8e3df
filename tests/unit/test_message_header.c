/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the headers of a message say of its story and its source.
 */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "message_fixture.h"
#include "newswire/limits.h"
#include "newswire/wire.h"

#define HAN "\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87"

static const char *const references[] = { "<r@d.invalid>", "<u@d.invalid>" };

static const struct {
	const char *story, *from;
} people[] = {
	{ "'authors':[{'name':'Jane Doe'}]",
	  "Jane Doe <jane-doe@a.example.invalid>" },
	{ "'authors':[{'name':'Jane Doe'},{'name':'John Roe'}]",
	  "\"Jane Doe, John Roe\" <jane-doe-john-roe@a.example.invalid>" },
	{ "'authors':[{'name':'Jane Doe','email':'jd@news.example'}]",
	  "Jane Doe <jd@news.example>" },
	{ "'authors':[{'name':'A','email':'a@a.example'},{'name':'B'}]",
	  "\"A, B\" <a-b@a.example.invalid>" },
	{ "'authors':[{'name':'J. R. \\u0022X\\u0022 \\\\ Doe'}]",
	  "\"J. R. \\\"X\\\" \\\\ Doe\" <j-r-x-doe@a.example.invalid>" },
	{ "'authors':[{'name':'Jos\xc3\xa9 Garc\xc3\xad"
	  "a'}]",
	  "=?UTF-8?B?Sm9zw6kgR2FyY8OtYQ==?= "
	  "<jose-garcia@a.example.invalid>" },
	{ "'authors':[{'name':'" HAN "'}]",
	  "=?UTF-8?B?5Lit5paH5Lit5paH?= <newsroom@a.example.invalid>" },
	{ "'publisher':'The Paper'",
	  "The Paper <the-paper@a.example.invalid>" },
	{ "'title':'x'", "\"a.example\" <a-example@a.example.invalid>" },
	{ "'authors':[{'role':'nameless'}],'publisher':'P'",
	  "P <p@a.example.invalid>" },
	/* addresses that are none */
	{ "'authors':[{'name':'J','email':'j'}]", "J <j@a.example.invalid>" },
	{ "'authors':[{'name':'J','email':'j@localhost'}]",
	  "J <j@a.example.invalid>" },
	{ "'authors':[{'name':'J','email':'j@b.example>\\r\\nBcc: x'}]",
	  "J <j@a.example.invalid>" },
	{ "'authors':[{'name':'J','email':'j k@b.example'}]",
	  "J <j@a.example.invalid>" },
	{ "'authors':[{'name':'J','email':'a..b@b.example'}]",
	  "J <j@a.example.invalid>" },
	{ "'authors':[{'name':'J','email':'\xc3\xa4@b.example'}]",
	  "J <j@a.example.invalid>" },
	/* names that would be another header or address */
	{ "'authors':[{'name':'J\\r\\nBcc: x <y@z.example>'}]",
	  "\"J Bcc: x <y@z.example>\" <j-bcc-x-y-z-example@a.example.invalid>" },
	{ "'authors':[{'name':'=?UTF-8?Q?x?='}]",
	  "=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?= "
	  "<utf-8-q-x@a.example.invalid>" },
};

static void from_names_the_authors(void **state)
{
	struct nw_post post = message_root();
	const char *message;
	size_t i;

	for (i = 0; i < COUNT(people); i++) {
		message = message_of(
			state,
			model_story(
				*state,
				nw_arena_printf(
					*state,
					"{'url':'https://www.a.example/s',%s}",
					people[i].story)),
			&post);
		assert_string_equal(message_header(state, message, "From"),
				    people[i].from);
		message_check_words(state, message, "From");
	}
}

static void from_of_an_update_is_its_own_author(void **state)
{
	struct nw_story *story = model_story(
		*state,
		"{'url':'https://a.example/s','authors':[{'name':'Story'}],"
		"'updates':[{'key':'a','authors':[{'name':'Up'}]},{'key':'b'}]}");
	struct nw_post post = message_root();

	post.kind = NW_POST_UPDATE;
	post.update = &story->updates[0];
	assert_string_equal(message_header(state,
					   message_of(state, story, &post),
					   "From"),
			    "Up <up@a.example.invalid>");
	post.update = &story->updates[1];
	assert_string_equal(message_header(state,
					   message_of(state, story, &post),
					   "From"),
			    "Story <story@a.example.invalid>");
}

static void many_authors_are_cut(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_author author = { .name = NULL };
	struct nw_post post = message_root();
	const char *from;
	unsigned i;

	for (i = 0; i < NW_STORY_AUTHORS; i++) {
		author.name = nw_arena_printf(*state, "First Last Number%u", i);
		nw_story_add_author(*state, &story->authors,
				    &story->author_count, &author);
	}
	from = message_header(state, message_of(state, story, &post), "From");
	assert_non_null(strstr(from, ", First Last Number11 et al.\" <"));
	assert_true(strlen(from) < NW_STORY_NAME_BYTES + 100);
}

static const struct {
	const char *url, *from;
} hosts[] = {
	{ "https://www.a.example/", "P <p@a.example.invalid>" },
	{ "https://[::1]/", "P <p@unknown.invalid>" },
	{ "https://192.0.2.1/", "P <p@192.0.2.1.invalid>" },
	{ "https://a.example\\r\\nX: y/", "P <p@unknown.invalid>" },
	{ "urn:x", "P <p@unknown.invalid>" },
};

static void address_is_at_the_publisher_but_invalid(void **state)
{
	struct nw_post post = message_root();
	size_t i;

	for (i = 0; i < COUNT(hosts); i++)
		assert_string_equal(
			message_header(
				state,
				message_of(
					state,
					model_story(
						*state,
						nw_arena_printf(
							*state,
							"{'publisher':'P','url':'%s'}",
							hosts[i].url)),
					&post),
				"From"),
			hosts[i].from);
}

static void headers_say_what_is_known(void **state)
{
	struct nw_story *story = model_story(
		*state,
		"{'url':'https://a.example/u','canonical_url':"
		"'https://a.example/s?utm_source=x','kicker':'Live',"
		"'section':'World','topics':['live','a, b','\xc3\xa4','  ','z'],"
		"'description':'D.','expires_utc':1753610400,'paywalled':true,"
		"'language':'de','updates':[{'key':'a','marks':15,"
		"'url':'https://a.example/s#a'},{'key':'b'}]}");
	struct nw_post post = message_root();
	const char *message = message_of(state, story, &post);

	assert_string_equal(message_header(state, message, "Archived-At"),
			    "<https://a.example/s>");
	assert_string_equal(message_header(state, message, "Keywords"),
			    "Live, World, \"a, b\", =?UTF-8?B?w6Q=?= , z");
	assert_string_equal(message_header(state, message, "Summary"), "D.");
	assert_string_equal(message_header(state, message, "Expires"),
			    "Sun, 27 Jul 2025 10:00:00 +0000");
	assert_non_null(strstr(message_header(state, message, "Comments"),
			       "subscribers"));
	assert_string_equal(message_header(state, message, "Content-Language"),
			    "de");
	assert_null(message_header(state, message, "References"));
	assert_null(message_header(state, message, "In-Reply-To"));
	assert_null(message_header(state, message, "Supersedes"));
	post.date_utc = 1753610400;
	assert_null(message_header(state, message_of(state, story, &post),
				   "Expires"));
	post.kind = NW_POST_UPDATE;
	post.update = &story->updates[0];
	post.references = (const char **)references;
	post.reference_count = COUNT(references);
	post.supersedes = "<old@d.invalid>";
	message = message_of(state, story, &post);
	assert_string_equal(message_header(state, message, "Archived-At"),
			    "<https://a.example/s#a>");
	assert_string_equal(
		message_header(state, message, "Keywords"),
		"Live, World, key-event, pinned, breaking, summary, "
		"\"a, b\", =?UTF-8?B?w6Q=?= , z");
	assert_null(message_header(state, message, "Summary"));
	assert_null(message_header(state, message, "Expires"));
	assert_string_equal(message_header(state, message, "Comments"),
			    "updated 2025-07-26T10:00:00Z");
	assert_string_equal(message_header(state, message, "References"),
			    "<r@d.invalid> <u@d.invalid>");
	assert_string_equal(message_header(state, message, "In-Reply-To"),
			    "<u@d.invalid>");
	assert_string_equal(message_header(state, message, "Supersedes"),
			    "<old@d.invalid>");
}

/* What the article was changed by; only the paywall is said of the first. */
static void comments_tell_of_changes(void **state)
{
	struct nw_story *story = model_story(
		*state,
		"{'url':'https://a.example/s','published_utc':1753520400,"
		"'modified_utc':1753520460,'revision':2,'updates':[{'key':'a',"
		"'published_utc':1753520400,'modified_utc':1753520401,"
		"'revision':1}],'body':{'blocks':[{'kind':'rule'}]}}");
	const struct nw_body none = { NULL, 0 };
	struct nw_body changes = { story->body.blocks, 1 };
	struct nw_post post = message_root();

	assert_null(message_header(state, message_of(state, story, &post),
				   "Comments"));
	/* The time is the one that the text shows, not the page's word. */
	post.supersedes = "<old@d.invalid>";
	post.updated_utc = 1753520520;
	assert_string_equal(message_header(state,
					   message_of(state, story, &post),
					   "Comments"),
			    "updated 2025-07-26T09:02:00Z; revision 2");
	assert_non_null(strstr(message_of(state, story, &post),
			       "Updated 09:02 UTC"));
	post.kind = NW_POST_UPDATE;
	post.update = &story->updates[0];
	assert_string_equal(message_header(state,
					   message_of(state, story, &post),
					   "Comments"),
			    "updated 2025-07-26T09:02:00Z; revision 1");
	post = message_root();
	post.kind = NW_POST_EDIT;
	post.updated_utc = 1753520460;
	post.changes = &changes;
	assert_string_equal(message_header(state,
					   message_of(state, story, &post),
					   "Comments"),
			    "updated 2025-07-26T09:01:00Z; 1 change");
	post.changes = NULL;
	post.updated_utc = NW_TIME_NONE;
	assert_string_equal(message_header(state,
					   message_of(state, story, &post),
					   "Comments"),
			    "updated 2025-07-26T10:00:00Z");
	post.changes = &none;
	assert_string_equal(message_header(state,
					   message_of(state, story, &post),
					   "Comments"),
			    "updated 2025-07-26T10:00:00Z");
}

/* A name and an address of the source, and its two headers. */
static const struct {
	const char *name, *url, *id, *archive;
} lists[] = {
	{ NULL, NULL, NULL, NULL },
	{ "The Paper", "https://a.example/feed?utm_source=x",
	  "The Paper <com.example.news.d.invalid>",
	  "<https://a.example/feed>" },
	{ "Paper, \"The\" <x@y.example>", NULL,
	  "\"Paper, \\\"The\\\" <x@y.example>\" <com.example.news.d.invalid>",
	  NULL },
	{ HAN, "javascript:alert(1)",
	  "=?UTF-8?B?5Lit5paH5Lit5paH?= <com.example.news.d.invalid>", NULL },
	{ "P\r\nInjected: 1", "https://a.example/\r\nInjected: 1",
	  "\"P Injected: 1\" <com.example.news.d.invalid>", NULL },
	{ NULL, "https://a.example/", "<com.example.news.d.invalid>",
	  "<https://a.example/>" },
	{ "  ", NULL, "<com.example.news.d.invalid>", NULL },
};

static void assert_header(void **state, const char *message, const char *name,
			  const char *value)
{
	if (value)
		assert_string_equal(message_header(state, message, name),
				    value);
	else
		assert_null(message_header(state, message, name));
}

static char *message_with(void **state, const struct nw_story *story,
			  const struct nw_message_options *with)
{
	const struct nw_post post = message_root();
	struct nw_buf out;
	char *message;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_message_write(&out, story, &post, with, NULL), 0);
	message = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	message_check_clean(message);
	return message;
}

static void source_is_a_list(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_message_options with = message_options;
	const char *message;
	size_t i;

	for (i = 0; i < COUNT(lists); i++) {
		with.list_name = lists[i].name;
		with.list_url = lists[i].url;
		message = message_with(state, story, &with);
		assert_header(state, message, "List-Id", lists[i].id);
		assert_header(state, message, "List-Archive", lists[i].archive);
	}
}

/* Every length that goes: the lines, and the octets that come back. */
static void face_is_folded_base64(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_message_options with = message_options;
	char octets[NW_FACE_BYTES + 1], back[sizeof(octets)], *text, *to;
	struct nw_picture face = { NULL, "image/png", octets, 0, 48, 48 };
	const char *message, *line;
	size_t i;

	/* as its readers have it */
	assert_int_equal(NW_FACE_BYTES, 725);
	with.face = &face;
	for (i = 0; i < sizeof(octets); i++)
		octets[i] = (char)(i * 41);
	for (face.len = 1; face.len <= NW_FACE_BYTES; face.len++) {
		message = message_with(state, story, &with);
		line = strstr(message, "\r\nFace: ") + 2;
		assert_true(strcspn(line, "\r") <= 76);
		while ((line = strstr(line, "\r\n ")) != NULL) {
			line += 2;
			assert_true(strcspn(line, "\r") <= 76);
		}
		text = to = message_header(state, message, "Face");
		assert_true(strlen(text) + 6 <= NW_LINE_OCTETS);
		for (i = 0; text[i]; i++)
			if (text[i] != ' ')
				*to++ = text[i];
		assert_int_equal(message_b_octets(text, (size_t)(to - text),
						  back),
				 face.len);
		assert_memory_equal(back, octets, face.len);
	}
	assert_null(message_header(state, message_with(state, story, &with),
				   "Face"));
	face.len = 10;
	face.type = "image/jpeg";
	assert_null(message_header(state, message_with(state, story, &with),
				   "Face"));
}

static void no_headers_for_what_is_not_known(void **state)
{
	static const char *const names[] = {
		"Archived-At", "Keywords", "Summary",
		"Expires",     "Comments", "Content-Language"
	};
	struct nw_post post = message_root();
	const char *message =
		message_of(state,
			   model_story(*state, "{'topics':['  ','\\r\\n']}"),
			   &post);
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		assert_null(message_header(state, message, names[i]));
}

/* An address is not folded: it has room on one line, or is left out. */
static void longest_address_fills_a_line(void **state)
{
	static const char start[] = "https://a.example/";
	const size_t room = NW_LINE_OCTETS - strlen("Archived-At: <>");
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_post post = message_root();
	char url[NW_LINE_OCTETS] = "";

	memset(url, 'a', room);
	memcpy(url, start, strlen(start));
	story->url = story->canonical_url = url;
	assert_non_null(message_header(state, message_of(state, story, &post),
				       "Archived-At"));
	url[room] = 'a';
	assert_null(message_header(state, message_of(state, story, &post),
				   "Archived-At"));
}

static void long_lists_are_folded(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_post post = message_root();
	const char *ids[NW_REFERENCES], *names[40], *message;
	struct nw_message_options many = message_options;
	struct nw_error err;
	struct nw_buf out;
	size_t i;

	for (i = 0; i < COUNT(ids); i++)
		ids[i] = nw_arena_printf(*state, "<%0200zu@d.invalid>", i);
	for (i = 0; i < COUNT(names); i++)
		names[i] =
			nw_arena_printf(*state,
					"com.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
					"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.g%zu",
					i);
	for (i = 0; i < NW_STORY_TOPICS; i++)
		nw_story_add_topic(*state, story,
				   nw_arena_printf(*state, "%.*s %s %zu",
						   (int)(i % 13),
						   "a-dozen-long",
						   i % 2 ? "\xc3\xa4" : "", i));
	post.references = ids;
	post.reference_count = COUNT(ids);
	many.newsgroups = names;
	many.newsgroup_count = COUNT(names);
	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_message_write(&out, story, &post, &many, &err), 0);
	message = out.data;
	message_check_clean(message);
	assert_int_equal(strlen(message_header(state, message, "References")),
			 COUNT(ids) * 212 + COUNT(ids) - 1);
	assert_non_null(strstr(message_header(state, message, "Newsgroups"),
			       ".g38, com."));
	message_check_words(state, message, "Keywords");
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_names_the_authors),
		cmocka_unit_test(from_of_an_update_is_its_own_author),
		cmocka_unit_test(many_authors_are_cut),
		cmocka_unit_test(address_is_at_the_publisher_but_invalid),
		cmocka_unit_test(headers_say_what_is_known),
		cmocka_unit_test(comments_tell_of_changes),
		cmocka_unit_test(source_is_a_list),
		cmocka_unit_test(face_is_folded_base64),
		cmocka_unit_test(no_headers_for_what_is_not_known),
		cmocka_unit_test(longest_address_fills_a_line),
		cmocka_unit_test(long_lists_are_folded),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
