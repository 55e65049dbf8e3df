/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sets of names: sorted once, then asked often.
 */
#ifndef NEWSWIRE_NAMES_H
#define NEWSWIRE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* In the order of their octets; names may be NULL when there are none. */
void nw_names_sort(const char **names, size_t count);

/* Whether name is among names that were sorted. */
bool nw_names_have(const char *const *names, size_t count, const char *name);

#endif
