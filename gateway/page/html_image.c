/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "html_private.h"

/* Pixels: the widest picture that is wanted where there is a choice, what is
 * assumed where no width is said, up to which size a picture is an icon, and
 * from which on a drawing is none. */
enum {
	WIDTH_WANTED = 1600,
	WIDTH_ASSUMED = 580,
	WIDTH_ICON = 32,
	WIDTH_DRAWING = 200
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

/* What stands in for a picture that is not loaded yet. */
static const char *const placeholders[] = {
	"/1x1.", "/blank.", "/clear.gif", "/empty.", "/grey.gif", "/lazy",
	"/loader.", "/loading.", "/pixel.", "/placeholder", "/spacer",
	"/trans.gif", "/transparent", "{", NULL
};

/* Pictures that only count readers. */
static const char *const trackers[] = {
	"//pixel.", "/pixel.gif", "/pixel.png", "/pixel?", "//stats.wordpress.",
	"feedburner.com/~r", "feedburner.com/~ff", "feedsportal.com/",
	"doubleclick.net/", "google-analytics.com/", "googletagmanager.com/",
	"googlesyndication.com/", "facebook.com/tr", "scorecardresearch.com/",
	"quantserve.com/", "statcounter.com/", "amazon-adsystem.com/",
	"assoc-amazon.", "chartbeat.net/", "omtrdc.net/", ".2o7.net/",
	"imrworldwide.com/", ".ioam.de/", "vgwort.de/", "//bat.bing.com/",
	"//t.co/i/adsct", "counter.theconversation.com/", "//analytics.",
	"//ad.", "//ads.", "//counter.", "//tracker.", "//tracking.",
	"//beacon.", "outbrain.com/", "taboola.com/", "criteo.", "pheedo.com/",
	"adnxs.com/", "//rss.buysellads.com/", "piwik.php", "matomo.php", NULL
};

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

/* A list of addresses with descriptors (WHATWG HTML section 4.8.4.2.1).
 * Addresses may hold commas. */
static void consider_set(struct choice *best, const char *set, int width,
			 int penalty)
{
	static const char space[] = " \t\r\n\f";

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
		other.rank =
			other.width ? rank_width(other.width) : WIDTH_ASSUMED;
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
	int width = said > WIDTH_ICON ? said : WIDTH_ASSUMED;
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
		other.rank = rank_width(width) + places[i].bonus - penalty;
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

static void choose(struct choice *best, const xmlNode *node)
{
	const xmlNode *picture = find_picture(node);
	const xmlNode *at = picture;
	unsigned looks;

	consider_places(best, node, 0);
	for (looks = 0; at && looks < 32; looks++) {
		if (nw_dom_is(at, "source"))
			consider_places(best, at, penalty_of_type(at));
		at = nw_dom_next(at, picture, false);
	}
}

/* Whether a style gives the property less than two pixels ("width: 1px"). */
static bool is_shrunk(const char *style, const char *property)
{
	const char *at = style;
	char *end;
	double size;

	while ((at = strcasestr(at, property))) {
		bool whole = at == style || strchr("; \t\n", at[-1]);

		at += strlen(property);
		at += strspn(at, " ");
		if (!whole || *at != ':')
			continue;
		size = strtod(at + 1, &end);
		end += strspn(end, " ");
		if (end > at + 1 && size >= 0 && size < 2 &&
		    (!*end || strchr(";!", *end) || !strncasecmp(end, "px", 2)))
			return true;
	}
	return false;
}

/* Whether the page itself says that nobody is to see it. */
static bool is_pixel(const xmlNode *node)
{
	static const char *const attributes[] = { "width", "height" };
	const char *style = nw_dom_attr(node, "style");
	size_t i;

	for (i = 0; i < 2; i++) {
		const char *said = nw_dom_attr(node, attributes[i]);
		int size = nw_html_number(node, attributes[i]);

		if (said && (size == 0 || size == 1) && !strchr(said, '.'))
			return true;
		if (style && is_shrunk(style, attributes[i]))
			return true;
	}
	return false;
}

/* Drawings are signs of the site, unless they are large; and so is what has the
 * name of where stories are shared ("/icons/whatsapp.png"). */
static bool is_sign(const char *url, int width)
{
	static const char *const networks[] = {
		"bluesky.", "email.", "facebook.", "instagram.", "line.",
		"linkedin.", "mail.", "mastodon.", "pinterest.", "print.",
		"reddit.", "rss.", "share.", "telegram.", "threads.",
		"tiktok.", "twitter.", "whatsapp.", "x.", "youtube.", NULL
	};
	size_t end = strcspn(url, "?#"), start = end, i;

	if (width >= WIDTH_DRAWING)
		return false;
	while (start && url[start - 1] != '/')
		start--;
	for (i = 0; networks[i]; i++)
		if (!strncasecmp(url + start, networks[i], strlen(networks[i])))
			return true;
	return end > 4 && !strncasecmp(url + end - 4, ".svg", 4);
}

/* The still of a video is a button to whoever reads the page, and so are
 * others. */
static bool is_button(const xmlNode *node)
{
	static const char *const labels[] = {
		"click to play", "tap to play", "play video", "watch video",
		"video thumbnail", "click to follow", NULL
	};
	const char *alt = nw_dom_attr(node, "alt");
	size_t i;

	for (i = 0; alt && labels[i]; i++)
		if (!strncasecmp(alt, labels[i], strlen(labels[i])))
			return true;
	return false;
}

/* An alternative text that says something: no file name, no "image". */
static const char *read_alt(struct nw_arena *arena, const xmlNode *node)
{
	static const char *const names[] = {
		".jpg", ".jpeg", ".png", ".gif", ".webp", NULL
	};
	static const char *const idle[] = {
		"image", "photo", "picture", "img", "article image", "null",
		NULL
	};
	const char *said = nw_dom_attr(node, "alt");
	const char *alt = said ? nw_utf8_line(arena, said, strlen(said),
					      NW_STORY_SUMMARY_BYTES)
			       : NULL;
	size_t i;

	/* Some escape it twice. */
	if (alt && strstr(alt, "&#"))
		alt = nw_html_line(arena, alt, NW_STORY_SUMMARY_BYTES);
	for (i = 0; alt && idle[i]; i++)
		if (!strcasecmp(alt, idle[i]))
			return NULL;
	for (i = 0; alt && names[i]; i++) {
		const char *dot = strrchr(alt, '.');

		if (dot && !strcasecmp(dot, names[i]))
			return NULL;
	}
	return alt;
}

/* The height of a picture of another width. */
static int scale(int height, int width, int said_width)
{
	int64_t scaled = (int64_t)height * width / said_width;

	return scaled < INT32_MAX ? (int)scaled : 0;
}

struct nw_image *nw_html_image(struct nw_html_reader *reader,
			       const xmlNode *node)
{
	struct choice best = { .rank = 0 };
	struct nw_image *image;
	const char *url;
	char *text;
	int width, height;

	if (is_pixel(node) || is_button(node))
		return NULL;
	choose(&best, node);
	reader->lazy = !best.text;
	if (!best.text)
		return NULL;
	text = nw_arena_strndup(reader->arena, best.text, best.len);
	url = nw_url_resolve(reader->arena, reader->options->base, text);
	if (!url || !nw_url_is_web(url) || holds_one_of(url, trackers))
		return NULL;
	width = nw_html_number(node, "width");
	if (is_sign(url, width))
		return NULL;
	image = nw_arena_alloc(reader->arena, sizeof(*image));
	image->url = url;
	image->alt = read_alt(reader->arena, node);
	height = nw_html_number(node, "height");
	image->width = best.width ? best.width : width > 1 ? width : 0;
	if (width > 1 && height > 1)
		image->height = scale(height, image->width, width);
	return image;
}

/* Whether the picture is of one character, which is then text. */
static bool is_emoji(const xmlNode *node, const char *alt)
{
	static const char *const stems[] = {
		"emoji", "smiley", "smilies", NULL
	};
	size_t len = strlen(alt), at = 0;
	uint32_t point;

	if (len > 32)
		return false;
	if (nw_html_has_stem(node, "class", stems))
		return true;
	point = nw_utf8_next(alt, len, &at);
	return (point >= 0x2190 && point < 0x2c00) ||
	       (point >= 0x1f000 && point < 0x1fb00);
}

static bool is_icon(const xmlNode *node)
{
	int width = nw_html_number(node, "width");
	int height = nw_html_number(node, "height");

	return width > 0 && width <= WIDTH_ICON && height > 0 &&
	       height <= WIDTH_ICON;
}

bool nw_html_is_picture(const xmlNode *node)
{
	const char *alt = nw_dom_attr(node, "alt");

	return !is_icon(node) && !is_pixel(node) &&
	       !(alt && *alt && is_emoji(node, alt));
}

void nw_html_read_image(struct nw_html_reader *reader, const xmlNode *node)
{
	const char *alt = nw_dom_attr(node, "alt");
	const struct nw_image *image;

	if (alt && *alt && is_emoji(node, alt)) {
		nw_html_text(reader, alt);
		return;
	}
	if (reader->mode == NW_HTML_LINE || is_icon(node) ||
	    reader->images >= NW_STORY_IMAGES)
		return;
	image = nw_html_image(reader, node);
	if (image)
		nw_html_add_image(reader, image);
}

/* Whether a picture of that address stands just before. */
static bool is_twin(const struct nw_html_reader *reader, const char *url)
{
	enum { LOOKS = 3 };
	size_t len = strcspn(url, "?#"), i;

	for (i = 1; i <= LOOKS && i <= reader->body.count; i++) {
		const struct nw_block *block =
			&reader->body.blocks[reader->body.count - i];

		if (block->kind == NW_BLOCK_IMAGE &&
		    !strncmp(block->image->url, url, len) &&
		    strcspn(block->image->url, "?#") == len)
			return true;
	}
	return false;
}

void nw_html_add_image(struct nw_html_reader *reader,
		       const struct nw_image *image)
{
	struct nw_block block = { .kind = NW_BLOCK_IMAGE, .image = image };

	if (reader->images >= NW_STORY_IMAGES ||
	    (is_twin(reader, image->url) && !image->caption))
		return;
	reader->images++;
	nw_html_add_block(reader, &block);
}
