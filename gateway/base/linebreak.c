/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <unilbrk.h>

#include "newswire/utf8.h"

/* UAX #14 rules LB13 and LB14 in ASCII: what a space does not free. */
#define NOT_AT_START ")]}!?,.:;/"
#define NOT_AT_END "([{"

static bool is_ascii(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* Most news is this, and the general algorithm costs tens of times more. */
static void ascii_breaks(const char *text, size_t len, bool *marks)
{
	char before = ' ';
	size_t i;

	memset(marks, 0, len * sizeof(*marks));
	for (i = 1; i < len; i++) {
		if (text[i - 1] != ' ')
			before = text[i - 1];
		if (text[i - 1] == ' ' && text[i] != ' ')
			marks[i] = !strchr(NOT_AT_START, text[i]) &&
				   !strchr(NOT_AT_END, before);
	}
}

void nw_utf8_breaks(const char *text, size_t len, bool *marks_r)
{
	char *marks = (char *)marks_r;
	size_t i;

	_Static_assert(sizeof(bool) == sizeof(char),
		       "the marks are made in place");
	if (is_ascii(text, len)) {
		ascii_breaks(text, len, marks_r);
		return;
	}
	u8_possible_linebreaks((const uint8_t *)text, len, "UTF-8", marks);
	for (i = 0; i < len; i++)
		marks[i] = marks[i] == UC_BREAK_POSSIBLE;
}
