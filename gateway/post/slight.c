/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "newswire/utf8.h"

#include "post_private.h"

#define PERCENT 3
/* A reader should be told of more in any case, and longer texts are not looked
 * at. */
#define CHANGED_WORDS 100
#define TEXT_OCTETS   (256u << 10)
/* Of a headline one word in so many may change. */
#define HEADLINE_WORDS 4
/* In a shorter sentence capitals tell nothing of how it is set. */
#define SETTING_WORDS 4

/* How numbers begin that stand in words: a letter apart, a thousand times
 * more. */
static const char *const magnitudes[] = {
	"thousand", "million",	"billion", "trillion", "tausend", "milliard",
	"millón",   "millones", "milione", "milioni",  "miliard", "milhão",
	"milhões",  "bilhão",	"bilhões", "miljoen",  "miljon",  "miljard",
	"milion",   "tysi",	"tisíc",   "тысяч",    "тисяч",	  "миллион",
	"миллиард", "мільйон",	"мільярд", "milyon",   "milyar",
};
static const char numerals[] = "〇一二三四五六七八九十百千万萬億亿兆两兩";
/* The zeros of the scripts with digits of their own: Arabic, Persian,
 * Devanagari, Bengali, Thai, fullwidth. */
static const uint32_t zeros[] = { 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10 };

#define IDEOGRAPH_OCTETS 3

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* The words of a text, those of its sentences one after the other. */
struct text {
	struct nw_tokens sentences;
	struct nw_tokens words;
};

static bool is_digit(uint32_t point)
{
	size_t i;

	if (point < 0x80)
		return isdigit((int)point);
	for (i = 0; i < COUNT(zeros); i++)
		if (point >= zeros[i] && point < zeros[i] + 10)
			return true;
	return false;
}

static bool is_number(const struct nw_token *word)
{
	size_t at = 0, i;

	for (i = 0; i < COUNT(magnitudes); i++)
		if (!strncmp(word->key, magnitudes[i], strlen(magnitudes[i])))
			return true;
	while (at < word->len)
		if (is_digit(nw_utf8_next(word->text, word->len, &at)))
			return true;
	/* An ideograph is a word of its own. */
	return word->key_len == IDEOGRAPH_OCTETS && strstr(numerals, word->key);
}

/* Of a word: no mark of ASCII, Latin 1, general punctuation or CJK. */
static bool is_letter(uint32_t point)
{
	if (point < 0x80)
		return isalnum((int)point);
	return point >= 0xc0 && (point < 0x2000 || point > 0x303f);
}

/* Whether the first letter is a capital: folding its case changes it. */
static bool is_capital(struct nw_arena *arena, const struct nw_token *word)
{
	size_t at = 0, start = 0;
	const char *letter;
	uint32_t point = 0;

	while (at < word->len) {
		start = at;
		point = nw_utf8_next(word->text, word->len, &at);
		if (is_letter(point))
			break;
	}
	if (point < 0x80)
		return isupper((int)point);
	letter = nw_arena_strndup(arena, word->text + start, at - start);
	return strcmp(nw_utf8_key(arena, letter), letter) != 0;
}

/* Appends the words of a sentence that have letters or digits. */
static void add_words(struct nw_arena *arena, struct nw_tokens *words,
		      const struct nw_token *sentence)
{
	struct nw_tokens all =
		nw_tokens_words(arena, sentence->text, sentence->len);
	size_t before = words->count, i;

	for (i = 0; i < all.count; i++) {
		struct nw_token *word = &all.items[i];

		word->key =
			nw_post_key(arena, nw_arena_strndup(arena, word->text,
							    word->len));
		word->key_len = strlen(word->key);
		if (!word->key_len)
			continue;
		word->first = words->count == before;
		words->items = nw_arena_grow(arena, words->items, words->count,
					     sizeof(*words->items));
		words->items[words->count++] = *word;
	}
}

/* Those of count sentences from at on. */
static struct nw_tokens words_of(struct nw_arena *arena,
				 struct nw_tokens sentences, size_t at,
				 size_t count)
{
	struct nw_tokens words = { NULL, 0 };

	while (count--)
		add_words(arena, &words, &sentences.items[at++]);
	return words;
}

static struct text read_text(struct nw_arena *arena, const struct nw_body *body)
{
	struct text text = { .sentences = nw_tokens_sentences(arena, body) };

	text.words = words_of(arena, text.sentences, 0, text.sentences.count);
	return text;
}

static struct nw_tokens read_line(struct nw_arena *arena, const char *line)
{
	const struct nw_token sentence = { .text = line, .len = strlen(line) };
	struct nw_tokens words = { NULL, 0 };

	add_words(arena, &words, &sentence);
	return words;
}

/* Whether most words of the sentence that word is in have capitals, as in
 * headlines: then they are no names. */
static bool is_set_in_capitals(struct nw_arena *arena, struct nw_tokens words,
			       size_t at)
{
	size_t count = 0, capitals = 0;

	while (at && !words.items[at].first)
		at--;
	do {
		count++;
		capitals += is_capital(arena, &words.items[at]);
		at++;
	} while (at < words.count && !words.items[at].first);
	return count >= SETTING_WORDS && 2 * capitals > count;
}

/* Whether a word stands with a capital within a sentence of the text. */
static bool is_known_name(struct nw_arena *arena, const struct text *text,
			  const struct nw_token *word)
{
	size_t i;

	for (i = 0; i < text->words.count; i++) {
		const struct nw_token *other = &text->words.items[i];

		if (!other->first && other->key_len == word->key_len &&
		    !memcmp(other->key, word->key, word->key_len) &&
		    is_capital(arena, other))
			return true;
	}
	return false;
}

/* The first word of a sentence has a capital in any case: it is a name when
 * it has one elsewhere. */
static bool is_name(struct nw_arena *arena, const struct text texts[2],
		    struct nw_tokens words, size_t at)
{
	const struct nw_token *word = &words.items[at];

	if (!is_capital(arena, word))
		return false;
	if (word->first)
		return is_known_name(arena, &texts[0], word) ||
		       is_known_name(arena, &texts[1], word);
	return !is_set_in_capitals(arena, words, at);
}

/* Counts the words that are not kept; false when one tells something. */
static bool count_changed(struct nw_arena *arena, const struct text texts[2],
			  struct nw_tokens words, size_t *count)
{
	size_t i;

	for (i = 0; i < words.count; i++) {
		if (words.items[i].kept)
			continue;
		if (++*count > CHANGED_WORDS || is_number(&words.items[i]) ||
		    is_name(arena, texts, words, i))
			return false;
	}
	return true;
}

/* How many words there are, and how many differ. */
struct count {
	size_t all, changed;
};

/* How many words differ between two runs of words; false when that cannot be
 * said or one of them tells something. */
static bool compare(struct nw_arena *arena, const struct text texts[2],
		    struct nw_tokens before, struct nw_tokens after,
		    size_t *changed)
{
	size_t gone = 0, come = 0;

	if (!nw_tokens_align(before, after) ||
	    !count_changed(arena, texts, before, &gone) ||
	    !count_changed(arena, texts, after, &come))
		return false;
	*changed += gone > come ? gone : come;
	return true;
}

static bool compare_lines(struct nw_arena *arena, const struct text texts[2],
			  const char *before, const char *after,
			  struct count *count)
{
	struct nw_tokens old, new;

	if (!before || !after)
		return true;
	old = read_line(arena, before);
	new = read_line(arena, after);
	count->all = old.count > new.count ? old.count : new.count;
	return compare(arena, texts, old, new, &count->changed);
}

static bool compare_bodies(struct nw_arena *arena, const struct text texts[2],
			   size_t *changed)
{
	struct nw_tokens before = texts[0].sentences,
			 after = texts[1].sentences;
	size_t i = 0, j = 0, gone, come;

	if (!nw_tokens_align(before, after))
		return false;
	while (i < before.count || j < after.count) {
		gone = nw_tokens_run(before, i, false);
		come = nw_tokens_run(after, j, false);
		if (!compare(arena, texts, words_of(arena, before, i, gone),
			     words_of(arena, after, j, come), changed))
			return false;
		i += gone;
		j += come;
		gone = nw_tokens_run(before, i, true);
		come = nw_tokens_run(after, j, true);
		i += gone < come ? gone : come;
		j += gone < come ? gone : come;
	}
	return true;
}

static bool is_long(struct nw_arena *arena, const struct nw_body *body)
{
	return strlen(nw_body_text(arena, body)) > TEXT_OCTETS;
}

bool nw_post_is_slight(struct nw_arena *arena, const struct nw_texts *before,
		       const struct nw_texts *after)
{
	struct count head = { 0, 0 }, line = { 0, 0 }, body = { 0, 0 };
	struct text texts[2];
	size_t changed;

	if (is_long(arena, &before->body) || is_long(arena, &after->body))
		return false;
	texts[0] = read_text(arena, &before->body);
	texts[1] = read_text(arena, &after->body);
	if (!compare_lines(arena, texts, before->title, after->title, &head) ||
	    !compare_lines(arena, texts, before->description,
			   after->description, &line) ||
	    !compare_bodies(arena, texts, &body.changed))
		return false;
	body.all = texts[0].words.count > texts[1].words.count
			   ? texts[0].words.count
			   : texts[1].words.count;
	changed = head.changed + line.changed + body.changed;
	return (!head.changed || HEADLINE_WORDS * head.changed < head.all) &&
	       changed <= CHANGED_WORDS &&
	       100 * changed < PERCENT * (head.all + line.all + body.all);
}
