/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entry points that Claws Mail calls.
 */
#include "config.h"

#include "claws.h"
#include "tree.h"
#include "ui.h"

#define NAME "Newswire"
#define CLAWS_MIN MAKE_NUMERIC_VERSION(4, 0, 0, 0)

gint plugin_init(gchar **error)
{
	if (!check_plugin_version(CLAWS_MIN, VERSION_NUMERIC, NAME, error))
		return -1;
	nw_tree_register();
	nw_ui_start();
	return 0;
}

gboolean plugin_done(void)
{
	nw_ui_stop();
	if (!claws_is_exiting())
		nw_tree_unregister();
	return TRUE;
}

const gchar *plugin_name(void)
{
	return NAME;
}

const gchar *plugin_desc(void)
{
	return "Shows the newsgroups that newswire makes of web news as "
	       "folders, and keeps every article for reading offline.\n\n"
	       "Subscribe with \"newswire subscribe URL\"; Tools > Check web "
	       "news brings what is new.";
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
