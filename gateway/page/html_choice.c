/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of a picture's addresses is taken: lazy loaders leave a placeholder
 * where the picture should be, and sites offer each in many sizes.
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "html_private.h"

/* Pixels: the widest picture that is wanted where there is a choice, what is
 * assumed where no width is said, and less than any picture of a story has. */
enum {
	WIDTH_WANTED = 1600,
	WIDTH_ASSUMED = 580,
	WIDTH_ICON = 32
};

/* Where a picture's addresses stand; lazy loaders leave a placeholder in
 * src. */
static const struct place {
	const char *attribute;
	bool set;  /* a list with widths */
	int bonus; /* among addresses whose width is not said */
} places[] = {
	{ "srcset", true, 0 },		   { "data-srcset", true, 0 },
	{ "data-lazy-srcset", true, 0 },   { "data-src", false, 9 },
	{ "data-lazy-src", false, 8 },	   { "data-original", false, 7 },
	{ "data-hi-res-src", false, 7 },   { "data-large-file", false, 7 },
	{ "data-full-src", false, 7 },	   { "data-image-src", false, 6 },
	{ "data-cfsrc", false, 6 },	   { "data-runner-src", false, 6 },
	{ "data-pin-media", false, 5 },	   { "data-lazyload", false, 4 },
	{ "data-flickity-lazyload-srcset", true, 0 },
	{ "data-flickity-lazyload", false, 4 },
	{ "src", false, 3 },
};

/* What stands in for a picture that is not loaded yet.  A story's own may be
 * called after what is lazy or empty ("/lazy-river.jpg"), so that more is asked
 * of these: loaders call theirs "/lazy.png", "/lazyload-fallback.gif",
 * "/lazy_placeholder.gif". */
static const char *const placeholders[] = { "/1x1.",
					    "/blank.",
					    "/clear.gif",
					    "/empty.gif",
					    "/empty.png",
					    "/empty.svg",
					    "/grey.gif",
					    "/lazy-l.",
					    "/lazy-picture-placeholder",
					    "/lazy-placeholder",
					    "/lazy.",
					    "/lazy_placeholder",
					    "/lazyload-",
					    "/lazyload.",
					    "/loader.",
					    "/loading.",
					    "/pixel.",
					    "/placeholder",
					    "/spacer",
					    "/trans.gif",
					    "/transparent",
					    "{",
					    NULL };

static bool holds_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strstr(text, *words))
			return true;
	return false;
}

struct choice {
	const char *text; /* the address, borrowed */
	size_t len;
	int rank;
	int width; /* 0: not said */
};

static int rank_width(int width)
{
	int over = (width - WIDTH_WANTED) / 20;

	if (width <= WIDTH_WANTED)
		return width;
	return over < 500 ? 800 - over : 300;
}

static bool is_placeholder(const char *text, size_t len)
{
	char path[256];
	size_t i;

	if (!len || !strncasecmp(text, "data:", 5) ||
	    !strncasecmp(text, "blob:", 5) || !strncasecmp(text, "about:", 6))
		return true;
	for (i = 0; i < len && i < sizeof(path) - 1; i++)
		path[i] = (char)tolower((unsigned char)text[i]);
	path[i] = '\0';
	return holds_one_of(path, placeholders);
}

static void consider(struct choice *best, const struct choice *other)
{
	if (other->rank <= best->rank ||
	    is_placeholder(other->text, other->len))
		return;
	*best = *other;
}

/* The descriptor of a source: "640w" or "2x"; 1x is width pixels. */
static int described_width(const char *text, size_t len, int width)
{
	char word[16], *end;
	double value;

	while (len && isspace((unsigned char)*text))
		text++, len--;
	if (!len || len >= sizeof(word))
		return 0;
	memcpy(word, text, len);
	word[len] = '\0';
	value = strtod(word, &end);
	if (end == word || !(value > 0 && value < 100000))
		return 0;
	if (*end == 'w')
		return (int)value;
	return *end == 'x' && value <= 4 ? (int)(value * width) : 0;
}

/* Up to five digits, which no other follows. */
static int digits(const char *at, const char *end)
{
	int value = 0, count;

	for (count = 0; at < end && isdigit((unsigned char)*at); at++) {
		if (++count > 5)
			return 0;
		value = 10 * value + (*at - '0');
	}
	return value;
}

/* The width that an address asks its server for ("?w=1128", "&imwidth=960"); 0
 * when it names none. */
static int asked_width(const char *text, size_t len)
{
	static const char *const names[] = { "w=", "width=", "imwidth=",
					     "wid=" };
	const char *at, *end = text + len;
	size_t i, name_len;
	int width;

	for (at = text; at < end; at++) {
		if (*at != '?' && *at != '&' && *at != ';')
			continue;
		for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
			name_len = strlen(names[i]);
			if ((size_t)(end - at - 1) <= name_len ||
			    strncasecmp(at + 1, names[i], name_len) != 0)
				continue;
			width = digits(at + 1 + name_len, end);
			if (width > WIDTH_ICON)
				return width;
		}
	}
	return 0;
}

/* A list of addresses with descriptors (WHATWG HTML section 4.8.4.2.1).
 * Addresses may hold commas. */
static void consider_set(struct choice *best, const char *set, int width,
			 int penalty)
{
	static const char space[] = " \t\r\n\f";
	int asked;

	while (*set) {
		struct choice other = { .text = set +
						strspn(set, " \t\r\n\f,") };
		size_t run;

		set = other.text;
		other.len = strcspn(set, space);
		set += other.len;
		run = 0;
		if (other.len && other.text[other.len - 1] == ',')
			other.len--;
		else
			run = strcspn(set, ",");
		other.width = described_width(set, run, width);
		/* A width that is said is what comes; of what is told by the
		 * density ("2x") the address knows more. */
		asked = memchr(set, 'w', run)
				? 0
				: asked_width(other.text, other.len);
		if (!asked)
			asked = other.width;
		other.rank = asked ? rank_width(asked) : WIDTH_ASSUMED;
		other.rank -= penalty;
		if (other.rank < 1)
			other.rank = 1;
		consider(best, &other);
		set += run;
	}
}

static void consider_places(struct choice *best, const xmlNode *node,
			    int penalty)
{
	int said = nw_html_number(node, "width");
	int width = said > WIDTH_ICON ? said : WIDTH_ASSUMED, asked;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const char *value = nw_dom_attr(node, places[i].attribute);
		struct choice other = { .text = value };

		if (!value)
			continue;
		if (places[i].set) {
			consider_set(best, value, width, penalty);
			continue;
		}
		other.len = strlen(value);
		asked = asked_width(value, other.len);
		other.rank = rank_width(asked ? asked : width) +
			     places[i].bonus - penalty;
		consider(best, &other);
	}
}

/* What fewer readers can show comes last. */
static int penalty_of_type(const xmlNode *source)
{
	const char *type = nw_dom_attr(source, "type");

	if (!type)
		return 0;
	if (strstr(type, "avif") || strstr(type, "jxl"))
		return 5000;
	return strstr(type, "webp") ? 2 : 0;
}

/* The picture element around an img; the parser puts the img into the source
 * elements before it. */
static const xmlNode *find_picture(const xmlNode *node)
{
	unsigned looks;

	for (looks = 0; looks < 16 && node->parent; looks++) {
		node = node->parent;
		if (nw_dom_is(node, "picture"))
			return node;
		if (!nw_dom_is(node, "source"))
			return NULL;
	}
	return NULL;
}

void nw_html_choose(struct nw_html_choice *choice_r, const xmlNode *node)
{
	struct choice chosen = { .rank = 0 }, *best = &chosen;
	const xmlNode *picture = find_picture(node);
	const xmlNode *at = picture;
	unsigned looks;

	consider_places(best, node, 0);
	for (looks = 0; at && looks < 32; looks++) {
		if (nw_dom_is(at, "source"))
			consider_places(best, at, penalty_of_type(at));
		at = nw_dom_next(at, picture, false);
	}
	*choice_r = (struct nw_html_choice){ chosen.text, chosen.len,
					     chosen.width };
}
