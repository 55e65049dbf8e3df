/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The question before a group goes with its messages.
 */
#include "config.h"

#include "claws.h"

#include "agent.h"
#include "i18n.h"
#include "subscribe_private.h"
#include "tree.h"

#define QUESTION_CHARS 50

char *nw_subscribe_question(FolderItem *item)
{
	const struct nw_folder *folder = (struct nw_folder *)item->folder;
	const struct nw_item *group = nw_item_of_group(item);
	guint messages = item->total_msgs > 0 ? (guint)item->total_msgs : 0;

	if (nw_gateway_is_local(&folder->gateway))
		return g_strdup_printf(ngettext(
			"Unsubscribe from \"%s\"? Its %u message is deleted, "
			"and its site is not read any more.",
			"Unsubscribe from \"%s\"? Its %u messages are deleted, "
			"and its site is not read any more.",
			messages), item->name, messages);
	if (group && group->by_address)
		return g_strdup_printf(ngettext(
			"Unsubscribe from \"%s\"? Its %u message is deleted "
			"here, and the gateway stops reading its site.",
			"Unsubscribe from \"%s\"? Its %u messages are deleted "
			"here, and the gateway stops reading its site.",
			messages), item->name, messages);
	return g_strdup_printf(ngettext(
		"Unsubscribe from \"%s\"? Its %u message is deleted here; the "
		"gateway keeps it.",
		"Unsubscribe from \"%s\"? Its %u messages are deleted here; "
		"the gateway keeps them.",
		messages), item->name, messages);
}

void nw_subscribe_question_drop(struct nw_subscribe *window)
{
	g_clear_pointer(&window->doubtful, g_free);
	gtk_widget_hide(window->question);
}

static void answered(GtkInfoBar *bar, gint answer, gpointer data)
{
	struct nw_subscribe *window = data;
	FolderItem *item = window->doubtful ? nw_tree_find(window->folder,
							   window->doubtful)
					    : NULL;

	(void)bar;
	nw_subscribe_question_drop(window);
	gtk_widget_grab_focus(window->list);
	if (answer != GTK_RESPONSE_YES || !item)
		return;
	g_clear_pointer(&window->subscribed, g_free);
	nw_agent_unsubscribe(item);
	nw_subscribe_groups_tick(window);
}

void nw_subscribe_question_ask(struct nw_subscribe *window, FolderItem *item)
{
	char *text;

	if (item->total_msgs <= 0) {
		nw_agent_unsubscribe(item);
		return;
	}
	text = nw_subscribe_question(item);
	gtk_label_set_text(GTK_LABEL(window->question_text), text);
	g_free(window->doubtful);
	window->doubtful = g_strdup(item->path);
	gtk_widget_show(window->question);
	/* The key that opened the question must not answer it with yes. */
	gtk_widget_grab_focus(window->keep);
	g_free(text);
}

GtkWidget *nw_subscribe_question_new(struct nw_subscribe *window)
{
	GtkInfoBar *bar = GTK_INFO_BAR(gtk_info_bar_new());
	GtkWidget *text = gtk_label_new(NULL);

	gtk_info_bar_set_message_type(bar, GTK_MESSAGE_QUESTION);
	/* As the answer of Escape. */
	window->keep = gtk_info_bar_add_button(bar, _("_Keep"),
					       GTK_RESPONSE_CANCEL);
	(void)gtk_info_bar_add_button(bar, _("_Unsubscribe"),
				      GTK_RESPONSE_YES);
	gtk_label_set_line_wrap(GTK_LABEL(text), TRUE);
	gtk_label_set_max_width_chars(GTK_LABEL(text), QUESTION_CHARS);
	gtk_label_set_xalign(GTK_LABEL(text), 0);
	gtk_widget_show(text);
	gtk_container_add(GTK_CONTAINER(gtk_info_bar_get_content_area(bar)),
			  text);
	g_signal_connect(bar, "response", G_CALLBACK(answered), window);
	window->question = GTK_WIDGET(bar);
	window->question_text = text;
	return window->question;
}
