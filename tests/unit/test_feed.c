/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a feed says, whatever its format.
 */
#include "config.h"

#include "unit.h"

#include "feed_texts.h"

static const struct feed_case formats[] = {
	{ "RSS 2.0 with all that it has",
	  RSS("<title>News &amp; more</title>"
	      "<link>https://example.com/</link>"
	      "<description>All of it</description>"
	      "<language>en_GB</language><copyright>© Example</copyright>"
	      "<pubDate>Sat, 26 Jul 2025 10:00:00 GMT</pubDate>"
	      "<lastBuildDate>Sat, 26 Jul 2025 11:00:00 GMT</lastBuildDate>"
	      "<managingEditor>ed@example.com (Ed Itor)</managingEditor>"
	      "<category>News</category><ttl>90</ttl>"
	      "<image><url>/logo.png</url><title>Logo</title>"
	      "<link>https://example.com/logo</link></image>"
	      "<textInput><title>Search</title><link>/s</link></textInput>"
	      "<a:link rel='self' href='https://example.com/rss'/>"
	      "<a:link rel='hub' href='https://hub.example/'/>"
	      "<item><title>One</title><link>/one</link>"
	      "<guid isPermaLink='false'>id-1</guid>"
	      "<pubDate>Sat, 26 Jul 2025 10:15:00 +0200</pubDate>"
	      "<description>&lt;p&gt;Teaser&lt;/p&gt;</description>"
	      "<content:encoded><![CDATA[<p>Text</p>]]></content:encoded>"
	      "<dc:creator>Jane Doe</dc:creator>"
	      "<category domain='x'>World</category><category>War</category>"
	      "<comments>/one#comments</comments>"
	      "<enclosure url='/one.mp3' type='audio/mpeg' length='77'/>"
	      "</item>"),
	  "version=rss20\ntitle=News & more\ndescription=All of it\n"
	  "home=https://example.com/\nself=https://example.com/rss\n"
	  "language=en-GB\ncopyright=© Example\n"
	  "icon=https://example.com/logo.png\n"
	  "published=2025-07-26T10:00:00Z\nupdated=2025-07-26T11:00:00Z\n"
	  "ttl=5400\nhub=https://hub.example/\n"
	  "author=Ed Itor|ed@example.com|\ntag=News\n"
	  "item\nid=id-1\nurl=https://example.com/one\ntitle=One\n"
	  "author=Jane Doe||\npublished=2025-07-26T08:15:00Z\n"
	  "summary=<p>Teaser</p>\ncontent=<p>Text</p>\ntag=World\ntag=War\n"
	  "comments=https://example.com/one#comments\n"
	  "enclosure=https://example.com/one.mp3|audio/mpeg|77\n" },
	{ "RSS 1.0: items beside the channel",
	  "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
	  " xmlns='http://purl.org/rss/1.0/'"
	  " xmlns:dc='http://purl.org/dc/elements/1.1/'"
	  " xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>"
	  "<channel rdf:about='https://example.com/rdf'><title>T</title>"
	  "<link>https://example.com/</link><dc:language>de</dc:language>"
	  "<sy:updatePeriod>daily</sy:updatePeriod>"
	  "<sy:updateFrequency>4</sy:updateFrequency></channel>"
	  "<image rdf:about='x'><title>I</title><url>/i.png</url></image>"
	  "<item rdf:about='https://example.com/1'><title>One</title>"
	  "<dc:date>2025-07-26</dc:date></item></rdf:RDF>",
	  "version=rss10\ntitle=T\nhome=https://example.com/\nlanguage=de\n"
	  "icon=https://example.com/i.png\nttl=21600\n"
	  "item\nid=https://example.com/1\nurl=https://example.com/1\n"
	  "title=One\npublished=2025-07-26T00:00:00Z\n"
	  "updated=2025-07-26T00:00:00Z\n" },
	{ "RSS 0.90",
	  "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
	  " xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel>"
	  "<title>T</title><link>https://example.com/</link></channel>"
	  "<item><title>One</title><link>/1</link></item></rdf:RDF>",
	  "version=rss090\ntitle=T\nhome=https://example.com/\n"
	  "item\nurl=https://example.com/1\ntitle=One\n" },
	{ "RSS 0.91 without a namespace for its prefixes",
	  "<rss version='0.91'><channel><title>T</title>"
	  "<atom:link rel='self' href='https://example.com/s'/>"
	  "<item><content:encoded>&lt;b>x&lt;/b></content:encoded>"
	  "<dc:creator>J</dc:creator></item></channel></rss>",
	  "version=rss091\ntitle=T\nself=https://example.com/s\n"
	  "item\nauthor=J||\ncontent=<b>x</b>\n" },
	{ "RSS in a namespace of its own, with a prefix",
	  "<r:rss version='2.0' xmlns:r='http://backend.userland.com/rss2'"
	  " xmlns:x='urn:x'><r:channel><r:title>T</r:title>"
	  "<r:item><r:title>One</r:title><x:title>No</x:title></r:item>"
	  "</r:channel></r:rss>",
	  "version=rss20\ntitle=T\nitem\ntitle=One\n" },
	{ "CDF",
	  "<CHANNEL LASTMOD='2025-07-26T10:00Z'><TITLE>T</TITLE>"
	  "<ITEM HREF='https://example.com/1' LASTMOD='2025-07-26T11:00Z'>"
	  "<TITLE>One</TITLE><ABSTRACT>A</ABSTRACT></ITEM></CHANNEL>",
	  "version=cdf\ntitle=T\nupdated=2025-07-26T10:00:00Z\n"
	  "item\nurl=https://example.com/1\ntitle=One\n"
	  "updated=2025-07-26T11:00:00Z\nsummary=A\n" },
	{ "Atom 1.0 with all that it has",
	  ATOM("<title type='html'>A &amp;amp; B</title>"
	       "<subtitle>Sub</subtitle><id>urn:f</id>"
	       "<link href='https://example.com/'/>"
	       "<link rel='self' href='/atom'/>"
	       "<link rel='next' href='/atom?page=2'/>"
	       "<link rel='alternate' type='application/rss+xml' href='/r'/>"
	       "<updated>2025-07-26T10:00:00Z</updated>"
	       "<author><name>Desk</name><email>d@example.com</email>"
	       "<uri>/desk</uri></author><rights>©</rights><icon>/i</icon>"
	       "<category term='t' label='Topic'/>"
	       "<entry xml:lang='fr'><id>urn:1</id><title>One</title>"
	       "<link rel='alternate' href='/one'/>"
	       "<link rel='replies' type='application/atom+xml' href='/r1'/>"
	       "<link rel='replies' type='text/html' href='/r2'/>"
	       "<link rel='enclosure' href='/e.ogg' type='audio/ogg'/>"
	       "<thr:in-reply-to ref='urn:0'/>"
	       "<published>2025-07-26T09:00:00+02:00</published>"
	       "<updated>2025-07-26T09:30:00+02:00</updated>"
	       "<summary>S &lt; T</summary>"
	       "<content type='xhtml'><div xmlns='http://www.w3.org/1999/"
	       "xhtml'><p>Te<br/>xt &amp; <a href='x'>y</a></p></div>"
	       "</content></entry>"
	       "<at:deleted-entry ref='urn:2' when='2025-07-26T09:00:00Z'/>"),
	  "version=atom10\ntitle=A & B\ndescription=Sub\nid=urn:f\n"
	  "home=https://example.com/\nself=https://example.com/atom\n"
	  "copyright=©\nicon=https://example.com/i\n"
	  "updated=2025-07-26T10:00:00Z\n"
	  "next=https://example.com/atom?page=2\n"
	  "author=Desk|d@example.com|https://example.com/desk\ntag=Topic\n"
	  "item\nid=urn:1\nurl=https://example.com/one\ntitle=One\n"
	  "author=Desk|d@example.com|https://example.com/desk\n"
	  "published=2025-07-26T07:00:00Z\nupdated=2025-07-26T07:30:00Z\n"
	  "summary=S &lt; T\n"
	  "content=<p>Te<br>xt &amp; <a href=\"x\">y</a></p>\n"
	  "language=fr\ncomments=https://example.com/r2\nreply-to=urn:0\n"
	  "enclosure=https://example.com/e.ogg|audio/ogg|0\n"
	  "withdrawn\nid=urn:2\nupdated=2025-07-26T09:00:00Z\n" },
	{ "Atom 0.3",
	  "<feed version='0.3' xmlns='http://purl.org/atom/ns#'>"
	  "<title mode='base64'>RXhhbXBsZSA8Yj5BdG9tPC9iPg==</title>"
	  "<tagline>Tag</tagline><modified>2025-07-26T10:00:00Z</modified>"
	  "<entry><issued>2025-07-26T09:00:00Z</issued>"
	  "<modified>2025-07-26T09:30:00Z</modified>"
	  "<content type='text/html' mode='escaped'>&lt;b>x&lt;/b></content>"
	  "</entry></feed>",
	  "version=atom03\ntitle=Example Atom\ndescription=Tag\n"
	  "updated=2025-07-26T10:00:00Z\n"
	  "item\npublished=2025-07-26T09:00:00Z\n"
	  "updated=2025-07-26T09:30:00Z\ncontent=<b>x</b>\n" },
	{ "one entry as a document",
	  "<entry xmlns='http://www.w3.org/2005/Atom'><title>One</title>"
	  "</entry>",
	  "version=atom10\nitem\ntitle=One\n" },
	{ "an HTML page",
	  "<!DOCTYPE html><html><head><title>x</title></head></html>",
	  "error: it is an HTML page, not a feed\n" },
	{ "something else", "<opml><body/></opml>",
	  "error: it is no feed that newswire knows (RSS, Atom, JSON Feed, "
	  "sitemap)\n" },
	{ "nothing", "",
	  "error: it is no feed that newswire knows (RSS, Atom, JSON Feed, "
	  "sitemap)\n" },
};

static const struct feed_case texts[] = {
	{ "a title is a line", ITEM("<title>\n a \t b\n</title>"),
	  ONE "title=a b\n" },
	{ "markup in a title", ITEM("<title>&lt;b>A&lt;/b> &amp;amp; B</title>"),
	  ONE "title=A & B\n" },
	{ "what only looks like it",
	  ITEM("<title>1 &lt; 2, &lt;unknown>, R&amp;D, a &lt;-- b</title>"),
	  ONE "title=1 < 2, <unknown>, R&D, a <-- b\n" },
	{ "blocks keep words apart",
	  ITEM("<title><![CDATA[<p>a</p><p>b<i>c</i></p>]]></title>"),
	  ONE "title=a bc\n" },
	{ "a script in a title",
	  ITEM("<title>a&lt;script>alert(1)&lt;/script>b</title>"),
	  ONE "title=a b\n" },
	{ "windows-1252 by number",
	  ITEM("<title>it&#146;s</title><description>it&#x92;s</description>"),
	  ONE "title=it’s\nsummary=it’s\n" },
	{ "markup that was not escaped",
	  ITEM("<description><p>a <b>b &amp; c</b></p></description>"),
	  ONE "summary=<p>a <b>b &amp; c</b></p>\n" },
	{ "text beside CDATA",
	  ITEM("<description>a <![CDATA[<b>b</b>]]> c</description>"),
	  ONE "summary=a <b>b</b> c\n" },
	{ "a description that is no HTML",
	  ITEM("<description>1 &lt; 2\nx\n\ny</description>"),
	  ONE "summary=1 &lt; 2\nx<br><br>\n\ny\n" },
	{ "a description and a summary",
	  ITEM("<description>a</description><summary>b</summary>"),
	  ONE "summary=a\ncontent=b\n" },
	{ "the better source wins, in any order",
	  ITEM("<itunes:summary>i</itunes:summary>"
	       "<dc:description>d</dc:description>"
	       "<description>r</description><dc:title>d</dc:title>"
	       "<media:title>m</media:title>"),
	  ONE "title=d\nsummary=r\n" },
	{ "lines of a podcast are meant",
	  ITEM("<itunes:summary>a\nb</itunes:summary>"),
	  ONE "summary=a<br>\nb\n" },
	{ "Atom's text is literal",
	  ENTRY("<title type='text'>a &lt;b> c</title>"
		"<content type='text'>x &lt;b>y&lt;/b></content>"),
	  ONE_ATOM "title=a <b> c\ncontent=x &lt;b&gt;y&lt;/b&gt;\n" },
	{ "Atom's html with a container",
	  ENTRY("<content type='html'><div xmlns='http://www.w3.org/1999/"
		"xhtml'>&lt;i>x&lt;/i></div></content>"),
	  ONE_ATOM "content=<i>x</i>\n" },
	{ "base64 that is text, and that is not",
	  ENTRY("<title type='application/octet-stream'>PGI+eDwvYj4=</title>"
		"<content type='video/mp4'>AAECAwQ=</content>"),
	  ONE_ATOM "title=x\n" },
	{ "JSON as content",
	  ENTRY("<content type='application/json'>{\"a\":1}</content>"),
	  ONE_ATOM "content={\"a\":1}\n" },
};

static const struct feed_case people[] = {
	{ "name and address in any order",
	  RSS("<item><author>Jane (j@x.example)</author></item>"
	      "<item><author>j@x.example (Jane)</author></item>"
	      "<item><author>Jane &lt;j@x.example></author></item>"
	      "<item><author>j@x.example</author></item>"
	      "<item><author>By Jane Doe</author></item>"
	      "<item><author>noreply@blogger.com (Jane)</author></item>"),
	  "version=rss20\nitem\nauthor=Jane|j@x.example|\n"
	  "item\nauthor=Jane|j@x.example|\nitem\nauthor=Jane|j@x.example|\n"
	  "item\nauthor=|j@x.example|\nitem\nauthor=Jane Doe||\n"
	  "item\nauthor=Jane||\n" },
	{ "an address and a name apart",
	  ITEM("<author>j@x.example</author><dc:creator>Jane</dc:creator>"),
	  ONE "author=Jane|j@x.example|\n" },
	{ "several, each once",
	  ITEM("<dc:creator>A</dc:creator><dc:creator>B</dc:creator>"
	       "<author>a</author>"),
	  ONE "author=A||\nauthor=B||\n" },
	{ "a podcast's only where there is no other",
	  RSS("<item><itunes:author>I</itunes:author>"
	      "<author>A</author></item>"
	      "<item><itunes:author>I</itunes:author></item>"),
	  "version=rss20\nitem\nauthor=A||\nitem\nauthor=I||\n" },
	{ "Atom's in RSS",
	  ITEM("<a:author><a:name>N</a:name><a:email>n@x.example</a:email>"
	       "</a:author>"),
	  ONE "author=N|n@x.example|\n" },
	{ "an entry's source",
	  ENTRY("<source><title>S</title><author><name>N</name></author>"
		"</source><title>T</title>"),
	  ONE_ATOM "title=T\nauthor=N||\n" },
	{ "an RSS channel's editor wrote no item",
	  RSS("<managingEditor>Ed</managingEditor><item><title>t</title>"
	      "</item>"),
	  "version=rss20\nauthor=Ed||\nitem\ntitle=t\n" },
};

static const struct feed_case media[] = {
	{ "the widest picture, with caption and credit",
	  ITEM("<title>t</title>"
	       "<media:content url='/s.jpg' width='140' medium='image'/>"
	       "<media:content url='/l.jpg' width='700' height='420'>"
	       "<media:credit>Jo/AP</media:credit>"
	       "<media:description>A cat</media:description></media:content>"
	       "<media:thumbnail url='/t.jpg' width='900'/>"),
	  ONE "title=t\nimage=https://example.com/l.jpg|700|420\n"
	      "caption=A cat\ncredit=Jo/AP\n" },
	{ "caption and credit beside the picture",
	  ITEM("<description>d</description>"
	       "<media:content url='/l.jpg'/>"
	       "<media:description>A cat</media:description>"
	       "<media:credit>Jo</media:credit>"),
	  ONE "summary=d\nimage=https://example.com/l.jpg|0|0\n"
	      "caption=A cat\ncredit=Jo\n" },
	{ "a film: its text is the summary",
	  ITEM("<media:group><media:title>Film</media:title>"
	       "<media:content url='/f' type='video/mp4' fileSize='9'/>"
	       "<media:content url='/f' type='video/mp4'/>"
	       "<media:thumbnail url='/t.jpg' width='480' height='360'/>"
	       "<media:description>a\nb</media:description>"
	       "<media:keywords>x, y</media:keywords></media:group>"),
	  ONE "title=Film\nsummary=a<br>\nb\ntag=x\ntag=y\n"
	      "enclosure=https://example.com/f|video/mp4|9\n"
	      "image=https://example.com/t.jpg|480|360\n" },
	{ "a picture as enclosure",
	  ITEM("<enclosure url='/p.jpg' type='image/jpeg' length='x'/>"),
	  ONE "enclosure=https://example.com/p.jpg|image/jpeg|0\n"
	      "image=https://example.com/p.jpg|0|0\n" },
	{ "a podcast's",
	  ITEM("<itunes:image href='/p.jpg'/><itunes:keywords>a,b"
	       "</itunes:keywords>"),
	  ONE "tag=a\ntag=b\nimage=https://example.com/p.jpg|0|0\n" },
	{ "homemade",
	  ITEM("<image><url>/p.jpg</url></image><enclosure url=' '/>"),
	  ONE "image=https://example.com/p.jpg|0|0\n" },
};

static void test_formats(void **state)
{
	(void)state;
	check_all(formats, COUNT(formats));
}

static void test_texts(void **state)
{
	(void)state;
	check_all(texts, COUNT(texts));
}

static void test_people(void **state)
{
	(void)state;
	check_all(people, COUNT(people));
}

static void test_media(void **state)
{
	(void)state;
	check_all(media, COUNT(media));
}

/* What relative links in the contents are relative to. */
#define RDF(elements) \
	"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'" \
	" xmlns='http://purl.org/rss/1.0/'" \
	" xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>" \
	"<channel>" elements "</channel></rdf:RDF>"
#define EVERY_DAY \
	"<day>Monday</day><day>Tuesday</day><day>Wednesday</day>" \
	"<day>Thursday</day><day>Friday</day><day>Saturday</day>" \
	"<day>Sunday</day>"

/* When a feed is to be read again, and where it goes on. */
static const struct feed_case polls[] = {
	{ "hours to skip, 24 being 0",
	  RSS("<skipHours><hour>1</hour><hour> 23 </hour><hour>24</hour>"
	      "</skipHours>"),
	  "version=rss20\nskip-hours=800003\n" },
	{ "hours that are none",
	  RSS("<skipHours><hour>-1</hour><hour>25</hour><hour>x</hour><hour/>"
	      "7<hour>5 am</hour></skipHours>"),
	  "version=rss20\n" },
	{ "days to skip",
	  RSS("<skipDays><day>Sunday</day><day>saturday</day><day>Mo</day>"
	      "</skipDays>"),
	  "version=rss20\nskip-days=41\n" },
	{ "never is not meant", RSS("<skipDays>" EVERY_DAY "</skipDays>"),
	  "version=rss20\n" },
	{ "twice a week",
	  RDF("<sy:updatePeriod>weekly</sy:updatePeriod>"
	      "<sy:updateFrequency>2</sy:updateFrequency>"),
	  "version=rss10\nttl=302400\n" },
	{ "once an hour, as a template writes it",
	  RDF("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>"),
	  "version=rss10\nttl=3600\n" },
	{ "a period that is none",
	  RDF("<sy:updatePeriod>often</sy:updatePeriod>"
	      "<sy:updateFrequency>0</sy:updateFrequency>"),
	  "version=rss10\n" },
	{ "ttl is stronger, and in minutes",
	  RSS("<sy:updatePeriod>daily</sy:updatePeriod><ttl>15</ttl>"),
	  "version=rss20\nttl=900\n" },
	{ "the page behind this one",
	  ATOM("<link rel='next' href='?page=2'/>"
	       "<link rel='previous' href='?page=0'/>"),
	  "version=atom10\n"
	  "next=https://example.com/news/feed.xml?page=2\n" },
	{ "which is relative to this one, not to the site",
	  ATOM("<link href='https://site.example/'/>"
	       "<link rel='self' href='atom'/>"
	       "<link rel='next' href='?page=2'/>"),
	  "version=atom10\nhome=https://site.example/\n"
	  "self=https://example.com/news/atom\n"
	  "next=https://example.com/news/feed.xml?page=2\n" },
	{ "the archive before this document, also of RSS",
	  RSS("<a:link rel='current' href='/feed'/>"
	      "<a:link rel='prev-archive' href='/2025/06'/>"
	      "<a:link rel='next-archive' href='/2025/08'/>"),
	  "version=rss20\nnext=https://example.com/2025/06\n" },
};

static void test_polls(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(polls); i++)
		check_feed(&polls[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_media),
		cmocka_unit_test(test_polls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
