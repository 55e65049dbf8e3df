/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entry points that Claws Mail calls.
 */
#include "config.h"

#include "claws.h"

#include "agent.h"
#include "i18n.h"
#include "prefs.h"
#include "properties.h"
#include "story_window.h"
#include "subscribe.h"
#include "tree.h"
#include "ui.h"

#define NAME "Newswire"
#define CLAWS_MIN MAKE_NUMERIC_VERSION(4, 0, 0, 0)

gint plugin_init(gchar **error)
{
	if (!check_plugin_version(CLAWS_MIN, VERSION_NUMERIC, NAME, error))
		return -1;
	nw_i18n_start();
	if (!mainwindow_get_mainwindow()) {
		*error = g_strdup(_("Newswire needs the main window of Claws "
				    "Mail."));
		return -1;
	}
	nw_prefs_start();
	nw_tree_register();
	nw_ui_start();
	nw_properties_start();
	nw_agent_start();
	return 0;
}

/* Windows and workers first: they hold items of the trees.  While Claws Mail
 * exits, its windows are gone already and the trees die with it. */
gboolean plugin_done(void)
{
	nw_agent_stop();
	nw_subscribe_close();
	nw_story_windows_close();
	nw_properties_stop();
	nw_ui_stop();
	nw_prefs_stop();
	if (claws_is_exiting())
		nw_tree_stop();
	else
		nw_tree_unregister();
	return TRUE;
}

const gchar *plugin_name(void)
{
	return NAME;
}

const gchar *plugin_desc(void)
{
	return _("Shows web news and newsgroups of newswire as folders, and "
		 "keeps every article for reading offline.\n\n"
		 "Tools > Subscribe to web news takes the address of a news "
		 "site.");
}

const gchar *plugin_type(void)
{
	return "GTK3";
}

/* A token that Claws Mail accepts. */
const gchar *plugin_licence(void)
{
	return "GPL3+";
}

const gchar *plugin_version(void)
{
	return PACKAGE_VERSION;
}

struct PluginFeature *plugin_provides(void)
{
	static struct PluginFeature features[] = {
		{ PLUGIN_FOLDERCLASS, "Newswire" },
		{ PLUGIN_NOTHING, NULL },
	};

	return features;
}
