/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "arena_state.h"
#include "model.h"
#include "newswire/notice.h"

#include "../../gateway/post/post_private.h"

static const char *const notices[] = {
	"Correction: the bridge is in Hull.",
	"CORRECTION (5:45 p.m.): the bridge is in Hull.",
	"Correction, May 4, 2025: The bridge is in Hull.",
	"[Correction: the bridge is in Hull.]",
	"• Clarification — the bridge is open to walkers.",
	"An earlier version of this article said the bridge is in Goole.",
	"• This article was amended on 5 May 2025 to name the bridge.",
	"Editor's note: an earlier version misstated the toll.",
	"Editor’s Note: This story has been corrected.",
	"Korrektur: Die Brücke steht in Kiel.",
	"Korrektur vom 5. Mai: Die Brücke steht in Kiel.",
	"Richtigstellung: Die Brücke steht in Kiel.",
	"In einer früheren Version hieß es, die Brücke stehe in Bonn.",
	"Anmerkung der Redaktion: Der Name wurde korrigiert.",
	"Rectificatif : le pont est à Nantes.",
	"Une première version de cet article situait le pont à Brest.",
	"Corrección: el puente está en Cádiz.",
	"Fe de errores: el puente está en Cádiz.",
	"Rettifica: il ponte è a Pisa.",
	"Errata corrige. Il ponte è a Pisa.",
	"Correção: a ponte fica no Porto.",
	"Rectificatie: de brug ligt in Zwolle.",
	"In een eerdere versie stond dat de brug in Goes ligt.",
	"Rättelse: bron ligger i Luleå.",
	"Rettelse: Broen ligger i Aalborg.",
	"I en tidligere versjon stod det at broen er stengt.",
	"Oikaisu: silta on Oulussa.",
	"Sprostowanie: most jest w Gdyni.",
	"Oprava: most je v Plzni.",
	"Helyesbítés: a híd Győrben van.",
	"Düzeltme: Köprü İzmir'de.",
	"Виправлення: міст у Сумах.",
	"Уточнення. Міст у Сумах.",
	"У попередній версії йшлося про інший міст.",
	"Исправление: мост в Твери.",
	"В предыдущей версии речь шла о другом мосте.",
	"Διόρθωση: η γέφυρα είναι στον Βόλο.",
	"تصحيح: الجسر في طنجة.",
	"【訂正】橋は神戸にあります。",
	"訂正：橋は神戸にあります。",
	"更正：大桥在武汉。",
	"정정: 다리는 부산에 있다.",
	"Koreksi: jembatan itu ada di Medan.",
};

static const char *const others[] = {
	"",
	"Correction officers went on strike on Monday: they want more pay.",
	"Corrections were asked for.",
	"A clarification was sought from the ministry.",
	"Korrekturen am Plan verlangt die Stadt.",
	"Precision engineering is at risk.",
	"Note: bring a coat.",
	"Update: the road is open again.",
	"Editor's note: sign up for our letter.",
	"Errata the cat sat on the mat.",
	"Rättelsen kom sent.",
	"Поправка к закону принята в Киеве.",
	"Уточнення до бюджету ухвалили у вівторок, 5 травня.",
	"更正教会在北京。",
};

static void notices_are_known_in_many_languages(void **state)
{
	bool alone;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(notices); i++)
		if (!nw_notice_is(notices[i], &alone) || alone)
			fail_msg("no notice: %s", notices[i]);
	for (i = 0; i < COUNT(others); i++)
		if (nw_notice_is(others[i], &alone))
			fail_msg("a notice: %s", others[i]);
}

static void heading_and_what_it_heads_are_one(void **state)
{
	struct nw_story *story = model_text(*state, "T",
					    "News.\nClarification\n"
					    "The bridge is open.\nMore.");
	const char *text = NULL;

	assert_int_equal(nw_notice_at(*state, &story->body, 0, &text), 0);
	assert_int_equal(nw_notice_at(*state, &story->body, 1, &text), 2);
	assert_string_equal(text, "The bridge is open.");
	/* nothing below it */
	story->body.count = 2;
	assert_int_equal(nw_notice_at(*state, &story->body, 1, &text), 0);
}

static void long_text_is_no_notice(void **state)
{
	char text[2100] = "Correction: ";
	bool alone;

	(void)state;
	memset(text + 12, 'a', sizeof(text) - 13);
	assert_false(nw_notice_is(text, &alone));
	text[2000] = '\0';
	assert_true(nw_notice_is(text, &alone));
}

static void share_buttons_are_furniture(void **state)
{
	static const char *const yes[] = { "Share", "12 shares", "Tweet",
					   "Share this article", "ADVERTISEMENT",
					   "Anzeige", "Реклама", "広告",
					   "1,204 comments", "Facebook Twitter" };
	static const char *const no[] = { "", "Share prices fell",
					  "Twitter was sold", "12" };
	size_t i;

	for (i = 0; i < COUNT(yes); i++)
		if (!nw_post_is_furniture(*state, yes[i]))
			fail_msg("%s", yes[i]);
	for (i = 0; i < COUNT(no); i++)
		if (nw_post_is_furniture(*state, no[i]))
			fail_msg("%s", no[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notices_are_known_in_many_languages),
		cmocka_unit_test(heading_and_what_it_heads_are_one),
		cmocka_unit_test(long_text_is_no_notice),
		cmocka_unit_test(share_buttons_are_furniture),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
