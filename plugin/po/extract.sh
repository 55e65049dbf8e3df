#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   extract.sh TOP
#
# Prints the template of all strings of the plugin that can be translated.
set -eu
cd "$1"
xgettext --from-code=UTF-8 --language=C --keyword=_ --keyword=N_ \
	--keyword=ngettext:1,2 --keyword=C_:1c,2 --add-comments=Translators: \
	--add-location=file --package-name=newswire \
	--copyright-holder='the authors of newswire' \
	--output=- plugin/*.c plugin/*.h
