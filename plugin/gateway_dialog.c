/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "gateway_dialog.h"
#include "gateway_test.h"
#include "i18n.h"
#include "tree.h"
#include "tree_private.h"
#include "typed.h"

#define MARGIN 12
#define SPACING 6
#define WORDS_CHARS 48
#define WORDS_LINES 6
#define ENTRY_CHARS 32
#define TYPED_CHARS_MAX 255
#define PORT_MAX 65535

/* The one dialog; its window is NULL when there is none. */
static struct {
	GtkWidget *window;
	GtkWidget *host, *port, *security, *user, *password, *ca_file;
	GtkWidget *hint, *words, *spinner, *ask;
	struct nw_folder *folder;	/* to be looked up; NULL: a new one */
	struct nw_gateway_test *test;
	void (*changed)(GtkWidget *widget);
	GtkWidget *widget;		/* for changed(); a weak pointer */
} dialog;

/* In the order of enum nw_security. */
static const struct {
	const char *name, *hint;
	guint port;
} securities[] = {
	[NW_SECURITY_NONE] = {
		N_("None"),
		N_("Nothing is encrypted; a password is then sent to this "
		   "computer only, never over a network."), 119 },
	[NW_SECURITY_STARTTLS] = {
		N_("STARTTLS"),
		N_("Encrypted before anything is sent; the certificate is "
		   "checked."), 119 },
	[NW_SECURITY_TLS] = {
		N_("TLS"),
		N_("Encrypted from the first byte; the certificate is "
		   "checked."), 563 },
};

static void say(const char *words)
{
	gtk_label_set_text(GTK_LABEL(dialog.words), words);
}

static void set_testing(gboolean testing)
{
	gtk_widget_set_sensitive(dialog.ask, !testing);
	if (testing)
		gtk_spinner_start(GTK_SPINNER(dialog.spinner));
	else
		gtk_spinner_stop(GTK_SPINNER(dialog.spinner));
}

static void stop_test(void)
{
	nw_gateway_test_stop(dialog.test);
	dialog.test = NULL;
	set_testing(FALSE);
}

/* What was said is of the settings before.  (Widgets may say that they have
 * changed while they are destroyed.) */
static void edited(GtkWidget *widget, gpointer data)
{
	(void)widget;
	(void)data;
	if (!dialog.window)
		return;
	stop_test();
	say("");
}

static void security_changed(GtkComboBox *box, gpointer data)
{
	gint chosen = gtk_combo_box_get_active(box);
	char *port;

	(void)data;
	if (!dialog.window || chosen < 0 ||
	    chosen >= (gint)G_N_ELEMENTS(securities))
		return;
	gtk_label_set_text(GTK_LABEL(dialog.hint), _(securities[chosen].hint));
	port = g_strdup_printf("%u", securities[chosen].port);
	gtk_entry_set_placeholder_text(GTK_ENTRY(dialog.port), port);
	g_free(port);
	gtk_widget_set_sensitive(dialog.ca_file, chosen != NW_SECURITY_NONE);
	edited(NULL, NULL);
}

static const char *typed(GtkWidget *entry)
{
	return gtk_entry_get_text(GTK_ENTRY(entry));
}

/* Empty is the usual one. */
static gboolean read_port(guint16 *port_r, GError **error)
{
	char *text = g_strstrip(g_strdup(typed(dialog.port)));
	guint64 port = 0;
	gboolean good = !*text || g_ascii_string_to_unsigned(
		text, 10, 0, PORT_MAX, &port, NULL);

	g_free(text);
	if (good)
		*port_r = (guint16)port;
	else
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
			    _("The port is a number up to %d."), PORT_MAX);
	return good;
}

static gboolean fill_gateway(struct nw_gateway *gateway, GError **error)
{
	GError *why = NULL;

	gateway->security = (enum nw_security)gtk_combo_box_get_active(
		GTK_COMBO_BOX(dialog.security));
	gateway->ca_file = gtk_file_chooser_get_filename(
		GTK_FILE_CHOOSER(dialog.ca_file));
	gateway->host = nw_typed_host(typed(dialog.host), &why);
	if (!why)
		(void)read_port(&gateway->port, &why);
	if (!why)
		gateway->user = nw_typed_user(typed(dialog.user), &why);
	if (!why)
		gateway->password = nw_typed_password(typed(dialog.password),
						      &why);
	if (!why && gateway->password && !gateway->user)
		g_set_error_literal(&why, G_IO_ERROR,
				    G_IO_ERROR_INVALID_ARGUMENT,
				    _("The password is of which user?"));
	if (!why)
		return TRUE;
	g_propagate_error(error, why);
	return FALSE;
}

/* NULL when what was typed cannot be; then it has been said. */
static struct nw_gateway *read_gateway(void)
{
	struct nw_gateway *gateway = g_new0(struct nw_gateway, 1);
	GError *error = NULL;

	if (fill_gateway(gateway, &error))
		return gateway;
	say(error->message);
	g_error_free(error);
	nw_gateway_free(gateway);
	return NULL;
}

static void test_answered(gboolean good, const char *words, gpointer data)
{
	(void)good;
	(void)data;
	dialog.test = NULL;
	set_testing(FALSE);
	say(words);
}

static gboolean same_place(const struct nw_gateway *a,
			   const struct nw_gateway *b)
{
	return a->host && b->host && !g_ascii_strcasecmp(a->host, b->host) &&
	       nw_gateway_port(a) == nw_gateway_port(b) &&
	       !g_strcmp0(a->user, b->user);
}

/* An empty password is the one that is kept; it goes where it went before. */
static void take_kept_password(struct nw_gateway *gateway)
{
	if (dialog.folder && !gateway->password && nw_tree_has(dialog.folder) &&
	    same_place(&dialog.folder->gateway, gateway))
		gateway->password = nw_tree_password(dialog.folder);
}

static void test_clicked(GtkButton *button, gpointer data)
{
	struct nw_gateway *gateway = read_gateway();

	(void)button;
	(void)data;
	if (!gateway)
		return;
	stop_test();
	say(_("Asking the gateway…"));
	set_testing(TRUE);
	take_kept_password(gateway);
	dialog.test = nw_gateway_test_start(gateway, test_answered, NULL);
	nw_gateway_free(gateway);
}

/* Another tree for the same user at the same gateway would be confusing. */
static gboolean is_another(const struct nw_gateway *gateway)
{
	GList *folders = nw_tree_folders(), *each;
	gboolean found = FALSE;

	for (each = folders; each; each = each->next) {
		struct nw_folder *folder = each->data;

		found |= folder != dialog.folder &&
			 same_place(&folder->gateway, gateway);
	}
	g_list_free(folders);
	return found;
}

/* A kept password is not for another place: an empty one takes it away. */
static void change(struct nw_gateway *gateway)
{
	if (!gateway->password &&
	    !same_place(&dialog.folder->gateway, gateway))
		gateway->password = g_strdup("");
	nw_tree_change_gateway(dialog.folder, gateway);
}

/* FALSE when the dialog has to stay. */
static gboolean apply(void)
{
	struct nw_gateway *gateway = read_gateway();

	if (!gateway)
		return FALSE;
	if (is_another(gateway)) {
		say(_("This gateway is in the list already."));
		nw_gateway_free(gateway);
		return FALSE;
	}
	if (!dialog.folder)
		(void)nw_tree_add_gateway(gateway);
	else if (nw_tree_has(dialog.folder))
		change(gateway);
	nw_gateway_free(gateway);
	if (dialog.widget && dialog.changed)
		dialog.changed(dialog.widget);
	return TRUE;
}

static void responded(GtkDialog *window, gint response, gpointer data)
{
	(void)window;
	(void)data;
	if (response != GTK_RESPONSE_OK || apply())
		nw_gateway_dialog_close();
}

static void destroyed(GtkWidget *window, gpointer data)
{
	(void)window;
	(void)data;
	nw_gateway_test_stop(dialog.test);
	if (dialog.widget)
		g_object_remove_weak_pointer(G_OBJECT(dialog.widget),
					     (gpointer *)&dialog.widget);
	memset(&dialog, 0, sizeof(dialog));
}

static void add_row(GtkWidget *grid, gint row, const char *name,
		    GtkWidget *widget)
{
	GtkWidget *label = gtk_label_new_with_mnemonic(name);

	gtk_label_set_mnemonic_widget(
		GTK_LABEL(label), GTK_IS_BOX(widget) ? dialog.ca_file : widget);
	gtk_widget_set_halign(label, GTK_ALIGN_START);
	gtk_widget_set_hexpand(widget, TRUE);
	gtk_grid_attach(GTK_GRID(grid), label, 0, row, 1, 1);
	gtk_grid_attach(GTK_GRID(grid), widget, 1, row, 1, 1);
}

static GtkWidget *make_entry(const char *text)
{
	GtkWidget *entry = gtk_entry_new();

	gtk_entry_set_max_length(GTK_ENTRY(entry), TYPED_CHARS_MAX);
	gtk_entry_set_width_chars(GTK_ENTRY(entry), ENTRY_CHARS);
	gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
	if (text)
		gtk_entry_set_text(GTK_ENTRY(entry), text);
	g_signal_connect(entry, "changed", G_CALLBACK(edited), NULL);
	return entry;
}

static GtkWidget *make_words(void)
{
	GtkWidget *label = gtk_label_new(NULL);

	gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_line_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_lines(GTK_LABEL(label), WORDS_LINES);
	gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
	gtk_label_set_max_width_chars(GTK_LABEL(label), WORDS_CHARS);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	return label;
}

static GtkWidget *make_security(void)
{
	GtkWidget *box = gtk_combo_box_text_new();
	guint i;

	for (i = 0; i < G_N_ELEMENTS(securities); i++)
		gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(box),
					       _(securities[i].name));
	g_signal_connect(box, "changed", G_CALLBACK(security_changed), NULL);
	return box;
}

/* A chosen file can be taken away again by the button beside it. */
static void ca_cleared(GtkButton *button, gpointer data)
{
	(void)button;
	gtk_file_chooser_unselect_all(GTK_FILE_CHOOSER(data));
	edited(NULL, NULL);
}

static GtkWidget *make_ca_row(const char *file)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, SPACING);
	GtkWidget *clear = gtk_button_new_with_mnemonic(_("C_lear"));

	dialog.ca_file = gtk_file_chooser_button_new(
		_("File of certificate authorities"),
		GTK_FILE_CHOOSER_ACTION_OPEN);
	if (file)
		(void)gtk_file_chooser_set_filename(
			GTK_FILE_CHOOSER(dialog.ca_file), file);
	g_signal_connect(dialog.ca_file, "file-set", G_CALLBACK(edited), NULL);
	g_signal_connect(clear, "clicked", G_CALLBACK(ca_cleared),
			 dialog.ca_file);
	gtk_widget_set_tooltip_text(row, _("Certificate authorities to trust, "
					   "in PEM. Without a file, those that "
					   "this computer trusts."));
	gtk_box_pack_start(GTK_BOX(row), dialog.ca_file, TRUE, TRUE, 0);
	gtk_box_pack_start(GTK_BOX(row), clear, FALSE, FALSE, 0);
	return row;
}

static GtkWidget *make_form(const struct nw_gateway *gateway)
{
	GtkWidget *grid = gtk_grid_new(), *row;
	char *port = gateway->port ? g_strdup_printf("%u", gateway->port) :
				     NULL;

	gtk_grid_set_row_spacing(GTK_GRID(grid), SPACING);
	gtk_grid_set_column_spacing(GTK_GRID(grid), MARGIN);
	dialog.host = make_entry(gateway->host);
	dialog.port = make_entry(port);
	dialog.security = make_security();
	dialog.hint = make_words();
	dialog.user = make_entry(gateway->user);
	dialog.password = make_entry(NULL);
	if (gateway->user)
		gtk_entry_set_placeholder_text(GTK_ENTRY(dialog.password),
					       _("as it is"));
	gtk_entry_set_visibility(GTK_ENTRY(dialog.password), FALSE);
	gtk_entry_set_input_purpose(GTK_ENTRY(dialog.password),
				    GTK_INPUT_PURPOSE_PASSWORD);
	add_row(grid, 0, _("_Host:"), dialog.host);
	add_row(grid, 1, _("_Port:"), dialog.port);
	add_row(grid, 2, _("_Security:"), dialog.security);
	gtk_grid_attach(GTK_GRID(grid), dialog.hint, 1, 3, 1, 1);
	add_row(grid, 4, _("_User:"), dialog.user);
	add_row(grid, 5, _("Pass_word:"), dialog.password);
	row = make_ca_row(gateway->ca_file);
	add_row(grid, 6, _("CA _file:"), row);
	g_free(port);
	return grid;
}

static GtkWidget *make_test_row(void)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, MARGIN);

	dialog.ask = gtk_button_new_with_mnemonic(_("_Test connection"));
	dialog.spinner = gtk_spinner_new();
	dialog.words = make_words();
	gtk_label_set_selectable(GTK_LABEL(dialog.words), TRUE);
	gtk_widget_set_valign(dialog.ask, GTK_ALIGN_START);
	g_signal_connect(dialog.ask, "clicked", G_CALLBACK(test_clicked),
			 NULL);
	gtk_box_pack_start(GTK_BOX(row), dialog.ask, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(row), dialog.spinner, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(row), dialog.words, TRUE, TRUE, 0);
	return row;
}

static void fill_window(const struct nw_gateway *gateway)
{
	GtkWidget *content =
		gtk_dialog_get_content_area(GTK_DIALOG(dialog.window));
	GtkWidget *form = make_form(gateway), *row = make_test_row();

	gtk_container_set_border_width(GTK_CONTAINER(content), MARGIN);
	gtk_box_set_spacing(GTK_BOX(content), MARGIN);
	gtk_box_pack_start(GTK_BOX(content), form, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(content), row, FALSE, FALSE, 0);
	gtk_combo_box_set_active(GTK_COMBO_BOX(dialog.security),
				 (gint)gateway->security);
	gtk_widget_show_all(content);
}

static void make_window(GtkWindow *parent, struct nw_folder *folder)
{
	static const struct nw_gateway fresh = { .security = NW_SECURITY_TLS };

	dialog.folder = folder;
	dialog.window = gtk_dialog_new_with_buttons(
		folder ? _("Gateway settings") : _("Add gateway"), parent,
		GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
		_("_Cancel"), GTK_RESPONSE_CANCEL, _("_OK"), GTK_RESPONSE_OK,
		NULL);
	gtk_dialog_set_default_response(GTK_DIALOG(dialog.window),
					GTK_RESPONSE_OK);
	g_signal_connect(dialog.window, "response", G_CALLBACK(responded),
			 NULL);
	g_signal_connect(dialog.window, "destroy", G_CALLBACK(destroyed),
			 NULL);
	fill_window(folder ? &folder->gateway : &fresh);
	gtk_widget_show(dialog.window);
}

void nw_gateway_dialog_open_above(GtkWindow *parent, struct nw_folder *folder,
				  void (*changed)(GtkWidget *widget),
				  GtkWidget *widget)
{
	if (folder && nw_gateway_is_local(&folder->gateway))
		return;
	if (dialog.window) {
		gtk_window_present(GTK_WINDOW(dialog.window));
		return;
	}
	make_window(parent, folder);
	dialog.changed = changed;
	dialog.widget = widget;
	if (widget)
		g_object_add_weak_pointer(G_OBJECT(widget),
					  (gpointer *)&dialog.widget);
}

void nw_gateway_dialog_open(struct nw_folder *folder)
{
	const MainWindow *window = mainwindow_get_mainwindow();

	nw_gateway_dialog_open_above(window ? GTK_WINDOW(window->window) : NULL,
				     folder, NULL, NULL);
}

void nw_gateway_dialog_close(void)
{
	if (dialog.window)
		gtk_widget_destroy(dialog.window);
}
