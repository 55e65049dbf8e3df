/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the folder of a group is called on a server for mail.
 */
#include "config.h"

#include <string.h>

#include "unit.h"

#include "../../gateway/deliver/mailbox_imap_private.h"
#include "newswire/limits.h"

struct name_case {
	const char *path;
	struct imap_naming naming;
	const char *name;	/* NULL: refused */
};

static const struct name_case names[] = {
	{ "News/com.example.world", { '/', false, "" },
	  "News/com.example.world" },
	{ "News/com.example.world", { '.', false, "" },
	  "News.com.example.world" },
	{ "News/com.example.world", { '/', true, "" },
	  "News/com/example/world" },
	{ "News/com.example.world", { '.', false, "INBOX." },
	  "INBOX.News.com.example.world" },
	{ "INBOX/News", { '.', false, "INBOX." }, "INBOX.News" },
	{ "inbox", { '.', false, "INBOX." }, "inbox" },
	{ "News/world", { '\0', false, "" }, "News/world" },
	{ "a\\b", { '\\', false, "" }, "a\\b" },
	{ "Tom & \"Jerry\"", { '/', false, "" }, "Tom &- \"Jerry\"" },
	/* The example of RFC 3501 section 5.1.3. */
	{ "~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/"
	  "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
	  { '/', false, "" }, "~peter/mail/&U,BTFw-/&ZeVnLIqe-" },
	{ "\xf0\x9f\x93\xb0", { '/', false, "" }, "&2D3c8A-" },
	{ "\xc3\xa9t\xc3\xa9", { '/', false, "" }, "&AOk-t&AOk-" },
	{ "", { '/', false, "" }, NULL },
	{ "a//b", { '/', false, "" }, NULL },
	{ "/a", { '/', false, "" }, NULL },
	{ "a/", { '/', false, "" }, NULL },
	{ "a..b", { '.', false, "" }, NULL },
	{ "a\r\nb", { '/', false, "" }, NULL },
	{ "a\x7f", { '/', false, "" }, NULL },
	{ "a\xff", { '/', false, "" }, NULL },
	{ "\xed\xa0\xbd", { '/', false, "" }, NULL },
};

static void names_of_folders(void **state)
{
	struct nw_error err;
	struct nw_buf name;
	size_t i;

	(void)state;
	nw_buf_init(&name, NW_IMAP_FOLDER_BYTES);
	for (i = 0; i < COUNT(names); i++) {
		int result;

		nw_buf_reset(&name);
		result = imap_folder_name(&name, names[i].path,
					  &names[i].naming, &err);
		if (!names[i].name) {
			assert_int_equal(result, -1);
			assert_int_equal(err.code, NW_ERROR_CONFIG);
			continue;
		}
		assert_int_equal(result, 0);
		assert_string_equal(name.data, names[i].name);
	}
	nw_buf_free(&name);
}

static void a_name_that_is_too_long(void **state)
{
	static const struct imap_naming naming = { '/', false, "" };
	char path[NW_IMAP_FOLDER_BYTES + 2];
	struct nw_error err;
	struct nw_buf name;

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	nw_buf_init(&name, NW_IMAP_FOLDER_BYTES);
	assert_int_equal(imap_folder_name(&name, path, &naming, &err), -1);
	nw_buf_free(&name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_folders),
		cmocka_unit_test(a_name_that_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
