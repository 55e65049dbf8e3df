/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cmd_private.h"
#include "newswire/nntp_server.h"

int nw_cmd_certificate_check(const struct nw_config *config,
			     const struct nw_log *log, struct nw_error *err)
{
	if (config->tls_certificate)
		return nw_nntp_certificate_check(config->tls_certificate,
						 config->tls_key, log, err);
	if (config->tls_key || config->listen_tls_count)
		return nw_error_set(err, NW_ERROR_CONFIG,
				    "%s: %s needs tls-certificate",
				    config->config_path,
				    config->tls_key ? "tls-key"
						    : "listen-tls");
	return 0;
}

void nw_cmd_certificate_first(const struct nw_config *config,
			      const struct nw_log *log,
			      struct nw_nntp_server *server)
{
	struct nw_error err;

	if (nw_nntp_server_certificate(server, config->tls_certificate,
				       config->tls_key, &err) < 0)
		nw_log(log, NW_LOG_ERROR, "serve", "reader",
		       "%s; there is no TLS until it is mended", err.text);
}
