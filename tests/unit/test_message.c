/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "message_fixture.h"
#include "newswire/hypertext.h"
#include "newswire/limits.h"
#include "newswire/text.h"
#include "newswire/wire.h"

#define HAN   "\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87"
#define HAN20 HAN HAN HAN HAN HAN

static void simple_story_is_this(void **state)
{
	struct nw_story *story = model_text(*state, "A headline", "Body.");
	struct nw_author author = { .name = "Jane Doe" };
	struct nw_post post = message_root();

	nw_story_add_author(*state, &story->authors, &story->author_count,
			    &author);
	story->description = "Stand first.";
	story->language = "en-GB";
	post.subject = story->title;
	assert_string_equal(
		message_of(state, story, &post),
		"Path: news.example!not-for-mail\r\n"
		"From: Jane Doe <jane-doe@a.example.invalid>\r\n"
		"Newsgroups: com.example.news\r\n"
		"Subject: A headline\r\n"
		"Date: Sat, 26 Jul 2025 09:59:00 +0000\r\n"
		"Message-ID: <s.abc@d.invalid>\r\n"
		"Injection-Date: Sat, 26 Jul 2025 10:00:00 +0000\r\n"
		"Archived-At: <https://a.example/s>\r\n"
		"Content-Language: en-GB\r\n"
		"Summary: Stand first.\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative; "
		"boundary=\"=_qdfwfscwqg2qpwnge44sqexhfa\"\r\n"
		"\r\n"
		"--=_qdfwfscwqg2qpwnge44sqexhfa\r\n"
		"Content-Type: text/plain; charset=\"utf-8\"; "
		"format=\"flowed\"\r\n"
		"Content-Transfer-Encoding: 7bit\r\n"
		"\r\n"
		"Stand first.\r\n"
		"\r\n"
		"Body.\r\n"
		"\r\n"
		"Source: https://a.example/s\r\n"
		"\r\n"
		"--=_qdfwfscwqg2qpwnge44sqexhfa\r\n"
		"Content-Type: text/html; charset=\"utf-8\"\r\n"
		"Content-Transfer-Encoding: 7bit\r\n"
		"\r\n"
		"<!DOCTYPE html>\r\n"
		"<html lang=\"en-GB\">\r\n"
		"<head>\r\n"
		"<meta charset=\"utf-8\">\r\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\r\n"
		"<title>A headline</title>\r\n"
		"<style>\r\n"
		"body{max-width:42em;margin:1em auto;padding:0 .5em;"
		"line-height:1.5;font-family:serif}\r\n"
		"blockquote{margin:1em 0 1em .5em;padding-left:.75em;"
		"border-left:3px solid}\r\n"
		"pre{white-space:pre-wrap;overflow-wrap:anywhere}\r\n"
		"table{border-collapse:collapse}\r\n"
		"td,th{border:1px solid;padding:.2em .5em;text-align:start}\r\n"
		"footer,figure{font-size:smaller;margin:1em 0}\r\n"
		"</style>\r\n"
		"</head>\r\n"
		"<body dir=\"auto\">\r\n"
		"<p><strong>Stand first.</strong></p>\r\n"
		"<p>Body.</p>\r\n"
		"<footer>\r\n"
		"<p>Source: <a href=\"https://a.example/s\">"
		"https://a.example/s</a></p>\r\n"
		"</footer>\r\n"
		"</body>\r\n"
		"</html>\r\n"
		"\r\n"
		"--=_qdfwfscwqg2qpwnge44sqexhfa--\r\n");
	assert_string_equal(message_of(state, story, &post),
			    message_of(state, story, &post));
}

/* The decoded octets of a part, by libetpan. */
static char *part_octets(void **state, struct mailmime *part)
{
	struct mailmime_data *data = part->mm_data.mm_single;
	char *result = NULL, *copy;
	size_t at = 0, len;

	assert_int_equal(mailmime_part_parse(data->dt_data.dt_text.dt_data,
					     data->dt_data.dt_text.dt_length,
					     &at, data->dt_encoding, &result,
					     &len),
			 MAILIMF_NO_ERROR);
	copy = nw_arena_strndup(*state, result, len);
	mmap_string_unref(result);
	return copy;
}

static char *with_crlf(void **state, const struct nw_buf *text)
{
	struct nw_buf out;
	const char *at;
	char *copy;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	for (at = text->data; *at; at++) {
		if (*at == '\n')
			nw_buf_addc(&out, '\r');
		nw_buf_addc(&out, *at);
	}
	copy = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	return copy;
}

/* Parsed by libetpan, a message has two parts: the text and the HTML. */
static void assert_parts(void **state, const struct nw_story *story,
			 const struct nw_post *post, const char *encodings)
{
	static const char *const names[] = { "plain", "html" };
	const char *message = message_of(state, story, post);
	struct mailmime *mime = NULL, *multipart;
	struct nw_buf wanted[2];
	struct nw_error err;
	size_t at = 0, i = 0;
	clistiter *iter;
	bool delsp;

	nw_buf_init(&wanted[0], NW_MESSAGE_BYTES);
	nw_buf_init(&wanted[1], NW_MESSAGE_BYTES);
	(void)nw_text_write(&wanted[0], story, post, &delsp, &err);
	(void)nw_hypertext_write(&wanted[1], story, post, &err);
	assert_int_equal(mailmime_parse(message, strlen(message), &at, &mime),
			 MAILIMF_NO_ERROR);
	assert_int_equal(mime->mm_type, MAILMIME_MESSAGE);
	multipart = mime->mm_data.mm_message.mm_msg_mime;
	assert_int_equal(multipart->mm_type, MAILMIME_MULTIPLE);
	for (iter = clist_begin(multipart->mm_data.mm_multipart.mm_mp_list);
	     iter; iter = clist_next(iter), i++) {
		struct mailmime *part = clist_content(iter);

		assert_true(i < 2);
		assert_int_equal(part->mm_type, MAILMIME_SINGLE);
		assert_string_equal(part->mm_content_type->ct_subtype,
				    names[i]);
		assert_string_equal(part_octets(state, part),
				    with_crlf(state, &wanted[i]));
		assert_int_equal(part->mm_data.mm_single->dt_encoding,
				 encodings[i] == '7' ? MAILMIME_MECHANISM_7BIT
				 : encodings[i] == '8'
					 ? MAILMIME_MECHANISM_8BIT
					 : MAILMIME_MECHANISM_QUOTED_PRINTABLE);
	}
	assert_int_equal(i, 2);
	/* RFC 2045 section 6.4 */
	assert_int_equal(strchr(encodings, '8') != NULL,
			 message_header(state, message,
					"Content-Transfer-Encoding") != NULL);
	assert_int_equal(strstr(message, "delsp=\"yes\"") != NULL, delsp);
	mailmime_free(mime);
	nw_buf_free(&wanted[0]);
	nw_buf_free(&wanted[1]);
}

#define LONG                                                                    \
	"The council met on Monday evening and voted, by nineteen to four, to " \
	"keep the old mill open until the spring; residents applauded."

static const struct {
	const char *text, *encodings;
} parts[] = {
	{ "Short.", "77" },
	{ LONG " " LONG, "77" },
	{ "Gr\xc3\xb6\xc3\x9f"
	  "e " LONG " " LONG,
	  "88" },
	{ "a = b =3D =20 \xc3\xa4", "88" },
	{ HAN20 HAN20 HAN20 HAN20, "88" },
	{ "\xd0\x97\xd0\xb5\xd0\xbb\xd0\xb5\xd0\xbd\xd1\x81\xd1\x8c\xd0\xba\xd0"
	  "\xb8\xd0\xb9 \xd0\xb2 \xd0\x9a\xd0\xb8\xd1\x94\xd0\xb2\xd1\x96",
	  "88" },
	{ ".\n..\n.x\nFrom x\n>From y\n-- \n", "77" },
	{ "\xc3\xa4\n.\nFrom x\n \n  indented\n--=_x\n", "88" },
	/* the end of the first part, foretold */
	{ "--=_qdfwfscwqg2qpwnge44sqexhfa--\nx\n--=_qdfwfscwqg2qpwnge44sqexhfa",
	  "QQ" },
	{ "control \x01\x7f characters", "Q7" },
};

static void parts_come_back(void **state)
{
	struct nw_post post = message_root();
	size_t i;

	for (i = 0; i < COUNT(parts); i++)
		assert_parts(state, model_text(*state, "T", parts[i].text),
			     &post, parts[i].encodings);
}

static void long_address_is_wrapped_by_the_encoding(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Link.");
	struct nw_post post = message_root();
	char url[4000] = "https://a.example/";

	memset(url + strlen(url), 'a', sizeof(url) - 1 - strlen(url));
	story->body.blocks->spans->href = url;
	story->url = story->canonical_url = url;
	assert_parts(state, story, &post, "Q7");
	assert_null(message_header(state, message_of(state, story, &post),
				   "Archived-At"));
}

/* Each field of the model tries to begin a header of its own. */
#define EVIL "x\\r\\nInjected: 1\\n\\nInjected: 2\\rInjected: 3"
#define EVIL_PERSON                                                           \
	"{'name':'" EVIL "','url':'https://a.example/" EVIL "','role':'" EVIL \
	"','bio':'" EVIL "','avatar':'" EVIL "','email':'j@a.example" EVIL    \
	"'}"
#define EVIL_SPANS "[{'text':'" EVIL "','href':'https://a.example/" EVIL "'}]"
#define EVIL_IMAGE                                         \
	"{'url':'https://a.example/" EVIL "','alt':'" EVIL \
	"','caption':'" EVIL "','credit':'" EVIL "'}"
#define EVIL_BODY                                                         \
	"{'blocks':[{'kind':'paragraph','spans':" EVIL_SPANS "},"         \
	"{'kind':'heading','level':2,'spans':" EVIL_SPANS "},"            \
	"{'kind':'item','level':1,'spans':" EVIL_SPANS "},"               \
	"{'kind':'code','spans':" EVIL_SPANS "},"                         \
	"{'kind':'image','image':" EVIL_IMAGE "},"                        \
	"{'kind':'embed','embed':{'url':'https://a.example/" EVIL "',"    \
	"'title':'" EVIL "'}},"                                           \
	"{'kind':'table','table':{'rows':[{'cells':[{'spans':" EVIL_SPANS \
	"}]}]}}]}"

static const char evil[] =
	"{'url':'https://a.example/" EVIL "',"
	"'canonical_url':'https://a.example/" EVIL "','aliases':['" EVIL "'],"
	"'title':'" EVIL "','kicker':'" EVIL "','description':'" EVIL "',"
	"'authors':[" EVIL_PERSON "],'publisher':'" EVIL "','language':'" EVIL
	"','section':'" EVIL "','topics':['" EVIL "'],'paywalled':true,"
	"'lead_image':" EVIL_IMAGE ",'corrections':['" EVIL "'],"
	"'enclosures':[{'url':'https://a.example/" EVIL "','type':'" EVIL "',"
	"'title':'" EVIL "'}],'body':" EVIL_BODY ","
	"'updates':[{'key':'" EVIL "','url':'https://a.example/" EVIL "',"
	"'title':'" EVIL "','authors':[" EVIL_PERSON "],'marks':1,"
	"'parent_key':'" EVIL "','body':" EVIL_BODY "},"
	"{'key':'b','parent_key':'" EVIL "','body':" EVIL_BODY "}]}";

/* The names of the headers that we write, in their order. */
static const char known[] =
	"|Path|From|Newsgroups|Subject|Date|Message-ID|References|In-Reply-To|"
	"Supersedes|Injection-Date|Archived-At|Keywords|Content-Language|"
	"Summary|Expires|Comments|List-Id|List-Archive|Face|MIME-Version|"
	"Content-Type|";

/* The longest line that may stand as it is, and one octet more. */
static void longest_line_is_not_encoded(void **state)
{
	struct nw_post post = message_root();
	char word[NW_LINE_OCTETS + 2];
	const char *encoding;
	size_t len;

	for (len = NW_LINE_OCTETS; len <= NW_LINE_OCTETS + 1; len++) {
		memset(word, 'x', len);
		word[len] = '\0';
		encoding = strstr(
			message_of(state, model_text(*state, "T", word), &post),
			"Content-Transfer-Encoding: ");
		assert_non_null(encoding);
		assert_int_equal(encoding[27],
				 len > NW_LINE_OCTETS ? 'q' : '7');
	}
}

static void assert_known_headers(const char *message)
{
	const char *line, *end, *found = known;
	char name[64];

	for (line = message; *line != '\r'; line = end) {
		end = strstr(line, "\r\n") + 2;
		if (*line == ' ')
			continue;
		(void)snprintf(name, sizeof(name), "|%.*s|",
			       (int)strcspn(line, ":"), line);
		found = strstr(found, name);
		assert_non_null(found);
	}
}

static void nothing_is_injected(void **state)
{
	const struct nw_thread_options thread_options = {
		.id_domain = "d.invalid",
		.now_utc = MESSAGE_NOW,
	};
	struct nw_story *story = model_story(*state, evil);
	struct nw_story *before = model_text(*state, "T", "Before.");
	struct nw_thread threads[2];
	struct nw_error err;
	size_t i, j, posts = 0;

	before->root_id = before->message_id = "<s.x@d.invalid>";
	assert_int_equal(nw_thread_plan(*state, NULL, story, &thread_options,
					&threads[0], &err),
			 0);
	assert_int_equal(nw_thread_plan(*state, before, story, &thread_options,
					&threads[1], &err),
			 0);
	for (i = 0; i < COUNT(threads); i++)
		for (j = 0; j < threads[i].post_count; j++, posts++) {
			assert_known_headers(message_of(state, threads[i].story,
							&threads[i].posts[j]));
			assert_parts(state, threads[i].story,
				     &threads[i].posts[j], "Q7");
		}
	/* root and two updates; edit, correction and two updates */
	assert_int_equal(posts, 7);
}

static void post_that_is_evil_itself_injects_nothing(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_post post = message_root();
	const char *ids[] = { "<a@b>\r\nInjected: 1", "<c@d>\nInjected: 2" };

	post.message_id = ids[0];
	post.supersedes = ids[1];
	post.references = ids;
	post.reference_count = 2;
	post.subject = "\r\n Subject\r\nInjected: 1\r\n\r\nInjected: 2";
	assert_known_headers(message_of(state, story, &post));
}

static void what_is_no_article_is_refused(void **state)
{
	static const char *const bad_groups[] = { "a b", "",
						  "x\r\nInjected: 1" };
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_message_options with = message_options;
	struct nw_post post = message_root();
	struct nw_error err;
	struct nw_buf out;
	size_t i;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	post.kind = NW_POST_CANCEL;
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	assert_int_equal(err.code, NW_ERROR_INTERNAL);
	post = message_root();
	post.subject = "";
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	assert_int_equal(err.code, NW_ERROR_INTERNAL);
	post = message_root();
	with.newsgroup_count = 0;
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	assert_int_equal(err.code, NW_ERROR_USAGE);
	with.newsgroup_count = 1;
	for (i = 0; i < COUNT(bad_groups); i++) {
		with.newsgroups = &bad_groups[i];
		assert_int_equal(nw_message_write(&out, story, &post, &with,
						  &err),
				 -1);
		assert_int_equal(err.code, NW_ERROR_USAGE);
	}
	with = message_options;
	with.path_host = "a\r\nInjected: 1";
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	with.path_host = NULL;
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	assert_int_equal(err.code, NW_ERROR_USAGE);
	assert_int_equal(out.len, 0);
	nw_buf_free(&out);
	nw_buf_init(&out, 1000);
	nw_buf_adds(&out, "before");
	assert_int_equal(nw_message_write(&out, story, &post, &message_options,
					  &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_string_equal(out.data, "before");
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(simple_story_is_this),
		cmocka_unit_test(parts_come_back),
		cmocka_unit_test(long_address_is_wrapped_by_the_encoding),
		cmocka_unit_test(longest_line_is_not_encoded),
		cmocka_unit_test(nothing_is_injected),
		cmocka_unit_test(post_that_is_evil_itself_injects_nothing),
		cmocka_unit_test(what_is_no_article_is_refused),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
