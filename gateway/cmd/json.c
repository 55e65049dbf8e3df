/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cmd_private.h"

int nw_cmd_print_json(FILE *out, json_t *value, size_t flags,
		      struct nw_error *err)
{
	int result = json_dumpf(value, out, flags);

	json_decref(value);
	if (result < 0 || fputc('\n', out) == EOF)
		return nw_error_errno(err, "standard output");
	return 0;
}
