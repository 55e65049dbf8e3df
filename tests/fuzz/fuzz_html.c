/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a fragment of HTML, written anew: nothing active may be left. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fuzz.h"
#include "newswire/html.h"
#include "newswire/hypertext.h"
#include "newswire/limits.h"

static const char *const active[] = { "<script", "<style", "<iframe",
				      "<object", "<img",   "<form",
				      "<svg",	 "<link",  "<meta" };

static void check(const char *html)
{
	size_t i;

	for (; (html = strchr(html, '<')); html++)
		for (i = 0; i < sizeof(active) / sizeof(active[0]); i++)
			if (strncasecmp(html, active[i],
					strlen(active[i])) == 0)
				abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_body body = { NULL, 0 };
	struct nw_buf out;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	if (nw_html_read(arena, (const char *)data, size,
			 "https://a.example/", &body, NULL) == 0 &&
	    nw_hypertext_body(&out, &body, NULL) == 0)
		check(out.data);
	nw_buf_free(&out);
	nw_arena_free(&arena);
	return 0;
}
