/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config_private.h"

/* How long the comment at text is, its line end not counted; 0: none. */
static size_t comment_len(const char *text)
{
	const char *end;

	if (*text == '#' || (text[0] == '/' && text[1] == '/'))
		return strcspn(text, "\n");
	if (text[0] != '/' || text[1] != '*')
		return 0;
	end = strstr(text + 2, "*/");
	return end ? (size_t)(end + 2 - text) : 0;
}

/* From a quotation mark to the one that closes it, or to the end; 0: there is
 * none at text. */
static size_t quoted_len(const char *text)
{
	size_t len;

	if (*text != '"' && *text != '\'')
		return 0;
	for (len = 1; text[len] && text[len] != *text; len++)
		if (text[len] == '\\' && text[len + 1])
			len++;
	return len;
}

const char *config_blank_comments(char *text)
{
	bool in_word = false;
	size_t len;

	for (; *text; text++) {
		len = in_word && *text == '/' ? 0 : comment_len(text);
		if (!len && !in_word && text[0] == '/' && text[1] == '*')
			return text;
		for (; len; len--, text++)
			if (*text != '\n')
				*text = ' ';
		text += quoted_len(text);
		in_word = *text && !strchr(" \t\r\n=+,{}", *text);
		if (!*text)
			break;
	}
	return NULL;
}

int config_line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

const char *config_open_brace(const char *text)
{
	const char *open = NULL;

	for (; *text; text++) {
		text += quoted_len(text);
		if (*text == '{')
			open = text;
		else if (*text == '}')
			open = NULL;
		else if (!*text)
			break;
	}
	return open;
}

int config_slurp(const char *path, struct nw_buf *text)
{
	FILE *file = fopen(path, "re");
	char bytes[4096];
	size_t len = 0;
	int number;

	if (!file)
		return -1;
	while (nw_buf_ok(text) &&
	       (len = fread(bytes, 1, sizeof(bytes), file)) > 0)
		nw_buf_add(text, bytes, len);
	number = ferror(file) ? errno : 0;
	(void)fclose(file);
	if (!number && (!nw_buf_ok(text) || strlen(text->data) != text->len))
		number = EFBIG;
	errno = number;
	return number ? -1 : 0;
}
