#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run.sh [SECONDS [TARGET…]]: builds the fuzz targets with clang, libFuzzer, ASan
# and UBSan, and runs each for that long (20 s) from seeds of our own: the
# pages and feeds of tests/site.  What it finds stays in build-fuzz/.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-20}
[ $# -eq 0 ] || shift
build=${FUZZ_BUILD:-$top/build-fuzz}

mkdir -p "$build"
cd "$build"
[ -e Makefile ] || "$top/configure" --quiet --disable-dependency-tracking \
	CC=clang CFLAGS='-g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined' \
	LDFLAGS='-fsanitize=address,undefined'

dictionary() {
	case $1 in
	fuzz_robots) echo "$top/tests/fuzz/robots.dict" ;;
	fuzz_rules) echo "$top/tests/fuzz/rules.dict" ;;
	fuzz_text) echo "$top/tests/fuzz/text.dict" ;;
	*) echo "$top/tests/fuzz/markup.dict" ;;
	esac
}

for target in ${*:-fuzz_feed fuzz_html fuzz_page fuzz_robots fuzz_rules \
	fuzz_text}; do
	make -s "tests/fuzz/$target"
	mkdir -p "seeds" "found/$target"
	cp "$top"/tests/site/*.xml "$top"/tests/site/*.json \
		"$top"/tests/site/*.html "$top"/tests/fuzz/*.seed seeds/ 2>/dev/null || true
	printf 'fuzz: %s for %s s\n' "$target" "$seconds"
	"tests/fuzz/$target" -max_total_time="$seconds" -timeout=5 \
		-rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
		-verbosity=0 -dict="$(dictionary "$target")" \
		-artifact_prefix="found/$target-" "found/$target" seeds
done
