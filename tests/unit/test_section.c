/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include "feed_dump.h"
#include "newswire/limits.h"
#include "newswire/section.h"

#define FRONT "https://www.example.com/world"
#define NOW 1784000000

/* A page with its furniture around the contents. */
#define PAGE(head, body) \
	"<!DOCTYPE html><html lang=en><head><title>World | Example</title>" \
	head "</head><body>" \
	"<header><a href='/'>The Example of the Whole Wide World</a></header>" \
	"<nav><ul><li><a href='/world'>World</a><li><a href='/politics-and-" \
	"society-of-today'>Politics and society of today</a></ul></nav>" \
	body "<footer><a href='/about-us-and-our-many-people'>About us and " \
	"our many people</a></footer></body></html>"
#define FEED \
	"version=section\ntitle=World | Example\n" \
	"home=https://www.example.com/world\n" \
	"self=https://www.example.com/world\n"
#define PROSE \
	"<p>The harbour master said that the bridge, which had been closed " \
	"since May, would stay so until the summer. Nobody, he added, had " \
	"asked the ferrymen, who knew the river better than he did.</p>"
#define NO_LIST "no list\n"

static const struct {
	const char *what, *url, *html, *dump;
} cases[] = {
	{ "articles with all that a card has", FRONT,
	  PAGE("<link rel=next href='/world?page=2'>",
	       "<main><h1>World</h1>"
	       "<article><figure><img src='/i/bridge.jpg' alt='A bridge'"
	       " width=640 height=360></figure><p class=kicker>Harbour</p>"
	       "<h2><a href='/2025/07/bridge'>Bridge reopens to one lane</a>"
	       "</h2><p>Cars crossed the river for the first time since May "
	       "&amp; lorries did not.</p>"
	       "<p class=byline>By <a href='/authors/idris-vane-the-editor'>"
	       "Idris Vane, the editor of science</a></p>"
	       "<time datetime='2025-07-26T06:15:00Z'>2 hours ago</time>"
	       "</article>"
	       "<article><h2><a href='/2025/07/roof'>Council splits evenly over"
	       " the roof</a></h2><time>26 July 2025</time></article>"
	       "<article><h2><a href='/2025/07/late'>A boat for later</a></h2>"
	       "<time datetime='2099-01-01'></time></article></main>"),
	  FEED "next=https://www.example.com/world?page=2\n"
	  "item\nurl=https://www.example.com/2025/07/bridge\n"
	  "title=Bridge reopens to one lane\npublished=2025-07-26T06:15:00Z\n"
	  "summary=Cars crossed the river for the first time since May &amp; "
	  "lorries did not.\n"
	  "image=https://www.example.com/i/bridge.jpg|640|360\nalt=A bridge\n"
	  "item\nurl=https://www.example.com/2025/07/roof\n"
	  "title=Council splits evenly over the roof\n"
	  "published=2025-07-26T00:00:00Z\n"
	  "item\nurl=https://www.example.com/2025/07/late\n"
	  "title=A boat for later\n" },
	{ "cards that are one link", FRONT,
	  PAGE("", "<div><div><a href='/story/1001234'><h4>Harbour</h4>"
		   "<h3>Bridge reopens to one lane</h3><p>Cars crossed the "
		   "river for the first time since May.</p></a></div>"
		   "<div><a href='/story/1001235'><img src=/a.jpg>"
		   "<div class=card__title>The roof leaks</div></a></div>"
		   "<div><a href='/story/1001236'><h3>A boat for later</h3></a>"
		   "</div></div>"),
	  FEED "item\nurl=https://www.example.com/story/1001234\n"
	  "title=Bridge reopens to one lane\n"
	  "summary=Cars crossed the river for the first time since May.\n"
	  "item\nurl=https://www.example.com/story/1001235\n"
	  "title=The roof leaks\nimage=https://www.example.com/a.jpg|0|0\n"
	  "item\nurl=https://www.example.com/story/1001236\n"
	  "title=A boat for later\n" },
	{ "rows of plain links, in a table", FRONT,
	  PAGE("", "<table><tr><td>26.07. <a href='art.php?id=7001'>Bridge "
		   "reopens to one lane</a></td></tr><tr><td>25.07. <a href="
		   "'art.php?id=7002'>Council splits over the roof</a></td>"
		   "</tr><tr><td>24.07. <a href='art.php?id=7003'>A late boat "
		   "on all Fridays</a></td></tr></table>"
		   "<p><a href='/contest-of-the-summer-2025'>Take part in the "
		   "contest of the summer</a></p>"),
	  FEED "item\nurl=https://www.example.com/art.php?id=7001\n"
	  "title=Bridge reopens to one lane\n"
	  "item\nurl=https://www.example.com/art.php?id=7002\n"
	  "title=Council splits over the roof\n"
	  "item\nurl=https://www.example.com/art.php?id=7003\n"
	  "title=A late boat on all Fridays\n" },
	{ "links without words, stretched over their cards", FRONT,
	  PAGE("", "<div><a href='/2025/jul/26/bridge' aria-label='Harbour: "
		   "Bridge reopens'></a><p>Harbour</p><h3>Bridge reopens</h3>"
		   "</div><div><a href='/2025/jul/26/roof' aria-label='Library: "
		   "the roof'></a><h3>The roof leaks</h3></div>"
		   "<div><a href='/2025/jul/26/boat' title='A boat for later'>"
		   "</a><h3>A boat</h3></div>"
		   "<div><a href='/2025/jul/26/none'></a></div>"),
	  FEED "item\nurl=https://www.example.com/2025/jul/26/bridge\n"
	  "title=Bridge reopens\n"
	  "item\nurl=https://www.example.com/2025/jul/26/roof\n"
	  "title=The roof leaks\n"
	  "item\nurl=https://www.example.com/2025/jul/26/boat\n"
	  "title=A boat for later\n" },
	{ "cards that are one link without a headline", FRONT,
	  PAGE("", "<div class=c><a href='/2025/07/bridge.html'><div><p>Bridge "
		   "reopens to one lane</p></div><p>Cars crossed the river for "
		   "the first time since May.</p></a></div>"
		   "<div class=c><a href='/2025/07/roof.html'><div class=kicker>"
		   "From the library</div><div>The roof of it leaks again</div>"
		   "</a></div><div class=c><a href='/2025/07/boat.html'>A late "
		   "boat on all Fridays</a></div>"),
	  FEED "item\nurl=https://www.example.com/2025/07/bridge.html\n"
	  "title=Bridge reopens to one lane\n"
	  "summary=Cars crossed the river for the first time since May.\n"
	  "item\nurl=https://www.example.com/2025/07/roof.html\n"
	  "title=The roof of it leaks again\n"
	  "item\nurl=https://www.example.com/2025/07/boat.html\n"
	  "title=A late boat on all Fridays\n" },
	{ "a kicker in the link, and a label with a word of furniture", FRONT,
	  PAGE("", "<article aria-label='How social media made the rail "
		   "strike'><a href='/a-1000001' title='How social media made "
		   "the rail strike'><span>Rail</span><span>How social media "
		   "made the rail strike</span></a></article>"
		   "<article><a href='/a-1000002' title=Rowers>Rowers win in "
		   "the bay</a></article><article><a href='/a-1000003'>A late "
		   "boat on Fridays</a></article>"),
	  FEED "item\nurl=https://www.example.com/a-1000001\n"
	  "title=How social media made the rail strike\n"
	  "item\nurl=https://www.example.com/a-1000002\n"
	  "title=Rowers win in the bay\n"
	  "item\nurl=https://www.example.com/a-1000003\n"
	  "title=A late boat on Fridays\n" },
	{ "links of one look, far from each other", FRONT,
	  PAGE("",
	       "<main><section><a class=s href='/2025/07/26/bridge.html'>Bridge "
	       "reopens to one lane</a></section><section><div><a class=s href="
	       "'/2025/07/26/roof.html'>Council splits over the roof</a></div>"
	       "<div><p><a href='/2025/07/26/ad.html'>Take part in the contest "
	       "of it all</a></p></div></section><section><a class=s href="
	       "'/2025/07/26/boat.html'>A late boat on all Fridays</a>"
	       "</section></main>"),
	  FEED "item\nurl=https://www.example.com/2025/07/26/bridge.html\n"
	  "title=Bridge reopens to one lane\n"
	  "item\nurl=https://www.example.com/2025/07/26/roof.html\n"
	  "title=Council splits over the roof\n"
	  "item\nurl=https://www.example.com/2025/07/26/boat.html\n"
	  "title=A late boat on all Fridays\n" },
	{ "ideographs", FRONT,
	  PAGE("", "<ul><li><a href='/articles/A1B2C3D4'>港の橋、十一週間ぶりに"
		   "再開</a><li><a href='/articles/A1B2C3D5'>市議会、図書館の屋根"
		   "で意見割れる</a><li><a href='/articles/A1B2C3D6'>金曜の夜の"
		   "渡し船を増便</a></ul>"),
	  FEED "item\nurl=https://www.example.com/articles/A1B2C3D4\n"
	  "title=港の橋、十一週間ぶりに再開\n"
	  "item\nurl=https://www.example.com/articles/A1B2C3D5\n"
	  "title=市議会、図書館の屋根で意見割れる\n"
	  "item\nurl=https://www.example.com/articles/A1B2C3D6\n"
	  "title=金曜の夜の渡し船を増便\n" },
	{ "several links to a story, and stories of sub-domains", FRONT,
	  PAGE("",
	       "<section><div><a href='/a-1000001?utm_source=x'><img src=/a.png>"
	       "</a><a href='/a-1000001?utm_source=x'>More about the bridge of "
	       "the harbour</a><h3><a href='/a-1000001'>Bridge reopens</a></h3>"
	       "</div><div><h3><a href='//sport.example.com/b-1000002'>Rowers "
	       "win</a></h3></div><div><h3><a href='/c-1000003#comments'>A late "
	       "boat</a></h3></div></section>"),
	  FEED "item\nurl=https://www.example.com/a-1000001?utm_source=x\n"
	  "title=Bridge reopens\nimage=https://www.example.com/a.png|0|0\n"
	  "item\nurl=https://sport.example.com/b-1000002\ntitle=Rowers win\n"
	  "item\nurl=https://www.example.com/c-1000003#comments\n"
	  "title=A late boat\n" },
	{ "what is no story", FRONT,
	  PAGE("",
	       "<main><h2><a href='/a-1000001'>Bridge reopens</a></h2>"
	       "<h2><a href='/b-1000002'>Rowers win again</a></h2>"
	       "<h2><a href='/c-1000003'>A late boat</a></h2>"
	       "<h2><a href='https://other.example/d-1000004'>An advertiser's "
	       "story</a></h2><h2><a href='/tag/e-1000005'>All about boats"
	       "</a></h2><h2><a href='javascript:x()'>Show all of them</a></h2>"
	       "<h2><a href='/world'>This very page</a></h2>"
	       "<h2><a href='/g-1000007'>More</a></h2>"
	       "<h2><a href='/news/europe'>News of all Europe</a></h2></main>"
	       "<div class='most-read'><h2><a href='/h-1000008'>What they all "
	       "read</a></h2></div><aside><h2><a href='/i-1000009'>Beside the "
	       "rest</a></h2></aside><div style='display: none'><h2><a href="
	       "'/j-1000010'>Not to be seen</a></h2></div>"),
	  FEED "item\nurl=https://www.example.com/a-1000001\n"
	  "title=Bridge reopens\n"
	  "item\nurl=https://www.example.com/b-1000002\n"
	  "title=Rowers win again\n"
	  "item\nurl=https://www.example.com/c-1000003\ntitle=A late boat\n" },
	{ "an article and others below it",
	  "https://www.example.com/world/harbour",
	  PAGE("", "<article><h1>Bridge reopens</h1>" PROSE PROSE PROSE PROSE
		   "</article><div><h3><a href='/b-1000002'>Rowers win again"
		   "</a></h3><h3><a href='/c-1000003'>A late boat</a></h3><h3>"
		   "<a href='/d-1000004'>Roof of the library</a></h3></div>"),
	  NO_LIST },
	{ "a short article and many others",
	  "https://www.example.com/2025/07/harbour-1000001",
	  PAGE("<meta property=og:type content=article>",
	       "<article><h1>Bridge reopens</h1><p>It does.</p></article>"
	       "<div><h3><a href='/b-1000002'>Rowers win again in the bay</a>"
	       "</h3><h3><a href='/c-1000003'>A late boat on Fridays</a></h3>"
	       "<h3><a href='/d-1000004'>Roof of the library leaks</a></h3>"
	       "</div>"),
	  NO_LIST },
	{ "two stories are no list", FRONT,
	  PAGE("", "<h3><a href='/b-1000002'>Rowers win again</a></h3>"
		   "<h3><a href='/c-1000003'>A late boat</a></h3>"),
	  NO_LIST },
	{ "no links", FRONT, "<p>Hello", NO_LIST },
	{ "no address of its own", NULL,
	  "<h3><a href='https://a.example/b-1000002'>Rowers win</a></h3>",
	  NO_LIST },
	{ "no page", FRONT, "\x89PNG", "error: the bytes are no HTML\n" },
};

static void read_section(struct nw_buf *out, const char *url, const char *html)
{
	const struct nw_page_input input = {
		.bytes = html,
		.len = strlen(html),
		.url = url,
		.now_utc = NOW,
	};
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_feed *feed = NULL;
	int found = nw_section_read(arena, &input, &feed, &err);

	if (found > 0)
		dump_feed(out, feed);
	else if (found == 0)
		nw_buf_adds(out, NO_LIST);
	else
		nw_buf_addf(out, "error: %s\n", err.text);
	nw_arena_free(&arena);
}

static void test_cases(void **state)
{
	struct nw_buf out;
	size_t i;

	(void)state;
	nw_buf_init(&out, 1 << 20);
	for (i = 0; i < COUNT(cases); i++) {
		read_section(&out, cases[i].url, cases[i].html);
		if (strcmp(out.data, cases[i].dump) != 0)
			fail_msg("%s: got\n%swanted\n%s", cases[i].what,
				 out.data, cases[i].dump);
		nw_buf_reset(&out);
	}
	nw_buf_free(&out);
}

/* More stories than are kept, and as many elements around one. */
static void test_floods(void **state)
{
	struct nw_buf html, out;
	const char *at;
	size_t i, count = 0;

	(void)state;
	nw_buf_init(&html, 8 << 20);
	nw_buf_init(&out, 8 << 20);
	for (i = 0; i < 2 * NW_SECTION_LINKS; i++)
		nw_buf_addf(&html, "<h3><a href='/a-%zu'>Rowers win</a></h3>",
			    1000000 + i);
	read_section(&out, FRONT, html.data);
	for (at = out.data; (at = strstr(at, "item\n")); at++)
		count++;
	assert_int_equal(count, NW_SECTION_LINKS);
	nw_buf_reset(&html);
	nw_buf_reset(&out);
	for (i = 0; i < 100000; i++)
		nw_buf_adds(&html, "<div><a href='/a-1000001'><h3>");
	read_section(&out, FRONT, html.data);
	assert_string_equal(out.data, NO_LIST);
	nw_buf_free(&html);
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_floods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
