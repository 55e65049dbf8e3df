/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that read and apply a site's rules share.
 *
 *	rules.c        lines to rules
 *	rules_find.c   a host to its file
 *	rules_xpath.c  expressions, under caps
 *	rules_edit.c   what rules change of a page
 *	rules_fact.c   what rules say of a story
 *	rules_body.c   the body that they select
 */
#ifndef NEWSWIRE_RULES_PRIVATE_H
#define NEWSWIRE_RULES_PRIVATE_H

#include <libxml/xpath.h>

#include "extract_private.h"
#include "newswire/rules.h"

enum nw_rule_kind {
	NW_RULE_TITLE,
	NW_RULE_BODY,
	NW_RULE_AUTHOR,
	NW_RULE_DATE,
	NW_RULE_STRIP,
	NW_RULE_STRIP_WORD,
	NW_RULE_STRIP_IMAGE,
	NW_RULE_WRAP,
	NW_RULE_REPLACE,
	NW_RULE_HEADER,
	NW_RULE_SINGLE_LINK,
	NW_RULE_NEXT_LINK,
	NW_RULE_PRUNE,
	NW_RULE_AUTODETECT,
	NW_RULE_SKIP_JSONLD,
	NW_RULE_INSERT_IMAGE,
	NW_RULE_IDLE,		/* accepted, without an effect */
	NW_RULE_CONDITION,	/* of the rule before it */
	NW_RULE_FIND,		/* half a NW_RULE_REPLACE */
	NW_RULE_UNSUPPORTED,
};

struct nw_rule {
	enum nw_rule_kind kind;
	unsigned line;
	const char *argument;	/* what is replaced; a name */
	const char *value;	/* a flag: "" for no */
	const char *condition;	/* XPath that must select something, or NULL */
};

struct nw_rules {
	const char *name;
	struct nw_rule *all;	/* in the order of the file */
	size_t count;
};

/* rules.c */
/* The next rule of a kind behind one, NULL: the first; NULL when there is none
 * more.  rules may be NULL. */
const struct nw_rule *nw_rule_next(const struct nw_rules *rules,
				   enum nw_rule_kind kind,
				   const struct nw_rule *rule);
/* The last word on a yes or no. */
bool nw_rule_flag(const struct nw_rules *rules, enum nw_rule_kind kind,
		  bool otherwise);

/* rules_xpath.c */
/* NULL, or what is wrong with an expression. */
const char *nw_xpath_check(struct nw_arena *arena, const char *expression);
/* For expressions on a page; NULL for one that is too large for them.  Until
 * it is closed the elements' content is libxml2's, and no text. */
xmlXPathContext *nw_xpath_open(xmlDoc *doc);
void nw_xpath_close(xmlXPathContext *xpath);
/* Free it by xmlXPathFreeObject(); NULL when it has no value or costs too
 * much. */
xmlXPathObject *nw_xpath_value(xmlXPathContext *xpath, const char *expression);
/* How many nodes it is; 0 for another value. */
size_t nw_xpath_count(const xmlXPathObject *value);

/* rules_edit.c */
/* Takes away, and wraps, what rules select. */
void nw_rules_strip(const struct nw_page *page, xmlXPathContext *xpath);
/* Says that a rule gave a field. */
void nw_rule_note(const struct nw_page *page, const struct nw_rule *rule,
		  const char *what, const char *text);

#endif
