/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"

#include "post_private.h"

#define BLANKS " \t\n"
/* A longer word is no number, whatever digits are in it: Chinese and Japanese
 * put no blanks between words. */
#define NUMBER_OCTETS 24

/* "5 minutes ago" is another text at each poll, but no news.  A number and a
 * unit of time between such words are passed over. */
static const char *const units[] = {
	"s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute",
	"minutes", "h", "hr", "hrs", "hour", "hours", "d", "day", "days",
	"w", "week", "weeks", "mo", "month", "months", "y", "yr", "yrs",
	"year", "years",
	"sek", "sekunde", "sekunden", "minuten", "std", "stunde", "stunden",
	"tag", "tagen", "woche", "wochen", "monat", "monaten", "jahr",
	"jahren",
	"secondes", "heure", "heures", "jour", "jours", "semaine", "semaines",
	"mois", "an", "ans",
	"segundos", "minuto", "minutos", "hora", "horas", "día", "días",
	"semana", "semanas", "mes", "meses", "año", "años",
	"dia", "dias", "mês", "ano", "anos",
	"secondi", "minuti", "ora", "ore", "giorno", "giorni", "settimana",
	"settimane", "mese", "mesi", "anno", "anni",
	"seconden", "uur", "uren", "dag", "dagen", "weken", "maand",
	"maanden", "jaar",
	"minut", "minuter", "minutt", "minutter", "timme", "timmar", "tim",
	"time", "timer", "dagar", "dager", "dage", "vecka", "veckor",
	"uke", "uker", "uge", "uger", "månad", "månader", "måned", "måneder",
	"år",
	"minuutti", "minuuttia", "tunti", "tuntia", "päivä", "päivää",
	"minutę", "minuty", "godz", "godzinę", "godziny", "godzin", "dzień",
	"dni", "minutami", "minutou", "hodinou", "hodinami", "dny", "hodin",
	"perce", "perccel", "órája", "órával", "napja", "nappal",
	"oră", "zile", "zi",
	"хв", "хвилину", "хвилини", "хвилин", "годину", "години", "годин",
	"день", "дні", "днів",
	"мин", "минуту", "минуты", "минут", "час", "часа", "часов", "ч",
	"дня", "дней",
	"dk", "dakika", "saat", "gün", "hafta",
	"λεπτό", "λεπτά", "ώρα", "ώρες", "ημέρες",
	"دقيقة", "دقائق", "ساعة", "ساعات", "يوم", "أيام",
	"मिनट", "घंटे", "दिन", "menit", "jam", "hari",
	"분", "시간", "일",
};
static const char *const words_before[] = {
	"vor", "hace", "há", "för", "acum", "před", "pred", "πριν", "منذ",
};
static const char *const words_after[] = {
	"ago", "fa", "geleden", "sedan", "siden", "temu", "тому", "назад",
	"önce", "sitten", "ezelőtt", "atrás", "yang", "lalu", "पहले", "전",
};
#define SMALL_OCTETS 5
static const char *const small_numbers[] = {
	"a", "an", "one", "einer", "einem", "un", "una", "une", "um", "uma",
	"een", "en", "ett", "et", "uno", "bir", "o",
};
/* Two words that stand in place of such a time. */
static const char *const moments[][2] = {
	{ "just", "now" }, { "moments", "ago" }, { "gerade", "eben" },
	{ "à", "l'instant" }, { "щойно", "зараз" }, { "только", "что" },
	{ "zojuist", "geleden" }, { "az", "önce" },
};
/* The same in one word with its number, in scripts without blanks. */
static const char *const endings[] = {
	"秒前", "分前", "分钟前", "分鐘前", "小时前", "小時前", "時間前", "天前",
};

struct word {
	const char *at;
	size_t len;
};

static struct word next_word(const char *at, const char *end)
{
	struct word word;

	while (at < end && strchr(BLANKS, *at))
		at++;
	word.at = at;
	while (at < end && !strchr(BLANKS, *at))
		at++;
	word.len = (size_t)(at - word.at);
	return word;
}

static bool is_one_of(struct word word, const char *const *list, size_t count)
{
	size_t i, j;

	while (word.len && strchr(".,;:!?)", word.at[word.len - 1]))
		word.len--;
	for (i = 0; i < count; i++) {
		for (j = 0; j < word.len && list[i][j]; j++)
			if (tolower((unsigned char)word.at[j]) !=
			    (unsigned char)list[i][j])
				break;
		if (j == word.len && !list[i][j])
			return j > 0;
	}
	return false;
}

#define IS_ONE_OF(word, list) \
	is_one_of((word), (list), sizeof(list) / sizeof(*(list)))

static size_t digits(struct word word)
{
	size_t count = 0;

	while (count < word.len && isdigit((unsigned char)word.at[count]))
		count++;
	return count;
}

/* The unit behind the number that is the word, or that it begins with
 * ("5min"); an empty word when there is no number. */
static struct word unit_behind(struct word word, const char *end)
{
	size_t count = digits(word);
	struct word rest = { word.at + count, word.len - count };

	if (count && rest.len)
		return rest;
	if (count ||
	    (word.len <= SMALL_OCTETS && IS_ONE_OF(word, small_numbers)))
		return next_word(word.at + word.len, end);
	rest.len = 0;
	return rest;
}

/* "il y a" alone makes a time of a number behind "a". */
static bool is_before(const struct word before[2])
{
	return IS_ONE_OF(before[0], words_before) ||
	       (before[0].len == 1 && *before[0].at == 'a' &&
		before[1].len == 1 && *before[1].at == 'y');
}

static const char *skip_moment(struct word word, const char *end)
{
	struct word second;
	size_t i;

	for (i = 0; i < sizeof(moments) / sizeof(*moments); i++) {
		if (tolower((unsigned char)*word.at) !=
			    (unsigned char)*moments[i][0] ||
		    !is_one_of(word, &moments[i][0], 1))
			continue;
		second = next_word(word.at + word.len, end);
		if (is_one_of(second, &moments[i][1], 1))
			return second.at + second.len;
	}
	return NULL;
}

/* Behind a relative time that begins with word, NULL when it is none; behind_r
 * gets whether the word before belongs to it. */
static const char *skip_relative_time(const struct word before[2],
				      struct word word, const char *end,
				      bool *behind_r)
{
	struct word unit = unit_behind(word, end), after;

	*behind_r = false;
	if (!unit.len)
		return skip_moment(word, end);
	if (!IS_ONE_OF(unit, units))
		return NULL;
	after = next_word(unit.at + unit.len, end);
	if (IS_ONE_OF(after, words_after))
		return after.at + after.len;
	*behind_r = is_before(before);
	return *behind_r ? unit.at + unit.len : NULL;
}

/* Where a number begins and ends, what belongs to it included: "-1.5%". */
static void add_number(struct nw_buf *out, struct word word)
{
	const char *at = word.at, *end = at + word.len;

	while (at < end && isascii((unsigned char)*at) &&
	       !isalnum((unsigned char)*at) && !strchr("-+$", *at))
		at++;
	while (end > at && isascii((unsigned char)end[-1]) &&
	       !isalnum((unsigned char)end[-1]) && end[-1] != '%')
		end--;
	nw_buf_addc(out, ' ');
	for (; at < end; at++)
		nw_buf_addc(out, (char)tolower((unsigned char)*at));
	nw_buf_addc(out, ' ');
}

/* Where a relative time within a word begins; len_r gets its octets. */
static size_t find_ending(struct word word, size_t *len_r)
{
	size_t at, count, i, len;

	for (at = 0; at < word.len; at += count ? count : 1) {
		struct word rest = { word.at + at, word.len - at };

		count = digits(rest);
		for (i = 0; count && i < sizeof(endings) / sizeof(*endings);
		     i++) {
			len = strlen(endings[i]);
			if (rest.len - count < len ||
			    memcmp(rest.at + count, endings[i], len) != 0)
				continue;
			*len_r = count + len;
			return at;
		}
	}
	*len_r = 0;
	return word.len;
}

static void add_letters(struct nw_arena *arena, struct nw_buf *out,
			struct word word, bool digit)
{
	if (digit && word.len <= NUMBER_OCTETS)
		add_number(out, word);
	else
		nw_buf_adds(out,
			    nw_utf8_key(arena, nw_arena_strndup(arena, word.at,
								word.len)));
}

static bool has_digit(struct word word)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (isdigit((unsigned char)word.at[i]))
			return true;
	return false;
}

/* A word that is not all ASCII, without the relative times in it. */
static void add_wide(struct nw_arena *arena, struct nw_buf *out,
		     struct word word)
{
	size_t at, len;

	while (has_digit(word) && (at = find_ending(word, &len)) < word.len) {
		struct word first = { word.at, at };

		add_letters(arena, out, first, has_digit(first));
		word.at += at + len;
		word.len -= at + len;
	}
	add_letters(arena, out, word, has_digit(word));
}

static void add_word(struct nw_arena *arena, struct nw_buf *out,
		     struct word word)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (!isascii((unsigned char)word.at[i])) {
			add_wide(arena, out, word);
			return;
		}
	if (has_digit(word)) {
		add_number(out, word);
		return;
	}
	for (i = 0; i < word.len; i++)
		if (isalpha((unsigned char)word.at[i]))
			nw_buf_addc(out,
				    (char)tolower((unsigned char)word.at[i]));
}

void nw_post_words(struct nw_arena *arena, struct nw_buf *out, const char *text,
		   size_t len)
{
	const char *end = text + len, *skipped;
	struct word before[2] = { { text, 0 }, { text, 0 } }, word;
	size_t last = out->len;
	bool behind;

	for (word = next_word(text, end); word.len;
	     word = next_word(word.at + word.len, end)) {
		skipped = skip_relative_time(before, word, end, &behind);
		if (behind)
			nw_buf_cut(out, last);
		last = out->len;
		if (skipped)
			word.len = (size_t)(skipped - word.at);
		else
			add_word(arena, out, word);
		before[1] = before[0];
		before[0] = word;
	}
}

char *nw_post_key(struct nw_arena *arena, const char *text)
{
	struct nw_buf words;
	char *key;

	nw_buf_init(&words, 2 * NW_STORY_TEXT_BYTES);
	nw_post_words(arena, &words, text, strlen(text));
	key = nw_arena_strndup(arena, words.data, words.len);
	nw_buf_free(&words);
	return key;
}

char *nw_post_block_key(struct nw_arena *arena, const struct nw_block *block)
{
	const char *text;

	if (block->kind == NW_BLOCK_IMAGE)
		text = block->image ? block->image->caption : NULL;
	else
		text = nw_block_text(arena, block);
	if (!text || nw_post_is_furniture(arena, text))
		text = "";
	return nw_post_key(arena, text);
}
