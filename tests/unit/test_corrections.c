/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correction notices on their way from a page to a message, in the languages
 * and the markup that sites use. */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "arena_state.h"
#include "newswire/page.h"
#include "newswire/thread.h"

#define NOW INT64_C(1753524000)
#define URL "https://news.example/harbour"

/* What holds the notice: the place is for its words. */
static const char *const shapes[] = {
	"<p>%s</p>",
	"<p><em>%s</em></p>",
	"<p><strong>%s</strong></p>",
	"<div class=correction><p>%s</p></div>",
	"<div class=correction>%s</div>",
	"<hr><p><i>%s</i></p>",
	"<aside class=correction><p>%s</p></aside>",
	"<footer class=article-footer><p>%s</p></footer>",
	"<ul><li>%s</li></ul>",
};

/* Some hold what sites say of themselves as well. */
static const char *const notices[] = {
	"Correction: the bridge is in Hull, not in Goole.",
	"Correction: the bridge is in Hull",
	"This article was corrected on 5 May 2025 to name the bridge.",
	"This article was edited on 5 May 2025 to correct the name of the "
	"bridge.",
	"This article was amended on 5 May 2025. An earlier version, first "
	"published in April, named another bridge.",
	"Clarification: additional reporting found that the bridge is open.",
	"An earlier version of this story, which originally appeared on "
	"Monday, said that the bridge is in Goole. Click here to read it.",
	"Correction: tickets can be had at the harbour; those who subscribe "
	"pay 4 pounds, not 5.",
	"Korrektur: In einer früheren Version stand, die Brücke sei in Bonn.",
	"Korrekturhinweis: Dieser Artikel erschien zuerst mit einem falschen "
	"Namen der Brücke.",
	"In einer früheren Version hieß es mit dpa, die Brücke stehe in Bonn.",
	"Anmerkung der Redaktion: Der Name der Brücke wurde korrigiert.",
	"Rectificatif : le pont est à Nantes.",
	"Une première version de cet article situait le pont à Brest.",
	"Corrección: el puente está en Cádiz, no en Huelva.",
	"Fe de errores: la suscripción al puente cuesta 5 euros.",
	"Rettifica: il ponte è a Pisa, non a Lucca.",
	"Correção: a ponte fica no Porto, não em Braga.",
	"Rectificatie: de brug ligt in Zwolle, niet in Kampen.",
	"In een eerdere versie stond dat de brug in Goes ligt.",
	"Rättelse: bron ligger i Luleå, inte i Umeå.",
	"Rettelse: Broen ligger i Aalborg, ikke i Aarhus.",
	"I en tidligere versjon stod det at broen er stengt.",
	"Oikaisu: silta on Oulussa eikä Kemissä.",
	"Sprostowanie: most jest w Gdyni, nie w Sopocie.",
	"Oprava: most je v Plzni, ne v Chebu.",
	"Helyesbítés: a híd Győrben van, nem Pápán.",
	"Düzeltme: Köprü İzmir'de, Manisa'da değil.",
	"Виправлення: міст у Сумах, а не в Києві.",
	"Уточнение: мост в Твери, а не в Клину.",
	"Διόρθωση: η γέφυρα είναι στον Βόλο.",
	"تصحيح: الجسر في طنجة وليس في فاس.",
	"【訂正】橋は神戸にあります。",
	"更正：大桥在武汉，不在长沙。",
	"정정: 다리는 부산에 있다.",
};

#define PROSE \
	"<p>The harbour of Saltmarsh was shut on Monday after a storm, and " \
	"the mayor, Anna Berg, said that all ferries stay in port for three " \
	"days, whatever the weather does.</p><p>The wind tore the roof from " \
	"the fish market and broke the windows of the school, but nobody was " \
	"hurt, and the pupils were sent home.</p><p>The council will meet in " \
	"the evening and talk about what it costs to build the market again, " \
	"which is more than the town has.</p>"

static struct nw_story *read_page(struct nw_arena *arena, const char *before,
				  const char *after)
{
	const char *html = nw_arena_printf(
		arena, "<!DOCTYPE html><html><head><meta charset=utf-8>"
		"<title>Harbour shut after a storm</title><link rel=canonical "
		"href='" URL "'></head><body><main><article><h1>Harbour shut "
		"after a storm</h1>%s" PROSE "%s</article></main></body></html>",
		before, after);
	const struct nw_page_input input = {
		.bytes = html,
		.len = strlen(html),
		.url = URL,
		.now_utc = NOW,
	};
	struct nw_story *story;
	struct nw_error err;

	assert_int_equal(nw_page_read(arena, &input, &story, &err), 0);
	return story;
}

static struct nw_thread plan(struct nw_arena *arena,
			     const struct nw_story *stored,
			     const struct nw_story *fresh)
{
	const struct nw_thread_options options = {
		.id_domain = "d.invalid",
		.edits = NW_EDITS_IGNORE,
		.now_utc = NOW,
	};
	struct nw_thread thread;
	struct nw_error err;

	assert_int_equal(nw_thread_plan(arena, stored, fresh, &options,
					&thread, &err), 0);
	return thread;
}

static const char *in_shape(struct nw_arena *arena, const char *shape,
			    const char *words)
{
	const char *place = strstr(shape, "%s");

	return nw_arena_printf(arena, "%.*s%s%s", (int)(place - shape), shape,
			       words, place + 2);
}

/* Whether the second poll tells readers of the notice. */
static bool is_told(struct nw_arena *arena, const char *html, bool first,
		    const char *words)
{
	struct nw_thread thread =
		plan(arena, NULL, read_page(arena, "", ""));

	thread = plan(arena, thread.story,
		      read_page(arena, first ? html : "", first ? "" : html));
	return thread.post_count == 1 &&
	       thread.posts[0].kind == NW_POST_CORRECTION &&
	       strcmp(thread.posts[0].notice, words) == 0;
}

static void they_are_told_wherever_they_stand(void **state)
{
	unsigned missed = 0;
	size_t i, k;

	for (i = 0; i < COUNT(notices); i++)
		for (k = 0; k < 2 * COUNT(shapes); k++) {
			const char *html = in_shape(*state, shapes[k / 2],
						    notices[i]);

			if (is_told(*state, html, k % 2, notices[i]))
				continue;
			missed++;
			print_error("%s: %s\n", k % 2 ? "first" : "last", html);
		}
	assert_int_equal(missed, 0);
}

/* What sites say at the end of each article is no part of it. */
static void other_words_at_the_end_are_left_out(void **state)
{
	static const char *const others[] = {
		"This article was first published in the Saltmarsh Gazette.",
		"This article was edited by Jane Roe.",
		"Additional reporting by John Doe.",
		"Click here to subscribe to our newsletter.",
	};
	struct nw_story *story;
	size_t i;

	for (i = 0; i < COUNT(others); i++) {
		story = read_page(*state, "", in_shape(*state, "<p>%s</p>",
						       others[i]));
		if (strstr(nw_body_text(*state, &story->body), others[i]))
			fail_msg("%s", others[i]);
	}
}

/* Words that are hidden, and a mark that is none. */
static void blocks_without_words_are_no_notices(void **state)
{
	static const char *const others[] = {
		"<p><span hidden>Correction: nothing.</span></p>",
		"<p><noscript>Correction: nothing.</noscript></p>",
		"<div>\xe2\x80\x8b</div>", "<p>&#1;</p>", "<p>&#xad;</p>",
		"<p><button>Correction: nothing.</button></p>",
		"<div>\xef\xbb\xbf</div>", "<p>&#x202e;</p>",
	};
	size_t i;

	for (i = 0; i < COUNT(others); i++)
		assert_int_equal(read_page(*state, others[i], others[i])
					 ->correction_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_told_wherever_they_stand),
		cmocka_unit_test(other_words_at_the_end_are_left_out),
		cmocka_unit_test(blocks_without_words_are_no_notices),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
