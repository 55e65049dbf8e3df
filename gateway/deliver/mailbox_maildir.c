/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Maildir (cr.yp.to/proto/maildir.html), and as a folder of Maildir++ when its
 * name begins with a dot.
 *
 * A file is called SECONDS.KEY.newswire, KEY by the Message-ID: so a message is
 * found by its name alone, wherever a reader has moved it and whatever flags
 * it got, and an interrupted delivery overwrites what it left in tmp.
 *
 * libetpan's driver was tried and is not used: it wants the folders to be
 * there, names files so that none is found again, never syncs a folder, keeps
 * CRLF, and ends the process by SIGBUS on a full disk.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_private.h"
#include "letter_private.h"
#include "mailbox_private.h"
#include "newswire/limits.h"

#define ENDING ".newswire"

/* To find a message that a reader moves meanwhile. */
#define TRIES 10

static const char *const folders[] = { "tmp", "cur", "new" };

/* A file in new or cur. */
struct entry {
	char key[NW_LETTER_KEY + 1];
	const char *path;	/* of the file */
	const char *flags;	/* ":2,RS" at the end of it, or "" */
	bool in_cur;
};

struct maildir {
	struct nw_arena *arena;	/* of entries; NULL: not listed */
	struct entry *entries;	/* by key */
	size_t count;
	struct nw_buf bytes;
	bool changed;		/* since the last sync */
};

/* Maildir++: a folder below the first one has this file. */
static int mark_folder(const char *path, struct nw_error *err)
{
	const char *slash = strrchr(path, '/');
	struct nw_buf file;
	int fd, result = 0;

	if (!slash || slash[1] != '.')
		return 0;
	nw_buf_init(&file, NW_PATH_BYTES);
	nw_buf_addf(&file, "%s/maildirfolder", path);
	fd = open(file.data, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		result = nw_file_fail(file.data, err);
	else
		(void)close(fd);
	nw_buf_free(&file);
	return result;
}

static int open_maildir(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct maildir *maildir;
	bool made;
	size_t i;

	if (strlen(mailbox->path) + sizeof("/tmp/") + NAME_MAX > NW_PATH_BYTES)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: the path is too long", mailbox->path);
	if (nw_file_make_dir(mailbox->path, &made, err) ||
	    (made && mark_folder(mailbox->path, err)))
		return -1;
	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (nw_file_make_dir(nw_arena_printf(mailbox->arena, "%s/%s",
						     mailbox->path, folders[i]),
				     NULL, err))
			return -1;
	maildir = nw_arena_alloc(mailbox->arena, sizeof(*maildir));
	nw_buf_init(&maildir->bytes, NW_STORE_WIRE_BYTES);
	mailbox->state = maildir;
	return 0;
}

static void forget(struct maildir *maildir)
{
	nw_arena_free(&maildir->arena);
	maildir->entries = NULL;
	maildir->count = 0;
}

static void close_maildir(struct nw_mailbox *mailbox)
{
	struct maildir *maildir = mailbox->state;

	forget(maildir);
	nw_buf_free(&maildir->bytes);
}

/* "SECONDS.KEY.newswire", with or without ":2,FLAGS": the key, or NULL. */
static const char *key_of(const char *name, const char **flags_r)
{
	const char *key = name + strspn(name, "-0123456789");

	if (key == name || *key != '.' ||
	    strlen(++key) < NW_LETTER_KEY + strlen(ENDING) ||
	    strncmp(key + NW_LETTER_KEY, ENDING, strlen(ENDING)))
		return NULL;
	*flags_r = key + NW_LETTER_KEY + strlen(ENDING);
	return **flags_r && **flags_r != ':' ? NULL : key;
}

static void add_entry(struct maildir *maildir, const char *dir,
		      const char *name, bool in_cur)
{
	struct entry *entry;
	const char *flags = NULL, *key = key_of(name, &flags);
	const char *path;

	if (!key)
		return;
	maildir->entries = nw_arena_grow(maildir->arena, maildir->entries,
					 maildir->count, sizeof(*entry));
	entry = &maildir->entries[maildir->count++];
	path = nw_arena_printf(maildir->arena, "%s/%s", dir, name);
	memcpy(entry->key, key, NW_LETTER_KEY);
	entry->path = path;
	entry->flags = path + strlen(dir) + 1 + (flags - name);
	entry->in_cur = in_cur;
}

static int list_dir(struct nw_mailbox *mailbox, const char *folder,
		    struct nw_error *err)
{
	struct maildir *maildir = mailbox->state;
	const char *path = nw_arena_printf(maildir->arena, "%s/%s",
					   mailbox->path, folder);
	DIR *dir = opendir(path);
	struct dirent *file;
	int number;

	if (!dir)
		return nw_file_fail(path, err);
	for (errno = 0; (file = readdir(dir)); errno = 0)
		add_entry(maildir, path, file->d_name, *folder == 'c');
	number = errno;
	(void)closedir(dir);
	errno = number;
	return number ? nw_file_fail(path, err) : 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->key,
		      ((const struct entry *)b)->key);
}

/* What is in new before what is in cur: what a reader moves meanwhile is seen
 * once at least. */
static int list(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct maildir *maildir = mailbox->state;

	forget(maildir);
	maildir->arena = nw_arena_new();
	if (list_dir(mailbox, "new", err) || list_dir(mailbox, "cur", err)) {
		forget(maildir);
		return -1;
	}
	if (maildir->count)
		qsort(maildir->entries, maildir->count,
		      sizeof(*maildir->entries), compare);
	return 0;
}

/* 1 and the file of a message, 0, -1. */
static int find(struct nw_mailbox *mailbox, const char *message_id,
		const struct entry **entry_r, struct nw_error *err)
{
	struct maildir *maildir = mailbox->state;
	struct entry wanted;

	if (!maildir->arena && list(mailbox, err))
		return -1;
	if (!maildir->count)
		return 0;
	memcpy(wanted.key, nw_letter_key(maildir->arena, message_id),
	       sizeof(wanted.key));
	*entry_r = bsearch(&wanted, maildir->entries, maildir->count,
			   sizeof(wanted), compare);
	return *entry_r != NULL;
}

static int has(struct nw_mailbox *mailbox, const char *message_id,
	       struct nw_error *err)
{
	const struct entry *entry;

	return find(mailbox, message_id, &entry, err);
}

static const char *file_name(struct nw_arena *arena,
			     const struct nw_letter *letter)
{
	return nw_arena_printf(arena, "%" PRId64 ".%s" ENDING,
			       letter->date_utc,
			       nw_letter_key(arena, letter->message_id));
}

/* Writes the letter as a file in tmp, which then takes its place: in new, or
 * where the message is that it replaces, with its flags.  Those are in cur, but
 * mutt leaves an unread one that it flags in new. */
static int deliver(struct nw_mailbox *mailbox, const struct nw_letter *letter,
		   const struct entry *old, struct nw_error *err)
{
	struct maildir *maildir = mailbox->state;
	struct nw_arena *arena = nw_arena_new();
	const char *name = file_name(arena, letter), *tmp, *path;
	int result = -1;

	tmp = nw_arena_printf(arena, "%s/tmp/%s", mailbox->path, name);
	path = nw_arena_printf(arena, "%s/%s/%s%s", mailbox->path,
			       old && old->in_cur ? "cur" : "new", name,
			       old ? old->flags : "");
	nw_buf_reset(&maildir->bytes);
	nw_letter_lf(&maildir->bytes, letter->bytes, letter->len);
	if (!nw_buf_ok(&maildir->bytes))
		(void)nw_error_set(err, NW_ERROR_REFUSED, "%s: is too large",
				   letter->message_id);
	else
		result = nw_file_put(tmp, &maildir->bytes, letter->date_utc,
				     err);
	if (!result && rename(tmp, path)) {
		result = nw_file_fail(path, err);
		(void)unlink(tmp);
	}
	nw_arena_free(&arena);
	if (!result)
		maildir->changed = true;
	return result;
}

static int append(struct nw_mailbox *mailbox, const struct nw_letter *letter,
		  struct nw_error *err)
{
	return deliver(mailbox, letter, NULL, err);
}

/* A reader may have moved it, or given it other flags, since it was listed. */
static int remove_old(struct nw_mailbox *mailbox, const char *message_id,
		      struct nw_error *err)
{
	struct maildir *maildir = mailbox->state;
	const struct entry *entry;
	int found, tries;

	maildir->changed = true;
	for (tries = 0; tries < TRIES; tries++) {
		found = find(mailbox, message_id, &entry, err);
		if (found <= 0)
			return found;
		if (!unlink(entry->path))
			return 0;
		if (errno != ENOENT)
			return nw_file_fail(entry->path, err);
		forget(maildir);
	}
	return nw_error_set(err, NW_ERROR_BUSY,
			    "%s: other programs move its messages all the "
			    "time", mailbox->path);
}

static int replace(struct nw_mailbox *mailbox, const char *old_message_id,
		   const struct nw_letter *letter, struct nw_error *err)
{
	const struct entry *old, *other;
	int found = find(mailbox, old_message_id, &old, err);

	if (found <= 0)
		return found;
	found = find(mailbox, letter->message_id, &other, err);
	if (found < 0 || (!found && deliver(mailbox, letter, old, err)) ||
	    remove_old(mailbox, old_message_id, err))
		return -1;
	return 1;
}

static int sync_maildir(struct nw_mailbox *mailbox, struct nw_error *err)
{
	struct maildir *maildir = mailbox->state;
	struct nw_arena *arena;
	int result = 0;
	size_t i;

	/* Others may move them until the next batch; within one, no message is
	 * looked for that it has brought. */
	forget(maildir);
	if (!maildir->changed)
		return 0;
	arena = nw_arena_new();
	for (i = 1; !result && i < sizeof(folders) / sizeof(*folders); i++)
		result = nw_file_sync_dir(
			nw_arena_printf(arena, "%s/%s", mailbox->path,
					folders[i]),
			err);
	nw_arena_free(&arena);
	if (!result)
		maildir->changed = false;
	return result;
}

const struct nw_mailbox_driver nw_mailbox_maildir = {
	.scheme = "maildir",
	.local = true,
	.open = open_maildir,
	.close = close_maildir,
	.has = has,
	.append = append,
	.replace = replace,
	.sync = sync_maildir,
};
