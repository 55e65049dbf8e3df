/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small web server for tests and demonstrations: serves a folder, makes its
 * live page grow, and misbehaves where it is asked to.
 */
#include "config.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/keyvalq_struct.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>

#include "sitehttpd.h"

#define FILE_BYTES (8u << 20)
#define BASE_MARK "@BASE@"

static const struct type {
	const char *suffix, *type;
	bool text;		/* BASE_MARK is replaced */
} types[] = {
	{ ".html", "text/html; charset=utf-8", true },
	{ ".xml", "application/xml", true },
	{ ".json", "application/feed+json", true },
	{ ".jpg", "image/jpeg", false },
	{ ".png", "image/png", false },
	{ ".svg", "image/svg+xml", false },
	{ "", "application/octet-stream", false },
};

static const char usage[] =
	"Usage: sitehttpd [--port PORT] [--live-seconds N] [--start UTC] "
	"[--now UTC]\n"
	"                 [--quiet] DIR\n"
	"\n"
	"Serves the folder DIR on 127.0.0.1 and prints the address.\n";

static const struct type *find_type(const char *path)
{
	const struct type *type = types;
	size_t len = strlen(path), suffix;

	for (;; type++) {
		suffix = strlen(type->suffix);
		if (len >= suffix &&
		    strcmp(path + len - suffix, type->suffix) == 0)
			return type;
	}
}

void site_header(struct evhttp_request *request, const char *name,
		 const char *value)
{
	(void)evhttp_add_header(evhttp_request_get_output_headers(request),
				name, value);
}

static const char *asked(struct evhttp_request *request, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(request),
				  name);
}

void site_send(struct evhttp_request *request, int status,
	       const char *reason, const char *text)
{
	struct evbuffer *body = evbuffer_new();

	site_header(request, "Content-Type", "text/plain; charset=utf-8");
	if (body)
		(void)evbuffer_add_printf(body, "%s\n", text);
	evhttp_send_reply(request, status, reason, body);
	if (body)
		evbuffer_free(body);
}

static int read_file(const char *name, struct nw_buf *out,
		     int64_t *modified_r, struct nw_error *err)
{
	FILE *file = fopen(name, "rb");
	struct stat facts;
	char piece[65536];
	size_t len;

	if (!file)
		return nw_error_errno(err, "%s", name);
	while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
		nw_buf_add(out, piece, len);
	if (ferror(file) || fstat(fileno(file), &facts) < 0 ||
	    !nw_buf_ok(out)) {
		(void)fclose(file);
		return nw_error_errno(err, "%s", name);
	}
	*modified_r = facts.st_mtime;
	return fclose(file) == 0 ? 0 : nw_error_errno(err, "%s", name);
}

int site_read(const struct site *site, const char *path, struct nw_buf *out,
	      int64_t *modified_r, struct nw_error *err)
{
	char name[4096];
	int len = snprintf(name, sizeof(name), "%s%s", site->dir, path);

	if (len < 0 || (size_t)len >= sizeof(name) || strstr(path, ".."))
		return nw_error_set(err, NW_ERROR_MISSING, "%s: no such page",
				    path);
	return read_file(name, out, modified_r, err);
}

/* Puts the site's address where a page names it. */
static void replace_base(const struct site *site, struct nw_buf *body)
{
	const char *from = body->data, *mark;
	struct nw_buf out;

	nw_buf_init(&out, FILE_BYTES);
	while ((mark = strstr(from, BASE_MARK))) {
		nw_buf_add(&out, from, (size_t)(mark - from));
		nw_buf_adds(&out, site->base_url);
		from = mark + strlen(BASE_MARK);
	}
	nw_buf_adds(&out, from);
	nw_buf_free(body);
	*body = out;
}

/* FNV-1a of the body: the same page has the same mark on every run. */
static void make_etag(const struct nw_buf *body, char etag[32])
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	size_t i;

	for (i = 0; i < body->len; i++)
		hash = (hash ^ (unsigned char)body->data[i]) *
		       UINT64_C(0x100000001b3);
	(void)snprintf(etag, 32, "\"%016" PRIx64 "\"", hash);
}

static void http_date(int64_t utc, char text[64])
{
	time_t seconds = (time_t)utc;
	struct tm parts;

	(void)gmtime_r(&seconds, &parts);
	(void)strftime(text, 64, "%a, %d %b %Y %H:%M:%S GMT", &parts);
}

/* Whether the client has it; If-None-Match goes first (RFC 9110 section
 * 13.2.2). */
static bool is_known(struct evhttp_request *request, const char *etag,
		     const char *modified)
{
	const char *match = asked(request, "If-None-Match");
	const char *since = asked(request, "If-Modified-Since");

	if (match)
		return strcmp(match, etag) == 0;
	return since && strcmp(since, modified) == 0;
}

static int send_page(struct evhttp_request *request, const char *path,
		     const struct site_page *page)
{
	struct evbuffer *body;
	char etag[32], modified[64];

	make_etag(&page->body, etag);
	http_date(page->modified_utc, modified);
	site_header(request, "Content-Type", find_type(path)->type);
	site_header(request, "ETag", etag);
	site_header(request, "Last-Modified", modified);
	if (is_known(request, etag, modified)) {
		evhttp_send_reply(request, 304, "Not Modified", NULL);
		return 304;
	}
	body = evbuffer_new();
	if (body)
		(void)evbuffer_add(body, page->body.data, page->body.len);
	evhttp_send_reply(request, 200, "OK", body);
	if (body)
		evbuffer_free(body);
	return 200;
}

static int serve_file(struct site *site, struct evhttp_request *request,
		      const char *path)
{
	struct site_page page;
	struct nw_error err;
	int status = 404;
	int found;

	nw_buf_init(&page.body, FILE_BYTES);
	found = site_live(site, path,
			  evhttp_uri_get_query(
				  evhttp_request_get_evhttp_uri(request)),
			  &page, &err);
	if (found == 0 && site_read(site, path, &page.body,
				    &page.modified_utc, &err) == 0)
		found = 1;
	if (found > 0) {
		if (find_type(path)->text)
			replace_base(site, &page.body);
		status = send_page(request, path, &page);
	} else {
		site_send(request, status, "Not Found", err.text);
	}
	nw_buf_free(&page.body);
	return status;
}

static int serve_echo(struct evhttp_request *request)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	struct evbuffer *body = evbuffer_new();
	struct evkeyval *header;

	for (header = headers->tqh_first; header && body;
	     header = header->next.tqe_next)
		(void)evbuffer_add_printf(body, "%s: %s\n", header->key,
					  header->value);
	site_header(request, "Content-Type", "text/plain; charset=utf-8");
	evhttp_send_reply(request, 200, "OK", body);
	if (body)
		evbuffer_free(body);
	return 200;
}

/* The status that was sent, 0 when sitebad.c knows better. */
static int answer(struct site *site, struct evhttp_request *request,
		  const char *path)
{
	char place[128];

	if (strcmp(path, "/echo") == 0)
		return serve_echo(request);
	if (strcmp(path, "/moved/") == 0) {
		(void)snprintf(place, sizeof(place), "%s/feed.xml",
			       site->base_url);
		site_header(request, "Location", place);
		site_send(request, 301, "Moved Permanently", place);
		return 301;
	}
	if (strncmp(path, "/bad/", 5) == 0 &&
	    site_bad(site, request, path + 5))
		return 0;
	if (path[strlen(path) - 1] == '/')
		return serve_file(site, request, "/index.html");
	return serve_file(site, request, path);
}

static void on_request(struct evhttp_request *request, void *context)
{
	struct site *site = context;
	const char *path = evhttp_uri_get_path(
		evhttp_request_get_evhttp_uri(request));
	int status;

	if (!path || !*path)
		path = "/";
	status = answer(site, request, path);
	if (!site->quiet)
		(void)fprintf(stderr, "sitehttpd: %s: %d\n", path, status);
}

static int number(const char *option, const char *text, int64_t *value_r)
{
	char *end;

	errno = 0;
	*value_r = strtoll(text, &end, 10);
	if (!errno && *text && !*end && *value_r >= 0)
		return 0;
	(void)fprintf(stderr, "sitehttpd: --%s: \"%s\" is no number\n", option,
		      text);
	return -1;
}

static int read_options(struct site *site, int argc, char **argv,
			int64_t *port_r)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "live-seconds", required_argument, NULL, 'l' },
		{ "start", required_argument, NULL, 's' },
		{ "now", required_argument, NULL, 'n' },
		{ "quiet", no_argument, NULL, 'q' },
		{ NULL, 0, NULL, 0 },
	};
	int64_t live_s = 60;
	int option, at = 0, result = 0;

	while ((option = getopt_long(argc, argv, "", options, &at)) != -1) {
		if (option == 'p')
			result |= number("port", optarg, port_r);
		else if (option == 'l')
			result |= number("live-seconds", optarg, &live_s);
		else if (option == 's')
			result |= number("start", optarg, &site->start_utc);
		else if (option == 'n')
			result |= number("now", optarg, &site->now_utc);
		else if (option == 'q')
			site->quiet = true;
		else
			result = -1;
	}
	if (result < 0 || optind + 1 != argc || *port_r > UINT16_MAX ||
	    live_s < 1 || live_s > UINT16_MAX)
		return -1;
	site->live_s = (unsigned)live_s;
	site->dir = argv[optind];
	return 0;
}

static int listen_on(struct site *site, struct evhttp *server, int64_t port)
{
	struct evhttp_bound_socket *bound = evhttp_bind_socket_with_handle(
		server, "127.0.0.1", (uint16_t)port);
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	if (!bound ||
	    getsockname(evhttp_bound_socket_get_fd(bound),
			(struct sockaddr *)&address, &len) < 0)
		return -1;
	(void)snprintf(site->base_url, sizeof(site->base_url),
		       "http://127.0.0.1:%u", ntohs(address.sin_port));
	return 0;
}

static void stop(evutil_socket_t number_of_signal, short what, void *context)
{
	(void)number_of_signal;
	(void)what;
	(void)event_base_loopbreak(context);
}

static int serve(struct site *site, struct evhttp *server, int64_t port)
{
	struct event *interrupt = evsignal_new(site->events, SIGINT, stop,
					       site->events);
	struct event *terminate = evsignal_new(site->events, SIGTERM, stop,
					       site->events);
	int result = EX_OSERR;

	evhttp_set_gencb(server, on_request, site);
	if (!interrupt || !terminate || event_add(interrupt, NULL) < 0 ||
	    event_add(terminate, NULL) < 0 ||
	    listen_on(site, server, port) < 0) {
		(void)fprintf(stderr, "sitehttpd: port %" PRId64 ": %s\n",
			      port, strerror(errno));
	} else {
		(void)printf("%s\n", site->base_url);
		if (fflush(stdout) == 0 &&
		    event_base_dispatch(site->events) >= 0)
			result = EX_OK;
	}
	if (interrupt)
		event_free(interrupt);
	if (terminate)
		event_free(terminate);
	return result;
}

int main(int argc, char **argv)
{
	struct site site = { .start_utc = time(NULL) };
	struct evhttp *server;
	int64_t port = 0;
	int result = EX_OSERR;

	if (read_options(&site, argc, argv, &port) < 0) {
		(void)fputs(usage, stderr);
		return EX_USAGE;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	site.events = event_base_new();
	server = site.events ? evhttp_new(site.events) : NULL;
	if (server) {
		result = serve(&site, server, port);
		evhttp_free(server);
	}
	if (site.events)
		event_base_free(site.events);
	return result;
}
