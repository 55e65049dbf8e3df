/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of a message, and where they stand in each layout. */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "arena_state.h"
#include "model.h"
#include "newswire/limits.h"
#include "newswire/message.h"

#define NOW INT64_C(1753524000)
#define MARK "qdfwfscwqg2qpwnge44sqexhfa"
#define MILL "https://a.example/img/mill.jpeg?w=9"
#define DAM "https://a.example/img/dam.png"

static const char *const groups[] = { "com.example.news" };
static const struct nw_picture pictures[] = {
	{ MILL, "image/jpeg", "mill", 4, 1280, 720 },
	{ "https://a.example/unseen.png", "image/png", "unseen", 6, 1, 1 },
	{ DAM, "image/png", "\0\r\ndam\xff", 7, 320, 180 },
};

static struct nw_message_options options_of(enum nw_message_layout layout,
					    enum nw_images images)
{
	return (struct nw_message_options){
		.newsgroups = groups,
		.newsgroup_count = 1,
		.path_host = "news.example",
		.now_utc = NOW,
		.layout = layout,
		.images = images,
		.pictures = pictures,
		.picture_count = COUNT(pictures),
	};
}

static char *message_of(void **state, const struct nw_story *story,
			const struct nw_message_options *options)
{
	const struct nw_post post = { .kind = NW_POST_ROOT,
				      .message_id = "<s.abc@d.invalid>",
				      .subject = "T",
				      .date_utc = NOW };
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_buf out;
	char *message;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	if (nw_message_write(&out, story, &post, options, &err))
		fail_msg("%s", err.text);
	message = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	return message;
}

#define IMAGE(url, words) \
	"{'kind':'image','image':{'url':'" url "'," words "}}"
#define P(text) "{'kind':'paragraph','spans':[{'text':'" text "'}]}"

static struct nw_story *story_of(void **state, const char *blocks)
{
	return model_story(*state, nw_arena_printf(
		*state, "{'url':'https://a.example/s','body':{'blocks':[%s]}}",
		blocks));
}

/* From MIME-Version on. */
static const char *mime_of(const char *message)
{
	return strstr(message, "MIME-Version:");
}

static const char body[] =
	P("One.") "," IMAGE(MILL, "'caption':'The mill, \xc3\xa4lter.',"
				  "'credit':'J / AP','alt':'A \\u0022mill\\u0022'")
	"," P("Two.") "," IMAGE(DAM, "'width':1") ","
	IMAGE(MILL, "'caption':'Again.'") "," P("Three.");

#define MILL_PART \
	"Content-Type: image/jpeg; name=\"mill.jpg\"\r\n" \
	"Content-Transfer-Encoding: base64\r\n" \
	"Content-ID: <p.ikgahgymkcox6bvxiy3w4x5pqy@d.invalid>\r\n" \
	"Content-Description: The mill, =?UTF-8?B?w6RsdGVyLg==?=\r\n" \
	"Content-Disposition: inline; filename=\"mill.jpg\"\r\n" \
	"\r\nbWlsbA==\r\n\r\n"
#define DAM_PART \
	"Content-Type: image/png; name=\"dam.png\"\r\n" \
	"Content-Transfer-Encoding: base64\r\n" \
	"Content-ID: <p.nf3j7nakajwpbmivwb2c4seaqq@d.invalid>\r\n" \
	"Content-Disposition: inline; filename=\"dam.png\"\r\n" \
	"\r\nAA0KZGFt/w==\r\n\r\n"
#define TEXT_PART \
	"Content-Type: text/plain; charset=\"utf-8\"; format=\"flowed\"\r\n" \
	"Content-Transfer-Encoding: "

static void alternative_has_them_beside_the_html(void **state)
{
	const struct nw_message_options options =
		options_of(NW_LAYOUT_ALTERNATIVE, NW_IMAGES_INLINE);
	const char *mime = mime_of(message_of(state, story_of(state, body),
					      &options));
	const char *html = strstr(mime, "<body");
	static const char front[] =
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative; "
		"boundary=\"=_" MARK "\"\r\n"
		"Content-Transfer-Encoding: 8bit\r\n\r\n"
		"--=_" MARK "\r\n" TEXT_PART "8bit\r\n\r\n"
		"One.\r\n\r\n[image: The mill, \xc3\xa4lter. (J / AP)]\r\n\r\n"
		"Two.\r\n\r\n[image: Again.]\r\n\r\nThree.\r\n\r\n"
		"Source: https://a.example/s\r\n\r\n"
		"--=_" MARK "\r\n"
		"Content-Type: multipart/related; type=\"text/html\"; "
		"\r\n boundary=\"=-" MARK "\"\r\n"
		"Content-Transfer-Encoding: 8bit\r\n\r\n"
		"--=-" MARK "\r\n"
		"Content-Type: text/html; charset=\"utf-8\"\r\n"
		"Content-Transfer-Encoding: 8bit\r\n\r\n<!DOCTYPE";

	assert_string_equal(nw_arena_strndup(*state, mime, strlen(front)),
			    front);
	assert_string_equal(html,
		"<body dir=\"auto\">\r\n<p>One.</p>\r\n"
		"<figure><img\r\n"
		"src=\"cid:p.ikgahgymkcox6bvxiy3w4x5pqy@d.invalid\"\r\n"
		"alt=\"A &quot;mill&quot;\" width=\"672\" height=\"378\"\r\n"
		"style=\"max-width:100%;height:auto\">\r\n"
		"<figcaption>The mill, \xc3\xa4lter. (J / AP)</figcaption>"
		"</figure>\r\n<p>Two.</p>\r\n"
		"<figure><img\r\n"
		"src=\"cid:p.nf3j7nakajwpbmivwb2c4seaqq@d.invalid\"\r\n"
		"alt=\"\" width=\"320\" height=\"180\"\r\n"
		"style=\"max-width:100%;height:auto\"></figure>\r\n"
		"<figure><img\r\n"
		"src=\"cid:p.ikgahgymkcox6bvxiy3w4x5pqy@d.invalid\"\r\n"
		"alt=\"\" width=\"672\" height=\"378\"\r\n"
		"style=\"max-width:100%;height:auto\">\r\n"
		"<figcaption>Again.</figcaption></figure>\r\n"
		"<p>Three.</p>\r\n<footer>\r\n"
		"<p>Source: <a href=\"https://a.example/s\">"
		"https://a.example/s</a></p>\r\n</footer>\r\n</body>\r\n"
		"</html>\r\n\r\n"
		"--=-" MARK "\r\n" MILL_PART "--=-" MARK "\r\n" DAM_PART
		"--=-" MARK "--\r\n\r\n--=_" MARK "--\r\n");
}

static void mixed_has_them_in_their_place(void **state)
{
	const struct nw_message_options options =
		options_of(NW_LAYOUT_MIXED, NW_IMAGES_INLINE);

	assert_string_equal(mime_of(message_of(state, story_of(state, body),
					       &options)),
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/mixed; boundary=\"=_" MARK "\"\r\n"
		"Content-Transfer-Encoding: 8bit\r\n\r\n"
		"--=_" MARK "\r\n" TEXT_PART "7bit\r\n\r\nOne.\r\n\r\n"
		"--=_" MARK "\r\n" MILL_PART
		"--=_" MARK "\r\n" TEXT_PART "8bit\r\n\r\n"
		"[The mill, \xc3\xa4lter. (J / AP)]\r\n\r\nTwo.\r\n\r\n"
		"--=_" MARK "\r\n" DAM_PART
		"--=_" MARK "\r\n" TEXT_PART "7bit\r\n\r\n"
		"[image: Again.]\r\n\r\nThree.\r\n\r\n"
		"Source: https://a.example/s\r\n\r\n"
		"--=_" MARK "--\r\n");
}

static void text_is_one_part_with_links(void **state)
{
	const struct nw_message_options options =
		options_of(NW_LAYOUT_TEXT, NW_IMAGES_INLINE);

	assert_string_equal(mime_of(message_of(state, story_of(state, body),
					       &options)),
		"MIME-Version: 1.0\r\n" TEXT_PART "8bit\r\n\r\n"
		"One.\r\n\r\n[image: The mill, \xc3\xa4lter. (J / AP)] [1]\r\n"
		"\r\nTwo.\r\n\r\n[image: Again.] [1]\r\n\r\nThree.\r\n\r\n"
		"Source: https://a.example/s\r\n"
		"[1] " MILL "\r\n");
}

/* What a text without a picture of its own is, in each layout. */
static const struct {
	enum nw_message_layout layout;
	enum nw_images images;
	const char *has, *lacks;
} words[] = {
	{ NW_LAYOUT_MIXED, NW_IMAGES_LINK, "[image: Again.] [1]\r\n", "--=_" },
	{ NW_LAYOUT_MIXED, NW_IMAGES_NONE, "[image: Again.]\r\n", "mill.jpeg" },
	{ NW_LAYOUT_TEXT, NW_IMAGES_NONE, "[image: Again.]\r\n", "mill.jpeg" },
	{ NW_LAYOUT_ALTERNATIVE, NW_IMAGES_LINK,
	  "<figure>[<a href=\"https://a.example/img/dam.png\">image</a>]"
	  "</figure>", "cid:" },
	{ NW_LAYOUT_ALTERNATIVE, NW_IMAGES_NONE,
	  "<figure>[image] Again.</figure>\r\n<p>Three.", "dam.png" },
};

static void without_them_there_are_words(void **state)
{
	const char *mime;
	size_t i;

	for (i = 0; i < COUNT(words); i++) {
		const struct nw_message_options options =
			options_of(words[i].layout, words[i].images);

		mime = mime_of(message_of(state, story_of(state, body),
					  &options));
		if (!strstr(mime, words[i].has) ||
		    strstr(mime, words[i].lacks) || strstr(mime, "base64"))
			fail_msg("%zu: %s", i, mime);
	}
}

/* A picture that is new is told of among the changes, and shown in its place
 * in the story. */
static void changes_are_in_words(void **state)
{
	const struct nw_message_options options =
		options_of(NW_LAYOUT_MIXED, NW_IMAGES_INLINE);
	struct nw_story *story = story_of(state, body);
	struct nw_story *changes = story_of(state,
		IMAGE(MILL, "'caption':'New.'") ","
		IMAGE("https://a.example/gone.jpg", "'caption':'Old.'"));
	struct nw_post post = { .kind = NW_POST_EDIT,
				.message_id = "<s.abc@d.invalid>",
				.subject = "T",
				.changes = &changes->body };
	struct nw_buf out;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_message_write(&out, story, &post, &options, NULL),
			 0);
	assert_non_null(strstr(out.data,
		"\r\n\r\nWhat changed:\r\n\r\n[image: New.]\r\n\r\n"
		"[image: Old.] [1]\r\n\r\nThe story now:\r\n\r\nOne.\r\n"
		"\r\n--=_" MARK "\r\n" MILL_PART));
	nw_buf_free(&out);
}

static void signature_is_in_the_last_text(void **state)
{
	const struct nw_message_options options =
		options_of(NW_LAYOUT_MIXED, NW_IMAGES_INLINE);
	struct nw_story *story = model_story(*state,
		"{'authors':[{'name':'J','bio':'B.'}],'body':{'blocks':["
		P("One.") "," IMAGE(DAM, "'credit':'AP'") "]},"
		"'lead_image':{'url':'" MILL "','caption':'Lead.'}}");
	const char *mime = mime_of(message_of(state, story, &options));
	const char *lead = strstr(mime, "bWlsbA=="), *text;

	/* the lead first, though the body has a picture */
	assert_true(lead && lead < strstr(mime, "[Lead.]\r\n\r\nOne.\r\n"));
	text = strstr(mime, "[(AP)]\r\n-- \r\nJ\r\nB.\r\n");
	assert_true(text > strstr(mime, "AA0KZGFt/w=="));
	assert_true(text == strstr(mime, "[(AP)]"));
	assert_ptr_equal(strstr(mime, "\r\n-- \r\n") + 2,
			 strstr(text, "-- \r\n"));
	assert_null(strstr(text, "image/"));
}

static void picture_alone_is_the_message(void **state)
{
	const struct nw_message_options options =
		options_of(NW_LAYOUT_MIXED, NW_IMAGES_INLINE);
	struct nw_story *story = model_story(*state,
		"{'body':{'blocks':[" IMAGE(DAM, "'width':2") "]}}");

	assert_string_equal(mime_of(message_of(state, story, &options)),
			    nw_arena_printf(*state, "MIME-Version: 1.0\r\n%.*s",
					    (int)strlen(DAM_PART) - 2,
					    DAM_PART));
}

/* A URL, and the name of the file. */
static const struct {
	const char *url, *name;
} names[] = {
	{ "https://a.example/a/The%20Mill.JPG", "the-mill.png" },
	{ "https://a.example/mill.tar.gz?x=/y.exe#/z", "mill-tar.png" },
	{ "https://a.example/", "picture.png" },
	{ "https://a.example/.htaccess", "htaccess.png" },
	{ "https://a.example/..%2F..%2Fetc%2Fpasswd", "etc-passwd.png" },
	{ "https://a.example/a%00b%0d%0aX%3A%22;%5C.gif", "a-b-x.png" },
	{ "https://a.example/m%C3%BChle.webp", "muhle.png" },
	{ "https://a.example/%E4%B8%AD.avif", "picture.png" },
	{ "https://a.example/%e2%80%ae%ff%", "picture.png" },
	{ "https://a.example/%4", "4.png" },
	{ "https://a.example/1.5-tonne%20crane", "1-5-tonne-crane.png" },
	{ "https://a.example/"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.png" },
};

static void file_is_named_after_the_url(void **state)
{
	struct nw_message_options options =
		options_of(NW_LAYOUT_MIXED, NW_IMAGES_INLINE);
	struct nw_picture picture = { "", "image/png", "x", 1, 1, 1 };
	const char *mime, *name;
	size_t i;

	options.pictures = &picture;
	options.picture_count = 1;
	for (i = 0; i < COUNT(names); i++) {
		picture.url = names[i].url;
		mime = mime_of(message_of(state, story_of(state,
			nw_arena_printf(*state, IMAGE("%s", "'width':1"),
					names[i].url)), &options));
		name = strstr(mime, "filename=");
		assert_string_equal(
			nw_arena_strndup(*state, name, strcspn(name, "\r")),
			nw_arena_printf(*state, "filename=\"%s\"",
					names[i].name));
	}
}

static void equal_names_are_numbered(void **state)
{
	struct nw_message_options options =
		options_of(NW_LAYOUT_MIXED, NW_IMAGES_INLINE);
	const struct nw_picture same[] = {
		{ "https://a.example/1/i.jpg", "image/jpeg", "1", 1, 1, 1 },
		{ "https://a.example/2/i.jpg", "image/jpeg", "2", 1, 1, 1 },
		{ "https://a.example/3/i.jpg", "image/jpeg", "3", 1, 1, 1 },
	};
	const char *mime;

	options.pictures = same;
	options.picture_count = COUNT(same);
	mime = message_of(state, story_of(state,
		IMAGE("https://a.example/1/i.jpg", "'width':1") ","
		IMAGE("https://a.example/2/i.jpg", "'width':1") ","
		IMAGE("https://a.example/3/i.jpg", "'width':1")), &options);
	assert_non_null(strstr(mime, "filename=\"i.jpg\""));
	assert_non_null(strstr(mime, "filename=\"i-2.jpg\""));
	assert_non_null(strstr(mime, "filename=\"i-3.jpg\""));
}

/* The caller's mistakes and a picture past the ceiling cost the picture, not
 * the message. */
static void picture_that_does_not_go_is_a_link(void **state)
{
	struct nw_message_options options =
		options_of(NW_LAYOUT_MIXED, NW_IMAGES_INLINE);
	char *large = calloc(1, NW_MESSAGE_BYTES);
	const struct nw_picture bad[] = {
		{ MILL, "image/svg+xml", "x", 1, 1, 1 },
		{ MILL, NULL, "x", 1, 1, 1 },
		{ MILL, "image/png", "", 0, 1, 1 },
		{ NULL, "image/png", "x", 1, 1, 1 },
		{ MILL, "image/png", large, NW_MESSAGE_BYTES, 1, 1 },
	};
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		options.pictures = &bad[i];
		options.picture_count = 1;
		assert_non_null(strstr(
			message_of(state, story_of(state, body), &options),
			"[image: Again.] [1]\r\n"));
	}
	free(large);
}

/* Each would go alone; of both, the second has no room. */
static void pictures_share_the_room(void **state)
{
	const size_t len = NW_MESSAGE_BYTES / 4;
	char *bytes = nw_arena_alloc(*state, len);
	const struct nw_picture both[] = {
		{ MILL, "image/jpeg", bytes, len, 1280, 720 },
		{ DAM, "image/png", bytes, len, 320, 180 },
	};
	struct nw_message_options options =
		options_of(NW_LAYOUT_ALTERNATIVE, NW_IMAGES_INLINE);
	const char *message;

	options.pictures = both;
	options.picture_count = COUNT(both);
	message = message_of(state, story_of(state, body), &options);
	assert_non_null(strstr(message, "filename=\"mill.jpg\""));
	assert_null(strstr(message, "filename=\"dam.png\""));
}

/* RFC 2045 section 6.8 by its definition: each length, and the lines. */
static void every_octet_comes_back(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";
	struct nw_message_options options =
		options_of(NW_LAYOUT_MIXED, NW_IMAGES_INLINE);
	char octets[300], back[sizeof(octets) + 3];
	struct nw_picture picture = { DAM, "image/png", octets, 0, 1, 1 };
	struct nw_story *story = story_of(state, IMAGE(DAM, "'width':1"));
	size_t i, len, count;

	options.pictures = &picture;
	options.picture_count = 1;
	for (i = 0; i < sizeof(octets); i++)
		octets[i] = (char)(i * 37);
	for (len = 1; len < sizeof(octets); len++) {
		const char *at;
		unsigned held = 0, bits = 0, column = 0;

		picture.len = len;
		at = strstr(message_of(state, story, &options),
			    "dam.png\"\r\n\r\n") + 12;
		for (count = 0; *at != '-'; at++) {
			column = *at == '\r' ? 0 : column + 1;
			assert_true(column <= 77);
			if (!strchr(digits, *at))
				continue;
			held = held << 6 | (unsigned)(strchr(digits, *at) -
						      digits);
			bits += 6;
			if (bits < 8)
				continue;
			bits -= 8;
			back[count++] = (char)(held >> bits);
		}
		assert_int_equal(count, len);
		assert_memory_equal(back, octets, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alternative_has_them_beside_the_html),
		cmocka_unit_test(mixed_has_them_in_their_place),
		cmocka_unit_test(text_is_one_part_with_links),
		cmocka_unit_test(without_them_there_are_words),
		cmocka_unit_test(changes_are_in_words),
		cmocka_unit_test(signature_is_in_the_last_text),
		cmocka_unit_test(picture_alone_is_the_message),
		cmocka_unit_test(file_is_named_after_the_url),
		cmocka_unit_test(equal_names_are_numbered),
		cmocka_unit_test(picture_that_does_not_go_is_a_link),
		cmocka_unit_test(pictures_share_the_room),
		cmocka_unit_test(every_octet_comes_back),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
