/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The live page.  NAME.updates beside NAME.html holds records, oldest first,
 * with an empty line between them; each is lines of "field: value":
 *
 *	key	the update's permanent id
 *	by	its author
 *	title	its headline
 *	text	one paragraph; may be given again
 *	edited	what the last paragraph becomes two updates later
 *	gone	"yes": two updates later it is withdrawn
 *
 * A first line "page: N" makes pages of N updates: NAME.html?page=2 has the
 * older ones.
 *
 * NAME.html is a template.  Between @EACH@ and @END@ it is repeated for each
 * update that is out, newest first, with @KEY@, @BY@, @TITLE@, @HTML@,
 * @JSON@ (the text within a JSON string), @TIME@ and @EDITED@ (ISO 8601) and @COMMA@
 * (all but the last), @SORT@ and @CHANGED@ (seconds since 1970) and @GONE@
 * ("data-tombstone" once it is withdrawn); @START@ and @NEWEST@ are times of the
 * whole page, @OLDER@ is a link to the next one.  Texts go into HTML and JSON as
 * they are: no "<", "&", straight quotes, backslashes.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "newswire/arena.h"
#include "newswire/date.h"
#include "sitehttpd.h"

#define TEMPLATE_BYTES (1u << 20)
#define UPDATES 64
/* Those that are there from the start, ten minutes apart. */
#define FIRST 3
#define FIRST_PAUSE_S 600
#define EDITED_AFTER 2

struct update {
	const char *key, *by, *title, *html, *text, *edited;
	int64_t utc, edited_utc;
	bool withdraws, gone;
};

struct live {
	struct nw_arena *arena;
	struct update updates[UPDATES];
	size_t count;		/* in the file */
	size_t out;		/* of these, what is out */
	size_t page_size;	/* 0: all are on one page */
	size_t first, end;	/* of the page that was asked for */
	const char *older;	/* link to the next one, "" */
};

static int64_t time_of(const struct site *site, size_t i)
{
	if (i < FIRST)
		return site->start_utc -
		       (int64_t)(FIRST - 1 - i) * FIRST_PAUSE_S;
	return site->start_utc + (int64_t)(i - FIRST + 1) * site->live_s;
}

static void read_field(struct live *live, struct update *update, char *line)
{
	char *value = strstr(line, ": ");

	if (!value)
		return;
	*value = '\0';
	value += 2;
	if (strcmp(line, "key") == 0)
		update->key = value;
	else if (strcmp(line, "by") == 0)
		update->by = value;
	else if (strcmp(line, "title") == 0)
		update->title = value;
	else if (strcmp(line, "edited") == 0)
		update->edited = value;
	else if (strcmp(line, "gone") == 0)
		update->withdraws = true;
	else if (strcmp(line, "page") == 0)
		live->page_size = (size_t)strtoul(value, NULL, 10);
	else if (strcmp(line, "text") == 0) {
		update->html = nw_arena_printf(
			live->arena, "%s<p>%s</p>",
			update->html ? update->html : "", value);
		update->text = nw_arena_printf(
			live->arena, "%s%s%s",
			update->text ? update->text : "",
			update->text ? "\\n\\n" : "", value);
	}
}

static void read_updates(struct live *live, char *lines)
{
	struct update *update = live->updates;
	char *line, *end;

	for (line = lines; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		if (*line)
			read_field(live, update, line);
		else if (update->key && update + 1 < live->updates + UPDATES)
			update++;
	}
	live->count = (size_t)(update - live->updates) +
		      (update->key != NULL);
}

/* Which are out at now, and which of these are edited by now. */
static void set_clock(const struct site *site, struct live *live, int64_t now)
{
	struct update *update;
	size_t i;

	for (i = 0; i < live->count && time_of(site, i) <= now; i++) {
		update = &live->updates[i];
		update->utc = update->edited_utc = time_of(site, i);
		if (time_of(site, i + EDITED_AFTER) > now)
			continue;
		if (update->withdraws) {
			update->gone = true;
			update->title = update->html = update->text = "";
		}
		if (!update->edited && !update->withdraws)
			continue;
		update->edited_utc = time_of(site, i + EDITED_AFTER);
		if (!update->edited)
			continue;
		update->html = nw_arena_printf(live->arena, "<p>%s</p>",
					       update->edited);
		update->text = update->edited;
	}
	live->out = i;
}

static const char *seconds(struct live *live, int64_t utc)
{
	return nw_arena_printf(live->arena, "%lld", (long long)utc);
}

/* What a mark stands for, NULL when it is none. */
static const char *value_of(struct live *live, const struct update *update,
			    const char *mark, size_t len)
{
	const struct {
		const char *mark, *value;
		int64_t utc;
	} marks[] = {
		{ "@KEY@", update->key, 0 },
		{ "@BY@", update->by, 0 },
		{ "@TITLE@", update->title, 0 },
		{ "@HTML@", update->html, 0 },
		{ "@JSON@", update->text, 0 },
		{ "@COMMA@", update == &live->updates[live->first] ? "" : ",",
		  0 },
		{ "@GONE@", update->gone ? "data-tombstone" : "", 0 },
		{ "@OLDER@", live->older, 0 },
		{ "@SORT@", seconds(live, update->utc), 0 },
		{ "@CHANGED@", seconds(live, update->edited_utc), 0 },
		{ "@TIME@", NULL, update->utc },
		{ "@EDITED@", NULL, update->edited_utc },
		{ "@START@", NULL, live->updates[0].utc },
		{ "@NEWEST@", NULL, live->updates[live->out - 1].utc },
	};
	char text[NW_DATE_BYTES];
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (strlen(marks[i].mark) != len ||
		    strncmp(marks[i].mark, mark, len) != 0)
			continue;
		if (!marks[i].utc)
			return marks[i].value ? marks[i].value : "";
		nw_date_iso8601(marks[i].utc, text);
		return nw_arena_strdup(live->arena, text);
	}
	return NULL;
}

/* Writes the template up to end, with the marks of one update. */
static void fill(struct live *live, const struct update *update,
		 const char *from, const char *end, struct nw_buf *out)
{
	const char *mark, *close, *value;

	for (; from < end; from = close) {
		mark = memchr(from, '@', (size_t)(end - from));
		if (!mark)
			mark = end;
		nw_buf_add(out, from, (size_t)(mark - from));
		close = mark < end ? strchr(mark + 1, '@') : NULL;
		if (!close || close >= end) {
			nw_buf_add(out, mark, (size_t)(end - mark));
			return;
		}
		close++;
		value = value_of(live, update, mark, (size_t)(close - mark));
		if (value)
			nw_buf_adds(out, value);
		else
			nw_buf_add(out, mark, (size_t)(--close - mark));
	}
}

static void write_page(struct live *live, const char *from, struct nw_buf *out)
{
	static const char each[] = "@EACH@", finish[] = "@END@";
	const struct update *newest = &live->updates[live->out - 1];
	const char *start, *end;
	size_t i;

	while ((start = strstr(from, each)) &&
	       (end = strstr(start, finish))) {
		fill(live, newest, from, start, out);
		for (i = live->end; i > live->first; i--)
			fill(live, &live->updates[i - 1],
			     start + strlen(each), end, out);
		from = end + strlen(finish);
	}
	fill(live, newest, from, from + strlen(from), out);
}

static int read_part(const struct site *site, const char *path,
		     struct live *live, char **text_r, struct nw_error *err)
{
	struct nw_buf text;
	int64_t modified;
	int result;

	nw_buf_init(&text, TEMPLATE_BYTES);
	result = site_read(site, path, &text, &modified, err);
	*text_r = nw_arena_strndup(live->arena, text.data, text.len);
	nw_buf_free(&text);
	return result;
}

/* Which updates are on the page, the newest on the first one. */
static void turn_to_page(struct live *live, const char *path, const char *query)
{
	size_t size = live->page_size ? live->page_size : live->out;
	size_t number = query && strncmp(query, "page=", 5) == 0
				? (size_t)strtoul(query + 5, NULL, 10)
				: 1;
	size_t before = number ? (number - 1) * size : 0;

	live->end = before < live->out ? live->out - before : 0;
	live->first = size < live->end ? live->end - size : 0;
	live->older = live->first
			      ? nw_arena_printf(live->arena,
						"<a href=\"%s?page=%zu\">Show "
						"more</a>", path, number + 1)
			      : "";
}

int site_live(const struct site *site, const char *path, const char *query,
	      struct site_page *page, struct nw_error *err)
{
	struct live live = { .arena = nw_arena_new() };
	int64_t now_utc = site->now_utc ? site->now_utc : time(NULL);
	size_t len = strcspn(path, ".");
	char *updates, *template;
	int result = 0;

	if (read_part(site,
		      nw_arena_printf(live.arena, "%.*s.updates", (int)len,
				      path),
		      &live, &updates, err) == 0) {
		read_updates(&live, updates);
		set_clock(site, &live, now_utc);
		result = read_part(site, path, &live, &template, err);
		if (result == 0 && live.out) {
			turn_to_page(&live, path, query);
			write_page(&live, template, &page->body);
			page->modified_utc = live.updates[live.out - 1].utc;
			result = 1;
		}
	}
	nw_arena_free(&live.arena);
	return result;
}
