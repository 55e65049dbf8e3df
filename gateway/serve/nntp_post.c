/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POST (RFC 3977 section 6.3.1).
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "newswire/config.h"
#include "newswire/nntp_server.h"
#include "newswire/wildmat.h"

#include "nntp_post_private.h"

/*
 * Where in the article the next octet stands.  Only CR LF ends a line: if LF
 * alone did, an article could hold what this server takes for its end and
 * commands, and another one does not.
 */
enum place {
	LINE,	  /* at the beginning of a line */
	DOT,	  /* behind a dot there */
	DOT_CR,	  /* behind a dot and a CR there */
	WITHIN,	  /* a line */
	WITHIN_CR /* behind a CR in it */
};

/* An article while its client sends it. */
struct post {
	struct nw_nntp_taker taker; /* first: it is what the session has */
	struct nw_nntp_posting posting;
	enum place place;
	struct nw_buf bytes;	/* without dot-stuffing and terminator */
	size_t counted;		/* of server->post_bytes, until it is stored */
	const char *fault;	/* why it is refused, read to its end */
};

/* Whether any group takes posts. */
static bool is_open(const struct nw_nntp_session *session)
{
	const char *notes = session->server->options.config->notes;

	return notes && *notes;
}

/* Whether that one does. */
static bool takes_posts(const struct nw_nntp_session *session,
			const char *group)
{
	return is_open(session) &&
	       nw_wildmat(session->server->options.config->notes, group);
}

bool nw_nntp_offers_post(const struct nw_nntp_session *session)
{
	return is_open(session) && nw_nntp_may_post_somewhere(session);
}

bool nw_nntp_invites_post(const struct nw_nntp_session *session)
{
	return is_open(session) && (nw_nntp_may_post_somewhere(session) ||
				    nw_nntp_may_login(session));
}

char nw_nntp_post_status(const struct nw_nntp_session *session,
			 const char *group)
{
	return takes_posts(session, group) &&
	       (nw_nntp_may_post(session, group) || nw_nntp_may_login(session))
		       ? 'y' : 'n';
}

static void uncount(struct post *post)
{
	post->posting.session->server->post_bytes -= post->counted;
	post->counted = 0;
}

static void post_free(struct nw_nntp_taker *taker)
{
	struct post *post = (struct post *)taker;

	nw_nntp_poster_forget(post->posting.session->server, &post->posting);
	uncount(post);
	nw_buf_free(&post->bytes);
	nw_buf_free(&post->posting.article);
	nw_arena_free(&post->posting.arena);
	free(post);
}

/* Octets of the article; of one that is too large, none are kept. */
static void keep(struct post *post, const char *bytes, size_t len)
{
	struct nw_nntp_server *server = post->posting.session->server;

	if (post->fault)
		return;
	nw_buf_add(&post->bytes, bytes, len);
	post->counted += len;
	server->post_bytes += len;
	if (!nw_buf_ok(&post->bytes))
		post->fault = "the article is larger than 1 MB";
	else if (server->post_bytes > NW_POST_PENDING_BYTES)
		post->fault = "too many post at once; try again later";
	else
		return;
	nw_buf_free(&post->bytes);
	uncount(post);
}

/* One octet that says where in its line it stands: whether it is the last of
 * the article. */
static bool step(struct post *post, char c)
{
	const enum place place = post->place;

	if (place == DOT_CR && c == '\n')
		return true;
	/* A dot was taken away, which is right unless this was the end. */
	if (place == DOT_CR)
		keep(post, "\r", 1);
	if (c == '\r')
		post->place = place == DOT ? DOT_CR : WITHIN_CR;
	else if (place == LINE && c == '.')
		post->place = DOT;
	else
		post->place = place == WITHIN_CR && c == '\n' ? LINE : WITHIN;
	if (post->place != DOT && post->place != DOT_CR)
		keep(post, &c, 1);
	return false;
}

/* How many octets are of the article; *end_r: the last of it is among them. */
static size_t read_article(struct post *post, const char *data, size_t len,
			   bool *end_r)
{
	const char *cr;
	size_t at = 0, run;

	*end_r = false;
	while (at < len && !*end_r) {
		if (post->place != WITHIN) {
			*end_r = step(post, data[at++]);
			continue;
		}
		cr = memchr(data + at, '\r', len - at);
		run = cr ? (size_t)(cr - data) - at : len - at;
		keep(post, data + at, run);
		at += run;
		if (cr)
			*end_r = step(post, data[at++]);
	}
	return at;
}

static int refuse(struct nw_nntp_session *session, const char *what,
		  const char *why)
{
	nw_nntp_reply(session, NW_NNTP_POST_FAILED, "%s%s", what, why);
	return -1;
}

/* That something failed here is for the operator to know. */
static int fail(struct nw_nntp_session *session, const struct nw_error *err)
{
	nw_nntp_fault(session->server, "a post was not stored", err);
	return refuse(session, "",
		      "the article cannot be stored now; try again later");
}

/* Each of its groups must be one that takes it. */
static int find_groups(struct nw_nntp_session *session,
		       struct nw_nntp_posting *posting)
{
	const struct nw_injected *injected = &posting->injected;
	struct nw_group group;
	struct nw_error err;
	size_t i;
	int found;

	if (nw_nntp_turn(session->server, &err) < 0)
		return fail(session, &err);
	for (i = 0; i < injected->group_count; i++) {
		found = nw_group_find(session->server->store,
				      injected->groups[i], &group, &err);
		if (found < 0)
			return fail(session, &err);
		if (!found || !nw_nntp_may_read(session, group.name))
			return refuse(session, injected->groups[i],
				      ": no such newsgroup here");
		if (!takes_posts(session, group.name) ||
		    !nw_nntp_may_post(session, group.name))
			return refuse(session, injected->groups[i],
				      ": takes no articles from you");
		posting->group_ids[i] = group.id;
	}
	return 0;
}

/* Makes the article of what came. */
static int inject(struct nw_nntp_session *session, struct post *post)
{
	const struct nw_nntp_options *options = &session->server->options;
	struct nw_nntp_posting *posting = &post->posting;
	char host[NW_NET_TEXT_BYTES];
	struct nw_inject by = {
		.path_host = options->config->path_host,
		.id_domain = options->config->id_domain,
		.account = nw_nntp_user(session),
		.now_utc = options->now(),
	};
	struct nw_error err;

	/* The address is told of strangers only. */
	if (!by.account)
		by.host = nw_nntp_origin_text(&session->origin, host);
	if (post->fault)
		return refuse(session, "", post->fault);
	if (getrandom(by.chance, sizeof(by.chance), 0) !=
	    (ssize_t)sizeof(by.chance)) {
		(void)nw_error_errno(&err, "random numbers");
		return fail(session, &err);
	}
	posting->arena = nw_arena_new();
	if (nw_inject(posting->arena, post->bytes.data, post->bytes.len, &by,
		      &posting->article, &posting->injected, &err) < 0)
		return refuse(session, "", err.text);
	nw_buf_free(&post->bytes);
	return find_groups(session, posting);
}

static void answer(struct nw_nntp_session *session,
		   const struct nw_nntp_posting *posting)
{
	static const char *const whys[] = {
		[NW_NNTP_KNOWN] = "Message-ID: an article has it already",
		[NW_NNTP_BUSY] = "the server is busy; try again",
		[NW_NNTP_UNSTORED] =
			"the article cannot be stored now; try again later",
	};

	if (posting->outcome != NW_NNTP_STORED)
		(void)refuse(session, "", whys[posting->outcome]);
	else
		nw_nntp_reply(session, NW_NNTP_POST_DONE,
			      "article received %s",
			      posting->injected.message_id);
	nw_nntp_taker_end(session);
}

/* The job of a session that was woken. */
static int answer_later(struct nw_nntp_session *session,
			struct nw_nntp_job *job, struct nw_error *err)
{
	(void)job;
	(void)err;
	answer(session, &((struct post *)session->taker)->posting);
	return 0;
}

static void store(struct nw_nntp_session *session,
		  struct nw_nntp_posting *posting)
{
	struct nw_nntp_job job = { .more = answer_later, .end = "" };

	if (nw_nntp_poster_put(session->server, posting) != NW_NNTP_QUEUED) {
		/* What was written to the disk was enough for one turn. */
		session->work += NW_NNTP_OUTPUT_BYTES;
		answer(session, posting);
		return;
	}
	session->job = malloc(sizeof(*session->job));
	if (session->job) {
		*session->job = job;
		nw_nntp_wait(session);
		return;
	}
	nw_nntp_poster_forget(session->server, posting);
	posting->outcome = NW_NNTP_UNSTORED;
	answer(session, posting);
}

static size_t take(struct nw_nntp_session *session,
		   struct nw_nntp_taker *taker, char *data, size_t len)
{
	struct post *post = (struct post *)taker;
	bool end;
	size_t taken = read_article(post, data, len, &end);

	session->work += taken;
	if (!end)
		return taken;
	if (inject(session, post) < 0)
		nw_nntp_taker_end(session);
	else
		store(session, &post->posting);
	return taken;
}

int nw_nntp_post(struct nw_nntp_session *session,
		 const struct nw_nntp_command *command, char *const *words,
		 struct nw_error *err)
{
	struct post *post;

	(void)words;
	if (!nw_nntp_offers_post(session)) {
		nw_nntp_reply(session, nw_nntp_invites_post(session)
					       ? NW_NNTP_LOGIN_FIRST
					       : NW_NNTP_POST_NOT_ALLOWED,
			      "posting is not allowed %s",
			      nw_nntp_invites_post(session)
				      ? "without a password" : "here");
		return 0;
	}
	if (!nw_nntp_guard_post(session, false)) {
		nw_nntp_reply(session, NW_NNTP_POST_NOT_ALLOWED,
			      "no more than %d articles a minute",
			      NW_POST_MINUTE);
		return 0;
	}
	post = calloc(1, sizeof(*post));
	if (!post)
		return nw_error_errno(err, "serve");
	post->taker = (struct nw_nntp_taker){ take, post_free };
	post->posting.session = session;
	nw_buf_init(&post->bytes, NW_POST_BYTES);
	nw_buf_init(&post->posting.article,
		    NW_POST_BYTES + NW_POST_HEAD_BYTES);
	nw_nntp_taker_begin(session, &post->taker);
	nw_nntp_reply(session, command->code,
		      "send the article, end it with a dot");
	return 0;
}
