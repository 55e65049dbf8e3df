/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "newswire/command.h"
#include "newswire/limits.h"
#include "newswire/names.h"
#include "newswire/rules.h"

/* What a run met, over all files. */
struct tally {
	struct nw_context *context;
	size_t files, directives, faults;
	struct unsupported {
		const char *name;
		size_t count;
	} *names;
	size_t name_count;
};

static void count_unsupported(struct tally *tally, const char *name)
{
	size_t i;

	for (i = 0; i < tally->name_count; i++)
		if (!strcmp(tally->names[i].name, name))
			break;
	if (i == tally->name_count) {
		tally->names = nw_arena_grow(tally->context->arena,
					     tally->names, i,
					     sizeof(*tally->names));
		tally->names[i].name = nw_arena_strdup(tally->context->arena,
						       name);
		tally->name_count++;
	}
	tally->names[i].count++;
}

static void print_fault(struct tally *tally, const char *path,
			const struct nw_rules_fault *fault)
{
	tally->faults++;
	(void)fprintf(tally->context->out, "%s:%u: %s%s%s\n", path,
		      fault->line, fault->directive ? fault->directive : "",
		      fault->directive ? ": " : "", fault->why);
}

static int check_file(struct tally *tally, const char *path,
		      struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_rules_report report;
	struct nw_rules *rules;
	int result;
	size_t i;

	result = nw_rules_read(arena, path, &rules, &report, err);
	if (result == 0) {
		tally->files++;
		tally->directives += report.directives;
		for (i = 0; i < report.fault_count; i++) {
			if (report.faults[i].unsupported)
				count_unsupported(tally,
						  report.faults[i].directive);
			else
				print_fault(tally, path, &report.faults[i]);
		}
	}
	nw_arena_free(&arena);
	return result;
}

static bool is_rules(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && !strcmp(name + len - 4, ".txt");
}

static const char **list_folder(struct nw_arena *arena, const char *path,
				size_t *count_r, struct nw_error *err)
{
	const char **names = nw_arena_grow(arena, NULL, 0, sizeof(*names));
	const struct dirent *entry;
	DIR *folder = opendir(path);

	if (!folder) {
		(void)nw_error_errno(err, "%s", path);
		return NULL;
	}
	*count_r = 0;
	while ((entry = readdir(folder))) {
		if (!is_rules(entry->d_name))
			continue;
		names = nw_arena_grow(arena, names, *count_r, sizeof(*names));
		names[(*count_r)++] = nw_arena_printf(arena, "%s/%s", path,
						      entry->d_name);
	}
	(void)closedir(folder);
	nw_names_sort(names, *count_r);
	return names;
}

static int check_path(struct tally *tally, const char *path,
		      struct nw_error *err)
{
	const char **names;
	size_t count, i;
	struct stat st;

	if (stat(path, &st) < 0)
		return nw_error_errno(err, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return check_file(tally, path, err);
	names = list_folder(tally->context->arena, path, &count, err);
	if (!names)
		return -1;
	for (i = 0; i < count; i++)
		if (check_file(tally, names[i], err) < 0)
			return -1;
	return 0;
}

static int by_count(const void *a, const void *b)
{
	const struct unsupported *left = a, *right = b;

	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return strcmp(left->name, right->name);
}

static void print_tally(struct tally *tally)
{
	FILE *out = tally->context->out;
	size_t i;

	if (tally->name_count)
		qsort(tally->names, tally->name_count, sizeof(*tally->names),
		      by_count);
	for (i = 0; i < tally->name_count; i++)
		(void)fprintf(out, "not supported: %s: %zu\n",
			      tally->names[i].name, tally->names[i].count);
	(void)fprintf(out, "%zu files, %zu directives, %zu faults\n",
		      tally->files, tally->directives, tally->faults);
}

static int run(struct nw_context *context, struct nw_error *err)
{
	struct tally tally = { .context = context };
	int i;

	if (strcmp(context->argv[0], "check") != 0)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "rules: there is no \"%s\", only check",
				    context->argv[0]);
	for (i = 1; i < context->argc; i++)
		if (check_path(&tally, context->argv[i], err) < 0)
			return -1;
	print_tally(&tally);
	if (tally.faults)
		return nw_error_set(err, NW_ERROR_DATA,
				    "rules: %zu lines are left out",
				    tally.faults);
	return 0;
}

const struct nw_command nw_command_rules = {
	.name = "rules",
	.operands = "check DIR|FILE…",
	.help = "Check the rules of sites",
	.more = "It names each line that is left out, and counts the "
		"directives that\nnewswire does not support.",
	.man = "newswire(1)",
	.operands_min = 2,
	.operands_max = -1,
	.run = run,
};
