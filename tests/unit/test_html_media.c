/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include "html_cases.h"

static const struct html_case image_cases[] = {
	{ "the best size",
	  "<img src=s.jpg srcset='a.jpg 320w, b.jpg 1280w,c.jpg 3000w'>",
	  "image https://news.example/world/b.jpg 1280x0\n" },
	{ "addresses with commas",
	  "<img srcset='/w_3,h_2/a.jpg 300w, /w_9,h_6/a.jpg 900w'>",
	  "image https://news.example/w_9,h_6/a.jpg 900x0\n" },
	{ "lazy pictures",
	  "<img src='data:image/gif;base64,xx' data-src=a.jpg>"
	  "<p>1<p><img src=/img/blank.gif data-srcset='b.jpg 2x, c.jpg 1x'>",
	  "image https://news.example/world/a.jpg\n1\n"
	  "image https://news.example/world/b.jpg 1160x0\n" },
	{ "pictures of what is lazy or empty",
	  "<img src=/lazy-river.jpg><p>1<p><img src=/lazy/a.jpg><p>2<p>"
	  "<img src=/empty.shelves.jpg><p>3<p><img src=/img/lazy.png>"
	  "<img src=/lazy-load/lazy_placeholder.gif><img src=/img/empty.gif>"
	  "<img src=/assets/lazyload-fallback.gif><img src=/lazyload.svg>",
	  "image https://news.example/lazy-river.jpg\n1\n"
	  "image https://news.example/lazy/a.jpg\n2\n"
	  "image https://news.example/empty.shelves.jpg\n3\n" },
	{ "a picture for readers without scripts",
	  "<img class=lazy src='data:x'><noscript><img src=a.jpg></noscript>"
	  "<p>1<p><img src=b.jpg><noscript><img src=c.jpg></noscript>",
	  "image https://news.example/world/a.jpg\n1\n"
	  "image https://news.example/world/b.jpg\n" },
	{ "formats that all can show come first",
	  "<picture><source type='image/avif' srcset='a.avif 1200w'>"
	  "<source type='image/jpeg' srcset='a.jpg 800w'>"
	  "<img src=s.jpg></picture>",
	  "image https://news.example/world/a.jpg 800x0\n" },
	{ "the width that an address asks for",
	  "<picture><source media='(min-width: 1200px)' srcset='/a.jpg?q=90&"
	  "amp;w=564, /a.jpg?q=90&amp;w=1128 2x'><source srcset='/a.jpg?w=288,"
	  " /a.jpg?w=576 2x'><img src='/a.jpg?w=288' srcset='/a.jpg?w=300 2x'>"
	  "</picture><p>1<p><img src=/b.jpg?imwidth=960 "
	  "data-src=/b.jpg?imwidth=350 data-lazy-src='/b.jpg?imwidth=6000'>",
	  "image https://news.example/a.jpg?q=90&w=1128 1160x0\n1\n"
	  "image https://news.example/b.jpg?imwidth=960\n" },
	{ "a width that is said counts more",
	  "<img srcset='/a.png?scale-down-to=1024&amp;width=2000 1024w, "
	  "/a.png?scale-down-to=512&amp;width=1000 512w'>",
	  "image https://news.example/a.png?scale-down-to=1024&width=2000 "
	  "1024x0\n" },
	{ "and a number that is none does not",
	  "<img src=/a.jpg?w=9 data-src=/b.jpg?w=999999999999 "
	  "data-original=/c.jpg?w=auto&width=>",
	  "image https://news.example/b.jpg?w=999999999999\n" },
	{ "a picture amid a sentence does not part it",
	  "<p>one <img src=a.jpg width=640 height=480> two</p>",
	  "one two\nimage https://news.example/world/a.jpg 640x480\n" },
	{ "drawings, but large ones",
	  "<img src=zoom.svg><img src=z.svg?v=2 width=64><img src=map.svg "
	  "width=640>",
	  "image https://news.example/world/map.svg 640x0\n" },
	{ "signs of where stories are shared",
	  "<img src=/i/whatsapp.png><img src='/x.png?v=1'>"
	  "<img src=/linear.png>",
	  "image https://news.example/linear.png\n" },
	{ "an alternative text that is escaped twice",
	  "<img src=a.jpg alt='The &amp;#039;Gull&amp;#039; at sea'>",
	  "image https://news.example/world/a.jpg alt=The 'Gull' at sea\n" },
	{ "the same picture twice", "<img src=a.jpg?w=1><img src=a.jpg?w=2>",
	  "image https://news.example/world/a.jpg?w=1\n" },
	{ "an alternative text that says nothing",
	  "<img src=a.jpg alt='DSC_1.JPG'><img src=b.jpg alt=Image>",
	  "image https://news.example/world/a.jpg\n"
	  "image https://news.example/world/b.jpg\n" },
	{ "caption and credit",
	  "<figure><img src=a.jpg alt='A man'><figcaption>A man. "
	  "(Jane Doe/Agency via Getty Images)</figcaption></figure>",
	  "image https://news.example/world/a.jpg caption=A man. "
	  "credit=Jane Doe/Agency via Getty Images\n" },
	{ "a credit behind its label",
	  "<figure><img src=a.jpg alt=Rocket><figcaption>It lands. "
	  "Photograph: Ann/EPA</figcaption></figure>",
	  "image https://news.example/world/a.jpg alt=Rocket "
	  "caption=It lands. credit=Ann/EPA\n" },
	{ "a credit with a class, in the caption",
	  "<figure><img src=a.jpg><figcaption>Cap <span class=img-credit>"
	  "Foto: dpa</span></figcaption></figure>",
	  "image https://news.example/world/a.jpg caption=Cap credit=dpa\n" },
	{ "brackets that name nobody",
	  "<figure><img src=a.jpg><figcaption>The mayor (left)</figcaption>"
	  "</figure>",
	  "image https://news.example/world/a.jpg "
	  "caption=The mayor (left)\n" },
	{ "a copyright sign",
	  "<figure><img src=a.jpg><figcaption>X "
	  "\u00a9 Reuters</figcaption></figure>",
	  "image https://news.example/world/a.jpg caption=X "
	  "credit=Reuters\n" },
	{ "the words of a caption that are no label",
	  "<figure><img src=a.jpg><figcaption>Photos are sold; a photographer "
	  "waits. Fotos: A/B</figcaption></figure>"
	  "<figure><img src=b.jpg><figcaption>\u00a9AFP</figcaption></figure>",
	  "image https://news.example/world/a.jpg "
	  "caption=Photos are sold; a photographer waits. credit=A/B\n"
	  "image https://news.example/world/b.jpg credit=AFP\n" },
	{ "an agency behind the last sentence",
	  "<figure><img src=a.jpg><figcaption>It lands on Friday. "
	  "Jane von Doe/dpa</figcaption></figure>"
	  "<figure><img src=b.jpg><figcaption>It lands. | Getty Images"
	  "</figcaption></figure>"
	  "<figure><img src=c.jpg><figcaption>It lands. Season 2019/20"
	  "</figcaption></figure>"
	  "<figure><img src=d.jpg><figcaption>By J. Doe, R.A. \u2014 via the "
	  "library</figcaption></figure>",
	  "image https://news.example/world/a.jpg "
	  "caption=It lands on Friday. credit=Jane von Doe/dpa\n"
	  "image https://news.example/world/b.jpg caption=It lands. "
	  "credit=Getty Images\n"
	  "image https://news.example/world/c.jpg "
	  "caption=It lands. Season 2019/20\n"
	  "image https://news.example/world/d.jpg "
	  "caption=By J. Doe, R.A. \u2014 via the library\n" },
	{ "a label before brackets, and what follows on them",
	  "<figure><img src=a.jpg><figcaption>It lands. Foto: Jane Doe (Getty)"
	  "</figcaption></figure>"
	  "<figure><img src=b.jpg><figcaption>It lands (Bildrechte: "
	  "MDR/Jane Doe)</figcaption></figure>"
	  "<figure><img src=c.jpg><figcaption>/Getty Images <span class=credit>"
	  "Photo by Jane</span></figcaption></figure>",
	  "image https://news.example/world/a.jpg caption=It lands. "
	  "credit=Jane Doe (Getty)\n"
	  "image https://news.example/world/b.jpg caption=It lands "
	  "credit=MDR/Jane Doe\n"
	  "image https://news.example/world/c.jpg credit=Jane/Getty Images\n" },
	{ "a figure by its class",
	  "<div class=wp-caption><img src=a.jpg>"
	  "<p class=wp-caption-text>Words</p></div>",
	  "image https://news.example/world/a.jpg caption=Words\n" },
	{ "a caption beside its figure",
	  "<div class=image-box><figure><img src=a.jpg></figure>"
	  "<figcaption>Words</figcaption></div>",
	  "image https://news.example/world/a.jpg caption=Words\n" },
	{ "what only shares a class with figures",
	  "<div class=media><img src=a.jpg><p>Text of the story.</p></div>",
	  "image https://news.example/world/a.jpg\nText of the story.\n" },
	{ "a caption that is the alternative text",
	  "<div><img src=a.jpg alt='The mayor opens the mill.'></div><p>The "
	  "mayor opens the mill. <span>AGENCY/Jane Doe</span></p><p>Text.</p>",
	  "image https://news.example/world/a.jpg "
	  "caption=The mayor opens the mill. credit=AGENCY/Jane Doe\nText.\n" },
	{ "a product is no caption",
	  "<div><img src=a.jpg alt='Telescope with two eyes'></div>"
	  "<p><a href=/t>Telescope with two eyes</a> for 20</p>",
	  "image https://news.example/world/a.jpg alt=Telescope with two eyes\n"
	  "[Telescope with two eyes](https://news.example/t) for 20\n" },
	{ "a figure without names",
	  "<div class=x1><div><img src=a.jpg></div><div>The wheel in motion."
	  "</div><div>Photo: Jane Doe</div></div><p>Text.</p>",
	  "image https://news.example/world/a.jpg "
	  "caption=The wheel in motion. credit=Jane Doe\nText.\n" },
	{ "an icon before words",
	  "<div><img src=i.png width=16 height=16>The words of a label</div>"
	  "<div><img class=emoji alt=! src=e.png>A party at the mill</div>",
	  "The words of a label\n!A party at the mill\n" },
	{ "a paragraph beside a picture",
	  "<div><img src=a.jpg><p>A short story of one line.</p></div>"
	  "<div><img src=b.jpg><b>Oil</b> <i>Price:</i> 4 <u>Weight:</u> 2"
	  "</div>",
	  "image https://news.example/world/a.jpg\nA short story of one line.\n"
	  "image https://news.example/world/b.jpg\n"
	  "{s Oil} {e Price:} 4 Weight: 2\n" },
	{ "a caption that is hidden from those who hear it",
	  "<figure><img src=a.jpg alt='The wheel'><figcaption><span "
	  "aria-hidden=true>The wheel</span></figcaption></figure>",
	  "image https://news.example/world/a.jpg caption=The wheel\n" },
	{ "a caption of a gallery, not in turn",
	  "<ul><li><figure><img src=a.jpg><figcaption class=sr-only>The wheel"
	  "</figcaption></figure></li></ul>",
	  "  image https://news.example/world/a.jpg caption=The wheel\n" },
	{ "a credit that nothing parts from the caption",
	  "<figure><img src=a.jpg><figcaption><span>The wheel turns.</span>"
	  "<span>Credit...Jane Doe</span></figcaption></figure>",
	  "image https://news.example/world/a.jpg caption=The wheel turns. "
	  "credit=Jane Doe\n" },
	{ "a figure with a table",
	  "<figure><table><tr><td>a<td>b<tr><td>c<td>d</table>"
	  "<figcaption>Cap</figcaption></figure>",
	  "| a | b |\n| c | d |\nCap\n" },
};

static const struct html_case embed_cases[] = {
	{ "a video in a frame",
	  "<p>a</p><iframe src='//www.youtube.com/embed/Ab-1?x=1' "
	  "title='A clip'></iframe>",
	  "a\nembed https://www.youtube.com/watch?v=Ab-1 A clip\n" },
	{ "an idle title",
	  "<iframe data-src='https://player.vimeo.com/video/12' "
	  "title='vimeo video player'></iframe>",
	  "embed https://vimeo.com/12\n" },
	{ "an address in a parameter",
	  "<iframe src='https://www.facebook.com/plugins/post.php?"
	  "href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fposts%2F1&w=5'></iframe>",
	  "embed https://www.facebook.com/a/posts/1\n" },
	{ "a site that only ends like a known one",
	  "<iframe src='https://notyoutube.com/embed/x'></iframe>a", "a\n" },
	{ "a quoted post",
	  "<blockquote class='twitter-tweet'><p>Words <a href="
	  "'https://t.co/x'>pic</a></p>&mdash; A (@a) "
	  "<a href='https://twitter.com/a/status/1?s=2'>May 1</a>"
	  "</blockquote>",
	  "> Words [pic](https://t.co/x)\n"
	  "> \u2014 A (@a) [May 1](https://twitter.com/a/status/1?s=2)\n"
	  "embed https://twitter.com/a/status/1?s=2\n" },
	{ "a post that is a picture",
	  "<blockquote class=instagram-media data-instgrm-permalink='https://"
	  "www.instagram.com/p/x/'><a href=x>View this post</a></blockquote>",
	  "embed https://www.instagram.com/p/x/ View this post\n" },
	{ "a video of the page",
	  "<video poster=p.jpg><source src=v.mp4>old browser</video>",
	  "embed https://news.example/world/v.mp4 Video\n" },
	{ "what a script would show",
	  "<div class=tweet data-url='https://x.com/a/status/1'></div>"
	  "<div data-url='https://x.com/a/status/2'>text</div>"
	  "<div data-url='/share'> </div>"
	  "<figure><oembed url='https://youtu.be/x'></oembed></figure>",
	  "embed https://x.com/a/status/1\ntext\n"
	  "embed https://youtu.be/x\n" },
	{ "elements of AMP",
	  "<amp-youtube data-videoid=x></amp-youtube>"
	  "<amp-ad>no</amp-ad><amp-img src=a.jpg width=600 height=400>"
	  "</amp-img>",
	  "embed https://www.youtube.com/watch?v=x\n"
	  "image https://news.example/world/a.jpg 600x400\n" },
};

static void pictures_keep_caption_and_credit(void **state)
{
	(void)state;
	html_check(image_cases, COUNT(image_cases));
}

static void players_become_links(void **state)
{
	(void)state;
	html_check(embed_cases, COUNT(embed_cases));
}

static void cut_input_is_read(void **state)
{
	(void)state;
	html_check_cut(image_cases, COUNT(image_cases));
	html_check_cut(embed_cases, COUNT(embed_cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_keep_caption_and_credit),
		cmocka_unit_test(players_become_links),
		cmocka_unit_test(cut_input_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
