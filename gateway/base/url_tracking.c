/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/url.h"

/* Parameters that say where a reader came from, never what he reads.  A name
 * that ends in "*" stands for all that begin so. */
static const char *const tracking[] = {
	"__s",		 "__twitter_impression",
	"_bta_c",	 "_bta_tid",
	"_ga",		 "_gl",
	"_hsenc",	 "_hsmi",
	"_ke",		 "_openstat",
	"at_*",		 "cmp",
	"cmpid",	 "cndid",
	"dclid",	 "dm_i",
	"ef_id",	 "emc",
	"epik",		 "fb_action_ids",
	"fb_action_types", "fb_ref",
	"fb_source",	 "fbclid",
	"ftag",		 "gad_campaignid",
	"gad_source",	 "gbraid",
	"gclid",	 "gclsrc",
	"guccounter",	 "guce_referrer",
	"guce_referrer_sig", "hsa_*",
	"hsctatracking", "icid",
	"igsh",		 "igshid",
	"intcid",	 "ito",
	"itm_*",	 "li_fat_id",
	"matomo_*",	 "mbid",
	"mc_cid",	 "mc_eid",
	"mkt_tok",	 "ml_subscriber",
	"ml_subscriber_hash", "msclkid",
	"mtm_*",	 "ncid",
	"ns_campaign",	 "ns_fee",
	"ns_linkname",	 "ns_mchannel",
	"ns_source",	 "ocid",
	"oly_anon_id",	 "oly_enc_id",
	"pk_*",		 "piwik_*",
	"rb_clickid",	 "ref_src",
	"ref_url",	 "s_cid",
	"s_kwcid",	 "smid",
	"smtyp",	 "soc_src",
	"soc_trk",	 "srsltid",
	"sr_share",	 "taid",
	"trk_*",	 "ttclid",
	"twclid",	 "utm_*",
	"vero_conv",	 "vero_id",
	"wbraid",	 "wickedid",
	"wt_mc",	 "wt_zmc",
	"xtor",		 "yclid",
};

static bool is_tracking(const char *name, size_t len)
{
	size_t i, known;

	for (i = 0; i < sizeof(tracking) / sizeof(*tracking); i++) {
		known = strlen(tracking[i]);
		if (tracking[i][known - 1] == '*') {
			if (len >= known - 1 &&
			    !strncasecmp(tracking[i], name, known - 1))
				return true;
		} else if (known == len &&
			   !strncasecmp(tracking[i], name, len)) {
			return true;
		}
	}
	return false;
}

/* Copies the parameters that stay; returns the end of what was written. */
static char *copy_query(char *out, const char *query, const char *end)
{
	const char *next, *name_end;
	char mark = '?';

	while (query <= end) {
		next = memchr(query, '&', (size_t)(end - query));
		if (!next)
			next = end;
		name_end = memchr(query, '=', (size_t)(next - query));
		if (!name_end)
			name_end = next;
		if (next > query &&
		    !is_tracking(query, (size_t)(name_end - query))) {
			*out++ = mark;
			memcpy(out, query, (size_t)(next - query));
			out += next - query;
			mark = '&';
		}
		query = next + 1;
	}
	return out;
}

char *nw_url_strip_tracking(struct nw_arena *arena, const char *url,
			    bool keep_fragment)
{
	size_t len = strlen(url), before = strcspn(url, "?#");
	const char *fragment = strchr(url, '#');
	const char *end = fragment ? fragment : url + len;
	char *copy = nw_arena_alloc(arena, len + 2), *out = copy + before;

	memcpy(copy, url, before);
	if (url[before] == '?')
		out = copy_query(out, url + before + 1, end);
	if (fragment && keep_fragment) {
		memcpy(out, fragment, strlen(fragment));
		out += strlen(fragment);
	}
	*out = '\0';
	return copy;
}
