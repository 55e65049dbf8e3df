/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Translations of the plugin's own words: _("…"), N_("…"), ngettext().
 */
#ifndef NEWSWIRE_PLUGIN_I18N_H
#define NEWSWIRE_PLUGIN_I18N_H

#define GETTEXT_PACKAGE "newswire"

#include <glib/gi18n-lib.h>

/* Once, before any of them. */
void nw_i18n_start(void);

#endif
