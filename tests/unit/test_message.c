/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "model.h"
#include "newswire/hypertext.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/text.h"
#include "newswire/utf8.h"
#include "newswire/wire.h"

#define NOW INT64_C(1753524000)
#define HAN "\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87"
#define HAN20 HAN HAN HAN HAN HAN
#define SMILE "\xf0\x9f\x98\x80"

static const char *const groups[] = { "com.example.news" };
static const struct nw_message_options options = {
	.newsgroups = groups,
	.newsgroup_count = 1,
	.path_host = "news.example",
	.now_utc = NOW,
};
static const char *const references[] = { "<r@d.invalid>", "<u@d.invalid>" };

static int setup(void **state)
{
	*state = nw_arena_new();
	return 0;
}

static int teardown(void **state)
{
	struct nw_arena *arena = *state;

	nw_arena_free(&arena);
	return 0;
}

static struct nw_post root_post(void)
{
	return (struct nw_post){ .kind = NW_POST_ROOT,
				 .message_id = "<s.abc@d.invalid>",
				 .subject = "T",
				 .date_utc = NOW - 60 };
}

/* No line too long, no lone CR or LF, no control character; only the body may
 * have octets that are not ASCII. */
static void assert_clean(const char *message)
{
	const char *body = strstr(message, "\r\n\r\n"), *lf;

	assert_non_null(body);
	for (; *message; message = lf + 1) {
		lf = strchr(message, '\n');
		assert_non_null(lf);
		assert_true(lf > message && lf[-1] == '\r');
		assert_true(lf - 1 - message <= NW_LINE_OCTETS);
		for (; message < lf - 1; message++)
			assert_true((*message >= ' ' && *message <= '~') ||
				    *message == '\t' ||
				    (message > body &&
				     (unsigned char)*message >= 0x80));
	}
}

static char *message_of(void **state, const struct nw_story *story,
			const struct nw_post *post)
{
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_buf out;
	char *message;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	if (nw_message_write(&out, story, post, &options, &err))
		fail_msg("%s", err.text);
	message = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	assert_clean(message);
	return message;
}

/* The value of a header, unfolded; NULL when there is none. */
static char *header_of(void **state, const char *message, const char *name)
{
	size_t head = (size_t)(strstr(message, "\r\n\r\n") + 2 - message), len;
	const char *value;
	struct nw_buf out;
	char *copy;

	if (!nw_wire_header(message, head, name, &value, &len))
		return NULL;
	nw_buf_init(&out, NW_MESSAGE_BYTES);
	nw_wire_unfold(&out, value, len);
	copy = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	return copy;
}

static void simple_story_is_this(void **state)
{
	struct nw_story *story = model_text(*state, "A headline", "Body.");
	struct nw_author author = { .name = "Jane Doe" };
	struct nw_post post = root_post();

	nw_story_add_author(*state, &story->authors, &story->author_count,
			    &author);
	story->description = "Stand first.";
	story->language = "en-GB";
	post.subject = story->title;
	assert_string_equal(message_of(state, story, &post),
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

/* RFC 2047 read back by libetpan. */
static char *decoded(void **state, const char *text)
{
	size_t at = 0;
	char *result = NULL, *copy;

	assert_int_equal(mailmime_encoded_phrase_parse("us-ascii", text,
						       strlen(text), &at,
						       "utf-8", &result),
			 MAILIMF_NO_ERROR);
	copy = nw_arena_strdup(*state, result);
	free(result);
	return copy;
}

static int hex(char c)
{
	return c >= 'A' ? c - 'A' + 10 : c - '0';
}

/* The octets of one encoded word of quoted-printable. */
static size_t q_octets(const char *text, size_t len, char *octets)
{
	size_t i, count = 0;

	for (i = 0; i < len; i++)
		if (text[i] == '=') {
			octets[count++] = (char)(hex(text[i + 1]) << 4 |
						 hex(text[i + 2]));
			i += 2;
		} else {
			octets[count++] = text[i];
		}
	return count;
}

static size_t b_octets(const char *text, size_t len, char *octets)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";
	unsigned held = 0, bits = 0;
	size_t i, count = 0;

	assert_int_equal(len % 4, 0);
	for (i = 0; i < len && text[i] != '='; i++) {
		held = held << 6 | (unsigned)(strchr(digits, text[i]) - digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			octets[count++] = (char)(held >> bits);
		}
	}
	return count;
}

/* RFC 2047 section 2: an encoded word has at most 75 octets, a line with one
 * 76; section 5: it holds whole characters and stands alone. */
static void assert_encoded_words(void **state, const char *message,
				 const char *name)
{
	size_t head = (size_t)(strstr(message, "\r\n\r\n") + 2 - message), len;
	const char *at, *end, *value;
	char octets[100], *line;

	assert_true(nw_wire_header(message, head, name, &value, &len));
	value = nw_arena_strndup(*state, value, len);
	for (at = value; (at = strstr(at, "=?UTF-8?")); at = end) {
		const char *text = at + strlen("=?UTF-8?Q?");

		end = strstr(text, "?=") + 2;
		len = (size_t)(end - 2 - text);
		assert_true(end - at <= 75);
		assert_true(at == value || at[-1] == ' ');
		assert_true(!*end || *end == ' ' || *end == '\r');
		len = at[8] == 'Q' ? q_octets(text, len, octets) :
				     b_octets(text, len, octets);
		assert_int_equal(nw_utf8_valid(octets, len), len);
	}
	value = nw_arena_printf(*state, "%s: %s\r\n", name, value);
	for (; *value; value = end) {
		end = strstr(value, "\r\n") + 2;
		line = nw_arena_strndup(*state, value,
					(size_t)(end - 2 - value));
		if (strstr(line, "=?UTF-8?"))
			assert_true(strlen(line) <= 76);
	}
}

static const char *const texts[] = {
	"Plain words",
	"Gr\xc3\xb6\xc3\x9f" "e",
	"A word Gr\xc3\xb6\xc3\x9f" "e and more Gr\xc3\xb6\xc3\x9f" "e "
	"Gr\xc3\xb6\xc3\x9f" "e",
	"\xd0\x97\xd0\xb5\xd0\xbb\xd0\xb5\xd0\xbd\xd1\x81\xd1\x8c\xd0\xba\xd0\xb8"
	"\xd0\xb9 \xd0\xb2 \xd0\x9a\xd0\xb8\xd1\x94\xd0\xb2\xd1\x96: 5 + 5 = 10",
	HAN20 HAN20 HAN20 HAN20,
	SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE
	SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE,
	"a" SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE,
	"ab" SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE,
	"abc" SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE,
	"=?UTF-8?Q?not_ours?= stays",
	"a =?b =?= c",
	"under_score and ?= marks",
	"\"quoted\" (and) <angled> a, b; c: d@e [f] \\g",
	"one-long-word-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"many words of plain ASCII that need more than one line to stand on, and "
	"then some more of them so that there are three",
	"e\xcc\x81 combining",
};

static void subject_comes_back(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_post post = root_post();
	const char *message;
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		post.subject = texts[i];
		message = message_of(state, story, &post);
		assert_encoded_words(state, message, "Subject");
		assert_string_equal(decoded(state, header_of(state, message,
							     "Subject")),
				    texts[i]);
	}
}

/* Every length of the words before it moves the edges of the encoded one. */
static void subject_comes_back_at_each_edge(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_post post = root_post();
	char text[400];
	const char *message;
	unsigned pad, kind;

	for (pad = 1; pad < 90; pad++)
		for (kind = 0; kind < 3; kind++) {
			memset(text, 0, sizeof(text));
			memset(text, 'x', pad);
			if (pad > 45)
				text[40] = ' ';
			(void)snprintf(text + pad, sizeof(text) - pad, "%s%s",
				       kind == 1 ? "" : " ",
				       kind == 2 ? "Gr\xc3\xb6\xc3\x9f" "e-aaaaaa-"
						   "bbbbbb-cccccc-dddddd-eeeeee"
						   "-\xc3\xbc" :
						   HAN20);
			post.subject = text;
			message = message_of(state, story, &post);
			assert_encoded_words(state, message, "Subject");
			assert_string_equal(
				decoded(state, header_of(state, message,
							 "Subject")), text);
		}
}

#define KYIV \
	"\xd0\x97\xd0\xb5\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xb8 \xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2 "

/* A word that has room is not torn: a reader that shows the gap between two
 * encoded words shows it where a space is. */
static void encoded_words_end_at_spaces(void **state)
{
	static const char *const cases[] = {
		KYIV KYIV KYIV KYIV KYIV "\xd1\x97",
		"\xc3\x84gypten \xc3\xa4ndert \xc3\xb6lige \xc3\xbc"
		"ble "
		"\xc3\x84mter \xc3\xa4hnlich \xc3\xb6"
		"fter \xc3\xbc"
		"berall \xc3\xa4rmer",
	};
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_post post = root_post();
	const char *value, *at;
	char octets[100];
	size_t i, len, torn, words;

	for (i = 0; i < COUNT(cases); i++) {
		post.subject = cases[i];
		value = header_of(state, message_of(state, story, &post),
				  "Subject");
		torn = words = 0;
		for (at = value; (at = strstr(at, "=?UTF-8?")); words++) {
			bool q = at[8] == 'Q';

			at += strlen("=?UTF-8?Q?");
			len = (size_t)(strstr(at, "?=") - at);
			len = q ? q_octets(at, len, octets)
				: b_octets(at, len, octets);
			torn += octets[len - 1] != (q ? '_' : ' ');
		}
		assert_true(words > 1);
		/* The last word ends with the text. */
		assert_int_equal(torn, 1);
		assert_string_equal(decoded(state, value), cases[i]);
	}
}

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
	{ "'authors':[{'name':'Jos\xc3\xa9 Garc\xc3\xad" "a'}]",
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
	struct nw_post post = root_post();
	const char *message;
	size_t i;

	for (i = 0; i < COUNT(people); i++) {
		message = message_of(state, model_story(*state, nw_arena_printf(
			*state, "{'url':'https://www.a.example/s',%s}",
			people[i].story)), &post);
		assert_string_equal(header_of(state, message, "From"),
				    people[i].from);
		assert_encoded_words(state, message, "From");
	}
}

static void from_of_an_update_is_its_own_author(void **state)
{
	struct nw_story *story = model_story(*state,
		"{'url':'https://a.example/s','authors':[{'name':'Story'}],"
		"'updates':[{'key':'a','authors':[{'name':'Up'}]},{'key':'b'}]}");
	struct nw_post post = root_post();

	post.kind = NW_POST_UPDATE;
	post.update = &story->updates[0];
	assert_string_equal(header_of(state, message_of(state, story, &post),
				      "From"), "Up <up@a.example.invalid>");
	post.update = &story->updates[1];
	assert_string_equal(header_of(state, message_of(state, story, &post),
				      "From"),
			    "Story <story@a.example.invalid>");
}

static void many_authors_are_cut(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_author author = { .name = NULL };
	struct nw_post post = root_post();
	const char *from;
	unsigned i;

	for (i = 0; i < NW_STORY_AUTHORS; i++) {
		author.name = nw_arena_printf(*state, "First Last Number%u", i);
		nw_story_add_author(*state, &story->authors,
				    &story->author_count, &author);
	}
	from = header_of(state, message_of(state, story, &post), "From");
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
	struct nw_post post = root_post();
	size_t i;

	for (i = 0; i < COUNT(hosts); i++)
		assert_string_equal(header_of(state, message_of(state,
			model_story(*state, nw_arena_printf(
				*state, "{'publisher':'P','url':'%s'}",
				hosts[i].url)), &post), "From"),
			hosts[i].from);
}

static void headers_say_what_is_known(void **state)
{
	struct nw_story *story = model_story(*state,
		"{'url':'https://a.example/u','canonical_url':"
		"'https://a.example/s?utm_source=x','kicker':'Live',"
		"'section':'World','topics':['live','a, b','\xc3\xa4','  ','z'],"
		"'description':'D.','expires_utc':1753610400,'paywalled':true,"
		"'language':'de','updates':[{'key':'a','marks':15,"
		"'url':'https://a.example/s#a'},{'key':'b'}]}");
	struct nw_post post = root_post();
	const char *message = message_of(state, story, &post);

	assert_string_equal(header_of(state, message, "Archived-At"),
			    "<https://a.example/s>");
	assert_string_equal(header_of(state, message, "Keywords"),
			    "Live, World, \"a, b\", =?UTF-8?B?w6Q=?= , z");
	assert_string_equal(header_of(state, message, "Summary"), "D.");
	assert_string_equal(header_of(state, message, "Expires"),
			    "Sun, 27 Jul 2025 10:00:00 +0000");
	assert_non_null(strstr(header_of(state, message, "Comments"),
			       "subscribers"));
	assert_string_equal(header_of(state, message, "Content-Language"),
			    "de");
	assert_null(header_of(state, message, "References"));
	assert_null(header_of(state, message, "In-Reply-To"));
	assert_null(header_of(state, message, "Supersedes"));
	post.date_utc = 1753610400;
	assert_null(header_of(state, message_of(state, story, &post),
			      "Expires"));
	post.kind = NW_POST_UPDATE;
	post.update = &story->updates[0];
	post.references = (const char **)references;
	post.reference_count = COUNT(references);
	post.supersedes = "<old@d.invalid>";
	message = message_of(state, story, &post);
	assert_string_equal(header_of(state, message, "Archived-At"),
			    "<https://a.example/s#a>");
	assert_string_equal(header_of(state, message, "Keywords"),
			    "Live, World, key-event, pinned, breaking, summary, "
			    "\"a, b\", =?UTF-8?B?w6Q=?= , z");
	assert_null(header_of(state, message, "Summary"));
	assert_null(header_of(state, message, "Expires"));
	assert_string_equal(header_of(state, message, "Comments"),
			    "updated 2025-07-26T10:00:00Z");
	assert_string_equal(header_of(state, message, "References"),
			    "<r@d.invalid> <u@d.invalid>");
	assert_string_equal(header_of(state, message, "In-Reply-To"),
			    "<u@d.invalid>");
	assert_string_equal(header_of(state, message, "Supersedes"),
			    "<old@d.invalid>");
}

/* What the article was changed by; only the paywall is said of the first. */
static void comments_tell_of_changes(void **state)
{
	struct nw_story *story = model_story(*state,
		"{'url':'https://a.example/s','published_utc':1753520400,"
		"'modified_utc':1753520460,'revision':2,'updates':[{'key':'a',"
		"'published_utc':1753520400,'modified_utc':1753520401,"
		"'revision':1}],'body':{'blocks':[{'kind':'rule'}]}}");
	const struct nw_body none = { NULL, 0 };
	struct nw_body changes = { story->body.blocks, 1 };
	struct nw_post post = root_post();

	assert_null(header_of(state, message_of(state, story, &post),
			      "Comments"));
	post.supersedes = "<old@d.invalid>";
	assert_string_equal(header_of(state, message_of(state, story, &post),
				      "Comments"),
			    "updated 2025-07-26T09:01:00Z; revision 2");
	post.kind = NW_POST_UPDATE;
	post.update = &story->updates[0];
	assert_string_equal(header_of(state, message_of(state, story, &post),
				      "Comments"),
			    "updated 2025-07-26T09:00:01Z; revision 1");
	post = root_post();
	post.kind = NW_POST_EDIT;
	post.changes = &changes;
	assert_string_equal(header_of(state, message_of(state, story, &post),
				      "Comments"),
			    "updated 2025-07-26T09:01:00Z; 1 change");
	post.changes = NULL;
	story->modified_utc = NW_TIME_NONE;
	assert_string_equal(header_of(state, message_of(state, story, &post),
				      "Comments"),
			    "updated 2025-07-26T10:00:00Z");
	post.changes = &none;
	assert_string_equal(header_of(state, message_of(state, story, &post),
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
		assert_string_equal(header_of(state, message, name), value);
	else
		assert_null(header_of(state, message, name));
}

static char *message_with(void **state, const struct nw_story *story,
			  const struct nw_message_options *with)
{
	const struct nw_post post = root_post();
	struct nw_buf out;
	char *message;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_message_write(&out, story, &post, with, NULL), 0);
	message = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	assert_clean(message);
	return message;
}

static void source_is_a_list(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_message_options with = options;
	const char *message;
	size_t i;

	for (i = 0; i < COUNT(lists); i++) {
		with.list_name = lists[i].name;
		with.list_url = lists[i].url;
		message = message_with(state, story, &with);
		assert_header(state, message, "List-Id", lists[i].id);
		assert_header(state, message, "List-Archive",
			      lists[i].archive);
	}
}

/* Every length that goes: the lines, and the octets that come back. */
static void face_is_folded_base64(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_message_options with = options;
	char octets[NW_FACE_BYTES + 1], back[sizeof(octets)], *text, *to;
	struct nw_picture face = { NULL, "image/png", octets, 0, 48, 48 };
	const char *message, *line;
	size_t i;

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
		text = to = header_of(state, message, "Face");
		assert_true(strlen(text) + 6 <= NW_LINE_OCTETS);
		for (i = 0; text[i]; i++)
			if (text[i] != ' ')
				*to++ = text[i];
		assert_int_equal(b_octets(text, (size_t)(to - text), back),
				 face.len);
		assert_memory_equal(back, octets, face.len);
	}
	assert_null(header_of(state, message_with(state, story, &with),
			      "Face"));
	face.len = 10;
	face.type = "image/jpeg";
	assert_null(header_of(state, message_with(state, story, &with),
			      "Face"));
}

static void no_headers_for_what_is_not_known(void **state)
{
	static const char *const names[] = { "Archived-At", "Keywords",
					     "Summary", "Expires", "Comments",
					     "Content-Language" };
	struct nw_post post = root_post();
	const char *message = message_of(state,
		model_story(*state, "{'topics':['  ','\\r\\n']}"), &post);
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		assert_null(header_of(state, message, names[i]));
}

static void long_lists_are_folded(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_post post = root_post();
	const char *ids[NW_REFERENCES], *names[40], *message;
	struct nw_message_options many = options;
	struct nw_error err;
	struct nw_buf out;
	size_t i;

	for (i = 0; i < COUNT(ids); i++)
		ids[i] = nw_arena_printf(*state, "<%0200zu@d.invalid>", i);
	for (i = 0; i < COUNT(names); i++)
		names[i] = nw_arena_printf(
			*state, "com.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
				"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.g%zu", i);
	for (i = 0; i < NW_STORY_TOPICS; i++)
		nw_story_add_topic(*state, story,
				   nw_arena_printf(*state, "%.*s %s %zu",
						   (int)(i % 13),
						   "a-dozen-long",
						   i % 2 ? "\xc3\xa4" : "",
						   i));
	post.references = ids;
	post.reference_count = COUNT(ids);
	many.newsgroups = names;
	many.newsgroup_count = COUNT(names);
	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_message_write(&out, story, &post, &many, &err), 0);
	message = out.data;
	assert_clean(message);
	assert_int_equal(strlen(header_of(state, message, "References")),
			 COUNT(ids) * 212 + COUNT(ids) - 1);
	assert_non_null(strstr(header_of(state, message, "Newsgroups"),
			       ".g38, com."));
	assert_encoded_words(state, message, "Keywords");
	nw_buf_free(&out);
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
					     &len), MAILIMF_NO_ERROR);
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
				 encodings[i] == '7' ? MAILMIME_MECHANISM_7BIT :
				 encodings[i] == '8' ? MAILMIME_MECHANISM_8BIT :
				 MAILMIME_MECHANISM_QUOTED_PRINTABLE);
	}
	assert_int_equal(i, 2);
	/* RFC 2045 section 6.4 */
	assert_int_equal(strchr(encodings, '8') != NULL,
			 header_of(state, message,
				   "Content-Transfer-Encoding") != NULL);
	assert_int_equal(strstr(message, "delsp=\"yes\"") != NULL, delsp);
	mailmime_free(mime);
	nw_buf_free(&wanted[0]);
	nw_buf_free(&wanted[1]);
}

#define LONG \
	"The council met on Monday evening and voted, by nineteen to four, to " \
	"keep the old mill open until the spring; residents applauded."

static const struct {
	const char *text, *encodings;
} parts[] = {
	{ "Short.", "77" },
	{ LONG " " LONG, "77" },
	{ "Gr\xc3\xb6\xc3\x9f" "e " LONG " " LONG, "88" },
	{ "a = b =3D =20 \xc3\xa4", "88" },
	{ HAN20 HAN20 HAN20 HAN20, "88" },
	{ "\xd0\x97\xd0\xb5\xd0\xbb\xd0\xb5\xd0\xbd\xd1\x81\xd1\x8c\xd0\xba\xd0"
	  "\xb8\xd0\xb9 \xd0\xb2 \xd0\x9a\xd0\xb8\xd1\x94\xd0\xb2\xd1\x96", "88" },
	{ ".\n..\n.x\nFrom x\n>From y\n-- \n", "77" },
	{ "\xc3\xa4\n.\nFrom x\n \n  indented\n--=_x\n", "88" },
	/* the end of the first part, foretold */
	{ "--=_qdfwfscwqg2qpwnge44sqexhfa--\nx\n--=_qdfwfscwqg2qpwnge44sqexhfa",
	  "QQ" },
	{ "control \x01\x7f characters", "Q7" },
};

static void parts_come_back(void **state)
{
	struct nw_post post = root_post();
	size_t i;

	for (i = 0; i < COUNT(parts); i++)
		assert_parts(state, model_text(*state, "T", parts[i].text),
			     &post, parts[i].encodings);
}

static void long_address_is_wrapped_by_the_encoding(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Link.");
	struct nw_post post = root_post();
	char url[4000] = "https://a.example/";

	memset(url + strlen(url), 'a', sizeof(url) - 1 - strlen(url));
	story->body.blocks->spans->href = url;
	story->url = story->canonical_url = url;
	assert_parts(state, story, &post, "Q7");
	assert_null(header_of(state, message_of(state, story, &post),
			      "Archived-At"));
}

/* Each field of the model tries to begin a header of its own. */
#define EVIL "x\\r\\nInjected: 1\\n\\nInjected: 2\\rInjected: 3"
#define EVIL_PERSON \
	"{'name':'" EVIL "','url':'https://a.example/" EVIL "','role':'" EVIL \
	"','bio':'" EVIL "','avatar':'" EVIL "','email':'j@a.example" EVIL "'}"
#define EVIL_SPANS "[{'text':'" EVIL "','href':'https://a.example/" EVIL "'}]"
#define EVIL_IMAGE \
	"{'url':'https://a.example/" EVIL "','alt':'" EVIL "','caption':'" EVIL \
	"','credit':'" EVIL "'}"
#define EVIL_BODY \
	"{'blocks':[{'kind':'paragraph','spans':" EVIL_SPANS "}," \
	"{'kind':'heading','level':2,'spans':" EVIL_SPANS "}," \
	"{'kind':'item','level':1,'spans':" EVIL_SPANS "}," \
	"{'kind':'code','spans':" EVIL_SPANS "}," \
	"{'kind':'image','image':" EVIL_IMAGE "}," \
	"{'kind':'embed','embed':{'url':'https://a.example/" EVIL "'," \
	"'title':'" EVIL "'}}," \
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
		.now_utc = NOW,
	};
	struct nw_story *story = model_story(*state, evil);
	struct nw_story *before = model_text(*state, "T", "Before.");
	struct nw_thread threads[2];
	struct nw_error err;
	size_t i, j, posts = 0;

	before->root_id = before->message_id = "<s.x@d.invalid>";
	assert_int_equal(nw_thread_plan(*state, NULL, story, &thread_options,
					&threads[0], &err), 0);
	assert_int_equal(nw_thread_plan(*state, before, story, &thread_options,
					&threads[1], &err), 0);
	for (i = 0; i < COUNT(threads); i++)
		for (j = 0; j < threads[i].post_count; j++, posts++) {
			assert_known_headers(
				message_of(state, threads[i].story,
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
	struct nw_post post = root_post();
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
	static const char *const bad_groups[] = { "a b", "", "x\r\nInjected: 1" };
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_message_options with = options;
	struct nw_post post = root_post();
	struct nw_error err;
	struct nw_buf out;
	size_t i;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	post.kind = NW_POST_CANCEL;
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	assert_int_equal(err.code, NW_ERROR_INTERNAL);
	post = root_post();
	post.subject = "";
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	assert_int_equal(err.code, NW_ERROR_INTERNAL);
	post = root_post();
	with.newsgroup_count = 0;
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	assert_int_equal(err.code, NW_ERROR_USAGE);
	with.newsgroup_count = 1;
	for (i = 0; i < COUNT(bad_groups); i++) {
		with.newsgroups = &bad_groups[i];
		assert_int_equal(nw_message_write(&out, story, &post, &with,
						  &err), -1);
		assert_int_equal(err.code, NW_ERROR_USAGE);
	}
	with = options;
	with.path_host = "a\r\nInjected: 1";
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	with.path_host = NULL;
	assert_int_equal(nw_message_write(&out, story, &post, &with, &err), -1);
	assert_int_equal(err.code, NW_ERROR_USAGE);
	assert_int_equal(out.len, 0);
	nw_buf_free(&out);
	nw_buf_init(&out, 1000);
	nw_buf_adds(&out, "before");
	assert_int_equal(nw_message_write(&out, story, &post, &options, &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_string_equal(out.data, "before");
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(simple_story_is_this),
		cmocka_unit_test(subject_comes_back),
		cmocka_unit_test(subject_comes_back_at_each_edge),
		cmocka_unit_test(encoded_words_end_at_spaces),
		cmocka_unit_test(from_names_the_authors),
		cmocka_unit_test(from_of_an_update_is_its_own_author),
		cmocka_unit_test(many_authors_are_cut),
		cmocka_unit_test(address_is_at_the_publisher_but_invalid),
		cmocka_unit_test(headers_say_what_is_known),
		cmocka_unit_test(comments_tell_of_changes),
		cmocka_unit_test(source_is_a_list),
		cmocka_unit_test(face_is_folded_base64),
		cmocka_unit_test(no_headers_for_what_is_not_known),
		cmocka_unit_test(long_lists_are_folded),
		cmocka_unit_test(parts_come_back),
		cmocka_unit_test(long_address_is_wrapped_by_the_encoding),
		cmocka_unit_test(nothing_is_injected),
		cmocka_unit_test(post_that_is_evil_itself_injects_nothing),
		cmocka_unit_test(what_is_no_article_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
