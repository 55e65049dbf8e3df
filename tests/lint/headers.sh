#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Each public header compiles alone, and is one of those that are distributed.
n=0
bad=0
for header in "$srcdir"/include/newswire/*.h; do
	n=$((n + 1))
	name=$(basename "$header")
	if ! grep -q "/$name\( \|\$\)" "$srcdir/include/newswire/include.am"; then
		echo "not ok $n - $name is listed in include.am"
		bad=1
	elif out=$(printf '#include "newswire/%s"\n' "$name" |
		${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra \
			-Werror -fsyntax-only -I"$srcdir/include" -xc - 2>&1); then
		echo "ok $n - $name compiles alone"
	else
		echo "not ok $n - $name compiles alone"
		printf '%s\n' "$out" | sed 's/^/# /'
		bad=1
	fi
done
echo "1..$n"
exit $bad
