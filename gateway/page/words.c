/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "extract_private.h"

/* The longest word, or pair of words, that is looked up. */
#define WORD_BYTES 32
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Words of class and id, each list sorted.  A name is cut into words at its
 * hyphens, underscores and capitals; each word is looked up, and each pair of
 * neighbours without what is between them: "read-more", "ReadMore" and
 * "readmore" are the same.
 */

/* The text of an article. */
static const char *const body_words[] = {
	"articleblock", "articleblocks", "articlebody", "articlebodycontainer",
	"articlebodycontent", "articlebodytext", "articlecontent",
	"articlecopy", "articlecorps", "articledetailtext", "articlefull",
	"articlefulltext", "articlemaincontent", "articleparagraph",
	"articlesection", "articletext", "articlewrapper", "artikeltext",
	"blogcontent", "blogpostcontent", "bodycontent", "bodycopy", "bodytext",
	"contenido", "contentbody", "contenttext", "cuerpo", "cuerponoticia",
	"detailcontent", "detailtext", "econtent", "entrycontent", "entrytext",
	"fullarticle", "fulltext", "maintext", "newsbody", "newscontent",
	"newstext", "pagecontentbody", "paywallarticle", "postbody",
	"postcontent", "posttext", "posttextcontent", "prose", "richtext",
	"singlecontent", "storyarticle", "storybody", "storybodytext",
	"storycontent", "storyfull", "storytext", "textbody", "textcontent",
	"textonoticia", "theconetntbody", "thecontent", "wysiwyg",
};

/* What may hold one, or be about one. */
static const char *const article_words[] = {
	"article", "articulo", "artikel", "blog", "body", "column", "content",
	"copy", "entry", "hentry", "main", "news", "nota", "noticia", "page",
	"paragraph", "post", "single", "story", "text",
};

/* What a site puts around every article. */
static const char *const furniture_words[] = {
	"adbox", "addthis", "addtoany", "adheader", "adlabel", "admessage",
	"adplaceholder", "adslot", "adtext", "adunit", "advert",
	"advertisement", "advertising", "adverts", "adwrapper",
	"affiliatedisclaimer", "affiliatedisclosure", "appdownload", "appstore",
	"audioplayer", "banner", "beyondwords", "billboard", "breadcrumb",
	"breadcrumbs", "cmp", "colophon", "commentform", "consent",
	"contactform", "contentinfo", "cookie", "cookies", "copyright",
	"correctionrequest", "crowdfunding", "cta", "dfp", "dialog", "dianomi",
	"disclaimer", "disclosure", "dmpu", "donate", "donation", "donations",
	"downloadapp", "dropdown", "emailthis", "errormessage", "feedback",
	"feedbackform", "flyout", "followus", "fontsize", "footer", "gdpr",
	"globalnav", "googlead", "googlenews", "hamburger", "interstitial",
	"jwplayer", "leaderboard", "licensing", "ligatus", "lightbox",
	"likebutton", "likes", "listen", "login", "mainnav", "masthead",
	"megamenu", "membership", "menu", "menubar", "metering", "mgid",
	"minread", "modal", "mpu", "nativo", "nav", "navbar", "navigation",
	"navlinks", "navmenu", "newsletter", "newsletters", "nextprev",
	"noprint", "onetrust", "outbrain", "overlay", "pagefooter",
	"pageheader", "pagenav", "pager", "pagination", "paginator", 
	"permissions", "piano", "playlist", "plista", "poll", "popover",
	"popup", "postnav", "postnavigation", "postpagination", "prevnext",
	"print", "printbutton", "printonly", "promoted", "pushnotification",
	"quiz", "rating", "ratings", "reactions", "readduration", "readingtime",
	"readspeaker", "readtime", "register", "regwall", "reporterror",
	"reprint", "reprints", "revcontent", "screenreader", "searchbar",
	"searchbox", "searchform", "share", "sharebar", "sharebuttons",
	"sharedaddy", "shares", "sharethis", "sharetools", "sharing", "signin",
	"signup", "sitefooter", "siteheader", "sitemap", "skip", "skiplink",
	"skyscraper", "snackbar", "social", "socialmedia", "socialshare",
	"speechkit", "sponsor", "sponsored", "sronly", "srtext", "starrating",
	"stockticker", "submenu", "subnav", "subscribe", "subscription",
	"survey", "taboola", "textsize", "texttospeech", "ticker", "timetoread",
	"toast", "toolbar", "tooltip", "topbar", "trendingtopics", "trinity",
	"trustproject", "ttsplayer", "upvote", "videoplayer", "videoplaylist",
	"visuallyhidden", "vote", "weather", "widgetarea", "zergnet",
};

/* Other stories. */
static const char *const related_words[] = {
	"alsolike", "alsoread", "archive", "articlegrid", "articlelist",
	"associe", "associes", "auchinteressant", "aussi", "cardgrid",
	"cardlist", "correlate", "correlati", "crosslink", "crosslinks",
	"dontmiss", "embeddedteaser", "furtherreading", "headlines",
	"inlineteaser", "internallink", "keepreading", "latest", "latestnews",
	"latestposts", "lateststories", "linkbox", "linklist", "lireaussi",
	"mehrzum", "morearticles", "morecontent", "morefrom", "moreheadlines",
	"morein", "morelike", "morelinks", "morenews", "moreon", "moreposts",
	"morestories", "mostcommented", "mostpopular", "mostread", "mostshared",
	"mostviewed", "newsgrid", "newslist", "nextarticle", "nextpost",
	"nextstory", "nextup", "noticiasrelacionadas", "onward",
	"onwardjourney", "popular", "postgrid", "postlist", "promo", "promobox",
	"promos", "promotion", "promotions", "pullin", "readalso", "readmore",
	"readnext", "readonbox", "readontext", "recententries", "recentnews",
	"recentposts", "recirc", "recirculation", "recommend", "recommendation",
	"recommendations", "recommended", "relacionadas", "relacionados",
	"related", "relatedarticle", "relatedarticles", "relatedcontent",
	"relateditems", "relatedlink", "relatedlinks", "relatedlist",
	"relatednews", "relatedpost", "relatedposts", "relatedstories",
	"relatedstory", "relatedtopics", "seealso", "similar", "similarposts",
	"storygrid", "storylist", "suggested", "suggestion", "suggestions",
	"teaserbox", "teaserlist", "teasers", "tickerlist", "topnews",
	"topstories", "trending", "upnext", "voiraussi", "weiterlesen",
	"youmay", "youmayalso", "youmaylike", "youmightlike", "zumthema",
};

/* Often furniture, sometimes part of the article. */
static const char *const doubtful_words[] = {
	"about", "accordion", "account", "actions", "ad", "ads", "adv", "alert",
	"announcement", "audio", "author", "bottom", "box", "branding",
	"button", "buttons", "buy", "calendar", "card", "cards", "carousel",
	"categories", "category", "collection", "contact",
	"credit", "credits", "deals", "details", "embed", "event", "events",
	"extra", "fact", "factbox", "filter", "foot", "gallery", "head",
	"header", "hidden", "icon", "icons", "info", "infobox", "inset", "jobs",
	"links", "list", "logo", "message", "meta", "metadata",
	"module", "more", "note", "notice", "offer", "options", "player",
	"price", "product", "products", "profile", "pullquote", "quote", 
	"series", "settings", "shop", 
	"slide", "slider", "slideshow", "slogan", "source",
	"sources", "swiper", "tab", "tabs", "tag", "tagline", "tags", "teaser",
	"tools", "top", "topic", "topics", "user", "video",
	"widget", "widgets",
};

/* Beside the article; names as a whole too. */
static const char *const side_words[] = {
	"aside", "colright", "columnright", "leftrail", "leftsidebar",
	"primarysidebar", "rail", "rightcol", "rightcolumn", "rightrail",
	"rightsidebar", "secondary", "sidebar", "sidebarprimary",
	"sidebarright", "sidebarwrapper", "sidecolumn",
};

/* What readers wrote. */
static const char *const comment_words[] = {
	"comentarios", "comment", "commentaires", "commentarea", "commentbody",
	"commentbox", "commentcontent", "commentlist", "commentrespond",
	"comments", "commentsarea", "commentsection", "conversation", "coral",
	"discussion", "disqus", "disqusthread", "fbcomments", "kommentar",
	"kommentare", "livefyre", "openweb", "replies", "reply", "replyform",
	"replytitle", "respond", "spotim", "viafoura",
};

/* Who wrote it, and when. */
static const char *const byline_words[] = {
	"articleauthor", "articleinfo", "articlemeta", "auteur", "author",
	"authorname", "authors", "autor", "autore", "autoren", "byline",
	"bylines", "contributor", "contributors", "credits", "dateline",
	"entryinfo", "entrymeta", "forfatter", "journalist", "metadata",
	"postauthor", "postedon", "postinfo", "postmeta", "publishedby",
	"reporter", "storymeta", "vcard", "writer", "writtenby",
};

/* About an author. */
static const char *const bio_words[] = {
	"aboutauthor", "abouttheauthor", "authorabout", "authorarea",
	"authorbio", "authorblock", "authorblurb", "authorbox", "authorboxes",
	"authorcard", "authorcontent", "authordescription", "authordetails",
	"authorfooter", "authorinfo", "authorprofile", "authorsection",
	"authorwrap", "bio", "bioblock", "biography",
};

/* Words on a picture. */
static const char *const caption_words[] = {
	"bildtext", "bildunterschrift", "caption", "captions", "captiontext",
	"credit", "figcaption", "imagecaption", "imagecredit", "imagemeta",
	"imagesource", "imgcaption", "legend", "legende", "mediacaption",
	"mediacredit", "photoby", "photocaption", "photocredit", "piccaption",
	"picturecaption", "piefoto", "wpcaption", "wpcaptiontext",
};

/* Between the headline and the text. */
static const char *const standfirst_words[] = {
	"abstract", "articledek", "articledescription", "articleintro",
	"articlelead", "articlesubtitle", "articlesummary", "articleteaser",
	"bajada", "chapeau", "chapo", "deck", "dek", "description",
	"entradilla", "excerpt", "ingress", "intro", "lead", "leadin",
	"leadtext", "lede", "occhiello", "posttitledescription", "sommario",
	"standfirst", "storydek", "subhead", "subheading", "subheadline",
	"subtitle", "subtitulo", "summary", "teasertext", "vorspann",
};

/* Above the headline. */
static const char *const kicker_words[] = {
	"antetitulo", "articlesection", "categoryname", "cintillo", "dachzeile",
	"eyebrow", "kicker", "overline", "prehead", "pretitle", "roofline",
	"rubric", "sectionname", "spitzmarke", "supertitle", "suptitle",
	"topline", "volanta",
};

/* A date. */
static const char *const date_words[] = {
	"articledate", "articletime", "created", "date", "dateposted", "dates",
	"datetime", "dateupdated", "datum", "entrydate", "fecha",
	"lastmodified", "lastupdated", "modified", "newsdate", "postdate",
	"posttime", "pubdate", "publicationdate", "publishdate", "published",
	"publisheddate", "storydate", "time", "timestamp", "updated",
	"updatedate",
};

/* The headline. */
static const char *const title_words[] = {
	"articleheading", "articleheadline", "articletitle", "entrytitle",
	"heading", "headline", "headlinetext", "hed", "newstitle", "pagetitle",
	"posttitle", "storyheadline", "storytitle", "title",
};

/* Not seen on a screen; a name must be one of these as a whole, for there is
 * "hidden-print" too. */
static const char *const hidden_words[] = {
	"displaynone", "dnone", "hidden", "hide", "invisible", "ishidden",
	"offscreen", "screenreader", "screenreadertext", "sronly", "srtext",
	"visuallyhidden",
};

/* Topics. */
static const char *const tags_words[] = {
	"articletags", "articletopics", "categorylist", "catlinks",
	"entrycategories", "entrytags", "hashtags", "keywords",
	"postcategories", "postcategory", "posttags", "storytags", "tagbox",
	"tagcloud", "taglinks", "taglinkslist", "taglist", "tags",
	"tagscontainer", "tagsection", "tagslist", "tagswrapper", "topiclist",
	"topics", "topictags",
};

static const struct group {
	unsigned meaning;
	const char *const *words;
	size_t count;
} groups[] = {
#define GROUP(meaning, words)                                                  \
	{                                                                      \
		meaning, words, COUNT(words)                                   \
	}
	GROUP(NW_WORD_BODY, body_words),
	GROUP(NW_WORD_ARTICLE, article_words),
	GROUP(NW_WORD_FURNITURE, furniture_words),
	GROUP(NW_WORD_RELATED, related_words),
	GROUP(NW_WORD_DOUBTFUL, doubtful_words),
	GROUP(NW_WORD_COMMENT, comment_words),
	GROUP(NW_WORD_BYLINE, byline_words),
	GROUP(NW_WORD_BIO, bio_words),
	GROUP(NW_WORD_CAPTION, caption_words),
	GROUP(NW_WORD_STANDFIRST, standfirst_words),
	GROUP(NW_WORD_KICKER, kicker_words),
	GROUP(NW_WORD_DATE, date_words),
	GROUP(NW_WORD_TITLE, title_words),
	GROUP(NW_WORD_TAGS, tags_words),
#undef GROUP
};

static int compare_word(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static bool has_word(const char *const *words, size_t count, const char *word)
{
	return bsearch(word, words, count, sizeof(*words), compare_word) !=
	       NULL;
}

static unsigned look_up(const char *word)
{
	unsigned means = 0;
	size_t i;

	for (i = 0; i < COUNT(groups); i++)
		if (has_word(groups[i].words, groups[i].count, word))
			means |= groups[i].meaning;
	return means;
}

/* The next word in [*at, end), in lower case; 0 when there is none. */
static size_t next_word(const char **at, const char *end, char word[WORD_BYTES])
{
	const char *text = *at;
	size_t len = 0;

	while (text < end && !isalpha((unsigned char)*text))
		text++;
	while (text < end && isalpha((unsigned char)*text)) {
		bool lower = islower((unsigned char)*text);

		if (len < WORD_BYTES - 1)
			word[len++] = (char)tolower((unsigned char)*text);
		text++;
		if (lower && text < end && isupper((unsigned char)*text))
			break;
	}
	word[len] = '\0';
	*at = text;
	return len;
}

/* Names that style or file an element and say nothing of what it is:
 * "md:hidden", "category-top-news", "has-sidebar". */
static bool is_idle(const char *name, const char *end)
{
	static const char *const prefixes[] = {
		"category-", "tag-", "has-", "no-", "with-", "without-", "not-",
		"topic-", "term-", "post_tag-", "hide-", "show-", "mt-", "mb-",
	};
	size_t i;

	if (memchr(name, ':', (size_t)(end - name)) ||
	    memchr(name, '[', (size_t)(end - name)))
		return true;
	for (i = 0; i < COUNT(prefixes); i++) {
		size_t len = strlen(prefixes[i]);

		if ((size_t)(end - name) > len &&
		    !strncasecmp(name, prefixes[i], len))
			return true;
	}
	return false;
}

/* What a name says as a whole. */
static unsigned whole_means(const char *at, const char *end)
{
	char word[WORD_BYTES];
	size_t len = 0;

	for (; at < end && len < WORD_BYTES - 1; at++)
		if (isalpha((unsigned char)*at))
			word[len++] = (char)tolower((unsigned char)*at);
	word[len] = '\0';
	if (has_word(hidden_words, COUNT(hidden_words), word))
		return NW_WORD_HIDDEN;
	return has_word(side_words, COUNT(side_words), word) ? NW_WORD_SIDE : 0;
}

static unsigned name_means(const char *at, const char *end)
{
	char word[WORD_BYTES], pair[2 * WORD_BYTES];
	size_t last = 0, len;
	unsigned means = 0;

	if (is_idle(at, end))
		return 0;
	means = whole_means(at, end);
	while ((len = next_word(&at, end, word))) {
		means |= look_up(word);
		memcpy(pair + last, word, len + 1);
		if (last)
			means |= look_up(pair);
		memcpy(pair, word, len + 1);
		last = len;
	}
	return means;
}

unsigned nw_words_of(const char *list)
{
	static const char space[] = " \t\r\n\f";
	unsigned means = 0;

	while (*list) {
		size_t run;

		list += strspn(list, space);
		run = strcspn(list, space);
		means |= name_means(list, list + run);
		list += run;
	}
	return means;
}
