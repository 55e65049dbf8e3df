/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entry point that libFuzzer calls (llvm.org/docs/LibFuzzer.html).
 */
#ifndef NEWSWIRE_TESTS_FUZZ_H
#define NEWSWIRE_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
