/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>

#include "i18n.h"

/* TEXTDOMAINDIR is what gettext(1) asks too: translations that are not
 * installed yet can be seen. */
void nw_i18n_start(void)
{
	const char *dir = g_getenv("TEXTDOMAINDIR");

	(void)bindtextdomain(GETTEXT_PACKAGE, dir && *dir ? dir : LOCALEDIR);
	(void)bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
}
