/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the benchmarks share: CPU time of this process, and one line a figure.
 */
#ifndef NEWSWIRE_TESTS_BENCH_H
#define NEWSWIRE_TESTS_BENCH_H

#include <stdio.h>
#include <sys/resource.h>

/* Seconds of CPU, user and system. */
static inline double bench_usage_s(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) /
		       1e6;
}

/* Those that this process has used. */
static inline double bench_cpu_s(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return bench_usage_s(&usage);
}

/* "bench: what: value unit (limit: value unit, ratio)". */
static inline void bench_print(const char *what, double value, double limit,
			       const char *unit)
{
	(void)printf("bench: %s: %.0f %s (limit in the same run: %.0f, "
		     "ratio %.2g)\n",
		     what, value, unit, limit, value / limit);
}

#endif
