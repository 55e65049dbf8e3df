/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules for the pages of one site, in the format of ftr-site-config.
 *
 * A file is a list of lines "directive: value", "directive(argument): value"
 * and comments that begin with "#".  Values that point into a page are XPath
 * 1.0.  What a rule selects is read as any other part of a page is; a rule
 * that selects nothing leaves its field to what is found without it.
 *
 *	title, author, date	the first expression that gives a value counts;
 *				it selects elements or attributes, or is a
 *				string
 *	body			the first expression that selects enough text;
 *				all elements that it selects are joined
 *	strip, strip_attr	elements or attributes that are taken away
 *	strip_id_or_class	elements whose id or class holds the word
 *	strip_image_src		pictures whose address holds the text
 *	wrap_in(ELEMENT)	puts an element around each that is selected
 *	find_string, replace_string; replace_string(TEXT)
 *				in the page's HTML, before it is read
 *	prune: no		the body is taken as it is selected
 *	skip_json_ld: yes	the page's JSON-LD is not read
 *	insert_detected_image: no
 *				the picture that the page's head names is not
 *				the story's
 *	autodetect_on_failure: no
 *				a field whose rules give nothing stays empty
 *	http_header(NAME)	user-agent, referer, cookie of the request
 *	single_page_link, next_page_link, each with if_page_contains behind it
 *				struct nw_page_links of newswire/page.h
 *
 * test_url, test_contains, tidy, parser and others whose work is done
 * anyway are accepted and mean nothing.
 */
#ifndef NEWSWIRE_RULES_H
#define NEWSWIRE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "newswire/arena.h"
#include "newswire/error.h"

/* The rules of one file; immutable, and in the arena that they were read
 * into. */
struct nw_rules;

/* A line that is left out, and why. */
struct nw_rules_fault {
	unsigned line;		/* from 1 */
	const char *directive;	/* as it is written, or NULL */
	const char *why;
	bool unsupported;	/* right, but not of use to newswire */
};

struct nw_rules_report {
	size_t directives;	/* faults included */
	struct nw_rules_fault *faults;
	size_t fault_count;
};

/*
 * Reads the bytes of a file; pure.  name is what notes call it.  What is wrong
 * is left out and added to the report (NULL: nobody asks), so this never
 * fails.
 */
struct nw_rules *nw_rules_parse(struct nw_arena *arena, const char *name,
				const char *bytes, size_t len,
				struct nw_rules_report *report);

/* Reads a file.  Fails with NW_ERROR_MISSING when it is not there, with
 * NW_ERROR_REFUSED when it is longer than NW_RULES_FILE_BYTES. */
int nw_rules_read(struct nw_arena *arena, const char *path,
		  struct nw_rules **rules_r, struct nw_rules_report *report,
		  struct nw_error *err);

/*
 * Reads the rules for a URL's host: 1, 0 when there are none, -1 when a file
 * cannot be read.  Of the host a.b.example.org the files are, in this order,
 * a.b.example.org.txt, .b.example.org.txt and .example.org.txt; "www." before
 * a host does not count, unless a file has it in its name.  Each is looked for
 * in all folders, the first folder first, and the first that is found is all
 * that counts.  It is read each time, so that a change counts at once.
 */
int nw_rules_find(struct nw_arena *arena, const char *const *folders,
		  size_t folder_count, const char *url,
		  const struct nw_rules **rules_r, struct nw_error *err);

/* What the site's rules ask to be sent; NULL where they ask nothing. */
struct nw_rules_headers {
	const char *user_agent;
	const char *referer;
	const char *cookie;
};

/* rules may be NULL. */
struct nw_rules_headers nw_rules_headers(const struct nw_rules *rules);

#endif
