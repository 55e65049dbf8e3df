/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/wire.h"

#define TERMINATOR ".\r\n"

/* Where a fold of Xref begins, so that no line passes NW_LINE_OCTETS even with
 * the longest name of a group behind it. */
#define XREF_FOLD 800

/* The octets copied as they are, up to the next line that must change. */
struct run {
	struct nw_buf *out;
	const char *start;
};

static void run_flush(struct run *run, const char *end, const char *next)
{
	nw_buf_add(run->out, run->start, (size_t)(end - run->start));
	run->start = next;
}

static const char *line_end(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));

	return lf ? lf + 1 : end;
}

/* Whether a line of a head goes on in the next one. */
static bool continues(const char *next, const char *end)
{
	return next < end && (*next == ' ' || *next == '\t');
}

/* Behind the header that starts at, with its folded lines. */
static const char *header_end(const char *at, const char *end)
{
	do
		at = line_end(at, end);
	while (continues(at, end));
	return at;
}

static bool is_header(const char *at, const char *end, const char *name)
{
	size_t len = strlen(name);

	return (size_t)(end - at) > len && at[len] == ':' &&
	       !strncasecmp(at, name, len);
}

static bool is_empty_line(const char *at, const char *end)
{
	return at < end && (*at == '\n' ||
			    (*at == '\r' && at + 1 < end && at[1] == '\n'));
}

/* The line from at to next, dot-stuffed and with CRLF: nothing is copied while
 * it is right as it stands. */
static int put_line(struct run *run, const char *at, const char *next,
		    struct nw_error *err)
{
	const char *text_end = next;

	if (*at == '.') {
		run_flush(run, at, at);
		nw_buf_addc(run->out, '.');
	}
	if (next[-1] == '\n')
		text_end = next - 1;
	if (text_end > at && text_end < next && text_end[-1] == '\r')
		text_end--;
	if (memchr(at, '\r', (size_t)(text_end - at)))
		return nw_error_set(err, NW_ERROR_DATA,
				    "article: a CR stands within a line");
	if (next - text_end != 2) {
		run_flush(run, text_end, next);
		nw_buf_adds(run->out, "\r\n");
	}
	return 0;
}

static void put_xref(struct nw_buf *out, const char *xref)
{
	size_t start = out->len;
	const char *word = xref;

	nw_buf_adds(out, "Xref: ");
	while (*word) {
		size_t len = strcspn(word, " ");

		nw_buf_add(out, word, len);
		word += len;
		if (!*word)
			break;
		if (out->len - start > XREF_FOLD) {
			nw_buf_adds(out, "\r\n");
			start = out->len;
		}
		nw_buf_addc(out, ' ');
		word++;
	}
	nw_buf_adds(out, "\r\n");
}

/* The head up to the empty line or the end; *at moves behind what was read.  An
 * Xref of the article goes where a new one comes. */
static int put_head(struct run *run, const char **at, const char *end,
		    bool drop_xref, struct nw_error *err)
{
	const char *next;

	while (*at < end && !is_empty_line(*at, end)) {
		if (drop_xref && is_header(*at, end, "Xref")) {
			next = header_end(*at, end);
			run_flush(run, *at, next);
			*at = next;
			continue;
		}
		next = line_end(*at, end);
		if (put_line(run, *at, next, err))
			return -1;
		*at = next;
	}
	run_flush(run, *at, *at);
	return 0;
}

static int put_body(struct run *run, const char *at, const char *end,
		    struct nw_error *err)
{
	const char *next;

	for (; at < end; at = next) {
		next = line_end(at, end);
		if (put_line(run, at, next, err))
			return -1;
	}
	run_flush(run, end, end);
	return 0;
}

static int check_article(const char *article, size_t len, const char *xref,
			 struct nw_error *err)
{
	if (!len)
		return nw_error_set(err, NW_ERROR_DATA, "article: empty");
	if (memchr(article, '\0', len))
		return nw_error_set(err, NW_ERROR_DATA,
				    "article: holds a NUL");
	if (xref && strpbrk(xref, "\r\n"))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "Xref: holds a line end");
	return 0;
}

int nw_wire_write(struct nw_buf *out, const char *article, size_t len,
		  const char *xref, size_t *head_len_r,
		  struct nw_error *err)
{
	const size_t start = out->len;
	struct run run = { out, article };
	const char *at = article, *end = article + len;
	size_t head_len;

	if (check_article(article, len, xref, err))
		return -1;
	if (put_head(&run, &at, end, xref != NULL, err))
		goto fail;
	if (xref)
		put_xref(out, xref);
	head_len = out->len - start;
	if (at == end)
		nw_buf_adds(out, "\r\n");
	else if (put_body(&run, at, end, err))
		goto fail;
	nw_buf_adds(out, TERMINATOR);
	if (!nw_buf_ok(out)) {
		(void)nw_error_set(err, NW_ERROR_REFUSED,
				   "article: longer than %zu octets",
				   out->max - start);
		goto fail;
	}
	*head_len_r = head_len;
	return 0;
fail:
	nw_buf_cut(out, start);
	return -1;
}

/* The lines of a wire form without their stuffing; behind the last one, where
 * the terminator should stand. */
static const char *unstuff(struct run *run, const char *at, const char *end)
{
	while (at < end && (*at != '.' || at + 1 == end || at[1] != '\r')) {
		if (*at == '.')
			run_flush(run, at, at + 1);
		at = line_end(at, end);
	}
	run_flush(run, at, at);
	return at;
}

int nw_wire_read(struct nw_buf *out, const char *wire, size_t len,
		 struct nw_error *err)
{
	const size_t start = out->len;
	struct run run = { out, wire };
	const char *end = unstuff(&run, wire, wire + len);

	if ((size_t)(wire + len - end) != strlen(TERMINATOR) ||
	    memcmp(end, TERMINATOR, strlen(TERMINATOR))) {
		nw_buf_cut(out, start);
		return nw_error_set(err, NW_ERROR_DATA,
				    "article: not in wire form");
	}
	if (!nw_buf_ok(out)) {
		nw_buf_cut(out, start);
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "article: longer than %zu octets",
				    out->max - start);
	}
	return 0;
}

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **at, const char **end)
{
	while (*at < *end && is_white(**at))
		(*at)++;
	while (*end > *at && is_white((*end)[-1]))
		(*end)--;
}

bool nw_wire_header(const char *head, size_t head_len, const char *name,
		    const char **value_r, size_t *len_r)
{
	const char *at = head, *end = head + head_len, *next;

	for (; at < end; at = next) {
		next = header_end(at, end);
		if (!is_header(at, next, name))
			continue;
		at += strlen(name) + 1;
		trim(&at, &next);
		*value_r = at;
		*len_r = (size_t)(next - at);
		return true;
	}
	return false;
}

/* RFC 3977 section 8.3.2: pairs of CR LF go, what is left of white space
 * that would break the line becomes a space. */
void nw_wire_unfold(struct nw_buf *out, const char *value, size_t len)
{
	const char *at = value, *end = value + len, *run = value;

	for (; at < end; at++) {
		if (*at != '\r' && *at != '\n' && *at != '\t' && *at)
			continue;
		nw_buf_add(out, run, (size_t)(at - run));
		run = at + 1;
		if (*at == '\r' && run < end && *run == '\n') {
			at++;
			run++;
		} else {
			nw_buf_addc(out, ' ');
		}
	}
	nw_buf_add(out, run, (size_t)(at - run));
}

enum overview_field {
	OVERVIEW_SUBJECT,
	OVERVIEW_FROM,
	OVERVIEW_DATE,
	OVERVIEW_MESSAGE_ID,
	OVERVIEW_REFERENCES,
	OVERVIEW_XREF,
	OVERVIEW_FIELDS
};

static const char *const overview_names[OVERVIEW_FIELDS] = {
	[OVERVIEW_SUBJECT] = "Subject",
	[OVERVIEW_FROM] = "From",
	[OVERVIEW_DATE] = "Date",
	[OVERVIEW_MESSAGE_ID] = "Message-ID",
	[OVERVIEW_REFERENCES] = "References",
	[OVERVIEW_XREF] = "Xref",
};

struct field {
	const char *value;	/* NULL: not seen */
	size_t len;
};

static void find_fields(const char *at, const char *end,
			struct field fields[OVERVIEW_FIELDS])
{
	const char *next, *value;
	size_t i;

	for (; at < end; at = next) {
		next = header_end(at, end);
		for (i = 0; i < OVERVIEW_FIELDS; i++) {
			const char *value_end = next;

			if (fields[i].value ||
			    !is_header(at, next, overview_names[i]))
				continue;
			value = at + strlen(overview_names[i]) + 1;
			trim(&value, &value_end);
			fields[i].value = value;
			fields[i].len = (size_t)(value_end - value);
			break;
		}
	}
}

/* The metadata :bytes and :lines (RFC 3977 section 8.1): no dot-stuffing and
 * no terminator in the one, neither the head nor the empty line in the
 * other. */
static void measure(const char *wire, size_t len, size_t head_len,
		    size_t *bytes_r, size_t *lines_r)
{
	const char *at = wire, *end = wire + len - strlen(TERMINATOR);
	const char *body = wire + head_len;
	size_t dots = 0, lines = 0;

	while (at < end) {
		dots += *at == '.';
		lines += at >= body;
		at = line_end(at, end);
	}
	*bytes_r = (size_t)(end - wire) - dots;
	*lines_r = lines ? lines - 1 : 0;
}

int nw_wire_overview(struct nw_buf *out, const char *wire, size_t len,
		     size_t head_len, struct nw_error *err)
{
	struct field fields[OVERVIEW_FIELDS] = { { NULL, 0 } };
	const size_t start = out->len;
	size_t bytes, lines, i;

	if (len < head_len + strlen(TERMINATOR) ||
	    memcmp(wire + len - strlen(TERMINATOR), TERMINATOR,
		   strlen(TERMINATOR)))
		return nw_error_set(err, NW_ERROR_DATA,
				    "article: not in wire form");
	find_fields(wire, wire + head_len, fields);
	measure(wire, len, head_len, &bytes, &lines);
	for (i = 0; i < OVERVIEW_XREF; i++) {
		nw_buf_addc(out, '\t');
		if (fields[i].value)
			nw_wire_unfold(out, fields[i].value, fields[i].len);
	}
	nw_buf_addf(out, "\t%zu\t%zu\t", bytes, lines);
	if (fields[OVERVIEW_XREF].value) {
		nw_buf_adds(out, "Xref: ");
		nw_wire_unfold(out, fields[OVERVIEW_XREF].value,
			       fields[OVERVIEW_XREF].len);
	}
	nw_buf_adds(out, "\r\n");
	if (!nw_buf_ok(out)) {
		nw_buf_cut(out, start);
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "overview: line too long");
	}
	return 0;
}

const char *nw_wire_word(const char **at, const char *end, size_t *len_r)
{
	const char *word;

	while (*at < end && strchr(" \t\r\n", **at))
		(*at)++;
	word = *at;
	while (*at < end && !strchr(" \t\r\n", **at))
		(*at)++;
	*len_r = (size_t)(*at - word);
	return *len_r ? word : NULL;
}
