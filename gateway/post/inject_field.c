/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may stand in the header of a posted article, field by field.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/limits.h"

#include "inject_private.h"

/* How much of a client's own words is said back to it. */
#define ECHO_OCTETS 60

/* A field of the header whose name has a rule. */
struct rule {
	const char *name;
	const char *never;	/* why it is refused, or NULL */
	int (*check)(struct injection *injection, const struct rule *rule,
		     struct inject_text body, struct nw_error *err);
};

static int wrong(const struct rule *rule, const char *why,
		 struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_DATA, "%s: %s", rule->name, why);
}

static int check_message_id(struct injection *injection,
			    const struct rule *rule, struct inject_text body,
			    struct nw_error *err)
{
	const char *domain = injection->by->id_domain;
	size_t len = strlen(domain);

	if (!inject_is_message_id(body))
		return wrong(rule, "must look like <words@example.org>", err);
	if (body.len > len + 2 && body.at[body.len - len - 2] == '@' &&
	    !strncasecmp(body.at + body.len - len - 1, domain, len))
		return wrong(rule, "its right side is this server's own", err);
	injection->made.message_id =
		nw_arena_strndup(injection->arena, body.at, body.len);
	return 0;
}

static int check_references(struct injection *injection,
			    const struct rule *rule, struct inject_text body,
			    struct nw_error *err)
{
	(void)injection;
	return inject_is_references(body)
		       ? 0 : wrong(rule, "must be Message-IDs", err);
}

static int check_mailboxes(struct injection *injection,
			   const struct rule *rule, struct inject_text body,
			   struct nw_error *err)
{
	(void)injection;
	return inject_is_mailboxes(body)
		       ? 0
		       : wrong(rule, "must look like Ann <ann@example.org>",
			       err);
}

static int read_date(const struct rule *rule, struct inject_text body,
		     int64_t *utc_r, struct nw_error *err)
{
	if (inject_is_date(body, utc_r))
		return 0;
	return wrong(rule, "must look like Sat, 26 Jul 2025 10:15:00 +0000",
		     err);
}

static int check_date(struct injection *injection, const struct rule *rule,
		      struct inject_text body, struct nw_error *err)
{
	int64_t utc, now_utc = injection->by->now_utc;

	if (read_date(rule, body, &utc, err) < 0)
		return -1;
	if (utc > now_utc + NW_POST_AHEAD_S)
		return wrong(rule, "is in the future; is your clock right?",
			     err);
	if (utc < now_utc - NW_POST_AGE_S)
		return wrong(rule, "is too long ago; is your clock right?",
			     err);
	if (!strcmp(rule->name, "Date"))
		injection->made.date_utc = utc;
	return 0;
}

/* How long an article stays is for the server to say. */
static int check_expires(struct injection *injection, const struct rule *rule,
			 struct inject_text body, struct nw_error *err)
{
	int64_t utc;

	(void)injection;
	return read_date(rule, body, &utc, err);
}

static int check_path(struct injection *injection, const struct rule *rule,
		      struct inject_text body, struct nw_error *err)
{
	(void)injection;
	return inject_is_path(body)
		       ? 0
		       : wrong(rule, "must be names with \"!\" between them, "
			       "and not say where it was posted", err);
}

static int no_group(const struct rule *rule, struct inject_text word,
		    const char *why, struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_DATA, "%s: \"%.*s\" %s", rule->name,
			    (int)(word.len < ECHO_OCTETS ? word.len
							 : ECHO_OCTETS),
			    word.at, why);
}

static bool is_among(const struct nw_injected *made, const char *group)
{
	size_t i;

	for (i = 0; i < made->group_count; i++)
		if (!strcmp(made->groups[i], group))
			return true;
	return false;
}

static int check_newsgroups(struct injection *injection,
			    const struct rule *rule, struct inject_text body,
			    struct nw_error *err)
{
	struct nw_injected *made = &injection->made;
	struct inject_text word;
	const char *group;

	while (inject_word(&body, ',', &word)) {
		if (!inject_is_group(word))
			return no_group(rule, word, "is no name of a newsgroup",
					err);
		if (made->group_count == NW_POST_GROUPS)
			return wrong(rule, "are too many", err);
		group = nw_arena_strndup(injection->arena, word.at, word.len);
		if (is_among(made, group))
			return no_group(rule, word, "stands there twice", err);
		made->groups = nw_arena_grow(injection->arena, made->groups,
					     made->group_count,
					     sizeof(*made->groups));
		made->groups[made->group_count++] = group;
	}
	return 0;
}

/* "poster", or newsgroups, which need not be here. */
static int check_followup(struct injection *injection, const struct rule *rule,
			  struct inject_text body, struct nw_error *err)
{
	struct inject_text word;

	(void)injection;
	while (inject_word(&body, ',', &word))
		if (!inject_is_group(word))
			return no_group(rule, word, "is no name of a newsgroup",
					err);
	return 0;
}

#define TO_US "is for the server to write"
#define NO_CONTROL "no article is cancelled or replaced by posting here"

/* By enum inject_known.  RFC 5536 section 3 */
static const struct rule rules[INJECT_KNOWN] = {
	[INJECT_APPROVED] = { "Approved", "no newsgroup here is moderated",
			      NULL },
	[INJECT_BCC] = { "Bcc", "everybody would see it", NULL },
	[INJECT_CONTROL] = { "Control", NO_CONTROL, NULL },
	[INJECT_DATE] = { "Date", NULL, check_date },
	[INJECT_EXPIRES] = { "Expires", NULL, check_expires },
	[INJECT_FOLLOWUP_TO] = { "Followup-To", NULL, check_followup },
	[INJECT_FROM] = { "From", NULL, check_mailboxes },
	[INJECT_INJECTION_DATE] = { "Injection-Date", NULL, check_date },
	[INJECT_INJECTION_INFO] = { "Injection-Info", TO_US, NULL },
	[INJECT_MESSAGE_ID] = { "Message-ID", NULL, check_message_id },
	[INJECT_NEWSGROUPS] = { "Newsgroups", NULL, check_newsgroups },
	[INJECT_PATH] = { "Path", NULL, check_path },
	[INJECT_REFERENCES] = { "References", NULL, check_references },
	[INJECT_REPLY_TO] = { "Reply-To", NULL, check_mailboxes },
	[INJECT_SENDER] = { "Sender", NULL, check_mailboxes },
	[INJECT_SUBJECT] = { "Subject", NULL, NULL },
	[INJECT_SUPERSEDES] = { "Supersedes", NO_CONTROL, NULL },
	[INJECT_XREF] = { "Xref", TO_US, NULL },
};

/* Those that may stand there once and are not looked at; the second list is of
 * those that must not (RFC 5536 section 3.3, and what INN refuses). */
static const char *const once[] = {
	"Archive", "Archived-At", "Cancel-Key", "Cancel-Lock", "Cc",
	"Content-Disposition", "Content-ID", "Content-Language",
	"Content-Transfer-Encoding", "Content-Type", "Distribution",
	"In-Reply-To", "Keywords", "Lines", "MIME-Version", "Organization",
	"Summary", "To", "User-Agent",
};
#define ONCE (sizeof(once) / sizeof(once[0]))

static const char *const obsolete[] = {
	"Also-Control", "Article-Names", "Article-Updates", "Date-Received",
	"NNTP-Posting-Date", "NNTP-Posting-Host", "Posting-Version",
	"Relay-Version", "See-Also", "X-Complaints-To", "X-Trace",
};
#define OBSOLETE (sizeof(obsolete) / sizeof(obsolete[0]))

bool inject_is_name(struct inject_text name, const char *other)
{
	return strlen(other) == name.len &&
	       !strncasecmp(name.at, other, name.len);
}

/* Of a list, where a name is; count when it is not there. */
static size_t find_name(const char *const *list, size_t count,
			struct inject_text name)
{
	size_t i;

	for (i = 0; i < count && !inject_is_name(name, list[i]); i++)
		;
	return i;
}

static int check_rule(struct injection *injection,
		      const struct inject_field *field,
		      enum inject_known known, struct nw_error *err)
{
	const struct rule *rule = &rules[known];

	if (rule->never)
		return wrong(rule, rule->never, err);
	if (injection->fields[known].at)
		return wrong(rule, "stands there twice", err);
	injection->fields[known] = field->body;
	return rule->check ? rule->check(injection, rule, field->body, err)
			   : 0;
}

int inject_field(struct injection *injection,
		 const struct inject_field *field, struct nw_error *err)
{
	struct inject_text name = field->name;
	size_t i;

	for (i = 0; i < INJECT_KNOWN; i++)
		if (inject_is_name(name, rules[i].name))
			return check_rule(injection, field,
					  (enum inject_known)i, err);
	i = find_name(obsolete, OBSOLETE, name);
	if (i < OBSOLETE)
		return nw_error_set(err, NW_ERROR_DATA,
				    "%s: is obsolete, leave it out",
				    obsolete[i]);
	i = find_name(once, ONCE, name);
	if (i < ONCE && injection->once & 1u << i)
		return nw_error_set(err, NW_ERROR_DATA,
				    "%s: stands there twice", once[i]);
	if (i < ONCE)
		injection->once |= 1u << i;
	return 0;
}

/* RFC 5537 section 3.4.1; whoever has injected it elsewhere says when, and
 * must have named it then (section 3.4.2). */
int inject_missing(const struct injection *injection, struct nw_error *err)
{
	static const enum inject_known must[] = {
		INJECT_FROM, INJECT_NEWSGROUPS, INJECT_SUBJECT,
		INJECT_MESSAGE_ID, INJECT_DATE,
	};
	size_t i, count = injection->fields[INJECT_INJECTION_DATE].at ? 5 : 3;

	for (i = 0; i < count; i++)
		if (!injection->fields[must[i]].at)
			return wrong(&rules[must[i]], "is missing", err);
	return 0;
}
