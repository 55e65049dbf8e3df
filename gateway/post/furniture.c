/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/utf8.h"

#include "post_private.h"

/* A longer line is no button and no label. */
#define FURNITURE_OCTETS 80

/* What share widgets and advertisements say, as nw_utf8_key() without digits:
 * it comes and goes between two polls, with counts in it.  Sorted. */
static const char *const lines[] = {
	"ad", "ads", "advert", "advertentie", "advertisement",
	"advertisementcontinuereading", "advertising", "annonce", "annons",
	"annonse", "anuncio", "anzeige", "anúncio", "bagikan", "comment",
	"comments", "compartilhar", "compartilhe", "compartir", "condividi",
	"copiarenlace", "copielien", "copylink", "dela", "delen", "facebook",
	"facebooktwitter", "facebooktwitteremail", "facebooktwitterwhatsapp",
	"iklan", "jaa", "kommentar", "kommentare", "likes", "link",
	"linkcopied", "linkkopieren", "mainos", "partager", "paylaş",
	"pubblicità", "publicidad", "publicidade", "publicité", "reklam",
	"reklama", "reklame", "reklám", "reply", "retweet", "retweets",
	"share", "shareonfacebook", "shareontwitter", "shareonwhatsapp",
	"shareonx", "shares", "sharethis", "sharethisarticle", "sharethispost",
	"sponsored", "teilen", "tweet", "tweets", "twitter", "udostępnij",
	"views", "werbung", "whatsapp", "поделиться", "поділитися", "реклама",
	"إعلان", "مشاركة", "シェア", "シェアする", "分享", "广告", "広告",
	"廣告", "공유", "광고",
};

static int compare_line(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

bool nw_post_is_furniture(struct nw_arena *arena, const char *text)
{
	char *key, *from, *to;

	if (strlen(text) > FURNITURE_OCTETS)
		return false;
	key = nw_utf8_key(arena, text);
	for (from = to = key; *from; from++)
		if (!isdigit((unsigned char)*from))
			*to++ = *from;
	*to = '\0';
	return bsearch(key, lines, sizeof(lines) / sizeof(*lines),
		       sizeof(*lines), compare_line) != NULL;
}
