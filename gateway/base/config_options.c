/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "config_private.h"
#include "newswire/limits.h"
#include "newswire/net.h"
#include "newswire/utf8.h"

#define IDENTITY_BYTES 128
#define USER_AGENT_BYTES 256
#define ADDRESS_BYTES 255
#define SOCKET_BYTES 107	/* of sun_path, without its end */
#define AGE_BYTES 16
#define PER_SECOND_MAX 1000000	/* so that each costs a microsecond */
#define BYTES_MAX (INT64_C(1) << 30)
#define GROUPS_MAX 1000000
#define MINUTE INT64_C(60)
#define DAY INT64_C(86400)

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const struct unit {
	char name[2];
	bool bytes;
	int64_t factor;
} units[] = {
	{ "s", false, 1 },
	{ "m", false, MINUTE },
	{ "h", false, 60 * MINUTE },
	{ "d", false, DAY },
	{ "w", false, 7 * DAY },
	{ "B", true, 1 },
	{ "K", true, INT64_C(1) << 10 },
	{ "M", true, INT64_C(1) << 20 },
};

/* RFC 1034 section 3.5: labels of letters, digits and inner hyphens. */
static bool is_domain(const char *value)
{
	const char *at = value;
	size_t len;

	do {
		len = strspn(at, DIGITS LETTERS "-");
		if (!len || len > 63 || *at == '-' || at[len - 1] == '-')
			return false;
		at += len;
	} while (*at == '.' && *++at);
	return !*at && at[-1] != '.' && at - value <= IDENTITY_BYTES;
}

static const char *check_domain(const char *value)
{
	return is_domain(value) ? NULL : "is no domain name";
}

const char *config_check_identity(const char *value)
{
	size_t len = strlen(value);

	if (is_domain(value) ||
	    (len && len <= IDENTITY_BYTES &&
	     strspn(value, DIGITS LETTERS "-_") == len))
		return NULL;
	return "is no name for Path: letters, digits, \"-\", \"_\" and \".\"";
}

static const char *check_user_agent(const char *value)
{
	size_t at;

	for (at = 0; value[at]; at++)
		if (value[at] < ' ' || value[at] > '~')
			return "may hold printable ASCII only";
	return at && at <= USER_AGENT_BYTES ? NULL
					    : "must have 1 to 256 characters";
}

static const char *check_images(const char *value)
{
	return strcmp(value, "inline") && strcmp(value, "link") &&
	       strcmp(value, "none")
		       ? "must be inline, link or none" : NULL;
}

static const char *check_edits(const char *value)
{
	return strcmp(value, "follow-up") && strcmp(value, "supersede") &&
	       strcmp(value, "ignore")
		       ? "must be follow-up, supersede or ignore" : NULL;
}

static const char *check_layout(const char *value)
{
	return strcmp(value, "alternative") && strcmp(value, "mixed") &&
	       strcmp(value, "text")
		       ? "must be alternative, mixed or text" : NULL;
}

/* [SCHEME://][USER:PASSWORD@]HOST[:PORT], as libcurl reads it; the schemes are
 * those that CURLOPT_PROXY knows. */
static const char *check_proxy(const char *value)
{
	static const char *const schemes[] = { "http",	  "https",  "socks4",
					       "socks4a", "socks5", "socks5h" };
	const char *colon = strstr(value, "://");
	size_t i;

	for (i = 0; value[i]; i++)
		if (value[i] <= ' ' || value[i] > '~' ||
		    i >= NW_FETCH_PROXY_BYTES)
			return "must be 1 to 1024 printable ASCII characters";
	if (!i || (colon && !colon[3]))
		return "must name a host";
	if (!colon)
		return NULL;
	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (strlen(schemes[i]) == (size_t)(colon - value) &&
		    strncasecmp(schemes[i], value, strlen(schemes[i])) == 0)
			return NULL;
	return "its scheme must be http, https, socks4, socks4a, socks5 or "
	       "socks5h";
}

static bool is_port(const char *text)
{
	unsigned port = 0;
	size_t len;

	for (len = 0; text[len] && strchr(DIGITS, text[len]); len++)
		if (port <= 65535)
			port = port * 10 + (unsigned)(text[len] - '0');
	return len && !text[len] && port <= 65535;
}

/* ADDRESS:PORT, an IPv6 address in brackets, PORT alone, or unix:/PATH. */
static const char *check_listen(const char *value)
{
	static const char what[] = "must be ADDRESS:PORT, PORT or unix:/PATH";
	const char *colon = strrchr(value, ':');
	size_t len = colon ? (size_t)(colon - value) : 0;

	if (!strncmp(value, "unix:", 5))
		return value[5] == '/' && strlen(value + 5) <= SOCKET_BYTES
			       ? NULL
			       : "the path of a socket must be absolute and "
				 "have at most 107 octets";
	if (!colon)
		return is_port(value) ? NULL : what;
	if (!len || len > ADDRESS_BYTES)
		return what;
	if ((*value == '[') != (colon[-1] == ']') ||
	    (*value != '[' && memchr(value, ':', len)))
		return "an IPv6 address must stand in brackets";
	return is_port(colon + 1) ? NULL
				  : "the port must be between 0 and 65535";
}

/* Permissions as chmod(1) has them. */
static const char *check_mode(const char *value)
{
	size_t zero = strlen(value) == 4 && *value == '0';

	return strspn(value + zero, "01234567") == 3 && !value[zero + 3]
		       ? NULL : "must be three octal digits, as 660";
}

static const char *check_network(const char *value)
{
	struct nw_net net;

	return nw_net_read(value, &net) || !strcmp(value, "none")
		       ? NULL : "must be ADDRESS, ADDRESS/BITS or none";
}

static const char *check_folder(const char *value)
{
	return *value == '/' && strlen(value) < NW_PATH_BYTES
		       ? NULL : "must be an absolute path";
}

static const char *check_ages(const char *value)
{
	int64_t ages_s[NW_RECHECKS];
	size_t count;

	return nw_config_ages(value, ages_s, &count) < 0
		       ? "must be \"none\" or up to 8 times from 60 to 86400 "
			 "seconds, each longer than the one before"
		       : NULL;
}

static const char *check_wildmat(const char *value)
{
	return *value && strlen(value) <= NW_NNTP_LINE_OCTETS
		       ? NULL : "must be a group or a pattern of groups";
}

bool nw_config_is_user(const char *name)
{
	size_t at;

	for (at = 0; name[at]; at++)
		if ((unsigned char)name[at] <= ' ' || name[at] == 0x7f ||
		    name[at] == ':' || at == NW_USER_OCTETS)
			return false;
	return at && *name != '#' && nw_utf8_valid(name, at) == at;
}

static const char *check_line(const char *value)
{
	size_t at;

	for (at = 0; value[at]; at++)
		if ((unsigned char)value[at] < ' ' && value[at] != '\t')
			return "must be one line of text";
	return at <= NW_LINE_OCTETS ? NULL
				    : "must have at most 998 characters";
}

/* RFC 6048 section 2.3.2: a name, white space, what it stands for */
static const char *check_distribution(const char *value)
{
	size_t len = strcspn(value, " \t");

	if (!len || *value == '/' || !value[len + strspn(value + len, " \t")])
		return "must be a name, a space and a description";
	return check_line(value);
}

/* weight:wildmat:value (RFC 3977 section 7.6.5) */
static const char *check_distrib_pat(const char *value)
{
	size_t weight = strspn(value, DIGITS);
	size_t pattern = value[weight] ? strcspn(value + weight + 1, ": \t")
				       : 0;

	if (!weight || value[weight] != ':' || !pattern ||
	    value[weight + 1 + pattern] != ':')
		return "must be WEIGHT:PATTERN:DISTRIBUTION";
	return check_line(value);
}

/* wildmat:address (RFC 6048 section 2.4.2) */
static const char *check_moderator(const char *value)
{
	size_t pattern = strcspn(value, ": \t");

	if (!pattern || *value == '/' || value[pattern] != ':' ||
	    !value[pattern + 1])
		return "must be PATTERN:ADDRESS";
	return check_line(value);
}

static const char *check_deliver_edits(const char *value)
{
	return strcmp(value, "replace") && strcmp(value, "append")
		       ? "must be replace or append" : NULL;
}

const char *const config_deliver_options[] = { "groups", "edits",
					       "password-file", "ca-file",
					       NULL };

const char *config_check_deliver(const char *name, const char *value)
{
	static const char *(*const checks[])(const char *value) = {
		check_wildmat, check_deliver_edits, check_folder, check_folder
	};
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (!strcmp(config_deliver_options[i], name))
			return checks[i](value);
	return "no such option";
}

#define FIELD(name) offsetof(struct nw_config, name)

const struct config_option config_options[CONFIG_OPTIONS] = {
	{ .name = "listen", .check = check_listen },
	{ .name = "listen-tls", .check = check_listen },
	{ .name = "rules-dir", .check = check_folder },
	{ .name = "read", .check = check_wildmat },
	{ .name = "post", .check = check_wildmat },
	{ .name = "notes", .check = check_wildmat },
	{ .name = "users-file", .field = FIELD(access.users_path),
	  .check = check_folder },
	{ .name = "motd", .field = FIELD(motd),
	  .type = CONFIG_LIST, .check = check_line },
	{ .name = "subscriptions", .field = FIELD(subscriptions),
	  .type = CONFIG_LIST, .check = check_wildmat },
	{ .name = "distributions", .field = FIELD(distributions),
	  .type = CONFIG_LIST, .check = check_distribution },
	{ .name = "distrib-pats", .field = FIELD(distrib_pats),
	  .type = CONFIG_LIST, .check = check_distrib_pat },
	{ .name = "moderators", .field = FIELD(moderators),
	  .type = CONFIG_LIST, .check = check_moderator },
	{ .name = "unlimited", .check = check_network },
	{ .name = "connections-per-address",
	  .field = FIELD(per_address.connections), .type = CONFIG_UNSIGNED,
	  .factor = 1, .max = PER_SECOND_MAX },
	{ .name = "commands-per-address",
	  .field = FIELD(per_address.commands_s), .type = CONFIG_UNSIGNED,
	  .factor = 1, .max = PER_SECOND_MAX },
	{ .name = "bytes-per-address", .field = FIELD(per_address.bytes_s),
	  .type = CONFIG_SIZE, .unit = "B", .factor = 1, .max = BYTES_MAX },
	{ .name = "connections-per-user",
	  .field = FIELD(per_user.connections), .type = CONFIG_UNSIGNED,
	  .factor = 1, .max = PER_SECOND_MAX },
	{ .name = "commands-per-user", .field = FIELD(per_user.commands_s),
	  .type = CONFIG_UNSIGNED, .factor = 1, .max = PER_SECOND_MAX },
	{ .name = "bytes-per-user", .field = FIELD(per_user.bytes_s),
	  .type = CONFIG_SIZE, .unit = "B", .factor = 1, .max = BYTES_MAX },
	{ .name = "manage-groups", .field = FIELD(manage_groups),
	  .type = CONFIG_UNSIGNED, .factor = 1, .max = GROUPS_MAX },
	{ .name = "socket-mode", .field = FIELD(socket_mode),
	  .check = check_mode, .fallback = "660" },
	{ .name = "tls-certificate", .field = FIELD(tls_certificate),
	  .check = check_folder },
	{ .name = "tls-key", .field = FIELD(tls_key), .check = check_folder },
	{ .name = "readers", .field = FIELD(readers),
	  .type = CONFIG_UNSIGNED, .factor = 1, .min = 1,
	  .max = NW_READERS },
	{ .name = "id-domain", .field = FIELD(id_domain),
	  .check = check_domain, .fallback = "newswire.invalid" },
	{ .name = "path-host", .field = FIELD(path_host),
	  .check = config_check_identity },
	{ .name = "user-agent", .field = FIELD(user_agent),
	  .check = check_user_agent,
	  .fallback = PACKAGE_NAME "/" PACKAGE_VERSION " (+" PACKAGE_URL ")" },
	{ .name = "images", .field = FIELD(images), .check = check_images,
	  .fallback = "inline" },
	{ .name = "edits", .field = FIELD(edits), .check = check_edits,
	  .fallback = "follow-up" },
	{ .name = "update-pause", .field = FIELD(update_pause_s),
	  .type = CONFIG_UNSIGNED, .unit = "m", .factor = 1,
	  .max = NW_UPDATE_PAUSE_MAX_S },
	{ .name = "layout", .field = FIELD(layout), .check = check_layout,
	  .fallback = "alternative" },
	{ .name = "image-size", .field = FIELD(image_bytes),
	  .type = CONFIG_SIZE, .unit = "B", .factor = 1,
	  .min = NW_PICTURE_LEAST_BYTES, .max = NW_PICTURE_BUDGET_BYTES },
	{ .name = "images-size", .field = FIELD(images_bytes),
	  .type = CONFIG_SIZE, .unit = "B", .factor = 1,
	  .max = NW_PICTURES_MOST_BYTES },
	{ .name = "expire-age", .field = FIELD(expire_age_s),
	  .type = CONFIG_INT64, .unit = "d", .factor = 1,
	  .max = 36500 * DAY, .fallback = "0" },
	{ .name = "expire-count", .field = FIELD(expire_count),
	  .type = CONFIG_INT64, .factor = 1, .max = INT32_MAX,
	  .fallback = "0" },
	{ .name = "poll-min", .field = FIELD(poll_min_s),
	  .type = CONFIG_UNSIGNED, .unit = "s", .factor = 1,
	  .min = NW_POLL_LIVE_MIN_S, .max = 7 * DAY },
	{ .name = "poll-max", .field = FIELD(poll_max_s),
	  .type = CONFIG_UNSIGNED, .unit = "s", .factor = 1,
	  .min = NW_POLL_LIVE_MIN_S, .max = 7 * DAY },
	{ .name = "poll-live", .field = FIELD(poll_live_s),
	  .type = CONFIG_UNSIGNED, .unit = "s", .factor = 1,
	  .min = NW_POLL_LIVE_MIN_S, .max = DAY },
	{ .name = "recheck", .field = FIELD(recheck), .check = check_ages,
	  .fallback = "10m 1h 6h 24h" },
	{ .name = "host-pause", .field = FIELD(host_pause_ms),
	  .type = CONFIG_UNSIGNED, .unit = "s", .factor = 1000,
	  .max = 10 * MINUTE },
	{ .name = "proxy", .field = FIELD(proxy), .check = check_proxy },
	{ .name = "fetch-timeout", .field = FIELD(fetch_total_ms),
	  .type = CONFIG_UNSIGNED, .unit = "s", .factor = 1000, .min = 1,
	  .max = 10 * MINUTE },
	{ .name = "fetch-size", .field = FIELD(fetch_body_bytes),
	  .type = CONFIG_SIZE, .unit = "B", .factor = 1, .min = 64 << 10,
	  .max = 64 << 20 },
};

/* Digits and at most one unit; -1 when it is neither. */
static int64_t quantity(const struct config_option *option, const char *value)
{
	const char *unit = option->unit;
	int64_t number = 0;
	size_t i;

	if (!strchr(DIGITS, *value) || !*value)
		return -1;
	for (; *value && strchr(DIGITS, *value); value++) {
		if (number > INT64_MAX / 10 / (7 * DAY * 1024) - 10)
			return INT64_MAX;
		number = number * 10 + (*value - '0');
	}
	if (!unit)
		return *value ? -1 : number;
	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(*value ? value : unit, units[i].name) &&
		    units[i].bytes == (*unit == 'B'))
			return number * units[i].factor;
	return -1;
}

int nw_config_ages(const char *text, int64_t *ages_s, size_t *count_r)
{
	static const struct config_option time = { .unit = "s" };
	static const char separators[] = " \t,";
	char word[AGE_BYTES];
	size_t count = 0, len;

	for (text += strspn(text, separators);
	     *text && strcmp(text, "none") != 0; text += len) {
		len = strcspn(text, separators);
		if (len >= sizeof(word) || count == NW_RECHECKS)
			return -1;
		memcpy(word, text, len);
		word[len] = '\0';
		ages_s[count] = quantity(&time, word);
		if (ages_s[count] < NW_RECHECK_MIN_S ||
		    ages_s[count] > NW_RECHECK_MAX_S ||
		    (count && ages_s[count] <= ages_s[count - 1]))
			return -1;
		count++;
		len += strspn(text + len, separators);
	}
	if (!count != !strcmp(text, "none"))
		return -1;
	*count_r = count;
	return 0;
}

static const char *number_range(struct nw_arena *arena,
				const struct config_option *option)
{
	if (!option->unit)
		return nw_arena_printf(arena,
				       "must be a number from %" PRId64
				       " to %" PRId64, option->min,
				       option->max);
	return nw_arena_printf(arena,
			       "must be %s from %" PRId64 " to %" PRId64 "%s",
			       *option->unit == 'B' ? "a size" : "a time",
			       option->min, option->max,
			       *option->unit == 'B' ? " bytes" : " seconds");
}

static const char *set_number(struct nw_arena *arena,
			      struct nw_config *config,
			      const struct config_option *option,
			      const char *value)
{
	void *field = (char *)config + option->field;
	int64_t number = quantity(option, value);

	if (number < option->min || number > option->max)
		return number_range(arena, option);
	number *= option->factor;
	if (option->type == CONFIG_UNSIGNED)
		*(unsigned *)field = (unsigned)number;
	else if (option->type == CONFIG_SIZE)
		*(size_t *)field = (size_t)number;
	else
		*(int64_t *)field = number;
	return NULL;
}

const char *config_set(struct nw_arena *arena, struct nw_config *config,
		       const struct config_option *option, const char *value)
{
	void *field = (char *)config + option->field;
	const char *why;

	if (option->type == CONFIG_LIST)
		return option->check(value);
	if (option->type != CONFIG_STRING)
		return set_number(arena, config, option, value);
	why = option->check(value);
	if (!why && option->field)
		*(const char **)field = nw_arena_strdup(arena, value);
	return why;
}
