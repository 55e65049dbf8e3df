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

/* Pixels: up to which size a picture is an icon, and from which on a drawing is
 * no sign. */
enum { WIDTH_ICON = 32, WIDTH_DRAWING = 200 };

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
	struct nw_html_choice best;
	struct nw_image *image;
	const char *url;
	char *text;
	int width, height;

	if (is_pixel(node) || is_button(node))
		return NULL;
	nw_html_choose(&best, node);
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
