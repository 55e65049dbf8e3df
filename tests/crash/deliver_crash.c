/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A delivery is stopped at every step, in every way in which that happens, to
 * each kind of mailbox, and each time the next run must lead to the same
 * mailbox, octet by octet, as a life without interruption: no message lost, none
 * twice, none in part, numbers and flags as they would be.
 *
 * A disk that is full or fails for a moment must end the run with a clear
 * error.  And whenever the cursor moves, what it says must be on the disk.
 */
#include "config.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deliver_steps.h"
#include "newswire/buf.h"
#include "newswire/deliver.h"
#include "newswire/source.h"

#define NOW INT64_C(1753524900)
#define TREE_BYTES (16u << 20)
#define BAD_MAX 10

static const char *const kind_names[STEP_KINDS] = {
	[STEP_KILL] = "kill -9 before each step",
	[STEP_TEAR] = "kill -9 in the middle of each write",
	[STEP_FULL] = "full disk from each step on",
	[STEP_ERROR] = "failing disk at each step",
};

/* A target, and what a reader does to it between two deliveries. */
static const struct shape {
	const char *scheme, *path;
} shapes[] = {
	{ "mbox", "box" },	 { "mbox", "{group}" },
	{ "maildir", "dir" },	 { "maildir", "{group}" },
	{ "mh", "dir" },	 { "mh", "{group}" },
};

struct trial {
	char dir[64];
	char store[96], boxes[96];
	const struct shape *shape;
	struct nw_arena *arena;
	struct nw_store *handle;
	struct nw_source sources[2];
	struct nw_error err;
	bool second;		/* the delivery that has something to replace */
	enum step_kind kind;
	long step;
	char *wanted;		/* the mailbox in the end */
};

static int64_t now(void)
{
	return NOW;
}

static bool complain(const struct trial *trial, const char *what,
		     const char *detail)
{
	printf("# step %ld: %s %s\n", trial->step, what, detail);
	return false;
}

/* Runs a script in which $D is the folder of the trial. */
static void shell(const struct trial *trial, const char *script)
{
	if (setenv("D", trial->dir, 1) || system(script))
		abort();
}

static void post(struct trial *trial, size_t source, int number, int old)
{
	const char *id = nw_arena_printf(trial->arena, "<%d@x>", number);
	const char *old_id = nw_arena_printf(trial->arena, "<%d@x>", old);
	struct nw_commit_article article = {
		.message_id = id,
		.date_utc = NOW + number,
		.supersedes = old ? old_id : NULL,
	};
	const struct nw_commit commit = {
		.source_id = trial->sources[source].id,
		.group_ids = &trial->sources[source].group_id,
		.group_count = 1,
		.articles = &article,
		.article_count = 1,
		.path_host = "news.example",
		.now_utc = NOW,
	};
	struct nw_commit_result result;

	article.bytes = nw_arena_printf(trial->arena,
		"Message-ID: %s\r\nSubject: %d\r\n%s%s%s\r\n"
		"From the body of %d\r\n\r\nA paragraph.\r\n\r\nFrom\r\n",
		id, number, old ? "Supersedes: " : "", old ? old_id : "",
		old ? "\r\n" : "", number);
	article.len = strlen(article.bytes);
	if (nw_store_commit(trial->handle, &commit, &result, &trial->err))
		abort();
}

static void subscribe(struct trial *trial, size_t i, const char *group)
{
	trial->sources[i] = (struct nw_source){
		.url = nw_arena_printf(trial->arena, "https://%s/", group),
		.name = group,
		.group = group,
	};
	if (nw_source_add(trial->handle, &trial->sources[i], NOW, &trial->err))
		abort();
}

static int deliver(struct trial *trial)
{
	struct nw_deliver_job job = { .now = now };
	struct nw_deliver_result result;
	int failed;

	if (nw_target_parse(trial->arena,
			    nw_arena_printf(trial->arena, "%s:%s/%s",
					    trial->shape->scheme, trial->boxes,
					    trial->shape->path),
			    &job.target, &trial->err))
		abort();
	failed = nw_deliver(trial->handle, &job, &result, &trial->err);
	return failed;
}

/* A reader has seen all that is in a Maildir. */
static void read_maildir(const struct trial *trial)
{
	if (!strcmp(trial->shape->scheme, "maildir"))
		shell(trial, "set -e; for d in $D/boxes/*; do cd $d; for f in "
			     "new/*; do mv $f cur/${f#new/}:2,S; done; done");
}

/* The life up to the delivery that is interrupted. */
static void prepare(struct trial *trial)
{
	static const struct {
		size_t source;
		int number, old;
	} first[] = { { 0, 1, 0 }, { 0, 2, 0 }, { 1, 3, 0 }, { 1, 2, 0 } },
	  later[] = { { 0, 4, 0 }, { 0, 5, 1 }, { 1, 6, 3 }, { 1, 7, 6 },
		      { 1, 4, 0 }, { 0, 8, 0 } };
	size_t i;

	shell(trial, "rm -rf $D; mkdir $D $D/boxes");
	if (nw_store_open(&trial->handle, trial->store, NW_STORE_WRITE,
			  &trial->err))
		abort();
	subscribe(trial, 0, "com.a");
	subscribe(trial, 1, "org.b");
	for (i = 0; i < sizeof(first) / sizeof(*first); i++)
		post(trial, first[i].source, first[i].number, first[i].old);
	if (trial->second) {
		steps_plan(STEP_NONE, 0);
		if (deliver(trial))
			abort();
		read_maildir(trial);
		for (i = 0; i < sizeof(later) / sizeof(*later); i++)
			post(trial, later[i].source, later[i].number,
			     later[i].old);
	}
	nw_store_close(&trial->handle);
	shell(trial, "rm -rf $D.kept; cp -a $D $D.kept");
}

static void reset(const struct trial *trial)
{
	shell(trial, "rm -rf $D; cp -a $D.kept $D");
}

static void dump(struct nw_buf *out, const char *path)
{
	struct dirent **names;
	struct stat st;
	char below[512], bytes[4096];
	FILE *file;
	size_t len;
	int count, i;

	if (lstat(path, &st))
		abort();
	nw_buf_addf(out, "%s (%ld)\n", path,
		    S_ISDIR(st.st_mode) ? 0L : (long)st.st_nlink);
	if (!S_ISDIR(st.st_mode)) {
		file = fopen(path, "re");
		while (file && (len = fread(bytes, 1, sizeof(bytes), file)) > 0)
			nw_buf_add(out, bytes, len);
		if (file)
			(void)fclose(file);
		return;
	}
	count = scandir(path, &names, NULL, alphasort);
	for (i = 0; i < count; i++) {
		(void)snprintf(below, sizeof(below), "%s/%s", path,
			       names[i]->d_name);
		if (strcmp(names[i]->d_name, ".") &&
		    strcmp(names[i]->d_name, ".."))
			dump(out, below);
		free(names[i]);
	}
	free(names);
}

static char *tree(const struct trial *trial)
{
	struct nw_buf out;
	char *text;

	nw_buf_init(&out, TREE_BYTES);
	dump(&out, trial->boxes);
	text = nw_buf_take(&out);
	if (!text)
		abort();
	return text;
}

static bool reopen(struct trial *trial)
{
	return !nw_store_open(&trial->handle, trial->store, NW_STORE_WRITE,
			      &trial->err);
}

/* The next run, and what there is then. */
static bool complete(struct trial *trial)
{
	char *got;
	bool same;

	steps_plan(STEP_NONE, 0);
	if (deliver(trial))
		return complain(trial, "cannot go on:", trial->err.text);
	got = tree(trial);
	same = !strcmp(got, trial->wanted);
	if (!same)
		(void)complain(trial, "is another mailbox in the end:\n", got);
	free(got);
	return same;
}

/* True when the child was killed, false when its life had fewer steps. */
static bool run_child(struct trial *trial)
{
	int status;
	pid_t pid;

	(void)fflush(stdout);
	pid = fork();
	if (!pid) {
		if (!reopen(trial))
			_exit(1);
		steps_plan(trial->kind, trial->step);
		_exit(deliver(trial) ? 1 : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	if (WIFEXITED(status) && WEXITSTATUS(status))
		(void)complain(trial, "failed by itself", "");
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static bool try_crash(struct trial *trial, bool *over)
{
	bool good;

	*over = !run_child(trial);
	if (!reopen(trial))
		return complain(trial, "the store:", trial->err.text);
	good = complete(trial);
	nw_store_close(&trial->handle);
	return good;
}

static bool is_clear(const struct trial *trial)
{
	return trial->err.code == NW_ERROR_IO &&
	       (strstr(trial->err.text, trial->dir) ||
		strstr(trial->err.text, "the store: ")) &&
	       (trial->kind != STEP_FULL ||
		strstr(trial->err.text, "make room") ||
		strstr(trial->err.text, "No space left"));
}

static bool try_failure(struct trial *trial, bool *over)
{
	bool good = true;

	if (!reopen(trial))
		return complain(trial, "the store:", trial->err.text);
	steps_plan(trial->kind, trial->step);
	if (deliver(trial) && !is_clear(trial))
		good = complain(trial, "no clear error:", trial->err.text);
	*over = !steps_seen()->hit;
	if (steps_seen()->unsynced)
		good = complain(trial, "the cursor was ahead of the disk", "");
	good = complete(trial) && good;
	nw_store_close(&trial->handle);
	return good;
}

static void try_kind(struct trial *trial, unsigned number)
{
	long hits = 0, bad = 0;
	bool over = false;

	for (trial->step = 1; !over && bad < BAD_MAX; trial->step++) {
		reset(trial);
		if (!(trial->kind >= STEP_FULL ? try_failure(trial, &over)
					       : try_crash(trial, &over)))
			bad++;
		hits += !over;
	}
	printf("%sok %u - %s:%s, %s delivery: %s: %ld\n",
	       bad || !hits ? "not " : "", number, trial->shape->scheme,
	       trial->shape->path, trial->second ? "second" : "first",
	       kind_names[trial->kind], hits);
	(void)fflush(stdout);
}

/* The life without interruption, which also syncs what it should. */
static void remember(struct trial *trial, unsigned number)
{
	bool good;

	free(trial->wanted);
	if (!reopen(trial))
		abort();
	steps_plan(STEP_NONE, 0);
	trial->step = 0;
	good = !deliver(trial) && !steps_seen()->unsynced;
	nw_store_close(&trial->handle);
	trial->wanted = tree(trial);
	/* And what is in it: a mailbox for all has one of what is in both. */
	printf("%sok %u - %s:%s, %s delivery: on the disk before it is "
	       "marked\n",
	       good && strstr(trial->wanted, "From the body of 2") ? ""
								   : "not ",
	       number, trial->shape->scheme, trial->shape->path,
	       trial->second ? "second" : "first");
}

static void try_shape(struct trial *trial, unsigned *number)
{
	int second;

	for (second = 0; second < 2; second++) {
		trial->second = second;
		prepare(trial);
		remember(trial, ++*number);
		for (trial->kind = STEP_KILL; trial->kind < STEP_KINDS;
		     trial->kind++)
			try_kind(trial, ++*number);
	}
}

int main(void)
{
	/* A file system in memory where there is one: what is synced and what
	 * not is counted, and waiting for a disk shows nothing more. */
	const char *tmp = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";
	struct trial trial = { .wanted = NULL };
	unsigned number = 0;
	size_t i;

	(void)snprintf(trial.dir, sizeof(trial.dir),
		       "%s/newswire-crash-XXXXXX", tmp);
	if (!mkdtemp(trial.dir)) {
		printf("Bail out! %s\n", trial.dir);
		return 1;
	}
	(void)snprintf(trial.store, sizeof(trial.store), "%s/newswire.db",
		       trial.dir);
	(void)snprintf(trial.boxes, sizeof(trial.boxes), "%s/boxes",
		       trial.dir);
	trial.arena = nw_arena_new();
	for (i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		trial.shape = &shapes[i];
		try_shape(&trial, &number);
	}
	printf("1..%u\n", number);
	shell(&trial, "rm -rf $D $D.kept");
	nw_arena_free(&trial.arena);
	free(trial.wanted);
	return 0;
}
