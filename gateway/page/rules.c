/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *	file      = *( *WSP [ comment / rule ] line-end )
 *	comment   = "#" *char
 *	rule      = name [ "(" argument ")" ] ":" *WSP value
 *	name      = 1*( ALPHA / "_" )
 *
 * An argument ends at the first ")" with a ":" behind it, so that it may hold
 * both.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "rules_private.h"

/* What a value, or an argument, must be. */
enum form {
	TEXT,
	MAY_BE_EMPTY,
	WORD,		/* quotation marks around it go */
	XPATH,
	FLAG,
	HEADER,
};

static const struct directive {
	const char *name;
	bool argument;
	enum nw_rule_kind kind;
	enum form form;
} directives[] = {
	{ "author", false, NW_RULE_AUTHOR, XPATH },
	{ "autodetect_next_page", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "autodetect_on_failure", false, NW_RULE_AUTODETECT, FLAG },
	{ "body", false, NW_RULE_BODY, XPATH },
	{ "convert_double_br_tags", false, NW_RULE_IDLE, TEXT },
	{ "date", false, NW_RULE_DATE, XPATH },
	{ "dissolve", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "find_string", false, NW_RULE_FIND, TEXT },
	{ "footnotes", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "http_header", true, NW_RULE_HEADER, HEADER },
	{ "if_page_contains", false, NW_RULE_CONDITION, XPATH },
	{ "insert_detected_image", false, NW_RULE_INSERT_IMAGE, FLAG },
	{ "login_extra_fields", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "login_password_field", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "login_uri", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "login_username_field", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "move_into", true, NW_RULE_UNSUPPORTED, TEXT },
	{ "native_ad_clue", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "next_page_link", false, NW_RULE_NEXT_LINK, XPATH },
	{ "not_logged_in_xpath", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "parser", false, NW_RULE_IDLE, TEXT },
	{ "post_strip_attr", false, NW_RULE_IDLE, XPATH },
	{ "prune", false, NW_RULE_PRUNE, FLAG },
	{ "replace_string", false, NW_RULE_REPLACE, MAY_BE_EMPTY },
	{ "replace_string", true, NW_RULE_REPLACE, MAY_BE_EMPTY },
	{ "requires_login", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "single_page_link", false, NW_RULE_SINGLE_LINK, XPATH },
	{ "single_page_link_in_feed", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "skip_id_or_class", false, NW_RULE_UNSUPPORTED, TEXT },
	{ "skip_json_ld", false, NW_RULE_SKIP_JSONLD, FLAG },
	{ "src_lazy_load_attr", false, NW_RULE_IDLE, TEXT },
	{ "strip", false, NW_RULE_STRIP, XPATH },
	{ "strip_attr", false, NW_RULE_STRIP, XPATH },
	{ "strip_comments", false, NW_RULE_IDLE, TEXT },
	{ "strip_id_or_class", false, NW_RULE_STRIP_WORD, WORD },
	{ "strip_image_src", false, NW_RULE_STRIP_IMAGE, WORD },
	{ "test_contains", false, NW_RULE_IDLE, TEXT },
	{ "test_url", false, NW_RULE_IDLE, TEXT },
	{ "tidy", false, NW_RULE_IDLE, FLAG },
	{ "title", false, NW_RULE_TITLE, XPATH },
	{ "wrap_in", true, NW_RULE_WRAP, XPATH },
};

struct parser {
	struct nw_arena *arena;
	struct nw_rules *rules;
	struct nw_rules_report *report;
	unsigned line;
	size_t unpaired;	/* find_strings before this have a partner */
};

/* A line in its parts. */
struct parts {
	const char *name;
	const char *argument;	/* NULL: none */
	const char *value;
};

static void add_fault(struct parser *parser, unsigned line, const char *name,
		      const char *why, bool unsupported)
{
	struct nw_rules_report *report = parser->report;

	report->faults = nw_arena_grow(parser->arena, report->faults,
				       report->fault_count,
				       sizeof(*report->faults));
	report->faults[report->fault_count++] = (struct nw_rules_fault){
		line, name, why, unsupported,
	};
}

/* The end of the argument that begins at text: its ")"; NULL. */
static const char *argument_end(const char *text)
{
	const char *end;

	for (end = strchr(text, ')'); end; end = strchr(end + 1, ')'))
		if (end[1 + strspn(end + 1, " \t")] == ':')
			return end;
	return NULL;
}

/* NULL, or what is wrong with the line. */
static const char *take_apart(struct nw_arena *arena, const char *line,
			      struct parts *parts)
{
	size_t len = 0;
	const char *end;

	while (isalpha((unsigned char)line[len]) || line[len] == '_')
		len++;
	if (!len)
		return "the line is no directive";
	parts->name = nw_arena_strndup(arena, line, len);
	line += len;
	line += strspn(line, " \t");
	parts->argument = NULL;
	if (*line == '(') {
		end = argument_end(++line);
		if (!end)
			return "there is no \"):\" behind the argument";
		parts->argument = nw_arena_strndup(arena, line,
						   (size_t)(end - line));
		line = end + 1 + strspn(end + 1, " \t");
	}
	if (*line != ':')
		return "there is no \":\" behind it";
	line++;
	parts->value = line + strspn(line, " \t");
	return NULL;
}

static const struct directive *find_directive(const struct parts *parts,
					      const char **why_r)
{
	const struct directive *found = NULL;
	size_t i;

	for (i = 0; i < sizeof(directives) / sizeof(directives[0]); i++) {
		if (strcmp(directives[i].name, parts->name) != 0)
			continue;
		found = &directives[i];
		if (found->argument == (parts->argument != NULL))
			return found;
	}
	if (!found)
		*why_r = "there is no such directive";
	else if (found->argument)
		*why_r = "it needs an argument in brackets";
	else
		*why_r = "it takes no argument in brackets";
	return NULL;
}

/* A value in quotation marks, without them. */
static const char *without_quotes(struct nw_arena *arena, const char *value)
{
	size_t len = strlen(value);

	if (len < 2 || !strchr("\"'", *value) || value[len - 1] != *value)
		return value;
	return nw_arena_strndup(arena, value + 1, len - 2);
}

static const char *check_flag(const char **value)
{
	if (!strcasecmp(*value, "yes") || !strcasecmp(*value, "true"))
		*value = "yes";
	else if (!strcasecmp(*value, "no") || !strcasecmp(*value, "false"))
		*value = "";
	else
		return "must be yes or no";
	return NULL;
}

static const char *check_header(const struct nw_rule *rule)
{
	const char *c;

	for (c = rule->value; *c; c++)
		if (*c < ' ' || *c > '~')
			return "may hold printable ASCII only";
	return NULL;
}

/* The header's name; NULL for one that is not sent. */
static const char *header_name(const char *name)
{
	static const char *const names[] = { "user-agent", "referer",
					     "cookie" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcasecmp(name, names[i]))
			return names[i];
	return NULL;
}

/* Mends the value as its form asks; NULL, or what is wrong with it. */
static const char *check(struct nw_arena *arena, enum form form,
			 struct nw_rule *rule)
{
	if (!*rule->value && form != MAY_BE_EMPTY)
		return "it has no value";
	switch (form) {
	case XPATH:
		return nw_xpath_check(arena, rule->value);
	case FLAG:
		return check_flag(&rule->value);
	case HEADER:
		return check_header(rule);
	case WORD:
		rule->value = without_quotes(arena, rule->value);
		return *rule->value ? NULL : "it has no value";
	default:
		return NULL;
	}
}

static const char *add_rule(struct parser *parser, const struct nw_rule *rule)
{
	struct nw_rules *rules = parser->rules;

	if (rules->count == NW_RULES_DIRECTIVES)
		return "the file has too many directives";
	rules->all = nw_arena_grow(parser->arena, rules->all, rules->count,
				   sizeof(*rules->all));
	rules->all[rules->count++] = *rule;
	return NULL;
}

/* A replace_string without an argument belongs to the first find_string that
 * has none yet. */
static const char *pair(struct parser *parser, const struct nw_rule *rule)
{
	struct nw_rules *rules = parser->rules;

	for (; parser->unpaired < rules->count; parser->unpaired++) {
		struct nw_rule *find = &rules->all[parser->unpaired];

		if (find->kind != NW_RULE_FIND)
			continue;
		find->kind = NW_RULE_REPLACE;
		find->value = rule->value;
		return NULL;
	}
	return "there is no find_string before it";
}

static const char *add_condition(struct parser *parser,
				 const struct nw_rule *rule)
{
	struct nw_rules *rules = parser->rules;
	struct nw_rule *last = rules->count ? &rules->all[rules->count - 1] :
					      NULL;

	if (!last || (last->kind != NW_RULE_SINGLE_LINK &&
		      last->kind != NW_RULE_NEXT_LINK))
		return "there is no single_page_link or next_page_link before "
		       "it";
	last->condition = rule->value;
	return NULL;
}

static const char *take(struct parser *parser, struct nw_rule *rule)
{
	switch (rule->kind) {
	case NW_RULE_IDLE:
		return NULL;
	case NW_RULE_CONDITION:
		return add_condition(parser, rule);
	case NW_RULE_FIND:
		rule->argument = rule->value;
		return add_rule(parser, rule);
	case NW_RULE_REPLACE:
		if (!rule->argument)
			return pair(parser, rule);
		return *rule->argument ? add_rule(parser, rule) :
					 "there is nothing to replace";
	case NW_RULE_WRAP:
		if (!isalpha((unsigned char)*rule->argument))
			return "the argument is no element";
		return add_rule(parser, rule);
	default:
		return add_rule(parser, rule);
	}
}

static void read_rule(struct parser *parser, const char *line)
{
	struct parts parts = { .name = NULL };
	const char *why = take_apart(parser->arena, line, &parts);
	const struct directive *directive = NULL;
	struct nw_rule rule = { .line = parser->line };
	bool unsupported;

	parser->report->directives++;
	if (!why)
		directive = find_directive(&parts, &why);
	if (!directive) {
		add_fault(parser, parser->line, parts.name, why, false);
		return;
	}
	rule.kind = directive->kind;
	rule.argument = parts.argument;
	rule.value = parts.value;
	unsupported = rule.kind == NW_RULE_UNSUPPORTED;
	if (rule.kind == NW_RULE_HEADER) {
		rule.argument = header_name(parts.argument);
		unsupported = !rule.argument;
	}
	why = unsupported ? "is not supported" :
			    check(parser->arena, directive->form, &rule);
	if (!why)
		why = take(parser, &rule);
	if (why)
		add_fault(parser, parser->line, directive->name, why,
			  unsupported);
}

static void read_line(struct parser *parser, const char *line, size_t len)
{
	while (len && isspace((unsigned char)*line)) {
		line++;
		len--;
	}
	while (len && isspace((unsigned char)line[len - 1]))
		len--;
	if (!len || *line == '#')
		return;
	if (len > NW_RULES_LINE_BYTES)
		add_fault(parser, parser->line, NULL, "the line is too long",
			  false);
	else if (memchr(line, '\0', len) || nw_utf8_valid(line, len) != len)
		add_fault(parser, parser->line, NULL, "the line is no UTF-8",
			  false);
	else
		read_rule(parser, nw_arena_strndup(parser->arena, line, len));
}

/* A find_string that is left alone replaces nothing. */
static void report_unpaired(struct parser *parser)
{
	const struct nw_rules *rules = parser->rules;
	size_t i;

	for (i = 0; i < rules->count; i++)
		if (rules->all[i].kind == NW_RULE_FIND)
			add_fault(parser, rules->all[i].line, "find_string",
				  "there is no replace_string behind it",
				  false);
}

struct nw_rules *nw_rules_parse(struct nw_arena *arena, const char *name,
				const char *bytes, size_t len,
				struct nw_rules_report *report)
{
	struct nw_rules_report unread = { .directives = 0 };
	struct parser parser = { .arena = arena };
	const char *end = bytes + len, *stop;

	parser.report = report ? report : &unread;
	*parser.report = unread;
	parser.rules = nw_arena_alloc(arena, sizeof(*parser.rules));
	parser.rules->name = nw_arena_strdup(arena, name);
	/* A byte order mark. */
	if (len >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		bytes += 3;
	for (; bytes < end; bytes = stop + 1) {
		parser.line++;
		stop = memchr(bytes, '\n', (size_t)(end - bytes));
		if (!stop)
			stop = end;
		read_line(&parser, bytes, (size_t)(stop - bytes));
	}
	report_unpaired(&parser);
	return parser.rules;
}

const struct nw_rule *nw_rule_next(const struct nw_rules *rules,
				   enum nw_rule_kind kind,
				   const struct nw_rule *rule)
{
	size_t i = rule ? (size_t)(rule - rules->all) + 1 : 0;

	for (; rules && i < rules->count; i++)
		if (rules->all[i].kind == kind)
			return &rules->all[i];
	return NULL;
}

bool nw_rule_flag(const struct nw_rules *rules, enum nw_rule_kind kind,
		  bool otherwise)
{
	const struct nw_rule *rule = NULL;

	while ((rule = nw_rule_next(rules, kind, rule)))
		otherwise = *rule->value != '\0';
	return otherwise;
}

struct nw_rules_headers nw_rules_headers(const struct nw_rules *rules)
{
	struct nw_rules_headers headers = { .cookie = NULL };
	const struct nw_rule *rule = NULL;

	while ((rule = nw_rule_next(rules, NW_RULE_HEADER, rule))) {
		if (*rule->argument == 'u')
			headers.user_agent = rule->value;
		else if (*rule->argument == 'r')
			headers.referer = rule->value;
		else
			headers.cookie = rule->value;
	}
	return headers;
}
