/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/date.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#include "post_private.h"

/* RFC 5321 section 4.5.3.1.1, and room for an address on one line. */
#define LOCAL_PART_OCTETS 64
#define ADDRESS_OCTETS 254
#define HOST_OCTETS 200

#define DISPLAY_BYTES NW_STORY_NAME_BYTES

#define LIST_ID_OCTETS 255	/* RFC 2919 section 2 */

#define NO_DOMAIN "newswire.invalid"

#define ATEXT "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	      "0123456789!#$%&'*+-/=?^_`{|}~"
#define HOST_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
		   "0123456789-."

const char *const nw_images_names[NW_IMAGES_COUNT] = {
	[NW_IMAGES_INLINE] = "inline",
	[NW_IMAGES_LINK] = "link",
	[NW_IMAGES_NONE] = "none",
};

const char *const nw_layout_names[NW_LAYOUT_COUNT] = {
	[NW_LAYOUT_ALTERNATIVE] = "alternative",
	[NW_LAYOUT_MIXED] = "mixed",
	[NW_LAYOUT_TEXT] = "text",
};

static const struct {
	unsigned mark;
	const char *keyword;
} mark_keywords[] = {
	{ NW_UPDATE_KEY_EVENT, "key-event" },
	{ NW_UPDATE_PINNED, "pinned" },
	{ NW_UPDATE_BREAKING, "breaking" },
	{ NW_UPDATE_SUMMARY, "summary" },
};

/* What the headers are written from. */
struct writer {
	struct nw_buf *out;
	struct nw_arena *arena;
	const struct nw_story *story;
	const struct nw_post *post;
	const struct nw_message_options *options;
	const char *language;	/* or NULL */
};

static bool is_host(const char *host)
{
	size_t len = strlen(host);

	return len && len <= HOST_OCTETS && !host[strspn(host, HOST_CHARS)] &&
	       *host != '.' && *host != '-' && host[len - 1] != '.' &&
	       host[len - 1] != '-' && !strstr(host, "..");
}

/* A dot-atom on both sides (RFC 5322 section 3.4.1). */
static bool is_address(const char *address)
{
	size_t local = strspn(address, ATEXT ".");

	return local && local <= LOCAL_PART_OCTETS && address[local] == '@' &&
	       strlen(address) <= ADDRESS_OCTETS && *address != '.' &&
	       address[local - 1] != '.' && !strstr(address, "..") &&
	       is_host(address + local + 1) && strchr(address + local, '.');
}

const char *nw_post_id_domain(struct nw_arena *arena,
			      const struct nw_post *post)
{
	const char *at = strrchr(post->message_id, '@'), *domain;

	if (!at)
		return NO_DOMAIN;
	domain = nw_arena_strndup(arena, at + 1, strcspn(at + 1, ">"));
	return is_host(domain) ? domain : NO_DOMAIN;
}

static const char *site_of(struct writer *writer)
{
	const struct nw_story *story = writer->story;
	const char *address = story->canonical_url ? story->canonical_url :
						     story->url;
	struct nw_url url;

	if (!address || nw_url_split(writer->arena, address, &url) ||
	    !url.host || !is_host(url.host))
		return "unknown";
	return strncmp(url.host, "www.", 4) ? url.host : url.host + 4;
}

struct people {
	const struct nw_author *authors;
	size_t count;
};

static struct people people_of(const struct writer *writer)
{
	const struct nw_update *update = writer->post->update;

	if (update && update->author_count)
		return (struct people){ update->authors,
					update->author_count };
	return (struct people){ writer->story->authors,
				writer->story->author_count };
}

/* "Jane Doe, John Roe": as many names as fit. */
static const char *display_name(struct writer *writer, struct people people)
{
	struct nw_buf names;
	const char *joined;
	size_t i;

	nw_buf_init(&names, 2 * DISPLAY_BYTES);
	for (i = 0; i < people.count; i++) {
		const char *name = people.authors[i].name;

		if (!name || !*name)
			continue;
		if (names.len && names.len + strlen(name) > DISPLAY_BYTES) {
			nw_buf_adds(&names, " et al.");
			break;
		}
		nw_buf_addf(&names, "%s%s", names.len ? ", " : "", name);
	}
	joined = names.len ? nw_arena_strndup(writer->arena, names.data,
					      names.len) :
			     writer->story->publisher;
	nw_buf_free(&names);
	return joined && *joined ? joined : site_of(writer);
}

static void write_from(struct writer *writer)
{
	struct people people = people_of(writer);
	const char *display = display_name(writer, people);
	const char *email = people.count == 1 ? people.authors->email : NULL;
	const char *local;

	if (!email || !is_address(email)) {
		local = nw_utf8_slug(writer->arena, display,
				     LOCAL_PART_OCTETS);
		email = nw_arena_printf(writer->arena, "%s@%s.invalid",
					local ? local : "newsroom",
					site_of(writer));
	}
	nw_header_mailbox(writer->out, "From", display, email);
}

static void write_newsgroups(struct writer *writer)
{
	const struct nw_message_options *options = writer->options;
	size_t start = writer->out->len, i;

	nw_buf_adds(writer->out, "Newsgroups: ");
	for (i = 0; i < options->newsgroup_count; i++) {
		if (i)
			nw_buf_addc(writer->out, ',');
		if (writer->out->len - start + NW_GROUP_OCTETS >
		    NW_LINE_OCTETS) {
			nw_buf_adds(writer->out, "\r\n ");
			start = writer->out->len;
		}
		nw_buf_adds(writer->out, options->newsgroups[i]);
	}
	nw_buf_adds(writer->out, "\r\n");
}

static void write_date(struct writer *writer, const char *name, int64_t utc)
{
	char stamp[NW_DATE_BYTES];

	nw_date_rfc5322(utc, stamp);
	nw_buf_addf(writer->out, "%s: %s\r\n", name, stamp);
}

static void write_ids(struct writer *writer)
{
	const struct nw_post *post = writer->post;
	size_t count = post->reference_count;

	nw_header_words(writer->out, "Message-ID", &post->message_id, 1);
	if (count) {
		nw_header_words(writer->out, "References", post->references,
				count);
		nw_header_words(writer->out, "In-Reply-To",
				&post->references[count - 1], 1);
	}
	if (post->supersedes)
		nw_header_words(writer->out, "Supersedes", &post->supersedes,
				1);
}

static void write_url(struct writer *writer, const char *name, const char *url)
{
	url = nw_post_href(writer->arena, url, NULL);
	if (url &&
	    strlen(name) + strlen(": <>") + strlen(url) <= NW_LINE_OCTETS)
		nw_buf_addf(writer->out, "%s: <%s>\r\n", name, url);
}

/* RFC 5064. */
static void write_archived_at(struct writer *writer)
{
	const struct nw_update *update = writer->post->update;
	const struct nw_story *story = writer->story;
	const char *url = story->canonical_url ? story->canonical_url :
						 story->url;

	if (update && update->url)
		url = update->url;
	write_url(writer, "Archived-At", url);
}

/* RFC 2919, RFC 2369: a source is a list that its group archives.  Its id is
 * the group's, which stays when the source gets another name or address. */
static void write_list(struct writer *writer)
{
	const struct nw_message_options *options = writer->options;
	const char *name = options->list_name;
	const char *id;

	if (!name && !options->list_url)
		return;
	id = nw_arena_printf(writer->arena, "%s.%s", options->newsgroups[0],
			     nw_post_id_domain(writer->arena, writer->post));
	if (strlen(id) > LIST_ID_OCTETS)
		return;
	if (name && name[strspn(name, " ")])
		nw_header_mailbox(writer->out, "List-Id", name, id);
	else
		nw_buf_addf(writer->out, "List-Id: <%s>\r\n", id);
	write_url(writer, "List-Archive", options->list_url);
}

/* "updated 2025-07-26T10:00:00Z; 3 changes" */
static void write_updated(struct writer *writer)
{
	const struct nw_post *post = writer->post;
	const struct nw_update *update = post->update;
	unsigned revision = update ? update->revision : writer->story->revision;
	int64_t utc = post->updated_utc;
	const char *more = "";
	char stamp[NW_DATE_BYTES];

	if (!post->supersedes && post->kind != NW_POST_EDIT)
		return;
	if (post->kind == NW_POST_EDIT && post->changes && post->changes->count)
		more = nw_arena_printf(writer->arena, "; %zu change%s",
				       post->changes->count,
				       post->changes->count == 1 ? "" : "s");
	else if (post->supersedes && revision)
		more = nw_arena_printf(writer->arena, "; revision %u",
				       revision);
	nw_date_iso8601(utc != NW_TIME_NONE ? utc : writer->options->now_utc,
			stamp);
	nw_header_text(writer->out, "Comments",
		       nw_arena_printf(writer->arena, "updated %s%s", stamp,
				       more));
}

/* As Gnus, Claws Mail and Thunderbird's add-ons read it: one header line of
 * NW_LINE_OCTETS when it is unfolded. */
static void write_face(struct writer *writer)
{
	const struct nw_picture *face = writer->options->face;

	if (face && face->len && face->len <= NW_FACE_BYTES &&
	    !strcmp(face->type, "image/png"))
		nw_header_base64(writer->out, "Face", face->bytes, face->len);
}

/* Kicker, section and tags, each once. */
static void write_keywords(struct writer *writer)
{
	const struct nw_update *update = writer->post->update;
	struct nw_story words = { .topics = NULL };
	size_t i;

	nw_story_add_topic(writer->arena, &words, writer->story->kicker);
	nw_story_add_topic(writer->arena, &words, writer->story->section);
	for (i = 0; update && i < sizeof(mark_keywords) /
						 sizeof(*mark_keywords); i++)
		if (update->marks & mark_keywords[i].mark)
			nw_story_add_topic(writer->arena, &words,
					   mark_keywords[i].keyword);
	for (i = 0; i < writer->story->topic_count; i++)
		nw_story_add_topic(writer->arena, &words,
				   writer->story->topics[i]);
	if (words.topic_count)
		nw_header_phrases(writer->out, "Keywords", words.topics,
				  words.topic_count);
}

static void write_language(struct writer *writer)
{
	if (writer->language)
		nw_buf_addf(writer->out, "Content-Language: %s\r\n",
			    writer->language);
}

/* What only the article of the story itself says. */
static void write_story_headers(struct writer *writer)
{
	const struct nw_story *story = writer->story;

	if (writer->post->kind != NW_POST_ROOT &&
	    writer->post->kind != NW_POST_EDIT)
		return;
	if (story->description && *story->description)
		nw_header_text(writer->out, "Summary", story->description);
	/* Nothing expires before it is there: that date is a mistake. */
	if (story->expires_utc != NW_TIME_NONE &&
	    story->expires_utc > writer->post->date_utc)
		write_date(writer, "Expires", story->expires_utc);
	if (story->paywalled)
		nw_header_text(writer->out, "Comments",
			       "only the beginning of the story; the rest is "
			       "for subscribers of the publisher");
}

static void write_headers(struct writer *writer)
{
	nw_buf_addf(writer->out, "Path: %s!not-for-mail\r\n",
		    writer->options->path_host);
	write_from(writer);
	write_newsgroups(writer);
	nw_header_text(writer->out, "Subject", writer->post->subject);
	write_date(writer, "Date", writer->post->date_utc);
	write_ids(writer);
	write_date(writer, "Injection-Date", writer->options->now_utc);
	write_archived_at(writer);
	write_keywords(writer);
	write_language(writer);
	write_story_headers(writer);
	write_updated(writer);
	write_list(writer);
	write_face(writer);
}

static int check(const struct nw_post *post,
		 const struct nw_message_options *options,
		 struct nw_error *err)
{
	size_t i;

	if (post->kind == NW_POST_CANCEL || !post->message_id ||
	    !post->subject || !*post->subject)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "message: this post has none");
	if (!options->path_host || !is_host(options->path_host))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "message: path host '%s' is no host name",
				    options->path_host ? options->path_host :
							 "");
	if (!options->newsgroup_count)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "message: it has no newsgroup");
	for (i = 0; i < options->newsgroup_count; i++)
		if (nw_ident_group_check(options->newsgroups[i], err))
			return nw_error_prefix(err, "message");
	return 0;
}

int nw_message_write(struct nw_buf *out, const struct nw_story *story,
		     const struct nw_post *post,
		     const struct nw_message_options *options,
		     struct nw_error *err)
{
	struct writer writer = { .out = out, .story = story, .post = post,
				 .options = options };
	const size_t start = out->len;
	struct nw_layout layout;
	int result;

	if (check(post, options, err))
		return -1;
	writer.arena = nw_arena_new();
	nw_post_layout(writer.arena, story, post, &layout);
	writer.language = layout.language;
	write_headers(&writer);
	result = nw_parts_write(out, writer.arena, &layout, post, options,
				err);
	nw_arena_free(&writer.arena);
	if (result)
		nw_buf_cut(out, start);
	return result;
}
