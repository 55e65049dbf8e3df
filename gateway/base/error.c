/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newswire/error.h"
#include "newswire/utf8.h"

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
	[NW_ERROR_DAMAGED] = EX_DATAERR,
	[NW_ERROR_INTERNAL] = EX_SOFTWARE,
};

int nw_error_set(struct nw_error *err, enum nw_error_code code,
		 const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	if (!err)
		return -1;
	/* The text that err holds may be among the arguments. */
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	nw_utf8_printable(text);
	memcpy(err->text, text, sizeof(text));
	err->code = code;
	return -1;
}

int nw_error_prefix(struct nw_error *err, const char *format, ...)
{
	char prefix[sizeof(err->text)];
	va_list args;

	if (!err)
		return -1;
	va_start(args, format);
	(void)vsnprintf(prefix, sizeof(prefix), format, args);
	va_end(args);
	return nw_error_set(err, err->code, "%s: %s", prefix, err->text);
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
