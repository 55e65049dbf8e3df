/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the worker keeps of a group: a line "key value…" each.  The last line
 * says that nothing is missing.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "cache_private.h"

#define STATE_BYTES (48u << 20) /* NUMBERS_MAX of both kinds, apart */
#define NUMBERS_MAX 2000000
#define FIRST_LINE  "newswire-state 1"
#define LAST_LINE   "end"

static void add_number(GString *text, const char *key, guint32 number)
{
	g_string_append_printf(text, "%s %u\n", key, number);
}

/* Runs are "FIRST-LAST", as what is old is old together. */
static void add_numbers(GString *text, const char *key, const GArray *numbers)
{
	guint32 first, last;
	guint i = 0;

	g_string_append(text, key);
	while (i < numbers->len) {
		first = last = g_array_index(numbers, guint32, i);
		while (++i < numbers->len &&
		       g_array_index(numbers, guint32, i) == last + 1)
			last++;
		g_string_append_printf(text, " %u", first);
		if (last != first)
			g_string_append_printf(text, "-%u", last);
	}
	g_string_append_c(text, '\n');
}

static char *as_text(const struct nw_cache_state *state)
{
	GString *text = g_string_new(FIRST_LINE "\n");

	add_number(text, "offset", state->offset);
	add_number(text, "low", state->low);
	add_number(text, "high", state->high);
	add_number(text, "count", state->count);
	if (state->anchor && state->anchor_id)
		g_string_append_printf(text, "anchor %u %s\n", state->anchor,
				       state->anchor_id);
	g_string_append_printf(text, "retention %d\n", state->retention_days);
	add_numbers(text, "skipped", state->skipped);
	add_numbers(text, "unwanted", state->unwanted);
	g_string_append(text, LAST_LINE "\n");
	return g_string_free(text, FALSE);
}

static void read_run(GArray *numbers, char *word)
{
	char *dash = strchr(word, '-');
	guint32 first, last;

	if (dash)
		*dash = '\0';
	first = nw_cache_number(word);
	last = dash ? nw_cache_number(dash + 1) : first;
	for (; first && first <= last && numbers->len < NUMBERS_MAX; first++)
		g_array_append_val(numbers, first);
}

static void read_numbers(GArray *numbers, const char *words)
{
	char **word, **split = g_strsplit(words, " ", -1);

	for (word = split; *word; word++)
		read_run(numbers, *word);
	g_strfreev(split);
}

static gboolean read_anchor(struct nw_cache_state *state, char *value)
{
	char *space = strchr(value, ' ');

	if (!space)
		return FALSE;
	*space = '\0';
	state->anchor = nw_cache_number(value);
	g_free(state->anchor_id);
	state->anchor_id = g_strdup(space + 1);
	return state->anchor != 0;
}

/* FALSE for a value that cannot be; what other versions add is passed over. */
static gboolean read_line(struct nw_cache_state *state, const char *key,
			  char *value)
{
	const struct {
		const char *key;
		guint32 *number;
	} plain[] = {
		{ "offset", &state->offset },
		{ "low", &state->low },
		{ "high", &state->high },
		{ "count", &state->count },
	};
	gint64 number = 0;
	gboolean sane;
	guint i;

	for (i = 0; i < G_N_ELEMENTS(plain); i++)
		if (!strcmp(key, plain[i].key)) {
			sane = g_ascii_string_to_signed(value, 10, 0,
							G_MAXUINT32, &number,
							NULL);
			*plain[i].number = (guint32)number;
			return sane;
		}
	if (!strcmp(key, "retention")) {
		sane = g_ascii_string_to_signed(value, 10, G_MININT32,
						G_MAXINT32, &number, NULL);
		state->retention_days = (gint32)number;
		return sane;
	}
	if (!strcmp(key, "anchor"))
		return read_anchor(state, value);
	if (!strcmp(key, "skipped"))
		read_numbers(state->skipped, value);
	else if (!strcmp(key, "unwanted"))
		read_numbers(state->unwanted, value);
	return TRUE;
}

/* No local number is past what an article's may be. */
static gboolean read_text(struct nw_cache_state *state, const char *text)
{
	char **line, **lines = g_strsplit(text, "\n", -1), *space;
	gboolean sane = TRUE;

	for (line = lines; *line && sane; line++) {
		space = strchr(*line, ' ');
		if (!space)
			continue;
		*space = '\0';
		sane = read_line(state, *line, space + 1);
	}
	g_strfreev(lines);
	return sane && (guint64)state->offset + state->high <= G_MAXINT32;
}

static void begin_state(struct nw_cache_state *state)
{
	memset(state, 0, sizeof(*state));
	state->skipped = g_array_new(FALSE, FALSE, sizeof(guint32));
	state->unwanted = g_array_new(FALSE, FALSE, sizeof(guint32));
}

void nw_cache_read_state(struct nw_cache *cache)
{
	struct nw_cache_state *state = &cache->state;
	gsize len = 0;
	char *text =
		nw_cache_slurp(cache->fd, NW_CACHE_STATE, STATE_BYTES, &len);

	begin_state(state);
	if (text && strlen(text) == len &&
	    g_str_has_prefix(text, FIRST_LINE "\n") &&
	    g_str_has_suffix(text, "\n" LAST_LINE "\n")) {
		if (read_text(state, text)) {
			cache->saved = g_steal_pointer(&text);
		} else {
			nw_cache_clear_state(state);
			begin_state(state);
		}
	}
	g_free(text);
}

void nw_cache_clear_state(struct nw_cache_state *state)
{
	g_clear_pointer(&state->anchor_id, g_free);
	g_clear_pointer(&state->skipped, g_array_unref);
	g_clear_pointer(&state->unwanted, g_array_unref);
}

struct nw_cache_state *nw_cache_state(struct nw_cache *cache)
{
	return &cache->state;
}

static gboolean replace(struct nw_cache *cache, const char *text)
{
	int fd = nw_cache_write(cache->fd, NW_CACHE_STATE ".tmp", text,
				strlen(text));
	gboolean synced;

	if (fd < 0)
		return FALSE;
	synced = fdatasync(fd) == 0;
	if (close(fd) == 0 && synced &&
	    renameat(cache->fd, NW_CACHE_STATE ".tmp", cache->fd,
		     NW_CACHE_STATE) == 0)
		return fsync(cache->fd) == 0 || errno == EINVAL;
	(void)unlinkat(cache->fd, NW_CACHE_STATE ".tmp", 0);
	return FALSE;
}

gboolean nw_cache_save(struct nw_cache *cache, GError **error)
{
	char *text = as_text(&cache->state);

	if (!g_strcmp0(text, cache->saved)) {
		g_free(text);
		return TRUE;
	}
	if (!replace(cache, text)) {
		(void)nw_cache_fail(cache, error);
		g_free(text);
		return FALSE;
	}
	g_free(cache->saved);
	cache->saved = text;
	return TRUE;
}
