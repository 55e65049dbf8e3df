/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/url.h"

/* Parameters that say where a reader came from, never what he reads.  A name
 * that ends in "*" stands for all that begin so. */
static const char *const tracking[] = {
	"__s", "__twitter_impression", "_branch_match_id", "_branch_referrer",
	"_bta_c", "_bta_tid", "_ga", "_gl", "_hsenc", "_hsmi", "_ke",
	"_openstat", "ascsubtag", "at_*", "cmp", "cmpid", "cndid",
	"creativeasin", "dclid", "dm_i", "ef_id", "emc", "epik",
	"fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fbclid",
	"ftag", "gad_campaignid", "gad_source", "gbraid", "gclid", "gclsrc",
	"guccounter", "guce_referrer", "guce_referrer_sig", "hsa_*",
	"hsctatracking", "icid", "igsh", "igshid", "intcid", "intcmp", "iref",
	"itm_*", "ito", "li_fat_id", "linkcode", "matomo_*", "mbid", "mc_cid",
	"mc_eid", "mibextid", "mkt_tok", "ml_subscriber", "ml_subscriber_hash",
	"msclkid", "mtm_*", "ncid", "ns_campaign", "ns_fee", "ns_linkname",
	"ns_mchannel", "ns_source", "ocid", "oly_anon_id", "oly_enc_id",
	"pd_rd_*", "pf_rd_*", "piwik_*", "pk_*", "rb_clickid", "ref_src",
	"ref_url", "s_cid", "s_kwcid", "smid", "smtyp", "soc_src", "soc_trk",
	"sr_share", "srsltid", "taid", "trk_*", "ttclid", "twclid", "utm_*",
	"vero_conv", "vero_id", "wbraid", "wickedid", "wprov", "wt.mc_*",
	"wt_mc", "wt_zmc", "xtor", "yclid",
};

/* The same on the pages of one site, whose hosts end so: elsewhere the names
 * mean something.  The key of what a subscriber gave to others to read is none
 * of them, for it opens the page. */
static const struct site {
	const char *host;
	const char *names[8];
} sites[] = {
	{ "apple.com", { "itscg", "itsct" } },
	{ "bloomberg.com", { "leadsource", "sref", "srnd" } },
	{ "facebook.com",
	  { "__cft__*", "__tn__", "__xts__*", "fref", "hc_ref", "rdid",
	    "ref" } },
	{ "forbes.com", { "sh" } },
	{ "ft.com", { "segmentid", "sharetype", "syn-*" } },
	{ "imdb.com", { "ref_" } },
	{ "linkedin.com", { "lipi", "rcm", "trackingid", "trk" } },
	{ "marketwatch.com", { "mod" } },
	{ "medium.com", { "source" } },
	{ "nytimes.com", { "referringsource" } },
	{ "reddit.com", { "rdt", "share_id" } },
	{ "spotify.com", { "si" } },
	{ "substack.com", { "r", "triedredirect" } },
	{ "threads.com", { "slof", "xmt" } },
	{ "threads.net", { "slof", "xmt" } },
	{ "tiktok.com",
	  { "_r", "_t", "is_copy_url", "is_from_webapp", "sender_device" } },
	{ "twitter.com", { "cxt", "s", "t" } },
	{ "washingtonpost.com", { "itid", "wpisrc", "wpmm" } },
	{ "wsj.com", { "mod", "reflink" } },
	{ "x.com", { "cxt", "s", "t" } },
	{ "youtu.be", { "feature", "si" } },
	{ "youtube.com", { "ab_channel", "feature", "pp", "si" } },
};

static bool is_named(const char *known, const char *name, size_t len)
{
	size_t known_len = strlen(known);

	if (known[known_len - 1] == '*')
		return len >= known_len - 1 &&
		       !strncasecmp(known, name, known_len - 1);
	return known_len == len && !strncasecmp(known, name, len);
}

static const struct site *find_site(const char *url)
{
	const char *host = strstr(url, "://");
	size_t len, i;

	host = host ? host + 3 : url;
	len = strcspn(host, ":/?#");
	for (i = 0; i < sizeof(sites) / sizeof(*sites); i++) {
		size_t end = strlen(sites[i].host);

		if (len >= end &&
		    !strncasecmp(host + len - end, sites[i].host, end) &&
		    (len == end || host[len - end - 1] == '.'))
			return &sites[i];
	}
	return NULL;
}

static bool is_tracking(const struct site *site, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(tracking) / sizeof(*tracking); i++)
		if (is_named(tracking[i], name, len))
			return true;
	for (i = 0; site && i < 8 && site->names[i]; i++)
		if (is_named(site->names[i], name, len))
			return true;
	return false;
}

/* Copies the parameters that stay; returns the end of what was written. */
static char *copy_query(char *out, const struct site *site, const char *query,
			const char *end)
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
		    !is_tracking(site, query, (size_t)(name_end - query))) {
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
		out = copy_query(out, find_site(url), url + before + 1, end);
	if (fragment && keep_fragment) {
		memcpy(out, fragment, strlen(fragment));
		out += strlen(fragment);
	}
	*out = '\0';
	return copy;
}
