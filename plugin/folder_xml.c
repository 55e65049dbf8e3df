/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What folderlist.xml keeps of a gateway and of a group.  It may have been
 * written by another version or by anyone: each value is checked.
 */
#include "config.h"

#include "claws.h"

#include <string.h>

#include "folder.h"
#include "folder_private.h"

/* Longer names of folders do not fit into a directory beside their dot
 * files. */
#define NAME_MAX_BYTES 200
#define TEXT_MAX_CHARACTERS 400
#define HIDDEN_MAX 10000
#define MINUTES_MAX (366 * 24 * 60)
#define DAYS_MAX 36500

/* Text of folderlist.xml; a member of a struct by its offset. */
struct text_row {
	const char *name;
	size_t offset;
};
struct number_row {
	const char *name;
	size_t offset;
	gint min, max;
};
/* Seconds, which are too large for xml_attr_new_int(). */
struct time_row {
	const char *name;
	size_t offset;
};

#define OF_FOLDER(member) offsetof(struct nw_folder, member)
#define OF_ITEM(member) offsetof(struct nw_item, member)

static const struct text_row folder_texts[] = {
	{ "nw_host", OF_FOLDER(gateway.host) },
	{ "nw_user", OF_FOLDER(gateway.user) },
	{ "nw_ca_file", OF_FOLDER(gateway.ca_file) },
	{ "nw_dir", OF_FOLDER(dir) },
	{ "nw_error", OF_FOLDER(last_error) },
};
static const struct time_row folder_times[] = {
	{ "nw_success", OF_FOLDER(last_success_utc) },
	{ "nw_check", OF_FOLDER(last_check_utc) },
};
static const struct text_row item_texts[] = {
	{ "nw_images", OF_ITEM(images) },
	{ "nw_edits", OF_ITEM(edits) },
	{ "nw_description", OF_ITEM(description) },
	{ "nw_error", OF_ITEM(last_error) },
};
static const struct number_row item_numbers[] = {
	{ "nw_retention", OF_ITEM(retention_days), NW_RETENTION_FOR_EVER,
	  DAYS_MAX },
	{ "nw_headers_only", OF_ITEM(headers_only), 0, 1 },
	{ "nw_check_minutes", OF_ITEM(check_minutes), -1, MINUTES_MAX },
	{ "nw_by_address", OF_ITEM(by_address), 0, 1 },
	{ "nw_renamed", OF_ITEM(renamed), 0, 1 },
	{ "nw_new", OF_ITEM(last_new), 0, G_MAXINT },
};
static const struct time_row item_times[] = {
	{ "nw_success", OF_ITEM(last_success_utc) },
	{ "nw_check", OF_ITEM(last_check_utc) },
};

gboolean nw_folder_is_safe_name(const char *name)
{
	const char *c;

	if (!name || !*name || *name == '.' || strlen(name) > NAME_MAX_BYTES ||
	    !g_utf8_validate(name, -1, NULL))
		return FALSE;
	for (c = name; *c; c++)
		if ((guchar)*c <= ' ' || *c == 0x7f || strchr("/\\", *c))
			return FALSE;
	return TRUE;
}

char *nw_folder_one_line(const char *text, glong characters_max)
{
	char *valid, *c, *end;

	if (!text)
		return NULL;
	valid = g_utf8_make_valid(text, -1);
	if (g_utf8_strlen(valid, -1) > characters_max) {
		end = g_utf8_offset_to_pointer(valid, characters_max);
		*end = '\0';
	}
	for (c = valid; *c; c++)
		if ((guchar)*c < ' ' || *c == 0x7f)
			*c = ' ';
	if (!*g_strstrip(valid))
		g_clear_pointer(&valid, g_free);
	return valid;
}

static const char *attribute(const XMLTag *tag, const char *name)
{
	const GList *at;

	for (at = tag->attr; at; at = at->next) {
		const XMLAttr *attr = at->data;

		if (attr && attr->name && attr->value &&
		    strcmp(attr->name, name) == 0)
			return attr->value;
	}
	return NULL;
}

static void read_texts(const XMLTag *tag, gpointer into,
		       const struct text_row *rows, guint count)
{
	guint i;

	for (i = 0; i < count; i++) {
		char **text = (char **)((char *)into + rows[i].offset);

		g_free(*text);
		*text = nw_folder_one_line(attribute(tag, rows[i].name),
					   TEXT_MAX_CHARACTERS);
	}
}

static void write_texts(XMLTag *tag, gconstpointer from,
			const struct text_row *rows, guint count)
{
	guint i;

	for (i = 0; i < count; i++) {
		char *const *text = (char *const *)((const char *)from +
						    rows[i].offset);
		char *line = nw_folder_one_line(*text, TEXT_MAX_CHARACTERS);

		if (line)
			xml_tag_add_attr(tag, xml_attr_new(rows[i].name, line));
		g_free(line);
	}
}

static void read_times(const XMLTag *tag, gpointer into,
		       const struct time_row *rows, guint count)
{
	guint i;

	for (i = 0; i < count; i++) {
		const char *value = attribute(tag, rows[i].name);
		gint64 *time = (gint64 *)(gpointer)((char *)into +
						    rows[i].offset);

		if (!value || !g_ascii_string_to_signed(value, 10, 0,
							G_MAXINT64, time, NULL))
			*time = 0;
	}
}

static void write_times(XMLTag *tag, gconstpointer from,
			const struct time_row *rows, guint count)
{
	char digits[32];
	guint i;

	for (i = 0; i < count; i++) {
		const gint64 *time = (const gint64 *)(gconstpointer)(
			(const char *)from + rows[i].offset);

		if (!*time)
			continue;
		(void)g_snprintf(digits, sizeof(digits), "%" G_GINT64_FORMAT,
				 *time);
		xml_tag_add_attr(tag, xml_attr_new(rows[i].name, digits));
	}
}

static gint number_of(const XMLTag *tag, const struct number_row *row)
{
	const char *value = attribute(tag, row->name);
	gint64 number;

	if (!value || !g_ascii_string_to_signed(value, 10, row->min, row->max,
						&number, NULL))
		return 0;
	return (gint)number;
}

static gint *number_in(gpointer item, const struct number_row *row)
{
	return (gint *)(gpointer)((char *)item + row->offset);
}

static void read_hidden(struct nw_folder *folder, const char *names)
{
	char **each = g_strsplit(names ? names : "", " ", HIDDEN_MAX);
	guint i;

	g_hash_table_remove_all(folder->hidden);
	for (i = 0; each[i]; i++)
		if (nw_folder_is_safe_name(each[i]))
			g_hash_table_add(folder->hidden, g_strdup(each[i]));
	g_strfreev(each);
}

static char *hidden_names(const struct nw_folder *folder)
{
	GString *names = g_string_new(NULL);
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, folder->hidden);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		g_string_append_printf(names, "%s%s", names->len ? " " : "",
				       (const char *)name);
	return g_string_free(names, FALSE);
}

void nw_folder_set_xml(Folder *folder, XMLTag *tag)
{
	static const struct number_row port = { "nw_port", 0, 0, G_MAXUINT16 };
	static const struct number_row security = { "nw_security", 0, 0,
						    NW_SECURITY_TLS };
	struct nw_folder *ours = (struct nw_folder *)folder;

	folder_set_xml(folder, tag);
	read_texts(tag, ours, folder_texts, G_N_ELEMENTS(folder_texts));
	read_times(tag, ours, folder_times, G_N_ELEMENTS(folder_times));
	ours->gateway.port = (guint16)number_of(tag, &port);
	ours->gateway.security = (enum nw_security)number_of(tag, &security);
	read_hidden(ours, attribute(tag, "nw_hidden"));
	if (!nw_folder_is_safe_name(ours->dir))
		g_clear_pointer(&ours->dir, g_free);
}

XMLTag *nw_folder_get_xml(Folder *folder)
{
	const struct nw_folder *ours = (const struct nw_folder *)folder;
	XMLTag *tag = folder_get_xml(folder);
	char *hidden = hidden_names(ours);
	gint security = (gint)ours->gateway.security;

	write_texts(tag, ours, folder_texts, G_N_ELEMENTS(folder_texts));
	write_times(tag, ours, folder_times, G_N_ELEMENTS(folder_times));
	if (ours->gateway.port)
		xml_tag_add_attr(tag, xml_attr_new_int("nw_port",
						       ours->gateway.port));
	if (ours->gateway.security)
		xml_tag_add_attr(tag, xml_attr_new_int("nw_security",
						       security));
	if (*hidden)
		xml_tag_add_attr(tag, xml_attr_new("nw_hidden", hidden));
	g_free(hidden);
	return tag;
}

void nw_folder_set_item_xml(Folder *folder, FolderItem *item, XMLTag *tag)
{
	struct nw_item *ours = (struct nw_item *)item;
	guint i;

	folder_item_set_xml(folder, item, tag);
	read_texts(tag, ours, item_texts, G_N_ELEMENTS(item_texts));
	read_times(tag, ours, item_times, G_N_ELEMENTS(item_times));
	for (i = 0; i < G_N_ELEMENTS(item_numbers); i++)
		*number_in(ours, &item_numbers[i]) =
			number_of(tag, &item_numbers[i]);
	if (nw_folder_is_safe_name(item->path))
		return;
	g_free(item->path);
	item->path = g_strdup(NW_ITEM_DAMAGED);
	item->no_select = TRUE;
}

XMLTag *nw_folder_get_item_xml(Folder *folder, FolderItem *item)
{
	struct nw_item *ours = (struct nw_item *)item;
	XMLTag *tag = folder_item_get_xml(folder, item);
	guint i;

	write_texts(tag, ours, item_texts, G_N_ELEMENTS(item_texts));
	write_times(tag, ours, item_times, G_N_ELEMENTS(item_times));
	for (i = 0; i < G_N_ELEMENTS(item_numbers); i++) {
		gint number = *number_in(ours, &item_numbers[i]);

		if (number)
			xml_tag_add_attr(tag,
					 xml_attr_new_int(item_numbers[i].name,
							  number));
	}
	return tag;
}
