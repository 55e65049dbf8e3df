/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "message_fixture.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "newswire/wire.h"

static const char *const groups[] = { "com.example.news" };
const struct nw_message_options message_options = {
	.newsgroups = groups,
	.newsgroup_count = 1,
	.path_host = "news.example",
	.now_utc = MESSAGE_NOW,
};

struct nw_post message_root(void)
{
	return (struct nw_post){ .kind = NW_POST_ROOT,
				 .message_id = "<s.abc@d.invalid>",
				 .subject = "T",
				 .date_utc = MESSAGE_NOW - 60,
				 .updated_utc = NW_TIME_NONE };
}

void message_check_clean(const char *message)
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

char *message_of(void **state, const struct nw_story *story,
		 const struct nw_post *post)
{
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_buf out;
	char *message;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	if (nw_message_write(&out, story, post, &message_options, &err))
		fail_msg("%s", err.text);
	message = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	message_check_clean(message);
	return message;
}

char *message_header(void **state, const char *message, const char *name)
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

char *message_decoded(void **state, const char *text)
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

size_t message_q_octets(const char *text, size_t len, char *octets)
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

size_t message_b_octets(const char *text, size_t len, char *octets)
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

void message_check_words(void **state, const char *message, const char *name)
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
		len = at[8] == 'Q' ? message_q_octets(text, len, octets)
				   : message_b_octets(text, len, octets);
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
