/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "story_window.h"

#include <string.h>

#include "agent.h"
#include "i18n.h"
#include "story_text.h"
#include "window.h"

#define SPACING 6
#define WIDTH 720
#define HEIGHT 560
/* A GtkTextView of more answers no key any more. */
#define SHOWN_BYTES (1 << 20)
/* So much of a colour's own hue, the rest is the theme's text colour: it is
 * dark where that is dark and light where that is light. */
#define HUE 0.6

struct nw_story_window {
	GtkWidget *window;
	GtkWidget *stack, *spinner, *text, *failure;
	GtkTextTag *tags[NW_STORY_PIECES];	/* NULL: none */
	char *message_id;	/* or NULL */
	guint serial;	/* of the answer that it waits for, or 0 */
};

/* The pages of the stack. */
#define WAITING "waiting"
#define TEXT "text"
#define FAILURE "failure"

static GSList *windows;

/* The theme names no colours for this that can be relied on. */
static void blend(GtkWidget *widget, GdkRGBA *hue)
{
	GdkRGBA text;

	gtk_style_context_get_color(gtk_widget_get_style_context(widget),
				    GTK_STATE_FLAG_NORMAL, &text);
	hue->red = HUE * hue->red + (1 - HUE) * text.red;
	hue->green = HUE * hue->green + (1 - HUE) * text.green;
	hue->blue = HUE * hue->blue + (1 - HUE) * text.blue;
}

static void style_changed(struct nw_story_window *window)
{
	static const GdkRGBA hues[NW_STORY_PIECES] = {
		[NW_STORY_WENT] = { 0.9, 0.1, 0.1, 1 },
		[NW_STORY_CAME] = { 0.0, 0.6, 0.1, 1 },
		[NW_STORY_SIGN] = { 0.5, 0.5, 0.5, 1 },
	};
	guint i;

	for (i = 0; i < NW_STORY_PIECES; i++) {
		GdkRGBA colour = hues[i];

		if (!colour.alpha)
			continue;
		blend(window->text, &colour);
		g_object_set(window->tags[i], "foreground-rgba", &colour,
			     NULL);
	}
}

static void make_tags(struct nw_story_window *window)
{
	GtkTextBuffer *buffer =
		gtk_text_view_get_buffer(GTK_TEXT_VIEW(window->text));

	window->tags[NW_STORY_HEADING] = gtk_text_buffer_create_tag(
		buffer, NULL, "weight", PANGO_WEIGHT_BOLD, NULL);
	window->tags[NW_STORY_WENT] = gtk_text_buffer_create_tag(
		buffer, NULL, "strikethrough", TRUE, NULL);
	window->tags[NW_STORY_CAME] = gtk_text_buffer_create_tag(
		buffer, NULL, "underline", PANGO_UNDERLINE_SINGLE, NULL);
	/* They stay for who copies the text, and for who hears it. */
	window->tags[NW_STORY_SIGN] = gtk_text_buffer_create_tag(
		buffer, NULL, "scale", PANGO_SCALE_SMALL, NULL);
	style_changed(window);
	g_signal_connect_swapped(window->text, "style-updated",
				 G_CALLBACK(style_changed), window);
}

static void put(enum nw_story_piece piece, const char *text, gsize len,
		gpointer data)
{
	struct nw_story_window *window = data;
	GtkTextBuffer *buffer =
		gtk_text_view_get_buffer(GTK_TEXT_VIEW(window->text));
	GtkTextIter end;

	gtk_text_buffer_get_end_iter(buffer, &end);
	if (window->tags[piece])
		gtk_text_buffer_insert_with_tags(buffer, &end, text, (gint)len,
						 window->tags[piece], NULL);
	else
		gtk_text_buffer_insert(buffer, &end, text, (gint)len);
}

static void turn_to(struct nw_story_window *window, const char *page)
{
	window->serial = 0;
	gtk_spinner_stop(GTK_SPINNER(window->spinner));
	gtk_stack_set_visible_child_name(GTK_STACK(window->stack), page);
}

void nw_story_window_show(struct nw_story_window *window, const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);
	gboolean whole = strlen(valid) <= SHOWN_BYTES;
	GtkTextBuffer *buffer =
		gtk_text_view_get_buffer(GTK_TEXT_VIEW(window->text));
	const char *from = valid;
	GtkTextIter start;

	if (!whole)
		*g_utf8_find_prev_char(valid, valid + SHOWN_BYTES) = '\0';
	from += strspn(from, "\n");
	nw_story_text_read(from, put, window);
	if (!whole)
		put(NW_STORY_HEADING, _("\nThe rest is too long to be shown."),
		    strlen(_("\nThe rest is too long to be shown.")), window);
	g_free(valid);
	gtk_text_buffer_get_start_iter(buffer, &start);
	gtk_text_buffer_place_cursor(buffer, &start);
	turn_to(window, TEXT);
	gtk_widget_grab_focus(window->text);
}

void nw_story_window_fail(struct nw_story_window *window, const char *why)
{
	gtk_label_set_text(GTK_LABEL(window->failure), why);
	turn_to(window, FAILURE);
}

void nw_story_window_wait(struct nw_story_window *window, guint serial)
{
	window->serial = serial;
}

static GtkWidget *waiting_new(struct nw_story_window *window)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, SPACING);

	window->spinner = gtk_spinner_new();
	gtk_spinner_start(GTK_SPINNER(window->spinner));
	gtk_box_pack_start(GTK_BOX(box), window->spinner, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box),
			   gtk_label_new(_("Asking the gateway …")), FALSE,
			   FALSE, 0);
	gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
	return box;
}

static GtkWidget *text_new(struct nw_story_window *window)
{
	GtkWidget *scrolled = gtk_scrolled_window_new(NULL, NULL);
	GtkTextView *view = GTK_TEXT_VIEW(gtk_text_view_new());

	window->text = GTK_WIDGET(view);
	gtk_text_view_set_editable(view, FALSE);
	gtk_text_view_set_cursor_visible(view, FALSE);
	gtk_text_view_set_monospace(view, TRUE);
	gtk_text_view_set_wrap_mode(view, GTK_WRAP_WORD_CHAR);
	gtk_text_view_set_accepts_tab(view, FALSE);
	gtk_text_view_set_left_margin(view, SPACING);
	gtk_text_view_set_right_margin(view, SPACING);
	gtk_text_view_set_top_margin(view, SPACING);
	gtk_text_view_set_bottom_margin(view, SPACING);
	atk_object_set_name(gtk_widget_get_accessible(window->text),
			    _("Story history"));
	gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(scrolled),
					    GTK_SHADOW_IN);
	gtk_container_add(GTK_CONTAINER(scrolled), window->text);
	make_tags(window);
	return scrolled;
}

static GtkWidget *failure_new(struct nw_story_window *window)
{
	GtkWidget *label = gtk_label_new(NULL);

	gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_selectable(GTK_LABEL(label), TRUE);
	window->failure = label;
	return label;
}

static GtkWidget *stack_new(struct nw_story_window *window)
{
	GtkStack *stack = GTK_STACK(gtk_stack_new());

	gtk_stack_add_named(stack, waiting_new(window), WAITING);
	gtk_stack_add_named(stack, text_new(window), TEXT);
	gtk_stack_add_named(stack, failure_new(window), FAILURE);
	window->stack = GTK_WIDGET(stack);
	return window->stack;
}

static GtkWidget *subject_new(const char *subject)
{
	GtkWidget *label = gtk_label_new(subject);
	PangoAttrList *bold = pango_attr_list_new();

	pango_attr_list_insert(bold, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
	gtk_label_set_attributes(GTK_LABEL(label), bold);
	pango_attr_list_unref(bold);
	gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	return label;
}

/* No answer is for it any more. */
static void destroyed(struct nw_story_window *window)
{
	if (window->serial)
		nw_agent_forget(window->serial);
	window->serial = 0;
	windows = g_slist_remove(windows, window);
}

static void window_free(gpointer data)
{
	struct nw_story_window *window = data;

	g_free(window->message_id);
	g_free(window);
}

struct nw_story_window *nw_story_window_new(const char *message_id,
					    const char *subject)
{
	struct nw_story_window *window = g_new0(struct nw_story_window, 1);
	GtkBox *content;

	window->message_id = g_strdup(message_id);
	window->window = nw_window_new(_("Story history"), WIDTH, HEIGHT,
				       window, window_free);
	content = GTK_BOX(gtk_dialog_get_content_area(
		GTK_DIALOG(window->window)));
	gtk_box_set_spacing(content, SPACING);
	if (subject)
		gtk_box_pack_start(content, subject_new(subject), FALSE, FALSE,
				   0);
	gtk_box_pack_start(content, stack_new(window), TRUE, TRUE, 0);
	g_signal_connect_swapped(window->window, "destroy",
				 G_CALLBACK(destroyed), window);
	windows = g_slist_prepend(windows, window);
	gtk_widget_show_all(window->window);
	return window;
}

gboolean nw_story_window_present(const char *message_id)
{
	GSList *at;

	for (at = windows; at; at = at->next) {
		const struct nw_story_window *window = at->data;

		if (g_strcmp0(window->message_id, message_id) == 0) {
			gtk_window_present(GTK_WINDOW(window->window));
			return TRUE;
		}
	}
	return FALSE;
}

void nw_story_windows_close(void)
{
	while (windows)
		gtk_widget_destroy(
			((struct nw_story_window *)windows->data)->window);
}
