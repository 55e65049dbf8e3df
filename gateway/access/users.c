/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newswire/config.h"
#include "newswire/limits.h"
#include "newswire/users.h"

#define SCRAM "SCRAM-SHA-256$"
#define KEY_OCTETS 44 /* 32 bytes in base64 */
#define SALT_OCTETS ((NW_SCRAM_SALT_BYTES + 2) / 3 * 4)

/* Ends the text at the mark and returns what follows it, or NULL. */
static char *cut(char *text, char mark)
{
	char *at = text ? strchr(text, mark) : NULL;

	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

static bool is_base64(const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = strlen(text), body = strspn(text, digits);

	return len && len % 4 == 0 && len - body <= 2 &&
	       strspn(text + body, "=") == len - body;
}

static bool is_key(const char *text)
{
	return text && strlen(text) == KEY_OCTETS && is_base64(text) &&
	       text[KEY_OCTETS - 1] == '=' && text[KEY_OCTETS - 2] != '=';
}

static unsigned iterations_of(const char *text)
{
	unsigned value = 0;

	for (; *text >= '0' && *text <= '9'; text++) {
		value = 10 * value + (unsigned)(*text - '0');
		if (value > NW_SCRAM_ITERATIONS_MAX)
			return 0;
	}
	return *text || value < NW_SCRAM_ITERATIONS_MIN ? 0 : value;
}

/* NULL, or what is wrong. */
static const char *parse_scram(char *text, struct nw_user *user)
{
	char *salt, *stored, *server;

	if (strncmp(text, SCRAM, strlen(SCRAM)) != 0)
		return "what follows the hash is not of " SCRAM "…";
	text += strlen(SCRAM);
	salt = cut(text, ':');
	stored = cut(salt, '$');
	server = cut(stored, ':');
	if (!is_key(stored) || !is_key(server))
		return "a SCRAM key is no 32 bytes in base64";
	if (!is_base64(salt) || strlen(salt) > SALT_OCTETS)
		return "the salt of SCRAM is no base64, or too long";
	user->iterations = iterations_of(text);
	if (!user->iterations)
		return "the iterations of SCRAM are too few, too many or no "
		       "number";
	user->salt = salt;
	user->stored_key = stored;
	user->server_key = server;
	return NULL;
}

/* The same; the line is cut to pieces. */
static const char *parse_user(char *line, struct nw_user *user)
{
	char *hash = cut(line, ':'), *scram = cut(hash, ':');

	if (!hash)
		return "there is no \":\" behind the name";
	if (!nw_config_is_user(line))
		return "what stands before \":\" is no name of a user";
	if (crypt_checksalt(hash) != CRYPT_SALT_OK)
		return "the hash is none of crypt(5), or of a weak kind";
	user->name = line;
	user->hash = hash;
	return scram ? parse_scram(scram, user) : NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct nw_user *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* Sorts them, and fails when two have the same name. */
static int order(struct nw_users *users, const char *path,
		 struct nw_error *err)
{
	const struct nw_user *user, *last = NULL;
	size_t i;

	if (users->count)
		qsort(users->all, users->count, sizeof(*users->all), by_name);
	for (i = 0; i < users->count; i++) {
		user = &users->all[i];
		if (last && !by_name(user, last))
			return nw_error_set(err, NW_ERROR_CONFIG,
					    "%s:%d: %s stands in line %d as "
					    "well",
					    path, user->line, user->name,
					    last->line);
		last = user;
		if (user->salt && !users->scram)
			users->scram = user;
	}
	return 0;
}

/* Cuts the next line off the text; NULL: there is none. */
static char *next_line(char **at, char *end)
{
	char *line = *at, *stop;

	if (line == end)
		return NULL;
	stop = memchr(line, '\n', (size_t)(end - line));
	*at = stop ? stop + 1 : end;
	if (!stop)
		stop = end;	/* there stands a NUL */
	*stop = '\0';
	if (stop > line && stop[-1] == '\r')
		stop[-1] = '\0';
	return line;
}

int nw_users_parse(struct nw_arena *arena, const char *path,
		   const struct nw_buf *text, struct nw_users *users_r,
		   struct nw_error *err)
{
	struct nw_users users = { .arena = arena };
	char *at = nw_arena_strdup(arena, text->data), *end, *line;
	const char *why;
	int number = 0;

	if (strlen(at) != text->len)
		return nw_error_set(err, NW_ERROR_CONFIG, "%s: is no text",
				    path);
	end = at + text->len;
	while ((line = next_line(&at, end))) {
		struct nw_user user = { .line = ++number };

		if (!*line || *line == '#')
			continue;
		why = users.count == NW_USERS ? "too many users"
					      : parse_user(line, &user);
		if (why)
			return nw_error_set(err, NW_ERROR_CONFIG,
					    "%s:%d: %s; take the line away, "
					    "newswire passwd writes another",
					    path, number, why);
		users.all = nw_arena_grow(arena, users.all, users.count,
					  sizeof(user));
		users.all[users.count++] = user;
	}
	if (order(&users, path, err) < 0)
		return -1;
	*users_r = users;
	return 0;
}

static int check_mode(const char *path, const struct stat *st,
		      struct nw_error *err)
{
	if (!S_ISREG(st->st_mode))
		return nw_error_set(err, NW_ERROR_CONFIG, "%s: is no file",
				    path);
	if (st->st_mode & (S_IRWXO | S_IWGRP))
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: others may look into it or write it; "
				    "chmod 600 %s mends that",
				    path, path);
	return 0;
}

/* All of an open file. */
static int slurp(int fd, const char *path, struct nw_buf *text,
		 struct nw_error *err)
{
	char bytes[16384];
	ssize_t got;

	while ((got = read(fd, bytes, sizeof(bytes))) != 0) {
		if (got < 0 && errno != EINTR)
			return nw_error_errno(err, "%s", path);
		if (got > 0)
			nw_buf_add(text, bytes, (size_t)got);
		if (!nw_buf_ok(text))
			return nw_error_set(err, NW_ERROR_CONFIG,
					    "%s: is longer than %u bytes",
					    path, NW_USERS_BYTES);
	}
	return 0;
}

int nw_users_read(const char *path, struct nw_buf *text, struct stat *st_r,
		  struct nw_error *err)
{
	/* Opening a FIFO must not wait for who writes it. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), result = -1;
	struct stat st;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		nw_error_errno(err, "%s", path);
	else if (check_mode(path, &st, err) == 0)
		result = slurp(fd, path, text, err);
	if (fd >= 0)
		(void)close(fd);
	if (result < 0)
		return -1;
	*st_r = st;
	return 1;
}

/* A file that is missing is all zero. */
static bool is_seen(struct nw_users *users, const char *path)
{
	struct stat st = { 0 };
	bool same;

	if (stat(path, &st) < 0)
		st = (struct stat){ 0 };
	same = users->looked && st.st_ino == users->seen.st_ino &&
	       st.st_dev == users->seen.st_dev &&
	       st.st_size == users->seen.st_size &&
	       st.st_mode == users->seen.st_mode &&
	       st.st_mtim.tv_sec == users->seen.st_mtim.tv_sec &&
	       st.st_mtim.tv_nsec == users->seen.st_mtim.tv_nsec;
	users->looked = true;
	users->seen = st;
	return same;
}

static int load(const char *path, struct nw_users *users_r,
		struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_buf text;
	struct stat st;
	int result;

	nw_buf_init(&text, NW_USERS_BYTES);
	result = nw_users_read(path, &text, &st, err);
	if (result >= 0)
		result = nw_users_parse(arena, path, &text, users_r, err);
	nw_buf_free(&text);
	if (result < 0)
		nw_arena_free(&arena);
	return result;
}

int nw_users_refresh(struct nw_users *users, const char *path,
		     struct nw_error *err)
{
	struct nw_users fresh;

	if (is_seen(users, path))
		return 0;
	if (load(path, &fresh, err) < 0)
		return -1;
	fresh.seen = users->seen;
	fresh.looked = true;
	nw_arena_free(&users->arena);
	*users = fresh;
	return 0;
}

void nw_users_free(struct nw_users *users)
{
	nw_arena_free(&users->arena);
	*users = (struct nw_users){ .arena = NULL };
}

const struct nw_user *nw_users_find(const struct nw_users *users,
				    const char *name)
{
	const struct nw_user key = { .name = name };

	if (!users->count)
		return NULL;
	return bsearch(&key, users->all, users->count, sizeof(key), by_name);
}
