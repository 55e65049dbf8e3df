/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "../../gateway/deliver/password_private.h"

static char dir[] = "/tmp/newswire-password-XXXXXX";
static char path[64];

static void write_file(const char *text, size_t len, mode_t mode)
{
	int fd;

	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

struct file_case {
	const char *text;
	const char *user, *host;
	const char *password;	/* NULL: there is none */
};

static const struct file_case cases[] = {
	{ "ida@h secret\n", "ida", "h", "secret" },
	{ "ida@h secret", "ida", "h", "secret" },
	{ "ida@h secret\r\n", "ida", "h", "secret" },
	{ "ida@h\t  two  words \n", "ida", "h", "two  words " },
	{ "# ida@h no\n\nbo@h no\nida@other no\nida@h #1\n", "ida", "h",
	  "#1" },
	{ "ida@h first\nida@h second\n", "ida", "h", "first" },
	{ "ida@example.org@Mail.Example.ORG pw\n", "ida@example.org",
	  "mail.example.org", "pw" },
	{ "Ida@h secret\n", "ida", "h", NULL },
	{ "ida@hh secret\n", "ida", "h", NULL },
	{ "iida@h secret\n", "ida", "h", NULL },
	{ " ida@h secret\n", "ida", "h", NULL },
	{ "ida@h\n", "ida", "h", NULL },
	{ "ida@h \n", "ida", "h", NULL },
	{ "ida@h\nsecret\n", "ida", "h", NULL },
	{ "", "ida", "h", NULL },
};

static void lines_of_a_file(void **state)
{
	struct password password;
	struct nw_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		const struct file_case *c = &cases[i];
		int result;

		write_file(c->text, strlen(c->text), 0600);
		result = password_find(&password, c->user, c->host, path, &err);
		assert_int_equal(result, c->password ? 0 : -1);
		if (c->password)
			assert_string_equal(password.text, c->password);
		else
			assert_int_equal(err.code, NW_ERROR_CONFIG);
	}
}

static void refuse(const char *why)
{
	struct password password;
	struct nw_error err;

	assert_int_equal(password_find(&password, "ida", "h", path, &err), -1);
	assert_int_equal(err.code, NW_ERROR_CONFIG);
	assert_non_null(strstr(err.text, why));
	assert_null(strstr(err.text, "secret"));
}

static void files_that_others_can_read(void **state)
{
	static const char text[] = "ida@h secret\n";
	static const mode_t modes[] = { 0640, 0604, 0660, 0610, 0644, 0666 };
	struct password password;
	struct nw_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(modes); i++) {
		write_file(text, sizeof(text) - 1, modes[i]);
		refuse("chmod 600");
	}
	write_file(text, sizeof(text) - 1, 0400);
	assert_int_equal(password_find(&password, "ida", "h", path, &err), 0);
	/* Only root can give a file away. */
	if (!geteuid()) {
		write_file(text, sizeof(text) - 1, 0600);
		assert_int_equal(chown(path, 65534, 65534), 0);
		refuse("another user");
	}
}

static void what_is_no_file(void **state)
{
	(void)state;
	(void)unlink(path);
	refuse("no such file");
	assert_int_equal(mkdir(path, 0700), 0);
	refuse("regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	refuse("regular file");
}

static void sizes(void **state)
{
	static char text[NW_PASSWORDS_BYTES + 2];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "ida@h ", 6);
	write_file(text, sizeof(text), 0600);
	refuse("larger than");
	write_file(text, 6 + NW_PASSWORD_BYTES + 1, 0600);
	refuse("1 to 1024 bytes");
	write_file("ida@h sec\0ret\n", 14, 0600);
	refuse("no text");
}

static void the_environment_comes_first(void **state)
{
	struct password password;
	struct nw_error err;

	(void)state;
	write_file("ida@h file\n", 11, 0644);
	assert_int_equal(setenv(PASSWORD_VARIABLE, "of it", 1), 0);
	assert_int_equal(password_find(&password, "ida", "h", path, &err), 0);
	assert_string_equal(password.text, "of it");
	assert_int_equal(setenv(PASSWORD_VARIABLE, "a\r\nb", 1), 0);
	refuse("line end");
	assert_int_equal(unsetenv(PASSWORD_VARIABLE), 0);
	assert_int_equal(password_find(&password, "ida", "h", NULL, &err), -1);
	assert_non_null(strstr(err.text, "no password for ida@h"));
}

static void wiping(void **state)
{
	static const struct password none;
	struct password password;

	(void)state;
	memset(&password, 'x', sizeof(password));
	password_wipe(&password);
	assert_memory_equal(&password, &none, sizeof(none));
}

static int make_dir(void **state)
{
	(void)state;
	(void)unsetenv(PASSWORD_VARIABLE);
	if (!mkdtemp(dir))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/passwords", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_a_file),
		cmocka_unit_test(files_that_others_can_read),
		cmocka_unit_test(what_is_no_file),
		cmocka_unit_test(sizes),
		cmocka_unit_test(the_environment_comes_first),
		cmocka_unit_test(wiping),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
