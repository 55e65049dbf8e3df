/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "newswire/notice.h"
#include "newswire/utf8.h"

/* Between a label and its colon there may be a day. */
#define DAY_OCTETS 48

/* Labels; a colon, a dash, a full stop or a bracket follows.  Compared
 * without the case of ASCII letters, so others stand here in both. */
static const char *const labels[] = {
	"correction", "corrections", "correction notice",
	"correction appended", "corrections and clarifications",
	"clarification", "clarifications", "corrected", "erratum", "errata",
	"retraction",
	"korrektur", "korrekturhinweis", "berichtigung", "richtigstellung",
	"klarstellung", "wir berichtigen",
	"rectificatif", "rectification", "précision", "mise au point",
	"corrección", "correcciones", "rectificación", "aclaración",
	"fe de errores", "fe de erratas",
	"correzione", "rettifica", "errata corrige", "precisazione",
	"correção", "correcção", "correções", "retificação", "rectificação",
	"esclarecimento", "erramos",
	"correctie", "correcties", "correcties en aanvullingen",
	"rectificatie", "verduidelijking",
	"rättelse", "förtydligande", "korrigering",
	"rettelse", "rettelser", "retting", "korreksjon", "presisering",
	"præcisering", "berigtigelse",
	"oikaisu", "korjaus", "täsmennys",
	"sprostowanie", "oprava", "opravujeme", "upřesnění", "spresnenie",
	"helyesbítés", "helyreigazítás", "pontosítás",
	"corecție", "corecţie", "erată", "rectificare",
	"düzeltme", "DÜZELTME", "tekzip",
	"διόρθωση", "Διόρθωση", "διευκρίνιση", "Διευκρίνιση",
	"виправлення", "Виправлення", "ВИПРАВЛЕННЯ", "виправлено",
	"Виправлено", "уточнення", "Уточнення", "УТОЧНЕННЯ",
	"спростування", "Спростування",
	"исправление", "Исправление", "ИСПРАВЛЕНИЕ", "исправлено",
	"Исправлено", "поправка", "Поправка", "ПОПРАВКА", "уточнение",
	"Уточнение", "УТОЧНЕНИЕ", "опровержение", "Опровержение",
	"корекция", "Корекция", "ispravka", "ispravak", "исправка",
	"Исправка", "popravek", "parandus", "labojums", "pataisymas",
	"correcció", "rectificació", "koreksi", "ralat", "klarifikasi",
	"đính chính", "Đính chính", "marekebisho",
	"تصحيح", "تصويب", "توضيح", "اصلاحیه", "תיקון", "הבהרה",
	"सुधार", "भूल सुधार", "स्पष्टीकरण", "সংশোধনী",
	"訂正", "おわび", "お詫び", "訂正とおわび", "訂正とお詫び",
	"おわびと訂正", "お詫びと訂正", "更正", "更正启事", "勘误", "勘誤",
	"정정", "정정보도", "바로잡습니다",
};

/* How a sentence begins that is one by itself. */
static const char *const openings[] = {
	"an earlier version of this", "an earlier version of the story",
	"an earlier headline", "a previous version of this",
	"earlier versions of this", "a previous headline",
	"this article was amended on", "this article was corrected",
	"this article has been amended", "this article has been corrected",
	"this article was updated to correct",
	"this article has been updated to correct",
	"this article was edited on", "this article was edited to correct",
	"this story was edited to correct",
	"this story was corrected", "this story has been corrected",
	"this story was updated to correct", "this story was amended",
	"this story has been updated to correct",
	"this story has been amended", "this report has been corrected",
	"this post has been corrected", "this post was corrected",
	"this post was amended", "this post has been amended",
	"this version corrects", "this live blog was amended",
	"because of an editing error", "due to an editing error",
	"in einer früheren version", "in einer früheren fassung",
	"in einer vorherigen version", "in einer ersten version",
	"in einer vorigen version", "in der ursprünglichen version",
	"in der ursprünglichen fassung", "in einer älteren version",
	"in einer vorherigen fassung", "wir haben den fehler korrigiert",
	"une version précédente de ce", "une version antérieure de ce",
	"une première version de ce", "dans une version précédente",
	"dans une première version", "contrairement à ce que nous",
	"una versión anterior de est", "en una versión anterior",
	"una primera versión de est", "en una primera versión",
	"una versione precedente di questo", "in una versione precedente",
	"in una prima versione",
	"uma versão anterior dest", "em uma versão anterior",
	"numa versão anterior", "diferentemente do que foi publicado",
	"diferentemente do publicado", "ao contrário do que foi publicado",
	"een eerdere versie van dit", "in een eerdere versie",
	"in een vorige versie",
	"i en tidigare version", "en tidigare version av",
	"i en tidligere versjon", "en tidligere versjon av",
	"i en tidligere version", "en tidligere version af",
	"jutun aiemmassa versiossa", "jutussa kerrottiin aiemmin",
	"w poprzedniej wersji", "we wcześniejszej wersji",
	"w pierwotnej wersji",
	"v původní verzi", "v předchozí verzi", "v pôvodnej verzii",
	"cikkünk korábbi", "a cikk korábbi", "írásunk korábbi",
	"o versiune anterioară", "într-o versiune anterioară",
	"bu haberin önceki", "haberin önceki", "haberin ilk",
	"Σε προηγούμενη έκδοση", "у попередній версії",
	"У попередній версії", "В попередній версії", "у першій версії",
	"У першій версії", "в предыдущей версии", "В предыдущей версии",
	"в первоначальной версии", "В первоначальной версии",
	"в более ранней версии", "В более ранней версии",
	"В ранней версии", "В первой версии",
	"当初の記事", "記事の一部を訂正", "以前の記事", "本文早前版本",
	"本文此前版本", "本報導早前",
};

/* Labels of notes on many things, and what the note must hold to be one of
 * these. */
static const char *const notes[] = {
	"editor's note", "editor’s note", "editors' note", "editors’ note",
	"note", "update", "updated", "amendment",
	"anmerkung der redaktion", "anm. d. red.", "hinweis",
	"transparenzhinweis", "hinweis der redaktion", "in eigener sache",
	"note de la rédaction", "ndlr", "nota de la redacción", "nota",
	"nota della redazione", "nota da redação", "noot van de redactie",
	"red.", "redaktionen", "toimituksen huomautus", "od redakcji",
	"Від редакції", "От редакции", "editörün notu", "编者按", "編者按",
};
static const char *const admissions[] = {
	"earlier version", "previous version", "incorrectly", "corrected",
	"to correct", "misstated", "misspelled", "misidentified",
	"früheren version", "früheren fassung", "korrigiert", "berichtigt",
	"fälschlich", "irrtümlich",
	"version précédente", "première version", "par erreur", "corrigé",
	"versión anterior", "por error", "corregid",
	"versione precedente", "erroneamente", "corretto",
	"versão anterior", "incorretamente", "corrigid",
	"eerdere versie", "gecorrigeerd", "tidigare version", "felaktigt",
	"tidligere versjon", "tidligere version", "feilaktig", "fejlagtigt",
	"aiemmassa versiossa", "wcześniejszej wersji", "poprzedniej wersji",
	"попередній версії", "помилково", "предыдущей версии", "ошибочно",
	"önceki", "訂正", "更正",
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* Fullwidth forms of ASCII: U+FF01–U+FF0F and U+FF1A–U+FF20. */
static bool is_wide_mark(const unsigned char *at)
{
	return at[0] == 0xef && at[1] == 0xbc &&
	       ((at[2] >= 0x81 && at[2] <= 0x8f) ||
		(at[2] >= 0x9a && at[2] <= 0xa0));
}

/* Blanks, quotes, brackets, bullets and dashes before the first word: ASCII,
 * U+0080–U+00BF, general punctuation and symbols, and those of CJK. */
static const char *skip_marks(const char *text)
{
	for (;;) {
		const unsigned char *at = (const unsigned char *)text;

		if (*at && *at < 0x80 && !isalnum(*at))
			text++;
		else if (*at == 0xc2)
			text += 2;
		else if (*at == 0xe2 || (*at == 0xe3 && at[1] == 0x80) ||
			 is_wide_mark(at))
			text += 3;
		else
			return text;
	}
}

/* How much of text a phrase is, in any case of its ASCII letters; 0: none. */
static size_t phrase(const char *text, const char *phrase)
{
	size_t i;

	for (i = 0; phrase[i]; i++)
		if (tolower((unsigned char)text[i]) !=
		    tolower((unsigned char)phrase[i]))
			return 0;
	return i;
}

/* Whether a byte belongs to a word: of any script, punctuation of CJK and the
 * dashes and quotes of U+2000 to U+2FFF excepted. */
static bool is_letter(const char *text)
{
	if ((unsigned char)*text < 0x80)
		return isalnum((unsigned char)*text);
	return skip_marks(text) == text;
}

/* A colon, a full stop, a dash or a closing bracket. */
static bool is_delimiter(const char *text)
{
	static const char *const marks[] = { ":", ".", "]",  ")",  "-",
					     "–", "—", "：", "】", "）",
					     "|", "।", "」" };
	size_t i;

	for (i = 0; i < COUNT(marks); i++)
		if (!strncmp(text, marks[i], strlen(marks[i])))
			return true;
	return false;
}

/* Whether a delimiter follows a label, at once or behind a day ("(May 4)",
 * "vom 5. Mai"); or nothing: a heading. */
static bool ends_label(const char *rest, bool *alone_r)
{
	bool digit = false;
	size_t i;

	if (is_letter(rest))
		return false;
	while (*rest == ' ' || !strncmp(rest, "\xc2\xa0", 2))
		rest += *rest == ' ' ? 1 : 2;
	*alone_r = !*skip_marks(rest);
	if (*alone_r || (is_delimiter(rest) && *rest != ')'))
		return true;
	for (i = 0; rest[i] && i < DAY_OCTETS; i++) {
		if (digit &&
		    (rest[i] == ':' || !strncmp(rest + i, "\xef\xbc\x9a", 3) ||
		     !strncmp(rest + i, "\xe2\x80\x94", 3)))
			return true;
		digit = digit || isdigit((unsigned char)rest[i]);
	}
	return false;
}

static bool holds(const char *text, const char *const *phrases, size_t count)
{
	size_t i;

	for (; *text; text++)
		for (i = 0; i < count; i++)
			if (phrase(text, phrases[i]))
				return true;
	return false;
}

static bool has_label(const char *text, const char *const *list, size_t count,
		      bool *alone_r)
{
	size_t i, len;

	for (i = 0; i < count; i++) {
		len = phrase(text, list[i]);
		if (len && ends_label(text + len, alone_r))
			return true;
	}
	return false;
}

bool nw_notice_is(const char *text, bool *alone_r)
{
	size_t i;

	*alone_r = false;
	if (strlen(text) > NW_NOTICE_BYTES)
		return false;
	text = skip_marks(text);
	if (has_label(text, labels, COUNT(labels), alone_r))
		return true;
	for (i = 0; i < COUNT(openings); i++)
		if (phrase(text, openings[i]))
			return true;
	return has_label(text, notes, COUNT(notes), alone_r) && !*alone_r &&
	       holds(text, admissions, COUNT(admissions));
}

static const char *block_text(struct nw_arena *arena,
			      const struct nw_block *block)
{
	if (block->kind != NW_BLOCK_PARAGRAPH &&
	    block->kind != NW_BLOCK_HEADING && block->kind != NW_BLOCK_ITEM)
		return "";
	return nw_block_text(arena, block);
}

size_t nw_notice_at(struct nw_arena *arena, const struct nw_body *body,
		    size_t at, const char **text_r)
{
	const char *text = block_text(arena, &body->blocks[at]);
	size_t used = 1;
	bool alone;

	if (!nw_notice_is(text, &alone))
		return 0;
	if (alone) {
		if (++at >= body->count)
			return 0;
		text = block_text(arena, &body->blocks[at]);
		used = 2;
	}
	if (!*text || strlen(text) > NW_NOTICE_BYTES)
		return 0;
	*text_r = nw_utf8_line(arena, text, strlen(text), NW_NOTICE_BYTES);
	return *text_r ? used : 0;
}
