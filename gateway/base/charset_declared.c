/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "charset_private.h"

/* WHATWG HTML section 13.2.3.2: no further than this is looked. */
#define PRESCAN_BYTES 1024

struct scan {
	const char *at, *end;
};

struct attribute {
	const char *name, *value;
	size_t name_len, value_len;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool starts(const struct scan *scan, const char *lower)
{
	size_t len = strlen(lower);

	return (size_t)(scan->end - scan->at) >= len &&
	       !strncasecmp(scan->at, lower, len);
}

static bool is_name(const struct attribute *attribute, const char *lower)
{
	return attribute->name_len == strlen(lower) &&
	       !strncasecmp(attribute->name, lower, attribute->name_len);
}

static void skip_until(struct scan *scan, const char *stop)
{
	while (scan->at < scan->end &&
	       !(*scan->at && strchr(stop, *scan->at)))
		scan->at++;
}

static void skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && is_blank(*scan->at))
		scan->at++;
}

/* A value in quotes, or up to one of stop. */
static void value(struct scan *scan, const char *stop,
		  struct attribute *attribute)
{
	char quote = scan->at < scan->end ? *scan->at : '\0';
	const char end[2] = { quote };

	if (quote == '"' || quote == '\'') {
		attribute->value = ++scan->at;
		skip_until(scan, end);
	} else {
		attribute->value = scan->at;
		skip_until(scan, stop);
	}
	attribute->value_len = (size_t)(scan->at - attribute->value);
	if (scan->at < scan->end && *scan->at == quote)
		scan->at++;
}

/* "Get an attribute" of the prescan; false at the end of the tag. */
static bool next_attribute(struct scan *scan, struct attribute *attribute)
{
	while (scan->at < scan->end &&
	       (is_blank(*scan->at) || *scan->at == '/'))
		scan->at++;
	if (scan->at == scan->end || *scan->at == '>')
		return false;
	*attribute = (struct attribute){ .name = scan->at, .value = "" };
	/* An equals sign at the start is part of the name. */
	scan->at++;
	skip_until(scan, "= \t\n\f\r/>");
	attribute->name_len = (size_t)(scan->at - attribute->name);
	skip_blanks(scan);
	if (scan->at < scan->end && *scan->at == '=') {
		scan->at++;
		skip_blanks(scan);
		value(scan, " \t\n\f\r>", attribute);
	}
	return true;
}

/* "text/html; charset=x" (WHATWG HTML section 2.6.5). */
static const struct charset *in_content(const struct attribute *attribute)
{
	struct scan scan = { attribute->value,
			     attribute->value + attribute->value_len };
	struct attribute label;

	while (scan.at < scan.end) {
		if (!starts(&scan, "charset")) {
			scan.at++;
			continue;
		}
		scan.at += strlen("charset");
		skip_blanks(&scan);
		if (scan.at == scan.end || *scan.at != '=')
			continue;
		scan.at++;
		skip_blanks(&scan);
		value(&scan, " \t\n\f\r;", &label);
		return charset_find(label.value, label.value_len);
	}
	return NULL;
}

static const struct charset *meta(struct scan *scan)
{
	const struct charset *charset = NULL, *content = NULL;
	struct attribute attribute;
	bool pragma = false;

	while (next_attribute(scan, &attribute)) {
		if (is_name(&attribute, "charset") && !charset)
			charset = charset_find(attribute.value,
					       attribute.value_len);
		else if (is_name(&attribute, "content") && !content)
			content = in_content(&attribute);
		else if (is_name(&attribute, "http-equiv"))
			pragma = attribute.value_len == 12 &&
				 !strncasecmp(attribute.value, "content-type",
					      12);
	}
	return charset ? charset : pragma ? content : NULL;
}

static void skip_comment(struct scan *scan)
{
	for (scan->at += 2; scan->at < scan->end; scan->at++)
		if (starts(scan, "-->"))
			return;
}

static void skip_tag(struct scan *scan)
{
	struct attribute attribute;

	skip_until(scan, " \t\n\f\r>");
	while (next_attribute(scan, &attribute))
		;
}

/* XML 1.0 section 2.8: <?xml version="1.0" encoding="x"?>. */
static const struct charset *xml(struct scan scan)
{
	struct attribute attribute;

	scan.at += strlen("<?xml");
	while (next_attribute(&scan, &attribute))
		if (is_name(&attribute, "encoding"))
			return charset_find(attribute.value,
					    attribute.value_len);
	return NULL;
}

/* A document in which this could be read as ASCII is not in UTF-16. */
static const struct charset *believable(const struct charset *charset)
{
	return charset && charset->kind == CHARSET_UTF16
		       ? charset_named("UTF-8") : charset;
}

const struct charset *charset_declared(const char *bytes, size_t len)
{
	struct scan scan = { bytes, bytes + (len < PRESCAN_BYTES
						     ? len : PRESCAN_BYTES) };
	const struct charset *found = NULL;

	skip_blanks(&scan);
	if (starts(&scan, "<?xml"))
		found = xml(scan);
	for (; !found && scan.at < scan.end; scan.at++) {
		if (*scan.at != '<')
			continue;
		if (starts(&scan, "<!--")) {
			skip_comment(&scan);
		} else if (starts(&scan, "<meta") && scan.end - scan.at > 5 &&
			   (is_blank(scan.at[5]) || scan.at[5] == '/')) {
			scan.at += strlen("<meta");
			found = meta(&scan);
		} else if (starts(&scan, "<!") || starts(&scan, "<?")) {
			skip_until(&scan, ">");
		} else {
			skip_tag(&scan);
		}
	}
	return believable(found);
}
