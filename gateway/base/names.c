/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/names.h"

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void nw_names_sort(const char **names, size_t count)
{
	if (count)
		qsort(names, count, sizeof(*names), compare);
}

bool nw_names_have(const char *const *names, size_t count, const char *name)
{
	return count && bsearch(&name, names, count, sizeof(*names), compare);
}
