/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A store as text, for comparing two of them: all rows of all tables.
 */
#ifndef NEWSWIRE_TESTS_STOREDUMP_H
#define NEWSWIRE_TESTS_STOREDUMP_H

/* From malloc; NULL when the file cannot be read as a database. */
char *store_dump(const char *path);

#endif
