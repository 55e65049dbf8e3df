/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/date.h"
#include "newswire/ident.h"
#include "newswire/inject.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

#include "inject_private.h"

static int wrong_line(const struct inject_field *field, const char *why,
		      struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_DATA, "header: line %zu %s",
			    field->line, why);
}

/* ftext (RFC 5322 section 2.2), a colon, and a space, which RFC 5536 section
 * 2.2 wants. */
static int divide_field(struct inject_field *field, struct nw_error *err)
{
	const struct inject_text whole = field->whole;
	size_t len = 0;

	while (len < whole.len && whole.at[len] > ' ' && whole.at[len] <= '~' &&
	       whole.at[len] != ':')
		len++;
	if (!len || len == whole.len || whole.at[len] != ':')
		return wrong_line(field, "does not begin with a name and a "
				  "colon", err);
	field->name = (struct inject_text){ whole.at, len };
	field->body = (struct inject_text){ whole.at + len + 1,
					    whole.len - len - 1 };
	if (!inject_is_white(*field->body.at))
		return wrong_line(field, "has no space behind the colon", err);
	field->body = inject_trim(field->body);
	return 0;
}

/* Its text: UTF-8 without control characters, and something on each of its
 * lines. */
static int check_text(const struct inject_field *field, struct nw_error *err)
{
	const struct inject_text whole = field->whole;
	bool seen = false;
	size_t i;

	for (i = 0; i < whole.len; i++) {
		if (whole.at[i] == '\n' && !seen)
			return wrong_line(field, "or one that goes on with it "
					  "is empty", err);
		seen = whole.at[i] != '\n' &&
		       (seen || !inject_is_white(whole.at[i]));
		if (((unsigned char)whole.at[i] < ' ' &&
		     !inject_is_white(whole.at[i])) || whole.at[i] == 0x7f)
			return wrong_line(field, "holds a control character",
					  err);
	}
	if (nw_utf8_valid(whole.at, whole.len) != whole.len)
		return wrong_line(field, "is not UTF-8", err);
	return 0;
}

/* A line of the header and those that go on with it. */
static void take_field(struct inject_field *field, struct inject_text rest)
{
	const char *at = rest.at, *end = rest.at + rest.len;
	size_t lines = 0;

	do {
		at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
		lines++;
	} while (at < end && (*at == ' ' || *at == '\t'));
	field->whole = (struct inject_text){ rest.at, (size_t)(at - rest.at) };
	field->line += field->lines;
	field->lines = lines;
}

/* Reads the header and writes what stays of it. */
static int put_header(struct injection *injection, struct inject_text rest,
		      struct nw_error *err)
{
	struct inject_field field = { .line = 1 };

	while (rest.len) {
		take_field(&field, rest);
		rest.at += field.whole.len;
		rest.len -= field.whole.len;
		if (divide_field(&field, err) < 0)
			return -1;
		if (!field.body.len)
			continue;
		if (check_text(&field, err) < 0 ||
		    inject_field(injection, &field, err) < 0)
			return -1;
		if (!inject_is_name(field.name, "Path"))
			nw_buf_add(injection->out, field.whole.at,
				   field.whole.len);
	}
	return inject_missing(injection, err);
}

/* Before the poster's own: the line must be long enough for both. */
static void put_path(struct injection *injection, struct nw_buf *path)
{
	struct inject_text tail = injection->fields[INJECT_PATH];

	nw_buf_addf(path, "Path: %s!.POSTED!", injection->by->path_host);
	if (tail.at)
		nw_buf_add(path, tail.at, tail.len);
	else
		nw_buf_adds(path, "not-for-mail");
	nw_buf_adds(path, "\r\n");
}

/* A parameter of Injection-Info (RFC 5536 section 3.2.8): printable ASCII,
 * quoted. */
static void put_parameter(struct nw_buf *out, const char *name,
			  const char *value)
{
	nw_buf_addf(out, ";\r\n %s=\"", name);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			nw_buf_addc(out, '\\');
		nw_buf_addc(out, *value >= ' ' && *value <= '~' ? *value : '?');
	}
	nw_buf_addc(out, '"');
}

/* What the server has to say, behind the poster's own fields. */
static void put_trailer(struct injection *injection)
{
	const struct nw_inject *by = injection->by;
	struct nw_buf *out = injection->out;
	char date[NW_DATE_BYTES];

	nw_date_rfc5322(by->now_utc, date);
	if (!injection->made.message_id) {
		injection->made.message_id = nw_arena_printf(
			injection->arena, "<p.%s@%s>",
			nw_ident_hash(injection->arena,
				      (const char *)by->chance,
				      sizeof(by->chance)),
			by->id_domain);
		nw_buf_addf(out, "Message-ID: %s\r\n",
			    injection->made.message_id);
	}
	if (!injection->fields[INJECT_DATE].at) {
		injection->made.date_utc = by->now_utc;
		nw_buf_addf(out, "Date: %s\r\n", date);
	}
	if (!injection->fields[INJECT_INJECTION_DATE].at)
		nw_buf_addf(out, "Injection-Date: %s\r\n", date);
	nw_buf_addf(out, "Injection-Info: %s", by->path_host);
	if (by->host)
		put_parameter(out, "posting-host", by->host);
	if (by->account)
		put_parameter(out, "posting-account", by->account);
	nw_buf_adds(out, "\r\n");
}

/* Lines as RFC 5536 section 2.2 and RFC 3977 section 3.6 want them. */
static int check_lines(struct inject_text proto, struct nw_error *err)
{
	const char *at = proto.at, *end = at + proto.len, *lf;
	const char *why = NULL;
	size_t line;

	for (line = 1; at < end && !why; line++) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (!lf || lf == at || lf[-1] != '\r' ||
		    memchr(at, '\r', (size_t)(lf - 1 - at)))
			why = "has a line end that is not CR LF";
		else if (memchr(at, '\0', (size_t)(lf - at)))
			why = "holds a NUL";
		else if (lf - 1 - at > NW_LINE_OCTETS)
			why = "is longer than 998 octets";
		at = lf ? lf + 1 : end;
	}
	return why ? nw_error_set(err, NW_ERROR_DATA, "article: line %zu %s",
				  line - 1, why)
		   : 0;
}

/* The octets of the header, with the end of its last line; the body begins
 * with the empty line.  0: it is refused. */
static size_t header_len(struct inject_text proto, struct nw_error *err)
{
	const char *end = proto.len ? memmem(proto.at, proto.len, "\r\n\r\n", 4)
				    : NULL;
	size_t len = end ? (size_t)(end + 2 - proto.at) : 0;

	if (!end)
		(void)nw_error_set(err, NW_ERROR_DATA,
				   "article: has no empty line between header "
				   "and text");
	else if (len > NW_POST_HEAD_BYTES)
		(void)nw_error_set(err, NW_ERROR_DATA,
				   "header: is longer than %u octets",
				   NW_POST_HEAD_BYTES);
	else if (len + 2 < proto.len)
		return len;
	else
		(void)nw_error_set(err, NW_ERROR_DATA, "article: has no text");
	return 0;
}

int nw_inject(struct nw_arena *arena, const char *proto, size_t len,
	      const struct nw_inject *by, struct nw_buf *out,
	      struct nw_injected *injected_r, struct nw_error *err)
{
	struct injection injection = { .arena = arena, .by = by };
	struct inject_text header = { proto, len };
	const size_t start = out->len;
	struct nw_buf kept;
	int result;

	if (check_lines(header, err) < 0)
		return -1;
	header.len = header_len(header, err);
	if (!header.len)
		return -1;
	nw_buf_init(&kept, 2 * (size_t)NW_POST_HEAD_BYTES);
	injection.out = &kept;
	result = put_header(&injection, header, err);
	if (result == 0) {
		put_path(&injection, out);
		put_trailer(&injection);
		nw_buf_add(out, kept.data, kept.len);
		nw_buf_add(out, proto + header.len, len - header.len);
		if (!nw_buf_ok(&kept) || !nw_buf_ok(out))
			result = nw_error_set(err, NW_ERROR_REFUSED,
					      "article: is too long");
	}
	nw_buf_free(&kept);
	if (result == 0)
		*injected_r = injection.made;
	else
		nw_buf_cut(out, start);
	return result;
}
