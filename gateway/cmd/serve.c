/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * serve: a master, one poller, as many readers as there are cores, and, when
 * the configuration names mailboxes, one deliverer.  That is a process of its
 * own because a mailbox may be locked and a server slow, and nothing else may
 * wait for them.
 */
#include "config.h"

#include <event2/event.h>
#include <signal.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd_private.h"
#include "newswire/limits.h"
#include "newswire/nntp_limit.h"
#include "newswire/nntp_server.h"
#include "newswire/picture_cache.h"
#include "newswire/pipeline.h"
#include "newswire/supervisor.h"

#include "serve_private.h"

#define EXPIRE_EVERY_S (6 * 3600)

static const struct nw_option options[] = {
	{ "listen", "ADDRESS:PORT", "serve there, or at unix:/PATH (may be "
				    "repeated)" },
	{ "listen-tls", "ADDRESS:PORT",
	  "serve there with TLS from the first octet (may be repeated)" },
	{ "no-poll", NULL, "serve and deliver what is stored, poll nothing" },
	{ NULL, NULL, NULL },
};

struct service {
	struct nw_context *context;
	struct nw_nntp_sockets sockets;
	struct nw_nntp_limits *limits;
	unsigned patience_ms;	/* of the supervisor */
};

/* What poller and reader have in common. */
struct process {
	struct event_base *base;
	struct nw_store *store;
	struct event *events[5];
	size_t event_count;
	int lifeline;
};

static void stop(evutil_socket_t fd, short what, void *base)
{
	(void)fd;
	(void)what;
	(void)event_base_loopbreak(base);
}

static int process_watch(struct process *process, evutil_socket_t fd,
			 short what, event_callback_fn call, void *argument)
{
	struct event *event = event_new(process->base, fd, what | EV_PERSIST,
					call, argument);

	if (!event)
		return -1;
	process->events[process->event_count++] = event;
	return event_add(event, NULL);
}

static void beat(evutil_socket_t fd, short what, void *argument)
{
	const struct process *process = argument;

	(void)fd;
	(void)what;
	nw_supervisor_beat(process->lifeline);
}

/* From the event loop itself, so that it says that this goes round. */
static int process_beat(struct process *process, unsigned patience_ms)
{
	unsigned ms = patience_ms / (2 * NW_BEATS);
	const struct timeval pause = { ms / 1000, ms % 1000 * 1000 };
	struct event *event = event_new(process->base, -1, EV_PERSIST, beat,
					process);

	if (!event)
		return -1;
	process->events[process->event_count++] = event;
	event_active(event, EV_TIMEOUT, 0);
	return event_add(event, &pause);
}

/* An event base that ends on SIGTERM, on SIGINT (a terminal sends it to the
 * whole group) and with the master; and the store. */
static int process_open(struct process *process, struct service *service,
			enum nw_store_mode mode, int lifeline,
			struct nw_error *err)
{
	struct event_base *base = event_base_new();

	*process = (struct process){ .base = base, .lifeline = lifeline };
	if (!base ||
	    process_watch(process, SIGTERM, EV_SIGNAL, stop, base) < 0 ||
	    process_watch(process, SIGINT, EV_SIGNAL, stop, base) < 0 ||
	    process_watch(process, lifeline, EV_READ, stop, base) < 0 ||
	    process_beat(process, service->patience_ms) < 0)
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

static int run_poller(int lifeline, const struct nw_child *child,
		      void *argument)
{
	struct service *service = argument;
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct process process;
	int result;

	nw_nntp_listen_close(&service->sockets);
	result = process_open(&process, service, NW_STORE_WRITE, lifeline,
			      &err);
	if (result == 0)
		result = poll_until_stopped(&process, service->context, &err);
	return process_end(&process, &service->context->log, child->name,
			   result, &err);
}

static int run_deliverer(int lifeline, const struct nw_child *child,
			 void *argument)
{
	struct service *service = argument;
	struct nw_context *context = service->context;
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_store *store = NULL;
	int result;

	nw_nntp_listen_close(&service->sockets);
	result = nw_store_open(&store, context->config.store_path,
			       NW_STORE_WRITE, &err);
	if (result == 0)
		result = nw_cmd_deliverer(context, store, lifeline, &err);
	nw_store_close(&store);
	if (result == 0)
		return EX_OK;
	nw_log(&context->log, NW_LOG_ERROR, "serve", child->name, "%s",
	       err.text);
	return nw_error_exit(&err);
}

/* A reader, for its SIGHUP. */
struct reader {
	struct service *service;
	struct nw_nntp_server *server;
};

/* Clients stay connected.  What is wrong was told by the master. */
static void reader_reload(evutil_socket_t fd, short what, void *argument)
{
	struct reader *reader = argument;
	const struct nw_config *config = &reader->service->context->config;
	struct nw_error err;

	(void)fd;
	(void)what;
	if (nw_serve_take(reader->service->context, reader->service->limits,
			  &err) == 0 &&
	    nw_cmd_certificate_check(config, NULL, &err) == 0)
		(void)nw_nntp_server_certificate(reader->server,
						 config->tls_certificate,
						 config->tls_key, &err);
}

static int reader_listen_for_reload(struct process *process,
				    struct reader *reader,
				    struct nw_error *err)
{
	sigset_t hangup;

	if (process_watch(process, SIGHUP, EV_SIGNAL, reader_reload,
			  reader) < 0)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "a signal cannot be watched");
	(void)sigemptyset(&hangup);
	(void)sigaddset(&hangup, SIGHUP);
	(void)sigprocmask(SIG_UNBLOCK, &hangup, NULL);
	return 0;
}

static int serve_until_stopped(struct process *process,
			       struct service *service, unsigned number,
			       struct nw_error *err)
{
	struct reader reader = { .service = service };
	const struct nw_nntp_options nntp_options = {
		.config = &service->context->config,
		.log = &service->context->log,
		.now = nw_clock_now,
		.limits = service->limits,
		.reader = number,
		.program = NW_CMD_PROGRAM,
		.home = service->context->home,
	};
	size_t i;
	int result;

	result = nw_nntp_server_new(&reader.server, process->base,
				    process->store, &nntp_options, err);
	if (result == 0)
		nw_cmd_certificate_first(&service->context->config,
					 &service->context->log, reader.server);
	for (i = 0; i < service->sockets.count && result == 0; i++)
		result = nw_nntp_server_listen(reader.server,
					       service->sockets.of[i].fd,
					       service->sockets.of[i].tls,
					       err);
	if (result == 0)
		result = reader_listen_for_reload(process, &reader, err);
	if (result == 0 && event_base_dispatch(process->base) < 0)
		result = nw_error_set(err, NW_ERROR_INTERNAL,
				      "the event loop failed");
	nw_nntp_server_free(&reader.server);
	return result;
}

static int run_reader(int lifeline, const struct nw_child *child,
		      void *argument)
{
	struct service *service = argument;
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct process process;
	int result;

	result = process_open(&process, service, NW_STORE_READ, lifeline,
			      &err);
	if (result == 0)
		result = serve_until_stopped(&process, service, child->number,
					     &err);
	return process_end(&process, &service->context->log, child->name,
			   result, &err);
}

/* What is in force stays so when the new configuration cannot be read. */
static void reload(void *argument)
{
	struct service *service = argument;
	struct nw_context *context = service->context;
	struct nw_error err;

	if (nw_serve_take(context, service->limits, &err) < 0) {
		nw_log(&context->log, NW_LOG_ERROR, "serve", NULL,
		       "%s; the earlier configuration stays in force",
		       err.text);
		return;
	}
	if (nw_cmd_certificate_check(&context->config, &context->log,
				     &err) < 0)
		nw_log(&context->log, NW_LOG_ERROR, "serve", NULL,
		       "%s; the earlier certificate stays in force",
		       err.text);
	nw_log(&context->log, NW_LOG_INFO, "serve", NULL,
	       "configuration read again; what needs a new start are listen, "
	       "listen-tls, socket-mode, readers and a first deliver");
}

static void ended(const struct nw_child *child, void *argument)
{
	struct service *service = argument;

	if (child->run == run_reader)
		nw_nntp_limits_clear(service->limits, child->number);
}

/* Each client is an open file, and there may be thousands. */
static void raise_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return;
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
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

/* Poller, deliverer, readers: as many as there are. */
static size_t list_children(const struct nw_context *context,
			    struct nw_child *children)
{
	size_t count = 0;
	unsigned i;

	if (!nw_option_value(context, "no-poll", 0))
		children[count++] = (struct nw_child){
			.name = "poller", .run = run_poller,
			.reload_signal = SIGTERM, .beats = true
		};
	if (context->config.deliver_count)
		children[count++] = (struct nw_child){
			.name = "deliverer", .run = run_deliverer,
			.reload_signal = SIGTERM
		};
	for (i = 0; i < context->config.readers; i++)
		children[count++] = (struct nw_child){
			.name = "reader", .run = run_reader, .number = i,
			.reload_signal = SIGHUP, .beats = true
		};
	return count;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	unsigned watchdog_ms = nw_serve_watchdog_ms();
	struct service service = {
		.context = context,
		/* What is stuck is killed before systemd kills all. */
		.patience_ms = watchdog_ms ? watchdog_ms / 2 : NW_STUCK_MS,
	};
	struct nw_child children[2 + NW_READERS];
	struct nw_supervisor supervisor = {
		.children = children,
		.count = list_children(context, children),
		.context = &service,
		.reload = reload,
		.ended = ended,
		.notify = nw_serve_notify,
		.log = &context->log,
		.patience_ms = service.patience_ms,
	};
	int result;

	context->log.stamp = !isatty(context->log.fd);
	raise_files();
	if (check_targets(context, err) < 0 ||
	    nw_cmd_check_users(context, err) < 0 ||
	    nw_cmd_certificate_check(&context->config, &context->log,
				     err) < 0 ||
	    prepare_store(context, err) < 0 ||
	    nw_serve_limits(context, &service.limits, err) < 0 ||
	    nw_serve_listen(context, &service.sockets, err) < 0)
		return -1;
	result = nw_supervise(&supervisor, err);
	nw_nntp_listen_end(&service.sockets);
	nw_nntp_limits_free(&service.limits);
	return result;
}

const struct nw_command nw_command_serve = {
	.name = "serve",
	.operands = "",
	.help = "Poll all sources, deliver, and serve the newsgroups over NNTP",
	.more = "It stays in the foreground.  SIGTERM and Ctrl-C end it, "
		"SIGHUP makes it\nread the configuration and the certificate "
		"again.",
	.man = "newswire(1), newswire.conf(5)",
	.options = options,
	.run = run,
};
