#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes ./configure and runs it.
#
#   ./autogen.sh [--install-deps[=plugin|=check]] [--no-configure]
#                [CONFIGURE OPTION…]
#
# --install-deps         install what building and running need and is missing,
#                        with the system's package manager
# --install-deps=plugin  also what the plugin for Claws Mail needs
# --install-deps=check   both, and what the tests need: clients and tools
# --no-configure         stop before ./configure
#
# Without --install-deps nothing is ever installed.
set -eu
cd "$(dirname "$0")"

# what for | Debian and Ubuntu | Fedora | Arch
packages='
build|autoconf|autoconf|autoconf
build|automake|automake|automake
build|libtool|libtool|libtool
build|make|make|make
build|gcc|gcc|gcc
build|libc6-dev|glibc-devel|glibc
build|pkg-config|pkgconf-pkg-config|pkgconf
build|libcurl4-gnutls-dev|libcurl-devel|curl
build|libxml2-dev|libxml2-devel|libxml2
build|libetpan-dev|libetpan-devel|libetpan
build|libsqlite3-dev|sqlite-devel|sqlite
build|libevent-dev|libevent-devel|libevent
build|libjansson-dev|jansson-devel|jansson
build|libssl-dev|openssl-devel|openssl
build|libunistring-dev|libunistring-devel|libunistring
build|libidn2-dev|libidn2-devel|libidn2
build|libconfuse-dev|libconfuse-devel|confuse
build|zlib1g-dev|zlib-devel|zlib
build|libgd-dev|gd-devel|gd
build|libcrypt-dev|libxcrypt-devel|libxcrypt
build|libgsasl-dev|libgsasl-devel|gsasl
build|libsystemd-dev|systemd-devel|systemd-libs
build|ca-certificates|ca-certificates|ca-certificates
plugin|claws-mail|claws-mail|claws-mail
plugin|libclaws-mail-dev|claws-mail-devel|claws-mail
plugin|libgtk-3-dev|gtk3-devel|gtk3
plugin|libgnutls28-dev|gnutls-devel|gnutls
plugin|gettext|gettext|gettext
plugin|desktop-file-utils|desktop-file-utils|desktop-file-utils
check|libcmocka-dev|libcmocka-devel|cmocka
check|python3|python3|python
check|perl|perl-libnet|perl
check|slrn|slrn|slrn
check|tin|tin|tin
check|gsasl|gsasl|gsasl
check|mutt|mutt|mutt
check|emacs-nox|emacs-nox|emacs-nox
check|dovecot-imapd|dovecot|dovecot
check|openssl|openssl|openssl
check|tmux|tmux|tmux
check|curl|curl|curl
check|sqlite3|sqlite|sqlite
check|mandoc|mandoc|mandoc
check|clang|clang|clang
check|systemd|systemd|systemd
check|procps|procps-ng|procps-ng
check|binutils|binutils|binutils
check|xz-utils|xz|xz
check|xvfb|xorg-x11-server-Xvfb|xorg-server-xvfb
check|dbus|dbus-daemon|dbus
check|chromium|chromium|chromium
check|libpython3.11-testsuite|python3-test|python
check|neomutt|neomutt|neomutt
check|pan|pan|pan
check|thunderbird|thunderbird|thunderbird
check|python3-gi|python3-gobject|python-gobject
check|gir1.2-atspi-2.0|at-spi2-core|at-spi2-core
check|gir1.2-gdkpixbuf-2.0|gdk-pixbuf2|gdk-pixbuf2
check|at-spi2-core|at-spi2-core|at-spi2-core
check|xdotool|xdotool|xdotool
check|xclip|xclip|xclip
check|locales|glibc-locale-source|glibc
check|openbox|openbox|openbox
check|valgrind|valgrind|valgrind
check|suck|suck|suck
check|slrnpull|slrn|slrn
check||inn|inn
'

say() { printf 'autogen: %s\n' "$*"; }
die() { printf 'autogen: %s\n' "$*" >&2; exit 1; }

usage() { sed -n '4,16s/^# \{0,1\}//p' "$0"; }

# names COLUMN WHAT: the packages of one distribution for build, plugin or check.
names() {
	printf '%s' "$packages" | awk -F'|' -v column="$1" -v what="$2" '
		BEGIN {
			rank["build"] = 0
			rank["plugin"] = 1
			rank["check"] = 2
		}
		$1 in rank && rank[$1] <= rank[what] && $column != "" {
			print $column
		}'
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		die "installing needs root, and there is no sudo: run as root: $*"
	fi
}

# Ubuntu has the browser under another name.
names_debian() {
	case ${ID:-} in
	ubuntu) names 2 "$1" | sed 's/^chromium$/chromium-browser/' ;;
	*) names 2 "$1" ;;
	esac
}

missing_debian() {
	names_debian "$1" | while read -r package; do
		# Any Emacs will do, and installing one removes another.
		[ "$package" != emacs-nox ] || ! command -v emacs >/dev/null ||
			continue
		state=$(dpkg-query -W -f '${db:Status-Status}' "$package" \
			2>/dev/null) || state=
		[ "$state" = installed ] || printf '%s ' "$package"
	done
}

install_debian() {
	missing=$(missing_debian "$1")
	if [ -z "$missing" ]; then
		say "nothing is missing"
		return
	fi
	say "installing $missing"
	as_root apt-get -q update ||
		die "apt-get update failed: check the network and /etc/apt/sources.list"
	# shellcheck disable=SC2086 # a list of words
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		install --no-install-recommends $missing ||
		die "apt-get could not install them: see its message above"
}

# What news clients ask of a machine that has no name of its own, as a chroot:
# the packages of tin and slrnpull cannot be configured where they can guess no
# news server from it, and tin does not post without a mail name.
name_machine() {
	[ -s /etc/news/server ] ||
		echo tin shared/news/server string localhost |
		as_root debconf-set-selections
	grep -q '[^[:space:]]' /etc/mailname 2>/dev/null ||
		echo localhost | as_root tee /etc/mailname >/dev/null
}

# INN, which our news server is compared with, is a server that would be started:
# of Debian's, the files are unpacked where tests/nntp/inn.py looks for them.
unpack_inn() {
	to=${HOME:-}/.cache/newswire/inn
	[ "$(id -u)" != 0 ] || to=/var/cache/newswire/inn
	[ ! -x "$to/usr/lib/news/bin/nnrpd" ] || return 0
	say "unpacking INN to $to"
	apt-cache show inn2 >/dev/null 2>&1 || as_root apt-get -q update
	from=$(mktemp -d)
	(cd "$from" && apt-get -q download inn2 inn2-inews) ||
		die "apt-get could not get INN: see its message above"
	needed=$(dpkg-deb -f "$from"/inn2_*.deb Depends | tr ',' '\n' |
		sed -n 's/^ *\(lib[^ ]*\).*/\1/p' | grep -v -e '-perl$')
	# shellcheck disable=SC2086 # a list of words
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		install --no-install-recommends --no-upgrade $needed ||
		die "apt-get could not install what INN needs: see its message above"
	mkdir -p "$to"
	for package in "$from"/*.deb; do
		dpkg -x "$package" "$to"
	done
	rm -r "$from"
}

install_deps() {
	if [ -r /etc/os-release ]; then
		# shellcheck disable=SC1091
		. /etc/os-release
	fi
	case " ${ID:-} ${ID_LIKE:-} " in
	*" debian "* | *" ubuntu "*)
		[ "$1" != check ] || name_machine
		install_debian "$1"
		[ "$1" != check ] || unpack_inn ;;
	*" fedora "*)
		say "installing with dnf"
		# shellcheck disable=SC2046
		as_root dnf install -y $(names 3 "$1") ||
			die "dnf could not install them: see its message above" ;;
	*" arch "*)
		say "installing with pacman"
		# shellcheck disable=SC2046
		as_root pacman -S --needed --noconfirm $(names 4 "$1") ||
			die "pacman could not install them: see its message above" ;;
	*)
		say "this system's package manager is not known here; install:"
		names 2 "$1" | sed 's/^/  /'
		die "then run ./autogen.sh without --install-deps" ;;
	esac
}

what=
configure=yes
for word in "$@"; do
	shift
	case $word in
	--install-deps) what=build ;;
	--install-deps=plugin) what=plugin ;;
	--install-deps=check) what=check ;;
	--install-deps=*) die "$word: it is --install-deps, --install-deps=plugin or --install-deps=check" ;;
	--no-configure) configure=no ;;
	--help | -h) usage; exit 0 ;;
	*) set -- "$@" "$word" ;;
	esac
done

[ -z "$what" ] || install_deps "$what"

for tool in autoreconf automake libtoolize pkg-config; do
	command -v "$tool" >/dev/null 2>&1 ||
		die "$tool is missing: run ./autogen.sh --install-deps"
done
say "making ./configure"
mkdir -p m4 build-aux
autoreconf --force --install >autogen.log 2>&1 || {
	cat autogen.log >&2
	die "autoreconf failed: its messages are above"
}
if [ "$configure" = no ]; then
	say "done; next: ./configure && make"
	exit 0
fi
say "running ./configure $*"
./configure --quiet "$@" || die "./configure failed: its message is above; config.log has the details"
say "done; next: make, make run, make check"
