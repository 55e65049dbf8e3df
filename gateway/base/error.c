/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newswire/error.h"

static const int exits[NW_ERROR_CODES] = {
	[NW_ERROR_NONE] = EX_OK,
	[NW_ERROR_USAGE] = EX_USAGE,
	[NW_ERROR_DATA] = EX_DATAERR,
	[NW_ERROR_MISSING] = EX_NOINPUT,
	[NW_ERROR_NETWORK] = EX_UNAVAILABLE,
	[NW_ERROR_REFUSED] = EX_NOPERM,
	[NW_ERROR_IO] = EX_IOERR,
	[NW_ERROR_BUSY] = EX_TEMPFAIL,
	[NW_ERROR_CONFIG] = EX_CONFIG,
	[NW_ERROR_INTERNAL] = EX_SOFTWARE,
};

/* Foreign bytes may be part of a text, and the buffer may have cut it. */
static void clean(char *text)
{
	size_t len = strlen(text), at;

	for (; *text; text++, len--)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
	/* No half of a UTF-8 sequence at the end. */
	for (at = 1; at <= 3; at++) {
		unsigned char c = (unsigned char)text[-(ptrdiff_t)at];

		if (c < 0x80)
			return;
		if (c >= 0xc0) {
			size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

			if (want > at)
				text[-(ptrdiff_t)at] = '\0';
			return;
		}
	}
}

static void fill(struct nw_error *err, enum nw_error_code code,
		 const char *text)
{
	err->code = code;
	(void)snprintf(err->text, sizeof(err->text), "%s", text);
	if (err->text[0])
		clean(err->text);
}

int nw_error_set(struct nw_error *err, enum nw_error_code code,
		 const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	if (!err)
		return -1;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fill(err, code, text);
	return -1;
}

int nw_error_prefix(struct nw_error *err, const char *format, ...)
{
	char prefix[sizeof(err->text)], text[2 * sizeof(err->text) + 2];
	va_list args;

	if (!err)
		return -1;
	va_start(args, format);
	(void)vsnprintf(prefix, sizeof(prefix), format, args);
	va_end(args);
	(void)snprintf(text, sizeof(text), "%s: %s", prefix, err->text);
	fill(err, err->code, text);
	return -1;
}

int nw_error_errno(struct nw_error *err, const char *format, ...)
{
	char what[sizeof(err->text)];
	int number = errno;
	va_list args;

	va_start(args, format);
	(void)vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return nw_error_set(err,
			    number == ENOENT ? NW_ERROR_MISSING : NW_ERROR_IO,
			    "%s: %s", what, strerror(number));
}

int nw_error_exit(const struct nw_error *err)
{
	return exits[err->code];
}
