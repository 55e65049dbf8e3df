/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store is stopped at every step at which it touches the disk, in every
 * way in which that happens, and each time:
 *
 *	what was acknowledged is there, and of the operation under way
 *	everything or nothing;
 *	the rest of the series, done on it, leads to the same store, byte by byte,
 *	as a life without interruption: the same articles under the same
 *	numbers, no number and no Message-ID twice;
 *	SQLite finds the file whole.
 *
 * A disk that is full or that fails for a moment must end one operation with
 * a clear error, and nothing else.
 */
#include "config.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tools/storedump.h"
#include "crash_vfs.h"
#include "newswire/check.h"
#include "newswire/group.h"
#include "store_series.h"

#define OPERATIONS_MAX 32

/* What happened to one store. */
struct trial {
	char dir[64];
	char path[96];
	struct crash_vfs *crash;
	char *const *states;	/* of the life without interruption */
	enum crash_kind kind;
	long step;
	unsigned done;		/* operations that were acknowledged */
	bool over;		/* the series has fewer steps */
	bool hit;		/* the step ended the life or an operation */
};

static const char *const kind_names[CRASH_KINDS] = {
	[CRASH_KILL] = "kill -9 before each step",
	[CRASH_TEAR] = "kill -9 in the middle of each write",
	[CRASH_POWER] = "power failure before each step",
	[CRASH_MIX] = "power failure, every other write kept",
	[CRASH_FULL] = "full disk from each step on",
	[CRASH_ERROR] = "failing disk at each step",
};

static void remove_files(const struct trial *trial)
{
	static const char *const endings[] = { "", "-wal", "-shm",
					       "-journal" };
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", trial->path,
			       endings[i]);
		(void)unlink(path);
	}
}

static bool complain(const struct trial *trial, const char *what,
		     const char *detail)
{
	printf("# step %ld, in \"%s\": %s %s\n", trial->step,
	       trial->done < series_count ? series_operations[trial->done].name
					  : "the end",
	       what, detail ? detail : "");
	return false;
}

/* The rows of the store; "" before there are any. */
static char *state(const struct trial *trial)
{
	char *dump = access(trial->path, F_OK) ? strdup("")
					       : store_dump(trial->path);

	return dump ? dump : strdup("unreadable");
}

static bool is_state(const struct trial *trial, unsigned done)
{
	char *now = state(trial);
	bool same = !strcmp(now, trial->states[done]);

	free(now);
	return same;
}

static bool is_whole(const struct trial *trial)
{
	static const char sql[] =
		"SELECT (SELECT group_concat(integrity_check) "
		"	FROM pragma_integrity_check) || "
		"(SELECT count(*) FROM pragma_foreign_key_check)";
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	bool whole = false;

	if (sqlite3_open(trial->path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		whole = !strcmp((const char *)sqlite3_column_text(stmt, 0),
				"ok0");
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(db);
	return whole;
}

static void on_fault(void *context, const char *object, const char *reason)
{
	(void)complain(context, object, reason);
}

/* SQLite finds the file whole, and "newswire check" has nothing to say. */
static bool is_sound(struct trial *trial)
{
	const struct nw_check_watch watch = { on_fault, NULL, trial };
	struct nw_store *store = NULL;
	struct nw_error err = { NW_ERROR_NONE, "" };
	uint64_t faults = 0;
	int result = nw_store_open(&store, trial->path, NW_STORE_READ, &err);

	if (!result)
		result = nw_store_check(store, &watch, &faults, &err);
	nw_store_close(&store);
	if (result)
		return complain(trial, "cannot be checked:", err.text);
	return !faults && is_whole(trial);
}

/* Goes on from the first operation that was not acknowledged. */
static bool complete(struct trial *trial, struct series *series)
{
	for (; trial->done < series_count; trial->done++)
		if (series_run(series, trial->done))
			return complain(trial, "cannot go on:",
					series->err.text);
	if (!is_state(trial, series_count))
		return complain(trial, "is another store in the end", NULL);
	if (!is_sound(trial))
		return complain(trial, "the file is not whole", NULL);
	return true;
}

/* In the child: tells the parent of each operation that is done. */
static void live(struct trial *trial, int out)
{
	struct series series;
	unsigned i;

	series_init(&series, trial->path);
	crash_vfs_plan(trial->crash, trial->kind, trial->step);
	for (i = 0; i < series_count; i++) {
		if (series_run(&series, i)) {
			(void)complain(trial, "failed:", series.err.text);
			(void)fflush(stdout);
			_exit(2);
		}
		if (write(out, "", 1) != 1)
			_exit(3);
	}
	_exit(0);
}

static bool run_child(struct trial *trial)
{
	int ends[2], status;
	char byte;
	pid_t pid;

	trial->done = 0;
	(void)fflush(stdout);
	if (pipe(ends) || (pid = fork()) < 0)
		return complain(trial, "cannot fork", NULL);
	if (!pid) {
		(void)close(ends[0]);
		live(trial, ends[1]);
	}
	(void)close(ends[1]);
	while (read(ends[0], &byte, 1) == 1)
		trial->done++;
	(void)close(ends[0]);
	if (waitpid(pid, &status, 0) != pid)
		return complain(trial, "lost its child", NULL);
	trial->over = WIFEXITED(status) && !WEXITSTATUS(status);
	if (!trial->over &&
	    !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
		return complain(trial, "ended by itself", NULL);
	trial->hit = !trial->over;
	return true;
}

/* Memory does not outlast a power failure. */
static void lose_memory(const struct trial *trial)
{
	char path[128];

	if (trial->kind != CRASH_POWER && trial->kind != CRASH_MIX)
		return;
	(void)snprintf(path, sizeof(path), "%s-shm", trial->path);
	(void)unlink(path);
}

/* A life that ends at a step, and one more that goes on from there. */
static bool try_crash(struct trial *trial)
{
	struct series series;
	bool good;

	if (!run_child(trial))
		return false;
	lose_memory(trial);
	crash_vfs_plan(trial->crash, CRASH_NONE, 0);
	if (!is_state(trial, trial->done) &&
	    (trial->done == series_count || !is_state(trial, trial->done + 1)))
		return complain(trial, "neither all of it nor nothing", NULL);
	series_init(&series, trial->path);
	good = complete(trial, &series);
	series_end(&series);
	return good;
}

/* A store that could not write can be read all the same. */
static bool can_read(struct trial *trial, struct series *series)
{
	struct nw_group group;

	if (!series->store)
		return true;
	if (nw_group_after(series->store, "", &group, &series->err) < 0)
		return complain(trial, "cannot be read:", series->err.text);
	return true;
}

static bool check_failure(struct trial *trial, struct series *series)
{
	if (series->err.code != NW_ERROR_IO ||
	    !strstr(series->err.text, trial->path) ||
	    !strstr(series->err.text,
		    trial->kind == CRASH_FULL ? "full" : "disk"))
		return complain(trial, "no clear error:", series->err.text);
	if (!can_read(trial, series))
		return false;
	crash_vfs_plan(trial->crash, CRASH_NONE, 0);
	if (!is_state(trial, trial->done))
		return complain(trial, "failed, but not without a trace",
				NULL);
	return true;
}

/* One life in which the disk fails an operation. */
static bool try_failure(struct trial *trial)
{
	struct crash_vfs *crash = trial->crash;
	struct series series;
	bool good = true;

	series_init(&series, trial->path);
	crash_vfs_plan(crash, trial->kind, trial->step);
	for (trial->done = 0; trial->done < series_count; trial->done++)
		if (series_run(&series, trial->done))
			break;
	trial->over = crash->steps < trial->step;
	trial->hit = trial->done < series_count;
	if (trial->hit)
		good = check_failure(trial, &series);
	crash_vfs_plan(crash, CRASH_NONE, 0);
	good = good && complete(trial, &series);
	series_end(&series);
	return good;
}

static void try_kind(struct trial *trial, unsigned number)
{
	long steps = 0, hits = 0, bad = 0;

	trial->over = false;
	for (trial->step = 1; !trial->over; trial->step++) {
		remove_files(trial);
		if (!(trial->kind >= CRASH_FULL ? try_failure(trial)
						: try_crash(trial)))
			bad++;
		steps++;
		hits += trial->hit;
		if (bad >= 10)
			break;
	}
	remove_files(trial);
	printf("%sok %u - %s: %ld lives, %ld of them hit\n",
	       bad || !hits ? "not " : "", number, kind_names[trial->kind],
	       steps, hits);
	(void)fflush(stdout);
}

/* The state after each operation, when nothing happens. */
static bool remember(struct trial *trial, char **states)
{
	struct series series;

	series_init(&series, trial->path);
	crash_vfs_plan(trial->crash, CRASH_NONE, 0);
	states[0] = strdup("");
	for (trial->done = 0; trial->done < series_count; trial->done++) {
		if (series_run(&series, trial->done)) {
			series_end(&series);
			return complain(trial, "failed:", series.err.text);
		}
		states[trial->done + 1] = state(trial);
	}
	series_end(&series);
	return is_sound(trial);
}

int main(void)
{
	char *states[OPERATIONS_MAX + 1] = { NULL };
	struct crash_vfs crash;
	struct trial trial = { .crash = &crash, .states = states };
	const char *tmp = getenv("TMPDIR");
	unsigned number = 1;
	size_t i;

	if (series_count > OPERATIONS_MAX)
		abort();
	(void)snprintf(trial.dir, sizeof(trial.dir), "%s/newswire-crash-XXXXXX",
		       tmp && strlen(tmp) < 32 ? tmp : "/tmp");
	if (!mkdtemp(trial.dir)) {
		printf("Bail out! %s\n", trial.dir);
		return 1;
	}
	(void)snprintf(trial.path, sizeof(trial.path), "%s/newswire.db",
		       trial.dir);
	crash_vfs_install(&crash);
	printf("%sok %u - a life without interruption, of %u operations\n",
	       remember(&trial, states) ? "" : "not ", number, series_count);
	for (trial.kind = CRASH_KILL; trial.kind < CRASH_KINDS; trial.kind++)
		try_kind(&trial, ++number);
	printf("1..%u\n", number);
	(void)rmdir(trial.dir);
	for (i = 0; i <= series_count; i++)
		free(states[i]);
	return 0;
}
