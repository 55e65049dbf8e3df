#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make run: the sample site, a gateway that reads it, and how to look at it.
#
# Environment: NEWSWIRE, SITEHTTPD (the programs), LISTEN (address:port of the
# news server), NEWSWIRE_HOME (kept; without it a temporary folder is used and
# removed), LIVE_SECONDS (between two updates of the live page).
set -eu

site=$(cd "$(dirname "$0")" && pwd)
: "${NEWSWIRE:=./newswire}" "${SITEHTTPD:=./tests/tools/sitehttpd}"
: "${LISTEN:=127.0.0.1:1119}" "${LIVE_SECONDS:=15}"
NEWSWIRE_ALLOW_PRIVATE=1
export NEWSWIRE_ALLOW_PRIVATE
temporary= site_pid= serve_pid=

stop() {
	trap '' INT TERM
	for pid in $serve_pid $site_pid; do
		kill "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	if test -n "$temporary"; then
		rm -rf "$temporary"
	fi
}
trap stop EXIT
trap 'exit 0' INT TERM

temporary=$(mktemp -d "${TMPDIR:-/tmp}/newswire-run-XXXXXX")
# A store that is kept must find its site at the same address again.
port=0
if test -n "${NEWSWIRE_HOME:-}"; then
	port=${SITE_PORT:-8119}
else
	NEWSWIRE_HOME=$temporary/home
	mkdir "$NEWSWIRE_HOME"
	# The site is its own and wants no rest.
	echo "host-pause = 0" >"$NEWSWIRE_HOME/newswire.conf"
fi
export NEWSWIRE_HOME

"$SITEHTTPD" --quiet --port "$port" --live-seconds "$LIVE_SECONDS" \
	"$site" >"$temporary/url" &
site_pid=$!
while test ! -s "$temporary/url"; do
	if ! kill -0 "$site_pid" 2>/dev/null; then
		echo "run: the sample site did not start" >&2
		exit 1
	fi
	sleep 0.1
done
url=$(cat "$temporary/url")

subscribe() {
	if ! "$NEWSWIRE" list 2>/dev/null | grep -q "^$1	"; then
		"$NEWSWIRE" --quiet subscribe --group "$1" --kind "$2" \
			--name "$3" "$url/$4" >/dev/null
	fi
}
subscribe saltmarsh.ledger feed "The Saltmarsh Ledger" feed.xml
subscribe saltmarsh.coast feed "Coast and culture" atom.xml
subscribe saltmarsh.storm live "Storm Odile, live" live/storm.html
subscribe saltmarsh.ticker live "News Feed" live/ticker.html

"$NEWSWIRE" serve --listen "$LISTEN" &
serve_pid=$!
sleep 1
if ! kill -0 "$serve_pid" 2>/dev/null; then
	serve_pid=
	echo "run: if $LISTEN is taken, choose another: make run" \
		"LISTEN=127.0.0.1:1120" >&2
	exit 1
fi

host=${LISTEN%:*}
news_port=${LISTEN##*:}
cat <<END

The Saltmarsh Ledger is at $url and, as newsgroups, at $LISTEN:

    saltmarsh.ledger   all stories
    saltmarsh.coast    some of them from a second feed: the same articles
    saltmarsh.storm    a live page, with an update every $LIVE_SECONDS s
    saltmarsh.ticker   a running list of briefs, with a root for each day

Open them in
    Claws Mail    Configuration, Create new account, Protocol "News (NNTP)",
                  server $host; on the Advanced page NNTP port $news_port;
                  then right-click its folder, Subscribe to newsgroup
    Thunderbird   New account, Newsgroup; server $host; in its Server
                  Settings port $news_port; then right-click it, Subscribe
    slrn          slrn -h $host -p $news_port -f $NEWSWIRE_HOME/slrn --create

Ctrl-C ends it.

END
wait "$serve_pid" || {
	serve_pid=
	echo "run: the gateway ended; its last lines above say why" >&2
	exit 1
}
