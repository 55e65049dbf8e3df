/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "date_private.h"

#define HOUR 3600
#define HALF 1800

/*
 * RFC 5322 section 4.3 and the names that newsrooms use.  Where two zones
 * share a name, the one that more feeds mean: CST and MST are American, IST
 * is Indian, BST British.
 */
static const struct zone {
	char name[6];
	int offset_s;
	bool us_summer;
} zones[] = {
	{ "GMT", 0, false },
	{ "UTC", 0, false },
	{ "Z", 0, false },
	{ "UT", 0, false },
	{ "EST", -5 * HOUR, false },
	{ "EDT", -4 * HOUR, false },
	{ "ET", -5 * HOUR, true },
	{ "CST", -6 * HOUR, false },
	{ "CDT", -5 * HOUR, false },
	{ "CT", -6 * HOUR, true },
	{ "MST", -7 * HOUR, false },
	{ "MDT", -6 * HOUR, false },
	{ "MT", -7 * HOUR, true },
	{ "PST", -8 * HOUR, false },
	{ "PDT", -7 * HOUR, false },
	{ "PT", -8 * HOUR, true },
	{ "AKST", -9 * HOUR, false },
	{ "AKDT", -8 * HOUR, false },
	{ "HST", -10 * HOUR, false },
	{ "AST", -4 * HOUR, false },
	{ "ADT", -3 * HOUR, false },
	{ "NST", -4 * HOUR + HALF, false },
	{ "NDT", -3 * HOUR + HALF, false },
	{ "BRT", -3 * HOUR, false },
	{ "ART", -3 * HOUR, false },
	{ "WET", 0, false },
	{ "WEST", 1 * HOUR, false },
	{ "BST", 1 * HOUR, false },
	{ "CET", 1 * HOUR, false },
	{ "MEZ", 1 * HOUR, false },
	{ "CEST", 2 * HOUR, false },
	{ "MESZ", 2 * HOUR, false },
	{ "EET", 2 * HOUR, false },
	{ "EEST", 3 * HOUR, false },
	{ "MSK", 3 * HOUR, false },
	{ "TRT", 3 * HOUR, false },
	{ "WAT", 1 * HOUR, false },
	{ "CAT", 2 * HOUR, false },
	{ "SAST", 2 * HOUR, false },
	{ "EAT", 3 * HOUR, false },
	{ "IDT", 3 * HOUR, false },
	{ "IRST", 3 * HOUR + HALF, false },
	{ "GST", 4 * HOUR, false },
	{ "PKT", 5 * HOUR, false },
	{ "IST", 5 * HOUR + HALF, false },
	{ "WIB", 7 * HOUR, false },
	{ "ICT", 7 * HOUR, false },
	{ "HKT", 8 * HOUR, false },
	{ "SGT", 8 * HOUR, false },
	{ "PHT", 8 * HOUR, false },
	{ "AWST", 8 * HOUR, false },
	{ "JST", 9 * HOUR, false },
	{ "KST", 9 * HOUR, false },
	{ "ACST", 9 * HOUR + HALF, false },
	{ "ACDT", 10 * HOUR + HALF, false },
	{ "AEST", 10 * HOUR, false },
	{ "AEDT", 11 * HOUR, false },
	{ "NZST", 12 * HOUR, false },
	{ "NZDT", 13 * HOUR, false },
};

/* Each word between two spaces.  German, French, Spanish, Italian,
 * Portuguese, Dutch, Polish, Russian, Ukrainian, Greek, Hungarian,
 * Scandinavian; then Romanian, Turkish, Czech, Slovak, Slovenian, Croatian
 * (but for listopada, which is another month in Polish), Serbian, Bulgarian,
 * Finnish, Estonian, Catalan, Albanian, Indonesian, Malay, Arabic, Hebrew,
 * Hindi. */
static const char *const months[12] = {
	" jänner jän janvier janv enero ene gennaio gen janeiro januari "
	"styczeń stycznia sty январь января янв січень січня січ ιανουαριος "
	"ιανουαριου ιαν január "
	"ianuarie ocak ledna leden januára januarja siječnja januar јануар "
	"януари tammikuuta jaanuar gener janar يناير ינואר בינואר जनवरी ",
	" fév février févr fevrier febrero febbraio fev fevereiro februari "
	"luty lutego lut февраль февраля фев февр лютий лютого лют "
	"φεβρουαριος φεβρουαριου φεβ φεβρ február "
	"februarie şubat února únor februára februarja veljače фебруар "
	"февруари helmikuuta veebruar febrer shkurt فبراير פברואר בפברואר "
	"फरवरी फ़रवरी pebruari ",
	" märz maerz mär mrz mars marzo março marco maart mrt marzec marca "
	"март марта мар березень березня бер берез μαρτιος μαρτιου μαρ μαρτ "
	"március marcius márc marts "
	"martie března březen ožujka maret mac mart maaliskuuta märts març "
	"مارس מרץ במרץ मार्च ",
	" avr avril abr abril aprile kwiecień kwietnia kwi апрель апреля "
	"апр квітень квітня кві квіт απριλιος απριλιου απρ április aprilis "
	"ápr "
	"aprilie nisan dubna duben apríla aprila travnja април huhtikuuta "
	"prill أبريل ابريل אפריל באפריל अप्रैल ",
	" mai mayo maggio mag maio mei maj maja май мая травень травня тра "
	"трав μαιος μαιου μαι május majus máj "
	"mayıs května květen mája svibnja мај toukokuuta maig مايو מאי במאי "
	"मई ",
	" juni juin junio giugno giu junho czerwiec czerwca cze июнь июня "
	"июн червень червня чер черв ιουνιος ιουνιου ιουν június junius jún "
	"iunie haziran června červen júna junija lipnja јун юни kesäkuuta "
	"juuni juny qershor يونيو יוני ביוני जून ",
	" juli juillet juil julio luglio lug julho lipiec lipca lip июль "
	"июля июл липень липня лип ιουλιος ιουλιου ιουλ július julius júl "
	"iulie temmuz července červenec júla julija srpnja јул юли heinäkuuta "
	"juuli juliol korrik julai يوليو יולי ביולי जुलाई ",
	" août aout agosto ago augustus sierpień sierpnia sie август "
	"августа авг серпень серпня сер серп αυγουστος αυγουστου αυγ "
	"augusztus augusti "
	"ağustos srpna srpen avgusta avgust kolovoza elokuuta agost gusht "
	"agustus ogos أغسطس اغسطس אוגוסט באוגוסט अगस्त ",
	" septembre septiembre setiembre settembre set setembro wrzesień "
	"września wrz сентябрь сентября сен сент вересень вересня вер верес "
	"σεπτεμβριος σεπτεμβριου σεπ σεπτ szeptember szept szep "
	"septembrie eylül září septembra rujna septembar септембар септември "
	"syyskuuta setembre shtator سبتمبر ספטמבר בספטמבר सितंबर सितम्बर ",
	" oktober okt octobre octubre ottobre ott outubro out październik "
	"października paź паз октябрь октября окт жовтень жовтня жов жовт "
	"οκτωβριος οκτωβριου οκτ október "
	"octombrie ekim října říjen októbra oktobra oktobar октобар октомври "
	"lokakuuta oktoober tetor أكتوبر اكتوبر אוקטובר באוקטובר अक्टूबर ",
	" novembre noviembre novembro listopad listopada lis ноябрь ноября "
	"ноя нояб листопад листопада лис листоп νοεμβριος νοεμβριου νοε "
	"νοεμ "
	"noiembrie kasım listopadu novembra studenoga studenog novembar "
	"новембар ноември marraskuuta nëntor نوفمبر נובמבר בנובמבר नवंबर "
	"नवम्बर ",
	" dezember dez décembre decembre déc diciembre dic dicembre "
	"dezembro grudzień grudnia gru декабрь декабря дек грудень грудня "
	"гру груд δεκεμβριος δεκεμβριου δεκ desember des "
	"decembrie aralık prosince prosinec decembra prosinca decembar "
	"децембар декември joulukuuta detsember desembre dhjetor disember "
	"ديسمبر דצמבר בדצמבר दिसंबर दिसम्बर ",
};

/* What may stand in a date and says nothing: days of the week, then
 * prepositions, "year", "o'clock", endings of ordinals, what comes before a
 * date ("Published:"). */
static const char fillers[] =
	" weds montag mo dienstag di mittwoch mi donnerstag do freitag fr "
	"samstag sonnabend sa sonntag so lundi lun mardi mercredi mer jeudi "
	"jeu vendredi ven samedi sam dimanche dim lunes martes miércoles "
	"mié mie jueves jue viernes vie sábado sáb sab domingo dom lunedì "
	"lunedi martedì martedi mercoledì mercoledi giovedì giovedi gio "
	"venerdì venerdi sabato domenica segunda seg terça ter quarta qua "
	"quinta qui sexta sex feira maandag ma dinsdag woensdag wo "
	"donderdag vrijdag vr zaterdag za zondag zo poniedziałek pon pn "
	"wtorek wt środa śr czwartek czw piątek pt sobota sob niedziela nd "
	"ndz понедельник пн вторник вт среда ср четверг чт пятница пт "
	"суббота сб воскресенье вс понеділок вівторок середа четвер "
	"пʼятниця п’ятниця субота неділя нд δευτερα δευ τριτη τρι τεταρτη "
	"τετ πεμπτη πεμ παρασκευη παρ σαββατο σαβ κυριακη κυρ hétfő hét "
	"kedd szerda sze csütörtök csüt péntek pén szombat szo vasárnap vas "
	"星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 "
	"月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 "
	"월요일 화요일 수요일 목요일 금요일 토요일 일요일 "
	"mandag tirsdag onsdag torsdag fredag "
	"lørdag søndag måndag tisdag lördag söndag at on of the um uhr den "
	"der am à a le de del las la el às as alle ore om uur op dnia o "
	"godz godzina godzinie r roku г год года в во р рік року о об στις "
	"h hs hrs hours st rd th er º ª ° ος t vom kl published updated "
	"posted created modified last date publié mis jour veröffentlicht "
	"publiziert aktualisiert publicado actualizado atualizado "
	"pubblicato aggiornato gepubliceerd bijgewerkt opublikowano "
	"aktualizacja опубликовано обновлено опубліковано оновлено "
	"publicerad uppdaterad publisert oppdatert ";

static const char mornings[] = " am πμ 오전 上午 午前 ";
static const char evenings[] = " pm μμ 오후 下午 午後 ";

/* The same for English, whose names and their beginnings most feeds use. */
static const char english_months[12][10] = {
	"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december",
};
static const char english_days[7][10] = {
	"sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
	"saturday",
};

static bool is_in(const char *words, const char *word, size_t len)
{
	char spaced[DATE_WORD_BYTES + 3];

	spaced[0] = ' ';
	memcpy(spaced + 1, word, len);
	spaced[len + 1] = ' ';
	spaced[len + 2] = '\0';
	return strstr(words, spaced);
}

/* Which name begins with the word, from 1; 0: none. */
static int english(const char names[][10], int count, const char *word,
		   size_t len)
{
	int i;

	if (len < 3 || len >= sizeof(*names))
		return 0;
	for (i = 0; i < count; i++)
		if (names[i][0] == word[0] && !memcmp(names[i], word, len))
			return i + 1;
	return 0;
}

enum date_word date_word(const char *word, size_t len, int *month_r)
{
	int i;

	if (len > DATE_WORD_BYTES)
		return DATE_WORD_UNKNOWN;
	*month_r = english(english_months, 12, word, len);
	if (*month_r)
		return DATE_WORD_MONTH;
	if (english(english_days, 7, word, len))
		return DATE_WORD_FILLER;
	if (is_in(mornings, word, len))
		return DATE_WORD_AM;
	if (is_in(evenings, word, len))
		return DATE_WORD_PM;
	for (i = 0; i < 12; i++)
		if (is_in(months[i], word, len)) {
			*month_r = i + 1;
			return DATE_WORD_MONTH;
		}
	return is_in(fillers, word, len) ? DATE_WORD_FILLER
					 : DATE_WORD_UNKNOWN;
}

bool date_zone(const char *name, size_t len, struct date_parts *parts)
{
	size_t i;

	for (i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
		if (strlen(zones[i].name) != len ||
		    memcmp(zones[i].name, name, len) != 0)
			continue;
		if (!parts->has_zone) {
			parts->offset_s = zones[i].offset_s;
			parts->us_summer = zones[i].us_summer;
			parts->has_zone = true;
		}
		return true;
	}
	return false;
}
