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

/*
 * Players and posts of other sites in a frame: the host ends with the first
 * field, the path begins with the second.  Where a page for people has another
 * address, the third field makes it of the next part of the path ("%"), and the
 * fourth names a parameter that holds the whole address.
 */
static const struct site {
	const char *host, *path;
	const char *address;
	const char *parameter;
} sites[] = {
	{ "youtube.com", "/embed/videoseries", NULL, NULL },
	{ "youtube.com", "/embed/", "https://www.youtube.com/watch?v=%", NULL },
	{ "youtube-nocookie.com", "/embed/",
	  "https://www.youtube.com/watch?v=%", NULL },
	{ "player.vimeo.com", "/video/", "https://vimeo.com/%", NULL },
	{ "dailymotion.com", "/embed/video/",
	  "https://www.dailymotion.com/video/%", NULL },
	{ "facebook.com", "/plugins/", NULL, "href" },
	{ "w.soundcloud.com", "/player", NULL, "url" },
	{ "open.spotify.com", "/embed/", NULL, NULL },
	{ "embed.podcasts.apple.com", "/", NULL, NULL },
	{ "platform.twitter.com", "/embed/", NULL, NULL },
	{ "instagram.com", "/p/", "https://www.instagram.com/p/%/", NULL },
	{ "instagram.com", "/reel/", "https://www.instagram.com/reel/%/",
	  NULL },
	{ "tiktok.com", "/embed/", NULL, NULL },
	{ "t.me", "/", NULL, NULL },
	{ "embed.bsky.app", "/", NULL, NULL },
	{ "truthsocial.com", "/", NULL, NULL },
	{ "rumble.com", "/embed/", NULL, NULL },
	{ "streamable.com", "/", NULL, NULL },
	{ "twitch.tv", "/", NULL, NULL },
	{ "vk.com", "/video_ext.php", NULL, NULL },
	{ "rutube.ru", "/play/embed/", NULL, NULL },
	{ "ok.ru", "/videoembed/", NULL, NULL },
	{ "bilibili.com", "/", NULL, NULL },
	{ "ted.com", "/", NULL, NULL },
	{ "c-span.org", "/", NULL, NULL },
	{ "archive.org", "/embed/", "https://archive.org/details/%", NULL },
	{ "players.brightcove.net", "/", NULL, NULL },
	{ "cdn.jwplayer.com", "/players/", NULL, NULL },
	{ "megaphone.fm", "/", NULL, NULL },
	{ "acast.com", "/", NULL, NULL },
	{ "simplecast.com", "/", NULL, NULL },
	{ "audioboom.com", "/", NULL, NULL },
	{ "omny.fm", "/", NULL, NULL },
	{ "datawrapper.de", "/", NULL, NULL },
	{ "datawrapper.dwcdn.net", "/", NULL, NULL },
	{ "flo.uri.sh", "/", NULL, NULL },
	{ "public.flourish.studio", "/", NULL, NULL },
	{ "infogram.com", "/", NULL, NULL },
	{ "documentcloud.org", "/", NULL, NULL },
	{ "scribd.com", "/embeds/", "https://www.scribd.com/document/%",
	  NULL },
	{ "google.com", "/maps/", NULL, NULL },
	{ "openstreetmap.org", "/", NULL, NULL },
	{ "sketchfab.com", "/", NULL, NULL },
	{ "slideshare.net", "/", NULL, NULL },
	{ "reddit.com", "/", NULL, NULL },
	{ "redditmedia.com", "/", NULL, NULL },
};

/* Elements of AMP: the attribute with the id, and the address made of it. */
static const struct component {
	const char *element, *attribute, *address;
} components[] = {
	{ "amp-youtube", "data-videoid", "https://www.youtube.com/watch?v=%" },
	{ "amp-vimeo", "data-videoid", "https://vimeo.com/%" },
	{ "amp-dailymotion", "data-videoid",
	  "https://www.dailymotion.com/video/%" },
	{ "amp-twitter", "data-tweetid", "https://x.com/i/status/%" },
	{ "amp-instagram", "data-shortcode",
	  "https://www.instagram.com/p/%/" },
	{ "amp-tiktok", "data-src", "%" },
	{ "amp-facebook", "data-href", "%" },
	{ "amp-soundcloud", "data-trackid",
	  "https://api.soundcloud.com/tracks/%" },
};

/* Quoted posts, which a script of the other site would redraw: the class, the
 * attribute with the address, else a word in the link to it; quoted: what
 * stands in it are the words of the post. */
static const struct post {
	const char *class, *attribute, *link;
	bool quoted;
} posts[] = {
	{ "twitter-tweet", "cite", "/status", true },
	{ "twitter-video", "cite", "/status", true },
	{ "instagram-media", "data-instgrm-permalink", "instagram.com/",
	  false },
	{ "tiktok-embed", "cite", "tiktok.com/", false },
	{ "bluesky-embed", NULL, "bsky.app/", true },
	{ "text-post-media", "data-text-post-permalink", "threads.", false },
	{ "mastodon-embed", "data-embed-url", "/@", true },
	{ "reddit-embed-bq", "cite", "reddit.com/", false },
	{ "reddit-card", "cite", "reddit.com/", false },
	{ "fb-xfbml-parse-ignore", "cite", "facebook.com/", false },
	{ "imgur-embed-pub", NULL, "imgur.com/", false },
};

/* Addresses of posts and videos: the host, and a part of the path. */
static const struct page {
	const char *host, *path;
} pages[] = {
	{ "twitter.com", "/status/" },	{ "x.com", "/status/" },
	{ "instagram.com", "/p/" },	{ "instagram.com", "/reel/" },
	{ "facebook.com", "/posts/" },	{ "facebook.com", "/videos/" },
	{ "tiktok.com", "/video/" },	{ "youtube.com", "/watch" },
	{ "youtube.com", "/shorts/" },	{ "youtu.be", "/" },
	{ "vimeo.com", "/" },		{ "t.me", "/" },
	{ "bsky.app", "/post/" },	{ "threads.net", "/post/" },
	{ "reddit.com", "/comments/" }, { "truthsocial.com", "/posts/" },
};

/* Where an empty element that a script would fill keeps the address; sure: it
 * is always one of something to show. */
static const struct slot {
	const char *attribute;
	bool sure;
} slots[] = {
	{ "data-oembed-url", true },  { "data-embedded-content-path", true },
	{ "data-tweet-url", true },   { "data-instgrm-permalink", true },
	{ "data-video-url", true },   { "data-url", false },
	{ "data-href", false },	      { "data-src", false },
	{ "data-embed-url", false },  { "url", false },
};

/* Titles of frames that say nothing. */
static const char *const idle_titles[] = {
	"youtube video player", "embedded video", "embedded content",
	"embedded post", "video player", "iframe", "vimeo video player",
	"external content", NULL
};

static const char *fill(struct nw_arena *arena, const char *address,
			const char *id, size_t len)
{
	const char *place = strchr(address, '%');

	return nw_arena_printf(arena, "%.*s%.*s%s", (int)(place - address),
			       address, (int)len, id, place + 1);
}

static bool ends_with_host(const char *host, const char *end)
{
	size_t len = strlen(host), tail = strlen(end);

	return len >= tail && !strcmp(host + len - tail, end) &&
	       (len == tail || host[len - tail - 1] == '.');
}

/* A parameter of a query, as an address. */
static const char *read_parameter(struct nw_arena *arena, const char *query,
				  const char *name)
{
	size_t len = strlen(name), run, i, out = 0;
	char *value;

	for (; query && *query; query += run + (query[run] == '&')) {
		run = strcspn(query, "&");
		if (run <= len || query[len] != '=' ||
		    strncmp(query, name, len))
			continue;
		value = nw_arena_strndup(arena, query + len + 1, run - len - 1);
		for (i = 0; value[i]; i++) {
			char hex[3] = { value[i] == '%' ? value[i + 1] : '\0',
					'\0', '\0' };

			if (hex[0])
				hex[1] = value[i + 2];
			if (isxdigit((unsigned char)hex[0]) &&
			    isxdigit((unsigned char)hex[1])) {
				value[out++] = (char)strtol(hex, NULL, 16);
				i += 2;
			} else {
				value[out++] = value[i];
			}
		}
		value[out] = '\0';
		return nw_url_resolve(arena, NULL, value);
	}
	return NULL;
}

/* The address of the page for people that shows what a frame shows; NULL for
 * a frame of a site that is not known. */
static const char *find_site(struct nw_arena *arena, const char *frame)
{
	struct nw_url url;
	size_t i;

	if (!nw_url_is_web(frame) || nw_url_split(arena, frame, &url) < 0)
		return NULL;
	for (i = 0; i < sizeof(sites) / sizeof(*sites); i++) {
		const struct site *site = &sites[i];
		size_t len = strlen(site->path);

		if (!ends_with_host(url.host, site->host) ||
		    strncmp(url.path, site->path, len))
			continue;
		if (site->parameter)
			return read_parameter(arena, url.query,
					      site->parameter);
		if (site->address)
			return fill(arena, site->address, url.path + len,
				    strcspn(url.path + len, "/"));
		return frame;
	}
	return NULL;
}

static const char *read_title(struct nw_arena *arena, const xmlNode *node)
{
	static const char *const attributes[] = {
		"title", "aria-label", "data-title", "alt"
	};
	const char *title = NULL;
	size_t i;

	for (i = 0; i < 4 && !title; i++) {
		const char *said = nw_dom_attr(node, attributes[i]);

		if (said)
			title = nw_utf8_line(arena, said, strlen(said),
					     NW_STORY_TITLE_BYTES);
	}
	for (i = 0; title && idle_titles[i]; i++)
		if (!strcasecmp(title, idle_titles[i]))
			return NULL;
	return title;
}

static void add(struct nw_html_reader *reader, const char *url,
		const char *title)
{
	struct nw_block block = { .kind = NW_BLOCK_EMBED };

	block.embed.url = url;
	block.embed.title = title;
	nw_html_add_block(reader, &block);
}

/* The address in the first of the attributes that has one, resolved. */
static const char *read_address(struct nw_html_reader *reader,
				const xmlNode *node)
{
	static const char *const attributes[] = {
		"src", "data-src", "data-lazy-src", "data-cmp-src",
		"data-cookieblock-src", "data-original", "data"
	};
	size_t i;

	for (i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		const char *said = nw_dom_attr(node, attributes[i]);
		const char *url = NULL;

		if (said && *said)
			url = nw_url_resolve(reader->arena,
					     reader->options->base, said);
		if (url && nw_url_is_web(url))
			return url;
	}
	return NULL;
}

static bool read_frame(struct nw_html_reader *reader, const xmlNode *node)
{
	const char *frame = read_address(reader, node);
	const char *url = frame ? find_site(reader->arena, frame) : NULL;

	if (url)
		add(reader, url, read_title(reader->arena, node));
	return true;
}

/* A video or a sound of the page itself.  Without an address that can be
 * followed, what is said in its place is shown, as in browsers.  The host that
 * keeps the file tells a reader nothing. */
static bool read_player(struct nw_html_reader *reader, const xmlNode *node)
{
	const char *url = read_address(reader, node), *title;
	const xmlNode *source = node;
	unsigned looks;

	for (looks = 0; source && !url && looks < 16; looks++) {
		if (nw_dom_is(source, "source"))
			url = read_address(reader, source);
		source = nw_dom_next(source, node, false);
	}
	if (!url)
		return false;
	title = read_title(reader->arena, node);
	if (!title)
		title = strstr((const char *)node->name, "audio") ? "Audio"
								  : "Video";
	add(reader, url, title);
	return true;
}

static bool read_component(struct nw_html_reader *reader, const xmlNode *node)
{
	size_t i;

	for (i = 0; i < sizeof(components) / sizeof(*components); i++) {
		const char *id, *url;

		if (!nw_dom_is(node, components[i].element))
			continue;
		id = nw_dom_attr(node, components[i].attribute);
		if (!id || !*id)
			return true;
		id = fill(reader->arena, components[i].address, id, strlen(id));
		url = nw_url_resolve(reader->arena, reader->options->base, id);
		if (url && nw_url_is_web(url))
			add(reader, url, read_title(reader->arena, node));
		return true;
	}
	return read_frame(reader, node);
}

/* The last link of a quoted post, which leads to it. */
static const char *find_link(struct nw_html_reader *reader, const xmlNode *top,
			     const char *word)
{
	const xmlNode *node = nw_dom_next(top, top, false);
	const char *found = NULL;

	for (; node; node = nw_dom_next(node, top, false)) {
		const char *href =
			nw_dom_is(node, "a") ? nw_dom_attr(node, "href") : NULL;

		if (href && strstr(href, word))
			found = href;
	}
	return found ? nw_url_resolve(reader->arena, reader->options->base,
				      found)
		     : NULL;
}

static const struct post *find_post(const xmlNode *node)
{
	size_t i;

	for (i = 0; i < sizeof(posts) / sizeof(*posts); i++)
		if (nw_dom_has_class(node, posts[i].class))
			return &posts[i];
	return NULL;
}

/* The address of a post for people, or NULL. */
static const char *find_post_url(struct nw_html_reader *reader,
				 const struct post *post, const xmlNode *node)
{
	const char *said = post->attribute ? nw_dom_attr(node, post->attribute)
					   : NULL;
	const char *url =
		said ? nw_url_resolve(reader->arena, NULL, said) : NULL;

	if (!url)
		url = find_link(reader, node, post->link);
	return url && nw_url_is_web(url) ? url : NULL;
}

static void read_quoted(struct nw_html_reader *reader, const xmlNode *node)
{
	reader->state.quote++;
	nw_html_walk(reader, node);
	nw_html_flush(reader);
	reader->state.quote--;
}

/* Its words are a part of the article, as those of other quotes; of a post
 * that is shown by its picture they are a title.  Within a quote there is
 * nothing but words. */
static bool read_post(struct nw_html_reader *reader, const xmlNode *node)
{
	const struct post *post = find_post(node);
	const char *url, *title = NULL;

	if (!post || (post->quoted && reader->state.quote))
		return false;
	url = find_post_url(reader, post, node);
	if (!url)
		return false;
	if (post->quoted)
		read_quoted(reader, node);
	else
		title = nw_html_text_line(reader->arena, node, reader->options,
					  NW_STORY_TITLE_BYTES);
	add(reader, url, title);
	return true;
}

/* Whether an address is that of one post or video. */
static bool is_page(struct nw_arena *arena, const char *address)
{
	struct nw_url url;
	size_t i;

	if (nw_url_split(arena, address, &url) < 0 || !url.host)
		return false;
	for (i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		if (ends_with_host(url.host, pages[i].host) &&
		    strstr(url.path, pages[i].path))
			return true;
	return false;
}

static bool is_empty(const xmlNode *node)
{
	const xmlNode *child;

	for (child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE ||
		    (child->content &&
		     child->content[strspn((const char *)child->content,
					   " \t\r\n")]))
			return false;
	return true;
}

bool nw_html_placeholder(struct nw_html_reader *reader, const xmlNode *node)
{
	size_t i;

	if (!node->properties || reader->mode == NW_HTML_LINE ||
	    !is_empty(node))
		return false;
	for (i = 0; i < sizeof(slots) / sizeof(*slots); i++) {
		const char *said = nw_dom_attr(node, slots[i].attribute);
		const char *url = NULL;

		if (said && *said)
			url = nw_url_resolve(reader->arena,
					     reader->options->base, said);
		if (!url || !nw_url_is_web(url) ||
		    (!slots[i].sure && !is_page(reader->arena, url)))
			continue;
		add(reader, url, read_title(reader->arena, node));
		return true;
	}
	return false;
}

bool nw_html_embed(struct nw_html_reader *reader, const xmlNode *node)
{
	if (reader->mode == NW_HTML_LINE)
		return !nw_dom_is(node, "blockquote");
	if (nw_dom_is(node, "blockquote"))
		return read_post(reader, node);
	if (nw_dom_is(node, "video") || nw_dom_is(node, "audio") ||
	    nw_dom_is(node, "amp-video") || nw_dom_is(node, "amp-audio"))
		return read_player(reader, node);
	if (!strncmp((const char *)node->name, "amp-", 4))
		return read_component(reader, node);
	return read_frame(reader, node);
}
