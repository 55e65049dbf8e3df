/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libetpan's news client, which is the one of Claws Mail, on a group: prints
 * what it got, a line for each call: its name, the code that it returned, and
 * what came, with tabs between them.
 *
 *	newsread PORT GROUP NUMBER MESSAGE-ID
 *
 * The article itself comes last, behind the line "text", once by its number
 * and once by its Message-ID.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>

#include <libetpan/newsnntp.h>

#define TIMEOUT_S 20
#define POSTED "From: reader@host.invalid\r\nSubject: x\r\n" \
	"Newsgroups: saltmarsh.storm\r\n\r\nx\r\n"

static void print_groups(const void *item)
{
	const struct newsnntp_group_info *group = item;

	printf("\t%s %" PRIu32 " %" PRIu32 " %c", group->grp_name,
	       group->grp_first, group->grp_last, group->grp_type);
}

static void print_time(const void *item)
{
	const struct newsnntp_group_time *group = item;

	printf("\t%s %jd", group->grp_name, (intmax_t)group->grp_date);
}

static void print_description(const void *item)
{
	const struct newsnntp_group_description *group = item;

	printf("\t%s %s", group->grp_name, group->grp_description);
}

static void print_name(const void *item)
{
	printf("\t%s", (const char *)item);
}

static void print_number(const void *item)
{
	printf("\t%" PRIu32, *(const uint32_t *)item);
}

static void print_header(const void *item)
{
	const struct newsnntp_xhdr_resp_item *header = item;

	printf("\t%" PRIu32 " %s", header->hdr_article, header->hdr_value);
}

static void print_overview(const void *item)
{
	const struct newsnntp_xover_resp_item *over = item;

	printf("\t%" PRIu32 "|%s|%s|%s|%zu", over->ovr_article,
	       over->ovr_subject, over->ovr_message_id, over->ovr_references,
	       over->ovr_size);
}

static void print_list(const char *name, int code, clist *list,
		       void (*print)(const void *item))
{
	clistiter *at;

	printf("%s\t%d", name, code);
	if (code == NEWSNNTP_NO_ERROR)
		for (at = clist_begin(list); at; at = clist_next(at))
			print(clist_content(at));
	putchar('\n');
}

static void lists(newsnntp *news)
{
	clist *list = NULL;
	int code;

	code = newsnntp_list(news, &list);
	print_list("list", code, list, print_groups);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_list_free(list);
	code = newsnntp_list_active(news, "saltmarsh.s*", &list);
	print_list("active", code, list, print_groups);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_list_active_free(list);
	code = newsnntp_list_active_times(news, &list);
	print_list("times", code, list, print_time);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_list_active_times_free(list);
	code = newsnntp_list_newsgroups(news, "saltmarsh.*", &list);
	print_list("newsgroups", code, list, print_description);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_list_newsgroups_free(list);
	code = newsnntp_list_overview_fmt(news, &list);
	print_list("format", code, list, print_name);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_list_overview_fmt_free(list);
}

static void select_group(newsnntp *news, const char *name,
			 struct newsnntp_group_info *range_r)
{
	struct newsnntp_group_info *info = NULL;
	int code = newsnntp_group(news, name, &info);

	printf("group\t%d", code);
	if (code == NEWSNNTP_NO_ERROR) {
		printf("\t%s %" PRIu32 " %" PRIu32 " %" PRIu32, info->grp_name,
		       info->grp_count, info->grp_first, info->grp_last);
		range_r->grp_first = info->grp_first;
		range_r->grp_last = info->grp_last;
		newsnntp_group_free(info);
	}
	putchar('\n');
}

static void headers(newsnntp *news, const char *group,
		    const struct newsnntp_group_info *range)
{
	clist *list = NULL;
	int code;

	code = newsnntp_xover_range(news, range->grp_first, range->grp_last,
				    &list);
	print_list("xover", code, list, print_overview);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_xover_resp_list_free(list);
	code = newsnntp_xover_range(news, range->grp_last + 1,
				    range->grp_last + 9, &list);
	print_list("nothing", code, list, print_overview);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_xover_resp_list_free(list);
	code = newsnntp_xhdr_range(news, "Subject", range->grp_first,
				   range->grp_last, &list);
	print_list("xhdr", code, list, print_header);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_xhdr_free(list);
	code = newsnntp_xhdr_single(news, "Message-ID", range->grp_first,
				    &list);
	print_list("single", code, list, print_header);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_xhdr_free(list);
	code = newsnntp_listgroup(news, group, &list);
	print_list("listgroup", code, list, print_number);
	if (code == NEWSNNTP_NO_ERROR)
		newsnntp_listgroup_free(list);
}

static void print_article(int code, char *text, size_t len)
{
	printf("text\t%d\n", code);
	if (code == NEWSNNTP_NO_ERROR) {
		(void)fwrite(text, 1, len, stdout);
		newsnntp_article_free(text);
	}
	printf("\nend\n");
}

static void articles(newsnntp *news, uint32_t number, char *id)
{
	char *text = NULL;
	size_t len = 0;
	int code;

	code = newsnntp_article(news, number, &text, &len);
	print_article(code, text, len);
	code = newsnntp_article_by_message_id(news, id, &text, &len);
	print_article(code, text, len);
}

int main(int argc, char **argv)
{
	struct newsnntp_group_info range = { .grp_first = 1 };
	newsnntp *news = newsnntp_new(0, NULL);
	char *text = NULL;
	struct tm now;
	size_t len;
	int code;

	if (argc != 5 || !news)
		return EX_USAGE;
	newsnntp_set_timeout(news, TIMEOUT_S);
	code = newsnntp_socket_connect(news, "127.0.0.1",
				       (uint16_t)strtoul(argv[1], NULL, 10));
	printf("connect\t%d\treadonly %d\n", code, news->nntp_readonly);
	if (code != NEWSNNTP_NO_ERROR)
		return EX_UNAVAILABLE;
	printf("reader\t%d\n", newsnntp_mode_reader(news));
	code = newsnntp_date(news, &now);
	/* It takes the blank before the year for a part of it. */
	printf("date\t%d\n", code);
	lists(news);
	select_group(news, argv[2], &range);
	headers(news, argv[2], &range);
	printf("missing\t%d\n",
	       newsnntp_article(news, range.grp_last + 1, &text, &len));
	printf("nowhere\t%d\n", newsnntp_group(news, "saltmarsh.nowhere",
					       &(struct newsnntp_group_info *){
						       NULL }));
	printf("post\t%d\n",
	       newsnntp_post(news, POSTED, sizeof(POSTED) - 1));
	articles(news, (uint32_t)strtoul(argv[3], NULL, 10), argv[4]);
	printf("quit\t%d\n", newsnntp_quit(news));
	newsnntp_free(news);
	return EX_OK;
}
