/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "typed.h"

#define HOST_BYTES_MAX 253	/* RFC 1035, 2.3.4, as text */
/* A command's line ends at 512 (RFC 3977, 3.1). */
#define LOGIN_BYTES_MAX 200

static char *wrong(GError **error, const char *why)
{
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
			    why);
	return NULL;
}

static gboolean is_host_char(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_' ||
	       c == ':';
}

static gboolean is_host(const char *name)
{
	const char *c;

	if (*name == '-' || *name == '.' || strlen(name) > HOST_BYTES_MAX)
		return FALSE;
	for (c = name; *c; c++)
		if (!is_host_char(*c))
			return FALSE;
	/* Colons are of an address; "host:port" is no name. */
	return !strchr(name, ':') || g_hostname_is_ip_address(name);
}

static char *without_brackets(const char *text)
{
	char *name = g_strstrip(g_strdup(text));
	size_t length = strlen(name);

	if (length < 2 || name[0] != '[' || name[length - 1] != ']')
		return name;
	name[length - 1] = '\0';
	memmove(name, name + 1, length - 1);
	return name;
}

char *nw_typed_host(const char *text, GError **error)
{
	char *name = without_brackets(text);
	char *ascii = g_hostname_to_ascii(name);
	gboolean empty = !*name, good;

	g_free(name);
	if (empty) {
		g_free(ascii);
		return wrong(error, _("The host is missing."));
	}
	good = ascii && is_host(ascii);
	if (good)
		return ascii;
	g_free(ascii);
	return wrong(error, _("The host is a name as news.example.org or an "
			      "address, without anything around it."));
}

static gboolean has_control(const char *text)
{
	for (; *text; text++)
		if (g_ascii_iscntrl(*text))
			return TRUE;
	return FALSE;
}

static char *login_word(const char *text, const char *why, GError **error)
{
	if (!*text)
		return NULL;
	if (strlen(text) > LOGIN_BYTES_MAX || has_control(text) ||
	    !g_utf8_validate(text, -1, NULL))
		return wrong(error, why);
	return g_strdup(text);
}

char *nw_typed_user(const char *text, GError **error)
{
	char *trimmed = g_strstrip(g_strdup(text));
	char *user = login_word(trimmed,
				_("That cannot be the name of a user."),
				error);

	g_free(trimmed);
	return user;
}

char *nw_typed_password(const char *text, GError **error)
{
	return login_word(text, _("That cannot be a password."), error);
}
