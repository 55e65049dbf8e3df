/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every unit test needs: cmocka with the headers that it wants first.
 */
#ifndef NEWSWIRE_TESTS_UNIT_H
#define NEWSWIRE_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
