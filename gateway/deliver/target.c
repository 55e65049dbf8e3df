/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * target = ("mbox" / "maildir" / "mh") ":" path
 *	  / ("imap" / "imaps") "://" [user "@"] host [":" port] "/" folder
 *
 * User and folder are percent-encoded as RFC 5092 has it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mailbox_private.h"
#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

#define HOST_OCTETS 255
#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

static const char examples[] =
	"mbox:FILE, maildir:DIR, mh:DIR, imap://USER@HOST/FOLDER or "
	"imaps://USER@HOST/FOLDER, for example maildir:/home/me/News/{group}";

static int parse_path(struct nw_arena *arena, const char *rest, unsigned port,
		      struct nw_target *target, struct nw_error *err);
static int parse_imap(struct nw_arena *arena, const char *rest, unsigned port,
		      struct nw_target *target, struct nw_error *err);

static const struct scheme {
	const char *name;
	int (*parse)(struct nw_arena *arena, const char *rest, unsigned port,
		     struct nw_target *target, struct nw_error *err);
	unsigned port;
} schemes[] = {
	{ "mbox", parse_path, 0 }, { "maildir", parse_path, 0 },
	{ "mh", parse_path, 0 },   { "imap", parse_imap, 143 },
	{ "imaps", parse_imap, 993 },
};

static int wrong(const struct nw_target *target, const char *why,
		 struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_USAGE, "%.200s: %s", target->spec,
			    why);
}

/* A brace that is not that of "{group}" is a misspelling. */
static bool braces_are_good(const char *path)
{
	const size_t len = strlen(NW_TARGET_GROUP);

	while ((path = strpbrk(path, "{}"))) {
		if (strncmp(path, NW_TARGET_GROUP, len))
			return false;
		path += len;
	}
	return true;
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

/* Absolute, without "//", "/./" and a slash at the end; ".." stays, for what
 * it means is up to the file system. */
static char *tidy_path(struct nw_arena *arena, const char *path)
{
	char *tidy = nw_arena_alloc(arena, strlen(path) + 2), *out = tidy;
	size_t len;

	while (*path) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len && !(len == 1 && *path == '.')) {
			*out++ = '/';
			memcpy(out, path, len);
			out += len;
		}
		path += len;
	}
	if (out == tidy)
		*out++ = '/';
	*out = '\0';
	return tidy;
}

/* In front of what a path is relative to; NULL when that is not known. */
static const char *absolute(struct nw_arena *arena, const char *path)
{
	char dir[NW_PATH_BYTES];
	const char *home;

	if (*path == '/')
		return path;
	if (!strncmp(path, "~/", 2)) {
		home = getenv("HOME");
		return home && *home == '/'
			       ? nw_arena_printf(arena, "%s/%s", home, path + 2)
			       : NULL;
	}
	if (!getcwd(dir, sizeof(dir)))
		return NULL;
	return nw_arena_printf(arena, "%s/%s", dir, path);
}

static int parse_path(struct nw_arena *arena, const char *rest, unsigned port,
		      struct nw_target *target, struct nw_error *err)
{
	const char *path;

	(void)port;
	if (!*rest)
		return wrong(target, "names no path", err);
	if (has_control(rest))
		return wrong(target, "a control character is in the path", err);
	if (!braces_are_good(rest))
		return wrong(target, "only {group} may stand in braces", err);
	path = absolute(arena, rest);
	if (!path)
		return wrong(target, "write it as an absolute path", err);
	target->path = tidy_path(arena, path);
	if (strlen(target->path) >= NW_PATH_BYTES)
		return wrong(target, "the path is too long", err);
	if (!strcmp(target->path, "/"))
		return wrong(target, "names no path", err);
	target->name = nw_arena_printf(arena, "%.*s:%s",
				       (int)strcspn(target->spec, ":"),
				       target->spec, target->path);
	return 0;
}

static int hex(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) % 16 : -1;
}

/* NULL for what stands for no text: a "%" without two digits, a control
 * character, other octets than those of UTF-8. */
static const char *decode(struct nw_arena *arena, const char *text, size_t len)
{
	char *out = nw_arena_alloc(arena, len + 1), *at = out;
	const char *end = text + len;

	for (; text < end; text++) {
		*at = *text;
		if (*text == '%') {
			if (end - text < 3 || hex(text[1]) < 0 ||
			    hex(text[2]) < 0)
				return NULL;
			*at = (char)(hex(text[1]) * 16 + hex(text[2]));
			text += 2;
		}
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return NULL;
		at++;
	}
	*at = '\0';
	return nw_utf8_valid(out, (size_t)(at - out)) == (size_t)(at - out)
		       ? out : NULL;
}

static void encode(struct nw_buf *out, const char *text)
{
	for (; *text; text++)
		if (*text == ' ' || strchr("%?#@", *text))
			nw_buf_addf(out, "%%%02X", (unsigned char)*text);
		else
			nw_buf_addc(out, *text);
}

/* Digits alone, 1 to 65535; 0 when it is none. */
static unsigned read_port(const char *text, size_t len)
{
	unsigned port = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (!text[i] || !strchr(DIGITS, text[i]) || port > 65535)
			return 0;
		port = port * 10 + (unsigned)(text[i] - '0');
	}
	return port <= 65535 ? port : 0;
}

/* HOST[:PORT], an IPv6 address in brackets; the host in lower case and without
 * brackets. */
static int parse_host(struct nw_arena *arena, const char *text, size_t len,
		      struct nw_target *target, struct nw_error *err)
{
	const char *allowed = LETTERS DIGITS "-._";
	char *host = nw_arena_strndup(arena, text, len), *colon, *at;

	if (*host == '[') {
		allowed = DIGITS "abcdef:.";
		at = strchr(++host, ']');
		if (!at || (at[1] && at[1] != ':'))
			return wrong(target, "the host is no IPv6 address",
				     err);
		*at = '\0';
		colon = at[1] ? at + 1 : NULL;
	} else {
		colon = strchr(host, ':');
		if (colon)
			*colon = '\0';
	}
	if (colon) {
		target->port = read_port(colon + 1, strlen(colon + 1));
		if (!target->port)
			return wrong(target,
				     "the port must be between 1 and 65535",
				     err);
	}
	for (at = host; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	if (!*host || strlen(host) > HOST_OCTETS ||
	    strspn(host, allowed) != strlen(host))
		return wrong(target, "names no host", err);
	target->host = host;
	return 0;
}

static int parse_user(struct nw_arena *arena, const char *text, size_t len,
		      struct nw_target *target, struct nw_error *err)
{
	/* And none gets into a message either. */
	if (memchr(text, ':', len))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%.*s://…: no password may stand in a "
				    "target, where others can read it; put it "
				    "in a file of your own",
				    (int)strcspn(target->spec, ":"),
				    target->spec);
	target->user = decode(arena, text, len);
	if (!target->user || !*target->user)
		return wrong(target, "names no user", err);
	return 0;
}

static void name_imap(struct nw_arena *arena, const char *scheme,
		      unsigned default_port, struct nw_target *target)
{
	bool brackets = strchr(target->host, ':');
	struct nw_buf name;

	nw_buf_init(&name, 4 * NW_PATH_BYTES);
	nw_buf_addf(&name, "%s://", scheme);
	if (target->user) {
		encode(&name, target->user);
		nw_buf_addc(&name, '@');
	}
	nw_buf_addf(&name, brackets ? "[%s]" : "%s", target->host);
	if (target->port != default_port)
		nw_buf_addf(&name, ":%u", target->port);
	nw_buf_addc(&name, '/');
	encode(&name, target->path);
	target->name = nw_arena_strdup(arena, name.data);
	nw_buf_free(&name);
}

static int parse_imap(struct nw_arena *arena, const char *rest, unsigned port,
		      struct nw_target *target, struct nw_error *err)
{
	const char *end, *at, *host;

	if (strncmp(rest, "//", 2))
		return wrong(target, "must begin with imap:// or imaps://",
			     err);
	host = rest += 2;
	if (strlen(rest) >= NW_PATH_BYTES)
		return wrong(target, "is too long", err);
	end = rest + strcspn(rest, "/");
	for (at = rest; at < end; at++)
		if (*at == '@')
			host = at + 1;
	target->port = port;
	if (host > rest && parse_user(arena, rest, (size_t)(host - rest - 1),
				      target, err))
		return -1;
	if (parse_host(arena, host, (size_t)(end - host), target, err))
		return -1;
	if (!*end || !end[1])
		return wrong(target, "names no folder; write …/INBOX if you "
				     "mean that one",
			     err);
	target->path = decode(arena, end + 1, strlen(end + 1));
	if (!target->path)
		return wrong(target, "the folder is no percent-encoded text",
			     err);
	if (!braces_are_good(target->path))
		return wrong(target, "only {group} may stand in braces", err);
	name_imap(arena, port == 143 ? "imap" : "imaps", port, target);
	return 0;
}

int nw_target_read(struct nw_arena *arena, const char *spec,
		   struct nw_target *target_r, struct nw_error *err)
{
	struct nw_target target = { .spec = nw_arena_strdup(arena, spec) };
	size_t i, len = strcspn(spec, ":");

	for (i = 0; spec[len] && i < sizeof(schemes) / sizeof(*schemes); i++)
		if (strlen(schemes[i].name) == len &&
		    !strncmp(schemes[i].name, spec, len)) {
			if (schemes[i].parse(arena, spec + len + 1,
					     schemes[i].port, &target, err))
				return -1;
			*target_r = target;
			return 0;
		}
	return nw_error_set(err, NW_ERROR_USAGE,
			    "%.200s: is no target; there are %s", spec,
			    examples);
}

int nw_target_parse(struct nw_arena *arena, const char *spec,
		    struct nw_target *target_r, struct nw_error *err)
{
	struct nw_target target;

	if (nw_target_read(arena, spec, &target, err))
		return -1;
	target.driver = nw_mailbox_driver(spec, strcspn(spec, ":"));
	if (!target.driver)
		return wrong(&target, "this newswire was built without it",
			     err);
	*target_r = target;
	return 0;
}

bool nw_target_is_per_group(const struct nw_target *target)
{
	return strstr(target->path, NW_TARGET_GROUP) != NULL;
}
