/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "newswire serve" as a service of systemd: sd_listen_fds(3), sd_notify(3),
 * sd_watchdog_enabled(3).
 */
#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "serve_private.h"

#ifdef HAVE_SYSTEMD

int nw_serve_adopt(struct nw_nntp_sockets *sockets, struct nw_error *err)
{
	char **names = NULL;
	int i, count = sd_listen_fds_with_names(1, &names);
	int result = count;

	if (count < 0)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "listen: LISTEN_FDS cannot be read");
	for (i = 0; i < count; i++) {
		if (result >= 0 &&
		    nw_nntp_listen_adopt(SD_LISTEN_FDS_START + i,
					 !strcmp(names[i], "nntps"), sockets,
					 err) < 0)
			result = -1;
		free(names[i]);
	}
	free(names);
	return result;
}

void nw_serve_notify(const char *state, void *context)
{
	(void)context;
	/* Whoever does not listen does not want to know. */
	(void)sd_notify(0, state);
}

unsigned nw_serve_watchdog_ms(void)
{
	uint64_t us;

	if (sd_watchdog_enabled(0, &us) <= 0)
		return 0;
	return us / 1000 > UINT_MAX ? UINT_MAX : (unsigned)(us / 1000);
}

#else

int nw_serve_adopt(struct nw_nntp_sockets *sockets, struct nw_error *err)
{
	(void)sockets;
	(void)err;
	return 0;
}

void nw_serve_notify(const char *state, void *context)
{
	(void)state;
	(void)context;
}

unsigned nw_serve_watchdog_ms(void)
{
	return 0;
}

#endif
