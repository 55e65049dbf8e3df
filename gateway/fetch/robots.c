/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The grammar of RFC 9309 section 2.2, spaces and comments left out:
 *
 *	robotstxt   = *(group / emptyline)
 *	group       = startgroupline *(startgroupline / emptyline)
 *	              *(rule / emptyline)
 *	startgroupline = "user-agent" ":" product-token
 *	rule        = ("allow" / "disallow") ":" (path-pattern / empty)
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/robots.h"

#define TOKEN_CHARS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"

/* A pattern cut at its stars: its pieces, each with its NUL, one behind the
 * other.  The first one stands at the start of the path. */
struct nw_robots_rule {
	const char *pieces;
	size_t piece_count;
	size_t len;	/* of the pattern */
	bool anchored;	/* "$": the last piece stands at the end */
	bool allow;
};

/* Text that ends where it says. */
struct text {
	const char *at;
	size_t len;
};

enum key { KEY_NONE, KEY_AGENT, KEY_ALLOW, KEY_DISALLOW, KEY_DELAY };

static const struct name {
	const char *name;
	enum key key;
} names[] = {
	{ "user-agent", KEY_AGENT },
	{ "allow", KEY_ALLOW },
	{ "disallow", KEY_DISALLOW },
	{ "crawl-delay", KEY_DELAY },
};

struct reader {
	struct nw_arena *arena;
	struct text product;	    /* of our own */
	struct nw_robots own, any;  /* rules for us, for everybody */
	bool found;		    /* a group that names us */
	bool to_own, to_any;	    /* of this group */
	bool in_rules;		    /* so that an agent begins a new group */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct text trim(struct text text)
{
	while (text.len && is_blank(*text.at)) {
		text.at++;
		text.len--;
	}
	while (text.len && is_blank(text.at[text.len - 1]))
		text.len--;
	return text;
}

static bool is_same(struct text a, struct text b)
{
	return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

/* The product token at the start; some write a version behind it. */
static struct text product_of(struct text text)
{
	size_t len = 0;

	while (len < text.len && text.at[len] &&
	       strchr(TOKEN_CHARS, text.at[len]))
		len++;
	return (struct text){ text.at, len };
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_unreserved(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c && strchr("-._~", c));
}

/* What may stand in a path, and for something else than itself encoded. */
static bool is_reserved(unsigned char c)
{
	return c && strchr(":/?#[]@!$&'()*+,;=", c);
}

/* One octet, encoded or not, in the one way in which paths are compared
 * (section 2.2.2); returns how much of the text it took. */
static size_t add_octet(struct nw_buf *out, const char *at, size_t len)
{
	unsigned char c = (unsigned char)*at;
	size_t taken = 1;

	if (c == '%' && len > 2 && hex(at[1]) >= 0 && hex(at[2]) >= 0) {
		c = (unsigned char)(hex(at[1]) << 4 | hex(at[2]));
		taken = 3;
	}
	if (is_unreserved(c) || (taken == 1 && is_reserved(c)))
		nw_buf_addc(out, (char)c);
	else
		nw_buf_addf(out, "%%%02X", c);
	return taken;
}

/* NULL when it is longer than a URL can be. */
static char *normalise(struct nw_arena *arena, struct text text)
{
	struct nw_buf out;
	char *path = NULL;
	size_t at = 0;

	nw_buf_init(&out, NW_FETCH_URL_BYTES * 3);
	while (at < text.len)
		at += add_octet(&out, text.at + at, text.len - at);
	if (nw_buf_ok(&out))
		path = nw_arena_strndup(arena, out.data, out.len);
	nw_buf_free(&out);
	return path;
}

static void add_rule(struct reader *reader, struct nw_robots *robots,
		     struct text pattern, bool allow)
{
	struct nw_robots_rule rule = { .piece_count = 1, .allow = allow };
	char *pieces, *star;

	if (!pattern.len || robots->rule_count == NW_ROBOTS_RULES)
		return;
	pieces = normalise(reader->arena, pattern);
	if (!pieces)
		return;
	rule.pieces = pieces;
	rule.len = strlen(pieces);
	if (pieces[rule.len - 1] == '$') {
		rule.anchored = true;
		pieces[rule.len - 1] = '\0';
	}
	while ((star = strchr(pieces, '*'))) {
		*star = '\0';
		pieces = star + 1;
		rule.piece_count++;
	}
	robots->rules = nw_arena_grow(reader->arena, robots->rules,
				      robots->rule_count, sizeof(rule));
	robots->rules[robots->rule_count++] = rule;
}

/* Seconds, perhaps with a fraction, which counts as one more. */
static void set_delay(struct nw_robots *robots, struct text value)
{
	unsigned ms = 0;
	size_t i;

	for (i = 0; i < value.len && value.at[i] >= '0' && value.at[i] <= '9';
	     i++)
		if (ms < NW_ROBOTS_DELAY_MS)
			ms = ms * 10 + 1000 * (unsigned)(value.at[i] - '0');
	if (i < value.len && value.at[i] == '.')
		ms += 1000;
	robots->delay_ms = ms < NW_ROBOTS_DELAY_MS ? ms : NW_ROBOTS_DELAY_MS;
}

static void begin_group(struct reader *reader, struct text value)
{
	static const struct text star = { "*", 1 };

	if (reader->in_rules)
		reader->to_own = reader->to_any = reader->in_rules = false;
	if (is_same(value, star))
		reader->to_any = true;
	else if (reader->product.len &&
		 is_same(product_of(value), reader->product))
		reader->to_own = reader->found = true;
}

static void take(struct reader *reader, enum key key, struct text value)
{
	struct nw_robots *const robots[] = {
		reader->to_own ? &reader->own : NULL,
		reader->to_any ? &reader->any : NULL,
	};
	size_t i;

	if (key == KEY_AGENT) {
		begin_group(reader, value);
		return;
	}
	reader->in_rules = reader->in_rules || key != KEY_DELAY;
	for (i = 0; i < sizeof(robots) / sizeof(*robots); i++) {
		if (!robots[i])
			continue;
		if (key == KEY_DELAY)
			set_delay(robots[i], value);
		else
			add_rule(reader, robots[i], value, key == KEY_ALLOW);
	}
}

static void read_line(struct reader *reader, struct text line)
{
	const char *comment = memchr(line.at, '#', line.len), *colon;
	struct text name;
	size_t i;

	if (comment)
		line.len = (size_t)(comment - line.at);
	colon = memchr(line.at, ':', line.len);
	if (!colon)
		return;
	name = trim((struct text){ line.at, (size_t)(colon - line.at) });
	line = trim((struct text){ colon + 1, line.len - 1 -
					(size_t)(colon - line.at) });
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (is_same(name, (struct text){ names[i].name,
						 strlen(names[i].name) }))
			take(reader, names[i].key, line);
}

static size_t line_len(const char *at, size_t len)
{
	size_t i = 0;

	while (i < len && at[i] != '\n' && at[i] != '\r')
		i++;
	return i;
}

struct nw_robots *nw_robots_parse(struct nw_arena *arena, const char *bytes,
				  size_t len, const char *user_agent)
{
	static const char bom[] = "\xef\xbb\xbf";
	struct reader reader = { .arena = arena };
	struct nw_robots *robots = nw_arena_alloc(arena, sizeof(*robots));
	size_t at = 0, line;

	reader.product = product_of(
		(struct text){ user_agent, strlen(user_agent) });
	if (len >= strlen(bom) && memcmp(bytes, bom, strlen(bom)) == 0)
		at = strlen(bom);
	for (; at < len; at += line + 1) {
		line = line_len(bytes + at, len - at);
		/* A line that is cut could say more than it meant to. */
		if (at + line > NW_ROBOTS_BYTES)
			break;
		read_line(&reader, (struct text){ bytes + at, line });
	}
	*robots = reader.found ? reader.own : reader.any;
	return robots;
}

/*
 * Each piece at the first place where it stands: what comes behind it has the
 * most room there.  The last one of an anchored pattern has no choice.
 */
static bool matches(const struct nw_robots_rule *rule, const char *path)
{
	const char *piece = rule->pieces;
	size_t i, len = strlen(piece), left;

	if (strncmp(path, piece, len) != 0)
		return false;
	path += len;
	for (i = 1; i < rule->piece_count; i++) {
		piece += len + 1;
		len = strlen(piece);
		if (rule->anchored && i + 1 == rule->piece_count) {
			left = strlen(path);
			return left >= len &&
			       strcmp(path + left - len, piece) == 0;
		}
		path = strstr(path, piece);
		if (!path)
			return false;
		path += len;
	}
	return !rule->anchored || !*path;
}

bool nw_robots_allows(const struct nw_robots *robots, const char *path)
{
	const struct nw_robots_rule *best = NULL, *rule;
	struct nw_arena *arena = nw_arena_new();
	const char *asked = normalise(arena,
				      (struct text){ path, strlen(path) });
	size_t i;

	for (i = 0; asked && i < robots->rule_count; i++) {
		rule = &robots->rules[i];
		if ((!best || rule->len > best->len ||
		     (rule->len == best->len && rule->allow)) &&
		    matches(rule, asked))
			best = rule;
	}
	nw_arena_free(&arena);
	return strcmp(path, "/robots.txt") == 0 || !best || best->allow;
}
