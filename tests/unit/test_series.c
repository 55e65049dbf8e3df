/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live pages and stories over several polls.  Each file in
 * tests/data/live/series says what it shows, then for each poll "poll" and its
 * time, the page, "events", and what comes of it (tests/tools/replay.h).
 */
#include "config.h"

#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/date.h"
#include "newswire/limits.h"

#include "../tools/replay.h"

#define SERIES_MIN 15

static const char *folder(void)
{
	static char path[NW_PATH_BYTES / 2];
	const char *srcdir = getenv("srcdir");

	(void)snprintf(path, sizeof(path), "%s/tests/data/live/series",
		       srcdir ? srcdir : ".");
	return path;
}

static void load(struct nw_buf *out, const char *name)
{
	char path[NW_PATH_BYTES], chunk[4096];
	FILE *file;
	size_t len;

	(void)snprintf(path, sizeof(path), "%s/%s", folder(), name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s cannot be opened", path);
	while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
		nw_buf_add(out, chunk, len);
	(void)fclose(file);
}

static struct replay begin(void)
{
	return (struct replay) {
		.arena = nw_arena_new(),
		.url = "https://n.example/storm",
		.options = { .id_domain = "replay.invalid",
			     .update_pause_s = NW_UPDATE_PAUSE_S },
	};
}

static void poll_page(struct replay *replay, const char *page, size_t len,
		      struct nw_buf *events)
{
	struct nw_error err;

	nw_buf_reset(events);
	if (replay_poll(replay, page, len, events, &err) < 0)
		fail_msg("%s", err.text);
}

/* What stands between two lines; *at moves behind the second one. */
static const char *between(const char **at, const char *first,
			   const char *second, size_t *len_r)
{
	const char *start = strstr(*at, first), *end;

	if (!start)
		return NULL;
	start += strlen(first);
	end = strstr(start, second);
	*len_r = end ? (size_t)(end - start) : strlen(start);
	*at = end ? end : start + *len_r;
	return start;
}

/* Returns how many polls there were. */
static size_t replay_file(const char *name)
{
	struct replay replay = begin();
	struct nw_buf file, events;
	const char *at, *part;
	size_t len, polls = 0;

	nw_buf_init(&file, 1 << 20);
	nw_buf_init(&events, 1 << 20);
	load(&file, name);
	at = file.data;
	while ((part = between(&at, "\npoll ", "\n", &len))) {
		const char *time = nw_arena_strndup(replay.arena, part, len);

		replay.options.now_utc = nw_date_utc(time);
		part = between(&at, "\n", "\nevents\n", &len);
		if (!part)
			fail_msg("%s: %s: no page", name, time);
		poll_page(&replay, part, len, &events);
		part = between(&at, "\nevents\n", "\npoll ", &len);
		if (!part || len != events.len ||
		    memcmp(part, events.data, len) != 0)
			fail_msg("%s: %s: got\n%s", name, time, events.data);
		polls++;
	}
	nw_buf_free(&events);
	nw_buf_free(&file);
	nw_arena_free(&replay.arena);
	return polls;
}

static void series_bring_what_they_say(void **state)
{
	DIR *dir = opendir(folder());
	struct dirent *entry;
	size_t count = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		const char *end = strrchr(entry->d_name, '.');

		if (!end || strcmp(end, ".txt") != 0)
			continue;
		if (replay_file(entry->d_name) < 2)
			fail_msg("%s: no series", entry->d_name);
		count++;
	}
	(void)closedir(dir);
	assert_true(count >= SERIES_MIN);
}

/* A page with the updates from first on, the newest first. */
static void write_page(struct nw_buf *page, int first, int count, int edited)
{
	int i;

	nw_buf_reset(page);
	nw_buf_adds(page, "<!DOCTYPE html><html amp lang=\"en\"><title>Live"
			  "</title><h1>Live</h1><amp-live-list id=\"l\">"
			  "<div items>\n");
	for (i = first + count - 1; i >= first; i--)
		nw_buf_addf(page,
			    "<div id=\"u%04d\" data-sort-time=\"%d\"><p>"
			    "Update %d%s of this long day.</p></div>\n",
			    i, 1740960000 + 60 * i, i,
			    i == edited ? ", edited," : "");
	nw_buf_adds(page, "</div></amp-live-list></html>\n");
}

static size_t count_lines(const struct nw_buf *text)
{
	size_t lines = 0, i;

	for (i = 0; i < text->len; i++)
		lines += text->data[i] == '\n';
	return lines;
}

static void thousand_updates_are_no_trouble(void **state)
{
	struct replay replay = begin();
	struct nw_buf page, events;

	(void)state;
	nw_buf_init(&page, 1 << 20);
	nw_buf_init(&events, 1 << 20);
	replay.options.now_utc = 1740960000 + 86400;
	write_page(&page, 0, 1000, -1);
	poll_page(&replay, page.data, page.len, &events);
	assert_int_equal(count_lines(&events), 1001);
	assert_int_equal(strncmp(events.data, "root\nnew u0000\nnew u0001\n",
				 25),
			 0);
	poll_page(&replay, page.data, page.len, &events);
	assert_int_equal(events.len, 0);
	replay.options.now_utc += 3600;
	write_page(&page, 0, 1001, 500);
	poll_page(&replay, page.data, page.len, &events);
	assert_string_equal(events.data, "edited u0500\nnew u1000\n");
	/* only the last ten of them are shown */
	replay.options.now_utc += 3600;
	write_page(&page, 992, 10, -1);
	poll_page(&replay, page.data, page.len, &events);
	assert_string_equal(events.data, "new u1001\n");
	poll_page(&replay, page.data, page.len, &events);
	assert_int_equal(events.len, 0);
	assert_int_equal(replay.stored->update_count, 1002);
	nw_buf_free(&events);
	nw_buf_free(&page);
	nw_arena_free(&replay.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(series_bring_what_they_say),
		cmocka_unit_test(thousand_updates_are_no_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
