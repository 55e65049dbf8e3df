/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "history_private.h"
#include "newswire/buf.h"
#include "newswire/date.h"
#include "newswire/diff.h"
#include "newswire/limits.h"
#include "newswire/text.h"
#include "newswire/utf8.h"

#define COLUMNS 80
#define INDENT "    "
/* Where a time and the two spaces behind it end. */
#define TIME_COLUMNS 22
/* Of an update without a headline, this much of its text. */
#define OPENING_BYTES 200

#define BOLD "\033[1m"
#define RED "\033[31m"
#define GREEN "\033[32m"
#define PLAIN "\033[0m"

static const struct nw_body no_body = { NULL, 0 };

struct printer {
	FILE *out;
	struct nw_arena *arena;
	const struct nw_history_style *style;
	struct nw_error *err;
	int result;
};

const char *nw_history_authors(struct nw_arena *arena,
			       const struct nw_version *version)
{
	const char *all = NULL;
	size_t i;

	for (i = 0; i < version->author_count; i++) {
		const char *name = version->authors[i].name;

		if (name)
			all = all ? nw_arena_printf(arena, "%s, %s", all, name)
				  : name;
	}
	return all;
}

bool nw_history_is_end(enum nw_history_kind kind)
{
	return kind == NW_HISTORY_WITHDRAWN || kind == NW_HISTORY_GONE;
}

const struct nw_version *
nw_history_version(const struct nw_history_change *change)
{
	return nw_history_is_end(change->kind) ? &change->before
					       : &change->after;
}

/* What the text writer put around words that went or came. */
static const struct sign {
	const char *sign, *colour;
	bool begins;
} signs[] = {
	{ "[-", RED, true },
	{ "[+", GREEN, true },
	{ "-]", RED, false },
	{ "+]", GREEN, false },
};

static const struct sign *sign_at(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (!strncmp(text, signs[i].sign, 2))
			return &signs[i];
	return NULL;
}

/* Prints a line in colours; returns the one that goes on in the next line. */
static const char *put_coloured(FILE *out, const char *line, size_t len,
				const char *colour)
{
	const struct sign *sign;
	size_t i;

	if (colour)
		(void)fputs(colour, out);
	for (i = 0; i < len; i++) {
		sign = i + 1 < len ? sign_at(line + i) : NULL;
		if (!sign) {
			(void)fputc(line[i], out);
			continue;
		}
		i++;
		if (sign->begins)
			(void)fprintf(out, "%s%s", sign->colour, sign->sign);
		else
			(void)fprintf(out, "%s%s", sign->sign, PLAIN);
		colour = sign->begins ? sign->colour : NULL;
	}
	if (colour)
		(void)fputs(PLAIN, out);
	return colour;
}

static void put_lines(struct printer *printer, const char *text, bool colour)
{
	const char *going = NULL;
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len)
			(void)fputs(INDENT, printer->out);
		else
			going = NULL;
		if (colour)
			going = put_coloured(printer->out, text, len, going);
		else
			(void)fwrite(text, 1, len, printer->out);
		(void)fputc('\n', printer->out);
	}
}

static void put_block(struct printer *printer, const char *standfirst,
		      const struct nw_body *body, bool colour)
{
	struct nw_buf text;

	if (printer->result)
		return;
	nw_buf_init(&text, 4 * NW_STORY_TEXT_BYTES);
	printer->result =
		nw_text_write_body(&text, standfirst, body, printer->err);
	if (!printer->result)
		put_lines(printer, text.data, colour);
	nw_buf_free(&text);
}

/* The same below an empty line. */
static void put_body(struct printer *printer, const char *standfirst,
		     const struct nw_body *body, bool colour)
{
	if (!standfirst && !body->count)
		return;
	(void)fputc('\n', printer->out);
	put_block(printer, standfirst, body, colour);
}

static void put_line(struct printer *printer, const char *line)
{
	if (line)
		put_body(printer, line, &no_body, false);
}

static const char *opening(struct nw_arena *arena, const struct nw_body *body)
{
	char *text = nw_body_text(arena, body);
	size_t len = strlen(text), end;

	for (end = 0; text[end]; end++)
		if (text[end] == '\n')
			text[end] = ' ';
	if (len <= OPENING_BYTES)
		return len ? text : NULL;
	for (end = OPENING_BYTES; end && text[end] != ' ';)
		end--;
	return end ? nw_arena_printf(arena, "%.*s \xe2\x80\xa6", (int)end, text)
		   : NULL;
}

static const char *name_of(struct nw_arena *arena,
			   const struct nw_version *version)
{
	const char *title = version->texts.title;

	return title ? title : opening(arena, &version->texts.body);
}

static void put_whole(struct printer *printer, const struct nw_version *version)
{
	put_line(printer, version->texts.title);
	put_body(printer, version->texts.description, &version->texts.body,
		 false);
}

static void put_difference(struct printer *printer,
			   const struct nw_history_change *change)
{
	const struct nw_body *body = nw_diff_story(
		printer->arena, &change->before.texts, &change->after.texts);

	if (!body)
		put_line(printer, "Changed in many places; --full shows the "
				  "whole text.");
	else if (!body->count)
		put_line(printer, "No words differ.");
	else
		put_body(printer, NULL, body, printer->style->colour);
}

static void put_change(struct printer *printer,
		       const struct nw_history_change *change)
{
	const struct nw_version *version = nw_history_version(change);

	if (change->kind == NW_HISTORY_CORRECTION) {
		put_line(printer, change->notice);
	} else if (change->kind == NW_HISTORY_GONE ||
		   change->kind == NW_HISTORY_BACK) {
		put_line(printer, name_of(printer->arena, version));
	} else if (printer->style->full ||
		   change->kind == NW_HISTORY_WITHDRAWN) {
		put_whole(printer, version);
	} else if (change->kind == NW_HISTORY_ADDED) {
		put_line(printer, name_of(printer->arena, version));
	} else {
		if (change->update)
			put_line(printer, name_of(printer->arena, version));
		put_difference(printer, change);
	}
}

/* "TIME  what, by whom"; the time only above the first of a section. */
static void put_head(struct printer *printer, int64_t at_utc, const char *what,
		     const struct nw_version *version)
{
	const char *authors = nw_history_authors(printer->arena, version);
	char when[NW_DATE_BYTES] = "";
	const char *line = what;

	if (authors)
		line = nw_arena_printf(printer->arena, "%s, by %s", what,
				       authors);
	if (nw_utf8_width(line, strlen(line)) + TIME_COLUMNS > COLUMNS)
		line = what;
	if (at_utc != NW_TIME_NONE)
		nw_date_iso8601(at_utc, when);
	(void)fprintf(printer->out, "\n%s%-*s%s%s\n",
		      printer->style->colour ? BOLD : "", TIME_COLUMNS, when,
		      line, printer->style->colour ? PLAIN : "");
	if (authors && line == what)
		put_line(printer,
			 nw_arena_printf(printer->arena, "By %s", authors));
}

static void put_revision(struct printer *printer,
			 const struct nw_revision *revision)
{
	size_t i;

	for (i = 0; i < revision->count; i++) {
		const struct nw_history_change *change = &revision->changes[i];

		put_head(printer, i ? NW_TIME_NONE : revision->at_utc,
			 nw_history_names[change->kind],
			 nw_history_version(change));
		if (!i && revision->merged)
			put_line(printer, nw_arena_printf(
				printer->arena,
				"In one with %u before it, of which the store "
				"has too many to keep each.",
				revision->merged));
		put_change(printer, change);
	}
}

static void put_first(struct printer *printer,
		      const struct nw_history *history)
{
	const int64_t published_utc = history->story->published_utc;
	const int64_t stored_utc = history->stored_utc;
	char when[NW_DATE_BYTES];
	size_t i;

	put_head(printer,
		 published_utc != NW_TIME_NONE ? published_utc : stored_utc,
		 "published", &history->first);
	nw_date_iso8601(stored_utc, when);
	if (published_utc != NW_TIME_NONE && published_utc != stored_utc)
		put_line(printer, nw_arena_printf(printer->arena,
						  "First read at %s.", when));
	if (!history->whole)
		put_line(printer, "It was stored by an older newswire: how it "
				  "was changed before is not known.");
	if (printer->style->full)
		put_whole(printer, &history->first);
	else
		put_line(printer, history->first.texts.title);
	if (history->update_count)
		put_line(printer, nw_arena_printf(
			printer->arena, "With %zu update%s.",
			history->update_count,
			history->update_count == 1 ? "" : "s"));
	for (i = 0; printer->style->full && i < history->update_count; i++) {
		const struct nw_update *update = history->updates[i];

		put_line(printer, update->title);
		put_body(printer, NULL, &update->body, false);
	}
}

static void put_now(struct printer *printer, const struct nw_history *history)
{
	const struct nw_story *story = history->story;
	const char *url = story->canonical_url ? story->canonical_url
					       : story->url;

	if (!history->count)
		put_line(printer, "It was not changed since.");
	(void)fprintf(printer->out, "\n%sNow%s\n",
		      printer->style->colour ? BOLD : "",
		      printer->style->colour ? PLAIN : "");
	put_line(printer, story->title);
	if (url)
		(void)fprintf(printer->out, "%s%s\n", INDENT, url);
}

int nw_history_print(FILE *out, struct nw_arena *arena,
		     const struct nw_history *history,
		     const struct nw_history_style *style, struct nw_error *err)
{
	struct printer printer = { out, arena, style, err, 0 };
	size_t i;

	put_first(&printer, history);
	for (i = 0; i < history->count && !printer.result; i++) {
		/* Comparing words takes much more room than they do. */
		printer.arena = nw_arena_new();
		put_revision(&printer, &history->revisions[i]);
		nw_arena_free(&printer.arena);
	}
	printer.arena = arena;
	put_now(&printer, history);
	return printer.result;
}

void nw_history_print_list(FILE *out, struct nw_arena *arena,
			   const struct nw_history_line *lines, size_t count)
{
	static const struct nw_history_style plain = { false, false };
	struct printer printer = { out, arena, &plain, NULL, 0 };
	char when[NW_DATE_BYTES];
	size_t i;

	for (i = 0; i < count; i++) {
		nw_date_iso8601(lines[i].at_utc, when);
		(void)fprintf(out, "%s%s  %" PRIu64 " revision%s\n",
			      i ? "\n" : "", when, lines[i].count,
			      lines[i].count == 1 ? "" : "s");
		if (lines[i].title)
			put_block(&printer, lines[i].title, &no_body, false);
		if (lines[i].message_id)
			(void)fprintf(out, "%s%s\n", INDENT,
				      lines[i].message_id);
	}
}
