#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# run.sh [SECONDS [TARGET…]]: builds the fuzz targets with clang, libFuzzer, ASan
# and UBSan, and runs each for that long (60 s), two at a time, from seeds of our
# own: tests/fuzz/seeds, the pages and feeds of tests/site.  What it finds stays
# in build-fuzz/found.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-60}
[ $# -eq 0 ] || shift
build=${FUZZ_BUILD:-$top/build-fuzz}

mkdir -p "$build"
cd "$build"
[ -e Makefile ] || "$top/configure" --quiet \
	CC=clang CFLAGS='-g -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined' \
	LDFLAGS='-fsanitize=address,undefined'

dictionary() {
	case $1 in
	fuzz_charset | fuzz_inject | fuzz_jsonld | fuzz_nntp | fuzz_picture | \
		fuzz_robots | fuzz_rules | fuzz_session | fuzz_snapshot | \
		fuzz_text | fuzz_users)
		echo "$top/tests/fuzz/${1#fuzz_}.dict" ;;
	*) echo "$top/tests/fuzz/markup.dict" ;;
	esac
}

# fuzz TARGET: its words go to found/TARGET.log, of which the end is shown, and
# more of it in the end where it found something.
fuzz() {
	mkdir -p "found/$1"
	"tests/fuzz/$1" -max_total_time="$seconds" -timeout=5 \
		-rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
		-verbosity=0 -dict="$(dictionary "$1")" \
		-artifact_prefix="found/$1-" "found/$1" seeds \
		>"found/$1.log" 2>&1 || echo "$1" >>failed
	printf 'fuzz: %s for %s s\n' "$1" "$seconds"
	tail -n 8 "found/$1.log"
}

# The plugin's is there when the plugin is built.
plugin=
! grep -q '^S\["BUILD_PLUGIN_TRUE"\]=""$' config.status || plugin=fuzz_session
# shellcheck disable=SC2086 # nothing or one word
[ $# -gt 0 ] || set -- $plugin fuzz_charset fuzz_feed fuzz_html fuzz_inject \
	fuzz_jsonld fuzz_message fuzz_nntp fuzz_page fuzz_picture fuzz_robots fuzz_rules \
	fuzz_snapshot fuzz_text fuzz_users
mkdir -p seeds found
cp "$top"/tests/fuzz/seeds/* "$top"/tests/site/*.xml "$top"/tests/site/*.json \
	"$top"/tests/site/*.html seeds/
rm -f failed
while [ $# -gt 0 ]; do
	make -s "tests/fuzz/$1" ${2:+"tests/fuzz/$2"}
	fuzz "$1" &
	first=$!
	[ $# -eq 1 ] || fuzz "$2"
	wait $first
	shift
	[ $# -eq 0 ] || shift
done
[ -e failed ] || exit 0
while read -r target; do
	printf 'fuzz: %s failed:\n' "$target"
	tail -n 60 "found/$target.log"
done <failed
exit 1
