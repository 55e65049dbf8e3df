/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the folder class share: what is kept in folderlist.xml,
 * what goes from one file of an article to the next, what the windows show.
 */
#ifndef NEWSWIRE_PLUGIN_FOLDER_PRIVATE_H
#define NEWSWIRE_PLUGIN_FOLDER_PRIVATE_H

#include "folder.h"

/* A path that folderlist.xml must not name, until tree.c throws it away; no
 * group is called so. */
#define NW_ITEM_DAMAGED "damaged item"

/* folder_xml.c */
void nw_folder_set_xml(Folder *folder, XMLTag *tag);
XMLTag *nw_folder_get_xml(Folder *folder);
void nw_folder_set_item_xml(Folder *folder, FolderItem *item, XMLTag *tag);
XMLTag *nw_folder_get_item_xml(Folder *folder, FolderItem *item);
/* Whether it can be the name of a folder on disk, and of nothing else. */
gboolean nw_folder_is_safe_name(const char *name);
/* One line of at most characters_max, valid; NULL for NULL and for nothing
 * (free with g_free). */
char *nw_folder_one_line(const char *text, glong characters_max);

/* folder_carry.c */
GHashTable *nw_carry_table_new(void);
/* Claws Mail is about to drop info, as its file changed. */
void nw_carry_keep(FolderItem *item, const MsgInfo *info);
/* Gives info what was kept under its number; FALSE when nothing was. */
gboolean nw_carry_give(FolderItem *item, MsgInfo *info);
/* Lets the articles of replacing (guint32) that are among here take the place
 * of those that they replace, in Claws Mail's cache and on disk; what is gone
 * by that is taken from here.  FALSE when it must be tried again. */
gboolean nw_carry_replaced(FolderItem *item, const GArray *replacing,
		       GHashTable *here);

/* folder_refresh.c.  What is past the retention goes; once an hour at most. */
void nw_item_expire(FolderItem *item);

/* folder_show.c.  Whether a window shows the article. */
gboolean nw_show_has(FolderItem *item, guint32 number);
/* An article has another text: windows that show it shall show that, once
 * Claws Mail has read the folder. */
void nw_show_again(FolderItem *item, guint32 number);
/* Lets no window hold the item, or (NULL) any of the folder. */
void nw_show_nothing_of(const Folder *folder, FolderItem *item);
void nw_show_stop(void);

/* folder_thread.c.  Lets an article that superseded its first version be found
 * under the name of that, by its follow-ups; path is its file. */
void nw_folder_name_as_first(MsgInfo *info, const char *path);

/* folder.c.  An item that is new, or was a shared part of names. */
void nw_item_make_group(FolderItem *item);
MsgInfo *nw_folder_parse(FolderItem *item, guint32 number);

#endif
