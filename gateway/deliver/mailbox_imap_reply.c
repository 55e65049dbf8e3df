/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a server says, before libetpan hears it.
 *
 * libetpan's parser trusts a server: it allocates what a literal announces,
 * recurses as deep as parentheses go, reads past a BYE, and takes the end of a
 * connection for an empty line.  So each response is read here first, whole
 * and within limits.  libetpan gets the data that it has asked for, of a
 * harmless shape, and the end of the reply; what a server says of its own
 * accord (other clients' changes, alerts, capabilities) ends here.
 *
 *	response = *(text "{" number "}" CRLF octets) text CRLF
 *	text     = "+" … / "*" SP (status / kind) … / tag SP status …
 *	kind     = word / number SP word
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "mailbox_imap_private.h"
#include "newswire/limits.h"

static const struct {
	const char *word;
	enum imap_status status;
} statuses[] = {
	{ "OK", IMAP_OK },
	{ "NO", IMAP_NO },
	{ "BAD", IMAP_BAD },
	{ "PREAUTH", IMAP_PREAUTH },
};

/* What a refusal means, by its response code (RFC 3501, 5530). */
static const struct {
	const char *code;
	const char *remedy;
} remedies[] = {
	{ "[OVERQUOTA]", "the mailbox is full: delete messages, or have its "
			 "quota raised" },
	{ "[TRYCREATE]", "the folder was taken away: deliver again, and it "
			 "is made" },
	{ "[NOPERM]", "the account may not do this in that folder" },
	{ "[UNAVAILABLE]", "try again later" },
	{ "[INUSE]", "another program holds it: try again" },
	{ "[LIMIT]", "the server's limit is met" },
	{ "[TOOBIG]", "the message is too large for this server" },
};

int imap_break_off(struct imap *imap, struct nw_error *err)
{
	imap->failure = *err;
	imap_link_close(&imap->link);
	return -1;
}

static int garbage(const char *bytes, size_t len, struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_DATA,
			    "it does not speak IMAP as it should: \"%.*s\"",
			    (int)(len > 60 ? 60 : len), bytes);
}

static int too_long(struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_REFUSED,
			    "it sent a line longer than %u bytes",
			    NW_IMAP_LINE_BYTES);
}

static int read_more(struct imap *imap, struct nw_error *err)
{
	struct imap_reply *reply = &imap->reply;
	size_t got, size = NW_IMAP_READ_BYTES;
	char *room;

	if (!reply->left)
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "its reply is longer than %u bytes",
				    NW_IMAP_REPLY_BYTES);
	if (size > reply->left)
		size = reply->left;
	room = nw_buf_reserve(&reply->raw, size);
	if (!room)
		return too_long(err);
	if (imap_link_receive(&imap->link, room, size, &got, err))
		return -1;
	reply->raw.len += got;
	room[got] = '\0';
	reply->left -= got;
	return 0;
}

/* How many octets follow a line that ends at end, which is behind its LF. */
static size_t literal_size(const char *line, const char *end)
{
	const char *at = end - 1;
	size_t size = 0, scale = 1;

	if (at > line && at[-1] == '\r')
		at--;
	if (at <= line || *--at != '}')
		return 0;
	while (at > line && isdigit((unsigned char)at[-1])) {
		at--;
		size += (size_t)(*at - '0') * scale;
		if (size > NW_IMAP_LINE_BYTES)
			return NW_IMAP_LINE_BYTES;
		if (scale < NW_IMAP_LINE_BYTES)
			scale *= 10;
	}
	return at > line && at[-1] == '{' ? size : 0;
}

/* Until raw begins with a response; its length. */
static int read_response(struct imap *imap, size_t *len_r, struct nw_error *err)
{
	const struct nw_buf *raw = &imap->reply.raw;
	size_t line = 0, seen = 0;

	for (;;) {
		const char *end = NULL;

		if (raw->len > seen)
			end = memchr(raw->data + seen, '\n', raw->len - seen);
		if (end) {
			size_t literal =
				literal_size(raw->data + line, end + 1);

			line = (size_t)(end + 1 - raw->data);
			if (!literal) {
				*len_r = line;
				return 0;
			}
			if (literal >= NW_IMAP_LINE_BYTES)
				return too_long(err);
			seen = line += literal;
			continue;
		}
		if (raw->len > seen)
			seen = raw->len;
		if (read_more(imap, err))
			return -1;
	}
}

/* The status that a word is, or IMAP_WAITING; text begins behind it. */
static enum imap_status status_of(const char *word, const char **text_r)
{
	size_t len = strcspn(word, " \r\n"), i;

	for (i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		if (len == strlen(statuses[i].word) &&
		    !strncasecmp(word, statuses[i].word, len)) {
			*text_r = word + len + (word[len] == ' ');
			return statuses[i].status;
		}
	return IMAP_WAITING;
}

static void keep_text(struct imap_reply *reply, const char *text)
{
	(void)snprintf(reply->text, sizeof(reply->text), "%.*s",
		       (int)strcspn(text, "\r\n"), text);
}

/* Shapes that libetpan's parser is safe with. */
static bool is_harmless(const char *bytes, size_t len)
{
	size_t i, depth = 0;

	for (i = 0; i < len; i++) {
		if (bytes[i] == '{')
			return false;
		if (bytes[i] == '(' && ++depth > NW_IMAP_DEPTH)
			return false;
		if (bytes[i] == ')' && depth)
			depth--;
	}
	return true;
}

static int take_data(struct imap *imap, const char *bytes, size_t len,
		     struct nw_error *err)
{
	struct imap_reply *reply = &imap->reply;
	const char *kind = bytes + 2;
	size_t want = reply->wanted ? strlen(reply->wanted) : 0;

	if (!strncasecmp(kind, "BYE", 3))
		return nw_error_set(err, NW_ERROR_NETWORK,
				    "the server ended the session: %.*s",
				    (int)strcspn(kind, "\r\n"), kind);
	if (isdigit((unsigned char)*kind)) {
		kind += strspn(kind, "0123456789");
		kind += *kind == ' ';
	}
	if (!isalpha((unsigned char)*kind))
		return garbage(bytes, len, err);
	if (!want || strncasecmp(kind, reply->wanted, want) ||
	    isalpha((unsigned char)kind[want]))
		return 0;
	if (!is_harmless(bytes, len))
		return garbage(bytes, len, err);
	reply->seen = true;
	nw_buf_add(&reply->good, bytes, len);
	if (!nw_buf_ok(&reply->good))
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "its reply has more than %u bytes",
				    NW_IMAP_DATA_BYTES);
	return 0;
}

/* libetpan gets a line of ours in its place, without codes and text. */
static int take_end(struct imap *imap, const char *bytes, size_t len,
		    struct nw_error *err)
{
	struct imap_reply *reply = &imap->reply;
	char tag[16];
	size_t n;
	const char *text;
	enum imap_status status;

	(void)snprintf(tag, sizeof(tag), "%d ", imap->session->imap_tag);
	n = strlen(tag);
	if (strncmp(bytes, tag, n))
		return garbage(bytes, len, err);
	status = status_of(bytes + n, &text);
	if (status == IMAP_WAITING || status == IMAP_PREAUTH)
		return garbage(bytes, len, err);
	/* It would look for what is not there; a message that another client
	 * has removed has no FETCH. */
	if (status == IMAP_OK && reply->wanted && !reply->seen &&
	    strcmp(reply->wanted, "FETCH"))
		return nw_error_set(err, NW_ERROR_DATA,
				    "it answered without %s", reply->wanted);
	keep_text(reply, text);
	reply->status = status;
	nw_buf_addf(&reply->good, "%s%s ended\r\n", tag,
		    status == IMAP_OK ? "OK" : "NO");
	return 0;
}

static int take(struct imap *imap, const char *bytes, size_t len,
		struct nw_error *err)
{
	if (memchr(bytes, '\0', len))
		return garbage(bytes, len, err);
	if (bytes[0] == '*' && bytes[1] == ' ')
		return take_data(imap, bytes, len, err);
	if (bytes[0] == '+') {
		imap->reply.status = IMAP_CONTINUE;
		return 0;
	}
	return take_end(imap, bytes, len, err);
}

static int read_one(struct imap *imap, struct nw_error *err)
{
	struct nw_buf *raw = &imap->reply.raw;
	size_t len;

	if (imap->failure.code) {
		*err = imap->failure;
		return -1;
	}
	if (read_response(imap, &len, err) || take(imap, raw->data, len, err))
		return imap_break_off(imap, err);
	nw_buf_shift(raw, len);
	return 0;
}

int imap_wait(struct imap *imap, bool may_continue, struct nw_error *err)
{
	struct imap_reply *reply = &imap->reply;

	reply->status = IMAP_WAITING;
	while (reply->status == IMAP_WAITING)
		if (read_one(imap, err))
			return -1;
	if (reply->status != IMAP_CONTINUE || may_continue)
		return 0;
	garbage("+", 1, err);
	return imap_break_off(imap, err);
}

/* "* OK …", "* PREAUTH …"; libetpan hears the same without the text. */
int imap_wait_greeting(struct imap *imap, struct nw_error *err)
{
	struct imap_reply *reply = &imap->reply;
	const char *text;
	size_t len;

	if (read_response(imap, &len, err))
		return imap_break_off(imap, err);
	if (len < 4 || strncmp(reply->raw.data, "* ", 2)) {
		garbage(reply->raw.data, len, err);
		return imap_break_off(imap, err);
	}
	reply->status = status_of(reply->raw.data + 2, &text);
	if (reply->status != IMAP_OK && reply->status != IMAP_PREAUTH) {
		nw_error_set(err, NW_ERROR_NETWORK,
			     "the server takes no connection: %.*s",
			     (int)strcspn(reply->raw.data + 2, "\r\n"),
			     reply->raw.data + 2);
		return imap_break_off(imap, err);
	}
	nw_buf_addf(&reply->good, "* %s hello\r\n",
		    reply->status == IMAP_OK ? "OK" : "PREAUTH");
	nw_buf_shift(&reply->raw, len);
	return 0;
}

void imap_begin(struct imap *imap, const char *wanted, size_t sending)
{
	struct imap_reply *reply = &imap->reply;

	nw_buf_reset(&reply->good);
	reply->given = 0;
	reply->left = NW_IMAP_REPLY_BYTES;
	reply->wanted = wanted;
	reply->seen = false;
	reply->status = IMAP_WAITING;
	reply->text[0] = '\0';
	imap_link_limit(&imap->link,
			imap->reply_ms +
				(int64_t)(sending / NW_IMAP_SEND_BYTES_MS));
}

int imap_send(struct imap *imap, const char *bytes, size_t len,
	      struct nw_error *err)
{
	if (imap->failure.code) {
		*err = imap->failure;
		return -1;
	}
	if (imap_link_send(&imap->link, bytes, len, err))
		return imap_break_off(imap, err);
	return 0;
}

/* In one write.  The copy may hold a password. */
int imap_command(struct imap *imap, const char *command, size_t len,
		 bool may_continue, struct nw_error *err)
{
	struct nw_buf line;
	int result = -1;

	nw_buf_init(&line, len + 32);
	if (nw_buf_reserve(&line, len + 32)) {
		nw_buf_addf(&line, "%d ", ++imap->session->imap_tag);
		nw_buf_add(&line, command, len);
		nw_buf_adds(&line, "\r\n");
		result = imap_send(imap, line.data, line.len, err);
		OPENSSL_cleanse(line.data, line.len);
	} else {
		nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	}
	nw_buf_free(&line);
	return result ? -1 : imap_wait(imap, may_continue, err);
}

int imap_result(struct imap *imap, int result, const char *what,
		struct nw_error *err)
{
	const char *text = imap->reply.text;
	const char *remedy = NULL;
	size_t i;

	if (imap->failure.code) {
		*err = imap->failure;
		return -1;
	}
	if (imap->reply.status == IMAP_OK && result == MAILIMAP_NO_ERROR)
		return 0;
	if (imap->reply.status != IMAP_NO && imap->reply.status != IMAP_BAD) {
		nw_error_set(err, NW_ERROR_DATA,
			     "it was asked to %s, and its answer cannot be "
			     "read",
			     what);
		return imap_break_off(imap, err);
	}
	for (i = 0; i < sizeof(remedies) / sizeof(*remedies); i++)
		if (!strncasecmp(text, remedies[i].code,
				 strlen(remedies[i].code)))
			remedy = remedies[i].remedy;
	return nw_error_set(err, NW_ERROR_IO, "it will not %s: %s%s%s%s", what,
			    text, remedy ? " (" : "", remedy ? remedy : "",
			    remedy ? ")" : "");
}

static ssize_t stream_read(mailstream_low *low, void *bytes, size_t size)
{
	struct imap *imap = low->data;
	struct imap_reply *reply = &imap->reply;
	struct nw_error err;
	size_t len;

	while (reply->given == reply->good.len) {
		if (reply->status != IMAP_WAITING)
			return -1;
		if (read_one(imap, &err))
			return -1;
		/* No command that libetpan sends has more to come. */
		if (reply->status == IMAP_CONTINUE) {
			garbage("+", 1, &err);
			return imap_break_off(imap, &err);
		}
	}
	len = reply->good.len - reply->given;
	if (len > size)
		len = size;
	memcpy(bytes, reply->good.data + reply->given, len);
	reply->given += len;
	return (ssize_t)len;
}

static ssize_t stream_write(mailstream_low *low, const void *bytes, size_t len)
{
	struct nw_error err;

	return imap_send(low->data, bytes, len, &err) ? -1 : (ssize_t)len;
}

static int stream_close(mailstream_low *low)
{
	struct imap *imap = low->data;

	imap_link_close(&imap->link);
	return 0;
}

static int stream_fd(mailstream_low *low)
{
	const struct imap *imap = low->data;

	return imap->link.fd;
}

static void stream_free(mailstream_low *low)
{
	free(low);
}

static void stream_cancel(mailstream_low *low)
{
	(void)low;
}

mailstream *imap_reply_stream(struct imap *imap)
{
	static const mailstream_low_driver driver = {
		.mailstream_read = stream_read,
		.mailstream_write = stream_write,
		.mailstream_close = stream_close,
		.mailstream_get_fd = stream_fd,
		.mailstream_free = stream_free,
		.mailstream_cancel = stream_cancel,
	};
	mailstream_low *low;
	mailstream *stream;

	/* libetpan forgot the const; it never writes there. */
	low = mailstream_low_new(imap,
				 (mailstream_low_driver *)(uintptr_t)&driver);
	if (!low)
		return NULL;
	stream = mailstream_new(low, NW_IMAP_READ_BYTES);
	if (!stream)
		free(low);
	return stream;
}
