/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/wire.h"

#define TERMINATOR ".\r\n"
#define TERMINATOR_LEN (sizeof(TERMINATOR) - 1)

static int wrong(struct nw_error *err, const char *what)
{
	return nw_error_set(err, NW_ERROR_DATA, "%s", what);
}

/* A line with its end, which is there. */
static const char *fault_of_line(const char *at, const char *next)
{
	if (next - at < 2 || next[-2] != '\r' ||
	    memchr(at, '\r', (size_t)(next - at - 2)))
		return "a line does not end with CR and LF";
	if (*at == '.' && at[1] != '.')
		return "a line begins with a single dot";
	return NULL;
}

/* RFC 5322 section 2.2: a name and a colon, or white space before what
 * continues the line above. */
static bool is_head_line(const char *at, const char *next, bool first)
{
	const char *colon = memchr(at, ':', (size_t)(next - at));
	const char *c;

	if (!first && (*at == ' ' || *at == '\t'))
		return true;
	for (c = at; colon && c < colon; c++)
		if (*c <= ' ' || *c == 0x7f)
			return false;
	return colon && colon > at;
}

/* Looks through the lines up to end, of a head if head is set. */
static const char *fault_of_lines(const char *at, const char *end, bool head)
{
	const char *start = at, *next, *fault;

	for (; at < end; at = next) {
		next = memchr(at, '\n', (size_t)(end - at));
		if (!next)
			return "its last line has no end";
		next++;
		fault = fault_of_line(at, next);
		if (fault)
			return fault;
		if (head && !is_head_line(at, next, at == start))
			return "a line of its head is no header";
	}
	return NULL;
}

int nw_wire_check(const char *wire, size_t len, size_t head_len,
		  struct nw_error *err)
{
	const char *end, *fault;

	if (len < TERMINATOR_LEN + 2 ||
	    memcmp(wire + len - TERMINATOR_LEN, TERMINATOR, TERMINATOR_LEN))
		return wrong(err, "its end is missing");
	end = wire + len - TERMINATOR_LEN;
	if (memchr(wire, '\0', len))
		return wrong(err, "it holds a NUL");
	if (!head_len || head_len > len - TERMINATOR_LEN - 2 ||
	    memcmp(wire + head_len, "\r\n", 2))
		return wrong(err, "its head does not end where it should");
	fault = fault_of_lines(wire, wire + head_len, true);
	if (!fault)
		fault = fault_of_lines(wire + head_len, end, false);
	return fault ? wrong(err, fault) : 0;
}
