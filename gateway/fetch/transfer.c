/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "fetch_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"

/* Octets of a URL that an error shows, so that its reason has room too. */
#define URL_SHOWN 200

/* curl's timers may run a little ahead of our clock. */
#define SLACK_MS 50

/* How a redirect is told (RFC 9110 section 15.4). */
static const struct redirect {
	long status;
	bool permanent;
} redirects[] = {
	{ 301, true }, { 302, false }, { 303, false },
	{ 307, false }, { 308, true },
};

/* What curl's codes mean to a person. */
static const struct failure {
	CURLcode result;
	enum nw_error_code code;
	const char *why;
	bool detailed;		/* curl's own words help */
} failures[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, NW_ERROR_NETWORK,
	  "the host's name is unknown", false },
	{ CURLE_COULDNT_RESOLVE_PROXY, NW_ERROR_NETWORK,
	  "the proxy's name is unknown", false },
	{ CURLE_PROXY, NW_ERROR_NETWORK, "the proxy refuses", true },
	{ CURLE_COULDNT_CONNECT, NW_ERROR_NETWORK,
	  "the host cannot be reached or refuses the connection", false },
	{ CURLE_GOT_NOTHING, NW_ERROR_NETWORK,
	  "the host closed the connection without an answer", false },
	{ CURLE_PARTIAL_FILE, NW_ERROR_NETWORK, "the answer was cut short",
	  false },
	{ CURLE_SEND_ERROR, NW_ERROR_NETWORK, "the connection broke", false },
	{ CURLE_RECV_ERROR, NW_ERROR_NETWORK, "the connection broke", false },
	{ CURLE_UNSUPPORTED_PROTOCOL, NW_ERROR_DATA, "the answer is no HTTP",
	  false },
	{ CURLE_WEIRD_SERVER_REPLY, NW_ERROR_DATA, "the answer is no HTTP",
	  true },
	{ CURLE_BAD_CONTENT_ENCODING, NW_ERROR_DATA,
	  "the answer's compression is broken", false },
	{ CURLE_PEER_FAILED_VERIFICATION, NW_ERROR_NETWORK,
	  "the host's certificate is not valid", true },
	{ CURLE_SSL_CONNECT_ERROR, NW_ERROR_NETWORK,
	  "no secure connection can be made", true },
};

int64_t nw_fetch_clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
	struct nw_fetch *fetch = context;
	size_t len = size * count;

	nw_buf_add(&fetch->body, bytes, len);
	if (nw_buf_ok(&fetch->body))
		return len;
	fetch->stop = NW_FETCH_STOP_BODY;
	return 0;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
	struct nw_fetch *fetch = context;
	size_t len = size * count;

	(void)line;
	if (len <= NW_FETCH_HEADER_BYTES - fetch->header_bytes) {
		fetch->header_bytes += len;
		return len;
	}
	fetch->stop = NW_FETCH_STOP_HEADERS;
	return 0;
}

static void note_refusal(struct nw_fetch *fetch,
			 const struct sockaddr *address, const char *kind)
{
	char text[INET6_ADDRSTRLEN] = "?";
	struct sockaddr_in6 ipv6;
	struct sockaddr_in ipv4;

	if (address->sa_family == AF_INET) {
		memcpy(&ipv4, address, sizeof(ipv4));
		(void)inet_ntop(AF_INET, &ipv4.sin_addr, text, sizeof(text));
	} else if (address->sa_family == AF_INET6) {
		memcpy(&ipv6, address, sizeof(ipv6));
		(void)inet_ntop(AF_INET6, &ipv6.sin6_addr, text,
				sizeof(text));
	}
	fetch->refused = nw_arena_printf(fetch->arena, "%s is %s", text, kind);
}

/* The one place where a connection begins: whatever the URL, the redirects
 * and the name server said, this is the address.  A proxy's is the choice of
 * the operator; what lies behind it is looked at by check_target(). */
static curl_socket_t on_socket(void *context, curlsocktype purpose,
			       struct curl_sockaddr *address)
{
	struct nw_fetch *fetch = context;
	const char *kind = nw_fetch_address_kind(&address->addr);

	(void)purpose;
	if (kind && !fetch->fetcher->policy.allow_private &&
	    !*fetch->fetcher->proxy) {
		note_refusal(fetch, &address->addr, kind);
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
		      address->protocol);
}

static bool add_header(struct nw_fetch *fetch, const char *name,
		       const char *value)
{
	struct curl_slist *grown;
	const char *c;

	if (!value || strlen(value) > NW_FETCH_VALIDATOR_BYTES)
		return true;
	for (c = value; *c; c++)
		if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
			return true;
	grown = curl_slist_append(fetch->headers,
				  nw_arena_printf(fetch->arena, "%s: %s",
						  name, value));
	if (grown)
		fetch->headers = grown;
	return grown != NULL;
}

static bool add_headers(struct nw_fetch *fetch)
{
	return add_header(fetch, "If-None-Match", fetch->etag) &&
	       add_header(fetch, "If-Modified-Since", fetch->last_modified) &&
	       add_header(fetch, "Accept", fetch->accept);
}

#define SET(option, value) \
	(curl_easy_setopt(fetch->easy, option, value) == CURLE_OK)

static bool set_callbacks(struct nw_fetch *fetch)
{
	return SET(CURLOPT_PRIVATE, fetch) &&
	       SET(CURLOPT_ERRORBUFFER, fetch->detail) &&
	       SET(CURLOPT_WRITEFUNCTION, on_body) &&
	       SET(CURLOPT_WRITEDATA, fetch) &&
	       SET(CURLOPT_HEADERFUNCTION, on_header) &&
	       SET(CURLOPT_HEADERDATA, fetch) &&
	       SET(CURLOPT_OPENSOCKETFUNCTION, on_socket) &&
	       SET(CURLOPT_OPENSOCKETDATA, fetch);
}

/* Redirects are followed by nw_transfer_hop_done(), which knows the permanent
 * ones from the others; curl starts one hop. */
static bool set_policy(struct nw_fetch *fetch)
{
	const struct nw_fetch_policy *policy = &fetch->fetcher->policy;

	return SET(CURLOPT_PROTOCOLS_STR, "http,https") &&
	       SET(CURLOPT_FOLLOWLOCATION, 0L) &&
	       SET(CURLOPT_PROXY, fetch->fetcher->proxy) &&
	       SET(CURLOPT_NOPROXY, "") &&
	       SET(CURLOPT_NOSIGNAL, 1L) &&
	       SET(CURLOPT_ACCEPT_ENCODING, "") &&
	       SET(CURLOPT_USERAGENT, fetch->user_agent ?
					      fetch->user_agent :
					      fetch->fetcher->user_agent) &&
	       SET(CURLOPT_REFERER, fetch->referer) &&
	       SET(CURLOPT_COOKIE, fetch->cookie) &&
	       SET(CURLOPT_HTTPHEADER, fetch->headers) &&
	       SET(CURLOPT_CONNECTTIMEOUT_MS, (long)policy->connect_ms) &&
	       SET(CURLOPT_LOW_SPEED_LIMIT, (long)NW_FETCH_LOW_SPEED_BYTES) &&
	       SET(CURLOPT_LOW_SPEED_TIME, (long)NW_FETCH_LOW_SPEED_S) &&
	       SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)fetch->body_bytes);
}

void nw_transfer_end(struct nw_fetch *fetch)
{
	/* For a handle that is not in the multi this does nothing. */
	if (fetch->easy)
		(void)curl_multi_remove_handle(fetch->fetcher->multi,
					       fetch->easy);
	curl_easy_cleanup(fetch->easy);
	curl_slist_free_all(fetch->headers);
	if (fetch->arena)
		nw_buf_free(&fetch->body);
	nw_arena_free(&fetch->arena);
	fetch->easy = NULL;
	fetch->headers = NULL;
}

/* Fails with "URL: why", naming the last hop when it was another one. */
static int fail(const struct nw_fetch *fetch, struct nw_error *err,
		enum nw_error_code code, const char *why)
{
	if (fetch->hops)
		return nw_error_set(err, code, "%.*s: redirected to %.*s: %s",
				    URL_SHOWN / 2, fetch->url, URL_SHOWN / 2,
				    fetch->hop_url, why);
	return nw_error_set(err, code, "%.*s: %s", URL_SHOWN, fetch->url, why);
}

static int fail_by_address(const struct nw_fetch *fetch, const char *refused,
			   struct nw_error *err)
{
	return fail(fetch, err, NW_ERROR_REFUSED,
		    nw_arena_printf(fetch->arena,
				    "%s, and only public addresses are "
				    "allowed (allow-private in newswire.conf)",
				    refused));
}

/* A proxy does what it is asked to, so it is not asked for what can be seen
 * to be private. */
static int check_target(const struct nw_fetch *fetch, struct nw_error *err)
{
	const char *host = fetch->host->name;
	const char *kind = nw_fetch_host_kind(host);

	if (!kind || !*fetch->fetcher->proxy ||
	    fetch->fetcher->policy.allow_private)
		return 0;
	return fail_by_address(fetch,
			       nw_arena_printf(fetch->arena, "%s is %s", host,
					       kind),
			       err);
}

/* Begins a hop at hop_url with what is left of the time for all of them. */
static int start_hop(struct nw_fetch *fetch, struct nw_error *err)
{
	int64_t left = fetch->total_ms - fetch->spent_ms;

	nw_buf_reset(&fetch->body);
	fetch->header_bytes = 0;
	fetch->refused = NULL;
	fetch->detail[0] = '\0';
	fetch->started_ms = nw_fetch_clock_ms();
	if (SET(CURLOPT_URL, fetch->hop_url) &&
	    SET(CURLOPT_TIMEOUT_MS, left > 0 ? (long)left : 1L) &&
	    curl_multi_add_handle(fetch->fetcher->multi, fetch->easy) ==
		    CURLM_OK)
		return 0;
	return nw_error_set(err, NW_ERROR_INTERNAL,
			    "%.*s: libcurl cannot start the transfer",
			    URL_SHOWN, fetch->url);
}

static int set_up(struct nw_fetch *fetch, struct nw_error *err)
{
	fetch->arena = nw_arena_new();
	fetch->permanent = true;
	nw_buf_init(&fetch->body, fetch->body_bytes);
	fetch->easy = curl_easy_init();
	if (fetch->easy && add_headers(fetch) && set_callbacks(fetch) &&
	    set_policy(fetch))
		return 0;
	return nw_error_set(err, NW_ERROR_INTERNAL,
			    "%.*s: libcurl cannot be set up", URL_SHOWN,
			    fetch->url);
}

int nw_transfer_start(struct nw_fetch *fetch, struct nw_error *err)
{
	if ((fetch->easy || set_up(fetch, err) == 0) &&
	    check_target(fetch, err) == 0 && start_hop(fetch, err) == 0)
		return 0;
	nw_transfer_end(fetch);
	return -1;
}

static int fail_by_time(struct nw_fetch *fetch, struct nw_error *err)
{
	const struct nw_fetch_policy *policy = &fetch->fetcher->policy;
	curl_off_t connected_us = 0;
	const char *why;

	(void)curl_easy_getinfo(fetch->easy, CURLINFO_PRETRANSFER_TIME_T,
				&connected_us);
	if (fetch->spent_ms + SLACK_MS >= fetch->total_ms)
		why = nw_arena_printf(fetch->arena, "not finished after %g s",
				      fetch->total_ms / 1000.0);
	else if (connected_us == 0)
		why = nw_arena_printf(fetch->arena,
				      "no connection after %g s",
				      policy->connect_ms / 1000.0);
	else
		why = nw_arena_printf(fetch->arena,
				      "slower than %d bytes a second for "
				      "%d s",
				      NW_FETCH_LOW_SPEED_BYTES,
				      NW_FETCH_LOW_SPEED_S);
	return fail(fetch, err, NW_ERROR_NETWORK, why);
}

static int fail_by_size(struct nw_fetch *fetch, struct nw_error *err)
{
	return fail(fetch, err, NW_ERROR_REFUSED,
		    nw_arena_printf(fetch->arena,
				    "the answer is larger than %zu bytes%s",
				    fetch->body_bytes,
				    fetch->own_body_bytes
					    ? ""
					    : " (fetch-size in "
					      "newswire.conf)"));
}

static int fail_by_code(struct nw_fetch *fetch, CURLcode result,
			struct nw_error *err)
{
	const char *detail = fetch->detail[0] ? fetch->detail :
						curl_easy_strerror(result);
	size_t i;

	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		if (failures[i].result != result)
			continue;
		if (!failures[i].detailed)
			return fail(fetch, err, failures[i].code,
				    failures[i].why);
		return fail(fetch, err, failures[i].code,
			    nw_arena_printf(fetch->arena, "%s (%s)",
					    failures[i].why, detail));
	}
	return fail(fetch, err, NW_ERROR_NETWORK, detail);
}

static int hop_failed(struct nw_fetch *fetch, CURLcode result,
		      struct nw_error *err)
{
	if (fetch->stop == NW_FETCH_STOP_HEADERS)
		return fail(fetch, err, NW_ERROR_REFUSED,
			    "the answer's headers are too large");
	if (fetch->stop == NW_FETCH_STOP_BODY ||
	    result == CURLE_FILESIZE_EXCEEDED)
		return fail_by_size(fetch, err);
	if (fetch->refused && result == CURLE_COULDNT_CONNECT)
		return fail_by_address(fetch, fetch->refused, err);
	if (result == CURLE_OPERATION_TIMEDOUT)
		return fail_by_time(fetch, err);
	return fail_by_code(fetch, result, err);
}

static const struct redirect *find_redirect(long status)
{
	size_t i;

	for (i = 0; i < sizeof(redirects) / sizeof(redirects[0]); i++)
		if (redirects[i].status == status)
			return &redirects[i];
	return NULL;
}

/* Another host gets no cookie and no referrer that were meant for this one. */
static bool forget_host(struct nw_fetch *fetch, const char *next)
{
	struct nw_url parts;

	if (nw_url_split(fetch->arena, next, &parts) == 0 && parts.host &&
	    !strcmp(parts.host, fetch->host->name))
		return true;
	return SET(CURLOPT_REFERER, NULL) && SET(CURLOPT_COOKIE, NULL);
}

/* Where a redirect leads to; NULL, and err says why not there. */
static const char *next_url(struct nw_fetch *fetch, const char *location,
			    struct nw_error *err)
{
	const char *next = nw_url_resolve(fetch->arena, fetch->hop_url,
					  location);

	if (next && nw_url_is_web(next))
		return next;
	(void)fail(fetch, err, NW_ERROR_REFUSED,
		   nw_arena_printf(fetch->arena,
				   "redirects to \"%.*s\", which is no web "
				   "address",
				   URL_SHOWN / 2, location));
	return NULL;
}

/* 1 when there is a next hop, -1. */
static int follow(struct nw_fetch *fetch, const struct redirect *redirect,
		  const char *next, struct nw_error *err)
{
	if (fetch->hops == NW_FETCH_REDIRECTS)
		return fail(fetch, err, NW_ERROR_REFUSED,
			    nw_arena_printf(fetch->arena,
					    "more than %d redirects",
					    NW_FETCH_REDIRECTS));
	fetch->hops++;
	fetch->permanent = fetch->permanent && redirect->permanent;
	if (fetch->permanent)
		fetch->permanent_url = next;
	fetch->hop_url = next;
	if (curl_multi_remove_handle(fetch->fetcher->multi, fetch->easy) !=
		    CURLM_OK ||
	    !forget_host(fetch, next))
		return fail(fetch, err, NW_ERROR_INTERNAL,
			    "libcurl cannot follow a redirect");
	return 1;
}

int nw_transfer_hop_done(struct nw_fetch *fetch, CURLcode result,
			 struct nw_fetch_reply *reply_r, struct nw_error *err)
{
	const struct redirect *redirect;
	struct curl_header *location;
	const char *next = NULL;
	long status = 0;

	fetch->spent_ms += nw_fetch_clock_ms() - fetch->started_ms;
	if (result != CURLE_OK || fetch->stop != NW_FETCH_STOP_NONE)
		return hop_failed(fetch, result, err);
	(void)curl_easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
	redirect = find_redirect(status);
	if (redirect && curl_easy_header(fetch->easy, "Location", 0,
					 CURLH_HEADER, -1,
					 &location) == CURLHE_OK) {
		next = next_url(fetch, location->value, err);
		if (!next)
			return -1;
		if (!fetch->holds)
			return follow(fetch, redirect, next, err);
	}
	*reply_r = (struct nw_fetch_reply){
		.status = (int)status,
		.url = fetch->hop_url,
		.redirect_url = next,
		.body = fetch->body.data,
		.body_len = fetch->body.len,
	};
	if (fetch->permanent_url && strcmp(fetch->permanent_url, fetch->url))
		reply_r->permanent_url = fetch->permanent_url;
	nw_fetch_headers(fetch->arena, fetch->easy, (int64_t)time(NULL),
			 reply_r);
	return 0;
}
