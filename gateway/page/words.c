/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "extract_private.h"

/* The longest word, or pair of words, that is looked up. */
#define WORD_BYTES 32

/*
 * Words of class and id.  A name is cut into words at its
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
	"breadcrumbs", "colophon", "commentform", "contactform", "contentinfo",
	"copyright", "correctionrequest", "crowdfunding", "cta", "dfp",
	"dialog", "dianomi", "disclaimer", "disclosure", "dmpu", "donate",
	"donation", "donations", "downloadapp", "dropdown", "emailthis",
	"errormessage", "feedback", "feedbackform", "flyout", "followus",
	"fontsize", "footer", "globalnav", "googlead", "googlenews",
	"hamburger", "interstitial", "jwplayer", "leaderboard", "licensing",
	"ligatus", "lightbox", "likebutton", "likes", "listen", "login",
	"mainnav", "masthead", "megamenu", "membership", "menu", "menubar",
	"metering", "mgid", "minread", "modal", "mpu", "nativo", "nav",
	"navbar", "navigation", "navlinks", "navmenu", "newsletter",
	"newsletters", "nextprev", "noprint", "outbrain", "overlay",
	"pagefooter", "pageheader", "pagenav", "pager", "pagination",
	"paginator", "permissions", "piano", "playlist", "plista", "poll",
	"popover", "popup", "postnav", "postnavigation", "postpagination",
	"prevnext", "print", "printbutton", "printonly", "promoted",
	"pushnotification", "quiz", "rating", "ratings", "reactions",
	"readduration", "readingtime", "readspeaker", "readtime", "register",
	"regwall", "reporterror", "reprint", "reprints", "revcontent",
	"screenreader", "searchbar", "searchbox", "searchform", "share",
	"sharebar", "sharebuttons", "sharedaddy", "shares", "sharethis",
	"sharetools", "sharing", "signin", "signup", "sitefooter", "siteheader",
	"sitemap", "skip", "skiplink", "skyscraper", "snackbar", "social",
	"socialmedia", "socialshare", "speechkit", "sponsor", "sponsored",
	"sronly", "srtext", "starrating", "stockticker", "submenu", "subnav",
	"subscribe", "subscription", "survey", "taboola", "textsize",
	"texttospeech", "ticker", "timetoread", "toast", "toolbar", "tooltip",
	"topbar", "trendingtopics", "trinity", "trustproject", "ttsplayer",
	"upvote", "videoplayer", "videoplaylist", "visuallyhidden", "vote",
	"weather", "widgetarea", "zergnet",
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

/* What asks whether readers may be watched. */
static const char *const consent_words[] = {
	"borlabs", "ccpa", "cmp", "consent", "cookie", "cookiebanner",
	"cookiebar", "cookieconsent", "cookielaw", "cookienotice", "cookies",
	"datenschutz", "didomi", "dsgvo", "gdpr", "iubenda", "onetrust",
	"privacy", "qccmp", "quantcast", "rgpd", "truste", "usercentrics",
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
	bool whole;	/* only a whole name means it */
	const char *const *words;
	size_t count;
} groups[] = {
#define GROUP(meaning, whole, words)                                           \
	{                                                                      \
		meaning, whole, words, sizeof(words) / sizeof((words)[0])      \
	}
	GROUP(NW_WORD_BODY, false, body_words),
	GROUP(NW_WORD_ARTICLE, false, article_words),
	GROUP(NW_WORD_FURNITURE, false, furniture_words),
	GROUP(NW_WORD_RELATED, false, related_words),
	GROUP(NW_WORD_DOUBTFUL, false, doubtful_words),
	GROUP(NW_WORD_SIDE, true, side_words),
	GROUP(NW_WORD_COMMENT, false, comment_words),
	GROUP(NW_WORD_CONSENT, false, consent_words),
	GROUP(NW_WORD_BYLINE, false, byline_words),
	GROUP(NW_WORD_BIO, false, bio_words),
	GROUP(NW_WORD_CAPTION, false, caption_words),
	GROUP(NW_WORD_STANDFIRST, false, standfirst_words),
	GROUP(NW_WORD_KICKER, false, kicker_words),
	GROUP(NW_WORD_DATE, false, date_words),
	GROUP(NW_WORD_TITLE, false, title_words),
	GROUP(NW_WORD_HIDDEN, true, hidden_words),
	GROUP(NW_WORD_TAGS, false, tags_words),
#undef GROUP
};

/* Twice as many slots as there are words, at least. */
#define SLOTS 2048
/* Lists whose meaning is remembered: few differ on one page. */
#define MEMOS 1024

struct nw_words {
	struct nw_arena *arena;
	struct slot {
		const char *word;
		unsigned means;		/* as one of a name's words */
		unsigned means_whole;	/* as the whole name */
	} slots[SLOTS];
	struct memo {
		const char *list;
		unsigned means;
	} memos[MEMOS];
};

static unsigned hash_text(const char *text)
{
	unsigned hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash ^ hash >> 15;
}

/* The slot of a word, or the free one where it belongs. */
static struct slot *find_slot(struct nw_words *words, const char *word)
{
	unsigned at = hash_text(word) % SLOTS;

	while (words->slots[at].word && strcmp(words->slots[at].word, word))
		at = (at + 1) % SLOTS;
	return &words->slots[at];
}

struct nw_words *nw_words_new(struct nw_arena *arena)
{
	struct nw_words *words = nw_arena_alloc(arena, sizeof(*words));
	size_t i, k;

	words->arena = arena;
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (k = 0; k < groups[i].count; k++) {
			struct slot *slot =
				find_slot(words, groups[i].words[k]);

			slot->word = groups[i].words[k];
			if (groups[i].whole)
				slot->means_whole |= groups[i].meaning;
			else
				slot->means |= groups[i].meaning;
		}
	return words;
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
		"category", "tag", "has", "no", "with", "without", "not",
		"topic", "term", "post_tag", "hide", "show", "mt", "mb",
	};
	size_t len = (size_t)(end - name), i;
	const char *hyphen = memchr(name, '-', len);

	if (memchr(name, ':', len) || memchr(name, '[', len))
		return true;
	if (!hyphen)
		return false;
	len = (size_t)(hyphen - name);
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strlen(prefixes[i]) == len &&
		    !strncasecmp(name, prefixes[i], len))
			return true;
	return false;
}

/* The letters of a name as one word, when it is short enough. */
static unsigned whole_means(struct nw_words *words, const char *at,
			    const char *end)
{
	char word[WORD_BYTES];
	size_t len = 0;

	for (; at < end; at++) {
		if (!isalpha((unsigned char)*at))
			continue;
		if (len == WORD_BYTES - 1)
			return 0;
		word[len++] = (char)tolower((unsigned char)*at);
	}
	word[len] = '\0';
	return find_slot(words, word)->means_whole;
}

static unsigned name_means(struct nw_words *words, const char *at,
			   const char *end)
{
	char word[WORD_BYTES], pair[2 * WORD_BYTES];
	size_t last = 0, len;
	unsigned means;

	if (is_idle(at, end))
		return 0;
	means = whole_means(words, at, end);
	while ((len = next_word(&at, end, word))) {
		means |= find_slot(words, word)->means;
		memcpy(pair + last, word, len + 1);
		if (last)
			means |= find_slot(words, pair)->means;
		memcpy(pair, word, len + 1);
		last = len;
	}
	return means;
}

static unsigned list_means(struct nw_words *words, const char *list)
{
	static const char space[] = " \t\r\n\f";
	unsigned means = 0;

	while (*list) {
		size_t run;

		list += strspn(list, space);
		run = strcspn(list, space);
		if (run)
			means |= name_means(words, list, list + run);
		list += run;
	}
	return means;
}

unsigned nw_words_of(struct nw_words *words, const char *list)
{
	struct memo *memo = &words->memos[hash_text(list) % MEMOS];

	if (!memo->list || strcmp(memo->list, list))
		*memo = (struct memo){ nw_arena_strdup(words->arena, list),
				       list_means(words, list) };
	return memo->means;
}
