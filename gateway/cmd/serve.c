/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * serve: a master, one poller, as many readers as there are cores, and, when
 * the configuration names mailboxes, one deliverer.  That is a process of its
 * own because a mailbox may be locked and a server slow, and nothing else may
 * wait for them.
 */
#include "config.h"

#include <event2/event.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd_private.h"
#include "newswire/limits.h"
#include "newswire/nntp_server.h"
#include "newswire/picture_cache.h"
#include "newswire/pipeline.h"
#include "newswire/supervisor.h"

#define LISTENERS_MAX 16
#define EXPIRE_EVERY_S (6 * 3600)

static const struct nw_option options[] = {
	{ "listen", "ADDRESS:PORT", "serve there (may be repeated)" },
	{ "no-poll", NULL, "serve and deliver what is stored, poll nothing" },
	{ NULL, NULL, NULL },
};

struct service {
	struct nw_context *context;
	int listeners[LISTENERS_MAX];
	size_t listener_count;
};

/* What poller and reader have in common. */
struct process {
	struct event_base *base;
	struct nw_store *store;
	struct event *events[3];
	size_t event_count;
};

static void stop(evutil_socket_t fd, short what, void *base)
{
	(void)fd;
	(void)what;
	(void)event_base_loopbreak(base);
}

static int process_watch(struct process *process, evutil_socket_t fd,
			 short what)
{
	struct event *event = event_new(process->base, fd, what | EV_PERSIST,
					stop, process->base);

	if (!event)
		return -1;
	process->events[process->event_count++] = event;
	return event_add(event, NULL);
}

/* An event base that ends on SIGTERM, on SIGINT (a terminal sends it to the
 * whole group) and with the master; and the store. */
static int process_open(struct process *process, struct service *service,
			enum nw_store_mode mode, int lifeline,
			struct nw_error *err)
{
	*process = (struct process){ .base = event_base_new() };
	if (!process->base || process_watch(process, SIGTERM, EV_SIGNAL) < 0 ||
	    process_watch(process, SIGINT, EV_SIGNAL) < 0 ||
	    process_watch(process, lifeline, EV_READ) < 0)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no event loop could be made");
	return nw_store_open(&process->store,
			     service->context->config.store_path, mode, err);
}

static void process_close(struct process *process)
{
	size_t i;

	nw_store_close(&process->store);
	for (i = 0; i < process->event_count; i++)
		event_free(process->events[i]);
	if (process->base)
		event_base_free(process->base);
}

static int process_end(struct process *process, const struct nw_log *log,
		       const char *name, int result,
		       const struct nw_error *err)
{
	process_close(process);
	if (result == 0)
		return EX_OK;
	nw_log(log, NW_LOG_ERROR, "serve", name, "%s", err->text);
	return nw_error_exit(err);
}

/* The poller's housekeeping beside polling. */
struct keeper {
	struct nw_context *context;
	struct nw_store *store;
};

static void expire(evutil_socket_t fd, short what, void *argument)
{
	struct keeper *keeper = argument;
	const struct nw_config *config = &keeper->context->config;
	struct nw_error err;
	uint64_t expired;

	(void)fd;
	(void)what;
	if (nw_store_expire(keeper->store, config->expire_age_s,
			    config->expire_count, nw_clock_now(), &expired,
			    &err) < 0 ||
	    nw_picture_cache_expire(keeper->store, nw_clock_now(), &expired,
				    &err) < 0)
		nw_log(&keeper->context->log, NW_LOG_ERROR, "expire", NULL,
		       "%s", err.text);
}

static int poll_until_stopped(struct process *process,
			      struct nw_context *context,
			      struct nw_error *err)
{
	const struct timeval every = { EXPIRE_EVERY_S, 0 };
	struct keeper keeper = { context, process->store };
	const struct nw_pipeline_options pipeline_options = {
		.config = &context->config,
		.log = &context->log,
		.now = nw_clock_now,
		.version = PACKAGE_VERSION,
	};
	struct nw_pipeline *pipeline = NULL;
	struct event *timer;
	int result;

	timer = event_new(process->base, -1, EV_PERSIST, expire, &keeper);
	if (!timer || event_add(timer, &every) < 0)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no timer could be made");
	expire(-1, 0, &keeper);
	result = nw_pipeline_new(&pipeline, process->base, process->store,
				 &pipeline_options, err);
	if (result == 0)
		result = nw_pipeline_run(pipeline, err);
	if (result == 0 && event_base_dispatch(process->base) < 0)
		result = nw_error_set(err, NW_ERROR_INTERNAL,
				      "the event loop failed");
	nw_pipeline_free(&pipeline);
	event_free(timer);
	return result;
}

static void close_listeners(const struct service *service)
{
	size_t i;

	for (i = 0; i < service->listener_count; i++)
		(void)close(service->listeners[i]);
}

static int run_poller(int lifeline, void *argument)
{
	struct service *service = argument;
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct process process;
	int result;

	close_listeners(service);
	result = process_open(&process, service, NW_STORE_WRITE, lifeline,
			      &err);
	if (result == 0)
		result = poll_until_stopped(&process, service->context, &err);
	return process_end(&process, &service->context->log, "poller", result,
			   &err);
}

static int run_deliverer(int lifeline, void *argument)
{
	struct service *service = argument;
	struct nw_context *context = service->context;
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_store *store = NULL;
	int result;

	close_listeners(service);
	result = nw_store_open(&store, context->config.store_path,
			       NW_STORE_WRITE, &err);
	if (result == 0)
		result = nw_cmd_deliverer(context, store, lifeline, &err);
	nw_store_close(&store);
	if (result == 0)
		return EX_OK;
	nw_log(&context->log, NW_LOG_ERROR, "serve", "deliverer", "%s",
	       err.text);
	return nw_error_exit(&err);
}

static int serve_until_stopped(struct process *process,
			       struct service *service, struct nw_error *err)
{
	const struct nw_nntp_options nntp_options = {
		.path_host = service->context->config.path_host,
		.config = &service->context->config,
		.log = &service->context->log,
		.now = nw_clock_now,
	};
	struct nw_nntp_server *server = NULL;
	size_t i;
	int result;

	result = nw_nntp_server_new(&server, process->base, process->store,
				    &nntp_options, err);
	for (i = 0; i < service->listener_count && result == 0; i++)
		result = nw_nntp_server_listen(server, service->listeners[i],
					       err);
	if (result == 0 && event_base_dispatch(process->base) < 0)
		result = nw_error_set(err, NW_ERROR_INTERNAL,
				      "the event loop failed");
	nw_nntp_server_free(&server);
	return result;
}

static int run_reader(int lifeline, void *argument)
{
	struct service *service = argument;
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct process process;
	int result;

	result = process_open(&process, service, NW_STORE_READ, lifeline,
			      &err);
	if (result == 0)
		result = serve_until_stopped(&process, service, &err);
	return process_end(&process, &service->context->log, "reader", result,
			   &err);
}

/* What is in force stays so when the new configuration cannot be read. */
static void reload(void *argument)
{
	struct service *service = argument;
	struct nw_context *context = service->context;
	struct nw_config config;
	struct nw_error err;

	if (nw_config_load(context->arena, context->home, &config, &err) < 0) {
		nw_log(&context->log, NW_LOG_ERROR, "serve", NULL,
		       "%s; the earlier configuration stays in force",
		       err.text);
		return;
	}
	context->config = config;
	nw_log(&context->log, NW_LOG_INFO, "serve", NULL,
	       "configuration read again; listen, readers, path-host and a "
	       "first deliver change with the next start");
}

/* The address that a socket got, for a port that was left to the system. */
static void log_listener(const struct nw_log *log, int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	char host[INET6_ADDRSTRLEN] = "?";
	unsigned port = 0;

	if (getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		return;
	if (address.ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)&address;

		(void)inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
		port = ntohs(in->sin_port);
	} else if (address.ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)&address;

		(void)inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
		port = ntohs(in6->sin6_port);
	}
	nw_log(log, NW_LOG_INFO, "serve", NULL, "listening on %s port %u",
	       host, port);
}

static int open_listener(struct service *service, const char *where,
			 struct nw_error *err)
{
	int fd;

	if (service->listener_count == LISTENERS_MAX)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "more than %d addresses to listen on",
				    LISTENERS_MAX);
	fd = nw_nntp_listen_socket(where, err);
	if (fd < 0)
		return -1;
	service->listeners[service->listener_count++] = fd;
	log_listener(&service->context->log, fd);
	return 0;
}

static int open_listeners(struct service *service, struct nw_error *err)
{
	struct nw_context *context = service->context;
	const char *where;
	unsigned n;
	size_t i;

	for (n = 0; (where = nw_option_value(context, "listen", n)); n++)
		if (open_listener(service, where, err) < 0)
			return -1;
	for (i = 0; !n && i < context->config.listen_count; i++)
		if (open_listener(service, context->config.listen[i], err) < 0)
			return -1;
	return 0;
}

/* Made, migrated and closed again before a child can inherit it. */
static int prepare_store(struct nw_context *context, struct nw_error *err)
{
	struct nw_store *store = NULL;

	if (nw_context_open_store(context, NW_STORE_WRITE, &store, err) < 0)
		return -1;
	nw_store_close(&store);
	return 0;
}

/* A mistake in a target is told before anything starts. */
static int check_targets(struct nw_context *context, struct nw_error *err)
{
	struct nw_deliver_job *jobs;
	size_t count;

	return nw_cmd_deliver_jobs(context, &jobs, &count, err);
}

static int run(struct nw_context *context, struct nw_error *err)
{
	struct service service = { .context = context };
	struct nw_child children[2 + NW_READERS];
	struct nw_supervisor supervisor = {
		.children = children,
		.context = &service,
		.reload = reload,
		.log = &context->log,
	};
	unsigned readers = context->config.readers;

	context->log.stamp = !isatty(context->log.fd);
	if (check_targets(context, err) < 0 ||
	    prepare_store(context, err) < 0 ||
	    open_listeners(&service, err) < 0)
		return -1;
	if (!nw_option_value(context, "no-poll", 0))
		children[supervisor.count++] = (struct nw_child){
			"poller", run_poller, .restart_on_reload = true
		};
	if (context->config.deliver_count)
		children[supervisor.count++] = (struct nw_child){
			"deliverer", run_deliverer, .restart_on_reload = true
		};
	for (; readers; readers--)
		children[supervisor.count++] =
			(struct nw_child){ "reader", run_reader, false };
	return nw_supervise(&supervisor, err);
}

const struct nw_command nw_command_serve = {
	.name = "serve",
	.operands = "",
	.help = "Poll all sources, deliver, and serve the newsgroups over NNTP",
	.more = "It stays in the foreground.  SIGTERM and Ctrl-C end it, "
		"SIGHUP makes it\nread the configuration again.",
	.man = "newswire(1), newswire.conf(5)",
	.options = options,
	.run = run,
};
