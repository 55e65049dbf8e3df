/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * messages [OPTION…] FOLDER: the posts of a story, read from standard input as
 * the store's JSON or as a page, as FOLDER/N.eml; beside each FOLDER/N.etpan,
 * what libetpan reads in it, and FOLDER/N.text, the text as newswire/text.h
 * writes it.  Pictures are files of a folder, named as their URLs end, or one
 * file for all.
 */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/page.h"
#include "newswire/snapshot.h"
#include "newswire/text.h"

#define NOW INT64_C(1753524000)
#define PICTURES 4096

static const struct option long_options[] = {
	{ "url", required_argument, NULL, 'u' },
	{ "layout", required_argument, NULL, 'l' },
	{ "images", required_argument, NULL, 'i' },
	{ "pictures", required_argument, NULL, 'p' },
	{ "face", required_argument, NULL, 'f' },
	{ "list-name", required_argument, NULL, 'n' },
	{ "list-url", required_argument, NULL, 'a' },
	{ NULL, 0, NULL, 0 },
};

struct run {
	struct nw_arena *arena;
	const char *url, *pictures, *face;
	struct nw_message_options options;
	struct nw_picture found[PICTURES], face_picture;
};

static void fail(const char *what, const struct nw_error *err)
{
	(void)fprintf(stderr, "messages: %s: %s\n", what, err ? err->text : "");
	exit(1);
}

static char *read_file(struct nw_arena *arena, FILE *file, size_t *len_r)
{
	struct nw_buf bytes;
	char piece[65536], *copy;
	size_t len;

	nw_buf_init(&bytes, NW_STORE_SNAPSHOT_BYTES);
	while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
		nw_buf_add(&bytes, piece, len);
	copy = nw_arena_strndup(arena, bytes.data, bytes.len);
	*len_r = bytes.len;
	nw_buf_free(&bytes);
	return copy;
}

static void write_file(const char *folder, size_t number, const char *ending,
		       const struct nw_buf *bytes)
{
	char path[NW_PATH_BYTES];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%zu.%s", folder, number, ending);
	file = fopen(path, "wb");
	if (!file || fwrite(bytes->data, 1, bytes->len, file) != bytes->len ||
	    fclose(file) != 0)
		fail(path, NULL);
}

static bool read_picture(struct run *run, const char *path,
			 struct nw_picture *picture)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return false;
	picture->bytes = read_file(run->arena, file, &picture->len);
	(void)fclose(file);
	picture->type = strncmp(picture->bytes, "\x89PNG", 4) ? "image/jpeg" :
								"image/png";
	picture->width = 320;
	picture->height = 180;
	return true;
}

static void add_picture(struct run *run, const struct nw_image *image)
{
	size_t count = run->options.picture_count;
	struct nw_picture *picture = &run->found[count];
	const char *slash = image && image->url ? strrchr(image->url, '/') :
						  NULL;

	if (!slash || !run->pictures || count == PICTURES ||
	    (!read_picture(run, nw_arena_printf(run->arena, "%s%.*s",
						run->pictures,
						(int)strcspn(slash, "?#"),
						slash), picture) &&
	     !read_picture(run, run->pictures, picture)))
		return;
	picture->url = image->url;
	run->options.picture_count++;
}

static void add_pictures(struct run *run, const struct nw_body *body)
{
	size_t i;

	for (i = 0; i < body->count; i++)
		add_picture(run, body->blocks[i].image);
}

/* What libetpan reads, a line each. */
static void say(struct nw_buf *out, const char *what, const char *text)
{
	const char *at;

	nw_buf_addf(out, "%s\t", what);
	for (at = text ? text : "-"; *at; at++)
		nw_buf_addc(out, (unsigned char)*at < ' ' ? ' ' : *at);
	nw_buf_addc(out, '\n');
}

static void say_encoded(struct nw_buf *out, const char *what, const char *text)
{
	char *decoded = NULL;
	size_t at = 0;

	if (mailmime_encoded_phrase_parse("utf-8", text, strlen(text), &at,
					  "utf-8", &decoded) !=
	    MAILIMF_NO_ERROR)
		fail(text, NULL);
	say(out, what, decoded);
	free(decoded);
}

static void say_from(struct nw_buf *out, const struct mailimf_from *from)
{
	clistiter *at;

	for (at = clist_begin(from->frm_mb_list->mb_list); at;
	     at = clist_next(at)) {
		const struct mailimf_mailbox *mailbox = clist_content(at);

		say_encoded(out, "From", mailbox->mb_display_name);
		say(out, "address", mailbox->mb_addr_spec);
	}
}

static void say_field(struct nw_buf *out, const struct mailimf_field *field)
{
	clistiter *at;

	switch (field->fld_type) {
	case MAILIMF_FIELD_FROM:
		say_from(out, field->fld_data.fld_from);
		break;
	case MAILIMF_FIELD_SUBJECT:
		say_encoded(out, "Subject",
			    field->fld_data.fld_subject->sbj_value);
		break;
	case MAILIMF_FIELD_COMMENTS:
		say_encoded(out, "Comments",
			    field->fld_data.fld_comments->cm_value);
		break;
	case MAILIMF_FIELD_KEYWORDS:
		for (at = clist_begin(field->fld_data.fld_keywords->kw_list);
		     at; at = clist_next(at))
			say_encoded(out, "Keyword", clist_content(at));
		break;
	case MAILIMF_FIELD_MESSAGE_ID:
		say(out, "Message-ID",
		    field->fld_data.fld_message_id->mid_value);
		break;
	case MAILIMF_FIELD_OPTIONAL_FIELD:
		say_encoded(
			out,
			field->fld_data.fld_optional_field->fld_name,
			field->fld_data.fld_optional_field->fld_value);
		break;
	default:
		break;
	}
}

static const char *value_of(const struct mailmime *part, const char *name)
{
	clistiter *at;

	if (!part->mm_content_type->ct_parameters)
		return NULL;
	for (at = clist_begin(part->mm_content_type->ct_parameters); at;
	     at = clist_next(at)) {
		const struct mailmime_parameter *parameter = clist_content(at);

		if (!strcmp(parameter->pa_name, name))
			return parameter->pa_value;
	}
	return NULL;
}

static void say_single(struct nw_arena *arena, struct nw_buf *out,
		       struct mailmime *part)
{
	struct mailmime_data *data = part->mm_data.mm_single;
	struct mailmime_single_fields fields;
	char *octets = NULL;
	size_t at = 0, len;

	if (mailmime_part_parse(data->dt_data.dt_text.dt_data,
				data->dt_data.dt_text.dt_length, &at,
				data->dt_encoding, &octets, &len) !=
	    MAILIMF_NO_ERROR)
		fail("libetpan does not decode a part", NULL);
	mailmime_single_fields_init(&fields, part->mm_mime_fields,
				    part->mm_content_type);
	say(out, "name", value_of(part, "name"));
	say(out, "filename", fields.fld_disposition_filename);
	say(out, "cid", fields.fld_id);
	if (fields.fld_description)
		say_encoded(out, "description", fields.fld_description);
	say(out, "octets", nw_ident_hash(arena, octets, len));
	mmap_string_unref(octets);
}

static void say_part(struct nw_arena *arena, struct nw_buf *out,
		     struct mailmime *part)
{
	const struct mailmime_content *type = part->mm_content_type;
	clistiter *at;

	if (part->mm_type == MAILMIME_MESSAGE) {
		for (at = clist_begin(
			     part->mm_data.mm_message.mm_fields->fld_list);
		     at; at = clist_next(at))
			say_field(out, clist_content(at));
		say_part(arena, out, part->mm_data.mm_message.mm_msg_mime);
		return;
	}
	say(out, "part", type->ct_subtype);
	say(out, "delsp", value_of(part, "delsp"));
	if (part->mm_type == MAILMIME_SINGLE) {
		say_single(arena, out, part);
		return;
	}
	for (at = clist_begin(part->mm_data.mm_multipart.mm_mp_list); at;
	     at = clist_next(at))
		say_part(arena, out, clist_content(at));
	say(out, "end", type->ct_subtype);
}

static void write_post(struct run *run, const struct nw_story *story,
		       const struct nw_post *post, const char *folder,
		       size_t number)
{
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_buf message, read, text;
	struct mailmime *mime = NULL;
	size_t at = 0;
	bool delsp;

	nw_buf_init(&message, NW_MESSAGE_BYTES);
	nw_buf_init(&read, NW_MESSAGE_BYTES);
	nw_buf_init(&text, NW_MESSAGE_BYTES);
	if (nw_message_write(&message, story, post, &run->options, &err) ||
	    nw_text_write(&text, story, post, &delsp, &err))
		fail("message", &err);
	if (mailmime_parse(message.data, message.len, &at, &mime) !=
	    MAILIMF_NO_ERROR)
		fail("libetpan does not parse a message", NULL);
	say_part(run->arena, &read, mime);
	mailmime_free(mime);
	write_file(folder, number, "eml", &message);
	write_file(folder, number, "etpan", &read);
	write_file(folder, number, "text", &text);
	nw_buf_free(&message);
	nw_buf_free(&read);
	nw_buf_free(&text);
}

static struct nw_story *read_story(struct run *run)
{
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_page_input page = { .url = run->url, .now_utc = NOW };
	struct nw_story *story = NULL;
	int result;

	page.bytes = read_file(run->arena, stdin, &page.len);
	if (*page.bytes == '{')
		result = nw_snapshot_read(run->arena, page.bytes, page.len,
					  &story, &err);
	else
		result = nw_page_read(run->arena, &page, &story, &err);
	if (result)
		fail("story", &err);
	return story;
}

static void write_all(struct run *run, const char *folder)
{
	const struct nw_thread_options plan = { .id_domain = "test.invalid",
						.now_utc = NOW };
	struct nw_error err = { NW_ERROR_NONE, "" };
	const struct nw_story *story = read_story(run);
	struct nw_thread thread;
	size_t i;

	if (nw_thread_plan(run->arena, NULL, story, &plan, &thread, &err))
		fail("thread", &err);
	add_picture(run, thread.story->lead_image);
	add_pictures(run, &thread.story->body);
	for (i = 0; i < thread.story->update_count; i++)
		add_pictures(run, &thread.story->updates[i].body);
	if (run->face && read_picture(run, run->face, &run->face_picture))
		run->options.face = &run->face_picture;
	for (i = 0; i < thread.post_count; i++)
		write_post(run, thread.story, &thread.posts[i], folder, i);
}

static int choice(const char *const *names, int count, const char *name)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return i;
	fail(name, NULL);
	return -1;
}

static void take(struct run *run, int option, const char *value)
{
	struct nw_message_options *options = &run->options;

	switch (option) {
	case 'u':
		run->url = value;
		break;
	case 'l':
		options->layout = (enum nw_message_layout)choice(
			nw_layout_names, NW_LAYOUT_COUNT, value);
		break;
	case 'i':
		options->images = (enum nw_images)choice(
			nw_images_names, NW_IMAGES_COUNT, value);
		break;
	case 'p':
		run->pictures = value;
		break;
	case 'f':
		run->face = value;
		break;
	case 'n':
		options->list_name = value;
		break;
	case 'a':
		options->list_url = value;
		break;
	default:
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static const char *const groups[] = { "example.test" };
	static struct run run = {
		.options = {
			.newsgroups = groups,
			.newsgroup_count = 1,
			.path_host = "news.example",
			.now_utc = NOW,
		},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		take(&run, option, optarg);
	if (optind + 1 != argc)
		exit(2);
	run.arena = nw_arena_new();
	run.options.pictures = run.found;
	write_all(&run, argv[optind]);
	nw_arena_free(&run.arena);
	return 0;
}
