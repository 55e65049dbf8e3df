/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include "feed_dump.h"

#define URLSET(elements) \
	"<?xml version='1.0' encoding='UTF-8'?>" \
	"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'" \
	" xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'" \
	" xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'" \
	" xmlns:xhtml='http://www.w3.org/1999/xhtml'>" elements "</urlset>"
#define INDEX(elements) \
	"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>" \
	elements "</sitemapindex>"

static const struct feed_case cases[] = {
	{ "news",
	  URLSET("<url><loc> https://example.com/1 </loc>"
		 "<lastmod>2025-07-26</lastmod><news:news><news:publication>"
		 "<news:name>The Example</news:name>"
		 "<news:language>en</news:language></news:publication>"
		 "<news:publication_date>2025-07-26T10:00:00+02:00"
		 "</news:publication_date>"
		 "<news:title>One &amp;amp; two</news:title>"
		 "<news:keywords>War, Peace</news:keywords></news:news>"
		 "<image:image><image:loc>/p.jpg</image:loc>"
		 "<image:caption>A cat</image:caption></image:image>"
		 "<image:image><image:loc>/q.jpg</image:loc></image:image>"
		 "<xhtml:link rel='alternate' href='/de'/></url>"
		 "<url><loc>https://example.com/2</loc></url>"),
	  "version=sitemap\ntitle=The Example\n"
	  "item\nurl=https://example.com/1\ntitle=One & two\n"
	  "published=2025-07-26T08:00:00Z\nupdated=2025-07-26T00:00:00Z\n"
	  "tag=War\ntag=Peace\nlanguage=en\n"
	  "image=https://example.com/p.jpg|0|0\ncaption=A cat\n"
	  "item\nurl=https://example.com/2\n" },
	{ "entries without an address, or with a strange one",
	  URLSET("<url><lastmod>2025-07-26</lastmod></url>"
		 "<url><loc>ftp://example.com/</loc></url>"
		 "<url><loc>/rel</loc></url>"),
	  "version=sitemap\nitem\nurl=https://example.com/rel\n" },
	{ "elements of others",
	  URLSET("<url><image:loc>/x</image:loc><xhtml:title>x</xhtml:title>"
		 "<loc>/1</loc></url><news:url><loc>/2</loc></news:url>"),
	  "version=sitemap\nitem\nurl=https://example.com/1\n" },
	{ "no namespaces", "<urlset><url><loc>/1</loc></url></urlset>",
	  "version=sitemap\nitem\nurl=https://example.com/1\n" },
	{ "an index, newest first",
	  INDEX("<sitemap><loc>/a.xml</loc><lastmod>2025-07-24</lastmod>"
		"</sitemap><sitemap><loc>/b.xml</loc></sitemap>"
		"<sitemap><loc>/c.xml</loc><lastmod>2025-07-26</lastmod>"
		"</sitemap><sitemap><loc>/d.xml</loc></sitemap>"
		"<sitemap><lastmod>2025-07-26</lastmod></sitemap>"),
	  "version=sitemap\nsitemap=https://example.com/c.xml\n"
	  "sitemap=https://example.com/a.xml\n"
	  "sitemap=https://example.com/b.xml\n"
	  "sitemap=https://example.com/d.xml\n" },
	{ "an empty one, as is allowed", URLSET(""), "version=sitemap\n" },
};

static void test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		check_feed(&cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
