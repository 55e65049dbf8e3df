/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "html_private.h"

/*
 * The words on a picture: what it shows, and whom it is from.
 */

/* Words that say that what follows is a credit: alone, or with a colon. */
static const char *const labels_alone[] = {
	"photograph by", "photography by", "photographs by", "photo by",
	"photos by", "image by", "picture by", "image source,",
	"photo courtesy of", "image courtesy of", "courtesy of", "fot.",
	"credit...",
	"\u00a9", NULL
};
static const char *const labels[] = {
	"photo credit", "image credit", "picture credit", "photographer",
	"photographs", "photograph", "photos", "photo", "pictures", "picture",
	"image source", "images", "image", "credits", "credit", "copyright",
	"source", "fotos", "foto", "bildquelle", "bildrechte", "bild", "quelle",
	"fotografía", "fotografia", "imagen", "crédits photo", "crédit photo",
	"crédits", "crédit", "фото", "Фото", "zdjęcie", "fotó", "kuva", "beeld",
	NULL
};

/* The length of the word that text begins with; 0 for none. */
static size_t find_word(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strncasecmp(text, *words, strlen(*words)))
			return strlen(*words);
	return 0;
}

/* Behind a label at the start of text; NULL when there is none. */
static const char *behind_label(const char *text)
{
	size_t len = find_word(text, labels_alone);
	const char *rest = text + len;

	/* "©" and "Credit..." end with no letter. */
	if (len && (!isalnum((unsigned char)*rest) ||
		    !isalnum((unsigned char)rest[-1])))
		return rest + strspn(rest, " :");
	len = find_word(text, labels);
	rest = text + len + strspn(text + len, " ");
	return len && *rest == ':' ? rest + 1 + strspn(rest + 1, " ") : NULL;
}

/* Whether a word begins at text[at] and something ended before it; what stands
 * in elements of its own may follow without a space. */
static bool begins_part(const char *text, size_t at)
{
	size_t before = at;

	while (before && text[before - 1] == ' ')
		before--;
	return !before ||
	       (isupper((unsigned char)text[at]) &&
		strchr(".!?)", text[before - 1])) ||
	       (before < at && strchr(".|/-!?)\"", text[before - 1])) ||
	       strchr("([|", text[before - 1]) ||
	       (before < at && (unsigned char)text[before - 1] >= 0x80) ||
	       !strncmp(text + at, "\u00a9", 2);
}

/* Where the credit begins in a caption that ends with "Photo: Name" or
 * "© Name"; the length of the caption when it does not. */
static size_t find_label(const char *caption, size_t len)
{
	enum { CREDIT_BYTES = 120 };
	size_t at = len > CREDIT_BYTES ? len - CREDIT_BYTES : 0;

	for (; at < len; at++) {
		const char *behind;

		if (!begins_part(caption, at))
			continue;
		behind = behind_label(caption + at);
		if (behind && *behind)
			return at;
	}
	return len;
}

/* Whether words in brackets name whom a picture is from. */
static bool names_agency(const char *text, size_t len)
{
	static const char *const agencies[] = {
		"AFP", "AP", "Alamy", "ANSA", "Anadolu", "Bloomberg", "EPA",
		"Getty", "Images", "PA", "Reuters", "REUTERS", "Shutterstock",
		"TASS", "Ukrinform", "UNIAN", "Wikimedia", "dpa",
		"picture alliance", NULL
	};
	size_t i;

	if (memchr(text, '/', len) && !memchr(text, ':', len))
		return true;
	for (i = 0; agencies[i]; i++) {
		size_t name = strlen(agencies[i]);

		if (len == name && !strncmp(text, agencies[i], len))
			return true;
	}
	if (behind_label(text))
		return true;
	for (i = 0; i + 4 < len; i++)
		if (!strncmp(text + i, " via ", 5) ||
		    !strncmp(text + i, "Getty", 5))
			return true;
	return false;
}

/* The brackets at the end of a caption with a credit in them: where "("
 * stands; len when there are none. */
static size_t find_brackets(const char *caption, size_t len)
{
	size_t end = len, open;

	while (end && strchr(" .", caption[end - 1]))
		end--;
	if (!end || caption[end - 1] != ')')
		return len;
	for (open = end - 1; open && caption[open] != '('; open--)
		if (end - open > 120)
			return len;
	if (caption[open] == '(' &&
	    names_agency(caption + open + 1, end - open - 2))
		return open;
	return len;
}

/* The last words of a caption, behind its last sentence, with an agency among
 * them: "… on Friday. Jane Doe/Agency"; len when there are none. */
static size_t find_agency(const char *caption, size_t len)
{
	enum { TAIL_BYTES = 60 };
	size_t at = len;

	while (at && !(caption[at - 1] == ' ' && at > 1 &&
		       strchr(".!?", caption[at - 2])))
		at--;
	if (!at || len - at > TAIL_BYTES || strchr(".!?", caption[len - 1]) ||
	    strpbrk(caption + at, "0123456789") ||
	    islower((unsigned char)caption[at]) || caption[at] == '\xe2' ||
	    !names_agency(caption + at, len - at))
		return len;
	return at;
}

/* A credit without its label and the brackets around it. */
const char *nw_html_clean_credit(struct nw_arena *arena, const char *text)
{
	const char *behind;
	size_t len;

	if (!text)
		return NULL;
	text += strspn(text, " ([|");
	behind = behind_label(text);
	if (behind && *behind)
		text = behind;
	len = strlen(text);
	while (len && strchr(" .)]|", text[len - 1]) &&
	       !(text[len - 1] == ')' && memchr(text, '(', len)))
		len--;
	return nw_utf8_line(arena, text, len, NW_STORY_NAME_BYTES);
}

/* Splits what stands below a picture into caption and credit. */
static void split_credit(struct nw_arena *arena, struct nw_image *image)
{
	const char *caption = image->caption;
	size_t len = strlen(caption), at, label;

	at = find_brackets(caption, len);
	label = find_label(caption, len);
	/* "… Foto: Jane Doe (Agency)" */
	if (label < at && (label || at == len))
		at = label;
	if (at == len)
		at = find_agency(caption, len);
	if (at == len)
		return;
	image->credit = nw_html_clean_credit(arena, caption + at);
	if (!image->credit)
		return;
	while (at && strchr(" |/-([", caption[at - 1]))
		at--;
	image->caption =
		nw_utf8_line(arena, caption, at, NW_STORY_SUMMARY_BYTES);
}

/* Whether alt only says again what caption says. */
static bool repeats(struct nw_arena *arena, const char *alt,
		    const char *caption)
{
	const char *one, *two;
	size_t len;

	if (!alt || !caption)
		return false;
	one = nw_utf8_key(arena, alt);
	two = nw_utf8_key(arena, caption);
	len = strlen(two);
	return !strncmp(one, two, strlen(one)) ||
	       (len > strlen(one) / 2 && !strncmp(one, two, len));
}

void nw_html_sort_words(struct nw_arena *arena, struct nw_image *image)
{
	if (repeats(arena, image->alt, image->caption))
		image->alt = NULL;
	if (image->caption && !image->credit)
		split_credit(arena, image);
	/* "/Agency" is the rest of it. */
	if (image->caption && image->credit && *image->caption == '/') {
		image->credit = nw_arena_printf(arena, "%s%s", image->credit,
						image->caption);
		image->caption = NULL;
	}
	if (repeats(arena, image->alt, image->caption))
		image->alt = NULL;
}

/* Bytes of a key that cannot be the same by chance, and of a credit that may
 * follow what both say. */
enum { SAYING_MIN = 12, CREDIT_MAX = 120 };

/* What follows what the picture is said to show names whom it is from. */
static void split_behind(struct nw_arena *arena, struct nw_image *image)
{
	size_t len = strlen(image->alt);

	while (len && strchr(" .", image->alt[len - 1]))
		len--;
	if (!len || strncmp(image->caption, image->alt, len))
		return;
	len += strspn(image->caption + len, ".");
	if (image->caption[len] != ' ' ||
	    islower((unsigned char)image->caption[len + 1]) ||
	    find_word(image->caption + len + 1, labels_alone))
		return;
	image->credit = nw_html_clean_credit(arena, image->caption + len);
	image->caption = nw_arena_strndup(arena, image->caption, len);
}

static bool goes_on(const char *start, const char *text)
{
	size_t len = strlen(start);

	return !strncmp(text, start, len) && text[len] == ' ' &&
	       islower((unsigned char)text[len + 1]);
}

bool nw_html_take_caption(struct nw_html_reader *reader,
			  const struct nw_span *spans, size_t count)
{
	struct nw_arena *arena = reader->arena;
	struct nw_block *last;
	struct nw_image *image;
	size_t alt, caption;

	if (!reader->body.count)
		return false;
	last = &reader->body.blocks[reader->body.count - 1];
	/* What begins with a link leads elsewhere. */
	if (last->kind != NW_BLOCK_IMAGE || last->image->caption ||
	    !last->image->alt || spans[0].href)
		return false;
	image = nw_arena_alloc(arena, sizeof(*image));
	*image = *last->image;
	image->caption = nw_spans_text(arena, spans, count);
	alt = strlen(nw_utf8_key(arena, image->alt));
	caption = strlen(nw_utf8_key(arena, image->caption));
	if (alt < SAYING_MIN || caption > alt + CREDIT_MAX ||
	    !repeats(arena, image->alt, image->caption))
		return false;
	image->caption = nw_utf8_line(arena, image->caption,
				      strlen(image->caption),
				      NW_STORY_SUMMARY_BYTES);
	if (!image->credit)
		split_behind(arena, image);
	nw_html_sort_words(arena, image);
	/* A sentence that begins with the same words goes on. */
	if (!image->credit && goes_on(last->image->alt, image->caption))
		return false;
	last->image = image;
	return true;
}
