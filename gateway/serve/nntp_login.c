/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "newswire/config.h"
#include "newswire/nntp_server.h"

#include "nntp_login_private.h"

void nw_nntp_users_refresh(struct nw_nntp_server *server)
{
	const char *path = server->options.config->access.users_path;
	struct nw_error err;

	if (path && nw_users_refresh(&server->users, path, &err) < 0)
		nw_nntp_fault(server, "users stay as they were", &err);
}

bool nw_nntp_may_login(const struct nw_nntp_session *session)
{
	return session->server->users.count && !nw_nntp_user(session) &&
	       !nw_nntp_is_compressed(session);
}

const char *nw_nntp_user(const struct nw_nntp_session *session)
{
	const struct nw_nntp_login *login = session->login;

	return login && login->done ? login->user : NULL;
}

/* Without arguments it says that encryption comes first (RFC 4643 section
 * 2.1). */
void nw_nntp_login_words(const struct nw_nntp_session *session,
			 struct nw_buf *out)
{
	if (nw_nntp_is_private(session))
		nw_buf_adds(out, " USER");
	if (nw_nntp_sasl_offered(session))
		nw_buf_adds(out, " SASL");
}

/* Not the name that was tried, unless it is known: people type passwords
 * there. */
static void log_refusal(struct nw_nntp_login *login)
{
	struct nw_nntp_server *server = login->session->server;
	bool known = nw_users_find(&server->users, login->user);
	char text[NW_NET_TEXT_BYTES];
	const char *from = nw_nntp_origin_text(&login->session->origin, text);

	if (server->refusals++ >= NW_NNTP_REFUSALS_TOLD)
		return;
	nw_log(server->options.log, NW_LOG_WARNING, "serve",
	       from ? from : "this machine", "%s%s",
	       known ? "wrong password of " : "an unknown user",
	       known ? login->user : "");
}

static void on_pause(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_login *login = argument;

	(void)fd;
	(void)what;
	login->pending = false;
	nw_nntp_wake(login->session);
}

/* What is bad news comes after a pause: who tries again at once is to be
 * slow. */
static void settle(struct nw_nntp_login *login, enum nw_nntp_code code,
		   const char *text)
{
	const struct timeval pause = { NW_LOGIN_PAUSE_MS / 1000,
				       NW_LOGIN_PAUSE_MS % 1000 * 1000 };

	login->code = code;
	login->text = text;
	if (code == NW_NNTP_LOGGED_IN || event_add(&login->pause, &pause) < 0)
		on_pause(-1, 0, login);
}

static void refuse(struct nw_nntp_login *login)
{
	login->failures++;
	log_refusal(login);
	settle(login, NW_NNTP_LOGIN_FAILED, "no such user or password");
}

static void on_checked(enum nw_checked result, void *argument)
{
	struct nw_nntp_login *login = argument;

	login->check = NULL;
	if (result == NW_CHECKED_WRONG) {
		refuse(login);
	} else if (result == NW_CHECKED_NOT) {
		settle(login, NW_NNTP_FAULT, "passwords cannot be checked");
	} else if (!nw_nntp_login_succeed(login)) {
		settle(login, NW_NNTP_LOGIN_FAILED, NW_NNTP_CROWDED);
	} else {
		settle(login, NW_NNTP_LOGGED_IN, "welcome");
	}
}

/* What is said when it is known. */
static int more_outcome(struct nw_nntp_session *session,
			struct nw_nntp_job *job, struct nw_error *err)
{
	const struct nw_nntp_login *login = session->login;

	(void)job;
	(void)err;
	if (login->pending)
		return 1;
	nw_nntp_reply(session, login->code, "%s", login->text);
	if (login->failures >= NW_LOGIN_FAILURES)
		nw_nntp_session_state(session, NW_NNTP_CLOSING);
	return 0;
}

/* Commands wait until the outcome is there. */
static int begin_wait(struct nw_nntp_login *login, struct nw_error *err)
{
	struct nw_nntp_job job = { .more = more_outcome, .end = "" };

	login->pending = true;
	if (nw_nntp_long(login->session, &job, err) < 0)
		return -1;
	nw_nntp_wait(login->session);
	return 0;
}

static void reply_fault(struct nw_nntp_login *login,
			const struct nw_error *err)
{
	nw_nntp_reply(login->session, NW_NNTP_FAULT, "%s", err->text);
}

void nw_nntp_login_fail(struct nw_nntp_login *login)
{
	struct nw_error err;

	if (begin_wait(login, &err) < 0)
		reply_fault(login, &err);
	else
		refuse(login);
}

/* A name that nobody has takes as long as one of theirs. */
void nw_nntp_login_check(struct nw_nntp_login *login, const char *password)
{
	struct nw_nntp_server *server = login->session->server;
	const struct nw_user *user =
		nw_users_find(&server->users, login->user);
	const struct nw_user *like = user ? user : server->users.all;
	const struct nw_checker_order order = {
		.password = password,
		.hash = like ? like->hash : NULL,
		.never = !user,
		.place = nw_nntp_origin_place(&login->session->origin),
	};
	struct nw_error err;

	/* They may all have gone since the client began. */
	if (!like || strlen(password) > NW_USER_PASSWORD_OCTETS)
		nw_nntp_login_fail(login);
	else if (begin_wait(login, &err) < 0)
		reply_fault(login, &err);
	else if (nw_checker_ask(server->checker, &order, on_checked, login,
				&login->check, &err) < 0)
		settle(login, NW_NNTP_FAULT,
		       "too many passwords are being checked, try later");
}

bool nw_nntp_login_succeed(struct nw_nntp_login *login)
{
	if (!nw_nntp_guard_user(login->session, login->user))
		return false;
	login->done = true;
	nw_nntp_grant(login->session, login->user);
	nw_log(login->session->server->options.log, NW_LOG_DEBUG, "serve",
	       login->user, "has logged in");
	return true;
}

void nw_nntp_login_name(struct nw_nntp_login *login, const char *name)
{
	const bool usable = nw_config_is_user(name);

	login->named = true;
	memcpy(login->user, name, usable ? strlen(name) + 1 : 0);
	if (!usable)
		login->user[0] = '\0';
}

static struct nw_nntp_login *login_of(struct nw_nntp_session *session,
				      struct nw_error *err)
{
	struct nw_nntp_login *login = session->login;

	if (login)
		return login;
	login = calloc(1, sizeof(*login));
	if (!login || event_assign(&login->pause, session->server->base, -1,
				   EV_TIMEOUT, on_pause, login) < 0) {
		free(login);
		nw_error_set(err, NW_ERROR_INTERNAL, "no memory for a login");
		return NULL;
	}
	login->session = session;
	session->login = login;
	return login;
}

void nw_nntp_login_free(struct nw_nntp_session *session)
{
	struct nw_nntp_login *login = session->login;

	if (!login)
		return;
	if (login->check)
		nw_check_cancel(login->check);
	nw_nntp_sasl_end(login);
	(void)event_del(&login->pause);
	free(login);
	session->login = NULL;
}

/* A name or a password may hold spaces (RFC 4643 section 2.3.2): puts together
 * again what was cut into words. */
static char *rest_of_line(char *const *words)
{
	char *const line = words[0];
	char *at;

	for (; words[1]; words++)
		for (at = words[0] + strlen(words[0]); at < words[1]; at++)
			if (!*at)
				*at = ' ';
	return line;
}

static void run_user(struct nw_nntp_login *login, char *const *words)
{
	nw_nntp_login_name(login, rest_of_line(words));
	nw_nntp_reply(login->session, NW_NNTP_LOGIN_PASSWORD,
		      "now the password");
}

static void run_pass(struct nw_nntp_login *login, char *const *words)
{
	char *password = rest_of_line(words);

	if (!login->named) {
		nw_nntp_reply(login->session, NW_NNTP_LOGIN_ORDER,
			      "AUTHINFO USER comes first");
		return;
	}
	login->named = false;
	nw_nntp_login_check(login, password);
	explicit_bzero(password, strlen(password));
}

static void run_sasl(struct nw_nntp_login *login, char *const *words)
{
	nw_nntp_sasl_begin(login, words[0], words[1]);
	if (words[1])
		explicit_bzero(words[1], strlen(words[1]));
}

/* RFC 4643 sections 2.3 and 2.4 */
static const struct way {
	const char *keyword;
	bool in_clear;		/* others could read the password */
	int words_max;		/* behind the keyword; 0: any */
	void (*run)(struct nw_nntp_login *login, char *const *words);
} ways[] = {
	{ "USER", true, 0, run_user },
	{ "PASS", true, 0, run_pass },
	{ "SASL", false, 2, run_sasl },
};

static const struct way *find_way(char *const *words)
{
	int count = 0;
	size_t i;

	while (words[count + 1])
		count++;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcasecmp(ways[i].keyword, words[0]))
			return ways[i].words_max && count > ways[i].words_max
				       ? NULL : &ways[i];
	return NULL;
}

/* Why there is nothing to log in to. */
static const char *why_not(const struct nw_nntp_session *session)
{
	if (nw_nntp_user(session))
		return "you have logged in already";
	/* RFC 8054 section 2.2.2 */
	return nw_nntp_is_compressed(session) ? "not over compression"
					      : "nobody can log in here";
}

int nw_nntp_authinfo(struct nw_nntp_session *session,
		     const struct nw_nntp_command *command,
		     char *const *words, struct nw_error *err)
{
	const struct way *way = find_way(words);
	struct nw_nntp_login *login = login_of(session, err);

	if (!login)
		return -1;
	nw_nntp_users_refresh(session->server);
	if (!way)
		nw_nntp_reply_syntax(session, command);
	else if (!nw_nntp_may_login(session))
		nw_nntp_reply(session, NW_NNTP_DENIED, "%s",
			      why_not(session));
	else if (way->in_clear && !nw_nntp_is_private(session))
		nw_nntp_reply(session, NW_NNTP_LOGIN_ENCRYPTED,
			      "no password without encryption");
	else
		way->run(login, words + 1);
	return 0;
}
