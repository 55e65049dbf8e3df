/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "password_private.h"

void password_wipe(struct password *password)
{
	OPENSSL_cleanse(password->text, sizeof(password->text));
}

static int keep(struct password *password_r, const char *text, size_t len,
		const char *where, struct nw_error *err)
{
	if (!len || len > NW_PASSWORD_BYTES)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: a password has 1 to %d bytes", where,
				    NW_PASSWORD_BYTES);
	/* They would end a line of the protocol, or the string. */
	if (memchr(text, '\r', len) || memchr(text, '\n', len) ||
	    memchr(text, '\0', len))
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: the password has a line end in it",
				    where);
	memcpy(password_r->text, text, len);
	password_r->text[len] = '\0';
	return 0;
}

/* Whether somebody else can read the file, or has put it there. */
static int check(const struct stat *st, const char *file, struct nw_error *err)
{
	if (!S_ISREG(st->st_mode))
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: the file of passwords must be a "
				    "regular file",
				    file);
	if (st->st_uid != geteuid())
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: the file of passwords belongs to "
				    "another user: make one of your own",
				    file);
	if (st->st_mode & (S_IRWXG | S_IRWXO))
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: others may read the file of "
				    "passwords: chmod 600 %s",
				    file, file);
	if (st->st_size > NW_PASSWORDS_BYTES)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: larger than %d bytes", file,
				    NW_PASSWORDS_BYTES);
	return 0;
}

static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t got = read(fd, bytes + len, size - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

/* "USER@HOST"; a host has no case. */
static bool is_account(const char *word, size_t len, const char *user,
		       const char *host)
{
	size_t name = strlen(user);

	return len == name + 1 + strlen(host) && !memcmp(word, user, name) &&
	       word[name] == '@' &&
	       !strncasecmp(word + name + 1, host, strlen(host));
}

/* The password of the first line for the account; NULL: there is none. */
static const char *look(const char *text, const char *user, const char *host,
			size_t *len_r)
{
	while (*text) {
		size_t line = strcspn(text, "\n");
		size_t word = strcspn(text, " \t\r\n");

		if (*text != '#' && word < line &&
		    is_account(text, word, user, host)) {
			word += strspn(text + word, " \t");
			while (line > word && text[line - 1] == '\r')
				line--;
			*len_r = line - word;
			return text + word;
		}
		text += line + (text[line] == '\n');
	}
	return NULL;
}

static int find_in(struct password *password_r, const char *text,
		   const char *account[2], const char *file,
		   struct nw_error *err)
{
	size_t len;
	const char *found = look(text, account[0], account[1], &len);

	if (!found)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: no line \"%s@%s password\": add it, "
				    "or set " PASSWORD_VARIABLE,
				    file, account[0], account[1]);
	return keep(password_r, found, len, file, err);
}

static int read_file(struct password *password_r, const char *account[2],
		     const char *file, struct nw_error *err)
{
	char *text = NULL;
	ssize_t len;
	struct stat st;
	int fd, result = -1;

	/* A FIFO would wait for its writer. */
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: there is no such file: make it with "
				    "mode 0600 and a line \"%s@%s password\", "
				    "or set " PASSWORD_VARIABLE,
				    file, account[0], account[1]);
	if (fd < 0 || fstat(fd, &st)) {
		nw_error_errno(err, "%s", file);
		goto fail;
	}
	if (check(&st, file, err))
		goto fail;
	text = calloc(1, NW_PASSWORDS_BYTES + 1);
	len = text ? read_all(fd, text, NW_PASSWORDS_BYTES) : -1;
	if (len < 0) {
		nw_error_errno(err, "%s", file);
		goto fail;
	}
	if (memchr(text, '\0', (size_t)len))
		nw_error_set(err, NW_ERROR_CONFIG, "%s: it is no text", file);
	else
		result = find_in(password_r, text, account, file, err);
fail:
	if (text)
		OPENSSL_cleanse(text, NW_PASSWORDS_BYTES);
	free(text);
	if (fd >= 0)
		(void)close(fd);
	return result;
}

int password_find(struct password *password_r, const char *user,
		  const char *host, const char *file, struct nw_error *err)
{
	const char *account[2] = { user, host };
	const char *set = getenv(PASSWORD_VARIABLE);

	if (set && *set)
		return keep(password_r, set, strlen(set), PASSWORD_VARIABLE,
			    err);
	if (file)
		return read_file(password_r, account, file, err);
	return nw_error_set(err, NW_ERROR_CONFIG,
			    "no password for %s@%s: set " PASSWORD_VARIABLE
			    ", or name a password-file",
			    user, host);
}
