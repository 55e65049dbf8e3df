/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "cmd_private.h"
#include "newswire/delivery.h"
#include "newswire/group.h"
#include "newswire/quarantine.h"
#include "newswire/source.h"

static const char *const formats[] = { "text", "json" };

static const struct nw_option options[] = {
	{ "format", "FORMAT", "text (default) or json" },
	{ NULL, NULL, NULL },
};

/* Items in quarantine that the text shows of one source. */
#define ITEMS_SHOWN 10

/* A source with what its group holds and what could not be read of it. */
struct row {
	const struct nw_source *source;
	struct nw_group group;
	struct nw_quarantined *items;
	size_t item_count;
	int64_t poll_live_s;	/* what it keeps to … */
	const char *recheck;	/* … also where it has no setting of its own */
	int64_t waiting, recheck_utc; /* pages, and the first one's time */
};

/* A mailbox of the configuration, or one that "deliver" was given. */
struct mailbox {
	const char *name;
	int64_t ok_utc;
	const char *error;
	bool configured;
	uint64_t waiting;	/* when it is configured */
};

/* All that is told. */
struct report {
	struct row *rows;
	size_t count;
	struct mailbox *mailboxes;
	size_t mailbox_count;
	struct nw_store_counts counts;
};

static const char *when(int64_t utc, char text[NW_DATE_BYTES])
{
	if (utc == NW_TIME_NONE || utc == 0)
		return "-";
	nw_date_iso8601(utc, text);
	return text;
}

static const char *state(const struct nw_source *source)
{
	if (source->schedule.paused)
		return "ended by its publisher";
	if (source->error)
		return source->error;
	return source->schedule.ok_utc == NW_TIME_NONE ? "not polled yet"
						       : "ok";
}

static void print_items(FILE *out, const struct row *row)
{
	char since[NW_DATE_BYTES];
	size_t i;

	for (i = 0; i < row->item_count && i < ITEMS_SHOWN; i++)
		(void)fprintf(out,
			      "  cannot be read since %s: %s: %s\n",
			      when(row->items[i].since_utc, since),
			      row->items[i].label, row->items[i].reason);
	if (row->item_count > ITEMS_SHOWN)
		(void)fprintf(out, "  and %zu more\n",
			      row->item_count - ITEMS_SHOWN);
}

static const char *rechecks_of(const struct row *row)
{
	return row->source->edits == NW_EDITS_IGNORE ? "none" : row->recheck;
}

/* A live page is its own story: there is none that it leads to. */
static void print_pace(FILE *out, const struct row *row)
{
	char due[NW_DATE_BYTES];

	(void)fprintf(out, "  live pages at most every %" PRId64 " s",
		      row->poll_live_s);
	if (row->source->kind != NW_SOURCE_LIVE)
		(void)fprintf(out,
			      "; stories again for edits: %s; %" PRId64
			      " wait, next %s",
			      rechecks_of(row), row->waiting,
			      when(row->recheck_utc, due));
	(void)fputc('\n', out);
}

static void print_row(FILE *out, const struct row *row)
{
	const struct nw_source *source = row->source;
	char last[NW_DATE_BYTES], due[NW_DATE_BYTES];

	(void)fprintf(out,
		      "%s\n  %s\n  %" PRId64 " articles (%" PRId64
		      "-%" PRId64 "); last success %s, next poll %s\n"
		      "  %s\n",
		      source->group, source->url, row->group.count,
		      row->group.low, row->group.high,
		      when(source->schedule.ok_utc, last),
		      when(source->schedule.due_utc, due), state(source));
	print_pace(out, row);
	print_items(out, row);
}

static void print_mailbox(FILE *out, const struct mailbox *mailbox)
{
	const char *state = mailbox->ok_utc == NW_TIME_NONE
				    ? "nothing delivered yet" : "ok";
	char last[NW_DATE_BYTES];

	(void)fprintf(out, "%s\n  ", mailbox->name);
	if (mailbox->configured)
		(void)fprintf(out, "%" PRIu64 " articles waiting; ",
			      mailbox->waiting);
	(void)fprintf(out, "last success %s\n  %s\n",
		      when(mailbox->ok_utc, last),
		      mailbox->error ? mailbox->error : state);
}

static void print_text(FILE *out, const struct report *report)
{
	const struct nw_store_counts *counts = &report->counts;
	size_t i;

	for (i = 0; i < report->count; i++)
		print_row(out, &report->rows[i]);
	for (i = 0; i < report->mailbox_count; i++)
		print_mailbox(out, &report->mailboxes[i]);
	(void)fprintf(out,
		      "%" PRIu64 " sources, %" PRIu64 " groups, %" PRIu64
		      " stories, %" PRIu64 " articles, %" PRIu64 " KiB\n"
		      "%" PRIu64 " pictures are kept, %" PRIu64 " KiB\n",
		      counts->sources, counts->groups, counts->stories,
		      counts->articles, counts->file_bytes / 1024,
		      counts->pictures, counts->picture_bytes / 1024);
}

static json_t *time_json(int64_t utc)
{
	char text[NW_DATE_BYTES];

	if (utc == NW_TIME_NONE || utc == 0)
		return json_null();
	nw_date_iso8601(utc, text);
	return json_string(text);
}

static json_t *item_json(const struct nw_quarantined *item)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:i, s:s}", "key",
			 item->key, "item", item->label, "reason",
			 item->reason, "since", time_json(item->since_utc),
			 "last_try", time_json(item->tried_utc), "tries",
			 (int)item->tries, "version", item->version);
}

static json_t *items_json(const struct row *row)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < row->item_count; i++)
		(void)json_array_append_new(list, item_json(&row->items[i]));
	return list;
}

static json_t *row_json(const struct row *row)
{
	const struct nw_source *source = row->source;

	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:i, "
			 "s:b, s:s?, s:I, s:s, s:I, s:o, s:o}",
			 "group", source->group, "url", source->url, "kind",
			 nw_source_kind_names[source->kind], "articles",
			 (json_int_t)row->group.count, "low",
			 (json_int_t)row->group.low, "high",
			 (json_int_t)row->group.high, "last_success",
			 time_json(source->schedule.ok_utc), "last_change",
			 time_json(source->schedule.changed_utc), "next_poll",
			 time_json(source->schedule.due_utc), "failures",
			 (int)source->schedule.failures, "paused",
			 (int)source->schedule.paused, "error",
			 source->error, "poll_live",
			 (json_int_t)row->poll_live_s, "recheck",
			 rechecks_of(row), "rechecks_waiting",
			 (json_int_t)row->waiting, "next_recheck",
			 time_json(row->recheck_utc), "quarantine",
			 items_json(row));
}

static json_t *mailbox_json(const struct mailbox *mailbox)
{
	return json_pack("{s:s, s:o, s:s?, s:b, s:o}", "target", mailbox->name,
			 "last_success", time_json(mailbox->ok_utc), "error",
			 mailbox->error, "configured",
			 (int)mailbox->configured, "waiting",
			 mailbox->configured
				 ? json_integer((json_int_t)mailbox->waiting)
				 : json_null());
}

static int print_json(FILE *out, const struct report *report,
		      struct nw_error *err)
{
	const struct nw_store_counts *counts = &report->counts;
	json_t *list = json_array(), *mailboxes = json_array(), *all;
	size_t i;

	for (i = 0; i < report->count; i++)
		(void)json_array_append_new(list, row_json(&report->rows[i]));
	for (i = 0; i < report->mailbox_count; i++)
		(void)json_array_append_new(
			mailboxes, mailbox_json(&report->mailboxes[i]));
	all = json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "sources",
			list, "deliveries", mailboxes, "groups",
			(json_int_t)counts->groups, "stories",
			(json_int_t)counts->stories, "articles",
			(json_int_t)counts->articles, "bytes",
			(json_int_t)counts->file_bytes, "pictures",
			(json_int_t)counts->pictures, "picture_bytes",
			(json_int_t)counts->picture_bytes);
	return nw_cmd_print_json(out, all, JSON_INDENT(2), err);
}

static void set_pace(const struct nw_context *context, struct row *row)
{
	const struct nw_source *source = row->source;

	row->poll_live_s = source->poll_live_s ? source->poll_live_s
					       : context->config.poll_live_s;
	row->recheck = source->recheck ? source->recheck
				       : context->config.recheck;
}

static int gather(struct nw_context *context, struct nw_store *store,
		  struct row **rows_r, size_t *count_r, struct nw_error *err)
{
	struct nw_source *sources = NULL;
	struct row *rows;
	size_t count = 0, i;

	if (nw_source_list(store, context->arena, NW_TIME_NONE, &sources,
			   &count, err) < 0)
		return -1;
	rows = nw_arena_alloc(context->arena, (count + 1) * sizeof(*rows));
	for (i = 0; i < count; i++) {
		rows[i].source = &sources[i];
		set_pace(context, &rows[i]);
		if (nw_store_waiting(store, sources[i].id, &rows[i].waiting,
				     &rows[i].recheck_utc, err) < 0 ||
		    nw_group_find(store, sources[i].group, &rows[i].group,
				  err) < 0 ||
		    nw_quarantine_list(store, context->arena, sources[i].id,
				       &rows[i].items, &rows[i].item_count,
				       err) < 0)
			return -1;
	}
	*rows_r = rows;
	*count_r = count;
	return 0;
}

/* The mailboxes that are configured, and how they fare. */
static int gather_jobs(struct nw_context *context, struct nw_store *store,
		       struct report *report, struct nw_error *err)
{
	struct nw_delivery delivery;
	struct nw_deliver_job *jobs;
	struct mailbox *mailbox;
	size_t count, i;
	int found;

	if (nw_cmd_deliver_jobs(context, &jobs, &count, err) < 0)
		return -1;
	for (i = 0; i < count; i++) {
		report->mailboxes = nw_arena_grow(context->arena,
						  report->mailboxes, i,
						  sizeof(*mailbox));
		mailbox = &report->mailboxes[i];
		mailbox->name = jobs[i].target.name;
		mailbox->configured = true;
		mailbox->ok_utc = NW_TIME_NONE;
		report->mailbox_count++;
		found = nw_delivery_find(store, context->arena, mailbox->name,
					 &delivery, err);
		if (found < 0 || nw_deliver_waiting(store, &jobs[i],
						    &mailbox->waiting, err))
			return -1;
		if (found) {
			mailbox->ok_utc = delivery.ok_utc;
			mailbox->error = delivery.error;
		}
	}
	return 0;
}

static bool is_known(const struct report *report, const char *name)
{
	size_t i;

	for (i = 0; i < report->mailbox_count; i++)
		if (strcmp(report->mailboxes[i].name, name) == 0)
			return true;
	return false;
}

/* And the others that the store knows. */
static int gather_mailboxes(struct nw_context *context, struct nw_store *store,
			    struct report *report, struct nw_error *err)
{
	struct nw_delivery *all;
	size_t count, i;

	if (gather_jobs(context, store, report, err) < 0 ||
	    nw_delivery_list(store, context->arena, &all, &count, err) < 0)
		return -1;
	for (i = 0; i < count; i++) {
		if (is_known(report, all[i].name))
			continue;
		report->mailboxes = nw_arena_grow(context->arena,
						  report->mailboxes,
						  report->mailbox_count,
						  sizeof(*report->mailboxes));
		report->mailboxes[report->mailbox_count++] = (struct mailbox){
			.name = all[i].name,
			.ok_utc = all[i].ok_utc,
			.error = all[i].error,
		};
	}
	return 0;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	int format = nw_cmd_format(context, formats, 2, err), result;
	struct report report = { .count = 0 };
	struct nw_store *store = NULL;

	if (format < 0 ||
	    nw_context_open_store(context, NW_STORE_READ, &store, err) < 0)
		return -1;
	result = gather(context, store, &report.rows, &report.count, err);
	if (result == 0)
		result = gather_mailboxes(context, store, &report, err);
	if (result == 0)
		result = nw_store_count(store, &report.counts, err);
	nw_store_close(&store);
	if (result < 0)
		return -1;
	if (format)
		return print_json(context->out, &report, err);
	print_text(context->out, &report);
	return 0;
}

const struct nw_command nw_command_status = {
	.name = "status",
	.operands = "",
	.help = "Say how each source and mailbox fares and what is stored",
	.man = "newswire(1)",
	.options = options,
	.run = run,
};
