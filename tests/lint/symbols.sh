#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Claws Mail resolves the plugin's symbols when it loads it: each undefined one
# must be exported by claws-mail itself or by a library that the plugin links.
plugin=$builddir/.libs/newswire.so
claws=$(command -v claws-mail)
known=$(mktemp)
trap 'rm -f "$known"' EXIT
{
	nm -D --defined-only "$claws"
	ldd "$plugin" | awk '$3 ~ /^\// { print $3 }' | while read -r library; do
		nm -D --defined-only "$library"
	done
} | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u >"$known"
unknown=$(nm -D --undefined-only "$plugin" |
	awk '$1 == "U" { sub(/@.*/, "", $2); print $2 }' | grep -vxFf "$known")
echo 1..2
if [ -s "$known" ] && nm -D --undefined-only "$plugin" | grep -q folder_add; then
	echo "ok 1 - the plugin and claws-mail have symbols to compare"
else
	echo "not ok 1 - the plugin and claws-mail have symbols to compare"
fi
if [ -z "$unknown" ]; then
	echo "ok 2 - every undefined symbol of the plugin is known"
else
	echo "not ok 2 - every undefined symbol of the plugin is known"
	printf '%s\n' "$unknown" | sed 's/^/# /'
fi
