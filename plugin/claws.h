/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Claws Mail's headers, in the one order that is safe.
 *
 * claws-features.h comes first: the layout of Claws Mail's structs depends on
 * it. debug_print() must never be used: its ABI depends on a macro of Claws
 * Mail's private config.h.
 */
#ifndef NEWSWIRE_PLUGIN_CLAWS_H
#define NEWSWIRE_PLUGIN_CLAWS_H

#include <claws-features.h>

#include <gtk/gtk.h>

#include <common/claws.h>
#include <common/defs.h>
#include <common/log.h>
#include <common/plugin.h>
#include <common/utils.h>
#include <common/version.h>
#include <folder.h>
#include <folderview.h>
#include <gtk/menu.h>
#include <inc.h>
#include <main.h>
#include <mainwindow.h>
#include <mh.h>
#include <prefs_common.h>
#include <procheader.h>
#include <procmsg.h>
#include <statusbar.h>

#endif
