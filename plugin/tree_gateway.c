/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gateways: a tree each, and what is kept of it.
 */
#include "config.h"

#include "claws.h"

#include <folder_item_prefs.h>
#include <passwordstore.h>
#include <string.h>

#include "agent.h"
#include "folder_private.h"
#include "tree.h"
#include "tree_private.h"

#define LOCAL_NAME "Web news"
#define LOCAL_DIR "this-computer"
#define PASSWORDS "Newswire"
#define DIR_MAX 120

static struct nw_folder *with_dir(const char *dir, const struct nw_folder *but)
{
	GList *at, *folders = nw_tree_folders();
	struct nw_folder *found = NULL;

	for (at = folders; at && !found; at = at->next) {
		struct nw_folder *folder = at->data;

		if (folder != but && g_strcmp0(folder->dir, dir) == 0)
			found = folder;
	}
	g_list_free(folders);
	return found;
}

static char *plain(const char *host, gsize size_max)
{
	char *name = g_strndup(host, size_max), *c;

	for (c = name; *c; c++)
		if (!g_ascii_isalnum(*c) && *c != '-' && *c != '.')
			*c = '_';
	if (*name == '.')
		*name = '_';
	return name;
}

/* For ever, also when the gateway moves to another host. */
static char *new_dir(const struct nw_folder *folder)
{
	char *host, *dir;
	guint again = 2;

	if (nw_gateway_is_local(&folder->gateway))
		return g_strdup(LOCAL_DIR);
	host = plain(folder->gateway.host, DIR_MAX);
	dir = g_strdup_printf("%s-%u", host,
			      nw_gateway_port(&folder->gateway));
	while (with_dir(dir, folder)) {
		g_free(dir);
		dir = g_strdup_printf("%s-%u-%u", host,
				      nw_gateway_port(&folder->gateway),
				      again++);
	}
	g_free(host);
	return dir;
}

static char *new_name(const char *host)
{
	char *base = plain(host, DIR_MAX), *name = g_strdup(base);
	guint again = 2;

	while (folder_find_from_name(name, nw_folder_class())) {
		g_free(name);
		name = g_strdup_printf("%s (%u)", base, again++);
	}
	g_free(base);
	return name;
}

static void store_password(const struct nw_folder *folder,
			   const char *password)
{
	(void)passwd_store_set(PWS_PLUGIN, PASSWORDS, folder->dir,
			       password && *password ? password : NULL, FALSE);
	passwd_store_write_config();
}

char *nw_tree_password(const struct nw_folder *folder)
{
	if (!folder->gateway.user || !folder->dir)
		return NULL;
	return passwd_store_get(PWS_PLUGIN, PASSWORDS, folder->dir);
}

static void set_gateway(struct nw_folder *folder,
			const struct nw_gateway *gateway)
{
	struct nw_gateway *ours = &folder->gateway;
	char *host = g_strdup(gateway->host), *user = g_strdup(gateway->user);
	char *ca_file = g_strdup(gateway->ca_file);

	g_free(ours->host);
	g_free(ours->user);
	g_free(ours->ca_file);
	ours->host = host;
	ours->user = user;
	ours->ca_file = ca_file;
	ours->port = gateway->port;
	ours->security = gateway->security;
}

static struct nw_folder *new_tree(const char *name,
				  const struct nw_gateway *gateway)
{
	Folder *base = folder_new(nw_folder_class(), name, NULL);
	struct nw_folder *folder = (struct nw_folder *)base;

	set_gateway(folder, gateway);
	folder->dir = new_dir(folder);
	folder_add(base);
	return folder;
}

struct nw_folder *nw_tree_add_gateway(const struct nw_gateway *gateway)
{
	char *name = new_name(gateway->host);
	struct nw_folder *folder = new_tree(name, gateway);

	g_free(name);
	if (gateway->user)
		store_password(folder, gateway->password);
	folder_write_list();
	return folder;
}

/* No password given is the one that is kept, unless there is no login. */
void nw_tree_change_gateway(struct nw_folder *folder,
			    const struct nw_gateway *gateway)
{
	nw_agent_stop_folder(folder);
	set_gateway(folder, gateway);
	if (gateway->password || !gateway->user)
		store_password(folder, gateway->password);
	g_clear_pointer(&folder->last_error, g_free);
	folder_write_list();
}

void nw_tree_remove_gateway(struct nw_folder *folder)
{
	Folder *base = &folder->folder;
	char *path;

	if (nw_gateway_is_local(&folder->gateway))
		return;
	nw_agent_stop_folder(folder);
	nw_show_nothing_of(base, NULL);
	path = base->klass->item_get_path(base, FOLDER_ITEM(base->node->data));
	folder_item_remove_children(FOLDER_ITEM(base->node->data));
	if (is_dir_exist(path))
		(void)remove_dir_recursive(path);
	g_free(path);
	store_password(folder, NULL);
	folder_destroy(base);
	folder_write_list();
}

static void repair_items(struct nw_folder *folder)
{
	GList *at, *all = nw_tree_all(folder);
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
	GSList *wrong = NULL, *one;

	/* Children before parents, whose removal takes them along. */
	for (at = all; at; at = at->next) {
		FolderItem *item = at->data;

		if (g_strcmp0(item->path, NW_ITEM_DAMAGED) == 0 ||
		    !g_hash_table_add(seen, item->path))
			wrong = g_slist_prepend(wrong, item);
		else if (nw_item_of_group(item))
			item->prefs->offlinesync =
				!((struct nw_item *)item)->headers_only;
	}
	for (one = wrong; one; one = one->next) {
		FolderItem *item = one->data;
		GNode *child;

		while ((child = item->node->children)) {
			g_node_unlink(child);
			g_node_append(folder->folder.node, child);
		}
		folder_item_remove(item);
	}
	g_slist_free(wrong);
	g_hash_table_unref(seen);
	g_list_free(all);
}

/* Names are parts of identifiers, by which items are found again. */
static void repair_name(struct nw_folder *folder)
{
	Folder *base = &folder->folder;
	const char *was = base->name;
	char *name;

	if (was && *was && !strchr(was, '/') &&
	    folder_find_from_name(was, nw_folder_class()) == base)
		return;
	name = new_name(was && *was ? was : LOCAL_NAME);
	folder_set_name(base, name);
	g_free(name);
}

/* What is wrong in folderlist.xml is mended or thrown away. */
static void repair(void)
{
	GList *at, *folders = nw_tree_folders();
	const struct nw_folder *local = nw_tree_local();

	for (at = folders; at; at = at->next) {
		struct nw_folder *folder = at->data;

		if (nw_gateway_is_local(&folder->gateway) && folder != local) {
			folder_destroy(&folder->folder);
			continue;
		}
		repair_name(folder);
		if (folder == local || !folder->dir ||
		    strcmp(folder->dir, LOCAL_DIR) == 0 ||
		    with_dir(folder->dir, folder)) {
			g_free(folder->dir);
			folder->dir = NULL;
			folder->dir = new_dir(folder);
		}
		repair_items(folder);
	}
	g_list_free(folders);
}

void nw_tree_register(void)
{
	static const struct nw_gateway this_computer = { .host = NULL };

	folder_register_class(nw_folder_class());
	if (!nw_tree_local())
		(void)new_tree(LOCAL_NAME, &this_computer);
	repair();
	nw_tree_changed();
}

void nw_tree_stop(void)
{
	nw_tree_settle_stop();
	nw_show_stop();
}

/* Claws Mail frees the list of pages of a class that goes, but keeps no note
 * of that, and the class may come back. */
void nw_tree_unregister(void)
{
	GList *at, *folders = nw_tree_folders();

	nw_tree_settle_stop();
	for (at = folders; at; at = at->next)
		nw_show_nothing_of(at->data, NULL);
	g_list_free(folders);
	nw_show_stop();
	folder_unregister_class(nw_folder_class());
	nw_folder_class()->prefs_pages = NULL;
}
