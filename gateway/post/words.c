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
	"week", "weeks", "month", "months", "year", "years",
	"sekunden", "minuten", "stunde", "stunden", "tag", "tagen", "woche",
	"wochen", "monat", "monaten",
	"secondes", "heure", "heures", "jour", "jours", "semaine", "semaines",
	"segundos", "minuto", "minutos", "hora", "horas", "d\xc3\xad" "as",
	"secondi", "minuti", "ora", "ore", "giorno", "giorni",
};
static const char *const words_before[] = { "vor", "hace", "a" };
static const char *const words_after[] = { "ago", "fa" };
static const char *const small_numbers[] = { "a", "an", "one" };

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
		if (strlen(list[i]) != word.len)
			continue;
		for (j = 0; j < word.len; j++)
			if (tolower((unsigned char)word.at[j]) != list[i][j])
				break;
		if (j == word.len)
			return true;
	}
	return false;
}

#define IS_ONE_OF(word, list) \
	is_one_of((word), (list), sizeof(list) / sizeof(*(list)))

static bool is_number(struct word word)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (!isdigit((unsigned char)word.at[i]))
			return IS_ONE_OF(word, small_numbers);
	return true;
}

/* Behind the number and unit of a relative time that begins with word; NULL
 * when it is none. */
static const char *skip_relative_time(struct word before, struct word word,
				      const char *end)
{
	struct word unit, after;

	if (!is_number(word))
		return NULL;
	unit = next_word(word.at + word.len, end);
	if (!IS_ONE_OF(unit, units))
		return NULL;
	after = next_word(unit.at + unit.len, end);
	if (!IS_ONE_OF(before, words_before) && !IS_ONE_OF(after, words_after))
		return NULL;
	return unit.at + unit.len;
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

static void add_word(struct nw_arena *arena, struct nw_buf *out,
		     struct word word)
{
	bool digit = false, ascii = true;
	size_t i;

	for (i = 0; i < word.len; i++) {
		digit = digit || isdigit((unsigned char)word.at[i]);
		ascii = ascii && isascii((unsigned char)word.at[i]);
	}
	if (digit && (ascii || word.len <= NUMBER_OCTETS)) {
		add_number(out, word);
	} else if (!ascii) {
		nw_buf_adds(out, nw_utf8_key(arena,
					     nw_arena_strndup(arena, word.at,
							      word.len)));
	} else {
		for (i = 0; i < word.len; i++)
			if (isalpha((unsigned char)word.at[i]))
				nw_buf_addc(out,
					    (char)tolower(
						    (unsigned char)word.at[i]));
	}
}

void nw_post_words(struct nw_arena *arena, struct nw_buf *out,
		   const char *text, size_t len)
{
	const char *end = text + len, *skipped;
	struct word before = { text, 0 }, word;

	for (word = next_word(text, end); word.len;
	     word = next_word(word.at + word.len, end)) {
		skipped = skip_relative_time(before, word, end);
		if (skipped)
			word.len = (size_t)(skipped - word.at);
		else
			add_word(arena, out, word);
		before = word;
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
	struct nw_block copy = *block;
	const struct nw_body body = { &copy, 1 };

	if (block->kind == NW_BLOCK_IMAGE) {
		const char *caption =
			block->image ? block->image->caption : NULL;

		return nw_post_key(arena, caption ? caption : "");
	}
	return nw_post_key(arena, nw_body_text(arena, &body));
}
