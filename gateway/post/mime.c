/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>
#include <libetpan/mailmime_write_generic.h>

#include "newswire/limits.h"

#include "post_private.h"

static const int mechanisms[] = {
	[NW_TRANSFER_7BIT] = MAILMIME_MECHANISM_7BIT,
	[NW_TRANSFER_8BIT] = MAILMIME_MECHANISM_8BIT,
	[NW_TRANSFER_QUOTED_PRINTABLE] = MAILMIME_MECHANISM_QUOTED_PRINTABLE,
	[NW_TRANSFER_BASE64] = MAILMIME_MECHANISM_BASE64,
};

/* A part with its octets as they will stand on the wire. */
struct encoded {
	const struct nw_mime_part *part;
	enum nw_transfer transfer;
	struct nw_buf bytes;
};

/* A parameter of Content-Type; added to the list, which takes it. */
static bool add_parameter(clist *list, const char *name, const char *value)
{
	struct mailmime_parameter *parameter = NULL;
	char *name_copy = strdup(name), *value_copy = strdup(value);

	if (name_copy && value_copy)
		parameter = mailmime_parameter_new(name_copy, value_copy);
	if (!parameter) {
		free(name_copy);
		free(value_copy);
		return false;
	}
	if (clist_append(list, parameter) < 0) {
		mailmime_parameter_free(parameter);
		return false;
	}
	return true;
}

/* Takes type, also when it fails; type may be NULL. */
static struct mailmime_content *new_content(struct mailmime_type *type,
					    const char *subtype)
{
	struct mailmime_content *content = NULL;
	char *copy = strdup(subtype);
	clist *list = clist_new();

	if (type && copy && list)
		content = mailmime_content_new(type, copy, list);
	if (!content) {
		if (type)
			mailmime_type_free(type);
		if (list)
			clist_free(list);
		free(copy);
	}
	return content;
}

static struct mailmime_content *text_content(const struct nw_mime_part *part)
{
	struct mailmime_discrete_type *discrete =
		mailmime_discrete_type_new(MAILMIME_DISCRETE_TYPE_TEXT, NULL);
	struct mailmime_content *content = NULL;

	if (discrete)
		content = new_content(
			mailmime_type_new(MAILMIME_TYPE_DISCRETE_TYPE,
					  discrete, NULL),
			part->html ? "html" : "plain");
	if (!content)
		return NULL;
	if (add_parameter(content->ct_parameters, "charset", "utf-8") &&
	    (part->html ||
	     add_parameter(content->ct_parameters, "format", "flowed")) &&
	    (!part->delsp ||
	     add_parameter(content->ct_parameters, "delsp", "yes")))
		return content;
	mailmime_content_free(content);
	return NULL;
}

static struct mailmime_content *
picture_content(const struct nw_attachment *attachment)
{
	struct mailmime_content *content =
		mailmime_content_new_with_str(attachment->picture->type);

	if (content && add_parameter(content->ct_parameters, "name",
				     attachment->name))
		return content;
	if (content)
		mailmime_content_free(content);
	return NULL;
}

/* related_type: the type of its first part (RFC 2387 section 3.1), or NULL. */
static struct mailmime_content *multipart_content(const char *subtype,
						  const char *boundary,
						  const char *related_type)
{
	struct mailmime_composite_type *composite =
		mailmime_composite_type_new(MAILMIME_COMPOSITE_TYPE_MULTIPART,
					    NULL);
	struct mailmime_content *content = NULL;

	if (composite)
		content = new_content(
			mailmime_type_new(MAILMIME_TYPE_COMPOSITE_TYPE, NULL,
					  composite),
			subtype);
	if (!content)
		return NULL;
	if ((!related_type ||
	     add_parameter(content->ct_parameters, "type", related_type)) &&
	    add_parameter(content->ct_parameters, "boundary", boundary))
		return content;
	mailmime_content_free(content);
	return NULL;
}

/* RFC 2183 section 2.1, RFC 2392.  No Content-Location: it would tell a client
 * where on the web the picture can be had. */
static struct mailmime_fields *
picture_fields(const struct nw_attachment *attachment)
{
	char *cid = strdup(attachment->cid);
	char *description = attachment->description ?
				    strdup(attachment->description) :
				    NULL;
	char *name = strdup(attachment->name);
	struct mailmime_disposition *disposition =
		name ? mailmime_disposition_new_with_data(
			       MAILMIME_DISPOSITION_TYPE_INLINE, name, NULL,
			       NULL, NULL, (size_t)-1) :
		       NULL;
	struct mailmime_mechanism *mechanism =
		mailmime_mechanism_new(MAILMIME_MECHANISM_BASE64, NULL);
	struct mailmime_fields *fields = NULL;

	if (cid && disposition && mechanism)
		fields = mailmime_fields_new_with_data(
			mechanism, cid, description, disposition, NULL);
	if (fields)
		return fields;
	if (disposition)
		mailmime_disposition_free(disposition);
	else
		free(name);
	if (mechanism)
		mailmime_mechanism_free(mechanism);
	free(cid);
	free(description);
	return NULL;
}

/*
 * libetpan writes the octets as they are in bytes: its own quoted-printable
 * doubles a space at the end of a line (1.9.4), its base64 goes by octets.
 */
static struct mailmime *new_part(const struct encoded *encoded)
{
	const struct nw_attachment *attachment = encoded->part->attachment;
	int mechanism = mechanisms[encoded->transfer];
	struct mailmime_content *content =
		attachment ? picture_content(attachment) :
			     text_content(encoded->part);
	struct mailmime_fields *fields =
		attachment ? picture_fields(attachment) :
			     mailmime_fields_new_encoding(mechanism);
	struct mailmime_data *data = mailmime_data_new(
		MAILMIME_DATA_TEXT, mechanism, 1, encoded->bytes.data,
		encoded->bytes.len, NULL);
	struct mailmime *part = NULL;

	if (content && fields && data)
		part = mailmime_new(MAILMIME_SINGLE, NULL, 0, fields, content,
				    data, NULL, NULL, NULL, NULL, NULL);
	if (!part) {
		if (content)
			mailmime_content_free(content);
		if (fields)
			mailmime_fields_free(fields);
		if (data)
			mailmime_data_free(data);
	}
	return part;
}

/* A part in 8bit makes the whole 8bit (RFC 2045 section 6.4).  Takes
 * content, which may be NULL. */
static struct mailmime *new_multipart(struct mailmime_content *content,
				      const struct encoded *all, size_t count)
{
	struct mailmime_fields *fields;
	clist *list = clist_new();
	struct mailmime *multipart = NULL;
	bool eight = false;
	size_t i;

	for (i = 0; i < count; i++)
		eight = eight || all[i].transfer == NW_TRANSFER_8BIT;
	fields = eight ? mailmime_fields_new_encoding(
				 MAILMIME_MECHANISM_8BIT) :
			 mailmime_fields_new_empty();
	if (content && fields && list)
		multipart = mailmime_new(MAILMIME_MULTIPLE, NULL, 0, fields,
					 content, NULL, NULL, NULL, list,
					 NULL, NULL);
	if (!multipart) {
		if (content)
			mailmime_content_free(content);
		if (fields)
			mailmime_fields_free(fields);
		if (list)
			clist_free(list);
	}
	return multipart;
}

/* Takes part, which may be NULL. */
static bool add_part(struct mailmime *whole, struct mailmime *part)
{
	if (!part)
		return false;
	if (mailmime_add_part(whole, part) == MAILIMF_NO_ERROR)
		return true;
	mailmime_free(part);
	return false;
}

/* Takes whole, which may be NULL; returns it, or NULL. */
static struct mailmime *fill(struct mailmime *whole, const struct encoded *all,
			     size_t count)
{
	bool good = whole != NULL;
	size_t i;

	for (i = 0; i < count && good; i++)
		good = add_part(whole, new_part(&all[i]));
	if (good || !whole)
		return whole;
	mailmime_free(whole);
	return NULL;
}

/* The HTML with its pictures.  "=-", like "=_" of the boundary around it,
 * stands in no quoted-printable text. */
static struct mailmime *new_related(const struct nw_mime_parts *parts,
				    const struct encoded *all, size_t count)
{
	struct mailmime *related = NULL;
	struct nw_buf boundary;

	nw_buf_init(&boundary, NW_LINE_OCTETS);
	nw_buf_addf(&boundary, "=-%s", parts->mark);
	related = fill(new_multipart(multipart_content("related",
						       boundary.data,
						       "text/html"),
				     all, count),
		       all, count);
	nw_buf_free(&boundary);
	return related;
}

/* The plain text goes first: readers show the last of the alternatives that
 * they can. */
static struct mailmime *new_tree(const struct nw_mime_parts *parts,
				 const struct encoded *all)
{
	bool mixed = parts->layout == NW_LAYOUT_MIXED;
	struct mailmime *whole;
	struct nw_buf boundary;

	if (parts->count == 1)
		return new_part(all);
	nw_buf_init(&boundary, NW_LINE_OCTETS);
	nw_buf_addf(&boundary, "=_%s", parts->mark);
	whole = new_multipart(multipart_content(mixed ? "mixed" :
							"alternative",
						boundary.data, NULL),
			      all, parts->count);
	nw_buf_free(&boundary);
	if (mixed || parts->count == 2)
		return fill(whole, all, parts->count);
	whole = fill(whole, all, 1);
	if (whole && add_part(whole, new_related(parts, all + 1,
						 parts->count - 1)))
		return whole;
	if (whole)
		mailmime_free(whole);
	return NULL;
}

static void encode(struct encoded *encoded, const struct nw_mime_part *part,
		   const char *mark)
{
	const struct nw_attachment *attachment = part->attachment;

	encoded->part = part;
	nw_buf_init(&encoded->bytes, 2 * NW_MESSAGE_BYTES);
	if (attachment) {
		encoded->transfer = NW_TRANSFER_BASE64;
		nw_transfer_base64(&encoded->bytes, attachment->picture->bytes,
				   attachment->picture->len);
		return;
	}
	encoded->transfer = nw_transfer_choose(part->text, part->len, mark);
	if (encoded->transfer == NW_TRANSFER_QUOTED_PRINTABLE)
		nw_transfer_quote(&encoded->bytes, part->text, part->len);
	else
		nw_transfer_crlf(&encoded->bytes, part->text, part->len);
}

static int add_octets(void *data, const char *bytes, size_t len)
{
	nw_buf_add(data, bytes, len);
	return (int)len;
}

/* The fields of RFC 5322 stand in out already. */
static int write_tree(struct nw_buf *out, const struct nw_mime_parts *parts,
		      const struct encoded *all)
{
	struct mailmime *message = mailmime_new_message_data(NULL);
	int column = 0, result = -1;

	if (message && add_part(message, new_tree(parts, all)) &&
	    mailmime_write_driver(add_octets, out, &column, message) ==
		    MAILIMF_NO_ERROR)
		result = 0;
	if (message)
		mailmime_free(message);
	return result;
}

int nw_mime_write(struct nw_buf *out, const struct nw_mime_parts *parts,
		  struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	struct encoded *all = nw_arena_alloc(arena,
					     parts->count * sizeof(*all));
	bool fits = true;
	int result;
	size_t i;

	for (i = 0; i < parts->count; i++) {
		encode(&all[i], &parts->parts[i], parts->mark);
		fits = fits && nw_buf_ok(&all[i].bytes);
	}
	result = write_tree(out, parts, all);
	for (i = 0; i < parts->count; i++)
		nw_buf_free(&all[i].bytes);
	nw_arena_free(&arena);
	if (result)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "message: libetpan did not write it");
	if (!fits || !nw_buf_ok(out))
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "message: longer than %u bytes",
				    NW_MESSAGE_BYTES);
	return 0;
}
