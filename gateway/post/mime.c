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

static struct mailmime_content *text_content(const char *subtype, bool flowed,
					     bool delsp)
{
	struct mailmime_discrete_type *discrete =
		mailmime_discrete_type_new(MAILMIME_DISCRETE_TYPE_TEXT, NULL);
	struct mailmime_content *content = NULL;

	if (discrete)
		content = new_content(
			mailmime_type_new(MAILMIME_TYPE_DISCRETE_TYPE,
					  discrete, NULL),
			subtype);
	if (!content)
		return NULL;
	if (add_parameter(content->ct_parameters, "charset", "utf-8") &&
	    (!flowed ||
	     add_parameter(content->ct_parameters, "format", "flowed")) &&
	    (!delsp || add_parameter(content->ct_parameters, "delsp", "yes")))
		return content;
	mailmime_content_free(content);
	return NULL;
}

static struct mailmime_content *multipart_content(const char *boundary)
{
	struct mailmime_composite_type *composite =
		mailmime_composite_type_new(MAILMIME_COMPOSITE_TYPE_MULTIPART,
					    NULL);
	struct mailmime_content *content = NULL;

	if (composite)
		content = new_content(
			mailmime_type_new(MAILMIME_TYPE_COMPOSITE_TYPE, NULL,
					  composite),
			"alternative");
	if (content &&
	    !add_parameter(content->ct_parameters, "boundary", boundary)) {
		mailmime_content_free(content);
		content = NULL;
	}
	return content;
}

/*
 * A part of text, of which libetpan writes the octets as they are in bytes:
 * its own quoted-printable doubles a space at the end of a line (1.9.4).
 * Takes content.
 */
static struct mailmime *new_part(struct mailmime_content *content,
				 enum nw_transfer transfer,
				 const struct nw_buf *bytes)
{
	int mechanism = mechanisms[transfer];
	struct mailmime_fields *fields =
		mailmime_fields_new_encoding(mechanism);
	struct mailmime_data *data = mailmime_data_new(
		MAILMIME_DATA_TEXT, mechanism, 1, bytes->data, bytes->len,
		NULL);
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

/* A part in 8bit makes the whole 8bit (RFC 2045 section 6.4). */
static struct mailmime *new_multipart(const char *boundary,
				      const enum nw_transfer *transfers)
{
	bool eight = transfers[0] == NW_TRANSFER_8BIT ||
		     transfers[1] == NW_TRANSFER_8BIT;
	struct mailmime_content *content = multipart_content(boundary);
	struct mailmime_fields *fields =
		eight ? mailmime_fields_new_encoding(MAILMIME_MECHANISM_8BIT) :
			mailmime_fields_new_empty();
	clist *list = clist_new();
	struct mailmime *multipart = NULL;

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

/* The octets of a part, encoded. */
static enum nw_transfer encode(struct nw_buf *bytes, const struct nw_buf *text,
			       const char *boundary)
{
	enum nw_transfer transfer =
		nw_transfer_choose(text->data, text->len, boundary);

	nw_buf_init(bytes, NW_MESSAGE_BYTES);
	if (transfer == NW_TRANSFER_QUOTED_PRINTABLE)
		nw_transfer_quote(bytes, text->data, text->len);
	else
		nw_transfer_crlf(bytes, text->data, text->len);
	return transfer;
}

static int add_octets(void *data, const char *bytes, size_t len)
{
	nw_buf_add(data, bytes, len);
	return (int)len;
}

/* A message with both parts, the plain one first: readers show the last of
 * the parts that they can.  Its fields of RFC 5322 stand in out already. */
static int write_parts(struct nw_buf *out, const struct nw_mime_parts *parts,
		       const struct nw_buf bytes[2],
		       const enum nw_transfer transfers[2])
{
	struct mailmime *message = mailmime_new_message_data(NULL);
	struct mailmime *multipart = new_multipart(parts->boundary, transfers);
	int column = 0, result = -1;

	if (message && add_part(message, multipart) &&
	    add_part(multipart,
		     new_part(text_content("plain", true, parts->delsp),
			      transfers[0], &bytes[0])) &&
	    add_part(multipart, new_part(text_content("html", false, false),
					 transfers[1], &bytes[1])) &&
	    mailmime_write_driver(add_octets, out, &column, message) ==
		    MAILIMF_NO_ERROR)
		result = 0;
	if (message)
		mailmime_free(message);
	else if (multipart)
		mailmime_free(multipart);
	return result;
}

int nw_mime_write(struct nw_buf *out, const struct nw_mime_parts *parts,
		  struct nw_error *err)
{
	enum nw_transfer transfers[2];
	struct nw_buf bytes[2];
	int result;

	transfers[0] = encode(&bytes[0], parts->text, parts->boundary);
	transfers[1] = encode(&bytes[1], parts->html, parts->boundary);
	result = write_parts(out, parts, bytes, transfers);
	if (result)
		(void)nw_error_set(err, NW_ERROR_INTERNAL,
				   "message: libetpan did not write it");
	else if (!nw_buf_ok(out) || !nw_buf_ok(&bytes[0]) ||
		 !nw_buf_ok(&bytes[1]))
		result = nw_error_set(err, NW_ERROR_REFUSED,
				      "message: longer than %u bytes",
				      NW_MESSAGE_BYTES);
	nw_buf_free(&bytes[0]);
	nw_buf_free(&bytes[1]);
	return result;
}
