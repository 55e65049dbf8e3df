/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GLib's parser knows XML without entities of a document's own, so that nothing
 * can grow by being read.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "i18n.h"
#include "opml.h"

#define FILE_BYTES	  (16u << 20)
#define DEPTH_MAX	  64
#define OUTLINES_MAX	  10000
#define WORD_BYTES	  4096 /* of an address or a text */
#define DECLARATION_BYTES 256
#define BYTE_ORDER_MARK	  "\357\273\277"

struct reader {
	GPtrArray *outlines;
	guint depth;
};

void nw_opml_outline_free(gpointer data)
{
	struct nw_opml_outline *outline = data;

	g_free(outline->text);
	g_free(outline->url);
	g_free(outline);
}

static gboolean is_known_url(const char *url)
{
	static const char *const schemes[] = { "http://", "https://",
					       "nntp://" };
	guint i;

	if (strlen(url) > WORD_BYTES)
		return FALSE;
	for (i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (g_ascii_strncasecmp(url, schemes[i], strlen(schemes[i])) ==
		    0)
			return TRUE;
	return FALSE;
}

/* An address is one line of visible characters. */
static char *clean_url(const char *value)
{
	char *url = g_strstrip(g_strdup(value)), *at;

	for (at = url; *at; at++)
		if ((guchar)*at <= ' ' || *at == '\177')
			break;
	if (!*at && is_known_url(url))
		return url;
	g_free(url);
	return NULL;
}

static void add_outline(struct reader *reader, const char *const *names,
			const char *const *values)
{
	const char *text = NULL, *title = NULL;
	struct nw_opml_outline *outline;
	char *url = NULL;

	for (; *names; names++, values++) {
		if (!url && !g_ascii_strcasecmp(*names, "xmlUrl"))
			url = clean_url(*values);
		else if (!g_ascii_strcasecmp(*names, "text"))
			text = *values;
		else if (!g_ascii_strcasecmp(*names, "title"))
			title = *values;
	}
	if (!url)
		return;
	if (!text)
		text = title ? title : url;
	outline = g_new0(struct nw_opml_outline, 1);
	outline->url = url;
	outline->text = g_utf8_substring(
		text, 0, MIN(g_utf8_strlen(text, -1), WORD_BYTES));
	g_ptr_array_add(reader->outlines, outline);
}

static gboolean refuse(const char *why, GError **error)
{
	g_set_error_literal(error, G_MARKUP_ERROR,
			    G_MARKUP_ERROR_INVALID_CONTENT, why);
	return FALSE;
}

static void begin(GMarkupParseContext *context, const char *name,
		  const char **names, const char **values, gpointer data,
		  GError **error)
{
	struct reader *reader = data;

	(void)context;
	if (reader->depth == 0 && g_ascii_strcasecmp(name, "opml") != 0)
		(void)refuse(_("This is no OPML file."), error);
	else if (++reader->depth > DEPTH_MAX ||
		 reader->outlines->len >= OUTLINES_MAX)
		(void)refuse(_("This OPML file is too large."), error);
	else if (!g_ascii_strcasecmp(name, "outline"))
		add_outline(reader, (const char *const *)names,
			    (const char *const *)values);
}

static void finish(GMarkupParseContext *context, const char *name,
		   gpointer data, GError **error)
{
	struct reader *reader = data;

	(void)context;
	(void)name;
	(void)error;
	reader->depth--;
}

/* The encoding that the XML declaration names (XML 1.0 section 4.3.3). */
static char *declared_encoding(const char *text, gsize len)
{
	char *start = g_strndup(text, MIN(len, DECLARATION_BYTES));
	char *end = strstr(start, "?>");
	char *at, *encoding = NULL;

	if (end && g_str_has_prefix(start, "<?xml")) {
		*end = '\0';
		at = strstr(start, "encoding");
		at = at ? strpbrk(at, "\"'") : NULL;
		if (at)
			encoding = g_strndup(at + 1, strcspn(at + 1, "\"'"));
	}
	g_free(start);
	return encoding;
}

/* What is no UTF-8 is what it says that it is (takes text; NULL). */
static char *as_utf8(char *text, gsize *len)
{
	char *encoding, *converted = NULL;
	gsize written = 0;

	if (g_utf8_validate_len(text, *len, NULL))
		return text;
	encoding = declared_encoding(text, *len);
	if (encoding)
		converted = g_convert(text, (gssize)*len, "UTF-8", encoding,
				      NULL, &written, NULL);
	g_free(encoding);
	g_free(text);
	*len = written;
	return converted;
}

static gboolean read_text(struct reader *reader, const char *text, gsize len,
			  GError **error)
{
	static const GMarkupParser parser = { .start_element = begin,
					      .end_element = finish };
	GMarkupParseContext *context =
		g_markup_parse_context_new(&parser,
					   G_MARKUP_TREAT_CDATA_AS_TEXT, reader,
					   NULL);
	gsize mark = len >= 3 && !memcmp(text, BYTE_ORDER_MARK, 3) ? 3 : 0;
	gboolean parsed =
		g_markup_parse_context_parse(context, text + mark,
					     (gssize)(len - mark), error) &&
		g_markup_parse_context_end_parse(context, error);

	g_markup_parse_context_free(context);
	return parsed;
}

/* A device or a pipe may never end. */
static gboolean is_readable(const char *path, GError **error)
{
	GStatBuf about;

	if (g_stat(path, &about) < 0)
		return TRUE; /* reading it says why not */
	if (!S_ISREG(about.st_mode))
		return refuse(_("This is no OPML file."), error);
	return about.st_size <= FILE_BYTES ||
	       refuse(_("This OPML file is too large."), error);
}

static char *slurp(const char *path, gsize *len_r, GError **error)
{
	char *text = NULL;

	if (!is_readable(path, error) ||
	    !g_file_get_contents(path, &text, len_r, error))
		return NULL;
	text = as_utf8(text, len_r);
	if (!text)
		(void)refuse(_("The characters of this OPML file cannot be "
			       "read."),
			     error);
	return text;
}

GPtrArray *nw_opml_read(const char *path, GError **error)
{
	struct reader reader = { NULL, 0 };
	gsize len = 0;
	char *text = slurp(path, &len, error);

	if (!text)
		return NULL;
	reader.outlines = g_ptr_array_new_with_free_func(nw_opml_outline_free);
	if (!read_text(&reader, text, len, error))
		g_clear_pointer(&reader.outlines, g_ptr_array_unref);
	g_free(text);
	return reader.outlines;
}

/* XML 1.0 section 2.2 has no characters for most controls. */
static void add_attribute(GString *out, const char *name, const char *value)
{
	char *valid = g_utf8_make_valid(value, -1), *at, *escaped;

	for (at = valid; *at; at++)
		if ((guchar)*at < ' ')
			*at = ' ';
	escaped = g_markup_escape_text(valid, -1);
	g_string_append_printf(out, " %s=\"%s\"", name, escaped);
	g_free(escaped);
	g_free(valid);
}

gboolean nw_opml_write(const char *path, const GPtrArray *outlines,
		       GError **error)
{
	GString *out = g_string_new("<?xml version=\"1.0\" "
				    "encoding=\"UTF-8\"?>\n"
				    "<opml version=\"2.0\">\n"
				    "  <head>\n"
				    "    <title>newswire</title>\n"
				    "  </head>\n"
				    "  <body>\n");
	gboolean written;
	guint i;

	for (i = 0; i < outlines->len; i++) {
		const struct nw_opml_outline *outline = outlines->pdata[i];

		g_string_append(out, "    <outline type=\"rss\"");
		add_attribute(out, "text",
			      outline->text ? outline->text : outline->url);
		add_attribute(out, "xmlUrl", outline->url);
		g_string_append(out, "/>\n");
	}
	g_string_append(out, "  </body>\n</opml>\n");
	written = g_file_set_contents_full(path, out->str, (gssize)out->len,
					   G_FILE_SET_CONTENTS_CONSISTENT |
						   G_FILE_SET_CONTENTS_DURABLE,
					   0644, error);
	(void)g_string_free(out, TRUE);
	return written;
}
