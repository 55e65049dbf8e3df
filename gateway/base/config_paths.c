/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_private.h"
#include "newswire/config.h"
#include "newswire/limits.h"

static const char *home_dir(struct nw_arena *arena)
{
	const char *home = getenv("HOME");
	struct passwd *user;

	if (!home || *home != '/') {
		user = getpwuid(geteuid());
		home = user ? user->pw_dir : NULL;
	}
	return home ? nw_arena_strdup(arena, home) : NULL;
}

/* XDG Base Directory Specification: a path that is not absolute is ignored. */
static const char *xdg_dir(struct nw_arena *arena, const char *variable,
			   const char *below_home)
{
	const char *dir = getenv(variable), *home;

	if (dir && *dir == '/')
		return nw_arena_printf(arena, "%s/newswire", dir);
	home = home_dir(arena);
	return home ? nw_arena_printf(arena, "%s/%s/newswire", home,
				      below_home) : NULL;
}

int config_find_paths(struct nw_arena *arena, const char *home,
		      struct nw_config *config, struct nw_error *err)
{
	const char *conf_dir, *data_dir;

	if (!home)
		home = getenv("NEWSWIRE_HOME");
	if (home && *home) {
		conf_dir = data_dir = nw_arena_strdup(arena, home);
	} else if (!geteuid()) {
		conf_dir = "/etc/newswire";
		data_dir = "/var/lib/newswire";
	} else {
		conf_dir = xdg_dir(arena, "XDG_CONFIG_HOME", ".config");
		data_dir = xdg_dir(arena, "XDG_DATA_HOME", ".local/share");
	}
	if (!conf_dir || !data_dir)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "HOME: is not set: name a folder with "
				    "--home");
	config->config_path = nw_arena_printf(arena, "%s/newswire.conf",
					      conf_dir);
	config->data_dir = data_dir;
	config->store_path = nw_arena_printf(arena, "%s/newswire.db",
					     data_dir);
	return 0;
}

int nw_config_make_folder(const char *folder, struct nw_error *err)
{
	char path[NW_PATH_BYTES], *slash;
	struct stat st;
	size_t len = strlen(folder);

	if (!len || len >= sizeof(path))
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: the name of the folder is too long",
				    folder);
	memcpy(path, folder, len + 1);
	for (slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return nw_error_errno(err, "%s", path);
		*slash = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		return nw_error_errno(err, "%s", path);
	if (stat(path, &st))
		return nw_error_errno(err, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return nw_error_set(err, NW_ERROR_IO, "%s: is no folder",
				    path);
	return 0;
}

int nw_config_make_dir(const struct nw_config *config, struct nw_error *err)
{
	return nw_config_make_folder(config->data_dir, err);
}
