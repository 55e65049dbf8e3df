/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Translations of the plugin's own words: _("…"), N_("…"), ngettext().
 *
 * They are gettext's own.  GLib's translate nothing in a language that the
 * program lacks, and Claws Mail has no Ukrainian; and its ngettext() looks into
 * Claws Mail's catalogue.
 */
#ifndef NEWSWIRE_PLUGIN_I18N_H
#define NEWSWIRE_PLUGIN_I18N_H

#include <libintl.h>

#define GETTEXT_PACKAGE "newswire"

#undef _
#undef N_
#undef ngettext
#define _(text) dgettext(GETTEXT_PACKAGE, text)
#define N_(text) text
#define ngettext(one, many, count) \
	dngettext(GETTEXT_PACKAGE, one, many, count)

/* Once, before any of them. */
void nw_i18n_start(void);

#endif
