/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/wire.h"

#define NO_XREF NULL

static const struct {
	const char *article, *xref, *wire;
	size_t head_len;
} writes[] = {
	{ "A: b\r\n\r\ntext\r\n", NO_XREF, "A: b\r\n\r\ntext\r\n.\r\n", 6 },
	{ "A: b\n\ntext\n", NO_XREF, "A: b\r\n\r\ntext\r\n.\r\n", 6 },
	{ "A: b\n\r\ntext\r\n", NO_XREF, "A: b\r\n\r\ntext\r\n.\r\n", 6 },
	/* the last line lacks its end */
	{ "A: b\n\ntext", NO_XREF, "A: b\r\n\r\ntext\r\n.\r\n", 6 },
	{ "A: b\n\n.", NO_XREF, "A: b\r\n\r\n..\r\n.\r\n", 6 },
	/* no body, no empty line, no head */
	{ "A: b\r\n\r\n", NO_XREF, "A: b\r\n\r\n.\r\n", 6 },
	{ "A: b\r\n", NO_XREF, "A: b\r\n\r\n.\r\n", 6 },
	{ "A: b", NO_XREF, "A: b\r\n\r\n.\r\n", 6 },
	{ "\r\ntext\r\n", NO_XREF, "\r\ntext\r\n.\r\n", 0 },
	/* dots */
	{ "A: b\r\n\r\n.\r\n..\r\n.a\r\na.\r\n", NO_XREF,
	  "A: b\r\n\r\n..\r\n...\r\n..a\r\na.\r\n.\r\n", 6 },
	{ "A: b\n\n.\n.\n", NO_XREF, "A: b\r\n\r\n..\r\n..\r\n.\r\n", 6 },
	/* empty lines in the body are no second head */
	{ "A: b\r\n\r\n\r\nXref: x\r\n", "h g:1",
	  "A: b\r\nXref: h g:1\r\n\r\n\r\nXref: x\r\n.\r\n", 19 },
	/* Xref replaces, in any case, folded, at any place, more than once */
	{ "Xref: old\r\nA: b\r\n\r\ntext\r\n", "h g:1",
	  "A: b\r\nXref: h g:1\r\n\r\ntext\r\n.\r\n", 19 },
	{ "A: b\r\nxREF: old\r\n g:2\r\n\tg:3\r\nC: d\r\n\r\n", "h g:1",
	  "A: b\r\nC: d\r\nXref: h g:1\r\n\r\n.\r\n", 25 },
	{ "Xref: a\nXref: b\nXref-Not: c\n\nt\n", "h g:1",
	  "Xref-Not: c\r\nXref: h g:1\r\n\r\nt\r\n.\r\n", 26 },
	{ "A: b\r\nXref: old", "h g:1", "A: b\r\nXref: h g:1\r\n\r\n.\r\n",
	  19 },
	{ "Xref: old\r\n\r\nt\r\n", NO_XREF, "Xref: old\r\n\r\nt\r\n.\r\n", 11 },
};

static void write_makes_the_wire_form(void **state)
{
	struct nw_buf out;
	struct nw_error err;
	size_t i, head_len;

	(void)state;
	for (i = 0; i < COUNT(writes); i++) {
		nw_buf_init(&out, 4096);
		nw_buf_adds(&out, "before");
		assert_int_equal(nw_wire_write(&out, writes[i].article,
					       strlen(writes[i].article),
					       writes[i].xref, &head_len,
					       &err), 0);
		assert_string_equal(out.data + 6, writes[i].wire);
		assert_int_equal(head_len, writes[i].head_len);
		nw_buf_free(&out);
	}
}

static void written_twice_is_the_same(void **state)
{
	struct nw_buf wire, read, again;
	struct nw_error err;
	size_t i, head_len;

	(void)state;
	for (i = 0; i < COUNT(writes); i++) {
		nw_buf_init(&wire, 4096);
		nw_buf_init(&read, 4096);
		nw_buf_init(&again, 4096);
		nw_buf_adds(&wire, writes[i].wire);
		assert_int_equal(nw_wire_read(&read, wire.data, wire.len,
					      &err), 0);
		assert_int_equal(nw_wire_write(&again, read.data, read.len,
					       NULL, &head_len, &err), 0);
		assert_string_equal(again.data, wire.data);
		assert_int_equal(head_len, writes[i].head_len);
		nw_buf_free(&wire);
		nw_buf_free(&read);
		nw_buf_free(&again);
	}
}

static const struct {
	const char *article;
	size_t len;
	const char *xref;
	size_t max;
	enum nw_error_code code;
} refusals[] = {
	{ "", 0, NULL, 100, NW_ERROR_DATA },
	{ "A: b\r\n\0C: d\r\n\r\n", 16, NULL, 100, NW_ERROR_DATA },
	{ "A: b\rXref: c\r\n\r\n", 16, NULL, 100, NW_ERROR_DATA },
	{ "A: b\r\n\r\na\rb\r\n", 13, NULL, 100, NW_ERROR_DATA },
	{ "A: b\r\n\r\na\r\r\n", 12, NULL, 100, NW_ERROR_DATA },
	{ "A: b\r\n\r\na\r", 10, NULL, 100, NW_ERROR_DATA },
	{ "A: b\r\n\r\n", 8, "h g:1\r\nBcc: x", 100, NW_ERROR_USAGE },
	{ "A: b\r\n\r\ntext\r\n", 14, NULL, 16, NW_ERROR_REFUSED },
};

static void write_refuses(void **state)
{
	struct nw_buf out;
	struct nw_error err;
	size_t i, head_len;

	(void)state;
	for (i = 0; i < COUNT(refusals); i++) {
		nw_buf_init(&out, refusals[i].max);
		head_len = 99;
		assert_int_equal(nw_wire_write(&out, refusals[i].article,
					       refusals[i].len,
					       refusals[i].xref, &head_len,
					       &err), -1);
		assert_int_equal(err.code, refusals[i].code);
		assert_int_equal(out.len, 0);
		assert_int_equal(head_len, 99);
		nw_buf_free(&out);
	}
}

static void long_xref_is_folded(void **state)
{
	struct nw_buf xref, out;
	struct nw_error err;
	const char *line, *end, *value;
	size_t head_len, len;
	unsigned i;

	(void)state;
	nw_buf_init(&xref, 65536);
	nw_buf_init(&out, 65536);
	nw_buf_adds(&xref, "news.example");
	for (i = 0; i < 100; i++)
		nw_buf_addf(&xref, " group%0120u:%u", i, i);
	assert_int_equal(nw_wire_write(&out, "A: b\r\n\r\nt\r\n", 11,
				       xref.data, &head_len, &err), 0);
	for (line = out.data; *line; line = end + 2) {
		end = strstr(line, "\r\n");
		assert_true(end - line <= NW_LINE_OCTETS);
	}
	assert_true(nw_wire_header(out.data, head_len, "Xref", &value, &len));
	nw_buf_reset(&out);
	nw_wire_unfold(&out, xref.data, xref.len);
	assert_string_equal(out.data, xref.data);
	nw_buf_free(&xref);
	nw_buf_free(&out);
}

static const char *const not_wire[] = {
	"", ".", ".\r", "a\r\n", "a\r\n.\n", "a\r\n.\r\n\r\n",
	"a\r\n.\r\nb\r\n.\r\n", "a\r\n.\rb\r\n.\r\n",
};

static void read_refuses_what_is_not_wire_form(void **state)
{
	struct nw_buf out;
	struct nw_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(not_wire); i++) {
		nw_buf_init(&out, 100);
		assert_int_equal(nw_wire_read(&out, not_wire[i],
					      strlen(not_wire[i]), &err), -1);
		assert_int_equal(err.code, NW_ERROR_DATA);
		assert_int_equal(out.len, 0);
		nw_buf_free(&out);
	}
	nw_buf_init(&out, 3);
	assert_int_equal(nw_wire_read(&out, "abc\r\n.\r\n", 8, &err), -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_int_equal(out.len, 0);
	nw_buf_free(&out);
}

static const struct {
	const char *article, *overview;
} overviews[] = {
	{ "Message-ID: <a@b>\r\nFrom: A <a@b>\r\nSubject: S\r\n"
	  "Date: D\r\nReferences: <r@b>\r\n <s@b>\r\n\r\nx\r\n.y\r\n\r\n",
	  "\tS\tA <a@b>\tD\t<a@b>\t<r@b> <s@b>\t106\t3\tXref: h g:1\r\n" },
	/* white space that would break the line */
	{ "Subject: a\tb\r\n\tc\r\n\r\n", "\ta b c\t\t\t\t\t33\t0\tXref: h g:1\r\n" },
	/* the first counts; a name must be whole */
	{ "Subject: 1\r\nSubject: 2\r\nSubjects: 3\r\nX-From: 4\r\n\r\n",
	  "\t1\t\t\t\t\t63\t0\tXref: h g:1\r\n" },
	{ "Subject:\r\nFrom:A\r\n\r\n", "\t\tA\t\t\t\t33\t0\tXref: h g:1\r\n" },
};

static void overview_has_eight_fields(void **state)
{
	struct nw_buf wire, line;
	struct nw_error err;
	size_t i, head_len;

	(void)state;
	for (i = 0; i < COUNT(overviews); i++) {
		nw_buf_init(&wire, 4096);
		nw_buf_init(&line, 4096);
		assert_int_equal(nw_wire_write(&wire, overviews[i].article,
					       strlen(overviews[i].article),
					       "h g:1", &head_len, &err), 0);
		assert_int_equal(nw_wire_overview(&line, wire.data, wire.len,
						  head_len, &err), 0);
		assert_string_equal(line.data, overviews[i].overview);
		nw_buf_free(&wire);
		nw_buf_free(&line);
	}
}

static void overview_without_xref_ends_empty(void **state)
{
	static const char wire[] = "Subject: S\r\n\r\n.\r\n";
	struct nw_buf line;
	struct nw_error err;

	(void)state;
	nw_buf_init(&line, 100);
	assert_int_equal(nw_wire_overview(&line, wire, strlen(wire), 12,
					  &err), 0);
	assert_string_equal(line.data, "\tS\t\t\t\t\t14\t0\t\r\n");
	nw_buf_reset(&line);
	assert_int_equal(nw_wire_overview(&line, wire, 14, 12, &err), -1);
	assert_int_equal(nw_wire_overview(&line, wire, 17, 15, &err), -1);
	assert_int_equal(line.len, 0);
	nw_buf_free(&line);
	nw_buf_init(&line, 10);
	assert_int_equal(nw_wire_overview(&line, wire, strlen(wire), 12,
					  &err), -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_int_equal(line.len, 0);
	nw_buf_free(&line);
}

static const struct {
	const char *name, *value;
} headers[] = {
	{ "a", "b c" }, { "A", "b c" }, { "FOLD", "x\r\n y" },
	{ "Empty", "" }, { "Space", "in  it" }, { "Missing", NULL },
	{ "Em", NULL }, { "Emptyx", NULL }, { "", NULL }, { "y", NULL },
};

static void header_is_found_by_name(void **state)
{
	static const char head[] = "A: b c\r\nA: second\r\nFold: x\r\n y\r\n"
				   "Empty:\r\nSpace: \t in  it \t\r\n";
	const char *value;
	size_t i, len;

	(void)state;
	for (i = 0; i < COUNT(headers); i++) {
		bool found = nw_wire_header(head, strlen(head),
					    headers[i].name, &value, &len);

		assert_int_equal(found, headers[i].value != NULL);
		if (!found)
			continue;
		assert_int_equal(len, strlen(headers[i].value));
		assert_memory_equal(value, headers[i].value, len);
	}
}

static const struct {
	const char *value;
	size_t len;
	const char *line;
} folds[] = {
	{ "a b", 3, "a b" },	       { "a\r\n b", 5, "a b" },
	{ "a\r\n\tb", 5, "a b" },      { "a\r\n \r\n b", 8, "a  b" },
	{ "a\nb", 3, "a b" },	       { "a\rb", 3, "a b" },
	{ "a\0b", 3, "a b" },	       { "a\r\n", 3, "a" },
	{ "\t\r\r\n\n", 5, "   " },    { "", 0, "" },
};

static void unfold_gives_one_line(void **state)
{
	struct nw_buf out;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(folds); i++) {
		nw_buf_init(&out, 100);
		nw_wire_unfold(&out, folds[i].value, folds[i].len);
		assert_string_equal(out.data, folds[i].line);
		nw_buf_free(&out);
	}
}

static const struct {
	const char *wire;
	size_t len, head_len;
	const char *why; /* NULL: nothing is wrong */
} checks[] = {
	{ "A: b\r\n\r\ntext\r\n.\r\n", 17, 6, NULL },
	{ "A: b\r\n\r\n.\r\n", 11, 6, NULL },
	{ "A: b\r\n c\r\n\td\r\n\r\n..\r\n.\r\n", 23, 14, NULL },
	{ "A: b\r\n\r\ntext\r\n", 14, 6, "its end" },
	{ "", 0, 0, "its end" },
	{ ".\r\n", 3, 0, "its end" },
	{ "A: b\r\n\r\nte\0t\r\n.\r\n", 17, 6, "a NUL" },
	{ "A: b\r\n\r\ntext\r\n.\r\n", 17, 5, "its head" },
	{ "A: b\r\n\r\ntext\r\n.\r\n", 17, 0, "its head" },
	{ "A: b\r\n\r\ntext\r\n.\r\n", 17, 99, "its head" },
	{ "A: b\r\n\r\nte\rt\r\n.\r\n", 17, 6, "CR and LF" },
	{ "A: b\r\n\r\nte\nt\r\n.\r\n", 17, 6, "CR and LF" },
	{ "A: b\r\n\r\n.ext\r\n.\r\n", 17, 6, "single dot" },
	{ "A: b\r\n\r\n.\r\na\r\n.\r\n", 17, 6, "single dot" },
	{ "A  b\r\n\r\ntext\r\n.\r\n", 17, 6, "no header" },
	{ "A :b\r\n\r\ntext\r\n.\r\n", 17, 6, "no header" },
	{ " : b\r\n\r\ntext\r\n.\r\n", 17, 6, "no header" },
};

static void check_tells_what_is_wrong(void **state)
{
	struct nw_error err;
	size_t i;
	int result;

	(void)state;
	for (i = 0; i < COUNT(checks); i++) {
		result = nw_wire_check(checks[i].wire, checks[i].len,
				       checks[i].head_len, &err);
		assert_int_equal(result, checks[i].why ? -1 : 0);
		if (!checks[i].why)
			continue;
		assert_int_equal(err.code, NW_ERROR_DATA);
		if (!strstr(err.text, checks[i].why))
			fail_msg("case %zu: %s", i, err.text);
	}
}

/* What is written passes, and no part of it does. */
static void check_takes_what_was_written(void **state)
{
	struct nw_buf out;
	size_t i, len, head_len;

	(void)state;
	for (i = 0; i < COUNT(writes); i++) {
		nw_buf_init(&out, 1000);
		assert_int_equal(nw_wire_write(&out, writes[i].article,
					       strlen(writes[i].article),
					       writes[i].xref, &head_len,
					       NULL), 0);
		if (head_len)
			assert_int_equal(nw_wire_check(out.data, out.len,
						       head_len, NULL), 0);
		for (len = 0; len < out.len; len++)
			assert_int_equal(nw_wire_check(out.data, len,
						       head_len, NULL), -1);
		nw_buf_free(&out);
	}
}

static void words_of_a_header(void **state)
{
	static const char value[] = " news.example\r\n\tcom.a:1  com.b:22 ";
	static const char *const words[] = { "news.example", "com.a:1",
					     "com.b:22" };
	const char *at = value, *end = value + strlen(value), *word;
	size_t len, i;

	(void)state;
	for (i = 0; i < 3; i++) {
		word = nw_wire_word(&at, end, &len);
		assert_int_equal(len, strlen(words[i]));
		assert_memory_equal(word, words[i], len);
	}
	assert_null(nw_wire_word(&at, end, &len));
	assert_ptr_equal(at, end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(write_makes_the_wire_form),
		cmocka_unit_test(written_twice_is_the_same),
		cmocka_unit_test(write_refuses),
		cmocka_unit_test(long_xref_is_folded),
		cmocka_unit_test(read_refuses_what_is_not_wire_form),
		cmocka_unit_test(overview_has_eight_fields),
		cmocka_unit_test(overview_without_xref_ends_empty),
		cmocka_unit_test(header_is_found_by_name),
		cmocka_unit_test(unfold_gives_one_line),
		cmocka_unit_test(check_tells_what_is_wrong),
		cmocka_unit_test(check_takes_what_was_written),
		cmocka_unit_test(words_of_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
