/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "page_private.h"

void nw_meta_read(const struct nw_page *page, struct nw_story *story)
{
	const xmlNode *h1 = page->body ? nw_dom_find(page->body, "h1") : NULL;

	if (h1)
		story->title = nw_dom_text(page->arena, h1, 1000);
}
