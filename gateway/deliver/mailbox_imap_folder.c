/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "mailbox_imap_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

/* RFC 3501 section 5.1.3: base64 of RFC 2045 with "," for "/". */
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
			     "uvwxyz0123456789+,";

/* A run of what is not printable ASCII: "&", UTF-16 in base64, "-". */
struct run {
	struct nw_buf *out;
	uint32_t bits;
	unsigned count; /* of bits that wait for their digit */
	bool open;
};

static void run_add(struct run *run, uint32_t unit)
{
	if (!run->open)
		nw_buf_addc(run->out, '&');
	run->open = true;
	run->bits = run->bits << 16 | unit;
	run->count += 16;
	while (run->count >= 6) {
		run->count -= 6;
		nw_buf_addc(run->out, digits[run->bits >> run->count & 0x3f]);
	}
}

static void run_end(struct run *run)
{
	if (!run->open)
		return;
	if (run->count)
		nw_buf_addc(run->out,
			    digits[run->bits << (6 - run->count) & 0x3f]);
	nw_buf_addc(run->out, '-');
	run->open = false;
	run->count = 0;
	run->bits = 0;
}

static void add_point(struct run *run, uint32_t point)
{
	if (point >= 0x20 && point < 0x7f) {
		run_end(run);
		nw_buf_addc(run->out, (char)point);
		if (point == '&')
			nw_buf_addc(run->out, '-');
	} else if (point < 0x10000) {
		run_add(run, point);
	} else {
		run_add(run, 0xd800 | (point - 0x10000) >> 10);
		run_add(run, 0xdc00 | ((point - 0x10000) & 0x3ff));
	}
}

static int add_levels(struct nw_buf *name, const char *path,
		      const struct imap_naming *naming, struct nw_error *err)
{
	struct run run = { .out = name };
	size_t len = strlen(path), at = 0, level = 0;
	uint32_t delimiter = (unsigned char)naming->delimiter;

	while (at < len) {
		uint32_t point = nw_utf8_next(path, len, &at);
		bool divides =
			delimiter && (point == '/' || point == delimiter ||
				      (point == '.' && naming->dots));

		if (point < 0x20 || point == 0x7f)
			return nw_error_set(err, NW_ERROR_CONFIG,
					    "the name of the folder has a "
					    "control character");
		if (divides && !level)
			break;
		level = divides ? 0 : level + 1;
		add_point(&run, divides ? delimiter : point);
	}
	run_end(&run);
	if (!level)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: a level of the folder's name is "
				    "empty (this server divides levels by "
				    "\"%c\")",
				    path, naming->delimiter);
	return 0;
}

int imap_folder_name(struct nw_buf *name, const char *path,
		     const struct imap_naming *naming, struct nw_error *err)
{
	size_t own = strlen(naming->prefix);
	struct nw_buf bare;
	int result = -1;

	nw_buf_init(&bare, NW_IMAP_FOLDER_BYTES);
	if (nw_utf8_valid(path, strlen(path)) != strlen(path)) {
		nw_error_set(err, NW_ERROR_CONFIG,
			     "the name of the folder is not UTF-8");
		goto fail;
	}
	if (add_levels(&bare, path, naming, err))
		goto fail;
	/* INBOX stands outside of all prefixes (section 5.1). */
	if (strncmp(bare.data, naming->prefix, own) &&
	    strcasecmp(bare.data, "INBOX"))
		nw_buf_adds(name, naming->prefix);
	nw_buf_add(name, bare.data, bare.len);
	if (!nw_buf_ok(&bare) || !nw_buf_ok(name)) {
		nw_error_set(err, NW_ERROR_CONFIG,
			     "the name of the folder is longer than %d bytes",
			     NW_IMAP_FOLDER_BYTES);
		goto fail;
	}
	result = 0;
fail:
	nw_buf_free(&bare);
	return result;
}

void imap_quote(struct nw_buf *line, const char *text)
{
	nw_buf_addc(line, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			nw_buf_addc(line, '\\');
		nw_buf_addc(line, *text);
	}
	nw_buf_addc(line, '"');
}

static int select_folder(struct imap *imap, const char *name,
			 struct nw_error *err)
{
	int result;

	imap_begin(imap, NULL, 0);
	result = mailimap_select(imap->session, name);
	if (imap_result(imap, result, "open the folder", err))
		return -1;
	if (!strncasecmp(imap->reply.text, "[READ-ONLY]", 11))
		return nw_error_set(err, NW_ERROR_IO,
				    "the account may not write to the folder");
	return 0;
}

/* A folder that is there but does not open gives the error of its opening; the
 * subscription is for clients that show no others, and may fail. */
static int make_folder(struct imap *imap, const char *name,
		       struct nw_error *err)
{
	struct nw_error refused;
	int result;

	imap_begin(imap, NULL, 0);
	result = mailimap_create(imap->session, name);
	if (imap_result(imap, result, "make the folder", &refused)) {
		if (imap->failure.code ||
		    strncasecmp(imap->reply.text, "[ALREADYEXISTS]", 15))
			*err = refused;
		return -1;
	}
	imap_begin(imap, NULL, 0);
	result = mailimap_subscribe(imap->session, name);
	if (imap_result(imap, result, "subscribe to the folder", &refused) &&
	    imap->failure.code) {
		*err = refused;
		return -1;
	}
	return select_folder(imap, name, err);
}

static int open_or_make(struct imap *imap, const char *path,
			struct nw_error *err)
{
	struct nw_buf name;
	int result;

	nw_buf_init(&name, NW_IMAP_FOLDER_BYTES);
	result = imap_folder_name(&name, path, &imap->naming, err);
	if (!result && select_folder(imap, name.data, err))
		result = imap->failure.code ? -1
					    : make_folder(imap, name.data, err);
	if (!result)
		imap->folder = nw_arena_strdup(imap->arena, name.data);
	nw_buf_free(&name);
	return result;
}

/* Whether dots may stand in a name is not asked of a server but tried. */
int imap_folder_select(struct imap *imap, const char *path,
		       struct nw_error *err)
{
	struct nw_error refused;

	imap->folder = NULL;
	if (!open_or_make(imap, path, err))
		return 0;
	if (imap->failure.code || imap->naming.dots ||
	    !imap->naming.delimiter || !strchr(path, '.') ||
	    strncasecmp(imap->reply.text, "[CANNOT]", 8))
		return nw_error_prefix(err, "%s", path);
	imap->naming.dots = true;
	if (!open_or_make(imap, path, &refused))
		return 0;
	imap->naming.dots = false;
	return nw_error_prefix(err, "%s", path);
}
