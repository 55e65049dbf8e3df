/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "mailbox_imap_private.h"
#include "newswire/limits.h"

/* What libetpan knows a flag by, and the protocol. */
static const struct {
	int type;
	const char *name;
} flag_names[] = {
	{ MAILIMAP_FLAG_ANSWERED, "\\Answered" },
	{ MAILIMAP_FLAG_FLAGGED, "\\Flagged" },
	{ MAILIMAP_FLAG_DELETED, "\\Deleted" },
	{ MAILIMAP_FLAG_SEEN, "\\Seen" },
	{ MAILIMAP_FLAG_DRAFT, "\\Draft" },
};

/* HEADER finds what contains the text, and a text in "<" and ">" is contained
 * in no other id. */
int imap_message_find(struct imap *imap, const char *message_id,
		      uint32_t *uid_r, struct nw_error *err)
{
	struct mailimap_search_key *key;
	clist *found = NULL;
	clistiter *at;
	int result;

	key = mailimap_search_key_new_header(strdup("Message-ID"),
					     strdup(message_id));
	if (!key)
		return nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	imap_begin(imap, "SEARCH", 0);
	result = mailimap_uid_search(imap->session, NULL, key, &found);
	mailimap_search_key_free(key);
	if (imap_result(imap, result, "search for a message", err))
		return -1;
	result = 0;
	for (at = found ? clist_begin(found) : NULL; at; at = clist_next(at)) {
		const uint32_t *uid = clist_content(at);

		if (!result || *uid > *uid_r)
			*uid_r = *uid;
		result = 1;
	}
	if (found)
		mailimap_search_result_free(found);
	return result;
}

/* date-time (RFC 3501 section 9); no locale has a say in it. */
static void add_date(struct nw_buf *line, int64_t date_utc)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr",
					    "May", "Jun", "Jul", "Aug",
					    "Sep", "Oct", "Nov", "Dec" };
	time_t when = (time_t)date_utc;
	struct tm tm;

	if (!gmtime_r(&when, &tm) || tm.tm_year < 0 || tm.tm_year > 8099)
		return;
	nw_buf_addf(line, " \"%2d-%s-%04d %02d:%02d:%02d +0000\"", tm.tm_mday,
		    months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
		    tm.tm_sec);
}

/*
 * libetpan's own APPEND waits for "+" in any case, takes what the server says
 * of other messages for a refusal, and then for ever; this one sends the
 * message at once where the server takes it so (LITERAL+, RFC 7888).
 */
static int send_message(struct imap *imap, const struct nw_buf *line,
			const struct nw_letter *letter, bool at_once,
			struct nw_error *err)
{
	if (!at_once) {
		if (imap_command(imap, line->data, line->len, true, err))
			return -1;
		/* Refused before it was sent, or "OK" to nothing at all. */
		if (imap->reply.status != IMAP_CONTINUE)
			return imap->reply.status == IMAP_OK
				       ? nw_error_set(err, NW_ERROR_DATA,
						      "it took a message that "
						      "was not sent")
				       : 0;
	} else if (imap_send(imap, line->data, line->len, err)) {
		return -1;
	}
	if (imap_send(imap, letter->bytes, letter->len, err) ||
	    imap_send(imap, "\r\n", 2, err))
		return -1;
	return imap_wait(imap, false, err);
}

int imap_message_append(struct imap *imap, const struct nw_letter *letter,
			const char *flags, struct nw_error *err)
{
	bool at_once = imap_can(imap, "LITERAL+");
	struct nw_buf line;
	int result = -1;

	nw_buf_init(&line, NW_IMAP_FLAGS_BYTES + 4 * NW_IMAP_FOLDER_BYTES);
	if (at_once)
		nw_buf_addf(&line, "%d ", ++imap->session->imap_tag);
	nw_buf_adds(&line, "APPEND ");
	imap_quote(&line, imap->folder);
	if (*flags)
		nw_buf_addf(&line, " %s", flags);
	add_date(&line, letter->date_utc);
	nw_buf_addf(&line, " {%zu%s", letter->len, at_once ? "+}\r\n" : "}");
	imap_begin(imap, NULL, letter->len);
	if (!nw_buf_ok(&line))
		nw_error_set(err, NW_ERROR_REFUSED, "too many flags");
	else
		result = send_message(imap, &line, letter, at_once, err);
	nw_buf_free(&line);
	if (result)
		return -1;
	imap->changed = true;
	return imap_result(imap, MAILIMAP_NO_ERROR, "store a message", err);
}

static void add_flag(struct nw_buf *flags, const struct mailimap_flag *flag)
{
	const char *name = NULL;
	size_t i;

	for (i = 0; i < sizeof(flag_names) / sizeof(*flag_names); i++)
		if (flag_names[i].type == flag->fl_type)
			name = flag_names[i].name;
	if (flag->fl_type == MAILIMAP_FLAG_KEYWORD)
		name = flag->fl_data.fl_keyword;
	/* A flag that begins with a backslash and is none of these is the
	 * server's to set; and an atom has none of those characters. */
	if (!name || !*name || strcspn(name, "(){%*\"] \r\n\t") != strlen(name))
		return;
	nw_buf_addf(flags, "%s%s", flags->len ? " " : "(", name);
}

static bool has_uid(const struct mailimap_msg_att *message, uint32_t uid)
{
	clistiter *at;

	for (at = clist_begin(message->att_list); at; at = clist_next(at)) {
		const struct mailimap_msg_att_item *item = clist_content(at);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
		    item->att_data.att_static->att_type ==
			    MAILIMAP_MSG_ATT_UID &&
		    item->att_data.att_static->att_data.att_uid == uid)
			return true;
	}
	return false;
}

static void read_flags(const struct mailimap_msg_att *message,
		       struct nw_buf *flags)
{
	clistiter *at, *of;

	for (at = clist_begin(message->att_list); at; at = clist_next(at)) {
		const struct mailimap_msg_att_item *item = clist_content(at);
		clist *list;

		if (item->att_type != MAILIMAP_MSG_ATT_ITEM_DYNAMIC)
			continue;
		list = item->att_data.att_dyn->att_list;
		for (of = list ? clist_begin(list) : NULL; of;
		     of = clist_next(of)) {
			const struct mailimap_flag_fetch *flag =
				clist_content(of);

			/* \Recent is the server's. */
			if (flag->fl_type == MAILIMAP_FLAG_FETCH_OTHER)
				add_flag(flags, flag->fl_flag);
		}
	}
	if (flags->len)
		nw_buf_addc(flags, ')');
}

int imap_message_flags(struct imap *imap, uint32_t uid, struct nw_buf *flags,
		       struct nw_error *err)
{
	struct mailimap_set *set = mailimap_set_new_single(uid);
	struct mailimap_fetch_type *type;
	clist *found = NULL;
	clistiter *at;
	int result;

	type = mailimap_fetch_type_new_fetch_att(
		mailimap_fetch_att_new_flags());
	if (!set || !type)
		return nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	nw_buf_reset(flags);
	imap_begin(imap, "FETCH", 0);
	result = mailimap_uid_fetch(imap->session, set, type, &found);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	result = imap_result(imap, result, "tell a message's flags", err);
	for (at = !result && found ? clist_begin(found) : NULL;
	     at && !flags->len; at = clist_next(at)) {
		const struct mailimap_msg_att *message = clist_content(at);

		if (has_uid(message, uid))
			read_flags(message, flags);
	}
	if (found)
		mailimap_fetch_list_free(found);
	if (!result && !nw_buf_ok(flags))
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "a message has flags of more than %d bytes",
				    NW_IMAP_FLAGS_BYTES);
	return result;
}

static int mark_deleted(struct imap *imap, struct mailimap_set *set,
			struct nw_error *err)
{
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *store;
	int result;

	if (!flags ||
	    mailimap_flag_list_add(flags, mailimap_flag_new_deleted()))
		return nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	store = mailimap_store_att_flags_new_add_flags_silent(flags);
	if (!store)
		return nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	imap_begin(imap, NULL, 0);
	result = mailimap_uid_store(imap->session, set, store);
	mailimap_store_att_flags_free(store);
	return imap_result(imap, result, "mark a message as deleted", err);
}

int imap_message_remove(struct imap *imap, uint32_t uid, struct nw_error *err)
{
	struct mailimap_set *set = mailimap_set_new_single(uid);
	int result;

	if (!set)
		return nw_error_set(err, NW_ERROR_INTERNAL, "no memory");
	imap->changed = true;
	result = mark_deleted(imap, set, err);
	if (!result && imap_can(imap, "UIDPLUS")) {
		imap_begin(imap, NULL, 0);
		result = mailimap_uid_expunge(imap->session, set);
		result = imap_result(imap, result, "remove a message", err);
	}
	mailimap_set_free(set);
	return result;
}
