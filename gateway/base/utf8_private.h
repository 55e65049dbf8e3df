/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that read UTF-8 share.
 */
#ifndef NEWSWIRE_UTF8_PRIVATE_H
#define NEWSWIRE_UTF8_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether len (> 0) octets are the start of one sequence whose end is
 * missing. */
bool utf8_is_half(const char *bytes, size_t len);

#endif
