/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a gateway can be reached as a person has just described it: asked by
 * a worker of its own, without waiting.
 */
#ifndef NEWSWIRE_PLUGIN_GATEWAY_TEST_H
#define NEWSWIRE_PLUGIN_GATEWAY_TEST_H

#include "worker.h"

struct nw_gateway_test;

/* What to say of the answer, in the main thread; the test is over and is not to
 * be stopped any more. */
typedef void nw_gateway_test_fn(gboolean good, const char *words,
				gpointer data);
struct nw_gateway_test *nw_gateway_test_start(const struct nw_gateway *gateway,
					      nw_gateway_test_fn *answer,
					      gpointer data);
/* There will be no answer.  Accepts NULL. */
void nw_gateway_test_stop(struct nw_gateway_test *test);

#endif
