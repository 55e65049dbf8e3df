/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * passwd: gives users a password, takes it away, says who has one.
 */
#include "config.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cmd_private.h"
#include "newswire/limits.h"
#include "newswire/secret.h"
#include "newswire/users.h"

static const struct nw_option options[] = {
	{ "delete", NULL, "take the user's password away" },
	{ "list", NULL, "print the names of all who have one" },
	{ NULL, NULL, NULL },
};

int nw_cmd_check_users(struct nw_context *context, struct nw_error *err)
{
	const struct nw_config_access *access = &context->config.access;
	struct nw_users users = { .arena = NULL };
	size_t i;

	if (nw_users_refresh(&users, access->users_path, err) < 0)
		return -1;
	for (i = 0; i < access->user_count; i++)
		if (!nw_users_find(&users, access->users[i].name))
			nw_log(&context->log, NW_LOG_WARNING, "users",
			       access->users[i].name,
			       "has no password; newswire passwd %s gives one",
			       access->users[i].name);
	nw_users_free(&users);
	return 0;
}

static int list(struct nw_context *context, struct nw_error *err)
{
	struct nw_users users = { .arena = NULL };
	size_t i;

	if (nw_users_refresh(&users, context->config.access.users_path,
			     err) < 0)
		return -1;
	for (i = 0; i < users.count; i++)
		(void)fprintf(context->out, "%s\n", users.all[i].name);
	nw_users_free(&users);
	return 0;
}

/* A line without its end; signals that are held come while it waits, as the
 * mask says.  Control characters stay: they are refused later. */
static int read_line(struct nw_buf *line, const sigset_t *mask,
		     struct nw_error *err)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t got;
	char c;

	do {
		if (mask && ppoll(&input, 1, NULL, mask) < 0)
			return nw_error_set(err, NW_ERROR_REFUSED,
					    "passwd: interrupted");
		got = read(STDIN_FILENO, &c, 1);
		if (got < 0)
			return nw_error_errno(err, "passwd");
		if (got == 0 || c == '\n')
			break;
		nw_buf_addc(line, c ? c : '\1');
	} while (nw_buf_ok(line));
	if (got == 0 && !line->len)
		return nw_error_set(err, NW_ERROR_DATA,
				    "passwd: there is no password");
	if (!nw_buf_ok(line))
		return nw_error_set(err, NW_ERROR_DATA,
				    "passwd: the password is too long");
	return 0;
}

/* Only so that reading is interrupted, and the terminal can be mended. */
static void on_signal(int number)
{
	(void)number;
}

static int read_hidden(const char *question, struct nw_buf *line,
		       struct nw_error *err)
{
	const struct sigaction interrupt = { .sa_handler = on_signal };
	struct termios shown, hidden;
	struct sigaction before[2];
	sigset_t mask;
	int result;

	if (tcgetattr(STDIN_FILENO, &shown) < 0)
		return nw_error_errno(err, "passwd: the terminal");
	nw_cmd_signals_hold(&mask);
	(void)sigaction(SIGINT, &interrupt, &before[0]);
	(void)sigaction(SIGTERM, &interrupt, &before[1]);
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	(void)fputs(question, stderr);
	result = read_line(line, &mask, err);
	(void)fputs("\n", stderr);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	(void)sigaction(SIGINT, &before[0], NULL);
	(void)sigaction(SIGTERM, &before[1], NULL);
	nw_cmd_signals_release(&mask);
	return result;
}

static void forget(struct nw_buf *line)
{
	explicit_bzero(line->data, line->len);
	nw_buf_free(line);
}

static int read_twice(struct nw_buf *line, struct nw_error *err)
{
	struct nw_buf again;
	int result;

	nw_buf_init(&again, NW_USER_PASSWORD_OCTETS);
	result = read_hidden("New password: ", line, err);
	if (result == 0)
		result = read_hidden("Again: ", &again, err);
	if (result == 0 && (line->len != again.len ||
			    memcmp(line->data, again.data, line->len) != 0))
		result = nw_error_set(err, NW_ERROR_DATA,
				      "passwd: those were two different "
				      "passwords");
	forget(&again);
	return result;
}

/* newswire.conf need not exist, nor the folder that both are in. */
static int make_folder(struct nw_context *context, struct nw_error *err)
{
	const char *path = context->config.access.users_path;
	const char *slash = strrchr(path, '/');

	if (slash == path)
		return 0;
	return nw_config_make_folder(nw_arena_printf(context->arena, "%.*s",
						     (int)(slash - path),
						     path), err);
}

static int set(struct nw_context *context, const char *name,
	       struct nw_error *err)
{
	struct nw_buf password, secret;
	int result;

	nw_buf_init(&password, NW_USER_PASSWORD_OCTETS);
	nw_buf_init(&secret, NW_LINE_OCTETS);
	result = isatty(STDIN_FILENO) ? read_twice(&password, err)
				      : read_line(&password, NULL, err);
	if (result == 0)
		result = nw_secret_make(password.data, &secret, err);
	if (result == 0)
		result = make_folder(context, err);
	if (result == 0)
		result = nw_users_change(context->config.access.users_path,
					 name, secret.data, err);
	if (result == 0)
		nw_log(&context->log, NW_LOG_INFO, "passwd", name,
		       "has a new password");
	forget(&password);
	nw_buf_free(&secret);
	return result;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	const char *name = context->argc ? context->argv[0] : NULL;

	if (nw_option_value(context, "list", 0)) {
		if (name)
			return nw_error_set(err, NW_ERROR_USAGE,
					    "passwd: --list takes no name");
		return list(context, err);
	}
	if (!name)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "passwd needs a name; see newswire "
				    "passwd --help");
	if (!nw_config_is_user(name))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "passwd: %s: a name is 1 to %d octets "
				    "without white space and \":\", and does "
				    "not begin with \"#\"",
				    name, NW_USER_OCTETS);
	if (nw_option_value(context, "delete", 0))
		return nw_users_change(context->config.access.users_path,
				       name, NULL, err);
	return set(context, name, err);
}

const struct nw_command nw_command_passwd = {
	.name = "passwd",
	.operands = "[NAME]",
	.help = "Give a user of the news server a password",
	.more = "It asks for the password, or reads a line when standard "
		"input is no terminal.",
	.man = "newswire(1), newswire.conf(5)",
	.options = options,
	.operands_max = 1,
	.run = run,
};
