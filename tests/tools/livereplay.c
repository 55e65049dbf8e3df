/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * livereplay URL PAGE…: polls a live page that becomes each of the files in
 * turn, twice an hour, so that each is there for two polls; what each brings is
 * printed below its name.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "newswire/limits.h"

#include "replay.h"

#define POLLS  2
#define STEP_S 1800
#define START  INT64_C(1784000000)

static void read_file(const char *path, struct nw_buf *bytes)
{
	FILE *file = fopen(path, "rb");
	char chunk[65536];
	size_t len;

	if (!file) {
		perror(path);
		exit(1);
	}
	while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
		nw_buf_add(bytes, chunk, len);
	(void)fclose(file);
}

int main(int argc, char **argv)
{
	struct replay replay = {
		.arena = nw_arena_new(),
		.url = argc > 1 ? argv[1] : NULL,
		.options = { .id_domain = "replay.invalid",
			     .now_utc = START,
			     .update_pause_s = NW_UPDATE_PAUSE_S },
	};
	struct nw_buf page, events;
	struct nw_error err;
	int i;

	nw_buf_init(&page, NW_FETCH_BODY_BYTES);
	nw_buf_init(&events, NW_FETCH_BODY_BYTES);
	for (i = 2 * POLLS; i < argc * POLLS; i++) {
		if (i % POLLS == 0)
			(void)printf("poll %s\n", argv[i / POLLS]);
		nw_buf_reset(&page);
		nw_buf_reset(&events);
		read_file(argv[i / POLLS], &page);
		if (replay_poll(&replay, page.data, page.len, &events, &err)) {
			(void)fprintf(stderr, "%s: %s\n", argv[i / POLLS],
				      err.text);
			return 1;
		}
		(void)fputs(events.data, stdout);
		replay.options.now_utc += STEP_S;
	}
	nw_buf_free(&events);
	nw_buf_free(&page);
	nw_arena_free(&replay.arena);
	return 0;
}
