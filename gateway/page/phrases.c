/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "extract_private.h"

/*
 * What sites write between the paragraphs of every article, in the languages
 * of the corpus.  Compared without case, and without what stands before the
 * first letter.
 */

/* Whole lines; a colon, a full stop or an arrow may follow.  Sorted. */
static const char *const lines[] = {
	"aanbevolen", "abonnez-vous", "abonnieren", "ad", "ads", "advert",
	"advertentie", "advertisement", "advertisement continue reading",
	"advertisements", "advertising", "advertorial", "also read", "annonce",
	"annons", "annonse", "anuncio", "anzeige", "anúncio",
	"article content", "article continues after advertisement",
	"article continues below this ad", "articles liés",
	"articoli correlati", "artikel anhören", "artikel teilen",
	"artículos relacionados", "auch interessant", "auch lesen",
	"back to top", "bagikan", "buy now", "caption", "click here",
	"click here to read more", "close", "comment", "comments",
	"comments are closed", "compartilhar", "compartilhe", "compartir",
	"condividi", "continue reading", "continue reading below",
	"continue reading the main story", "continued below", "copy link",
	"czytaj więcej", "das könnte sie auch interessieren", "del", "dela",
	"delen", "don't miss", "download pdf", "drucken", "email", "embed",
	"empfohlener externer inhalt", "empfohlener redaktioneller inhalt",
	"enlarge", "enlarge image", "enlarge this image",
	"externen inhalt anzeigen", "externer inhalt", "facebook",
	"facebook twitter", "facebook twitter email", "fact-checked", "follow",
	"follow us", "gallery", "gefällt mir", "hide caption", "image",
	"image caption", "instagram content", "iscriviti", "jetzt abonnieren",
	"kommentare", "kommentaredrucken", "lees meer", "leggi anche",
	"leia mais", "leia também", "les mer", "lesen sie auch",
	"lesen sie mehr", "link copied", "lire aussi", "listen", "loading",
	"lue lisää", "läs mer", "læs mere", "mainos", "mehr lesen",
	"mehr zum artikel", "mehr zum thema", "meistgelesen", "more",
	"more from this section", "more stories", "more to read",
	"most popular", "most read", "más información", "más noticias",
	"newsletter", "newsletter abonnieren", "noticias relacionadas",
	"notícias relacionadas", "open in app", "partager", "paylaş",
	"peer-reviewed publication", "photo", "play", "popular", "print",
	"promoted", "proofread", "pubblicità", "publicidad", "publicidade",
	"publicité", "read also", "read full story", "read more", "read next",
	"read the full story", "read the story", "recommended",
	"recommended for you", "recommended stories", "recommended videos",
	"reklam", "reklama", "reklame", "reklám", "related", "related article",
	"related articles", "related content", "related links", "related news",
	"related posts", "related reading", "related stories", "related story",
	"related topics", "related video", "relaterade artiklar", "reply",
	"rss", "s'abonner", "save", "scroll to continue", "see also",
	"see more", "share", "share article", "share on facebook",
	"share on twitter", "share this", "share this article",
	"share this on whatsapp", "share this story", "show more", "sign in",
	"sign up", "skip ad", "skip advertisement", "skip to content",
	"skip to main content", "sponsored", "sponsored content",
	"story continues", "story continues below",
	"story continues below advertisement", "subscribe",
	"sur le même sujet", "suscríbete", "swipe to scroll horizontally",
	"tags", "teilen", "text size", "toggle caption", "top stories",
	"trending", "trending now", "trusted source", "tweet", "twitter",
	"udostępnij", "up next", "updated", "video", "view comments",
	"vorlesen", "watch", "watch now", "weiterlesen", "werbung", "whatsapp",
	"you may also like", "you may like", "you might also like",
	"you might like", "zobacz także", "zobacz też", "zum artikel",
	"zum hauptinhalt springen", "zum inhalt springen", "zum thema",
	"Поделиться", "Поділитися", "РЕКЛАМА",
	"Реклама", "поделиться", "поділитися",
	"реклама", "آخر الأخبار", "إعلان", "कॉपी लिंक", "广告",
	"広告", "延伸閱讀", "相关新闻", "相关阅读",
	"関連記事",
};

/* How a line begins that leads elsewhere or speaks of the site; the longest
 * line that is believed. */
static const struct opening {
	const char *text;
	size_t bytes_max;
} openings[] = {
	{ "read more:", 250 },
	{ "read more on", 200 },
	{ "read more about", 200 },
	{ "read also:", 250 },
	{ "also read:", 250 },
	{ "also read |", 250 },
	{ "read next:", 250 },
	{ "read |", 250 },
	{ "related:", 250 },
	{ "related article:", 250 },
	{ "related articles:", 300 },
	{ "related stories", 300 },
	{ "related posts", 300 },
	{ "related reading", 300 },
	{ "related content", 250 },
	{ "recommended:", 250 },
	{ "see also:", 250 },
	{ "more:", 250 },
	{ "more from ", 120 },
	{ "most read in ", 60 },
	{ "also read", 250 },
	{ "related post", 250 },
	{ "watch:", 250 },
	{ "watch |", 250 },
	{ "don't miss:", 250 },
	{ "you may also like", 250 },
	{ "you might also like", 250 },
	{ "lesen sie auch", 250 },
	{ "lesen sie hier", 250 },
	{ "lesen sie mehr", 250 },
	{ "lesen sie dazu", 250 },
	{ "mehr zum thema", 250 },
	{ "mehr dazu:", 250 },
	{ "auch interessant", 250 },
	{ "das könnte sie auch", 250 },
	{ "lire aussi", 250 },
	{ "à lire aussi", 250 },
	{ "lire également", 250 },
	{ "lee también", 250 },
	{ "lea también", 250 },
	{ "te puede interesar", 250 },
	{ "leia também", 250 },
	{ "leia mais", 250 },
	{ "leggi anche", 250 },
	{ "lees ook", 250 },
	{ "les også", 250 },
	{ "läs också", 250 },
	{ "czytaj też", 250 },
	{ "czytaj także", 250 },
	{ "читайте также", 250 },
	{ "читайте також", 250 },
	{ "baca juga", 250 },
	{ "follow us on", 250 },
	{ "sign up for our", 300 },
	{ "sign up to our", 300 },
	{ "sign up here", 200 },
	{ "subscribe to our", 300 },
	{ "click here to subscribe", 200 },
	{ "click here to sign up", 200 },
	{ "get the latest updates right in your inbox", 250 },
	{ "get our app", 200 },
	{ "download our app", 200 },
	{ "download the app", 200 },
	{ "copyright ©", 400 },
	{ "copyright 20", 400 },
	{ "© 19", 400 },
	{ "© 20", 400 },
	{ "© copyright", 400 },
	{ "(c) 20", 400 },
	{ "all rights reserved", 300 },
	{ "photo by ", 200 },
	{ "photo:", 200 },
	{ "image credit", 200 },
	{ "image source:", 200 },
	{ "image:", 200 },
	{ "credit:", 120 },
	{ "foto:", 200 },
	{ "bild:", 200 },
	{ "bildrechte:", 200 },
	{ "share this on", 100 },
	{ "share this article", 150 },
	{ "share on ", 80 },
	{ "have a tip?", 300 },
	{ "got a tip?", 300 },
	{ "contact reporter", 250 },
	{ "this slideshow requires javascript", 200 },
	{ "we noticed you're using an ad blocker", 400 },
	{ "this website uses cookies", 900 },
	{ "we use cookies", 900 },
	{ "please enable javascript", 300 },
	{ "you need to enable javascript", 300 },
	{ "your browser does not support", 300 },
	{ "join the conversation", 200 },
	{ "join the discussion", 200 },
	{ "view this post on instagram", 200 },
	{ "skip past newsletter promotion", 100 },
	{ "support our journalism", 300 },
	{ "don't want to see this?", 100 },
	{ "an dieser stelle finde", 500 },
	{ "um eingebettete inhalte anzuzeigen", 900 },
	{ "ich bin damit einverstanden, dass mir", 500 },
	{ "personenbezogene daten können an dritt", 300 },
	{ "ihr browser ist veraltet", 300 },
	{ "your browser is out", 300 },
	{ "article réservé aux abonnés", 100 },
	{ "necessary cookies are", 600 },
	{ "any cookies that may not be", 600 },
	{ "enjoy more audio and podcasts", 150 },
	{ "we may earn", 300 },
	{ "zum artikel:", 250 },
	{ "more from:", 250 },
	{ "this content is hosted by", 500 },
	{ "to view this content", 400 },
	{ "um diesen inhalt", 500 },
	{ "ce contenu est bloqué", 500 },
	{ "à lire ", 250 },
	{ "este contenido está", 300 },
	{ "lue myös", 250 },
	{ "læs også", 250 },
	{ "läs även", 250 },
	{ "čtěte také", 250 },
	{ "přečtěte si", 250 },
	{ "prečítajte si", 250 },
	{ "citește și", 250 },
	{ "citeşte şi", 250 },
	{ "διαβάστε", 250 },
	{ "Διαβάστε", 250 },
	{ "zobacz też", 250 },
	{ "zobacz także", 250 },
	{ "czytaj również", 250 },
	{ "przeczytaj też", 250 },
	{ "przeczytaj także", 250 },
	{ "Читайте также", 250 },
	{ "Читайте також", 250 },
	{ "читать также", 250 },
	{ "Читать также", 250 },
	{ "Смотрите также", 250 },
	{ "Дивіться також", 250 },
	{ "اقرأ أيضا", 250 },
	{ "إقرأ أيضا", 250 },
	{ "قد يهمك", 250 },
	{ "ilgili haber", 250 },
	{ "関連記事", 250 },
	{ "相关阅读", 250 },
	{ "延伸閱讀", 250 },
	{ "यह भी पढ़ें", 250 },
	{ "vea también", 250 },
	{ "también le puede", 250 },
	{ "le puede interesar", 250 },
	{ "voir aussi", 250 },
	{ "vedi anche", 250 },
	{ "veja também", 250 },
	{ "veja mais", 250 },
	{ "saiba mais", 250 },
	{ "meer lezen", 250 },
	{ "lees verder", 250 },
	{ "baca selengkapnya", 250 },
	{ "simak juga", 250 },
	{ "soma pia", 250 },
	{ "Über dieses thema berichtet", 200 },
};

/* What is said at the end of an article about the site, the authors' helpers
 * and what readers may do next. */
static const char *const closings[] = {
	"-newsletter ", "abgelegt unter", "abonnez-vous",
	"additional reporting", "affiliate", "all rights reserved",
	"also appeared in", "and copyright", "apple podcasts",
	"associated press contributed", "be reached at", "become a member",
	"become a subscriber", "by clicking here", "by our dedicated",
	"click here", "comments are closed", "contributed reporting",
	"contributed to this report", "contributed to this story",
	"copyright ©", "cross-posted", "data provider", "datenschutzerklärung",
	"datenschutzrichtlinie", "delivered right to your inbox",
	"delivery charges may apply", "dieser artikel erschien",
	"dieser artikel ist zuerst", "dieses thema im programm", "disclaimer:",
	"e-paper", "enter your email", "erschien zuerst", "first appeared",
	"first published", "follow deputy", "follow her on", "follow him on",
	"follow me on", "follow them on", "follow us", "follow your favorites",
	"for informational purposes only", "free trial", "get more from",
	"google news", "have your say", "here's how to subscribe", "iscriviti",
	"jederzeit wieder abmelden", "join our", "join the conversation",
	"kontaktieren sie uns", "kostenlos testen", "like this story",
	"listen live", "log in or", "login now", "läs mer om",
	"may earn a commission", "may receive compensation", "mehr themen auf",
	"mit dpa", "newsletter an", "newsletter informiert", "next story",
	"on facebook, twitter", "originally appeared", "our newsletter",
	"our privacy policy", "partner content", "please consider supporting",
	"please subscribe", "premoderated", "privacy policy",
	"published in collaboration", "published under:", "push-nachrichten",
	"read more of", "reported from", "reporting by", "republished",
	"rss feed", "réservé aux abonnés", "réservée aux abonnés", "sendung:",
	"share it with a friend", "siehe auch", "sign up", "signing up to our",
	"subscribe", "subscribe today", "support local journalism",
	"support our", "suscripción", "suscríbete", "tax-deductible",
	"this article was edited", "this article was written",
	"this episode was produced", "this story was produced",
	"top preferred source", "unser newsletter", "unsere newsletter",
	"unterstützen sie", "used under license", "view comments", "watch now:",
	"whatsapp channel", "whatsapp-kanal", "with dpa", "with wire",
	"your email address", "your inbox", "your subscription", "your support",
	"über dieses thema berichtet",
};

/* What tells that the rest is for those who pay or sign in. */
static const char *const walls[] = {
	"abonnez-vous pour lire", "already a subscriber", "cet article à lire",
	"contenuto riservato", "exclusive to subscribers",
	"exklusiv für abonnenten", "for subscribers only",
	"för prenumeranter", "jetzt weiterlesen", "kun for abonnenter",
	"lees verder met", "log in to continue", "log in to read",
	"nur für abonnenten", "only for subscribers", "para seguir leyendo",
	"para suscriptores", "per continuare a leggere", "register to continue",
	"register to read", "riservato agli abbonati", "réservé aux abonnés",
	"réservée aux abonnés", "sign in to continue", "sign in to read",
	"subscribe to continue", "subscribe to keep reading",
	"subscribe to read", "subscribe to unlock", "subscriber-only",
	"subscribers only", "só para assinantes", "to continue reading",
	"tylko dla subskrybentów", "um weiterzulesen", "voor abonnees",
	"weiterlesen mit", "лише для передплатників",
	"только для подписчиков", "会員限定",
	"有料会員", "続きを読む",
};

#define CLOSING_BYTES 450
#define WALL_BYTES 300
#define DATE_BYTES 64
#define CONSENT_BYTES 60

static int compare_line(const void *key, const void *row)
{
	return strcasecmp(key, *(const char *const *)row);
}

/* The octets of the mark that stands at text: ASCII, U+0080–U+00BF but "©",
 * general punctuation and symbols (U+2000–U+2FFF), or that of CJK
 * (U+3000–U+303F). */
static size_t mark_at(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	if (*at < 0x80)
		return *at && !isalnum(*at) && *at != '(';
	if (*at == 0xc2)
		return at[1] == 0xa9 ? 0 : 2;
	return *at == 0xe2 || (*at == 0xe3 && at[1] == 0x80) ? 3 : 0;
}

/* From the first letter or digit on. */
static const char *skip_marks(const char *text)
{
	size_t len;

	while ((len = mark_at(text)))
		text += len;
	return text;
}

static bool is_line(const char *text, size_t len)
{
	char line[64];

	while (len && (unsigned char)text[len - 1] < 0x80 &&
	       !isalnum((unsigned char)text[len - 1]))
		len--;
	if (!len || len >= sizeof(line))
		return false;
	memcpy(line, text, len);
	line[len] = '\0';
	return bsearch(line, lines, sizeof(lines) / sizeof(lines[0]),
		       sizeof(lines[0]), compare_line) != NULL;
}

/* Behind a number: how long it takes to read. */
static const char *const reading[] = {
	" min read", " minute read", " minutes read", " min. read",
	" minuten lesezeit", " min. lesezeit", " min lesezeit",
	" minutes de lecture", " min de lecture", " min de lectura",
	" minutos de lectura", " min de leitura", " minuti di lettura",
	" min di lettura", " minuten leestijd", " min leestijd",
	" minuters läsning", " min czytania", " мин чтения", " хв читання",
};

/* "Image 3 of 12", "3 of 12", "3 / 12", "5 min read". */
static bool is_counter(const char *text)
{
	static const char *const words[] = { "image ", "photo ", "slide ",
					     "page " };
	size_t i, run;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strncasecmp(text, words[i], strlen(words[i]))) {
			text += strlen(words[i]);
			break;
		}
	run = strspn(text, "0123456789");
	if (!run || run > 3)
		return false;
	text += run;
	for (i = 0; i < sizeof(reading) / sizeof(reading[0]); i++)
		if (!strcasecmp(text, reading[i]))
			return true;
	if (!strncasecmp(text, " of ", 4))
		text += 4;
	else if (!strncmp(text, " / ", 3))
		text += 3;
	else
		return false;
	run = strspn(text, "0123456789");
	return run && !text[run];
}

/* "Updated 26 July 2025, 10:15" or the other way round, and nothing else. */
static bool is_date(const char *text, size_t len)
{
	static const char *const words[] = {
		"updated", "published", "posted", "last updated", "first "
		"published", "stand:", "aktualisiert", "veröffentlicht",
		"publié le", "mis à jour", "actualizado", "publicado",
		"atualizado", "pubblicato", "aggiornato", "uppdaterad",
		"publicerad", "oppdatert", "publisert", "opdateret",
		"gepubliceerd", "bijgewerkt", "opublikowano", "aktualizacja",
		"опубликовано", "обновлено", "опубліковано", "оновлено",
	};
	bool dated = strspn(text, "0123456789./-") >= 8;
	size_t i;

	if (len > DATE_BYTES || !strpbrk(text, "0123456789"))
		return false;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strncasecmp(text, words[i], strlen(words[i])) ||
		    (dated && strcasestr(text, words[i])))
			return true;
	return false;
}

/* The name of another site, and what a reader may allow it to show. */
static bool is_consent(const char *text, size_t len)
{
	static const char *const ends[] = {
		"-inhalte erlauben", "-inhalte anzeigen", "-inhalte aktivieren",
		"-inhalte laden",    "-inhalt anzeigen",  "-inhalt laden",
	};
	size_t i, end;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		end = strlen(ends[i]);
		if (len < CONSENT_BYTES && len > end &&
		    !strcasecmp(text + len - end, ends[i]))
			return true;
	}
	return false;
}

bool nw_phrase_is_furniture(const char *text)
{
	size_t len, i;

	text = skip_marks(text);
	len = strlen(text);
	if (is_line(text, len) || is_counter(text) || is_date(text, len) ||
	    is_consent(text, len))
		return true;
	for (i = 0; i < sizeof(openings) / sizeof(openings[0]); i++)
		if (tolower((unsigned char)text[0]) ==
			    (unsigned char)openings[i].text[0] &&
		    len <= openings[i].bytes_max &&
		    !strncasecmp(text, openings[i].text,
				 strlen(openings[i].text)))
			return true;
	return false;
}

static bool holds_one_of(const char *text, const char *const *words,
			 size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcasestr(text, words[i]))
			return true;
	return false;
}

bool nw_phrase_is_closing(const char *text)
{
	return strlen(text) <= CLOSING_BYTES &&
	       holds_one_of(text, closings,
			    sizeof(closings) / sizeof(closings[0]));
}

bool nw_phrase_is_wall(const char *text)
{
	return strlen(text) <= WALL_BYTES &&
	       holds_one_of(text, walls, sizeof(walls) / sizeof(walls[0]));
}

bool nw_phrase_is_open(const char *text)
{
	static const char *const ends[] = {
		".", "!", "?", "\"", "'", ")", "…", "”", "“", "’", "»", "›",
		"。", "」", "』", "！", "？", "।", "؟", "۔",
	};
	size_t len = strlen(text), i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t end = strlen(ends[i]);

		if (len >= end && !strcmp(text + len - end, ends[i]))
			return false;
	}
	return true;
}
